//! What a document says and nothing here reads: elements, their attributes, properties and events.

use super::super::names::VALUE_CHARS_MAX;
use super::super::names::shown;
use super::super::xml;
use super::Reading;
use super::dialog::named;
use roxmltree::Node;

/// Elements inside each other that are looked at for one that is told of as a whole.
const DEPTH_MAX: usize = 64;

/// Elements that are read, and their attributes that are.
const READ: [(&str, &[&str]); 29] = [
    ("audio", &["expr", "src"]),
    ("block", &["name"]),
    ("catch", &["count", "event"]),
    ("choice", &["accept", "dtmf", "event", "expr", "next"]),
    ("clear", &["namelist"]),
    ("disconnect", &[]),
    ("else", &[]),
    ("elseif", &["cond"]),
    ("enumerate", &[]),
    ("exit", &[]),
    ("field", &["name", "type"]),
    ("filled", &[]),
    ("form", &["id"]),
    ("goto", &["expr", "expritem", "next", "nextitem"]),
    ("if", &["cond"]),
    ("menu", &["accept", "dtmf", "id"]),
    ("noinput", &["count"]),
    ("nomatch", &["count"]),
    ("option", &["accept", "dtmf", "value"]),
    ("prompt", &["bargein", "cond", "count", "timeout"]),
    ("property", &["name", "value"]),
    ("record", &["maxtime", "name"]),
    ("reprompt", &[]),
    ("return", &["event", "eventexpr", "namelist"]),
    ("submit", &["expr", "next"]),
    ("transfer", &["bridge", "dest", "name", "type"]),
    ("value", &["expr"]),
    ("var", &["expr", "name"]),
    ("vxml", &["lang", "schemaLocation", "version"]),
];
/// Elements that say how words are spoken, and what a document is: callers hear the words.
const SPOKEN: [&str; 16] = [
    "break",
    "desc",
    "emphasis",
    "mark",
    "meta",
    "metadata",
    "p",
    "paragraph",
    "phoneme",
    "prosody",
    "s",
    "say-as",
    "sentence",
    "speak",
    "sub",
    "voice",
];
/// Elements of which somebody else tells, or that are read whole.
const TOLD: [&str; 4] = ["grammar", "initial", "object", "subdialog"];
/// Properties that are read.
const PROPERTIES: [&str; 4] = ["bargein", "interdigittimeout", "termchar", "timeout"];
/// Events that are read.
const EVENTS: [&str; 2] = ["noinput", "nomatch"];
/// What is as if it were not written: the element, the attribute or property, and the value.
const USUAL: [(&str, &str, &str); 5] = [
    ("property", "inputmodes", "dtmf"),
    ("record", "beep", "true"),
    ("record", "dtmfterm", "true"),
    ("record", "modal", "true"),
    ("field", "modal", "false"),
];
/// Attributes of all elements that are about how documents are fetched.
const FETCHING: [&str; 4] = ["fetchhint", "fetchtimeout", "maxage", "maxstale"];

impl<'d> Reading<'d> {
    /// Tells of what is not read in an element and in what is in it.
    pub(super) fn tell_unused(&mut self, file: usize, root: Node<'_, '_>) {
        for node in root.descendants().filter(Node::is_element) {
            let mut around = node.ancestors().skip(1).take(DEPTH_MAX);
            if around.any(|at| at.is_element() && !is_looked_into(at)) {
                continue;
            }
            self.tell_element(file, node);
        }
    }

    fn tell_element(&mut self, file: usize, node: Node<'_, '_>) {
        let place = self.place(file, node);
        let kind = node.tag_name().name();
        let tally = &mut self.draft.tally;
        match kind {
            "log" => tally.remark(&place, "<log> writes what no caller hears"),
            "var" | "assign" => {
                let name = xml::attribute(node, "name").unwrap_or("");
                let note = format!("the variable \"{name}\" is not kept here");
                tally.approximate(&place, note);
            }
            "prompt" if differs(node, "bargein") => {
                let note = "some of the prompts here may be cut short in the original; here none";
                tally.approximate(&place, note);
            }
            "property" => self.tell_property(file, node),
            "catch" => self.tell_catch(file, node),
            kind if SPOKEN.contains(&kind) || TOLD.contains(&kind) => return,
            kind if read(kind).is_none() => {
                let note = format!("<{kind}> has no counterpart, and is passed over");
                return tally.skip(&place, note);
            }
            _ => {}
        }
        let known = read(kind).unwrap_or(&["expr", "name"]);
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value().trim());
            let is_idle = value.is_empty()
                || known.contains(&name)
                || FETCHING.contains(&name)
                || USUAL.contains(&(kind, name, value));
            if is_idle {
                continue;
            }
            let value = shown(value, VALUE_CHARS_MAX);
            let instead = match (kind, name) {
                ("vxml", "application") => {
                    ": what that document says for all others, handlers and properties, is missing here"
                }
                (_, "cond") => ": it cannot be decided here, and is taken to hold",
                _ => "",
            };
            let note = format!("{name}=\"{value}\" of <{kind}> is not carried over{instead}");
            self.draft.tally.approximate(&place, note);
        }
    }

    fn tell_property(&mut self, file: usize, node: Node<'_, '_>) {
        let name = xml::attribute(node, "name").unwrap_or("");
        let value = xml::attribute(node, "value").unwrap_or("");
        if PROPERTIES.contains(&name) || USUAL.contains(&("property", name, value)) {
            return;
        }
        let value = shown(value, VALUE_CHARS_MAX);
        let note = format!("the property {name} = {value} is not carried over");
        let place = self.place(file, node);
        self.draft.tally.approximate(&place, note);
    }

    /// Tells of events that cannot be caught here.
    fn tell_catch(&mut self, file: usize, node: Node<'_, '_>) {
        let caught = xml::attribute(node, "event").unwrap_or("all events");
        let others = caught.split_whitespace();
        let others: Vec<&str> = others.filter(|event| !EVENTS.contains(event)).collect();
        if !others.is_empty() {
            let events = shown(&others.join(" "), VALUE_CHARS_MAX);
            let note = format!("what is done after {events} is not carried over");
            let place = self.place(file, node);
            self.draft.tally.skip(&place, note);
        }
    }
}

/// Whether an attribute of an element is another one than that of one like it beside it.
fn differs(node: Node<'_, '_>, name: &str) -> bool {
    let beside = node.parent_element().into_iter();
    let mut beside = beside.flat_map(|parent| parent.children());
    let own = xml::attribute(node, name);
    own.is_some()
        && beside
            .any(|other| other.tag_name() == node.tag_name() && xml::attribute(other, name) != own)
}

fn read(kind: &str) -> Option<&'static [&'static str]> {
    let mut read = READ.iter();
    Some(read.find(|(other, _)| *other == kind)?.1)
}

/// Whether what is in an element is looked at by itself. A handler of other events is told of as a whole.
fn is_looked_into(node: Node<'_, '_>) -> bool {
    let kind = node.tag_name().name();
    if named(node, "catch") {
        let caught = xml::attribute(node, "event").unwrap_or("");
        return caught
            .split_whitespace()
            .any(|event| EVENTS.contains(&event));
    }
    read(kind).is_some() || SPOKEN.contains(&kind)
}
