//! One call's story in plain sentences, from the records of a run and a look at the exchange before
//! each input: who could have taken it, whose share was due, why not the others.

mod called_back;
mod choice;
mod crew;
mod find;
mod line;
mod looked_up;
mod recording;
mod talks;

pub use find::LongestWait;

use super::clean::clean;
use super::style::Style;
use super::text::page::Page;
use super::text::page::wrap;
use crate::exchange::Exchange;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::Blocked;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Decision;
use crate::exchange::record::KeyResult;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Record;
use crate::exchange::record::TurnedAway;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use choice::Choice;
use crew::Crew;
use line::Line;
use std::sync::Arc;
use talks::Talks;

/// The story of one attempt of a run.
#[derive(Debug)]
pub struct Story {
    plan: Arc<Dialplan>,
    /// Unix time of tick 0 in milliseconds.
    origin_ms: i64,
    /// The attempt it is about, from 1 in the order of arrival.
    attempt: u64,
    attempts: u64,
    call: Option<CallId>,
    /// The call back that was promised in it, and goes on with its story.
    call_back: Option<CallId>,
    crew: Crew,
    /// Everybody who waits.
    line: Line,
    /// Callers before this one who were served while it waited.
    served_before: u32,
    /// Whether a phone rings for this call.
    rings: bool,
    talks: Talks,
    /// Who has let it ring out or refused it.
    missed: Vec<AgentId>,
    told: Vec<Sentence>,
    /// Where the sentences begin of where the call has gone by the present input.
    landing: Option<usize>,
    is_over: bool,
}

/// Something that happened, and what there is to say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// The time of day, `09:12:31.5`.
    pub at: String,
    /// What happened.
    pub words: String,
    /// Who else there was, a line each.
    pub details: Vec<String>,
}

impl Story {
    /// The story of an attempt, 1 being the first of the run. `origin_ms` is the Unix time of tick 0.
    pub fn new(plan: Arc<Dialplan>, origin_ms: i64, attempt: u64) -> Self {
        Self {
            crew: Crew::new(&plan),
            plan,
            origin_ms,
            attempt,
            attempts: 0,
            call: None,
            call_back: None,
            line: Line::default(),
            served_before: 0,
            rings: false,
            talks: Talks::default(),
            missed: Vec::new(),
            told: Vec::new(),
            landing: None,
            is_over: false,
        }
    }

    /// What happened; none if there was no such attempt.
    pub fn tell(self) -> Option<Vec<Sentence>> {
        (!self.told.is_empty()).then_some(self.told)
    }

    /// The run is over, whatever this call is at.
    pub fn run_ends(&mut self, now: Tick) {
        if !self.told.is_empty() && !self.is_over {
            self.say(now, "The run ends here.".to_owned());
        }
    }

    /// Attempts so far.
    pub fn attempts(&self) -> u64 {
        self.attempts
    }

    /// Looks at the exchange before an input.
    pub fn look(&mut self, exchange: &Exchange) {
        if !self.is_over {
            self.crew.look(exchange);
            self.line.look(exchange);
            self.landing = None;
        }
    }

    /// Takes the next record.
    pub fn record(&mut self, now: Tick, record: &Record) {
        self.others(now, record);
        self.own(now, record);
        self.crew.record(now, record);
        self.line.record(now, record);
    }

    /// What happens to anybody: who comes, who waits, who is served before this call.
    fn others(&mut self, now: Tick, record: &Record) {
        match *record {
            Record::Blocked { line, why, .. } => {
                self.attempts += 1;
                if self.attempts == self.attempt {
                    let title = &self.plan.line(line).title;
                    let why = match why {
                        Blocked::NoTrunk => format!("All trunks of {title} are busy"),
                        Blocked::CallerLimit => {
                            format!("{title} takes no more calls of this caller (caller_limit)")
                        }
                    };
                    self.say(now, format!("{why}: the caller is turned off."));
                    self.is_over = true;
                }
            }
            Record::Arrived { call, line, .. } => {
                self.attempts += 1;
                if self.attempts == self.attempt {
                    self.call = Some(call);
                    let title = &self.plan.line(line).title;
                    self.say(now, format!("Attempt {} calls {title}.", self.attempt));
                }
            }
            Record::Callback {
                call,
                queue,
                what: what @ CallbackFact::Booked { by, .. },
            } if self.call.is_some() && by.call() == self.call => {
                self.call_back = Some(call);
                let words = called_back::comes_along(&self.plan, (queue, now), what);
                self.say(now, words);
            }
            Record::Offered(decision) if Some(decision.call) != self.call && !self.rings => {
                self.passed_by(now, &decision);
            }
            _ => {}
        }
        if let (Some(agent), Some(call)) = (record.taken_by(), call_of(record)) {
            self.served(agent, call);
        }
    }

    /// Somebody else is served by an agent who could have taken this call.
    fn served(&mut self, agent: AgentId, call: CallId) {
        let own = self.own_and(agent).filter(|own| *own != call);
        let passing = own.and_then(|own| self.line.passes(own, call));
        if passing.is_some_and(|passing| passing.came_before()) {
            self.served_before += 1;
        }
    }

    /// This call, if the agent could take it.
    fn own_and(&self, agent: AgentId) -> Option<CallId> {
        let lane = self.crew.lane()?;
        self.call
            .filter(|_| self.crew.serves(&self.plan, agent, lane))
    }

    /// Somebody else is offered to an agent who could have taken this call.
    fn passed_by(&mut self, now: Tick, decision: &Decision) {
        let own = self.own_and(decision.agent);
        let passing = own.and_then(|own| self.line.passes(own, decision.call));
        let Some(passing) = passing.filter(|passing| !passing.came_before()) else {
            return;
        };
        let why = passing.why(&self.plan, decision, &self.missed);
        let agent = self.name(decision.agent);
        let words = format!("{agent} takes {}: {why}.", passing.whom(&self.plan));
        self.say(now, words);
    }

    /// What happens to this call.
    fn own(&mut self, now: Tick, record: &Record) {
        if self.call.is_none() || call_of(record) != self.call {
            return;
        }
        if let Record::Entered { .. } | Record::TurnedAway { .. } = record {
            self.landing.get_or_insert(self.told.len());
        }
        match *record {
            Record::Entered { step, .. } => self.comes_to(now, step),
            Record::Pressed { key, result, .. } => {
                let key = key.map_or_else(|| "digits".to_owned(), |key| key.to_char().to_string());
                self.say(
                    now,
                    match result {
                        KeyResult::Taken => format!("The caller presses {key}."),
                        KeyResult::Wrong => {
                            format!("The caller presses {key}, which is no option.")
                        }
                        KeyResult::Silence => "The caller presses nothing.".to_owned(),
                    },
                );
            }
            Record::Chosen { step, entry, .. } => self.chooses(now, step, entry),
            Record::Heard { played, enough, .. } => {
                let enough = if enough {
                    "enough to count"
                } else {
                    "not enough to count"
                };
                self.say(
                    now,
                    format!("{} of the answer were heard, {enough}.", clock(played)),
                );
            }
            Record::Surveyed {
                step, ask, answer, ..
            } => self.surveyed(now, step, ask, answer),
            Record::LookedUp {
                step, took, result, ..
            } => self.say(now, looked_up::answers(&self.plan, step, took, result)),
            Record::Recognized { step, what, .. } => {
                for words in looked_up::knows(&self.plan, step, what) {
                    self.say(now, words);
                }
            }
            Record::Consented { consent, .. } => self.say(now, recording::consented(consent)),
            Record::Recording { agent, what, .. } => {
                let words = recording::comes_along(self.name(agent), what);
                self.say(now, words);
            }
            Record::TurnedAway { queue, why, .. } => {
                let why = match why {
                    TurnedAway::Closed => "it is closed",
                    TurnedAway::Full => "there is no room to wait",
                    TurnedAway::NoAgents => "nobody is signed in who could take the call",
                    TurnedAway::AllPaused => "everybody who could take the call is on a break",
                    TurnedAway::Overload => "the wait would be too long",
                };
                let name = &self.plan.queue(queue).name;
                self.say(now, format!("The caller cannot wait in \"{name}\": {why}."));
            }
            Record::Queued {
                queue,
                lane,
                waiting,
                expected,
                ..
            } => {
                self.crew.waits_in(lane);
                let words = self.talks.joins(&self.plan, queue, (waiting, expected));
                self.say(now, words);
            }
            Record::Widened { lane, .. } => {
                self.crew.waits_in(lane);
                self.say(now, "From now on more agents may take the call.".to_owned());
            }
            Record::Offered(decision) => self.chosen(now, &decision),
            Record::OfferEnded { agent, how, .. } => self.offer_over(now, agent, how),
            Record::Unqueued {
                queue,
                since,
                first,
                how,
                ..
            } => self.out_of_line(now, (queue, since, first), how),
            Record::TalkEnded {
                agent, since, by, ..
            } => {
                let talk = (agent, now - since);
                let words = self.talks.parts(&self.plan, talk, by);
                self.say(now, words);
            }
            Record::ShortTalk { agent, talked, .. } => {
                let agent = self.name(agent);
                let words = format!(
                    "{} are too short to count as a call of {agent}.",
                    clock(talked)
                );
                self.say(now, words);
            }
            Record::Ended { outcome, .. } => {
                let outcome = outcome.name().replace('_', " ");
                self.say(now, format!("The call is over: {outcome}."));
                self.call = self.call_back.take();
                self.is_over = self.call.is_none();
            }
            Record::Callback { queue, what, .. } => self.is_called_back(now, queue, what),
            _ => {}
        }
    }

    /// The call back that was promised comes along.
    fn is_called_back(&mut self, now: Tick, queue: QueueId, what: CallbackFact) {
        match what {
            CallbackFact::InLine { lane } => self.crew.waits_in(lane),
            CallbackFact::Reached { agent, .. } => self.talks.begins(agent),
            _ => {}
        }
        let words = called_back::comes_along(&self.plan, (queue, now), what);
        self.say(now, words);
        if let CallbackFact::Ended(_) = what {
            (self.is_over, self.call) = (true, None);
        }
    }

    fn chooses(&mut self, now: Tick, step: StepId, entry: u16) {
        if let StepKind::Directory(directory) = &self.plan.step(step).kind {
            let name = &directory.entries[usize::from(entry)].name;
            self.say(now, format!("The caller chooses \"{name}\"."));
        }
    }

    fn surveyed(&mut self, now: Tick, step: StepId, ask: u8, answer: Option<u8>) {
        let StepKind::Survey(survey) = &self.plan.step(step).kind else {
            return;
        };
        let asked = survey.asks.get(usize::from(ask));
        let asked = asked.map_or("", |ask| ask.id.as_str());
        let words = match answer {
            Some(answer) => format!("The caller answers \"{asked}\" with {answer}."),
            None => format!("The caller gives no answer to \"{asked}\"."),
        };
        self.say(now, words);
    }

    fn comes_to(&mut self, now: Tick, step: StepId) {
        let step = self.plan.step(step);
        let what = match &step.kind {
            StepKind::Menu(_) => "hears the menu",
            StepKind::Say(say) if say.answer.is_some() => "hears the answer",
            StepKind::Say(_) => "hears",
            StepKind::Collect(_) => "is asked for digits at",
            StepKind::Directory(_) => "is asked for a name at",
            StepKind::Record(_) => "may leave a message at",
            StepKind::Transfer(_) => "is transferred by",
            StepKind::Survey(_) => "comes to the survey",
            StepKind::Ticket(_) => "leaves a ticket by",
            StepKind::Lookup(_) => "waits for what is looked up by",
            // Promised once it is settled on which number.
            StepKind::Callback(_) => "may be called back by",
            // Said when the queue is joined.
            StepKind::Queue(_) => return,
            StepKind::Hours(_) | StepKind::Duty(_) => "passes",
        };
        let words = format!("The caller {what} \"{}\".", step.name);
        self.say(now, words);
    }

    fn chosen(&mut self, now: Tick, decision: &Decision) {
        self.rings = true;
        let choice = Choice {
            plan: &self.plan,
            crew: &self.crew,
            missed: &self.missed,
            now,
            decision,
        };
        let (mut words, details) = (choice.words(), choice.details());
        if self.served_before > 0 {
            let served = self.served_before;
            let served = match served {
                1 => "One who came before was".to_owned(),
                served => format!("{served} who came before were"),
            };
            words = format!("{served} served meanwhile. {words}");
            self.served_before = 0;
        }
        self.say(now, words);
        if let Some(last) = self.told.last_mut() {
            last.details = details;
        }
    }

    fn offer_over(&mut self, now: Tick, agent: AgentId, how: OfferEnd) {
        self.rings = false;
        if matches!(how, OfferEnd::NoAnswer | OfferEnd::Declined) {
            self.missed.push(agent);
        }
        let is_call_back = self.call.is_some_and(|call| self.line.is_call_back(call));
        let agent = self.name(agent);
        let words = match how {
            OfferEnd::CallerGone if is_call_back => {
                format!("{agent}'s phone stops ringing: the number cannot be dialled now.")
            }
            // Said when the call leaves the line.
            OfferEnd::Answered | OfferEnd::CallerGone => return,
            OfferEnd::NoAnswer => format!(
                "{agent} does not pick up. The call keeps its place, {agent} is still owed one."
            ),
            OfferEnd::Declined => {
                format!("{agent} refuses. The call keeps its place, {agent} is still owed one.")
            }
            OfferEnd::AgentGone => {
                format!("{agent} is not at work any more; the call goes on waiting.")
            }
            OfferEnd::Taken => format!("{agent}'s phone stops ringing: a colleague was faster."),
        };
        self.say(now, words);
    }

    /// Leaves the queue that was joined at `since`, after a wait from `first` on.
    fn out_of_line(&mut self, now: Tick, from: (QueueId, Tick, Tick), how: Unqueued) {
        let words = self.talks.leaves(&self.plan, from, (now, how));
        self.say(now, words);
        // Where the call goes from the queue is known first, and told after.
        let goes_on = !matches!(how, Unqueued::Answered(_));
        if let Some(landing) = self.landing.take().filter(|_| goes_on) {
            self.told[landing..].rotate_right(1);
        }
    }

    fn name(&self, agent: AgentId) -> &str {
        &self.plan.agent(agent).title
    }

    fn say(&mut self, now: Tick, words: String) {
        let local = self.plan.zone.local(self.origin_ms + now.0 as i64);
        self.told.push(Sentence {
            at: time_of_day(local),
            words,
            details: Vec::new(),
        });
    }
}

/// The story as text, each line ended.
pub fn text(title: &str, story: &[Sentence], style: Style) -> String {
    const TIME: usize = 12;
    let mut page = Page::new(style);
    page.line(style.bold(&clean(title, true)));
    page.line("");
    for sentence in story {
        page.wrapped(
            &format!("{:<TIME$}", sentence.at),
            &clean(&sentence.words, true),
        );
        for detail in sentence.details.iter().map(|detail| clean(detail, true)) {
            let width = style.columns() - TIME - 2;
            let lines = match detail.chars().count() <= width {
                false => wrap(&detail, width - 2),
                true => vec![detail],
            };
            for (place, line) in lines.iter().enumerate() {
                let indent = TIME + if place == 0 { 2 } else { 4 };
                page.line(style.dim(&format!("{:indent$}{line}", "")));
            }
        }
    }
    page.finish()
}

/// The call a record is about.
fn call_of(record: &Record) -> Option<CallId> {
    match *record {
        Record::Entered { call, .. }
        | Record::Pressed { call, .. }
        | Record::Chosen { call, .. }
        | Record::Heard { call, .. }
        | Record::LookedUp { call, .. }
        | Record::Recognized { call, .. }
        | Record::Surveyed { call, .. }
        | Record::TurnedAway { call, .. }
        | Record::Queued { call, .. }
        | Record::Widened { call, .. }
        | Record::Unqueued { call, .. }
        | Record::OfferEnded { call, .. }
        | Record::TalkEnded { call, .. }
        | Record::Consented { call, .. }
        | Record::Recording { call, .. }
        | Record::ShortTalk { call, .. }
        | Record::Callback { call, .. }
        | Record::Ended { call, .. } => Some(call),
        Record::Offered(decision) => Some(decision.call),
        Record::Overload { .. }
        | Record::Blocked { .. }
        | Record::Arrived { .. }
        | Record::PauseReason { .. }
        | Record::Moved { .. }
        | Record::Agent { .. }
        | Record::Forgiven { .. } => None,
    }
}

/// A moment of local time in milliseconds, as `09:12:31.5`.
pub(in crate::report) fn time_of_day(local_ms: i64) -> String {
    let ms = local_ms.rem_euclid(86_400_000);
    let (seconds, tenths) = (ms / 1000, ms % 1000 / 100);
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{tenths}", seconds % 60)
}

/// A length of time, as `12 s`, `3:05 min` or `1:02:03 h`.
pub(super) fn clock(span: Span) -> String {
    let seconds = (span.0 + 500) / 1000;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest} s"),
        (0, minutes) => format!("{minutes}:{rest:02} min"),
        (hours, minutes) => format!("{hours}:{minutes:02}:{rest:02} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_people_write_them() {
        assert_eq!(time_of_day(33_151_540), "09:12:31.5");
        let spans = [400, 12_000, 185_000, 3_723_000];
        assert_eq!(
            spans.map(|ms| clock(Span(ms))),
            ["0 s", "12 s", "3:05 min", "1:02:03 h"]
        );
    }
}
