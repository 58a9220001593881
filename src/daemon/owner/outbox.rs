//! What other systems are to be told: what is due, and what came of it.

use super::Owner;
use crate::daemon::journal::Position;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::rows::Attempted;
use crate::daemon::journal::rows::DeliveryRow;
use crate::daemon::journal::rows::Outstanding;
use crate::daemon::journal::rows::Settled;
use crate::daemon::outbox;
use crate::daemon::outbox::Attempt;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Of what was given up, so much is sent again at one time.
const AGAIN_MAX: usize = 1000;

/// How the outbox of the journal stands.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    left: Outstanding,
    /// Deliveries on the way, with their addresses.
    on_the_way: BTreeMap<(Position, u32), String>,
    /// Something may be due that was not before.
    look: bool,
}

impl Outbox {
    /// Lets a delivery in, or keeps it for later.
    pub(super) fn admit(&mut self, row: &mut DeliveryRow) {
        if self.left.waiting >= outbox::WAITING_MAX {
            self.left.given_up += 1;
            row.given_up = true;
            row.why = Some("too many wait to be sent".to_owned());
        } else {
            self.left.waiting += 1;
            self.look = true;
        }
    }

    /// Takes a delivery that is due on its way, if there is room. One that is on it already is not taken.
    fn take(&mut self, row: &DeliveryRow) -> bool {
        let key = (row.position, row.number);
        let address = row.address();
        let to_it = self.on_the_way.values().filter(|other| *other == address);
        let fits = self.on_the_way.len() < outbox::AT_ONCE_MAX
            && to_it.count() < outbox::AT_ONCE_EACH_MAX
            && !self.on_the_way.contains_key(&key);
        if fits {
            self.on_the_way.insert(key, address.to_owned());
        }
        fits
    }
}

impl Owner {
    /// Takes up what was left before.
    pub(in crate::daemon) fn take_up_outbox(&mut self) -> Result<(), JournalError> {
        self.outbox.left = self.journal.outstanding()?;
        self.outbox.look = true;
        Ok(())
    }

    /// How much was not taken yet.
    pub fn outstanding(&self) -> Outstanding {
        self.outbox.left
    }

    /// Some time has passed: something may be due.
    pub fn look_for_due(&mut self) {
        self.outbox.look = true;
    }

    /// What is to be sent by now, in milliseconds since 1970 UTC, as far as there is room. Nothing is given
    /// twice before it was [`attempted`](Self::attempted).
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn due(&mut self, now_ms: i64) -> Result<Vec<DeliveryRow>, JournalError> {
        let idle = !self.outbox.look || self.outbox.left.waiting == 0;
        if idle || self.outbox.on_the_way.len() >= outbox::AT_ONCE_MAX {
            return Ok(Vec::new());
        }
        self.outbox.look = false;
        // Those on the way are due, too.
        let each = outbox::AT_ONCE_EACH_MAX;
        let mut rows = self.journal.deliveries_due(now_ms, each)?;
        rows.retain(|row| self.outbox.take(row));
        Ok(rows)
    }

    /// What came of sending something; the next commit makes it durable.
    pub fn attempted(&mut self, attempt: Attempt, now_ms: i64) {
        if self.outbox.on_the_way.remove(&attempt.key()).is_none() {
            return;
        }
        self.outbox.look = true;
        let Attempt { row, failed } = attempt;
        let left = failed.map(|why| {
            let attempts = row.attempts.saturating_add(1);
            let due_ms = now_ms + outbox::pause(attempts).as_millis() as i64;
            Attempted {
                due_ms,
                attempts,
                given_up: attempts >= outbox::ATTEMPTS_MAX,
                why: Some(why),
            }
        });
        let given_up = left.as_ref().map(|left| left.given_up);
        if given_up != Some(false) {
            self.outbox.left.waiting = self.outbox.left.waiting.saturating_sub(1);
        }
        self.outbox.left.given_up += u64::from(given_up == Some(true));
        self.rows.settled.push(Settled {
            position: row.position,
            number: row.number,
            left,
        });
    }

    /// Has what was given up sent again, the oldest first, as far as there is room; how much that is.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn send_again(&mut self, now_ms: i64) -> Result<usize, JournalError> {
        let room = outbox::WAITING_MAX.saturating_sub(self.outbox.left.waiting);
        let most = AGAIN_MAX.min(room as usize);
        let mut rows = self.journal.deliveries_given_up(most)?;
        // Who asks twice in one batch has asked once.
        let settled = self.rows.settled.iter();
        let settled: BTreeSet<_> = settled.map(|row| (row.position, row.number)).collect();
        rows.retain(|row| !settled.contains(&(row.position, row.number)));
        for row in &rows {
            self.rows.settled.push(Settled {
                position: row.position,
                number: row.number,
                left: Some(Attempted {
                    due_ms: now_ms,
                    attempts: 0,
                    given_up: false,
                    why: row.why.clone(),
                }),
            });
        }
        let again = rows.len() as u64;
        self.outbox.left.waiting += again;
        self.outbox.left.given_up = self.outbox.left.given_up.saturating_sub(again);
        self.outbox.look = true;
        Ok(rows.len())
    }
}
