//! What other systems answer in a call test or a rehearsal, in the place of the real ones.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::limits::VALUE_BYTES_MAX;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::failure;
use crate::menu::failure::ANY;
use crate::menu::failure::STATUSES;
use crate::menu::failure::TIMEOUT;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::menu::tree::Table;
use crate::menu::tree::Value;
use crate::menu::value::suggestion;
use std::collections::BTreeMap;

/// Answers of one look-up in one call at most.
const REPLIES_MAX: usize = 100;
/// The field that stands for no answer.
pub(in crate::menu) const ERROR: &str = "error";

/// One answer, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Values, by the names under which they are saved; what is not named is not in the answer.
    Values(BTreeMap<String, String>),
    /// An error.
    Error(LookupResult),
}

/// The answers of one look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replies {
    /// This one, whenever it is asked.
    Always(Reply),
    /// One after the other; nothing is said of what comes after them.
    InTurn(Vec<Reply>),
}

impl Replies {
    /// The answer to a question, counted from 0.
    pub fn nth(&self, nth: usize) -> Option<&Reply> {
        match self {
            Self::Always(reply) => Some(reply),
            Self::InTurn(replies) => replies.get(nth),
        }
    }
}

impl Reply {
    /// Reads `status=shipped,eta=2026-11-26` or `error=404`; else the fact that is wrong with it.
    pub fn parse(text: &str, names: &[String]) -> Result<Self, String> {
        let mut values = BTreeMap::new();
        for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| format!("\"{}\" is no value: write NAME=VALUE", pair.trim()))?;
            let (name, value) = (name.trim(), value.trim());
            if name == ERROR && !names.iter().any(|other| other == ERROR) {
                return failure::of(value).map(Self::Error).ok_or_else(has_to_be);
            }
            if !names.iter().any(|other| other == name) {
                let help = suggestion(name, names.iter().map(String::as_str));
                let help = help.map_or(String::new(), |help| format!("; {help}"));
                return Err(format!("the look-up saves no \"{name}\"{help}"));
            }
            values.insert(name.to_owned(), value_of(value)?);
        }
        Ok(Self::Values(values))
    }

    /// What it is to the look-up.
    pub fn result(&self, plan: &Dialplan, step: StepId) -> Option<LookupResult> {
        let StepKind::Lookup(lookup) = &plan.step(step).kind else {
            return None;
        };
        Some(match self {
            Self::Error(result) => *result,
            Self::Values(values) => {
                let branch = lookup.branch.map(usize::from);
                let name = branch.and_then(|place| saved_names(plan, step, lookup).nth(place));
                lookup.case_of(name.and_then(|name| values.get(name)).map(String::as_str))
            }
        })
    }
}

/// The names under which a look-up saves what it finds.
pub fn names_of(plan: &Dialplan, step: StepId) -> Vec<String> {
    match &plan.step(step).kind {
        StepKind::Lookup(lookup) => saved_names(plan, step, lookup).cloned().collect(),
        _ => Vec::new(),
    }
}

fn saved_names<'p>(
    plan: &'p Dialplan,
    step: StepId,
    lookup: &'p Lookup,
) -> impl Iterator<Item = &'p String> {
    let names = &plan.line(plan.step(step).line).variables;
    let saved = lookup.save.iter();
    saved.map(|saved| &names[saved.variable.index()])
}

/// The lookup step of this name.
pub fn lookup_named(plan: &Dialplan, name: &str) -> Option<StepId> {
    let is = |step: &crate::exchange::dialplan::Step| {
        step.name == name && matches!(step.kind, StepKind::Lookup(_))
    };
    let place = plan.steps.iter().position(is)?;
    Some(StepId(place as u32))
}

/// Reads the table `lookup` of a call test.
pub(super) fn read(fields: &mut Fields<'_>, plan: Option<&Dialplan>) -> BTreeMap<StepId, Replies> {
    let mut all = BTreeMap::new();
    let (Some(table), Some(plan)) = (fields.table("lookup"), plan) else {
        return all;
    };
    for entry in &table.entries {
        let Some(step) = lookup_named(plan, &entry.key.text) else {
            fields.push(unknown(&entry.key, plan));
            continue;
        };
        let mut reader = Reader {
            names: names_of(plan, step),
            title: format!("lookup.{}", entry.key.text),
            fields,
        };
        if let Some(replies) = reader.replies(&entry.value) {
            all.insert(step, replies);
        }
    }
    all
}

fn unknown(name: &Name, plan: &Dialplan) -> Diagnostic {
    let is_lookup =
        |step: &&crate::exchange::dialplan::Step| matches!(step.kind, StepKind::Lookup(_));
    let lookups = plan.steps.iter().filter(is_lookup);
    let message = format!("no look-up is called \"{}\"", name.text);
    let diagnostic = Diagnostic::error("unknown-lookup", name.place.clone(), message);
    diagnostic.suggest(&name.text, lookups.map(|step| step.name.as_str()))
}

/// Reads the answers of one look-up.
struct Reader<'f, 't> {
    names: Vec<String>,
    title: String,
    fields: &'f mut Fields<'t>,
}

impl Reader<'_, '_> {
    fn replies(&mut self, value: &Value) -> Option<Replies> {
        match &value.data {
            Data::Table(table) => self.reply(table).map(Replies::Always),
            Data::List(list) if list.len() > REPLIES_MAX => {
                let message = format!("more than {REPLIES_MAX} answers of one look-up");
                let place = value.place.clone();
                self.fields
                    .push(Diagnostic::error("too-large", place, message));
                None
            }
            Data::List(list) => {
                let replies = list.iter().map(|value| match &value.data {
                    Data::Table(table) => self.reply(table),
                    _ => self.wrong_type(value),
                });
                Some(Replies::InTurn(
                    replies
                        .collect::<Vec<_>>()
                        .into_iter()
                        .collect::<Option<_>>()?,
                ))
            }
            _ => {
                self.wrong_type(value);
                None
            }
        }
    }

    fn wrong_type(&mut self, value: &Value) -> Option<Reply> {
        let expected = "a table such as { status = \"shipped\" }, or a list of them";
        self.fields.wrong_type(&self.title, value, expected);
        None
    }

    fn reply(&mut self, table: &Table) -> Option<Reply> {
        let saves_error = self.names.iter().any(|name| name == ERROR);
        if let (Some(value), 1, false) = (table.get(ERROR), table.entries.len(), saves_error) {
            return self.error(value);
        }
        let mut values = BTreeMap::new();
        for entry in &table.entries {
            if self.names.contains(&entry.key.text) {
                let text = self.value(&entry.value)?;
                values.insert(entry.key.text.clone(), text);
            } else {
                let message = format!("`{}` saves no \"{}\"", self.title, entry.key.text);
                let place = entry.key.place.clone();
                let problem = Diagnostic::error("unknown-value", place, message);
                let names = self.names.iter().map(String::as_str);
                let problem = problem.label("nothing reads this");
                self.fields.push(problem.suggest(&entry.key.text, names));
            }
        }
        Some(Reply::Values(values))
    }

    fn error(&mut self, value: &Value) -> Option<Reply> {
        let word = match &value.data {
            Data::Text(word) => word.clone(),
            Data::Integer(status) => status.to_string(),
            _ => String::new(),
        };
        let reply = failure::of(&word).map(Reply::Error);
        if reply.is_none() {
            let message = has_to_be();
            let help = "these are the words of [lookup.NAME.error] in the line";
            self.fields.bad_value(value.place.clone(), message, help);
        }
        reply
    }

    /// A value as text, as it is made of a real answer.
    fn value(&mut self, value: &Value) -> Option<String> {
        let text = match &value.data {
            Data::Text(text) => text.clone(),
            Data::Integer(number) => number.to_string(),
            Data::Float(number) => number.to_string(),
            Data::Boolean(yes) => yes.to_string(),
            Data::Datetime(datetime) => datetime.to_string(),
            Data::List(_) | Data::Table(_) => {
                let expected = "texts, numbers, dates and truth values";
                self.fields.wrong_type(&self.title, value, expected);
                return None;
            }
        };
        match value_of(&text) {
            Ok(text) => Some(text),
            Err(message) => {
                self.fields
                    .bad_value(value.place.clone(), message, "a longer one counts as none");
                None
            }
        }
    }
}

/// What an error can be.
fn has_to_be() -> String {
    let (least, most) = (STATUSES.start(), STATUSES.end());
    format!(
        "`{ERROR}` has to be a status from {least} to {most}, \"{TIMEOUT}\", or \"{ANY}\" for all others"
    )
}

fn value_of(text: &str) -> Result<String, String> {
    if text.len() > VALUE_BYTES_MAX {
        return Err(format!("a value has at most {VALUE_BYTES_MAX} bytes"));
    }
    Ok(text.replace(char::is_control, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        vec!["status".to_owned(), "eta".to_owned()]
    }

    #[test]
    fn an_answer_is_read_from_a_flag() {
        let reply = Reply::parse("status=shipped, eta=2026-11-26", &names()).expect("values");
        let Reply::Values(values) = reply else {
            panic!("an answer");
        };
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(values, [("eta", "2026-11-26"), ("status", "shipped")]);
        let error = |text| Reply::parse(text, &names());
        assert_eq!(
            error("error=404"),
            Ok(Reply::Error(LookupResult::Status(404)))
        );
        assert_eq!(
            error("error=timeout"),
            Ok(Reply::Error(LookupResult::TimedOut))
        );
        assert_eq!(error("error=any"), Ok(Reply::Error(LookupResult::Failed)));
    }

    #[test]
    fn what_is_wrong_with_a_flag_is_said() {
        let wrong = |text| Reply::parse(text, &names()).expect_err("wrong");
        assert_eq!(
            wrong("shipped"),
            "\"shipped\" is no value: write NAME=VALUE"
        );
        assert_eq!(
            wrong("statsu=x"),
            "the look-up saves no \"statsu\"; did you mean \"status\"?"
        );
        assert!(wrong("error=200").starts_with("`error` has to be a status from 300"));
    }
}
