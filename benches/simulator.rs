//! How fast whole simulations are, beside the bare loops that run here: skills, the shop with its
//! menus, two cores; how much memory ten million calls need; and what a call costs at sizes from a
//! hundred agents to ten thousand, from a thousand calls in progress to a million, and in lines of a hundred
//! callers and of ten thousand.

mod models;
mod pair;
mod verdict;
mod yardstick;
mod yardstick_skills;

use models::Days;
use std::hint::black_box;
use std::time::Instant;
use strowger::exchange::time::Span;
use strowger::sim::replicate::replicate;
use yardstick::Bare;

/// So many times as many calls for a bare loop, so that both take about as long.
const BARE_TIMES: u64 = 8;

fn main() {
    memory();
    skills();
    shop();
    cores();
    agents();
    in_progress();
    told();
}

/// What came of a goal, in words.
fn verdict(met: bool) -> &'static str {
    verdict::verdict(pair::rounds() > 1, met)
}

/// Ten million calls of Erlang A in one run: memory does not grow with the length of it.
fn memory() {
    let hours = pair::size(8772, 30);
    let calls = Days::of(models::erlang_a(100, hours, Span::minutes(60))).live(1, |_| ());
    let most = high_water_mb();
    println!(
        "{calls} calls in one run: {most} MB at most, goal under 200: {}",
        verdict(most < 200)
    );
}

/// Five queues with skills that overlap.
fn skills() {
    let count = pair::size(8, 1);
    let mut days = Days::of(models::skills());
    let calls = count * 27_360;
    let bare = yardstick_skills::skills(pair::size(4_000_000, 50_000), 1);
    println!(
        "skills, bare loop: {:.2} % abandoned (reference 3.71 ± 0.02), mean wait {:.2} s (4.45 ± \
         0.03), {:.2} % within 20 s (88.75)",
        100.0 * bare.abandoned as f64 / bare.calls as f64,
        bare.wait_mean_s(),
        100.0 * bare.within_20s as f64 / bare.calls as f64,
    );
    let mut sums = (0, 0, 0, 0);
    let measured = pair::measure(
        || black_box(yardstick_skills::skills(BARE_TIMES / 2 * calls, 1)).calls,
        || {
            days.live(count, |total| {
                sums.0 += total.calls.attempts;
                sums.1 += total.queues.abandoned;
                sums.2 += total.queues.wait_ms;
                sums.3 += total.queues.answered_within;
            })
        },
    );
    println!(
        "skills, simulator: {:.2} % abandoned, mean wait {:.2} s, {:.2} % within 20 s",
        100.0 * sums.1 as f64 / sums.0 as f64,
        sums.2 as f64 / 1000.0 / sums.0 as f64,
        100.0 * sums.3 as f64 / sums.0 as f64,
    );
    share("skills: five queues, a hundred agents", measured, 0.25);
}

/// The shop line: menus, answers, a queue, redials, fair dispatch.
fn shop() {
    let mut days = Days::of(models::shop());
    let count = pair::size(40, 1);
    let calls = count * 2000;
    let measured = pair::measure(
        || {
            black_box(yardstick::erlang_a(
                2 * BARE_TIMES * calls,
                &mut Bare::new(1),
            ))
            .calls
        },
        || days.live(count, |_| ()),
    );
    share(
        "the shop: menus, answers, queue, redials",
        measured,
        1.0 / 9.0,
    );
}

fn share(name: &str, measured: pair::Pair, goal: f64) {
    let share = 1.0 / measured.ratio;
    println!("{name}:");
    pair::print("  a call in the bare loop", measured.first);
    pair::print("  a call in the simulator", measured.second);
    println!(
        "  {share:.3} of the bare loop's speed, goal {goal:.3}: {}",
        verdict(share >= goal)
    );
}

/// A study on all cores against one, and the same of two bare loops.
fn cores() {
    let model = models::erlang_a(100, pair::size(100, 4), Span::minutes(30));
    let runs = 8;
    let study = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().expect("threads");
        let start = Instant::now();
        pool.install(|| black_box(replicate(&model, 1, 0..runs, &|| ())));
        start.elapsed().as_secs_f64()
    };
    let calls = pair::size(3_000_000, 20_000);
    let bare = |threads: u64| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for thread in 0..threads {
                let share = calls / threads;
                scope.spawn(move || black_box(yardstick::erlang_a(share, &mut Bare::new(thread))));
            }
        });
        start.elapsed().as_secs_f64()
    };
    let mut factors: Vec<(f64, f64)> = (0..pair::rounds().min(7))
        .map(|_| (study(1) / study(2), bare(1) / bare(2)))
        .collect();
    factors.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
    let (ours, limit) = factors[factors.len() / 2];
    println!(
        "two cores: {ours:.2} times as fast as one, the bare loop {limit:.2} times; goal within 10 %: {}",
        verdict(ours >= 0.9 * limit)
    );
}

/// The same load at a hundred and at ten thousand agents.
fn agents() {
    let time = |agents: u32, hours: u64| {
        let mut days = Days::of(models::erlang_a(agents, hours, Span::minutes(30)));
        let mut best = f64::INFINITY;
        for _ in 0..pair::rounds().min(5) {
            let start = Instant::now();
            let calls = days.live(1, |_| ());
            best = best.min(start.elapsed().as_secs_f64() / calls as f64);
        }
        best
    };
    let (few, many) = (
        time(100, pair::size(300, 4)),
        // A whole day, in which what is owed to people comes to lie far apart.
        time(10_000, pair::size(24, 1)),
    );
    println!(
        "a call with 100 agents {:.0} ns, with 10,000 agents {:.0} ns: {:.2} times, goal at most 1.5: {}",
        few * 1e9,
        many * 1e9,
        many / few,
        verdict(many <= 1.5 * few)
    );
}

/// Callers who listen for ten minutes: a thousand at a time, a hundred thousand, nearly a million.
fn in_progress() {
    let sizes = [1000, pair::size(100_000, 2000), pair::size(950_000, 4000)];
    let costs = sizes.map(|size| {
        // Few calls take no time to speak of.
        let runs = pair::size(100_000 / size, 1).max(1);
        let rounds = (0..pair::rounds().min(3)).map(|_| {
            let mut days = Days::of(models::listening(size));
            let start = Instant::now();
            let calls = days.live(runs, |_| ());
            start.elapsed().as_secs_f64() / calls as f64
        });
        rounds.fold(f64::INFINITY, f64::min)
    });
    for (place, goal) in [(1, 2.0), (2, 3.0)] {
        let times = costs[place] / costs[0];
        println!(
            "a call with {} calls in progress {:.0} ns, with {} {:.0} ns: {times:.2} times, goal at \
             most {goal}: {}",
            sizes[0],
            costs[0] * 1e9,
            sizes[place],
            costs[place] * 1e9,
            verdict(times <= goal)
        );
    }
    println!("  with all of these: {} MB at most", high_water_mb());
}

/// Callers who wait for ten minutes and are told twenty times where they stand, in a short line and in a long
/// one.
fn told() {
    let (short, long) = (100, pair::size(10_000, 200));
    let costs = [short, long].map(|size| {
        let rounds = (0..pair::rounds().min(3)).map(|_| {
            let mut days = Days::of(models::told(size));
            let start = Instant::now();
            let calls = days.live(long / size, |_| ());
            start.elapsed().as_secs_f64() / calls as f64
        });
        rounds.fold(f64::INFINITY, f64::min)
    });
    println!(
        "a call told its place in a line of {short} {:.0} ns, in one of {long} {:.0} ns: {:.2} times, goal at \
         most 3: {}",
        costs[0] * 1e9,
        costs[1] * 1e9,
        costs[1] / costs[0],
        verdict(costs[1] <= 3.0 * costs[0])
    );
}

/// The most memory that this program has had, in MB.
fn high_water_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kb.map_or(0, |kb| kb / 1024)
}
