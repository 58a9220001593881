//! Files are read, and sums kept of them.

use super::busyness;
use super::counts;
use super::days;
use super::days::Choice;
use super::days::Days;
use super::days::LeftOut;
use super::days::NoDay;
use super::findings::Findings;
use super::objects;
use super::origin::Origin;
use super::records;
use super::sums::Sums;
use super::table::Told;
use super::volumes::Volumes;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Severity;
use crate::menu::source::Sources;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;
use std::io;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::Arc;

/// The lengths of intervals that may be asked for, in minutes.
pub const INTERVALS: [u32; 5] = [5, 10, 15, 30, 60];

/// What to do with files of both kinds.
const APART: &str = "give the files of one kind: call records tell all that counts do";

/// What is to be read, and of which days.
#[derive(Clone, Debug)]
pub struct Request {
    /// The files, all of one kind.
    pub files: Vec<PathBuf>,
    /// The lines whose calls are looked at; none for those of whatever line.
    pub plan: Option<Arc<Dialplan>>,
    /// The clock of the lines; UTC for records where none is named.
    pub timezone: Option<TimeZone>,
    /// Which days.
    pub choice: Choice,
    /// The length of the intervals in minutes; 30 of records, and that of the file of counts, unless it is said.
    pub interval: Option<u32>,
}

impl Request {
    /// The names of the lines; none for all of them.
    pub(super) fn lines(&self) -> Vec<String> {
        let lines = self.plan.iter().flat_map(|plan| &plan.lines);
        lines.map(|line| line.name.clone()).collect()
    }
}

/// What was read.
#[derive(Debug)]
pub struct Recorded {
    request: Request,
    volumes: Volumes,
    records: Option<Sums>,
    /// The days that are not like the others; or why there are no days.
    left_out: Result<Vec<(Date, LeftOut)>, NoDay>,
}

/// Reads files of counts or of call records; all that is wrong is reported, and nothing given then.
pub fn read(
    request: Request,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Recorded> {
    let recorded = once(request, sources, problems)?;
    let unlike = match (&recorded.records, &recorded.left_out) {
        (Some(_), Ok(left_out)) if !left_out.is_empty() => left_out.clone(),
        _ => return Some(recorded),
    };
    // Which days are like the others is known when all are read: sums of calls that go without the other ones are made of
    // a second reading, for by day they would take too much memory.
    let mut request = recorded.request;
    let dates = unlike.iter().map(|(date, _)| *date);
    request.choice.skip.extend(dates);
    drop((recorded.volumes, recorded.records));
    let recorded = once(request, sources, problems)?;
    Some(Recorded {
        left_out: Ok(unlike),
        ..recorded
    })
}

fn once(request: Request, sources: &mut Sources, problems: &mut Diagnostics) -> Option<Recorded> {
    let (mut volumes, mut records) = (None, None);
    for path in &request.files {
        let origin = Origin::new(path, sources);
        let mut told = Told::new(sources, problems);
        let opened = origin.open().and_then(|mut bytes| {
            let kind = Kind::of(&mut bytes)?;
            Ok((bytes, kind))
        });
        let (bytes, kind) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let message = Sources::unreadable(path, &error);
                let mut problem = Diagnostic::new("unreadable", Severity::Error, None, message);
                problem.help = origin.remedy(&error);
                told.problems.push(problem);
                continue;
            }
        };
        let path = path.display();
        match kind {
            Kind::Empty => {
                let help = "write the calls of each interval, or export call records".to_owned();
                told.say(counts::CODE, format!("{path} is empty"), Some(help));
            }
            Kind::Separated(other) => {
                let message =
                    format!("{other} separate the columns of {path}, and have to be commas");
                let help = "save it as comma-separated values, with points in numbers".to_owned();
                told.say(counts::CODE, message, Some(help));
            }
            Kind::Other(code) => {
                let message = format!("{path} has neither counts of calls nor call records");
                let help = "the first row of counts names the columns date,start,interval_min,line,calls; that of \
                            call records has started_ms,ended_ms,wait_ms,talk_ms,line,outcome and others";
                told.say(code, message, Some(help.to_owned()));
            }
            Kind::Counts(_) if records.is_some() => {
                told.say(counts::CODE, mixed(&path), Some(APART.to_owned()));
            }
            Kind::Counts(header) => {
                counts::read(&origin, bytes, &header, &mut volumes, &mut told);
            }
            Kind::Records(_) if volumes.is_some() => {
                told.say(records::CODE, mixed(&path), Some(APART.to_owned()));
            }
            Kind::Records(form) => {
                let taker = records.get_or_insert_with(|| Sums::new(&request));
                match form {
                    Form::Csv => records::read(&origin, bytes, taker, &mut told),
                    Form::List => objects::read(&origin, bytes, true, taker, &mut told),
                    Form::Objects => objects::read(&origin, bytes, false, taker, &mut told),
                }
            }
        }
    }
    if problems.has_errors() {
        return None;
    }
    if let (Some(records), None) = (&records, &volumes)
        && records.is_empty()
    {
        let names = request.files.iter().map(|path| path.display().to_string());
        let names: Vec<String> = names.collect();
        let message = format!("there is no call record in {}", names.join(", "));
        let problem = Diagnostic::new(records::CODE, Severity::Error, None, message);
        problems.push(problem);
        return None;
    }
    let (volumes, records) = match (volumes, records) {
        (_, Some(mut records)) => (records.take_volumes(), Some(records)),
        (Some(volumes), None) => (volumes, None),
        (None, None) => {
            let message = "there is not one call in it".to_owned();
            problems.push(Diagnostic::new(
                counts::CODE,
                Severity::Error,
                None,
                message,
            ));
            return None;
        }
    };
    let mut recorded = Recorded {
        request,
        volumes,
        records,
        left_out: Ok(Vec::new()),
    };
    recorded.left_out = recorded.unlike();
    Some(recorded)
}

fn mixed(path: &impl std::fmt::Display) -> String {
    format!(
        "{path} is of another kind than the files before it: counts and call records are not added up"
    )
}

/// Calls that are counted by queue are those of a line where it begins at the queue: only there do calls arrive.
fn begin_lines(plan: &Dialplan, queues: &[&str]) -> Result<(), String> {
    let begins = |name: &str| {
        let mut starts = plan.lines.iter().map(|line| &plan.step(line.start).kind);
        starts.any(|kind| matches!(kind, StepKind::Queue(queue) if plan.queue(*queue).name == name))
    };
    match queues.iter().find(|queue| !begins(queue)) {
        None => Ok(()),
        Some(queue) => Err(format!(
            "the counts are by queue, and no line of --menu begins at `{queue}`: calls arrive at lines, and how many come \
             to a queue is a result; count the calls of each line, or leave --menu out to see what these tell"
        )),
    }
}

/// What a file holds.
enum Kind {
    Empty,
    /// With the header.
    Counts(String),
    Records(Form),
    /// Counts or records whose columns are separated by something else than commas.
    Separated(&'static str),
    /// Nothing that is known; under the code of what it is most like.
    Other(&'static str),
}

enum Form {
    Csv,
    List,
    Objects,
}

impl Kind {
    /// Looks at the beginning, and leaves it to be read.
    fn of(bytes: &mut Box<dyn BufRead>) -> io::Result<Self> {
        let begin = bytes.fill_buf()?;
        let first = begin.iter().find(|byte| !byte.is_ascii_whitespace());
        Ok(match first {
            None => Self::Empty,
            Some(b'[') => Self::Records(Form::List),
            Some(b'{') => Self::Records(Form::Objects),
            Some(_) => {
                let text = String::from_utf8_lossy(begin);
                let header = text.trim_start().lines().next().unwrap_or("").to_owned();
                let has = |name: &str, separator: char| {
                    let mut columns = header.split(separator).map(str::trim);
                    columns.any(|column| column.trim_matches('"') == name)
                };
                let others = [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];
                let other = others.iter().find(|(separator, _)| {
                    has("calls", *separator) || has("started_ms", *separator)
                });
                if has("started_ms", ',') || has("outcome", ',') {
                    Self::Records(Form::Csv)
                } else if has("calls", ',') || has("interval_min", ',') {
                    Self::Counts(header)
                } else if let Some((_, name)) = other {
                    Self::Separated(name)
                } else {
                    Self::Other(counts::CODE)
                }
            }
        })
    }
}

impl Recorded {
    /// The length of the forecast's intervals, in minutes.
    fn minutes(&self) -> Result<u32, String> {
        let own = self.volumes.minutes;
        let usual = INTERVALS.into_iter().find(|minutes| *minutes >= own);
        let usual = usual.filter(|minutes| minutes.is_multiple_of(own));
        let minutes = self.request.interval.or(usual).unwrap_or(own);
        match minutes.is_multiple_of(own) {
            true => Ok(minutes),
            false => Err(format!(
                "intervals of {minutes} minutes cannot be made of recorded ones of {own}"
            )),
        }
    }

    /// The names of what was called and is looked at.
    fn names(&self) -> Vec<&str> {
        let lines = self.request.lines();
        let by_line = self.volumes.column == "line" && !lines.is_empty();
        let known = self.volumes.lines();
        known
            .filter(|line| !by_line || lines.iter().any(|own| own == line))
            .collect()
    }

    fn unlike(&self) -> Result<Vec<(Date, LeftOut)>, NoDay> {
        let minutes = self.minutes().unwrap_or(self.volumes.minutes);
        days::unlike((&self.volumes, &self.names()), minutes, &self.request)
    }

    /// What is found in it; otherwise why nothing is.
    ///
    /// # Errors
    /// If no day is left, or intervals of the asked length cannot be made of those that were recorded.
    pub fn fit(self) -> Result<Findings, String> {
        let minutes = self.minutes()?;
        let lines = self.request.lines();
        let names = self.names();
        let known = self.volumes.lines();
        let other = known.filter(|line| !names.contains(line));
        let mut other_lines: BTreeSet<String> = other.map(str::to_owned).collect();
        let records = self.records.iter();
        other_lines.extend(records.flat_map(|records| records.other_lines.clone()));
        if let (Some(plan), "queue") = (&self.request.plan, self.volumes.column) {
            begin_lines(plan, &names)?;
        }
        let choice = &self.request.choice;
        let days = self.left_out.clone();
        let days =
            days.and_then(|left_out| Days::of((&self.volumes, &names), minutes, choice, left_out));
        let other_lines: Vec<String> = other_lines.into_iter().collect();
        let days = days.map_err(|why| match why {
            NoDay::Left if names.is_empty() && !other_lines.is_empty() => format!(
                "no call is to {}: there are some to {}",
                lines.join(", "),
                other_lines.join(", ")
            ),
            NoDay::Left => "no day with calls is left: there are none, or --days, --from, --to or --skip leave them out"
                .to_owned(),
            NoDay::InCommon { late, early } => format!(
                "no day has calls to all lines: there are none to {} before {}, and none to {} after {}; fit them apart, by \
                 --menu or by --from and --to",
                late.0, late.1, early.0, early.1
            ),
        })?;
        let busyness = busyness::Found::of(&days);
        Ok(Findings {
            files: self
                .request
                .files
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            timezone: self
                .request
                .timezone
                .as_ref()
                .and_then(|zone| zone.iana_name())
                .map(str::to_owned),
            column: self.volumes.column,
            days,
            other_lines,
            busyness,
            calls: self.records.map(Sums::found),
        })
    }
}
