//! Steps that ask another system: `[lookup.name]`.

use super::diagnostic::Diagnostic;
use super::diagnostic::Place;
use super::failure;
use super::failure::ANY;
use super::fields::Fields;
use super::graph::Via;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::prompt;
use super::tree::Data;
use super::tree::Name;
use super::value;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Method;
use crate::exchange::dialplan::Piece;
use crate::exchange::dialplan::Request;
use crate::exchange::dialplan::Saved;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::time::Span;
use std::ops::RangeInclusive;

pub(super) const TIMEOUTS: RangeInclusive<Span> = Span(100)..=Span::seconds(30);
pub(super) const TIMEOUT: Span = Span::seconds(3);
pub(super) const CACHES: RangeInclusive<Span> = Span::seconds(1)..=Span::minutes(24 * 60);
/// Fields of one body, values kept of one answer, cases of one branch, errors with a way of their own.
pub(super) const LOOKUP_FIELDS_MAX: usize = 64;

/// The ways out for errors.
struct Errors {
    statuses: Vec<(u16, Target)>,
    timed_out: Option<Target>,
    any: Option<Target>,
}

impl Lowering<'_> {
    /// Lowers `[lookup.name]`.
    pub(super) fn lookup(
        &mut self,
        name: &str,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> StepKind {
        let request = self.request(fields, trace);
        let save = self.saved_values(fields);
        let branch = branch(&save, fields);
        let set = self.recognition(&save, fields);
        let (cases, any) = self.cases(branch.is_some(), fields, trace);
        let errors = self.errors(fields, trace);
        if fields.value("timeout").is_none() {
            let message = format!(
                "{} does not say how long callers wait for it",
                fields.title()
            );
            let diagnostic =
                Diagnostic::warning("lookup-without-timeout", trace.name.clone(), message);
            let help = format!("it is {TIMEOUT} unless `timeout` says otherwise");
            fields.push(diagnostic.label("no `timeout`").help(help));
        }
        let failed = errors.any.unwrap_or(Target::HangUp);
        let otherwise = match branch {
            Some(_) => any.unwrap_or(failed),
            None => self.exit_or_dead_end(fields, Via::Then, trace),
        };
        StepKind::Lookup(Lookup {
            request,
            timeout: fields.duration("timeout", TIMEOUTS).unwrap_or(TIMEOUT),
            cache: fields.duration("cache", CACHES),
            slow: self.say(fields, name, None, trace),
            save: save.into_iter().map(|(_, saved)| saved).collect(),
            set,
            branch,
            cases,
            otherwise,
            errors: errors.statuses,
            timed_out: errors.timed_out.unwrap_or(failed),
            failed,
        })
    }

    fn request(&self, fields: &mut Fields<'_>, trace: &mut StepTrace) -> Request {
        if fields.value("url").is_none() {
            let help = "the address to ask: url = \"https://shop.example/orders/{order}\"";
            fields.missing("url", help);
        }
        let written = fields.text("url");
        let url = written.as_ref().map_or_else(Vec::new, |url| {
            check_address(url, fields);
            self.pieces(url, true, fields, trace)
        });
        let body = self.body(fields, trace);
        let method = match fields.word("method", &["GET", "POST", "PUT"]) {
            Some("PUT") => Method::Put,
            Some("POST") => Method::Post,
            Some(_) => Method::Get,
            None if body.is_empty() => Method::Get,
            None => Method::Post,
        };
        if let Some(place) = fields
            .key_place("body")
            .filter(|_| method == Method::Get && !body.is_empty())
        {
            let help = "write method = \"POST\", or leave `body` out";
            fields.bad_value(place, "a GET has no body", help);
        }
        let bearer_env = bearer(fields);
        let request = Request {
            method,
            url,
            body,
            bearer_env,
        };
        if let Some(url) = written {
            self.check_clear(&url, &request, fields);
        }
        request
    }

    pub(super) fn body(
        &self,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Vec<(String, Vec<Piece>)> {
        let Some(table) = fields.table("body") else {
            return Vec::new();
        };
        let mut body = Vec::new();
        for entry in &table.entries {
            match entry.value.name() {
                Some(text) => {
                    let pieces = self.pieces(&text, false, fields, trace);
                    body.push((entry.key.text.clone(), pieces));
                }
                None => fields.wrong_type(&entry.key.text, &entry.value, "a text in quotes"),
            }
        }
        bounded("body", body.len(), &table.place, fields);
        body
    }

    /// A text with placeholders for what the call has saved.
    fn pieces(
        &self,
        text: &Name,
        in_address: bool,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Vec<Piece> {
        let Ok(written) = prompt::pieces(&text.text) else {
            let place = self.narrow(&text.place, "{");
            let help = "placeholders look like {order}";
            let message = "this brace is never closed";
            fields.push(Diagnostic::error("unknown-placeholder", place, message).help(help));
            return Vec::new();
        };
        let mut pieces = Vec::new();
        for piece in written {
            match piece {
                prompt::Piece::Words(words) if words.is_empty() => {}
                prompt::Piece::Words(words) => pieces.push(Piece::Text(words)),
                prompt::Piece::Slot { name, format } => {
                    let written = match &format {
                        Some(format) => format!("{{{name}:{format}}}"),
                        None => format!("{{{name}}}"),
                    };
                    let place = self.narrow(&text.place, &written);
                    if let Some(format) = format {
                        let message = format!("\"{name}\" is sent as it is");
                        let help = format!("write {{{name}}} without `:{format}`");
                        fields.bad_value(place.clone(), message, &help);
                    }
                    let piece = self.piece(&name, place.clone(), in_address, fields);
                    if let Some(Piece::Saved(variable)) = piece {
                        trace.slots.push((variable, place));
                    }
                    pieces.extend(piece);
                }
            }
        }
        pieces
    }

    fn piece(
        &self,
        name: &str,
        place: Place,
        in_address: bool,
        fields: &mut Fields<'_>,
    ) -> Option<Piece> {
        if let Some(variable) = self.variable(name) {
            if in_address && self.variables[variable.index()].secret {
                let message = format!("\"{name}\" is secret and must not be part of an address");
                let diagnostic = Diagnostic::error("secret-in-address", place, message);
                let help = "send it in `body`: addresses are written to logs on the way";
                fields.push(diagnostic.help(help));
            }
            return Some(Piece::Saved(variable));
        }
        match name {
            "caller" => return Some(Piece::Caller),
            "language" => return Some(Piece::Language),
            "line" => return Some(Piece::Line),
            _ => {}
        }
        let known = self.variables.iter().map(|saved| saved.name.as_str());
        let known = known.chain(["caller", "language", "line"]);
        let message = format!("nothing is saved as \"{name}\"");
        let diagnostic = Diagnostic::error("unknown-placeholder", place, message);
        fields.push(diagnostic.suggest(name, known.collect::<Vec<&str>>()));
        None
    }

    /// Secrets and tokens go over TLS, or stay on this machine.
    fn check_clear(&self, url: &Name, request: &Request, fields: &mut Fields<'_>) {
        let secret = |piece: &Piece| matches!(piece, Piece::Saved(variable) if self.variables[variable.index()].secret);
        let mut body = request.body.iter().flat_map(|(_, pieces)| pieces);
        let sent = request.bearer_env.is_some() || body.any(secret);
        if sent && is_in_the_clear(&url.text) {
            let message = "this sends a secret that anybody on the way can read";
            let diagnostic = Diagnostic::warning("secret-in-the-clear", url.place.clone(), message);
            fields.push(diagnostic.help("write https://"));
        }
    }

    /// What is kept of the answer, each with where its name is written.
    fn saved_values(&self, fields: &mut Fields<'_>) -> Vec<(String, Saved)> {
        let Some(table) = fields.table("save") else {
            return Vec::new();
        };
        let mut save = Vec::new();
        for entry in &table.entries {
            let Some(pointer) = entry.value.name() else {
                fields.wrong_type(&entry.key.text, &entry.value, "a JSON pointer in quotes");
                continue;
            };
            if !pointer.text.starts_with('/') {
                let message = format!("\"{}\" is no JSON pointer", pointer.text);
                let help = "write where the value is in the answer: \"/delivery/eta\"";
                fields.bad_value(pointer.place, message, help);
                continue;
            }
            if let Some(variable) = self.variable(&entry.key.text) {
                let pointer = pointer.text;
                save.push((entry.key.text.clone(), Saved { variable, pointer }));
            }
        }
        bounded("save", save.len(), &table.place, fields);
        save
    }

    fn cases(
        &mut self,
        branches: bool,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> (Vec<(String, Target)>, Option<Target>) {
        let Some(mut inner) = fields.inner("case") else {
            if branches {
                fields.missing("case", "where each value leads: [lookup.*.case]");
            }
            return (Vec::new(), None);
        };
        if !branches {
            let message = "without `branch` there are no cases";
            let help = "say which saved value decides: branch = \"status\"";
            inner.bad_value(inner.place(), message, help);
        }
        let (mut cases, mut any) = (Vec::new(), None);
        for (key, to) in targets(&mut inner) {
            let via = match key.text.as_str() {
                ANY => Via::Case(None),
                _ => Via::Case(Some(cases.len() as u16)),
            };
            trace.exits.push((via, to.place.clone()));
            let target = self.target(&to).unwrap_or(Target::HangUp);
            match via {
                Via::Case(None) => any = Some(target),
                _ => cases.push((key.text.clone(), target)),
            }
        }
        if branches && any.is_none() {
            let message = format!(
                "{} does not say what to do with other values",
                fields.title()
            );
            let diagnostic = Diagnostic::warning("lookup-case-not-total", inner.place(), message);
            let help = "add `any`: without it they count as errors";
            inner.push(diagnostic.label("no `any` here").help(help));
        }
        bounded("case", cases.len(), &inner.place(), &mut inner);
        fields.absorb(inner);
        (cases, any)
    }

    fn errors(&mut self, fields: &mut Fields<'_>, trace: &mut StepTrace) -> Errors {
        let mut errors = Errors {
            statuses: Vec::new(),
            timed_out: None,
            any: None,
        };
        if let Some(mut inner) = fields.inner("error") {
            for (key, to) in targets(&mut inner) {
                let via = error(&key, &mut inner);
                trace.exits.push((via, to.place.clone()));
                let target = self.target(&to).unwrap_or(Target::HangUp);
                match via {
                    Via::Failed => errors.any = Some(target),
                    Via::TimedOut => errors.timed_out = Some(target),
                    Via::Status(status) => errors.statuses.push((status, target)),
                    _ => {}
                }
            }
            bounded("error", errors.statuses.len(), &inner.place(), &mut inner);
            fields.absorb(inner);
        }
        if errors.any.is_none() {
            let message = format!("{} has no way on when it fails", fields.title());
            let diagnostic =
                Diagnostic::error("lookup-without-fallback", trace.name.clone(), message);
            let help = "add [lookup.*.error] with `any`: a step, or \"@hangup\"";
            fields.push(diagnostic.label("no `error.any`").help(help));
        }
        errors
    }

    /// What a look-up has found is an answer to whoever hears it: the announcements that its cases
    /// lead to are recorded answers without a question of their own.
    pub(super) fn mark_results(&mut self, steps: std::ops::Range<usize>) {
        let mut results = Vec::new();
        for step in &self.plan.steps[steps] {
            if let StepKind::Lookup(lookup) = &step.kind {
                results.extend(lookup.cases.iter().map(|(_, target)| *target));
            }
        }
        for target in results {
            if let Target::Step(step) = target
                && let StepKind::Say(say) = &mut self.plan.steps[step.index()].kind
            {
                say.make_result();
            }
        }
    }
}

fn branch(save: &[(String, Saved)], fields: &mut Fields<'_>) -> Option<u16> {
    let name = fields.text("branch")?;
    let place = save.iter().position(|(other, _)| *other == name.text);
    if place.is_none() {
        let message = format!("\"{}\" is not saved here", name.text);
        let mut diagnostic = Diagnostic::error("bad-value", name.place, message);
        let names = save.iter().map(|(other, _)| other.as_str());
        diagnostic.help = value::suggestion(&name.text, names)
            .or_else(|| Some("save it first: save = { status = \"/status\" }".to_owned()));
        fields.push(diagnostic);
    }
    place.map(|place| place as u16).or(Some(0))
}

/// The environment variable that holds the token.
fn bearer(fields: &mut Fields<'_>) -> Option<String> {
    let mut auth = fields.inner("auth")?;
    auth.require("bearer_env", "the environment variable with the token");
    let name = auth.text("bearer_env");
    if let Some(name) = &name {
        check_variable(name, "SHOP_TOKEN, never the token itself", &mut auth);
    }
    fields.absorb(auth);
    name.map(|name| name.text)
}

/// A name of an environment variable, such as an example.
pub(super) fn check_variable(name: &Name, example: &str, fields: &mut Fields<'_>) {
    if !is_variable(&name.text) {
        let message = format!(
            "\"{}\" is not the name of an environment variable",
            name.text
        );
        let help = format!("name the variable, such as {example}");
        fields.bad_value(name.place.clone(), message, &help);
    }
}

/// Whether anybody on the way can read what is sent there.
pub(super) fn is_in_the_clear(url: &str) -> bool {
    let host = url.strip_prefix("http://");
    let stays = |host: &str| {
        ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| {
            let rest = host.strip_prefix(own);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
        })
    };
    host.is_some_and(|host| !stays(host))
}

fn is_variable(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.len() <= 64 && name.chars().all(letters) && name.starts_with(|c: char| !c.is_ascii_digit())
}

/// An address over HTTP whose host is written out: no caller decides who is asked.
pub(super) fn check_address(url: &Name, fields: &mut Fields<'_>) {
    if let Some((message, help)) = address_fault(&url.text) {
        fields.bad_value(url.place.clone(), message, help);
    }
}

/// What is wrong with such an address, and what to do.
pub(super) fn address_fault(url: &str) -> Option<(String, &'static str)> {
    let pieces = prompt::pieces(url).unwrap_or_default();
    let scheme = ["https://", "http://"].iter();
    let host = match pieces.first() {
        Some(prompt::Piece::Words(words)) => {
            let rest = scheme.clone().find_map(|scheme| words.strip_prefix(scheme));
            rest.map(|rest| rest.split(['/', '?']).next().unwrap_or_default())
        }
        _ => None,
    };
    let Some(host) = host else {
        let message = format!("\"{url}\" is no address of the web");
        let help = "write it like \"https://shop.example/orders/{order}\"";
        return Some((message, help));
    };
    let begins = scheme.clone().map(|scheme| format!("{scheme}{host}{{"));
    if begins.into_iter().any(|begin| url.starts_with(&begin)) {
        let message = "the host of an address cannot be filled in".to_owned();
        let help = "write the host out: callers must not decide who is asked";
        return Some((message, help));
    }
    let filled = pieces.iter().map(|piece| match piece {
        prompt::Piece::Words(words) => words.as_str(),
        prompt::Piece::Slot { .. } => "0",
    });
    let filled = filled.collect::<String>().parse::<hyper::Uri>();
    let reaches = filled.as_ref().is_ok_and(is_reachable);
    (host.is_empty() || host.contains('@') || !reaches).then(|| {
        let message = format!("\"{url}\" cannot be asked for");
        let help = match filled.is_ok() && !host.is_empty() && !host.contains('@') {
            true => "a host has 253 characters at most, and a port is from 1 to 65535",
            false => "no spaces and no user names; write `%20` for a space",
        };
        (message, help)
    })
}

/// Whether an address names a host and a port that there can be (RFC 1035: 253 characters).
fn is_reachable(uri: &hyper::Uri) -> bool {
    const HOST_MAX: usize = 253;
    let Some(authority) = uri.authority() else {
        return false;
    };
    let after = authority.as_str().rsplit_once(']');
    let port = after.map_or(authority.as_str(), |(_, port)| port);
    let port = port.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
    authority.host().len() <= HOST_MAX && port.is_none_or(|port| port.is_ok_and(|port| port > 0))
}

/// The keys of a table with the targets that they lead to.
fn targets(inner: &mut Fields<'_>) -> Vec<(Name, Name)> {
    inner.forgive_unknown();
    let mut targets = Vec::new();
    for entry in inner.entries() {
        match &entry.value.data {
            Data::Text(text) => {
                let place = entry.value.place.clone();
                let text = text.clone();
                targets.push((entry.key.clone(), Name { text, place }));
            }
            _ => inner.wrong_type(&entry.key.text, &entry.value, "the name of a step"),
        }
    }
    targets
}

fn error(key: &Name, inner: &mut Fields<'_>) -> Via {
    match failure::of(&key.text) {
        Some(LookupResult::Status(status)) => Via::Status(status),
        Some(LookupResult::TimedOut) => Via::TimedOut,
        Some(_) => Via::Failed,
        None => {
            let message = format!("\"{}\" is no error of HTTP", key.text);
            let help = "write a status such as 404, `timeout`, or `any` for all others";
            inner.bad_value(key.place.clone(), message, help);
            Via::Status(0)
        }
    }
}

fn bounded(what: &str, count: usize, place: &Place, fields: &mut Fields<'_>) {
    if count > LOOKUP_FIELDS_MAX {
        let message = format!("`{what}` has more than {LOOKUP_FIELDS_MAX} entries");
        fields.push(Diagnostic::error("too-large", place.clone(), message));
    }
}
