//! Calls that have ended, messages and answers that were left, and where the journal stands.

use super::Answer;
use super::App;
use super::problem::Problem;
use crate::daemon::journal::rows::CdrRow;
use crate::daemon::journal::rows::MessageRow;
use crate::daemon::journal::rows::RecordingRow;
use crate::daemon::journal::rows::SurveyRow;
use crate::daemon::mailbox::Query;
use crate::report;
use axum::Json;
use axum::extract;
use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

/// Rows in one answer at most.
const ROWS_MAX: usize = 1000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    limit: Option<usize>,
}

impl Limit {
    /// How many rows are asked for.
    pub(super) fn rows(&self) -> Result<usize, Problem> {
        match self.limit.unwrap_or(100) {
            rows @ ..=ROWS_MAX => Ok(rows),
            _ => Err(Problem::bad_request(format!(
                "\"limit\" is at most {ROWS_MAX}"
            ))),
        }
    }
}

pub(super) async fn recent(
    State(app): State<App>,
    extract::Query(limit): extract::Query<Limit>,
) -> Answer<Vec<CdrRow>> {
    let rows = limit.rows()?;
    app.read(|reply| Query::RecentCalls(rows, reply))
        .await
        .map(Json)
}

pub(super) async fn messages(
    State(app): State<App>,
    extract::Query(limit): extract::Query<Limit>,
) -> Answer<Vec<MessageRow>> {
    let rows = limit.rows()?;
    app.read(|reply| Query::Messages(rows, reply))
        .await
        .map(Json)
}

pub(super) async fn recordings(
    State(app): State<App>,
    extract::Query(limit): extract::Query<Limit>,
) -> Answer<Vec<RecordingRow>> {
    let rows = limit.rows()?;
    app.read(|reply| Query::Recordings(rows, reply))
        .await
        .map(Json)
}

pub(super) async fn surveys(
    State(app): State<App>,
    extract::Query(limit): extract::Query<Limit>,
) -> Answer<Vec<SurveyRow>> {
    let rows = limit.rows()?;
    app.read(|reply| Query::Surveys(rows, reply))
        .await
        .map(Json)
}

/// What recorded answers are worth, and what has none.
pub(super) async fn answers(State(app): State<App>) -> Answer<Value> {
    let (since_ms, mut rows) = app.ask(Query::Answers).await?;
    if let Some(costs) = &app.costs {
        rows.cost(costs);
    }
    Ok(Json(report::answers(&rows, since_ms)))
}

/// The place in the journal and the hash of the state there; for whoever compares two daemons.
pub(super) async fn state(State(app): State<App>) -> Answer<Value> {
    let (position, hash) = app.ask(Query::State).await?;
    let hash = format!("{hash:016x}");
    Ok(Json(json!({ "position": position, "hash": hash })))
}
