//! The end of a run: open accounts are closed, balanced and summed up.

use super::calls::Call;
use super::collector::Collector;
use super::queues::NO_CELL;
use super::run::GroupFigures;
use super::run::QueueFigures;
use super::run::QueueSums;
use super::run::RunFigures;
use super::run::Sums;
use super::tally::AgentTally;
use super::tally::Load;
use super::waits::Waits;
use super::worth::Handled;
use super::worth::Homes;
use super::worth::WorthFigures;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::time::Tick;

/// What has to be known of the dialplan when the sums are made.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The group of each queue.
    queue_groups: Vec<usize>,
    /// The groups of each profile.
    profile_groups: Vec<Vec<usize>>,
    /// The profile of each agent.
    agent_profiles: Vec<usize>,
    groups: usize,
    /// The lines of answers and queues.
    homes: Homes,
}

impl Collector {
    /// The sums of the run, which ends now. Panics when an account does not balance.
    ///
    /// Nothing may be recorded between this and [`Collector::reset`].
    pub fn finish(&mut self, now: Tick) -> RunFigures {
        self.tick(now);
        self.catch_up();
        self.advance(now);
        self.agents.finish(&self.clock, now);
        let mut in_progress_unserved = 0;
        for call in self.calls.in_progress() {
            let Call {
                arrival,
                waiting,
                lost,
                since,
                ..
            } = *call;
            let tally = &mut self.attempts[arrival as usize];
            tally.in_progress += 1;
            tally.trunk_ms += (now - since).0;
            in_progress_unserved += u64::from(self.callers.is_unserved(call.caller));
            if waiting != NO_CELL {
                self.queues.tally(waiting).waiting_at_end += 1;
            }
            if lost != NO_CELL {
                self.lost[lost as usize] += 1;
            }
        }
        let mut groups = self.group_figures();
        let (queues, mut total, mut intervals) = self.queue_figures(&groups);
        self.add_calls(&mut total, &mut intervals);
        let by_agents: u64 = self.agents.tallies().map(|agent| agent.calls).sum();
        assert_eq!(
            by_agents,
            total.queues.answered + total.callbacks.reached + total.outbound.reached,
            "every answer has an agent, and a queue, a call back or a call out"
        );
        for caller in self.callbacks.waiting() {
            in_progress_unserved += u64::from(self.callers.is_unserved(caller));
        }
        assert_eq!(
            total.callers_served,
            self.callers.served_count(),
            "who was served was served in some interval"
        );
        let settled = total.callers_served + in_progress_unserved;
        total.callers_unserved = total.calls.callers.saturating_sub(settled);
        if self.frame.intervals == 0 {
            intervals.clear();
            groups.iter_mut().for_each(|group| group.intervals.clear());
        }
        let agents: Vec<AgentTally> = self.agents.tallies().copied().collect();
        let worth = WorthFigures {
            wants: std::mem::take(&mut self.wants),
            ..self.worth.figures(&self.plan.homes, &handled(&queues))
        };
        let missed = |agent: &AgentTally| agent.missed + agent.declined;
        let missed_offers = agents.iter().map(missed).sum();
        let counted = now > self.frame.from;
        RunFigures {
            total,
            intervals,
            lines: self.lines.figures(self.frame.intervals > 0),
            classes: self.classes.sums(),
            queues,
            groups,
            agents,
            came: self.came,
            overtime_ms: self.overtime.0,
            fairness: self.fairness.finish(missed_offers, counted),
            worth,
        }
    }

    /// Attempts, losses and agents' time, by interval and in total.
    fn add_calls(&self, total: &mut Sums, intervals: &mut [Sums]) {
        for profile in 0..self.plan.profile_groups.len() {
            for (sums, load) in intervals.iter_mut().zip(self.agents.loads_of(profile)) {
                sums.load += load;
            }
        }
        for (cell, sums) in intervals.iter_mut().enumerate() {
            sums.calls = self.attempts[cell];
            sums.lost = self.lost[cell];
            sums.callers_served = self.served[cell];
            [sums.callbacks, sums.outbound] = self.callbacks.tallies(cell);
            sums.calls.assert_balance();
            total.calls += sums.calls;
            total.lost += sums.lost;
            total.callers_served += sums.callers_served;
            total.callbacks += sums.callbacks;
            total.outbound += sums.outbound;
            total.load += sums.load;
        }
        total.calls.assert_balance();
    }

    /// Queues, and what they come to together.
    fn queue_figures(&mut self, groups: &[GroupFigures]) -> (Vec<QueueFigures>, Sums, Vec<Sums>) {
        let mut total = Sums::default();
        let mut intervals = vec![Sums::default(); self.frame.cells()];
        let mut all = Waits::default();
        self.scratch.iter_mut().for_each(Waits::clear);
        let mut queues = Vec::with_capacity(self.plan.queue_groups.len());
        for (queue, &group) in self.plan.queue_groups.iter().enumerate() {
            let mut figures = QueueFigures::default();
            let mut waits = Waits::default();
            for (cell, at) in self.queues.of_mut(queue).iter_mut().enumerate() {
                at.tally.assert_balance();
                // First, for it puts them in order: so they are sorted quickly wherever they are added.
                figures.waits.push(at.waits.counts());
                waits.add(&at.waits);
                self.scratch[cell].add(&at.waits);
                intervals[cell].queues += at.tally;
                figures.total.tally += at.tally;
                figures.intervals.push(QueueSums {
                    tally: at.tally,
                    waits: at.waits.quantiles(),
                    load: groups[group].intervals[cell],
                });
            }
            figures.total.tally.assert_balance();
            figures.total.load = groups[group].load;
            all.add(&waits);
            figures.total.waits = waits.quantiles();
            if self.frame.intervals == 0 {
                figures.intervals.clear();
            }
            queues.push(figures);
        }
        for (cell, sums) in intervals.iter_mut().enumerate() {
            sums.waits = self.scratch[cell].quantiles();
            sums.queues.length_max = self.queues.length_max()[cell];
            total.queues += sums.queues;
        }
        total.waits = all.quantiles();
        (queues, total, intervals)
    }

    fn group_figures(&self) -> Vec<GroupFigures> {
        let empty = GroupFigures {
            intervals: vec![Load::default(); self.frame.cells()],
            ..GroupFigures::default()
        };
        let mut groups = vec![empty; self.plan.groups];
        for (profile, members) in self.plan.profile_groups.iter().enumerate() {
            for &group in members {
                for (cell, load) in self.agents.loads_of(profile).enumerate() {
                    groups[group].intervals[cell] += load;
                    groups[group].load += load;
                }
            }
        }
        for (agent, tally) in self.agents.tallies().enumerate() {
            if tally.signed_in_ms() == 0 {
                continue;
            }
            for &group in &self.plan.profile_groups[self.plan.agent_profiles[agent]] {
                groups[group].calls.push(tally.calls);
            }
        }
        for (queue, &group) in self.plan.queue_groups.iter().enumerate() {
            let answered = self.queues.of(queue).iter().map(|cell| cell.tally.answered);
            groups[group].answered += answered.sum::<u64>() + self.callbacks.reached_of(queue);
        }
        groups
    }
}

/// What agents have handled of each queue.
fn handled(queues: &[QueueFigures]) -> Vec<Handled> {
    let handled = |queue: &QueueFigures| {
        let tally = &queue.total.tally;
        Handled {
            calls: tally.talks,
            ms: tally.talk_ms + tally.wrap_up_ms,
        }
    };
    queues.iter().map(handled).collect()
}

impl Shape {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let indexes = |groups: &[crate::exchange::id::GroupId]| {
            groups.iter().map(|group| group.index()).collect()
        };
        Self {
            queue_groups: plan
                .queues
                .iter()
                .map(|queue| queue.group.index())
                .collect(),
            profile_groups: plan.profiles.iter().map(|at| indexes(&at.groups)).collect(),
            agent_profiles: plan
                .agents
                .iter()
                .map(|agent| agent.profile.index())
                .collect(),
            groups: plan.groups.len(),
            homes: Homes::new(plan),
        }
    }
}
