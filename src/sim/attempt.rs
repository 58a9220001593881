//! One attempt of one caller: what it is after, and what it is about to do.

use super::model::Person;
use super::stream::Stream;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::key::Digits;
use crate::exchange::time::Tick;
use crate::exchange::wheel::TimerId;

/// An attempt in progress, or waiting to be made. What the end of a talk asks for comes first, in one
/// line of the cache: a hundred thousand of them are in no cache when their talks end.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Attempt {
    pub(super) call: Option<CallId>,
    pub(super) talks_to: Option<AgentId>,
    pub(super) prompt_timer: Option<TimerId>,
    pub(super) press_timer: Option<TimerId>,
    /// Hanging up: out of patience, or with nothing left to do here.
    pub(super) leave_timer: Option<TimerId>,
    /// The end of a talk, of a message or of a look-up.
    pub(super) talk_timer: Option<TimerId>,
    /// The announcement or answer that is playing.
    pub(super) speaking_at: Option<StepId>,
    /// Whether the line goes on after the talk, so that the agent hangs up first.
    pub(super) agent_ends: bool,
    pub(super) solved: bool,
    /// Whether the name on offer is the wanted one, and whether one of those on offer was.
    pub(super) hears_name: bool,
    pub(super) hears_wanted: bool,
    pub(super) is_silent: bool,
    /// Whether nobody was free when the last queue was joined.
    pub(super) has_to_wait: bool,
    /// Whether this is a call back.
    pub(super) is_called_back: bool,
    /// The person, numbered from 1 in the order of first attempts.
    pub(super) caller: u64,
    /// The person's name among all random streams.
    pub(super) name: u64,
    /// From 0.
    pub(super) nth: u32,
    pub(super) line: LineId,
    /// Which of the wants; none for callers who press keys by shares.
    pub(super) want: Option<u16>,
    pub(super) aim: Aim,
    pub(super) language: LanguageId,
    /// Whether the caller accepts to be called back, once asked.
    pub(super) accepts_callback: Option<bool>,
    /// How many times an agent's phone has rung for it.
    pub(super) rings: u16,
    /// When the first queue was joined, after a hand-over if there was one; patience runs from here.
    pub(super) queued: Option<Tick>,
    /// The queue that was joined last, and the kind of agent that it asks for at first.
    pub(super) waits_for: Option<(QueueId, LaneId)>,
    /// How often an agent has handed the caller on.
    pub(super) hand_overs: u8,
    /// By which rule that was last.
    pub(super) handed_by: Option<u16>,
    /// Which of the scenario's tables of people who are called this is from; none for callers.
    pub(super) outbound: Option<u16>,
    /// How long the caller talks, as a part of what is usual: as in the interval of the first attempt.
    pub(super) talk_factor: f64,
    /// When the prompts now playing end.
    pub(super) heard_until: Tick,
    /// The keys to press, one after the other.
    pub(super) typing: Digits,
    /// Draws that are used up one after the other: pressing, slipping.
    pub(super) listening: Option<Stream>,
}

/// What a caller is after right now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aim {
    /// This step, be it an answer, a person or a mailbox.
    Reach(StepId),
    /// To say that the answer was enough.
    Thank,
    /// Nothing any more: hangs up at the next menu.
    Leave,
    /// Whatever the shares say.
    AsOthers,
}

impl Attempt {
    /// The first attempt of somebody who comes now. Made where it stays, for it is large.
    #[inline(always)]
    pub(super) fn new(
        (caller, name): (u64, u64),
        line: LineId,
        person: Person,
        (talk_factor, now): (f64, Tick),
    ) -> Self {
        Self {
            caller,
            name,
            nth: 0,
            line,
            want: person.want,
            aim: person.aim,
            language: person.language,
            is_silent: person.is_silent,
            has_to_wait: false,
            solved: false,
            hears_name: false,
            hears_wanted: false,
            accepts_callback: None,
            rings: 0,
            call: None,
            listening: None,
            typing: Digits::EMPTY,
            heard_until: now,
            queued: None,
            waits_for: None,
            hand_overs: 0,
            handed_by: None,
            outbound: None,
            talk_factor,
            is_called_back: false,
            speaking_at: None,
            talks_to: None,
            agent_ends: false,
            prompt_timer: None,
            press_timer: None,
            leave_timer: None,
            talk_timer: None,
        }
    }

    /// The name of the attempt among all random streams: draws belong to the caller and the
    /// attempt, whatever happens to other callers.
    pub(super) fn entity(&self) -> u64 {
        (self.name << 8) | u64::from(self.nth)
    }
}
