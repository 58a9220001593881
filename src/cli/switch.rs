//! `strowger notice` and `strowger closure`: what operators switch on a running daemon.

use super::Exit;
use super::control;
use super::control::Failure;
use super::output;
use crate::daemon::api::lines::ON_S_MAX;
use crate::daemon::url::encode;
use clap::Args;
use clap::Subcommand;
use serde_json::Value;
use serde_json::json;

#[derive(Debug, Args)]
pub(super) struct Notice {
    #[command(subcommand)]
    act: NoticeAct,
}

#[derive(Debug, Subcommand)]
enum NoticeAct {
    /// Have steps with `when = "notice"` say this.
    Set {
        /// What is said.
        text: String,
        /// In which language; that with which calls begin unless set.
        #[arg(long, value_name = "TAG")]
        language: Option<String>,
        /// For how long: `2h`, `30m`; until it is cleared unless set.
        #[arg(long = "for", value_name = "TIME", value_parser = seconds)]
        span: Option<u64>,
        #[command(flatten)]
        at: At,
    },
    /// Say nothing any more.
    Clear {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Debug, Args)]
pub(super) struct Closure {
    #[command(subcommand)]
    act: ClosureAct,
}

#[derive(Debug, Subcommand)]
enum ClosureAct {
    /// Close, whatever the calendars say: hours are over, and nobody can join a queue.
    Set {
        /// For how long: `2h`, `30m`; until it is cleared unless set.
        #[arg(long = "for", value_name = "TIME", value_parser = seconds)]
        span: Option<u64>,
        #[command(flatten)]
        at: At,
    },
    /// Go by the calendars again.
    Clear {
        #[command(flatten)]
        at: At,
    },
}

/// Which lines of which daemon.
#[derive(Debug, Args)]
struct At {
    /// The line, by the stem of its file; all lines unless set.
    #[arg(long, value_name = "LINE")]
    line: Option<String>,
    #[command(flatten)]
    at: control::Address,
}

impl Notice {
    pub(super) fn run(&self) -> Exit {
        let (at, body) = match &self.act {
            NoticeAct::Set {
                text,
                language,
                span,
                at,
            } => {
                let text = match language {
                    Some(tag) => json!({ tag: text }),
                    None => json!(text),
                };
                (at, Some(with_span(json!({ "text": text }), *span)))
            }
            NoticeAct::Clear { at } => (at, None),
        };
        at.switch("notice", body.as_ref())
    }
}

impl Closure {
    pub(super) fn run(&self) -> Exit {
        let (at, body) = match &self.act {
            ClosureAct::Set { span, at } => (at, Some(with_span(json!({}), *span))),
            ClosureAct::Clear { at } => (at, None),
        };
        at.switch("closure", body.as_ref())
    }
}

fn with_span(mut body: Value, span: Option<u64>) -> Value {
    if let Some(seconds) = span {
        body["for_s"] = json!(seconds);
    }
    body
}

/// `2h` in seconds.
fn seconds(text: &str) -> Result<u64, String> {
    let span = crate::menu::value::duration(text).map(|span| span.0 / 1000);
    let seconds = span.filter(|seconds| *seconds > 0);
    let seconds = seconds.ok_or("write a whole number and a unit: 90s, 30m, 2h")?;
    match seconds > ON_S_MAX {
        true => {
            Err("at most a year, 8784h: leave it out to have it until it is cleared".to_owned())
        }
        false => Ok(seconds),
    }
}

impl At {
    /// Switches something on with a body, or off without one.
    fn switch(&self, what: &str, body: Option<&Value>) -> Exit {
        match self.try_switch(what, body) {
            Ok(views) => {
                for view in &views {
                    let line = view["line"].as_str().unwrap_or_default();
                    output::print(&format!("{line}: {}\n", state(view)));
                }
                let is_in_vain =
                    what == "notice" && !views.is_empty() && views.iter().all(is_unheard);
                if is_in_vain {
                    eprintln!(
                        "strowger: no caller hears the notice: give a line a step with \
                         `when = \"notice\"`, and publish it"
                    );
                }
                match is_in_vain {
                    true => Exit::Findings,
                    false => Exit::Fine,
                }
            }
            Err(failure) => failure.report(),
        }
    }

    /// How each line is then.
    fn try_switch(&self, what: &str, body: Option<&Value>) -> Result<Vec<Value>, Failure> {
        let daemon = self.at.daemon()?;
        let lines = match &self.line {
            Some(line) => vec![line.clone()],
            None => names(&daemon.ask("GET", "/api/v1/lines", None)?),
        };
        let method = if body.is_some() { "PUT" } else { "DELETE" };
        let paths = lines
            .iter()
            .map(|line| format!("/api/v1/lines/{}/{what}", segment(line)));
        paths.map(|path| daemon.ask(method, &path, body)).collect()
    }
}

fn names(lines: &Value) -> Vec<String> {
    let lines = lines.as_array().into_iter().flatten();
    let names = lines.filter_map(|line| line["line"].as_str());
    names.map(str::to_owned).collect()
}

/// A name as one segment of a path.
fn segment(name: &str) -> String {
    let mut segment = String::new();
    encode(name, &mut segment);
    segment
}

/// How a line stands, in words.
fn state(view: &Value) -> String {
    let closed = match view["closed"].as_bool() {
        Some(true) => "closed",
        _ => "open by its hours",
    };
    let notice = view["notice"].as_object();
    let words = notice.into_iter().flatten();
    let words: Vec<String> = words
        .filter_map(|(tag, text)| Some(format!("{tag} \"{}\"", text.as_str()?)))
        .collect();
    let unheard = match is_unheard(view) {
        true => ", which none of its steps says",
        false => "",
    };
    match words.is_empty() {
        true => format!("{closed}, no notice"),
        false => format!("{closed}, notice in {}{unheard}", words.join(", ")),
    }
}

/// Whether a notice is set on a line of which no caller hears one.
fn is_unheard(view: &Value) -> bool {
    let is_set = view["notice"]
        .as_object()
        .is_some_and(|words| !words.is_empty());
    is_set && view["says_notices"] == false
}
