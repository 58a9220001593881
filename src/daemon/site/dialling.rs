//! Calls back: promised in one call, dialled by a bridge once an agent is ready.

use super::BridgeId;
use super::Site;
use super::calls::Attempt;
use super::calls::CallFacts;
use super::calls::Undialled;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::Capability;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use crate::exchange::input::Input;
use crate::exchange::record::AskedBy;
use crate::exchange::record::CallbackEnd;
use crate::exchange::record::CallbackFact;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::BTreeSet;

/// How the names of calls back begin, for the bridges that carry them.
pub const CALLBACK_NAME: &str = "callback-";

impl Site {
    /// Notes how a call back comes along.
    pub(super) fn note_callback(&mut self, at: Tick, call: CallId, what: CallbackFact) {
        match what {
            CallbackFact::Booked { by, .. } => self.booked(at, call, by),
            CallbackFact::Unreached { .. } => self.rings_no_more(call),
            CallbackFact::Ended(how) => {
                let line = self.line_of_call(call);
                let facts = self.calls.get_mut(call);
                if let Some(facts) = facts.filter(|_| how != CallbackEnd::Undialled) {
                    facts.undialled = None;
                }
                self.close(at, call, line, how.name());
            }
            CallbackFact::InLine { .. }
            | CallbackFact::Dialled { .. }
            | CallbackFact::Reached { .. } => {}
        }
    }

    /// The line is that of the call in which it was promised, and so is the number, unless another was
    /// typed there.
    fn booked(&mut self, at: Tick, call: CallId, by: AskedBy) {
        let AskedBy::Call(during) = by else {
            return self.promised_to_program(at, call);
        };
        let Some(facts) = self.calls.get(during) else {
            return;
        };
        let name = format!("{CALLBACK_NAME}{call}");
        let line = facts.line;
        let typed = self.exchange.typed_number(call);
        let typed =
            (!typed.is_empty()).then(|| self.exchange.plan().line(line).dialling.number(&typed));
        let number = typed.as_deref().or(facts.from.as_deref());
        let (attempt, consent) = (Attempt::new(facts.bridge, &name, number), facts.consent);
        self.calls.insert(call, &attempt, at);
        if let Some(facts) = self.calls.get_mut(call) {
            (facts.line, facts.is_promised, facts.consent) = (line, true, consent);
        }
    }

    /// A bridge that is there, and can ring the agent, takes a call back that nobody carries, if its number
    /// may be dialled: the one that took the promise, if it can. Else what has come of it. Other calls have
    /// a bridge.
    pub(super) fn find_carrier(&mut self, call: CallId, device: &str) -> Result<(), Input> {
        let found = match self.calls.get(call) {
            Some(facts) if facts.is_promised => self.carrier_for(facts, device),
            Some(_) => return Ok(()),
            None => Err(Undialled::NoBridge),
        };
        if let Some(facts) = self.calls.get_mut(call) {
            facts.undialled = found.err();
            facts.bridge = found.unwrap_or(facts.bridge);
        }
        let away = found == Err(Undialled::BridgeAway);
        match away {
            true => self.undialled.insert(call),
            false => self.undialled.remove(&call),
        };
        match found {
            Ok(_) => Ok(()),
            Err(_) => Err(Input::CallbackUndialled { call, away }),
        }
    }

    fn carrier_for(&self, facts: &CallFacts, device: &str) -> Result<BridgeId, Undialled> {
        let number = facts.from.as_deref();
        if number.is_none_or(|number| self.may_not_call_back(facts.line, number)) {
            return Err(Undialled::NumberNotAllowed);
        }
        let fits = |id: &BridgeId| self.could_call_back(*id, device);
        let all = self.bridges.iter().map(|(id, _)| id);
        let by_preference = std::iter::once(facts.bridge).chain(all);
        let mut known = by_preference.filter(fits).peekable();
        let none = match known.peek() {
            Some(_) => Undialled::BridgeAway,
            None => Undialled::NoBridge,
        };
        known.find(|id| self.bridges.get(*id).connected).ok_or(none)
    }

    /// Whether a bridge can dial a number, and ring the agent who has this device, when it is there.
    fn could_call_back(&self, id: BridgeId, device: &str) -> bool {
        let bridge = self.bridges.get(id);
        bridge.could_ring(device) && bridge.calls_back()
    }

    /// Tells the exchange whether any bridge that is there, or was, could make calls back.
    pub(super) fn check_dialling(&mut self, at: Tick) {
        let possible = self.bridges.iter().any(|(_, bridge)| bridge.calls_back());
        if possible != self.exchange.can_call_back() {
            self.handle(at, Input::Dialling { possible });
        }
    }

    /// A bridge is there again: calls back that it could not dial for that need not wait any more.
    pub(super) fn dials_again(&mut self, at: Tick, bridge: BridgeId) {
        if !self.bridges.get(bridge).can.contains(&Capability::Dial) {
            return;
        }
        let calls = std::mem::take(&mut self.undialled);
        self.can_dial(at, calls);
    }

    /// Calls back need wait for no bridge any more: the first of them first.
    fn can_dial(&mut self, at: Tick, calls: BTreeSet<CallId>) {
        let mut calls: Vec<CallId> = calls.into_iter().collect();
        self.exchange.sort_by_place(&mut calls);
        for call in calls {
            self.handle(at, Input::CallbackDialable { call });
        }
    }

    /// Bridges are gone that rang agents for calls back: nobody's phone rings any more, which is no agent's
    /// doing, and another bridge may take them over at once.
    pub(super) fn rings_in_vain(&mut self, at: Tick, gone: &[BridgeId]) {
        let is_rung = |call: &CallId| {
            let facts = self.calls.get(*call);
            facts.is_some_and(|facts| facts.is_promised && gone.contains(&facts.bridge))
        };
        let offers = self.offers.values().map(|(_, call)| *call);
        let calls: BTreeSet<CallId> = offers.filter(is_rung).collect();
        for call in &calls {
            let (call, away) = (*call, true);
            self.handle(at, Input::CallbackUndialled { call, away });
        }
        self.can_dial(at, calls);
    }

    /// Whether a number may not be dialled: by the rules under which it was promised, or by those that the
    /// line has now.
    fn may_not_call_back(&self, line: LineId, number: &str) -> bool {
        let plan = self.exchange.plan();
        let now = plan.line_named(&plan.line(line).name).unwrap_or(line);
        [line, now].map(|line| may_not_dial(plan.line(line), number)) != [false; 2]
    }

    /// Dials the number of a call back for an agent. From now on the bridge carries the call.
    pub(super) fn dial(&mut self, call: CallId, step: StepId, agent: AgentId) {
        let plan = self.exchange.plan().clone();
        let device = plan.agent(agent).phone();
        if let Err(failed) = self.find_carrier(call, device) {
            return self.work.follow_ups.push(failed);
        }
        let carrier = self.calls.get(call).map(|facts| facts.bridge);
        if carrier.is_some_and(|bridge| !self.could_call_back(bridge, device)) {
            return self.cannot_dial_again(call);
        }
        let ring = match &plan.step(step).kind {
            StepKind::Callback(callback) => callback.ring,
            _ => Span::ZERO,
        };
        let Some(facts) = self.calls.get_mut(call) else {
            return;
        };
        let bridge = facts.bridge;
        let carried = self.bridges.get_mut(bridge).calls_mut();
        // The bridge may have called one of its own so; what it dials again keeps its name.
        let others = (2_u32..).map(|other| format!("{CALLBACK_NAME}{call}-{other}"));
        let mut names = std::iter::once(facts.name.clone()).chain(others);
        if let Some(free) = names.find(|name| carried.get(name).is_none_or(|other| *other == call))
        {
            facts.name = free;
        }
        carried.insert(facts.name.clone(), call);
        facts.is_promised = false;
        let line = plan.line(facts.line);
        let show = line.numbers.first().cloned();
        let name = facts.name.clone();
        let number = facts.from.as_deref().unwrap_or_default();
        let number = line.dialling.shown(number);
        self.bridges.send(
            bridge,
            Act::Dial {
                call: name,
                number,
                show,
                ring_ms: ring.0,
            },
        );
    }

    /// A bridge has forgotten that it dials a number, and cannot do so any more.
    fn cannot_dial_again(&mut self, call: CallId) {
        if let Some(facts) = self.calls.get_mut(call) {
            facts.undialled = Some(Undialled::NoBridge);
        }
        let away = false;
        let failed = Input::CallbackUndialled { call, away };
        self.work.follow_ups.push(failed);
    }

    /// The number was dialled in vain: the call back is nobody's until its next turn.
    fn rings_no_more(&mut self, call: CallId) {
        if let Some(facts) = self.calls.get_mut(call) {
            facts.is_promised = true;
            self.bridges
                .get_mut(facts.bridge)
                .carries_no_more(&facts.name, call);
        }
    }
}

/// Whether the rules of a line forbid a number. A line without rules dials whoever has called it.
pub(super) fn may_not_dial(line: &Line, number: &str) -> bool {
    !line.dialling.is_empty() && !line.dialling.accepts_number(number)
}
