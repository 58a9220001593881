//! What each input is for: the call, the agent or the line that is told of it, or why it is ignored.

use super::Exchange;
use super::call::Call;
use super::call::Step;
use super::effect::Effect;
use super::effect::Ignored;
use super::event::Event;
use super::id::AgentId;
use super::id::CallId;
use super::id::LineId;
use super::input::Input;
use super::input::Transferee;
use super::limits::CALLS_MAX;
use super::record::Blocked;
use super::record::Record;

impl Exchange {
    /// Hands an input to whom it is for.
    pub(super) fn take(&mut self, input: &Input, effects: &mut Vec<Effect>) -> Result<(), Ignored> {
        match *input {
            Input::CallArrived {
                line,
                tag,
                caller,
                agent,
            } => self.arrive(line, (tag, caller), agent, effects),
            Input::Key { call, key } => self.ask(
                call,
                Event::Key(key),
                Ignored::KeyWithoutMeaning(call),
                effects,
            ),
            Input::HiddenKey { call, fits } => self.ask(
                call,
                Event::HiddenKey { fits },
                Ignored::KeyWithoutMeaning(call),
                effects,
            ),
            Input::OriginMoved { origin_ms } => {
                self.move_origin(origin_ms, effects);
                Ok(())
            }
            Input::EntryLost { call } => self.ask_now(call, Event::EntryLost, effects),
            Input::CallAdrift { call, patience } => {
                self.ask_now(call, Event::Adrift(patience), effects)
            }
            Input::CallBack { call, afresh } => self.ask_now(call, Event::Back { afresh }, effects),
            Input::CarrierRings { call, rings } => {
                self.ask_now(call, Event::CarrierRings(rings), effects)
            }
            Input::PromptEnded { call, play } => self.ask(
                call,
                Event::PromptEnded(play),
                Ignored::StalePlay(call, play),
                effects,
            ),
            Input::LookedUp {
                call,
                lookup,
                result,
            } => self.ask(
                call,
                Event::LookedUp(lookup, result),
                Ignored::StaleLookup(call, lookup),
                effects,
            ),
            Input::CallerKnown { call, lookup, what } => {
                let machine = self.calls.get(call);
                let machine = machine.ok_or(Ignored::UnknownCall(call))?;
                match machine.call().asks(lookup) {
                    true => self.ask_now(call, Event::CallerKnown(what), effects),
                    false => Err(Ignored::StaleLookup(call, lookup)),
                }
            }
            Input::NumberBarred { call } => self.ask_now(call, Event::NumberBarred, effects),
            Input::Switched { line, what, until } => {
                if line.index() >= self.plan.lines.len() {
                    return Err(Ignored::UnknownLine);
                }
                let root = self.plan.line_root(line);
                self.switches[root.index()].set(what, until);
                Ok(())
            }
            Input::CallerHungUp { call } => self.ask_now(call, Event::HungUp, effects),
            Input::RecordingEnded { call, length } => {
                self.ask_now(call, Event::RecordingEnded { length }, effects)
            }
            Input::TransferDone { call } => self.ask_now(call, Event::TransferDone, effects),
            Input::TransferFailed { call } => self.ask_now(call, Event::TransferFailed, effects),
            Input::AgentSignedIn { agent } => {
                self.desk(effects, |dispatch, scene| dispatch.sign_in(scene, agent))
            }
            Input::AgentReady { agent } => {
                self.desk(effects, |dispatch, scene| dispatch.ready(scene, agent))
            }
            Input::AgentPaused { agent, reason } => self.desk(effects, |dispatch, scene| {
                dispatch.pause(scene, agent, reason)
            }),
            Input::AgentExtended { agent } => {
                self.desk(effects, |dispatch, scene| dispatch.extended(scene, agent))
            }
            Input::AgentMoved { agent, groups } => self.desk(effects, |dispatch, scene| {
                dispatch.wants_to_move(scene, agent, groups)
            }),
            Input::AgentSignedOut { agent } => {
                self.desk(effects, |dispatch, scene| dispatch.sign_out(scene, agent))
            }
            Input::AgentTransferred { agent, to } => {
                let call = self.dispatch.talking_to(agent)?;
                self.may_be_handed(call, agent, to)?;
                self.ask_now(call, Event::Transferred(to), effects)
            }
            Input::ColleagueInvited { agent, to } => {
                let call = self.dispatch.talking_to(agent)?;
                self.may_be_handed(call, agent, to)?;
                self.ask_talk(agent, Event::Invited(to), effects)
            }
            Input::InvitationWithdrawn { agent } => {
                self.ask_talk(agent, Event::InvitationWithdrawn, effects)
            }
            Input::AgentUnreachable { agent } => self.desk(effects, |dispatch, scene| {
                dispatch.set_reachable(scene, agent, false)
            }),
            Input::AgentReachable { agent } => self.desk(effects, |dispatch, scene| {
                dispatch.set_reachable(scene, agent, true)
            }),
            Input::AgentAnswered { agent, offer } => self.desk(effects, |dispatch, scene| {
                dispatch.answered(scene, agent, offer)
            }),
            Input::AgentDeclined { agent, offer } => self.desk(effects, |dispatch, scene| {
                dispatch.declined(scene, agent, offer)
            }),
            Input::AgentHungUp { agent } => {
                let call = self.dispatch.talking_to(agent)?;
                self.ask_now(call, Event::AgentHungUp { agent }, effects)
            }
            Input::RecordingPaused { agent } => {
                self.ask_talk(agent, Event::RecordingPaused, effects)
            }
            Input::RecordingResumed { agent } => {
                self.ask_talk(agent, Event::RecordingResumed, effects)
            }
            Input::RecordingFailed { call } => self.ask_now(call, Event::RecordingFailed, effects),
            Input::CallbackAsked {
                step,
                tag,
                caller,
                language,
                not_before,
            } => self.ask_for_callback(step, (tag, caller, language), not_before, effects),
            Input::CallbackWithdrawn { call } => self.ask_now(call, Event::NotWanted, effects),
            Input::CallbackReached { call } => self.ask_now(call, Event::Reached, effects),
            Input::CallbackFailed { call } => self.ask_now(call, Event::NotReached, effects),
            Input::CallbackUndialled { call, away } => {
                self.ask_now(call, Event::CannotDial { away }, effects)
            }
            Input::Dialling { possible } => {
                self.dispatch.set_dialling(possible);
                Ok(())
            }
            Input::CallbackDialable { call } => self.ask_now(call, Event::CanDial, effects),
        }
    }

    fn arrive(
        &mut self,
        line_id: LineId,
        (tag, caller): (u64, u64),
        agent: Option<AgentId>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Ignored> {
        let line = self
            .plan
            .lines
            .get(line_id.index())
            .ok_or(Ignored::UnknownLine)?;
        if let Some(agent) = agent.filter(|agent| agent.index() >= self.plan.agents.len()) {
            return Err(Ignored::UnknownAgent(agent));
        }
        if line.retired {
            return Err(Ignored::UnknownLine);
        }
        let root = self.plan.line_root(line_id);
        let trunks = &mut self.trunks[root.index()];
        let busy = line
            .trunks
            .is_some_and(|trunks_max| trunks.in_use >= trunks_max);
        let callers = &mut self.callers[root.index()];
        let too_often = !busy
            && line
                .caller_limit
                .is_some_and(|limit| !callers.may_call(caller, limit, self.now));
        if busy || too_often || self.calls.len() >= CALLS_MAX {
            effects.push(Effect::Refuse { tag, line: line_id });
            effects.push(Effect::Record(Record::Blocked {
                line: line_id,
                tag,
                caller,
                why: match too_often {
                    true => Blocked::CallerLimit,
                    false => Blocked::NoTrunk,
                },
            }));
            return Ok(());
        }
        trunks.in_use += 1;
        let id = self.calls.next_id();
        let now = self.now;
        self.calls.insert(id, || {
            Call::new(id, line_id, line, (tag, caller, agent), now)
        });
        effects.push(Effect::Answer { call: id, tag });
        effects.push(Effect::Record(Record::Arrived {
            call: id,
            line: line_id,
            tag,
            caller,
        }));
        if self.dispatch.callbacks_promised() > 0 {
            self.hold_callbacks(caller, id, effects);
        }
        self.tell(id, Event::Started, effects);
        Ok(())
    }

    /// Whether an agent may hand a call on to somebody, or invite them into it.
    fn may_be_handed(&self, call: CallId, from: AgentId, to: Transferee) -> Result<(), Ignored> {
        match to {
            Transferee::Queue(id) => {
                let queue = self.plan.queues.get(id.index());
                let line = queue.map(|queue| self.plan.step(queue.step).line);
                let own = self.calls.get(call).map(|machine| machine.call().line);
                let fits = line.is_some() && line == own;
                fits.then_some(()).ok_or(Ignored::UnknownQueue(id))
            }
            Transferee::Agent(agent) => {
                let at_work = self.dispatch.is_at_work(agent)? && agent != from;
                (at_work && self.may_be_rung_for(call))
                    .then_some(())
                    .ok_or(Ignored::AgentNotNow(agent))
            }
        }
    }

    /// Tells a call something that may be out of place.
    fn ask(
        &mut self,
        call: CallId,
        event: Event,
        otherwise: Ignored,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Ignored> {
        match self.tell(call, event, effects) {
            None => Err(Ignored::UnknownCall(call)),
            Some(Step::Ignored) => Err(otherwise),
            Some(Step::Stayed | Step::Moved) => Ok(()),
        }
    }

    fn ask_now(
        &mut self,
        call: CallId,
        event: Event,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Ignored> {
        self.ask(call, event, Ignored::NotNow(call), effects)
    }

    /// Tells the call of an agent something that may be out of place.
    fn ask_talk(
        &mut self,
        agent: AgentId,
        event: Event,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Ignored> {
        let call = self.dispatch.talking_to(agent)?;
        self.ask(call, event, Ignored::AgentNotNow(agent), effects)
    }
}
