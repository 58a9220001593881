//! Words for recordings whose text nobody wrote down, made of their file names.

/// A piece of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sound {
    /// What is said, word for word.
    Text(String),
    /// A sound file, of which only the name is known.
    File(String),
    /// A pause.
    Pause,
    /// What the labels of the keys say.
    Options,
}

/// What a step says, and the recordings of which somebody has to write down the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) text: String,
    pub(super) files: Vec<String>,
}

impl Spoken {
    /// A text that is known.
    pub(super) fn text(text: &str) -> Self {
        Self::of(&[Sound::Text(text.to_owned())])
    }

    /// What is heard when these follow each other.
    pub(super) fn of(sounds: &[Sound]) -> Self {
        let mut spoken = Self::default();
        for sound in sounds {
            match sound {
                Sound::Text(text) => spoken.add_sentence(&without_braces(text)),
                Sound::File(file) => {
                    spoken.add_fragment(&words(file));
                    if !spoken.files.contains(file) {
                        spoken.files.push(file.clone());
                    }
                }
                Sound::Pause => spoken.end_sentence(),
                Sound::Options => spoken.add_sentence("{options}"),
            }
        }
        spoken.end_sentence();
        spoken
    }

    /// What both say, one after the other.
    pub(super) fn then(mut self, more: Self) -> Self {
        self.add_sentence(&more.text);
        for file in more.files {
            if !self.files.contains(&file) {
                self.files.push(file);
            }
        }
        self
    }

    fn add_sentence(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
        if text.is_empty() {
            return;
        }
        self.end_sentence();
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(&text);
    }

    /// Systems string sentences together of files: "to do that", "please", "press", "2".
    fn add_fragment(&mut self, words: &str) {
        let goes_on = !self.text.is_empty() && !self.text.ends_with(['.', '!', '?', ':']);
        let is_link = !words.contains(' ');
        if goes_on && is_link {
            let comma = if words == "please" { "," } else { "" };
            self.text.push_str(comma);
            self.text.push(' ');
            self.text.push_str(words);
        } else {
            let mut letters = words.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string());
            let sentence = format!("{}{}", first.unwrap_or_default(), letters.as_str());
            self.end_sentence();
            if !self.text.is_empty() {
                self.text.push(' ');
            }
            self.text.push_str(&sentence);
        }
        if words.chars().all(|c| c.is_ascii_digit()) || words == "star" || words == "pound" {
            self.end_sentence();
        }
    }

    fn end_sentence(&mut self) {
        let end = self.text.trim_end();
        if !end.is_empty() && !end.ends_with(['.', '!', '?', ':', ',', ';', '…', '}']) {
            self.text.push('.');
        }
    }
}

/// Braces are placeholders in a menu file.
fn without_braces(text: &str) -> String {
    text.replace('{', "(").replace('}', ")")
}

/// `ivr/ivr-that_was_an_invalid_entry.wav` as "that was an invalid entry".
fn words(file: &str) -> String {
    const ENDINGS: [&str; 9] = [
        ".wav", ".mp3", ".gsm", ".ulaw", ".alaw", ".sln", ".g722", ".ogg", ".wma",
    ];
    const HOUSES: [&str; 5] = ["ivr-", "vm-", "conf-", "cc-", "queue-"];
    let file = file.strip_prefix("phrase:").unwrap_or(file);
    let mut name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    for ending in ENDINGS {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    for house in HOUSES {
        name = name.strip_prefix(house).unwrap_or(name);
    }
    let spaced: String = name
        .chars()
        .map(|c| match c {
            c if c.is_alphanumeric() || c == '\'' => c,
            _ => ' ',
        })
        .collect();
    let words = spaced.split_whitespace().collect::<Vec<&str>>().join(" ");
    match words.as_str() {
        "" => "a recording".to_owned(),
        _ => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> String {
        let sound = |name: &&str| match *name {
            "-" => Sound::Pause,
            name => Sound::File(name.to_owned()),
        };
        Spoken::of(&names.iter().map(sound).collect::<Vec<Sound>>()).text
    }

    #[test]
    fn file_names_become_sentences() {
        let text = files(&[
            "ivr/ivr-welcome_to_acme.wav",
            "ivr/ivr-to_reach_sales.wav",
            "ivr/ivr-please.wav",
            "voicemail/vm-press.wav",
            "digits/1.wav",
            "-",
            "vm-goodbye",
        ]);
        let sentence = "Welcome to acme. To reach sales, please press 1. Goodbye.";
        assert_eq!(text, sentence);
    }

    #[test]
    fn texts_stay_as_they_are_but_for_braces() {
        let spoken = Spoken::text("Press 1\n for {{name}}!");
        assert_eq!(spoken.text, "Press 1 for ((name))!");
        assert!(spoken.files.is_empty());
    }
}
