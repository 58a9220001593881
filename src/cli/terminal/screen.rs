//! The terminal, taken for a while and always given back.

use super::Size;
use crossterm::QueueableCommand;
use crossterm::cursor::Hide;
use crossterm::cursor::MoveTo;
use crossterm::cursor::Show;
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal;
use crossterm::terminal::BeginSynchronizedUpdate;
use crossterm::terminal::Clear;
use crossterm::terminal::ClearType;
use crossterm::terminal::EndSynchronizedUpdate;
use crossterm::terminal::EnterAlternateScreen;
use crossterm::terminal::LeaveAlternateScreen;
use std::io;
use std::io::Write;
use std::panic;

/// The whole terminal. Dropping it gives it back, and so does a panic.
pub(in crate::cli) struct Screen {
    shown: Vec<String>,
}

impl Screen {
    pub(in crate::cli) fn take() -> io::Result<Self> {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |bug| {
            give_back();
            report(bug);
        }));
        terminal::enable_raw_mode()?;
        let screen = Self { shown: Vec::new() };
        execute!(io::stdout(), EnterAlternateScreen, Hide)?;
        Ok(screen)
    }

    pub(in crate::cli) fn size() -> Size {
        let (columns, rows) = terminal::size().unwrap_or((80, 24));
        Size {
            columns: usize::from(columns),
            rows: usize::from(rows),
        }
    }

    /// Forgets what is shown: the terminal has changed.
    pub(in crate::cli) fn forget(&mut self) {
        self.shown.clear();
    }

    /// Shows these lines; those that are shown already are left alone.
    pub(in crate::cli) fn show(&mut self, lines: Vec<String>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.queue(BeginSynchronizedUpdate)?;
        if self.shown.is_empty() {
            out.queue(Clear(ClearType::All))?;
        }
        for (row, line) in lines.iter().enumerate() {
            if self.shown.get(row) != Some(line) {
                out.queue(MoveTo(0, row as u16))?
                    .queue(Clear(ClearType::CurrentLine))?
                    .queue(Print(line))?;
            }
        }
        if lines.len() < self.shown.len() {
            out.queue(MoveTo(0, lines.len() as u16))?
                .queue(Clear(ClearType::FromCursorDown))?;
        }
        out.queue(EndSynchronizedUpdate)?;
        self.shown = lines;
        out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Best effort: a terminal that is gone wants nothing back.
fn give_back() {
    drop(execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        Show,
        LeaveAlternateScreen
    ));
    drop(terminal::disable_raw_mode());
}
