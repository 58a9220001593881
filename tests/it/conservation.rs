//! Every attempt has one end, in every run of every scenario that ships.

use std::fs;
use std::path::Path;
use strowger::measure::RunFigures;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::replicate::replicate;
use strowger::sim::study::load;

#[test]
fn every_attempt_has_one_outcome() {
    let mut paths: Vec<_> = fs::read_dir("scenarios")
        .expect("scenarios ship")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(".scenario.toml"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 3, "{paths:?}");
    for path in paths {
        let runs = run(&path);
        assert_eq!(runs.len(), 2);
        for run in runs {
            balance(&path, &run);
        }
    }
}

fn run(path: &Path) -> Vec<RunFigures> {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    // Days as they are; a steady state shorter than it ships.
    let text = fs::read_to_string(path).expect("the scenario can be read");
    sources.add(path, text.replace("\"500h\"", "\"20h\""));
    let cases = load(path, None, &mut sources, &mut problems);
    let model = cases
        .unwrap_or_else(|| panic!("{}", problems.render(&sources, false)))
        .base;
    replicate(&model, 11, 0..2, &|| ())
}

fn balance(path: &Path, run: &RunFigures) {
    let shown = path.display();
    let calls = &run.total.calls;
    let outcomes = calls.blocked
        + calls.self_served_confirmed
        + calls.self_served_probable
        + calls.left_in_menu
        + calls.message
        + calls.callback
        + calls.transferred_out
        + calls.turned_away
        + calls.answered
        + calls.abandoned
        + calls.ended_by_system;
    assert!(calls.attempts > 500, "{shown}: {} attempts", calls.attempts);
    assert_eq!(calls.attempts, outcomes + calls.in_progress, "{shown}");
    let by_interval: u64 = run.intervals.iter().map(|sums| sums.calls.attempts).sum();
    if !run.intervals.is_empty() {
        assert_eq!(by_interval, calls.attempts, "{shown}");
    }
    for queue in &run.queues {
        let tally = &queue.total.tally;
        let left = tally.answered
            + tally.abandoned
            + tally.overflowed_out
            + tally.left_by_key
            + tally.timed_out
            + tally.ended_by_system
            + tally.withdrawn;
        assert_eq!(
            tally.entered,
            left + tally.waiting_at_end,
            "{shown}: {tally:?}"
        );
    }
    let taken: u64 = run.agents.iter().map(|agent| agent.calls).sum();
    let answered: u64 = run
        .queues
        .iter()
        .map(|queue| queue.total.tally.answered)
        .sum();
    let (back, out) = (run.total.callbacks, run.total.outbound);
    assert_eq!(
        taken,
        answered + back.reached + out.reached,
        "{shown}: calls of agents, and of queues, calls back and calls out"
    );
    for calls in [back, out] {
        let over = calls.reached + calls.unreached + calls.withdrawn;
        assert_eq!(calls.booked, over + calls.open(), "{shown}: {calls:?}");
        assert!(calls.dialled >= calls.reached, "{shown}: {calls:?}");
    }
    let of_groups: u64 = run.groups.iter().map(|group| group.answered).sum();
    assert_eq!(taken, of_groups, "{shown}: calls of agents, and of groups");
}
