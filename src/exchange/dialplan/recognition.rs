//! Who calls, as another system knows it: what a look-up sets before the first word is said.

use super::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::VariableId;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// What a look-up sets of a call, by the values that it saves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recognition {
    /// The value that names the caller's language.
    pub language: Option<VariableId>,
    /// The value that names the caller's class.
    pub class: Option<VariableId>,
    /// The value that names the agent whom the caller knows.
    pub agent: Option<VariableId>,
    /// The classes, and how much earlier their callers count as having come.
    pub classes: Vec<(String, Span)>,
}

/// One thing that another system knows of a caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Known<T> {
    /// Nothing: the value is empty, or not asked for.
    #[default]
    Nothing,
    /// A value that means nothing here; the call goes on as without it.
    Unknown,
    /// This.
    Is(T),
}

/// What another system knows of a caller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognized {
    /// The language: one that the line speaks.
    pub language: Known<LanguageId>,
    /// The class, as a place in [`Recognition::classes`].
    pub class: Known<u8>,
    /// The agent whom the caller knows.
    pub agent: Known<AgentId>,
}

impl Recognized {
    /// Whether nothing is known at all.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl<T> Known<T> {
    fn of(value: &str, found: Option<T>) -> Self {
        match found {
            _ if value.is_empty() => Self::Nothing,
            Some(found) => Self::Is(found),
            None => Self::Unknown,
        }
    }

    /// What is known, if it means anything.
    pub fn is(self) -> Option<T> {
        match self {
            Self::Is(known) => Some(known),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

impl Recognition {
    /// What those are called of whom no look-up has told a class. No class is called so.
    pub const NO_CLASS: &str = "no class";

    /// What the values of an answer say of a caller of this line.
    pub fn read<'v>(
        &self,
        plan: &Dialplan,
        line: LineId,
        value: impl Fn(VariableId) -> &'v str,
    ) -> Recognized {
        let text = |variable: Option<VariableId>| variable.map_or("", &value).trim();
        let (language, class, agent) = (text(self.language), text(self.class), text(self.agent));
        let classes = &mut self.classes.iter();
        let class_place = classes.position(|(name, _)| name == class);
        let agents = &mut plan.agents.iter();
        let agent_place = match agent {
            "" => None,
            agent => agents.position(|known| known.name == agent),
        };
        Recognized {
            language: Known::of(language, spoken(plan, line, language)),
            class: Known::of(class, class_place.map(|place| place as u8)),
            agent: Known::of(agent, agent_place.map(|place| AgentId(place as u32))),
        }
    }
}

/// The language of a line with this tag; `es-MX` is spoken like `es` where the line knows no better.
fn spoken(plan: &Dialplan, line: LineId, tag: &str) -> Option<LanguageId> {
    let languages = &plan.line(line).languages;
    let find = |tag: &str| {
        let is = |id: &&LanguageId| plan.languages[id.index()].eq_ignore_ascii_case(tag);
        languages.iter().find(is).copied()
    };
    find(tag).or_else(|| find(tag.split(['-', '_']).next().unwrap_or(tag)))
}
