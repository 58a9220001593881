//! How long agents talk: said by the callers, by each want, or by the forecast.

use super::arrivals::Arrivals;
use super::callers::Callers;
use super::check::Check;
use super::check::key_place;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Value;
use crate::sim::distribution::Distribution;

/// The spread of handling times made from a forecast's `aht_s` alone.
const TALK_CV: f64 = 1.0;

/// Finds out who says how long a talk takes.
pub(super) fn settle(
    root: &mut Fields<'_>,
    arrivals: Option<&Arrivals>,
    callers: &mut Callers,
    check: &mut Check<'_>,
) {
    if let Some(aht_s) = arrivals.and_then(|arrivals| arrivals.aht_s) {
        from_forecast(aht_s, root, callers, check);
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

fn from_forecast(aht_s: f64, root: &mut Fields<'_>, callers: &mut Callers, check: &mut Check<'_>) {
    let place = key_place(root, "forecast");
    if callers.talk.is_some() {
        let message = "the forecast's `aht_s` and `callers.talk` both speak; \
                       `callers.talk` and `callers.wrap_up` are used";
        root.push(Diagnostic::info("both-speak", place, message));
        return;
    }
    let talk_s = aht_s - callers.wrap_up.mean_s();
    if talk_s <= 0.0 {
        let message = format!(
            "the forecast's `aht_s`, {aht_s:.0} s on average, leaves no time to talk after \
             `callers.wrap_up`"
        );
        root.bad_value(place, message, "`aht_s` is talk and wrap-up together");
        return;
    }
    let mean = Span((talk_s * 1000.0 + 0.5) as u64);
    let talk = Distribution::lognormal(mean, TALK_CV);
    let what = format!("{talk} (the forecast's aht_s less the wrap-up)");
    check.note("callers.talk", what);
    callers.talk = Some(talk);
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
