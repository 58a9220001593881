//! What the callers of a line want: the queue in which they waited, or what else the line has for them.

use super::aims::Aim;
use super::aims::Counted;
use super::aims::Parts;
use super::findings::Calls;
use super::findings::Findings;
use super::mailbox;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::StepNames;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::menu::graph::Via;
use crate::menu::graph::exits;
use std::collections::BTreeSet;

/// What those who call some lines want.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wants {
    /// Line by line, in the order of the forecast.
    pub(super) lines: Vec<OfLine>,
    /// Whether it is not the same all day, so that the forecast has the calls of each want.
    pub(super) by_time: bool,
}

/// What those want who call one line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OfLine {
    pub(super) line: String,
    /// Whether it begins at its queue, so that all come to that, whatever they want.
    pub(super) is_straight: bool,
    pub(super) wants: Vec<Want>,
    /// What is not known of its calls.
    pub(super) unknown: Unknown,
    /// Queues in which some waited, and to which no want leads, with their share of the calls.
    pub(super) left_over: Vec<(String, f64)>,
}

/// Callers who want the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Want {
    /// Its name in the scenario.
    pub(super) name: String,
    pub(super) aim: Aim,
    /// The share of the calls that are kept.
    pub(super) share: f64,
    /// Calls of each interval of a day.
    pub(super) calls: Vec<f64>,
}

/// Calls of which it is not known what their callers want: the forecast goes without them, for they would come to the
/// queues.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Unknown {
    /// Queues that the menu does not have, in which callers waited.
    pub(super) gone: BTreeSet<String>,
    /// The share that waited in these.
    pub(super) gone_share: f64,
    /// The share that came to no queue, while the line has no step that would have ended such calls.
    pub(super) endless_share: f64,
}

/// What those want who call the lines of a menu.
pub(super) fn all(findings: &Findings, plan: &Dialplan) -> Wants {
    let Some(calls) = &findings.calls else {
        return Wants::default();
    };
    let leaves_message = mailbox::share(calls, plan).unwrap_or(1.0);
    let lines = findings.days.lines.iter();
    let counted = lines.map(|line| {
        let ways = calls.first_ways.get(&line.line);
        let found = ways.zip(line_named(plan, &line.line));
        let counted = found.map(|(ways, own)| Counted::of((plan, own), ways));
        counted.unwrap_or_default()
    });
    let counted: Vec<Counted> = counted.collect();
    let mut wants = Wants {
        lines: Vec::new(),
        by_time: counted.iter().any(Counted::differs),
    };
    let first = (findings.days.first_minute / findings.days.minutes()) as usize;
    let mut names = Names {
        steps: StepNames::new(plan),
        taken: BTreeSet::new(),
    };
    for (line, counted) in findings.days.lines.iter().zip(counted) {
        let slots = first..first + line.calls.len();
        let parts = slots.map(|slot| {
            let parts = match wants.by_time {
                true => counted.at(slot),
                false => &counted.usual,
            };
            parts.clone().with_the_silent(plan, leaves_message)
        });
        let parts: Vec<(Parts, f64)> = parts.zip(line.calls.iter().copied()).collect();
        let mut of_line = OfLine::of(&line.line, &parts, &mut names);
        of_line.is_straight = counted.is_straight;
        of_line.unknown.gone = counted.gone.clone();
        of_line.left_over = left_over(calls, plan, &of_line);
        wants.lines.push(of_line);
    }
    wants
}

impl Wants {
    /// What those want who call this line.
    pub(super) fn of(&self, line: &str) -> Option<&OfLine> {
        self.lines.iter().find(|own| own.line == line)
    }
}

impl OfLine {
    fn of(line: &str, slots: &[(Parts, f64)], names: &mut Names<'_>) -> Self {
        let all: f64 = slots.iter().map(|(_, calls)| calls).sum();
        // The part of an interval's calls that something is of its parts.
        let part = |some: f64, parts: &Parts| some / parts.sum().max(f64::MIN_POSITIVE);
        let share = |of: fn(&Parts) -> f64| {
            let calls = slots
                .iter()
                .map(|(parts, calls)| calls * part(of(parts), parts));
            calls.sum::<f64>() / all
        };
        let unknown = Unknown {
            gone: BTreeSet::new(),
            gone_share: share(|parts| parts.gone),
            endless_share: share(|parts| parts.endless),
        };
        let aims: BTreeSet<Aim> = slots
            .iter()
            .flat_map(|(parts, _)| parts.aims.keys().copied())
            .collect();
        let kept = all * (1.0 - unknown.gone_share - unknown.endless_share);
        let wants = aims.into_iter().map(|aim| {
            let calls = slots.iter().map(|(parts, calls)| {
                let own = parts.aims.get(&aim).copied().unwrap_or(0.0);
                calls * part(own, parts)
            });
            let calls: Vec<f64> = calls.collect();
            Want {
                name: names.of(line, aim),
                aim,
                share: calls.iter().sum::<f64>() / kept,
                calls,
            }
        });
        Self {
            line: line.to_owned(),
            is_straight: false,
            wants: wants.collect(),
            unknown,
            left_over: Vec::new(),
        }
    }

    /// Whether its callers come to several queues.
    pub(super) fn has_several_queues(&self) -> bool {
        let to_queue = |want: &&Want| matches!(want.aim, Aim::Queue(..));
        self.wants.iter().filter(to_queue).count() > 1
    }

    /// Whether the forecast goes without some of its calls; where nothing is known at all these are all that there is.
    pub(super) fn lacks_some(&self) -> bool {
        let Unknown {
            gone_share,
            endless_share,
            ..
        } = self.unknown;
        !self.wants.is_empty() && gone_share + endless_share > 0.0
    }
}

/// Names of wants: each is called after its step, and no two have one name.
struct Names<'p> {
    steps: StepNames<'p>,
    taken: BTreeSet<String>,
}

impl Names<'_> {
    fn of(&mut self, line: &str, aim: Aim) -> String {
        let plain = match aim {
            Aim::End(end) if !end.is_told => format!("{line}-no-queue"),
            aim => self.steps.of(aim.step()).replace('/', "-"),
        };
        let mut name = plain.clone();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{plain}-{number}");
        }
        name
    }
}

/// Queues of the menu in which callers waited, and which none of them is known to want: they can come there only while
/// others, which they may choose too, are closed.
fn left_over(calls: &Calls, plan: &Dialplan, of_line: &OfLine) -> Vec<(String, f64)> {
    let Some(ways) = calls.ways.get(&of_line.line) else {
        return Vec::new();
    };
    let leads_to = |step: StepId| of_line.wants.iter().any(|want| want.aim.step() == step);
    let left = ways.queues.iter().filter(|(name, _)| {
        let queue = queue_named(plan, &of_line.line, name);
        queue.is_some_and(|queue| !leads_to(plan.queue(queue).step))
    });
    let all = ways.calls().max(1) as f64;
    left.map(|(name, calls)| (name.clone(), *calls as f64 / all))
        .collect()
}

/// The line of this name.
pub(super) fn line_named(plan: &Dialplan, line: &str) -> Option<LineId> {
    let place = plan.lines.iter().position(|known| known.name == line)?;
    Some(LineId(place as u16))
}

/// The queue of a line that has this name.
pub(super) fn queue_named(plan: &Dialplan, line: &str, queue: &str) -> Option<QueueId> {
    named(plan, line_named(plan, line)?, queue)
}

pub(super) fn named(plan: &Dialplan, line: LineId, queue: &str) -> Option<QueueId> {
    let queues = plan.queues.iter();
    let mut own = queues.map(|one| one.name == queue && plan.step(one.step).line == line);
    own.position(|is_own| is_own)
        .map(|place| QueueId(place as u16))
}

/// Whether callers of the line of a step may come from one queue to another after they have waited.
pub(super) fn sends_on(plan: &Dialplan, step: StepId) -> bool {
    let line = plan.step(step).line;
    let queues = plan.queues.iter().map(|queue| queue.step);
    let mut own = queues.filter(|step| plan.step(*step).line == line);
    own.any(|from| {
        let mut seen = BTreeSet::new();
        let ways = exits(plan, from).into_iter();
        let after_a_wait = ways.filter(|exit| matches!(exit.via, Via::Timeout | Via::Key(_)));
        let mut next: Vec<Target> = after_a_wait.map(|exit| exit.to).collect();
        while let Some(to) = next.pop() {
            let Target::Step(to) = to else { continue };
            let is_queue = matches!(plan.step(to).kind, StepKind::Queue(_));
            if is_queue && to != from {
                return true;
            }
            if !is_queue && seen.insert(to) {
                next.extend(exits(plan, to).into_iter().map(|exit| exit.to));
            }
        }
        false
    })
}
