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
    let words = words(name);
    for pairs in [false, true] {
        let words: Vec<String> = words
            .iter()
            .filter_map(|word| keys(word, pairs))
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

/// The first word of a name that no keys can spell, as it is written.
pub(super) fn unspelled(name: &str) -> Option<String> {
    let mut words = words(name).into_iter();
    words.find(|word| keys(word, false).is_none())
}

/// The words of a name. An apostrophe parts none, however it is written: `O'Brien` is one.
fn words(name: &str) -> Vec<String> {
    const APOSTROPHES: &str = "'‘’`´ʹʺʻʼʽʾʿ";
    let is_mark = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    let name: String = name.chars().filter(|c| !APOSTROPHES.contains(*c)).collect();
    let words = name.split(|c: char| !c.is_alphanumeric() && !is_mark(c));
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The keys of a word; none if one of its letters stands on no key.
fn keys(word: &str, pairs: bool) -> Option<String> {
    let mut keys = String::new();
    let word = word.to_lowercase();
    let mut letters = word.chars().peekable();
    while let Some(c) = letters.next() {
        let whole = letters.peek().and_then(|mark| composed(c, *mark));
        if whole.is_some() {
            letters.next();
        }
        let c = whole.unwrap_or(c);
        let letters = if pairs { pair(c) } else { None };
        for c in letters.or_else(|| plain(c))?.chars() {
            keys.push(key_of(c)?.to_char());
        }
    }
    Some(keys)
}

/// A letter and its accent in one, where the two are written one after the other and are a pair.
fn composed(c: char, mark: char) -> Option<char> {
    Some(match (c, mark) {
        ('a', '\u{308}') => 'ä',
        ('o', '\u{308}') => 'ö',
        ('u', '\u{308}') => 'ü',
        ('a', '\u{30a}') => 'å',
        _ => return None,
    })
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
const LETTERS: &[(char, char, &str)] = &[
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
    ('\u{1de}', '\u{1e1}', "a"),
    ('\u{1e2}', '\u{1e3}', "ae"),
    ('\u{1e4}', '\u{1e7}', "g"),
    ('\u{1e8}', '\u{1e9}', "k"),
    ('\u{1ea}', '\u{1ed}', "o"),
    ('\u{1f0}', '\u{1f0}', "j"),
    ('\u{1f4}', '\u{1f5}', "g"),
    ('\u{1f8}', '\u{1f9}', "n"),
    ('\u{1fa}', '\u{1fb}', "a"),
    ('\u{1fc}', '\u{1fd}', "ae"),
    ('\u{1fe}', '\u{1ff}', "o"),
    ('\u{200}', '\u{203}', "a"),
    ('\u{204}', '\u{207}', "e"),
    ('\u{208}', '\u{20b}', "i"),
    ('\u{20c}', '\u{20f}', "o"),
    ('\u{210}', '\u{213}', "r"),
    ('\u{214}', '\u{217}', "u"),
    ('\u{218}', '\u{219}', "s"),
    ('\u{21a}', '\u{21b}', "t"),
    ('\u{21e}', '\u{21f}', "h"),
    ('\u{226}', '\u{227}', "a"),
    ('\u{228}', '\u{229}', "e"),
    ('\u{22a}', '\u{231}', "o"),
    ('\u{232}', '\u{233}', "y"),
    ('\u{300}', '\u{36f}', ""),
    // The letters with one more accent of transliterated, Vietnamese and Celtic names.
    ('\u{1e00}', '\u{1e01}', "a"),
    ('\u{1e02}', '\u{1e07}', "b"),
    ('\u{1e08}', '\u{1e09}', "c"),
    ('\u{1e0a}', '\u{1e13}', "d"),
    ('\u{1e14}', '\u{1e1d}', "e"),
    ('\u{1e1e}', '\u{1e1f}', "f"),
    ('\u{1e20}', '\u{1e21}', "g"),
    ('\u{1e22}', '\u{1e2b}', "h"),
    ('\u{1e2c}', '\u{1e2f}', "i"),
    ('\u{1e30}', '\u{1e35}', "k"),
    ('\u{1e36}', '\u{1e3d}', "l"),
    ('\u{1e3e}', '\u{1e43}', "m"),
    ('\u{1e44}', '\u{1e4b}', "n"),
    ('\u{1e4c}', '\u{1e53}', "o"),
    ('\u{1e54}', '\u{1e57}', "p"),
    ('\u{1e58}', '\u{1e5f}', "r"),
    ('\u{1e60}', '\u{1e69}', "s"),
    ('\u{1e6a}', '\u{1e71}', "t"),
    ('\u{1e72}', '\u{1e7b}', "u"),
    ('\u{1e7c}', '\u{1e7f}', "v"),
    ('\u{1e80}', '\u{1e89}', "w"),
    ('\u{1e8a}', '\u{1e8d}', "x"),
    ('\u{1e8e}', '\u{1e8f}', "y"),
    ('\u{1e90}', '\u{1e95}', "z"),
    ('\u{1e96}', '\u{1e96}', "h"),
    ('\u{1e97}', '\u{1e97}', "t"),
    ('\u{1e98}', '\u{1e98}', "w"),
    ('\u{1e99}', '\u{1e99}', "y"),
    ('\u{1e9a}', '\u{1e9a}', "a"),
    ('\u{1e9b}', '\u{1e9d}', "s"),
    ('\u{1e9e}', '\u{1e9e}', "ss"),
    ('\u{1e9f}', '\u{1e9f}', "d"),
    ('\u{1ea0}', '\u{1eb7}', "a"),
    ('\u{1eb8}', '\u{1ec7}', "e"),
    ('\u{1ec8}', '\u{1ecb}', "i"),
    ('\u{1ecc}', '\u{1ee3}', "o"),
    ('\u{1ee4}', '\u{1ef1}', "u"),
    ('\u{1ef2}', '\u{1ef9}', "y"),
    ('\u{1efa}', '\u{1efb}', "ll"),
    ('\u{1efc}', '\u{1efd}', "v"),
    ('\u{1efe}', '\u{1eff}', "y"),
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
    fn every_letter_of_the_additional_block_is_one_without_its_accents() {
        let block = '\u{1e00}'..='\u{1eff}';
        let unknown: String = block
            .filter(|c| keys(&c.to_string(), false).is_none())
            .collect();
        assert_eq!(unknown, "");
        for (name, without) in [
            ("Ṣāliḥ", "Salih"),
            ("Ẓafar", "Zafar"),
            ("Ramaḍān", "Ramadan"),
            ("ẠNH", "Anh"),
            ("Ǫlafr", "Olafr"),
            ("Ẇẇ", "Ww"),
            ("Ỻỻ", "Llll"),
        ] {
            assert_eq!(first(name), first(without), "{name}");
        }
    }

    #[test]
    fn an_apostrophe_parts_no_word_however_it_is_written() {
        for name in [
            "O'Brien",
            "O’Brien",
            "O‘Brien",
            "OʻBrien",
            "OʼBrien",
            "O´Brien",
        ] {
            assert_eq!(spelled(name), spelled("OBrien"), "{name}");
        }
        assert_eq!(first("Saʿd"), first("Sad"));
        assert_eq!(first("Gogolʹ"), first("Gogol"));
    }

    #[test]
    fn umlauts_in_two_pieces_are_pairs_too() {
        for (pieces, whole) in [
            ("Mu\u{308}ller", "Müller"),
            ("KO\u{308}NIG", "König"),
            ("Ja\u{308}ger", "Jäger"),
            ("A\u{30a}se", "Åse"),
        ] {
            assert_eq!(spelled(pieces), spelled(whole), "{whole}");
            assert_eq!(spelled(whole).len(), 2, "{whole}");
        }
        assert_eq!(first("Noe\u{308}l"), first("Noel"));
    }

    #[test]
    fn words_that_no_key_can_spell_are_left_out() {
        assert_eq!(spelled("Мария"), []);
        assert_eq!(spelled("李 Lee"), [("533".to_owned(), 3)]);
        assert_eq!(spelled("--- '"), []);
        assert_eq!(unspelled("李 Lee").as_deref(), Some("李"));
        assert_eq!(unspelled("Ann Мария"), Some("Мария".to_owned()));
        assert_eq!(unspelled("Ann-Lee & ’ ---"), None);
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
