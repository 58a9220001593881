//! A directory: names that callers spell on the keypad, and where each of them leads.

use super::Patience;
use super::Retry;
use super::Target;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::PromptId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::limits::DIGITS_MAX;
use crate::exchange::limits::OFFERED_MAX;
use serde::Deserialize;
use serde::Serialize;

/// A step in which callers spell a name and choose among those that begin so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Directory {
    /// Asks for a name.
    pub prompt: PromptId,
    /// Said before that again, when no name begins so.
    pub wrong: PromptId,
    /// Said before that again, after silence.
    pub silent: PromptId,
    /// Other words on later tries.
    #[serde(default, skip_serializing_if = "Retry::is_empty")]
    pub retry: Retry,
    /// Said when more names begin so than are offered: the caller goes on spelling.
    pub more_letters: PromptId,
    /// Said after a key that takes none of the names that are offered.
    pub wrong_key: PromptId,
    /// Said after each name that is offered: by which key it is taken. So many are offered at most.
    pub choose: Vec<PromptId>,
    /// Said after the last of them: by which key another name is spelled.
    pub otherwise: PromptId,
    /// The names, in the order of the file.
    pub entries: Vec<Listing>,
    /// What the names are on the keypad, in the order of the keys.
    pub spellings: Vec<Spelling>,
    /// Global keys that work meanwhile: `*`, and 0 before anything is spelled.
    pub keys: KeyNodeId,
    /// Waiting times and tries.
    pub patience: Patience,
    /// Whether keys are taken while the request plays (they are kept if not).
    pub barge_in: bool,
    /// After the last try.
    pub give_up: Target,
}

/// One name of a directory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// As it is written.
    pub name: String,
    /// As it is spoken.
    pub said: PromptId,
    /// Where it leads.
    pub target: Target,
}

/// One way to spell a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spelling {
    /// The keys of all its words, without spaces; at most [`DIGITS_MAX`].
    pub keys: String,
    /// How many of them are its first word.
    pub word: u8,
    /// The name, as a place in [`Directory::entries`].
    pub entry: u16,
}

/// The names that a spelling may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No name begins so.
    Nothing,
    /// These.
    These(Offered),
    /// More than are offered.
    TooMany,
}

/// A few names of a directory, as places in [`Directory::entries`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    entries: [u16; OFFERED_MAX],
    count: u8,
}

impl Offered {
    /// The names in the order in which they are offered.
    pub fn entries(&self) -> &[u16] {
        &self.entries[..usize::from(self.count)]
    }

    /// The only one of them.
    pub fn alone(&self) -> Option<u16> {
        match self.entries() {
            [entry] => Some(*entry),
            _ => None,
        }
    }

    /// Adds a name that is not among them; false where there are `most` already.
    fn add(&mut self, entry: u16, most: usize) -> bool {
        if self.entries().contains(&entry) {
            return true;
        }
        let count = usize::from(self.count);
        if count == most.min(OFFERED_MAX) {
            return false;
        }
        self.entries[count] = entry;
        self.count += 1;
        true
    }
}

impl Directory {
    /// The names that begin with what was spelled: first those of which it is all, then those of which
    /// it is a whole word. Where all are too many to be offered, as many of these as are not: whoever
    /// has spelled "Lee" can add nothing to it.
    pub fn find(&self, spelled: &Digits) -> Found {
        let length = spelled.len();
        let closer: [&dyn Fn(&Spelling) -> bool; 3] = [
            &|spelling| spelling.keys.len() == length,
            &|spelling| usize::from(spelling.word) == length,
            &|_| true,
        ];
        let mut offered = Offered::default();
        for is_meant in closer {
            let mut more = offered;
            let mut found = self.beginning_with(spelled).filter(|found| is_meant(found));
            if !found.all(|spelling| more.add(spelling.entry, self.choose.len())) {
                return match offered.entries() {
                    [] => Found::TooMany,
                    _ => Found::These(offered),
                };
            }
            offered = more;
        }
        match offered.entries() {
            [] => Found::Nothing,
            _ => Found::These(offered),
        }
    }

    /// The only name that begins so.
    pub fn alone(&self, spelled: &Digits) -> Option<u16> {
        let mut found = self.beginning_with(spelled);
        let first = found.next()?.entry;
        found.all(|other| other.entry == first).then_some(first)
    }

    /// Whether a name goes on with a key after what was spelled.
    pub fn goes_on(&self, entry: u16, spelled: &Digits, key: Key) -> bool {
        let mut more = *spelled;
        key.is_digit() && more.push(key) && self.beginning_with(&more).any(|it| it.entry == entry)
    }

    /// How a name is spelled by its first word, and by all of them.
    pub fn spelling_of(&self, entry: u16) -> Option<&Spelling> {
        let mut own = self.spellings.iter();
        own.find(|spelling| spelling.entry == entry)
    }

    fn beginning_with(&self, spelled: &Digits) -> impl Iterator<Item = &Spelling> {
        let mut text = [0; DIGITS_MAX];
        for (place, key) in text.iter_mut().zip(spelled.iter()) {
            *place = key.to_char() as u8;
        }
        let length = spelled.len();
        let first = self
            .spellings
            .partition_point(|spelling| spelling.keys.as_bytes() < &text[..length]);
        let after = self.spellings[first..].iter();
        after.take_while(move |spelling| spelling.keys.as_bytes().starts_with(&text[..length]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::time::Span;

    fn directory(names: &[&str], most: usize) -> Directory {
        let mut spellings: Vec<Spelling> = names
            .iter()
            .enumerate()
            .map(|(entry, keys)| Spelling {
                keys: keys.replace(' ', ""),
                word: keys.find(' ').unwrap_or(keys.len()) as u8,
                entry: entry as u16,
            })
            .collect();
        spellings.sort();
        Directory {
            prompt: PromptId(0),
            wrong: PromptId(0),
            silent: PromptId(0),
            retry: Retry::default(),
            more_letters: PromptId(0),
            wrong_key: PromptId(0),
            choose: vec![PromptId(0); most],
            otherwise: PromptId(0),
            entries: Vec::new(),
            spellings,
            keys: KeyNodeId(0),
            patience: Patience {
                first_key: Span::ZERO,
                next_key: Span::ZERO,
                silences: 1,
                wrongs: 1,
            },
            barge_in: true,
            give_up: Target::HangUp,
        }
    }

    fn spelled(text: &str) -> Digits {
        text.chars().filter_map(Key::from_char).collect()
    }

    fn found(directory: &Directory, text: &str) -> Result<Vec<u16>, bool> {
        match directory.find(&spelled(text)) {
            Found::These(offered) => Ok(offered.entries().to_vec()),
            other => Err(other == Found::TooMany),
        }
    }

    #[test]
    fn names_are_found_by_how_they_begin() {
        let directory = directory(&["9323", "93237", "2222"], 5);
        assert_eq!(found(&directory, "93"), Ok(vec![0, 1]));
        assert_eq!(found(&directory, "93237"), Ok(vec![1]));
        assert_eq!(found(&directory, "94"), Err(false));
        assert_eq!(found(&directory, "222222222222"), Err(false));
        assert_eq!(directory.alone(&spelled("9323")), None);
        assert_eq!(directory.alone(&spelled("2")), Some(2));
        assert_eq!(directory.alone(&spelled("5")), None);
    }

    #[test]
    fn of_many_whole_words_the_name_is_offered_that_has_no_other() {
        let directory = directory(&["533", "533 22", "533 33", "533 44"], 3);
        assert_eq!(found(&directory, "533"), Ok(vec![0]));
        assert_eq!(found(&directory, "53"), Err(true));
        assert_eq!(found(&directory, "5333"), Ok(vec![2]));
    }

    #[test]
    fn of_too_many_those_are_offered_that_are_spelled_out() {
        let directory = directory(&["533 2662", "5336", "5337", "5338"], 3);
        assert_eq!(found(&directory, "533"), Ok(vec![0]));
        assert_eq!(found(&directory, "53"), Err(true));
        assert_eq!(found(&directory, "5332662"), Ok(vec![0]));
    }
}
