//! What became of each piece of the original: nothing is dropped without a word.

use super::super::diagnostic::Place;
use super::super::source::FileId;
use super::super::source::Sources;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of a piece, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It does what it did.
    Converted,
    /// It does nearly what it did.
    Approximated,
    /// It has to be done by hand.
    Skipped,
}

#[derive(Clone, Debug)]
struct Piece {
    place: Place,
    fate: Fate,
    notes: Vec<(Fate, String)>,
}

/// The pieces of the original, by where they stand.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pieces: BTreeMap<(FileId, usize), Piece>,
    /// Pieces that belong to no call of this line: where, how many, and why.
    elsewhere: Vec<(Place, usize, String)>,
    /// Recordings whose text was made of their file names.
    pub(super) recordings: usize,
}

/// How many pieces had which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Pieces that do what they did.
    pub converted: usize,
    /// Pieces that do nearly what they did.
    pub approximated: usize,
    /// Pieces that have to be done by hand.
    pub skipped: usize,
    /// Pieces of the files to which no call of this line comes.
    pub elsewhere: usize,
    /// Recordings whose text was made of their file names.
    pub recordings: usize,
}

/// A word on one piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The file.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is different, or missing.
    pub note: String,
}

impl Tally {
    /// Counts a piece; what was said of it before stands.
    pub(super) fn convert(&mut self, place: &Place) {
        self.piece(place);
    }

    /// Says something of a piece that does what it did.
    pub(super) fn remark(&mut self, place: &Place, note: impl Into<String>) {
        self.note(place, Fate::Converted, note.into());
    }

    /// Notes that a piece does not do quite what it did.
    pub(super) fn approximate(&mut self, place: &Place, note: impl Into<String>) {
        self.note(place, Fate::Approximated, note.into());
    }

    /// Notes that a piece has to be done by hand.
    pub(super) fn skip(&mut self, place: &Place, note: impl Into<String>) {
        self.note(place, Fate::Skipped, note.into());
    }

    /// Notes pieces to which no call of this line comes.
    pub(super) fn elsewhere(&mut self, place: &Place, count: usize, note: impl Into<String>) {
        self.elsewhere.push((place.clone(), count, note.into()));
    }

    /// Whether anything was said of the piece that stands here.
    pub(super) fn has(&self, place: &Place) -> bool {
        self.pieces.contains_key(&(place.file, place.span.start))
    }

    /// What was said last of the piece that stands here.
    pub(super) fn said_of(&self, place: &Place) -> Option<String> {
        let piece = self.pieces.get(&(place.file, place.span.start))?;
        piece.notes.last().map(|(_, note)| note.clone())
    }

    fn piece(&mut self, place: &Place) -> &mut Piece {
        let key = (place.file, place.span.start);
        self.pieces.entry(key).or_insert_with(|| Piece {
            place: place.clone(),
            fate: Fate::Converted,
            notes: Vec::new(),
        })
    }

    fn note(&mut self, place: &Place, fate: Fate, note: String) {
        let piece = self.piece(place);
        piece.fate = piece.fate.max(fate);
        let note = (fate, note);
        if !piece.notes.contains(&note) {
            piece.notes.push(note);
        }
    }

    /// How many pieces had which fate.
    pub fn counts(&self) -> Counts {
        let count = |fate| {
            let pieces = self.pieces.values();
            pieces.filter(|piece| piece.fate == fate).count()
        };
        Counts {
            converted: count(Fate::Converted),
            approximated: count(Fate::Approximated),
            skipped: count(Fate::Skipped),
            elsewhere: self.elsewhere.iter().map(|(_, count, _)| count).sum(),
            recordings: self.recordings,
        }
    }

    /// What was said of pieces with this fate, file by file and from top to bottom.
    pub fn notes(&self, fate: Fate, sources: &Sources) -> Vec<Note> {
        let pieces = self.pieces.values();
        let notes = pieces.flat_map(|piece| {
            let own = piece.notes.iter().filter(move |(own, _)| *own == fate);
            own.map(|(_, note)| at(&piece.place, note, sources))
        });
        notes.collect()
    }

    /// What was said of pieces to which no call comes.
    pub fn notes_elsewhere(&self, sources: &Sources) -> Vec<Note> {
        let notes = self.elsewhere.iter();
        notes
            .map(|(place, _, note)| at(place, note, sources))
            .collect()
    }
}

fn at(place: &Place, note: &str, sources: &Sources) -> Note {
    let (line, column) = sources.position(place.file, place.span.start);
    Note {
        file: sources.get(place.file).path.display().to_string(),
        line,
        column,
        note: note.to_owned(),
    }
}
