//! What other systems are told of a call: tickets, and word of messages. They are kept with the
//! entries that they came of, and sent until they are taken.

use super::Site;
use crate::daemon::journal::Position;
use crate::daemon::journal::rows::DeliveryRow;
use crate::daemon::journal::rows::MessageRow;
use crate::exchange::dialplan::Piece;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Webhook;
use crate::exchange::effect::Filling;
use crate::exchange::id::CallId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::time::Tick;
use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

impl Site {
    /// A call hands a ticket in.
    pub(super) fn hand_in(&mut self, at: Tick, call: CallId, step: StepId, language: LanguageId) {
        let fills = std::mem::take(&mut self.work.fills);
        let plan = self.exchange.plan().clone();
        let step = plan.step(step);
        let (StepKind::Ticket(ticket), Some(facts)) = (&step.kind, self.calls.get(call)) else {
            return;
        };
        let language = plan.languages[language.index()].as_str();
        let line = plan.line(step.line).name.as_str();
        let caller = facts.from.as_deref();
        let entered = |variable: VariableId| {
            fills.iter().find_map(|fill| match fill {
                Filling::Digits(other, digits) if *other == variable && !digits.is_empty() => {
                    Some(digits.to_string())
                }
                _ => None,
            })
        };
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Caller => caller.unwrap_or_default().to_owned(),
            Piece::Line => line.to_owned(),
            Piece::Language => language.to_owned(),
            Piece::Saved(variable) => {
                entered(*variable).unwrap_or_else(|| self.saved(call, *variable).to_owned())
            }
        };
        let fields: Map<String, Value> = ticket
            .fields
            .iter()
            .map(|(name, pieces)| {
                let text: String = pieces.iter().map(piece).collect();
                (name.clone(), Value::String(text))
            })
            .collect();
        let data = json!({
            "line": line,
            "step": step.name,
            "bridge": self.bridges.get(facts.bridge).name,
            "call": facts.name,
            "caller": caller,
            "language": language,
            "fields": fields,
        });
        self.deliver(at, &ticket.office, "ticket", &data);
    }

    /// Somebody is told that there is a message.
    pub(super) fn announce_message(
        &mut self,
        at: Tick,
        office: &Webhook,
        (step, bridge): (&str, &str),
        row: &MessageRow,
    ) {
        let data = json!({
            "line": row.line,
            "step": step,
            "mailbox": row.mailbox,
            "bridge": bridge,
            "call": row.call,
            "caller": row.caller,
            "recording": row.recording,
            "length_ms": row.length_ms,
        });
        self.deliver(at, office, "message", &data);
    }

    fn deliver(&mut self, at: Tick, office: &Webhook, kind: &str, data: &Value) {
        let at_ms = self.unix_ms(at);
        let time = Timestamp::from_millisecond(at_ms).unwrap_or_default();
        let number = self.work.outcome.deliveries.len() as u32;
        // No two journals begin in the same moment.
        let id = format!("{:x}-{}-{number}", self.exchange.origin_ms(), self.position);
        let body = json!({ "type": kind, "timestamp": time.to_string(), "data": data });
        self.work.outcome.deliveries.push(DeliveryRow {
            position: Position(self.position),
            number,
            id,
            kind: kind.to_owned(),
            url: office.url.clone(),
            secret_env: office.secret_env.clone(),
            body: body.to_string(),
            created_ms: at_ms,
            due_ms: at_ms,
            attempts: 0,
            given_up: false,
            why: None,
        });
    }
}
