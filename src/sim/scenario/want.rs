//! What callers want, and where in the menu file it is to be had.

use super::arrivals::Arrivals;
use super::callers::Callers;
use super::check::Check;
use super::check::key_place;
use super::check::place_in;
use super::law;
use super::names::Names;
use super::share;
use super::talk;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::sim::demand::Demand;
use crate::sim::distribution::Distribution;
use crate::sim::guide;

/// `[wants.NAME]`: one reason to call.
#[derive(Clone, Debug, PartialEq)]
pub struct Want {
    /// The planner's name for it.
    pub name: String,
    /// Its share of the callers of its line, where these add up to 1; or of all calls where kinds of callers
    /// have calls of their own.
    pub share: f64,
    /// What would serve it.
    pub aim: Aim,
    /// Talk with an agent.
    pub talk: Distribution,
    /// Whether that is said of this want: no forecast then has another one for an interval.
    pub has_own_talk: bool,
    /// The agent's work afterwards.
    pub wrap_up: Distribution,
    /// How long such a caller is willing to wait.
    pub patience: Distribution,
}

impl Want {
    /// The line that has what would serve it.
    pub fn line(&self, dialplan: &Dialplan) -> LineId {
        let (Aim::Answer { step, .. } | Aim::Step(step)) = self.aim;
        dialplan.step(step).line
    }
}

/// What would serve a caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// A recorded answer.
    Answer {
        /// The step that gives it.
        step: StepId,
        /// Probability that it is enough.
        satisfied: f64,
        /// Where the caller goes when it is not; none means hanging up.
        otherwise: Option<StepId>,
    },
    /// A person, a mailbox, a number outside: this step and no answer before it.
    Step(StepId),
}

/// The names of all wants of a scenario, in the order in which [`read`] has them.
pub(super) fn names<'t>(root: &Fields<'t>) -> Vec<&'t str> {
    let entry = root
        .entries()
        .iter()
        .find(|entry| entry.key.text == "wants");
    match entry.map(|entry| &entry.value.data) {
        Some(Data::Table(wants)) => {
            let entries = wants.entries.iter();
            entries.map(|entry| entry.key.text.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads all wants of a scenario. Those without lengths of their own take those of the callers.
pub(super) fn read(
    wants: Vec<(&Name, Fields<'_>)>,
    root: &mut Fields<'_>,
    (callers, arrivals): (&Callers, Option<&Arrivals>),
    check: &mut Check<'_>,
) -> Vec<Want> {
    let mut list = Vec::new();
    let demand = arrivals.map(|arrivals| &arrivals.demand);
    let by_kind = demand.filter(|demand| demand.is_by_kind());
    // Demand that could not be read may be by want, or not.
    let is_known = demand.is_some_and(|demand| !demand.lines.is_empty());
    let by_share = by_kind.is_none() && (is_known || shares_are_given(&wants));
    let mut shares = Vec::new();
    let first = wants.first().map(|(name, _)| name.place.clone());
    for (name, mut table) in wants {
        let share = match by_kind {
            Some(demand) => share_of_calls(name, &mut table, demand, check.names),
            None if !by_share => None,
            None => {
                table.require("share", "the shares of all wants add up to 1");
                share::read(&mut table, "share")
            }
        };
        shares.push(share);
        let share = share.unwrap_or(0.0);
        let want = want(name, share, &mut table, (callers, arrivals), check);
        list.extend(want);
        root.absorb(table);
    }
    let place = first.unwrap_or_else(|| key_place(root, "wants"));
    if by_share && !check.names.has_several_lines() {
        share::add_up("the wants", &shares, place, root);
    } else if by_share && list.len() == shares.len() {
        add_up_by_line(&list, &shares, root, check.names);
    }
    if let Some(demand) = demand.filter(|_| check.names.has_several_lines()) {
        belong_together(&list, demand, root, check.names);
    }
    list
}

/// The shares of wants are those of the callers of their line.
fn add_up_by_line(wants: &[Want], shares: &[Option<f64>], root: &mut Fields<'_>, names: Names<'_>) {
    for (place, line) in names.lines().enumerate() {
        let all = wants.iter().zip(shares);
        let own = all.filter(|(want, _)| want.line(names.dialplan).index() == place);
        let (own, shares): (Vec<&Want>, Vec<Option<f64>>) = own.unzip();
        if let Some(first) = own.first() {
            let place = place_in(root, "wants", &first.name);
            let what = format!("the wants of the line \"{line}\"");
            share::add_up(&what, &shares, place, root);
        }
    }
}

/// Reports callers who want what their line does not have, and lines whose callers want nothing.
fn belong_together(wants: &[Want], demand: &Demand, root: &mut Fields<'_>, names: Names<'_>) {
    let line_of = |want: &Want| want.line(names.dialplan);
    let name = |line: LineId| &names.dialplan.line(line).name;
    for calls in &demand.lines {
        let wanted = calls
            .kind
            .and_then(|kind| names.wants().nth(kind.want.into()));
        let want = wants.iter().find(|want| Some(&*want.name) == wanted);
        let Some(want) = want.filter(|want| line_of(want) != calls.line) else {
            continue;
        };
        let (wanted, line, called) = (&want.name, name(line_of(want)), name(calls.line));
        let message = format!(
            "what serves \"{wanted}\" is a step of the line \"{line}\", and its callers call \"{called}\""
        );
        let place = place_in(root, "wants", wanted);
        let error = Diagnostic::error("unknown-want-target", place, message);
        root.push(error.help("give the callers of each line wants of their own"));
    }
    // A want that is wrong may be of any line.
    if wants.len() < names.wants().count() {
        return;
    }
    let called = demand
        .lines
        .iter()
        .filter(|calls| calls.calls.iter().any(|calls| *calls > 0.0));
    let mut called: Vec<LineId> = called.map(|calls| calls.line).collect();
    called.dedup();
    for line in called {
        if wants.iter().all(|want| line_of(want) != line) {
            let line = name(line);
            let message = format!("nobody who calls the line \"{line}\" wants anything");
            let help = "say what they want, `[wants.NAME]`: a step of this line, with `share = 1.0` if there \
                        is nothing else";
            let place = key_place(root, "wants");
            root.push(Diagnostic::error("missing-field", place, message).help(help));
        }
    }
}

fn shares_are_given(wants: &[(&Name, Fields<'_>)]) -> bool {
    let mut wants = wants.iter();
    wants.any(|(_, table)| table.key_place("share").is_some())
}

/// The share of a want whose callers have calls of their own: what the calls make of it.
fn share_of_calls(
    name: &Name,
    table: &mut Fields<'_>,
    demand: &Demand,
    names: Names<'_>,
) -> Option<f64> {
    if table.value("share").is_some() {
        let message = format!(
            "the calls are given by want: {} has no share beside them",
            table.title()
        );
        let place = key_place(table, "share");
        table.bad_value(place, message, "leave `share` out");
    }
    let share = demand.share_of(names.want(&name.text)?.want);
    if share.is_none() && demand.lines.iter().any(|line| line.recorded.is_some()) {
        let message = format!("none of the recorded calls is of \"{}\"", name.text);
        let place = name.place.clone();
        let warning = Diagnostic::warning("want-without-calls", place, message);
        let help = format!(
            "leave {} out, or look at the `want` of the rows",
            table.title()
        );
        table.push(warning.help(help));
        return Some(0.0);
    }
    if share.is_none() {
        let message = format!(
            "the calls are given by want, and none for \"{}\"",
            name.text
        );
        let help = format!(
            "give its calls too (0 where nobody calls for it), or leave {} out",
            table.title()
        );
        let place = name.place.clone();
        table.push(Diagnostic::error("want-without-calls", place, message).help(help));
    }
    share
}

fn want(
    name: &Name,
    share: f64,
    table: &mut Fields<'_>,
    (callers, arrivals): (&Callers, Option<&Arrivals>),
    check: &mut Check<'_>,
) -> Option<Want> {
    let talk = law::read(table, "talk", Distribution::fixed);
    let wrap_up = law::read(table, "wrap_up", Distribution::fixed);
    let patience = law::read(table, "patience", Distribution::fixed);
    let wrap_up = wrap_up.unwrap_or_else(|| callers.wrap_up.clone());
    let has_own_talk = talk.is_some();
    let talk = talk::of_want(name, (talk, &wrap_up), arrivals, table, check);
    Some(Want {
        name: name.text.clone(),
        share,
        aim: aim(name, table, check)?,
        // A scenario in which neither speaks is refused elsewhere.
        talk: talk
            .or_else(|| callers.talk.clone())
            .unwrap_or_else(|| callers.wrap_up.clone()),
        has_own_talk,
        wrap_up,
        patience: patience.unwrap_or_else(|| callers.patience.clone()),
    })
}

fn aim(name: &Name, table: &mut Fields<'_>, check: &mut Check<'_>) -> Option<Aim> {
    let answered = table.value("answered_by").is_some();
    let needs = table.value("needs").is_some();
    let satisfied = share::read(table, "satisfied");
    let otherwise = target(table, "else", is_goal, check.names);
    match (answered, needs) {
        (true, false) => {
            let step = target(table, "answered_by", is_answer, check.names);
            let help = "say for which share of them the answer is enough";
            table.require("satisfied", help);
            let otherwise = match table.value("else") {
                Some(_) => Some(otherwise?),
                None => {
                    check.note(format!("wants.{}.else", name.text), "hang up");
                    None
                }
            };
            let step = step?;
            if let Some(otherwise) = otherwise {
                is_on_the_line(table, (step, otherwise), check.names)?;
                remark_out_of_reach(table, (step, otherwise), check.names);
            }
            Some(Aim::Answer {
                step,
                satisfied: satisfied?,
                otherwise,
            })
        }
        (false, true) => {
            for key in ["satisfied", "else"] {
                if let Some(place) = table.key_place(key) {
                    let message = format!("`{key}` goes with `answered_by` only");
                    table.bad_value(place, message, "leave it out");
                }
            }
            target(table, "needs", is_goal, check.names).map(Aim::Step)
        }
        (true, true) => {
            let message = format!("{} has both `answered_by` and `needs`", table.title());
            let help = "for callers who try the answer first, write `answered_by`, `satisfied` \
                        and `else`";
            table.bad_value(key_place(table, "needs"), message, help);
            None
        }
        (false, false) => {
            let help = "name the answer that serves it (`answered_by`), or the queue (`needs`)";
            table.missing("answered_by", help);
            None
        }
    }
}

/// Nobody goes on to another line.
fn is_on_the_line(
    table: &mut Fields<'_>,
    (answer, otherwise): (StepId, StepId),
    names: Names<'_>,
) -> Option<()> {
    let line = |step: StepId| names.dialplan.step(step).line;
    if line(answer) == line(otherwise) {
        return Some(());
    }
    let [answer, otherwise] = [answer, otherwise].map(|step| names.of_step(step));
    let message = format!("\"{otherwise}\" is a step of another line than \"{answer}\"");
    let place = key_place(table, "else");
    let error = Diagnostic::error("unknown-want-target", place, message);
    table.push(error.help("name a step of the same line"));
    None
}

/// Whoever is not satisfied by an answer goes on only where the line lets them.
fn remark_out_of_reach(
    table: &mut Fields<'_>,
    (answer, otherwise): (StepId, StepId),
    names: Names<'_>,
) {
    let plan = names.dialplan;
    if guide::leads_on(plan, answer, otherwise) {
        return;
    }
    let [answer, otherwise] = [answer, otherwise].map(|step| names.of_step(step));
    let message =
        format!("nobody gets from \"{answer}\" to \"{otherwise}\": who is not satisfied hangs up");
    let help = format!(
        "let \"{answer}\" lead on to a menu that offers \"{otherwise}\" (by its `then`), or leave \
         `else` out"
    );
    let place = key_place(table, "else");
    table.push(Diagnostic::warning("else-out-of-reach", place, message).help(help));
}

fn is_answer(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Say(_) | StepKind::Lookup(_))
}

fn is_goal(kind: &StepKind) -> bool {
    !matches!(
        kind,
        StepKind::Menu(_) | StepKind::Directory(_) | StepKind::Hours(_) | StepKind::Duty(_)
    )
}

fn target(
    table: &mut Fields<'_>,
    key: &'static str,
    wanted: fn(&StepKind) -> bool,
    names: Names<'_>,
) -> Option<StepId> {
    let name = table.text(key)?;
    let found = names.step(&name.text, wanted);
    if found.is_none() {
        table.push(names.several_or(&name, wanted, || {
            let Name { text: name, place } = &name;
            let message = match names.has_step(name) {
                true => format!("the step \"{name}\" cannot serve a want: it only leads to others"),
                false => format!("no step is called \"{name}\""),
            };
            let diagnostic = Diagnostic::error("unknown-want-target", place.clone(), message);
            let others = names.steps(wanted).filter(|near| near != name);
            diagnostic.suggest(name, others)
        }));
    }
    found
}
