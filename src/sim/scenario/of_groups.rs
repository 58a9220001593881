//! What is assumed of groups of agents because their files do not say it.

use super::Goal;
use super::Scenario;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::GroupId;
use crate::exchange::id::QueueId;
use crate::menu::unset::ANSWER_WITHIN;
use crate::menu::unset::Unset;

impl Scenario {
    /// Lists what its groups files leave `unset`, by group: one entry for all groups that leave out the
    /// same.
    pub(in crate::sim) fn assume_of_groups(&mut self, plan: &Dialplan, unset: &[Vec<Unset>]) {
        let mut entries: Vec<(Vec<&str>, String)> = Vec::new();
        for (place, settings) in unset.iter().enumerate() {
            let group = GroupId(place as u16);
            let what = self.left_out(plan, group, settings);
            if what.is_empty() || plan.queues.iter().all(|queue| queue.group != group) {
                continue;
            }
            let name = plan.group(group).name.as_str();
            match entries.iter_mut().find(|(_, other)| *other == what) {
                Some((names, _)) => names.push(name),
                None => entries.push((vec![name], what)),
            }
        }
        for (names, what) in entries {
            let subject = match names[..] {
                [name] => format!("group {name}"),
                _ => format!("groups {}", names.join(", ")),
            };
            self.assumptions.push((subject, what));
        }
    }

    /// The settings of a group that nobody has set, with what holds: `ring 12s, rest 5s`.
    fn left_out(&self, plan: &Dialplan, group: GroupId, settings: &[Unset]) -> String {
        // Nothing is assumed where the goals say it for all of its queues.
        let of_goal = |queue: QueueId| {
            let mut goals = self.goals.iter().filter_map(Goal::answer_within);
            goals.any(|(of, _)| of == queue)
        };
        let queues = (0..plan.queues.len() as u16).map(QueueId);
        let mut own = queues.filter(|queue| plan.queue(*queue).group == group);
        let by_goal = own.all(of_goal);
        let left = settings.iter();
        let left = left.filter(|(path, _)| !(by_goal && *path == ANSWER_WITHIN));
        let words: Vec<_> = left.map(|(path, what)| format!("{path} {what}")).collect();
        words.join(", ")
    }
}
