//! What has to be recorded for a line: each piece of words once, in each language.

use super::name;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Form;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::Prompt;
use crate::exchange::dialplan::Speech;
use crate::exchange::id::LanguageId;
use crate::exchange::id::VariableId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::lower::Trace;
use crate::menu::prompt;
use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

/// The folder beside a line that does not name one.
const FOLDER: &str = "audio";

/// What a piece may begin with that nobody says.
const UNSPOKEN: [char; 7] = [' ', '.', ',', ';', ':', '!', '?'];

/// The recordings of one line.
#[derive(Clone, Debug)]
pub struct Script {
    /// The line's name.
    pub line: String,
    /// Its file.
    pub line_file: PathBuf,
    /// The name for people.
    pub title: String,
    /// Where its recordings belong: a folder for each language is in it.
    pub folder: PathBuf,
    /// Where the folder is named, or the line is.
    pub place: Place,
    /// The tags of its languages.
    pub languages: Vec<String>,
    /// What is to be recorded: language by language, steps in the order of the file, then what the
    /// house says.
    pub recordings: Vec<Recording>,
}

/// One recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The name of its file, without what it ends in.
    pub id: String,
    /// The folder in which it belongs.
    pub language: String,
    /// The language in which it is spoken: another one where a prompt speaks all of them.
    pub spoken: String,
    /// The words.
    pub words: String,
    /// How long it takes to say them, about.
    pub length: Span,
    /// What the voice has to know; may be empty.
    pub note: String,
    /// Where it is written, or the line's head for what the house says.
    pub place: Place,
}

impl Recording {
    /// Its file, in the folder of the line's recordings: `en/main.wav`.
    pub fn file(&self) -> String {
        format!("{}/{}.{}", self.language, self.id, name::EXTENSION)
    }
}

impl Script {
    /// The file of a recording.
    pub fn file(&self, recording: &Recording) -> PathBuf {
        self.folder.join(recording.file())
    }
}

/// Collects recordings, and reports two that would be one file.
pub(super) struct Collector<'a> {
    pub(super) plan: &'a Dialplan,
    pub(super) trace: &'a Trace,
    pub(super) out: &'a mut Diagnostics,
}

impl<'a> Collector<'a> {
    /// The recordings of the first line of a plan, which lies in this file.
    pub(super) fn script(&mut self, file: &Path) -> Script {
        let line = &self.plan.lines[0];
        let named = self.trace.audio.first().and_then(Option::as_ref);
        let beside = file.parent().unwrap_or(Path::new(""));
        let folder = beside.join(named.map_or(FOLDER, |name| name.text.as_str()));
        let place = named.map_or_else(|| self.trace.lines[0].clone(), |name| name.place.clone());
        let mut script = Script {
            line: line.name.clone(),
            line_file: file.to_owned(),
            title: line.title.clone(),
            folder,
            place,
            languages: Vec::new(),
            recordings: Vec::new(),
        };
        let prompts = self.in_order();
        for language in &line.languages {
            let tag = &self.plan.languages[language.index()];
            script.languages.push(tag.clone());
            let mut known: BTreeMap<String, usize> = BTreeMap::new();
            for (prompt, place) in &prompts {
                let place = place.clone().unwrap_or_else(|| script.place.clone());
                for recording in self.pieces(prompt, *language, place) {
                    match known.get(&recording.id) {
                        Some(other) => self.clash(&script.recordings[*other], &recording),
                        None => {
                            known.insert(recording.id.clone(), script.recordings.len());
                            script.recordings.push(recording);
                        }
                    }
                }
            }
        }
        script
    }

    /// All prompts, those of steps first, with where they are written.
    fn in_order(&self) -> Vec<(&'a Prompt, Option<Place>)> {
        let (plan, trace) = (self.plan, self.trace);
        let mut steps: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, step) in plan.steps.iter().enumerate() {
            steps.insert(&step.name, place);
        }
        // What belongs to a step is called after it: `support.options`.
        let step_of = |prompt: &Prompt| {
            let mut name = prompt.name.as_str();
            loop {
                if let Some(place) = steps.get(name) {
                    return Some(*place);
                }
                name = name.rsplit_once('.')?.0;
            }
        };
        let mut prompts: Vec<(usize, &Prompt, Option<Place>)> = plan
            .prompts
            .iter()
            .map(|prompt| match step_of(prompt) {
                Some(step) => (step, prompt, Some(trace.steps[step].name.clone())),
                None => (usize::MAX, prompt, None),
            })
            .collect();
        prompts.sort_by_key(|(step, ..)| *step);
        prompts
            .into_iter()
            .map(|(_, prompt, place)| (prompt, place))
            .collect()
    }

    fn pieces(&self, prompt: &Prompt, language: LanguageId, place: Place) -> Vec<Recording> {
        let speech = &prompt.speech[language.index()];
        let tag = &self.plan.languages[language.index()];
        let words = |part: &Part| matches!(part, Part::Text(text) if name::has_words(text));
        let count = speech.parts.iter().filter(|part| words(part)).count();
        let spoken = self.spoken(prompt, count);
        let mut recordings = Vec::new();
        for (at, part) in speech.parts.iter().enumerate() {
            let Part::Text(text) = part else { continue };
            if !words(part) {
                continue;
            }
            let number = recordings.len() + 1;
            let spoken = match &spoken {
                Some(tags) => tags[(number - 1) * tags.len() / count].clone(),
                None => tag.clone(),
            };
            recordings.push(Recording {
                id: name::of_piece(&prompt.name, number, count),
                language: tag.clone(),
                length: prompt::length(std::slice::from_ref(part), &spoken),
                note: self.note(speech, at, tag, &spoken),
                // A full stop after a value is not spoken.
                words: text.trim_start_matches(UNSPOKEN).trim_end().to_owned(),
                spoken,
                place: place.clone(),
            });
        }
        recordings
    }

    /// The languages that a prompt speaks one after the other, if it speaks all of them.
    fn spoken(&self, prompt: &Prompt, pieces: usize) -> Option<Vec<String>> {
        let languages = &self.plan.lines[0].languages;
        let speech = |id: &LanguageId| &prompt.speech[id.index()];
        let first = speech(languages.first()?);
        let together = languages.len() > 1
            && languages.iter().all(|language| speech(language) == first)
            && pieces >= languages.len()
            && pieces.is_multiple_of(languages.len());
        let tags = languages
            .iter()
            .map(|id| self.plan.languages[id.index()].clone());
        together.then(|| tags.collect())
    }

    /// What comes before and after, and in which language it is where that is not the folder's.
    fn note(&self, speech: &Speech, at: usize, tag: &str, spoken: &str) -> String {
        let value = |part: Option<&Part>| part.and_then(|part| self.filled_in(part));
        let before = at.checked_sub(1).and_then(|at| speech.parts.get(at));
        let (before, after) = (value(before), value(speech.parts.get(at + 1)));
        let mut notes = Vec::new();
        if spoken != tag {
            notes.push(format!("spoken in {spoken}"));
        }
        match (before, after) {
            (Some(before), Some(after)) => notes.push(format!("between {before} and {after}")),
            (Some(before), None) => notes.push(format!("after {before}")),
            (None, Some(after)) => notes.push(format!("before {after}: do not drop the voice")),
            (None, None) => {}
        }
        notes.join("; ")
    }

    /// What the bridge says between recordings.
    fn filled_in(&self, part: &Part) -> Option<String> {
        let variables = &self.plan.lines[0].variables;
        let variable = |id: VariableId| variables.get(id.index()).map_or("", String::as_str);
        Some(match part {
            Part::Text(_) => return None,
            Part::Digits(id) => format!("the digits of \"{}\"", variable(*id)),
            Part::Value(id, form) => {
                let form = match form {
                    Form::Digits => "the digits of",
                    Form::Date => "the day",
                    Form::Time => "the time",
                    Form::Number => "the number",
                    Form::Money(_) => "the sum",
                    Form::Text => "the words of",
                };
                format!("{form} \"{}\"", variable(*id))
            }
            Part::Position => "the place in line".to_owned(),
            Part::Wait => "the minutes".to_owned(),
            Part::Notice => "the notice".to_owned(),
            Part::Caller => "the caller's number".to_owned(),
        })
    }

    /// Two prompts that would be played from one file: one of them would say what the other does.
    fn clash(&mut self, first: &Recording, second: &Recording) {
        if first.words == second.words {
            return;
        }
        let message = format!("{} would have to say two things", first.file());
        let place = first.place.clone();
        let diagnostic = Diagnostic::warning("audio-clash", place, message)
            .label(format!("both \"{}\" and \"{}\"", first.words, second.words))
            .help("give the step another name: recordings are called after steps");
        self.out.push(diagnostic);
    }
}
