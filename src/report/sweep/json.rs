//! A sweep for programs.

use super::Recovered;
use super::Sweep;
use crate::report::json::case;
use crate::report::json::figure;
use crate::report::json::head;
use crate::report::json::number;
use crate::report::study::Case;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// One object: `axes[]` with their values; `points[]` with what `simulate` has for a case, `at` with the
/// value of each axis, rates by the hour, and, after a spike, `recovery_s`, the runs that did not
/// recover and those that do not tell; `knee`, and `goodput_kept`, the goodput at twice the knee in parts of that at the knee;
/// `best`, the point of the largest goodput where a key is set.
pub fn json(sweep: &Sweep) -> Value {
    let study = &sweep.study;
    let point = |(place, one): (usize, &Case)| {
        let mut object = case(study, one);
        if let Some((_, (_, load))) = sweep.at(place).find(|(name, _)| *name == "load") {
            object.insert("load".into(), number(*load));
        }
        object.insert("at".into(), Value::Object(at(sweep, place)));
        for (name, count) in [
            ("offered_per_h", "callers"),
            ("attempts_per_h", "attempts"),
            ("goodput_per_h", "callers_served"),
        ] {
            object.insert(name.into(), figure(sweep.per_hour(one, count)));
        }
        if let Some(recovered) = recovered(sweep, place) {
            object.insert("recovery_s".into(), figure(recovered.after));
            for (name, runs) in [
                ("recovery_missing_runs", recovered.missing_runs),
                ("recovery_untold_runs", recovered.untold_runs),
            ] {
                object.insert(name.into(), json!(runs));
            }
        }
        Value::Object(object)
    };
    let axis = |axis: &super::Axis| {
        let values: Vec<Value> = axis.values.iter().map(value).collect();
        json!({ "name": axis.name, "values": values })
    };
    let load = |place: Option<usize>| {
        let first = place.and_then(|place| sweep.at(place).next());
        number(first.and_then(|(_, (_, load))| *load))
    };
    let mut object = head(study);
    object.insert("axes".into(), sweep.axes.iter().map(axis).collect());
    object.insert(
        "points".into(),
        sweep.cases().enumerate().map(point).collect(),
    );
    object.insert("knee".into(), load(sweep.knee));
    object.insert("twice_the_knee".into(), load(sweep.twice));
    object.insert("goodput_kept".into(), number(sweep.kept()));
    let best = sweep.best.map(|place| at(sweep, place));
    object.insert("best".into(), json!(best));
    let spike = sweep.spike.as_ref();
    object.insert("spike".into(), json!(spike.map(|spike| &spike.when)));
    object.insert("recovered".into(), json!(spike.map(|spike| &spike.meaning)));
    Value::Object(object)
}

/// The figures of a point's recovery.
pub(super) fn recovered(sweep: &Sweep, place: usize) -> Option<&Recovered> {
    sweep.spike.as_ref()?.recovered.get(place)
}

fn at(sweep: &Sweep, place: usize) -> Map<String, Value> {
    let entry = |(name, one): (&str, &(String, Option<f64>))| (name.to_owned(), value(one));
    sweep.at(place).map(entry).collect()
}

/// A number where it is one.
fn value((label, plain): &(String, Option<f64>)) -> Value {
    match plain {
        Some(_) => number(*plain),
        None => json!(label),
    }
}
