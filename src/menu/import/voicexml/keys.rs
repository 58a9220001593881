//! A field that is filled by one of some keys, and `<if>` behind it: a menu.

use super::super::super::keys;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::spoken::Spoken;
use super::super::xml;
use super::Reading;
use super::dialog::WAYS;
use super::dialog::named;
use super::form::Item;
use roxmltree::Node;

/// Keys of one field at most.
const KEYS_MAX: usize = 200;

/// The field that a menu is made of.
struct Field<'i, 'd> {
    file: usize,
    node: Node<'d, 'd>,
    id: &'i str,
    name: &'i str,
}

/// What is done with a field that is filled: by its values, and with all others.
struct Chain<'d> {
    cases: Vec<(Vec<String>, Vec<Node<'d, 'd>>)>,
    otherwise: Vec<Node<'d, 'd>>,
}

impl<'d> Reading<'d> {
    /// Makes a menu of a field, if it is filled by keys that are known; else gives it back.
    pub(super) fn keyed(&mut self, item: Item<'d>) -> Option<Item<'d>> {
        let (node, file) = (item.node, item.file);
        let filled = node.children().filter(|child| named(*child, "filled"));
        let filled: Vec<Node<'d, 'd>> = filled.flat_map(|child| child.children()).collect();
        let chain = chain(&filled, &item.name);
        let mut pressed = pressed(node);
        let is_one_digit = pressed.is_empty() && super::form::is_one_digit(node);
        if let Some(chain) = chain.as_ref().filter(|_| is_one_digit) {
            let values = chain.cases.iter().flat_map(|(values, _)| values);
            pressed = values.map(|value| (value.clone(), value.clone())).collect();
        }
        let are_keys = pressed
            .iter()
            .all(|(key, _)| keys::is_pattern(key) && !key.contains('x'));
        if pressed.is_empty() || !are_keys || pressed.len() > KEYS_MAX {
            return Some(item);
        }
        let Item {
            place,
            id,
            name,
            next,
            ..
        } = item;
        let said = self.prompts(file, node);
        let field = Field {
            file,
            node,
            id: &id,
            name: &name,
        };
        let mut step = Step::new("menu", &id).at(&place).say(said);
        match chain {
            None => {
                let to = self.done(&field, &filled, next);
                for (key, _) in &pressed {
                    step.key(key, to.clone(), "");
                }
            }
            Some(chain) => {
                let mut ways: Vec<(&[String], To)> = Vec::new();
                for (values, nodes) in &chain.cases {
                    let to = self.done(&field, nodes, next.clone());
                    ways.push((values, to));
                }
                let other = self.done(&field, &chain.otherwise, next);
                for (key, value) in &pressed {
                    let found = ways.iter().find(|(values, _)| values.contains(value));
                    let to = found.map_or(&other, |(_, to)| to);
                    step.key(key, to.clone(), "");
                }
                if is_one_digit {
                    step.key("x", other, "any other key");
                }
            }
        }
        let step = self.times(node, step);
        let step = self.patience(file, node, step);
        self.weave.step(step, &name);
        None
    }

    /// What is said when a field is filled, and where that leads.
    fn done(&mut self, field: &Field<'_, 'd>, nodes: &[Node<'d, 'd>], next: To) -> To {
        let Field {
            file,
            node,
            id: own,
            name,
        } = *field;
        let inside = || nodes.iter().flat_map(|node| node.descendants());
        let again = || inside().any(|at| named(at, "clear") || named(at, "reprompt"));
        let to = match inside().find(|at| WAYS.contains(&at.tag_name().name())) {
            Some(way) => {
                if let Some(inner) = inside().find(|at| named(*at, "if")) {
                    let place = self.place(file, inner);
                    let note = undecided(inner);
                    self.draft.tally.approximate(&place, &note);
                    self.draft
                        .todos
                        .push(format!("the field \"{name}\": {note}"));
                }
                self.way(file, way)
            }
            None if again() => To::Step(own.to_owned()),
            None => next,
        };
        let mut sounds = Vec::new();
        for node in nodes {
            self.sounds(file, *node, &mut sounds);
        }
        let name = format!("{name}-done");
        self.said_before(node, Spoken::of(&sounds), to, &name)
    }
}

/// What is to be said of a condition that only the call can decide.
pub(super) fn undecided(node: Node<'_, '_>) -> String {
    let condition = xml::attribute(node, "cond").unwrap_or("");
    format!("`{condition}` cannot be decided here: the first way behind it is taken always")
}

/// The keys of a field's grammar, each with the value that it stands for.
fn pressed(node: Node<'_, '_>) -> Vec<(String, String)> {
    let grammars = node.children().filter(|child| named(*child, "grammar"));
    let of_keys = grammars.filter(|grammar| xml::attribute(*grammar, "mode") != Some("voice"));
    let mut found = Vec::new();
    for grammar in of_keys {
        let items: Vec<Node<'_, '_>> = grammar
            .descendants()
            .filter(|at| named(*at, "item"))
            .collect();
        if items.is_empty() {
            let text = own_text(grammar);
            let words = text.split('|').map(|word| word.replace(' ', ""));
            let words = words.filter(|word| is_keys(word));
            found.extend(words.map(|word| (word.clone(), word)));
            continue;
        }
        for item in items {
            let key = own_text(item).replace(' ', "");
            let tag = item.children().find(|at| named(*at, "tag"));
            let tag = tag.and_then(|tag| quoted(tag.text()?));
            if is_keys(&key) {
                found.push((key.clone(), tag.unwrap_or(key)));
            }
        }
    }
    found
}

fn is_keys(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || c == '*' || c == '#')
}

/// The text of an element without that of those in it.
fn own_text(node: Node<'_, '_>) -> String {
    let texts = node.children().filter(Node::is_text);
    let texts: String = texts.filter_map(|at| at.text()).collect();
    texts.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// What stands in the first quotes; `out = 'sales'`.
fn quoted(text: &str) -> Option<String> {
    let start = text.find(['\'', '"'])?;
    let quote = text[start..].chars().next()?;
    let inner = text[start + 1..].split(quote).next()?;
    (!inner.is_empty()).then(|| inner.to_owned())
}

/// The conditions on a field, one after the other; none where one of them is about something else.
fn chain<'d>(filled: &[Node<'d, 'd>], field: &str) -> Option<Chain<'d>> {
    let mut ifs = filled.iter().filter(|node| named(**node, "if"));
    let only = ifs.next().filter(|_| ifs.next().is_none())?;
    let mut chain = Chain {
        cases: vec![(values(*only, field)?, Vec::new())],
        otherwise: Vec::new(),
    };
    let mut is_else = false;
    for node in only.children() {
        if named(node, "elseif") {
            chain.cases.push((values(node, field)?, Vec::new()));
        } else if named(node, "else") {
            is_else = true;
        } else if is_else {
            chain.otherwise.push(node);
        } else if let Some((_, nodes)) = chain.cases.last_mut() {
            nodes.push(node);
        }
    }
    // What stands beside the condition is done in any case.
    let place = filled.iter().position(|node| node == only)?;
    let (before, after) = (&filled[..place], &filled[place + 1..]);
    let around = |nodes: &mut Vec<Node<'d, 'd>>| {
        *nodes = [before, nodes, after].concat();
    };
    chain.cases.iter_mut().for_each(|(_, nodes)| around(nodes));
    around(&mut chain.otherwise);
    Some(chain)
}

/// The values that a condition tells apart: `choice == '1' || choice == '2'`.
fn values(node: Node<'_, '_>, field: &str) -> Option<Vec<String>> {
    let condition = xml::attribute(node, "cond")?;
    let sides = condition.split("||").map(|one| {
        let (left, right) = one.split_once("==")?;
        let (left, right) = (left.trim(), right.trim_start_matches('=').trim());
        let is_field = |side: &str| {
            let side = side.strip_prefix("dialog.").unwrap_or(side);
            let side = side.strip_suffix("$.utterance").unwrap_or(side);
            side == field
        };
        let value = match (is_field(left), is_field(right)) {
            (true, _) => right,
            (_, true) => left,
            _ => return None,
        };
        let plain = value.trim_matches(['\'', '"']);
        (!plain.contains(['\'', '"', '&', '('])).then(|| plain.to_owned())
    });
    sides.collect()
}
