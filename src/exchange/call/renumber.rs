//! Calls in progress when menus that nobody follows leave the plan: their own are elsewhere in it now.

use super::Call;
use super::Machine;
use super::State;
use crate::exchange::dialplan::Moved;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;

const FOLLOWED: &str = "menus that a call follows are kept";

impl Machine {
    /// Goes over to the new ids.
    pub(in crate::exchange) fn renumber(&mut self, moved: &Moved) {
        self.state.renumber(moved);
        self.call.renumber(moved);
    }
}

fn at(step: &mut StepId, moved: &Moved) {
    *step = moved.step(*step).expect(FOLLOWED);
}

fn of(queue: &mut QueueId, moved: &Moved) {
    *queue = moved.queue(*queue).expect(FOLLOWED);
}

impl State {
    fn renumber(&mut self, moved: &Moved) {
        match self {
            Self::InMenu { step }
            | Self::Collecting { step }
            | Self::Confirming { step }
            | Self::Spelling { step }
            | Self::Choosing { step }
            | Self::Speaking { step }
            | Self::LookingUp { step }
            | Self::Numbering { step, types: _ }
            | Self::Consenting { step }
            | Self::Surveying { step, ask: _ }
            | Self::LeavingMessage { step }
            | Self::Transferring { step }
            | Self::Booked { step }
            | Self::Reserving { step }
            | Self::Dialling { agent: _, step } => at(step, moved),
            Self::Queued { queue }
            | Self::Offered { queue }
            | Self::Talking { agent: _, queue } => {
                of(queue, moved);
            }
            Self::Fresh | Self::Ended { by: _ } => {}
        }
    }
}

impl Call {
    fn renumber(&mut self, moved: &Moved) {
        self.line = moved.line(self.line).expect(FOLLOWED);
        at(&mut self.step, moved);
        if let Some(wait) = &mut self.waiting {
            of(&mut wait.queue, moved);
        }
        if let Some((_, queue)) = &mut self.talking {
            of(queue, moved);
        }
        if let Some(callback) = &mut self.callback {
            at(&mut callback.step, moved);
        }
        for menu in self.path.menus_mut() {
            at(menu, moved);
        }
    }
}
