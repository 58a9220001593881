//! Key tables: patterns of keys compiled into a small automaton.
//!
//! A node is a set of places in the patterns (subset construction). Equal sets are one node, so
//! that `xxxx` takes five nodes and not eleven thousand.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::KeyAction;
use crate::exchange::dialplan::KeyNode;
use crate::exchange::id::KeyNodeId;
use crate::exchange::key::Key;
use std::collections::BTreeMap;

/// The longest pattern of keys.
pub(super) const KEYS_IN_PATTERN_MAX: usize = 16;
/// The largest table of one step, in nodes.
pub(super) const KEY_NODES_MAX: usize = 4096;

/// The tables of all steps of a site together, in nodes.
const ALL_KEY_NODES_MAX: usize = 1 << 21;

/// Any of 0 to 9 in a pattern.
const ANY_DIGIT: char = 'x';

/// Whether a text is a pattern: keys 0 to 9, `*`, `#`, and `x` for any digit.
pub(super) fn is_pattern(text: &str) -> bool {
    let fits = (1..=KEYS_IN_PATTERN_MAX).contains(&text.len());
    fits && text
        .chars()
        .all(|c| c == ANY_DIGIT || Key::from_char(c).is_some())
}

/// Compiles the patterns of one step; none when the table would grow too large.
///
/// Of several patterns that fit the same keys, the one with an exact key first wins.
pub(super) fn compile(plan: &mut Dialplan, actions: Vec<KeyAction>) -> Option<KeyNodeId> {
    let first_action = plan.key_actions.len();
    let first_node = plan.key_nodes.len();
    let patterns = actions
        .iter()
        .map(|action| action.key.chars().collect())
        .collect();
    let mut builder = Builder {
        patterns,
        first_action,
        first_node,
        nodes: Vec::new(),
        memo: BTreeMap::new(),
    };
    let all = (0..actions.len()).map(|pattern| (pattern, 0)).collect();
    let root = builder.node(all)?;
    if let Some(same) = existing(plan, &builder.nodes, &actions) {
        return Some(same);
    }
    if first_node + builder.nodes.len() > ALL_KEY_NODES_MAX {
        return None;
    }
    plan.key_nodes.append(&mut builder.nodes);
    plan.key_actions.extend(actions);
    Some(root)
}

/// Most steps without keys of their own have the same table: the global keys, or none at all.
fn existing(plan: &Dialplan, nodes: &[KeyNode], actions: &[KeyAction]) -> Option<KeyNodeId> {
    if !actions.is_empty() || nodes.len() != 1 {
        return None;
    }
    let empty = plan.key_nodes.iter().position(|node| *node == nodes[0])?;
    Some(KeyNodeId(empty as u32))
}

/// Places in patterns: which pattern, and how many of its keys are behind.
type Places = Vec<(usize, usize)>;

struct Builder {
    patterns: Vec<Vec<char>>,
    first_action: usize,
    first_node: usize,
    nodes: Vec<KeyNode>,
    memo: BTreeMap<Places, KeyNodeId>,
}

impl Builder {
    fn node(&mut self, places: Places) -> Option<KeyNodeId> {
        if let Some(same) = self.memo.get(&places) {
            return Some(*same);
        }
        if self.nodes.len() == KEY_NODES_MAX {
            return None;
        }
        let place = self.nodes.len();
        let id = KeyNodeId((self.first_node + place) as u32);
        self.nodes.push(KeyNode {
            next: [None; 12],
            action: self.winner(&places),
        });
        self.memo.insert(places.clone(), id);
        for c in "0123456789*#".chars() {
            let after = self.after(&places, c);
            if let Some(key) = Key::from_char(c).filter(|_| !after.is_empty()) {
                self.nodes[place].next[key.index()] = Some(self.node(after)?);
            }
        }
        Some(id)
    }

    fn after(&self, places: &Places, key: char) -> Places {
        let fits = |wanted: char| wanted == key || (wanted == ANY_DIGIT && key.is_ascii_digit());
        let step = |&(pattern, done): &(usize, usize)| {
            let wanted = *self.patterns[pattern].get(done)?;
            fits(wanted).then_some((pattern, done + 1))
        };
        places.iter().filter_map(step).collect()
    }

    fn winner(&self, places: &Places) -> Option<u32> {
        let complete = places
            .iter()
            .filter(|(pattern, done)| *done > 0 && self.patterns[*pattern].len() == *done);
        let vague = |c: &char| *c == ANY_DIGIT;
        let best = complete.min_by_key(|(pattern, _)| {
            self.patterns[*pattern]
                .iter()
                .map(vague)
                .collect::<Vec<bool>>()
        });
        best.map(|(pattern, _)| (self.first_action + pattern) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::dialplan::Target;

    fn action(key: &str) -> KeyAction {
        KeyAction {
            key: key.to_owned(),
            label: String::new(),
            target: Target::HangUp,
            language: None,
            self_served: false,
            not_helped: false,
            global: false,
        }
    }

    fn table(patterns: &[&str]) -> (Dialplan, KeyNodeId) {
        let mut plan = Dialplan::default();
        let actions = patterns.iter().map(|key| action(key)).collect();
        let root = compile(&mut plan, actions).expect("small enough");
        (plan, root)
    }

    /// The pattern that the keys complete, if they complete one.
    fn pressed(patterns: &[&str], keys: &str) -> Option<String> {
        let (plan, mut node) = table(patterns);
        for key in keys.chars().filter_map(Key::from_char) {
            node = plan.key_node(node).next[key.index()]?;
        }
        let action = plan.key_node(node).action?;
        Some(plan.key_actions[action as usize].key.clone())
    }

    #[test]
    fn an_exact_key_beats_a_pattern_of_the_same_length() {
        let patterns = ["2xx", "215", "21x", "1", "*"];
        assert_eq!(pressed(&patterns, "215").as_deref(), Some("215"));
        assert_eq!(pressed(&patterns, "214").as_deref(), Some("21x"));
        assert_eq!(pressed(&patterns, "299").as_deref(), Some("2xx"));
        assert_eq!(pressed(&patterns, "1").as_deref(), Some("1"));
        assert_eq!(pressed(&patterns, "*").as_deref(), Some("*"));
        assert_eq!(pressed(&patterns, "2"), None);
        assert_eq!(pressed(&patterns, "2*"), None);
    }

    #[test]
    fn a_short_key_and_a_longer_one_live_side_by_side() {
        let (plan, root) = table(&["1", "12"]);
        let one = plan.key_node(root).next[1].expect("1 leads on");
        assert!(plan.key_node(one).action.is_some() && !plan.key_node(one).is_leaf());
    }

    #[test]
    fn long_patterns_stay_small_and_wild_ones_are_refused() {
        let (plan, _) = table(&["xxxxxxxxxxxxxxxx"]);
        assert_eq!(plan.key_nodes.len(), KEYS_IN_PATTERN_MAX + 1);
        let wild = (0..15).map(|place| {
            let mut pattern = vec!['x'; 16];
            pattern[place] = '1';
            action(&pattern.into_iter().collect::<String>())
        });
        assert_eq!(compile(&mut Dialplan::default(), wild.collect()), None);
    }

    #[test]
    fn only_telephone_keys_make_a_pattern() {
        for good in ["0", "2xx", "*", "#", "*1"] {
            assert!(is_pattern(good), "{good}");
        }
        for bad in ["", "a", "1-2", "12345678901234567", "é"] {
            assert!(!is_pattern(bad), "{bad}");
        }
    }
}
