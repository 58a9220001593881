//! A whole study: a scenario as written and its what-ifs, run and judged.

use super::codes::SCENARIO_CODES;
use super::model::Model;
use super::replicate::replicate;
use super::scaling::Scaling;
use super::scenario::BASE;
use super::scenario::Scenario;
use super::scenario::ScenarioFile;
use super::staff::Staff;
use super::steady;
use super::verdict::Verdict;
use super::verdict::judge;
use super::worker::Worker;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepNames;
use crate::exchange::id::GroupId;
use crate::exchange::id::QueueId;
use crate::exchange::time::Span;
use crate::measure::RunFigures;
use crate::measure::Steady;
use crate::measure::Summary;
use crate::measure::definitions::definition;
use crate::measure::paired::Difference;
use crate::measure::paired::mark_real;
use crate::menu::Override;
use crate::menu::Person;
use crate::menu::Request;
use crate::menu::allow;
use crate::menu::allow::Kept;
use crate::menu::compile;
use crate::menu::compile_with_unset;
use crate::menu::diagnostic::CODES;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::iter::once;
use std::path::Path;
use std::sync::Arc;

/// The confidence of all intervals in reports.
pub const LEVEL: f64 = 0.95;

/// A scenario with its what-ifs, ready to run.
#[derive(Clone, Debug)]
pub struct Cases {
    /// As written.
    pub base: Model,
    /// The what-ifs, each with its name.
    pub what_ifs: Vec<(String, Model)>,
}

/// One case after its runs.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// All figures.
    pub summary: Summary,
    /// The goals.
    pub verdicts: Vec<Verdict>,
    /// Attempts simulated, those of a warm-up left out.
    pub attempts: u64,
    /// How a what-if differs from the base case, by metric; none of the base case itself, and of runs that
    /// do not tell.
    pub differences: Vec<(&'static str, Difference)>,
}

/// What is looked at when a what-if is held against the base case.
pub const COMPARED: [&str; 14] = [
    "service_level",
    "service_level_of_entered",
    "abandoned_share",
    "asa_s",
    "wait_mean_s",
    "occupancy",
    "attempts",
    "redials",
    "blocked",
    "self_served",
    "answered",
    "callers_unserved",
    "callbacks_booked",
    "outbound_reached",
];

/// Reads a scenario, its menu, its data, and all of its what-ifs. None, with at least one error
/// among the problems, when any of them is wrong.
pub fn load(
    path: &Path,
    at: Option<Date>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Cases> {
    let mut found = Diagnostics::default();
    let cases = load_own(path, at, sources, &mut found);
    let kept = allowed(path, at, sources, found);
    problems.append(kept.problems);
    kept.unused
        .into_iter()
        .for_each(|unused| problems.push(unused));
    cases
}

fn load_own(
    path: &Path,
    at: Option<Date>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Cases> {
    let file = ScenarioFile::read(path, sources, problems)?;
    let named = file.what_ifs.iter().enumerate();
    let what_ifs: Vec<(String, ScenarioFile)> = named
        .map(|(place, what_if)| (what_if.name.clone(), file.with(place, sources)))
        .collect();
    let cases = load_cases(&file, what_ifs, at, sources, problems)?;
    for (what_if, (_, model)) in file.what_ifs.iter().zip(&cases.what_ifs) {
        let is_same = model.plan == cases.base.plan && model.scenario.is_same(&cases.base.scenario);
        if let Some(place) = what_if.place.clone().filter(|_| is_same) {
            let message = format!("the what-if \"{}\" changes nothing", what_if.name);
            let warning = Diagnostic::warning("without-effect", place, message);
            problems.push(warning.help("set something else than what the scenario has already"));
        }
    }
    for remark in idle(&file, &cases, sources) {
        problems.push(remark);
    }
    Some(cases)
}

/// Remarks on settings of a scenario that have no effect in any of its cases.
fn idle(file: &ScenarioFile, cases: &Cases, sources: &Sources) -> Vec<Diagnostic> {
    let mut idle = file.idle(&cases.base.plan, &cases.base.scenario);
    for (place, (_, model)) in cases.what_ifs.iter().enumerate() {
        let here = file.with(place, sources).idle(&model.plan, &model.scenario);
        // A what-if may set it too, elsewhere.
        idle.retain(|remark| here.iter().any(|other| other.message == remark.message));
    }
    idle
}

/// What is left of the problems when those are taken out that the scenario allows.
fn allowed(path: &Path, at: Option<Date>, sources: &mut Sources, found: Diagnostics) -> Kept {
    let files: Vec<FileId> = sources.read(path).into_iter().collect();
    let known = [CODES, SCENARIO_CODES];
    allow::apply(&files, &[], &known, at.is_some(), sources, found)
}

/// The same with changes of somebody else in the place of the scenario's what-ifs. Whether there were
/// any that are left out is told beside.
pub fn load_changed(
    path: &Path,
    changes: Vec<(String, Vec<Override>)>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<(Cases, bool)> {
    let mut found = Diagnostics::default();
    let cases = load_own_changed(path, changes, sources, &mut found);
    // What only a what-if of the scenario needs is not found here.
    problems.append(allowed(path, None, sources, found).problems);
    cases
}

fn load_own_changed(
    path: &Path,
    changes: Vec<(String, Vec<Override>)>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<(Cases, bool)> {
    let file = ScenarioFile::read(path, sources, problems)?;
    let mut variants = Vec::new();
    for (name, changes) in changes {
        let mut its_own = Diagnostics::default();
        let variant = file.changed((name.clone(), changes), sources, &mut its_own);
        problems.append_new(its_own);
        variants.extend(variant.map(|variant| (name, variant)));
    }
    let cases = load_cases(&file, variants, None, sources, problems)?;
    Some((cases, !file.what_ifs.is_empty()))
}

fn load_cases(
    file: &ScenarioFile,
    variants: Vec<(String, ScenarioFile)>,
    at: Option<Date>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Cases> {
    let base = load_case(file, at, sources, problems);
    let mut what_ifs = Vec::new();
    for (name, variant) in variants {
        // A what-if repeats what was said of the base: only what is new is kept.
        let mut its_own = Diagnostics::default();
        let case = match variant.misses_a_line(file) {
            Some(problem) => {
                its_own.push(problem);
                None
            }
            None => load_case(&variant, at, sources, &mut its_own).or_else(|| {
                // A file that cannot be read is told where it is named.
                let is_read = base.is_some() && !its_own.has("unreadable");
                let blamed = variant.blames_menus().filter(|_| is_read);
                blamed.into_iter().for_each(|blamed| its_own.push(blamed));
                None
            }),
        };
        problems.append_new(its_own);
        what_ifs.extend(case.map(|model| (name, model)));
    }
    let cases = Cases {
        base: base?,
        what_ifs,
    };
    (!problems.has_errors()).then_some(cases)
}

fn load_case(
    file: &ScenarioFile,
    at: Option<Date>,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Model> {
    let mut of_files = Diagnostics::default();
    let mut found = Diagnostics::default();
    let Some(unmanned) = Unmanned::read(file, at, sources, (&mut of_files, &mut found)) else {
        problems.append(of_files);
        problems.append(found);
        return None;
    };
    // What it warns of was said of the files, but for what these people can.
    let mut its_own = Diagnostics::default();
    let model = unmanned.manned(sources, &mut its_own);
    problems.append(of_files.graded(|one| (!is_of_people(one)).then_some(one.severity)));
    let of_people = its_own.clone();
    problems.append(of_people.graded(|one| is_of_people(one).then_some(one.severity)));
    problems.append(found);
    if model.is_none() {
        problems.append_new(its_own);
    }
    model
}

/// A scenario whose people have not yet taken the place of those of the groups files.
#[derive(Clone, Debug)]
pub(super) struct Unmanned {
    request: Request,
    plan: Dialplan,
    pub(super) scenario: Scenario,
}

impl Unmanned {
    /// Compiles the files of a scenario, and checks the scenario by what they have. None, with an error among
    /// the problems of either, where one of them is wrong.
    pub(super) fn read(
        file: &ScenarioFile,
        at: Option<Date>,
        sources: &mut Sources,
        (of_files, of_scenario): (&mut Diagnostics, &mut Diagnostics),
    ) -> Option<Self> {
        let request = Request {
            lines: file.menus.clone(),
            named_at: file.menus_at.clone(),
            people: None,
            overrides: file
                .what_if()
                .map_or_else(Vec::new, |what_if| what_if.overrides.clone()),
            at,
        };
        let plan = compile(&request, sources, of_files)?;
        let scenario = file.check(&plan, sources, of_scenario)?;
        Some(Self {
            request,
            plan,
            scenario,
        })
    }

    /// The same with the people of these head counts.
    pub(super) fn with(&self, staff: &Staff) -> Self {
        let mut other = self.with_people(staff.workers(&self.plan));
        other.scenario.staff = Some(staff.clone());
        other
    }

    /// The same with these people.
    pub(super) fn with_people(&self, workers: Vec<Worker>) -> Self {
        let mut other = self.clone();
        other.scenario.workers = workers;
        other.scenario.staff = None;
        other
    }

    /// Compiles once more, with the scenario's people.
    pub(super) fn manned(
        mut self,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Model> {
        self.request.people = Some(people(&self.scenario, &self.plan));
        let (mut plan, unset) = compile_with_unset(&self.request, sources, problems)?;
        let mut scenario = self.scenario;
        scenario.assume_of_groups(&plan, &unset);
        for goal in &scenario.goals {
            if let Some((queue, within)) = goal.answer_within() {
                plan.queues[queue.index()].answer_within = Some(within);
            }
        }
        if let Some(change) = &scenario.clock_change {
            change.leave_out(&mut plan);
        }
        Some(Model::new(Arc::new(plan), scenario))
    }
}

/// Whether a problem of a plan is one of the people in it, and not of its files alone.
fn is_of_people(problem: &Diagnostic) -> bool {
    problem.code == "unknown-skill"
}

fn people(scenario: &Scenario, plan: &Dialplan) -> Vec<Person> {
    let name_of = |group: &GroupId| plan.group(*group).name.clone();
    let tiers = |worker: &Worker| {
        let groups = worker.groups.iter().filter(|_| worker.tier > 0);
        groups.map(|group| (name_of(group), worker.tier)).collect()
    };
    let person = |worker: &Worker| Person {
        name: worker.name.clone(),
        groups: worker.groups.iter().map(name_of).collect(),
        skills: worker.skills.clone(),
        weight: worker.weight,
        tiers: tiers(worker),
    };
    scenario.workers.iter().map(person).collect()
}

impl Cases {
    /// How many.
    pub fn count(&self) -> usize {
        1 + self.what_ifs.len()
    }

    /// All by name, the base case first.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Model)> {
        let what_ifs = self.what_ifs.iter();
        once((BASE, &self.base)).chain(what_ifs.map(|(name, model)| (name.as_str(), model)))
    }

    /// Which part of a forecast that has counted attempts are first attempts, line by line, as the base case has
    /// it: used for every case, for the callers are the same people. None when nothing is scaled.
    pub fn scale_to_first_attempts(&mut self, seed: u64) -> Vec<Scaling> {
        let scaled = Scaling::find(&self.base, seed);
        self.scale(&scaled);
        scaled
    }

    /// Scales the calls of every case as was found, here or elsewhere.
    pub(super) fn scale(&mut self, scaled: &[Scaling]) {
        let plan = self.base.plan.clone();
        for model in self.models() {
            for scaling in scaled {
                // Other menus may have their lines in another order.
                let name = &plan.line(scaling.line).name;
                if let Some(line) = model.plan.line_named(name) {
                    model.first_attempts[line.index()] = scaling.factor;
                }
            }
        }
    }

    /// Finds the warm-up of every case for itself, where the scenario asks for it, with its first run.
    /// To be called when the calls are scaled.
    pub fn settle(&mut self, seed: u64) {
        for model in self.models() {
            model.settle(steady::find(model, seed));
        }
    }

    /// How each case is cut, the base case first.
    pub fn steady(&self) -> Vec<Option<Steady>> {
        self.all().map(|(_, model)| model.steady).collect()
    }

    /// All of them, the base case first.
    pub(super) fn models(&mut self) -> impl Iterator<Item = &mut Model> {
        let what_ifs = self.what_ifs.iter_mut();
        once(&mut self.base).chain(what_ifs.map(|(_, model)| model))
    }
}

/// Runs one case. `done` is called after each run.
pub fn run_case(model: &Model, seed: u64, runs: u32, done: &(impl Fn() + Sync)) -> CaseResult {
    case_of(model, &replicate(model, seed, 0..runs, done))
}

/// What the runs of a case have come to.
pub fn case_of(model: &Model, figures: &[RunFigures]) -> CaseResult {
    let summary = model.summary(figures, LEVEL);
    CaseResult {
        verdicts: judge(&model.scenario.goals, &summary, figures),
        attempts: figures.iter().map(|run| run.total.calls.attempts).sum(),
        differences: Vec::new(),
        summary,
    }
}

/// The same of a what-if, with its differences to the base case: every run of both has the same callers.
/// [`mark_differences`] says which are real.
pub fn what_if_of(
    base: (&Model, &[RunFigures]),
    model: &Model,
    figures: &[RunFigures],
) -> CaseResult {
    let (from, to) = (
        base.0.confidence(base.1, LEVEL),
        model.confidence(figures, LEVEL),
    );
    let (from, to) = ((&from, base.1), (&to, figures));
    // Of times that differ in length sums are not to be compared, and nothing with what has not settled.
    let (before, after) = (base.0.steady, model.steady);
    let is_settled = [before, after]
        .into_iter()
        .flatten()
        .all(|steady| steady.settled);
    let is_as_long = base.0.frame.from == model.frame.from;
    let is_as_fast = has_times_of(model, base.0);
    let is_compared = |name: &&str| {
        let is_alike = is_as_long || !definition(name).is_sum;
        is_settled && is_alike && (is_as_fast || !name.starts_with("service_level"))
    };
    let difference = |name| Some((name, Difference::of_metric(name, from, to)?));
    CaseResult {
        differences: COMPARED
            .into_iter()
            .filter(is_compared)
            .filter_map(difference)
            .collect(),
        ..case_of(model, figures)
    }
}

/// Whether the queues of a what-if have the times to answer that those of these names have in the base case. Service
/// levels of other times are not to be compared.
pub fn has_times_of(what_if: &Model, base: &Model) -> bool {
    let [own, others] = [what_if, base].map(|model| times(&model.plan));
    let mut own = own.iter();
    own.all(|(queue, within)| others.get(queue).is_none_or(|other| other == within))
}

/// The time in which each queue is to answer.
fn times(plan: &Dialplan) -> BTreeMap<String, Span> {
    let names = StepNames::new(plan);
    let queues = (0..plan.queues.len()).map(|place| QueueId(place as u16));
    let time = |queue| (names.of_queue(queue).to_owned(), plan.answer_within(queue));
    queues.map(time).collect()
}

/// Marks the differences that are real, however many there are of all what-ifs.
pub fn mark_differences(results: &mut [CaseResult]) {
    let all = results
        .iter_mut()
        .flat_map(|result| &mut result.differences);
    mark_real(all.map(|(_, difference)| difference), LEVEL);
}
