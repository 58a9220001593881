//! What came of call tests, for programs.

use super::FileRun;
use super::LineRun;
use super::Results;
use super::Run;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::StepId;
use crate::rehearse::Problem;
use crate::rehearse::told;
use serde_json::Value;
use serde_json::json;

pub(super) fn print(results: &Results) -> String {
    let all = json!({
        "passed": results.passed(),
        "failed": results.calls().count() - results.passed(),
        "files": results.files.iter().map(file).collect::<Vec<_>>(),
        "coverage": results.lines.iter().map(|line| coverage(line, results)).collect::<Vec<_>>(),
    });
    let text = serde_json::to_string_pretty(&all).expect("results are plain data");
    text + "\n"
}

fn file(file: &FileRun) -> Value {
    let plan = &file.tests.plan;
    json!({
        "file": file.file.display().to_string(),
        "calls": file.calls.iter().map(|run| call(run, plan)).collect::<Vec<_>>(),
    })
}

fn call(run: &Run, plan: &Dialplan) -> Value {
    let story = &run.played.story;
    json!({
        "name": run.test.name.text,
        "passed": run.problems.is_empty(),
        "problems": run.problems.iter().map(|found| problem(found, plan)).collect::<Vec<_>>(),
        "path": names(&story.path(), plan),
        "outcome": story.outcome(),
        "keys_pressed": story.pressed(),
        "keys_left": run.played.left.to_string(),
        "transcript": told(plan, story),
    })
}

fn names(steps: &[StepId], plan: &Dialplan) -> Vec<String> {
    let names = steps.iter().map(|step| plan.step(*step).name.clone());
    names.collect()
}

fn problem(problem: &Problem, plan: &Dialplan) -> Value {
    let step = |id: StepId| plan.step(id).name.as_str();
    match problem {
        Problem::Path { expected, found } => json!({
            "what": "path", "expected": names(expected, plan), "found": names(found, plan),
        }),
        Problem::EndsAt { expected, found } => json!({
            "what": "ends_at", "expected": step(*expected), "found": found.map(step),
        }),
        Problem::Outcome { expected, found } => json!({
            "what": "outcome", "expected": expected, "found": found,
        }),
        Problem::Unheard(words) => json!({ "what": "says", "expected": words }),
        Problem::Language { expected, found } => json!({
            "what": "language",
            "expected": plan.languages[expected.index()],
            "found": plan.languages[found.index()],
        }),
        Problem::Recorded { expected } => json!({
            "what": "recorded", "expected": expected, "found": !expected,
        }),
        Problem::Unanswered(at, nth) => json!({
            "what": "lookup", "step": step(*at), "answered_before": nth,
        }),
        Problem::KeysLeft(keys) => json!({ "what": "keys_left", "keys": keys.to_string() }),
    }
}

fn coverage(line: &LineRun, results: &Results) -> Value {
    json!({
        "line": line.path.display().to_string(),
        "steps": line.coverage.steps(),
        "keys": line.coverage.keys(),
        "wanted_percent": results.wanted,
        "met": results.is_covered(line),
    })
}
