//! The names that stand elsewhere: what they are of, and which there are.

use super::LANGUAGE;
use super::NAMES;
use crate::exchange::dialplan::with_line;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// A step to which calls may go, or a built-in one.
    Step,
    /// A step that may satisfy a caller: a recorded answer, or a look-up.
    Answering,
    /// A step that a caller may need.
    Serving,
    /// A step of which a scenario says what callers press.
    Keyed,
    /// A step, or a part of one, through which calls come.
    Passed,
    /// A queue.
    Queue,
    /// A look-up.
    Lookup,
    /// A survey.
    Survey,
    /// A callback step by which other programs may ask for calls.
    Outbound,
    /// A question of one survey.
    Question,
    /// A value of one look-up that has a way of its own.
    Case,
    /// A class of callers that one look-up knows.
    Class,
    /// A value that one look-up saves.
    Saved,
    /// A group of agents.
    Group,
    /// An agent.
    Agent,
    /// What breaks are for.
    PauseReason,
    /// Opening hours.
    Calendar,
    /// A language.
    Language,
    /// A time zone of the IANA.
    TimeZone,
    /// A value that a look-up saves.
    Value,
    /// A telephone number that a call knows, in braces.
    Number,
    /// A placeholder in what is said, without its braces.
    Spoken,
    /// A placeholder in the address of a look-up, likewise.
    InAddress,
    /// A placeholder in what other systems are sent, likewise.
    Sent,
    /// A line.
    Line,
    /// What callers want.
    Want,
    /// What callers want by the file of calls, where that says so.
    Called,
    /// The same, where the file has the calls of all.
    Forecast,
    /// What a goal is about: `queue.support`, `group.sales`.
    Aim,
}

impl Of {
    /// What such names look like, where nothing more is known.
    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::Step => "^(@(back|start|repeat|hangup)|[^@].*)$",
            Self::Number => r"^\{[^{}]+\}$",
            Self::Language => LANGUAGE,
            Self::Aim => r"^(queue|group)\..+$",
            _ => NAMES,
        }
    }

    /// A name of a step, or a goal of a queue, with its line before it; none of other names, which are of the
    /// site.
    fn with_line(self, name: &str, line: &str) -> Option<String> {
        match self {
            Self::Answering
            | Self::Serving
            | Self::Keyed
            | Self::Queue
            | Self::Lookup
            | Self::Survey
            | Self::Outbound
            | Self::Question
            | Self::Case
            | Self::Class
            | Self::Saved => Some(with_line(line, name)),
            Self::Aim => {
                let queue = name.strip_prefix("queue.")?;
                Some(format!("queue.{}", with_line(line, queue)))
            }
            _ => None,
        }
    }

    /// What a schema calls them.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Step => "names-of-steps",
            Self::Answering => "names-of-answers",
            Self::Serving => "names-of-steps-that-serve",
            Self::Keyed => "names-of-menus",
            Self::Passed => "names-of-steps-and-their-parts",
            Self::Queue => "names-of-queues",
            Self::Lookup => "names-of-look-ups",
            Self::Survey => "names-of-surveys",
            Self::Outbound => "names-of-steps-by-request",
            Self::Question => "names-of-questions",
            Self::Case => "cases",
            Self::Class => "classes",
            Self::Saved => "names-of-saved-values",
            Self::Group => "names-of-groups",
            Self::Agent => "names-of-agents",
            Self::PauseReason => "reasons-of-breaks",
            Self::Calendar => "names-of-calendars",
            Self::Language => "languages",
            Self::TimeZone => "time-zones",
            Self::Value => "names-of-values",
            Self::Number => "numbers",
            Self::Spoken => "what-is-spoken",
            Self::InAddress => "what-an-address-holds",
            Self::Sent => "what-is-sent",
            Self::Line => "names-of-lines",
            Self::Want => "names-of-wants",
            Self::Called => "names-of-wants-with-calls",
            Self::Forecast => "names-of-wants-of-the-forecast",
            Self::Aim => "aims",
        }
    }
}

/// The names that one file may use, as far as they are known.
#[derive(Clone, Debug, Default)]
pub struct Names {
    known: BTreeMap<Of, BTreeSet<String>>,
    /// The same within one thing: within a survey, within a look-up.
    within: BTreeMap<(Of, String), BTreeSet<String>>,
}

impl Names {
    /// Adds names of a kind: from now on it is known which there are, be it none.
    pub fn add<N: Into<String>>(&mut self, of: Of, names: impl IntoIterator<Item = N>) {
        let known = self.known.entry(of).or_default();
        known.extend(names.into_iter().map(Into::into));
    }

    /// The names of a kind; none where it is not known which there are.
    pub fn of(&self, of: Of) -> Option<&BTreeSet<String>> {
        self.known.get(&of)
    }

    /// Adds names of a kind within one thing.
    pub fn add_within<N: Into<String>>(
        &mut self,
        of: Of,
        one: &str,
        names: impl IntoIterator<Item = N>,
    ) {
        let known = self.within.entry((of, one.to_owned())).or_default();
        known.extend(names.into_iter().map(Into::into));
    }

    /// Adds the names of lines. Where there are several, a step may be named with its line before it,
    /// `shop/support`, and has to be where several lines have such a name.
    pub fn add_lines(&mut self, lines: Vec<(String, Self)>) {
        let is_alone = lines.len() == 1;
        let mut owners: BTreeMap<(Of, String), usize> = BTreeMap::new();
        for (_, own) in &lines {
            let known = own.known.iter();
            let known = known.flat_map(|(of, names)| names.iter().map(|name| (*of, name.clone())));
            for named in known.chain(own.within.keys().cloned()) {
                *owners.entry(named).or_default() += 1;
            }
        }
        // As it is written, and with its line.
        let ways = |of: Of, name: &str, line: &str| {
            let with_line = of.with_line(name, line).filter(|_| !is_alone);
            let is_shared = with_line.is_some() && owners[&(of, name.to_owned())] > 1;
            let plain = (!is_shared).then(|| name.to_owned());
            plain.into_iter().chain(with_line)
        };
        for (line, own) in &lines {
            for (of, names) in &own.known {
                let named = names.iter().flat_map(|name| ways(*of, name, line));
                self.add(*of, named);
            }
            for ((of, one), names) in &own.within {
                for one in ways(*of, one, line) {
                    self.add_within(*of, &one, names.iter().cloned());
                }
            }
        }
    }

    /// The names of a kind within one thing; none where it is not known which there are.
    pub(super) fn within(&self, of: Of, one: &str) -> Option<&BTreeSet<String>> {
        self.within.get(&(of, one.to_owned()))
    }

    /// A text with no placeholder in braces but those of a kind, after a beginning.
    pub(super) fn filled(&self, begins: &str, of: Of) -> Option<String> {
        let slots: Vec<String> = self.of(of)?.iter().map(|slot| literal(slot)).collect();
        Some(match slots.is_empty() {
            true => format!("^{begins}[^{{]*$"),
            false => format!("^{begins}([^{{]|\\{{({})\\}})*$", slots.join("|")),
        })
    }
}

/// The regular expression of a text as it stands.
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars() {
        if r"\^$.|?*+()[]{}".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_taken_as_they_are_written() {
        let mut names = Names::default();
        assert_eq!(names.filled("", Of::Spoken), None);
        names.add(Of::Spoken, Vec::<String>::new());
        assert_eq!(names.filled("", Of::Spoken).as_deref(), Some("^[^{]*$"));
        names.add(Of::Spoken, ["a.b:digits", "options"]);
        let pattern = names.filled("x", Of::Spoken);
        assert_eq!(
            pattern.as_deref(),
            Some(r"^x([^{]|\{(a\.b:digits|options)\})*$")
        );
    }
}
