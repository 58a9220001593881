//! Settings that nothing in a case ever asks for. They are easily taken for what was simulated.

use super::Behaviour;
use super::Redial;
use super::Scenario;
use super::file::ScenarioFile;
use super::keys;
use super::lookup;
use super::names::Names;
use super::names::is_queue;
use super::survey;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::StepNames;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;
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
        found.extend(tables(&root, plan, names));
        found
    }
}

/// Settings for something that no line has.
fn settings(root: &Fields<'_>, plan: &Dialplan, scenario: &Scenario) -> Vec<Diagnostic> {
    let lacks = |kind: OfKind| !plan.steps.iter().any(|step| kind(&step.kind));
    let no_queue = (lacks(is_queue), "no line has a queue");
    let no_callback = (lacks(is_callback), "no line offers calls back");
    let no_message = (lacks(is_record), "no line takes messages");
    let no_answer = (lacks(is_answer), "no line has a recorded answer");
    let has_wants = matches!(scenario.behaviour, Behaviour::Wants(_));
    let own = (has_wants, "each want says it itself");
    let callers = [
        ("accepts_callback", no_callback),
        ("reached_by_callback", no_callback),
        ("picks_up", no_callback),
        ("leaves_message", no_message),
        ("message", no_message),
        ("confirms", no_answer),
        ("satisfied", if has_wants { own } else { no_answer }),
        ("patience", no_queue),
        ("balks", no_queue),
        ("leaves_when_told", no_queue),
        ("talk_grows", no_queue),
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

/// Tables of steps to which no caller ever comes.
fn tables(root: &Fields<'_>, plan: &Dialplan, names: Names<'_>) -> Vec<Diagnostic> {
    let comes = reached(plan);
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

/// By step, whether a call can come to it.
fn reached(plan: &Dialplan) -> Vec<bool> {
    let mut seen = vec![false; plan.steps.len()];
    let mut next: Vec<StepId> = plan.lines.iter().map(|line| line.start).collect();
    while let Some(step) = next.pop() {
        if std::mem::replace(&mut seen[step.index()], true) {
            continue;
        }
        let targets = exits(plan, step).into_iter().map(|exit| exit.to);
        next.extend(targets.filter_map(|to| match to {
            Target::Step(step) => Some(step),
            _ => None,
        }));
    }
    seen
}

fn is_callback(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Callback(_))
}

fn is_record(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Record(_))
}

fn is_answer(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Say(say) if say.answer.is_some())
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
