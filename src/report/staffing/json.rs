//! The agents needed, for programs.

use super::Checked;
use super::Missed;
use super::Slot;
use super::Staffing;
use super::Turn;
use crate::report::json::case;
use crate::report::json::figure;
use crate::report::json::head;
use crate::report::json::number;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// One object: `groups.<name>.intervals[]` with `needed` and `present` agents, `calls`, `load_erlangs`, what
/// `erlang_c` and `erlang_a` say, and the figures of the goals; `with_needed`, which is what `simulate` has for
/// a case; `checked`, what other callers came to; where the scenario has shifts, `roster` and `with_roster`. Keys are in alphabetical order; the same, byte for byte, for
/// the same search.
pub fn json(staffing: &Staffing) -> Value {
    let study = &staffing.study;
    let goals = &study.base.goals;
    let group = |group: &super::Group| {
        let slot = |slot: &Slot| {
            let of_goals = group.goals.iter().zip(&slot.figures);
            let of_goals = of_goals.map(|(goal, value)| {
                let goal = &goals[*goal];
                (format!("{}.{}", goal.subject, goal.metric), figure(*value))
            });
            let kinds = |heads: &[u32]| {
                let named = group
                    .kinds
                    .iter()
                    .cloned()
                    .zip(heads.iter().map(|one| json!(one)));
                Value::Object(named.collect())
            };
            let mut object = json!({
                "start": slot.from,
                "calls": number(Some(slot.calls)),
                "load_erlangs": number(Some(slot.load)),
                "erlang_c": slot.erlang_c,
                "erlang_a": slot.erlang_a,
                "needed": slot.all_needed(),
                "present": slot.all_present(),
                "goals": Value::Object(of_goals.collect()),
            });
            if group.kinds.len() > 1 {
                object["needed_by_kind"] = kinds(&slot.needed);
                object["present_by_kind"] = kinds(&slot.present);
            }
            object
        };
        let intervals: Vec<Value> = group.slots.iter().map(slot).collect();
        (group.name.clone(), json!({ "intervals": intervals }))
    };
    let groups: Map<String, Value> = staffing.groups.iter().map(group).collect();
    let missed =
        |list: &[Missed]| -> Value { list.iter().map(|one| miss(staffing, one)).collect() };
    let (needed, present) = staffing.agent_hours();
    let mut object = head(study);
    object.insert("what_if".into(), json!(staffing.what_if));
    object.insert("groups".into(), Value::Object(groups));
    object.insert(
        "interval_min".into(),
        number(Some(staffing.slot_hours * 60.0)),
    );
    object.insert(
        "agent_hours".into(),
        json!({ "needed": number(Some(needed)), "present": number(Some(present)) }),
    );
    object.insert("missed".into(), missed(&staffing.missed));
    let checked = |checked: &Checked| {
        json!({
            "seed": checked.seed,
            "judged_intervals": checked.judged,
            "missed_intervals": checked.intervals(),
            "missed": missed(&checked.missed),
        })
    };
    object.insert("checked".into(), checked(&staffing.checked));
    if let Some(rostering) = &staffing.rostering {
        let turns = rostering.turns.iter().map(|turn| shift(staffing, turn));
        let by_group = |agents: &[Vec<u32>]| {
            let groups = staffing.groups.iter().zip(agents);
            let groups = groups.map(|(group, agents)| (group.name.clone(), json!(agents)));
            groups.collect::<Map<String, Value>>()
        };
        object.insert(
            "roster".into(),
            json!({
                "shifts": turns.collect::<Value>(),
                "people": rostering.people(),
                "paid_hours": number(Some(rostering.paid_hours)),
                "least_paid_hours": number(rostering.least_hours),
                "missing_agent_hours": number(Some(rostering.missing_hours)),
                "at_work": by_group(&rostering.at_work),
                "missing_at_work": by_group(&rostering.missing),
                "raised_intervals": rostering.raised,
                "missed": missed(&rostering.missed),
                "checked": checked(&rostering.checked),
            }),
        );
        let figures = case(study, &rostering.case);
        object.insert("with_roster".into(), Value::Object(figures));
    }
    object.insert("tried".into(), json!(staffing.tried));
    object.insert(
        "with_needed".into(),
        Value::Object(case(study, &study.base)),
    );
    Value::Object(object)
}

/// People who have the same shift.
fn shift(staffing: &Staffing, turn: &Turn) -> Value {
    let taken = |(from, to, people): &(String, String, u32)| json!({ "from": from, "to": to, "people": people });
    let breaks = turn
        .breaks
        .iter()
        .map(|one| one.iter().map(taken).collect::<Value>());
    json!({
        "group": staffing.groups[turn.group].name,
        "kind": turn.kind,
        "shift": turn.shift,
        "from": turn.hours.0,
        "to": turn.hours.1,
        "people": turn.people,
        "breaks": breaks.collect::<Value>(),
    })
}

fn miss(staffing: &Staffing, missed: &Missed) -> Value {
    let goal = &staffing.study.base.goals[missed.goal];
    json!({
        "start": staffing.start(missed.interval),
        "subject": goal.subject,
        "metric": goal.metric,
        "wanted": goal.wanted,
        "value": figure(missed.value),
    })
}
