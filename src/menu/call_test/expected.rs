//! What a call test expects of its call.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LanguageId;
use crate::exchange::id::StepId;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::phrase;
use crate::menu::tree::Data;
use crate::menu::tree::Name;

/// What an attempt can come to; `self_served` stands for both ways of it.
pub(in crate::menu) const OUTCOMES: [&str; 12] = [
    "blocked",
    "self_served",
    "self_served_confirmed",
    "self_served_probable",
    "left_in_menu",
    "message",
    "callback",
    "transferred_out",
    "turned_away",
    "answered",
    "abandoned",
    "ended_by_system",
];
/// One of these has to be there.
const EXPECTATIONS: [&str; 6] = ["path", "ends_at", "outcome", "says", "language", "recorded"];

/// What has to come of a call; what is left out may be as it will.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The steps that the call stays in, in order.
    pub path: Option<Vec<StepId>>,
    /// The last of them.
    pub ends_at: Option<StepId>,
    /// The outcome.
    pub outcome: Option<String>,
    /// Words that are heard.
    pub says: Vec<String>,
    /// The language at the end.
    pub language: Option<LanguageId>,
    /// Whether a conversation is recorded.
    pub recorded: Option<bool>,
}

/// Reads what is expected.
pub(super) fn read(fields: &mut Fields<'_>, plan: Option<&Dialplan>) -> Expected {
    let path = fields.texts("path").map(|path| {
        let steps = path.iter().filter_map(|name| step(name, plan, fields));
        steps.collect()
    });
    let ends_at = fields.text("ends_at");
    let ends_at = ends_at.and_then(|name| step(&name, plan, fields));
    let outcome = fields.text("outcome");
    let outcome = outcome.and_then(|name| self::outcome(name, fields));
    let says = says(fields);
    let language = fields.text("language");
    let language = language.and_then(|name| self::language(&name, plan, fields));
    let recorded = fields.boolean("recorded");
    if EXPECTATIONS.iter().all(|name| fields.value(name).is_none()) {
        let help = "without `path`, `ends_at`, `outcome`, `says`, `language` or `recorded` nothing is tested";
        fields.missing("outcome", help);
    }
    Expected {
        path,
        ends_at,
        outcome,
        says,
        language,
        recorded,
    }
}

fn step(name: &Name, plan: Option<&Dialplan>, fields: &mut Fields<'_>) -> Option<StepId> {
    let steps = plan?.steps.iter().map(|step| step.name.as_str());
    let place = steps.clone().position(|step| step == name.text);
    if place.is_none() {
        let message = format!("no step is called \"{}\"", name.text);
        let diagnostic = Diagnostic::error("unknown-step", name.place.clone(), message);
        let diagnostic = diagnostic.label("no call comes here");
        fields.push(diagnostic.suggest(&name.text, steps));
    }
    place.map(|place| StepId(place as u32))
}

fn outcome(name: Name, fields: &mut Fields<'_>) -> Option<String> {
    if OUTCOMES.contains(&name.text.as_str()) {
        return Some(name.text);
    }
    let message = format!("no call ends as \"{}\"", name.text);
    let diagnostic = Diagnostic::error("unknown-outcome", name.place, message);
    let diagnostic = diagnostic.label("no such outcome");
    fields.push(diagnostic.suggest(&name.text, OUTCOMES));
    None
}

/// One text, or several.
fn says(fields: &mut Fields<'_>) -> Vec<String> {
    let several = matches!(
        fields.value("says").map(|value| &value.data),
        Some(Data::List(_))
    );
    let texts = match several {
        true => fields.texts("says").unwrap_or_default(),
        false => fields.text("says").into_iter().collect(),
    };
    for empty in texts.iter().filter(|text| text.text.trim().is_empty()) {
        let message = "no words are heard in every call";
        let help = "write some of the words that have to be heard";
        fields.bad_value(empty.place.clone(), message, help);
    }
    texts.into_iter().map(|text| text.text).collect()
}

fn language(name: &Name, plan: Option<&Dialplan>, fields: &mut Fields<'_>) -> Option<LanguageId> {
    let languages = &plan?.languages;
    let place = languages.iter().position(|tag| *tag == name.text);
    if place.is_none() {
        fields.push(phrase::unknown_language(name, languages));
    }
    place.map(|place| LanguageId(place as u8))
}
