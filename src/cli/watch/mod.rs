//! `strowger watch`: the wallboard of a daemon in the terminal.

mod board;
mod feed;
mod live;
#[cfg(test)]
mod tests;

use super::Exit;
use super::Format;
use super::output;
use super::terminal::Size;
use super::terminal::can_draw;
use super::terminal::clean;
use crate::daemon::token::Token;
use crate::daemon::wallboard::Wallboard;
use board::Contact;
use clap::Args;
use feed::Source;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Watch {
    /// Where the daemon's API is served.
    #[arg(value_name = "ADDRESS", default_value = "127.0.0.1:4747")]
    address: String,
    /// A file with the token, where the daemon asks for one.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Print the wallboard as it is now and end.
    #[arg(long)]
    once: bool,
    /// How to print it.
    #[arg(long, value_enum, default_value = "human", requires = "once")]
    format: Format,
}

impl Watch {
    pub(super) fn run(&self) -> Exit {
        if !self.once
            && let Err(why) = can_draw("a live wallboard")
        {
            eprintln!("error: {why}: use --once to print the wallboard once");
            return Exit::Usage;
        }
        match self.watch() {
            Ok(()) => Exit::Fine,
            Err(problem) => {
                eprintln!("error: {}", clean(&problem, true));
                Exit::Unreadable
            }
        }
    }

    fn watch(&self) -> Result<(), String> {
        let source = Source::new(&self.address, self.token()?.as_ref())?;
        if self.once {
            let board = feed::first(&source)?;
            output::print(&self.print(&board));
            return Ok(());
        }
        live::show(source, output::style())
    }

    fn print(&self, board: &Wallboard) -> String {
        if self.format == Format::Json {
            let json = serde_json::to_string_pretty(board).expect("a wallboard is plain data");
            return json + "\n";
        }
        let size = Size {
            columns: output::columns(),
            rows: usize::MAX,
        };
        let lines = board::draw(Some(board), &Contact::Once, output::style(), size);
        lines.join("\n") + "\n"
    }

    fn token(&self) -> Result<Option<Token>, String> {
        let token = self
            .token_file
            .as_deref()
            .map(|path| Token::read(path).map_err(|error| format!("{}: {error}", path.display())));
        token.transpose()
    }
}
