//! `<form>`: its items one after the other, each a step.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::branch;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value;
use super::super::names::kebab;
use super::super::number;
use super::super::record::longest;
use super::super::spoken::Spoken;
use super::super::transfer;
use super::super::xml;
use super::Reading;
use super::dialog;
use super::dialog::WAYS;
use super::dialog::barge_in;
use super::dialog::named;
use super::keys;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::time::Span;
use roxmltree::Node;

/// Items of a form.
const ITEMS: [&str; 7] = [
    "block",
    "field",
    "record",
    "transfer",
    "subdialog",
    "initial",
    "object",
];
/// An item of a form while it is being read.
pub(super) struct Item<'d> {
    pub(super) file: usize,
    pub(super) node: Node<'d, 'd>,
    pub(super) place: Place,
    /// The id of its step, and the name that this should have.
    pub(super) id: String,
    pub(super) name: String,
    /// Where it leads when it is done.
    pub(super) next: To,
}

impl<'d> Reading<'d> {
    pub(super) fn form(&mut self, dialog: usize, file: usize, node: Node<'d, 'd>) {
        let is_item =
            |child: &Node<'_, '_>| child.is_element() && ITEMS.contains(&child.tag_name().name());
        let items: Vec<Node<'d, 'd>> = node.children().filter(is_item).collect();
        let first = self.key(dialog);
        let id = |number: usize| match number {
            0 => first.clone(),
            number => format!("{first}#{number}"),
        };
        if items.is_empty() {
            self.weave.alias(&first, To::HangUp);
        }
        for (number, item) in items.iter().enumerate() {
            let place = self.place(file, *item);
            self.draft.tally.convert(&place);
            // A form that is filled ends the call, unless it leads on.
            let next = match number + 1 < items.len() {
                true => To::Step(id(number + 1)),
                false => self.filled(file, node, To::HangUp),
            };
            let name = self.name(dialog, *item);
            self.item(Item {
                file,
                node: *item,
                place,
                id: id(number),
                name,
                next,
            });
        }
    }

    fn name(&self, dialog: usize, item: Node<'_, '_>) -> String {
        let form = &self.dialogs[dialog].id;
        match xml::attribute(item, "name") {
            Some(name) => name.to_owned(),
            None => form.clone(),
        }
    }

    fn item(&mut self, item: Item<'d>) {
        let kind = item.node.tag_name().name();
        if kind == "block" {
            return self.block(item);
        }
        if kind == "field" {
            return self.field(item);
        }
        let Item {
            file,
            node,
            place,
            id,
            name,
            next,
        } = item;
        match node.tag_name().name() {
            "record" => {
                let said = self.prompts(file, node);
                let then = self.filled(file, node, next);
                let step = Step::new("record", &id).at(&place).say(said);
                let mut step = step.text("mailbox", kebab(&name, "mailbox"));
                let max = xml::attribute(node, "maxtime").and_then(dialog::time);
                if let Some(max) = max.filter(|max| *max > Span::ZERO) {
                    step = longest(step, max.0.div_ceil(1000), &mut self.draft.tally);
                }
                self.weave.step(step.exit(Via::Then, then), &name);
            }
            "transfer" => {
                let to = xml::attribute(node, "dest").unwrap_or("");
                let dialled = number::dialable(to);
                let failed = self.filled(file, node, next);
                let mut step = Step::new("transfer", &id).at(&place);
                let said = self.prompts(file, node);
                if said != Spoken::text("…") {
                    step = step.say(said);
                }
                step = step.text("to", dialled.as_deref().unwrap_or(number::UNKNOWN));
                if dialled.is_none() {
                    let todo = format!("set `to`: \"{to}\" is no telephone number before the call");
                    self.draft.tally.approximate(&place, &todo);
                    step.add_todo(todo);
                }
                // A blind transfer leaves the form.
                let comes_back = xml::attribute(node, "bridge") == Some("true")
                    || xml::attribute(node, "type") == Some("bridge");
                if comes_back && failed != To::HangUp {
                    transfer::goes_on(&mut step, failed.clone(), &place, &mut self.draft.tally);
                }
                self.weave.step(step.exit(Via::Failed, failed), &name);
            }
            kind => {
                let todo = format!("<{kind}> has no counterpart: the call goes on behind it");
                self.draft.tally.skip(&place, &todo);
                let step = branch::signpost(&id, next.clone(), next)
                    .at(&place)
                    .todo(todo);
                self.weave.step(step, &name);
            }
        }
    }

    fn block(&mut self, item: Item<'d>) {
        let Item {
            file,
            node,
            place,
            id,
            name,
            next,
        } = item;
        let mut sounds = Vec::new();
        self.sounds(file, node, &mut sounds);
        let then = self.filled(file, node, next);
        if sounds.is_empty() {
            return self.weave.alias(&id, then);
        }
        let step = Step::new("say", &id).at(&place).say(Spoken::of(&sounds));
        let step = barge_in(node, step);
        self.weave.step(step.exit(Via::Then, then), &name);
    }

    fn field(&mut self, item: Item<'d>) {
        let Some(item) = self.keyed(item) else {
            return;
        };
        let Item {
            file,
            node,
            place,
            id,
            name,
            next,
        } = item;
        let said = self.prompts(file, node);
        let go = self.filled(file, node, next);
        if node.children().any(|child| named(child, "option")) {
            let mut step = Step::new("menu", &id).at(&place).say(said);
            self.choices(file, node, "option", &mut step);
            for key in &mut step.keys {
                key.to = go.clone();
            }
            let step = self.times(node, step);
            let step = self.patience(file, node, step);
            return self.weave.step(step, &name);
        }
        let Some(digits) = digits(node) else {
            let grammar = node.children().find(|child| named(*child, "grammar"));
            let place = grammar.map_or_else(|| place.clone(), |grammar| self.place(file, grammar));
            let todo =
                format!("the field \"{name}\" is filled by voice, which no step understands");
            self.draft.tally.skip(&place, &todo);
            let step = Step::new("say", &id).at(&place).say(said);
            return self.weave.step(step.exit(Via::Then, go).todo(todo), &name);
        };
        let step = Step::new("collect", &id).at(&place).say(said);
        let step = step
            .set("digits", digits)
            .text("end_key", self.end_key(file, node))
            .text("save", kebab(&name, "entry"));
        let step = self.times(node, step);
        let step = self.patience(file, node, step);
        self.weave.step(step.exit(Via::Go, go), &name);
    }

    /// The key that ends an entry.
    fn end_key(&mut self, file: usize, node: Node<'_, '_>) -> &'static str {
        match dialog::property(node, "termchar") {
            None | Some("#") => "#",
            Some("*") => "*",
            Some(other) => {
                let note = format!("the key {other} ends this entry in the original; here # does");
                let place = self.place(file, node);
                self.draft.tally.approximate(&place, note);
                "#"
            }
        }
    }

    /// Where an item leads when it is done, after what is said then. The words of a block are a step of
    /// their own.
    fn filled(&mut self, file: usize, node: Node<'_, '_>, next: To) -> To {
        let is_block = named(node, "block");
        let inside = node
            .children()
            .filter(|child| is_block || named(*child, "filled"));
        let inside: Vec<Node<'_, '_>> = inside.collect();
        let to = self.leads(file, &inside, next);
        let mut sounds = Vec::new();
        for filled in inside.iter().filter(|_| !is_block) {
            self.sounds(file, *filled, &mut sounds);
        }
        let name = xml::attribute(node, "name").or_else(|| xml::attribute(node, "id"));
        let name = format!("{}-done", name.unwrap_or("form"));
        self.said_before(node, Spoken::of(&sounds), to, &name)
    }

    /// Where these elements lead.
    fn leads(&mut self, file: usize, inside: &[Node<'_, '_>], next: To) -> To {
        let mut ways = inside.iter().flat_map(|child| child.descendants());
        let Some(way) = ways.find(|at| WAYS.contains(&at.tag_name().name())) else {
            return next;
        };
        if let Some(condition) = way.ancestors().find(|at| named(*at, "if")) {
            let place = self.place(file, way);
            let note = keys::undecided(condition);
            self.draft.tally.approximate(&place, &note);
            self.draft.todos.push(note);
        }
        self.way(file, way)
    }
}

/// Whether a field is filled by one digit, whichever it is.
pub(super) fn is_one_digit(node: Node<'_, '_>) -> bool {
    digits(node) == Some(Value::Whole(1))
}

/// How many digits fill a field; none when it is not filled by keys.
fn digits(node: Node<'_, '_>) -> Option<Value> {
    let kind = xml::attribute(node, "type").unwrap_or("");
    let builtin = node.children().filter(|child| named(*child, "grammar"));
    let mut builtin = builtin.filter_map(|grammar| xml::attribute(grammar, "src"));
    let builtin = builtin.find_map(|source| source.strip_prefix("builtin:dtmf/"));
    let kind = if kind.is_empty() { builtin? } else { kind };
    let (kind, arguments) = kind.split_once('?').unwrap_or((kind, ""));
    if !["digits", "number", "phone", "currency", "date", "time"].contains(&kind) {
        return None;
    }
    let mut range = (1, 16);
    for argument in arguments.split([';', '&']) {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        let Ok(value) = value.trim().parse::<usize>() else {
            continue;
        };
        let value = value.clamp(1, DIGITS_MAX);
        match name.trim() {
            "length" => range = (value, value),
            "minlength" => range.0 = value,
            "maxlength" => range.1 = value,
            _ => {}
        }
    }
    let range = (range.0.min(range.1), range.1);
    Some(match range.0 == range.1 {
        true => Value::Whole(range.0 as i64),
        false => Value::Text(format!("{}-{}", range.0, range.1)),
    })
}
