//! Everything one run needs to know, and no run changes.

use super::attempt::Aim;
use super::attempt::Attempt;
use super::busyness;
use super::clientele::Clientele;
use super::demand::Arrivals;
use super::demand::LineDemand;
use super::demand::Rates;
use super::demand::Surge;
use super::distribution::Distribution;
use super::distribution::SAMPLE_MAX;
use super::guide::Guide;
use super::openings;
use super::scenario;
use super::scenario::Agents;
use super::scenario::Behaviour;
use super::scenario::Callers;
use super::scenario::Opinion;
use super::scenario::Oracle;
use super::scenario::Outbound;
use super::scenario::Press;
use super::scenario::Scenario;
use super::scenario::Transfer;
use super::scenario::Want;
use super::speed::USUAL_SPEED;
use super::stream::Purpose;
use super::stream::Streams;
use super::worker::Worker;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::Frame;
use crate::measure::RunFigures;
use crate::measure::Steady;
use crate::measure::Summary;
use crate::measure::confidence::Confidence;
use crate::measure::control::Control;
use crate::measure::control::Uncontrolled;
use std::sync::Arc;

/// A scenario, ready to run.
#[derive(Clone, Debug)]
pub struct Model {
    /// The plan whose agents are the people of the scenario, in the same order.
    pub plan: Arc<Dialplan>,
    /// Unix time of tick 0 in milliseconds.
    pub origin_ms: i64,
    /// What is counted.
    pub frame: Frame,
    /// By line, what multiplies its calls, beside the busyness of the day: below 1 where a forecast has counted
    /// redials that the simulation makes itself.
    pub first_attempts: Vec<f64>,
    /// How its runs are cut, where the warm-up was to be found and has been.
    pub(super) steady: Option<Steady>,
    pub(super) scenario: Scenario,
    pub(super) callers: Callers,
    pub(super) agents: Agents,
    pub(super) guide: Guide,
    /// By queue, the first step that promises a call back by its agents.
    callbacks: Vec<(QueueId, StepId)>,
    wants: Vec<Want>,
    /// By line.
    clienteles: Vec<Clientele>,
    keys: Vec<scenario::KeyShares>,
    /// Whether all people take as long as the scenario says, whose speeds then need not be looked up.
    is_usual_speed: bool,
}

/// Who a caller is, drawn before the first attempt.
pub(super) struct Person {
    pub(super) want: Option<u16>,
    pub(super) aim: Aim,
    pub(super) language: LanguageId,
    pub(super) is_silent: bool,
}

impl Model {
    /// Puts a scenario and its plan together. The plan's agents are the scenario's people.
    pub fn new(plan: Arc<Dialplan>, scenario: Scenario) -> Self {
        let (wants, keys) = match &scenario.behaviour {
            Behaviour::Wants(wants) => (wants.clone(), Vec::new()),
            Behaviour::Keys(keys) => (Vec::new(), keys.clone()),
            Behaviour::Straight => (Vec::new(), Vec::new()),
        };
        let goals = wants.iter().flat_map(|want| match want.aim {
            scenario::Aim::Answer {
                step, otherwise, ..
            } => [Some(step), otherwise],
            scenario::Aim::Step(step) => [Some(step), None],
        });
        let callbacks = callback_steps(&plan);
        let lines = (0..plan.lines.len() as u16).map(LineId);
        let clienteles = lines.map(|line| Clientele::new(&plan, line, &wants, &scenario.callers));
        let offered = callbacks.iter().map(|(_, step)| *step);
        Self {
            guide: Guide::new(&plan, goals.flatten().chain(offered)),
            callbacks,
            is_usual_speed: scenario.agents.speed_at_skill.is_none()
                && scenario
                    .workers
                    .iter()
                    .all(|worker| worker.speed.is_usual()),
            origin_ms: scenario.start_unix_ms,
            frame: frame(&scenario),
            first_attempts: vec![1.0; plan.lines.len()],
            steady: None,
            callers: scenario.callers.clone(),
            agents: scenario.agents.clone(),
            clienteles: clienteles.collect(),
            wants,
            keys,
            plan,
            scenario,
        }
    }

    /// Cuts its runs so from now on: what was found by [`super::steady::find`]. Until then a scenario
    /// that asks for it has no warm-up.
    pub fn settle(&mut self, steady: Option<Steady>) {
        let Some(found) = steady else { return };
        self.frame = found.frame();
        self.scenario.warm_up = found.warm_up;
        self.steady = steady;
    }

    /// All figures of these runs.
    pub fn summary(&self, runs: &[RunFigures], level: f64) -> Summary {
        let summary = match &self.steady {
            Some(steady) => Summary::of_steady(&self.plan, runs, steady, level),
            None => match self.control(runs, level) {
                Some(control) => Summary::controlled(&self.plan, self.frame, runs, level, control),
                None => Summary::new(&self.plan, self.frame, runs, level),
            },
        };
        let names = self.wants.iter().map(|want| want.name.as_str());
        let summary = summary.with_shrinkage(self.rostered(), runs);
        let openings = self.openings();
        let summary = summary.with_openings(&self.plan, |queue, at| openings[queue][at]);
        let summary = summary.with_wants(names);
        match &self.scenario.costs {
            Some(costs) => summary.with_costs(costs),
            None => summary,
        }
    }

    /// By queue and interval, whether callers can come to it at some moment, by the hours.
    pub fn openings(&self) -> Vec<Vec<bool>> {
        openings::of_queues(&self.plan, self.frame, self.origin_ms)
    }

    /// How sure figures of these runs are as ratios of their sums.
    pub(super) fn confidence(&self, runs: &[RunFigures], level: f64) -> Confidence {
        let control = self.control(runs, level);
        let control = control.and_then(|(_, control)| control.ok());
        Confidence::new(level, runs.len()).controlled_by(control)
    }

    /// Whether its figures are to be controlled by the callers who come.
    pub(super) fn is_controlled(&self) -> bool {
        self.scenario.is_controlled
    }

    /// What controls the figures of these runs, where they are to be controlled, and how many callers are to be
    /// expected in each.
    fn control(
        &self,
        runs: &[RunFigures],
        level: f64,
    ) -> Option<(f64, Result<Control, Uncontrolled>)> {
        if !self.is_controlled() {
            return None;
        }
        let demand = &self.scenario.demand;
        let expected = demand.expected(|line| self.first_attempts[line.index()]);
        // A surge cuts into the lines between intervals, each of which is as busy as it happens to be.
        let is_known = self.callers.busyness.within.is_none()
            || demand.surge.is_none()
            || demand.rates == Rates::Steps;
        Some(match is_known {
            true => (expected, Control::of_runs(runs, expected, level)),
            false => (expected, Err(Uncontrolled::UnknownCallers)),
        })
    }

    /// The time on the roster that is counted, of all people together.
    fn rostered(&self) -> Span {
        let Frame { from, until, .. } = self.frame;
        let workers = self.scenario.workers.iter();
        let counted = workers.flat_map(|worker| &worker.shifts).map(|shift| {
            let (from, until) = (shift.from.max(from), shift.to.min(until));
            until.0.saturating_sub(from.0)
        });
        Span(counted.sum())
    }

    /// The same with so many times the calls.
    pub(super) fn at_load(&self, load: f64) -> Self {
        let times = |factor: &f64| factor * load;
        Self {
            first_attempts: self.first_attempts.iter().map(times).collect(),
            ..self.clone()
        }
    }

    /// The same with so many times the calls in a part of the run.
    pub(super) fn with_spike(&self, (from, until): (Tick, Tick), factor: f64) -> Self {
        let mut model = self.clone();
        model.scenario.demand.surge = Some(Surge {
            from,
            until,
            factor,
        });
        model
    }

    /// The same with its calls spread evenly over the run, but times a factor in each interval of the
    /// length given; these are the intervals of its figures.
    pub(super) fn stepped(&self, interval: Span, factors: &[f64]) -> Self {
        let mut model = self.clone();
        model.scenario.demand = self.scenario.demand.stepped(interval, factors);
        model.frame = Frame {
            from: Tick(0),
            interval,
            intervals: factors.len(),
            until: self.frame.until,
        };
        model
    }

    /// The same with this strategy in every group.
    pub(super) fn under(&self, strategy: Strategy) -> Self {
        let mut plan = (*self.plan).clone();
        for group in &mut plan.groups {
            group.strategy = strategy;
        }
        Self {
            plan: Arc::new(plan),
            ..self.clone()
        }
    }

    /// What the model was made from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The people on duty, with the names the plan has for them.
    pub(super) fn workers(&self) -> impl Iterator<Item = (AgentId, &Worker)> {
        let workers = self.scenario.workers.iter().enumerate();
        workers.map(|(place, worker)| (AgentId(place as u32), worker))
    }

    /// How long one of the people on duty takes for a talk and a wrap-up that are usually so long, for a
    /// caller who has waited there.
    #[inline]
    pub(super) fn takes(
        &self,
        agent: AgentId,
        waits_for: Option<(QueueId, LaneId)>,
        usual: (Span, Span),
    ) -> (Span, Span) {
        match waits_for.filter(|_| !self.is_usual_speed) {
            Some(waits_for) => self.takes_there(agent, waits_for, usual),
            None => usual,
        }
    }

    #[inline(never)]
    fn takes_there(
        &self,
        agent: AgentId,
        (queue, lane): (QueueId, LaneId),
        (talk, wrap_up): (Span, Span),
    ) -> (Span, Span) {
        let by_skill = match &self.agents.speed_at_skill {
            Some(curve) => self
                .level(agent, lane)
                .map_or(USUAL_SPEED, |level| curve.at(level)),
            None => USUAL_SPEED,
        };
        let worker = &self.scenario.workers[agent.index()];
        let takes = |usual| worker.takes(usual, queue, by_skill);
        (takes(talk), takes(wrap_up))
    }

    /// How good somebody is at what is asked for there: the lowest of the levels, 0 for what they cannot
    /// do and were asked to after a while. None where nothing is asked for.
    fn level(&self, agent: AgentId, lane: LaneId) -> Option<u8> {
        let skills = &self.plan.profiles[self.plan.agents[agent.index()].profile.index()].skills;
        let level = |asked: &String| {
            let own = skills.iter().find(|(name, _)| name == asked);
            own.map_or(0, |(_, level)| *level)
        };
        let asked = self.plan.lanes[lane.index()].skills.iter();
        asked.map(|(name, _)| level(name)).min()
    }

    /// The arrivals of one run, with whose they are.
    pub(super) fn arrivals(&self, streams: &Streams) -> Vec<(&LineDemand, Arrivals<'_>)> {
        let demand = &self.scenario.demand;
        let busyness = &self.callers.busyness;
        let of_day = busyness::of_day(busyness.cv, streams);
        let intervals = demand.lines.iter().map(|line| line.calls.len()).max();
        let within: Arc<[f64]> = match busyness.within {
            Some(within) => within.factors(intervals.unwrap_or(0), streams).into(),
            None => Arc::from([]),
        };
        let lines = demand.lines.iter().enumerate();
        lines
            .map(|(place, line)| {
                let factor = self.first_attempts[line.line.index()] * of_day;
                (
                    line,
                    demand.arrivals(place, (factor, within.clone()), streams),
                )
            })
            .collect()
    }

    /// Draws the caller of this name who calls a line; `want` is what is known of those who come with these
    /// calls.
    pub(super) fn draw_caller(
        &self,
        streams: &Streams,
        (line, name): (LineId, u64),
        want: Option<u16>,
    ) -> Person {
        let unit = |purpose| streams.unit(purpose, name);
        let Clientele { wants, languages } = &self.clienteles[line.index()];
        let want = match (want, &wants[..]) {
            (Some(want), _) => Some(want),
            (None, []) => None,
            (None, [(want, _)]) => Some(*want),
            (None, wants) => {
                let place = by_share(wants, |(_, share)| *share, unit(Purpose::Wants));
                Some(wants[place].0)
            }
        };
        let language = match languages.len() {
            1 => 0,
            _ => by_share(languages, |(_, share)| *share, unit(Purpose::Language)),
        };
        Person {
            want,
            aim: self.first_aim(want),
            language: languages[language].0,
            is_silent: self.callers.silent > 0.0 && unit(Purpose::Slips) < self.callers.silent,
        }
    }

    /// What an attempt is after when it begins.
    pub(super) fn first_aim(&self, want: Option<u16>) -> Aim {
        match want.map(|want| self.wants[usize::from(want)].aim) {
            Some(scenario::Aim::Answer { step, .. } | scenario::Aim::Step(step)) => {
                Aim::Reach(step)
            }
            None => Aim::AsOthers,
        }
    }

    /// How likely this answer is to be enough for the caller, and what it is after if not. None
    /// when the caller did not come for it.
    pub(super) fn judgement(&self, attempt: &Attempt, answer: StepId) -> Option<(f64, Aim)> {
        let Some(want) = attempt.want else {
            // A greeting is enough for nobody.
            let is_answer = self.plan.step(answer).kind.is_answer();
            return is_answer.then_some((self.callers.satisfied, Aim::AsOthers));
        };
        match self.wants[usize::from(want)].aim {
            scenario::Aim::Answer {
                step,
                satisfied,
                otherwise,
            } if step == answer || self.is_result(answer, step) => {
                Some((satisfied, otherwise.map_or(Aim::Leave, Aim::Reach)))
            }
            _ => None,
        }
    }

    /// Whether an announcement says what a look-up has found.
    fn is_result(&self, announcement: StepId, lookup: StepId) -> bool {
        match &self.plan.step(lookup).kind {
            StepKind::Lookup(lookup) => {
                let mut cases = lookup.cases.iter();
                cases.any(|(_, target)| *target == Target::Step(announcement))
            }
            _ => false,
        }
    }

    /// What a caller without a want does at a menu.
    pub(super) fn press_by_share(&self, menu: StepId, unit: f64) -> Option<Press> {
        let keys = self.keys.iter().find(|keys| keys.menu == menu)?;
        let place = by_share(&keys.shares, |(_, share)| *share, unit);
        keys.shares.get(place).map(|(press, _)| *press)
    }

    /// How the other system behaves that a lookup step asks.
    pub(super) fn oracle(&self, step: StepId) -> &Oracle {
        let mut oracles = self.scenario.oracles.iter();
        let known = oracles.find(|oracle| oracle.step == step);
        known.expect("a scenario has all look-ups")
    }

    /// What callers answer in a survey.
    pub(super) fn opinion(&self, step: StepId) -> &Opinion {
        let mut opinions = self.scenario.opinions.iter();
        let known = opinions.find(|opinion| opinion.step == step);
        known.expect("a scenario has all surveys")
    }

    /// The step that promises a call back by the agents of a queue.
    pub(super) fn callback_of(&self, queue: QueueId) -> Option<StepId> {
        let found = self.callbacks.iter().find(|(other, _)| *other == queue);
        found.map(|(_, step)| *step)
    }

    /// How long a caller is willing to wait.
    pub(super) fn patience_of(&self, attempt: &Attempt) -> &Distribution {
        match attempt.want {
            Some(want) => &self.wants[usize::from(want)].patience,
            None => &self.callers.patience,
        }
    }

    /// What callers may want.
    pub(super) fn wants(&self) -> &[Want] {
        &self.wants
    }

    /// Who is handed on.
    pub(super) fn transfers(&self) -> &[Transfer] {
        &self.scenario.transfers
    }

    /// Who is called without having called.
    pub(super) fn outbound(&self) -> &[Outbound] {
        &self.scenario.outbound
    }

    fn outbound_of(&self, attempt: &Attempt) -> Option<&Outbound> {
        let place = attempt.outbound?;
        Some(&self.scenario.outbound[usize::from(place)])
    }

    /// How likely it is that somebody who is called answers, and how long it rings until then.
    pub(super) fn reached_of(&self, attempt: &Attempt) -> (f64, &Distribution) {
        let callbacks = &self.callers.callbacks;
        match self.outbound_of(attempt) {
            Some(outbound) => (outbound.reached, &outbound.picks_up),
            None => (callbacks.reached, &callbacks.picks_up),
        }
    }

    /// How long a talk takes, and the work after it.
    pub(super) fn handling_of(&self, attempt: &Attempt) -> (&Distribution, &Distribution) {
        if let Some(outbound) = self.outbound_of(attempt) {
            return (&outbound.talk, &outbound.wrap_up);
        }
        let (talk, wrap_up) = self.first_handling_of(attempt);
        let rule = attempt
            .handed_by
            .map(|rule| &self.transfers()[usize::from(rule)]);
        match rule {
            Some(rule) => (
                rule.talk.as_ref().unwrap_or(talk),
                rule.wrap_up.as_ref().unwrap_or(wrap_up),
            ),
            None => (talk, wrap_up),
        }
    }

    /// The same for callers who have not been handed on.
    fn first_handling_of(&self, attempt: &Attempt) -> (&Distribution, &Distribution) {
        match attempt.want.map(|want| &self.wants[usize::from(want)]) {
            Some(want) => (&want.talk, &want.wrap_up),
            // A scenario without a talk is not loaded.
            None => {
                let callers = &self.callers;
                let talk = callers.talk.as_ref().unwrap_or(&callers.wrap_up);
                (talk, &callers.wrap_up)
            }
        }
    }

    /// A talk that is usually so long, with somebody who came first when they were longer or shorter.
    #[inline]
    pub(super) fn at_its_time(&self, attempt: &Attempt, talk: Span) -> Span {
        match attempt.talk_factor == 1.0 {
            true => talk,
            false => self.at_another_time(attempt, talk),
        }
    }

    #[inline(never)]
    fn at_another_time(&self, attempt: &Attempt, talk: Span) -> Span {
        let wants = attempt.want.map(|want| &self.wants[usize::from(want)]);
        let transfers = attempt
            .handed_by
            .map(|rule| &self.transfers()[usize::from(rule)]);
        // Who says how long a talk is says it for the whole day.
        let is_said = wants.is_some_and(|want| want.has_own_talk)
            || transfers.is_some_and(|rule| rule.talk.is_some());
        match is_said {
            true => talk,
            false => Span((talk.0 as f64 * attempt.talk_factor + 0.5) as u64).min(SAMPLE_MAX),
        }
    }
}

/// The steps that promise calls back, each with the queue whose agents make them.
fn callback_steps(plan: &Dialplan) -> Vec<(QueueId, StepId)> {
    let steps = plan.steps.iter().enumerate();
    let callbacks = steps.filter_map(|(place, step)| match &step.kind {
        StepKind::Callback(callback) => Some((callback.queue, StepId(place as u32))),
        _ => None,
    });
    let of_queue = |(queue, step)| match plan.step(queue).kind {
        StepKind::Queue(queue) => Some((queue, step)),
        _ => None,
    };
    callbacks.filter_map(of_queue).collect()
}

fn frame(scenario: &Scenario) -> Frame {
    let (from, until) = (Tick(0) + scenario.warm_up, Tick(0) + scenario.length);
    match scenario.interval {
        None => Frame::whole(from, until),
        Some(interval) => {
            let intervals = (scenario.length.0 - scenario.warm_up.0).div_ceil(interval.0) as usize;
            Frame {
                from,
                interval,
                intervals,
                until,
            }
        }
    }
}

/// The place whose share of the whole holds this uniform number.
pub(super) fn by_share<T>(list: &[T], share: impl Fn(&T) -> f64, unit: f64) -> usize {
    let mut left = unit;
    for (place, item) in list.iter().enumerate() {
        left -= share(item);
        if left < 0.0 {
            return place;
        }
    }
    list.len().saturating_sub(1)
}
