//! Recordings of what lines say: which there have to be, and what their files are called.

mod check;
mod drift;
mod file;
pub mod measure;
pub mod name;
mod placeholder;
mod recording;
mod state;
pub mod tune;
pub mod wav;

pub use check::check;
pub use check::shared;
pub use placeholder::Placeholder;
pub use recording::Recording;
pub use recording::Script;
pub use state::State;

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

/// The recordings of a line that names their folder, where that is there: without one, nobody has
/// begun to record, and bridges let a program speak.
pub(super) fn recorded(plan: &Dialplan, trace: &Trace, line: &Path) -> Option<Script> {
    trace.audio.first()?.as_ref()?;
    // Clashes of names are reported by the compiler.
    let out = &mut Diagnostics::default();
    let script = Collector { plan, trace, out }.script(line);
    script.folder.is_dir().then_some(script)
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
