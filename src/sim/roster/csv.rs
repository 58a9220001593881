//! A roster as a file says it.

use super::KIND;
use super::Roster;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::time::Tick;
use crate::sim::sheet::written;
use crate::sim::skills;
use crate::sim::worker::Shift;
use crate::sim::worker::Worker;
use jiff::civil::DateTime;

impl Roster {
    /// One row for each shift; `start` is the local time of tick 0. Weights and speeds, which rosters that are
    /// made here do not have, are left out.
    pub fn csv(&self, dialplan: &Dialplan, start: DateTime) -> String {
        let has = |some: fn(&Worker) -> bool| self.workers.iter().any(some);
        let optional = [
            ("skills", has(|worker| worker.skills.is_some())),
            ("tier", has(|worker| worker.tier > 0)),
            ("breaks", true),
        ];
        let is_shown = |name: &str| optional.contains(&(name, true));
        let names = optional.iter().filter(|(_, shown)| *shown);
        let heads = KIND
            .required
            .iter()
            .copied()
            .chain(names.map(|(name, _)| *name));
        let mut rows: Vec<Vec<String>> = vec![heads.map(str::to_owned).collect()];
        for worker in &self.workers {
            let groups = worker.groups.iter();
            let groups = groups.map(|group| dialplan.group(*group).name.as_str());
            let groups = groups.collect::<Vec<_>>().join(" ");
            let skills = worker.skills.as_ref();
            let skills = skills.map_or_else(String::new, skills::written);
            for shift in &worker.shifts {
                let from = local(start, -(shift.begun.0 as i64) + shift.from.0 as i64);
                let mut row = vec![
                    from.date().to_string(),
                    worker.name.clone(),
                    groups.clone(),
                    from.strftime("%H:%M").to_string(),
                    clock(start, from, shift.to),
                ];
                row.extend(is_shown("skills").then(|| skills.clone()));
                row.extend(is_shown("tier").then(|| worker.tier.to_string()));
                row.push(breaks(shift, start, from));
                rows.push(row);
            }
        }
        written(rows)
    }
}

/// `10:30-10:45 12:45-13:15`.
fn breaks(shift: &Shift, start: DateTime, from: DateTime) -> String {
    let breaks = shift.breaks.iter().map(|one| {
        let ends = one.at + one.length;
        format!(
            "{}-{}",
            clock(start, from, one.at),
            clock(start, from, ends)
        )
    });
    breaks.collect::<Vec<_>>().join(" ")
}

fn local(start: DateTime, ms: i64) -> DateTime {
    let since = jiff::Span::new().milliseconds(ms);
    start.checked_add(since).unwrap_or(start)
}

/// A time of the day on which a shift begins: its midnight is `24:00`.
fn clock(start: DateTime, from: DateTime, tick: Tick) -> String {
    let at = local(start, tick.0 as i64);
    match at.date() == from.date() {
        true => at.strftime("%H:%M").to_string(),
        false => "24:00".to_owned(),
    }
}
