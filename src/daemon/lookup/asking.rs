//! Asks other systems, each question beside all others, and has the owner know what came of it.

use super::Answer;
use super::Client;
use super::Question;
use super::answer::Body;
use super::cache::Cache;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Mailboxes;
use crate::daemon::url::without_query;
use crate::exchange::dialplan::LookupResult;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::sync::mpsc;

/// Questions that are asked at one time; others wait, and their callers no longer than ever.
const AT_ONCE_MAX: usize = 256;

/// Asks what the owner wants to know, until it wants to know no more.
pub(in crate::daemon) async fn run(
    mut questions: mpsc::Receiver<Question>,
    client: Client,
    mail: Mailboxes,
) {
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
