//! Settings that nothing in a case ever asks for. They are easily taken for what was simulated.

use super::Agents;
use super::Aim;
use super::Behaviour;
use super::Callers;
use super::ForecastCounts;
use super::Redial;
use super::Scenario;
use super::answering::answering;
use super::check::written_in;
use super::file::ScenarioFile;
use super::keys;
use super::lookup;
use super::names::Names;
use super::names::is_queue;
use super::survey;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::StepNames;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::menu::graph::exits;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::menu::tree::Table;

/// Which steps are meant.
type OfKind = fn(&StepKind) -> bool;

/// The tables that are called after steps.
const OF_STEPS: [(&str, OfKind); 4] = [
    ("keys", keys::asks),
    ("transfers", is_queue),
    ("lookup", lookup::is_lookup),
    ("survey", survey::is_survey),
];

impl ScenarioFile {
    /// Remarks on what is said and has no effect with this plan.
    pub(in crate::sim) fn idle(&self, plan: &Dialplan, scenario: &Scenario) -> Vec<Diagnostic> {
        let root = self.fields();
        let steps = StepNames::new(plan);
        let names = Names::new(plan, &steps).with_lines(self.menus.len());
        let mut found = settings(&root, plan, scenario);
        found.extend(redials(&root, plan, &scenario.callers.redial));
        found.extend(phones(&root, plan, &scenario.agents));
        found.extend(control(&root, scenario));
        found.extend(tables(&root, &reached(plan, scenario), names));
        found
    }
}

/// Settings for something that no line has.
fn settings(root: &Fields<'_>, plan: &Dialplan, scenario: &Scenario) -> Vec<Diagnostic> {
    let lacks = |kind: OfKind| !plan.steps.iter().any(|step| kind(&step.kind));
    let no_queue = (lacks(is_queue), "no line has a queue");
    let no_callback = (lacks(is_callback), "no line offers calls back");
    let no_message = (lacks(is_record), "no line takes messages");
    let no_answer = (lacks(StepKind::is_answer), "no line has a recorded answer");
    let no_wait = (
        !plan.queues.iter().any(tells_waits),
        "no line tells callers how long they will wait",
    );
    let (satisfied, confirms) = match &scenario.behaviour {
        Behaviour::Wants(wants) => {
            let nobody = !wants
                .iter()
                .any(|want| matches!(want.aim, Aim::Answer { .. }));
            let no_want = (nobody, "no want is `answered_by` anything");
            ((true, "each want says it itself"), no_want)
        }
        Behaviour::Keys(_) | Behaviour::Straight => (no_answer, no_answer),
    };
    let callers = [
        ("accepts_callback", no_callback),
        ("reached_by_callback", no_callback),
        ("picks_up", no_callback),
        ("leaves_message", no_message),
        ("message", no_message),
        ("satisfied", satisfied),
        ("confirms", confirms),
        ("talk", no_queue),
        ("wrap_up", no_queue),
        ("talk_grows", no_queue),
        ("patience", no_queue),
        ("balks", no_queue),
        ("leaves_when_told", no_wait),
    ];
    let callers = callers.map(|(key, why)| (vec!["callers", key], why));
    let idle = callers.into_iter().filter(|(_, (is_idle, _))| *is_idle);
    idle.filter_map(|(path, (_, why))| remark(root, &path, why))
        .collect()
}

/// Settings of calling again that never come to be used.
fn redials(root: &Fields<'_>, plan: &Dialplan, redial: &Redial) -> Vec<Diagnostic> {
    if !redial.happens() {
        let why = "nobody calls again";
        return remark(root, &["callers", "redial"], why)
            .into_iter()
            .collect();
    }
    let may_refuse = |line: &Line| line.trunks.is_some() || line.caller_limit.is_some();
    let nobody_blocked = !plan.lines.iter().any(may_refuse);
    let no_queue = plan.queues.is_empty();
    let unlimited = "no line has `trunks` or a `caller_limit`, so that nobody is blocked";
    let mut idle = Vec::new();
    if nobody_blocked && redial.after_blocked > 0.0 {
        idle.push(("after_blocked", unlimited));
    }
    if nobody_blocked {
        idle.push(("delay_blocked", unlimited));
    } else if redial.after_blocked == 0.0 {
        idle.push(("delay_blocked", "nobody calls again after a busy signal"));
    }
    if no_queue {
        let keys = ["after_abandoned", "after_turned_away", "delay_turned_away"];
        idle.extend(keys.map(|key| (key, "no line has a queue")));
    } else if redial.after_turned_away == 0.0 {
        let why = "nobody calls again after being turned away";
        idle.push(("delay_turned_away", why));
    }
    let idle = idle.into_iter();
    idle.filter_map(|(key, why)| remark(root, &["callers", "redial", key], why))
        .collect()
}

/// What is said of phones, where all answer by themselves.
fn phones(root: &Fields<'_>, plan: &Dialplan, agents: &Agents) -> Vec<Diagnostic> {
    let groups = answering(plan);
    if groups.is_empty() || groups.iter().any(|group| group.ring > Span::ZERO) {
        return Vec::new();
    }
    let said = [
        ("answers", !agents.answers.is_always_zero()),
        ("misses", agents.misses > 0.0),
    ];
    let why = "phones answer by themselves (`ring = \"0s\"` of their groups)";
    let idle = said.into_iter().filter(|(_, differs)| *differs);
    idle.filter_map(|(key, _)| remark(root, &["agents", key], why))
        .collect()
}

/// Control by the callers of a run, where there are always as many.
fn control(root: &Fields<'_>, scenario: &Scenario) -> Option<Diagnostic> {
    let Callers {
        busyness, redial, ..
    } = &scenario.callers;
    let is_scaled = scenario.counts == ForecastCounts::Attempts && redial.happens();
    let differs = is_scaled || busyness.cv > 0.0 || busyness.within.is_some();
    if !scenario.is_controlled || differs || !scenario.demand.is_certain() {
        return None;
    }
    let place = written_in(root, "run", "control_variate")?;
    let message = "`control_variate` has no effect: every run has the same number of callers";
    let warning = Diagnostic::warning("without-effect", place, message);
    Some(warning.help("leave it out: recorded calls are the same in every run"))
}

/// Tables of steps to which no caller ever comes.
fn tables(root: &Fields<'_>, comes: &[bool], names: Names<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (section, kind) in OF_STEPS {
        let Some(table) = table_at(root, section) else {
            continue;
        };
        for Name { text, place } in table.entries.iter().map(|entry| &entry.key) {
            let step = names.step(text, kind);
            if step.is_some_and(|step| !comes[step.index()]) {
                let path = format!("{section}.{text}");
                found.push(note(
                    &path,
                    "no caller ever comes to that step",
                    place.clone(),
                ));
            }
        }
    }
    found
}

/// By step, whether a call can come to it: by the menus, handed on by agents, called back, or called without
/// having called.
fn reached(plan: &Dialplan, scenario: &Scenario) -> Vec<bool> {
    let queue_of = |queue| plan.queue(queue).step;
    let mut seen = vec![false; plan.steps.len()];
    let mut next: Vec<StepId> = plan.lines.iter().map(|line| line.start).collect();
    next.extend(scenario.outbound.iter().map(|outbound| outbound.step));
    while let Some(step) = next.pop() {
        if std::mem::replace(&mut seen[step.index()], true) {
            continue;
        }
        let targets = exits(plan, step).into_iter().map(|exit| exit.to);
        next.extend(targets.filter_map(|to| match to {
            Target::Step(step) => Some(step),
            _ => None,
        }));
        next.extend(match &plan.step(step).kind {
            StepKind::Callback(callback) => Some(callback.queue),
            _ => None,
        });
        let from_here = scenario
            .transfers
            .iter()
            .filter(|rule| queue_of(rule.from) == step);
        next.extend(from_here.map(|rule| queue_of(rule.to)));
    }
    seen
}

fn is_callback(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Callback(_))
}

fn is_record(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Record(_))
}

/// Whether callers hear in a queue how long they will wait.
fn tells_waits(queue: &Queue) -> bool {
    let announced = [
        queue.announce,
        queue.overload.map(|overload| overload.announce),
    ];
    announced
        .into_iter()
        .flatten()
        .any(|said| said.wait.is_some())
}

/// The remark, where the setting is written.
fn remark(root: &Fields<'_>, path: &[&str], why: &str) -> Option<Diagnostic> {
    let (first, rest) = path.split_first()?;
    let mut entries = root.entries();
    let mut entry = entries.iter().find(|entry| entry.key.text == *first)?;
    for key in rest {
        entries = &entry.value.table()?.entries;
        entry = entries.iter().find(|entry| entry.key.text == *key)?;
    }
    Some(note(&path.join("."), why, entry.key.place.clone()))
}

fn note(path: &str, why: &str, place: Place) -> Diagnostic {
    let message = format!("{why}: `{path}` changes nothing");
    Diagnostic::info("without-effect", place, message).help("leave it out")
}

fn table_at<'t>(root: &Fields<'t>, section: &str) -> Option<&'t Table> {
    let entry = root
        .entries()
        .iter()
        .find(|entry| entry.key.text == section)?;
    match &entry.value.data {
        Data::Table(table) => Some(table),
        _ => None,
    }
}
