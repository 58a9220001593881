//! What recorded answers are worth, and which questions have none: what callers did after each answer,
//! by which way they came to people, what other systems told them, and what they said in surveys.
//!
//! A [`Worth`] follows records one by one; runs and the daemon count by the same one.

mod answers;
mod carried;
mod costs;
mod handling;
mod homes;
mod ledger;
mod lookups;
mod requests;
mod returning;
mod rows;
mod surveys;
mod tally;
mod verdict;

pub use answers::answer_steps;
pub use costs::AGENT_HOUR_MAX;
pub use costs::CURRENCY_CHARS_MAX;
pub use costs::Costs;
pub use ledger::Ledger;
pub use rows::Named;
pub use rows::WorthRows;
pub use rows::question;
pub use rows::way;
pub use tally::AnswerTally;
pub use tally::LookupTally;
pub use tally::RequestTally;
pub use tally::SurveyTally;
pub use tally::WantTally;
pub use tally::Way;
pub use tally::WorthFigures;

use crate::exchange::ahead::fetch_entry;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::key::Key;
use crate::exchange::record::KeyResult;
use crate::exchange::record::Outcome;
use crate::measure::places::at_place;
use answers::Answers;
use answers::Heard;
use carried::Carried;
use lookups::Lookups;
use requests::Requests;
use serde::Deserialize;
use serde::Serialize;
use surveys::Surveys;

pub use answers::NO_ANSWER;
pub(super) use homes::Homes;

/// What has been counted so far, and what is known of the calls in progress.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Worth {
    answers: Answers,
    requests: Requests,
    lookups: Lookups,
    surveys: Surveys,
    /// By the place that their ids name.
    traces: Vec<Trace>,
    /// The steps that end by themselves, by their places.
    passing: Vec<bool>,
}

/// What one call has done so far, never across two lines of the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[repr(align(32))]
struct Trace {
    heard: Heard,
    /// The last step that says by which way the call goes on.
    last: Option<(StepId, Way)>,
    /// Whether it has come to people before.
    asked: bool,
    /// The queue that has brought it to an agent last.
    queue: Option<QueueId>,
}

impl Worth {
    /// Nothing has happened yet.
    pub fn new(plan: &Dialplan) -> Self {
        Self {
            answers: Answers::new(plan),
            requests: Requests::default(),
            lookups: Lookups::new(plan),
            surveys: Surveys::default(),
            traces: Vec::new(),
            passing: passing(plan),
        }
    }

    /// Goes over to other menus. Gives where each answer is counted from now on.
    fn carry(&mut self, carried: &Carried<'_>) -> Vec<u32> {
        let moved = self.answers.carry(carried);
        self.requests.carry(carried);
        self.lookups.carry(carried);
        self.surveys.carry(carried);
        for trace in &mut self.traces {
            trace.heard.carry(&moved);
            trace.last = trace.last.and_then(|last| carried.way(last));
            trace.queue = trace.queue.and_then(|queue| carried.queue(queue));
        }
        self.passing = passing(carried.now());
        moved
    }

    /// Whether this was made for another plan than one with so many steps.
    pub fn is_for(&self, plan: &Dialplan) -> bool {
        self.passing.len() == plan.steps.len()
    }

    /// Forgets everything, and keeps the memory.
    pub(super) fn reset(&mut self) {
        self.answers.reset();
        self.requests.reset();
        self.lookups.reset();
        self.surveys.reset();
        self.forget_all();
    }

    /// A call has come to a step.
    #[inline]
    pub fn entered(&mut self, call: CallId, step: StepId) {
        if self.passing[step.index()] {
            self.trace(call).last = Some((step, Way::Onward));
        }
    }

    /// A key, an entry or a silence was taken.
    #[inline]
    pub fn pressed(&mut self, call: CallId, step: StepId, key: Option<Key>, result: KeyResult) {
        let way = match (result, key) {
            (KeyResult::Taken, Some(key)) => Way::Key(key),
            (KeyResult::Taken, None) => Way::Entry,
            (KeyResult::Wrong, _) => Way::Wrong,
            (KeyResult::Silence, _) => Way::Silence,
        };
        self.trace(call).last = Some((step, way));
    }

    /// A name of a directory was taken.
    #[cold]
    pub fn chosen(&mut self, call: CallId, step: StepId, entry: u16) {
        self.trace(call).last = Some((step, Way::Name(entry)));
    }

    /// An answer has stopped, at its end or before.
    #[cold]
    pub fn heard(&mut self, call: CallId, step: StepId, enough: bool) {
        let trace = trace_of(&mut self.traces, call);
        self.answers.heard(&mut trace.heard, step, enough);
    }

    /// The call has come to people: it is in a queue, was turned away from one, or was promised a call
    /// back (by the agents of no queue that is known here).
    #[inline(always)]
    pub fn wants_a_person(&mut self, call: CallId, queue: Option<QueueId>) {
        let trace = trace_of(&mut self.traces, call);
        let after_answer = trace.heard.is_some();
        if after_answer {
            self.answers.person_wanted(&mut trace.heard, queue);
        }
        if !std::mem::replace(&mut trace.asked, true) {
            self.requests.count(trace.last, after_answer);
        }
    }

    /// An agent has taken a call from this queue.
    #[inline]
    pub fn answered(&mut self, call: CallId, queue: QueueId) {
        self.trace(call).queue = Some(queue);
    }

    /// Whether an agent has taken a call.
    #[cold]
    pub fn has_talked(&self, call: CallId) -> bool {
        let trace = self.traces.get(call.index as usize);
        trace.is_some_and(|trace| trace.queue.is_some())
    }

    /// There are no calls.
    fn forget_all(&mut self) {
        self.traces.fill(Trace::default());
    }

    /// A call that is no attempt is over.
    #[cold]
    pub fn forget(&mut self, call: CallId) {
        if let Some(trace) = self.traces.get_mut(call.index as usize) {
            *trace = Trace::default();
        }
    }

    /// Another system has answered, or has not.
    #[cold]
    pub fn looked_up(
        &mut self,
        step: StepId,
        took: crate::exchange::time::Span,
        result: crate::exchange::dialplan::LookupResult,
    ) {
        self.lookups.count(step, took, result);
    }

    /// A question of a survey was put.
    #[cold]
    pub fn surveyed(&mut self, call: CallId, step: StepId, ask: u8, answer: Option<u8>) {
        let queue = self.trace(call).queue;
        self.surveys.count((step, ask), queue, answer);
    }

    /// The call is over. Gives the answer that has probably settled it, which a second call may yet
    /// disprove: [`NO_ANSWER`] if none has.
    #[inline]
    pub fn ended(&mut self, call: CallId, outcome: Outcome, wanted_a_person: bool) -> u32 {
        let Some(trace) = self.traces.get_mut(call.index as usize) else {
            return NO_ANSWER;
        };
        let mut trace = std::mem::take(trace);
        if !trace.heard.is_some() {
            return NO_ANSWER;
        }
        // To a number outside, which no queue stands before.
        if wanted_a_person && !trace.asked {
            self.answers.person_wanted(&mut trace.heard, None);
            return NO_ANSWER;
        }
        self.answers.ended(trace.heard, outcome)
    }

    /// A caller has come back within the day: the answer had not settled it after all.
    #[cold]
    pub fn came_back(&mut self, answer: u32) {
        self.answers.came_back(answer);
    }

    /// What it comes to, by how long the agents of each queue have handled its calls.
    pub(super) fn figures(&self, homes: &Homes, handling: &[Handled]) -> WorthFigures {
        WorthFigures {
            answers: self.answers.tallies(homes, handling),
            requests: self.requests.tallies().to_vec(),
            lookups: self.lookups.tallies().to_vec(),
            surveys: self.surveys.tallies().to_vec(),
            wants: Vec::new(),
        }
    }

    /// Asks for the memory of a call, and does not wait for it.
    #[inline]
    pub(super) fn fetch(&self, call: CallId) {
        fetch_entry(&self.traces, call.index as usize);
    }

    #[inline]
    fn trace(&mut self, call: CallId) -> &mut Trace {
        trace_of(&mut self.traces, call)
    }
}

/// The steps that end by themselves, by their places.
fn passing(plan: &Dialplan) -> Vec<bool> {
    let passing = |kind: &StepKind| {
        matches!(
            kind,
            StepKind::Say(_)
                | StepKind::Lookup(_)
                | StepKind::Record(_)
                | StepKind::Ticket(_)
                | StepKind::Transfer(_)
                | StepKind::Survey(_)
        )
    };
    plan.steps.iter().map(|step| passing(&step.kind)).collect()
}

#[inline]
fn trace_of(traces: &mut Vec<Trace>, call: CallId) -> &mut Trace {
    at_place(traces, call.index as usize, Trace::default)
}

/// How many calls the agents of a queue have handled, and for how long together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handled {
    /// Talks that are over.
    pub calls: u64,
    /// Talk, hold and wrap-up.
    pub ms: u64,
}

impl Handled {
    /// How long one takes; none where there was none.
    fn mean_ms(self) -> Option<u64> {
        self.ms.checked_div(self.calls)
    }
}
