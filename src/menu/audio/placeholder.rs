//! The mark of a placeholder: a remark in the file itself, so that it goes where the file goes.
//!
//! It holds a hash of the sound. Whoever records over a placeholder with a program that keeps remarks
//! has a recording all the same: the sound is another one.

use super::wav::Sound;
use crate::menu::fnv::Fnv;

/// How the remark begins.
const WORD: &str = "strowger placeholder";

/// What the mark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// A hash of the words.
    words: String,
    /// A hash of how it was made.
    made: String,
}

impl Placeholder {
    /// The mark of a sound; none if it is no placeholder, or is one no longer.
    pub fn of(sound: &Sound) -> Option<Self> {
        let rest = sound.remark.as_deref()?.strip_prefix(WORD)?;
        let mut fields = rest.split_whitespace();
        let mut field = |name: &str| {
            let value = fields.next()?.strip_prefix(name)?.strip_prefix('=')?;
            Some(value.to_owned())
        };
        let (words, made, hash) = (field("words")?, field("made")?, field("sound")?);
        (hash == sound_hash(&sound.samples)).then_some(Self { words, made })
    }

    /// Whether it says these words.
    pub fn says(&self, words: &str) -> bool {
        self.words == Fnv::hex(words)
    }

    /// Whether it says these words, made in this way.
    pub fn is_made(&self, words: &str, how: &str) -> bool {
        self.says(words) && self.made == Fnv::hex(how)
    }

    /// The remark for these samples, which say these words.
    pub fn remark(samples: &[i16], words: &str, how: &str) -> String {
        let (words, made) = (Fnv::hex(words), Fnv::hex(how));
        format!(
            "{WORD} words={words} made={made} sound={}",
            sound_hash(samples)
        )
    }
}

fn sound_hash(samples: &[i16]) -> String {
    let bytes: Vec<u8> = samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    format!("{:016x}", Fnv::of_bytes(&bytes))
}

#[cfg(test)]
mod tests {
    use super::super::wav;
    use super::*;

    #[test]
    fn a_sound_recorded_over_it_is_no_placeholder() {
        let samples = [1, 2, 3];
        let remark = Placeholder::remark(&samples, "Hello.", "a program");
        let sound =
            |samples: &[i16]| wav::parse(&wav::bytes(samples, 8000, &remark)).expect("a sound");
        let placeholder = Placeholder::of(&sound(&samples)).expect("a placeholder");
        assert!(placeholder.is_made("Hello.", "a program"));
        assert!(placeholder.says("Hello.") && !placeholder.says("Goodbye."));
        assert!(!placeholder.is_made("Hello.", "another program"));
        assert_eq!(Placeholder::of(&sound(&[1, 2, 4])), None);
    }
}
