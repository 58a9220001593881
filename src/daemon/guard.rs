//! Keys that are not written down: the digits of secrets, and those typed ahead that may be.
//!
//! On a line with a secret entry no key goes to the journal before it is clear what it is for. One
//! that a step will use now is written down as it is; a digit of the secret is told to the exchange
//! only as having come; one for later is kept here until the call has moved on.

use crate::exchange::dialplan::Check;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use std::collections::BTreeMap;

/// The keys of all guarded calls that are known here alone.
#[derive(Debug, Default)]
pub(super) struct Guard {
    /// Whether each line has a secret entry.
    lines: Vec<bool>,
    calls: BTreeMap<CallId, Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Typed ahead.
    later: Digits,
    /// The secret entries, the last one perhaps not complete.
    secrets: Vec<(VariableId, Digits)>,
}

impl Guard {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let mut guard = Self::default();
        guard.learn(plan);
        guard
    }

    /// Learns which lines have a secret entry, of a plan that may have grown.
    pub(super) fn learn(&mut self, plan: &Dialplan) {
        self.lines = vec![false; plan.lines.len()];
        for step in &plan.steps {
            if matches!(&step.kind, StepKind::Collect(collect) if collect.secret) {
                self.lines[step.line.index()] = true;
            }
        }
    }

    /// Whether keys of this line may be secret.
    pub(super) fn guards(&self, line: LineId) -> bool {
        self.lines.get(line.index()).copied().unwrap_or(false)
    }

    /// Keeps a key for later; false if there is no room.
    pub(super) fn keep(&mut self, call: CallId, key: Key) -> bool {
        self.calls.entry(call).or_default().later.push(key)
    }

    /// The first key that a call has typed ahead.
    pub(super) fn first(&self, call: CallId) -> Option<Key> {
        self.calls.get(&call)?.later.at(0)
    }

    /// Lets go of that key.
    pub(super) fn release(&mut self, call: CallId) {
        if let Some(kept) = self.calls.get_mut(&call) {
            kept.later.consume(1);
        }
    }

    /// The calls that have typed ahead.
    pub(super) fn waiting(&self) -> Vec<CallId> {
        let calls = self.calls.iter().filter(|(_, kept)| !kept.later.is_empty());
        calls.map(|(call, _)| *call).collect()
    }

    /// Whether no call has typed ahead.
    pub(super) fn is_quiet(&self) -> bool {
        self.calls.values().all(|kept| kept.later.is_empty())
    }

    /// Adds a digit to a secret entry of a call that has taken `taken` so far; the entry, and
    /// whether it passes the check.
    pub(super) fn add(
        &mut self,
        call: CallId,
        (variable, check): (VariableId, Check),
        taken: usize,
        key: Key,
    ) -> (Digits, bool) {
        let secret = self.entry(call, variable);
        if taken != secret.len() {
            // The entry has begun again.
            secret.clear();
        }
        secret.push(key);
        (*secret, check.accepts(secret))
    }

    fn entry(&mut self, call: CallId, variable: VariableId) -> &mut Digits {
        let secrets = &mut self.calls.entry(call).or_default().secrets;
        let place = secrets.iter().position(|(other, _)| *other == variable);
        let place = place.unwrap_or_else(|| {
            secrets.push((variable, Digits::EMPTY));
            secrets.len() - 1
        });
        &mut secrets[place].1
    }

    /// A secret entry of a call.
    pub(super) fn secret(&self, call: CallId, variable: VariableId) -> Option<Digits> {
        let secrets = &self.calls.get(&call)?.secrets;
        let secret = secrets.iter().find(|(other, _)| *other == variable);
        secret.map(|(_, digits)| *digits)
    }

    /// Puts back what a vault had of a call.
    pub(super) fn restore(&mut self, call: CallId, variable: VariableId, secret: Digits) {
        *self.entry(call, variable) = secret;
    }

    /// Forgets a call; which of its secrets were known.
    pub(super) fn forget(&mut self, call: CallId) -> Vec<VariableId> {
        let kept = self.calls.remove(&call).unwrap_or_default();
        let secrets = kept.secrets.into_iter();
        secrets.map(|(variable, _)| variable).collect()
    }
}
