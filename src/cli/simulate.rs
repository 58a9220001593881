//! `strowger simulate`: a scenario, run and reported.

use super::Exit;
use super::Format;
use super::bounds::whole;
use super::explain;
use super::explain::Page;
use super::explain::Told;
use super::ledger;
use super::records;
use super::runs::Runs;
use super::study::Simulated;
use super::study::loaded;
use crate::measure::RunFigures;
use crate::menu::source::Sources;
use crate::report::hdr_log::HdrLog;
use crate::sim::precision::RUNS_MAX;
use crate::sim::precision::Wanted;
use crate::sim::precision::run_until;
use crate::sim::replicate::replicate;
use crate::sim::shard::Shard;
use crate::sim::shard::part::Head;
use crate::sim::shard::part::Part;
use crate::sim::study::Cases;
use crate::sim::study::case_of;
use crate::sim::study::mark_differences;
use crate::sim::study::what_if_of;
use clap::Args;
use std::fs::File;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::time::Instant;

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// The scenario, `*.scenario.toml`.
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    #[command(flatten)]
    runs: Runs,
    /// Tell the story of one call instead: of the attempt of this number in order of arrival, or of
    /// the one that waited the longest, `longest-wait`.
    #[arg(long, value_name = "CALL", group = "told")]
    explain: Option<Told>,
    /// Print the ledger of this agent's day instead: what came, what was due, what was taken.
    #[arg(long, value_name = "AGENT", conflicts_with = "explain", group = "told")]
    ledger: Option<String>,
    /// The run that is told about, from 1.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "told",
          value_parser = whole(1..=100_000_u32))]
    run: u32,
    /// Make as many runs as it takes until half the width of a figure's interval in the base case is
    /// at most this: `service_level=0.5pt`, `queue.support.asa_s=0.2s`, `abandoned_share=2%` of
    /// itself. Figures are called as in `--format json`. May be given several times; `--runs` then is
    /// the most there may be.
    #[arg(long, value_name = "FIGURE=WIDTH", conflicts_with_all = ["explain", "ledger", "shard"])]
    until: Vec<Wanted>,
    /// Make only one part of the runs, `2/7` the second of seven, and print what they came to for
    /// `strowger merge`.
    #[arg(long, value_name = "N/OF", conflicts_with_all = ["explain", "ledger", "format", "run"])]
    shard: Option<Shard>,
    /// Also write the waits of the base case by interval to this file, as an HdrHistogram interval log
    /// in milliseconds: all queues without a tag, each queue under its name. All runs together.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["explain", "ledger", "shard"])]
    hdr_log: Option<PathBuf>,
    /// Also write a record of each call of the base case to this file, as the daemon keeps them of real ones,
    /// for `strowger fit`: comma-separated values, each run on a day of its own. The call `1-45` is the attempt of
    /// which `--explain 45` tells.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["explain", "ledger", "shard"])]
    records: Option<PathBuf>,
    /// How to print the report.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

impl Simulate {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut cases = match loaded(&self.scenario, &mut sources) {
            Ok(cases) => cases,
            Err(exit) => return exit,
        };
        if self.explain.is_some() || self.ledger.is_some() {
            return self.one_run(&mut cases);
        }
        if let Some(shard) = self.shard {
            return self.part(shard, &mut cases, &sources);
        }
        for wanted in &self.until {
            if let Err(why) = wanted.check(&cases.base) {
                eprintln!("error: --until: {why}");
                return Exit::Usage;
            }
        }
        let others = [("--hdr-log", &self.hdr_log), ("--records", &self.records)];
        for (flag, path) in others {
            if let Some(path) = path.as_deref().filter(|path| sources.has_read(path)) {
                let path = path.display();
                eprintln!("error: {flag} would write over {path}, which this scenario reads");
                return Exit::Usage;
            }
        }
        let [log, records] =
            [&self.hdr_log, &self.records].map(|path| path.as_deref().map(Sources::plain));
        if log.is_some() && log == records {
            eprintln!(
                "error: --hdr-log and --records name one file: one would write over the other"
            );
            return Exit::Usage;
        }
        let (log, records) = match (
            created(self.hdr_log.as_deref()),
            created(self.records.as_deref()),
        ) {
            (Ok(log), Ok(records)) => (log, records),
            (Err(exit), _) | (_, Err(exit)) => return exit,
        };
        let (study, base) = self.whole(&mut cases, &sources);
        let written = log.map(|log| {
            let model = &study.cases.base;
            let log_of = HdrLog {
                plan: &model.plan,
                frame: model.frame,
                origin_ms: model.origin_ms,
                runs: &base,
                command: &study.command(),
            };
            log_of.write(&mut io::BufWriter::new(log))
        });
        let recorded = records.map(|file| {
            let runs = study.runs;
            records::write(&study.cases.base, (study.seed, runs), file)
        });
        let exit = study.show(self.format);
        match (written, recorded) {
            (Some(Err(error)), _) => not_written(self.hdr_log.as_deref(), &error),
            (_, Some(Err(error))) => not_written(self.records.as_deref(), &error),
            _ => exit,
        }
    }

    /// One run, and what is told of it instead of a report.
    fn one_run(&self, cases: &mut Cases) -> Exit {
        let (seed, _) = self.size(cases);
        cases.scale_to_first_attempts(seed);
        let page = Page {
            scenario: self.scenario.display().to_string(),
            seed,
            run: self.run,
            format: self.format,
        };
        match (&self.ledger, self.explain) {
            (Some(agent), _) => ledger::run(&cases.base, agent, &page),
            (None, Some(told)) => explain::run(&cases.base, told, &page),
            (None, None) => unreachable!("asked for one or the other"),
        }
    }

    /// Seed and runs.
    fn size(&self, cases: &Cases) -> (u64, u32) {
        self.runs.size(cases.base.scenario())
    }

    /// All runs of all cases; the figures of the base case's beside.
    fn whole<'a>(
        &'a self,
        cases: &'a mut Cases,
        sources: &'a Sources,
    ) -> (Simulated<'a>, Vec<RunFigures>) {
        let (seed, mut runs) = self.size(cases);
        let bar = (self.runs).progress(u64::from(runs) * cases.count() as u64);
        let scaled = cases.scale_to_first_attempts(seed);
        bar.at("warm-up");
        cases.settle(seed);
        let cases = &*cases;
        let done = || bar.inc();
        let (model, started) = (&cases.base, Instant::now());
        bar.at("base");
        let (base, precision) = match self.until.is_empty() {
            true => (replicate(model, seed, 0..runs, &done), Vec::new()),
            false => {
                let more = |runs: u32| bar.of(u64::from(runs) * cases.count() as u64);
                let most = self.runs.runs.unwrap_or(RUNS_MAX);
                run_until(model, seed, (&self.until, most), more, &done)
            }
        };
        runs = base.len() as u32;
        let mut results = vec![case_of(model, &base)];
        for (name, model) in cases.all().skip(1) {
            bar.at(name);
            let figures = replicate(model, seed, 0..runs, &done);
            results.push(what_if_of((&cases.base, &base), model, &figures));
        }
        mark_differences(&mut results);
        bar.clear();
        self.runs.took(started, &results);
        let simulated = Simulated {
            scenario: &self.scenario,
            cases,
            sources,
            seed,
            runs,
            scaled,
            results,
            precision,
        };
        (simulated, base)
    }

    /// One part of the runs, for `strowger merge`.
    fn part(&self, shard: Shard, cases: &mut Cases, sources: &Sources) -> Exit {
        let (seed, runs) = self.size(cases);
        let own = shard.runs(runs);
        let bar = (self.runs).progress(own.len() as u64 * cases.count() as u64);
        let first_attempts = cases.scale_to_first_attempts(seed);
        cases.settle(seed);
        let made = cases.all().map(|(name, model)| {
            bar.at(name);
            replicate(model, seed, own.clone(), &|| bar.inc())
        });
        let figures = made.collect();
        bar.clear();
        let scenario = self.scenario.display().to_string();
        let part = Part {
            head: Head::new(
                scenario,
                (seed, runs),
                first_attempts,
                cases.steady(),
                sources,
            ),
            shard,
            cases: figures,
        };
        match part.write(&mut io::BufWriter::new(io::stdout().lock())) {
            Ok(()) => Exit::Fine,
            Err(error) => {
                eprintln!("error: cannot write the part: {error}");
                Exit::WriteFailed
            }
        }
    }
}

/// A file to write to, where one was named.
fn created(path: Option<&Path>) -> Result<Option<File>, Exit> {
    path.map(File::create)
        .transpose()
        .map_err(|error| not_written(path, &error))
}

fn not_written(path: Option<&Path>, error: &io::Error) -> Exit {
    let path = path.unwrap_or(Path::new(""));
    eprintln!("error: cannot write {}: {error}", path.display());
    Exit::WriteFailed
}
