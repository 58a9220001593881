//! Agents at work: who is there, and what they do.

use super::Answer;
use super::App;
use super::problem::Problem;
use crate::daemon::entry::AgentAct;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Query;
use crate::daemon::owner::AgentObjection;
use crate::daemon::wallboard::AgentView;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::sync::oneshot;

/// What may come with an act.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Details {
    reason: Option<String>,
}

pub(super) async fn list(State(app): State<App>) -> Answer<Vec<AgentView>> {
    let board = app.ask(Query::Wallboard).await?;
    Ok(Json(board.agents))
}

pub(super) async fn show(State(app): State<App>, Path(name): Path<String>) -> Answer<AgentView> {
    let board = app.ask(Query::Wallboard).await?;
    let mut agents = board.agents.into_iter();
    let agent = agents.find(|agent| agent.agent == name);
    agent.map(Json).ok_or_else(|| unknown(&name))
}

pub(super) async fn act(
    State(app): State<App>,
    Path((agent, act)): Path<(String, String)>,
    body: Bytes,
) -> Answer<AgentView> {
    let act = parse_act(&act, &body)?;
    let (reply, answer) = oneshot::channel();
    let item = Item::Agent {
        agent: agent.clone(),
        act: act.clone(),
        reply,
    };
    let put = app.mail.put(item).await;
    put.map_err(|_| Problem::overloaded())?;
    let done = answer.await.map_err(|_| Problem::overloaded())?;
    done.map(Json)
        .map_err(|objection| problem(&agent, &act, objection))
}

/// What an agent asks for: the last part of the address, and the body.
///
/// # Errors
/// What is wrong with either.
pub fn parse_act(act: &str, body: &[u8]) -> Result<AgentAct, Problem> {
    let details: Details = match body.is_empty() {
        true => Details::default(),
        false => serde_json::from_slice(body).map_err(|error| {
            Problem::bad_request(format!("the body is not as it should be: {error}"))
        })?,
    };
    let act = match act {
        "sign-in" => AgentAct::SignIn,
        "ready" => AgentAct::Ready,
        "pause" => {
            return Ok(AgentAct::Pause {
                reason: details.reason,
            });
        }
        "wrap-up-done" => AgentAct::WrapUpDone,
        "sign-out" => AgentAct::SignOut,
        other => {
            return Err(Problem::not_found(format!(
                "agents do not \"{other}\": they sign-in, ready, pause, wrap-up-done and sign-out"
            )));
        }
    };
    match details.reason {
        None => Ok(act),
        Some(_) => Err(Problem::bad_request("only a pause has a reason")),
    }
}

fn unknown(agent: &str) -> Problem {
    Problem::not_found(format!("no agent is called \"{agent}\""))
}

fn problem(agent: &str, act: &AgentAct, objection: AgentObjection) -> Problem {
    match objection {
        AgentObjection::UnknownAgent => unknown(agent),
        AgentObjection::UnknownReason => {
            let reason = match act {
                AgentAct::Pause {
                    reason: Some(reason),
                } => reason,
                _ => "",
            };
            let detail = format!("\"{reason}\" is not among the groups file's pause_reasons");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown-reason", detail)
        }
        AgentObjection::NotNow => {
            let detail = format!("\"{agent}\" is not in a state in which this can happen");
            Problem::new(StatusCode::CONFLICT, "not-now", detail)
        }
    }
}
