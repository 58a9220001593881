//! Letters on the keys of a telephone (ITU-T E.161: 2 is abc, … 7 is pqrs, 9 is wxyz), and names as
//! people spell them there.

use crate::exchange::key::Key;
use crate::exchange::limits::DIGITS_MAX;
use std::collections::BTreeSet;

/// The key with a letter; a digit stands for itself.
pub(super) fn key_of(c: char) -> Option<Key> {
    const LETTERS: [&str; 8] = ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"];
    if c.is_ascii_digit() {
        return Key::from_char(c);
    }
    let c = c.to_ascii_lowercase();
    let place = LETTERS.iter().position(|letters| letters.contains(c))?;
    Key::from_char(char::from(b'2' + place as u8))
}

/// Words of a name by which it can be found; those after them only follow.
const WORDS_MAX: usize = 16;

/// A name as keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spelled {
    /// Of all words.
    pub(super) keys: String,
    /// How many of them are the first word.
    pub(super) word: u8,
}

/// All ways to spell a name: it begins with any of its words, the others follow in their order, and
/// spaces and signs are left out; of very many words only the first sixteen are found. Letters lose their accents; German and Nordic ones are also spelled
/// as pairs, `ue` for `ü`. Words in letters that no key has are left out.
pub(super) fn spellings(name: &str) -> Vec<Spelled> {
    let mut all = BTreeSet::new();
    for pairs in [false, true] {
        let words: Vec<String> = words(name)
            .filter_map(|word| keys(&word, pairs))
            .filter(|keys| !keys.is_empty())
            .collect();
        for first in 0..words.len().min(WORDS_MAX) {
            let turned = words[first..].iter().chain(&words[..first]);
            // No more than can be typed: a name may be very long.
            let turned = turned.flat_map(|word| word.chars());
            let keys: String = turned.take(DIGITS_MAX).collect();
            let word = words[first].len().min(DIGITS_MAX) as u8;
            all.insert(Spelled { keys, word });
        }
    }
    all.into_iter().collect()
}

/// The words of a name. An apostrophe parts none: `O'Brien` is one.
fn words(name: &str) -> impl Iterator<Item = String> {
    const APOSTROPHES: [char; 3] = ['\'', '’', 'ʼ'];
    let is_mark = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    let name: String = name.chars().filter(|c| !APOSTROPHES.contains(c)).collect();
    let words = name.split(move |c: char| !c.is_alphanumeric() && !is_mark(c));
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    words.into_iter()
}

/// The keys of a word in small letters; none if one of them stands on no key.
fn keys(word: &str, pairs: bool) -> Option<String> {
    let mut keys = String::new();
    for c in word.chars() {
        let letters = if pairs { pair(c) } else { None };
        for c in letters.or_else(|| plain(c))?.chars() {
            keys.push(key_of(c)?.to_char());
        }
    }
    Some(keys)
}

/// A letter as the two by which it may be written.
fn pair(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' => "ae",
        'ö' | 'ø' => "oe",
        'ü' => "ue",
        'å' => "aa",
        _ => return None,
    })
}

/// A small letter of the Latin script without its accents; nothing for an accent by itself.
fn plain(c: char) -> Option<&'static str> {
    const ASCII: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
    if let Some(at) = ASCII.find(c) {
        return Some(&ASCII[at..=at]);
    }
    let known = LETTERS
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&c));
    known.map(|(_, _, letters)| *letters)
}

/// Latin letters by where Unicode has them, in small letters, and what is left without accents.
const LETTERS: [(char, char, &str); 55] = [
    ('à', 'å', "a"),
    ('æ', 'æ', "ae"),
    ('ç', 'ç', "c"),
    ('è', 'ë', "e"),
    ('ì', 'ï', "i"),
    ('ð', 'ð', "d"),
    ('ñ', 'ñ', "n"),
    ('ò', 'ö', "o"),
    ('ø', 'ø', "o"),
    ('ù', 'ü', "u"),
    ('ý', 'ý', "y"),
    ('þ', 'þ', "th"),
    ('ÿ', 'ÿ', "y"),
    ('ß', 'ß', "ss"),
    ('\u{100}', '\u{105}', "a"),
    ('\u{106}', '\u{10d}', "c"),
    ('\u{10e}', '\u{111}', "d"),
    ('\u{112}', '\u{11b}', "e"),
    ('\u{11c}', '\u{123}', "g"),
    ('\u{124}', '\u{127}', "h"),
    ('\u{128}', '\u{131}', "i"),
    ('\u{132}', '\u{133}', "ij"),
    ('\u{134}', '\u{135}', "j"),
    ('\u{136}', '\u{138}', "k"),
    ('\u{139}', '\u{142}', "l"),
    ('\u{143}', '\u{14b}', "n"),
    ('\u{14c}', '\u{151}', "o"),
    ('\u{152}', '\u{153}', "oe"),
    ('\u{154}', '\u{159}', "r"),
    ('\u{15a}', '\u{161}', "s"),
    ('\u{162}', '\u{167}', "t"),
    ('\u{168}', '\u{173}', "u"),
    ('\u{174}', '\u{175}', "w"),
    ('\u{176}', '\u{178}', "y"),
    ('\u{179}', '\u{17e}', "z"),
    ('\u{17f}', '\u{17f}', "s"),
    ('\u{1a0}', '\u{1a1}', "o"),
    ('\u{1af}', '\u{1b0}', "u"),
    ('\u{1cd}', '\u{1ce}', "a"),
    ('\u{1cf}', '\u{1d0}', "i"),
    ('\u{1d1}', '\u{1d2}', "o"),
    ('\u{1d3}', '\u{1dc}', "u"),
    ('\u{1e6}', '\u{1e7}', "g"),
    ('\u{218}', '\u{219}', "s"),
    ('\u{21a}', '\u{21b}', "t"),
    ('\u{300}', '\u{36f}', ""),
    // Vietnamese.
    ('\u{1ea0}', '\u{1eb7}', "a"),
    ('\u{1eb8}', '\u{1ec7}', "e"),
    ('\u{1ec8}', '\u{1ecb}', "i"),
    ('\u{1ecc}', '\u{1ee3}', "o"),
    ('\u{1ee4}', '\u{1ef1}', "u"),
    ('\u{1ef2}', '\u{1ef9}', "y"),
    ('\u{1e80}', '\u{1e85}', "w"),
    ('\u{1e20}', '\u{1e21}', "g"),
    ('\u{1e9e}', '\u{1e9e}', "ss"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(name: &str) -> Vec<(String, u8)> {
        let all = spellings(name).into_iter();
        all.map(|spelled| (spelled.keys, spelled.word)).collect()
    }

    fn first(name: &str) -> String {
        spelled(name)
            .first()
            .map_or(String::new(), |(keys, _)| keys.clone())
    }

    #[test]
    fn every_letter_stands_on_its_key() {
        assert_eq!(
            first("abcdefghijklmnopqrstuvwxyz"),
            "22233344455566677778889999"
        );
        assert_eq!(first("Studio54"), "78834654");
    }

    #[test]
    fn a_name_begins_with_any_of_its_words() {
        assert_eq!(
            spelled("Maria Weber"),
            [("6274293237".to_owned(), 5), ("9323762742".to_owned(), 5)]
        );
        assert_eq!(spelled("O'Brien-Lee").len(), 2);
        assert_eq!(spelled("Lee"), [("533".to_owned(), 3)]);
    }

    #[test]
    fn accents_are_left_out_and_umlauts_are_pairs_too() {
        assert_eq!(first("Élodie"), first("Elodie"));
        assert_eq!(first("Nguyễn"), first("Nguyen"));
        assert_eq!(first("Nguye\u{302}\u{303}n"), first("Nguyen"));
        assert_eq!(first("Đặng"), first("Dang"));
        assert_eq!(first("Łukasz"), first("Lukasz"));
        assert_eq!(first("Weiß"), first("Weiss"));
        assert_eq!(first("İpek"), first("Ipek"));
        let both = [first("Mueller"), first("Muller")];
        let mut spelled: Vec<String> = spelled("Müller")
            .into_iter()
            .map(|(keys, _)| keys)
            .collect();
        spelled.sort();
        let mut both = both.to_vec();
        both.sort();
        assert_eq!(spelled, both);
    }

    #[test]
    fn words_that_no_key_can_spell_are_left_out() {
        assert_eq!(spelled("Мария"), []);
        assert_eq!(spelled("李 Lee"), [("533".to_owned(), 3)]);
        assert_eq!(spelled("--- '"), []);
    }

    #[test]
    fn a_very_long_name_takes_no_more_room_than_can_be_typed() {
        let name = "abc def ".repeat(10_000);
        let spelled = spellings(&name);
        assert!(spelled.len() <= 2 * WORDS_MAX);
        assert!(spelled.iter().all(|at| at.keys.len() == DIGITS_MAX));
        assert!(
            spelled
                .iter()
                .all(|at| at.keys.capacity() <= 2 * DIGITS_MAX)
        );
    }

    #[test]
    fn a_name_of_any_length_fits() {
        let long = "a".repeat(5000);
        assert_eq!(spelled(&long), [("2".repeat(DIGITS_MAX), DIGITS_MAX as u8)]);
    }
}
