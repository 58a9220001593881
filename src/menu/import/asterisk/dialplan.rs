//! `extensions.conf`: contexts of extensions of numbered lines.

use super::super::super::diagnostic::Place;
use super::super::draft::Draft;
use super::pattern;
use super::text::Item;
use super::text::Section;
use std::collections::BTreeMap;

/// Contexts that include each other are followed so deep.
const INCLUDES_MAX: usize = 16;
/// Lines of all files at most.
pub(in super::super) const LINES_MAX: usize = 50_000;

/// One line of an extension.
#[derive(Clone, Debug)]
pub(in super::super) struct Line {
    pub(in super::super) label: Option<String>,
    /// The application in lower case.
    pub(in super::super) app: String,
    pub(in super::super) arguments: String,
    /// As it is written.
    pub(in super::super) written: String,
    pub(in super::super) place: Place,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Extension {
    /// A name, a number, or a pattern that begins with `_`.
    pub(in super::super) name: String,
    pub(in super::super) lines: BTreeMap<u32, Line>,
}

/// A context that another one includes.
#[derive(Clone, Debug)]
pub(in super::super) struct Inclusion {
    pub(in super::super) context: String,
    /// When, as it is written; always where it is empty.
    pub(in super::super) times: String,
    pub(in super::super) place: Place,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Context {
    pub(in super::super) name: String,
    pub(in super::super) place: Place,
    pub(in super::super) extensions: Vec<Extension>,
    pub(in super::super) includes: Vec<Inclusion>,
}

#[derive(Clone, Debug, Default)]
pub(in super::super) struct Dialplan {
    pub(in super::super) contexts: Vec<Context>,
    pub(in super::super) globals: BTreeMap<String, String>,
    /// How many lines there are.
    pub(in super::super) lines: usize,
}

/// Where a call is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Position {
    pub(in super::super) context: String,
    pub(in super::super) extension: String,
    pub(in super::super) priority: u32,
}

impl Extension {
    /// Whether it waits for keys somewhere.
    pub(in super::super) fn waits(&self) -> bool {
        self.lines.values().any(|line| line.app == "waitexten")
    }
}

impl Context {
    /// Adds what another one has; of two lines of one number the first counts.
    fn add(&mut self, other: Self) {
        for more in other.extensions {
            let mut known = self.extensions.iter_mut();
            match known.find(|known| known.name == more.name) {
                Some(known) => {
                    for (priority, line) in more.lines {
                        known.lines.entry(priority).or_insert(line);
                    }
                }
                None => self.extensions.push(more),
            }
        }
        self.includes.extend(other.includes);
    }
}

impl Dialplan {
    pub(in super::super) fn context(&self, name: &str) -> Option<&Context> {
        let mut contexts = self.contexts.iter();
        contexts.find(|context| context.name.eq_ignore_ascii_case(name))
    }

    /// A context and those that it includes, each once, in the order in which they are looked at.
    pub(in super::super) fn visible(&self, name: &str) -> Vec<&Context> {
        let mut found: Vec<&Context> = Vec::new();
        let mut open = vec![(name.to_owned(), 0)];
        while let Some((name, depth)) = open.pop() {
            let Some(context) = self.context(&name) else {
                continue;
            };
            if depth > INCLUDES_MAX || found.iter().any(|other| other.name == context.name) {
                continue;
            }
            found.push(context);
            let includes = context.includes.iter().rev();
            open.extend(includes.map(|included| (included.context.clone(), depth + 1)));
        }
        found
    }

    /// The extension that answers a number in a context.
    pub(in super::super) fn extension(&self, context: &str, number: &str) -> Option<&Extension> {
        self.visible(context).into_iter().find_map(|context| {
            let fitting = context.extensions.iter().filter(|extension| {
                extension.name == number || pattern::fits(&extension.name, number)
            });
            fitting.min_by_key(|extension| pattern::vagueness(&extension.name))
        })
    }

    /// The same place in the context that is meant, where one only stands for another.
    pub(in super::super) fn canonical(&self, mut at: Position) -> Position {
        for _ in 0..INCLUDES_MAX {
            match self.context(&at.context) {
                Some(context) if context.extensions.is_empty() && context.includes.len() == 1 => {
                    at.context.clone_from(&context.includes[0].context);
                }
                _ => break,
            }
        }
        at
    }

    pub(in super::super) fn line(&self, at: &Position) -> Option<&Line> {
        let extension = self.extension(&at.context, &at.extension)?;
        extension.lines.get(&at.priority)
    }

    /// The next line of the same extension. Asterisk goes on one by one; a gap ends the call.
    pub(in super::super) fn after(&self, at: &Position) -> Position {
        Position {
            priority: at.priority.saturating_add(1),
            ..at.clone()
        }
    }
}

/// Where the reading of a dialplan is. What a file includes goes on there.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    context: Option<usize>,
    extension: Option<usize>,
    priority: u32,
}

impl Reader {
    /// Whether both are in the same context: what one has read, the other goes on with.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        self.context == other.context
    }

    /// Reads a line into the dialplan.
    pub(super) fn item(
        &mut self,
        item: Item,
        place: &Place,
        plan: &mut Dialplan,
        draft: &mut Draft,
    ) {
        match item {
            Item::Section(section) => self.section(&section, place, plan, draft),
            Item::Entry(key, value) => self.entry(&key, &value, place, plan, draft),
            Item::Include { .. } | Item::Exec(_) => {}
        }
    }

    /// Contexts of one name are one, wherever they stand, with `(+)` or without: so Asterisk has them.
    fn section(
        &mut self,
        section: &Section,
        place: &Place,
        plan: &mut Dialplan,
        draft: &mut Draft,
    ) {
        let name = &section.name;
        self.extension = None;
        if name == "general" {
            self.context = None;
            return;
        }
        let mut bases = Vec::new();
        for base in &section.bases {
            match plan.context(base) {
                Some(base) => bases.push(base.clone()),
                None => draft.tally.skip(place, section.lacks(base)),
            }
        }
        let same = |context: &Context| context.name == *name;
        let at = plan.contexts.iter().position(same).unwrap_or_else(|| {
            if section.goes_on {
                draft.tally.elsewhere(place, 0, section.begins_nowhere());
            }
            plan.contexts.push(Context {
                name: name.clone(),
                place: place.clone(),
                extensions: Vec::new(),
                includes: Vec::new(),
            });
            plan.contexts.len() - 1
        });
        for base in bases {
            plan.contexts[at].add(base);
        }
        self.context = Some(at);
    }

    fn entry(
        &mut self,
        key: &str,
        value: &str,
        place: &Place,
        plan: &mut Dialplan,
        draft: &mut Draft,
    ) {
        let Some(context) = self.context else {
            return draft.tally.elsewhere(place, 1, of_the_system(key, value));
        };
        if plan.contexts[context].name == "globals" {
            plan.globals.insert(key.to_uppercase(), value.to_owned());
            return;
        }
        match key {
            "exten" => {
                if let Some((name, rest)) = value.split_once(',') {
                    // A caller's number may follow, `100/5551234`: lines that nobody else comes to.
                    let name = name.trim();
                    if let Some((number, caller)) = name.split_once('/')
                        && !plan.contexts[context]
                            .extensions
                            .iter()
                            .any(|at| at.name == name)
                    {
                        let note = format!(
                            "{number} is another way for calls from {caller}; here all callers go the same way"
                        );
                        draft.tally.skip(place, note);
                    }
                    let extensions = &mut plan.contexts[context].extensions;
                    let known = extensions
                        .iter()
                        .position(|extension| extension.name == name);
                    if known.is_none() {
                        self.priority = 0;
                        extensions.push(Extension {
                            name: name.to_owned(),
                            lines: BTreeMap::new(),
                        });
                    }
                    let place_of = known.unwrap_or(extensions.len() - 1);
                    if self.extension != Some(place_of) {
                        let last = extensions[place_of].lines.keys().last();
                        self.priority = last.copied().unwrap_or(0);
                    }
                    self.extension = Some(place_of);
                    self.line(context, rest, place, plan, draft);
                }
            }
            "same" => self.line(context, value, place, plan, draft),
            "include" => {
                let (name, times) = value.split_once([',', '|']).unwrap_or((value, ""));
                let always = |c: char| matches!(c, '*' | ',' | '|' | ' ');
                plan.contexts[context].includes.push(Inclusion {
                    context: name.trim().to_owned(),
                    times: match times.chars().all(always) {
                        true => String::new(),
                        false => times.trim().replace('|', ","),
                    },
                    place: place.clone(),
                });
            }
            "switch" | "eswitch" | "lswitch" => {
                let note = format!("`{key} => {value}` asks another system for extensions");
                draft.tally.elsewhere(place, 1, note);
            }
            _ => draft.tally.elsewhere(place, 1, of_the_system(key, value)),
        }
    }

    /// `n(label),App(arguments)`
    fn line(
        &mut self,
        context: usize,
        text: &str,
        place: &Place,
        plan: &mut Dialplan,
        draft: &mut Draft,
    ) {
        let Some(extension) = self.extension else {
            return;
        };
        let (priority, rest) = text.split_once(',').unwrap_or((text, "NoOp()"));
        let (number, label) = match priority.split_once('(') {
            Some((number, label)) => (number, Some(label.trim_end_matches(')').trim().to_owned())),
            None => (priority, None),
        };
        let number = number.trim();
        let extension = &mut plan.contexts[context].extensions[extension];
        let priority = match number.split_once('+').unwrap_or((number, "1")) {
            ("n", more) => self
                .priority
                .saturating_add(more.trim().parse().unwrap_or(1)),
            ("s", _) => self.priority,
            ("hint", _) => {
                draft
                    .tally
                    .elsewhere(place, 1, "a hint is for telephones with lamps");
                return;
            }
            (number, _) => match number.parse() {
                Ok(number) if number > 0 => number,
                _ => {
                    let note = format!("\"{number}\" is no priority");
                    draft.tally.skip(place, note);
                    return;
                }
            },
        };
        self.priority = priority;
        plan.lines += 1;
        if plan.lines > LINES_MAX {
            return;
        }
        if extension.lines.contains_key(&priority) {
            let note = format!("priority {priority} of {} is there already", extension.name);
            draft.tally.skip(place, note);
            return;
        }
        let (app, arguments) = called(rest.trim());
        extension.lines.insert(
            priority,
            Line {
                label: label.filter(|label| !label.is_empty()),
                app: app.to_lowercase(),
                arguments: arguments.to_owned(),
                written: rest.trim().to_owned(),
                place: place.clone(),
            },
        );
    }
}

/// What is to be said of a line that no call and no queue looks at.
pub(super) fn of_the_system(key: &str, value: &str) -> String {
    format!("`{key} = {value}` is a setting of Asterisk as a whole")
}

/// `App(arguments)`, or as it was written long ago, `App,arguments`.
pub(in super::super) fn called(text: &str) -> (&str, &str) {
    match text.find(['(', ',']) {
        Some(at) if text[at..].starts_with('(') => {
            let arguments = &text[at + 1..];
            let end = arguments.rfind(')').unwrap_or(arguments.len());
            (text[..at].trim(), arguments[..end].trim())
        }
        Some(at) => (text[..at].trim(), text[at + 1..].trim()),
        None => (text.trim(), ""),
    }
}
