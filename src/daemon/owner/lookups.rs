//! What calls want to know of other systems: questions out, answers in.

use super::Owner;
use crate::daemon::entry::What;
use crate::daemon::lookup::Answer;
use crate::daemon::lookup::Question;
use crate::daemon::lookup::Request;
use crate::daemon::site::Asked;
use crate::daemon::url::encode;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Piece;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::CallId;
use crate::exchange::id::LookupId;
use serde_json::Map;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

impl Owner {
    /// What is to be asked, once a commit has made it safe. Those of which nothing can be asked have
    /// failed: see [`Owner::answered`].
    pub fn questions(&mut self) -> Vec<Result<Question, (CallId, LookupId)>> {
        let asked = std::mem::take(&mut self.asked);
        let asked = asked.iter().filter_map(|call| self.site.asked(*call));
        let asked: Vec<Asked> = asked.cloned().collect();
        let question = |asked: &Asked| {
            let question = self.question(asked);
            question.ok_or((asked.call, asked.lookup))
        };
        asked.iter().map(question).collect()
    }

    /// Asks again what was asked before a crash: nobody knows what came of it.
    pub(in crate::daemon) fn ask_again(&mut self) {
        let calls = self.site.all_asked().map(|asked| asked.call);
        self.asked = calls.collect();
    }

    /// What came of a question. One whose call is over, or has gone on, is passed over.
    pub fn answered(&mut self, call: CallId, lookup: LookupId, answer: Answer) {
        let expected = self.site.asked(call);
        let Some(asked) = expected.filter(|asked| asked.lookup == lookup) else {
            return;
        };
        let Some(facts) = self.site.calls().get(call) else {
            return;
        };
        let plan = self.site.exchange().plan();
        let StepKind::Lookup(step) = &plan.step(asked.step).kind else {
            return;
        };
        let names = &plan.line(facts.line).variables;
        let mut values = BTreeMap::new();
        let result = match answer {
            Answer::None(result) => result,
            Answer::Found(found) => {
                let branch = step.branch.and_then(|place| found.get(usize::from(place)));
                let result = step.case_of(branch.and_then(Option::as_deref));
                for (saved, value) in step.save.iter().zip(found) {
                    // What is not there takes the place of what was there before.
                    let name = names[saved.variable.index()].clone();
                    values.insert(name, value.unwrap_or_default());
                }
                result
            }
        };
        let bridge = self.site.bridges().get(facts.bridge).name.clone();
        let what = What::LookedUp {
            bridge,
            call: facts.name.clone(),
            lookup: lookup.0,
            result,
            values,
        };
        self.stage(self.now, what);
    }

    /// A question in full; none if it needs a secret that was lost.
    fn question(&self, asked: &Asked) -> Option<Question> {
        let plan = self.site.exchange().plan();
        let StepKind::Lookup(lookup) = &plan.step(asked.step).kind else {
            return None;
        };
        let request = self.request(asked, lookup)?;
        let secret = asked.entries.iter().any(|(_, digits)| digits.has_hidden());
        Some(Question {
            call: asked.call,
            lookup: asked.lookup,
            request,
            timeout: Duration::from_millis(lookup.timeout.0),
            // No secret outlives its call.
            cache: lookup
                .cache
                .filter(|_| !secret)
                .map(|span| Duration::from_millis(span.0)),
            pointers: lookup
                .save
                .iter()
                .map(|saved| saved.pointer.clone())
                .collect(),
        })
    }

    fn request(&self, asked: &Asked, lookup: &Lookup) -> Option<Request> {
        let mut url = String::new();
        for piece in &lookup.request.url {
            match piece {
                Piece::Text(text) => url.push_str(text),
                other => encode(&self.piece(asked, other)?, &mut url),
            }
        }
        let mut body = Map::new();
        for (name, pieces) in &lookup.request.body {
            let mut text = String::new();
            for piece in pieces {
                text.push_str(&self.piece(asked, piece)?);
            }
            body.insert(name.clone(), Value::String(text));
        }
        let body = match body.is_empty() {
            true => String::new(),
            false => Value::Object(body).to_string(),
        };
        Some(Request {
            method: lookup.request.method,
            url,
            body,
            bearer_env: lookup.request.bearer_env.clone(),
        })
    }

    fn piece(&self, asked: &Asked, piece: &Piece) -> Option<String> {
        let plan = self.site.exchange().plan();
        let facts = self.site.calls().get(asked.call)?;
        Some(match piece {
            Piece::Text(text) => text.clone(),
            Piece::Caller => facts.from.clone().unwrap_or_default(),
            Piece::Line => plan.line(facts.line).name.clone(),
            Piece::Language => {
                let language = self.site.exchange().language_of(asked.call)?;
                plan.languages[language.index()].clone()
            }
            Piece::Saved(variable) => {
                let mut entries = asked.entries.iter();
                let entry = entries.find(|(other, _)| other == variable);
                match entry.map(|(_, digits)| digits) {
                    Some(digits) if digits.has_hidden() => {
                        let secret = self.guard.secret(asked.call, *variable)?;
                        (secret.len() == digits.len()).then(|| secret.to_string())?
                    }
                    Some(digits) if !digits.is_empty() => digits.to_string(),
                    _ => self.site.saved(asked.call, *variable).to_owned(),
                }
            }
        })
    }

    /// Has a look-up fail of which nothing could be asked.
    pub fn cannot_ask(&mut self, (call, lookup): (CallId, LookupId)) {
        self.answered(call, lookup, Answer::None(LookupResult::Failed));
    }
}
