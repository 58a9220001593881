//! `say`: what a step says, in every language of its line.

use super::diagnostic::Diagnostic;
use super::diagnostic::Place;
use super::fields::Fields;
use super::lower::KeyEntry;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::lower::Words;
use super::phrase;
use super::phrase::Phrase;
use super::prompt;
use super::prompt::Piece;
use super::tree::Data;
use super::tree::Name;
use super::tree::Table;
use super::tree::Value;
use super::value;
use crate::exchange::dialplan::Form;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::Prompt;
use crate::exchange::dialplan::Speech;
use crate::exchange::id::PromptId;
use crate::exchange::id::VariableId;

/// The spoken forms of values.
pub(super) const FORMS: [&str; 6] = ["digits", "date", "time", "number", "money", "text"];

impl Lowering<'_> {
    /// The prompt in `say`. `options` are the step's own keys where `{options}` may be spoken.
    pub(super) fn say(
        &mut self,
        fields: &mut Fields<'_>,
        step: &str,
        options: Option<&[KeyEntry]>,
        trace: &mut StepTrace,
    ) -> Option<PromptId> {
        self.say_in(fields, "say", step, options, trace)
    }

    /// The prompt in another field, called otherwise than its step.
    pub(super) fn say_in(
        &mut self,
        fields: &mut Fields<'_>,
        field: &'static str,
        step: &str,
        options: Option<&[KeyEntry]>,
        trace: &mut StepTrace,
    ) -> Option<PromptId> {
        let texts = self.texts(fields, field)?;
        let all = fields.word("speak", &["all"]).is_some();
        Some(self.prompt_of(texts, step, all, options, trace))
    }

    /// The prompt of these texts, one for each language of the line. They join the words of the step.
    pub(super) fn prompt_of(
        &mut self,
        texts: Vec<Option<Name>>,
        name: &str,
        all: bool,
        options: Option<&[KeyEntry]>,
        trace: &mut StepTrace,
    ) -> PromptId {
        let mut spoken: Vec<Vec<Part>> = Vec::new();
        for (place, text) in texts.iter().enumerate() {
            let parts = match text {
                Some(text) => self.parts(text, place, options, trace),
                None => Vec::new(),
            };
            spoken.push(parts);
        }
        let speech = self.speeches(spoken, all);
        let name = name.to_owned();
        let prompt = self.add_prompt(Prompt { name, speech });
        let words = trace.words.get_or_insert_with(Words::default);
        let (first, whole) = (words.texts.len(), texts.iter().all(Option::is_some));
        words.texts.extend(texts.into_iter().flatten());
        if whole {
            words.prompts.push((prompt, first..words.texts.len()));
        }
        prompt
    }

    /// The prompt in `say`, which has to be there.
    pub(super) fn say_required(
        &mut self,
        fields: &mut Fields<'_>,
        step: &str,
        options: Option<&[KeyEntry]>,
        trace: &mut StepTrace,
    ) -> PromptId {
        if fields.value("say").is_none() {
            fields.missing("say", "what the caller hears: say = \"...\"");
        }
        let said = self.say(fields, step, options, trace);
        said.unwrap_or_else(|| {
            let speech = self.speeches(Vec::new(), false);
            self.add_prompt(Prompt {
                name: step.to_owned(),
                speech,
            })
        })
    }

    /// A text in each language of the line, by place; what is missing is reported.
    pub(super) fn texts(
        &self,
        fields: &mut Fields<'_>,
        name: &'static str,
    ) -> Option<Vec<Option<Name>>> {
        let value = fields.value(name)?;
        let key = fields
            .key_place(name)
            .unwrap_or_else(|| value.place.clone());
        self.texts_of(fields, name, (value, key))
    }

    /// A value as a text in each language of the line.
    pub(super) fn texts_of(
        &self,
        fields: &mut Fields<'_>,
        name: &'static str,
        (value, key): (&Value, Place),
    ) -> Option<Vec<Option<Name>>> {
        match &value.data {
            Data::Text(text) => {
                let text = Name {
                    text: text.clone(),
                    place: value.place.clone(),
                };
                fields.spoken(name, &text);
                if self.tags.len() > 1 {
                    let place = text.place.clone();
                    let message = format!("`{name}` does not say in which language it is");
                    let help = format!("write {}", joined(&self.tags, name));
                    let diagnostic = Diagnostic::error("missing-language", place, message);
                    fields.push(diagnostic.help(help));
                    return Some(vec![Some(text); self.tags.len()]);
                }
                Some(vec![Some(text)])
            }
            Data::Table(table) => Some(self.texts_by_language(name, table, key, fields)),
            _ => {
                fields.wrong_type(name, value, "a text, or a text for each language");
                None
            }
        }
    }

    fn texts_by_language(
        &self,
        name: &str,
        table: &Table,
        key: Place,
        fields: &mut Fields<'_>,
    ) -> Vec<Option<Name>> {
        let mut texts = vec![None; self.tags.len()];
        for entry in &table.entries {
            let tag = entry.key.text.as_str();
            let Some(place) = self.tags.iter().position(|other| other == tag) else {
                fields.push(phrase::unknown_language(&entry.key, &self.tags));
                continue;
            };
            match &entry.value.data {
                Data::Text(text) => {
                    let text = Name {
                        text: text.clone(),
                        place: entry.value.place.clone(),
                    };
                    fields.spoken(name, &text);
                    texts[place] = Some(text);
                }
                _ => fields.wrong_type(name, &entry.value, "a text in quotes"),
            }
        }
        let missing = |tag: &&String| table.get(tag).is_none();
        let lacking: Vec<String> = self.tags.iter().filter(missing).cloned().collect();
        if !lacking.is_empty() {
            let message = format!("`{name}` has no text in {}", lacking.join(", "));
            let diagnostic = Diagnostic::error("missing-language", key, message);
            fields.push(diagnostic.help(format!("add {}", joined(&lacking, name))));
        }
        texts
    }

    /// The parts of one text in one language.
    fn parts(
        &mut self,
        text: &Name,
        language: usize,
        options: Option<&[KeyEntry]>,
        trace: &mut StepTrace,
    ) -> Vec<Part> {
        let Ok(pieces) = prompt::pieces(&text.text) else {
            let message = "this brace is never closed";
            let place = self.narrow(&text.place, "{");
            let help = "placeholders look like {options} or {order:digits}";
            self.out
                .push(Diagnostic::error("unknown-placeholder", place, message).help(help));
            return Vec::new();
        };
        let mut parts = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Words(words) => parts.push(Part::Text(words)),
                Piece::Slot { name, format } => {
                    let written = match &format {
                        Some(format) => format!("{{{name}:{format}}}"),
                        None => format!("{{{name}}}"),
                    };
                    let place = self.narrow(&text.place, &written);
                    match (name.as_str(), format.as_deref(), options) {
                        ("options", None, Some(options)) => {
                            trace.options_spoken = true;
                            parts.push(Part::Text(self.options(options, language)));
                        }
                        (_, format, _) => {
                            parts.extend(self.slot(&name, format, place, trace));
                        }
                    }
                }
            }
        }
        parts
    }

    fn slot(
        &mut self,
        name: &str,
        format: Option<&str>,
        place: Place,
        trace: &mut StepTrace,
    ) -> Option<Part> {
        let saved = self.variable(name);
        let is_value = saved.is_some_and(|id| self.variables[id.index()].is_value);
        match (saved, format) {
            (Some(id), Some("digits")) if !is_value => {
                self.check_secret(id, place.clone());
                trace.slots.push((id, place));
                return Some(Part::Digits(id));
            }
            (Some(id), Some(format)) if is_value => {
                if let Some(form) = self.form(format) {
                    trace.slots.push((id, place));
                    return Some(Part::Value(id, form));
                }
            }
            _ => {}
        }
        match (name, format) {
            ("notice", None) => return Some(Part::Notice),
            ("caller", None) => return Some(Part::Caller),
            _ => self.unknown_placeholder(name, format, place),
        }
        None
    }

    /// How a value of a look-up is spoken.
    fn form(&self, format: &str) -> Option<Form> {
        let currency = self.variable("currency");
        Some(match format {
            "digits" => Form::Digits,
            "date" => Form::Date,
            "time" => Form::Time,
            "number" => Form::Number,
            "money" => Form::Money(currency.filter(|id| self.variables[id.index()].is_value)),
            "text" => Form::Text,
            _ => return None,
        })
    }

    fn unknown_placeholder(&mut self, name: &str, format: Option<&str>, place: Place) {
        let names: Vec<&str> = self
            .variables
            .iter()
            .map(|saved| saved.name.as_str())
            .collect();
        let (message, help) = match (name, format) {
            ("options", _) => (
                "{options} is only for menus and queues with keys".to_owned(),
                Some("say the keys in words".to_owned()),
            ),
            ("position" | "wait", _) => (
                format!("{{{name}}} is only known to waiting callers"),
                Some("use `announce` of the queue, or [phrases.<language>]".to_owned()),
            ),
            (name, Some(format)) if FORMS.contains(&format) && !names.contains(&name) => {
                let message = format!("no step saves \"{name}\"");
                (message, value::suggestion(name, names.iter().copied()))
            }
            (name, None) if names.contains(&name) => {
                let message = format!("{{{name}}} does not say how it is spoken");
                (message, Some(format!("write {{{name}:digits}}")))
            }
            (name, Some(format)) if FORMS.contains(&format) => {
                let message =
                    format!("\"{name}\" is an entry, and cannot be spoken as `:{format}`");
                (message, Some(format!("write {{{name}:digits}}")))
            }
            (name, Some(format)) if names.contains(&name) => {
                let message = format!("there is no spoken form `:{format}`");
                let near = value::suggestion(format, FORMS);
                (message, near)
            }
            (name, _) => {
                let built_in = ["options", "notice", "caller"];
                let known = names.iter().copied().chain(built_in);
                (
                    format!("there is no placeholder {{{name}}}"),
                    value::suggestion(name, known),
                )
            }
        };
        let mut diagnostic =
            Diagnostic::error("unknown-placeholder", place, message).label("nothing to say here");
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        self.out.push(diagnostic);
    }

    pub(super) fn check_secret(&mut self, id: VariableId, place: Place) {
        let Some(variable) = self.variables.get(id.index()).filter(|saved| saved.secret) else {
            return;
        };
        let message = format!("\"{}\" is secret and must not be spoken", variable.name);
        let diagnostic = Diagnostic::error("secret-spoken", place, message);
        self.out
            .push(diagnostic.label("anybody near the telephone would hear it"));
    }

    /// "For sales, press 1." for every key that has a label.
    fn options(&self, options: &[KeyEntry], language: usize) -> String {
        let tag = &self.tags[language];
        let phrase = self
            .book
            .get(tag, Phrase::Option)
            .unwrap_or("{label}: {key}.");
        let spoken = options.iter().filter_map(|key| {
            let label = key.labels.get(language)?.as_deref()?;
            let name = self.book.key_name(tag, &key.action.key);
            Some(phrase.replace("{key}", &name).replace("{label}", label))
        });
        spoken.collect::<Vec<String>>().join(" ")
    }

    /// The prompt that offers the keys of a queue.
    pub(super) fn options_prompt(&mut self, step: &str, keys: &[KeyEntry]) -> Option<PromptId> {
        if keys.iter().all(|key| key.label.is_none()) {
            return None;
        }
        let spoken = (0..self.tags.len())
            .map(|language| vec![Part::Text(self.options(keys, language))])
            .collect();
        let speech = self.speeches(spoken, false);
        let name = format!("{step}.options");
        Some(self.add_prompt(Prompt { name, speech }))
    }

    /// A house phrase; `slot` says what its placeholder is filled with.
    pub(super) fn phrase(&mut self, phrase: Phrase, slot: Option<Part>) -> PromptId {
        self.check_known(phrase);
        let mut spoken = Vec::new();
        for tag in &self.tags {
            let text = self.book.get(tag, phrase).unwrap_or_default();
            let part = |piece| match (piece, &slot) {
                (Piece::Words(words), _) => Some(Part::Text(words)),
                (Piece::Slot { .. }, slot) => slot.clone(),
            };
            let pieces = prompt::pieces(text).unwrap_or_default();
            spoken.push(pieces.into_iter().filter_map(part).collect());
        }
        let speech = self.speeches(spoken, false);
        let name = phrase.name().replace('_', "-");
        self.add_prompt(Prompt { name, speech })
    }

    /// A house phrase that names a key.
    pub(super) fn key_phrase(&mut self, phrase: Phrase, key: &str) -> PromptId {
        self.check_known(phrase);
        let text = |tag: &String| {
            let text = self.book.get(tag, phrase).unwrap_or_default();
            text.replace("{key}", &self.book.key_name(tag, key))
        };
        let texts = self.tags.iter().map(text).collect();
        let name = phrase.name().replace('_', "-");
        let name = match key {
            "*" | "#" => name,
            digit => format!("{name}-{digit}"),
        };
        self.plain_prompt(name, texts)
    }

    /// A prompt of a text for each language of the line, without placeholders.
    pub(super) fn plain_prompt(&mut self, name: String, texts: Vec<String>) -> PromptId {
        let spoken = texts.into_iter().map(|text| vec![Part::Text(text)]);
        let speech = self.speeches(spoken.collect(), false);
        self.add_prompt(Prompt { name, speech })
    }

    /// A phrase that few lines need is missed only where it is said.
    fn check_known(&mut self, phrase: Phrase) {
        if !phrase.is_rare() || !self.missed.insert(phrase) {
            return;
        }
        for tag in &self.tags {
            if self.book.get(tag, phrase).is_none() {
                let message = format!("the house has no phrase `{}` in \"{tag}\"", phrase.name());
                let help = format!("add [phrases.{tag}] with {}", phrase.name());
                let place = self.place.clone();
                let diagnostic = Diagnostic::error("missing-language", place, message);
                self.out.push(diagnostic.help(help));
            }
        }
    }

    /// Puts the languages of the line in their places among those of the site.
    fn speeches(&self, spoken: Vec<Vec<Part>>, all: bool) -> Vec<Speech> {
        let mut speech = vec![Speech::default(); self.plan.languages.len()];
        let each: Vec<Speech> = spoken
            .into_iter()
            .zip(&self.tags)
            .map(|(parts, tag)| prompt::speech(parts, tag))
            .collect();
        let together = all.then(|| one_after_another(&each));
        for (id, own) in self.languages.iter().zip(each) {
            speech[id.index()] = together.clone().unwrap_or(own);
        }
        speech
    }

    /// A place inside a longer one, if the words can be found there.
    pub(super) fn narrow(&self, place: &Place, words: &str) -> Place {
        let text = self.sources.get(place.file).text.get(place.span.clone());
        let Some(at) = text.and_then(|text| text.find(words)) else {
            return place.clone();
        };
        let start = place.span.start + at;
        Place {
            file: place.file,
            span: start..start + words.len(),
        }
    }
}

fn one_after_another(each: &[Speech]) -> Speech {
    let mut all = Speech::default();
    for (place, speech) in each.iter().enumerate() {
        if place > 0 {
            all.parts.push(Part::Text(" ".to_owned()));
        }
        all.parts.extend(speech.parts.iter().cloned());
        all.length.0 += speech.length.0;
    }
    all
}

fn joined(tags: &[String], name: &str) -> String {
    let fields = tags.iter().map(|tag| format!("`{name}.{tag}`"));
    fields.collect::<Vec<String>>().join(" and ")
}
