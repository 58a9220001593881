//! The sums.

use crate::exchange::dialplan::ANSWER_MAX;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::key::Key;
use serde::Deserialize;
use serde::Serialize;

/// Answers, requests for people, look-ups and surveys of one run, or of the days of a daemon.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorthFigures {
    /// One per answer of the dialplan, see [`super::answer_steps`].
    pub answers: Vec<AnswerTally>,
    /// Ways by which calls came to people, in the order of steps and keys.
    pub requests: Vec<RequestTally>,
    /// One per look-up of the dialplan.
    pub lookups: Vec<LookupTally>,
    /// One per question and queue of which a caller was asked, in the order of the dialplan.
    pub surveys: Vec<SurveyTally>,
    /// One per want of a scenario.
    pub wants: Vec<WantTally>,
}

/// One answer: `played = settled + to_person + to_another + left + came_back + open`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTally {
    /// Times that it was played.
    pub played: u64,
    /// Of these, at least 80 % were heard.
    pub heard: u64,
    /// The caller said that it was enough.
    pub confirmed: u64,
    /// The call ended after it and the caller did not come back within the day.
    pub probable: u64,
    /// The caller came to people after it.
    pub to_person: u64,
    /// The caller heard another answer after it, or this one again.
    pub to_another: u64,
    /// The call ended otherwise.
    pub left: u64,
    /// The call ended after it, and the caller came back within the day.
    pub came_back: u64,
    /// The call is not over.
    pub open: u64,
    /// For how long agents would have handled the calls that it has settled. None where that is not known, and
    /// while calls are counted.
    pub saved_ms: Option<u64>,
}

impl AnswerTally {
    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: &Self) {
        self.played += other.played;
        self.heard += other.heard;
        self.confirmed += other.confirmed;
        self.probable += other.probable;
        self.to_person += other.to_person;
        self.to_another += other.to_another;
        self.left += other.left;
        self.came_back += other.came_back;
        self.open += other.open;
    }

    /// How often it has settled the call.
    pub fn settled(&self) -> u64 {
        self.confirmed + self.probable
    }

    /// Panics unless every playing was followed by exactly one thing.
    pub fn assert_balance(&self) {
        let followed = self.settled()
            + self.to_person
            + self.to_another
            + self.left
            + self.came_back
            + self.open;
        assert_eq!(self.played, followed, "one thing follows each: {self:?}");
        assert!(self.heard <= self.played, "what was heard was played");
    }
}

/// By what a call went on from a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Way {
    /// A key.
    Key(Key),
    /// An entry of digits.
    Entry,
    /// After too many wrong keys.
    Wrong,
    /// After too long a silence.
    Silence,
    /// By itself.
    Onward,
    /// A name of a directory, by its place.
    Name(u16),
}

/// Calls that came to people by one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestTally {
    /// The step and how it was left; none where the line begins with a queue.
    pub from: Option<(StepId, Way)>,
    /// Calls, each once.
    pub calls: u64,
    /// Of these, calls that had heard an answer right before.
    pub after_answer: u64,
}

/// One look-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookupTally {
    /// Times that the other system was asked and came to some end.
    pub asked: u64,
    /// Answered.
    pub found: u64,
    /// Refused with a status of HTTP: each with how often, the lowest first.
    pub statuses: Vec<(u16, u64)>,
    /// Not in time.
    pub timed_out: u64,
    /// No connection, or no answer that could be read.
    pub failed: u64,
    /// Took so long that the caller was asked for patience.
    pub slow: u64,
    /// Together.
    pub took_ms: u64,
    /// The longest.
    pub took_max_ms: u64,
}

impl LookupTally {
    /// Adds what was counted elsewhere.
    pub(super) fn add(&mut self, other: &Self) {
        self.asked += other.asked;
        self.found += other.found;
        for (status, count) in &other.statuses {
            self.refuse(*status, *count);
        }
        self.timed_out += other.timed_out;
        self.failed += other.failed;
        self.slow += other.slow;
        self.took_ms += other.took_ms;
        self.took_max_ms = self.took_max_ms.max(other.took_max_ms);
    }

    /// Refused so often with a status.
    pub(super) fn refuse(&mut self, status: u16, count: u64) {
        let known = |(known, _): &(u16, u64)| *known;
        match self.statuses.binary_search_by_key(&status, known) {
            Ok(at) => self.statuses[at].1 += count,
            Err(at) => self.statuses.insert(at, (status, count)),
        }
    }

    /// Refused with any status.
    pub fn refused(&self) -> u64 {
        self.statuses.iter().map(|(_, count)| count).sum()
    }
}

/// Answers that a survey allows, with 0.
pub(super) const ANSWERS: usize = ANSWER_MAX as usize + 1;

/// One question of a survey, of calls that agents of one queue have taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyTally {
    /// The survey step.
    pub step: StepId,
    /// Which of its questions, from 0.
    pub ask: u8,
    /// The queue that brought the call to an agent last; none where nobody has talked to the caller.
    pub queue: Option<QueueId>,
    /// How often each answer was given, from 0.
    pub answers: [u64; ANSWERS],
    /// Callers who were asked and said nothing.
    pub silent: u64,
}

impl SurveyTally {
    /// Callers who were asked.
    pub fn asked(&self) -> u64 {
        self.answered() + self.silent
    }

    /// Callers who answered.
    pub fn answered(&self) -> u64 {
        self.answers.iter().sum()
    }

    /// The sum of the answers.
    pub fn sum(&self) -> u64 {
        let answers = (0..).zip(&self.answers);
        answers
            .map(|(answer, count): (u64, _)| answer * count)
            .sum()
    }

    /// Answers from this one to that one.
    pub fn between(&self, from: usize, to: usize) -> u64 {
        self.answers[from..=to].iter().sum()
    }
}

/// What became of the calls of those who wanted one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantTally {
    /// Calls that got through and are over.
    pub calls: u64,
    /// Of these, calls that came to people, whether these were there or not.
    pub to_person: u64,
    /// Calls that counted as self-served.
    pub self_served: u64,
    /// Calls that really were: the caller had got what they wanted, and nobody but a recording had
    /// given it.
    pub satisfied: u64,
}
