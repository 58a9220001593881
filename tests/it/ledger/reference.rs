//! The reference dispatcher: whoever has to be chosen, found by a look at everybody, for every
//! strategy (F1, C1, C2, C3, E1).

use super::Books;
use super::Checked;
use super::Rules;
use std::cmp::Reverse;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::LaneId;
use strowger::exchange::id::OfferId;
use strowger::exchange::limits::TRIED_MAX;
use strowger::exchange::record::AgentState;
use strowger::exchange::record::Because;
use strowger::exchange::record::Decision;
use strowger::exchange::record::OfferEnd;
use strowger::exchange::strategy::Strategy;
use strowger::exchange::time::Span;

/// What a choice goes by, and the agent: the least is chosen.
type Ranked = (u32, i128, AgentId);

impl Books {
    pub(super) fn offered(&mut self, decision: &Decision) -> Checked {
        let Decision {
            offer, call, agent, ..
        } = *decision;
        self.tally.decisions += 1;
        hold!(offer > self.last_offer, "E1: {offer:?} does not count up");
        self.last_offer = offer;
        self.account_for_call(agent);
        let was_free = self.agents[agent.index()].is_free();
        if !self.agents[agent.index()].is_present() {
            self.is_back(agent);
        }
        if !was_free {
            self.becomes_free(agent)?;
        }
        self.may_be_offered(decision)?;
        self.comes_to_stage(decision)?;
        match decision.because {
            Because::CallerCame => self.right_agent_was_chosen(decision)?,
            Because::AgentFree => {
                let now = !was_free || self.agents[agent.index()].since == self.now;
                hold!(now, "{agent:?} was free before");
            }
            Because::Awaited => {
                let held = self.calls[&call].holds;
                hold!(held == Some(agent), "{call} waits for {held:?}");
                let handed = self.calls[&call].was_answered;
                self.tally.handed += u64::from(handed);
                self.tally.preferred += u64::from(!handed);
            }
        }
        let it = &self.calls[&call];
        self.tally.staged += u64::from(it.stage > 0);
        self.tally.tried_by_all += u64::from(it.tried.contains(&agent));
        if decision.because != Because::Awaited {
            let call = &self.calls[&call];
            let over = call.holds.is_none() || call.hold_is_over(self.now);
            hold!(over, "{decision:?} waits for {:?} still", call.holds);
        }
        self.nobody_came_before(decision)?;
        self.note_rivals(decision);
        self.charge(agent);
        let now = self.now;
        let them = &mut self.agents[agent.index()];
        them.offer = Some((offer, call));
        them.rang = now;
        if them.is_free() {
            // No longer for the decisions that follow before the phone is said to ring.
            them.state = AgentState::Resting;
        }
        let group = self.group_of(decision.lane, decision);
        self.groups[group.index()].rung_last = Some(agent);
        let it = self.call(call)?;
        it.rings_at.push(agent);
        if decision.because != Because::Awaited {
            it.holds = None;
        }
        Ok(())
    }

    /// E1: an agent has one offer at a time, and so has a call unless all are rung. Nobody is rung
    /// whose phone cannot be.
    fn may_be_offered(&self, decision: &Decision) -> Checked {
        let Decision { call, agent, .. } = *decision;
        let chosen = &self.agents[agent.index()];
        let Some(it) = self.calls.get(&call) else {
            return Err(format!("{call} is over, or never was"));
        };
        let rung_with_others = self
            .ringing_all
            .as_ref()
            .is_some_and(|(rung, _)| *rung == call);
        let once = chosen.offer.is_none()
            && (it.rings_at.is_empty() || rung_with_others)
            && it.colleague.is_none();
        hold!(once, "E1: {agent:?} or {call} has an offer already");
        hold!(!chosen.unreachable, "{agent:?} cannot be rung");
        hold!(!it.adrift, "{call} is adrift");
        hold!(
            it.queue == Some(decision.queue),
            "{call} is not in {:?}",
            decision.queue
        );
        let (books, told) = (chosen.tag, decision.tag);
        hold!(
            books == told,
            "{agent:?} has the tag {told}, by the books {books}"
        );
        let lane = decision.lane;
        let serves = self.serves(agent, lane) || decision.because == Because::Awaited;
        hold!(serves, "{agent:?} does not serve {lane:?}");
        Ok(())
    }

    /// The lane of a decision is that of the stage that the call has come to.
    fn comes_to_stage(&mut self, decision: &Decision) -> Checked {
        let call = &self.calls[&decision.call];
        let mut stage = call.stage;
        while self.lane_at(call, stage) != decision.lane {
            hold!(
                self.may_go_on(call, stage),
                "{} is offered in {:?}, at stage {stage} of its queue",
                decision.call,
                decision.lane
            );
            stage += 1;
        }
        self.call(decision.call)?.stage = stage;
        Ok(())
    }

    /// F1, and the like of other strategies: nobody is given a call while somebody is free who comes
    /// before by the group's rule.
    fn right_agent_was_chosen(&mut self, decision: &Decision) -> Checked {
        let Decision {
            call,
            agent,
            runner_up,
            lane,
            ..
        } = *decision;
        hold!(
            self.agents[agent.index()].is_free(),
            "{agent:?} is not free"
        );
        let group = self.group_of(lane, decision);
        let strategy = self.plan.group(group).strategy;
        if let Some((rung, left)) = &mut self.ringing_all
            && *rung == call
        {
            let right = !left.is_empty() && left.remove(0) == agent;
            let next = left.first().copied();
            hold!(right && runner_up == next, "{decision:?} is not all rung");
            return Ok(());
        }
        let it = &self.calls[&call];
        let free = self.of_lane(lane, |agent| agent.is_free());
        self.tally.choices += u64::from(free.len() > 1);
        if strategy == Strategy::RingAll {
            let mut all = free.clone();
            let lowest = all.iter().map(|id| self.rank(*id, lane)).min();
            all.retain(|id| Some(self.rank(*id, lane)) == lowest);
            if all.first() == Some(&agent) && all.get(1).copied() == runner_up {
                all.remove(0);
                let by_itself = self.plan.group(group).ring == Span::ZERO;
                self.ringing_all = (!by_itself).then_some((call, all));
                return Ok(());
            }
        }
        let all_tried = self.all_tried(it, lane);
        let untried = |id: &AgentId| all_tried || !it.tried.contains(id);
        let free: Vec<AgentId> = free.into_iter().filter(untried).collect();
        let mut order: Vec<Ranked> = free
            .iter()
            .map(|id| (self.rank(*id, lane), self.order(*id, strategy, group), *id))
            .collect();
        order.sort_unstable();
        if matches!(strategy, Strategy::Random | Strategy::WeightedRandom) {
            return by_lot(decision, &order, strategy);
        }
        let best = order.first().map(|(.., id)| *id);
        hold!(
            best == Some(agent),
            "F1: {agent:?} is chosen for {call} by {strategy:?} before {order:?}"
        );
        let next = order.get(1).map(|(.., id)| *id);
        hold!(runner_up == next, "{runner_up:?} is not next of {order:?}");
        Ok(())
    }

    /// What a strategy goes by, the least first.
    fn order(&self, id: AgentId, strategy: Strategy, group: GroupId) -> i128 {
        let agent = &self.agents[id.index()];
        match strategy {
            // The tag, then the longest idle.
            Strategy::Fair => {
                let band = agent.kind.band;
                let tag = i128::from(agent.tag.div_euclid(band) * band);
                let tag = match self.believes(Rules::GreatestTag) {
                    true => -tag,
                    false => tag,
                };
                tag * (1 << 70) + i128::from(agent.since.0)
            }
            Strategy::LongestIdle => agent.since.0.into(),
            // In whole seconds; whoever has had no call since signing in is first.
            Strategy::LongestIdleBridge => agent.call_ended.map_or(0, |ended| {
                i128::from((self.origin_ms + ended.0 as i64) / 1000)
            }),
            Strategy::FewestCalls => agent.calls.into(),
            Strategy::FewestCallsReset => agent.answered_since_available.into(),
            // How far after the one rung last, going round.
            Strategy::RoundRobin => {
                let agents = self.agents.len() as i128;
                let last = self.groups[group.index()].rung_last;
                let after = last.map_or(0, |last| i128::from(last.0) + 1);
                (i128::from(id.0) - after).rem_euclid(agents)
            }
            // Of the time since signing in, in parts of 2^32.
            Strategy::LeastOccupied => {
                let all = self.now.since(agent.signed_in).0.max(1);
                (i128::from(agent.busy) << 32) / i128::from(all)
            }
            Strategy::Linear | Strategy::RingAll | Strategy::Random | Strategy::WeightedRandom => 0,
        }
    }

    /// The tier and the skill; the skill alone where few are signed in and the group says so.
    fn rank(&self, id: AgentId, lane: LaneId) -> u32 {
        let rank = self.rank_in(id, lane).unwrap_or(u32::MAX);
        let group = self.plan.lanes[lane.index()].group;
        let few = usize::from(self.plan.group(group).tiers.ignore_up_to);
        match few > 0 && self.signed_in(lane) <= few {
            true => rank % 1000,
            false => rank,
        }
    }

    fn group_of(&self, lane: LaneId, decision: &Decision) -> GroupId {
        let group = self.plan.queue(decision.queue).group;
        assert_eq!(self.plan.lanes[lane.index()].group, group, "a lane's group");
        group
    }

    /// C1: whoever came first, over all queues that the agent serves. C2: and who came later is
    /// before only by as much as a head start can do, emergencies and weights apart.
    fn nobody_came_before(&self, decision: &Decision) -> Checked {
        let Decision { call, agent, .. } = *decision;
        let Some(place) = self.calls[&call].place else {
            return Err(format!("{call} has no place"));
        };
        let head_starts = self.plan.queues.iter().map(|queue| queue.head_start.0);
        let most = head_starts.max().unwrap_or(0) as i64;
        for (other, waiting) in self.in_line() {
            let may =
                other != call && self.may_take(agent, waiting) && !self.is_in_between(waiting);
            let Some(before) = waiting.place.filter(|_| may) else {
                continue;
            };
            let wrong = match self.believes(Rules::LastComeFirst) {
                true => Reverse(before) < Reverse(place),
                false => before < place,
            };
            hold!(!wrong, "C1: {other} is before {call} at {agent:?}");
            let head_start = match self.believes(Rules::NoHeadStarts) {
                true => 0,
                false => most - before.head_start,
            };
            let late = place.arrived - (before.arrived + head_start);
            hold!(
                place.class != before.class || late <= 0,
                "C2: {call} passes {other} and came {late} ms too late for it"
            );
        }
        Ok(())
    }

    /// F3: tells the history who competed for this call and lost.
    fn note_rivals(&mut self, decision: &Decision) {
        let Decision {
            call, agent, lane, ..
        } = *decision;
        let group = self.group_of(lane, decision);
        let fair = self.plan.group(group).strategy == Strategy::Fair;
        let mut rivals = Vec::new();
        if fair && decision.because == Because::CallerCame {
            let it = &self.calls[&call];
            let all_tried = self.all_tried(it, lane);
            rivals = self.of_lane(lane, |agent| agent.is_free());
            rivals.retain(|rival| *rival != agent && (all_tried || !it.tried.contains(rival)));
        }
        self.history.chosen(agent, &rivals);
    }

    pub(super) fn offer_ended(
        &mut self,
        offer: OfferId,
        agent: AgentId,
        call: CallId,
        how: OfferEnd,
    ) -> Checked {
        let it = &mut self.agents[agent.index()];
        hold!(it.offer == Some((offer, call)), "{offer:?} was not open");
        // A ringing is cancelled before it is recorded as over.
        it.offer = None;
        if how == OfferEnd::Answered {
            it.answered += 1;
            it.answered_since_available += 1;
        } else if !self.believes(Rules::NoRefund) {
            self.refund(agent);
        }
        let queue = self.call(call)?.queue;
        let group = queue.map(|queue| self.plan.queue(queue).group);
        let rings_all =
            group.is_some_and(|group| self.plan.group(group).strategy == Strategy::RingAll);
        let call = self.call(call)?;
        call.rings_at.retain(|other| *other != agent);
        call.is_taken |= how == OfferEnd::Answered;
        if matches!(
            how,
            OfferEnd::Answered | OfferEnd::CallerGone | OfferEnd::Taken
        ) {
            return Ok(());
        }
        call.holds = call.holds.filter(|held| *held != agent);
        // A phone that was one of many has missed nothing.
        let missed = how == OfferEnd::NoAnswer && !rings_all;
        let tried = missed || how == OfferEnd::Declined;
        if tried && !call.tried.contains(&agent) {
            call.tried.push(agent);
            if call.tried.len() > TRIED_MAX {
                call.tried.remove(0);
            }
        }
        Ok(())
    }
}

/// Where lots are drawn, all that can be said is who may be drawn.
fn by_lot(decision: &Decision, order: &[Ranked], strategy: Strategy) -> Checked {
    let among = |some: &[Ranked], id: AgentId| some.iter().any(|(.., other)| *other == id);
    let first: Vec<Ranked> = match strategy {
        // A tier is a weight and no more.
        Strategy::WeightedRandom => order.to_vec(),
        _ => {
            let lowest = order.first().map(|(rank, ..)| *rank);
            let low = order.iter().filter(|(rank, ..)| Some(*rank) == lowest);
            low.copied().collect()
        }
    };
    hold!(
        among(&first, decision.agent),
        "{decision:?} is not of {first:?}"
    );
    let next = decision.runner_up;
    hold!(
        next.is_some() == (order.len() > 1),
        "{decision:?} of {order:?}"
    );
    let right = next.is_none_or(|next| next != decision.agent && among(order, next));
    hold!(right, "{next:?} is not next of {order:?}");
    Ok(())
}
