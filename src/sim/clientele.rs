//! Those who call one line: what they want, and what they speak.

use super::scenario::Callers;
use super::scenario::Want;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;

/// The callers of a line, in shares that add up to 1.
#[derive(Clone, Debug)]
pub(super) struct Clientele {
    /// What the line has for them, by the places of the wants; nothing for those who press keys by shares.
    pub(super) wants: Vec<(u16, f64)>,
    pub(super) languages: Vec<(LanguageId, f64)>,
}

impl Clientele {
    pub(super) fn new(plan: &Dialplan, line: LineId, wants: &[Want], callers: &Callers) -> Self {
        let wants = (0..).zip(wants);
        let own = wants.filter(|(_, want)| want.line(plan) == line);
        Self {
            wants: own.map(|(place, want)| (place, want.share)).collect(),
            languages: languages(plan, line, &callers.languages),
        }
    }
}

/// Of the languages that callers speak those that the line speaks, or else its first one.
fn languages(
    plan: &Dialplan,
    line: LineId,
    of_callers: &[(LanguageId, f64)],
) -> Vec<(LanguageId, f64)> {
    let spoken = &plan.line(line).languages;
    let known = of_callers.iter().copied();
    let known: Vec<_> = known
        .filter(|(language, _)| spoken.contains(language))
        .collect();
    if known.len() == of_callers.len() && !known.is_empty() {
        return known;
    }
    let all: f64 = known.iter().map(|(_, share)| share).sum();
    match all > 0.0 {
        true => {
            let shares = known.into_iter();
            shares
                .map(|(language, share)| (language, share / all))
                .collect()
        }
        false => vec![(spoken.first().copied().unwrap_or(LanguageId(0)), 1.0)],
    }
}
