//! How long agents talk: said by the callers, by each want, or by the forecast.

use super::arrivals::Arrivals;
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
    let Some(aht_s) = arrivals.aht_s else {
        return;
    };
    let place = key_place(root, "forecast");
    if callers.talk.is_some() {
        let message = "the forecast's `aht_s` and `callers.talk` both speak; \
                       `callers.talk` and `callers.wrap_up` are used";
        let warning = Diagnostic::warning("both-speak", place, message);
        root.push(warning.help("leave out the one that is not meant"));
        arrivals.aht_by_want.clear();
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
    if arrivals.aht_by_want.len() < check.names.wants().count() || !check.names.has_wants() {
        check.note("callers.talk", from_aht(&talk));
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
    let mut known = arrivals
        .map_or(&[][..], |arrivals| &arrivals.aht_by_want)
        .iter();
    let Some((_, aht_s)) = known.find(|(known, _)| *known == want) else {
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
    let talk = within(*aht_s, wrap_up);
    match &talk {
        Some(talk) => check.note(format!("wants.{}.talk", name.text), from_aht(talk)),
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

fn from_aht(talk: &Distribution) -> String {
    format!("{talk} (the forecast's aht_s less the wrap-up)")
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
