//! What answers are worth, for programs: in a report of a simulation and of a site that runs.

use crate::measure::definitions::definition;
use crate::measure::figure::Figure;
use crate::measure::row::Row;
use crate::measure::worth::WorthRows;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// A site's answers since a moment in Unix milliseconds: plain numbers, with what each of them means.
pub fn answers(rows: &WorthRows, since_ms: i64) -> Value {
    let mut object = Map::new();
    object.insert("since_ms".into(), json!(since_ms));
    worth(rows, |figure| super::json::number(figure.mean), &mut object);
    let all = [&rows.answers, &rows.requests, &rows.lookups, &rows.surveys];
    let names = all.into_iter().flatten().flat_map(|row| &row.total.0);
    let meanings = names.map(|(name, _)| ((*name).to_owned(), json!(definition(name).sentence)));
    object.insert("definitions".into(), Value::Object(meanings.collect()));
    Value::Object(object)
}

/// Adds what answers are worth to an object, each figure in the form it has there.
pub(super) fn worth(
    rows: &WorthRows,
    figure: impl Fn(Figure) -> Value,
    object: &mut Map<String, Value>,
) {
    let row = |row: &Row| {
        let figures = row.total.0.iter();
        let mut object: Map<String, Value> = figures
            .map(|(name, value)| ((*name).to_owned(), figure(*value)))
            .collect();
        for (name, text) in &row.about {
            object.insert((*name).into(), json!(text));
        }
        object.insert("name".into(), json!(row.name));
        object
    };
    let answer = |answer: &Row| {
        let mut object = row(answer);
        object.insert("works".into(), json!(rows.works(answer)));
        object
    };
    let answers: Vec<_> = rows.answers.iter().map(answer).collect();
    object.insert("answers".into(), json!(answers));
    for (name, rows) in [
        ("requests", &rows.requests),
        ("lookups", &rows.lookups),
        ("surveys", &rows.surveys),
    ] {
        let rows: Vec<_> = rows.iter().map(row).collect();
        object.insert(name.into(), json!(rows));
    }
    let costs = rows.costs.as_ref().map(|costs| {
        let agent_hour = super::json::number(Some(costs.agent_hour));
        json!({ "agent_hour": agent_hour, "currency": costs.currency })
    });
    object.insert("costs".into(), json!(costs));
}
