//! Messages that callers leave. A bridge says what it has recorded, and that may be when the call has gone
//! on long since, or is over: whoever has spoken mostly hangs up.

use super::BridgeId;
use super::Site;
use crate::daemon::bridge::protocol::Code;
use crate::daemon::journal::Position;
use crate::daemon::journal::rows::MessageRow;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Webhook;
use crate::exchange::id::CallId;
use crate::exchange::input::Input;
use crate::exchange::limits::is_message;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::VecDeque;

/// Recordings that are over and that bridges have yet to report; the oldest are forgotten first.
const DUE_MAX: usize = 4096;
/// How much longer than it ran here a recording may be on a bridge, whose clock and rounding are others.
const CLOCKS_APART: Span = Span::seconds(2);
/// The longest message that a bridge may report.
const LENGTH_MAX: Span = Span::minutes(24 * 60);

/// The longest that a recording which ran so long here may be on a bridge.
fn longest(ran: Span) -> Span {
    Span(ran.0 + CLOCKS_APART.0)
}

/// Recordings that are over and that bridges have yet to report, in the order of their ends.
pub(super) type Dues = VecDeque<Due>;

/// A recording that is over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Due {
    bridge: BridgeId,
    call: String,
    line: String,
    step: String,
    mailbox: String,
    caller: Option<String>,
    /// Who is told.
    office: Option<Webhook>,
    /// How long it ran; none if that is not known.
    ran: Option<Span>,
}

impl Due {
    /// Whether a recording of the reported length can be this one. Too little for a message cannot have
    /// become one.
    fn can_be(&self, length: Option<Span>) -> bool {
        let (Some(ran), Some(length)) = (self.ran, length) else {
            return true;
        };
        match is_message(ran) {
            true => length <= longest(ran),
            false => !is_message(length),
        }
    }

    /// How long it is by the report, as far as it can have run so long, or, where that does not say, by the
    /// time that it ran.
    fn length(&self, reported: Option<Span>) -> Option<Span> {
        match (reported, self.ran) {
            (Some(reported), Some(ran)) => Some(reported.min(longest(ran))),
            (reported, ran) => reported.or(ran),
        }
    }
}

impl Site {
    /// The recording of a message is over, if the call had one: by a key, at its longest, or with the call.
    pub(super) fn message_stops(&mut self, at: Tick, call: CallId) {
        if let Some(due) = self.take_due(at, call) {
            if self.dues.len() == DUE_MAX {
                self.dues.pop_front();
            }
            self.dues.push_back(due);
        }
    }

    fn take_due(&mut self, at: Tick, call: CallId) -> Option<Due> {
        let plan = self.exchange.plan();
        let facts = self.calls.get_mut(call)?;
        let step = plan.step(facts.recording.take()?);
        let StepKind::Record(message) = &step.kind else {
            return None;
        };
        Some(Due {
            bridge: facts.bridge,
            call: facts.name.clone(),
            line: plan.line(step.line).name.clone(),
            step: step.name.clone(),
            mailbox: message.mailbox.clone(),
            caller: facts.from.clone(),
            office: message.notify.clone(),
            ran: facts.records_since.map(|since| at.since(since)),
        })
    }

    /// A bridge has recorded a message. While the call still records, its length says whether it is one;
    /// later it must have run long enough too, for by that the call has been judged.
    pub(super) fn recording_done(
        &mut self,
        at: Tick,
        (bridge, name): (BridgeId, &str),
        length: Option<Span>,
        recording: Option<&str>,
    ) {
        if length.is_some_and(|length| length > LENGTH_MAX) {
            return self.object(Code::BadValue, "a message is no longer than a day");
        }
        // Journals from before bridges could leave the length out have nought in its place.
        let length = length.filter(|length| *length > Span(0) || recording.is_none());
        if let Some(due) = self.reported_due(bridge, name, length) {
            if due.ran.is_none_or(is_message) {
                self.keep_message(at, due, length, recording);
            }
            return;
        }
        if let Some(call) = self.bridges.call(bridge, name)
            && let Some(due) = self.take_due(at, call)
        {
            self.keep_message(at, due, length, recording);
        }
        self.tell_call(at, bridge, name, |call| Input::RecordingEnded {
            call,
            length,
        });
    }

    /// The recording that is over and reported with this length; none if it is the one in progress. Reports
    /// come in the order of the recordings: what was passed over will not be reported any more.
    fn reported_due(&mut self, bridge: BridgeId, name: &str, length: Option<Span>) -> Option<Due> {
        let call = self.bridges.call(bridge, name);
        let facts = call.and_then(|call| self.calls.get(call));
        let records = facts.is_some_and(|facts| facts.recording.is_some());
        let is_its = |due: &Due| due.bridge == bridge && due.call == name;
        loop {
            let place = self.dues.iter().position(is_its)?;
            let due = self.dues.remove(place)?;
            let is_last = !records && !self.dues.iter().any(is_its);
            if is_last || due.can_be(length) {
                return Some(due);
            }
        }
    }

    /// Keeps what a call has left, if it is long enough.
    fn keep_message(
        &mut self,
        at: Tick,
        due: Due,
        reported: Option<Span>,
        recording: Option<&str>,
    ) {
        let length = due.length(reported);
        if !length.is_none_or(is_message) {
            return;
        }
        let row = MessageRow {
            position: Position(self.position),
            number: self.work.outcome.messages.len() as u32,
            call: due.call,
            line: due.line,
            mailbox: due.mailbox,
            caller: due.caller,
            recording: recording.map(str::to_owned),
            length_ms: length.unwrap_or_default().0 as i64,
            at_ms: self.unix_ms(at),
        };
        if let Some(office) = &due.office {
            let bridge = self.bridges.get(due.bridge).name.clone();
            self.announce_message(at, office, (&due.step, &bridge), &row);
        }
        self.work.outcome.messages.push(row);
    }

    /// Whether a bridge has yet to report recordings.
    pub(super) fn has_dues(&self, bridge: BridgeId) -> bool {
        self.dues.iter().any(|due| due.bridge == bridge)
    }

    /// What calls of these names left is waited for no longer: others of the same name begin, or the bridge
    /// has forgotten it.
    pub(super) fn forget_dues(&mut self, bridge: BridgeId, is_one: impl Fn(&str) -> bool) {
        self.dues
            .retain(|due| due.bridge != bridge || !is_one(&due.call));
    }
}
