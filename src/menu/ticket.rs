//! What other systems are told: `[ticket.name]`, and `notify` of steps that take messages.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::graph::Via;
use super::lookup;
use super::lower::Lowering;
use super::lower::StepTrace;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Ticket;
use crate::exchange::dialplan::Webhook;

impl Lowering<'_> {
    /// Lowers `[ticket.name]`.
    pub(super) fn ticket(&mut self, fields: &mut Fields<'_>, trace: &mut StepTrace) -> StepKind {
        let office = webhook(fields);
        let known = trace.slots.len();
        let body = self.body(fields, trace);
        for (variable, place) in &trace.slots[known..] {
            let saved = &self.variables[variable.index()];
            if saved.secret {
                let message = format!("\"{}\" is secret, and tickets are kept", saved.name);
                let help = "send it by a `lookup`, which keeps nothing";
                fields.bad_value(place.clone(), message, help);
            }
        }
        StepKind::Ticket(Ticket {
            office: office.unwrap_or_default(),
            fields: body,
            then: self.exit_or_dead_end(fields, Via::Then, trace),
        })
    }
}

/// Who is told that there is a message.
pub(super) fn notify(fields: &mut Fields<'_>) -> Option<Webhook> {
    let mut inner = fields.inner("notify")?;
    let webhook = webhook(&mut inner);
    fields.absorb(inner);
    webhook
}

/// `url` and `secret_env`.
fn webhook(fields: &mut Fields<'_>) -> Option<Webhook> {
    fields.require(
        "url",
        "who is told: url = \"https://office.example/tickets\"",
    );
    let help = "the environment variable with the secret by which it is signed";
    fields.require("secret_env", help);
    let url = fields.text("url");
    if let Some(url) = &url {
        if url.text.contains(['{', '}']) {
            let help = "send what changes from call to call in the body";
            let message = "this address is the same for all calls";
            fields.bad_value(url.place.clone(), message, help);
        } else {
            lookup::check_address(url, fields);
        }
        if lookup::is_in_the_clear(&url.text) {
            let message = "this sends what callers left where anybody on the way can read it";
            let diagnostic = Diagnostic::warning("secret-in-the-clear", url.place.clone(), message);
            fields.push(diagnostic.help("write https://"));
        }
    }
    let secret = fields.text("secret_env");
    if let Some(name) = &secret {
        lookup::check_variable(name, "OFFICE_SECRET, never the secret itself", fields);
    }
    Some(Webhook {
        url: url?.text,
        secret_env: secret?.text,
    })
}
