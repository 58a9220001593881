//! `strowger staff`: the fewest agents with whom a scenario meets its goals.

mod found;

use super::Exit;
use super::output;
use super::runs::Runs;
use super::study::loaded;
use crate::menu::source::Sources;
use crate::report::staffing;
use crate::sim::hiring::Hiring;
use crate::sim::model::Model;
use crate::sim::scenario::BASE;
use crate::sim::sheet::clock;
use crate::sim::staff::Staff;
use crate::sim::study::Cases;
use crate::sim::verdict::Miss;
use crate::staffing::Found;
use crate::staffing::OutOfReach;
use crate::staffing::Uncovered;
use crate::staffing::roster;
use crate::staffing::search;
use clap::Args;
use std::path::PathBuf;

/// Runs of a day unless `--runs` says otherwise: with fewer, the fewest agents of an interval are those for whom
/// its callers happened to be kind.
const RUNS_LEAST: u32 = 200;

#[derive(Debug, Args)]
pub(super) struct StaffArgs {
    /// The scenario, `*.scenario.toml`, with `[goals]` and head counts (`staff`).
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    /// The agents for one of the scenario's what-ifs instead.
    #[arg(long, value_name = "NAME")]
    what_if: Option<String>,
    #[command(flatten)]
    runs: Runs,
    /// How to print the agents needed.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// The head counts as a staff file.
    Csv,
    /// The people of the shifts that cover them, as a roster file.
    Roster,
}

impl StaffArgs {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut cases = match loaded(&self.scenario, &mut sources) {
            Ok(cases) => cases,
            Err(exit) => return exit,
        };
        let staff = match self.staff(&cases) {
            Ok(staff) => staff,
            Err((why, exit)) => {
                eprintln!("error: {why}");
                return exit;
            }
        };
        let (seed, runs) = self.size(&cases);
        let bar = self.runs.progress(0);
        bar.at("agents");
        let scaled = cases.scale_to_first_attempts(seed);
        let mut hiring = Hiring::new(&self.scenario, (self.case(), &cases), seed, &mut sources)
            .expect("a case that was loaded");
        let more = |runs: u64| bar.of(runs);
        let searched = search(&mut hiring, &staff, (seed, runs), &more, &|| bar.inc());
        let found = match searched {
            Ok(found) => found,
            Err(why) => {
                bar.clear();
                out_of_reach(&cases, self.case(), &why);
                return Exit::GoalMissed;
            }
        };
        let start = found.model.scenario().start;
        if self.format == Format::Csv {
            bar.clear();
            output::print(&found.staff.csv(&found.model.plan, start));
            return exit_of(&found.missed);
        }
        let has_shifts = !found.model.scenario().shifts.is_empty();
        let rostered = has_shifts.then(|| {
            bar.at("roster");
            roster(&mut hiring, &found, (seed, runs), &more, &|| bar.inc())
        });
        bar.clear();
        let (rostered, failed) = match rostered.transpose() {
            Ok(rostered) => {
                let short = rostered.as_ref().and_then(|all| all.short.clone());
                (rostered, short)
            }
            Err(why) => (None, Some(why)),
        };
        let failed = failed.map(|why| uncovered(&found, &why));
        let exit = match (&failed, &rostered) {
            (Some(_), _) => Exit::GoalMissed,
            (None, Some(rostered)) => exit_of(&rostered.missed),
            (None, None) => exit_of(&found.missed),
        };
        if self.format == Format::Roster {
            if let Some(rostered) = &rostered {
                output::print(&rostered.csv(&found.model.plan));
                if failed.is_none() && !rostered.missed.is_empty() {
                    eprintln!(
                        "error: goals are missed with this roster: the page, without `--format roster`, says which"
                    );
                }
            }
            eprint!("{}", failed.unwrap_or_default());
            return exit;
        }
        let found = (found, rostered);
        let told = found::staffing(self, &cases, &sources, found, (&staff, &scaled));
        output::print(&match self.format {
            Format::Json => format!("{:#}\n", staffing::json(&told)),
            _ => staffing::text(&told, output::style()),
        });
        eprint!("{}", failed.unwrap_or_default());
        exit
    }

    /// Seed and runs of each head count.
    fn size(&self, cases: &Cases) -> (u64, u32) {
        let scenario = cases.base.scenario();
        let (seed, runs) = self.runs.size(scenario);
        let is_day = scenario.interval.is_some();
        match self.runs.runs {
            None if is_day => (seed, runs.max(RUNS_LEAST)),
            _ => (seed, runs),
        }
    }

    /// The name of the case whose agents are sought.
    fn case(&self) -> &str {
        self.what_if.as_deref().unwrap_or(BASE)
    }

    /// The head counts to begin with: those of the scenario, interval by interval.
    fn staff(&self, cases: &Cases) -> Result<Staff, (String, Exit)> {
        if self.what_if.as_deref() == Some(BASE) {
            let why = format!("{BASE:?} is the scenario without its what-ifs: leave --what-if out");
            return Err((why, Exit::Usage));
        }
        let found = cases.all().find(|(name, _)| *name == self.case());
        let Some((_, model)) = found else {
            let names: Vec<String> = cases
                .all()
                .skip(1)
                .map(|(name, _)| format!("{name:?}"))
                .collect();
            let there = match names.is_empty() {
                true => "the scenario has none".to_owned(),
                false => format!("there are {}", names.join(", ")),
            };
            return Err((
                format!("no what-if is called {:?}: {there}", self.case()),
                Exit::Usage,
            ));
        };
        let scenario = model.scenario();
        if scenario.goals.is_empty() {
            let why = "the scenario has no goals that agents could meet: write `[goals]`, such as \
                       `\"queue.NAME\".service_level = \">= 80% in 20s\"`";
            return Err((why.to_owned(), Exit::Findings));
        }
        let Some(staff) = &scenario.staff else {
            let why = "a roster names its people, and head counts are sought: write `[staff]` instead of \
                       `roster`, with each group and any number, such as `support = 1`";
            return Err((why.to_owned(), Exit::Findings));
        };
        if self.format == Format::Csv && scenario.interval.is_none() {
            let why = "`--format csv` is a staff file, and a steady state has none: its agents are `[staff]`";
            return Err((why.to_owned(), Exit::Usage));
        }
        if self.format == Format::Roster && scenario.shifts.is_empty() {
            let why = "a roster is made of the shifts that people may have, and the scenario has none: write \
                       `[shifts.NAME]` with `starts = \"07:00-11:00\"` and `length = \"8h\"`";
            return Err((why.to_owned(), Exit::Findings));
        }
        if let Some(why) = (self.format == Format::Roster)
            .then(|| unwritten(model, staff))
            .flatten()
        {
            return Err((why, Exit::Findings));
        }
        if let Some(why) = without_agents(model, staff) {
            return Err((why, Exit::Findings));
        }
        Ok(match scenario.interval {
            Some(interval) => staff.divided(interval, scenario.length),
            None => staff.clone(),
        })
    }
}

fn exit_of(missed: &[Miss]) -> Exit {
    match missed.is_empty() {
        true => Exit::Fine,
        false => Exit::GoalMissed,
    }
}

/// What is wrong where a roster file cannot name a group: several stand there with spaces between.
fn unwritten(model: &Model, staff: &Staff) -> Option<String> {
    let groups = (0..staff.kinds()).map(|kind| model.plan.group(staff.kind(kind).0));
    let mut names = groups.map(|group| &group.name);
    let name = names.find(|name| name.is_empty() || name.contains(char::is_whitespace))?;
    Some(format!(
        "a roster file cannot name the group \"{name}\": its groups stand with spaces between; give it a name without"
    ))
}

/// What is wrong where a goal is about agents of whom nothing is said.
fn without_agents(model: &Model, staff: &Staff) -> Option<String> {
    let goals = model.scenario().goals.iter();
    let mut groups = goals.map(|goal| goal.group(&model.plan));
    let missing = groups.find(|group| staff.kinds_of(*group).next().is_none())?;
    let name = &model.plan.group(missing).name;
    Some(format!(
        "a goal is about the group \"{name}\", of which `staff` says nothing: write it there with any number"
    ))
}

/// Says which goals are missed with however many agents.
fn out_of_reach(cases: &Cases, case: &str, why: &OutOfReach) {
    let model = cases.all().find(|(name, _)| *name == case);
    let Some((_, model)) = model else { return };
    let (goals, starts) = (&model.scenario().goals, model.scenario().interval_starts());
    let agents = why.agents;
    eprintln!("error: even with {agents} agents of a kind these goals are missed:");
    for (place, goal) in goals.iter().enumerate() {
        let missed = why.missed.iter().filter(|miss| miss.goal == place);
        let at: Vec<&str> = missed
            .clone()
            .filter_map(|miss| starts.get(miss.interval?).map(String::as_str))
            .collect();
        if missed.count() > 0 {
            let at = match at.is_empty() {
                true => String::new(),
                false => format!(": at {}", at.join(", ")),
            };
            eprintln!("  {}{at}", goal.text);
        }
    }
    eprintln!(
        "help: what agents cannot change is in the way: ringing, menus, trunks, callers who hang up at once, a queue \
         that closes within an interval, or times of which `staff` says nothing"
    );
}

/// Why no shifts cover the agents needed, and what to do.
fn uncovered(found: &Found, why: &Uncovered) -> String {
    let (plan, staff) = (&found.model.plan, &found.staff);
    let (error, help) = match why {
        Uncovered::NoShift { kind, at, people } => {
            let group = &plan.group(staff.kind(*kind).0).name;
            let at = clock(i64::from(*at));
            let agents = match people {
                1 => "1 agent".to_owned(),
                people => format!("{people} agents"),
            };
            let are = if *people == 1 { "is" } else { "are" };
            (
                format!(
                    "{agents} of the group \"{group}\" {are} needed at {at}, when no shift of `[shifts]` is on"
                ),
                "let one begin early enough, or end late enough, for people of this group",
            )
        }
        Uncovered::TooFew => (
            "no number of people on the shifts of `[shifts]` covers the agents needed".to_owned(),
            "allow more of them where `most` is set, or let their breaks begin at other times too",
        ),
        Uncovered::NotFound => (
            "no roster was found: the search ended before it had found any".to_owned(),
            "let shifts and breaks begin less often (`every`), or leave `most` out where it may be kept anyway",
        ),
    };
    format!("error: {error}\nhelp: {help}\n")
}
