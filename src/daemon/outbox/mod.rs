//! What other systems are told over HTTP: tickets, and word of messages, signed, until they are taken.
//!
//! A delivery is on the disk before it is sent, and leaves it once the other system has answered with a
//! status of 200 to 299. After a crash it may be sent once more, under the same name: a system that is told has to
//! pass over names that it knows.

mod reach;
pub(super) mod sending;
mod sign;

use super::journal::Position;
use super::journal::rows::DeliveryRow;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use std::time::Duration;

/// Deliveries that are sent at one time.
pub const AT_ONCE_MAX: usize = 64;
/// Of these, to one address: a system that does not answer keeps no other one from being told.
pub const AT_ONCE_EACH_MAX: usize = 8;
/// Deliveries that wait to be sent to one address. Those that come when there are so many are kept on the disk,
/// and sent when somebody asks for it.
pub const WAITING_MAX: u64 = 100_000;
/// From the first failure to the second attempt; four times as long after each.
pub const RETRY_FIRST: Duration = Duration::from_secs(5);
/// The longest time from one attempt to the next.
pub const RETRY_MAX: Duration = Duration::from_secs(3600);
/// How often it is tried: for three days.
pub const ATTEMPTS_MAX: u32 = 77;

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Which delivery.
    pub row: DeliveryRow,
    /// Why it was not taken, if so.
    pub failed: Option<String>,
}

impl Attempt {
    /// Its key in the journal.
    pub fn key(&self) -> (Position, u32) {
        (self.row.position, self.row.number)
    }
}

/// How long to wait after so many failures.
pub fn pause(attempts: u32) -> Duration {
    let times = 4_u32.saturating_pow(attempts.saturating_sub(1));
    RETRY_FIRST.saturating_mul(times).min(RETRY_MAX)
}

fn secret(variable: &str) -> Result<String, String> {
    std::env::var(variable).map_err(|_| format!("the environment variable {variable} is not set"))
}

/// What will not be taken for want of a secret, by step: for the operator, before the first caller.
pub(super) fn unsigned(plan: &Dialplan) -> Vec<String> {
    let steps = plan
        .steps
        .iter()
        .filter(|step| !plan.line(step.line).retired);
    let offices = steps.filter_map(|step| {
        let office = match &step.kind {
            StepKind::Ticket(ticket) => Some(&ticket.office),
            StepKind::Record(message) => message.notify.as_ref(),
            _ => None,
        };
        Some((&step.name, office?))
    });
    let wrong = offices.filter_map(|(step, office)| {
        let key = secret(&office.secret_env).and_then(|secret| sign::key(&secret));
        let why = key.err()?;
        Some(format!(
            "what \"{step}\" tells others waits in the outbox: {why}"
        ))
    });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let pauses = (1..8).map(|attempts| pause(attempts).as_secs());
        let expected = [5, 20, 80, 320, 1280, 3600, 3600];
        assert!(pauses.eq(expected));
        assert_eq!(pause(u32::MAX), RETRY_MAX);
        let all: Duration = (1..ATTEMPTS_MAX).map(pause).sum();
        assert_eq!(all.as_secs() / 3600, 72 - 1);
    }
}
