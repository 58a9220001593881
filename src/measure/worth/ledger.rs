//! What answers are worth to a site that runs: all records are followed, and all calls count.

use super::Worth;
use super::WorthFigures;
use super::carried::Carried;
use super::handling::Handling;
use super::homes::Homes;
use super::returning::Returning;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Outcome;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;

/// Everything since a moment, whatever menus come. Callers without a number are never known to come back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Ledger {
    since: Tick,
    worth: Worth,
    handling: Handling,
    returning: Returning,
    /// Calls back: they are no attempts, and nobody in them comes to people once more.
    called_back: BTreeSet<CallId>,
}

impl Ledger {
    /// Begins at nothing.
    pub fn new(plan: &Dialplan, since: Tick) -> Self {
        Self {
            since,
            worth: Worth::new(plan),
            handling: Handling::new(plan),
            ..Self::default()
        }
    }

    /// Whether it was made for a plan like this one.
    pub fn is_for(&self, plan: &Dialplan) -> bool {
        self.worth.is_for(plan) && self.handling.is_for(plan)
    }

    /// Goes on under newer menus, beside which some of those before are still there: what is the same in
    /// the plan is counted where it was, and what is in none of its versions is forgotten.
    pub fn grow(&mut self, before: &Dialplan, now: &Dialplan, moved: Option<&Moved>) {
        self.carry(&Carried::grown(before, now, moved));
    }

    /// Goes on under menus in the place of all before them, while there are no calls.
    pub fn renew(&mut self, before: &Dialplan, now: &Dialplan) {
        self.carry(&Carried::renewed(before, now));
        self.worth.forget_all();
        self.handling.leave();
        self.called_back.clear();
    }

    fn carry(&mut self, carried: &Carried<'_>) {
        let moved = self.worth.carry(carried);
        self.returning.carry(&moved);
        self.handling.carry(carried);
    }

    /// Since when it counts.
    pub fn since(&self) -> Tick {
        self.since
    }

    /// Follows a record.
    pub fn note(&mut self, now: Tick, record: &Record) {
        match *record {
            Record::Blocked { caller, .. } | Record::Arrived { caller, .. } if caller != 0 => {
                if let Some(answer) = self.returning.take(now, caller) {
                    self.worth.came_back(answer);
                }
            }
            Record::Entered { call, step } => self.worth.entered(call, step),
            Record::Pressed {
                call,
                step,
                key,
                result,
            } => self.worth.pressed(call, step, key, result),
            Record::Chosen { call, step, entry } => self.worth.chosen(call, step, entry),
            Record::Heard {
                call, step, enough, ..
            } => self.worth.heard(call, step, enough),
            Record::LookedUp {
                step, took, result, ..
            } => self.worth.looked_up(step, took, result),
            Record::Surveyed {
                call,
                step,
                ask,
                answer,
                ..
            } => self.worth.surveyed(call, step, ask, answer),
            Record::TurnedAway { call, queue, .. } | Record::Queued { call, queue, .. } => {
                self.wants_a_person(call, Some(queue));
            }
            Record::Unqueued {
                call,
                queue,
                how: Unqueued::Answered(_),
                ..
            } => self.worth.answered(call, queue),
            Record::TalkEnded {
                agent,
                queue,
                since,
                ..
            } => self.handling.talked(now, agent, queue, since),
            Record::Agent { agent, state } => self.handling.moved(now, agent, state),
            Record::Callback { call, queue, what } => self.called_back((call, queue), what),
            Record::Ended {
                call,
                caller,
                outcome,
                wanted_a_person,
                ..
            } => {
                let answer = self.worth.ended(call, outcome, wanted_a_person);
                if outcome == Outcome::SelfServedProbable && caller != 0 {
                    self.returning.put(now, caller, answer);
                }
            }
            _ => {}
        }
    }

    fn called_back(&mut self, (call, queue): (CallId, QueueId), what: CallbackFact) {
        match what {
            CallbackFact::Booked { by, .. } => {
                self.called_back.insert(call);
                if let Some(during) = by.call() {
                    self.wants_a_person(during, None);
                }
            }
            CallbackFact::Reached { .. } => self.worth.answered(call, queue),
            CallbackFact::Ended(_) => {
                self.called_back.remove(&call);
                self.worth.forget(call);
            }
            CallbackFact::InLine { .. }
            | CallbackFact::Dialled { .. }
            | CallbackFact::Unreached { .. } => {}
        }
    }

    fn wants_a_person(&mut self, call: CallId, queue: Option<QueueId>) {
        if !self.called_back.contains(&call) {
            self.worth.wants_a_person(call, queue);
        }
    }

    /// What it has come to: all versions of a step together, at the last of them.
    pub fn figures(&self, plan: &Dialplan) -> WorthFigures {
        let together = Carried::together(plan);
        let (mut worth, mut handling) = (self.worth.clone(), self.handling.clone());
        worth.carry(&together);
        handling.carry(&together);
        worth.figures(&Homes::new(plan), handling.queues())
    }
}
