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
    /// What was not taken yet, by address.
    left: BTreeMap<String, Outstanding>,
    /// Deliveries on the way, with their addresses.
    on_the_way: BTreeMap<(Position, u32), String>,
    /// Something may be due that was not before.
    look: bool,
}

impl Outbox {
    /// Lets a delivery in, or keeps it for later.
    pub(super) fn admit(&mut self, row: &mut DeliveryRow) {
        let left = self.left_for(row.address());
        if left.waiting >= outbox::WAITING_MAX {
            left.given_up += 1;
            row.given_up = true;
            row.why = Some("too many wait to be sent".to_owned());
        } else {
            left.waiting += 1;
            self.look = true;
        }
    }

    /// What one system has not taken yet: however much that is, it takes no room from others.
    fn left_for(&mut self, address: &str) -> &mut Outstanding {
        if !self.left.contains_key(address) {
            self.left.insert(address.to_owned(), Outstanding::default());
        }
        self.left.get_mut(address).expect("it is there now")
    }

    fn all_left(&self) -> Outstanding {
        let all = self.left.values();
        all.fold(Outstanding::default(), |sum, left| Outstanding {
            waiting: sum.waiting + left.waiting,
            given_up: sum.given_up + left.given_up,
        })
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
        self.outbox.all_left()
    }

    /// Some time has passed: something may be due.
    pub fn look_for_due(&mut self) {
        self.outbox.look = true;
    }

    /// What is to be sent by now, as far as there is room. Nothing is given twice before it was
    /// [`attempted`](Self::attempted).
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn due(&mut self) -> Result<Vec<DeliveryRow>, JournalError> {
        let idle = !self.outbox.look || self.outbox.all_left().waiting == 0;
        if idle || self.outbox.on_the_way.len() >= outbox::AT_ONCE_MAX {
            return Ok(Vec::new());
        }
        self.outbox.look = false;
        // Those on the way are due, too.
        let each = outbox::AT_ONCE_EACH_MAX;
        let mut rows = self.journal.deliveries_due(self.unix_ms(), each)?;
        rows.retain(|row| self.outbox.take(row));
        Ok(rows)
    }

    /// Now, in milliseconds since 1970 UTC, by the time of the site: a wall clock that was set a little is only
    /// followed by and by, and what comes is not to wait for it.
    pub(super) fn unix_ms(&self) -> i64 {
        self.site.unix_ms(self.now)
    }

    /// What came of sending something; the next commit makes it durable.
    pub fn attempted(&mut self, attempt: Attempt) {
        if self.outbox.on_the_way.remove(&attempt.key()).is_none() {
            return;
        }
        self.outbox.look = true;
        let Attempt { row, failed } = attempt;
        let now_ms = self.unix_ms();
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
        let outstanding = self.outbox.left_for(row.address());
        if given_up != Some(false) {
            outstanding.waiting = outstanding.waiting.saturating_sub(1);
        }
        outstanding.given_up += u64::from(given_up == Some(true));
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
    pub fn send_again(&mut self) -> Result<usize, JournalError> {
        let now_ms = self.unix_ms();
        let mut rows = self.journal.deliveries_given_up(AGAIN_MAX)?;
        // Who asks twice in one batch has asked once.
        let settled = self.rows.settled.iter();
        let settled: BTreeSet<_> = settled.map(|row| (row.position, row.number)).collect();
        rows.retain(|row| !settled.contains(&(row.position, row.number)));
        let mut count = 0;
        rows.retain(|row| {
            let left = self.outbox.left_for(row.address());
            let fits = count < AGAIN_MAX && left.waiting < outbox::WAITING_MAX;
            if fits {
                count += 1;
                left.waiting += 1;
                left.given_up = left.given_up.saturating_sub(1);
            }
            fits
        });
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
        self.outbox.look = true;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a ticket for this system is let in.
    fn is_let_in(outbox: &mut Outbox, url: &str) -> bool {
        let mut row = DeliveryRow {
            position: Position(1),
            number: 0,
            id: String::new(),
            kind: "ticket".to_owned(),
            url: url.to_owned(),
            secret_env: String::new(),
            body: String::new(),
            created_ms: 0,
            due_ms: 0,
            attempts: 0,
            given_up: false,
            why: None,
        };
        outbox.admit(&mut row);
        !row.given_up
    }

    #[test]
    fn a_system_that_is_down_takes_no_room_from_another() {
        let mut outbox = Outbox::default();
        let (down, up) = ("https://down.example/a", "https://up.example/a");
        assert!((0..outbox::WAITING_MAX).all(|_| is_let_in(&mut outbox, down)));
        assert!(!is_let_in(&mut outbox, down));
        assert!(is_let_in(&mut outbox, up));
        let all = outbox.all_left();
        assert_eq!((all.waiting, all.given_up), (outbox::WAITING_MAX + 1, 1));
    }
}
