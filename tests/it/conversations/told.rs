//! Records and refusals in the words of the scripts.

use super::Stage;
use super::shown;
use std::fmt::Debug;
use strowger::exchange::dialplan::Known;
use strowger::exchange::dialplan::LookupResult;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::effect::Ignored;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::StepId;
use strowger::exchange::record::Blocked;
use strowger::exchange::record::CallbackFact;
use strowger::exchange::record::KeyResult;
use strowger::exchange::record::Party;
use strowger::exchange::record::Record;
use strowger::exchange::record::Unqueued;
use strowger::exchange::time::Span;

impl Stage {
    fn found(&self, step: StepId, result: LookupResult) -> String {
        let StepKind::Lookup(lookup) = &self.plan.step(step).kind else {
            panic!("a lookup step looks up");
        };
        match result {
            LookupResult::Found(None) => "found something else".to_owned(),
            LookupResult::Found(Some(case)) => {
                format!("found {}", lookup.cases[usize::from(case)].0)
            }
            LookupResult::Status(status) => format!("error {status}"),
            other => words(other),
        }
    }

    /// The name of a class of callers.
    fn class(&self, step: StepId, place: u8) -> String {
        let StepKind::Lookup(lookup) = &self.plan.step(step).kind else {
            panic!("a lookup step looks up");
        };
        let set = lookup.set.as_ref().expect("it says who calls");
        set.classes[usize::from(place)].0.clone()
    }

    pub(super) fn record(&self, record: &Record) -> String {
        let step = |step| self.plan.step(step).name.as_str();
        let queue = |queue| self.plan.queue(queue).name.as_str();
        let note = |call: CallId, what: String| {
            let number = match self.calls.len() {
                1 => String::new(),
                _ => format!("call {}: ", self.number(call)),
            };
            format!("  - {number}{what}")
        };
        match *record {
            Record::Blocked { tag, why, .. } => match why {
                Blocked::NoTrunk => format!("  - call {tag}: blocked"),
                Blocked::CallerLimit => format!("  - call {tag}: blocked, called too often"),
            },
            Record::Arrived { .. } => String::new(),
            Record::Entered { call, step: at } => note(call, format!("at {}", step(at))),
            Record::Pressed {
                call, key, result, ..
            } => {
                let key = key.map_or("entry".to_owned(), |key| format!("key {key}"));
                match result {
                    KeyResult::Silence => note(call, "silence".to_owned()),
                    result => note(call, format!("{key} {}", words(result))),
                }
            }
            Record::Chosen {
                call,
                step: at,
                entry,
            } => {
                let StepKind::Directory(directory) = &self.plan.step(at).kind else {
                    panic!("names are in directories");
                };
                let name = &directory.entries[usize::from(entry)].name;
                note(call, format!("{}: {name}", step(at)))
            }
            Record::Heard {
                call,
                step: at,
                played,
                enough,
            } => {
                let enough = if enough { "enough" } else { "too little" };
                note(
                    call,
                    format!("heard {} of {}: {enough}", shown(played), step(at)),
                )
            }
            Record::Surveyed {
                call,
                step: at,
                ask,
                answer,
                agent,
            } => {
                let answer = answer.map_or("no answer".to_owned(), |answer| answer.to_string());
                let agent =
                    agent.map_or(String::new(), |agent| format!(", of {}", self.name(agent)));
                note(call, format!("{} {ask}: {answer}{agent}", step(at)))
            }
            Record::LookedUp {
                call,
                step: at,
                took,
                result,
            } => note(
                call,
                format!(
                    "{} after {}: {}",
                    step(at),
                    shown(took),
                    self.found(at, result)
                ),
            ),
            Record::Recognized {
                call,
                step: at,
                what,
            } => {
                let word = |name: &str, unknown: bool, known: Option<String>| match known {
                    Some(known) => format!(" {name} {known}"),
                    None if unknown => format!(" {name} unknown"),
                    None => String::new(),
                };
                let language = what
                    .language
                    .is()
                    .map(|id| self.plan.languages[id.index()].clone());
                let class = what.class.is().map(|place| self.class(at, place));
                let agent = what.agent.is().map(|agent| self.name(agent).to_owned());
                let language = word("language", what.language == Known::Unknown, language);
                let class = word("class", what.class == Known::Unknown, class);
                let agent = word("agent", what.agent == Known::Unknown, agent);
                note(call, format!("{} knows:{language}{class}{agent}", step(at)))
            }
            Record::TurnedAway {
                call,
                queue: at,
                why,
            } => note(
                call,
                format!("turned away from {}: {}", queue(at), words(why)),
            ),
            Record::Queued {
                call,
                queue: at,
                waiting,
                ..
            } => note(call, format!("queued in {}, {waiting} waiting", queue(at))),
            Record::Unqueued {
                call,
                queue: at,
                first,
                how,
                ..
            } => {
                let how = match how {
                    Unqueued::Answered(agent) => format!("answered by {}", self.name(agent)),
                    Unqueued::Overflowed(to) => format!("overflowed to {}", queue(to)),
                    other => words(other),
                };
                let since = shown(Span(first.0));
                note(
                    call,
                    format!("out of {}, waiting since {since}: {how}", queue(at)),
                )
            }
            Record::Offered(decision) => {
                let next = decision.runner_up.map_or(String::new(), |agent| {
                    format!(", before {}", self.name(agent))
                });
                let what = format!(
                    "chosen {} at {} calls{next}",
                    self.name(decision.agent),
                    decision.tag as f64 / strowger::exchange::ONE_CALL as f64
                );
                note(decision.call, what)
            }
            Record::OfferEnded { call, how, .. } => {
                note(call, format!("offer over: {}", words(how)))
            }
            Record::Consented {
                call,
                queue: at,
                consent,
            } => note(
                call,
                format!("recording of {}: {}", queue(at), words(consent)),
            ),
            Record::Recording { call, what, .. } => {
                note(call, format!("recording {}", words(what)))
            }
            Record::TalkEnded { call, by, .. } => {
                let who = match by {
                    Party::Agent => "agent",
                    Party::Caller => "caller",
                    Party::System => "exchange",
                };
                note(call, format!("talk ended by the {who}"))
            }
            Record::PauseReason { agent, reason } => format!(
                "  - {} takes a break for {}",
                self.name(agent),
                self.plan.pause_reasons[reason.index()]
            ),
            Record::Agent { agent, state } => {
                format!("  - {} is {}", self.name(agent), words(state))
            }
            Record::Moved { agent, profile } => {
                let profile = &self.exchange.plan().profiles[profile.index()];
                let groups = profile.groups.iter();
                let groups = groups.map(|group| self.plan.group(*group).name.as_str());
                let groups = groups.collect::<Vec<_>>().join(" and ");
                format!("  - {} works for {groups} now", self.name(agent))
            }
            Record::Widened { call, .. } => note(call, "more agents may take it".to_owned()),
            Record::ShortTalk { agent, .. } => {
                format!("  - too short to count for {}", self.name(agent))
            }
            Record::Forgiven { agent, micro_calls } => format!(
                "  - forgiven {}: {} calls",
                self.name(agent),
                micro_calls as f64 / strowger::exchange::ONE_CALL as f64
            ),
            Record::Callback { call, what, .. } => {
                let what = match what {
                    CallbackFact::Booked { .. } => "promised".to_owned(),
                    CallbackFact::InLine { .. } => "in line".to_owned(),
                    CallbackFact::Dialled { agent } => format!("dialled for {}", self.name(agent)),
                    CallbackFact::Reached { agent, booked } => format!(
                        "reached by {}, promised at {}",
                        self.name(agent),
                        shown(Span(booked.0))
                    ),
                    CallbackFact::Unreached { .. } => "not reached".to_owned(),
                    CallbackFact::Ended(how) => format!("over: {}", words(how)),
                };
                note(call, format!("call back {what}"))
            }
            Record::Overload {
                queue: at, rung, ..
            } => format!("  - {} stands at {}", queue(at), words(rung)),
            Record::Ended { call, outcome, .. } => note(call, format!("ended: {}", words(outcome))),
        }
    }

    pub(super) fn reason(&self, reason: Ignored) -> String {
        let agent_name = |agent: AgentId| match self.plan.agents.get(agent.index()) {
            Some(agent) => agent.name.clone(),
            None => "nobody".to_owned(),
        };
        match reason {
            Ignored::UnknownLine => "no such line".to_owned(),
            Ignored::UnknownCall(_) => "no such call".to_owned(),
            Ignored::UnknownAgent(_) => "no such agent".to_owned(),
            Ignored::UnknownGroup(_) => "no such group".to_owned(),
            Ignored::UnknownQueue(_) => "no such queue of this line".to_owned(),
            Ignored::UnknownReason(_) => "no such reason".to_owned(),
            Ignored::StaleOffer(offer) => format!("offer {} is over", offer.0),
            Ignored::StaleLookup(_, lookup) => format!("look-up {} is over", lookup.0),
            Ignored::StalePlay(_, play) => format!("prompt {} is not playing", play.0),
            Ignored::NobodyToInvite(_, why) => format!("nobody to invite: {}", words(why)),
            Ignored::NotNow(_) => "not now in this call".to_owned(),
            Ignored::AgentNotNow(agent) => format!("not now for {}", agent_name(agent)),
            Ignored::KeyWithoutMeaning(_) => "this key means nothing here".to_owned(),
            Ignored::TooManyKeys(_) => "too many keys".to_owned(),
            Ignored::UnknownStep(_) => "no step that may be asked".to_owned(),
            Ignored::UnknownLanguage(_) => "the line does not speak it".to_owned(),
            Ignored::NotPromised(_, why) => format!("not promised: {}", words(why)),
        }
    }
}

/// `NoAnswer` as "no answer".
pub(super) fn words(name: impl Debug) -> String {
    let mut words = String::new();
    for (place, letter) in format!("{name:?}").chars().enumerate() {
        if letter.is_uppercase() && place > 0 {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
