//! The report for programs.

use super::study::Case;
use super::study::GoalResult;
use super::study::Precision;
use super::study::Study;
use crate::exchange::time::Span;
use crate::measure::definitions::DEFINITIONS;
use crate::measure::figure::Figure;
use crate::measure::paired::Difference;
use crate::measure::row::Metrics;
use crate::measure::row::Row;
use crate::measure::summary::Summary;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// One object, as the README describes it: the base case's figures at the top, `what_ifs[]` of the
/// same shape, `definitions` of every metric. Keys are in alphabetical order.
///
/// It is the same, byte for byte, for the same study.
pub fn json(study: &Study) -> Value {
    let mut object = case(study, &study.base);
    let variant = |variant: &Case| {
        let mut object = case(study, variant);
        object.insert("name".into(), json!(variant.name));
        Value::Object(object)
    };
    let what_ifs: Vec<_> = study.what_ifs.iter().map(variant).collect();
    object.insert("what_ifs".into(), Value::Array(what_ifs));
    let precision: Vec<_> = study.precision.iter().map(precision).collect();
    object.insert("precision".into(), Value::Array(precision));
    foot(study, &mut object);
    Value::Object(object)
}

/// What the objects of all commands have in common, with how their figures came about.
pub(super) fn head(study: &Study) -> Map<String, Value> {
    let mut object = origin(study);
    let summary = &study.base.summary;
    object.insert("runs".into(), json!(summary.runs));
    object.insert("confidence_level".into(), number(Some(summary.level)));
    foot(study, &mut object);
    object
}

/// What was simulated.
fn origin(study: &Study) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("scenario".into(), json!(study.scenario));
    object.insert("title".into(), json!(study.title));
    object.insert("span".into(), json!(study.span));
    object.insert("seed".into(), json!(study.seed));
    object.insert("version".into(), json!(study.version));
    object
}

/// What the figures mean, and how to get them again.
fn foot(study: &Study, object: &mut Map<String, Value>) {
    object.insert("definitions".into(), definitions());
    object.insert("assumptions".into(), pairs(&study.assumptions));
    object.insert("files".into(), pairs(&study.files));
    object.insert("notes".into(), json!(study.notes));
    object.insert("command".into(), json!(study.command));
}

pub(super) fn case(study: &Study, case: &Case) -> Map<String, Value> {
    let summary = &case.summary;
    let mut object = origin(study);
    object.insert("runs".into(), json!(summary.runs));
    object.insert("steady".into(), steady(summary));
    object.insert("control_variate".into(), controlled(summary));
    object.insert("confidence_level".into(), number(Some(summary.level)));
    object.insert("total".into(), Value::Object(metrics(&summary.total)));
    let starts = &study.starts;
    object.insert(
        "intervals".into(),
        intervals(starts, (&summary.intervals, &summary.judged)),
    );
    if !summary.lines.is_empty() {
        object.insert("lines".into(), rows(starts, &summary.lines));
    }
    object.insert("queues".into(), rows(starts, &summary.queues));
    object.insert("groups".into(), rows(starts, &summary.groups));
    object.insert("agents".into(), listed(&summary.agents));
    object.insert("fairness".into(), fairness(summary));
    let worth = &summary.worth;
    super::worth::worth(worth, figure, &mut object);
    object.insert("wants".into(), listed(&worth.wants));
    let goals: Vec<_> = case.goals.iter().map(goal).collect();
    object.insert("goals".into(), Value::Array(goals));
    object.insert("differences".into(), differences(&case.differences));
    object
}

/// Each difference with mean, interval and whether it is real.
pub(super) fn differences(list: &[(&'static str, Difference)]) -> Value {
    let entry = |(name, difference): &(&'static str, Difference)| {
        let mut object = figure(difference.figure);
        object["real"] = json!(difference.real);
        object["p"] = number(difference.p);
        ((*name).to_owned(), object)
    };
    Value::Object(list.iter().map(entry).collect())
}

/// How long runs were cut; null where the warm-up was not to be found.
fn steady(summary: &Summary) -> Value {
    let seconds = |span: Span| number(Some(span.as_seconds()));
    summary.steady.map_or(Value::Null, |steady| {
        json!({
            "settled": steady.settled,
            "warm_up_s": seconds(steady.warm_up),
            "batches": steady.batches,
            "batch_s": seconds(steady.batch()),
            "lag_1": number(Some(steady.lag_1)),
            "independent": steady.independent,
            "calls_needed": number(summary.calls_needed()),
        })
    })
}

/// What a control variate has come to; null where none was asked for.
fn controlled(summary: &Summary) -> Value {
    summary.controlled.map_or(Value::Null, |controlled| {
        json!({
            "name": "callers",
            "applies": controlled.why_not.is_none(),
            "expected": number(Some(controlled.expected)),
            "came": number(Some(controlled.came)),
            "service_level_worth_runs": number(controlled.worth_runs),
        })
    })
}

fn metrics(metrics: &Metrics) -> Map<String, Value> {
    let entry = |(name, value): &(&str, Figure)| (String::from(*name), figure(*value));
    metrics.0.iter().map(entry).collect()
}

/// Each interval, with its start and whether it is judged by goals over intervals.
fn intervals(starts: &[String], (intervals, judged): (&[Metrics], &[bool])) -> Value {
    let interval = |(place, at): (usize, &Metrics)| {
        let mut object = metrics(at);
        object.insert("start".into(), json!(starts.get(place)));
        object.insert("judged".into(), json!(judged.get(place)));
        Value::Object(object)
    };
    Value::Array(intervals.iter().enumerate().map(interval).collect())
}

fn rows(starts: &[String], rows: &[Row]) -> Value {
    let row = |row: &Row| {
        let mut object = metrics(&row.total);
        object.insert(
            "intervals".into(),
            intervals(starts, (&row.intervals, &row.judged)),
        );
        if let Some(within) = row.answer_within {
            object.insert("answer_within_s".into(), number(Some(within.as_seconds())));
        }
        (row.name.clone(), Value::Object(object))
    };
    Value::Object(rows.iter().map(row).collect())
}

/// Rows in their order, with their names.
fn listed(rows: &[Row]) -> Value {
    let row = |row: &Row| {
        let mut object = metrics(&row.total);
        object.insert("name".into(), json!(row.name));
        Value::Object(object)
    };
    Value::Array(rows.iter().map(row).collect())
}

fn fairness(summary: &Summary) -> Value {
    let mut object = metrics(&summary.fairness);
    let class = |row: &Row| (row.name.clone(), Value::Object(metrics(&row.total)));
    let classes = summary.classes.iter().map(class).collect();
    object.insert("classes".into(), Value::Object(classes));
    if !summary.told_classes.is_empty() {
        let classes = summary.told_classes.iter().map(class).collect();
        object.insert("told_classes".into(), Value::Object(classes));
    }
    Value::Object(object)
}

fn precision(precision: &Precision) -> Value {
    json!({
        "figure": precision.figure,
        "wanted": precision.wanted,
        "half_width": number(precision.half_width),
        "reached": precision.reached,
        "runs_needed": precision.runs_needed,
    })
}

fn goal(goal: &GoalResult) -> Value {
    json!({
        "subject": goal.subject,
        "metric": goal.metric,
        "wanted": goal.wanted,
        "value": figure(goal.value),
        "share_of_intervals": number(goal.share_of_intervals),
        "met": goal.met,
        "certain": goal.certain,
        "share_of_runs": number(goal.share_of_runs),
        "still_waiting": number(goal.still_waiting),
    })
}

fn definitions() -> Value {
    let entry = |one: &crate::measure::definitions::Definition| {
        (String::from(one.name), json!(one.sentence))
    };
    Value::Object(DEFINITIONS.iter().map(entry).collect())
}

fn pairs(pairs: &[(String, String)]) -> Value {
    let entry = |(name, value): &(String, String)| (name.clone(), json!(value));
    Value::Object(pairs.iter().map(entry).collect())
}

pub(super) fn figure(figure: Figure) -> Value {
    json!({
        "mean": number(figure.mean),
        "low": number(figure.low),
        "high": number(figure.high),
    })
}

/// A number with 9 significant digits: more would be noise, and differ where sums are reordered.
pub(super) fn number(value: Option<f64>) -> Value {
    let rounded = value
        .filter(|value| value.is_finite())
        .and_then(|value| format!("{value:.8e}").parse::<f64>().ok());
    match rounded {
        // 3 and not 3.0: counts of a single run are whole
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => json!(value as i64),
        Some(value) => json!(value),
        None => Value::Null,
    }
}
