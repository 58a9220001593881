//! Lines: their notices and closures.

use super::Answer;
use super::App;
use super::problem::Problem;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Query;
use crate::daemon::owner::SwitchOn;
use crate::daemon::site::Words;
use crate::daemon::wallboard::LineView;
use crate::exchange::Switch;
use crate::exchange::time::Span;
use crate::menu::notice::check_notice;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::sync::oneshot;

/// Something is on for a year at most, unless it is on for good.
pub(crate) const ON_S_MAX: u64 = 366 * 24 * 3600;

/// What may come with a switch.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Details {
    text: Option<Text>,
    for_s: Option<u64>,
}

/// One text for all languages, or one for each.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "\"text\" is a text, or an object with one for each language"
)]
enum Text {
    One(String),
    Each(Words),
}

pub(super) async fn list(State(app): State<App>) -> Answer<Vec<LineView>> {
    let board = app.ask(Query::Wallboard).await?;
    Ok(Json(board.lines))
}

pub(super) async fn switch_on(
    State(app): State<App>,
    Path((line, switch)): Path<(String, String)>,
    body: Bytes,
) -> Answer<LineView> {
    let what = named(&switch)?;
    let view = known(&app, &line).await?;
    let on = details(what, &view, &body)?;
    switched(&app, line, what, Some(on)).await
}

pub(super) async fn switch_off(
    State(app): State<App>,
    Path((line, switch)): Path<(String, String)>,
    body: Bytes,
) -> Answer<LineView> {
    Problem::read_nothing(&body)?;
    let what = named(&switch)?;
    switched(&app, line, what, None).await
}

fn named(switch: &str) -> Result<Switch, Problem> {
    match switch {
        "notice" => Ok(Switch::Notice),
        "closure" => Ok(Switch::Closure),
        other => Err(Problem::not_found(format!(
            "a line has no \"{other}\": it has a notice and a closure"
        ))),
    }
}

async fn known(app: &App, line: &str) -> Result<LineView, Problem> {
    let board = app.ask(Query::Wallboard).await?;
    let mut lines = board.lines.into_iter();
    lines
        .find(|view| view.line == line)
        .ok_or_else(|| unknown(line))
}

fn unknown(line: &str) -> Problem {
    Problem::not_found(format!("no line is called \"{line}\""))
}

/// How something is switched on: the body.
fn details(what: Switch, line: &LineView, body: &[u8]) -> Result<SwitchOn, Problem> {
    let details: Details = Problem::read_if_any(body)?;
    let impossible = |detail: String| {
        Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-value",
            detail,
        ))
    };
    let words = match (what, details.text) {
        (Switch::Notice, Some(Text::One(text))) => {
            let languages = line.languages.iter().take(1);
            languages.map(|tag| (tag.clone(), text.clone())).collect()
        }
        (Switch::Notice, Some(Text::Each(words))) => words,
        (Switch::Notice, None) => {
            return Err(Problem::bad_request("a notice has a \"text\""));
        }
        (Switch::Closure, None) => Words::new(),
        (Switch::Closure, Some(_)) => {
            return Err(Problem::bad_request("only a notice has a text"));
        }
    };
    for (tag, text) in &words {
        if !line.languages.contains(tag) {
            return impossible(format!("the line does not speak \"{tag}\""));
        }
        if let Err(wrong) = check_notice(text) {
            return impossible(format!("the text in \"{tag}\" {wrong}"));
        }
    }
    if what == Switch::Notice && words.is_empty() {
        return impossible("a notice has a text in one language at least".to_owned());
    }
    match details.for_s {
        Some(0) => impossible("\"for_s\" is a number of seconds above 0".to_owned()),
        Some(seconds) if seconds > ON_S_MAX => {
            impossible(format!("\"for_s\" is at most {ON_S_MAX}: a year"))
        }
        seconds => Ok(SwitchOn {
            span: seconds.map(Span::seconds),
            words,
        }),
    }
}

async fn switched(app: &App, line: String, what: Switch, on: Option<SwitchOn>) -> Answer<LineView> {
    let (reply, answer) = oneshot::channel();
    let name = line.clone();
    let item = Item::Switch {
        line,
        what,
        on,
        reply,
    };
    let put = app.mail.put(item).await;
    put.map_err(|_| Problem::overloaded())?;
    let view = answer.await.map_err(|_| Problem::overloaded())?;
    view.map(Json).ok_or_else(|| unknown(&name))
}
