//! What one caller is to hear, piece by piece.
//!
//! A prompt becomes one media URI for each of its parts, and the pieces are asked for one after
//! another: a list in one request would stop being told apart when one sound of it is missing.

use crate::daemon::bridge::protocol::Spoken;
use crate::menu::audio::name;
use jiff::civil::Date;
use std::collections::VecDeque;

/// Pieces in one caller's line; a prompt beyond them is passed over at once.
pub(super) const PIECES_MAX: usize = 256;

/// One sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The playing that it belongs to.
    pub(super) play: u32,
    /// Its place in the playing, from 0.
    pub(super) place: usize,
    /// How many pieces the playing has.
    pub(super) of: usize,
    /// What Asterisk is to play.
    pub(super) media: String,
    /// In which language.
    pub(super) language: String,
    /// How long it should take, when it cannot be played.
    pub(super) length_ms: u64,
}

impl Piece {
    /// Whether the playing has ended with this one.
    pub(super) fn is_last(&self) -> bool {
        self.place + 1 == self.of
    }

    /// The id of its playback. It says all that is needed to know it again after a restart.
    pub(super) fn playback(&self, call: &str) -> String {
        let (play, place, of) = (self.play, self.place, self.of);
        format!("{play}-{place}-{of}-{call}")
    }
}

/// The call and the playing whose last piece has this playback's id.
pub(super) fn last_of(playback: &str) -> Option<(&str, u32)> {
    let mut parts = playback.splitn(4, '-');
    let play = parts.next()?.parse().ok()?;
    let place: usize = parts.next()?.parse().ok()?;
    let of: usize = parts.next()?.parse().ok()?;
    let call = parts.next()?;
    (place.checked_add(1)? == of).then_some((call, play))
}

/// How prompts become media URIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sounds {
    /// The folder of the recordings, in Asterisk's own folder of sounds.
    pub base: String,
}

impl Default for Sounds {
    fn default() -> Self {
        Self {
            base: "strowger".to_owned(),
        }
    }
}

impl Sounds {
    /// The pieces of a prompt. Its words are one recording, `<base>/<line>/<language>/<prompt>`, or several
    /// around values, called as [`name::of_piece`] says. Values are said by Asterisk.
    pub(super) fn pieces(
        &self,
        play: u32,
        prompt: &str,
        (line, language): (&str, &str),
        parts: &[Spoken],
        length_ms: u64,
    ) -> Vec<Piece> {
        let mut media = Vec::new();
        let texts = parts.iter().filter(|part| has_words(part)).count();
        let mut text = 0;
        let folder = self.folder(line, language);
        let piece = |number| {
            let name = name::of_piece(prompt, number, texts);
            format!("{folder}/{name}")
        };
        for part in parts {
            match part {
                Spoken::Text(_) if !has_words(part) => {}
                Spoken::Text(_) => {
                    text += 1;
                    media.push(piece(text));
                }
                Spoken::Digits(digits) => media.push(format!("digits:{digits}")),
                Spoken::Date { date, .. } => media.extend(of_date(date, language)),
                Spoken::Time { time, .. } => media.extend(of_time(time)),
                Spoken::Money {
                    amount, currency, ..
                } => media.extend(of_money(amount, currency, &folder)),
                Spoken::Value(value) => media.push(format!("characters:{value}")),
                Spoken::Number(number) => media.push(format!("number:{number}")),
                Spoken::Minutes(number) => {
                    let unit = if *number == 1 { "minute" } else { "minutes" };
                    media.push(format!("number:{number}"));
                    media.push(format!("sound:{unit}"));
                }
            }
        }
        if media.is_empty() {
            media.push(piece(1));
        }
        let of = media.len();
        let piece = |(place, media)| Piece {
            play,
            place,
            of,
            media,
            language: language.to_owned(),
            length_ms: length_ms / of as u64,
        };
        media.into_iter().enumerate().map(piece).collect()
    }

    /// The folder of a line's recordings in a language. Whose words they are, effects of an older program do
    /// not say.
    fn folder(&self, line: &str, language: &str) -> String {
        match line {
            "" => format!("sound:{}/{language}", self.base),
            line => format!("sound:{}/{}/{language}", self.base, name::of_line(line)),
        }
    }
}

/// A sum: Asterisk says the figures, `money-eur` and `money-eur-cents` are recordings of the line.
fn of_money(amount: &str, currency: &str, folder: &str) -> Vec<String> {
    let (units, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    if currency.is_empty() || fraction.len() > 2 {
        return vec![format!("characters:{amount}")];
    }
    let name = format!("{folder}/money-{}", currency.to_lowercase());
    let mut media = Vec::new();
    let units = match units.strip_prefix('-') {
        Some(units) => {
            media.push(format!("{folder}/money-minus"));
            units
        }
        None => units,
    };
    media.push(format!("number:{units}"));
    media.push(name.clone());
    let cents = format!("{fraction:0<2}");
    let cents = cents.trim_start_matches('0');
    if !cents.is_empty() {
        media.push(format!("number:{cents}"));
        media.push(format!("{name}-cents"));
    }
    media
}

/// A day by Asterisk's own sounds, as its language says it.
fn of_date(date: &str, language: &str) -> Vec<String> {
    let Ok(date) = date.parse::<Date>() else {
        return vec![format!("characters:{date}")];
    };
    let weekday = date.weekday().to_sunday_zero_offset();
    let month = format!("sound:digits/mon-{}", date.month() - 1);
    let day = format!("number:{}", date.day());
    let mut media = vec![format!("sound:digits/day-{weekday}")];
    match language.starts_with("en") {
        true => media.extend([month, day]),
        false => media.extend([day, month]),
    }
    media
}

fn of_time(time: &str) -> Vec<String> {
    let figures = time.split(':').map(|part| part.trim_start_matches('0'));
    let figures: Vec<&str> = figures.collect();
    let hour = figures.first().copied().unwrap_or_default();
    let hour = if hour.is_empty() { "0" } else { hour };
    let minute = figures.get(1).filter(|minute| !minute.is_empty());
    let minute = minute.map(|minute| format!("number:{minute}"));
    std::iter::once(format!("number:{hour}"))
        .chain(minute)
        .collect()
}

/// Whether there is something to record: a full stop after a value is not.
fn has_words(part: &Spoken) -> bool {
    matches!(part, Spoken::Text(text) if name::has_words(text))
}

/// One caller's pieces: the first is the one being played.
#[derive(Clone, Debug, Default)]
pub(super) struct Playlist {
    pieces: VecDeque<Piece>,
}

impl Playlist {
    /// Appends a prompt, unless it is there already. True if its first piece is to be played now.
    pub(super) fn push(&mut self, pieces: Vec<Piece>) -> bool {
        let play = pieces.first().map(|piece| piece.play);
        if self.pieces.iter().any(|piece| Some(piece.play) == play) {
            return false;
        }
        let idle = self.pieces.is_empty();
        self.pieces.extend(pieces);
        idle
    }

    /// Whether so many more pieces have room.
    pub(super) fn has_room(&self, pieces: usize) -> bool {
        self.pieces.len() + pieces <= PIECES_MAX
    }

    /// What is being played.
    pub(super) fn playing(&self) -> Option<&Piece> {
        self.pieces.front()
    }

    /// The piece being played has ended.
    pub(super) fn advance(&mut self) -> Option<Piece> {
        self.pieces.pop_front()
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.pieces.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(parts: &[Spoken]) -> Vec<String> {
        let pieces = Sounds::default().pieces(1, "place", ("shop", "en"), parts, 4000);
        pieces.into_iter().map(|piece| piece.media).collect()
    }

    #[test]
    fn words_are_one_recording_and_values_are_said() {
        let text = |text: &str| Spoken::Text(text.to_owned());
        assert_eq!(media(&[text("Welcome.")]), ["sound:strowger/shop/en/place"]);
        assert_eq!(
            media(&[text("You are number"), Spoken::Number(3), text(".")]),
            ["sound:strowger/shop/en/place", "number:3"]
        );
        let around = [
            text("About"),
            Spoken::Minutes(5),
            text("for"),
            Spoken::Digits("471".to_owned()),
        ];
        assert_eq!(
            media(&around),
            [
                "sound:strowger/shop/en/place-1",
                "number:5",
                "sound:minutes",
                "sound:strowger/shop/en/place-2",
                "digits:471",
            ]
        );
        assert_eq!(media(&[]), ["sound:strowger/shop/en/place"]);
    }

    #[test]
    fn lines_have_a_folder_each() {
        let first = |line: &str| {
            let text = [Spoken::Text("Welcome.".to_owned())];
            let pieces = Sounds::default().pieces(1, "main", (line, "en"), &text, 1);
            pieces[0].media.clone()
        };
        assert_eq!(first("shop"), "sound:strowger/shop/en/main");
        assert_eq!(first("clinic"), "sound:strowger/clinic/en/main");
        assert_eq!(first("a, b/c"), "sound:strowger/a--b-c/en/main");
        // An effect of a program from before lines were named in it.
        assert_eq!(first(""), "sound:strowger/en/main");
    }

    #[test]
    fn a_playback_tells_its_playing_again() {
        let pieces = Sounds::default().pieces(
            12,
            "x",
            ("", "en"),
            &[Spoken::Number(1), Spoken::Number(2)],
            1000,
        );
        assert_eq!(last_of(&pieces[0].playback("17-3.4")), None);
        assert_eq!(last_of(&pieces[1].playback("17-3.4")), Some(("17-3.4", 12)));
        assert_eq!(last_of("nonsense"), None);
        assert_eq!(last_of(&format!("1-{}-1-x", usize::MAX)), None);
    }

    #[test]
    fn prompts_are_heard_in_order_and_once() {
        let mut list = Playlist::default();
        let sounds = Sounds::default();
        assert!(list.push(sounds.pieces(1, "a", ("shop", "en"), &[], 1)));
        assert!(!list.push(sounds.pieces(2, "b", ("shop", "en"), &[], 1)));
        assert!(
            !list.push(sounds.pieces(2, "b", ("shop", "en"), &[], 1)),
            "again"
        );
        assert_eq!(list.advance().map(|piece| piece.play), Some(1));
        assert_eq!(list.advance().map(|piece| piece.play), Some(2));
        assert_eq!(list.advance(), None);
    }
}
