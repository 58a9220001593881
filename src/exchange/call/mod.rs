//! One call's life: a statig machine over its states, with menu steps as data.
//!
//! `Alive ⊃ Ivr ⊃ {InMenu, Collecting, Confirming, Spelling, Choosing, Speaking, LookingUp,
//! LeavingMessage, Surveying, Transferring, Numbering, Consenting}`,
//! `Alive ⊃ Waiting ⊃ {Queued, Offered}`, `Alive ⊃ {Booked, Reserving, Dialling}` of a call back,
//! `Alive ⊃ {Talking, Inviting, Introducing}`, `Ended`; in all but the first two of a call back it can be adrift, its bridge
//! gone. The machine is written with statig's traits and driven by the loop below, which tells a
//! handled event from an ignored one.

mod adrift;
mod asks;
mod booked;
mod data;
mod directory;
mod duty;
mod inviting;
mod keys;
mod lookup;
mod number;
mod progress;
mod queue;
mod recording;
mod renumber;
mod route;
mod speech;
mod state;
mod survey;
mod with_menus;
mod with_people;

pub use asks::KeyUse;
pub(super) use data::Call;
pub use progress::Progress;
pub use progress::Promised;
pub(super) use state::State;

use super::ages::Ages;
use super::dialplan::Line;
use super::dispatch::Dispatch;
use super::effect::Effect;
use super::event::Event;
use super::id::AgentId;
use super::id::CallId;
use super::input::Transferee;
use super::scene::Scene;
use super::switches::Switches;
use serde::Deserialize;
use serde::Serialize;
use statig::Outcome;
use statig::blocking::State as _;
use statig::blocking::StateExt;

/// What a call may touch: the scene, the dispatcher, its line, and how long calls last.
pub(super) struct Cx<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) dispatch: &'a mut Dispatch,
    pub(super) trunks: &'a mut Trunks,
    pub(super) switches: Switches,
    pub(super) ages: &'a mut Ages,
}

/// The trunks of one line.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Trunks {
    /// Calls in progress.
    pub(super) in_use: u32,
    /// Of these, calls that wait for or talk to agents.
    pub(super) with_people: u32,
    /// Kept for calls back for which agents are rung.
    #[serde(default)]
    pub(super) reserved: u32,
}

impl Trunks {
    /// Whether one may be taken that leaves the reserve for self-service free.
    pub(super) fn has_room(self, line: &Line) -> bool {
        let most = line
            .trunks
            .map(|trunks| trunks.saturating_sub(line.reserve));
        most.is_none_or(|most| self.in_use + self.reserved < most)
    }
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Stayed,
    Moved,
    Ignored,
}

/// A call and where it is in its life.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[repr(C)]
pub(super) struct Machine {
    state: State,
    call: Call,
}

impl Machine {
    #[inline]
    pub(super) fn new(call: Call) -> Self {
        Self {
            call,
            state: State::Fresh,
        }
    }

    pub(super) fn state(&self) -> State {
        self.state
    }

    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    /// The agent who has invited another into the talk, whether or not that one has come.
    pub(super) fn host(&self) -> Option<AgentId> {
        let invites = matches!(
            self.state,
            State::Inviting { .. } | State::Introducing { .. }
        );
        let (agent, _) = self.call.talking.filter(|_| invites)?;
        Some(agent)
    }

    /// Whom that agent has invited and nobody has answered; the call waits for this one.
    pub(super) fn invitation(&self, waits_for: Option<AgentId>) -> Option<Transferee> {
        let State::Inviting { queue } = self.state else {
            return None;
        };
        let agent = waits_for.map(Transferee::Agent);
        Some(agent.unwrap_or(Transferee::Queue(queue)))
    }

    /// The two who talk to the caller: who has invited, and who was.
    pub(super) fn pair(&self) -> Option<(AgentId, AgentId)> {
        let State::Introducing { agent, .. } = self.state else {
            return None;
        };
        Some((self.host()?, agent))
    }

    /// One event in. No state has an exit action and no superstate an entry action (a call settles
    /// what it leaves in [`Call::go`], before the records of where it goes), so the entry action of
    /// the new state is the whole of statig's path.
    #[inline]
    pub(super) fn handle(&mut self, event: &Event, cx: &mut Cx<'_>) -> Step {
        match self.state.handle(&mut self.call, event, cx) {
            Outcome::Handled => Step::Stayed,
            Outcome::Super => Step::Ignored,
            Outcome::Transition(target) => {
                self.state = target;
                self.state.call_entry_action(&mut self.call, cx);
                Step::Moved
            }
        }
    }
}

impl Cx<'_> {
    fn emit(&mut self, effect: Effect) {
        self.scene.emit(effect);
    }

    fn typed_ahead(&mut self, call: CallId) {
        self.scene.tell(call, Event::TypedAhead);
    }
}
