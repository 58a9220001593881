//! From a scenario file and a dialplan to a scenario: the order of things.

use super::Outbound;
use super::OutboundDemand;
use super::Scenario;
use super::agents::Agents;
use super::answering;
use super::arrivals::Arrivals;
use super::behaviour;
use super::callers::Callers;
use super::clocks;
use super::costs;
use super::duty::Duty;
use super::file::ScenarioFile;
use super::forecast_counts;
use super::goal;
use super::lengths;
use super::lookup;
use super::names::Names;
use super::outbound;
use super::run::Run;
use super::shift;
use super::steady;
use super::survey;
use super::talk;
use super::transfer;
use super::twice;
use super::want;
use super::what_if::WhatIf;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepNames;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use crate::sim::clock::ClockChange;
use crate::sim::clock::is_passed_over;
use crate::sim::clock::time_zone;
use jiff::civil::DateTime;
use std::fmt::Display;
use std::path::PathBuf;

/// A scenario while it is being checked.
pub(super) struct Check<'c> {
    /// The names it may use.
    pub(super) names: Names<'c>,
    /// The files of numbers that it names are added.
    pub(super) sources: &'c mut Sources,
    /// What is wrong with those files; what is wrong with the scenario stays with its fields.
    pub(super) out: &'c mut Diagnostics,
    file: FileId,
    what_if: Option<&'c WhatIf>,
    assumptions: Vec<(String, String)>,
}

impl<'c> Check<'c> {
    /// The value found, or the default, which is then listed.
    pub(super) fn assume<T: Display>(&mut self, name: &str, found: Option<T>, usual: T) -> T {
        found.unwrap_or_else(|| {
            self.note(name, usual.to_string());
            usual
        })
    }

    /// Lists what applies because the file does not say otherwise.
    pub(super) fn note(&mut self, name: impl Into<String>, what: impl Into<String>) {
        self.assumptions.push((name.into(), what.into()));
    }

    /// The what-if that applies.
    pub(super) fn what_if(&self) -> Option<&'c WhatIf> {
        self.what_if
    }

    /// Whether the what-if that applies has set what stands there.
    pub(super) fn is_set(&self, place: &Place) -> bool {
        self.what_if.is_some_and(|what_if| what_if.wrote(place))
    }

    /// The path of a file that the scenario names.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.sources.beside(self.file, name)
    }
}

impl ScenarioFile {
    /// Looks every name up in the dialplan and reads the files it names. None, and at
    /// least one error among the problems, when anything is wrong.
    pub fn check(
        &self,
        dialplan: &Dialplan,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Scenario> {
        let mut found = Diagnostics::default();
        let mut root = self.fields();
        let wants = want::names(&root);
        let steps = StepNames::new(dialplan);
        let mut check = Check {
            names: Names::new(dialplan, &steps)
                .with_lines(self.menus.len())
                .with_wants(&wants),
            sources,
            out: &mut found,
            file: self.file,
            what_if: self.what_if(),
            assumptions: Vec::new(),
        };
        let scenario = self.scenario(&mut root, &mut check);
        let assumptions = check.assumptions;
        root.finish(&mut found);
        let fine = self.fine && !found.has_errors();
        problems.append(found);
        let mut scenario = scenario.filter(|_| fine)?;
        scenario.assumptions = assumptions;
        Some(scenario)
    }

    fn scenario(&self, root: &mut Fields<'_>, check: &mut Check<'_>) -> Option<Scenario> {
        // Read by `ScenarioFile::read`.
        root.value("menu");
        root.value("what_if");
        root.format();
        unlimited_trunks(check);
        twice::check(root, check.names);

        let run = Run::read(root, check);
        let mut callers = Callers::read(root, check);
        let agents = Agents::read(root, check);
        let transfers = transfer::read(root, check);
        let oracles = lookup::read(root, check);
        let opinions = survey::read(root, check);
        let counts = forecast_counts(root, check);
        let mut arrivals = Arrivals::read(root, &run, check);
        talk::settle(root, arrivals.as_mut(), &mut callers, check);
        let outbound = outbound::read(root, &callers, check);
        let behaviour = behaviour::read(root, &callers, arrivals.as_ref(), check);
        if let (Some(arrivals), Some(behaviour)) = (&mut arrivals, &behaviour) {
            talk::by_interval(root, arrivals, &callers, behaviour);
        }
        let others = (&transfers[..], &outbound[..]);
        lengths::check(root, &callers, behaviour.as_ref(), others, check);
        answering::check(root, &agents, arrivals.as_ref(), check);
        let duty = Duty::read(root, arrivals.as_ref(), check);
        let shifts = shift::read(root, check);
        let (goals, void_goals) = goal::read(root, check);
        let costs = costs::read(root);

        let mut arrivals = arrivals?;
        nobody_calls(root, &arrivals, check.names);
        if run.warm_up >= arrivals.length {
            let place = key_place(root, "run");
            let help = "a run is longer than its warm-up";
            root.bad_value(place, "`warm_up` leaves nothing of the run", help);
        }
        if let (Some(place), Some(_)) = (&run.seeks_warm_up, arrivals.interval) {
            let message =
                "`warm_up = \"auto\"` is for a steady state, and a forecast's day is none";
            let help = "leave `warm_up` out: a day begins as it begins";
            root.bad_value(place.clone(), message, help);
        }
        run.check_control(root);
        if arrivals.interval.is_none() && (agents.absent > 0.0 || agents.late.is_some()) {
            let message =
                "in a steady state nobody comes to a shift: `absent` and `late` are of days";
            let help = "take those who are missing off `[staff]`, or run the days of a forecast";
            root.bad_value(key_place(root, "agents"), message, help);
        }
        if arrivals.interval.is_none() && !shifts.is_empty() {
            let message = "in a steady state nobody comes to a shift: `[shifts]` are of days";
            let help = "leave them out, or run the days of a forecast";
            root.bad_value(key_place(root, "shifts"), message, help);
        }
        let is_list = |outbound: &Outbound| matches!(outbound.demand, OutboundDemand::List(_));
        if arrivals.interval.is_none() && outbound.iter().any(is_list) {
            let message = "a steady state has no list that comes to its end: `calls` are of days";
            let help = "say how many come up in an hour: `calls_per_hour = 12.0`";
            root.bad_value(key_place(root, "outbound"), message, help);
        }
        steady::is_one_day(root, &run, &callers);
        let start_unix_ms = unix_ms(arrivals.start, check.names.dialplan);
        exists(root, arrivals.start, check.names.dialplan);
        steady::remark(root, &run, &arrivals, start_unix_ms, check);
        let mut duty = duty?;
        if let Some(what_if) = self.what_if() {
            duty.add_agents(what_if, root, check.names);
            arrivals.demand.scale(what_if.scale_calls);
        }
        let dialplan = check.names.dialplan;
        let clock_change = clock_change(&arrivals, start_unix_ms, check);
        // Where a change is left out, all clocks stay as they are at first.
        let length = clock_change.map_or(arrivals.length, |_| Span::ZERO);
        clocks::remark(root, &arrivals, (start_unix_ms, length), check);
        Some(Scenario {
            name: self.name(),
            what_if: self.what_if().map(|what_if| what_if.name.clone()),
            runs: run.runs,
            seed: run.seed,
            start: arrivals.start,
            start_unix_ms,
            clock_change,
            length: arrivals.length,
            warm_up: run.warm_up,
            seeks_warm_up: run.seeks_warm_up.is_some(),
            is_controlled: run.control.is_some(),
            interval: arrivals.interval,
            demand: arrivals.demand,
            counts,
            behaviour: behaviour?,
            callers,
            agents,
            transfers,
            outbound,
            oracles,
            opinions,
            workers: duty.workers(root, dialplan),
            staff: duty.into_staff(),
            shifts,
            goals,
            void_goals,
            costs,
            assumptions: Vec::new(),
        })
    }
}

/// Where a key is, or where it would be.
pub(super) fn key_place(fields: &Fields<'_>, name: &str) -> Place {
    fields.key_place(name).unwrap_or_else(|| fields.place())
}

/// Where a key within a section stands, if it is there.
pub(super) fn written_in(fields: &Fields<'_>, section: &str, name: &str) -> Option<Place> {
    let mut entries = fields.entries().iter();
    let section = entries.find(|entry| entry.key.text == section)?;
    let table = section.value.table()?;
    let entry = table.entries.iter().find(|entry| entry.key.text == name);
    entry.map(|entry| entry.key.place.clone())
}

/// The same, or where the section is, or would be.
pub(super) fn place_in(fields: &Fields<'_>, section: &str, name: &str) -> Place {
    written_in(fields, section, name).unwrap_or_else(|| key_place(fields, section))
}

fn unlimited_trunks(check: &mut Check<'_>) {
    for line in &check.names.dialplan.lines {
        if line.trunks.is_none() {
            check.note(format!("line {} trunks", line.name), "unlimited");
        }
    }
}

/// Warns of lines of which the calls say nothing.
fn nobody_calls(root: &mut Fields<'_>, arrivals: &Arrivals, names: Names<'_>) {
    let called = |place: usize| {
        let mut lines = arrivals.demand.lines.iter();
        lines.any(|calls| calls.line.index() == place)
    };
    // What could not be read might have said it.
    let is_known = names.has_several_lines() && !arrivals.demand.lines.is_empty();
    let lines = names.lines().enumerate().filter(|_| is_known);
    for (_, line) in lines.filter(|(place, _)| !called(*place)) {
        let message = format!("nobody calls the line \"{line}\": nothing is said of its calls");
        let warning = Diagnostic::warning("line-without-calls", key_place(root, "menu"), message);
        let help = "give its calls too (0 where nobody calls it), or leave the line out";
        root.push(warning.help(help));
    }
}

/// The change of the clocks in the run of a day, which is then listed. A steady state has no hours of its
/// own beside those of the line.
fn clock_change(arrivals: &Arrivals, unix_ms: i64, check: &mut Check<'_>) -> Option<ClockChange> {
    arrivals.interval?;
    let (site, begins) = (&check.names.dialplan.zone, (arrivals.start, unix_ms));
    let change = ClockChange::within(site, begins, arrivals.length)?;
    check.note("run.clock", change.to_string());
    Some(change)
}

/// Warns of a beginning that no clock of the site ever shows: it is passed over when clocks go forward.
fn exists(root: &mut Fields<'_>, start: DateTime, dialplan: &Dialplan) {
    if !is_passed_over(&time_zone(dialplan), start) {
        return;
    }
    let (day, time) = (start.date(), start.time());
    let message = format!("the run begins on {day} at {time}, and there is no such time then");
    let warning = Diagnostic::warning("missing-hour", place_in(root, "run", "start"), message);
    let help = "clocks go forward over it: begin before or after the hour that is left out";
    root.push(warning.help(help));
}

/// As Unix time by the first line's clock; as much later where that passes over this time.
fn unix_ms(start: DateTime, dialplan: &Dialplan) -> i64 {
    let zoned = start.to_zoned(time_zone(dialplan));
    zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond())
}
