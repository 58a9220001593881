//! A line to be written: steps, keys, prompts, and what remains to be done by hand.

use super::super::diagnostic::Place;
use super::super::graph::Via;
use super::groups::Groups;
use super::names::Names;
use super::spoken::Spoken;
use super::tally::Tally;
use crate::exchange::time::Span;
use std::ops::RangeInclusive;

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    /// The step with this name.
    Step(String),
    /// The menu before.
    Back,
    /// The start of the line.
    Start,
    /// This menu again.
    Repeat,
    /// Nowhere.
    HangUp,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Whole(i64),
    Flag(bool),
    Time(Span),
    /// The name of a step.
    Step(String),
    /// Already as TOML writes it.
    Written(String),
}

/// A key and where it leads.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) keys: String,
    pub(super) to: To,
    /// What was written beside it in the original.
    pub(super) comment: String,
    /// What `{options}` says of it.
    pub(super) label: String,
}

/// A host that can never be there (RFC 2606): nobody is asked before somebody has written whom.
pub(super) const NOWHERE: &str = "https://address.invalid";

/// What a look-up asks, and what is kept of the answer.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// GET, or POST where something is sent, unless this says otherwise.
    pub(super) method: Option<&'static str>,
    pub(super) url: String,
    pub(super) timeout: Span,
    /// What is sent, by name: texts with placeholders.
    pub(super) body: Vec<(String, String)>,
    /// The names of values, and where each is in the answer (RFC 6901).
    pub(super) save: Vec<(String, String)>,
    /// The value that decides.
    pub(super) branch: Option<String>,
    /// What it may be, by the number of its exit (`Via::Case`).
    pub(super) cases: Vec<String>,
}

/// One step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// As in the header: `menu`, `say`, ...
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// What it is made of.
    pub(super) place: Option<Place>,
    pub(super) say: Option<Spoken>,
    pub(super) fields: Vec<(&'static str, Value)>,
    pub(super) exits: Vec<(Via, To)>,
    pub(super) keys: Vec<Key>,
    /// What a `lookup` asks.
    pub(super) asked: Option<Asked>,
    /// Ways that a menu file cannot choose yet: what for, and where to.
    pub(super) cases: Vec<(String, To)>,
    pub(super) todos: Vec<String>,
}

/// Opening hours.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    pub(super) name: String,
    /// As in `open`.
    pub(super) open: Vec<String>,
    pub(super) todos: Vec<String>,
}

/// The whole line.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The name for people.
    pub(super) title: String,
    pub(super) language: String,
    pub(super) timezone: Option<String>,
    pub(super) numbers: Vec<String>,
    pub(super) start: String,
    pub(super) calendars: Vec<Calendar>,
    /// House phrases in the words of the original.
    pub(super) phrases: Vec<(&'static str, Spoken)>,
    pub(super) steps: Vec<Step>,
    pub(super) groups: Groups,
    /// What is to be done for the line as a whole.
    pub(super) todos: Vec<String>,
    pub(super) names: Names,
    pub(super) tally: Tally,
}

impl Step {
    /// A step of which nothing is known but what it is.
    pub(super) fn new(kind: &'static str, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            place: None,
            say: None,
            fields: Vec::new(),
            exits: Vec::new(),
            keys: Vec::new(),
            asked: None,
            cases: Vec::new(),
            todos: Vec::new(),
        }
    }

    pub(super) fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.clone());
        self
    }

    pub(super) fn say(mut self, spoken: Spoken) -> Self {
        self.say = Some(spoken);
        self
    }

    pub(super) fn set(mut self, field: &'static str, value: Value) -> Self {
        self.fields.push((field, value));
        self
    }

    pub(super) fn text(self, field: &'static str, text: impl Into<String>) -> Self {
        self.set(field, Value::Text(text.into()))
    }

    /// A length of time, brought within what a menu file takes.
    pub(super) fn time(
        self,
        field: &'static str,
        time: Span,
        within: RangeInclusive<Span>,
    ) -> Self {
        let time = time.clamp(*within.start(), *within.end());
        self.set(field, Value::Time(time))
    }

    pub(super) fn exit(mut self, via: Via, to: To) -> Self {
        self.exits.push((via, to));
        self
    }

    pub(super) fn todo(mut self, todo: impl Into<String>) -> Self {
        self.add_todo(todo);
        self
    }

    pub(super) fn add_todo(&mut self, todo: impl Into<String>) {
        let todo = todo.into();
        if !self.todos.contains(&todo) {
            self.todos.push(todo);
        }
    }

    /// Adds a key; false if it leads elsewhere already.
    pub(super) fn key(&mut self, keys: &str, to: To, comment: &str) -> bool {
        if let Some(key) = self.keys.iter().find(|key| key.keys == keys) {
            return key.to == to;
        }
        self.keys.push(Key {
            keys: keys.to_owned(),
            to,
            comment: comment.to_owned(),
            label: String::new(),
        });
        true
    }

    /// Leads every key that is bound to nothing else somewhere of its own.
    pub(super) fn any_other_key(&mut self, to: &To) {
        for key in ["x", "*", "#"] {
            self.key(key, to.clone(), "any other key");
        }
    }

    /// How often a caller may say nothing, and press what leads nowhere.
    pub(super) fn tries(self, silence: u64, wrong: u64) -> Self {
        let bound = |tries: u64| tries.clamp(1, super::super::head::TRIES_MAX as u64);
        let (silence, wrong) = (bound(silence), bound(wrong));
        let written = format!("{{ silence = {silence}, wrong = {wrong} }}");
        self.set("tries", Value::Written(written))
    }

    /// All ways out, keys included.
    pub(super) fn ways(&self) -> impl Iterator<Item = &To> {
        let exits = self.exits.iter().map(|(_, to)| to);
        exits.chain(self.keys.iter().map(|key| &key.to))
    }
}

impl Draft {
    /// Adds a step and says where it is.
    pub(super) fn add(&mut self, step: Step) -> To {
        let to = To::Step(step.name.clone());
        self.steps.push(step);
        to
    }

    /// Sets a house phrase; false if it says something else already.
    pub(super) fn phrase(&mut self, name: &'static str, spoken: &Spoken) -> bool {
        match self.phrases.iter().find(|(other, _)| *other == name) {
            Some((_, same)) => same == spoken,
            None => {
                self.phrases.push((name, spoken.clone()));
                true
            }
        }
    }

    /// A calendar with these hours; one that is there already is shared.
    pub(super) fn calendar(&mut self, calendar: Calendar) -> String {
        let same = |other: &&Calendar| other.open == calendar.open;
        if let Some(other) = self.calendars.iter().find(same) {
            return other.name.clone();
        }
        let name = self.names.unique(&calendar.name);
        self.calendars.push(Calendar {
            name: name.clone(),
            ..calendar
        });
        name
    }
}
