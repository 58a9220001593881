//! What has happened in a rehearsed call, in the order in which it did.

use super::words::MASK;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::id::AgentId;
use crate::exchange::id::PlayId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::Consent;
use crate::exchange::record::Party;
use crate::exchange::record::TurnedAway;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::call_test::Group;
use crate::menu::call_test::Keys;
use crate::menu::call_test::Press;
use std::collections::BTreeSet;

/// Keys no further apart are told together.
const TOGETHER: Span = Span::seconds(2);

/// One thing that has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The call has come to a step.
    Entered {
        /// The step.
        step: StepId,
        /// Whether anything happened there; if not, it was passed.
        stays: bool,
    },
    /// Something is said.
    Said {
        /// Its name in the call.
        play: PlayId,
        /// The step that speaks.
        step: StepId,
        /// The words.
        words: String,
        /// How much of it is heard.
        hearing: Hearing,
    },
    /// The caller presses keys; those of secret entries are masked.
    Pressed(String),
    /// The keys did not fit.
    Wrong,
    /// No key came in time.
    Silence,
    /// A key that means nothing where it was pressed.
    Meaningless,
    /// Another system is asked.
    Asks(StepId),
    /// What came of it.
    Found(StepId, LookupResult),
    /// A name of a directory was taken, by its place.
    Chosen(StepId, u16),
    /// A question of a survey was answered, or was not.
    Surveyed {
        /// The survey.
        step: StepId,
        /// Which of its questions, from 0.
        ask: u8,
        /// The answer.
        answer: Option<u8>,
    },
    /// The caller was told of a recording, or asked whether there may be one.
    Consented(Consent),
    /// The conversation is recorded from now on.
    Recorded,
    /// The caller cannot join a queue.
    TurnedAway(QueueId, TurnedAway),
    /// The caller waits in a queue.
    Waits(QueueId),
    /// The tone, after which the caller speaks.
    Tone,
    /// An agent's phone rings.
    Rings(AgentId),
    /// An agent has answered.
    Connected(AgentId),
    /// Caller and agent have parted.
    Parted {
        /// The agent.
        agent: AgentId,
        /// Who has ended the talk.
        by: Party,
    },
    /// The call is handed to this number outside.
    HandedTo(String),
    /// A call back was promised.
    Promised,
    /// The caller has hung up.
    CallerHangsUp,
    /// The line has hung up.
    LineHangsUp,
    /// It is over.
    Ended(&'static str),
}

/// How much of a prompt is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearing {
    /// Nothing yet: it comes after another one.
    Later,
    /// It plays.
    Now,
    /// All of it.
    Whole,
    /// The beginning.
    Cut,
    /// Nothing.
    Never,
}

/// A call, from its beginning.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// What has happened, and when.
    pub lines: Vec<(Tick, What)>,
    /// Keys that led somewhere, as places in the plan's list of what keys do.
    pub actions: BTreeSet<u32>,
}

impl Story {
    pub(super) fn note(&mut self, at: Tick, what: What) {
        self.lines.push((at, what));
    }

    /// Keys between which nothing happens are told together.
    pub(super) fn presses(&mut self, at: Tick, key: char) {
        if let Some((then, What::Pressed(keys))) = self.lines.last_mut()
            && at.since(*then) <= TOGETHER
        {
            keys.push(key);
            return;
        }
        self.note(at, What::Pressed(key.to_string()));
    }

    /// Something happens at the step that was entered last.
    pub(super) fn stays(&mut self) {
        for (_, what) in self.lines.iter_mut().rev() {
            if let What::Entered { stays, .. } = what {
                *stays = true;
                return;
            }
        }
    }

    /// A prompt begins, perhaps after others have ended.
    pub(super) fn begins(&mut self, at: Tick, named: PlayId) {
        let is =
            |(_, what): &(Tick, What)| matches!(what, What::Said { play, .. } if *play == named);
        if let Some(place) = self.lines.iter().rposition(is) {
            let (_, what) = self.lines.remove(place);
            self.note(at, what);
            self.hears(named, Hearing::Now);
        }
    }

    /// A prompt is heard to another point than before.
    pub(super) fn hears(&mut self, named: PlayId, at: Hearing) {
        for (_, what) in self.lines.iter_mut().rev() {
            if let What::Said { play, hearing, .. } = what
                && *play == named
            {
                *hearing = at;
                return;
            }
        }
    }

    /// The steps in which the call stayed, in order.
    pub fn path(&self) -> Vec<StepId> {
        let stayed = |what: &(Tick, What)| match what.1 {
            What::Entered { step, stays: true } => Some(step),
            _ => None,
        };
        self.lines.iter().filter_map(stayed).collect()
    }

    /// All steps that the call has come to, also those that it only passed.
    pub fn entered(&self) -> impl Iterator<Item = StepId> + '_ {
        self.lines.iter().filter_map(|(_, what)| match what {
            What::Entered { step, .. } => Some(*step),
            _ => None,
        })
    }

    /// The names of directories that were taken.
    pub fn chosen(&self) -> impl Iterator<Item = (StepId, u16)> + '_ {
        self.lines.iter().filter_map(|(_, what)| match what {
            What::Chosen(step, entry) => Some((*step, *entry)),
            _ => None,
        })
    }

    /// What was heard, or its beginning.
    pub fn heard(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|(_, what)| match what {
            What::Said {
                words,
                hearing: Hearing::Whole | Hearing::Cut | Hearing::Now,
                ..
            } => Some(words.as_str()),
            _ => None,
        })
    }

    /// The keys that were pressed, as they may be shown.
    pub fn pressed(&self) -> String {
        let pressed = self.lines.iter().filter_map(|(_, what)| match what {
            What::Pressed(keys) => Some(keys.as_str()),
            _ => None,
        });
        pressed.collect::<Vec<_>>().join(" ")
    }

    /// The keys of a script that was played, with those masked that must not be shown.
    pub fn masked(&self, keys: &Keys) -> Keys {
        let pressed = self.pressed();
        let mut shown = pressed.chars().filter(|c| *c != ' ');
        let mut keys = keys.clone();
        for group in &mut keys.groups {
            if let Group::Presses(presses) = group {
                for press in presses {
                    if shown.next() == Some(MASK) {
                        *press = Press::Hidden;
                    }
                }
            }
        }
        keys
    }

    /// Whether a conversation is recorded.
    pub fn is_recorded(&self) -> bool {
        self.lines.iter().any(|(_, what)| *what == What::Recorded)
    }

    /// The outcome, once it is over.
    pub fn outcome(&self) -> Option<&'static str> {
        self.lines.iter().rev().find_map(|(_, what)| match what {
            What::Ended(outcome) => Some(*outcome),
            _ => None,
        })
    }
}
