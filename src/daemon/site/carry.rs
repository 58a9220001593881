//! From what the exchange asks for to what bridges are told.

use super::BridgeId;
use super::Site;
use super::speaker::Speaker;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::Capability;
use crate::daemon::bridge::protocol::RefuseReason;
use crate::daemon::bridge::protocol::Spoken;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::Effect;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::OfferId;
use crate::exchange::id::PlayId;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::input::Input;
use crate::exchange::record::Blocked;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::mem;

impl Site {
    /// Puts what the exchange asks for into the bridges' outboxes, and notes its records. What no bridge
    /// can do has failed at once.
    pub(super) fn carry_out(&mut self, at: Tick) {
        self.carry_all(at);
        while let Some(input) = self.work.follow_ups.pop() {
            self.exchange.handle(at, input, &mut self.work.effects);
            self.carry_all(at);
        }
    }

    fn carry_all(&mut self, at: Tick) {
        let mut effects = mem::take(&mut self.work.effects);
        for effect in effects.drain(..) {
            self.carry(at, effect);
        }
        self.work.effects = effects;
    }

    fn carry(&mut self, at: Tick, effect: Effect) {
        match effect {
            Effect::Answer { call, .. } => self.answer(at, call),
            Effect::Refuse { .. } => {
                if let Some(attempt) = &self.work.attempt {
                    let (call, reason) = (attempt.name.clone(), RefuseReason::Busy);
                    self.bridges
                        .send(attempt.bridge, Act::Refuse { call, reason });
                }
            }
            Effect::Fill { with, .. } => self.work.fills.push(with),
            Effect::Play {
                call,
                play,
                prompt,
                language,
                ..
            } => self.play(call, play, prompt, language),
            Effect::Dial {
                call, step, agent, ..
            } => self.dial(call, step, agent),
            Effect::Stop { call } => {
                self.message_stops(at, call);
                self.tell_carrier(call, |call| Act::Stop { call });
            }
            Effect::HoldMusic { call, queue } => {
                let file = self.exchange.plan().queue(queue).music.clone();
                if self.carrier_can(call, Capability::Music) {
                    self.tell_carrier(call, |call| Act::Music { call, file });
                }
            }
            Effect::TakeMessage { call, step, max } => self.take_message(at, call, step, max),
            Effect::Transfer { call, step } => self.transfer(call, step),
            Effect::LookUp { call, lookup, step } => self.ask(call, lookup, step),
            Effect::Ticket {
                call,
                step,
                language,
            } => self.hand_in(at, call, step, language),
            Effect::Ring { agent, offer, call } => {
                if let Err(failed) = self.ring(agent, offer, call) {
                    self.work.follow_ups.push(failed);
                }
            }
            Effect::CancelRing { offer, .. } => {
                if let Some((_, call)) = self.offers.get(&offer.0).copied() {
                    self.tell_carrier(call, |_| Act::CancelRing { offer: offer.0 });
                }
            }
            Effect::Connect { call, agent } => self.connect(call, agent),
            Effect::Recording { call, agent, act } => self.record_talk(at, (call, agent), act),
            Effect::Disconnect { call, agent } => {
                if let Some(offer) = self.offer_of(agent, call) {
                    self.offers.remove(&offer);
                    self.tell_carrier(call, |call| Act::Disconnect { call, offer });
                }
            }
            Effect::HangUp { call } => self.tell_carrier(call, |call| Act::HangUp { call }),
            Effect::Record(Record::Blocked { line, why, .. }) => {
                if let Some(attempt) = self.work.attempt.take() {
                    let line = self.exchange.plan().line(line).name.clone();
                    let detail = match why {
                        Blocked::NoTrunk => RefuseReason::Busy.name(),
                        Blocked::CallerLimit => "caller-limit",
                    };
                    self.blocked(at, &attempt, &line, detail);
                }
            }
            Effect::Record(record) => self.note(at, &record),
            Effect::Ignored(why) => self.ignored(why),
        }
    }

    fn answer(&mut self, at: Tick, call: CallId) {
        let Some(attempt) = self.work.attempt.take() else {
            return;
        };
        self.calls.insert(call, &attempt, at);
        let bridge = self.bridges.get_mut(attempt.bridge);
        bridge.calls_mut().insert(attempt.name.clone(), call);
        let call = attempt.name;
        self.bridges.send(attempt.bridge, Act::Answer { call });
    }

    /// Sends something about a call to the bridge that carries it.
    pub(super) fn tell_carrier(&mut self, call: CallId, act: impl FnOnce(String) -> Act) {
        if let Some(facts) = self.calls.get(call) {
            let (bridge, name) = (facts.bridge, facts.name.clone());
            self.bridges.send(bridge, act(name));
        }
    }

    /// Whether the bridge that carries a call is connected.
    pub(super) fn carrier_is_here(&self, call: CallId) -> bool {
        let carrier = self.calls.get(call).map(|facts| facts.bridge);
        carrier.is_some_and(|bridge| self.bridges.get(bridge).connected)
    }

    pub(super) fn carrier_can(&self, call: CallId, what: Capability) -> bool {
        let carrier = self.calls.get(call).map(|facts| facts.bridge);
        carrier.is_some_and(|bridge: BridgeId| self.bridges.get(bridge).can.contains(&what))
    }

    fn play(&mut self, call: CallId, play: PlayId, prompt: PromptId, language: LanguageId) {
        let plan = self.exchange.plan().clone();
        let speech = plan.speech(prompt, language);
        let fills = mem::take(&mut self.work.fills);
        let speaker = Speaker {
            site: self,
            call,
            tag: &plan.languages[language.index()],
            fills: &fills,
        };
        let parts = speech.parts.iter().map(|part| speaker.spoken(part));
        let parts: Vec<Spoken> = parts.collect();
        let line = plan.line(self.line_of_call(call)).name.clone();
        let act = |name| Act::Play {
            call: name,
            play: play.0,
            line,
            prompt: plan.prompts[prompt.index()].name.clone(),
            language: plan.languages[language.index()].clone(),
            parts,
            length_ms: speech.length.0,
        };
        self.tell_carrier(call, act);
        self.work.fills = fills;
        self.work.fills.clear();
    }

    fn take_message(&mut self, at: Tick, call: CallId, step: StepId, max: Span) {
        if !self.carrier_can(call, Capability::Record) {
            if let Some(facts) = self.calls.get_mut(call) {
                facts.unrecorded = true;
            }
            let length = None;
            let ended = Input::RecordingEnded { call, length };
            return self.work.follow_ups.push(ended);
        }
        let plan = self.exchange.plan().clone();
        let StepKind::Record(message) = &plan.step(step).kind else {
            return;
        };
        if let Some(facts) = self.calls.get_mut(call) {
            (facts.recording, facts.records_since) = (Some(step), Some(at));
        }
        self.tell_carrier(call, |call| Act::Record {
            call,
            mailbox: message.mailbox.clone(),
            max_ms: max.0,
        });
    }

    fn transfer(&mut self, call: CallId, step: StepId) {
        if !self.carrier_can(call, Capability::Transfer) {
            return self.work.follow_ups.push(Input::TransferFailed { call });
        }
        let plan = self.exchange.plan().clone();
        let at = plan.step(step);
        if let StepKind::Transfer(transfer) = &at.kind {
            let rules = &plan.line(at.line).dialling;
            let to = transfer.number(rules, |entry| self.exchange.saved(call, entry));
            self.tell_carrier(call, |call| Act::Transfer { call, to });
        }
    }

    /// Rings an agent; else what has come of it. An offer that nobody rings is none to bridges.
    fn ring(&mut self, agent: AgentId, offer: OfferId, call: CallId) -> Result<(), Input> {
        let plan = self.exchange.plan().clone();
        let person = plan.agent(agent);
        let found = self.find_carrier(call, person.phone());
        let can = found.and_then(|()| match self.carrier_can(call, Capability::Ring) {
            true => Ok(()),
            // Not the agent's doing.
            false => Err(Input::CarrierRings { call, rings: false }),
        });
        if can.is_err() {
            self.offers.remove(&offer.0);
            return can;
        }
        let from = self.calls.get(call).and_then(|facts| facts.from.clone());
        self.tell_carrier(call, |call| Act::Ring {
            call,
            offer: offer.0,
            agent: person.name.clone(),
            device: person.phone().to_owned(),
            from,
        });
        Ok(())
    }

    /// Joins caller and agent. A phone that answers by itself is rung only now; where the bridge rings
    /// none the talk is over at once.
    fn connect(&mut self, call: CallId, agent: AgentId) {
        let Some(offer) = self.offer_of(agent, call) else {
            return;
        };
        let plan = self.exchange.plan().clone();
        // Who has left meanwhile was rung for the last queue of the call.
        let last = || self.calls.get(call).and_then(|facts| facts.queue());
        let queue = self.exchange.talk_queue(agent).or_else(last);
        let by_itself =
            queue.is_some_and(|queue| plan.group(plan.queue(queue).group).ring == Span::ZERO);
        if by_itself && self.ring(agent, OfferId(offer), call).is_err() {
            return (self.work.follow_ups).push(Input::AgentHungUp { agent });
        }
        self.tell_carrier(call, |call| Act::Connect { call, offer });
    }

    pub(super) fn offer_of(&self, agent: AgentId, call: CallId) -> Option<u64> {
        let offer = *self.offer_at.get(&agent)?;
        (self.offers.get(&offer) == Some(&(agent, call))).then_some(offer)
    }

    /// A ringing that was not answered is forgotten; one that was names the talk.
    pub(super) fn offer_ended(&mut self, offer: OfferId, how: OfferEnd) {
        if how != OfferEnd::Answered {
            self.offers.remove(&offer.0);
        }
    }
}
