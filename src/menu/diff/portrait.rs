//! A step as callers meet it: all that can be told of it, name by name, so that two steps are compared
//! by one rule whatever they do.

use super::turns::Over;
use super::turns::Turns;
use super::view::View;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::CalendarId;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use crate::menu::chart::Kind;
use crate::menu::chart::via_words;
use crate::menu::graph;
use crate::menu::graph::Via;
use crate::menu::keypad;
use std::fmt::Write as _;

/// What is told of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Where a key leads.
    Key,
    /// Where calls go by themselves.
    Exit,
    /// What callers hear.
    Words,
    /// When it is open.
    Hours,
    /// Anything else.
    Setting,
}

/// One thing that can be told of a step, a line or a group.
#[derive(Clone, Debug)]
pub(super) struct Aspect {
    pub(super) what: What,
    pub(super) name: String,
    pub(super) value: Value,
}

/// What it is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Where a call goes, and what happens on the way.
    To(Target, String),
    /// What is said, each time.
    Words(Turns),
    /// Opening hours.
    Hours(CalendarId),
    /// Anything in words.
    Text(String),
}

/// All that can be told of a step.
pub(super) struct Portrait {
    pub(super) kind: Kind,
    pub(super) aspects: Vec<Aspect>,
}

impl Portrait {
    pub(super) fn of(view: View<'_>, id: StepId) -> Self {
        let kind = &view.step(id).kind;
        let mut painter = Painter {
            view,
            aspects: Vec::new(),
        };
        painter.step(kind);
        painter.exits(id, kind);
        Self {
            kind: Kind::of(kind),
            aspects: painter.aspects,
        }
    }

    /// What callers hear first.
    pub(super) fn opening(&self) -> Option<&str> {
        let words = self.aspects.iter().find_map(|aspect| match &aspect.value {
            Value::Words(words) => Some(words),
            _ => None,
        });
        words?.opening()
    }
}

/// Collects aspects.
pub(super) struct Painter<'p> {
    pub(super) view: View<'p>,
    pub(super) aspects: Vec<Aspect>,
}

impl Painter<'_> {
    pub(super) fn add(&mut self, what: What, name: impl Into<String>, value: Value) {
        let name = name.into();
        self.aspects.push(Aspect { what, name, value });
    }

    /// A setting that is there.
    pub(super) fn set(&mut self, name: impl Into<String>, text: impl ToString) {
        self.add(What::Setting, name, Value::Text(text.to_string()));
    }

    /// A setting that may be there.
    pub(super) fn may(&mut self, name: &str, text: Option<impl ToString>) {
        if let Some(text) = text {
            self.set(name, text);
        }
    }

    /// A setting that is on or off.
    pub(super) fn flag(&mut self, name: &str, on: bool) {
        self.set(name, if on { "yes" } else { "no" });
    }

    pub(super) fn says(&mut self, name: &str, prompt: PromptId) {
        self.in_turn(name, &[prompt], Over::Last);
    }

    /// Prompts of which each time the next one is said.
    pub(super) fn in_turn(&mut self, name: &str, prompts: &[PromptId], over: Over) {
        let each = prompts.iter().map(|prompt| self.view.words(*prompt));
        if let Some(turns) = Turns::new(each.collect(), over) {
            self.add(What::Words, name, Value::Words(turns));
        }
    }

    pub(super) fn may_say(&mut self, name: &str, prompt: Option<PromptId>) {
        if let Some(prompt) = prompt {
            self.says(name, prompt);
        }
    }

    pub(super) fn hours(&mut self, calendar: Option<CalendarId>) {
        if let Some(calendar) = calendar {
            self.add(What::Hours, "hours", Value::Hours(calendar));
        }
    }

    /// Where keys lead, and where calls go by themselves.
    fn exits(&mut self, id: StepId, kind: &StepKind) {
        for exit in graph::exits(self.view.plan, id) {
            let to = self.view.plain(exit.to);
            let Some(action) = graph::action(self.view.plan, exit.via) else {
                let name = exit_words(kind, exit.via);
                let how = self.how_found(kind, exit.via);
                self.add(What::Exit, name, Value::To(to, how));
                continue;
            };
            let language = action.language;
            let tag = language.map(|language| &self.view.plan.languages[language.index()]);
            let with = tag.map_or_else(String::new, |tag| format!(", in {tag}"));
            self.add(What::Key, action.key.clone(), Value::To(to, with));
        }
    }

    /// How a name of a directory is spoken and found, where it is not simply as it is written.
    fn how_found(&self, kind: &StepKind, via: Via) -> String {
        let (StepKind::Directory(directory), Via::Entry(place)) = (kind, via) else {
            return String::new();
        };
        let entry = &directory.entries[usize::from(place)];
        let own = keypad::spellings(&entry.name).into_iter();
        let mut own: Vec<String> = own.map(|spelled| spelled.keys).collect();
        own.sort();
        own.dedup();
        let found = directory.spellings.iter();
        let found = found.filter(|spelling| spelling.entry == place);
        let mut found: Vec<&str> = found.map(|spelling| spelling.keys.as_str()).collect();
        found.dedup();
        let spoken = self.view.words(entry.said).into_iter();
        let spoken = spoken.filter(|(_, text)| *text != entry.name);
        let mut how = String::new();
        for (tag, text) in spoken {
            let _ = write!(how, ", spoken as \"{text}\" in {tag}");
        }
        if own != found {
            let _ = write!(how, ", spelled {}", found.join(" or "));
        }
        how
    }
}

/// When calls go this way.
fn exit_words(kind: &StepKind, via: Via) -> String {
    let words = via_words(kind, via);
    match via {
        Via::Then => "afterwards".to_owned(),
        Via::Case(_) | Via::Status(_) => format!("with \"{words}\""),
        Via::Entry(_) => format!("for \"{words}\""),
        Via::Open | Via::Closed => format!("when {words}"),
        Via::Go => "with a good entry".to_owned(),
        Via::Expired => "once it has expired".to_owned(),
        Via::Full => "when full".to_owned(),
        Via::NoAgents => "with nobody signed in".to_owned(),
        Via::AllPaused => "with all on a break".to_owned(),
        Via::Timeout => "after the longest wait".to_owned(),
        Via::TimedOut => "without an answer in time".to_owned(),
        _ => words,
    }
}

/// A time, or none.
pub(super) fn some(span: Span) -> Option<Span> {
    (span > Span::ZERO).then_some(span)
}
