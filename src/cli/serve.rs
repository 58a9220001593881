//! `strowger serve`: takes real calls.

use super::Exit;
use super::asterisk::Asterisk;
use super::bounds::number;
use super::bounds::whole;
use super::output;
use crate::daemon::clock::wall_ms;
use crate::daemon::journal::Journal;
use crate::daemon::journal::Position;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::sqlite::SqliteJournal;
use crate::daemon::log;
use crate::daemon::menus::Menus;
use crate::daemon::recover::Found;
use crate::daemon::recover::Opening;
use crate::daemon::serve::ServeError;
use crate::daemon::serve::Settings;
use crate::daemon::serve::serve;
use crate::daemon::signals;
use crate::daemon::token::Token;
use crate::daemon::vault::SecretKey;
use crate::daemon::vault::Vault;
use crate::exchange::time::Span;
use crate::measure::worth::AGENT_HOUR_MAX;
use crate::measure::worth::CURRENCY_CHARS_MAX;
use crate::measure::worth::Costs;
use crate::menu::Request;
use crate::menu::compile;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use clap::Args;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The line files; a line is called after its file.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where the journal lies: calls in progress, call records, messages.
    #[arg(long, value_name = "DIR", env = "STROWGER_DATA")]
    data: PathBuf,
    /// Where the API and bridges over WebSocket are served.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4747", value_parser = address)]
    listen: SocketAddr,
    /// Where bridges speak JSON lines over TCP; nowhere unless set.
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    lines: Option<SocketAddr>,
    #[command(flatten)]
    asterisk: Asterisk,
    /// A file with the token that bridges and the API must show; needed to listen beyond this
    /// machine.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A file with the key that seals secret digits in the journal: 64 hexadecimal digits. Without
    /// it callers enter them again after a crash.
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<PathBuf>,
    /// Lets go of no entry of the journal, so that all that happened can be replayed from the
    /// beginning. The journal then grows for ever.
    #[arg(long)]
    keep_log: bool,
    /// What an hour of an agent costs: the time that answers save is told in money, too.
    #[arg(long, value_name = "SUM", requires = "currency", value_parser = number(0.0..=AGENT_HOUR_MAX))]
    agent_hour: Option<f64>,
    /// In which currency: USD.
    #[arg(long, value_name = "NAME", requires = "agent_hour", value_parser = currency)]
    currency: Option<String>,
    /// How long calls wait for a bridge that is gone, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "60",
          value_parser = whole(1..=3600_u64))]
    bridge_wait: u64,
    /// How long calls in progress may go on after a request to stop, in seconds. Whatever is left
    /// goes on when the daemon is started again.
    #[arg(long, value_name = "SECONDS", default_value = "0",
          value_parser = whole(0..=86_400_u64))]
    drain: u64,
}

impl Serve {
    pub(super) fn run(&self) -> Exit {
        if let Err(error) = signals::outlive() {
            return failed(&ServeError::System(error));
        }
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let request = Request::today(self.files.clone());
        let plan = compile(&request, &mut sources, &mut problems);
        log::write(&problems.render(&sources, output::colour(&io::stderr())));
        // After a crash in the middle of an edit, callers are served what they were served before it.
        if plan.is_none() && !SqliteJournal::lies_in(&self.data) {
            return output::exit_of(&problems);
        }
        let opening = self.vault().map(|vault| Opening {
            menus: plan.map(|plan| Menus::new(plan, &sources)),
            vault,
            patience: Span::seconds(self.bridge_wait),
            wall_ms: wall_ms(),
        });
        match opening.and_then(|opening| Ok((opening, self.settings()?))) {
            Ok((opening, settings)) => self.serve(opening, settings, &problems),
            Err(problem) => {
                log::write(&format!("error: {problem}\n"));
                Exit::Unreadable
            }
        }
    }

    fn serve(&self, opening: Opening, settings: Settings, problems: &Diagnostics) -> Exit {
        let journal = match SqliteJournal::open(&self.data) {
            Ok(journal) if self.keep_log => journal.keeping_log(),
            Ok(journal) => journal,
            Err(error) => return failed(&ServeError::Journal(error)),
        };
        // A first start that was cut short has left a journal in which nothing has happened: this is the first one still.
        if opening.menus.is_none() && journal.end() == Position::START {
            return output::exit_of(problems);
        }
        let sealed = opening.vault.is_some();
        match serve(
            Box::new(journal),
            opening,
            settings,
            |found, http, lines| {
                self.say_hello(found, sealed, http, lines);
            },
        ) {
            Ok(()) => Exit::Fine,
            Err(error) => failed(&error),
        }
    }

    fn say_hello(&self, found: &Found, sealed: bool, http: SocketAddr, lines: Option<SocketAddr>) {
        let data = self.data.display();
        log::say(format_args!(
            "menus version {}, journal in {data}, {}",
            found.version,
            calls_of(found)
        ));
        if let Some(leap) = &found.leap {
            log::say(leap);
        }
        if let Some(why) = &found.passed_over {
            log::say(format_args!("the menus given are not taken up: {why}"));
        }
        if !sealed {
            log::say("no --secret-key-file: callers enter secret digits again after a crash");
        }
        if found.unopened > 0 {
            log::say(format_args!(
                "the secret key is another than before: callers enter their digits again; entries that it does not \
                 open: {}",
                found.unopened
            ));
        }
        if found.calls_back && self.asterisk.dials_nobody() {
            log::say(
                "--ari without --ari-dial: Asterisk calls nobody back, and without another bridge that does no \
                 call back is promised",
            );
        }
        if let Some(lines) = lines {
            log::say(format_args!("bridges speak JSON lines on {lines}"));
        }
        log::say(format_args!("listening on http://{http}"));
    }

    fn vault(&self) -> Result<Option<Vault>, String> {
        let Some(path) = &self.secret_key_file else {
            return Ok(None);
        };
        let key = SecretKey::read(path).map_err(|error| error.to_string())?;
        Ok(Some(Vault::new(key)))
    }

    fn costs(&self) -> Option<Costs> {
        let (agent_hour, currency) = self.agent_hour.zip(self.currency.clone())?;
        Some(Costs {
            agent_hour,
            currency,
        })
    }

    fn settings(&self) -> Result<Settings, String> {
        let token = self.token_file.as_deref().map(|path| {
            let wrong = |error| format!("--token-file {}: {error}", path.display());
            Token::read(path).map_err(wrong)
        });
        Ok(Settings {
            listen: self.listen,
            lines: self.lines,
            ari: self.asterisk.settings(),
            token: token.transpose()?,
            costs: self.costs(),
            drain: Duration::from_secs(self.drain),
        })
    }
}

/// What goes on: `2 calls in progress, 1 call back promised`.
fn calls_of(found: &Found) -> String {
    let count = |number: usize, what: &str| match number {
        1 => format!("1 call {what}"),
        number => format!("{number} calls {what}"),
    };
    let calls = count(found.calls, "in progress");
    match found.promised {
        0 => calls,
        promised => format!("{calls}, {}", count(promised, "back promised")),
    }
}

fn currency(written: &str) -> Result<String, String> {
    match Costs::can_be_printed(written) {
        true => Ok(written.to_owned()),
        false => Err(format!("1 to {CURRENCY_CHARS_MAX} characters, such as EUR")),
    }
}

fn address(written: &str) -> Result<SocketAddr, String> {
    let example = "write an IP address and a port, such as 127.0.0.1:4747";
    written.parse().map_err(|_| example.to_owned())
}

fn failed(error: &ServeError) -> Exit {
    log::write(&format!("error: {error}\n"));
    match error {
        ServeError::Open(_) => Exit::Usage,
        ServeError::Journal(JournalError::Io(_) | JournalError::Full | JournalError::Gone(_)) => {
            Exit::WriteFailed
        }
        _ => Exit::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_back_that_are_promised_are_no_calls_in_progress() {
        let said = |calls, promised| {
            calls_of(&Found {
                calls,
                promised,
                ..Found::default()
            })
        };
        assert_eq!(said(0, 0), "0 calls in progress");
        assert_eq!(said(1, 1), "1 call in progress, 1 call back promised");
        assert_eq!(said(2, 3), "2 calls in progress, 3 calls back promised");
    }
}
