//! Problems as workflow commands, which GitHub shows beside the lines of a change.
//!
//! `::error file=…,line=…,col=…,endColumn=…,title=…::…`, as GitHub's documentation of workflow
//! commands and `actions/toolkit` (`command.ts`) have it.

use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Severity;
use crate::menu::source::Sources;

/// One command a line.
pub(super) fn commands(problems: &Diagnostics, sources: &Sources) -> String {
    let each = problems.sorted().into_iter();
    each.map(|problem| command(problem, sources)).collect()
}

fn command(problem: &Diagnostic, sources: &Sources) -> String {
    let name = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties: Vec<(&str, String)> = Vec::new();
    if let Some(place) = &problem.place {
        let path = sources.get(place.file).path.to_string_lossy();
        let (line, column) = sources.position_utf16(place.file, place.span.start);
        let (end_line, end_column) = sources.position_utf16(place.file, place.span.end);
        properties.push(("file", path.replace('\\', "/")));
        properties.push(("line", line.to_string()));
        if end_line > line {
            // GitHub refuses columns of a range over several lines.
            properties.push(("endLine", end_line.to_string()));
        } else {
            properties.push(("col", column.to_string()));
            properties.push(("endColumn", end_column.to_string()));
        }
    }
    properties.push(("title", problem.code.to_owned()));
    let properties: Vec<String> = properties
        .into_iter()
        .map(|(name, value)| format!("{name}={}", property(&value)))
        .collect();
    let mut message = problem.message.clone();
    if let Some(help) = &problem.help {
        message = format!("{message}\nhelp: {help}");
    }
    format!("::{name} {}::{}\n", properties.join(","), data(&message))
}

fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::diagnostic::Place;
    use std::path::Path;

    #[test]
    fn what_would_end_a_part_of_a_command_is_escaped() {
        let mut sources = Sources::default();
        let file = sources.add(Path::new("a,b:c.toml"), "é📞 = 1\nx = 2\n".to_owned());
        let mut problems = Diagnostics::default();
        let place = |span| Place { file, span };
        problems
            .push(Diagnostic::warning("one", place(9..10), "100 %, that is: all\r").help("a :: b"));
        problems.push(Diagnostic::info("two", place(9..14), "two lines"));
        problems.push(Diagnostic::new("three", Severity::Error, None, "nowhere"));
        assert_eq!(
            commands(&problems, &sources),
            "::error title=three::nowhere\n\
             ::warning file=a%2Cb%3Ac.toml,line=1,col=7,endColumn=8,title=one\
             ::100 %25, that is: all%0D%0Ahelp: a :: b\n\
             ::notice file=a%2Cb%3Ac.toml,line=1,endLine=2,title=two::two lines\n"
        );
    }
}
