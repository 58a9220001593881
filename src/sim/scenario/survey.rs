//! `[survey.NAME]`: how many callers take part, and what they answer.

use super::check::Check;
use super::share;
use super::share::Whole;
use crate::exchange::dialplan::Ask;
use crate::exchange::dialplan::Scale;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Survey;
use crate::exchange::id::StepId;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Name;

/// The share of callers who take part where the scenario does not say.
const USUAL_SHARE: f64 = 0.3;

/// What callers think, as far as a survey asks them.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// The survey step.
    pub step: StepId,
    /// The share of callers who take part; the others hang up.
    pub answers: f64,
    /// The shares of the answers to each question.
    pub shares: Vec<Vec<(u8, f64)>>,
}

/// Reads what the scenario says of surveys; the rest is assumed.
pub(super) fn read(root: &mut Fields<'_>, check: &mut Check<'_>) -> Vec<Opinion> {
    let mut opinions: Vec<Opinion> = Vec::new();
    for (name, mut table) in root.named("survey").unwrap_or_default() {
        opinions.extend(opinion(name, &mut table, check));
        root.absorb(table);
    }
    for (place, step) in check.names.dialplan.steps.iter().enumerate() {
        let id = StepId(place as u32);
        if let StepKind::Survey(survey) = &step.kind
            && opinions.iter().all(|known| known.step != id)
        {
            let what = format!("{USUAL_SHARE} take part, each answer as often");
            let name = check.names.of_step(id);
            check.note(format!("survey.{name}"), what);
            opinions.push(Opinion {
                step: id,
                answers: USUAL_SHARE,
                shares: survey.asks.iter().map(|ask| evenly(ask.scale)).collect(),
            });
        }
    }
    opinions
}

pub(super) fn is_survey(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Survey(_))
}

fn evenly(scale: Scale) -> Vec<(u8, f64)> {
    let count = scale.answers().count() as f64;
    scale
        .answers()
        .map(|answer| (answer, 1.0 / count))
        .collect()
}

fn opinion(name: &Name, table: &mut Fields<'_>, check: &mut Check<'_>) -> Option<Opinion> {
    let names = check.names;
    let found = names.step(&name.text, is_survey).and_then(|id| {
        let StepKind::Survey(survey) = &names.dialplan.step(id).kind else {
            return None;
        };
        Some((id, survey))
    });
    let Some((step, survey)) = found else {
        table.push(names.several_or(name, is_survey, || {
            let message = format!("no survey is called \"{}\"", name.text);
            let problem = Diagnostic::error("unknown-survey", name.place.clone(), message);
            problem.suggest(&name.text, names.steps(is_survey))
        }));
        table.forgive_unknown();
        return None;
    };
    let answers = share::read(table, "answers");
    if table.value("answers").is_none() {
        let path = format!("survey.{}.answers", name.text);
        check.note(path, USUAL_SHARE.to_string());
    }
    Some(Opinion {
        step,
        answers: answers.unwrap_or(USUAL_SHARE),
        shares: shares(name, survey, table, check),
    })
}

fn shares(
    name: &Name,
    survey: &Survey,
    table: &mut Fields<'_>,
    check: &mut Check<'_>,
) -> Vec<Vec<(u8, f64)>> {
    let question = |ask: &Ask| {
        let entries = table.entries();
        let written = entries.iter().find(|entry| entry.key.text == ask.id);
        let inner = written.and_then(|entry| table.inner(&entry.key.text));
        let Some(mut inner) = inner else {
            let path = format!("survey.{}.{}", name.text, ask.id);
            check.note(path, "each answer as often");
            return evenly(ask.scale);
        };
        let shares = of_question(ask, &mut inner, check);
        table.absorb(inner);
        shares
    };
    survey.asks.iter().map(question).collect()
}

fn of_question(ask: &Ask, inner: &mut Fields<'_>, check: &Check<'_>) -> Vec<(u8, f64)> {
    let mut shares = Whole::new();
    for entry in inner.entries() {
        let key = &entry.key;
        let answer = key.text.parse().ok().filter(|at| ask.scale.has(*at));
        shares.read(entry, inner, answer, check);
        if answer.is_none() {
            let message = format!("\"{}\" is no answer to \"{}\"", key.text, ask.id);
            let known: Vec<String> = ask.scale.answers().map(|at| at.to_string()).collect();
            let help = format!("the answers are {}", known.join(", "));
            inner.bad_value(key.place.clone(), message, &help);
        }
    }
    let what = format!("the answers to \"{}\"", ask.id);
    let shares = shares.finish(&what, inner.place(), inner);
    match shares.is_empty() {
        true => evenly(ask.scale),
        false => shares,
    }
}
