//! How long agents talk: said by the callers, by each want, or by the forecast.

use super::arrivals::Arrivals;
use super::behaviour::Behaviour;
use super::callers::Callers;
use super::check::Check;
use super::check::key_place;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::menu::tree::Value;
use crate::sim::distribution::Distribution;
use crate::sim::handling::HandlingTimes;

/// The spread of handling times made from a forecast's `aht_s` alone.
const TALK_CV: f64 = 1.0;

/// Finds out who says how long a talk takes. Where it is the callers, the forecast says nothing any more.
pub(super) fn settle(
    root: &mut Fields<'_>,
    mut arrivals: Option<&mut Arrivals>,
    callers: &mut Callers,
    check: &mut Check<'_>,
) {
    if let Some(arrivals) = arrivals.as_deref_mut() {
        from_forecast(arrivals, root, callers, check);
    }
    // A forecast that is wrong might have said it.
    let forecast_may_say = root.value("forecast").is_some() && arrivals.is_none();
    let nobody_talks = check.names.dialplan.queues.is_empty();
    if callers.talk.is_none() && !nobody_talks && !forecast_may_say && !somebody_says(root) {
        let message = "nothing says how long a talk with an agent takes";
        let help = "add `talk = { distribution = \"lognormal\", mean = \"250s\", cv = 1.0 }` \
                    to `[callers]`, or a column `aht_s` to the forecast";
        let place = key_place(root, "callers");
        root.push(Diagnostic::error("missing-field", place, message).help(help));
    }
}

fn from_forecast(
    arrivals: &mut Arrivals,
    root: &mut Fields<'_>,
    callers: &mut Callers,
    check: &mut Check<'_>,
) {
    let Some(aht_s) = arrivals.handling.mean_s else {
        return;
    };
    let place = key_place(root, "forecast");
    if callers.talk.is_some() {
        let message = "the forecast's `aht_s` and `callers.talk` both speak; \
                       `callers.talk` and `callers.wrap_up` are used";
        let warning = Diagnostic::warning("both-speak", place, message);
        root.push(warning.help("leave out the one that is not meant"));
        arrivals.handling = HandlingTimes::default();
        return;
    }
    let Some(talk) = within(aht_s, &callers.wrap_up) else {
        let message = format!(
            "the forecast's `aht_s`, {aht_s:.0} s on average, leaves no time to talk after \
             `callers.wrap_up`"
        );
        root.bad_value(place, message, "`aht_s` is talk and wrap-up together");
        return;
    };
    let handling = &arrivals.handling;
    if handling.by_want.len() < check.names.wants().count() || !check.names.has_wants() {
        let range = handling.range(&arrivals.demand, None);
        check.note("callers.talk", from_aht(&talk, range, &callers.wrap_up));
    }
    callers.talk = Some(talk);
}

/// The talk of one want: its own, or what the forecast's handling time of the want leaves for it; none
/// where neither says anything.
pub(super) fn of_want(
    name: &Name,
    (own, wrap_up): (Option<Distribution>, &Distribution),
    arrivals: Option<&Arrivals>,
    table: &mut Fields<'_>,
    check: &mut Check<'_>,
) -> Option<Distribution> {
    let want = check.names.want(&name.text)?.want;
    let Some(arrivals) = arrivals else {
        return own;
    };
    let Some(aht_s) = arrivals.handling.mean_of(want) else {
        return own;
    };
    if let Some(place) = table.key_place("talk") {
        let message = format!(
            "the forecast's `aht_s` and the `talk` of {} both speak; `talk` is used",
            table.title()
        );
        let note = Diagnostic::info("both-speak", place, message);
        table.push(note.help("leave out the one that is not meant"));
        return own;
    }
    let talk = within(aht_s, wrap_up);
    match &talk {
        Some(talk) => {
            let range = arrivals.handling.range(&arrivals.demand, Some(want));
            let what = from_aht(talk, range, wrap_up);
            check.note(format!("wants.{}.talk", name.text), what);
        }
        None => {
            let message = format!(
                "the forecast's `aht_s` of \"{}\", {aht_s:.0} s on average, leaves no time to talk \
                 after its wrap-up",
                name.text
            );
            let help = "`aht_s` is talk and wrap-up together";
            table.bad_value(name.place.clone(), message, help);
        }
    }
    talk
}

/// The talk that a handling time leaves beside the wrap-up, if any.
fn within(aht_s: f64, wrap_up: &Distribution) -> Option<Distribution> {
    let talk_s = aht_s - wrap_up.mean_s();
    let mean = Span((talk_s * 1000.0 + 0.5) as u64);
    (talk_s > 0.0).then(|| Distribution::lognormal(mean, TALK_CV))
}

/// With the least and the greatest handling time of an interval, where these differ.
fn from_aht(talk: &Distribution, range: Option<(f64, f64)>, wrap_up: &Distribution) -> String {
    let mean = |aht_s: f64| Span(((aht_s - wrap_up.mean_s()).max(0.0) * 1000.0 + 0.5) as u64);
    let whence = "the forecast's aht_s less the wrap-up";
    match range {
        Some((least, greatest)) => format!(
            "{talk} ({whence}; by line and interval of the first attempt {} to {} on average)",
            mean(least),
            mean(greatest)
        ),
        None => format!("{talk} ({whence})"),
    }
}

/// Gives callers the talks of the interval in which they come first, where the forecast says that these
/// differ and nobody else says how long they are.
pub(super) fn by_interval(
    root: &mut Fields<'_>,
    arrivals: &mut Arrivals,
    callers: &Callers,
    behaviour: &Behaviour,
) {
    let Arrivals {
        demand, handling, ..
    } = arrivals;
    for place in 0..demand.lines.len() {
        let kind = demand.lines[place].kind.map(|kind| kind.want);
        let (mean_s, (wrap_up, whose)) = match kind {
            None => (
                handling.mean_s,
                (&callers.wrap_up, "`callers.wrap_up`".to_owned()),
            ),
            Some(want) => match behaviour.want(want).filter(|want| !want.has_own_talk) {
                Some(known) => {
                    let whose = format!("the wrap-up of \"{}\"", known.name);
                    (handling.mean_of(want), (&known.wrap_up, whose))
                }
                None => continue,
            },
        };
        let differ = handling.range(demand, kind).is_some();
        // A mean that leaves nothing has been reported.
        let Some(mean_s) = mean_s.filter(|mean_s| differ && *mean_s > wrap_up.mean_s()) else {
            continue;
        };
        match handling.factors(place, (mean_s, wrap_up.mean_s())) {
            Ok(factors) => demand.lines[place].talk_factors = Some(factors),
            Err((interval, aht_s)) => {
                let since =
                    jiff::Span::new().milliseconds((demand.interval.0 * interval as u64) as i64);
                let at = arrivals.start.checked_add(since).unwrap_or(arrivals.start);
                let message = format!(
                    "the forecast's `aht_s` at {:02}:{:02}, {aht_s:.0} s, leaves no time to talk after {whose}",
                    at.hour(),
                    at.minute()
                );
                let key = key_place(root, "forecast");
                root.bad_value(key, message, "`aht_s` is talk and wrap-up together");
            }
        }
    }
}

/// Whether the callers, or all of the wants, have a talk, if only a wrong one.
fn somebody_says(root: &mut Fields<'_>) -> bool {
    let has_talk = |value: &Value| match &value.data {
        Data::Table(table) => table.get("talk").is_some(),
        _ => false,
    };
    let all_wants = match root.value("wants").map(|value| &value.data) {
        Some(Data::Table(wants)) => wants.entries.iter().all(|want| has_talk(&want.value)),
        _ => false,
    };
    all_wants || root.value("callers").is_some_and(has_talk)
}
