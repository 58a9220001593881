//! Callers in a directory: they spell the name that leads to what they want, and take it once they hear
//! it.

use super::attempt::Aim;
use super::caller::Heard;
use super::scenario::Press;
use super::world::World;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::Spelling;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;

impl World<'_> {
    /// A directory says something.
    pub(super) fn hears_directory(&mut self, slot: u32, heard: Heard, directory: &Directory) {
        let prompt = heard.prompt;
        if directory.retry.asks(prompt, directory.prompt) {
            return self.meets_directory(slot, heard, directory);
        }
        let wanted = self.wanted_name(slot, heard, directory);
        let attempt = &mut self.attempts[slot as usize];
        if prompt == directory.more_letters {
            // All that there is of the name.
            let spelling = wanted.and_then(|entry| directory.spelling_of(entry));
            if let Some(spelling) = spelling {
                let more = &spelling.keys[usize::from(spelling.word)..];
                self.will_press(slot, ended(more), directory.barge_in);
            }
        } else if let Some(place) = directory.choose.iter().position(|key| *key == prompt) {
            if std::mem::take(&mut attempt.hears_name) {
                attempt.hears_wanted = true;
                let key = Key::from_char(char::from(b'1' + place as u8));
                self.will_press(slot, key.into_iter().collect(), true);
            }
        } else if prompt == directory.otherwise {
            let content = attempt.hears_wanted || attempt.press_timer.is_some();
            if !std::mem::take(&mut attempt.hears_wanted) && !content {
                self.will_press(slot, [Key::STAR].into_iter().collect(), true);
            }
        } else {
            let said = |entry: u16| directory.entries[usize::from(entry)].said;
            attempt.hears_name = match attempt.aim {
                // Whoever does not know what is wanted is content with the first.
                Aim::AsOthers => true,
                _ => wanted.map(said) == Some(prompt),
            };
        }
    }

    /// A directory asks for a name.
    fn meets_directory(&mut self, slot: u32, heard: Heard, directory: &Directory) {
        let attempt = &self.attempts[slot as usize];
        if attempt.is_silent || attempt.press_timer.is_some() || attempt.leave_timer.is_some() {
            return;
        }
        let aim = attempt.aim;
        let wanted = self.wanted_name(slot, heard, directory);
        let spelling = wanted.and_then(|entry| directory.spelling_of(entry));
        let keys = match (aim, spelling) {
            (_, Some(spelling)) => Some(Press::Keys(first_word(spelling))),
            (Aim::AsOthers, None) => {
                let unit = self.listening(slot).unit();
                self.model.press_by_share(heard.step, unit)
            }
            (Aim::Reach(goal), None) => {
                let mine = self.attempts[slot as usize].language;
                let guide = &self.model.guide;
                let keys = guide.keys(heard.step, goal, mine, heard.language);
                keys.map(Press::Keys)
            }
            (Aim::Thank | Aim::Leave, None) => None,
        };
        match keys {
            Some(Press::Keys(keys)) => {
                let keys = self.perhaps_slips(slot, keys);
                self.will_press(slot, keys, directory.barge_in);
            }
            Some(Press::Nothing) => {}
            Some(Press::HangUp) | None => self.has_no_way(slot),
        }
    }

    /// The name that leads to what the caller wants.
    fn wanted_name(&self, slot: u32, heard: Heard, directory: &Directory) -> Option<u16> {
        match self.attempts[slot as usize].aim {
            Aim::Reach(goal) => {
                let name = self.model.guide.name(heard.step, goal);
                name.filter(|entry| usize::from(*entry) < directory.entries.len())
            }
            Aim::Thank | Aim::Leave | Aim::AsOthers => None,
        }
    }
}

/// What is spelled of a name: its first word, as a rule the family name or the first one.
pub(super) fn first_word(spelling: &Spelling) -> Digits {
    ended(&spelling.keys[..usize::from(spelling.word)])
}

/// Keys, and the one that ends them.
fn ended(keys: &str) -> Digits {
    let mut digits: Digits = keys.chars().filter_map(Key::from_char).collect();
    digits.push(Key::POUND);
    digits
}
