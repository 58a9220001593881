//! What a queue does when everybody calls at once: a ladder by expected wait, and calls back.

use super::Announce;
use super::Calendar;
use super::Dialplan;
use super::Patience;
use super::Say;
use super::Target;
use crate::exchange::id::CalendarId;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// The rungs of the overload ladder, by the wait that somebody who comes now would have to expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overload {
    /// From this wait on, callers hear at once how long it will be and what the keys do.
    pub offer_callback: Option<Span>,
    /// What they hear.
    pub announce: Announce,
    /// From this wait on, nobody can join: calls go to `full`.
    pub no_queue: Option<Span>,
}

/// Where on the ladder a queue stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    /// Callers wait.
    #[default]
    Queue,
    /// Callers wait, and are offered a call back at once.
    OfferCallback,
    /// Nobody can join.
    NoQueue,
}

impl Overload {
    /// The expected wait from which on a rung is stood on; none for a rung that there is not.
    pub fn entered_at(&self, rung: Rung) -> Option<Span> {
        match rung {
            Rung::Queue => None,
            Rung::OfferCallback => self.offer_callback,
            Rung::NoQueue => self.no_queue,
        }
    }
}

impl Callback {
    /// When callers may be called; none: at any time.
    pub fn hours<'p>(&self, plan: &'p Dialplan) -> Option<&'p Calendar> {
        Some(&plan.calendars[self.calendar?.index()])
    }
}

/// How a step asks on which number to call back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsksNumber {
    /// Says the caller's own number; 1 confirms it, 2 asks for another.
    pub own: PromptId,
    /// Says the one that was typed, in the same way.
    pub typed: PromptId,
    /// Asks for one.
    pub which: PromptId,
    /// Said after another key than 1 and 2.
    pub wrong_key: PromptId,
    /// Said after a number that may not be dialled.
    pub wrong: PromptId,
    /// Said after silence.
    pub silent: PromptId,
    /// Whether a number that is known already is confirmed.
    pub confirms: bool,
    /// Where it is kept as it was typed.
    pub save: VariableId,
    /// Waiting times and tries; after the last one none is promised.
    pub patience: Patience,
}

/// A step that promises a call back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Callback {
    /// What the caller is told once it is booked, and what comes afterwards.
    pub say: Say,
    /// The queue step whose agents call back.
    pub queue: StepId,
    /// Whether the caller keeps the place of the wait so far; else it is that of the booking.
    pub keep_place: bool,
    /// When callers may be called; none: at any time.
    pub calendar: Option<CalendarId>,
    /// How often the number is dialled at most; at least 1.
    pub attempts: u8,
    /// From one attempt to the next.
    pub retry: Span,
    /// For how long it rings.
    pub ring: Span,
    /// Dialled only while nobody waits and more agents than this are free; none: calls back
    /// compete with those who wait, by their places.
    pub spare_agents: Option<u16>,
    /// From one call back of this step to the next, at least.
    pub gap: Span,
    /// Whether other programs may ask for calls back by this step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_request: bool,
    /// How it asks for the number; none: it is the caller's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<AsksNumber>,
    /// When none can be promised: the number is withheld, or too many wait already.
    pub refused: Target,
}
