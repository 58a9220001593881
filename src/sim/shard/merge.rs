//! The parts of a study, put together.

use super::part::Head;
use super::part::Part;
use crate::measure::RunFigures;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::sim::model::Model;
use crate::sim::scaling::Scaling;
use crate::sim::study::CaseResult;
use crate::sim::study::Cases;
use crate::sim::study::case_of;
use crate::sim::study::load;
use crate::sim::study::mark_differences;
use crate::sim::study::what_if_of;
use std::iter::once;
use std::path::Path;
use std::path::PathBuf;

/// Shards that are named when some are missing.
const NAMED_MAX: usize = 10;

/// A study whose runs were made elsewhere.
#[derive(Debug)]
pub struct Whole {
    /// What was run.
    pub head: Head,
    /// The files, as they were.
    pub sources: Sources,
    /// The cases.
    pub cases: Cases,
    /// What they came to, the base case first. Wall times are those of all shards together.
    pub results: Vec<CaseResult>,
}

/// Puts the parts together, in whatever order they are given. The error says which file is wrong and
/// what to do.
pub fn merge(mut parts: Vec<(PathBuf, Part)>) -> Result<Whole, String> {
    let Some((first, part)) = parts.first() else {
        return Err("no shards".to_owned());
    };
    let (head, of) = (part.head.clone(), part.shard.of());
    for (path, part) in &parts {
        let (path, first) = (path.display(), first.display());
        if part.shard.of() != of {
            return Err(format!(
                "{path} is one of {} parts, {first} one of {of}: give the parts of one study",
                part.shard.of()
            ));
        }
        if let Some(what) = part.head.difference(&head) {
            return Err(format!(
                "{path} is of another study than {first}: {what} differs"
            ));
        }
    }
    parts.sort_by_key(|(_, part)| part.shard);
    for pair in parts.windows(2) {
        if let [(one, part), (other, twin)] = pair
            && part.shard == twin.shard
        {
            let (one, other) = (one.display(), other.display());
            return Err(format!(
                "{one} and {other} are the same shard, {}: leave one out",
                part.shard
            ));
        }
    }
    missing(&parts, of)?;
    let (sources, mut cases) = read(&head)?;
    // How many callers were to be expected goes by it.
    scale(&mut cases, &head)?;
    settle(&mut cases, &head)?;
    let fits_cases = |part: &Part| part.cases.len() == cases.count();
    if let Some((path, _)) = parts.iter().find(|(_, part)| !fits_cases(part)) {
        return Err(format!("{} does not fit its own scenario", path.display()));
    }
    let figures = cases.all().enumerate().map(|(case, (_, model))| {
        let mut figures = Vec::new();
        for (path, part) in &mut parts {
            let runs = part.cases.get_mut(case);
            let wrong = || format!("{} does not fit its own scenario", path.display());
            let runs = std::mem::take(runs.ok_or_else(wrong)?);
            if !runs.iter().all(|run| fits(run, model)) {
                return Err(wrong());
            }
            figures.extend(runs);
        }
        Ok(figures)
    });
    let figures: Vec<Vec<RunFigures>> = figures.collect::<Result<_, String>>()?;
    let base = (&cases.base, figures[0].as_slice());
    let mut results = vec![case_of(base.0, base.1)];
    let what_ifs = cases.all().zip(&figures).skip(1);
    results.extend(what_ifs.map(|((_, model), figures)| what_if_of(base, model, figures)));
    mark_differences(&mut results);
    Ok(Whole {
        head,
        sources,
        cases,
        results,
    })
}

fn missing(parts: &[(PathBuf, Part)], of: u32) -> Result<(), String> {
    let mut there = parts.iter().map(|(_, part)| part.shard.number()).peekable();
    let missing = (1..=of).filter(|number| there.next_if_eq(number).is_none());
    let missing: Vec<String> = missing.map(|number| number.to_string()).collect();
    let named = missing[..missing.len().min(NAMED_MAX)].join(", ");
    let (are, more) = match missing.len() {
        0 => return Ok(()),
        1 => (format!("shard {named} of {of} is"), "its file"),
        count if count > NAMED_MAX => {
            let more = count - NAMED_MAX;
            (
                format!("shards {named} and {more} more of {of} are"),
                "their files",
            )
        }
        _ => (format!("shards {named} of {of} are"), "their files"),
    };
    Err(format!(
        "{are} missing: run what was not run, and give {more} too"
    ))
}

/// The cases, from the texts that the head holds and no others.
fn read(head: &Head) -> Result<(Sources, Cases), String> {
    let wrong = || "the names of files in the parts are wrong: run the shards again".to_owned();
    let mut sources = head.sources().ok_or_else(wrong)?;
    let mut problems = Diagnostics::default();
    let cases = load(Path::new(&head.scenario), None, &mut sources, &mut problems);
    match cases {
        Some(cases) => Ok((sources, cases)),
        None => Err(format!(
            "the files that the parts hold have errors; run the shards again:\n{}",
            problems.render(&sources, false)
        )),
    }
}

/// Scales the calls as every part has found for itself.
fn scale(cases: &mut Cases, head: &Head) -> Result<(), String> {
    let lines = cases.base.plan.lines.len();
    let is_there = |scaling: &Scaling| scaling.line.index() < lines;
    if !head.first_attempts.iter().all(is_there) {
        let why =
            "the parts scale the calls of lines that the scenario does not have: run them again";
        return Err(why.into());
    }
    cases.scale(&head.first_attempts);
    Ok(())
}

/// Cuts the runs as every part has found for itself; nothing is simulated again.
fn settle(cases: &mut Cases, head: &Head) -> Result<(), String> {
    let count = cases.count();
    for (place, model) in cases.models().enumerate() {
        let steady = head.steady.get(place).copied().flatten();
        let fits = steady.is_none_or(|steady| steady.fits(model.scenario().length));
        if !fits || head.steady.len() > count || model.scenario().seeks_warm_up != steady.is_some()
        {
            return Err(
                "how the parts cut their runs does not fit the scenario: run them again".into(),
            );
        }
        model.settle(steady);
    }
    Ok(())
}

/// Whether figures can be those of a model's run.
fn fits(run: &RunFigures, model: &Model) -> bool {
    let (plan, intervals) = (&model.plan, model.frame.intervals);
    let waits = run
        .queues
        .iter()
        .all(|queue| queue.waits.len() == intervals.max(1));
    let queues = run.queues.iter().map(|queue| queue.intervals.len());
    let groups = run.groups.iter().map(|group| group.intervals.len());
    let counts = (run.queues.len(), run.groups.len(), run.agents.len());
    waits
        && run.has_lines_of(plan)
        && run.has_classes_of(plan)
        && counts == (plan.queues.len(), plan.groups.len(), plan.agents.len())
        && run.fairness.shares.len() == plan.agents.len()
        && once(run.intervals.len())
            .chain(queues)
            .chain(groups)
            .all(|count| count == intervals)
}
