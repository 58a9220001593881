//! Answers that may be used again for a while.

use super::Question;
use super::Request;
use super::answer::Body;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Instant;

/// Answers that are kept; when there are as many, those that are over make room, or else nothing is
/// kept.
pub(super) const ANSWERS_MAX: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Cache {
    answers: Mutex<HashMap<Request, (Instant, Body)>>,
}

impl Cache {
    /// The answer to the same request, if there is one that may still be used.
    pub(super) fn get(&self, question: &Question) -> Option<Body> {
        question.cache?;
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, body) = answers.get(&question.request)?;
        (*until > Instant::now()).then(|| body.clone())
    }

    /// Keeps an answer for as long as its look-up allows.
    pub(super) fn keep(&self, question: &Question, body: Body) {
        let Some(span) = question.cache else {
            return;
        };
        let now = Instant::now();
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= ANSWERS_MAX {
            answers.retain(|_, (until, _)| *until > now);
        }
        if answers.len() < ANSWERS_MAX {
            answers.insert(question.request.clone(), (now + span, body));
        }
    }
}
