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
/// The longest message that a bridge may report.
const LENGTH_MAX: Span = Span::minutes(24 * 60);

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
    /// How long it ran.
    ran: Span,
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
            ran: at.since(facts.records_since),
        })
    }

    /// A bridge has recorded a message. While the call still records, its length says whether it is one;
    /// later that is settled by how long it ran.
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
        let mut dues = self.dues.iter();
        let is_its = |due: &Due| due.bridge == bridge && due.call == name;
        if let Some(place) = dues.position(is_its) {
            if let Some(due) = self.dues.remove(place).filter(|due| is_message(due.ran)) {
                let length = length.unwrap_or(due.ran);
                self.keep_message(at, due, length, recording);
            }
            return;
        }
        if let Some(call) = self.bridges.call(bridge, name)
            && let Some(due) = self.take_due(at, call)
        {
            let length = length.unwrap_or(due.ran);
            if is_message(length) {
                self.keep_message(at, due, length, recording);
            }
        }
        self.tell_call(at, bridge, name, |call| Input::RecordingEnded {
            call,
            length,
        });
    }

    fn keep_message(&mut self, at: Tick, due: Due, length: Span, recording: Option<&str>) {
        let row = MessageRow {
            position: Position(self.position),
            number: self.work.outcome.messages.len() as u32,
            call: due.call,
            line: due.line,
            mailbox: due.mailbox,
            caller: due.caller,
            recording: recording.map(str::to_owned),
            length_ms: length.0 as i64,
            at_ms: self.unix_ms(at),
        };
        if let Some(office) = &due.office {
            let bridge = self.bridges.get(due.bridge).name.clone();
            self.announce_message(at, office, (&due.step, &bridge), &row);
        }
        self.work.outcome.messages.push(row);
    }

    /// A call of this name begins: what a call of the same name left is waited for no longer.
    pub(super) fn forget_dues(&mut self, bridge: BridgeId, name: &str) {
        self.dues
            .retain(|due| due.bridge != bridge || due.call != name);
    }
}
