//! A rehearsed call in words, line by line.

use super::story::Hearing;
use super::story::Story;
use super::story::What;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::Consent;
use crate::exchange::record::Party;
use crate::exchange::record::TurnedAway;
use serde::Serialize;

/// One line of a transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Milliseconds since the call began.
    pub at_ms: u64,
    /// The step.
    pub step: String,
    /// Who does it.
    pub who: Who,
    /// What is said or done.
    pub text: String,
}

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The line says this.
    Line,
    /// The line says this, and is not done yet.
    LineStill,
    /// The line says this, and was cut short.
    LineCut,
    /// The caller does this.
    Caller,
    /// This happens.
    Others,
}

/// Tells the whole story; what was never heard is left out.
pub fn told(plan: &Dialplan, story: &Story) -> Vec<Told> {
    let mut step = String::new();
    let mut all = Vec::new();
    for (at, what) in &story.lines {
        if let What::Entered { step: at, .. } = what {
            step.clone_from(&plan.step(*at).name);
        }
        if let Some((who, text)) = tell(plan, what) {
            all.push(Told {
                at_ms: at.0,
                step: step.clone(),
                who,
                text,
            });
        }
    }
    all
}

fn tell(plan: &Dialplan, what: &What) -> Option<(Who, String)> {
    let others = |text: String| Some((Who::Others, text));
    match what {
        What::Entered { step, stays } => passed(plan, *step, *stays).and_then(others),
        What::Said { words, hearing, .. } => {
            let who = match hearing {
                Hearing::Later | Hearing::Never => return None,
                Hearing::Now => Who::LineStill,
                Hearing::Whole => Who::Line,
                Hearing::Cut => Who::LineCut,
            };
            Some((who, words.clone()))
        }
        What::Pressed(keys) => Some((Who::Caller, format!("presses {keys}"))),
        What::Wrong => others("not accepted".to_owned()),
        What::Silence => Some((Who::Caller, "presses nothing".to_owned())),
        What::Meaningless => others("means nothing here".to_owned()),
        What::Asks(step) => others(format!("asks {}", plan.step(*step).name)),
        What::Found(step, result) => others(found(plan, *step, *result)),
        What::Chosen(step, entry) => others(chosen(plan, *step, *entry)),
        What::Surveyed { step, ask, answer } => others(surveyed(plan, *step, *ask, *answer)),
        What::Consented(consent) => others(consented(*consent).to_owned()),
        What::Recorded => others("the conversation is recorded".to_owned()),
        What::TurnedAway(queue, why) => others(turned_away(plan, *queue, *why)),
        What::Waits(queue) => others(format!("waits in {}", plan.queue(*queue).name)),
        What::Tone => others("tone: the caller speaks".to_owned()),
        What::Rings(agent) => others(format!("rings {}", name(plan, *agent))),
        What::Connected(agent) => others(format!("{} answers", name(plan, *agent))),
        What::Parted { agent, by } => match by {
            Party::Agent => others(format!("{} hangs up", name(plan, *agent))),
            Party::System => others("the call is cut off".to_owned()),
            Party::Caller => None,
        },
        What::HandedTo(number) => others(format!("handed to {number}")),
        What::Promised => others("a call back is promised".to_owned()),
        What::CallerHangsUp => Some((Who::Caller, "hangs up".to_owned())),
        What::LineHangsUp => others("the line hangs up".to_owned()),
        What::Ended(outcome) => others(format!("outcome: {outcome}")),
    }
}

fn consented(consent: Consent) -> &'static str {
    match consent {
        Consent::Told => "has heard that there will be a recording",
        Consent::Agreed => "agrees to a recording",
        Consent::Refused => "refuses a recording",
        Consent::Unanswered => "has not agreed to a recording",
    }
}

/// Steps that only branch are told where they are passed.
fn passed(plan: &Dialplan, step: StepId, stays: bool) -> Option<String> {
    match &plan.step(step).kind {
        StepKind::Hours(_) => Some("looks at the hours".to_owned()),
        StepKind::Ticket(_) => Some("a ticket is handed in".to_owned()),
        StepKind::Duty(_) => Some("does what the agent asks for, if it can".to_owned()),
        StepKind::Say(_) if !stays => Some("expired: passed over".to_owned()),
        StepKind::Callback(_) if !stays => Some("no call back can be promised".to_owned()),
        StepKind::Menu(_)
        | StepKind::Say(_)
        | StepKind::Collect(_)
        | StepKind::Directory(_)
        | StepKind::Queue(_)
        | StepKind::Record(_)
        | StepKind::Transfer(_)
        | StepKind::Callback(_)
        | StepKind::Lookup(_)
        | StepKind::Survey(_) => None,
    }
}

fn chosen(plan: &Dialplan, step: StepId, entry: u16) -> String {
    match &plan.step(step).kind {
        StepKind::Directory(directory) => {
            format!("chooses \"{}\"", directory.entries[usize::from(entry)].name)
        }
        _ => String::new(),
    }
}

fn surveyed(plan: &Dialplan, step: StepId, ask: u8, answer: Option<u8>) -> String {
    let StepKind::Survey(survey) = &plan.step(step).kind else {
        return String::new();
    };
    let asked = survey.asks.get(usize::from(ask));
    let asked = asked.map_or("", |ask| ask.id.as_str());
    match answer {
        Some(answer) => format!("{asked}: {answer}"),
        None => format!("{asked}: no answer"),
    }
}

fn found(plan: &Dialplan, step: StepId, result: LookupResult) -> String {
    let StepKind::Lookup(lookup) = &plan.step(step).kind else {
        return String::new();
    };
    match result {
        LookupResult::Found(case) => {
            let case = case.and_then(|case| lookup.cases.get(usize::from(case)));
            let case = case.map(|(value, _)| format!("finds \"{value}\""));
            case.unwrap_or_else(|| match lookup.cases.is_empty() {
                true => "finds an answer".to_owned(),
                false => "finds none of the cases".to_owned(),
            })
        }
        LookupResult::Status(status) => format!("gets error {status}"),
        LookupResult::TimedOut => "gets no answer in time".to_owned(),
        LookupResult::Failed => "cannot ask".to_owned(),
    }
}

fn turned_away(plan: &Dialplan, queue: QueueId, why: TurnedAway) -> String {
    let why = match why {
        TurnedAway::Closed => "closed",
        TurnedAway::Full => "no room to wait",
        TurnedAway::NoAgents => "nobody is signed in",
        TurnedAway::AllPaused => "everybody is on a break",
        TurnedAway::Overload => "the wait would be too long",
    };
    format!("turned away from {}: {why}", plan.queue(queue).name)
}

/// An agent by the name for people.
fn name(plan: &Dialplan, agent: AgentId) -> &str {
    let agent = plan.agent(agent);
    match agent.title.is_empty() {
        true => &agent.name,
        false => &agent.title,
    }
}
