//! Menus: publishing them while the daemon runs, and going back.

use super::Answer;
use super::App;
use super::problem::Problem;
use crate::daemon::journal::rows::EditionRow;
use crate::daemon::log;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Query;
use crate::daemon::mailbox::Which;
use crate::daemon::menus::Menus;
use crate::daemon::owner::NotPublished;
use crate::daemon::owner::Publication;
use crate::menu::Request;
use crate::menu::compile;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

/// Files of one publication at most.
const FILES_MAX: usize = 4096;
/// The longest path of a file, in bytes.
const PATH_BYTES_MAX: usize = 1024;
/// Versions that are listed.
const LISTED_MAX: usize = 20;

/// Menus as they are sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an object with \"lines\" and \"files\""
)]
pub struct Sent {
    /// The paths of the lines among the files.
    pub lines: Vec<PathBuf>,
    /// All files that they need.
    pub files: Vec<SentFile>,
}

/// One file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an object with \"path\" and \"text\""
)]
pub struct SentFile {
    /// What other files call it.
    pub path: PathBuf,
    /// Other names for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<PathBuf>,
    /// Its text.
    pub text: String,
}

/// Which version to go back to.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Back {
    to: Option<u64>,
}

/// A version of the menus.
#[derive(Debug, Serialize)]
pub(super) struct Edition {
    version: u64,
    in_force: bool,
    at_ms: i64,
    files: Vec<PathBuf>,
}

impl Sent {
    /// What a compiler has read.
    pub fn of(lines: &[PathBuf], sources: &Sources) -> Self {
        let files = sources.iter().filter(|source| !source.is_flag);
        let file = |source: &crate::menu::source::Source| SentFile {
            also: sources
                .aliases()
                .filter(|(_, file)| sources.get(*file).path == source.path)
                .map(|(path, _)| path.to_owned())
                .collect(),
            path: source.path.clone(),
            text: source.text.clone(),
        };
        Self {
            lines: lines.to_vec(),
            files: files.map(file).collect(),
        }
    }
}

pub(super) async fn list(State(app): State<App>) -> Answer<Vec<Edition>> {
    let read = app.read(|reply| Query::Editions(LISTED_MAX, reply)).await;
    let (in_force, editions) = read?;
    let view = |edition: EditionRow| Edition {
        version: edition.version,
        in_force: edition.version == in_force,
        at_ms: edition.at_ms,
        files: edition.files.into_iter().map(PathBuf::from).collect(),
    };
    Ok(Json(editions.into_iter().map(view).collect()))
}

pub(super) async fn publish(State(app): State<App>, body: Bytes) -> Answer<Publication> {
    let sent: Sent = Problem::read(&body)?;
    if sent.lines.is_empty() {
        return Err(Problem::bad_request("\"lines\" names one line at least"));
    }
    if sent.files.len() > FILES_MAX {
        return Err(Problem::bad_request(format!(
            "there are at most {FILES_MAX} files"
        )));
    }
    let one_at_a_time = app.publishing.lock().await;
    let compiled = spawn_blocking(move || compiled(sent)).await;
    let menus = compiled.map_err(|_| Problem::overloaded())??;
    let publication = put_in_force(&app, Which::New(Box::new(menus))).await;
    drop(one_at_a_time);
    publication
}

pub(super) async fn roll_back(State(app): State<App>, body: Bytes) -> Answer<Publication> {
    let back: Back = Problem::read_if_any(&body)?;
    let one_at_a_time = app.publishing.lock().await;
    let publication = put_in_force(&app, Which::Earlier(back.to)).await;
    drop(one_at_a_time);
    publication
}

/// Reads, checks and compiles all of it, or says everything that is wrong with it.
fn compiled(sent: Sent) -> Result<Menus, Problem> {
    let mut sources = Sources::sealed();
    let mut known = BTreeSet::new();
    for SentFile { path, also, text } in sent.files {
        for name in also.iter().chain([&path]) {
            let written = name.to_string_lossy();
            if written.is_empty()
                || written.len() > PATH_BYTES_MAX
                || written.chars().any(char::is_control)
            {
                return Err(Problem::bad_request(format!(
                    "the path of a file is 1 to {PATH_BYTES_MAX} bytes of text, without control characters"
                )));
            }
            if !known.insert(Sources::plain(name)) {
                let detail = format!("two files are called \"{written}\": send each once");
                return Err(Problem::bad_request(detail));
            }
        }
        let file = sources.add(&path, text);
        for name in also {
            sources.add_alias(&name, file);
        }
    }
    let request = Request::today(sent.lines);
    let mut problems = Diagnostics::default();
    let plan = compile(&request, &mut sources, &mut problems);
    plan.map(|plan| Menus::new(plan, &sources)).ok_or_else(|| {
        let said = problems.render(&sources, false);
        log::write(&format!("strowger: menus were not published:\n{said}"));
        let findings = json!(problems.to_json(&sources));
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-menus", said).with_findings(findings)
    })
}

async fn put_in_force(app: &App, which: Which) -> Answer<Publication> {
    let (reply, answer) = oneshot::channel();
    let put = app.mail.put(Item::Publish { which, reply }).await;
    put.map_err(|_| Problem::overloaded())?;
    let publication = answer.await.map_err(|_| Problem::overloaded())?;
    publication.map(Json).map_err(|why| match why {
        NotPublished::Obstacles(obstacles) => {
            let said: Vec<String> = obstacles.iter().map(ToString::to_string).collect();
            Problem::new(StatusCode::CONFLICT, "in-the-way", said.join("; "))
        }
        NotPublished::UnknownVersion(Some(version)) => {
            Problem::not_found(format!("there are no menus of version {version}"))
        }
        NotPublished::UnknownVersion(None) => {
            Problem::not_found("there are no other menus to go back to")
        }
        NotPublished::Busy => Problem::overloaded(),
        NotPublished::DiskFull => {
            let detail = "the journal's disk is full";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "disk-full", detail)
        }
        NotPublished::Journal(error) => Problem::journal(&error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::mailbox::mailboxes;
    use crate::daemon::wallboard::Wallboard;
    use std::collections::BTreeSet;
    use tokio::sync::watch;

    #[tokio::test]
    async fn menus_are_put_in_force_one_after_the_other() {
        let (boxes, mut mail) = mailboxes();
        let (_board, watched) = watch::channel(Wallboard::default());
        let app = App::new(boxes, watched, (None, None));
        for _ in 0..2 {
            tokio::spawn(roll_back(State(app.clone()), Bytes::new()));
        }
        for version in 1..=2 {
            let Some(Item::Publish { reply, .. }) = mail.urgent.recv().await else {
                panic!("nothing is to be put in force");
            };
            assert!(mail.urgent.try_recv().is_err(), "both at once");
            let publication = Publication {
                version,
                changed: true,
                calls: 0,
                new_lines: BTreeSet::new(),
                gone_lines: BTreeSet::new(),
                moved_back: BTreeSet::new(),
            };
            reply.send(Ok(publication)).expect("it is awaited");
        }
    }
}
