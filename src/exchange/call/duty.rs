//! What agents do from their own phone: sign in, get ready, take a break, go home.

use super::Call;
use super::Cx;
use super::data::Standing;
use crate::exchange::dialplan::Duty;
use crate::exchange::dialplan::DutyAct;
use crate::exchange::dialplan::Target;
use crate::exchange::id::AgentId;
use crate::exchange::id::ReasonId;

impl Call {
    /// Does what an agent asks for, and says where the call goes on. Whoever got that has been
    /// served.
    #[inline(never)]
    pub(super) fn duty(&mut self, cx: &mut Cx<'_>, duty: Duty) -> Target {
        let Some(agent) = self.agent else {
            return duty.stranger;
        };
        let done = match duty.act {
            DutyAct::SignIn => cx.dispatch.sign_in(&mut cx.scene, agent).is_ok(),
            DutyAct::Ready => self.ready_later(cx, agent),
            DutyAct::Pause(reason) => self.pause(cx, agent, reason),
            DutyAct::SignOut => {
                self.ready_at_end = false;
                cx.dispatch.sign_out(&mut cx.scene, agent).is_ok()
            }
        };
        if !done {
            return duty.refused;
        }
        self.standing = Standing::Confirmed;
        duty.then
    }

    /// Being ready waits for the end of this call: a phone in use would only miss what rings.
    fn ready_later(&mut self, cx: &Cx<'_>, agent: AgentId) -> bool {
        if self.ready_at_end || !cx.dispatch.can_be_ready(agent) {
            return false;
        }
        self.ready_at_end = true;
        true
    }

    /// A break, and no being ready after this call. Whoever was on a break stays there.
    fn pause(&mut self, cx: &mut Cx<'_>, agent: AgentId, reason: Option<ReasonId>) -> bool {
        let takes_back = std::mem::take(&mut self.ready_at_end);
        let paused = cx.dispatch.pause(&mut cx.scene, agent, reason).is_ok();
        paused || takes_back && cx.dispatch.can_be_ready(agent)
    }

    /// The call has ended: the phone is free for what was put off. Where the agent has been ready,
    /// or has left, by other means since, nothing is left to do.
    pub(super) fn ready_now(&self, cx: &mut Cx<'_>) {
        if let Some(agent) = self.agent.filter(|_| self.ready_at_end) {
            let _ = cx.dispatch.ready(&mut cx.scene, agent);
        }
    }
}
