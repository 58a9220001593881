//! `make-http-request`: a look-up, with what is sent, what is kept, and where each answer leads.

use super::super::super::diagnostic::Place;
use super::super::super::failure;
use super::super::super::graph::Via;
use super::super::super::lookup::LOOKUP_FIELDS_MAX;
use super::super::super::lookup::address_fault;
use super::super::draft::Asked;
use super::super::draft::NOWHERE;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::json;
use super::super::known::Known;
use super::super::names::kebab;
use super::Flow;
use super::gather::Match;
use super::template::Piece;
use super::template::is_request;
use super::template::pieces;
use crate::exchange::time::Span;
use serde_json::Value;
use std::fmt::Write as _;

/// How long Studio waits for an answer.
const TIMEOUT: Span = Span::seconds(10);
/// Around the number of a template, until the text that it stands in has been read.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// What is sent, by name; and what about that is not the same here.
#[derive(Default)]
struct Sent {
    body: Vec<(String, String)>,
    todos: Vec<String>,
}

impl<'v> Flow<'v> {
    pub(super) fn request(
        &mut self,
        state: &'v Value,
        properties: &Value,
        name: &str,
        place: &Place,
    ) {
        let is_post = json::text(properties, "method").eq_ignore_ascii_case("POST");
        let mut sent = Sent::default();
        let url = self.address(properties, is_post, name, &mut sent);
        if is_post {
            self.body(properties, &mut sent);
        }
        if properties.get("add_twilio_auth") == Some(&Value::Bool(true)) {
            let todo =
                "Studio shows Twilio who it is: set `auth`, with the token in the environment";
            sent.todos.push(todo.to_owned());
        }
        let save = self.answers.kept(name);
        if save.is_empty() {
            let note = "nothing of the answer is used, and it has to be JSON or empty here: anything else \
                        counts as an error";
            self.draft.tally.remark(place, note);
        }
        self.drops(state, &["success", "failed"]);
        let mut step = Step::new("lookup", name).at(place);
        let (branch, cases) = self.decided(state, &mut step);
        step.exits.push((Via::Failed, self.next(state, "failed")));
        for todo in sent.todos {
            self.draft.tally.approximate(place, &todo);
            step.add_todo(todo);
        }
        step.asked = Some(Asked {
            method: (is_post && sent.body.is_empty()).then_some("POST"),
            url,
            timeout: TIMEOUT,
            body: sent.body,
            save,
            branch,
            cases,
        });
        self.weave.step(step, name);
    }

    /// Whom it asks. An address that is not known before the call reaches nobody.
    fn address(&self, properties: &Value, is_post: bool, name: &str, sent: &mut Sent) -> String {
        let written = json::text(properties, "url").trim();
        let nowhere = || format!("{NOWHERE}/{}", kebab(name, "request"));
        let mut url = match self.filled(written, str::to_owned, Known::addressed) {
            Ok(url) => url,
            Err(unknown) => {
                sent.todos.push(format!(
                    "set `url`, which is {written}; not known here, or secret: {}",
                    unknown.join(", ")
                ));
                return nowhere();
            }
        };
        let host = url
            .split("//")
            .nth(1)
            .and_then(|rest| rest.split(['/', '?']).next());
        if host.is_some_and(|host| host.contains('@')) {
            let todo = "set `url`, and `auth`: the address in the flow holds a user name, which is not repeated here";
            sent.todos.push(todo.to_owned());
            return nowhere();
        }
        if !is_post {
            for (key, value) in parameters(properties) {
                let mark = if url.contains('?') { '&' } else { '?' };
                match self.filled(value, encoded, Known::addressed) {
                    Ok(value) => {
                        let _ = write!(url, "{mark}{}={value}", encoded(key));
                    }
                    Err(unknown) => sent.lacks(key, &unknown),
                }
            }
        }
        if let Some((message, help)) = address_fault(&url) {
            sent.todos.push(format!("set `url`: {message} ({help})"));
            return nowhere();
        }
        url
    }

    /// What a POST brings: fields of a form, or of an object of JSON.
    fn body(&self, properties: &Value, sent: &mut Sent) {
        let body = json::text(properties, "body").trim();
        let is_json = json::text(properties, "content_type").contains("json");
        for (key, value) in parameters(properties) {
            self.send(key, value, sent);
        }
        if is_json && !body.is_empty() {
            self.json(body, sent);
        } else if body.contains(['%', '+', '"']) {
            sent.todos.push(format!("set `body`: Studio sends {body}"));
        } else {
            let pairs = body.split('&').filter(|pair| !pair.is_empty());
            for (key, value) in pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))) {
                self.send(key, value, sent);
            }
        }
        if !is_json && !sent.body.is_empty() {
            let todo = "Studio sends a form, and a look-up sends its `body` as JSON: the service has to read that";
            sent.todos.push(todo.to_owned());
        }
    }

    fn send(&self, key: &str, value: &str, sent: &mut Sent) {
        let known = |known: &Known| Some(known.sent());
        let is_taken = sent.body.iter().any(|(other, _)| other == key);
        let has_room = sent.body.len() < LOOKUP_FIELDS_MAX && !key.is_empty() && !is_taken;
        match self.filled(value, str::to_owned, known) {
            Ok(text) if has_room => sent.body.push((key.to_owned(), text)),
            Ok(_) => sent.todos.push(format!(
                "\"{key}\" is sent twice or without a name, or is one field too many, and left out"
            )),
            Err(unknown) => sent.lacks(key, &unknown),
        }
    }

    /// The fields of an object with templates in it, in quotes or without.
    fn json(&self, body: &str, sent: &mut Sent) {
        let [before, after] = MARKS;
        let (mut text, mut templates) = (String::new(), Vec::new());
        let (mut is_quoted, mut is_escaped) = (false, false);
        for piece in pieces(body) {
            match piece {
                Piece::Words(words) => {
                    for c in words.chars().filter(|c| !MARKS.contains(c)) {
                        is_quoted ^= c == '"' && !is_escaped;
                        is_escaped = c == '\\' && !is_escaped;
                        text.push(c);
                    }
                }
                Piece::Template(template) => {
                    let quotes = if is_quoted { "" } else { "\"" };
                    let place = templates.len();
                    let _ = write!(text, "{quotes}{before}{place}{after}{quotes}");
                    templates.push(template);
                }
            }
        }
        let unmarked = |text: &str| {
            let mut text = text.to_owned();
            for (place, template) in templates.iter().enumerate() {
                let mark = format!("{before}{place}{after}");
                text = text.replace(&mark, &format!("{{{{{template}}}}}"));
            }
            text
        };
        let Ok(Value::Object(fields)) = serde_json::from_str(&text) else {
            let todo = format!("set `body`: what Studio sends is no object of JSON: {body}");
            sent.todos.push(todo);
            return;
        };
        for (key, value) in fields {
            let key = unmarked(&key);
            match value {
                Value::String(text) => self.send(&key, &unmarked(&text), sent),
                Value::Bool(_) | Value::Number(_) => {
                    self.send(&key, &value.to_string(), sent);
                    let todo = format!("\"{key}\": {value} is sent as a text, \"{value}\"");
                    sent.todos.push(todo);
                }
                Value::Null | Value::Array(_) | Value::Object(_) => {
                    let value = unmarked(&value.to_string());
                    sent.todos.push(format!(
                        "\"{key}\": {value} is left out: a look-up sends texts, and no more"
                    ));
                }
            }
        }
    }

    /// The split to which the answer goes at once, if nothing else leads there, and it tells apart one value of
    /// the answer by what that is.
    pub(super) fn split_of_request(&self, state: &'v Value) -> Option<(&'v Value, String)> {
        let To::Step(next) = self.next(state, "success") else {
            return None;
        };
        let split = self
            .state(&next)
            .filter(|split| is_request(state) && is_split(split))?;
        let input = json::text(split.get("properties")?, "input");
        let (asked, value) = self.answers.whole(input)?;
        let ways = self.states.iter();
        let ways = ways.flat_map(|state| json::list(state, "transitions"));
        let leading = ways.filter(|way| json::text(way, "next") == next).count();
        let is_only = leading == 1 && asked == json::text(state, "name");
        let matches = self.matches(split);
        let can_be_case = |found: &Match| {
            let is_fixed = !found.value.is_empty() && !found.value.contains("{{");
            found.is_equal && is_fixed && found.value != failure::ANY
        };
        let is_told = matches.iter().all(can_be_case) && matches.len() <= LOOKUP_FIELDS_MAX;
        (is_only && is_told && !matches.is_empty()).then(|| (split, value.to_owned()))
    }

    /// Where the answers lead: the ways of the split behind, or on.
    fn decided(&mut self, state: &'v Value, step: &mut Step) -> (Option<String>, Vec<String>) {
        let Some((split, value)) = self.split_of_request(state) else {
            step.exits.push((Via::Then, self.next(state, "success")));
            return (None, Vec::new());
        };
        let mut cases: Vec<String> = Vec::new();
        let mut ways: Vec<To> = Vec::new();
        for Match { value, to, .. } in self.matches(split) {
            match cases.iter().position(|case| *case == value) {
                None => {
                    step.exits
                        .push((Via::Case(Some(cases.len() as u16)), to.clone()));
                    cases.push(value);
                    ways.push(to);
                }
                Some(first) if ways[first] == to => {}
                Some(_) => {
                    let note = format!("the answer \"{value}\" leads elsewhere already");
                    let at = self.place(json::text(split, "name"));
                    self.draft.tally.skip(&at, note);
                }
            }
        }
        step.exits
            .push((Via::Case(None), self.next(split, "noMatch")));
        self.drops(split, &["noMatch"]);
        (Some(value), cases)
    }
}

impl Sent {
    fn lacks(&mut self, key: &str, unknown: &[String]) {
        self.todos.push(format!(
            "\"{key}\" is left out; not known here, or secret: {}",
            unknown.join(", ")
        ));
    }
}

fn is_split(state: &Value) -> bool {
    json::text(state, "type") == "split-based-on"
}

/// `parameters`: names and values.
fn parameters(properties: &Value) -> impl Iterator<Item = (&str, &str)> {
    let list = json::list(properties, "parameters").iter();
    list.map(|pair| (json::text(pair, "key"), json::text(pair, "value")))
}

/// A text as it stands in a query (RFC 3986).
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => {
                let _ = write!(encoded, "%{other:02X}");
            }
        }
    }
    encoded
}
