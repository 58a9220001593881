//! Where output goes, and how it looks there.

use super::Exit;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Severity;
use crate::menu::source::Sources;
use crate::report::style::Style;
use crossterm::terminal;
use std::env;
use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::process;

/// Columns of what is not shown on a terminal, and the most that a text to be read has.
const COLUMNS: usize = 100;
/// The fewest of one.
const COLUMNS_MIN: usize = 60;

/// What stdout can show of a text to be read.
pub(super) fn style() -> Style {
    Style {
        width: columns().clamp(COLUMNS_MIN, COLUMNS),
        colour: colour(&io::stdout()),
        unicode: unicode(),
    }
}

/// The columns to print on: those of `COLUMNS`, of the terminal, or as many as a file has.
pub(super) fn columns() -> usize {
    let set = env::var("COLUMNS").ok().and_then(|set| set.parse().ok());
    let terminal = || {
        let size = terminal::size().ok()?;
        io::stdout().is_terminal().then_some(usize::from(size.0))
    };
    set.or_else(terminal).unwrap_or(COLUMNS)
}

/// Whether to use colour on a stream: on a terminal, unless `NO_COLOR` is set or it is a dumb one.
pub(super) fn colour(stream: &impl IsTerminal) -> bool {
    let forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let forced = env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
    forced || (stream.is_terminal() && !forbidden && !dumb)
}

/// Whether the locale writes UTF-8.
pub(super) fn unicode() -> bool {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    // As setlocale(3) looks: the first that is set decides.
    let locale = set("LC_ALL")
        .or_else(|| set("LC_CTYPE"))
        .or_else(|| set("LANG"));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Writes to stdout.
pub(super) fn print(text: &str) {
    written(io::stdout().write_all(text.as_bytes()));
}

/// What came of writing to stdout. A reader who has had enough (`| head`) is no error; a disk that is full
/// ends the program, for nothing that it could still do is of use.
pub(super) fn written(outcome: io::Result<()>) {
    let outcome = outcome.and_then(|()| io::stdout().flush());
    if let Err(error) = outcome
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        eprintln!("error: cannot write the output: {error}");
        process::exit(i32::from(Exit::WriteFailed as u8));
    }
}

/// Shows problems on stderr and how many there are; the exit code they stand for.
pub(super) fn report(problems: &Diagnostics, sources: &Sources) -> Exit {
    eprint!("{}", problems.render(sources, colour(&io::stderr())));
    exit_of(problems)
}

/// Prints problems for programs, on stdout; the exit code they stand for.
pub(super) fn print_findings(problems: &Diagnostics, sources: &Sources) -> Exit {
    let list = problems.to_json(sources);
    let json = serde_json::to_string_pretty(&list).expect("diagnostics are plain data");
    print(&format!("{json}\n"));
    exit_of(problems)
}

/// The exit code that problems stand for.
pub(super) fn exit_of(problems: &Diagnostics) -> Exit {
    let unreadable = problems
        .sorted()
        .iter()
        .any(|problem| problem.code == "unreadable");
    match (problems.has_errors(), unreadable) {
        (false, _) => Exit::Fine,
        (true, true) => Exit::Unreadable,
        (true, false) => Exit::Findings,
    }
}

/// How many problems there are of each kind: `1 error, 2 warnings`; none where there are none.
pub(super) fn counts(problems: &Diagnostics) -> Option<String> {
    let sorted = problems.sorted();
    let parts: Vec<String> = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "remark"),
    ]
    .into_iter()
    .filter_map(|(severity, what)| {
        let count = sorted
            .iter()
            .filter(|problem| problem.severity == severity)
            .count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {what}{plural}"))
    })
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
