//! Agents whom somebody has moved to other groups than those of the files. Newer files let them stay there, as
//! long as they leave them the groups that they had of their own.

use super::dialplan::Growth;
use super::id::AgentId;
use super::id::GroupId;
use super::input::Groups;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Everybody who was moved, and not back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Loans(BTreeMap<AgentId, Loan>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Loan {
    /// The groups of the files, in order.
    own: Vec<GroupId>,
    to: Groups,
}

impl Loans {
    /// An agent goes from these groups to others.
    pub(super) fn note(&mut self, agent: AgentId, from: &[GroupId], to: Groups) {
        let own = in_order(from);
        let loan = self.0.entry(agent).or_insert(Loan { own, to });
        loan.to = to;
        if loan.own.iter().copied().eq(to.iter()) {
            self.0.remove(&agent);
        }
    }

    /// Who is moved, and whereto.
    pub(super) fn iter(&self) -> impl Iterator<Item = (AgentId, Groups)> + '_ {
        self.0.iter().map(|(agent, loan)| (*agent, loan.to))
    }

    /// Ends the moves of those to whom newer files give other groups than before, and those to groups that these
    /// leave out.
    pub(super) fn end_by(&mut self, growth: &Growth) {
        let plan = &growth.plan;
        self.0.retain(|agent, loan| {
            let profile = &plan.profiles[plan.agent(*agent).profile.index()];
            let is_gone = |group: GroupId| growth.groups_gone.contains(&group);
            in_order(&profile.groups) == loan.own && !loan.to.iter().any(is_gone)
        });
    }
}

fn in_order(groups: &[GroupId]) -> Vec<GroupId> {
    let mut groups = groups.to_vec();
    groups.sort_unstable();
    groups
}
