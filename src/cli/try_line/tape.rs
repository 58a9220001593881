//! What was pressed in a live call, as the script of a call test.

use crate::menu::call_test::Group;
use crate::menu::call_test::Keys;
use crate::menu::call_test::Press;

/// Keys, and the times that the line waited in vain.
#[derive(Clone, Debug, Default)]
pub(super) struct Tape {
    groups: Vec<Group>,
    /// How often the caller had been given the word at the last key.
    turns: u32,
    /// The agent has ended the talk since.
    agent_left: bool,
}

impl Tape {
    /// A key is pressed: the caller was given the word so often so far, and has it now or not.
    pub(super) fn press(&mut self, press: Press, turns: u32, has_the_word: bool) {
        let passed = turns - self.turns;
        let silent = match has_the_word {
            true => passed.saturating_sub(1),
            false => passed,
        };
        self.turns = turns;
        self.agent_left = false;
        self.silences(silent);
        match self.groups.last_mut() {
            // Nothing was asked in between: in a script these are pressed at once.
            Some(Group::Presses(presses)) if passed == 0 => presses.push(press),
            _ => self.groups.push(Group::Presses(vec![press])),
        }
    }

    /// The agent ends the talk, and the call goes on.
    pub(super) fn agent_leaves(&mut self) {
        self.agent_left = true;
    }

    /// The script, when the call is over: whether the caller has hung up tells what the last silence
    /// meant.
    pub(super) fn keys(&self, turns: u32, caller_hung_up: bool) -> Keys {
        let mut all = self.clone();
        if !all.groups.is_empty() {
            let passed = turns - self.turns;
            let silent = passed.saturating_sub(u32::from(caller_hung_up));
            // Who has nothing left to do hangs up before the agent does.
            all.silences(silent.max(u32::from(self.agent_left)));
        }
        Keys { groups: all.groups }
    }

    fn silences(&mut self, times: u32) {
        let silences = std::iter::repeat_n(Group::Silence, times as usize);
        self.groups.extend(silences);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(tape: &mut Tape, key: char, turns: u32, has_the_word: bool) {
        let keys = Keys::parse(&key.to_string()).expect("a key");
        let Some(Group::Presses(presses)) = keys.groups.first() else {
            panic!("a key");
        };
        tape.press(presses[0], turns, has_the_word);
    }

    #[test]
    fn keys_between_two_questions_are_one_group() {
        let mut tape = Tape::default();
        press(&mut tape, '1', 1, true);
        press(&mut tape, '4', 2, true);
        press(&mut tape, '7', 2, true);
        assert_eq!(tape.keys(3, true).to_string(), "1 47");
    }

    #[test]
    fn keys_that_cut_prompts_short_are_pressed_at_once() {
        let mut tape = Tape::default();
        press(&mut tape, '1', 0, false);
        press(&mut tape, '2', 0, false);
        assert_eq!(tape.keys(1, true).to_string(), "12");
    }

    #[test]
    fn questions_without_an_answer_are_silences() {
        let mut tape = Tape::default();
        press(&mut tape, '1', 2, true);
        press(&mut tape, '2', 3, false);
        assert_eq!(tape.keys(5, false).to_string(), "- 1 - 2 - -");
        assert_eq!(tape.keys(4, true).to_string(), "- 1 - 2");
    }

    #[test]
    fn who_presses_nothing_is_silent() {
        assert_eq!(Tape::default().keys(2, false).to_string(), "");
    }
}
