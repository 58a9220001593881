//! What a story tells of other systems that are asked during a call.

use super::clock;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Known;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Recognized;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;

/// What came of a look-up.
pub(super) fn answers(plan: &Dialplan, step: StepId, took: Span, result: LookupResult) -> String {
    let took = format!("{} s", (took.0 as f64 / 100.0).round() / 10.0);
    match (result, &plan.step(step).kind) {
        (LookupResult::Found(Some(case)), StepKind::Lookup(lookup)) => {
            let case = lookup.cases.get(usize::from(case));
            let case = case.map_or("", |(case, _)| case);
            format!("The other system answers after {took}: {case}.")
        }
        (LookupResult::Found(_), _) => format!("The other system answers after {took}."),
        (LookupResult::Status(status), _) => {
            format!("The other system answers after {took} with error {status}.")
        }
        (LookupResult::TimedOut, _) => format!("The other system has not answered for {took}."),
        (LookupResult::Failed, _) => "The other system cannot be asked.".to_owned(),
    }
}

/// What it knows of the caller, and what it says in vain: a sentence each.
pub(super) fn knows(plan: &Dialplan, step: StepId, what: Recognized) -> Vec<String> {
    let StepKind::Lookup(lookup) = &plan.step(step).kind else {
        return Vec::new();
    };
    let classes = lookup.set.as_ref().map_or(&[][..], |set| &set.classes);
    let class = |place: u8| classes.get(usize::from(place));
    let language = what.language.is().map(|language| {
        let language = &plan.languages[language.index()];
        format!("speaks {language}")
    });
    let class = what.class.is().and_then(class).map(|(name, head_start)| {
        let head_start = clock(*head_start);
        format!("is {name}, with a head start of {head_start}")
    });
    let agent = what.agent.is().map(|agent| {
        let name = &plan.agent(agent).name;
        format!("knows {name}")
    });
    let facts = [
        ("language", what.language == Known::Unknown, language),
        ("class", what.class == Known::Unknown, class),
        ("agent", what.agent == Known::Unknown, agent),
    ];
    let sentences = facts.into_iter().filter_map(|fact| match fact {
        (_, _, Some(known)) => Some(format!("The caller {known}, it says.")),
        (name, true, None) => Some(format!("The {name} that it says is none of this line.")),
        (_, false, None) => None,
    });
    sentences.collect()
}
