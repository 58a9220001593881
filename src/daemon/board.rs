//! The figures of the day so far and of this moment, kept from records: what the wallboard shows.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::dialplan::Queue;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::ReasonId;
use crate::exchange::record::AgentState;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Record;
use crate::exchange::record::RecordingFact;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Everything that is counted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Board {
    /// The day that is counted, in days since 1970 at the site.
    day: i32,
    pub(super) lines: Vec<LineTally>,
    pub(super) queues: Vec<QueueTally>,
    pub(super) agents: Vec<AgentTally>,
}

/// One line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct LineTally {
    pub(super) in_progress: u32,
    pub(super) attempts: u64,
    pub(super) blocked: u64,
    pub(super) outcomes: BTreeMap<Outcome, u64>,
}

/// One queue. Overflowed counts those who left for another queue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct QueueTally {
    /// Who waits, by the time at which this queue was joined.
    waiting: BTreeSet<(Tick, CallId)>,
    /// Who was promised a call back and was not reached yet, by the time of the promise.
    #[serde(default)]
    promised: BTreeSet<(Tick, CallId)>,
    pub(super) entered: u64,
    pub(super) answered: u64,
    /// Of these, within the goal of the group.
    pub(super) in_time: u64,
    pub(super) answered_wait_ms: u64,
    pub(super) abandoned: u64,
    /// Of these, sooner than counts.
    pub(super) short: u64,
    pub(super) turned_away: u64,
    pub(super) timed_out: u64,
    /// Ended while they waited: by their longest length, or because their bridge did not come back.
    #[serde(default)]
    pub(super) ended_by_system: u64,
    pub(super) overflowed: u64,
    /// Left the line by a key: for a call back, a message, another way.
    #[serde(default)]
    pub(super) left_by_key: u64,
    /// Entries of agents' invitations that nobody has answered.
    #[serde(default)]
    pub(super) withdrawn: u64,
}

/// One agent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AgentTally {
    pub(super) state: AgentState,
    pub(super) since: Tick,
    pub(super) reason: Option<ReasonId>,
    /// Whether the conversation is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) recording: Option<Taping>,
    pub(super) answered: u64,
    pub(super) missed: u64,
}

/// How the recording of a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Taping {
    /// What is said is kept.
    On,
    /// Nothing is, for now.
    Paused,
}

impl Board {
    /// A board on which nothing has happened.
    pub(super) fn new(plan: &Dialplan) -> Self {
        let nobody = AgentTally {
            state: AgentState::SignedOut,
            since: Tick(0),
            reason: None,
            recording: None,
            answered: 0,
            missed: 0,
        };
        Self {
            day: i32::MIN,
            lines: vec![LineTally::default(); plan.lines.len()],
            queues: vec![QueueTally::default(); plan.queues.len()],
            agents: vec![nobody; plan.agents.len()],
        }
    }

    /// Makes room for what was added to the plan. All versions of a line or queue are counted as one,
    /// where the first of them is.
    pub(super) fn grow(&mut self, plan: &Dialplan) {
        let Self {
            lines,
            queues,
            agents,
            ..
        } = Self::new(plan);
        self.lines.extend(lines.into_iter().skip(self.lines.len()));
        self.queues
            .extend(queues.into_iter().skip(self.queues.len()));
        self.agents
            .extend(agents.into_iter().skip(self.agents.len()));
    }

    /// Goes over to other ids of lines and queues.
    pub(super) fn renumber(&mut self, moved: &Moved) {
        self.lines = moved.lines_counted(&self.lines, &LineTally::default());
        self.queues = moved.queues_counted(&self.queues, &QueueTally::default());
    }

    /// Takes over what another board has counted today of the lines, queues and agents whose names are
    /// in both plans; nobody is in any of them.
    pub(super) fn succeed(
        &mut self,
        before: &Self,
        (old, new): (&Dialplan, &Dialplan),
        unix_ms: i64,
    ) {
        self.turn_page(new, unix_ms);
        for (place, person) in new.agents.iter().enumerate() {
            let known = old.agents.iter().zip(&before.agents);
            let mut same = known.filter(|(other, _)| other.name == person.name);
            if let Some((_, tally)) = same.find(|(other, _)| !other.is_gone()) {
                self.agents[place].go_on(tally, before.day == self.day);
            }
        }
        if before.day != self.day {
            return;
        }
        for (place, line) in new.lines.iter().enumerate() {
            let same = old.lines.iter().position(|other| other.name == line.name);
            if let Some(same) = same.map(|same| old.line_root(LineId(same as u16))) {
                self.lines[place] = LineTally {
                    in_progress: 0,
                    ..before.lines[same.index()].clone()
                };
            }
        }
        let name = |plan: &Dialplan, queue: &Queue| {
            let line = plan.line(plan.step(queue.step).line);
            (line.name.clone(), queue.name.clone())
        };
        for (place, queue) in new.queues.iter().enumerate() {
            let wanted = name(new, queue);
            let same = old
                .queues
                .iter()
                .position(|other| name(old, other) == wanted);
            if let Some(same) = same.map(|same| old.queue_root(QueueId(same as u16))) {
                self.queues[place] = QueueTally {
                    waiting: BTreeSet::new(),
                    promised: BTreeSet::new(),
                    ..before.queues[same.index()].clone()
                };
            }
        }
    }

    /// Counts calls of a line that nobody had room for.
    pub(super) fn count_blocked(
        &mut self,
        plan: &Dialplan,
        unix_ms: i64,
        line: LineId,
        calls: u64,
    ) {
        self.turn_page(plan, unix_ms);
        let line = &mut self.lines[plan.line_root(line).index()];
        line.attempts += calls;
        line.blocked += calls;
    }

    /// Notes a record that holds at this tick.
    pub(super) fn note(&mut self, plan: &Dialplan, at: Tick, unix_ms: i64, record: &Record) {
        self.turn_page(plan, unix_ms);
        match *record {
            Record::Arrived { line, .. } => {
                let line = &mut self.lines[plan.line_root(line).index()];
                line.attempts += 1;
                line.in_progress += 1;
            }
            Record::Ended { line, outcome, .. } => {
                let line = &mut self.lines[plan.line_root(line).index()];
                line.in_progress = line.in_progress.saturating_sub(1);
                *line.outcomes.entry(outcome).or_default() += 1;
            }
            Record::TurnedAway { queue, .. } => {
                self.queues[plan.queue_root(queue).index()].turned_away += 1;
            }
            Record::Queued { call, queue, .. } => {
                self.queues[plan.queue_root(queue).index()].join(at, call);
            }
            Record::Unqueued {
                call,
                queue,
                since,
                first,
                how,
            } => self.leave_queue(plan, at, (call, queue), (since, first), how),
            Record::Callback { call, queue, what } => {
                self.queues[plan.queue_root(queue).index()].call_back(call, what);
                if let CallbackFact::Reached { agent, .. } = what {
                    self.agents[agent.index()].answered += 1;
                }
            }
            Record::OfferEnded {
                agent,
                how: OfferEnd::NoAnswer | OfferEnd::Declined,
                ..
            } => self.agents[agent.index()].missed += 1,
            Record::Agent { agent, state } => self.agent_is(at, agent, state),
            Record::PauseReason { agent, reason } => {
                self.agents[agent.index()].reason = Some(reason);
            }
            Record::Recording { agent, what, .. } => {
                self.agents[agent.index()].recording = match what {
                    RecordingFact::Started | RecordingFact::Resumed => Some(Taping::On),
                    RecordingFact::Paused => Some(Taping::Paused),
                    RecordingFact::Ended | RecordingFact::Failed => None,
                };
            }
            _ => {}
        }
    }

    fn leave_queue(
        &mut self,
        plan: &Dialplan,
        at: Tick,
        (call, queue): (CallId, QueueId),
        (since, first): (Tick, Tick),
        how: Unqueued,
    ) {
        let group = plan.group(plan.queue(queue).group);
        let waited = at.since(first);
        if let Unqueued::Answered(agent) = how {
            self.agents[agent.index()].answered += 1;
        }
        self.queues[plan.queue_root(queue).index()].leave(
            (since, call),
            (
                waited,
                waited <= plan.answer_within(queue),
                waited <= group.short_abandon,
            ),
            how,
        );
    }

    fn agent_is(&mut self, at: Tick, agent: AgentId, state: AgentState) {
        let tally = &mut self.agents[agent.index()];
        if state != AgentState::Paused {
            tally.reason = None;
        }
        (tally.state, tally.since) = (state, at);
    }

    fn turn_page(&mut self, plan: &Dialplan, unix_ms: i64) {
        let day = plan.zone.day(unix_ms);
        if std::mem::replace(&mut self.day, day) != day {
            self.begin_day();
        }
    }

    /// What it shows at this time: nothing of the days before, though nobody has called since.
    pub(super) fn of_the_day(&self, plan: &Dialplan, unix_ms: i64) -> Cow<'_, Self> {
        let mut board = Cow::Borrowed(self);
        if plan.zone.day(unix_ms) != self.day {
            board.to_mut().begin_day();
        }
        board
    }

    /// A new day begins at nothing; who is here stays.
    fn begin_day(&mut self) {
        for line in &mut self.lines {
            *line = LineTally {
                in_progress: line.in_progress,
                ..LineTally::default()
            };
        }
        for queue in &mut self.queues {
            *queue = QueueTally {
                waiting: std::mem::take(&mut queue.waiting),
                promised: std::mem::take(&mut queue.promised),
                ..QueueTally::default()
            };
        }
        for agent in &mut self.agents {
            (agent.answered, agent.missed) = (0, 0);
        }
    }
}

impl AgentTally {
    /// Goes on where another left off; its counts, if they are today's.
    fn go_on(&mut self, before: &Self, is_today: bool) {
        if self.state == before.state {
            self.since = before.since;
        }
        if is_today {
            (self.answered, self.missed) = (before.answered, before.missed);
        }
    }
}

impl QueueTally {
    fn join(&mut self, at: Tick, call: CallId) {
        self.entered += 1;
        self.waiting.insert((at, call));
    }

    fn leave(
        &mut self,
        who: (Tick, CallId),
        (waited, in_time, short): (Span, bool, bool),
        how: Unqueued,
    ) {
        self.waiting.remove(&who);
        match how {
            Unqueued::Answered(_) => {
                self.answered += 1;
                self.in_time += u64::from(in_time);
                self.answered_wait_ms += waited.0;
            }
            Unqueued::Abandoned => {
                self.abandoned += 1;
                self.short += u64::from(short);
            }
            Unqueued::BySystem => self.ended_by_system += 1,
            Unqueued::TimedOut => self.timed_out += 1,
            Unqueued::Overflowed(_) => self.overflowed += 1,
            Unqueued::ByKey => self.left_by_key += 1,
            Unqueued::Withdrawn => self.withdrawn += 1,
        }
    }

    fn call_back(&mut self, call: CallId, what: CallbackFact) {
        match what {
            CallbackFact::Booked { from, .. } => {
                self.promised.insert((from, call));
            }
            CallbackFact::Reached { booked, .. } => {
                self.promised.remove(&(booked, call));
            }
            CallbackFact::Ended(_) => self.promised.retain(|(_, other)| *other != call),
            CallbackFact::InLine { .. }
            | CallbackFact::Dialled { .. }
            | CallbackFact::Unreached { .. } => {}
        }
    }

    /// Lost otherwise than by hanging up: turned away, timed out, ended while they waited, or gone on to
    /// another queue.
    pub(super) fn lost(&self) -> u64 {
        self.turned_away + self.timed_out + self.ended_by_system + self.overflowed
    }

    /// How many are to be called back.
    pub(super) fn promised(&self) -> usize {
        self.promised.len()
    }

    /// For how long the first of them has been promised it.
    pub(super) fn oldest_promise(&self, now: Tick) -> Span {
        let first = self.promised.first();
        first.map_or(Span::ZERO, |(since, _)| now.since(*since))
    }

    /// How many wait now.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How long the first in line has been in this queue.
    pub(super) fn longest_wait(&self, now: Tick) -> Span {
        let first = self.waiting.first();
        first.map_or(Span::ZERO, |(since, _)| now.since(*since))
    }

    /// The service level by the formula `offered` of the definitions: answered in time ÷ (answered +
    /// abandoned after more than the short time + lost otherwise). None when nobody came.
    pub(super) fn service_level(&self) -> Option<f64> {
        let offered = self.answered + self.abandoned - self.short + self.lost();
        (offered > 0).then(|| self.in_time as f64 / offered as f64)
    }
}
