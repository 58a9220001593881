//! Calls back that are promised: which there are, and those that other programs ask for.

use super::Answer;
use super::App;
use super::calls::Limit;
use super::problem::Problem;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Query;
use crate::daemon::site::CallbackRequest;
use crate::daemon::site::CallbackView;
use crate::daemon::site::RequestObjection;
use crate::exchange::effect::NotPromised;
use crate::exchange::limits::CALLBACK_AHEAD_MAX;
use crate::exchange::limits::CALLBACKS_MAX;
use axum::Json;
use axum::body::Bytes;
use axum::extract;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::sync::oneshot;

const AHEAD_DAYS_MAX: u64 = CALLBACK_AHEAD_MAX.0 / (24 * 3_600_000);
/// The longest number, in characters: with all that is written around its digits.
const NUMBER_MAX: usize = 64;

/// Whom to call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Wanted {
    line: String,
    step: String,
    number: String,
    language: Option<String>,
    not_before_ms: Option<i64>,
}

pub(super) async fn list(
    State(app): State<App>,
    extract::Query(limit): extract::Query<Limit>,
) -> Answer<Vec<CallbackView>> {
    let most = limit.rows()?;
    app.ask(|reply| Query::Callbacks(most, reply))
        .await
        .map(Json)
}

pub(super) async fn ask(
    State(app): State<App>,
    body: Bytes,
) -> Result<(StatusCode, Json<CallbackView>), Problem> {
    let Wanted {
        line,
        step,
        number,
        language,
        not_before_ms,
    } = Problem::read(&body)?;
    if number.chars().count() > NUMBER_MAX {
        let detail = format!("a number has at most {NUMBER_MAX} characters");
        return Err(Problem::bad_request(detail));
    }
    let request = CallbackRequest {
        line,
        step,
        number,
        language,
        not_before: 0,
    };
    let (reply, answer) = oneshot::channel();
    let item = Item::AskForCallback {
        request: request.clone(),
        not_before_ms,
        reply,
    };
    let put = app.mail.put(item).await;
    put.map_err(|_| Problem::overloaded())?;
    let promised = answer.await.map_err(|_| Problem::overloaded())?;
    promised
        .map(|view| (StatusCode::CREATED, Json(view)))
        .map_err(|objection| problem(&request, objection))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    Path(call): Path<String>,
    body: Bytes,
) -> Answer<CallbackView> {
    Problem::read_nothing(&body)?;
    let (reply, answer) = oneshot::channel();
    let item = Item::WithdrawCallback {
        call: call.clone(),
        reply,
    };
    let put = app.mail.put(item).await;
    put.map_err(|_| Problem::overloaded())?;
    let withdrawn = answer.await.map_err(|_| Problem::overloaded())?;
    withdrawn.map(Json).ok_or_else(|| {
        Problem::not_found(format!(
            "no call back is called \"{call}\", or it has reached whom it was for"
        ))
    })
}

fn problem(request: &CallbackRequest, objection: RequestObjection) -> Problem {
    let unusable =
        |code, detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    let conflict = |code, detail: String| Problem::new(StatusCode::CONFLICT, code, detail);
    let CallbackRequest {
        line, step, number, ..
    } = request;
    match objection {
        RequestObjection::UnknownLine => unusable(
            "unknown-line",
            format!("no line is called \"{line}\" that takes calls"),
        ),
        RequestObjection::UnknownStep(known) => unusable(
            "unknown-step",
            match known.is_empty() {
                true => "the line has no callback step that may be asked for calls: allow it in the menu \
                         file with by_request = true"
                    .to_owned(),
                false => format!(
                    "\"{step}\" is no callback step that may be asked for calls; the line has {}",
                    known.join(", ")
                ),
            },
        ),
        RequestObjection::UnknownLanguage(known) => unusable(
            "unknown-language",
            format!("the line speaks {}", known.join(", ")),
        ),
        RequestObjection::NumberNotAllowed => unusable(
            "number-not-allowed",
            format!("[dialling] of the line does not allow \"{number}\""),
        ),
        RequestObjection::DiskFull => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "disk-full",
            "the disk is full: ask again once there is room",
        ),
        RequestObjection::NotPromised(NotPromised::Already) => conflict(
            "promised-already",
            format!("\"{step}\" is to call \"{number}\" anyway"),
        ),
        RequestObjection::NotPromised(NotPromised::Withheld) => {
            unusable("bad-value", "there is no number to call".to_owned())
        }
        RequestObjection::NotPromised(NotPromised::Undialable) => conflict(
            "no-bridge",
            "no bridge has been here that can dial, and ring agents".to_owned(),
        ),
        RequestObjection::NotPromised(NotPromised::TooMany) => conflict(
            "too-many",
            format!("{CALLBACKS_MAX} calls back are promised already: ask again later"),
        ),
        RequestObjection::NotPromised(NotPromised::TooFarAhead) => unusable(
            "bad-value",
            format!("\"not_before_ms\" is at most {AHEAD_DAYS_MAX} days ahead"),
        ),
        RequestObjection::NotPromised(NotPromised::NeverOpen) => conflict(
            "never-open",
            format!("the calendar of \"{step}\" does not open within a year"),
        ),
    }
}
