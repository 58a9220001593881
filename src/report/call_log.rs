//! Records of simulated calls, in the form in which the daemon keeps those of real ones.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::record::AskedBy;
use crate::exchange::record::Blocked;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Consent;
use crate::exchange::record::Outcome;
use crate::exchange::record::Record;
use crate::exchange::record::RecordingFact;
use crate::exchange::time::Tick;
use crate::measure::course::BY_REQUEST;
use crate::measure::course::Course;
use crate::measure::course::TOO_LONG;
use crate::measure::course::call_of;
use csv::Writer;
use std::io;
use std::io::Write;

/// The columns: the fields of `GET /api/v1/calls/recent`.
const COLUMNS: [&str; 17] = [
    "position",
    "number",
    "call",
    "bridge",
    "line",
    "caller",
    "agent",
    "queue",
    "started_ms",
    "ended_ms",
    "wait_ms",
    "talk_ms",
    "outcome",
    "detail",
    "menus_version",
    "consent",
    "recordings",
];
/// The bridge of all of them.
const BRIDGE: &str = "simulate";

/// Writes the calls of runs, one run after the other.
pub struct CallLog<'p, W: Write> {
    plan: &'p Dialplan,
    out: Writer<W>,
    /// From 1.
    run: u64,
    /// Tick 0 of the run, in milliseconds since 1970.
    origin_ms: i64,
    calls: Vec<Option<Facts>>,
    /// Those of the run so far.
    attempts: u64,
    /// Calls back of the run so far that nobody on the line has asked for.
    asked_for: u64,
    written: u64,
    failed: Option<io::Error>,
}

/// What is known of a call in progress.
#[derive(Clone, Debug)]
struct Facts {
    /// What the call is called.
    name: String,
    line: LineId,
    caller: Option<u64>,
    started: Tick,
    /// A call back for which another program has asked.
    by_request: bool,
    course: Course,
    consent: Option<Consent>,
    recordings: u32,
}

/// How a call ended.
struct End<'o> {
    at: Tick,
    outcome: &'o str,
    detail: &'o str,
}

impl Facts {
    fn new(name: String, line: LineId, caller: u64, started: Tick) -> Self {
        Self {
            name,
            line,
            // 0 is a number that is withheld.
            caller: Some(caller).filter(|caller| *caller != 0),
            started,
            by_request: false,
            course: Course::default(),
            consent: None,
            recordings: 0,
        }
    }
}

impl<'p, W: Write> CallLog<'p, W> {
    /// A table with nothing but its header.
    ///
    /// # Errors
    /// If that cannot be written.
    pub fn new(plan: &'p Dialplan, out: W) -> io::Result<Self> {
        let mut out = Writer::from_writer(out);
        out.write_record(COLUMNS)?;
        Ok(Self {
            plan,
            out,
            run: 0,
            origin_ms: 0,
            calls: Vec::new(),
            attempts: 0,
            asked_for: 0,
            written: 0,
            failed: None,
        })
    }

    /// The next run begins, at this time in milliseconds since 1970. Calls that were not over are not recorded.
    pub fn begin_run(&mut self, origin_ms: i64) {
        self.run += 1;
        self.origin_ms = origin_ms;
        (self.attempts, self.asked_for) = (0, 0);
        self.calls.clear();
    }

    /// Run and number of the attempt that begins, as stories of calls have it.
    fn next_attempt(&mut self) -> String {
        self.attempts += 1;
        format!("{}-{}", self.run, self.attempts)
    }

    /// Whether all could be written.
    ///
    /// # Errors
    /// If something could not.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.failed.map_or(Ok(()), Err)
    }

    fn facts(&mut self, call: CallId) -> Option<&mut Facts> {
        self.calls.get_mut(call.index as usize)?.as_mut()
    }

    fn insert(&mut self, call: CallId, facts: Facts) {
        let place = call.index as usize;
        if self.calls.len() <= place {
            self.calls.resize(place + 1, None);
        }
        self.calls[place] = Some(facts);
    }

    /// Something has happened.
    pub fn note(&mut self, at: Tick, record: &Record) {
        if let Some(facts) = call_of(record).and_then(|call| self.facts(call)) {
            facts.course.note(at, record);
        }
        match *record {
            Record::Blocked {
                line, caller, why, ..
            } => {
                let detail = match why {
                    Blocked::NoTrunk => "busy",
                    Blocked::CallerLimit => "caller-limit",
                };
                let end = End {
                    at,
                    outcome: "blocked",
                    detail,
                };
                let name = self.next_attempt();
                self.write(&Facts::new(name, line, caller, at), &end);
            }
            Record::Arrived {
                call, line, caller, ..
            } => {
                let name = self.next_attempt();
                self.insert(call, Facts::new(name, line, caller, at));
            }
            Record::Ended { call, outcome, .. } => self.ends(at, call, outcome.name()),
            Record::Callback { call, queue, what } => self.called_back(at, (call, queue), what),
            Record::Consented { call, consent, .. } => {
                if let Some(facts) = self.facts(call) {
                    facts.consent = Some(consent);
                }
            }
            Record::Recording {
                call,
                what: RecordingFact::Ended,
                ..
            } => {
                if let Some(facts) = self.facts(call) {
                    facts.recordings += 1;
                }
            }
            _ => {}
        }
    }

    /// What a call back is called, and its line.
    fn promised(&mut self, queue: QueueId, by: AskedBy) -> Option<(String, LineId)> {
        match by {
            AskedBy::Call(during) => {
                let facts = self.facts(during)?;
                Some((format!("{}-back", facts.name), facts.line))
            }
            AskedBy::Program(_) => {
                self.asked_for += 1;
                let line = self.plan.step(self.plan.queue(queue).step).line;
                Some((format!("{}-out-{}", self.run, self.asked_for), line))
            }
        }
    }

    fn called_back(&mut self, at: Tick, (call, queue): (CallId, QueueId), what: CallbackFact) {
        match what {
            CallbackFact::Booked { by, caller, .. } => {
                if let Some((name, line)) = self.promised(queue, by) {
                    let facts = Facts {
                        by_request: by.call().is_none(),
                        ..Facts::new(name, line, caller, at)
                    };
                    self.insert(call, facts);
                }
            }
            CallbackFact::Ended(how) => self.ends(at, call, how.name()),
            CallbackFact::InLine { .. }
            | CallbackFact::Dialled { .. }
            | CallbackFact::Reached { .. }
            | CallbackFact::Unreached { .. } => {}
        }
    }

    fn ends(&mut self, at: Tick, call: CallId, outcome: &str) {
        let place = self.calls.get_mut(call.index as usize);
        let Some(facts) = place.and_then(Option::take) else {
            return;
        };
        let is_cut_off = facts.course.is_cut_off || outcome == Outcome::EndedBySystem.name();
        let detail = match is_cut_off {
            true => TOO_LONG,
            false if facts.by_request => BY_REQUEST,
            false => "",
        };
        let end = End {
            at,
            outcome,
            detail,
        };
        self.write(&facts, &end);
    }

    fn write(&mut self, facts: &Facts, end: &End<'_>) {
        self.written += 1;
        let ms = |tick: Tick| (self.origin_ms + tick.0 as i64).to_string();
        let agent = facts
            .course
            .agent
            .map(|agent| self.plan.agent(agent).name.as_str());
        let queue = facts
            .course
            .queue
            .map(|queue| self.plan.queue(queue).name.as_str());
        let consent = facts.consent.map_or("", Consent::name);
        let caller = facts.caller.map(|caller| format!("{}-{caller}", self.run));
        let row: [&str; 17] = [
            &self.written.to_string(),
            "0",
            &facts.name,
            BRIDGE,
            &self.plan.line(facts.line).name,
            caller.as_deref().unwrap_or(""),
            agent.unwrap_or(""),
            queue.unwrap_or(""),
            &ms(facts.started),
            &ms(end.at),
            &facts.course.wait_ms.to_string(),
            &facts.course.talk_ms.to_string(),
            end.outcome,
            end.detail,
            "1",
            consent,
            &facts.recordings.to_string(),
        ];
        if self.failed.is_none()
            && let Err(error) = self.out.write_record(row)
        {
            self.failed = Some(error.into());
        }
    }
}
