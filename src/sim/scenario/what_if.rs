//! What-ifs: the same scenario, but for a few settings.

use super::owner;
use super::owner::FORECAST_COUNTS;
use super::owner::OWN;
use super::owner::Owner;
use super::owner::SHARED;
use crate::menu::Override;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::menu::tree::Table;
use crate::menu::tree::Value;

/// The factor on all calls of a what-if is at most this.
pub const SCALE_MAX: f64 = 1000.0;
/// People added to or taken from a group by a what-if, at most.
pub const ADDED_MAX: i64 = 10_000;

/// The line's file, or those of several. What follows it after a point is a step of the line.
pub(super) const MENU: &str = "menu";

/// What a what-if has beside its `set`: of these a sweep sets one group after the other.
pub(super) const ADD_AGENTS: &str = "add_agents";

/// And this, which a sweep sets by `--load`.
pub(super) const SCALE_CALLS: &str = "scale_calls";

/// What the scenario is called beside its what-ifs.
pub const BASE: &str = "base";

/// What to write as a name.
const DIFFERENT: &str = "say what is different: `name = \"+20 % calls\"`";

/// Keys of which a scenario has one: setting it takes the place of the other.
const EITHER: [(&str, &str); 2] = [("roster", "staff"), ("staff", "roster")];

/// `[[what_if]]`: the same scenario, but for this.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The planner's name for it.
    pub name: String,
    /// Where that stands, if it is in a file.
    pub(in crate::sim) place: Option<Place>,
    /// The factor on all calls.
    pub scale_calls: f64,
    /// People added to groups, for as long as a group has anybody on duty.
    pub add_agents: Vec<(Name, i64)>,
    /// What is set in the menu and groups files.
    pub overrides: Vec<Override>,
    /// What is set in the scenario itself.
    own: Vec<Override>,
}

impl WhatIf {
    /// Reads one of the what-ifs of a scenario.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let help = "the report calls it by its name: `name = \"+20 % calls\"`";
        fields.require("name", help);
        let name = fields.text("name");
        let scale_calls = fields.number(SCALE_CALLS, 0.0..=SCALE_MAX);
        let mut what_if = Self {
            place: fields.value("name").map(|name| name.place.clone()),
            name: name.map_or_else(String::new, |name| name.text),
            scale_calls: scale_calls.unwrap_or(1.0),
            add_agents: fields
                .inner(ADD_AGENTS)
                .map_or_else(Vec::new, |mut groups| {
                    let list = heads(&mut groups);
                    fields.absorb(groups);
                    list
                }),
            overrides: Vec::new(),
            own: Vec::new(),
        };
        for entry in fields.table("set").map_or(&[][..], |set| &set.entries) {
            let change = Override {
                path: entry.key.clone(),
                value: entry.value.clone(),
            };
            if let Some(problem) = what_if.set(change) {
                fields.push(problem);
            }
        }
        what_if
    }

    /// One that sets this and nothing else; `add_agents.GROUP` is taken for what a what-if has beside its
    /// `set`.
    pub(super) fn of(name: String, changes: Vec<Override>, problems: &mut Diagnostics) -> Self {
        let mut what_if = Self {
            name,
            place: None,
            scale_calls: 1.0,
            add_agents: Vec::new(),
            overrides: Vec::new(),
            own: Vec::new(),
        };
        for change in changes {
            match change.path.text.split_once('.') {
                Some((ADD_AGENTS, group)) => {
                    let added = added(group, &change, problems);
                    what_if.add_agents.extend(added);
                }
                _ => what_if
                    .set(change)
                    .into_iter()
                    .for_each(|problem| problems.push(problem)),
            }
        }
        what_if
    }

    /// What is wrong with its name, after those of others: it stands above a column, in terminals and files, and
    /// has to be told from the others there.
    pub(super) fn misnamed(&self, others: &[Self]) -> Option<Diagnostic> {
        let (place, name) = (self.place.clone()?, &self.name);
        let bad = |message: &str, help: &str| {
            Some(Diagnostic::error("bad-value", place.clone(), message.to_owned()).help(help))
        };
        let duplicate = |message: String, help: &str| {
            Some(Diagnostic::error("duplicate-what-if", place.clone(), message).help(help))
        };
        if name.trim().is_empty() {
            return bad("the name of a what-if is blank", DIFFERENT);
        }
        if name.chars().any(char::is_control) {
            let help = "write it in one line, without escapes such as `\\u001b`";
            return bad("the name of a what-if has control characters", help);
        }
        if same_words(name, BASE) {
            let message = format!("the scenario as it is written is called \"{BASE}\"");
            return duplicate(message, DIFFERENT);
        }
        let other = others.iter().find(|other| same_words(&other.name, name))?;
        let message = match other.name == *name {
            true => format!("two what-ifs are called \"{name}\""),
            false => format!("\"{name}\" and \"{}\" differ by blanks only", other.name),
        };
        duplicate(message, "reports tell them apart by their names")
    }

    /// Notes a change with whoever it belongs to, or says what is wrong with it.
    fn set(&mut self, change: Override) -> Option<Diagnostic> {
        match Owner::of(&change.path.text, &change.value) {
            Owner::Menu => self.overrides.push(change),
            Owner::Scenario if change.path.text == MENU && !names_files(&change.value) => {
                let message = "`menu` names no file";
                let place = change.value.place;
                let error = Diagnostic::error("bad-value", place, message);
                return Some(
                    error.help("write `\"shop.toml\"`, or those of several lines in a list"),
                );
            }
            Owner::Scenario => self.own.push(change),
            Owner::Study => {
                let Name { text, place } = change.path;
                let message = format!("\"{text}\" is the same for all cases of a study");
                let at = match text == FORECAST_COUNTS {
                    true => "for the scenario",
                    false => "under `[run]`",
                };
                let help = format!("what-ifs meet the same callers as the base case: set it {at}");
                return Some(Diagnostic::error("bad-value", place, message).help(help));
            }
            Owner::WhatIf => {
                let Name { text, place } = change.path;
                let message =
                    format!("\"{text}\" is no key of the scenario, the line or its groups");
                let help = match text == SCALE_CALLS {
                    true => "beside `set` write `scale_calls = 1.2`; a sweep has `--load 0.5..4`",
                    false => {
                        "beside `set` write `add_agents = { support = 2 }`; in a sweep name the \
                         group: `--set add_agents.support=0..5`"
                    }
                };
                return Some(Diagnostic::error("bad-value", place, message).help(help));
            }
            Owner::Nobody => return Some(settable(change.path)),
        }
        None
    }

    /// Where it names menu files of its own.
    pub(super) fn menus_at(&self) -> Option<Place> {
        let menu = self.own.iter().find(|change| change.path.text == MENU);
        menu.map(|change| change.value.place.clone())
    }

    /// Sets what it sets in the scenario itself.
    pub(super) fn apply(&self, scenario: &mut Table) {
        for change in &self.own {
            let path = &change.path.text;
            for (_, other) in EITHER.iter().filter(|(key, _)| key == path) {
                scenario.remove(other);
            }
            set(scenario, &owner::keys(path), change);
        }
    }

    /// Whether it is this what-if that has written what stands there.
    pub(super) fn wrote(&self, place: &Place) -> bool {
        let holds = |outer: &Place| {
            let (outer_span, span) = (&outer.span, &place.span);
            outer.file == place.file && outer_span.start <= span.start && span.end <= outer_span.end
        };
        let mut own = self.own.iter();
        own.any(|change| holds(&change.path.place) || holds(&change.value.place))
    }
}

/// What is wrong with a path that nothing has, and which there are.
fn settable(path: Name) -> Diagnostic {
    let Name { text, place } = path;
    let message = format!("\"{text}\" cannot be set by a what-if");
    let error = Diagnostic::error("bad-value", place, message);
    match owner::meant(&text) {
        Some(meant) => error.suggest(&text, [meant.as_str()]),
        None => error.help(format!(
            "there are: {}, {}, {MENU}, and fields of the line and its groups, such as `line.trunks`",
            OWN.join(", "),
            SHARED.join(", "),
        )),
    }
}

/// Whether it is a text, or a list of texts.
fn names_files(value: &Value) -> bool {
    let is_text = |value: &Value| matches!(value.data, Data::Text(_));
    match &value.data {
        Data::List(list) => !list.is_empty() && list.iter().all(is_text),
        _ => is_text(value),
    }
}

/// Whether names are the same but for blanks, which nobody sees in a report.
fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// `add_agents.support = 2`, as a sweep sets it.
fn added(group: &str, change: &Override, problems: &mut Diagnostics) -> Vec<(Name, i64)> {
    let place = &change.path.place;
    let key = Name {
        text: group.to_owned(),
        place: place.clone(),
    };
    let mut table = Table {
        place: place.clone(),
        entries: Vec::new(),
    };
    table.set(key, change.value.clone());
    let mut groups = Fields::new(&table, format!("`{ADD_AGENTS}`"), place.clone());
    let list = heads(&mut groups);
    groups.finish(problems);
    list
}

/// So many more, or fewer, of each group.
fn heads(groups: &mut Fields<'_>) -> Vec<(Name, i64)> {
    let mut list = Vec::new();
    for entry in groups.entries() {
        let heads = groups.integer(&entry.key.text, -ADDED_MAX..=ADDED_MAX);
        list.extend(heads.map(|heads| (entry.key.clone(), heads)));
    }
    list
}

/// Puts a value where these keys lead, making tables on the way. A plain value in the way gives place to one.
fn set(table: &mut Table, keys: &[String], change: &Override) {
    let place = &change.path.place;
    let Some((first, rest)) = keys.split_first() else {
        return;
    };
    let key = Name {
        text: first.clone(),
        place: place.clone(),
    };
    if rest.is_empty() {
        table.set(key, change.value.clone());
        return;
    }
    let mut inner = match table.get(first).map(|value| value.data.clone()) {
        Some(Data::Table(inner)) => inner,
        _ => Table {
            place: place.clone(),
            entries: Vec::new(),
        },
    };
    set(&mut inner, rest, change);
    let value = Value {
        place: inner.place.clone(),
        data: Data::Table(inner),
    };
    table.set(key, value);
}
