//! Look-ups over HTTP: what the owner wants to know of other systems is asked for beside it, and
//! comes back as one more thing that has happened.
//!
//! A question leaves only once the batch that brought it about is safe. After a crash it is asked
//! again, as nobody knows whether it was: a system that is asked by POST must bear that.

mod answer;
mod cache;
mod client;

pub use client::Client;

use super::mailbox::Item;
use super::mailbox::Mailboxes;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Method;
use crate::exchange::id::CallId;
use crate::exchange::id::LookupId;
use answer::Body;
use cache::Cache;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::sync::mpsc;

/// Questions that wait to be asked.
pub const QUESTIONS_MAX: usize = 4096;
/// Questions that are asked at one time; others wait, and their callers no longer than ever.
pub const AT_ONCE_MAX: usize = 256;

/// Something to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// For which call.
    pub call: CallId,
    /// Which of its look-ups.
    pub lookup: LookupId,
    /// The request.
    pub request: Request,
    /// The longest wait.
    pub timeout: Duration,
    /// How long an answer may be used again; none: not at all.
    pub cache: Option<Duration>,
    /// JSON pointers to what is to be kept.
    pub pointers: Vec<String>,
}

/// A request, filled in. It may hold a secret: it is not to be printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Where.
    pub url: String,
    /// A JSON object, or nothing.
    pub body: String,
    /// The environment variable with the bearer token.
    pub bearer_env: Option<String>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (method, length) = (self.method.name(), self.body.len());
        write!(f, "{method} {} ({length} bytes)", self.url)
    }
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What is at each of the pointers, as text; nothing where nothing is.
    Found(Vec<Option<String>>),
    /// There is none.
    None(LookupResult),
}

/// Asks what the owner wants to know, until it wants to know no more.
pub(super) async fn run(mut questions: mpsc::Receiver<Question>, client: Client, mail: Mailboxes) {
    let lines = Arc::new(Semaphore::new(AT_ONCE_MAX));
    let asker = Arc::new(Asker {
        client,
        cache: Cache::default(),
    });
    while let Some(question) = questions.recv().await {
        let (lines, asker, mail) = (Arc::clone(&lines), Arc::clone(&asker), mail.clone());
        tokio::spawn(async move {
            let limit = tokio::time::timeout(question.timeout, async {
                let _line = lines.acquire().await;
                asker.ask(&question).await
            });
            let answer = limit.await;
            let answer = answer.unwrap_or(Answer::None(LookupResult::TimedOut));
            let (call, lookup) = (question.call, question.lookup);
            let item = Item::LookedUp {
                call,
                lookup,
                answer,
            };
            // An owner that has ended needs no answer.
            let _ = mail.put(item).await;
        });
    }
}

struct Asker {
    client: Client,
    cache: Cache,
}

impl Asker {
    async fn ask(&self, question: &Question) -> Answer {
        if let Some(known) = self.cache.get(question) {
            return Answer::Found(known.values(&question.pointers));
        }
        let body = match self.client.send(&question.request).await {
            Ok(text) => match Body::read(&text) {
                Some(body) => body,
                None => {
                    let address = without_query(&question.request.url);
                    let what = "has answered with something else than JSON";
                    self.client.complain(address, what);
                    return Answer::None(LookupResult::Failed);
                }
            },
            Err(result) => return Answer::None(result),
        };
        let found = body.values(&question.pointers);
        self.cache.keep(question, body);
        Answer::Found(found)
    }
}

/// An address as it may be printed: what a caller has entered stands behind the host.
pub(super) fn without_query(url: &str) -> &str {
    let host = url.find("://").map_or(0, |place| place + 3);
    let end = url[host..].find(['/', '?']);
    end.map_or(url, |end| &url[..host + end])
}
