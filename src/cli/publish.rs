//! `strowger publish` and `strowger rollback`: menus of a running daemon.

use super::Exit;
use super::bounds::whole;
use super::control;
use super::control::Failure;
use super::output;
use crate::daemon::api::menus::Sent;
use crate::menu::Request;
use crate::menu::compile;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use clap::Args;
use serde_json::Value;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Publish {
    /// All lines of the site: one that is left out takes no more calls. Files that they name go along.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    at: control::Address,
}

#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// The version to go back to; the last that differs from the one in force unless set.
    #[arg(long, value_name = "VERSION", value_parser = whole(1..=u64::MAX))]
    to: Option<u64>,
    #[command(flatten)]
    at: control::Address,
}

impl Publish {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let request = Request::today(self.files.clone());
        let plan = compile(&request, &mut sources, &mut problems);
        let exit = output::report(&problems, &sources);
        if plan.is_none() {
            return exit;
        }
        let sent = json!(Sent::of(&self.files, &sources));
        ask(&self.at, "/api/v1/menus", &sent)
    }
}

impl Rollback {
    pub(super) fn run(&self) -> Exit {
        let body = self.to.map_or(json!({}), |to| json!({ "to": to }));
        ask(&self.at, "/api/v1/menus/rollback", &body)
    }
}

fn ask(at: &control::Address, path: &str, body: &Value) -> Exit {
    let daemon = at.daemon().map_err(Failure::from);
    match daemon.and_then(|daemon| daemon.ask("POST", path, Some(body))) {
        Ok(publication) => {
            output::print(&format!("{}\n", said(&publication)));
            Exit::Fine
        }
        Err(failure) => failure.report(),
    }
}

fn said(publication: &Value) -> String {
    let version = &publication["version"];
    let calls = match publication["calls"].as_u64() {
        None | Some(0) => "no call is in progress".to_owned(),
        Some(1) => "1 call goes on with the menus that it began with".to_owned(),
        Some(calls) => format!("{calls} calls go on with the menus that they began with"),
    };
    let lines = |field: &str| {
        let lines = publication[field].as_array().into_iter().flatten();
        lines
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (new, gone) = (lines("new_lines"), lines("gone_lines"));
    match publication["changed"].as_bool() {
        Some(true) => {
            let force = format!("menus version {version} in force; {calls}");
            let new = (!new.is_empty()).then(|| format!("calls are taken now for {new}"));
            let gone = (!gone.is_empty()).then(|| {
                format!("no more calls are taken for {gone}, which these menus do not have")
            });
            let back = lines("moved_back");
            let back = (!back.is_empty()).then(|| {
                format!("back in the groups of these files, after a move to others: {back}")
            });
            let said: Vec<String> = [Some(force), new, gone, back]
                .into_iter()
                .flatten()
                .collect();
            said.join("\n")
        }
        _ => format!("menus version {version} stay in force: these are the same"),
    }
}
