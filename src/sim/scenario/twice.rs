//! Tables that mean the same step, whose names are told apart only by the line before one of them.

use super::keys;
use super::lookup;
use super::names::Names;
use super::names::is_queue;
use super::outbound;
use super::survey;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;

/// Which steps are meant.
type OfKind = fn(&StepKind) -> bool;

/// The tables of a scenario that are called after steps, and what may stand before their names.
const OF_STEPS: [(&str, &str, OfKind); 6] = [
    ("keys", "", keys::asks),
    ("transfers", "", is_queue),
    ("outbound", "", outbound::is_asked),
    ("lookup", "", lookup::is_lookup),
    ("survey", "", survey::is_survey),
    ("goals", "queue.", is_queue),
];

/// Reports every second one: of two, one would be passed over.
pub(super) fn check(root: &mut Fields<'_>, names: Names<'_>) {
    for (section, before, kind) in OF_STEPS {
        let table = root.entries().iter().find(|at| at.key.text == section);
        let Some(Data::Table(table)) = table.map(|at| &at.value.data) else {
            continue;
        };
        let mut known: Vec<(StepId, &Name)> = Vec::new();
        for key in table.entries.iter().map(|entry| &entry.key) {
            let name = key.text.strip_prefix(before);
            let Some(step) = name.and_then(|name| names.step(name, kind)) else {
                continue;
            };
            let Some((_, first)) = known.iter().find(|(other, _)| *other == step) else {
                known.push((step, key));
                continue;
            };
            let message = format!("\"{}\" and \"{}\" are the same", first.text, key.text);
            let error = Diagnostic::error("duplicate-key", key.place.clone(), message);
            let error = error
                .label("here again")
                .related(first.place.clone(), "first here");
            root.push(error.help("put into one table what is said of it"));
        }
    }
}
