//! Lengths of talks and wrap-ups beside the limits that the exchange ends them at: what is cut is not
//! simulated as it is written, and has to be said.

use super::behaviour::Behaviour;
use super::callers::Callers;
use super::check::Check;
use super::check::key_place;
use super::check::place_in;
use super::outbound::Outbound;
use super::transfer::Transfer;
use super::want::Aim;
use super::want::Want;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::GroupId;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use crate::exchange::limits::MAX_CALL;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::sim::distribution::Distribution;

/// The share of talks beyond the longest call from which on it is remarked.
const TALKS_CUT_MIN: f64 = 0.01;
/// Longer than this part of the longest call a talk must not be on average: the menus, the wait and
/// talks longer than the mean have to fit in, too.
const TALK_MOST: f64 = 0.5;
/// The part of the mean wrap-up that may be cut before it is remarked, ...
const WRAP_UP_CUT_MIN: f64 = 0.05;
/// ... the part from which on that is a warning, ...
const WRAP_UP_CUT_MUCH: f64 = 1.0 / 3.0;
/// ... and the share of wrap-ups beyond the limit from which on the list of assumptions says it.
const WRAP_UPS_CUT_MIN: f64 = 0.01;
/// Draws by which a law is judged, evenly spread.
const DRAWS: u32 = 10_000;

/// A law of which what is beyond a limit is cut.
struct Cut {
    /// The share of the lengths beyond the limit.
    share: f64,
    /// The mean as it is written, and as it is simulated.
    mean_s: f64,
    cut_s: f64,
}

impl Cut {
    fn new(law: &Distribution, limit: Span) -> Self {
        let (mut beyond, mut sum_s, mut cut_s) = (0, 0.0, 0.0);
        for length in draws(law) {
            beyond += u32::from(length > limit);
            sum_s += length.as_seconds();
            cut_s += length.min(limit).as_seconds();
        }
        let draws = f64::from(DRAWS);
        Self {
            share: f64::from(beyond) / draws,
            mean_s: sum_s / draws,
            cut_s: cut_s / draws,
        }
    }

    /// The part of the mean that is lost.
    fn lost(&self) -> f64 {
        match self.mean_s > 0.0 {
            true => 1.0 - self.cut_s / self.mean_s,
            false => 0.0,
        }
    }
}

/// Lengths as they are drawn, as many of each as there are on average.
pub(super) fn draws(law: &Distribution) -> impl ExactSizeIterator<Item = Span> {
    let unit = |draw: u32| (f64::from(draw) + 0.5) / f64::from(DRAWS);
    (0..DRAWS).map(move |draw| law.sample(unit(draw)))
}

/// Lengths of the same people: where they are written, and who they are, `callers` or `wants.help`.
struct Whose<'a> {
    name: String,
    place: Place,
    talk: Option<&'a Distribution>,
    wrap_up: Option<&'a Distribution>,
    /// The groups that may take them.
    groups: Vec<GroupId>,
    /// The line they call, where it is known to be one.
    line: Option<LineId>,
}

/// Warns of talks that come near the longest call, and of wrap-ups that the groups' limits cut, and lists
/// both limits among the assumptions.
pub(super) fn check(
    root: &mut Fields<'_>,
    callers: &Callers,
    behaviour: Option<&Behaviour>,
    (transfers, outbound): (&[Transfer], &[Outbound]),
    check: &mut Check<'_>,
) {
    let plan = check.names.dialplan;
    let mut answering: Vec<GroupId> = plan.queues.iter().map(|queue| queue.group).collect();
    answering.sort_unstable();
    answering.dedup();
    for line in plan.lines.iter().filter(|line| line.max_call == MAX_CALL) {
        check.note(format!("line {} max_call", line.name), MAX_CALL.to_string());
    }
    if answering.is_empty() {
        return;
    }
    let of_callers = || Whose {
        name: "callers".to_owned(),
        place: key_place(root, "callers"),
        talk: callers.talk.as_ref(),
        wrap_up: Some(&callers.wrap_up),
        groups: answering.clone(),
        line: None,
    };
    let mut all = match behaviour {
        Some(Behaviour::Wants(wants)) => {
            let want = |want| of_want(want, callers, (root, &answering), check);
            let wants = wants.iter().map(want).collect::<Vec<_>>();
            merged(wants, of_callers)
        }
        Some(_) => vec![of_callers()],
        None => Vec::new(),
    };
    all.extend(transfers.iter().map(|transfer| {
        let from = check.names.of_queue(transfer.from);
        Whose {
            name: format!("transfers.{from}"),
            place: place_in(root, "transfers", from),
            talk: transfer.talk.as_ref(),
            wrap_up: transfer.wrap_up.as_ref(),
            groups: vec![plan.queue(transfer.to).group],
            line: Some(plan.step(plan.queue(transfer.to).step).line),
        }
    }));
    all.extend(outbound.iter().map(|outbound| {
        let (name, step) = (check.names.of_step(outbound.step), plan.step(outbound.step));
        let group = match &step.kind {
            StepKind::Callback(callback) => group_of(plan, callback.queue),
            _ => None,
        };
        Whose {
            name: format!("outbound.{name}"),
            place: place_in(root, "outbound", name),
            talk: Some(&outbound.talk).filter(|talk| Some(*talk) != callers.talk.as_ref()),
            wrap_up: Some(&outbound.wrap_up).filter(|own| **own != callers.wrap_up),
            groups: group.into_iter().collect(),
            line: Some(step.line),
        }
    }));
    for whose in all {
        talks(&whose, root, check);
        wrap_ups(&whose, root, check);
    }
}

/// The group of a queue step.
fn group_of(plan: &Dialplan, step: StepId) -> Option<GroupId> {
    match plan.step(step).kind {
        StepKind::Queue(queue) => Some(plan.queue(queue).group),
        _ => None,
    }
}

/// What the lengths of a want are.
fn of_want<'a>(
    want: &'a Want,
    callers: &Callers,
    (root, answering): (&Fields<'_>, &[GroupId]),
    check: &Check<'_>,
) -> Whose<'a> {
    let group = |step: StepId| group_of(check.names.dialplan, step);
    let to = match want.aim {
        Aim::Step(step) => Some(step),
        Aim::Answer { otherwise, .. } => otherwise,
    };
    Whose {
        name: format!("wants.{}", want.name),
        place: place_in(root, "wants", &want.name),
        talk: Some(&want.talk).filter(|talk| Some(*talk) != callers.talk.as_ref()),
        wrap_up: Some(&want.wrap_up).filter(|wrap_up| **wrap_up != callers.wrap_up),
        groups: match to.and_then(group) {
            Some(group) => vec![group],
            None => answering.to_vec(),
        },
        line: Some(want.line(check.names.dialplan)),
    }
}

/// Those who have lengths of their own, and the callers before them as far as somebody has theirs.
fn merged<'a>(wants: Vec<Whose<'a>>, of_callers: impl Fn() -> Whose<'a>) -> Vec<Whose<'a>> {
    let mut callers = of_callers();
    let of = |has: fn(&Whose<'_>) -> bool| {
        let without = wants.iter().filter(|want| !has(want));
        without
            .flat_map(|want| &want.groups)
            .copied()
            .collect::<Vec<_>>()
    };
    if of(|want| want.talk.is_some()).is_empty() {
        callers.talk = None;
    }
    let mut groups = of(|want| want.wrap_up.is_some());
    groups.sort_unstable();
    groups.dedup();
    callers.groups = groups;
    std::iter::once(callers).chain(wants).collect()
}

fn talks(whose: &Whose<'_>, root: &mut Fields<'_>, check: &Check<'_>) {
    let lines = check.names.dialplan.lines.iter().enumerate();
    let own = lines.filter(|(place, _)| whose.line.is_none_or(|line| line.index() == *place));
    let shortest = own.map(|(_, line)| line).min_by_key(|line| line.max_call);
    let (Some(talk), Some(line)) = (whose.talk, shortest) else {
        return;
    };
    let limit = line.max_call;
    let cut = Cut::new(talk, limit);
    let (name, line) = (&whose.name, &line.name);
    let message = if cut.share >= TALKS_CUT_MIN {
        format!(
            "{:.0} of 100 talks of `{name}` are longer than a call of the line \"{line}\" may be, {limit}: \
             the exchange cuts them off, and these callers are not served",
            cut.share * 100.0
        )
    } else if talk.mean_s() > TALK_MOST * limit.as_seconds() {
        format!(
            "talks of `{name}` take {:.0} s on average, and a call of the line \"{line}\" {limit} at most, \
             menus and wait included: some are cut off",
            talk.mean_s()
        )
    } else {
        return;
    };
    let warning = Diagnostic::warning("talk-near-max-call", whose.place.clone(), message);
    let help =
        "give the line a longer `max_call`, or check the talk: it is a length of time with a unit";
    root.push(warning.help(help));
}

fn wrap_ups(whose: &Whose<'_>, root: &mut Fields<'_>, check: &mut Check<'_>) {
    let Some(wrap_up) = whose.wrap_up else {
        return;
    };
    for &group in &whose.groups {
        let (name, limit) = {
            let group = check.names.dialplan.group(group);
            (group.name.clone(), group.wrap_up)
        };
        let cut = Cut::new(wrap_up, limit);
        if cut.share < WRAP_UPS_CUT_MIN {
            continue;
        }
        let what = format!("`{}.wrap_up`", whose.name);
        let (cut_s, mean_s) = (cut.cut_s, cut.mean_s);
        let of_100 = cut.share * 100.0;
        check.note(
            format!("{}.wrap_up, group {name}", whose.name),
            format!("cut at {limit}: {cut_s:.0} s on average, not {mean_s:.0} s"),
        );
        if cut.lost() < WRAP_UP_CUT_MIN {
            continue;
        }
        let message = format!(
            "group \"{name}\" ends a wrap-up after {limit}, and {of_100:.0} of 100 of {what} are longer: \
             {cut_s:.0} s on average are simulated, not {mean_s:.0} s, and handling times are shorter by \
             that"
        );
        let of_severity = match cut.lost() < WRAP_UP_CUT_MUCH {
            true => Diagnostic::info,
            false => Diagnostic::warning,
        };
        let remark = of_severity("wrap-up-beyond-limit", whose.place.clone(), message);
        let help = "raise `wrap_up.limit` of the group to what people need, or write the wrap-up as it \
                    is with the limit";
        root.push(remark.help(help));
    }
}
