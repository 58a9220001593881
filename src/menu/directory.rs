//! Steps in which callers spell a name on the keypad: `[directory.name]`.

use super::diagnostic::Diagnostic;
use super::diagnostic::Place;
use super::fields::Fields;
use super::graph::Via;
use super::key_table;
use super::key_table::Globals;
use super::keypad;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Phrase;
use super::schema;
use super::tree::Data;
use super::tree::Entry;
use super::tree::Name;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::Found;
use crate::exchange::dialplan::Listing;
use crate::exchange::dialplan::Spelling;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::PromptId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::limits::OFFERED_MAX;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Names of one directory.
const ENTRIES_MAX: usize = 10_000;
/// Names that are offered at one time, where the step does not say.
pub(super) const OFFERED: i64 = 5;
/// Reported of one kind; where there are more, one reason has them all.
const REPORTED_MAX: usize = 20;

/// An entry as written.
struct Listed {
    name: Name,
    /// How it is spoken, by place in the line's languages.
    spoken: Vec<Option<String>>,
    said: PromptId,
    target: Target,
    /// What it is found under.
    under: Vec<Name>,
}

impl Lowering<'_> {
    /// Lowers `[directory.name]`.
    pub(super) fn directory(
        &mut self,
        name: &str,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> StepKind {
        trace.built_in_keys.extend(['1', '#', '*']);
        let prompt = self.say_required(fields, name, None, trace);
        let (patience, give_up) = self.patience(fields, trace);
        let asked = (Phrase::NothingFound, None);
        let (wrong, silent, retry) = self.retries(fields, name, asked, trace);
        let offered = fields.integer("offered", 1..=OFFERED_MAX as i64);
        let offered = offered.unwrap_or(OFFERED) as usize;
        let globals = match key_table::globals(fields) {
            Globals::All => Globals::Operator,
            other => other,
        };
        let keys = self.compile_keys(fields, Vec::new(), globals);
        let zero_leads_on = self.plan.key_node(keys).next[0].is_some();
        let listed = self.listed(name, fields, trace);
        let spellings = spellings(&listed, zero_leads_on, fields);
        same_spelling(&listed, &spellings, offered, fields);
        let numbers = (1..=offered).map(|number| number.to_string());
        let mut directory = Directory {
            prompt,
            wrong,
            silent,
            retry,
            more_letters: self.phrase(Phrase::MoreLetters, None),
            wrong_key: self.phrase(Phrase::WrongKey, None),
            choose: numbers
                .map(|key| self.key_phrase(Phrase::Choose, &key))
                .collect(),
            otherwise: self.key_phrase(Phrase::Otherwise, &Key::STAR.to_string()),
            entries: Vec::new(),
            spellings,
            keys,
            patience,
            barge_in: self.barge_in(fields),
            give_up,
        };
        if zero_leads_on {
            spelled_zero(&trace.name, &listed, &directory, fields);
        }
        directory.entries = listed.into_iter().map(Listed::listing).collect();
        StepKind::Directory(directory)
    }

    fn listed(
        &mut self,
        step: &str,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Vec<Listed> {
        let entries = fields.table("entries");
        let is_there = fields.value("entries").is_some();
        let entries = match entries {
            Some(table) => &table.entries[..],
            // What is no table is reported.
            None if is_there => return Vec::new(),
            None => &[],
        };
        if entries.is_empty() {
            let message = format!("nobody can be found in {}", fields.title());
            let help = format!("add [directory.{step}.entries] with \"Maria Weber\" = \"sales\"");
            let diagnostic = Diagnostic::error("dead-end", trace.name.clone(), message);
            fields.push(diagnostic.label("no `entries` here").help(help));
        }
        if let Some(entry) = entries.get(ENTRIES_MAX) {
            let message = format!("a directory has at most {ENTRIES_MAX} entries");
            let place = entry.key.place.clone();
            fields.push(Diagnostic::error("too-large", place, message));
        }
        let mut listed: Vec<Listed> = Vec::new();
        for entry in entries.iter().take(ENTRIES_MAX) {
            let via = Via::Entry(listed.len() as u16);
            trace.exits.push((via, entry.value.place.clone()));
            listed.push(self.entry(step, entry));
        }
        listed
    }

    fn entry(&mut self, step: &str, entry: &Entry) -> Listed {
        let name = &entry.key;
        let (mut target, mut labels, mut under) = (None, None, Vec::new());
        match &entry.value.data {
            Data::Text(text) => {
                let place = entry.value.place.clone();
                let text = text.clone();
                target = self.target(&Name { text, place });
            }
            Data::Table(table) => {
                let title = format!("the entry \"{}\"", name.text);
                let mut fields = Fields::new(table, title, name.place.clone());
                fields = fields.shaped(Some(&schema::line::ENTRY_TABLE));
                fields.require("go", "where it leads: go = \"sales\"");
                target = fields.text("go").and_then(|go| self.target(&go));
                labels = self.texts(&mut fields, "label");
                under = fields.texts("names").unwrap_or_default();
                fields.finish(self.out);
            }
            _ => {
                let message = format!("the entry \"{}\" has to lead to a step", name.text);
                let place = entry.value.place.clone();
                let help =
                    "write \"Maria Weber\" = \"sales\", or { go = \"sales\", names = [\"Weber\"] }";
                let diagnostic = Diagnostic::error("wrong-type", place, message);
                self.out.push(diagnostic.help(help));
            }
        }
        if under.is_empty() {
            under = labels.iter().flatten().flatten().cloned().collect();
            // Of several languages one is enough.
            under.retain(|name| !keypad::spellings(&name.text).is_empty());
        }
        if under.is_empty() {
            under.push(name.clone());
        }
        if labels.is_none() && name.text.trim().is_empty() {
            let message = "the name of an entry is empty";
            let warning = Diagnostic::warning("empty-text", name.place.clone(), message);
            let help = "write what callers hear, or give it a `label`";
            self.out
                .push(warning.label("callers hear nothing").help(help));
        }
        let spoken: Vec<Option<String>> = match labels {
            Some(labels) => labels.into_iter().map(|text| Some(text?.text)).collect(),
            None => vec![Some(name.text.clone()); self.tags.len()],
        };
        Listed {
            said: self.name_prompt(step, &name.text, &spoken),
            name: name.clone(),
            spoken,
            target: target.unwrap_or(Target::HangUp),
            under,
        }
    }

    /// The prompt that says a name.
    fn name_prompt(&mut self, step: &str, name: &str, spoken: &[Option<String>]) -> PromptId {
        let texts = spoken.iter().map(|text| text.clone().unwrap_or_default());
        self.plain_prompt(format!("{step}.{}", name.to_lowercase()), texts.collect())
    }
}

impl Listed {
    fn listing(self) -> Listing {
        Listing {
            name: self.name.text,
            said: self.said,
            target: self.target,
        }
    }
}

/// The keys of all names, in their order; what no caller can spell is reported.
fn spellings(listed: &[Listed], zero_leads_on: bool, fields: &mut Fields<'_>) -> Vec<Spelling> {
    let mut spellings = Vec::new();
    let left_out = listed.iter().filter_map(unspelled_word);
    for remark in left_out.take(REPORTED_MAX) {
        fields.push(remark);
    }
    for (place, entry) in listed.iter().enumerate() {
        for name in &entry.under {
            let spelled = keypad::spellings(&name.text);
            let by_zero = |keys: &str| zero_leads_on && keys.starts_with('0');
            if spelled.iter().all(|spelled| by_zero(&spelled.keys)) {
                unspellable(name, !spelled.is_empty(), fields);
            }
            let spelled = spelled.into_iter();
            spellings.extend(spelled.map(|spelled| Spelling {
                keys: spelled.keys,
                word: spelled.word,
                entry: place as u16,
            }));
        }
    }
    spellings.sort();
    spellings.dedup();
    spellings
}

fn unspellable(name: &Name, has_keys: bool, fields: &mut Fields<'_>) {
    let message = format!("callers cannot spell \"{}\"", name.text);
    let (label, help) = match has_keys {
        false => (
            "no letter of a telephone's keys",
            "say under what it is found, in letters from A to Z or digits: names = [\"Weber\"]",
        ),
        true => (
            "0 leads elsewhere here",
            "let it begin otherwise, or set global_keys = false in this step",
        ),
    };
    let diagnostic = Diagnostic::error("unspellable-name", name.place.clone(), message);
    fields.push(diagnostic.label(label).help(help));
}

/// A remark on a name of which some words are left out, where none of those beside it has all of its own.
fn unspelled_word(entry: &Listed) -> Option<Diagnostic> {
    let under = || entry.under.iter();
    let left_out: Option<Vec<String>> = under().map(|name| keypad::unspelled(&name.text)).collect();
    let mut names = under().zip(left_out?);
    let (name, word) = names.find(|(name, _)| !keypad::spellings(&name.text).is_empty())?;
    let message = format!("callers cannot spell \"{word}\" of \"{}\"", name.text);
    let diagnostic = Diagnostic::info("unspelled-word", name.place.clone(), message);
    let help = "say under what else it is found, in letters from A to Z: names = [\"Weber\"]";
    Some(diagnostic.label("found by its other words").help(help))
}

/// Reports names with the same keys from the first to the last: more than are offered at one time, of
/// which callers never hear all, and those that sound the same, which they cannot choose among.
fn same_spelling(
    listed: &[Listed],
    spellings: &[Spelling],
    offered: usize,
    fields: &mut Fields<'_>,
) {
    let mut reported: Vec<u16> = Vec::new();
    let mut rest = spellings;
    while let Some(first) = rest.first() {
        let alike = rest
            .iter()
            .take_while(|other| other.keys == first.keys)
            .count();
        let (same, after) = rest.split_at(alike);
        rest = after;
        let mut entries: Vec<u16> = same.iter().map(|spelling| spelling.entry).collect();
        entries.sort_unstable();
        entries.dedup();
        let beyond = entries.get(offered).copied();
        let Some(last) = beyond.or_else(|| sound_the_same(listed, &entries)) else {
            continue;
        };
        if reported.contains(&last) || reported.len() == REPORTED_MAX {
            continue;
        }
        reported.push(last);
        let (entry, first) = (&listed[usize::from(last)], &listed[usize::from(entries[0])]);
        let place = entry.name.place.clone();
        let diagnostic = match beyond {
            Some(_) => {
                let (count, keys) = (entries.len(), &same[0].keys);
                let message =
                    format!("{count} names are spelled {keys}, and {offered} can be offered");
                Diagnostic::error("same-spelling", place, message)
                    .label("callers never hear this one")
            }
            None => {
                let (one, other) = (&first.name.text, &entry.name.text);
                let message =
                    format!("\"{one}\" and \"{other}\" sound the same and are spelled the same");
                Diagnostic::warning("same-spelling", place, message)
                    .label("callers cannot tell them apart")
            }
        };
        let diagnostic = diagnostic.related(first.name.place.clone(), "the first of them");
        let help = "find them under more `names`, or give each a `label` that tells them apart";
        fields.push(diagnostic.help(help));
    }
}

/// Reports a directory in which 0 goes on spelling the only name on offer, where callers may want the
/// global key.
fn spelled_zero(step: &Place, listed: &[Listed], directory: &Directory, fields: &mut Fields<'_>) {
    let zero = Key::from_char('0').expect("a key");
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut entries: BTreeMap<u16, &str> = BTreeMap::new();
    for spelling in &directory.spellings {
        for (place, _) in spelling.keys.match_indices('0') {
            let before = &spelling.keys[..place];
            if before.is_empty() || !known.insert(before) {
                continue;
            }
            let spelled: Digits = before.chars().filter_map(Key::from_char).collect();
            if let Found::These(offered) = directory.find(&spelled)
                && let Some(entry) = offered.alone()
                && directory.goes_on(entry, &spelled, zero)
            {
                entries.entry(entry).or_insert(before);
            }
        }
    }
    let Some((first, before)) = entries.first_key_value() else {
        return;
    };
    let entry = &listed[usize::from(*first)].name;
    let message = format!(
        "0 goes on spelling \"{}\" when it is offered, and is not the global key",
        entry.text
    );
    let label = match entries.len() {
        1 => "so it is with one entry".to_owned(),
        count => format!("so it is with {count} entries"),
    };
    let diagnostic = Diagnostic::warning("spelled-zero", step.clone(), message)
        .label(label)
        .related(entry.place.clone(), format!("offered after {before}"))
        .help("find it under `names` without a 0 there, or let callers press star before 0");
    fields.push(diagnostic);
}

/// Of names that are spelled the same, the second of two that are spoken the same.
fn sound_the_same(listed: &[Listed], entries: &[u16]) -> Option<u16> {
    let mut known: BTreeMap<&[Option<String>], u16> = BTreeMap::new();
    entries
        .iter()
        .find(|entry| {
            known
                .insert(&listed[usize::from(**entry)].spoken, **entry)
                .is_some()
        })
        .copied()
}
