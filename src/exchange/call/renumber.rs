//! Calls in progress when menus that nobody follows leave the plan: their own are elsewhere in it now.

use super::Call;
use super::Machine;
use super::State;
use crate::exchange::dialplan::Moved;

impl Machine {
    /// Goes over to the new ids.
    pub(in crate::exchange) fn renumber(&mut self, moved: &Moved) {
        self.state.renumber(moved);
        self.call.renumber(moved);
    }
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
            | Self::Reserving { step } => moved.follow_step(step),
            Self::Queued { queue }
            | Self::Offered { queue }
            | Self::Talking { agent: _, queue }
            | Self::Inviting { queue }
            | Self::Introducing { agent: _, queue } => {
                moved.follow_queue(queue);
            }
            Self::Fresh | Self::Dialling { agent: _ } | Self::Ended { by: _ } => {}
        }
    }
}

impl Call {
    fn renumber(&mut self, moved: &Moved) {
        moved.follow_line(&mut self.line);
        moved.follow_step(&mut self.step);
        if let Some(wait) = &mut self.waiting {
            moved.follow_queue(&mut wait.queue);
        }
        if let Some((_, queue)) = &mut self.talking {
            moved.follow_queue(queue);
        }
        if let Some(callback) = &mut self.callback {
            moved.follow_step(&mut callback.step);
        }
        for menu in self.path.menus_mut() {
            moved.follow_step(menu);
        }
    }
}
