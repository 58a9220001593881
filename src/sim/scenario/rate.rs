//! `[demand]`: calls per hour of a steady state, of whole lines or of each kind of callers.

use super::check::Check;
use super::names::Names;
use crate::exchange::id::LineId;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::sim::demand::Kind;
use crate::sim::forecast::CALLS_MAX;

const KEY: &str = "calls_per_hour";

/// So many calls an hour.
pub(super) struct Rate {
    pub(super) line: LineId,
    /// Of callers who want this; of all of the line, if none.
    pub(super) kind: Option<Kind>,
    pub(super) calls_per_hour: f64,
}

/// The rates of all lines; each says one, or one for each want, and all in the same way. None at all
/// when anything is wrong.
pub(super) fn read_all(lines: Vec<(&Name, Fields<'_>)>, check: &mut Check<'_>) -> Vec<Rate> {
    let mut rates: Vec<Rate> = Vec::new();
    let mut fine = true;
    for (name, mut table) in lines {
        table.require(KEY, "add `calls_per_hour = 120.0`");
        let is_by_kind = matches!(
            table.value(KEY).map(|value| &value.data),
            Some(Data::Table(_))
        );
        let own = match is_by_kind {
            true => by_kind(&mut table, check.names),
            false => table
                .number(KEY, 0.0..=CALLS_MAX)
                .map(|rate| vec![(None, rate)]),
        };
        let is_mixed = rates.iter().any(|rate| rate.kind.is_some() != is_by_kind);
        if is_mixed && let Some(place) = table.key_place(KEY) {
            let message = "one line gives its calls by want, and another does not";
            table.bad_value(
                place,
                message,
                "give the calls of all lines in the same way",
            );
        }
        let line = check.names.line(&name.text);
        fine &= own.is_some() && line.is_some() && !is_mixed;
        match line {
            Some(line) => rates.extend(own.into_iter().flatten().map(|(kind, rate)| Rate {
                line,
                kind,
                calls_per_hour: rate,
            })),
            None => table.push(unknown_line(name, check.names)),
        }
        table.finish(check.out);
    }
    if !fine {
        rates.clear();
    }
    rates
}

/// `{ tracking = 40.0, help = 60.0 }`; None when anything is wrong.
fn by_kind(line: &mut Fields<'_>, names: Names<'_>) -> Option<Vec<(Option<Kind>, f64)>> {
    let mut table = line.inner(KEY)?;
    if !names.has_wants() {
        let message = "callers of this scenario have no wants";
        let help = "write one number, or say what callers want: `[wants.NAME]`";
        line.bad_value(table.place(), message, help);
        return None;
    }
    if table.entries().is_empty() {
        let help = "one number, or one for each want: `{ tracking = 40.0, help = 60.0 }`";
        line.bad_value(table.place(), format!("`{KEY}` is empty"), help);
        return None;
    }
    let mut rates = Vec::new();
    for entry in table.entries() {
        let rate = table.number(&entry.key.text, 0.0..=CALLS_MAX);
        let kind = names.want(&entry.key.text);
        if kind.is_none() {
            table.push(unknown_want(&entry.key, names));
        }
        rates.extend(kind.zip(rate).map(|(kind, rate)| (Some(kind), rate)));
    }
    let fine = rates.len() == table.entries().len();
    line.absorb(table);
    fine.then_some(rates)
}

fn unknown_want(name: &Name, names: Names<'_>) -> Diagnostic {
    let message = format!("no want is called \"{}\"", name.text);
    Diagnostic::error("unknown-want", name.place.clone(), message)
        .suggest(&name.text, names.wants())
}

fn unknown_line(name: &Name, names: Names<'_>) -> Diagnostic {
    let message = format!("no line is called \"{}\"", name.text);
    Diagnostic::error("unknown-line", name.place.clone(), message)
        .suggest(&name.text, names.lines())
}
