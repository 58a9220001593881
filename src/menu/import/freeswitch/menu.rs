//! One `<menu>`, and what its attributes and entries become.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::head::KEY_TIMES;
use super::super::super::source::FileId;
use super::super::draft::Draft;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::names::shown;
use super::super::regex;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::super::xml;
use super::Files;
use super::action;
use super::action::Action;
use crate::exchange::time::Span;
use roxmltree::Node;
use std::collections::BTreeMap;

/// What FreeSWITCH takes where a menu says nothing.
const TIMEOUT_MS: u64 = 10_000;
const TRIES: u64 = 3;
/// The longest keys, and words, that a message shows in full, in characters.
const DIGITS_SHOWN_MAX: usize = 100;
/// Attributes that say how a text is spoken, or what is meaningless here.
const WITHOUT_EFFECT: [&str; 4] = ["tts-engine", "tts-voice", "confirm-attempts", "phrase_lang"];

pub(super) struct Menu<'d> {
    pub(super) name: &'d str,
    pub(super) place: Place,
    node: Node<'d, 'd>,
    pub(super) entries: Vec<Entry<'d>>,
}

/// One `<entry>`.
pub(super) struct Entry<'d> {
    pub(super) place: Place,
    pub(super) action: &'d str,
    pub(super) digits: &'d str,
    pub(super) param: &'d str,
    /// What else is said of it.
    others: Vec<String>,
}

/// What the menus share: the names of their steps, and the way out.
pub(super) struct House<'f, 'd> {
    pub(super) files: &'f Files<'d>,
    pub(super) start: usize,
    /// By the menu's own name: the step that greets, and the menu itself.
    steps: BTreeMap<&'d str, (String, String)>,
    /// Where calls go that are through with the menus.
    pub(super) goodbye: To,
}

/// The attributes of an entry that are not read.
fn others(entry: Node<'_, '_>) -> Vec<String> {
    let others = entry.attributes().filter(|attribute| {
        !["action", "digits", "param"].contains(&attribute.name()) && !attribute.value().is_empty()
    });
    let others = others.map(|other| format!("{}=\"{}\"", other.name(), other.value()));
    others.collect()
}

/// What stands in a menu and is no entry, nor read elsewhere.
fn unknown(child: Node<'_, '_>) -> Option<String> {
    let text = child.text().unwrap_or("").trim();
    match child.tag_name().name() {
        "entry" | "menu" | "X-PRE-PROCESS" => None,
        "" if child.is_text() && !text.is_empty() => {
            Some(format!("the text \"{}\"", shown(text, DIGITS_SHOWN_MAX)))
        }
        "" => None,
        name => Some(format!("<{name}>")),
    }
}

impl<'d> Menu<'d> {
    pub(super) fn read(file: FileId, node: Node<'d, 'd>) -> Self {
        let entries = node.children().filter(|child| child.has_tag_name("entry"));
        let entries = entries.map(|entry| Entry {
            place: xml::place(file, entry),
            action: xml::attribute(entry, "action").unwrap_or(""),
            digits: xml::attribute(entry, "digits").unwrap_or(""),
            param: xml::attribute(entry, "param").unwrap_or(""),
            others: others(entry),
        });
        Self {
            name: xml::attribute(node, "name").unwrap_or("menu"),
            place: xml::place(file, node),
            entries: entries.collect(),
            node,
        }
    }

    fn attribute(&self, name: &str) -> Option<&'d str> {
        xml::attribute(self.node, name)
    }

    fn number(&self, name: &str, otherwise: u64) -> u64 {
        let number = self.attribute(name).and_then(|text| text.parse().ok());
        number.filter(|number| *number > 0).unwrap_or(otherwise)
    }

    fn digits(&self) -> u64 {
        self.number("digit-len", 1)
    }

    /// The menus to which entries lead.
    pub(super) fn subs(&self) -> impl Iterator<Item = &'d str> {
        let subs = self
            .entries
            .iter()
            .filter(|entry| entry.action == "menu-sub");
        subs.map(|entry| entry.param)
    }

    /// The greetings: what is heard first, and what is heard when the menu is repeated.
    fn greetings(&self, files: &Files<'d>, draft: &mut Draft) -> (Vec<Sound>, Vec<Sound>) {
        let mut sounds = |name| {
            let written = self.attribute(name);
            written.map_or_else(Vec::new, |written| files.phrases.sounds(written, draft))
        };
        let (long, short) = (sounds("greet-long"), sounds("greet-short"));
        match (long.is_empty(), short.is_empty()) {
            (true, _) => (short.clone(), short),
            (false, true) => (long.clone(), long),
            (false, false) => (long, short),
        }
    }

    pub(super) fn lower(&self, house: &House<'_, 'd>, draft: &mut Draft) {
        draft.tally.convert(&self.place);
        let (entry, name) = house.steps[self.name].clone();
        let (long, short) = self.greetings(house.files, draft);
        let mut step = Step::new("menu", &name).at(&self.place);
        let heard = match long.strip_suffix(short.as_slice()) {
            Some(first) if entry != name => {
                let welcome = Step::new("say", entry).at(&self.place);
                let welcome = welcome.say(Spoken::of(first));
                draft.add(welcome.exit(Via::Then, To::Step(name)));
                short
            }
            _ => {
                if long != short {
                    let short = Spoken::of(&short).text;
                    self.differs(
                        &mut step,
                        draft,
                        &format!("when it repeats, the original says less: \"{short}\""),
                    );
                }
                long
            }
        };
        let heard = match heard.is_empty() {
            true => Spoken::text("…"),
            false => Spoken::of(&heard),
        };
        let mut step = self.patience(step.say(heard), house, draft);
        self.without_counterpart(&mut step, draft);
        for entry in &self.entries {
            self.entry(entry, &mut step, house, draft);
        }
        draft.add(step);
    }

    /// Notes a difference in the file and in the summary.
    fn differs(&self, step: &mut Step, draft: &mut Draft, difference: &str) {
        step.add_todo(difference);
        draft.tally.approximate(&self.place, difference);
    }

    fn patience(&self, step: Step, house: &House<'_, 'd>, draft: &mut Draft) -> Step {
        let timeout = self.number("timeout", TIMEOUT_MS);
        let between = self.number("inter-digit-timeout", timeout / 2);
        let mut step = step.time("first_key", Span(timeout), KEY_TIMES);
        if self.digits() > 1 {
            step = step.time("next_key", Span(between), KEY_TIMES);
            let note = format!(
                "digit-len=\"{}\": FreeSWITCH waits {between} ms after every shorter entry; here a key \
                 acts at once unless it begins a longer one",
                self.digits()
            );
            draft.tally.approximate(&self.place, note);
        }
        let silences = self.number("max-timeouts", TRIES);
        let mut step = step.tries(silences, self.number("max-failures", TRIES));
        let give_up = self.give_up(&mut step, house, draft);
        step.exit(Via::GiveUp, give_up)
    }

    /// Where callers go who have used up their tries: one way here, two in FreeSWITCH.
    fn give_up(&self, step: &mut Step, house: &House<'_, 'd>, draft: &mut Draft) -> To {
        let silent = self.attribute("exec-on-max-timeouts");
        let wrong = self.attribute("exec-on-max-failures");
        if silent != wrong {
            let name = |way: Option<&str>| way.unwrap_or("the end of the menu").to_owned();
            let (silent, wrong) = (name(silent), name(wrong));
            let note = format!(
                "silent callers go to `{silent}`, those who press wrong keys to `{wrong}`; here both go \
                 the first way"
            );
            self.differs(step, draft, &note);
        }
        match silent
            .or(wrong)
            .filter(|_| silent.is_some() || wrong.is_none())
        {
            Some(param) => {
                let place = self.place.clone();
                let action = Action {
                    house,
                    menu: self.name,
                    place,
                };
                let (to, todo) = action.exec(param, draft);
                step.todos.extend(todo);
                to
            }
            // A menu below another one falls back to it.
            None if house.is_start(self.name) => house.goodbye.clone(),
            None => house.parent(self.name),
        }
    }

    fn without_counterpart(&self, step: &mut Step, draft: &mut Draft) {
        if let Some(sound) = self.attribute("invalid-sound") {
            let file = vec![Sound::File(sound.to_owned())];
            let sounds = match sound.contains(':') {
                true => vec![Sound::Text(
                    sound.split_once(':').map_or(sound, |at| at.1).to_owned(),
                )],
                false => file,
            };
            let spoken = Spoken::of(&sounds);
            if !draft.phrase("wrong_key", &spoken) {
                let note = format!(
                    "after a wrong key this menu says \"{}\"; a line has one phrase for that",
                    spoken.text
                );
                self.differs(step, draft, &note);
            }
        }
        let known = [
            "name",
            "greet-long",
            "greet-short",
            "invalid-sound",
            "exit-sound",
            "timeout",
            "inter-digit-timeout",
            "max-failures",
            "max-timeouts",
            "digit-len",
            "exec-on-max-failures",
            "exec-on-max-timeouts",
        ];
        for attribute in self.node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            if known.contains(&name) || value.is_empty() {
                continue;
            }
            if WITHOUT_EFFECT.contains(&name) {
                let note = format!("{name}=\"{value}\" is not carried over");
                draft.tally.remark(&self.place, note);
                continue;
            }
            self.differs(
                step,
                draft,
                &format!("{name}=\"{value}\" has no counterpart in a menu"),
            );
        }
        for child in self.node.children() {
            if let Some(what) = unknown(child) {
                self.differs(step, draft, &format!("{what} has no counterpart in a menu"));
            }
        }
    }

    fn entry(&self, entry: &Entry<'d>, step: &mut Step, house: &House<'_, 'd>, draft: &mut Draft) {
        draft.tally.convert(&entry.place);
        for other in &entry.others {
            let note = format!("{other} is not carried over");
            draft.tally.approximate(&entry.place, note);
        }
        let action = Action {
            house,
            menu: self.name,
            place: entry.place.clone(),
        };
        let digits = shown(entry.digits, DIGITS_SHOWN_MAX);
        let pattern = entry
            .digits
            .strip_prefix('/')
            .and_then(|at| at.strip_suffix('/'));
        let Some(pattern) = pattern else {
            if let Some(why) = self.cannot_be_pressed(entry.digits) {
                let note = format!("the entry \"{digits}\" {why}");
                step.add_todo(&note);
                draft.tally.skip(&entry.place, note);
                return;
            }
            if step.keys.iter().any(|key| key.keys == entry.digits) {
                let note = format!("{digits} is bound above; FreeSWITCH does both");
                draft.tally.skip(&entry.place, &note);
                step.add_todo(note);
                return;
            }
            let (to, todo) = action.of(entry.action, entry.param, draft);
            step.todos
                .extend(todo.map(|todo| format!("key {digits}: {todo}")));
            step.key(entry.digits, to, "");
            return;
        };
        let longest = self.digits().min(u64::from(u8::MAX)) as usize;
        let keys = match action::holds_entry(entry.param) {
            true => regex::numbers(pattern, longest).or_else(|| regex::patterns(pattern, longest)),
            false => regex::patterns(pattern, longest),
        };
        let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
            let note = format!("the pattern {digits} is not one of a few keys");
            step.add_todo(format!("{note}: add keys such as 2xx for it"));
            draft.tally.skip(&entry.place, note);
            return;
        };
        for fit in keys {
            let Some(param) = fit.filled(entry.param) else {
                let note = format!(
                    "keys {digits}: which of them `{}` holds is not plain: add the key {}",
                    entry.param, fit.keys
                );
                step.add_todo(&note);
                draft.tally.skip(&entry.place, note);
                continue;
            };
            let (to, todo) = action.of(entry.action, &param, draft);
            step.todos
                .extend(todo.map(|todo| format!("keys {digits}: {todo}")));
            step.key(&fit.keys, to, "");
        }
        step.todos.dedup();
    }

    fn cannot_be_pressed(&self, digits: &str) -> Option<String> {
        if !super::super::super::keys::is_pattern(digits) || digits.contains('x') {
            return Some("is no key of a telephone".to_owned());
        }
        let longest = self.digits();
        let is_long = digits.len() as u64 > longest;
        is_long.then(|| format!("is longer than digit-len=\"{longest}\": nobody can enter it"))
    }
}

impl<'f, 'd> House<'f, 'd> {
    pub(super) fn new(files: &'f Files<'d>, start: usize, draft: &mut Draft) -> Self {
        let mut steps = BTreeMap::new();
        for menu in &files.menus {
            let name = draft.names.unique(menu.name);
            let (long, short) = menu.greetings(files, draft);
            let is_split = long.len() > short.len() && long.ends_with(&short);
            let entry = match is_split {
                true => draft.names.unique(&format!("{name}-welcome")),
                false => name.clone(),
            };
            steps.insert(menu.name, (entry, name));
        }
        let exit = files
            .menus
            .get(start)
            .and_then(|menu| menu.attribute("exit-sound"));
        let goodbye = exit.map_or(To::HangUp, |sound| {
            let spoken = Spoken::of(&files.phrases.sounds(sound, draft));
            let goodbye = Step::new("say", draft.names.unique("goodbye")).say(spoken);
            draft.add(goodbye.exit(Via::Then, To::HangUp))
        });
        Self {
            files,
            start,
            steps,
            goodbye,
        }
    }

    pub(super) fn is_start(&self, menu: &str) -> bool {
        self.files
            .menus
            .get(self.start)
            .is_some_and(|start| start.name == menu)
    }

    /// Where calls of the line begin.
    pub(super) fn entry(&self) -> To {
        match self.files.menus.get(self.start) {
            Some(menu) => To::Step(self.steps[menu.name].0.clone()),
            None => To::Start,
        }
    }

    /// The step that greets callers of a menu; none when there is no such menu.
    pub(super) fn greeting(&self, menu: &str) -> Option<To> {
        self.steps
            .get(menu)
            .map(|(entry, _)| To::Step(entry.clone()))
    }

    /// A menu without its greeting.
    pub(super) fn menu(&self, menu: &str) -> To {
        self.steps
            .get(menu)
            .map_or(To::Start, |(_, name)| To::Step(name.clone()))
    }

    /// The menu above: by its name where there is only one.
    pub(super) fn parent(&self, menu: &str) -> To {
        let leads = |other: &&Menu<'d>| other.name != menu && other.subs().any(|sub| sub == menu);
        let mut parents = self.files.menus.iter().filter(leads);
        match (parents.next(), parents.next()) {
            (Some(parent), None) => self.greeting(parent.name).unwrap_or(To::Back),
            (None, _) => self.goodbye.clone(),
            _ => To::Back,
        }
    }
}
