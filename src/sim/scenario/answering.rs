//! Whether phones that ring are ever answered: a day on which nobody can is seldom meant.

use super::agents::Agents;
use super::arrivals::Arrivals;
use super::check::Check;
use super::check::place_in;
use super::lengths::draws;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Group;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;

/// Nobody can answer where fewer than this share of all ringings are.
const ANSWERED_LEAST: f64 = 0.05;

/// Warns of groups in which nobody answers, and of days to which nobody comes.
pub(super) fn check(
    root: &mut Fields<'_>,
    agents: &Agents,
    arrivals: Option<&Arrivals>,
    check: &Check<'_>,
) {
    let is_day = arrivals.is_some_and(|arrivals| arrivals.interval.is_some());
    if is_day && 1.0 - agents.absent < ANSWERED_LEAST {
        let message = format!("nobody comes: `agents.absent` is {}", agents.absent);
        let place = place_in(root, "agents", "absent");
        let warning = Diagnostic::warning("nobody-answers", place, message);
        root.push(
            warning.help("`absent` is the share of the shifts to which somebody does not come"),
        );
    }
    let groups = answering(check.names.dialplan);
    for group in groups.iter().filter(|group| group.ring > Span::ZERO) {
        in_group(root, agents, group);
    }
}

/// The groups that answer a queue, each once.
pub(super) fn answering(plan: &Dialplan) -> Vec<&Group> {
    let mut ids: Vec<_> = plan.queues.iter().map(|queue| queue.group).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(|id| plan.group(id)).collect()
}

fn in_group(root: &mut Fields<'_>, agents: &Agents, group: &Group) {
    let Group { name, ring, .. } = group;
    let draws = draws(&agents.answers);
    let all = draws.len() as f64;
    // Whoever would pick up when the ringing ends is too late.
    let in_time = draws.filter(|takes| takes < ring).count() as f64 / all;
    let answered = (1.0 - agents.misses) * in_time;
    if answered >= ANSWERED_LEAST {
        return;
    }
    let (key, help) = match 1.0 - agents.misses < ANSWERED_LEAST {
        true => (
            "misses",
            "`misses` is the share of the ringings that nobody picks up".to_owned(),
        ),
        false => (
            "answers",
            format!(
                "phones ring for {ring}: raise `ring` of the group, or write a shorter `answers`"
            ),
        ),
    };
    let message = match answered > 0.0 {
        true => format!(
            "hardly anybody answers in group \"{name}\": of 100 phones that ring, for {ring}, {:.1} are picked up",
            answered * 100.0
        ),
        false => format!(
            "nobody can answer in group \"{name}\": phones ring for {ring}, and none is picked up by then"
        ),
    };
    let place = place_in(root, "agents", key);
    root.push(Diagnostic::warning("nobody-answers", place, message).help(help));
}
