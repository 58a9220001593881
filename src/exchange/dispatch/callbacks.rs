//! Calls back that were promised: each waits for its time and its turn, then stands in line.
//!
//! Whoever was promised one keeps the place in line, and nobody is promised two by one step. As long
//! as the call goes on in which it was asked for, or another from the same number, the caller's
//! telephone is engaged, and the call back is passed over. One that may be dialled stands by until its
//! step lets the next one into the line: at the pace of the step, while a line to the carrier is free
//! beyond the reserve, and, where the step says so, only while agents are to spare.

use super::Dispatch;
use super::Place;
use super::desk::Doing;
use super::waiting::Ticket;
use crate::exchange::dialplan::Callback;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::Effect;
use crate::exchange::effect::NotPromised;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::limits::CALLBACKS_MAX;
use crate::exchange::scene::Scene;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// All calls back of a site that are not over.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Callbacks {
    /// By caller, one for each step; without a call until it is made.
    promised: BTreeMap<u64, Vec<(StepId, Option<CallId>)>>,
    count: usize,
    /// Those that wait for other calls: for those in which each was asked for, those that came from the
    /// same number since, and calls back of the same caller for which a phone rings, or that are dialled.
    #[serde(default)]
    askers: BTreeSet<(CallId, CallId)>,
    /// Those that have reached their callers and go on.
    #[serde(default)]
    reached: BTreeSet<CallId>,
    /// Those that may be dialled now, by step, in the order of their places; no step without any.
    standing_by: BTreeMap<StepId, BTreeSet<(Place, CallId)>>,
    /// When the next one of a step may be let into the line.
    not_before: BTreeMap<StepId, Tick>,
    /// When somebody looks again, if that is settled.
    looks_at: Option<Tick>,
    /// Lines without a trunk to dial on: their calls back in line are passed over.
    held_back: Vec<LineId>,
    /// Nothing can dial their numbers.
    #[serde(default)]
    undialable: bool,
}

/// What came of asking for a call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::exchange) enum Promise {
    New,
    /// This caller is to be called back by this step anyway, by this call once it is made.
    Already(Option<CallId>),
    /// It cannot be promised.
    Refused(NotPromised),
}

/// A callback step, and the queue whose agents make its calls.
pub(in crate::exchange) fn callback_step(
    plan: &Dialplan,
    step: StepId,
) -> (&Callback, QueueId, &Queue) {
    let StepKind::Callback(callback) = &plan.step(step).kind else {
        unreachable!("a call back of a step that makes none");
    };
    let StepKind::Queue(queue) = plan.step(callback.queue).kind else {
        unreachable!("the plan was checked: a callback step names a queue");
    };
    (callback, queue, plan.queue(queue))
}

impl Callbacks {
    /// The step of each call back that is not over.
    pub(super) fn steps(&self) -> impl Iterator<Item = StepId> + '_ {
        let promised = self.promised.values().flatten();
        promised.map(|(step, _)| *step)
    }

    /// The calls back that this caller was promised beside this one.
    fn others(&self, caller: u64, call: CallId) -> impl Iterator<Item = CallId> + '_ {
        let promised = self.promised.get(&caller).into_iter().flatten();
        let made = promised.filter_map(|(_, id)| *id);
        made.filter(move |other| *other != call)
    }

    /// Whether no call back of any line may be dialled: a look at each of those in line can be spared.
    pub(super) fn are_all_held_back(&self, plan: &Dialplan) -> bool {
        self.held_back.len() >= plan.lines.len()
    }

    /// When the next one of a step may be let into the line, whichever version of it let in the last one.
    fn not_before_of(&self, plan: &Dialplan, step: StepId) -> Option<Tick> {
        let same = self.not_before.iter();
        let same = same.filter(|(other, _)| is_same(plan, **other, step));
        same.map(|(_, at)| *at).max()
    }

    /// Goes over to other ids of steps and lines.
    pub(super) fn renumber(&mut self, moved: &Moved) {
        for (step, _) in self.promised.values_mut().flatten() {
            moved.follow_step(step);
        }
        let standing_by = std::mem::take(&mut self.standing_by).into_iter();
        let standing_by = standing_by.filter_map(|(step, all)| Some((moved.step(step)?, all)));
        self.standing_by = standing_by.collect();
        let not_before = std::mem::take(&mut self.not_before).into_iter();
        let not_before = not_before.filter_map(|(step, at)| Some((moved.step(step)?, at)));
        self.not_before = not_before.collect();
        let held_back = self.held_back.iter().filter_map(|line| moved.line(*line));
        self.held_back = held_back.collect();
    }
}

/// Whether two callback steps are the same one, of the same menus or of two versions.
fn is_same(plan: &Dialplan, one: StepId, other: StepId) -> bool {
    let (here, there) = (plan.step(one), plan.step(other));
    one == other
        || (here.name == there.name && plan.line_root(here.line) == plan.line_root(there.line))
}

impl Dispatch {
    /// Whether a caller is to be called back by a step, otherwise than by the call in which that is asked.
    pub(in crate::exchange) fn has_promised(
        &self,
        plan: &Dialplan,
        (caller, step): (u64, StepId),
        by: Option<CallId>,
    ) -> bool {
        self.promised_before(plan, (caller, step), by).is_some()
    }

    fn promised_before(
        &self,
        plan: &Dialplan,
        (caller, step): (u64, StepId),
        by: Option<CallId>,
    ) -> Option<Option<CallId>> {
        let promised = self.callbacks.promised.get(&caller)?;
        let is_kept = |call: CallId| Some(call) == by || self.callbacks.reached.contains(&call);
        let mut others = promised
            .iter()
            .filter(|(_, call)| !call.is_some_and(is_kept));
        let (_, call) = others.find(|(other, _)| is_same(plan, *other, step))?;
        Some(*call)
    }

    /// Whether anything can dial the numbers of calls back.
    pub(in crate::exchange) fn can_call_back(&self) -> bool {
        !self.callbacks.undialable
    }

    pub(in crate::exchange) fn set_dialling(&mut self, possible: bool) {
        self.callbacks.undialable = !possible;
    }

    /// A caller asks to be called back, in this call, or somebody else asks for it. A call that was made to
    /// call back has kept its promise by then.
    pub(in crate::exchange) fn promise(
        &mut self,
        plan: &Dialplan,
        (caller, step): (u64, StepId),
        by: Option<CallId>,
    ) -> Promise {
        if let Some(call) = self.promised_before(plan, (caller, step), by) {
            return Promise::Already(call);
        }
        if caller == 0 {
            return Promise::Refused(NotPromised::Withheld);
        }
        if self.callbacks.undialable {
            return Promise::Refused(NotPromised::Undialable);
        }
        if self.callbacks.count >= CALLBACKS_MAX {
            return Promise::Refused(NotPromised::TooMany);
        }
        let promised = self.callbacks.promised.entry(caller).or_default();
        promised.push((step, None));
        self.callbacks.count += 1;
        Promise::New
    }

    /// The call back that was promised is this call, with this place in line, or a new one with the head
    /// start of the caller's class. `is_under_way` says of another whether an agent or its caller is rung for it,
    /// or the caller is on the line.
    pub(in crate::exchange) fn promised(
        &mut self,
        (caller, step): (u64, StepId),
        call: CallId,
        kept: (Option<Place>, Span),
        (queue, now): (&Queue, Tick),
        is_under_way: impl Fn(CallId) -> bool,
    ) -> Place {
        if let Some(promised) = self.callbacks.promised.get_mut(&caller) {
            let wanted = (step, None);
            let mut same = promised.iter_mut().filter(|other| **other == wanted);
            if let Some((_, id)) = same.next() {
                *id = Some(call);
            }
            // Whoever is called back already is engaged until that call ends.
            let calls = promised.iter().filter_map(|(_, other)| *other);
            let engaged = calls.filter(|other| is_under_way(*other));
            (self.callbacks.askers).extend(engaged.map(|other| (call, other)));
        }
        self.waiting.take_place(queue, kept, now)
    }

    /// A call back was asked for in this call, which goes on.
    pub(in crate::exchange) fn asked_during(&mut self, callback: CallId, asker: CallId) {
        self.callbacks.askers.insert((callback, asker));
    }

    /// A caller is on the line, or rung, in this call: for all other calls back that were promised the
    /// telephone is engaged until it ends.
    pub(in crate::exchange) fn hold_promised(
        &mut self,
        scene: &mut Scene<'_>,
        caller: u64,
        call: CallId,
    ) {
        self.pass_over_others(caller, call);
        for callback in self.callbacks.others(caller, call) {
            scene.tell(callback, Event::Engaged);
        }
    }

    /// An agent's phone rings for a call back: the others of its caller are offered to nobody until it is
    /// dialled, or does not ring any more. Those in line keep their places there.
    pub(in crate::exchange) fn pass_over_others(&mut self, caller: u64, call: CallId) {
        let others = self.callbacks.others(caller, call);
        let others: Vec<_> = others.map(|other| (other, call)).collect();
        self.callbacks.askers.extend(others);
    }

    /// Whether a call goes on in which this call back was asked for, or its caller is on the line.
    pub(in crate::exchange) fn has_asker(&self, callback: CallId) -> bool {
        let mut from = self.callbacks.askers.range((callback, CallId::FIRST)..);
        from.next().is_some_and(|(other, _)| *other == callback)
    }

    /// A call is over: the calls back that wait for its end need do so no longer.
    #[inline]
    pub(in crate::exchange) fn asker_gone(&mut self, scene: &mut Scene<'_>, asker: CallId) {
        if !self.callbacks.askers.is_empty() {
            self.release_asked(scene, asker);
        }
    }

    #[inline(never)]
    fn release_asked(&mut self, scene: &mut Scene<'_>, asker: CallId) {
        let Self {
            callbacks, waiting, ..
        } = self;
        let askers = &mut callbacks.askers;
        for (callback, _) in askers.extract_if(.., |(_, other)| *other == asker) {
            match waiting.is_in_line(callback) {
                // Passed over so far.
                true => self.thinned = true,
                false => scene.tell(callback, Event::AskerGone),
            }
        }
    }

    /// A call back is over.
    pub(in crate::exchange) fn kept_promise(&mut self, caller: u64, call: CallId) {
        self.callbacks.askers.retain(|(other, _)| *other != call);
        self.callbacks.reached.remove(&call);
        let Some(promised) = self.callbacks.promised.get_mut(&caller) else {
            return;
        };
        promised.retain(|(_, other)| *other != Some(call));
        self.callbacks.count -= 1;
        if promised.is_empty() {
            self.callbacks.promised.remove(&caller);
        }
    }

    /// Calls back that are not over.
    pub(in crate::exchange) fn callbacks_promised(&self) -> usize {
        self.callbacks.count
    }

    /// Whether any call back may be let into the line, or be offered that was held back.
    #[inline]
    pub(in crate::exchange) fn callbacks_wait(&self) -> bool {
        self.callbacks.count > 0 && self.some_callback_waits()
    }

    #[inline(never)]
    fn some_callback_waits(&self) -> bool {
        !self.callbacks.held_back.is_empty() || !self.callbacks.standing_by.is_empty()
    }

    /// A caller has been answered: a call back is not wanted any more.
    #[inline]
    pub(super) fn withdraw_promises(&self, scene: &mut Scene<'_>, caller: u64, call: CallId) {
        if self.callbacks.count > 0 {
            self.withdraw_all(scene, caller, call);
        }
    }

    #[inline(never)]
    fn withdraw_all(&self, scene: &mut Scene<'_>, caller: u64, call: CallId) {
        for other in self.callbacks.others(caller, call) {
            scene.tell(other, Event::NotWanted);
        }
    }

    /// A call back may be dialled from now on.
    pub(in crate::exchange) fn stands_by(&mut self, step: StepId, place: Place, call: CallId) {
        let line = self.callbacks.standing_by.entry(step).or_default();
        line.insert((place, call));
    }

    /// A call back that stood by does so no longer.
    pub(in crate::exchange) fn stands_by_no_longer(
        &mut self,
        step: StepId,
        place: Place,
        call: CallId,
    ) {
        if let Some(line) = self.callbacks.standing_by.get_mut(&step) {
            line.remove(&(place, call));
            if line.is_empty() {
                self.callbacks.standing_by.remove(&step);
            }
        }
    }

    /// The next call back whose turn it is to be in line, if any. `has_trunk` says whether a line
    /// to the carrier may be taken for it, `language_of` what whoever is called speaks.
    pub(in crate::exchange) fn next_callback(
        &mut self,
        scene: &mut Scene<'_>,
        has_trunk: impl Fn(LineId) -> bool,
        language_of: impl Fn(CallId) -> LanguageId,
    ) -> Option<CallId> {
        let plan = scene.plan;
        let mut looks_at: Option<Tick> = None;
        let mut found: Option<(StepId, Place, CallId, Span)> = None;
        for (&step, line) in &self.callbacks.standing_by {
            let is_first =
                |(place, _): &(Place, CallId)| found.is_none_or(|(_, first, ..)| *place < first);
            if !line.first().is_some_and(is_first) {
                continue;
            }
            let (callback, _, queue) = callback_step(plan, step);
            let not_before = self.callbacks.not_before_of(plan, step);
            if let Some(at) = not_before.filter(|at| *at > scene.now) {
                looks_at = Some(looks_at.map_or(at, |other| other.min(at)));
                continue;
            }
            let spares = |lane: &LaneId| self.has_to_spare(plan, callback, *lane);
            if !has_trunk(plan.step(step).line) || !queue.lanes.iter().any(spares) {
                continue;
            }
            // Of several languages those before may have nobody to spare.
            let lane_of = |call| queue.lanes[language_of(call).index()];
            let next = line.iter().find(|(_, call)| spares(&lane_of(*call)));
            if let Some(&(place, call)) = next.filter(|next| is_first(next)) {
                found = Some((step, place, call, callback.gap));
            }
        }
        let Some((step, place, call, gap)) = found else {
            self.look_again_at(scene, looks_at);
            return None;
        };
        self.stands_by_no_longer(step, place, call);
        if gap > Span::ZERO {
            self.callbacks.not_before.insert(step, scene.now + gap);
        }
        Some(call)
    }

    fn look_again_at(&mut self, scene: &mut Scene<'_>, at: Option<Tick>) {
        let settled = self.callbacks.looks_at.filter(|at| *at > scene.now);
        if let Some(at) = at.filter(|at| settled.is_none_or(|settled| *at < settled)) {
            scene.wheel.schedule(at, Deadline::Callbacks);
            self.callbacks.looks_at = Some(at);
        }
    }

    /// Whether a call back for the agents of a lane would keep none from anybody, as far as its step asks for
    /// that.
    fn has_to_spare(&self, plan: &Dialplan, callback: &Callback, lane: LaneId) -> bool {
        let Some(spare) = callback.spare_agents else {
            return true;
        };
        self.waiting.lane_len(lane) == 0 && self.free_in(plan, lane) > usize::from(spare)
    }

    /// How many are free who may take calls of this lane.
    pub(super) fn free_in(&self, plan: &Dialplan, lane: LaneId) -> usize {
        let profiles = plan.lanes[lane.index()].profiles.iter();
        profiles.map(|profile| self.idle.len(*profile)).sum()
    }

    /// No trunk of this line is free: its calls back are offered to nobody until one is.
    pub(in crate::exchange) fn hold_back(&mut self, line: LineId) {
        if !self.callbacks.held_back.contains(&line) {
            self.callbacks.held_back.push(line);
        }
    }

    /// Trunks may be free again: agents and calls back are brought together once more.
    pub(in crate::exchange) fn let_go_on(&mut self, has_trunk: impl Fn(LineId) -> bool) -> bool {
        let before = self.callbacks.held_back.len();
        self.callbacks.held_back.retain(|line| !has_trunk(*line));
        let freed = self.callbacks.held_back.len() < before;
        self.thinned |= freed;
        freed
    }

    /// Whether a call in line is offered to nobody: a call back without a trunk, or while a phone rings for
    /// another one of its caller.
    #[inline]
    pub(super) fn is_held_back(&self, plan: &Dialplan, ticket: &Ticket) -> bool {
        ticket.is_callback && self.is_passed_over(plan, ticket)
    }

    #[inline(never)]
    fn is_passed_over(&self, plan: &Dialplan, ticket: &Ticket) -> bool {
        let line = plan.step(plan.queue(ticket.queue).step).line;
        self.callbacks.held_back.contains(&line) || self.has_asker(ticket.call)
    }

    /// A call back leaves the line: dialled, or not to be for now.
    pub(in crate::exchange) fn leave_line(&mut self, scene: &Scene<'_>, call: CallId) {
        self.step_aside(scene, call);
        self.waiting.withdraw(call);
    }

    /// The number is dialled for an agent: the talk has not begun, and nobody else dials it.
    pub(in crate::exchange) fn dials(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        (caller, call): (u64, CallId),
    ) {
        self.talks_from(agent, Tick::NEVER);
        self.hold_promised(scene, caller, call);
    }

    /// The caller has answered the agent: the promise is kept, and no other is wanted any more.
    pub(in crate::exchange) fn reached(
        &mut self,
        scene: &mut Scene<'_>,
        agent: AgentId,
        (caller, call): (u64, CallId),
    ) {
        self.callbacks.reached.insert(call);
        self.talks_from(agent, scene.now);
        self.withdraw_promises(scene, caller, call);
    }

    fn talks_from(&mut self, agent: AgentId, from: Tick) {
        if let Doing::Talking { since, .. } = &mut self.desks[agent.index()].doing {
            *since = from;
        }
    }

    /// The number did not answer the agent who was ready for it: that is no call of the agent's.
    pub(in crate::exchange) fn not_reached(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        let Doing::Talking { call, queue, .. } = self.desks[agent.index()].doing else {
            unreachable!("an agent is ready for a call back until it is over");
        };
        scene.emit(Effect::Disconnect { call, agent });
        let desk = &mut self.desks[agent.index()];
        (desk.call_ended, desk.last_queue) = (Some(scene.now), Some(queue));
        self.ledger
            .refund(agent, self.profile_of(scene.plan, agent));
        let group = scene.plan.queue(queue).group;
        self.goes_on(scene, agent, scene.plan.group(group).rest);
    }
}
