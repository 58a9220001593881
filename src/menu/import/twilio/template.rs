//! Templates in a flow: `{{widgets.order.Digits}}`, `{{widgets.look_up.parsed.status}}`.

use super::super::super::step::sounds_secret;
use super::super::json;
use super::super::known::Known;
use super::super::names::Names;
use super::super::names::apart;
use super::super::names::kebab;
use super::super::slots::ALWAYS;
use super::Flow;
use crate::exchange::limits::VALUES_MAX;
use serde_json::Value;
use std::collections::BTreeMap;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Words(&'t str),
    /// What stands between two braces and two.
    Template(&'t str),
}

/// The pieces of a text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (template, behind) = after.split_once("}}").unwrap_or((after, ""));
        pieces.push(Piece::Words(before));
        pieces.push(Piece::Template(template.trim()));
        rest = behind;
    }
    pieces.push(Piece::Words(rest));
    pieces.retain(|piece| *piece != Piece::Words(""));
    pieces
}

/// A value of an answer: the widget that asked, and where it is (RFC 6901).
pub(super) type Answer = (String, String);

/// The values of answers that a flow looks at, by their names here.
#[derive(Default)]
pub(super) struct Answers {
    names: BTreeMap<Answer, String>,
}

impl Answers {
    /// What is looked at anywhere in the flow; `taken` are the names of entries.
    pub(super) fn of(states: &[Value], taken: &[String]) -> Self {
        let mut answers = Self::default();
        let mut names = Names::default();
        for name in ALWAYS.into_iter().chain(taken.iter().map(String::as_str)) {
            names.unique(name);
        }
        let asks = |widget: &str| {
            let mut states = states.iter();
            states.any(|state| json::text(state, "name") == widget && is_request(state))
        };
        let mut open: Vec<&Value> = states.iter().rev().collect();
        while let Some(value) = open.pop() {
            match value {
                Value::String(text) => {
                    for answer in pieces(text).into_iter().filter_map(answer) {
                        let is_new = !answers.names.contains_key(&answer) && asks(&answer.0);
                        if is_new && answers.names.len() < VALUES_MAX {
                            let last = answer.1.rsplit('/').find(|part| !is_number(part));
                            let name = names.unique(&apart(last.unwrap_or("value")));
                            answers.names.insert(answer, name);
                        }
                    }
                }
                Value::Array(list) => open.extend(list.iter().rev()),
                Value::Object(table) => open.extend(table.values().rev()),
                Value::Null | Value::Bool(_) | Value::Number(_) => {}
            }
        }
        answers
    }

    /// The values of one widget's answer: their names, and where they are.
    pub(super) fn kept(&self, widget: &str) -> Vec<(String, String)> {
        let names = self.names.iter().filter(|((asked, _), _)| asked == widget);
        let kept = names.map(|((_, pointer), name)| (name.clone(), pointer.clone()));
        kept.collect()
    }

    /// The name of a value of which a text consists.
    pub(super) fn whole(&self, text: &str) -> Option<(String, &str)> {
        let [piece] = pieces(text.trim())[..] else {
            return None;
        };
        let answer = answer(piece)?;
        let name = self.names.get(&answer)?;
        Some((answer.0, name))
    }
}

/// Whether a widget asks another system.
pub(super) fn is_request(state: &Value) -> bool {
    json::text(state, "type") == "make-http-request"
}

fn is_number(part: &str) -> bool {
    part.bytes().all(|c| c.is_ascii_digit())
}

/// `widgets.look_up.parsed.items[0].name`
fn answer(piece: Piece<'_>) -> Option<Answer> {
    let Piece::Template(template) = piece else {
        return None;
    };
    let (widget, path) = template.strip_prefix("widgets.")?.split_once(".parsed")?;
    let path = path.replace('[', ".").replace(']', "");
    let parts: Vec<&str> = path.strip_prefix('.')?.split('.').collect();
    let is_part = |part: &&str| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        !part.is_empty() && part.chars().all(is_letter)
    };
    let is_path = parts.iter().all(is_part) && !widget.contains('.');
    is_path.then(|| (widget.to_owned(), format!("/{}", parts.join("/"))))
}

impl Flow<'_> {
    /// What a template stands for; none where nobody knows here.
    pub(super) fn known(&self, template: &str) -> Option<Known> {
        if ["trigger.call.From", "contact.channel.address"].contains(&template) {
            return Some(Known::Caller);
        }
        if let Some(answer) = answer(Piece::Template(template)) {
            let name = self.answers.names.get(&answer)?;
            return Some(Known::Answer(name.clone()));
        }
        let widget = template.strip_prefix("widgets.")?.strip_suffix(".Digits")?;
        let save = self.entry(self.state(widget)?)?;
        Some(match sounds_secret(&kebab(widget, "entry"), &save) {
            true => Known::Secret(save),
            false => Known::Entry(save),
        })
    }

    /// A text with what its templates stand for, each piece of it as it is to be written; else the templates
    /// that nobody knows here.
    pub(super) fn filled(
        &self,
        text: &str,
        words: impl Fn(&str) -> String,
        known: impl Fn(&Known) -> Option<String>,
    ) -> Result<String, Vec<String>> {
        let (mut filled, mut unknown) = (String::new(), Vec::new());
        for piece in pieces(text) {
            match piece {
                // Braces of the original are none of a menu file.
                Piece::Words(plain) => filled.push_str(&words(&plain.replace(['{', '}'], ""))),
                Piece::Template(template) => match self.known(template).as_ref().and_then(&known) {
                    Some(placeholder) => filled.push_str(&placeholder),
                    None => unknown.push(format!("{{{{{template}}}}}")),
                },
            }
        }
        match unknown.is_empty() {
            true => Ok(filled),
            false => Err(unknown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_taken_apart() {
        let all = [
            Piece::Words("a "),
            Piece::Template("b.c"),
            Piece::Template("d"),
            Piece::Words(" e"),
        ];
        assert_eq!(pieces("a {{ b.c }}{{d}} e"), all);
        assert_eq!(pieces("{{open"), [Piece::Template("open")]);
    }

    #[test]
    fn values_of_answers_have_pointers() {
        let pointer = |template| answer(Piece::Template(template)).map(|(_, pointer)| pointer);
        assert_eq!(
            pointer("widgets.a.parsed.status").as_deref(),
            Some("/status")
        );
        let items = pointer("widgets.a.parsed.items[0].name");
        assert_eq!(items.as_deref(), Some("/items/0/name"));
        assert_eq!(pointer("widgets.a.parsed[1].id").as_deref(), Some("/1/id"));
        for other in [
            "widgets.a.parsed",
            "widgets.a.parsed.",
            "widgets.a.body",
            "widgets.a.parsed.x | upcase",
            "flow.variables.x",
        ] {
            assert_eq!(pointer(other), None, "{other}");
        }
    }
}
