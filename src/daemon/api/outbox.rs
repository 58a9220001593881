//! What other systems are to be told and have not taken yet.

use super::Answer;
use super::App;
use super::calls::Limit;
use super::problem::Problem;
use crate::daemon::journal::rows::DeliveryRow;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Query;
use axum::Json;
use axum::body::Bytes;
use axum::extract;
use axum::extract::State;
use serde_json::Value;
use serde_json::json;
use tokio::sync::oneshot;

pub(super) async fn list(
    State(app): State<App>,
    extract::Query(limit): extract::Query<Limit>,
) -> Answer<Vec<DeliveryRow>> {
    let rows = limit.rows()?;
    app.read(|reply| Query::Outbox(rows, reply)).await.map(Json)
}

/// Has what was given up sent again.
pub(super) async fn again(State(app): State<App>, body: Bytes) -> Answer<Value> {
    Problem::read_nothing(&body)?;
    let (reply, answer) = oneshot::channel();
    let put = app.mail.put(Item::SendAgain { reply }).await;
    put.map_err(|_| Problem::overloaded())?;
    let sent = answer.await.map_err(|_| Problem::overloaded())?;
    let (again, left) = sent.map_err(|error| Problem::journal(&error))?;
    Ok(Json(json!({ "again": again, "given_up": left.given_up })))
}
