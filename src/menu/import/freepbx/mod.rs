//! FreePBX: the contexts `ivr-N` that it generates, or the tables of which it generates them, as CSV or as
//! a dump: what callers hear then follows from one reader.

pub(super) mod destination;
mod ivr;
mod passing;
mod places;
mod routes;
mod scan;
mod sql;
mod tables;
mod writer;

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::source::FileId;
use super::super::source::Sources;
use super::Request;
use super::asterisk;
use super::asterisk::dialplan::Dialplan;
use super::asterisk::dialplan::Position;
use super::asterisk::queues::Queues;
use super::draft::Draft;
use tables::Tables;

/// Reads tables, or a generated dialplan, and follows the calls of one IVR through it.
pub(super) fn read(
    request: &Request,
    files: &[FileId],
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<Draft> {
    let mut draft = Draft {
        language: "en".to_owned(),
        ..Draft::default()
    };
    let is_table = |file: &&FileId| tables::is_table(&sources.get(**file).text);
    let (kept, others): (Vec<FileId>, Vec<FileId>) = files.iter().partition(|file| is_table(file));
    let mut tables = Tables::default();
    for file in kept {
        tables.read(file, &sources.get(file).text, out);
    }
    let (mut plan, mut queues) = match others.is_empty() {
        true => (Dialplan::default(), Queues::default()),
        false => asterisk::gather(&others, sources, out, &mut draft)?,
    };
    tables.write_ivrs(&mut plan, &mut draft, out);
    tables.write_places(&mut plan, &mut queues, &mut draft);
    tables.write_passing(&mut plan);
    if out.has_errors() {
        return None;
    }
    let start = match &request.start {
        Some(_) => asterisk::start(request, &plan, out)?,
        None => {
            let start = tables.inbound(&plan, &mut draft);
            let Some(start) = start.or_else(|| first(&plan)) else {
                out.push(nothing(files));
                return None;
            };
            start
        }
    };
    let titled = first(&plan).filter(|_| !draft.numbers.is_empty());
    let titled = titled.and_then(|ivr| tables.title(&ivr.context));
    let title = tables.title(&start.context).or(titled);
    draft.title = title.unwrap_or_else(|| start.context.clone());
    asterisk::lower(
        start,
        &plan,
        &queues,
        asterisk::Dialect::FreePbx,
        &mut draft,
    );
    Some(draft)
}

/// The IVR in which calls begin: the first to which no other leads.
fn first(plan: &Dialplan) -> Option<Position> {
    let is_ivr = |name: &str| {
        name.strip_prefix("ivr-")
            .is_some_and(|id| id.parse::<u64>().is_ok())
    };
    let ivrs: Vec<&str> = plan
        .contexts
        .iter()
        .map(|context| context.name.as_str())
        .collect();
    let mut ivrs = ivrs.into_iter().filter(|name| is_ivr(name));
    let led_to = |name: &str| {
        let goto = format!("{name},s,1");
        let others = plan.contexts.iter().filter(|context| context.name != name);
        let mut lines = others
            .flat_map(|context| &context.extensions)
            .flat_map(|extension| extension.lines.values());
        lines.any(|line| line.arguments.contains(&goto))
    };
    let all: Vec<&str> = ivrs.by_ref().collect();
    let context = all.iter().find(|name| !led_to(name)).or(all.first())?;
    Some(Position {
        context: (*context).to_owned(),
        extension: "s".to_owned(),
        priority: 1,
    })
}

fn nothing(files: &[FileId]) -> Diagnostic {
    let place = Place {
        file: files.first().copied().unwrap_or(FileId(0)),
        span: 0..0,
    };
    let message = "there is no [ivr-N] here, and no table of IVRs";
    Diagnostic::error("nothing-to-import", place, message).help(
        "name extensions_additional.conf, a dump (mysqldump asterisk), or the tables ivr_details and \
         ivr_entries as CSV with their column names in the first row",
    )
}
