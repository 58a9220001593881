//! How callers find their way.

use super::arrivals::Arrivals;
use super::callers::Callers;
use super::check::Check;
use super::keys;
use super::keys::KeyShares;
use super::want;
use super::want::Want;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::menu::fields::Fields;

/// How callers find their way.
#[derive(Clone, Debug, PartialEq)]
pub enum Behaviour {
    /// They want something and look for it.
    Wants(Vec<Want>),
    /// They press keys by shares.
    Keys(Vec<KeyShares>),
    /// The line asks them nothing: it begins in a queue.
    Straight,
}

impl Behaviour {
    /// What those want whose want is at this place.
    pub(super) fn want(&self, place: u16) -> Option<&Want> {
        match self {
            Self::Wants(wants) => wants.get(usize::from(place)),
            Self::Keys(_) | Self::Straight => None,
        }
    }
}

/// Reads `[wants.*]` or `[keys.*]`; the arrivals, where they could be read, may say who wants what.
pub(super) fn read(
    root: &mut Fields<'_>,
    callers: &Callers,
    arrivals: Option<&Arrivals>,
    check: &mut Check<'_>,
) -> Option<Behaviour> {
    let (wants, keys) = (root.named("wants"), root.named("keys"));
    match (wants, keys) {
        (Some(_), Some(_)) => {
            let place = super::check::key_place(root, "keys");
            let message = "`[wants.*]` and `[keys.*]` exclude each other";
            root.bad_value(place, message, "leave one of them out");
            None
        }
        (Some(wants), None) => {
            let wants = want::read(wants, root, (callers, arrivals), check);
            Some(Behaviour::Wants(wants))
        }
        (None, Some(menus)) => Some(Behaviour::Keys(keys::read(menus, check))),
        (None, None) if asks_nothing(check.names.dialplan) => Some(Behaviour::Straight),
        (None, None) => {
            let help = "say what they want, `[wants.NAME]`, or what they press, `[keys.MENU]`";
            root.missing("wants", help);
            None
        }
    }
}

/// Whether every line begins in a queue.
fn asks_nothing(dialplan: &Dialplan) -> bool {
    dialplan
        .lines
        .iter()
        .all(|line| matches!(dialplan.step(line.start).kind, StepKind::Queue(_)))
}
