//! Goals: what a run is expected to reach.

use super::check::Check;
use super::names::Names;
use super::names::is_queue;
use super::share::percent;
use super::what_if::WhatIf;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::GroupId;
use crate::exchange::id::QueueId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Entry;
use crate::menu::tree::Name;
use crate::menu::value;

/// `[goals]`: one figure and its bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// As it is written: `queue.support service_level >= 80% in 20s, 90% of intervals`.
    pub text: String,
    /// Whose figure.
    pub subject: Subject,
    /// The figure and its bound.
    pub bound: Bound,
    /// The share of intervals that have to reach it; none means: the whole run as one.
    pub intervals: Option<f64>,
}

/// Whose figure a goal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A queue.
    Queue(QueueId),
    /// A group of agents.
    Group(GroupId),
}

/// A figure and its bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Service level of at least this share, for answers within this time; without a time, within
    /// the group's own `answer_within`.
    ServiceLevel {
        /// The least share.
        at_least: f64,
        /// The T.
        within: Option<Span>,
    },
    /// Abandoned over entered.
    Abandoned {
        /// The largest share.
        at_most: f64,
    },
    /// Mean wait of the answered.
    Asa {
        /// The longest.
        at_most: Span,
    },
    /// Ringing, talk and wrap-up over time signed in and not on a break.
    Occupancy {
        /// The largest share.
        at_most: f64,
    },
}

impl Bound {
    /// Reads `service_level >= 80% in 20s`, a figure and its bound for a run as one; None if it is something
    /// else.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (figure, rest) = text.split_at(text.find([' ', '<', '>'])?);
        match bound(figure, rest)? {
            (bound, None) => Some(bound),
            (_, Some(_)) => None,
        }
    }
}

impl Goal {
    /// The group that it is about, or whose queue it is about.
    pub fn group(&self, plan: &Dialplan) -> GroupId {
        match self.subject {
            Subject::Queue(queue) => plan.queue(queue).group,
            Subject::Group(group) => group,
        }
    }
}

const OF_QUEUES: [&str; 3] = ["service_level", "abandoned", "asa"];
const OF_GROUPS: [&str; 1] = ["occupancy"];

/// Reads all goals of a scenario, and says which are void: what they are about.
pub(super) fn read(root: &mut Fields<'_>, check: &Check<'_>) -> (Vec<Goal>, Vec<String>) {
    let names = check.names;
    let (mut goals, mut void) = (Vec::new(), Vec::new());
    for (key, mut table) in root.named("goals").unwrap_or_default() {
        match subject(key, names) {
            Some(subject) => of_subject(key, subject, &mut table, &mut goals),
            None => {
                let mut problem = unknown_subject(key, names);
                if let Some(what_if) = is_void(&table, &problem, check) {
                    void.push(key.text.clone());
                    problem = voided(key, what_if);
                }
                table.push(problem);
                table.forgive_unknown();
            }
        }
        root.absorb(table);
    }
    (goals, void)
}

/// The what-if whose own menu files lack what goals are about that are not its own: the line has changed, and
/// nothing is wrong with them.
fn is_void<'c>(goals: &Fields<'_>, problem: &Diagnostic, check: &Check<'c>) -> Option<&'c WhatIf> {
    let what_if = check.what_if()?;
    what_if.menus_at()?;
    let mut entries = goals.entries().iter();
    let is_own = entries.any(|entry| check.is_set(&entry.value.place));
    let is_missing = ["unknown-queue", "unknown-group"].contains(&problem.code);
    (is_missing && !is_own).then_some(what_if)
}

/// The remark on goals that are void.
fn voided(key: &Name, what_if: &WhatIf) -> Diagnostic {
    let name = &what_if.name;
    let message = format!("the goals of \"{}\" are void in \"{name}\"", key.text);
    let mut remark = Diagnostic::info("void-goal", key.place.clone(), message)
        .label("its menu files have nothing of this name")
        .help(
            "set what it is to reach instead: `goals = { \"queue.NAME\" = { asa = \"<= 20s\" } }`, or nothing: \
             `goals = {}`",
        );
    if let Some(menus) = what_if.menus_at() {
        remark = remark.related(menus, "they are named here");
    }
    remark
}

fn subject(key: &Name, names: Names<'_>) -> Option<Subject> {
    match key.text.split_once('.')? {
        ("queue", name) => names.queue(name).map(Subject::Queue),
        ("group", name) => names.group(name).map(Subject::Group),
        _ => None,
    }
}

fn unknown_subject(key: &Name, names: Names<'_>) -> Diagnostic {
    let error = |code, message| Diagnostic::error(code, key.place.clone(), message);
    match key.text.split_once('.') {
        Some(("queue", name)) => {
            let name = Name {
                text: name.to_owned(),
                place: key.place.clone(),
            };
            unknown_queue(&name, names)
        }
        Some(("group", name)) => {
            let message = format!("no group is called \"{name}\"");
            error("unknown-group", message).suggest(name, names.groups())
        }
        _ => {
            let message = format!("\"{}\" is nothing a goal can be about", key.text);
            let help = "write \"queue.NAME\".service_level or \"group.NAME\".occupancy";
            error("unknown-key", message).help(help)
        }
    }
}

/// No queue is called so, or several are.
pub(super) fn unknown_queue(name: &Name, names: Names<'_>) -> Diagnostic {
    names.several_or(name, is_queue, || {
        let message = format!("no queue is called \"{}\"", name.text);
        let error = Diagnostic::error("unknown-queue", name.place.clone(), message);
        error.suggest(&name.text, names.queues())
    })
}

/// The goals of one queue or group, in the order of the file.
fn of_subject(key: &Name, subject: Subject, table: &mut Fields<'_>, goals: &mut Vec<Goal>) {
    let figures: &[&str] = match subject {
        Subject::Queue(_) => &OF_QUEUES,
        Subject::Group(_) => &OF_GROUPS,
    };
    for figure in figures {
        table.value(figure);
    }
    let known = |entry: &&Entry| figures.contains(&entry.key.text.as_str());
    for entry in table.entries().iter().filter(known) {
        let figure = entry.key.text.as_str();
        let Some(text) = table.text(figure) else {
            continue;
        };
        let Some((bound, intervals)) = bound(figure, &text.text) else {
            let example = match figure {
                "service_level" => "\">= 80% in 20s\" or \">= 80% in 20s, 90% of intervals\"",
                "asa" => "\"<= 20s\"",
                _ => "\"<= 5%\" or \"<= 5%, 90% of intervals\"",
            };
            let message = format!("this is not a goal for `{figure}`");
            table.bad_value(text.place, message, &format!("write {example}"));
            continue;
        };
        goals.push(Goal {
            text: format!("{} {figure} {}", key.text, text.text),
            subject,
            bound,
            intervals,
        });
    }
}

/// The bound a text puts on a figure, and the share of intervals.
fn bound(figure: &str, text: &str) -> Option<(Bound, Option<f64>)> {
    let (first, second) = match text.split_once(',') {
        Some((first, second)) => (first.trim(), Some(second.trim())),
        None => (text.trim(), None),
    };
    let intervals = match second {
        Some(second) => Some(percent(second.strip_suffix("of intervals")?)?),
        None => None,
    };
    let at_most = || first.strip_prefix("<=");
    let bound = match figure {
        "service_level" => {
            let rest = first.strip_prefix(">=")?;
            let (share, within) = match rest.split_once(" in ") {
                Some((share, within)) => (share, Some(value::duration(within.trim())?)),
                None => (rest, None),
            };
            Bound::ServiceLevel {
                at_least: percent(share)?,
                within,
            }
        }
        "abandoned" => Bound::Abandoned {
            at_most: percent(at_most()?)?,
        },
        "asa" => Bound::Asa {
            at_most: value::duration(at_most()?.trim())?,
        },
        "occupancy" => Bound::Occupancy {
            at_most: percent(at_most()?)?,
        },
        _ => return None,
    };
    Some((bound, intervals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_stand_by_themselves_too() {
        let at_most = Span::seconds(20);
        for text in ["asa <= 20s", " asa<=20s ", "asa  <=  20s"] {
            assert_eq!(Bound::read(text), Some(Bound::Asa { at_most }), "{text}");
        }
        let text = "service_level >= 80% in 20s, 90% of intervals";
        for text in ["asa", "asa 20s", "asa >= 20s", "wait <= 20s", "", text] {
            assert_eq!(Bound::read(text), None, "{text}");
        }
    }

    #[test]
    fn goals_are_read_as_people_write_them() {
        let level = Bound::ServiceLevel {
            at_least: 0.8,
            within: Some(Span::seconds(20)),
        };
        let text = ">= 80% in 20s, 90% of intervals";
        assert_eq!(bound("service_level", text), Some((level, Some(0.9))));
        assert_eq!(
            bound("service_level", ">= 80 % in 20s"),
            Some((level, None))
        );
        let asa = Bound::Asa {
            at_most: Span::seconds(20),
        };
        assert_eq!(bound("asa", "<= 20s"), Some((asa, None)));
        let abandoned = Bound::Abandoned { at_most: 0.05 };
        assert_eq!(bound("abandoned", "<=5%"), Some((abandoned, None)));
        for wrong in ["80%", ">= 5%", "<= 0.05", "<= 5%, 90%", "<= 101%", "<= -1%"] {
            assert_eq!(bound("abandoned", wrong), None, "{wrong}");
        }
    }
}
