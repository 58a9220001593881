//! What a key would do to a call now, for a driver that must keep secret digits to itself.

use super::Machine;
use super::State;
use super::keys::single;
use super::keys::would_use;
use crate::exchange::dialplan::Callback;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;

/// What a key would be to a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum KeyUse<'p> {
    /// Used at once, as it is.
    Plain,
    /// Used at once when it is pressed now; one from before is no answer to what was not heard, and is
    /// dropped.
    Now,
    /// A digit of a secret entry. What is told is [`super::super::input::Input::HiddenKey`].
    Secret(&'p Collect),
    /// Not for the present step, which it ends; to be asked about again after a
    /// [`super::super::input::Input::HiddenKey`].
    Through,
    /// Kept for later: to be asked about again when the call has moved on.
    Later,
    /// For nobody here: the caller is with an agent, or on the way out.
    Private,
}

impl Machine {
    /// What a key would be to this call now.
    pub(in crate::exchange) fn key_use<'p>(&self, plan: &'p Dialplan, key: Key) -> KeyUse<'p> {
        let call = self.call();
        match self.state() {
            State::InMenu { step } => match &plan.step(step).kind {
                StepKind::Menu(menu) if call.playing.is_some() && !menu.barge_in => KeyUse::Later,
                StepKind::Menu(menu) if !would_use(plan, menu.keys, &call.keys, key) => {
                    KeyUse::Through
                }
                _ => KeyUse::Plain,
            },
            State::Collecting { step } => match secret(plan, step) {
                Some(collect) if call.playing.is_some() && !collect.barge_in => KeyUse::Later,
                Some(collect) if key.is_digit() => KeyUse::Secret(collect),
                _ => KeyUse::Plain,
            },
            State::Speaking { step } => match &plan.step(step).kind {
                StepKind::Say(say) | StepKind::Callback(Callback { say, .. }) => {
                    match single(plan, say.keys, key) {
                        Some(_) => KeyUse::Plain,
                        None if say.barge_in => KeyUse::Through,
                        None => KeyUse::Later,
                    }
                }
                _ => KeyUse::Later,
            },
            // What is typed meanwhile is for a later step.
            State::LookingUp { .. } => KeyUse::Later,
            State::Consenting { .. } => KeyUse::Now,
            State::Transferring { .. }
            | State::Talking { .. }
            | State::Inviting { .. }
            | State::Introducing { .. }
            | State::Booked { .. }
            | State::Reserving { .. }
            | State::Dialling { .. }
            | State::Ended { .. } => KeyUse::Private,
            State::Confirming { .. }
            | State::Spelling { .. }
            | State::Choosing { .. }
            | State::Numbering { .. }
            | State::Surveying { .. }
            | State::LeavingMessage { .. }
            | State::Queued { .. }
            | State::Offered { .. }
            | State::Fresh => KeyUse::Plain,
        }
    }

    /// The secret entry that the call is in the middle of.
    pub(in crate::exchange) fn secret_entry(&self, plan: &Dialplan) -> Option<VariableId> {
        match self.state() {
            State::Collecting { step } => secret(plan, step).map(|collect| collect.save),
            _ => None,
        }
    }

    /// An entry that the call has saved; empty before.
    pub(in crate::exchange) fn saved(&self, variable: VariableId) -> Digits {
        self.call().saved.get(variable)
    }

    /// How many digits of a secret entry the call has taken so far.
    pub(in crate::exchange) fn secret_digits(&self, plan: &Dialplan) -> usize {
        match self.state() {
            State::Collecting { step } if secret(plan, step).is_some() => self.call().entry.len(),
            _ => 0,
        }
    }
}

fn secret(plan: &Dialplan, step: StepId) -> Option<&Collect> {
    match &plan.step(step).kind {
        StepKind::Collect(collect) if collect.secret => Some(collect),
        _ => None,
    }
}
