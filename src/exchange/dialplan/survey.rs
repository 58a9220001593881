//! A survey: a few questions that are answered by keys.

use super::Patience;
use super::Target;
use crate::exchange::id::PromptId;
use crate::exchange::key::Digits;
use serde::Deserialize;
use serde::Serialize;

/// The greatest answer; also that of a net promoter score.
pub const ANSWER_MAX: u8 = 10;

/// A step that asks how the call was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Said before the first question.
    pub intro: Option<PromptId>,
    /// The questions, one after the other.
    pub asks: Vec<Ask>,
    /// Said before a question again, after a wrong key.
    pub wrong: PromptId,
    /// The same after silence; nothing in menus from before a survey asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent: Option<PromptId>,
    /// Waiting times and tries.
    pub patience: Patience,
    /// Afterwards.
    pub then: Target,
    /// For whoever says no more.
    pub give_up: Target,
}

/// One question of a survey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Its name in reports.
    pub id: String,
    /// The question.
    pub prompt: PromptId,
    /// The answers.
    pub scale: Scale,
}

/// The answers to a question: some of the numbers from 0 to [`ANSWER_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    /// A bit for each number.
    allowed: u16,
}

/// What the keys pressed so far are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// This answer; another key cannot make it another one.
    Whole(u8),
    /// This answer, unless another key follows.
    Perhaps(u8),
    /// No answer.
    Wrong,
}

impl Scale {
    /// These answers; none if there are fewer than two, or one is too great.
    pub fn new(answers: impl IntoIterator<Item = u8>) -> Option<Self> {
        let mut allowed = 0_u16;
        for answer in answers {
            if answer > ANSWER_MAX {
                return None;
            }
            allowed |= 1 << answer;
        }
        (allowed.count_ones() >= 2).then_some(Self { allowed })
    }

    /// All answers, the smallest first.
    pub fn answers(self) -> impl Iterator<Item = u8> {
        (0..=ANSWER_MAX).filter(move |answer| self.has(*answer))
    }

    /// Whether this is one of the answers.
    pub fn has(self, answer: u8) -> bool {
        answer <= ANSWER_MAX && self.allowed & (1 << answer) != 0
    }

    /// Whether it is that of a net promoter score: 0 to 10.
    pub fn is_nps(self) -> bool {
        self.answers().count() == usize::from(ANSWER_MAX) + 1
    }

    /// What these keys are.
    pub fn read(self, keys: &Digits) -> Answered {
        let digit = |place| {
            let key = keys.at(place)?;
            key.is_digit().then_some(key.index() as u8)
        };
        match (keys.len(), digit(0), digit(1)) {
            (1, Some(1), _) if self.has(ANSWER_MAX) => match self.has(1) {
                true => Answered::Perhaps(1),
                // A 1 by itself is no answer, and may become one.
                false => Answered::Perhaps(u8::MAX),
            },
            (1, Some(answer), _) if self.has(answer) => Answered::Whole(answer),
            (2, Some(1), Some(0)) if self.has(ANSWER_MAX) => Answered::Whole(ANSWER_MAX),
            // The second key is for the next question.
            (2.., Some(answer), _) if self.has(answer) => Answered::Whole(answer),
            _ => Answered::Wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::key::Key;

    fn read(answers: std::ops::RangeInclusive<u8>, keys: &str) -> Answered {
        let scale = Scale::new(answers).expect("answers");
        scale.read(&keys.chars().filter_map(Key::from_char).collect())
    }

    #[test]
    fn one_key_is_enough_where_no_other_can_follow() {
        assert_eq!(read(1..=5, "5"), Answered::Whole(5));
        assert_eq!(read(1..=5, "1"), Answered::Whole(1));
        assert_eq!(read(1..=5, "6"), Answered::Wrong);
        assert_eq!(read(1..=5, "*"), Answered::Wrong);
    }

    #[test]
    fn a_one_may_become_a_ten() {
        assert_eq!(read(0..=10, "1"), Answered::Perhaps(1));
        assert_eq!(read(0..=10, "10"), Answered::Whole(10));
        assert_eq!(read(0..=10, "17"), Answered::Whole(1));
        assert_eq!(read(0..=10, "0"), Answered::Whole(0));
    }

    #[test]
    fn a_scale_has_two_answers_at_least_and_none_beyond_ten() {
        assert_eq!(Scale::new([3]), None);
        assert_eq!(Scale::new([3, 11]), None);
        assert!(Scale::new(0..=10).is_some_and(Scale::is_nps));
    }
}
