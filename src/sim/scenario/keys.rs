//! Key shares: what callers press at each menu, where nobody knows what they want.

use super::check::Check;
use super::share;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::StepId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Name;
use crate::sim::speller::first_word;

/// `[keys.MENU]`: what callers do at one menu.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyShares {
    /// The menu.
    pub menu: StepId,
    /// Shares of what they do; they add up to 1.
    pub shares: Vec<(Press, f64)>,
}

/// What a caller does at a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Presses these keys.
    Keys(Digits),
    /// Hangs up.
    HangUp,
    /// Presses nothing.
    Nothing,
}

/// Reads the shares of all menus. A menu without any gets equal shares of the keys that lead on.
pub(super) fn read(menus: Vec<(&Name, Fields<'_>)>, check: &mut Check<'_>) -> Vec<KeyShares> {
    let names = check.names;
    let mut list: Vec<KeyShares> = Vec::new();
    for (name, mut table) in menus {
        if let Some(menu) = names.step(&name.text, asks) {
            let shares = shares(name, &mut table);
            list.push(KeyShares { menu, shares });
        } else {
            table.push(names.several_or(name, asks, || {
                let message = format!("no menu is called \"{}\"", name.text);
                let place = name.place.clone();
                let diagnostic = Diagnostic::error("unknown-want-target", place, message);
                diagnostic.suggest(&name.text, names.steps(asks))
            }));
            table.forgive_unknown();
        }
        table.finish(check.out);
    }
    for (place, step) in names.dialplan.steps.iter().enumerate() {
        let id = StepId(place as u32);
        let (shares, what) = match &step.kind {
            StepKind::Menu(menu) => (equal_shares(names.dialplan, menu), "option"),
            StepKind::Directory(directory) => (equal_names(directory), "name"),
            _ => continue,
        };
        if !shares.is_empty() && !list.iter().any(|known| known.menu == id) {
            let what = format!("every {what} is as likely as any other");
            check.note(format!("keys.{}", names.of_step(id)), what);
            list.push(KeyShares { menu: id, shares });
        }
    }
    list
}

/// Whether callers press keys there by shares.
pub(super) fn asks(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Menu(_) | StepKind::Directory(_))
}

fn shares(menu: &Name, table: &mut Fields<'_>) -> Vec<(Press, f64)> {
    let mut presses = Vec::new();
    let mut shares = Vec::new();
    for entry in table.entries() {
        let key = entry.key.text.as_str();
        let share = share::read(table, key);
        let press = match key {
            "hangup" => Some(Press::HangUp),
            "silent" => Some(Press::Nothing),
            keys => digits(keys).map(Press::Keys),
        };
        let Some(press) = press else {
            let message = format!("`{key}` is not a key of a telephone");
            let help = "write 0 to 9, \"*\", \"#\", several of them, `hangup` or `silent`";
            let place = entry.key.place.clone();
            table.push(Diagnostic::error("unknown-key", place, message).help(help));
            shares.push(None);
            continue;
        };
        shares.push(share);
        presses.extend(share.map(|share| (press, share)));
    }
    let what = format!("[keys.{}]", menu.text);
    share::add_up(&what, &shares, table.place(), table);
    presses
}

fn digits(keys: &str) -> Option<Digits> {
    let mut digits = Digits::EMPTY;
    for key in keys.chars() {
        if !digits.push(Key::from_char(key)?) {
            return None;
        }
    }
    (!digits.is_empty()).then_some(digits)
}

/// Equal shares of the menu's own options that lead to another step.
fn equal_shares(dialplan: &Dialplan, menu: &Menu) -> Vec<(Press, f64)> {
    let mut found = Vec::new();
    leading_keys(dialplan, menu.keys, Digits::EMPTY, &mut found);
    let share = 1.0 / found.len().max(1) as f64;
    found
        .into_iter()
        .map(|(_, digits)| (Press::Keys(digits), share))
        .collect()
}

/// Equal shares of the names of a directory.
fn equal_names(directory: &Directory) -> Vec<(Press, f64)> {
    let share = 1.0 / directory.entries.len().max(1) as f64;
    let places = 0..directory.entries.len() as u16;
    let spelled = places.filter_map(|entry| directory.spelling_of(entry));
    spelled
        .map(|spelling| (Press::Keys(first_word(spelling)), share))
        .collect()
}

fn leading_keys(
    dialplan: &Dialplan,
    node: KeyNodeId,
    so_far: Digits,
    found: &mut Vec<(u32, Digits)>,
) {
    let node = dialplan.key_node(node);
    if let Some(number) = node.action {
        let action = &dialplan.key_actions[number as usize];
        let new = !found.iter().any(|(known, _)| *known == number);
        if new && !action.global && matches!(action.target, Target::Step(_)) {
            found.push((number, so_far));
        }
    }
    for key in "0123456789*#".chars().filter_map(Key::from_char) {
        if let Some(next) = node.next[key.index()] {
            let mut longer = so_far;
            if longer.push(key) {
                leading_keys(dialplan, next, longer, found);
            }
        }
    }
}
