//! The lines by their numbers: every call looks for one.

use crate::exchange::dialplan::Dialling;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use std::collections::BTreeMap;

/// Which line a number leads to. Made of a plan, anew with each.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    as_written: BTreeMap<String, LineId>,
    /// By the rules of their lines, as they are dialled; none where several lines have one.
    as_dialled: Vec<(Dialling, BTreeMap<String, Option<LineId>>)>,
}

impl Numbers {
    /// Those of the lines that take calls.
    pub(super) fn of(plan: &Dialplan) -> Self {
        let mut numbers = Self::default();
        let lines = (0..).map(LineId).zip(&plan.lines);
        for (id, line) in lines.filter(|(_, line)| !line.retired) {
            let known = &mut numbers.as_dialled;
            let same = known.iter().position(|(rules, _)| *rules == line.dialling);
            let place = same.unwrap_or_else(|| {
                known.push((line.dialling.clone(), BTreeMap::new()));
                known.len() - 1
            });
            for number in &line.numbers {
                let as_written = numbers.as_written.entry(number.clone());
                as_written.or_insert(id);
                let as_dialled = known[place].1.entry(line.dialling.shown(number));
                let only = as_dialled.or_insert(Some(id));
                *only = only.filter(|only| *only == id);
            }
        }
        numbers
    }

    /// The line that a number leads to, in whichever form a carrier writes it. One without its country may be
    /// one of several countries, and then leads nowhere.
    pub(super) fn line(&self, number: &str) -> Option<LineId> {
        if let Some(line) = self.as_written.get(number) {
            return Some(*line);
        }
        let rules = self.as_dialled.iter();
        let mut meant = rules.filter_map(|(rules, lines)| lines.get(&rules.shown(number)));
        let only = meant.next().copied().flatten();
        only.filter(|_| meant.next().is_none())
    }
}
