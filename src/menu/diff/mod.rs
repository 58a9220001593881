//! What changes for callers between two versions of a site's lines.
//!
//! Compared are compiled plans, never texts: what callers cannot notice (the order of a file, the name
//! of a step or a calendar, the same thing written in another way, what is only counted) is no change.
//! Who works, and when, is none either: agents are not compared.

mod change;
mod compare;
mod hours;
mod kinds;
mod pairs;
mod portrait;
mod reach;
mod saved;
mod site;
mod turns;
mod view;

pub use change::Change;
pub use change::Hears;
pub use change::Topic;

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use compare::Difference;
use pairs::Pairs;
use portrait::Portrait;
use portrait::Value;
use portrait::What;
use reach::Reach;
use saved::Renamed;
use std::mem;
use view::View;

/// All changes: those of groups first, then line by line.
pub fn diff(old: &Dialplan, new: &Dialplan) -> Vec<Change> {
    let mut found = groups(old, new);
    let one_each = old.lines.len() == 1 && new.lines.len() == 1;
    let ids = |plan: &Dialplan| (0..plan.lines.len() as u16).map(LineId);
    for (place, line) in new.lines.iter().enumerate() {
        let id = LineId(place as u16);
        let partner = match one_each {
            true => Some(LineId(0)),
            false => old.line_named(&line.name),
        };
        match partner {
            Some(partner) => {
                let (old, new) = (View::new(old, partner), View::new(new, id));
                let renamed = Renamed::find(old, new);
                found.extend(Sides::new(old.with(&renamed), new).changes());
            }
            None => found.push(Change::of_line(Topic::LineAdded, &line.name)),
        }
    }
    for id in ids(old).filter(|_| !one_each) {
        let name = &old.line(id).name;
        if new.line_named(name).is_none() {
            found.push(Change::of_line(Topic::LineRemoved, name));
        }
    }
    found
}

fn groups(old: &Dialplan, new: &Dialplan) -> Vec<Change> {
    let mut found = Vec::new();
    for group in &new.groups {
        let Some(before) = old.groups.iter().find(|other| other.name == group.name) else {
            continue;
        };
        let differences = compare::texts(&site::group(old, before), &site::group(new, group));
        let of_group = |difference| Change::of_group(&group.name, difference);
        found.extend(differences.into_iter().map(of_group));
    }
    found
}

/// One line, as it was and as it is.
struct Sides<'p> {
    old: View<'p>,
    new: View<'p>,
    pairs: Pairs,
    old_reach: Reach,
    new_reach: Reach,
}

impl<'p> Sides<'p> {
    fn new(old: View<'p>, new: View<'p>) -> Self {
        Self {
            old,
            new,
            pairs: Pairs::find(old, new),
            old_reach: Reach::of(old),
            new_reach: Reach::of(new),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let line = self.new.line().name.as_str();
        let mut found = Vec::new();
        let (old, new) = (site::line(self.old), site::line(self.new));
        for difference in compare::all(self, &old, &new) {
            found.push(Change::new(line, Vec::new(), difference));
        }
        for id in self.new.steps() {
            let name = vec![self.new.step(id).name.clone()];
            let differences = match self.pairs.old_of(id) {
                Some(before) => self.step(before, id),
                None => vec![self.added(id)],
            };
            for difference in differences {
                let mut change = Change::new(line, name.clone(), difference);
                change.press = self.new_reach.keys(id).map(<[String]>::to_vec);
                found.push(change);
            }
        }
        for id in self.old.steps() {
            if self.pairs.new_of(id).is_none() {
                let name = vec![self.old.step(id).name.clone()];
                let mut change = Change::new(line, name, self.removed(id));
                change.press = self.old_reach.keys(id).map(<[String]>::to_vec);
                found.push(change);
            }
        }
        change::together(found)
    }

    fn step(&self, before: StepId, id: StepId) -> Vec<Difference> {
        let (old, new) = (Portrait::of(self.old, before), Portrait::of(self.new, id));
        let mut found = Vec::new();
        let does = |view: View<'_>, id| mem::discriminant(&view.step(id).kind);
        // A recorded answer and an announcement are one to those who listen.
        let other_kind = does(self.old, before) != does(self.new, id);
        if other_kind {
            let (was, now) = (old.kind.name(), new.kind.name());
            found.push(Difference::between(Topic::Kind, was, now));
        }
        match (self.old_reach.has(before), self.new_reach.has(id)) {
            (true, false) => found.push(Difference::of(Topic::Unreachable)),
            (false, true) => found.push(Difference::of(Topic::Reachable)),
            _ => {}
        }
        let mut aspects = compare::all(self, &old.aspects, &new.aspects);
        // What one kind can set and another cannot is no news beside that.
        aspects.retain(|difference| !other_kind || difference.topic != Topic::Setting);
        found.extend(aspects);
        self.hear(id, &mut found);
        found
    }

    /// What callers hear where a key leads to another step.
    fn hear(&self, id: StepId, found: &mut [Difference]) {
        let Some(keys) = self.new_reach.keys(id) else {
            return;
        };
        for difference in found.iter_mut() {
            let Some((old, new)) = difference.steps.filter(|_| difference.topic == Topic::Key)
            else {
                continue;
            };
            let (was, now) = (reach::heard(self.old, old), reach::heard(self.new, new));
            if was != now {
                let mut press = keys.to_vec();
                press.push(difference.name.clone());
                difference.hears = Some(Hears { press, was, now });
            }
        }
    }

    fn added(&self, id: StepId) -> Difference {
        let mut difference = Difference::of(Topic::Added);
        difference.now = Some(summary(self.new, id));
        difference
    }

    fn removed(&self, id: StepId) -> Difference {
        let mut difference = Difference::of(Topic::Removed);
        difference.was = Some(summary(self.old, id));
        difference
    }
}

/// A step in a few words: what it does, and what it says.
fn summary(view: View<'_>, id: StepId) -> String {
    let portrait = Portrait::of(view, id);
    let kind = portrait.kind.name();
    match portrait.opening().filter(|words| !words.is_empty()) {
        Some(words) => format!("{kind}, \"{words}\""),
        None => kind.to_owned(),
    }
}
