//! The file of one shard: what was run, with the text of all files, and what every run came to.
//!
//! Lines of JSON: the head, a line for each run, and an end with a hash of all before it, so that a
//! file that was cut off or changed is noticed.

use super::Shard;
use crate::measure::RunFigures;
use crate::measure::Steady;
use crate::menu::fnv::Fnv;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use crate::sim::scaling::Scaling;
use crate::sim::scenario::RUNS_MAX;
use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::hash::Hasher;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::path::Path;

/// The longest line.
const LINE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// More cases than any scenario has.
const CASES_MAX: usize = 10_000;
/// The version of the format.
const FORMAT: u32 = 8;

/// The study that a part belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    strowger_shard: u32,
    /// Of the program: another one may draw other callers.
    version: String,
    /// The scenario's path as it was named.
    pub scenario: String,
    /// Where all chance comes from.
    pub seed: u64,
    /// Runs of the whole study.
    pub runs: u32,
    /// By what a forecast of attempts was scaled to first attempts, line by line, if it was.
    pub first_attempts: Vec<Scaling>,
    /// How the runs of each case are cut, the base case first, where the warm-up was to be found.
    #[serde(default)]
    pub steady: Vec<Option<Steady>>,
    /// The scenario and all files that it names, in the order in which they were read.
    pub files: Vec<Text>,
    /// Other names by which they are named, each with the place of the file in the list.
    pub aliases: Vec<(String, usize)>,
}

/// A file and its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// As it was named, or relative to the file that names it.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// What one shard has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The study.
    pub head: Head,
    /// Which part of it.
    pub shard: Shard,
    /// The runs of each case, the base case first.
    pub cases: Vec<Vec<RunFigures>>,
}

#[derive(Serialize, Deserialize)]
struct First {
    shard: Shard,
    #[serde(flatten)]
    head: Head,
}

#[derive(Serialize, Deserialize)]
struct Run {
    case: usize,
    /// From 1, as `--run` counts.
    run: u32,
    figures: RunFigures,
}

#[derive(Serialize, Deserialize)]
struct End {
    cases: usize,
    hash: String,
}

/// Why a part cannot be read.
#[derive(Debug)]
pub enum Fault {
    /// The file cannot.
    Unreadable(io::Error),
    /// It is not what a shard writes.
    Wrong(String),
}

impl Head {
    /// The head of all parts of a study.
    pub fn new(
        scenario: String,
        (seed, runs): (u64, u32),
        first_attempts: Vec<Scaling>,
        steady: Vec<Option<Steady>>,
        sources: &Sources,
    ) -> Self {
        let files = sources.iter().map(|file| Text {
            path: file.path.display().to_string(),
            text: file.text.clone(),
        });
        let alias = |(path, file): (&Path, FileId)| (path.display().to_string(), file.0);
        Self {
            strowger_shard: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario,
            seed,
            runs,
            first_attempts,
            steady,
            files: files.collect(),
            aliases: sources.aliases().map(alias).collect(),
        }
    }

    /// The texts, and no way to any others; none when a name is that of no file.
    pub(super) fn sources(&self) -> Option<Sources> {
        let mut sources = Sources::sealed();
        for file in &self.files {
            sources.add(Path::new(&file.path), file.text.clone());
        }
        for (path, place) in &self.aliases {
            let file = Some(FileId(*place)).filter(|file| file.0 < self.files.len())?;
            sources.add_alias(Path::new(path), file);
        }
        Some(sources)
    }

    /// What two studies differ in; none if they are the same.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let files = self.files.iter().zip(&other.files);
        let differs = files.clone().find(|(one, other)| one != other);
        Some(match () {
            () if self.scenario != other.scenario => {
                let (one, other) = (&self.scenario, &other.scenario);
                format!("the path of the scenario, {one} and {other},")
            }
            () if self.seed != other.seed => "the seed".to_owned(),
            () if self.runs != other.runs => "the number of runs".to_owned(),
            () if let Some((one, _)) = differs => one.path.clone(),
            () if self != other => "what it was run with".to_owned(),
            () => return None,
        })
    }
}

impl Part {
    /// Writes the part.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut to = Hashed::new(to);
        let (shard, head) = (self.shard, self.head.clone());
        to.line(&First { shard, head })?;
        for (case, runs) in self.cases.iter().enumerate() {
            for (run, figures) in self.shard.runs(self.head.runs).zip(runs) {
                let (run, figures) = (run + 1, figures.clone());
                to.line(&Run { case, run, figures })?;
            }
        }
        let (cases, hash) = (self.cases.len(), to.hash());
        to.line(&End { cases, hash })?;
        to.to.flush()
    }

    /// Reads a part.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path).map_err(Fault::Unreadable)?;
        Self::read_from(BufReader::new(file))
    }

    fn read_from(from: impl BufRead) -> Result<Self, Fault> {
        let mut lines = Lines::new(from);
        let First { shard, head } = lines.first()?;
        let mut part = Self {
            head,
            shard,
            cases: Vec::new(),
        };
        let cases = loop {
            let hash = lines.hash();
            let line = lines.next()?.ok_or_else(cut_off)?;
            if let Ok(end) = serde_json::from_str::<End>(&line) {
                if end.hash != hash {
                    return Err(Fault::Wrong(
                        "it was changed since it was written".to_owned(),
                    ));
                }
                break end.cases;
            }
            part.add(parse(&line).map_err(|_| cut_off())?)?;
        };
        // A shard without runs has cases all the same.
        part.cases.resize_with(cases.min(CASES_MAX), Vec::new);
        let whole = part.shard.runs(part.head.runs).len();
        let complete = part.cases.iter().all(|runs| runs.len() == whole);
        if !complete || part.cases.is_empty() || lines.next()?.is_some() {
            return Err(Fault::Wrong(
                "it does not hold the runs of one shard".to_owned(),
            ));
        }
        Ok(part)
    }

    fn add(&mut self, run: Run) -> Result<(), Fault> {
        if run.case == self.cases.len() {
            self.cases.push(Vec::new());
        }
        let made = self.cases.last().map_or(0, Vec::len);
        let due = self.shard.runs(self.head.runs).nth(made);
        let last = self.cases.len().checked_sub(1);
        match self.cases.last_mut() {
            Some(runs) if last == Some(run.case) && run.run.checked_sub(1) == due => {
                runs.push(run.figures);
                Ok(())
            }
            _ => Err(Fault::Wrong(format!(
                "run {} does not follow the one before it",
                run.run
            ))),
        }
    }
}

fn cut_off() -> Fault {
    Fault::Wrong("it ends too early, or was changed: run the shard again".to_owned())
}

fn parse<T: DeserializeOwned>(line: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(line)
}

/// Writes lines and hashes them.
struct Hashed<'a, W> {
    to: &'a mut W,
    hash: Fnv,
}

impl<'a, W: Write> Hashed<'a, W> {
    fn new(to: &'a mut W) -> Self {
        let hash = Fnv::default();
        Self { to, hash }
    }

    fn line(&mut self, thing: &impl Serialize) -> io::Result<()> {
        let mut line = serde_json::to_vec(thing)?;
        line.push(b'\n');
        Hasher::write(&mut self.hash, &line);
        self.to.write_all(&line)
    }

    fn hash(&self) -> String {
        format!("{:016x}", self.hash.finish())
    }
}

/// Reads lines and hashes them.
struct Lines<R> {
    from: R,
    hash: Fnv,
}

impl<R: BufRead> Lines<R> {
    fn new(from: R) -> Self {
        let hash = Fnv::default();
        Self { from, hash }
    }

    /// The head, which says what the rest may be.
    fn first(&mut self) -> Result<First, Fault> {
        let other = || Fault::Wrong("it is not what `strowger simulate --shard` writes".to_owned());
        // A device or another kind of file is not read to its end for this.
        let begins = self.from.fill_buf().map_err(Fault::Unreadable)?;
        if begins.first() != Some(&b'{') {
            return Err(other());
        }
        let line = self.next()?.ok_or_else(other)?;
        let head: serde_json::Value = parse(&line).map_err(|_| other())?;
        let text = |name: &str| head.get(name).map(ToString::to_string);
        let (format, version) = (text("strowger_shard"), text("version"));
        let (format, version) = (format.ok_or_else(other)?, version.ok_or_else(other)?);
        let (version, own) = (version.trim_matches('"'), env!("CARGO_PKG_VERSION"));
        if format != FORMAT.to_string() || version != own {
            let message = format!(
                "it is of strowger {version} (format {format}), and this is {own} (format {FORMAT}): \
                 make all parts and merge them with the same program"
            );
            return Err(Fault::Wrong(message));
        }
        let first: Result<First, _> = serde_json::from_value(head);
        let first = first.map_err(|error| Fault::Wrong(format!("its head: {error}")))?;
        match i64::from(first.head.runs) {
            1..=RUNS_MAX => Ok(first),
            runs => Err(Fault::Wrong(format!("{runs} runs, not 1 to {RUNS_MAX}"))),
        }
    }

    fn next(&mut self) -> Result<Option<String>, Fault> {
        let mut line = String::new();
        match self.from.by_ref().take(LINE_BYTES_MAX).read_line(&mut line) {
            Ok(0) => Ok(None),
            Ok(read) if read as u64 == LINE_BYTES_MAX => {
                let limit = LINE_BYTES_MAX / 1024 / 1024;
                Err(Fault::Wrong(format!("a line is longer than {limit} MiB")))
            }
            Ok(_) => {
                Hasher::write(&mut self.hash, line.as_bytes());
                Ok(Some(line))
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(cut_off()),
            Err(error) => Err(Fault::Unreadable(error)),
        }
    }

    fn hash(&self) -> String {
        format!("{:016x}", self.hash.finish())
    }
}
