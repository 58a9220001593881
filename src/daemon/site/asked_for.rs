//! Calls back that other programs ask for: to people who are not on the line.

use super::Bridge;
use super::BridgeId;
use super::Site;
use super::calls::Attempt;
use super::dialling::CALLBACK_NAME;
use crate::exchange::Progress;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::NotPromised;
use crate::exchange::id::CallId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use crate::exchange::input::Input;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;

/// Whom to call, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackRequest {
    /// The line.
    pub line: String,
    /// The callback step, one with `by_request`.
    pub step: String,
    /// The number.
    pub number: String,
    /// The language of whoever is called; none: the first of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Not before this tick.
    #[serde(default)]
    pub not_before: u64,
}

/// Why nobody is called back who was to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestObjection {
    /// No line has this name.
    UnknownLine,
    /// No step of this name may be asked for calls back; those of the line that may.
    UnknownStep(Vec<String>),
    /// The line does not speak it; what it speaks.
    UnknownLanguage(Vec<String>),
    /// The line may not dial this number.
    NumberNotAllowed,
    /// The disk is full: what room there is is for calls in progress.
    DiskFull,
    /// It is not promised.
    NotPromised(NotPromised),
}

/// A call back that is being asked for.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    line: LineId,
    number: String,
    /// The first bridge that can dial; it carries the call, or whichever can when it is its turn.
    bridge: BridgeId,
}

/// A call back that is promised, and has not reached its caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallbackView {
    /// Its name, which its record has as well.
    pub call: String,
    /// The line.
    pub line: String,
    /// The callback step.
    pub step: String,
    /// The queue whose agents call.
    pub queue: String,
    /// The number, as the caller's was written or it was asked for.
    pub number: Option<String>,
    /// Whether another program has asked for it, and not the caller on the line.
    pub by_request: bool,
    /// When it was promised: Unix time in milliseconds.
    pub promised_ms: i64,
    /// Not dialled before this.
    pub not_before_ms: i64,
    /// How often the number was dialled, or was to be.
    pub dialled: u8,
    /// How far it is.
    pub state: Progress,
}

impl Site {
    /// What a request is to the exchange.
    ///
    /// # Errors
    /// If a name in it means nothing, or the line may not dial the number.
    pub fn read_request(&self, request: &CallbackRequest) -> Result<Input, RequestObjection> {
        let plan = self.exchange.plan();
        let line_id = plan.line_named(&request.line);
        let line_id = line_id.ok_or(RequestObjection::UnknownLine)?;
        let line = plan.line(line_id);
        let step = asked_steps(plan, line_id).find(|(_, name)| **name == request.step);
        let Some((step, _)) = step else {
            let known = asked_steps(plan, line_id).map(|(_, name)| name.clone());
            return Err(RequestObjection::UnknownStep(known.collect()));
        };
        let tag = |id: &LanguageId| plan.languages[id.index()].clone();
        let mut languages = line.languages.iter();
        let language = match &request.language {
            None => languages.next(),
            Some(wanted) => languages.find(|id| tag(id) == *wanted),
        };
        let Some(language) = language else {
            let known = line.languages.iter().map(tag);
            return Err(RequestObjection::UnknownLanguage(known.collect()));
        };
        if !line.dialling.accepts_number(&request.number) {
            return Err(RequestObjection::NumberNotAllowed);
        }
        Ok(Input::CallbackAsked {
            step,
            tag: 0,
            caller: line.dialling.caller_from(&request.number),
            language: *language,
            not_before: Tick(request.not_before),
        })
    }

    /// Another program asks that somebody be called.
    pub(super) fn ask_for_callback(&mut self, at: Tick, request: &CallbackRequest) {
        let line = self.exchange.plan().line_named(&request.line);
        let (Some(line), Ok(input)) = (line, self.read_request(request)) else {
            return;
        };
        let number = request.number.clone();
        let carrier = |(id, bridge): (BridgeId, &Bridge)| bridge.calls_back().then_some(id);
        // The exchange takes it for granted that there is one, before the first has come.
        let Some(bridge) = self.bridges.iter().find_map(carrier) else {
            self.work.outcome.promised = Some(Err(NotPromised::Undialable));
            return;
        };
        self.work.asking = Some(Asking {
            line,
            number,
            bridge,
        });
        self.handle(at, input);
        self.work.asking = None;
    }

    /// It is promised.
    pub(super) fn promised_to_program(&mut self, at: Tick, call: CallId) {
        let Some(asking) = self.work.asking.take() else {
            return;
        };
        let Asking {
            line,
            number,
            bridge,
        } = asking;
        let name = format!("{CALLBACK_NAME}{call}");
        self.calls
            .insert(call, &Attempt::new(bridge, &name, Some(&number)), at);
        if let Some(facts) = self.calls.get_mut(call) {
            (facts.line, facts.is_promised, facts.by_request) = (line, true, true);
        }
        self.work.outcome.promised = Some(Ok(call));
    }

    /// The call back that has this name, if its caller has not been reached.
    pub fn callback_named(&self, name: &str) -> Option<CallId> {
        let mut calls = self.exchange.callbacks().map(|(call, _)| call);
        calls.find(|call| {
            let facts = self.calls.get(*call);
            facts.is_some_and(|facts| facts.name == name)
        })
    }

    /// A call back is not wanted any more.
    pub(super) fn withdraw_callback(&mut self, at: Tick, name: &str) {
        if let Some(call) = self.callback_named(name) {
            self.handle(at, Input::CallbackWithdrawn { call });
        }
    }

    /// The calls back that have not reached their callers, the oldest promise first; so many at most.
    pub fn callbacks(&self, limit: usize) -> Vec<CallbackView> {
        let mut calls: Vec<CallId> = self.exchange.callbacks().map(|(call, _)| call).collect();
        calls.sort_by_key(|call| (self.calls.get(*call).map(|facts| facts.started), *call));
        let views = calls.into_iter().filter_map(|call| self.callback(call));
        views.take(limit).collect()
    }

    /// One of them.
    pub fn callback(&self, call: CallId) -> Option<CallbackView> {
        let facts = self.calls.get(call)?;
        let promised = self.exchange.callback(call)?;
        let plan = self.exchange.plan();
        let step = plan.step(promised.step);
        Some(CallbackView {
            call: facts.name.clone(),
            line: plan.line(step.line).name.clone(),
            step: step.name.clone(),
            queue: plan.queue(promised.queue).name.clone(),
            number: facts.from.clone(),
            by_request: facts.by_request,
            promised_ms: self.unix_ms(facts.started),
            not_before_ms: self.unix_ms(promised.not_before),
            dialled: promised.dialled,
            state: promised.progress,
        })
    }
}

/// The steps of a line by which other programs may ask for calls back.
fn asked_steps(plan: &Dialplan, line: LineId) -> impl Iterator<Item = (StepId, &String)> {
    let steps = (0..).map(StepId).zip(&plan.steps);
    let own = steps.filter(move |(_, step)| step.line == line);
    own.filter_map(|(id, step)| match &step.kind {
        StepKind::Callback(callback) if callback.by_request => Some((id, &step.name)),
        _ => None,
    })
}
