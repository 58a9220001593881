//! Transcripts: text with placeholders, cut into parts, with the time it takes to say them.

use super::phrase;
use crate::exchange::dialplan::Form;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::Speech;
use crate::exchange::time::Span;
use std::ops::Range;

/// A piece of a text as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Words.
    Words(String),
    /// `{name}` or `{name:format}`.
    Slot {
        /// What is filled in.
        name: String,
        /// How it is spoken.
        format: Option<String>,
    },
}

/// Cuts a text at its placeholders; a brace that is never closed comes back as an error.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, ()> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').ok_or(())? + open;
        pieces.push(Piece::Words(rest[..open].to_owned()));
        let slot = &rest[open + 1..close];
        let (name, format) = match slot.split_once(':') {
            Some((name, format)) => (name, Some(format.to_owned())),
            None => (slot, None),
        };
        let name = name.to_owned();
        pieces.push(Piece::Slot { name, format });
        rest = &rest[close + 1..];
    }
    pieces.push(Piece::Words(rest.to_owned()));
    Ok(pieces)
}

/// Puts parts together: white space collapses, neighbouring words become one part.
pub(super) fn speech(parts: Vec<Part>, tag: &str) -> Speech {
    let mut tidy: Vec<Part> = Vec::new();
    for part in parts {
        match (tidy.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(more)) => before.push_str(&more),
            (_, part) => tidy.push(part),
        }
    }
    let last = tidy.len().saturating_sub(1);
    for (place, part) in tidy.iter_mut().enumerate() {
        if let Part::Text(text) = part {
            *text = collapse(text, place == 0, place == last);
        }
    }
    tidy.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    let length = length(&tidy, tag);
    Speech {
        parts: tidy,
        length,
    }
}

fn collapse(text: &str, first: bool, last: bool) -> String {
    let mut words = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    if !first && text.starts_with(char::is_whitespace) {
        words.insert(0, ' ');
    }
    if !last && text.ends_with(char::is_whitespace) && words != " " {
        words.push(' ');
    }
    words
}

/// How many words a notice usually has, as nobody knows it beforehand.
const NOTICE_WORDS: u64 = 12;

/// How many words a value usually takes, as nobody knows it beforehand.
fn usual_words(form: Form) -> u64 {
    match form {
        Form::Digits => 6,
        Form::Date => 4,
        Form::Time => 3,
        Form::Number | Form::Text => 2,
        Form::Money(_) => 5,
    }
}

/// How long the fixed words take, and what look-ups usually find. Entries are left out.
pub(super) fn length(parts: &[Part], tag: &str) -> Span {
    let mut words = 0;
    for part in parts {
        match part {
            Part::Text(text) => {
                let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
                words += text.split_whitespace().filter(is_word).count() as u64;
            }
            Part::Value(_, form) => words += usual_words(*form),
            Part::Notice => words += NOTICE_WORDS,
            Part::Digits(_) | Part::Position | Part::Wait | Part::Caller => {}
        }
    }
    Span(words * 10_000 / phrase::words_in_ten_seconds(tag))
}

/// How long it takes to say a text as it is written; each placeholder counts as a word.
pub(super) fn time_to_say(text: &str, tag: &str) -> Span {
    let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
    let words = text.split_whitespace().filter(is_word).count() as u64;
    Span(words * 10_000 / phrase::words_in_ten_seconds(tag))
}

/// What a text says before the first sentence that speaks of a key; none where none does.
pub(super) fn before_options(text: &str) -> Option<&str> {
    let sentence = |before: usize| text[..before].rfind(['.', '!', '?', ';', ':']).unwrap_or(0);
    let spoken = spoken_keys(text)
        .first()
        .map(|(_, span)| sentence(span.start));
    let options = text.find("{options}");
    let first = spoken.into_iter().chain(options).min()?;
    Some(&text[..first])
}

/// The keys that a prompt speaks of, and where: `press 7`, `nhấn phím 7`.
///
/// A key is named by a figure or a word; several in a row (`dial 9 9 9`) are a telephone number.
pub(super) fn spoken_keys(text: &str) -> Vec<(char, Range<usize>)> {
    const VERBS: [&str; 14] = [
        "press", "dial", "type", "hit", "pulse", "marque", "premi", "premeu", "tapez", "appuyez",
        "drücken", "nhấn", "bấm", "ấn",
    ];
    const BETWEEN: [&str; 14] = [
        "the", "key", "number", "phím", "số", "sur", "la", "le", "el", "touche", "tecla", "sie",
        "die", "taste",
    ];
    let words = words(text);
    let mut keys = Vec::new();
    for (place, word) in words.iter().enumerate() {
        if !VERBS.contains(&word.text.as_str()) {
            continue;
        }
        let mut after = words[place + 1..].iter().peekable();
        while after
            .next_if(|word| BETWEEN.contains(&word.text.as_str()))
            .is_some()
        {}
        let Some(word) = after.next() else {
            continue;
        };
        let more = after
            .next()
            .is_some_and(|next| key_of(&next.text).is_some());
        if let Some(key) = key_of(&word.text).filter(|_| word.stop || !more) {
            keys.push((key, word.span.clone()));
        }
    }
    keys
}

struct Word {
    /// In lower case, without punctuation.
    text: String,
    span: Range<usize>,
    /// Whether punctuation follows.
    stop: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = 0;
    for raw in text.split_inclusive(char::is_whitespace) {
        let noise = |c: char| !(c.is_alphanumeric() || c == '*' || c == '#');
        let word = raw.trim_matches(noise);
        let from = start + raw.find(word).unwrap_or(0);
        let tail = raw.trim_end();
        words.push(Word {
            text: word.to_lowercase(),
            span: from..from + word.len(),
            stop: tail.ends_with(['.', ',', ';', '!', '?', ':']),
        });
        start += raw.len();
    }
    words.retain(|word| !word.text.is_empty());
    words
}

fn key_of(word: &str) -> Option<char> {
    const WORDS: [(&str, char); 22] = [
        ("zero", '0'),
        ("one", '1'),
        ("two", '2'),
        ("three", '3'),
        ("four", '4'),
        ("five", '5'),
        ("six", '6'),
        ("seven", '7'),
        ("eight", '8'),
        ("nine", '9'),
        ("star", '*'),
        ("pound", '#'),
        ("hash", '#'),
        ("sao", '*'),
        ("thăng", '#'),
        ("asterisco", '*'),
        ("almohadilla", '#'),
        ("coixinet", '#'),
        ("étoile", '*'),
        ("dièse", '#'),
        ("sterntaste", '*'),
        ("rautetaste", '#'),
    ];
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_digit() || c == '*' || c == '#' => Some(c),
        _ => WORDS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, key)| *key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::id::VariableId;

    #[test]
    fn white_space_collapses_and_placeholders_keep_their_distance() {
        let parts = vec![
            Part::Text("\n  We are packing\n order ".to_owned()),
            Part::Digits(VariableId(0)),
            Part::Text(".\n".to_owned()),
        ];
        let speech = speech(parts, "en");
        let words = Part::Text("We are packing order ".to_owned());
        let stop = Part::Text(".".to_owned());
        assert_eq!(speech.parts, [words, Part::Digits(VariableId(0)), stop]);
        assert_eq!(speech.length, Span(4 * 10_000 / 18));
    }

    #[test]
    fn an_open_brace_is_an_error() {
        assert!(pieces("order {order:digits").is_err());
        assert_eq!(pieces("a {b:c} d").map(|pieces| pieces.len()), Ok(3));
    }

    #[test]
    fn spoken_keys_are_heard_and_telephone_numbers_are_not() {
        let keys = |text| {
            spoken_keys(text)
                .into_iter()
                .map(|(key, _)| key)
                .collect::<String>()
        };
        assert_eq!(
            keys("For returns, press 1. For payment, press the 7 key."),
            "17"
        );
        assert_eq!(keys("Để được hỗ trợ, nhấn phím 0."), "0");
        assert_eq!(keys("then press pound"), "#");
        assert_eq!(keys("In an emergency, dial 9 9 9."), "");
        assert_eq!(keys("Type 12345 or press on."), "");
        assert_eq!(spoken_keys("Press 7!"), [('7', 6..7)]);
    }
}
