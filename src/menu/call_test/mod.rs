//! Files of call tests: calls with their keys, and where each of them has to lead.
//!
//! A file is checked against the line that it names; the calls themselves are made by
//! [`crate::rehearse`].

mod expected;
mod keys;
mod reply;
mod setting;

pub use expected::Expected;
pub(super) use expected::OUTCOMES;
pub use keys::Group;
pub use keys::Keys;
pub use keys::Press;
pub use keys::key_with;
pub(super) use reply::ERROR;
pub use reply::Replies;
pub use reply::Reply;
pub use reply::lookup_named;
pub use reply::names_of;
pub use setting::Agents;
pub use setting::Setting;
pub use setting::YEARS;

use super::allow;
use super::compile::Request;
use super::compile::compile_to_try;
use super::diagnostic::CALL_CODES;
use super::diagnostic::CODES;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::file_kind::FileKind;
use super::notice::check_notice;
use super::schema;
use super::source::FileId;
use super::source::Sources;
use super::source::open;
use super::tree;
use super::tree::Name;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use jiff::civil::Date;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Calls of one file at most.
const CALLS_MAX: usize = 10_000;
/// The longest time after which a caller can be made to hang up.
pub(in crate::menu) const HANGS_UP: std::ops::RangeInclusive<Span> =
    Span(1)..=Span::minutes(24 * 60);

/// A file of call tests that has no problems.
#[derive(Clone, Debug)]
pub struct CallTests {
    /// The file of the line under test.
    pub menu: FileId,
    /// That line, and nothing else.
    pub plan: Arc<Dialplan>,
    /// The calls.
    pub calls: Vec<CallTest>,
}

/// One call, and what has to come of it.
#[derive(Clone, Debug)]
pub struct CallTest {
    /// Its name, and where it is written.
    pub name: Name,
    /// What the caller and the others do.
    pub script: Script,
    /// What has to come of it.
    pub expected: Expected,
}

/// What everybody does in a call, but for the line.
#[derive(Clone, Debug)]
pub struct Script {
    /// The circumstances.
    pub setting: Setting,
    /// What the caller presses.
    pub keys: Keys,
    /// When the caller hangs up, whatever happens, counted from the beginning.
    pub hangs_up: Option<Span>,
    /// What other systems answer.
    pub replies: BTreeMap<StepId, Replies>,
}

/// Checks a file of call tests, and the line it names.
pub fn check_tests(path: &Path, at: Option<Date>, sources: &mut Sources, out: &mut Diagnostics) {
    read_tests(path, at, sources, out);
}

/// Reads a file of call tests, and compiles the line it names; none when there are errors.
pub fn read_tests(
    path: &Path,
    at: Option<Date>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<CallTests> {
    let mut found = Diagnostics::default();
    let tests = read(path, at, sources, &mut found);
    let good = !found.has_errors();
    let files: Vec<FileId> = sources.read(path).into_iter().collect();
    let known = [CODES, CALL_CODES];
    let kept = allow::apply(&files, &[], &known, at.is_some(), sources, found);
    out.append(kept.problems);
    kept.unused.into_iter().for_each(|unused| out.push(unused));
    tests.filter(|_| good)
}

fn read(
    path: &Path,
    at: Option<Date>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<CallTests> {
    let file = open(path, None, sources, out)?;
    let table = tree::parse(file, sources, out);
    if FileKind::Test.is_missed(&table, out) {
        return None;
    }
    let start = Place { file, span: 0..0 };
    let mut root = Fields::new(&table, "a file of call tests", start);
    root = root.shaped(Some(&schema::calls::CALLS));
    root.format();
    root.require("menu", "menu = \"shop.toml\", relative to this file");
    let line = root
        .text("menu")
        .and_then(|menu| line(file, &menu, at, sources, out));
    let plan = line.as_ref().map(|(_, plan)| plan);
    root.require("call", "add a call: [[call]]");
    let mut calls: Vec<CallTest> = Vec::new();
    let tables = root.repeated("call");
    if tables.len() > CALLS_MAX {
        let message = format!("more than {CALLS_MAX} calls in one file");
        let place = root.key_place("call").unwrap_or_else(|| root.place());
        root.push(Diagnostic::error("too-large", place, message));
    }
    let mut taken = BTreeMap::new();
    for mut fields in tables.into_iter().take(CALLS_MAX) {
        if let Some(name) = fields.text("name") {
            unlike_others(name, &mut taken, &mut fields);
        }
        calls.extend(call(&mut fields, plan));
        root.absorb(fields);
    }
    root.finish(out);
    let (menu, plan) = line?;
    Some(CallTests {
        menu,
        plan: Arc::new(plan),
        calls,
    })
}

/// The line under test; none when it has errors, which are then reported too.
fn line(
    tests: FileId,
    menu: &Name,
    at: Option<Date>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<(FileId, Dialplan)> {
    let path = sources.beside(tests, &menu.text);
    let file = open(&path, Some(menu.place.clone()), sources, out)?;
    let request = Request {
        lines: vec![path],
        at,
        ..Request::default()
    };
    Some((file, compile_to_try(request, sources, out)?))
}

/// Reads one call.
fn call(fields: &mut Fields<'_>, plan: Option<&Dialplan>) -> Option<CallTest> {
    fields.require("name", "name = \"a silent caller reaches a person\"");
    fields.require("at", "at = 2026-11-23T10:00:00, in the line's own time");
    let setting = setting(fields, plan);
    let keys = keys(fields);
    let hangs_up = fields.duration("hangs_up", HANGS_UP);
    let replies = reply::read(fields, plan);
    let expected = expected::read(fields, plan);
    Some(CallTest {
        name: fields.text("name")?,
        script: Script {
            setting: setting?,
            keys: keys?,
            hangs_up,
            replies,
        },
        expected,
    })
}

fn setting(fields: &mut Fields<'_>, plan: Option<&Dialplan>) -> Option<Setting> {
    let at = moment(fields);
    let agents = fields.word("agents", &Agents::ALL.map(Agents::name));
    let phone = fields
        .text("as")
        .and_then(|name| agent(&name, plan, fields));
    let transfer = fields.word("transfer", &["done", "failed"]);
    let withheld = fields.boolean("withheld").unwrap_or_default();
    let notice = notice(fields);
    Some(Setting {
        agents: agents.and_then(Agents::named).unwrap_or(Agents::Free),
        withheld,
        phone,
        transfer_fails: transfer == Some("failed"),
        notice,
        ..Setting::at(at?)
    })
}

/// The notice that is set.
fn notice(fields: &mut Fields<'_>) -> Option<String> {
    let notice = fields.text("notice")?;
    match check_notice(&notice.text) {
        Ok(()) => Some(notice.text),
        Err(wrong) => {
            let message = format!("`notice` {wrong}");
            let help = "write what callers hear, or leave it out while no notice is set";
            fields.bad_value(notice.place, message, help);
            None
        }
    }
}

/// The moment of the call.
fn moment(fields: &mut Fields<'_>) -> Option<DateTime> {
    let at = fields.moment("at")?;
    if YEARS.contains(&at.year()) {
        return Some(at);
    }
    let message = format!("`at` cannot be in the year {}", at.year());
    let help = format!("from {} to {}", YEARS.start(), YEARS.end());
    let place = fields.value("at").map(|value| value.place.clone());
    fields.bad_value(place.unwrap_or_else(|| fields.place()), message, &help);
    None
}

/// The agent from whose phone a call comes.
fn agent(name: &Name, plan: Option<&Dialplan>, fields: &mut Fields<'_>) -> Option<AgentId> {
    let plan = plan?;
    let names = plan.agents.iter().map(|agent| agent.name.as_str());
    let place = names.clone().position(|agent| agent == name.text);
    if place.is_none() {
        let message = format!("no agent is called \"{}\"", name.text);
        let diagnostic = Diagnostic::error("unknown-agent", name.place.clone(), message);
        fields.push(diagnostic.suggest(&name.text, names));
    }
    place.map(|place| AgentId(place as u32))
}

/// What the caller presses: groups of keys, one for each prompt.
fn keys(fields: &mut Fields<'_>) -> Option<Keys> {
    fields.require(
        "keys",
        "keys = \"1 4711#\"; keys = \"\" for a silent caller",
    );
    let keys = fields.text("keys")?;
    match Keys::parse(&keys.text) {
        Ok(keys) => Some(keys),
        Err(message) => {
            let help = "write 0 to 9, * and #, and x for a digit of a secret entry; a space waits \
                        for the next prompt, and - lets one pass in silence";
            fields.bad_value(keys.place, message, help);
            None
        }
    }
}

/// Reports a name that an earlier call has.
fn unlike_others(name: Name, taken: &mut BTreeMap<String, Place>, fields: &mut Fields<'_>) {
    if let Some(first) = taken.get(&name.text) {
        let message = format!("two calls are called \"{}\"", name.text);
        let diagnostic = Diagnostic::error("duplicate-call", name.place, message);
        let diagnostic = diagnostic.label("here again");
        fields.push(diagnostic.related(first.clone(), "first here"));
    } else {
        taken.insert(name.text, name.place);
    }
}
