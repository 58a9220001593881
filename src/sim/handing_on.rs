//! Agents who hand their callers on to another queue.

use super::attempt::Attempt;
use super::stream::Purpose;
use super::world::World;
use crate::exchange::id::AgentId;
use crate::exchange::input::Input;
use crate::exchange::input::Transferee;

/// How often one caller is handed on in a call, at most.
pub const HAND_OVERS_MAX: u8 = 3;

impl World<'_> {
    /// Whether the agent hands the caller on after the talk. If so, the caller waits anew, as patient as
    /// before, and has not got what the call was for.
    pub(super) fn hands_on(&mut self, slot: u32, agent: AgentId) -> bool {
        let attempt = &self.attempts[slot as usize];
        let Some((rule, to)) = self.transfer(attempt) else {
            return false;
        };
        let attempt = &mut self.attempts[slot as usize];
        attempt.hand_overs += 1;
        (attempt.handed_by, attempt.queued, attempt.solved) = (Some(rule), None, false);
        self.at_once.push(Input::AgentTransferred { agent, to });
        true
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
