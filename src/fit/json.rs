//! What was found, for programs. Its shape is in `docs/FIT.md`.

use super::busyness::Spread;
use super::findings::Calls;
use super::findings::Findings;
use super::patience;
use super::redial;
use super::scenario::Draft;
use super::talk;
use super::ways::Ways;
use crate::measure::Figure;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// The object; `draft` is the scenario, with the text of its forecast, and `written` are the files, if any were.
pub fn object(findings: &Findings, (draft, forecast): (&Draft, &str), written: &[String]) -> Value {
    let (days, found) = (&findings.days, &findings.busyness);
    let dates: Vec<String> = days.used.iter().map(ToString::to_string).collect();
    let left_out = days
        .left_out
        .iter()
        .map(|(date, why)| json!({ "date": date.to_string(), "why": why.to_string() }));
    let starts: Vec<String> = (0..days.calls.first().map_or(0, Vec::len))
        .map(|slot| days.start(slot))
        .collect();
    let lines: Map<String, Value> = days
        .lines
        .iter()
        .map(|line| (line.line.clone(), json!(line.calls)))
        .collect();
    json!({
        "files": findings.files,
        "timezone": findings.timezone,
        "days": dates,
        "left_out": left_out.collect::<Vec<Value>>(),
        "other_lines": findings.other_lines,
        "interval_min": days.minutes(),
        "starts": starts,
        "counts": if findings.has_redials_apart() { "first-attempts" } else { "attempts" },
        "calls": lines,
        "calls_a_day": figure(found.calls),
        "deviation": found.deviation,
        "dispersion": found.dispersion,
        "dispersion_of_intervals": found.dispersion_of_intervals,
        "dispersion_within": found.dispersion_within,
        "busyness": spread(found.day),
        "within": spread(found.within),
        "correlation": found.correlation.map(figure),
        "explained_by_weekday": found.by_weekday,
        "trend": found.trend.map(|(share, slope)| json!({ "explains": share, "in_30_days": slope })),
        "records": findings.calls.as_ref().map(records),
        "todo": draft.todo,
        "written": written,
        "scenario": written.is_empty().then_some(&draft.text),
        "forecast": written.is_empty().then_some(forecast),
    })
}

fn records(calls: &Calls) -> Value {
    let by_queue: Map<String, Value> = calls
        .talk_by_queue
        .iter()
        .map(|(queue, law)| (queue.clone(), talk(law)))
        .collect();
    let patience_by_queue: Map<String, Value> = calls
        .patience_by_queue
        .iter()
        .map(|(queue, found)| (queue.clone(), patience(found)))
        .collect();
    let lines: Map<String, Value> = calls
        .ways
        .iter()
        .map(|(line, of_line)| (line.clone(), ways(of_line)))
        .collect();
    json!({
        "count": calls.records,
        "twice": calls.twice,
        "left_out": calls.left_out,
        "talk": calls.talk.as_ref().map(talk),
        "talks": calls.talks,
        "talks_cut_off": calls.cut_off,
        "talk_by_queue": by_queue,
        "patience": patience(&calls.patience),
        "patience_by_queue": patience_by_queue,
        "redial": redials(&calls.redial),
        "lines": lines,
    })
}

fn talk(law: &talk::Law) -> Value {
    json!({
        "talks": law.talks,
        "days": law.days,
        "law": law.family.name(),
        "mean_s": figure(law.mean_s),
        "cv": figure(law.cv),
        "plain_cv": law.plain_cv,
    })
}

fn patience(found: &patience::Found) -> Value {
    let survival = found
        .survival
        .iter()
        .map(|(seconds, share)| json!({ "after_s": seconds, "share": figure(*share) }));
    let pieces = found.pieces.iter().map(|piece| {
        json!({ "from_s": piece.from_s, "hung_up": piece.hung_up, "per_minute": figure(piece.per_minute) })
    });
    json!({
        "waits": found.waits,
        "hung_up": found.hung_up,
        "survival": survival.collect::<Vec<Value>>(),
        "hazard": pieces.collect::<Vec<Value>>(),
    })
}

fn redials(found: &redial::Found) -> Value {
    match found {
        redial::Found::Known(known) => {
            let by: Map<String, Value> = known
                .by
                .iter()
                .map(|(how, failed, share)| {
                    let object = json!({ "attempts": failed, "share": figure(*share) });
                    (how.name().to_owned(), object)
                })
                .collect();
            json!({ "after": by, "delay_s": figure(known.delay_s), "withheld": known.withheld })
        }
        redial::Found::NoCallers => json!({ "unknown": "no-callers" }),
        redial::Found::Disorder => json!({ "unknown": "disorder" }),
        redial::Found::TooFew(failed) => json!({ "unknown": "too-few", "attempts": failed }),
    }
}

fn ways(ways: &Ways) -> Value {
    let outcomes: Map<String, Value> = ways
        .outcomes
        .iter()
        .map(|(outcome, calls)| (outcome.name().to_owned(), json!(calls)))
        .collect();
    json!({ "calls": ways.calls(), "outcomes": outcomes, "queues": ways.queues })
}

fn spread(spread: Spread) -> Value {
    match spread {
        Spread::Cv(cv) => json!({ "cv": figure(cv) }),
        Spread::Chance => json!({ "unknown": "chance" }),
        Spread::Intervals => json!({ "unknown": "intervals" }),
        Spread::Balanced => json!({ "unknown": "balanced" }),
        Spread::TooFew => json!({ "unknown": "too-few" }),
    }
}

fn figure(figure: Figure) -> Value {
    json!({ "mean": figure.mean, "low": figure.low, "high": figure.high })
}
