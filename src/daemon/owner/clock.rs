//! A wall clock that is far from the time of the exchange: ticks never go back, so that it is the wall
//! time of tick 0 that moves.

use super::Owner;
use crate::daemon::clock::Leap;
use crate::daemon::entry::What;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::rows::Attempted;
use crate::daemon::journal::rows::Settled;
use crate::daemon::outbox;
use crate::exchange::time::Span;

impl Owner {
    /// Takes up the journal at this wall time: how long nobody looked, and what was to be done about the
    /// clock, if anything.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub(in crate::daemon) fn wake_at(
        &mut self,
        wall_ms: i64,
    ) -> Result<(Span, Option<Leap>), JournalError> {
        let ahead_ms = wall_ms - self.unix_ms();
        let leap = Leap::between_runs(ahead_ms);
        let gone = match leap {
            Some(leap) => {
                self.leap(leap)?;
                Span::ZERO
            }
            // Time that has passed while nothing ran is as it should be.
            None => Span(ahead_ms.max(0) as u64),
        };
        Ok((gone, leap))
    }

    /// Follows a wall clock that was set: whatever waits, rings, talks or rests has as long left as before.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn leap(&mut self, leap: Leap) -> Result<(), JournalError> {
        let origin_ms = self.site.exchange().origin_ms() + leap.ahead_ms();
        self.stage(self.now, What::ClockSet { origin_ms });
        self.bring_deliveries_forward()
    }

    /// What is to be sent again is due by the wall clock, and not for years where it was ahead.
    fn bring_deliveries_forward(&mut self) -> Result<(), JournalError> {
        let latest = self.unix_ms() + outbox::RETRY_MAX.as_millis() as i64;
        let rows = self.journal.deliveries(usize::MAX)?;
        let late = rows
            .into_iter()
            .filter(|row| !row.given_up && row.due_ms > latest);
        let sooner = late.map(|row| Settled {
            position: row.position,
            number: row.number,
            left: Some(Attempted {
                due_ms: latest,
                attempts: row.attempts,
                given_up: false,
                why: row.why,
            }),
        });
        self.rows.settled.extend(sooner);
        self.look_for_due();
        Ok(())
    }
}
