//! Whether a call went as its test expects.

use super::player::Played;
use crate::exchange::id::LanguageId;
use crate::exchange::id::StepId;
use crate::menu::call_test::Expected;
use crate::menu::call_test::Keys;

/// What stands for both ways of being self-served.
const SELF_SERVED: &str = "self_served";

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The call went another way.
    Path {
        /// The steps.
        expected: Vec<StepId>,
        /// Those that there were.
        found: Vec<StepId>,
    },
    /// It ended at another step.
    EndsAt {
        /// The step.
        expected: StepId,
        /// The one that it was.
        found: Option<StepId>,
    },
    /// It came to something else.
    Outcome {
        /// The outcome.
        expected: String,
        /// The one that it was.
        found: &'static str,
    },
    /// These words were not heard.
    Unheard(String),
    /// Another language was spoken at the end.
    Language {
        /// The language.
        expected: LanguageId,
        /// The one that it was.
        found: LanguageId,
    },
    /// A conversation is recorded, or none is, against what is expected.
    Recorded {
        /// Whether one should be.
        expected: bool,
    },
    /// The test does not say what a look-up finds that is asked so often, counted from 0.
    Unanswered(StepId, usize),
    /// The call was over before these keys could be pressed.
    KeysLeft(Keys),
}

/// Everything that is not as expected.
pub fn judge(expected: &Expected, played: &Played) -> Vec<Problem> {
    if let Some((step, nth)) = played.unanswered {
        // What the broken call came to says nothing.
        return vec![Problem::Unanswered(step, nth)];
    }
    let mut problems = Vec::new();
    let found = played.story.path();
    if let Some(path) = expected.path.as_ref().filter(|path| **path != found) {
        problems.push(Problem::Path {
            expected: path.clone(),
            found: found.clone(),
        });
    }
    let last = found.last().copied();
    if let Some(step) = expected.ends_at.filter(|step| last != Some(*step)) {
        problems.push(Problem::EndsAt {
            expected: step,
            found: last,
        });
    }
    let outcome = played.story.outcome().unwrap_or_default();
    if let Some(name) = &expected.outcome
        && !comes_to(name, outcome)
    {
        problems.push(Problem::Outcome {
            expected: name.clone(),
            found: outcome,
        });
    }
    let unheard = expected.says.iter().filter(|words| !hears(played, words));
    problems.extend(unheard.cloned().map(Problem::Unheard));
    if let Some(language) = expected.language
        && language != played.language
    {
        problems.push(Problem::Language {
            expected: language,
            found: played.language,
        });
    }
    if let Some(expected) = expected.recorded
        && expected != played.story.is_recorded()
    {
        problems.push(Problem::Recorded { expected });
    }
    if !played.left.is_silent() {
        problems.push(Problem::KeysLeft(played.left.clone()));
    }
    problems
}

fn comes_to(expected: &str, outcome: &str) -> bool {
    expected == outcome || (expected == SELF_SERVED && outcome.starts_with(SELF_SERVED))
}

/// Whether words were heard, however they are spaced and whatever their case.
fn hears(played: &Played, words: &str) -> bool {
    let plain = |text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        text.to_lowercase()
    };
    let words = plain(words);
    played
        .story
        .heard()
        .any(|heard| plain(heard).contains(&words))
}
