//! Lowers one line's tree into the dialplan: what every kind of step needs to do so.

use super::calendar;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::graph::Via;
use super::groups::Person;
use super::groups::Roster;
use super::head;
use super::head::Defaults;
use super::include::Included;
use super::phrase::Book;
use super::phrase::Phrase;
use super::source::Sources;
use super::tree::Name;
use super::unset::Unset;
use super::value;
use crate::exchange::dialplan::Dialling;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Patience;
use crate::exchange::dialplan::Prompt;
use crate::exchange::dialplan::Target;
use crate::exchange::id::CalendarId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::time::Span;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::Range;

/// Unknown names for which the nearest step is looked for; where there are more, something else is
/// wrong.
const SUGGESTED_MAX: usize = 200;

/// Where calls may go without a step.
pub(super) const BUILT_IN: [(&str, Target); 4] = [
    ("@back", Target::Back),
    ("@start", Target::Start),
    ("@repeat", Target::Repeat),
    ("@hangup", Target::HangUp),
];

/// Where the parts of a compiled step were written, for the checks that come afterwards.
#[derive(Clone, Debug)]
pub(super) struct StepTrace {
    /// The name in the header.
    pub(super) name: Place,
    /// The kind in the header.
    pub(super) kind: &'static str,
    /// The exits that are written down.
    pub(super) exits: Vec<(Via, Place)>,
    /// Own keys.
    pub(super) keys: Vec<OwnKey>,
    /// The words of the step.
    pub(super) words: Option<Words>,
    /// Placeholders of the step.
    pub(super) slots: Vec<(VariableId, Place)>,
    /// Keys that have a meaning of the step itself: the end of an entry, 1 and 2 of a confirmation.
    pub(super) built_in_keys: Vec<char>,
    /// Whether the labels of the keys are spoken.
    pub(super) options_spoken: bool,
    /// A step that another one brings with it, and whose place is there.
    pub(super) is_part: bool,
}

/// A key of a step as written.
#[derive(Clone, Debug)]
pub(super) struct OwnKey {
    pub(super) name: Name,
    pub(super) label: Option<Place>,
    /// The label in the first language of the line.
    pub(super) spoken: Option<String>,
}

/// The words of a step as written: the transcript of each language.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) texts: Vec<Name>,
    /// The prompts with a text in every language of the line, and which texts these are.
    pub(super) prompts: Vec<(PromptId, Range<usize>)>,
}

/// A skill asked for by a queue.
#[derive(Clone, Debug)]
pub(super) struct SkillTrace {
    pub(super) lane: LaneId,
    pub(super) name: String,
    pub(super) level: u8,
    pub(super) place: Place,
    /// The lanes in its place after so long a wait, in the order of time.
    pub(super) later: Vec<(Span, LaneId)>,
}

/// Where everything was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    /// By step.
    pub(super) steps: Vec<StepTrace>,
    pub(super) skills: Vec<SkillTrace>,
    /// By line: where `start` is written, or the header of the line.
    pub(super) lines: Vec<Place>,
    /// By line: the folder of its recordings as written.
    pub(super) audio: Vec<Option<Name>>,
    /// By line: the files that it includes.
    pub(super) included: Vec<Vec<Included>>,
    /// By group: the settings that its file leaves out.
    pub(super) unset: Vec<Vec<Unset>>,
    /// Whether some exits lead to where nobody meant: then nothing is known of what is reached.
    pub(super) holes: bool,
    /// The prompts of the plan by their names, to find those that are there already.
    prompts: BTreeMap<String, Vec<PromptId>>,
    /// Names that no step has.
    unknown: usize,
}

/// A saved entry, or a value of a look-up.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) secret: bool,
    /// Whether it is a value of a look-up.
    pub(super) is_value: bool,
}

/// A key as written, before it is compiled.
#[derive(Clone, Debug)]
pub(super) struct KeyEntry {
    pub(super) action: crate::exchange::dialplan::KeyAction,
    pub(super) name: Name,
    /// By place in the line's languages.
    pub(super) labels: Vec<Option<String>>,
    pub(super) label: Option<Place>,
}

/// One line while its steps are lowered.
pub(super) struct Lowering<'a> {
    pub(super) sources: &'a mut Sources,
    pub(super) plan: &'a mut Dialplan,
    pub(super) out: &'a mut Diagnostics,
    pub(super) trace: &'a mut Trace,
    pub(super) roster: &'a Roster,
    /// The people, instead of those of the groups files.
    pub(super) people: Option<&'a [Person]>,
    /// Whether the line names a groups file.
    pub(super) names_groups: bool,
    /// The languages of the line, with their tags.
    pub(super) tags: Vec<String>,
    pub(super) languages: Vec<LanguageId>,
    /// The steps by name.
    pub(super) names: BTreeMap<String, StepId>,
    /// Which of them are queues.
    pub(super) queue_steps: BTreeSet<StepId>,
    pub(super) calendars: BTreeMap<String, CalendarId>,
    pub(super) variables: Vec<Variable>,
    pub(super) defaults: Defaults,
    pub(super) globals: Vec<KeyEntry>,
    pub(super) book: Book,
    /// Rare phrases that were looked for.
    pub(super) missed: BTreeSet<Phrase>,
    /// Which numbers may be dialled, and whether the file says it.
    pub(super) dialling: Dialling,
    pub(super) says_dialling: bool,
    /// The header of the line.
    pub(super) place: Place,
    pub(super) timezone: jiff::tz::TimeZone,
    pub(super) zone: crate::exchange::calendar::Zone,
    pub(super) at: Option<Date>,
}

impl Lowering<'_> {
    /// The target with this name; an unknown one is reported.
    pub(super) fn target(&mut self, name: &Name) -> Option<Target> {
        let built_in = BUILT_IN.iter().find(|(word, _)| *word == name.text);
        if let Some((_, target)) = built_in {
            return Some(*target);
        }
        if let Some(step) = self.names.get(&name.text) {
            return Some(Target::Step(*step));
        }
        if name.text.starts_with('@') {
            let words = BUILT_IN.iter().map(|(word, _)| *word);
            self.out
                .push(unknown_target(name, "this leads nowhere").suggest(&name.text, words));
            self.trace.holes = true;
            return None;
        }
        let near = self.unknown_step(name, "this leads nowhere");
        near.map(Target::Step)
    }

    /// Reports a name that no step has; the one that was probably meant goes on being checked.
    pub(super) fn unknown_step(&mut self, name: &Name, label: &str) -> Option<StepId> {
        let diagnostic = unknown_target(name, label);
        self.trace.unknown += 1;
        if self.trace.unknown > SUGGESTED_MAX {
            self.trace.holes = true;
            self.out.push(diagnostic);
            return None;
        }
        let names = || self.names.keys().map(String::as_str);
        let near = value::nearest(&name.text, names()).and_then(|near| self.names.get(near));
        let near = near.copied();
        self.trace.holes |= near.is_none();
        self.out.push(diagnostic.suggest(&name.text, names()));
        near
    }

    /// The target in a field, noted in the trace.
    pub(super) fn exit(
        &mut self,
        fields: &mut Fields<'_>,
        via: Via,
        trace: &mut StepTrace,
    ) -> Option<Target> {
        let name = fields.text(via.field())?;
        trace.exits.push((via, name.place.clone()));
        // An unknown target is reported; the field is there all the same.
        Some(self.target(&name).unwrap_or(Target::HangUp))
    }

    /// The target in a field without which nothing happens after the step.
    pub(super) fn exit_or_dead_end(
        &mut self,
        fields: &mut Fields<'_>,
        via: Via,
        trace: &mut StepTrace,
    ) -> Target {
        if fields.value(via.field()).is_none() {
            let field = via.field();
            let message = format!("nothing happens after {}", fields.title());
            let help = format!("add `{field}`: a step, or \"@hangup\"");
            let diagnostic = Diagnostic::error("dead-end", trace.name.clone(), message)
                .label(format!("no `{field}` here"));
            fields.push(diagnostic.help(help));
        }
        self.exit(fields, via, trace).unwrap_or(Target::HangUp)
    }

    /// Waiting times, tries and `give_up` of a step, the line's own where it says nothing.
    pub(super) fn patience(
        &mut self,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> (Patience, Target) {
        let own = Defaults::of(fields);
        let patience = self.usual_patience().with(&own);
        let give_up = own.give_up.or_else(|| self.defaults.give_up.clone());
        let Some(give_up) = give_up else {
            let message = format!("after the last try, {} drops the call", fields.title());
            let diagnostic = Diagnostic::warning("no-next-step", trace.name.clone(), message);
            let help = "add `give_up` here or in [defaults]: a step, or \"@hangup\"";
            fields.push(diagnostic.label("no `give_up`").help(help));
            return (patience, Target::HangUp);
        };
        trace.exits.push((Via::GiveUp, give_up.place.clone()));
        (patience, self.target(&give_up).unwrap_or(Target::HangUp))
    }

    /// Waiting times and tries of a step that says nothing of them.
    pub(super) fn usual_patience(&self) -> Patience {
        let usual = Patience {
            first_key: head::FIRST_KEY_USUAL,
            next_key: head::NEXT_KEY_USUAL,
            silences: head::TRIES_USUAL as u8,
            wrongs: head::TRIES_USUAL as u8,
        };
        usual.with(&self.defaults)
    }

    /// Whether keys cut the words of a step short.
    pub(super) fn barge_in(&self, fields: &mut Fields<'_>) -> bool {
        let own = fields.boolean("barge_in");
        own.or(self.defaults.barge_in).unwrap_or(true)
    }

    /// The calendar with this name; an unknown one is reported.
    pub(super) fn calendar(&mut self, name: &Name) -> Option<CalendarId> {
        if let Some(id) = self.calendars.get(&name.text) {
            return Some(*id);
        }
        if let Some(calendar) = calendar::built_in(&name.text, &self.zone) {
            let id = CalendarId(self.plan.calendars.len() as u16);
            self.plan.calendars.push(calendar);
            self.calendars.insert(name.text.clone(), id);
            return Some(id);
        }
        let message = format!("no calendar is called \"{}\"", name.text);
        let diagnostic = Diagnostic::error("unknown-calendar", name.place.clone(), message)
            .label("no such calendar");
        let names = self.calendars.keys().map(String::as_str);
        let names = names.chain(["always", "never"]);
        self.out.push(diagnostic.suggest(&name.text, names));
        None
    }

    /// Puts a prompt into the plan; one that is there already is shared.
    pub(super) fn add_prompt(&mut self, prompt: Prompt) -> PromptId {
        let known = self.trace.prompts.entry(prompt.name.clone()).or_default();
        let mut known_ids = known.iter().copied();
        if let Some(id) = known_ids.find(|id| self.plan.prompts[id.index()] == prompt) {
            return id;
        }
        let id = PromptId(self.plan.prompts.len() as u32);
        known.push(id);
        self.plan.prompts.push(prompt);
        id
    }

    /// The saved entry with this name.
    pub(super) fn variable(&self, name: &str) -> Option<VariableId> {
        let place = self
            .variables
            .iter()
            .position(|variable| variable.name == name)?;
        Some(VariableId(place as u8))
    }
}

impl Patience {
    /// The same, but for what is said here.
    pub(super) fn with(self, said: &Defaults) -> Self {
        let (silences, wrongs) = said.tries.unwrap_or((self.silences, self.wrongs));
        Self {
            first_key: said.first_key.unwrap_or(self.first_key),
            next_key: said.next_key.unwrap_or(self.next_key),
            silences,
            wrongs,
        }
    }
}

fn unknown_target(name: &Name, label: &str) -> Diagnostic {
    let message = format!("no step is called \"{}\"", name.text);
    Diagnostic::error("unknown-target", name.place.clone(), message).label(label)
}

impl StepTrace {
    /// Of a step of which only the header is known.
    pub(super) fn new(name: Place, kind: &'static str) -> Self {
        Self {
            name,
            kind,
            exits: Vec::new(),
            keys: Vec::new(),
            words: None,
            slots: Vec::new(),
            built_in_keys: Vec::new(),
            options_spoken: false,
            is_part: false,
        }
    }

    /// Where an exit is written; the step's name where it is not.
    pub(super) fn exit(&self, via: Via) -> Place {
        let written = self.exits.iter().find(|(other, _)| *other == via);
        written.map_or_else(|| self.name.clone(), |(_, place)| place.clone())
    }
}
