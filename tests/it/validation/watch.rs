//! One run, watched by two: the collector whose figures are reported, and a count of its own.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use strowger::exchange::Exchange;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::QueueId;
use strowger::exchange::record::CallbackFact;
use strowger::exchange::record::Record;
use strowger::exchange::record::Unqueued;
use strowger::exchange::time::Tick;
use strowger::measure::Collector;
use strowger::measure::Frame;
use strowger::measure::RunFigures;
use strowger::sim;
use strowger::sim::Witness;
use strowger::sim::model::Model;

/// A run.
pub(super) struct Run {
    pub(super) figures: RunFigures,
    /// By queue.
    pub(super) seen: Vec<Seen>,
    /// Conversations, integrated over the time of the statistics.
    pub(super) talks_area_ms: u64,
    /// People who were called and have answered in the time of the statistics, whenever that was asked for.
    pub(super) reached: u64,
    /// Time that the statistics cover.
    pub(super) length_ms: u64,
}

/// What was seen of one queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Callers who joined it in the time of the statistics.
    pub(super) joined: u64,
    /// Of these, those for whom nobody was free.
    pub(super) waited: u64,
    /// Callers waiting, integrated over the time of the statistics.
    pub(super) area_ms: u64,
    /// Callers waiting at the end: how long they have waited in all.
    pub(super) left_over_ms: u64,
    waiting: u64,
}

/// Runs one replication.
pub(super) fn run(model: &Model, seed: u64, replication: u32) -> Run {
    let mut watch = Watch {
        collector: Collector::new(&model.plan, model.frame),
        frame: model.frame,
        seen: vec![Seen::default(); model.plan.queues.len()],
        waiting: BTreeMap::new(),
        talks: BTreeSet::new(),
        talks_area_ms: 0,
        reached: 0,
        last: Tick(0),
    };
    sim::run(model, seed, u64::from(replication), &mut watch);
    watch.finish()
}

struct Watch {
    collector: Collector,
    frame: Frame,
    seen: Vec<Seen>,
    /// Since when.
    waiting: BTreeMap<CallId, (QueueId, Tick)>,
    /// In progress: from the moment at which an agent turns to the caller, on the line or to be dialled.
    talks: BTreeSet<AgentId>,
    talks_area_ms: u64,
    reached: u64,
    last: Tick,
}

impl Watch {
    fn pass(&mut self, now: Tick) {
        let from = self.last.max(self.frame.from);
        let passed = now.min(self.frame.until).0.saturating_sub(from.0);
        for queue in &mut self.seen {
            queue.area_ms += queue.waiting * passed;
        }
        self.talks_area_ms += self.talks.len() as u64 * passed;
        self.last = now;
    }

    fn finish(mut self) -> Run {
        let Frame { from, until, .. } = self.frame;
        self.pass(until);
        for (queue, since) in self.waiting.values() {
            self.seen[queue.index()].left_over_ms += (until - *since).0;
        }
        Run {
            figures: self.collector.finish(until),
            seen: self.seen,
            talks_area_ms: self.talks_area_ms,
            reached: self.reached,
            length_ms: (until - from).0,
        }
    }
}

impl Witness for Watch {
    fn look(&mut self, _exchange: &Exchange) {}

    fn record(&mut self, now: Tick, record: &Record) {
        self.collector.record(now, record);
        match *record {
            Record::Queued {
                call,
                queue,
                waiting,
                ..
            } => {
                self.pass(now);
                self.waiting.insert(call, (queue, now));
                let counts = now >= self.frame.from;
                let seen = &mut self.seen[queue.index()];
                seen.waiting += 1;
                seen.joined += u64::from(counts);
                seen.waited += u64::from(counts && waiting > 0);
            }
            Record::Unqueued {
                call, queue, how, ..
            } => {
                self.pass(now);
                self.waiting.remove(&call);
                self.seen[queue.index()].waiting -= 1;
                if let Unqueued::Answered(agent) = how {
                    self.talks.insert(agent);
                }
            }
            Record::Callback {
                what: CallbackFact::Dialled { agent },
                ..
            } => {
                self.pass(now);
                self.talks.insert(agent);
            }
            Record::Callback {
                what: CallbackFact::Reached { .. },
                ..
            } => self.reached += u64::from(now >= self.frame.from),
            Record::TalkEnded { agent, .. }
            | Record::Callback {
                what: CallbackFact::Unreached { agent },
                ..
            } => {
                self.pass(now);
                self.talks.remove(&agent);
            }
            _ => {}
        }
    }
}
