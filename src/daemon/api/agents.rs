//! Agents at work: who is there, and what they do.

use super::Answer;
use super::App;
use super::problem::Problem;
use crate::daemon::entry::AgentAct;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Query;
use crate::daemon::site::AgentObjection;
use crate::daemon::wallboard::AgentView;
use crate::exchange::limits::AGENT_GROUPS_MAX;
use crate::exchange::record::AgentState;
use crate::exchange::record::TurnedAway;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tokio::sync::oneshot;

/// What may come with an act.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Details {
    reason: Option<String>,
    queue: Option<String>,
    agent: Option<String>,
    groups: Option<Vec<String>>,
}

/// Names in one problem.
const LISTED_MAX: usize = 20;

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
    let details: Details = Problem::read_if_any(body)?;
    let bad = |detail| Err(Problem::bad_request(detail));
    let details = (details.reason, details.queue, details.agent, details.groups);
    Ok(match (act, details) {
        ("sign-in", (None, None, None, None)) => AgentAct::SignIn,
        ("ready", (None, None, None, None)) => AgentAct::Ready,
        ("pause", (reason, None, None, None)) => AgentAct::Pause { reason },
        ("wrap-up-done", (None, None, None, None)) => AgentAct::WrapUpDone,
        ("extend-wrap-up", (None, None, None, None)) => AgentAct::ExtendWrapUp,
        ("transfer", (None, Some(queue), None, None)) => AgentAct::TransferToQueue { queue },
        ("transfer", (None, None, Some(colleague), None)) => {
            AgentAct::TransferToAgent { colleague }
        }
        ("invite", (None, Some(queue), None, None)) => AgentAct::InviteFromQueue { queue },
        ("invite", (None, None, Some(colleague), None)) => AgentAct::InviteAgent { colleague },
        ("invite", _) => {
            return bad("an invitation has either a \"queue\" or an \"agent\"");
        }
        ("withdraw-invitation", (None, None, None, None)) => AgentAct::WithdrawInvitation,
        ("transfer", _) => {
            return bad("a transfer has either a \"queue\" or an \"agent\"");
        }
        ("move", (None, None, None, Some(groups))) => AgentAct::Move { groups },
        ("move", _) => return bad("a move has \"groups\", a list of names"),
        ("pause-recording", (None, None, None, None)) => AgentAct::PauseRecording,
        ("resume-recording", (None, None, None, None)) => AgentAct::ResumeRecording,
        ("sign-out", (None, None, None, None)) => AgentAct::SignOut,
        (
            "sign-in"
            | "ready"
            | "pause"
            | "wrap-up-done"
            | "extend-wrap-up"
            | "pause-recording"
            | "resume-recording"
            | "withdraw-invitation"
            | "sign-out",
            _,
        ) => {
            return bad(
                "only a pause has a reason, and only transfer, invite and move say where to",
            );
        }
        (other, _) => {
            return Err(Problem::not_found(format!(
                "agents do not \"{other}\": they sign-in, ready, pause, wrap-up-done, \
                 extend-wrap-up, transfer, invite, withdraw-invitation, pause-recording, resume-recording, move and sign-out"
            )));
        }
    })
}

fn unknown(agent: &str) -> Problem {
    Problem::not_found(format!("no agent is called \"{agent}\""))
}

fn problem(agent: &str, act: &AgentAct, objection: AgentObjection) -> Problem {
    let conflict = |code, detail: String| Problem::new(StatusCode::CONFLICT, code, detail);
    let unusable =
        |code, detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
    match objection {
        AgentObjection::UnknownAgent => unknown(agent),
        AgentObjection::UnknownReason(known) => {
            let reason = match act {
                AgentAct::Pause {
                    reason: Some(reason),
                } => reason,
                _ => "",
            };
            let known = names(&known);
            unusable(
                "unknown-reason",
                format!("\"{reason}\" is not among the groups file's pause_reasons: {known}"),
            )
        }
        AgentObjection::UnknownQueue(known) => unusable(
            "unknown-queue",
            format!(
                "the line of {agent}'s call has no such queue, but {}",
                names(&known)
            ),
        ),
        AgentObjection::UnknownColleague => unusable(
            "unknown-agent",
            "no agent has the name of the colleague".to_owned(),
        ),
        AgentObjection::ColleagueAway(state) => {
            let (colleague, to) = match act {
                AgentAct::TransferToAgent { colleague } => (colleague.as_str(), "to "),
                AgentAct::InviteAgent { colleague } => (colleague.as_str(), ""),
                _ => ("", ""),
            };
            let (is, instead) = (in_words(state), instead(act));
            conflict(
                "not-now",
                format!("\"{colleague}\" {is}: {instead}, or {to}somebody who is ready"),
            )
        }
        AgentObjection::Oneself => conflict(
            "not-now",
            format!("\"{agent}\" has the caller already: {}", instead(act)),
        ),
        AgentObjection::CannotRing => conflict(
            "cannot-ring",
            match act {
                AgentAct::InviteAgent { .. } => {
                    "the bridge that carries the call cannot ring phones".to_owned()
                }
                _ => format!(
                    "the bridge that carries the call cannot ring phones: {}",
                    instead(act)
                ),
            },
        ),
        AgentObjection::NobodyToInvite(why) => {
            let queue = match act {
                AgentAct::InviteFromQueue { queue } => queue,
                _ => "",
            };
            let why = match why {
                TurnedAway::Closed => "it is closed",
                TurnedAway::Full => "nobody is free, and no more callers may wait",
                TurnedAway::NoAgents => "nobody is signed in who could come",
                TurnedAway::AllPaused => "everybody who could come is on a break",
                TurnedAway::Overload => "it would take too long",
            };
            conflict(
                "not-now",
                format!("nobody can be invited out of \"{queue}\": {why}"),
            )
        }
        AgentObjection::UnknownGroup(known) => unusable(
            "unknown-group",
            format!(
                "from one to {AGENT_GROUPS_MAX} groups of the groups files: {}",
                names(&known)
            ),
        ),
        AgentObjection::NoBridge => conflict(
            "no-bridge",
            "the bridge that carries the call is away: the recording goes on".to_owned(),
        ),
        AgentObjection::PhoneTaken(colleague) => conflict(
            "phone-taken",
            format!(
                "\"{colleague}\" is signed in and has the same phone: sign \"{colleague}\" out first"
            ),
        ),
        AgentObjection::NotNow(state) => conflict(
            "not-now",
            format!("\"{agent}\" {}, and cannot do this now", in_words(state)),
        ),
    }
}

/// What to do where a colleague is not to be had.
fn instead(act: &AgentAct) -> &'static str {
    match act {
        AgentAct::InviteAgent { .. } => "invite somebody out of a queue",
        _ => "hand the caller on to a queue",
    }
}

fn in_words(state: AgentState) -> &'static str {
    match state {
        AgentState::SignedOut => "is signed out",
        AgentState::NotReady => "is signed in and not ready",
        AgentState::Paused => "is on a break",
        AgentState::Idle => "is free for calls",
        AgentState::Resting => "is free in a moment",
        AgentState::Ringing => "is being rung",
        AgentState::Talking => "is in a call",
        AgentState::WrapUp => "is in wrap-up",
    }
}

/// Names, in quotes; so many that they can be read.
fn names(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let shown = names.iter().take(LISTED_MAX);
    let shown: Vec<String> = shown.map(|name| format!("\"{name}\"")).collect();
    let more = if names.len() > LISTED_MAX {
        ", …"
    } else {
        ""
    };
    shown.join(", ") + more
}
