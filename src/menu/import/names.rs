//! Names for steps, groups and agents: the original's own, as far as a menu file can write them.

use std::collections::BTreeSet;

/// The longest name that is made.
const NAME_CHARS_MAX: usize = 40;
/// The longest value that a note shows, in characters.
pub(super) const VALUE_CHARS_MAX: usize = 60;

/// Names that are taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    met: BTreeSet<String>,
}

impl Names {
    /// Whether something with this id is met for the first time.
    pub(super) fn first_of(&mut self, id: &str) -> bool {
        self.met.insert(id.to_owned())
    }

    /// A name like this one that nobody has yet.
    pub(super) fn unique(&mut self, wanted: &str) -> String {
        let base = kebab(wanted, "step");
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        name
    }
}

/// `Main IVR_2` as `main-ivr-2`; the other name where nothing is left.
pub(super) fn kebab(text: &str, otherwise: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if name.len() >= NAME_CHARS_MAX {
            break;
        }
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() {
        otherwise.to_owned()
    } else {
        name.to_owned()
    }
}

/// A text of the original as a message shows it: no more than so many characters.
pub(super) fn shown(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `AssignedFlow` as `Assigned-Flow`.
pub(super) fn apart(name: &str) -> String {
    let mut apart = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            apart.push('-');
        }
        apart.push(c);
        before = c;
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let mut names = Names::default();
        assert_eq!(names.unique("Main IVR_2"), "main-ivr-2");
        assert_eq!(names.unique("main-ivr-2"), "main-ivr-2-2");
        assert_eq!(names.unique("¡Sí!"), "s");
        assert_eq!(names.unique("@@"), "step");
    }
}
