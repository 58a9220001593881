//! What all agents have in common.

use super::check::Check;
use super::law;
use super::share;
use crate::exchange::time::Span;
use crate::menu::fields::Fields;
use crate::sim::distribution::Distribution;

/// `[agents]`: how the people on duty behave.
#[derive(Clone, Debug, PartialEq)]
pub struct Agents {
    /// From the first ring to picking up.
    pub answers: Distribution,
    /// Share of ringings that nobody picks up.
    pub misses: f64,
    /// From a missed ringing to being ready again.
    pub returns: Distribution,
    /// Who comes late to a shift; none when nobody does.
    pub late: Option<Late>,
}

/// `late`: coming after the start of a shift.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// Share of the shifts to which somebody comes late.
    pub share: f64,
    /// From the start of such a shift to coming. Whoever would come after its end does not come.
    pub by: Distribution,
}

impl Agents {
    pub(super) fn read(root: &mut Fields<'_>, check: &mut Check<'_>) -> Self {
        let mut table = root.section("agents");
        let three_seconds = Distribution::fixed(Span::seconds(3));
        let a_minute = Distribution::fixed(Span::seconds(60));
        let agents = Self {
            answers: law::read_or(&mut table, "agents.answers", three_seconds, check),
            misses: share::read_or(&mut table, "agents.misses", 0.0, check),
            returns: law::read_or(&mut table, "agents.returns", a_minute, check),
            late: late(&mut table, check),
        };
        root.absorb(table);
        agents
    }
}

fn late(agents: &mut Fields<'_>, check: &mut Check<'_>) -> Option<Late> {
    let Some(mut table) = agents.inner("late") else {
        if agents.value("late").is_none() {
            check.note("agents.late", "nobody");
        }
        return None;
    };
    table.require(
        "share",
        "say to how many shifts somebody comes late: `share = 0.1`",
    );
    let share = share::read(&mut table, "share");
    table.require("by", "say how late: `by = \"10m\"`");
    let by = law::read(&mut table, "by", Distribution::fixed);
    agents.absorb(table);
    Some(Late {
        share: share?,
        by: by?,
    })
}
