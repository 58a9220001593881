//! How far a call back is that has not reached its caller, for whoever asks.

use super::Machine;
use super::State;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dispatch::callback_step;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;

/// What a call back waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// Its time, or the end of another call of the same number.
    Waits,
    /// Its turn to be let into the line.
    StandsBy,
    /// An agent.
    InLine,
    /// The agent whose phone rings to answer.
    Ringing,
    /// The number that is dialled to answer.
    Dialling,
}

/// A call back that has not reached its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The callback step.
    pub step: StepId,
    /// The queue whose agents call.
    pub queue: QueueId,
    /// Not dialled before this.
    pub not_before: Tick,
    /// How often the number was dialled, or was to be.
    pub dialled: u8,
    /// How far it is.
    pub progress: Progress,
}

impl Machine {
    /// How far the call is, if it is a call back that has not reached its caller.
    pub(in crate::exchange) fn promised(&self, plan: &Dialplan) -> Option<Promised> {
        let call = self.call();
        let callback = call.callback.as_ref()?;
        let progress = match self.state() {
            State::Booked { .. } if call.waiting.is_some() => Progress::InLine,
            State::Booked { .. } if callback.stands_by => Progress::StandsBy,
            State::Booked { .. } => Progress::Waits,
            State::Reserving { .. } => Progress::Ringing,
            State::Dialling { .. } => Progress::Dialling,
            _ => return None,
        };
        let (_, queue, _) = callback_step(plan, callback.step);
        Some(Promised {
            step: callback.step,
            queue,
            not_before: callback.not_before,
            dialled: callback.dialled,
            progress,
        })
    }
}
