//! What all agents have in common.

use super::check::Check;
use super::check::key_place;
use super::law;
use super::share;
use crate::exchange::dialplan::LEVEL_MAX;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::sim::distribution::Distribution;
use crate::sim::speed::BySkill;
use crate::sim::speed::SPEEDS;

/// The largest share of their time that people are away.
pub(super) const AWAY_SHARE_MAX: f64 = 0.9;
/// The shortest mean time away.
const AWAY_MEAN_MIN: Span = Span::minutes(1);

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
    /// Share of the shifts to which somebody does not come at all.
    pub absent: f64,
    /// Time away from the phone that nobody planned; none when nobody is.
    pub away: Option<Away>,
    /// The factor on handling times by how good somebody is at what a queue asks for; none where it is
    /// the same.
    pub speed_at_skill: Option<BySkill>,
}

/// `late`: coming after the start of a shift.
#[derive(Clone, Debug, PartialEq)]
pub struct Late {
    /// Share of the shifts to which somebody comes late.
    pub share: f64,
    /// From the start of such a shift to coming. Whoever would come after its end does not come.
    pub by: Distribution,
}

/// `away`: leaving the phone for a while between two calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Away {
    /// Share of the time on the roster that is lost to it, of those who come.
    pub share: f64,
    /// How long it is each time.
    pub length: Distribution,
}

impl Away {
    /// From one time to the next, both due, in seconds of the roster and on average; infinite where
    /// nobody is ever away.
    pub(in crate::sim) fn gap_s(&self) -> f64 {
        self.length.mean_s() / self.share
    }
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
            absent: absent(&mut table, check),
            away: away(&mut table, check),
            speed_at_skill: speed_at_skill(&mut table, check),
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

fn absent(agents: &mut Fields<'_>, check: &mut Check<'_>) -> f64 {
    let share = share::read(agents, "absent");
    if agents.value("absent").is_none() {
        check.note("agents.absent", "nobody");
    }
    share.unwrap_or(0.0)
}

fn away(agents: &mut Fields<'_>, check: &mut Check<'_>) -> Option<Away> {
    let Some(mut table) = agents.inner("away") else {
        if agents.value("away").is_none() {
            check.note("agents.away", "nobody");
        }
        return None;
    };
    table.require(
        "share",
        "say which share of the time on the roster is lost: `share = 0.05`",
    );
    let share = share::read(&mut table, "share");
    if let Some(share) = share.filter(|share| *share > AWAY_SHARE_MAX) {
        let message = format!("`share` cannot be {share}");
        let help = format!("at most {AWAY_SHARE_MAX}: who is away all the time is `absent`");
        table.bad_value(key_place(&table, "share"), message, &help);
    }
    table.require("length", "say how long it is each time: `length = \"10m\"`");
    let length = law::read(&mut table, "length", Distribution::exponential);
    let too_short = |length: &&Distribution| length.mean_s() < AWAY_MEAN_MIN.as_seconds();
    if let Some(length) = length.as_ref().filter(too_short) {
        let message = format!("`length` is {} s on average", length.mean_s());
        let help =
            format!("at least {AWAY_MEAN_MIN}: shorter rests between calls are `rest` of a group");
        table.bad_value(key_place(&table, "length"), message, &help);
    }
    agents.absorb(table);
    Some(Away {
        share: share?,
        length: length?,
    })
}

fn speed_at_skill(agents: &mut Fields<'_>, check: &mut Check<'_>) -> Option<BySkill> {
    let asks = check.names.asks_for_skills();
    let Some(mut table) = agents.inner("speed_at_skill") else {
        if asks && agents.value("speed_at_skill").is_none() {
            check.note("agents.speed_at_skill", "the same at every level");
        }
        return None;
    };
    if !asks {
        let message = "no queue asks for skills: `speed_at_skill` changes nothing";
        let place = key_place(agents, "speed_at_skill");
        let warning = Diagnostic::warning("no-skills", place, message);
        agents.push(warning.help("leave it out, or let a queue ask for a skill"));
    }
    let mut points: Vec<(u8, f64)> = Vec::new();
    for entry in table.entries() {
        let speed = table.number(&entry.key.text, SPEEDS);
        let level = entry
            .key
            .text
            .parse()
            .ok()
            .filter(|level| *level <= LEVEL_MAX);
        if level.is_none() {
            let message = format!("`{}` is not a level of skill", entry.key.text);
            let help = format!("write levels from 0 to {LEVEL_MAX}: `{{ 50 = 1.25, 100 = 1.0 }}`");
            table.bad_value(entry.key.place.clone(), message, &help);
        }
        if points.iter().any(|(known, _)| Some(*known) == level) {
            let message = format!("level {} is there twice", entry.key.text);
            table.bad_value(entry.key.place.clone(), message, "leave one of them out");
        }
        points.extend(level.zip(speed));
    }
    if table.entries().is_empty() {
        let help = "a factor on handling times for each level: `{ 50 = 1.25, 100 = 1.0 }`";
        table.bad_value(table.place(), "`speed_at_skill` has no level", help);
    }
    agents.absorb(table);
    BySkill::new(points)
}
