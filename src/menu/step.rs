//! The steps of a line, kind by kind, apart from queues and calls back.

use super::diagnostic::Diagnostic;
use super::dialling;
use super::entry;
use super::fields::Fields;
use super::graph::Via;
use super::head;
use super::key_table;
use super::key_table::Globals;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Phrase;
use super::schema;
use super::ticket;
use super::tree::Entry;
use super::tree::Name;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Hours;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Message;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::dialplan::Transfer;
use crate::exchange::id::CalendarId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Key;
use crate::exchange::time::Span;

/// The longest message where a step does not say it.
pub(super) const MESSAGE_TIME: Span = Span::minutes(2);
pub(super) const MESSAGE_TIMES: std::ops::RangeInclusive<Span> =
    Span::seconds(5)..=Span::minutes(60);

impl Lowering<'_> {
    /// Lowers one step: `[kind.name]`.
    pub(super) fn step(
        &mut self,
        kind: &'static str,
        entry: &Entry,
        id: StepId,
    ) -> (StepKind, StepTrace) {
        let mut trace = StepTrace::new(entry.key.place.clone(), kind);
        let title = format!("[{kind}.{}]", entry.key.text);
        let Some(mut fields) = Fields::of(entry, title, self.out) else {
            return (placeholder(), trace);
        };
        fields = fields.shaped(schema::step(kind));
        let name = entry.key.text.as_str();
        let lowered = match kind {
            "menu" => self.menu(name, &mut fields, &mut trace),
            "say" | "answer" => self.announcement(kind, name, &mut fields, &mut trace),
            "collect" => self.collect(name, &mut fields, &mut trace),
            "directory" => self.directory(name, &mut fields, &mut trace),
            "lookup" => self.lookup(name, &mut fields, &mut trace),
            "hours" => self.hours(&mut fields, &mut trace),
            "queue" => self.queue(name, id, &mut fields, &mut trace),
            "callback" => self.callback(name, &mut fields, &mut trace),
            "record" => self.record(name, &mut fields, &mut trace),
            "survey" => self.survey(name, &mut fields, &mut trace),
            "duty" => self.duty(&mut fields, &mut trace),
            "ticket" => self.ticket(&mut fields, &mut trace),
            _ => self.transfer(name, &mut fields, &mut trace),
        };
        fields.finish(self.out);
        (lowered, trace)
    }

    fn menu(&mut self, name: &str, fields: &mut Fields<'_>, trace: &mut StepTrace) -> StepKind {
        let keys = self.own_keys(fields, trace);
        let prompt = self.say_required(fields, name, Some(&keys), trace);
        if keys.is_empty() && fields.value("keys").is_none() {
            let message = format!("no key leads on from {}", fields.title());
            let help = format!("add [menu.{name}.keys], or make it a `say` step");
            let diagnostic = Diagnostic::error("dead-end", trace.name.clone(), message);
            fields.push(diagnostic.label("no `keys` here").help(help));
        }
        let globals = key_table::globals(fields);
        let (patience, give_up) = self.patience(fields, trace);
        let barge_in = self.barge_in(fields);
        if let Some(place) = fields.key_place("barge_in").filter(|_| !barge_in) {
            let message = "callers who know their key cannot press it while this menu is read";
            let diagnostic = Diagnostic::warning("barge-in-off-on-menu", place, message);
            let help =
                "leave it out; what has to be heard to the end belongs into a `say` step before";
            fields.push(diagnostic.label("keys wait for the end").help(help));
        }
        let asked = (Phrase::WrongKey, Some(&keys[..]));
        let (wrong, silent, retry) = self.retries(fields, name, asked, trace);
        StepKind::Menu(Menu {
            prompt,
            wrong,
            silent,
            retry,
            keys: self.compile_keys(fields, keys, globals),
            patience,
            barge_in,
            give_up,
        })
    }

    fn collect(&mut self, name: &str, fields: &mut Fields<'_>, trace: &mut StepTrace) -> StepKind {
        let digits = entry::digits(fields);
        let (min, max) = digits.unwrap_or(entry::ANY_DIGITS);
        let end_key = end_key(fields);
        trace.built_in_keys.extend(end_key.map(Key::to_char));
        let check = entry::check(fields, digits);
        let save = self.save(fields);
        let secret = Self::secret(name, fields);
        let confirm = self.confirm(save, secret, fields, trace);
        let prompt = self.say_required(fields, name, None, trace);
        let (patience, give_up) = self.patience(fields, trace);
        let asked = (Phrase::WrongEntry, None);
        let (wrong, silent, retry) = self.retries(fields, name, asked, trace);
        let globals = match key_table::globals(fields) {
            Globals::All => Globals::Signs(end_key.map(Key::to_char)),
            other => other,
        };
        StepKind::Collect(Collect {
            prompt,
            wrong,
            silent,
            retry,
            min,
            max,
            end_key,
            save,
            check,
            confirm,
            secret,
            keys: self.compile_keys(fields, Vec::new(), globals),
            patience,
            barge_in: self.barge_in(fields),
            go: self.exit_or_dead_end(fields, Via::Go, trace),
            give_up,
        })
    }

    fn save(&self, fields: &mut Fields<'_>) -> VariableId {
        if fields.value("save").is_none() {
            fields.missing("save", "a name for the entry: save = \"order\"");
        }
        let save = fields.text("save");
        save.and_then(|save| self.variable(&save.text))
            .unwrap_or(VariableId(0))
    }

    fn secret(name: &str, fields: &mut Fields<'_>) -> bool {
        let secret = fields.boolean("secret").unwrap_or(false);
        let saved = fields
            .text("save")
            .map_or_else(String::new, |save| save.text);
        if !secret && fields.value("secret").is_none() && sounds_secret(name, &saved) {
            let message = format!("{} takes a secret and does not mask it", fields.title());
            let diagnostic = Diagnostic::error("secret-not-masked", fields.place(), message);
            let help = "add `secret = true`, or `secret = false` if anybody may read it";
            fields.push(diagnostic.help(help));
        }
        secret
    }

    fn confirm(
        &mut self,
        save: VariableId,
        secret: bool,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Option<crate::exchange::id::PromptId> {
        if !fields.boolean("confirm").unwrap_or(false) {
            return None;
        }
        trace.built_in_keys.extend(['1', '2']);
        let place = fields.value("confirm").map(|value| value.place.clone());
        if let Some(place) = place.filter(|_| secret) {
            let message = "a secret entry must not be read back";
            let help = "leave out `confirm`: a secret is checked by whoever knows it";
            fields.push(Diagnostic::error("secret-spoken", place, message).help(help));
        }
        Some(self.phrase(Phrase::Confirm, Some(Part::Digits(save))))
    }

    fn hours(&mut self, fields: &mut Fields<'_>, trace: &mut StepTrace) -> StepKind {
        if fields.value("calendar").is_none() {
            fields.missing("calendar", "the name of a [calendar.*]");
        }
        let calendar = fields
            .text("calendar")
            .and_then(|name| self.calendar(&name));
        StepKind::Hours(Hours {
            calendar: calendar.unwrap_or(CalendarId(0)),
            open: self.exit_or_dead_end(fields, Via::Open, trace),
            closed: self.exit_or_dead_end(fields, Via::Closed, trace),
        })
    }

    fn record(&mut self, name: &str, fields: &mut Fields<'_>, trace: &mut StepTrace) -> StepKind {
        if fields.value("mailbox").is_none() {
            fields.missing("mailbox", "where messages are put: mailbox = \"office\"");
        }
        StepKind::Record(Message {
            prompt: self.say_required(fields, name, None, trace),
            max: fields
                .duration("max", MESSAGE_TIMES)
                .unwrap_or(MESSAGE_TIME),
            mailbox: fields
                .text("mailbox")
                .map_or_else(String::new, |mailbox| mailbox.text),
            notify: ticket::notify(fields),
            then: self.exit_or_dead_end(fields, Via::Then, trace),
        })
    }

    /// Checks the number of a transfer; the entry that is it, if it is one.
    fn transfer_number(
        &mut self,
        to: Option<&Name>,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Option<VariableId> {
        let to = to?;
        if let Some(entry) = self.entry_named(to) {
            trace.slots.push((entry, to.place.clone()));
            if !self.says_dialling {
                let message = "callers may not have any number dialled";
                let place = to.place.clone();
                let diagnostic = Diagnostic::error("number-not-allowed", place, message);
                let help = "say which: [dialling] with allow = [\"+44163\"]";
                fields.push(diagnostic.label("whatever they enter").help(help));
            }
            return Some(entry);
        }
        head::check_number(to, fields);
        if self.says_dialling {
            dialling::check(&self.dialling, to, fields);
        }
        None
    }

    fn transfer(&mut self, name: &str, fields: &mut Fields<'_>, trace: &mut StepTrace) -> StepKind {
        if fields.value("to").is_none() {
            fields.missing("to", "the number: to = \"+441632960100\"");
        }
        let to = fields.text("to");
        let entry = self.transfer_number(to.as_ref(), fields, trace);
        if fields.value("failed").is_none() {
            let message = format!(
                "when the number does not answer, {} drops the call",
                fields.title()
            );
            let diagnostic = Diagnostic::warning("no-next-step", trace.name.clone(), message);
            let help = "add `failed`: a step, or \"@hangup\"";
            fields.push(diagnostic.label("no `failed`").help(help));
        }
        StepKind::Transfer(Transfer {
            prompt: self.say(fields, name, None, trace),
            to: to.map_or_else(String::new, |to| to.text),
            entry,
            failed: self
                .exit(fields, Via::Failed, trace)
                .unwrap_or(Target::HangUp),
        })
    }
}

/// Words in the names of steps and entries that tell of a secret.
pub(super) const TELLING: [&str; 8] = [
    "pin", "card", "cvv", "cvc", "password", "passcode", "ssn", "iban",
];

/// Whether the names of a step and of its entry speak of a secret.
pub(super) fn sounds_secret(name: &str, saved: &str) -> bool {
    let both = format!("{name}-{saved}").to_lowercase();
    both.split(['-', '_']).any(|word| TELLING.contains(&word))
}

/// What stands in for a step that is not lowered yet, or could not be read: never handed out.
pub(super) fn placeholder() -> StepKind {
    StepKind::Hours(Hours {
        calendar: CalendarId(0),
        open: Target::HangUp,
        closed: Target::HangUp,
    })
}

fn end_key(fields: &mut Fields<'_>) -> Option<Key> {
    let text: Name = fields.text("end_key")?;
    let mut chars = text.text.chars();
    let key = match (chars.next(), chars.next()) {
        (Some(c @ ('*' | '#')), None) => Key::from_char(c),
        _ => None,
    };
    if key.is_none() {
        let message = format!("\"{}\" cannot end an entry", text.text);
        fields.bad_value(text.place, message, "end_key = \"#\" or \"*\"");
    }
    key
}
