//! Why this agent: one decision in words, and why not the others.

use super::clock;
use super::crew::Crew;
use crate::exchange::ONE_CALL;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::TIER_RANKS;
use crate::exchange::id::AgentId;
use crate::exchange::record::AgentState;
use crate::exchange::record::Because;
use crate::exchange::record::Decision;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Tick;

/// Names in a list of people who are not to be had.
const NAMED_MAX: usize = 8;

/// What is shown as no call at all, with two digits.
const OWED_SHOWN: f64 = 0.005;

/// What comes before what is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// The chosen one is of this tier, the other one of a later one.
    Tier(u32),
    /// The chosen one is better skilled.
    Skill,
}

/// A decision and what was known when it was made.
pub(super) struct Choice<'a> {
    pub(super) plan: &'a Dialplan,
    pub(super) crew: &'a Crew,
    /// Who has let this call ring out or refused it.
    pub(super) missed: &'a [AgentId],
    pub(super) now: Tick,
    pub(super) decision: &'a Decision,
}

impl Choice<'_> {
    /// Who was chosen and why, in a sentence or two.
    pub(super) fn words(&self) -> String {
        self.reason() + &self.passed_over()
    }

    fn reason(&self) -> String {
        let name = self.name(self.decision.agent);
        match self.decision.because {
            Because::Awaited => format!(
                "{name} is free, whom this caller waited for in particular: the phone rings there."
            ),
            Because::AgentFree => format!(
                "{name} is free now, and of all callers whom {name} may take this one is the first \
                 in line: {name}'s phone rings."
            ),
            Because::CallerCame => {
                let free = self.free();
                let count = match free.len() {
                    1 => "One agent who may take the call is free".to_owned(),
                    count => format!("{count} agents who may take the call are free"),
                };
                let why = match (free.as_slice(), self.decision.runner_up) {
                    ([_], _) | (_, None) => String::new(),
                    _ => format!(", and {}", self.rule()),
                };
                format!("{count}{why}: {name}'s phone rings.")
            }
        }
    }

    /// Those who are free, and are not asked for this call again while others are left.
    fn passed_over(&self) -> String {
        let free = self.free().into_iter().map(|(_, agent)| agent);
        let missed =
            free.filter(|agent| *agent != self.decision.agent && self.missed.contains(agent));
        let names: Vec<&str> = missed.map(|agent| self.name(agent)).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => format!(" {one}, free as well, has missed this call before."),
            _ => format!(
                " {}, free as well, have missed this call before.",
                names.join(" and ")
            ),
        }
    }

    /// By which rule the first of several was chosen.
    fn rule(&self) -> String {
        let name = self.name(self.decision.agent);
        match self.decision.runner_up.and_then(|next| self.before(next)) {
            Some(Before::Tier(tier)) => {
                format!("{name} is of tier {tier}, which comes before the others")
            }
            Some(Before::Skill) => format!("{name} is the best skilled of them"),
            None => self.of_whom() + &self.by_strategy(),
        }
    }

    /// Of which part of those who are free the strategy has chosen.
    fn of_whom(&self) -> String {
        let others = self.free().into_iter().map(|(_, agent)| agent);
        let before: Vec<Before> = others.filter_map(|other| self.before(other)).collect();
        let tier = before.iter().find_map(|before| match before {
            Before::Tier(tier) => Some(*tier),
            Before::Skill => None,
        });
        match (before.contains(&Before::Skill), tier) {
            (false, None) => String::new(),
            (false, Some(tier)) => format!("of those of tier {tier} "),
            (true, None) => "of the best skilled ".to_owned(),
            (true, Some(tier)) => format!("of the best skilled of tier {tier} "),
        }
    }

    /// What puts the chosen one before somebody else, whatever the two are owed.
    fn before(&self, other: AgentId) -> Option<Before> {
        let (own, other) = (self.rank(self.decision.agent)?, self.rank(other)?);
        let (tier, behind) = (own / TIER_RANKS, other / TIER_RANKS);
        match self.ignores_tiers() {
            false if tier < behind => Some(Before::Tier(tier)),
            false if tier > behind => None,
            _ => (own % TIER_RANKS < other % TIER_RANKS).then_some(Before::Skill),
        }
    }

    /// Whether so few are signed in that tiers do not matter.
    fn ignores_tiers(&self) -> bool {
        let signed_in = self.crew.ids().filter(|agent| {
            let is_out = self.crew.member(*agent).state == AgentState::SignedOut;
            !is_out && self.crew.serves(self.plan, *agent, self.decision.lane)
        });
        self.group().tiers.are_ignored(signed_in.count())
    }

    /// Who is owed the most of two or more, or has been free longer.
    fn by_shares(&self, next: AgentId) -> String {
        let agent = self.decision.agent;
        let (name, other) = (self.name(agent), self.name(next));
        let (own, theirs) = (self.decision.tag, self.crew.member(next).tag);
        let owes = owed(self.mean_tag(), own) < -OWED_SHOWN;
        let tie = i64::from(self.plan.tie_band(self.plan.agent(agent).profile));
        if own.div_euclid(tie) != theirs.div_euclid(tie) {
            return match owes {
                true => format!("{name} owes the least, less than {other}"),
                false => format!("{name} is owed the most, more than {other}"),
            };
        }
        // Equal by the rule, and not by what they are owed.
        let mut free = self.free().into_iter();
        let is_first = !free.any(|(tag, other)| {
            tag < own && self.before(other).is_none() && !self.missed.contains(&other)
        });
        let alike = match (is_first && own == theirs, owes) {
            (true, true) => format!("{name} and {other} owe the least alike"),
            (true, false) => format!("{name} and {other} are owed the most alike"),
            (false, _) => {
                let calls = tie as f64 / ONE_CALL as f64;
                format!("{name} and {other} differ by less than {calls} calls")
            }
        };
        let since = |agent| self.crew.member(agent).since;
        match since(agent) == since(next) {
            false => format!("{alike}, but {name} has been free longer"),
            true => {
                format!("{alike} and have been free as long, but {name} comes first in the list")
            }
        }
    }

    fn by_strategy(&self) -> String {
        let (agent, group) = (self.decision.agent, self.group());
        let name = self.name(agent);
        match group.strategy {
            Strategy::Fair => self.by_shares(self.decision.runner_up.unwrap_or(agent)),
            Strategy::LongestIdle => format!("{name} has been free the longest"),
            Strategy::LongestIdleBridge => {
                format!("{name}'s last call ended the longest ago, or there was none")
            }
            Strategy::FewestCalls | Strategy::FewestCallsReset => {
                format!("{name} has had the fewest calls by this strategy's count")
            }
            Strategy::RoundRobin => format!("it is {name}'s turn in the round"),
            Strategy::LeastOccupied => format!("{name} was busy for the least part of the shift"),
            Strategy::Random | Strategy::WeightedRandom => format!("the lot falls on {name}"),
            Strategy::Linear => format!("{name} comes first in the list"),
            Strategy::RingAll => "all are rung at once".to_owned(),
        }
    }

    fn rank(&self, agent: AgentId) -> Option<u32> {
        let lane = &self.plan.lanes[self.decision.lane.index()];
        let profile = self.plan.agent(agent).profile;
        let place = lane.profiles.iter().position(|other| *other == profile)?;
        Some(lane.ranks.get(place).copied().unwrap_or(0))
    }

    /// Everybody else who might have taken the call: the free with what is owed to them, the others
    /// with what they are doing.
    pub(super) fn details(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.decision.because == Because::CallerCame {
            let free = self.free();
            let width = free
                .iter()
                .map(|(_, agent)| self.name(*agent).chars().count())
                .max();
            let mean = self.mean_tag();
            for (tag, agent) in free {
                let member = self.crew.member(agent);
                let owed = owed(mean, tag);
                let (word, owed) = match owed < -OWED_SHOWN {
                    true => ("owes", -owed),
                    false => ("owed", owed.max(0.0)),
                };
                let chosen = if agent == self.decision.agent {
                    "   chosen"
                } else {
                    ""
                };
                lines.push(format!(
                    "{:width$}   {word} {owed:.2} calls   {} so far   free for {}{chosen}",
                    self.name(agent),
                    member.calls,
                    clock(self.now - member.since),
                    width = width.unwrap_or(0)
                ));
            }
        }
        lines.extend(self.others());
        lines
    }

    /// Those who serve the lane and are not free, by what they are doing; and those who may not.
    fn others(&self) -> Vec<String> {
        use AgentState::{NotReady, Paused, Resting, Ringing, SignedOut, Talking, WrapUp};
        let doing = [
            (Ringing, "phone rings"),
            (Talking, "talking"),
            (WrapUp, "in wrap-up"),
            (Resting, "a breath between calls"),
            (NotReady, "not ready"),
            (Paused, "on a break"),
            (SignedOut, "not signed in"),
        ];
        let lane = self.decision.lane;
        let serve = |agent: &AgentId| self.crew.serves(self.plan, *agent, lane);
        let mut lines = Vec::new();
        for (state, words) in doing {
            let they = self.crew.ids().filter(|agent| {
                let other = *agent != self.decision.agent;
                other && serve(agent) && self.crew.member(*agent).state == state
            });
            let names: Vec<String> = they.map(|agent| self.with_reason(agent)).collect();
            lines.extend(listed(words, &names));
        }
        let group = self.plan.lanes[lane.index()].group;
        let members = self.crew.ids().filter(|agent| {
            let profile = &self.plan.profiles[self.plan.agent(*agent).profile.index()];
            let at_work = self.crew.member(*agent).state.is_at_work();
            profile.groups.contains(&group) && !serve(agent) && at_work
        });
        let asked = &self.plan.lanes[lane.index()].skills;
        let has_skills = |agent: &AgentId| {
            let own = &self.plan.profiles[self.plan.agent(*agent).profile.index()].skills;
            let has =
                |name: &str, least: u8| own.iter().any(|(other, at)| other == name && *at >= least);
            asked.iter().all(|(name, least)| has(name, *least))
        };
        let (tiers, unskilled): (Vec<AgentId>, Vec<AgentId>) = members.partition(has_skills);
        let names = |agents: Vec<AgentId>| -> Vec<String> {
            let names = agents.into_iter().map(|agent| self.name(agent).to_owned());
            names.collect()
        };
        let asked: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
        let words = format!("may not take it, which asks for {}", asked.join(" and "));
        lines.extend(listed(&words, &names(unskilled)));
        lines.extend(listed(
            "may not take it yet, of a later tier",
            &names(tiers),
        ));
        lines
    }

    fn with_reason(&self, agent: AgentId) -> String {
        let reason = self.crew.member(agent).reason;
        match reason.and_then(|reason| self.plan.pause_reasons.get(reason.index())) {
            Some(reason) => format!("{} ({reason})", self.name(agent)),
            None => self.name(agent).to_owned(),
        }
    }

    /// Those free who may take the call, the least tag first.
    fn free(&self) -> Vec<(i64, AgentId)> {
        let decision = self.decision;
        let free = self.crew.ids().filter(|agent| {
            let serves = self.crew.serves(self.plan, *agent, decision.lane);
            let idle = self.crew.member(*agent).state == AgentState::Idle;
            serves && (idle || *agent == decision.agent)
        });
        let mut free: Vec<(i64, AgentId)> = free
            .map(|agent| match agent == decision.agent {
                true => (decision.tag, agent),
                false => (self.crew.member(agent).tag, agent),
            })
            .collect();
        free.sort_by_key(|(tag, agent)| (*tag, *agent != decision.agent, *agent));
        free
    }

    /// The weighted mean tag of those at work who may take the call: what everybody would have been
    /// charged with if all shares were even.
    fn mean_tag(&self) -> f64 {
        let (mut weights, mut tags) = (0.0, 0.0);
        for agent in self.crew.ids() {
            let member = self.crew.member(agent);
            if member.state.is_at_work() && self.crew.serves(self.plan, agent, self.decision.lane) {
                let weight = f64::from(self.plan.agent(agent).weight);
                weights += weight;
                tags += weight * member.tag as f64;
            }
        }
        if weights > 0.0 { tags / weights } else { 0.0 }
    }

    fn group(&self) -> &crate::exchange::dialplan::Group {
        self.plan
            .group(self.plan.lanes[self.decision.lane.index()].group)
    }

    fn name(&self, agent: AgentId) -> &str {
        &self.plan.agent(agent).title
    }
}

/// The calls that are owed to somebody with a tag, where the mean tag is this.
fn owed(mean: f64, tag: i64) -> f64 {
    (mean - tag as f64) / ONE_CALL as f64
}

fn listed(words: &str, names: &[String]) -> Option<String> {
    let shown = names
        .iter()
        .take(NAMED_MAX)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len() {
        0 => None,
        count if count > NAMED_MAX => {
            Some(format!("{words}: {shown} and {} more", count - NAMED_MAX))
        }
        _ => Some(format!("{words}: {shown}")),
    }
}
