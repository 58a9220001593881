//! `[menu.x.keys]`, `[queue.x.keys]` and `[global_keys]`: what keys lead where.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::keys;
use super::lower::KeyEntry;
use super::lower::Lowering;
use super::lower::OwnKey;
use super::lower::StepTrace;
use super::phrase;
use super::schema;
use super::tree::Data;
use super::tree::Entry;
use super::tree::Name;
use super::tree::Table;
use crate::exchange::dialplan::KeyAction;
use crate::exchange::dialplan::Target;
use crate::exchange::id::KeyNodeId;

/// Keys of one table at most.
const KEYS_MAX: usize = 1000;

/// Which global keys work in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Globals {
    /// All that the step does not use itself.
    All,
    /// Only `*` and `#`, for digits are data here; not the one that ends the entry.
    Signs(Option<char>),
    /// Only `*` and 0, for digits are letters here and `#` ends a name.
    Operator,
    /// None.
    None,
}

impl Lowering<'_> {
    /// Reads a table of keys.
    pub(super) fn keys(&mut self, table: &Table, global: bool) -> Vec<KeyEntry> {
        let mut entries: Vec<KeyEntry> = Vec::new();
        for entry in table.entries.iter().take(KEYS_MAX) {
            if let Some(key) = self.key(entry, global) {
                entries.push(key);
            }
        }
        entries
    }

    fn key(&mut self, entry: &Entry, global: bool) -> Option<KeyEntry> {
        let name = &entry.key;
        if !keys::is_pattern(&name.text) {
            let message = format!("\"{}\" is not a key of a telephone", name.text);
            let help = format!(
                "keys are 0-9, \"*\" and \"#\"; x is any digit, as in \"2xx\"; at most {} of them",
                keys::KEYS_IN_PATTERN_MAX
            );
            let diagnostic = Diagnostic::error("bad-value", name.place.clone(), message);
            self.out.push(diagnostic.help(help));
            return None;
        }
        let mut key = KeyEntry {
            action: KeyAction {
                key: name.text.clone(),
                label: String::new(),
                target: Target::HangUp,
                language: None,
                self_served: false,
                not_helped: false,
                global,
            },
            name: name.clone(),
            labels: Vec::new(),
            label: None,
        };
        match &entry.value.data {
            Data::Text(text) => {
                let place = entry.value.place.clone();
                let target = Name {
                    text: text.clone(),
                    place,
                };
                key.action.target = self.target(&target).unwrap_or(Target::HangUp);
            }
            Data::Table(table) => self.key_table(name, table, &mut key),
            _ => {
                let message = format!("the key {} has to lead to a step", name.text);
                let place = entry.value.place.clone();
                let help = "write 1 = \"sales\", or 1 = { go = \"sales\", label = \"sales\" }";
                self.out
                    .push(Diagnostic::error("wrong-type", place, message).help(help));
            }
        }
        Some(key)
    }

    fn key_table(&mut self, name: &Name, table: &Table, key: &mut KeyEntry) {
        let title = format!("the key {}", name.text);
        let mut fields = Fields::new(table, title, name.place.clone());
        fields = fields.shaped(Some(&schema::line::KEY_TABLE));
        match fields.text("go") {
            Some(go) => key.action.target = self.target(&go).unwrap_or(Target::HangUp),
            None if fields.value("go").is_none() => {
                fields.missing("go", "where the key leads: go = \"sales\"");
            }
            None => {}
        }
        if let Some(labels) = self.texts(&mut fields, "label") {
            key.label = fields.key_place("label");
            key.labels = labels
                .into_iter()
                .map(|label| label.map(|label| label.text))
                .collect();
            let first = key.labels.first().cloned().flatten();
            key.action.label = first.unwrap_or_default();
        }
        if let Some(language) = fields.text("language") {
            match self.tags.iter().position(|tag| *tag == language.text) {
                Some(place) => key.action.language = Some(self.languages[place]),
                None => fields.push(phrase::unknown_language(&language, &self.tags)),
            }
        }
        key.action.self_served = fields.word("outcome", &["self-served"]).is_some();
        fields.later("when", "a condition on a key", "use an `hours` step");
        fields.finish(self.out);
    }

    /// Reads the `keys` of a step.
    pub(super) fn own_keys(
        &mut self,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Vec<KeyEntry> {
        let Some(table) = fields.table("keys") else {
            return Vec::new();
        };
        let keys = self.keys(table, false);
        let own = |key: &KeyEntry| OwnKey {
            name: key.name.clone(),
            label: key.label.clone(),
            spoken: key.labels.first().cloned().flatten(),
        };
        trace.keys = keys.iter().map(own).collect();
        keys
    }

    /// Compiles own keys together with the global ones that they leave free.
    pub(super) fn compile_keys(
        &mut self,
        fields: &mut Fields<'_>,
        own: Vec<KeyEntry>,
        globals: Globals,
    ) -> KeyNodeId {
        let mut actions: Vec<KeyAction> = own.into_iter().map(|key| key.action).collect();
        let free = |key: &&KeyEntry| {
            let sign = ["*", "#"].contains(&key.action.key.as_str());
            let works = match globals {
                Globals::All => true,
                Globals::Signs(end) => sign && key.action.key.chars().next() != end,
                Globals::Operator => ["*", "0"].contains(&key.action.key.as_str()),
                Globals::None => false,
            };
            works && actions.iter().all(|own| own.key != key.action.key)
        };
        let inherited: Vec<KeyAction> = self
            .globals
            .iter()
            .filter(free)
            .map(|key| key.action.clone())
            .collect();
        actions.extend(inherited);
        keys::compile(self.plan, actions).unwrap_or_else(|| {
            let message = format!("the keys of {} make too large a table", fields.title());
            let help = "use fewer patterns with x, or shorter ones";
            let diagnostic = Diagnostic::error("too-many-keys", fields.place(), message);
            fields.push(diagnostic.help(help));
            self.trace.holes = true;
            // A table without keys is never too large.
            keys::compile(self.plan, Vec::new()).unwrap_or(KeyNodeId(0))
        })
    }
}

/// Which global keys a step takes: `global_keys = false` switches them off.
pub(super) fn globals(fields: &mut Fields<'_>) -> Globals {
    match fields.boolean("global_keys") {
        Some(false) => Globals::None,
        _ => Globals::All,
    }
}
