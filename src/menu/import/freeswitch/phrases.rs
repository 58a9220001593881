//! Phrase macros: what `phrase:name` says.

use super::super::super::diagnostic::Place;
use super::super::super::source::FileId;
use super::super::draft::Draft;
use super::super::spoken::Sound;
use super::super::xml;
use roxmltree::Node;
use std::cell::Cell;

/// One macro.
pub(super) struct Macro {
    name: String,
    place: Place,
    sounds: Vec<Sound>,
    /// What the macro does besides playing and speaking.
    others: Vec<String>,
    used: Cell<bool>,
}

/// All macros of the files.
#[derive(Default)]
pub(super) struct Phrases {
    macros: Vec<Macro>,
}

impl Macro {
    pub(super) fn read(file: FileId, node: Node<'_, '_>) -> Self {
        let mut sounds = Vec::new();
        let mut others = Vec::new();
        // Of several inputs, the first that matches speaks; menus give none, so it is the first.
        let first = node.descendants().find(|node| node.has_tag_name("match"));
        let actions = first.into_iter().flat_map(|node| node.descendants());
        for action in actions.filter(|node| node.has_tag_name("action")) {
            let data = xml::attribute(action, "data").unwrap_or("");
            match xml::attribute(action, "function").unwrap_or("") {
                "play-file" if is_silence(data) => sounds.push(Sound::Pause),
                "play-file" => sounds.push(Sound::File(data.to_owned())),
                "speak-text" => sounds.push(Sound::Text(data.to_owned())),
                "sleep" | "break" => sounds.push(Sound::Pause),
                function => others.push(format!("{function} {data}")),
            }
        }
        Self {
            name: xml::attribute(node, "name").unwrap_or("").to_owned(),
            place: xml::place(file, node),
            sounds,
            others,
            used: Cell::new(false),
        }
    }
}

impl Phrases {
    pub(super) fn add(&mut self, read: Macro) {
        self.macros.push(read);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.macros.is_empty()
    }

    /// What a sound of FreeSWITCH is: a file, `phrase:macro`, `say:text`, or several with `!` between.
    pub(super) fn sounds(&self, written: &str, draft: &mut Draft) -> Vec<Sound> {
        let written = written.trim();
        if let Some(text) = written.strip_prefix("say:") {
            return vec![Sound::Text(text.trim().to_owned())];
        }
        if let Some(called) = written.strip_prefix("phrase:") {
            return self.called(called, draft);
        }
        let files = written.strip_prefix("file_string://").unwrap_or(written);
        let sound = |file: &str| match is_silence(file) {
            true => Sound::Pause,
            false => Sound::File(file.to_owned()),
        };
        let files = files.split('!').map(str::trim);
        files.filter(|file| !file.is_empty()).map(sound).collect()
    }

    fn called(&self, called: &str, draft: &mut Draft) -> Vec<Sound> {
        let name = called.split([':', ' ']).next().unwrap_or(called);
        let Some(phrase) = self.macros.iter().find(|other| other.name == name) else {
            return vec![Sound::File(written_name(name))];
        };
        if !phrase.used.replace(true) {
            draft.tally.convert(&phrase.place);
            for other in &phrase.others {
                let note = format!("`{}` also does `{other}`, which no prompt can", phrase.name);
                draft.tally.approximate(&phrase.place, note);
            }
        }
        phrase.sounds.clone()
    }

    /// Macros that no menu speaks.
    pub(super) fn unused(&self, draft: &mut Draft) {
        for phrase in self.macros.iter().filter(|phrase| !phrase.used.get()) {
            let note = format!("no menu speaks the macro \"{}\"", phrase.name);
            draft.tally.elsewhere(&phrase.place, 1, note);
        }
    }
}

/// A macro that is not in these files, by its name.
fn written_name(name: &str) -> String {
    format!("phrase:{name}")
}

fn is_silence(file: &str) -> bool {
    file.starts_with("silence_stream:") || file == "silence"
}
