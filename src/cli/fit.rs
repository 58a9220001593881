//! `strowger fit`: from recorded calls to a scenario.

use super::Exit;
use super::Format;
use super::folder;
use super::output;
use crate::exchange::dialplan::Dialplan;
use crate::fit;
use crate::fit::days::Choice;
use crate::fit::forecast;
use crate::fit::scenario;
use crate::fit::scenario::Draft;
use crate::fit::scenario::FORECAST;
use crate::fit::scenario::SCENARIO;
use crate::fit::scenario::Site;
use crate::menu;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

#[derive(Debug, Args)]
pub(super) struct Fit {
    /// Counts of calls, with the columns date,start,interval_min,line,calls, or call records of the daemon or
    /// of `simulate --records`, as CSV or JSON; as many days as there are.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The menu file of a line that was called, so that the scenario is whole; may be given several times.
    #[arg(long, value_name = "FILE")]
    menu: Vec<PathBuf>,
    /// Days of the week that are looked at: `mon-fri`, `sat`, `mon,wed-fri`.
    #[arg(long, value_name = "DAYS")]
    days: Option<Weekdays>,
    /// The first date that is looked at.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last one.
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Dates that are left out, such as holidays, with commas between them.
    #[arg(long, value_name = "DATE", value_delimiter = ',', value_parser = date)]
    skip: Vec<Date>,
    /// The length of the forecast's intervals in minutes: 30 for call records and that of the counts unless
    /// it is given.
    #[arg(long, value_name = "MINUTES", value_parser = minutes)]
    interval: Option<u32>,
    /// The clock of the lines, such as Europe/London: that of the menu unless it is given, or UTC.
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    timezone: Option<TimeZone>,
    /// Write the scenario and its forecast into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Overwrite files that are there already.
    #[arg(long, requires = "out")]
    force: bool,
    /// How to print what was found.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// Days of the week, Monday first.
#[derive(Clone, Debug)]
struct Weekdays([bool; 7]);

const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl FromStr for Weekdays {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let day = |name: &str| {
            let place = NAMES
                .iter()
                .position(|known| known.eq_ignore_ascii_case(name.trim()));
            place.ok_or_else(|| format!("there is no day `{name}`: write {}", NAMES.join(", ")))
        };
        let mut days = [false; 7];
        for part in text.split(',') {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            let (from, to) = (day(from)?, day(to)?);
            // `sat-mon` goes over the end of the week.
            let count = (to + 7 - from) % 7;
            (0..=count).for_each(|place| days[(from + place) % 7] = true);
        }
        Ok(Self(days))
    }
}

/// A date, with room around it as after a comma.
fn date(text: &str) -> Result<Date, String> {
    let date = text.trim().parse();
    date.map_err(|_| "write dates such as 2026-12-25, with commas between them".to_owned())
}

fn minutes(text: &str) -> Result<u32, String> {
    let minutes = text.parse().ok();
    let minutes = minutes.filter(|minutes| fit::INTERVALS.contains(minutes));
    let may = fit::INTERVALS.map(|minutes| minutes.to_string()).join(", ");
    minutes.ok_or_else(|| format!("write one of {may}"))
}

fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| format!("there is no time zone `{text}`: write one like Europe/London"))
}

impl Fit {
    pub(super) fn run(&self) -> Exit {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let plan = match &self.menu[..] {
            [] => None,
            menus => {
                let request = menu::Request {
                    lines: menus.to_vec(),
                    ..menu::Request::default()
                };
                let Some(plan) = menu::compile(&request, &mut sources, &mut problems) else {
                    return output::report(&problems, &sources);
                };
                problems = Diagnostics::default();
                Some(Arc::new(plan))
            }
        };
        let clock = plan.as_deref().and_then(clock);
        if let Some(why) = self.other_clock(clock.as_ref()) {
            eprintln!("error: {why}");
            return Exit::Usage;
        }
        let request = fit::Request {
            files: self.files.clone(),
            plan: plan.clone(),
            timezone: self.timezone.clone().or(clock),
            choice: Choice {
                weekdays: self.days.as_ref().map_or([true; 7], |days| days.0),
                from: self.from,
                to: self.to,
                skip: self.skip.iter().copied().collect(),
            },
            interval: self.interval,
        };
        let recorded = fit::read(request, &mut sources, &mut problems);
        let exit = output::report(&problems, &sources);
        let Some(recorded) = recorded else {
            return exit;
        };
        let findings = match recorded.fit() {
            Ok(findings) => findings,
            Err(why) => {
                eprintln!("error: {why}");
                return Exit::Findings;
            }
        };
        let menus = self.menus();
        let site = plan.as_deref().map(|plan| Site {
            menus: &menus,
            plan,
        });
        let draft = scenario::draft(&findings, site);
        let forecast = forecast::csv(&findings, plan.as_deref());
        let written = match self.write(&draft, &forecast) {
            Ok(written) => written,
            Err((exit, message)) => {
                eprintln!("error: {message}");
                return exit;
            }
        };
        output::print(&match self.format {
            Format::Human => fit::page::text(&findings, &draft.todo, output::style()),
            Format::Json => {
                format!(
                    "{:#}\n",
                    fit::json::object(&findings, (&draft, &forecast), &written)
                )
            }
        });
        if self.format == Format::Human {
            for path in &written {
                eprintln!("wrote {path}");
            }
            if written.is_empty() {
                eprintln!("nothing was written: --out DIR writes {SCENARIO} and {FORECAST}");
            }
        }
        Exit::Fine
    }

    /// What to say where days would go by another clock than the line of the scenario does.
    fn other_clock(&self, menu: Option<&TimeZone>) -> Option<String> {
        let (asked, own) = (self.timezone.as_ref()?.iana_name()?, menu?.iana_name()?);
        let why = || {
            format!(
                "--timezone {asked} is not the clock of the menu, {own}, by which the scenario would run: leave it out"
            )
        };
        (asked != own).then(why)
    }

    /// The menu files as the scenario names them: from its folder on.
    fn menus(&self) -> Vec<String> {
        let folder = self.out.as_deref().unwrap_or(Path::new(""));
        let menus = self.menu.iter().map(|menu| {
            let path = from_folder(folder, menu).unwrap_or_else(|| menu.clone());
            path.display().to_string()
        });
        menus.collect()
    }

    /// Writes the files; none when one of them is there already.
    fn write(&self, draft: &Draft, forecast: &str) -> Result<Vec<String>, (Exit, String)> {
        let Some(folder) = &self.out else {
            return Ok(Vec::new());
        };
        let files = [
            (folder.join(SCENARIO), draft.text.as_str()),
            (folder.join(FORECAST), forecast),
        ];
        folder::write(folder, &files, self.force)
    }
}

/// The clock of the first line.
fn clock(plan: &Dialplan) -> Option<TimeZone> {
    let line = plan.lines.first()?;
    TimeZone::get(&line.timezone).ok()
}

/// A folder as it is called where no link leads to it: the way up from it goes by that.
fn real(folder: &Path) -> PathBuf {
    let mut ancestors = folder.ancestors();
    let known = ancestors.find_map(|known| Some((known, known.canonicalize().ok()?)));
    let real = known.and_then(|(known, real)| {
        let rest = folder.strip_prefix(known).ok()?;
        Some(real.join(rest))
    });
    real.unwrap_or_else(|| folder.to_owned())
}

/// A path from a folder on, which need not be there yet.
fn from_folder(folder: &Path, file: &Path) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let folder = real(&Sources::plain(&here.join(folder)));
    // The file itself may be a link: what it names lies beside the link.
    let file = Sources::plain(&here.join(file));
    let file = real(file.parent()?).join(file.file_name()?);
    let folder: Vec<Component<'_>> = folder.components().collect();
    let file: Vec<Component<'_>> = file.components().collect();
    let same = folder
        .iter()
        .zip(&file)
        .take_while(|(one, other)| one == other);
    let same = same.count();
    let up = folder[same..].iter().map(|_| Component::ParentDir);
    Some(up.chain(file[same..].iter().copied()).collect())
}
