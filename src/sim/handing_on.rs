//! Agents who hand their callers on to another queue, and those who stay until somebody there has answered.

use super::attempt::Attempt;
use super::stream::Purpose;
use super::world::Errand;
use super::world::World;
use crate::exchange::id::AgentId;
use crate::exchange::input::Input;
use crate::exchange::input::Transferee;
use crate::exchange::time::Span;
use crate::exchange::wheel::TimerId;

/// How often one caller is handed on in a call, at most.
pub const HAND_OVERS_MAX: u8 = 3;

/// An agent who has invited a colleague and is still on the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    agent: AgentId,
    /// When the agent leaves, once the colleague has answered.
    leaves: Option<TimerId>,
}

impl World<'_> {
    /// Whether the agent hands the caller on after the talk. If so, the caller waits anew, as patient as
    /// before, and has not got what the call was for; or stays with the agent until somebody comes.
    pub(super) fn hands_on(&mut self, slot: u32, agent: AgentId) -> bool {
        let attempt = &self.attempts[slot as usize];
        let Some((rule, to)) = self.transfer(attempt) else {
            return false;
        };
        let is_warm = self.model.transfers()[usize::from(rule)]
            .introduction
            .is_some();
        let attempt = &mut self.attempts[slot as usize];
        attempt.hand_overs += 1;
        (attempt.handed_by, attempt.queued) = (Some(rule), None);
        if is_warm {
            let leaves = None;
            self.hosts.insert(slot, Host { agent, leaves });
            self.at_once.push(Input::ColleagueInvited { agent, to });
        } else {
            attempt.solved = false;
            self.at_once.push(Input::AgentTransferred { agent, to });
        }
        true
    }

    /// Whether an agent has invited a colleague and is still with the caller.
    #[inline]
    pub(super) fn has_host(&self, slot: u32) -> bool {
        !self.hosts.is_empty() && self.hosts.contains_key(&slot)
    }

    /// The colleague has answered: for how long the agent stays.
    #[cold]
    pub(super) fn is_introduced(&mut self, slot: u32) -> Span {
        let attempt = &self.attempts[slot as usize];
        let rule = attempt
            .handed_by
            .map(|rule| &self.model.transfers()[usize::from(rule)]);
        let law = rule.and_then(|rule| rule.introduction.as_ref());
        let unit = self
            .streams
            .unit(Purpose::Introduction, attempt.talk_entity());
        let stays = law.map_or(Span::ZERO, |law| law.sample(unit));
        let timer = self.in_time(stays, Errand::HostLeaves(slot));
        if let Some(host) = self.hosts.get_mut(&slot) {
            host.leaves = Some(timer);
        }
        stays
    }

    /// The introduction is over.
    #[cold]
    pub(super) fn host_leaves(&mut self, slot: u32) {
        if let Some(Host { agent, .. }) = self.hosts.remove(&slot) {
            self.at_once.push(Input::AgentHungUp { agent });
        }
    }

    /// Nobody has answered the invitation, or nobody is there: the agent does what can be done, and hands the
    /// caller to nobody else.
    #[cold]
    pub(super) fn nobody_comes(&mut self, slot: u32) {
        let Some(Host { agent, .. }) = self.hosts.remove(&slot) else {
            return;
        };
        // The call may end in this very moment: nothing more is done then.
        let timer = self.in_time(Span::ZERO, Errand::TalkEnds(slot));
        let attempt = &mut self.attempts[slot as usize];
        attempt.hand_overs = HAND_OVERS_MAX;
        (attempt.talks_to, attempt.talk_timer) = (Some(agent), Some(timer));
    }

    /// The call is over, whoever was still on the line.
    #[cold]
    pub(super) fn forgets_host(&mut self, slot: u32) {
        if let Some(host) = self.hosts.remove(&slot) {
            self.cancel(host.leaves);
        }
    }

    /// By which rule the caller is handed on now, and to whom, if at all.
    fn transfer(&self, attempt: &Attempt) -> Option<(u16, Transferee)> {
        if self.model.transfers().is_empty() {
            return None;
        }
        // A call back is made for one purpose, and comes to those who know.
        if attempt.is_called_back || attempt.hand_overs == HAND_OVERS_MAX {
            return None;
        }
        let (queue, _) = attempt.waits_for?;
        let mut rules = self.model.transfers().iter().enumerate();
        let (place, rule) = rules.find(|(_, rule)| rule.from == queue)?;
        let is_handed_on = self.streams.unit(Purpose::HandOver, attempt.talk_entity()) < rule.share;
        is_handed_on.then_some((place as u16, Transferee::Queue(rule.to)))
    }

    /// The uniform numbers of a talk and of the work after it: of its own for each talk of a call.
    pub(super) fn talk_draws(&self, attempt: &Attempt) -> (f64, f64) {
        let (talk, wrap_up, entity) = match attempt.hand_overs {
            0 => (Purpose::Talk, Purpose::WrapUp, attempt.entity()),
            _ => (
                Purpose::NextTalk,
                Purpose::NextWrapUp,
                attempt.talk_entity(),
            ),
        };
        let unit = |purpose| self.streams.unit(purpose, entity);
        (unit(talk), unit(wrap_up))
    }
}

impl Attempt {
    /// The name of a talk among all random streams.
    fn talk_entity(&self) -> u64 {
        (self.entity() << 2) | u64::from(self.hand_overs)
    }
}
