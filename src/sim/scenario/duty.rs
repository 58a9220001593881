//! Who is on duty: a file of head counts, the same people all the time, or a roster.

use super::LENGTH_MAX;
use super::arrivals::Arrivals;
use super::check::Check;
use super::check::key_place;
use super::coverage;
use super::names::Names;
use super::what_if::WhatIf;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::GroupId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::sim::roster::Roster;
use crate::sim::staff::AGENTS_MAX;
use crate::sim::staff::Staff;
use crate::sim::worker::Worker;
use std::collections::BTreeSet;
use std::ops::Range;

/// The most kinds of people, who differ in their groups, tiers or skills.
pub const KINDS_MAX: usize = 10_000;

/// Who is on duty.
pub(super) enum Duty {
    Staff(Staff),
    Roster(Roster),
}

impl Duty {
    /// Reads `staff`, a file's name or a table, or `roster`, a file's name.
    pub(super) fn read(
        root: &mut Fields<'_>,
        arrivals: Option<&Arrivals>,
        check: &mut Check<'_>,
    ) -> Option<Self> {
        let length = arrivals.map_or(LENGTH_MAX, |arrivals| arrivals.length);
        let (key, duty) = match (root.value("staff"), root.value("roster")) {
            (Some(_), Some(_)) => {
                let message = "`staff` and `roster` both say who is on duty";
                let help = "choose one: leave `staff` out for a roster of people by name";
                root.bad_value(key_place(root, "roster"), message, help);
                return None;
            }
            (Some(value), None) => {
                let is_table = matches!(value.data, Data::Table(_));
                let staff = if is_table {
                    constant(root.section("staff"), length, check)?
                } else {
                    head_counts(root, arrivals, check)?
                };
                ("staff", Self::Staff(staff))
            }
            (None, Some(_)) => ("roster", Self::Roster(roster(root, arrivals, check)?)),
            (None, None) if check.names.dialplan.queues.is_empty() => {
                ("staff", Self::Staff(Staff::constant(length, Vec::new())))
            }
            (None, None) => {
                let help = "name a file of head counts: `staff = \"staff.csv\"`; \
                            or of people: `roster = \"roster.csv\"`; \
                            or, for a steady state, write `[staff]`";
                root.missing("staff", help);
                return None;
            }
        };
        if let Some(arrivals) = arrivals {
            coverage::check(&duty, key, arrivals, root, check.names);
        }
        Some(duty)
    }

    /// Adds the people of a what-if, who have no names.
    pub(super) fn add_agents(&mut self, what_if: &WhatIf, root: &mut Fields<'_>, names: Names<'_>) {
        for (name, heads) in &what_if.add_agents {
            match (names.group(&name.text), &mut *self) {
                (None, _) => root.push(unknown_group(name, names)),
                (Some(group), Self::Staff(staff)) => {
                    if let Some(problem) = takes_too_many(name, *heads, staff.heads(group)) {
                        root.push(problem);
                    }
                    staff.add(group, *heads);
                }
                (Some(_), Self::Roster(_)) => {
                    let message = "a roster names its people: none can be added by number";
                    let help = "write another roster, and set it: \
                                `set = { roster = \"more-people.csv\" }`";
                    root.bad_value(name.place.clone(), message, help);
                }
            }
        }
    }

    /// The people.
    pub(super) fn workers(&self, root: &mut Fields<'_>, dialplan: &Dialplan) -> Vec<Worker> {
        let (key, workers) = match self {
            Self::Staff(staff) => ("staff", staff.workers(dialplan)),
            Self::Roster(roster) => ("roster", roster.workers.clone()),
        };
        let kinds = workers
            .iter()
            .map(|worker| (&worker.groups, worker.tier, &worker.skills));
        let kinds = kinds.collect::<BTreeSet<_>>().len();
        if kinds > KINDS_MAX {
            let message = format!("people of {kinds} kinds, who differ in groups, tiers or skills");
            let help = format!("at most {KINDS_MAX} kinds are told apart");
            root.bad_value(key_place(root, key), message, &help);
        }
        workers
    }

    /// The head counts, where it is them.
    pub(super) fn into_staff(self) -> Option<Staff> {
        match self {
            Self::Staff(staff) => Some(staff),
            Self::Roster(_) => None,
        }
    }

    /// What it is called.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Staff(_) => "staff file",
            Self::Roster(_) => "roster",
        }
    }

    /// Whether anybody of the group ever comes.
    pub(super) fn has(&self, group: GroupId) -> bool {
        match self {
            Self::Staff(staff) => staff.has(group),
            Self::Roster(roster) => roster.has(group),
        }
    }

    /// From when to when it says who is on duty; none where nobody ever is.
    pub(super) fn covers(&self) -> Option<Range<Span>> {
        match self {
            Self::Staff(staff) => staff.covers(),
            Self::Roster(roster) => roster.covers(),
        }
    }
}

fn head_counts(
    root: &mut Fields<'_>,
    arrivals: Option<&Arrivals>,
    check: &mut Check<'_>,
) -> Option<Staff> {
    let name = root.text("staff")?;
    let path = check.beside(&name.text);
    let start = arrivals.map(|arrivals| arrivals.start);
    let names = &check.names;
    Staff::read(&path, &name.place, start, names, check.sources, check.out)
}

fn roster(
    root: &mut Fields<'_>,
    arrivals: Option<&Arrivals>,
    check: &mut Check<'_>,
) -> Option<Roster> {
    let name = root.text("roster")?;
    let path = check.beside(&name.text);
    let start = arrivals.map(|arrivals| arrivals.start);
    let names = &check.names;
    Roster::read(&path, &name.place, start, names, check.sources, check.out)
}

/// None when a group is unknown: a warning that nobody is in another would only confuse.
fn constant(mut table: Fields<'_>, length: Span, check: &mut Check<'_>) -> Option<Staff> {
    let mut heads = Some(Vec::new());
    for entry in table.entries() {
        let count = table.integer(&entry.key.text, 0..=i64::from(AGENTS_MAX));
        let group = check.names.group(&entry.key.text);
        if group.is_none() {
            table.push(unknown_group(&entry.key, check.names));
        }
        match (&mut heads, group, count) {
            (Some(heads), Some(group), Some(count)) => heads.push((group, count as u32)),
            _ => heads = None,
        }
    }
    table.finish(check.out);
    Some(Staff::constant(length, heads?))
}

/// What is wrong with taking away more people than are there: always, or at some time.
fn takes_too_many(name: &Name, heads: i64, there: Option<(u64, u64)>) -> Option<Diagnostic> {
    let taken = heads.min(0).unsigned_abs();
    let (least, most) = there.unwrap_or((0, 0));
    let (group, place) = (&name.text, name.place.clone());
    if taken > most {
        let message = format!(
            "`add_agents` takes {taken} people from group \"{group}\", of whom there are {most} at most"
        );
        let help = format!("nobody is left from -{most} on");
        return Some(Diagnostic::error("bad-value", place, message).help(help));
    }
    (taken > least).then(|| {
        let message = format!(
            "`add_agents` takes {taken} people from group \"{group}\", of whom there are only {least} at \
             some times: nobody is left then"
        );
        let help = "it is simulated so; another staff file says exactly who is there: \
                    `set = { staff = \"fewer.csv\" }`";
        Diagnostic::warning("takes-too-many", place, message).help(help)
    })
}

/// What is wrong with the name of a group that is not there.
pub(super) fn unknown_group(name: &Name, names: Names<'_>) -> Diagnostic {
    let message = format!("no group is called \"{}\"", name.text);
    Diagnostic::error("unknown-group", name.place.clone(), message)
        .suggest(&name.text, names.groups())
}
