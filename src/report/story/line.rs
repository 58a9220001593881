//! Everybody in line, and why somebody who came later goes first.

use super::clock;
use crate::exchange::Exchange;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepNames;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::record::Because;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Decision;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::BTreeMap;

/// Callers in line and calls back that were promised.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(BTreeMap<CallId, Place>);

/// One of them.
#[derive(Clone, Copy, Debug)]
struct Place {
    queue: QueueId,
    /// When a queue was first joined, or the call back promised.
    first: Tick,
    is_call_back: bool,
    /// Since when it counts as waiting, before the present input; none if it was not in line.
    counts_since: Option<i64>,
    /// The one agent that it waits for.
    waits_for: Option<AgentId>,
}

/// Somebody goes before somebody else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing {
    own: Place,
    other: Place,
}

impl Line {
    /// Looks at the exchange before an input.
    pub(super) fn look(&mut self, exchange: &Exchange) {
        for (call, place) in &mut self.0 {
            place.counts_since = exchange.counts_since(*call);
            place.waits_for = exchange.waits_for(*call);
        }
    }

    /// Takes the next record.
    pub(super) fn record(&mut self, now: Tick, record: &Record) {
        match *record {
            Record::Queued { call, queue, .. } => self.join(call, (queue, now), false),
            Record::Callback {
                call,
                queue,
                what: CallbackFact::Booked { .. },
            } => self.join(call, (queue, now), true),
            Record::Unqueued { call, how, .. } if !matches!(how, Unqueued::Overflowed(_)) => {
                self.0.remove(&call);
            }
            Record::Callback {
                call,
                what: CallbackFact::Reached { .. } | CallbackFact::Ended(_),
                ..
            } => {
                self.0.remove(&call);
            }
            _ => {}
        }
    }

    fn join(&mut self, call: CallId, (queue, first): (QueueId, Tick), is_call_back: bool) {
        let new = Place {
            queue,
            first,
            is_call_back,
            counts_since: None,
            waits_for: None,
        };
        self.0.entry(call).or_insert(new).queue = queue;
    }

    /// Whether it is a call back that was promised.
    pub(super) fn is_call_back(&self, call: CallId) -> bool {
        self.0.get(&call).is_some_and(|place| place.is_call_back)
    }

    /// `other` goes before `own`; none unless both are in line.
    pub(super) fn passes(&self, own: CallId, other: CallId) -> Option<Passing> {
        let own = *self.0.get(&own)?;
        let other = *self.0.get(&other)?;
        own.counts_since.map(|_| Passing { own, other })
    }
}

impl Passing {
    /// Whether that is the order in which they came.
    pub(super) fn came_before(&self) -> bool {
        self.other.first <= self.own.first
    }

    /// Who goes first, in words.
    pub(super) fn whom(&self, plan: &Dialplan) -> String {
        let Place { queue, first, .. } = self.other;
        let (names, later) = (StepNames::new(plan), clock(first - self.own.first));
        let queue = names.of_queue(queue);
        match self.other.is_call_back {
            true => format!("a call back of \"{queue}\" that was promised {later} later"),
            false => format!("a caller of \"{queue}\" who came {later} later"),
        }
    }

    /// Why the one who came later goes first; these agents have missed or refused the other one.
    pub(super) fn why(&self, plan: &Dialplan, decision: &Decision, missed: &[AgentId]) -> String {
        let Self { own, other } = self;
        let (queue, mine) = (plan.queue(other.queue), plan.queue(own.queue));
        let name = |agent: AgentId| &plan.agent(agent).title;
        let first = other.first.0 as i64;
        let counts_since = other.counts_since.unwrap_or(first);
        let earlier = Span(first.saturating_sub(counts_since).max(0) as u64);
        match own.waits_for.filter(|agent| *agent != decision.agent) {
            _ if decision.because == Because::Awaited => {
                "it waited for this agent in particular".to_owned()
            }
            Some(agent) => format!("this caller waits for {} in particular", name(agent)),
            None if queue.emergency && !mine.emergency => "it is an emergency".to_owned(),
            None if queue.weight > mine.weight => "its queue has the greater weight".to_owned(),
            None if own.counts_since.is_none_or(|own| own < counts_since) => {
                match own.is_call_back && !missed.contains(&decision.agent) {
                    true => "no line was free to dial this call back".to_owned(),
                    false => "the agent had missed or refused this one".to_owned(),
                }
            }
            None if queue.head_start == earlier => {
                format!("its queue has a head start of {earlier}")
            }
            None => format!(
                "it counts as having come {} earlier, by a head start or a place that was kept",
                clock(earlier)
            ),
        }
    }
}
