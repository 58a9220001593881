//! What a call remembers.

use super::lookup::Inquiry;
use super::recording::Tape;
use crate::exchange::ahead::fetch;
use crate::exchange::dialplan::Line;
use crate::exchange::dispatch::Place;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::PlayId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::limits::MENU_DEPTH_MAX;
use crate::exchange::limits::VARIABLES_MAX;
use crate::exchange::record::Consent;
use crate::exchange::record::Outcome;
use crate::exchange::scene::Booking;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::exchange::wheel::TimerId;
use serde::Deserialize;
use serde::Serialize;

/// The storage that all states of one call share. What the end of a call has to fetch comes first,
/// then what a queue asks for, last what only menus do: of a hundred thousand calls no cache holds the
/// whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[repr(C)]
pub(in crate::exchange) struct Call {
    pub(in crate::exchange) id: CallId,
    pub(in crate::exchange) line: LineId,
    pub(in crate::exchange) language: LanguageId,
    /// The step the call is at.
    pub(super) step: StepId,
    /// Near the beginning, for it tells a call from none in the table: the compiler takes the first
    /// field with so much room for that.
    pub(super) recording_since: Option<Tick>,
    pub(super) standing: Standing,
    pub(super) answered: bool,
    pub(super) wanted_a_person: bool,
    pub(super) with_people: bool,
    /// A colleague has handed the call to a queue.
    pub(super) handed_on: bool,
    /// The agent has said to be ready once this call has ended.
    pub(super) ready_at_end: bool,
    /// The caller is on the line, for so long at most.
    pub(super) is_limited: bool,
    /// The recording of the present conversation.
    #[serde(default)]
    pub(super) tape: Tape,
    /// The last of the prompts now playing.
    pub(super) playing: Option<PlayId>,
    /// The agent whose phone rings.
    pub(super) ringing: Option<AgentId>,
    pub(super) waiting: Option<Wait>,
    pub(super) key_timer: Option<TimerId>,
    /// The end of waiting for a lost bridge.
    pub(super) adrift: Option<TimerId>,
    pub(super) talking: Option<(AgentId, QueueId)>,
    pub(in crate::exchange) caller: u64,
    pub(in crate::exchange) tag: u64,
    pub(in crate::exchange) arrived: Tick,
    /// Set for a call back.
    pub(super) callback: Option<Box<Callback>>,
    /// When the first queue was joined.
    pub(super) first_queued: Option<Tick>,
    pub(super) wait_timer: Option<TimerId>,
    pub(super) announce_timer: Option<TimerId>,
    pub(super) stage_timer: Option<TimerId>,
    pub(super) hold_timer: Option<TimerId>,
    /// The agent who talked to the caller last.
    pub(super) served_by: Option<AgentId>,
    pub(super) place: Option<Place>,
    /// The agent whose phone calls.
    pub(super) agent: Option<AgentId>,
    /// The agent whom a colleague has handed the call to.
    pub(super) handed_to: Option<AgentId>,
    pub(super) speaking_since: Tick,
    /// The length of the last wait for a key, and whether a wait stands still while the call is
    /// adrift.
    pub(super) key_wait: Span,
    pub(super) key_wait_held: bool,
    pub(super) silences: u8,
    pub(super) wrongs: u8,
    /// What the caller has said to being recorded.
    #[serde(default)]
    pub(super) consent: Option<Consent>,
    /// Tickets left so far.
    #[serde(default)]
    pub(super) tickets: u8,
    /// The end key of an entry that was complete without it; swallowed if it comes next.
    pub(super) trailing: Option<Key>,
    pub(super) plays: u32,
    pub(super) path: Path,
    /// Keys not yet used: typed ahead, or the start of a longer entry.
    pub(super) keys: Digits,
    /// The digits of the present entry, and whether hidden ones pass its check.
    pub(super) entry: Digits,
    pub(super) hidden_fits: bool,
    /// The caller's own number may not be dialled.
    #[serde(default)]
    pub(super) is_barred: bool,
    /// No phone can be rung for the call.
    #[serde(default)]
    pub(super) is_unringable: bool,
    pub(super) saved: Saved,
    pub(super) inquiry: Inquiry,
    /// Set for a caller of whom another system knows something.
    #[serde(default)]
    pub(super) known: Option<Box<KnownCaller>>,
}

/// What another system knows of a caller.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct KnownCaller {
    /// The caller counts as having come so much earlier.
    pub(super) head_start: Span,
    /// The agent whom the caller knows.
    pub(super) agent: Option<AgentId>,
}

/// What a call that began as a call back remembers of that.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Callback {
    pub(super) step: StepId,
    /// When it was promised, or from when on it may be dialled if that is later.
    pub(super) booked: Tick,
    /// The next attempt.
    pub(super) not_before: Tick,
    /// How often the number was dialled, or was to be.
    pub(super) dialled: u8,
    /// Whether it stands by for its turn.
    pub(super) stands_by: bool,
    /// Whether a trunk is in use for it.
    pub(super) has_trunk: bool,
    /// Whether one is kept for it while an agent is rung.
    #[serde(default)]
    pub(super) has_reserved: bool,
    /// Whether somebody has answered.
    pub(super) reached: bool,
    pub(super) withdrawn: bool,
    /// Whether the number could not be dialled the last time.
    #[serde(default)]
    pub(super) undialled: bool,
    /// The number as the caller typed it; empty for the one that the caller came from.
    #[serde(default)]
    pub(super) number: Digits,
}

/// The entries that were saved. Few calls save any, so there is room for them once there is one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Saved(Option<Box<[Digits; VARIABLES_MAX]>>);

impl Saved {
    /// An entry; empty before it is set.
    pub(super) fn get(&self, variable: VariableId) -> Digits {
        let saved = self.0.as_ref();
        saved.map_or(Digits::EMPTY, |saved| saved[variable.index()])
    }

    pub(super) fn set(&mut self, variable: VariableId, digits: Digits) {
        let saved = self.0.get_or_insert_default();
        saved[variable.index()] = digits;
    }
}

/// A wait in one queue.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Wait {
    pub(super) queue: QueueId,
    pub(super) since: Tick,
    /// Whether the greeting was said or the music begun: neither while the first phone rings.
    pub(super) greeted: bool,
    /// Whether a call back is offered as soon as it waits.
    pub(super) offers: bool,
    /// For how long it waits for one agent in particular, if it does.
    pub(super) hold: Span,
    /// Which of the messages comes next.
    #[serde(default)]
    pub(super) messages: u8,
    /// The expected wait announced last, in minutes.
    pub(super) announced: Option<u32>,
}

/// What the call has come to so far; its outcome if it ended now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Standing {
    Unserved,
    HeardAnswer,
    Confirmed,
    TurnedAway,
    LeftMessage,
    Transferred,
    Abandoned,
    Booked,
}

impl Standing {
    /// Whether a recorded answer is more than what the caller has got so far. Who has left a message, or is
    /// to be called back, may hear one on the way out.
    pub(super) fn is_less_than_an_answer(self) -> bool {
        matches!(self, Self::Unserved | Self::TurnedAway | Self::Abandoned)
    }
}

impl Call {
    #[inline]
    pub(in crate::exchange) fn new(
        id: CallId,
        line_id: LineId,
        line: &Line,
        (tag, caller, agent): (u64, u64, Option<AgentId>),
        arrived: Tick,
    ) -> Self {
        Self {
            id,
            line: line_id,
            tag,
            caller,
            agent,
            ready_at_end: false,
            arrived,
            language: line.languages[0],
            step: line.start,
            path: Path::default(),
            keys: Digits::EMPTY,
            entry: Digits::EMPTY,
            hidden_fits: false,
            is_barred: false,
            is_unringable: false,
            saved: Saved::default(),
            inquiry: Inquiry::default(),
            known: None,
            callback: None,
            trailing: None,
            silences: 0,
            wrongs: 0,
            tickets: 0,
            plays: 0,
            playing: None,
            speaking_since: arrived,
            recording_since: None,
            key_timer: None,
            key_wait: Span::ZERO,
            key_wait_held: false,
            wait_timer: None,
            announce_timer: None,
            stage_timer: None,
            hold_timer: None,
            is_limited: false,
            adrift: None,
            waiting: None,
            first_queued: None,
            place: None,
            consent: None,
            tape: Tape::Off,
            served_by: None,
            handed_to: None,
            handed_on: false,
            ringing: None,
            talking: None,
            with_people: false,
            standing: Standing::Unserved,
            answered: false,
            wanted_a_person: false,
        }
    }

    /// The call back that was promised in another call, with its place in line.
    pub(in crate::exchange) fn promised(
        id: CallId,
        booking: &Booking,
        line: &Line,
        place: Place,
        now: Tick,
    ) -> Self {
        let callback = Callback {
            step: booking.step,
            booked: booking.not_before,
            not_before: booking.not_before,
            dialled: 0,
            stands_by: false,
            has_trunk: false,
            has_reserved: false,
            reached: false,
            withdrawn: false,
            undialled: false,
            number: booking.number,
        };
        let who = (booking.tag, booking.caller, None);
        Self {
            language: booking.language,
            step: booking.step,
            place: Some(place),
            consent: booking.consent,
            wanted_a_person: true,
            callback: Some(Box::new(callback)),
            ..Self::new(id, booking.line, line, who, now)
        }
    }

    /// Asks for the memory of the call, and does not wait for it: a field of each line of the cache but
    /// the first.
    #[inline]
    pub(in crate::exchange) fn fetch(&self) {
        fetch(&self.waiting);
        fetch(&self.arrived);
        fetch(&self.agent);
        fetch(&self.path);
        fetch(&self.keys);
        fetch(&self.saved);
    }

    /// The outcome of a call that ends now.
    pub(super) fn outcome(&self, by_system: bool) -> Outcome {
        match self.standing {
            _ if self.answered => Outcome::Answered,
            // What was left is there, whoever has ended the call.
            Standing::LeftMessage => Outcome::Message,
            _ if by_system => Outcome::EndedBySystem,
            Standing::Unserved => Outcome::LeftInMenu,
            Standing::HeardAnswer => Outcome::SelfServedProbable,
            Standing::Confirmed => Outcome::SelfServedConfirmed,
            Standing::TurnedAway => Outcome::TurnedAway,
            Standing::Transferred => Outcome::TransferredOut,
            Standing::Abandoned => Outcome::Abandoned,
            Standing::Booked => Outcome::Callback,
        }
    }
}

/// The menus that led here, for `@back`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Path {
    menus: [StepId; MENU_DEPTH_MAX],
    depth: u8,
}

impl Default for Path {
    fn default() -> Self {
        Self {
            menus: [StepId(0); MENU_DEPTH_MAX],
            depth: 0,
        }
    }
}

impl Path {
    /// A menu is entered: everything after it on the path is forgotten, or it is added.
    pub(super) fn enter(&mut self, menu: StepId) {
        let depth = usize::from(self.depth);
        if let Some(place) = self.menus[..depth].iter().position(|step| *step == menu) {
            self.depth = place as u8 + 1;
            return;
        }
        if depth == MENU_DEPTH_MAX {
            self.menus.rotate_left(1);
            self.menus[depth - 1] = menu;
        } else {
            self.menus[depth] = menu;
            self.depth += 1;
        }
    }

    /// The menu before the present step: the last one, or the one before it if the step is that.
    pub(super) fn back(&mut self, from: StepId) -> Option<StepId> {
        let last = self.last()?;
        if last != from {
            return Some(last);
        }
        self.depth -= 1;
        self.last()
    }

    pub(super) fn clear(&mut self) {
        self.depth = 0;
    }

    pub(super) fn menus_mut(&mut self) -> &mut [StepId] {
        &mut self.menus[..usize::from(self.depth)]
    }

    fn last(&self) -> Option<StepId> {
        self.menus[..usize::from(self.depth)].last().copied()
    }
}
