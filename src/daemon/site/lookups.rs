//! Look-ups of calls: what is to be asked of another system, and what it has answered.

use super::BridgeId;
use super::Site;
use crate::daemon::bridge::protocol::Code;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::Filling;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::LookupId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::input::Input;
use crate::exchange::key::Digits;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// A look-up that has not come to anything yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// The call.
    pub call: CallId,
    /// Which of its look-ups.
    pub lookup: LookupId,
    /// The lookup step.
    pub step: StepId,
    /// The entries of digits that the request speaks of; those of secrets are hidden.
    pub entries: Vec<(VariableId, Digits)>,
}

impl Site {
    /// The exchange wants to know something.
    pub(super) fn ask(&mut self, call: CallId, lookup: LookupId, step: StepId) {
        let entries = self.work.fills.drain(..).filter_map(|fill| match fill {
            Filling::Digits(variable, digits) => Some((variable, digits)),
            Filling::Position(_) | Filling::Wait(_) => None,
        });
        let asked = Asked {
            call,
            lookup,
            step,
            entries: entries.collect(),
        };
        if let Some(facts) = self.calls.get_mut(call) {
            facts.asked = Some(Box::new(asked));
            self.work.outcome.asked.push(call);
        }
    }

    /// What came of a look-up. One that is over is none of anybody's business any more.
    pub(super) fn looked_up(
        &mut self,
        at: Tick,
        (bridge, name): (BridgeId, &str),
        lookup: LookupId,
        (result, values): (LookupResult, &BTreeMap<String, String>),
    ) {
        let Some(call) = self.bridges.call(bridge, name) else {
            return self.object(Code::UnknownCall, "there is no such call, or it has ended");
        };
        let Some(facts) = self.calls.get_mut(call) else {
            return;
        };
        let mut known = None;
        if let Some(asked) = facts.asked.as_ref().filter(|asked| asked.lookup == lookup) {
            known = result.is_found().then_some((asked.step, facts.line));
            facts.values.extend(values.clone());
        }
        if let Some((step, line)) = known {
            self.recognizes(at, (call, lookup), step, line);
        }
        self.handle(
            at,
            Input::LookedUp {
                call,
                lookup,
                result,
            },
        );
    }

    /// What was found may say who the caller is.
    fn recognizes(
        &mut self,
        at: Tick,
        (call, lookup): (CallId, LookupId),
        step: StepId,
        line: LineId,
    ) {
        let plan = self.exchange.plan().clone();
        if let StepKind::Lookup(looked_up) = &plan.step(step).kind
            && let Some(set) = &looked_up.set
        {
            let what = set.read(&plan, line, |variable| self.saved(call, variable));
            if !what.is_nothing() {
                self.handle(at, Input::CallerKnown { call, lookup, what });
            }
        }
    }

    /// What a call is waiting to be told by another system.
    pub fn asked(&self, call: CallId) -> Option<&Asked> {
        self.calls.get(call)?.asked.as_deref()
    }

    /// All that other systems have been asked and have not answered.
    pub fn all_asked(&self) -> impl Iterator<Item = &Asked> {
        let calls = self.calls.asking();
        calls.filter_map(|facts| facts.asked.as_deref())
    }

    /// A value that a look-up has found for a call; empty if none has.
    pub fn saved(&self, call: CallId, variable: VariableId) -> &str {
        let names = &self.exchange.plan().line(self.line_of_call(call)).variables;
        let values = self.calls.get(call).map(|facts| &facts.values);
        let value = names
            .get(variable.index())
            .zip(values)
            .and_then(|(name, values)| values.get(name));
        value.map_or("", String::as_str)
    }

    pub(super) fn line_of_call(&self, call: CallId) -> LineId {
        let facts = self.calls.get(call);
        facts.map_or(LineId(0), |facts| facts.line)
    }
}
