//! What a real daemon carries: `strowger serve` on one core, a load driver on another, the journal
//! on.
//!
//! ```text
//! cargo bench --bench daemon                    about three minutes
//! cargo bench --bench daemon -- --data DIR      with the journal on another disk
//! cargo bench --bench daemon -- --smoke         seconds, small, and judges no speed
//! ```
//!
//! Ends with 1 when a goal is missed.

mod load;
mod smoke;
#[path = "../tests/journal/temporary.rs"]
mod temporary;
mod verdict;

use load::daemon::Daemon;
use load::daemon::Target;
use load::daemon::can_pin;
use load::hold::Held;
use load::hold::Hold;
use load::job;
use load::job::Job;
use load::surge::Step;
use load::surge::Surge;
use load::surge::Surged;
use load::times::Times;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;
use strowger::daemon::journal::sqlite::DATABASE;
use strowger::daemon::journal::sqlite::SqliteJournal;
use strowger::daemon::recover::rebuild;
use strowger::daemon::recover::replay_whole;
use strowger::daemon::site::Site;
use temporary::Temporary;

/// The most memory for 100,000 calls.
const RESIDENT_KB_MAX: u64 = 1_000_000;
/// Keys a second.
const KEYS: f64 = 10_000.0;
/// Key to effect: so many flushes, and so much more.
const FLUSHES_MAX: f64 = 2.0;
const BEYOND_FLUSHES_MS: f64 = 3.0;
/// Of the best goodput, at up to so many times what is carried. Beyond, refusing takes its share of
/// the core, which the table shows.
const GOODPUT_MIN: f64 = 0.9;
const TIMES_MAX: f64 = 2.0;
/// What is offered, in multiples of what is carried.
const OFFERED: &[f64] = &[0.5, 1.0, 1.5, 2.0, 3.0];

fn main() -> ExitCode {
    if job::drive() {
        return ExitCode::SUCCESS;
    }
    let pin = can_pin();
    if !pin {
        println!(
            "NOT PINNED: without `taskset` and two cores, daemon and driver disturb each other"
        );
    }
    let bench = Bench {
        directory: data(),
        daemon_core: pin.then_some(0),
        driver_core: pin.then_some(1),
    };
    let mut goals = Goals::default();
    bench.hold(&mut goals);
    bench.surge(&mut goals);
    goals.exit()
}

/// The directory on the disk to use: `--data DIR`, or the system's for temporary files.
fn data() -> PathBuf {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--data");
    arguments
        .nth(1)
        .map_or_else(std::env::temp_dir, PathBuf::from)
}

struct Bench {
    directory: PathBuf,
    daemon_core: Option<usize>,
    driver_core: Option<usize>,
}

impl Bench {
    fn hold(&self, goals: &mut Goals) {
        let directory = Temporary::new(&self.directory);
        let daemon = Daemon::start(directory.path(), self.daemon_core);
        let small = smoke::smoke();
        let job = Hold {
            target: target(&daemon, directory.path()),
            calls: smoke::size(100_000, 500) as u32,
            // Random arrivals: a little more, so that it is not less by chance.
            rate: if small { 200.0 } else { 1.02 * KEYS },
            seconds: if small { 1.0 } else { 20.0 },
            flush_seconds: if small { 0.2 } else { 5.0 },
        };
        let held: Held = job::give(&Job::Hold(job.clone()), self.driver_core);
        print_held(&job, &held, goals);
        compare(daemon, goals);
    }

    fn surge(&self, goals: &mut Goals) {
        let directory = Temporary::new(&self.directory);
        let daemon = Daemon::start(directory.path(), self.daemon_core);
        let small = smoke::smoke();
        let job = Surge {
            target: target(&daemon, directory.path()),
            carry_s: if small { 0.5 } else { 10.0 },
            steps: OFFERED.to_vec(),
            step_s: if small { 0.3 } else { 10.0 },
        };
        let surged: Surged = job::give(&Job::Surge(job), self.driver_core);
        print_surged(&surged, goals);
        let journal = daemon.journal().to_owned();
        compare(daemon, goals);
        count_rows(&journal, &surged, goals);
    }
}

fn target(daemon: &Daemon, disk: &Path) -> Target {
    Target {
        pid: daemon.pid(),
        lines: daemon.lines,
        disk: disk.to_owned(),
    }
}

fn print_held(job: &Hold, held: &Held, goals: &mut Goals) {
    let [full, end] = held.resident_kb.map(|kb| kb as f64 / 1000.0);
    println!("{} calls in progress", job.calls);
    println!(
        "  in {:.1} s, {} refused on the way; at most {full:.0} MB resident, {end:.0} MB after the keys",
        held.ramp_s, held.refused
    );
    goals.speed(
        "100,000 calls in less than 1 GB",
        held.resident_kb[1] < RESIDENT_KB_MAX,
    );
    let rate = held.keys as f64 / held.pressed_s;
    println!(
        "{rate:.0} keys a second for {:.1} s, {} in all",
        held.pressed_s, held.keys
    );
    println!(
        "  {:<34} {:>9} {:>9} {:>9} {:>9} ms",
        "", "p50", "p99", "p99.9", "max"
    );
    let [before, during] = held.flush;
    print_times("key to effect", held.key_to_play);
    print_times("of that, the driver was late by", held.driver_late);
    print_times("a flush of this disk, before", before);
    print_times("a flush of this disk, during", during);
    print_errors(&held.errors);
    goals.always(
        "every key has its effect",
        held.lost == 0 && held.errors.is_empty(),
    );
    goals.speed("10,000 keys a second", rate >= KEYS);
    let limit = |flush: Times| FLUSHES_MAX * flush.p99_ms + BEYOND_FLUSHES_MS;
    goals.speed(
        &format!(
            "p99 {:.1} ms is at most 2 flushes (p99, during) + 3 ms = {:.1} ms (by those before: {:.1} ms)",
            held.key_to_play.p99_ms,
            limit(during),
            limit(before)
        ),
        held.key_to_play.p99_ms <= limit(during),
    );
}

fn print_times(name: &str, times: Times) {
    println!(
        "  {name:<34} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
        times.p50_ms, times.p99_ms, times.p999_ms, times.max_ms
    );
}

fn print_errors(errors: &std::collections::BTreeMap<String, u64>) {
    for (code, count) in errors {
        println!("  {count} errors: {code}");
    }
}

fn print_surged(surged: &Surged, goals: &mut Goals) {
    println!(
        "new calls beyond what can be carried, {:.0} a second",
        surged.carries
    );
    println!(
        "  {:>7} {:>9} {:>9} {:>9} {:>9} {:>8} {:>9} {:>9}",
        "times", "offered", "reported", "refused", "goodput", "of best", "key p50", "p99 ms"
    );
    let goodputs = surged.steps.iter().map(|step| step.goodput);
    let best = goodputs.fold(surged.carries, f64::max);
    for step in &surged.steps {
        println!(
            "  {:>7.1} {:>9.0} {:>9.0} {:>9.0} {:>9.0} {:>7.0} % {:>7.1} {:>9.1}",
            step.times,
            step.offered,
            step.reported,
            step.refused,
            step.goodput,
            100.0 * step.goodput / best,
            step.key_to_play.p50_ms,
            step.key_to_play.p99_ms,
        );
    }
    print_errors(&surged.errors);
    println!(
        "  {} answered, {} completed, refused: {:?}",
        surged.answered, surged.completed, surged.refused
    );
    let judged = |step: &&Step| step.times > 1.0 && step.times <= TIMES_MAX;
    let overloaded = surged.steps.iter().filter(judged);
    let least = overloaded.map(|step| step.goodput).fold(best, f64::min);
    goals.speed(
        &format!(
            "goodput at up to {TIMES_MAX} times that is {:.0} % of the best, at least 90 %",
            100.0 * least / best
        ),
        least >= GOODPUT_MIN * best,
    );
    goals.always(
        "every call was refused or completed",
        surged.unfinished == 0 && surged.errors.is_empty() && surged.answered == surged.completed,
    );
}

/// Replays the journal in two ways and compares the states with the daemon's.
fn compare(daemon: Daemon, goals: &mut Goals) {
    let state = daemon.state();
    let directory = daemon.journal().to_owned();
    daemon.stop();
    let mut journal = SqliteJournal::open(&directory).expect("a journal");
    let whole = replay_whole(&mut journal).expect("a log").expect("a site");
    let (late, found) = rebuild(&mut journal).expect("a log");
    let late = late.expect("a site");
    let described = |site: &Site| (site.position(), format!("{:016x}", site.hash()));
    println!(
        "  {} entries replayed; state {}, effects {:016x}",
        state.0,
        state.1,
        effects(&whole)
    );
    let from = found
        .snapshot
        .map_or("without a snapshot".to_owned(), |place| {
            format!("from the snapshot at {place}")
        });
    goals.always(
        &format!("same inputs, same state and effects: from the beginning, and {from}"),
        described(&whole) == state
            && described(&late) == state
            && effects(&whole) == effects(&late),
    );
}

/// A hash of all effects of the one bridge.
fn effects(site: &Site) -> u64 {
    let mut bridges = site.bridges().iter();
    bridges
        .next()
        .map_or(0, |(_, bridge)| bridge.effects_hash())
}

/// Every call that was answered has one row, and all that were refused are counted.
fn count_rows(journal: &Path, surged: &Surged, goals: &mut Goals) {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = Connection::open_with_flags(journal.join(DATABASE), flags).expect("a database");
    let pair = |query: &str| -> (i64, i64) {
        let row = database.query_row(query, (), |row| Ok((row.get(0)?, row.get(1)?)));
        row.expect("two numbers")
    };
    let (taken, calls) = pair("SELECT count(*), count(DISTINCT call) FROM cdr");
    assert_eq!(taken, calls, "a call has two rows");
    let (blocked, _) = pair("SELECT ifnull(sum(calls), 0), 0 FROM shed");
    let [taken, blocked] = [taken, blocked].map(i64::unsigned_abs);
    let refused: u64 = surged.refused.values().sum();
    goals.always(
        &format!(
            "nothing accepted is lost: {taken} rows of answered calls, {blocked} counted as refused"
        ),
        taken == surged.answered && blocked == refused,
    );
}

/// What was to be reached.
#[derive(Debug, Default)]
struct Goals {
    missed: u32,
}

impl Goals {
    /// A goal that only a full run can judge.
    fn speed(&mut self, goal: &str, met: bool) {
        self.judge(!smoke::smoke(), goal, met);
    }

    fn always(&mut self, goal: &str, met: bool) {
        self.judge(true, goal, met);
    }

    fn judge(&mut self, is_judged: bool, goal: &str, met: bool) {
        println!("  {}: {goal}", verdict::verdict(is_judged, met));
        self.missed += u32::from(is_judged && !met);
    }

    fn exit(&self) -> ExitCode {
        match self.missed {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}
