//! Dialplans from text, and dates as Unix time.

use jiff::civil::DateTime;
use std::path::Path;
use std::path::PathBuf;
use strowger::exchange::dialplan::Dialplan;
use strowger::menu::Request;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

/// Compiles files given by name and text. `groups.toml` and its like are read where a line names
/// them, all others are lines. Panics with all problems if there is an error.
pub(crate) fn plan_of(files: &[(&str, &str)]) -> Dialplan {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    let mut request = Request::default();
    for (name, text) in files {
        sources.add(Path::new(name), (*text).to_owned());
        if !name.ends_with("groups.toml") {
            request.lines.push(PathBuf::from(name));
        }
    }
    compile(&request, &mut sources, &mut problems)
        .unwrap_or_else(|| panic!("{}", problems.render(&sources, false)))
}

/// Compiles a line that ships with the product.
pub(crate) fn shipped(path: &str) -> Dialplan {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    let request = Request {
        lines: vec![path.into()],
        ..Request::default()
    };
    compile(&request, &mut sources, &mut problems)
        .unwrap_or_else(|| panic!("{}", problems.render(&sources, false)))
}

/// Unix time in milliseconds of a moment in UTC, `2026-11-23T09:00`.
pub(crate) fn unix_ms(moment: &str) -> i64 {
    let moment: DateTime = moment.parse().expect("a moment, 2026-11-23T09:00");
    let zoned = moment.in_tz("UTC").expect("UTC has all moments");
    zoned.timestamp().as_millisecond()
}
