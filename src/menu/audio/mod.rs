//! Recordings of what lines say: which there have to be, and what their files are called.

pub mod name;
mod recording;

pub use recording::Recording;
pub use recording::Script;

use super::compile::Request;
use super::compile::compile_traced;
use super::diagnostic::Diagnostics;
use super::lower::Trace;
use super::source::Sources;
use crate::exchange::dialplan::Dialplan;
use recording::Collector;
use std::path::Path;
use std::path::PathBuf;

/// Reports names of recordings that would have to say two things, where a line has recordings.
pub(super) fn clashes(plan: &Dialplan, trace: &Trace, out: &mut Diagnostics) {
    // Of several lines nobody knows which of them says what.
    if let ([_], [Some(_)]) = (&plan.lines[..], &trace.audio[..])
        && !out.has_errors()
    {
        Collector { plan, trace, out }.script(Path::new(""));
    }
}

/// What is to be recorded for each of these lines; none when one of them has errors.
pub fn scripts(
    lines: &[PathBuf],
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Script>> {
    let mut scripts = Vec::new();
    for line in lines {
        let request = Request {
            lines: vec![line.clone()],
            ..Request::default()
        };
        let mut found = Diagnostics::default();
        if let Some((plan, trace)) = compile_traced(&request, sources, &mut found) {
            let mut collector = Collector {
                plan: &plan,
                trace: &trace,
                out: diagnostics,
            };
            scripts.push(collector.script(line));
        } else {
            diagnostics.append_new(found);
        }
    }
    (scripts.len() == lines.len()).then_some(scripts)
}
