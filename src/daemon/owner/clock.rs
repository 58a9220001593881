//! A wall clock that is far from the time of the exchange: ticks never go back, so that it is the wall
//! time of tick 0 that moves.

use super::Owner;
use crate::daemon::clock::Leap;
use crate::daemon::entry::What;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::rows::Attempted;
use crate::daemon::journal::rows::Settled;
use crate::daemon::menus::zones;
use crate::daemon::outbox;
use crate::daemon::site::Bridge;
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
        let ahead_ms = wall_ms - self.site.unix_ms(self.now);
        match Leap::of(ahead_ms) {
            Some(leap @ Leap::Set(by_ms)) => {
                self.set_clock(by_ms)?;
                Ok((Span::ZERO, Some(leap)))
            }
            // Time that has passed while nothing ran is as it should be.
            _ => Ok((Span(ahead_ms.max(0) as u64), None)),
        }
    }

    /// Follows a wall clock that has leapt while the daemon ran.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn leap(&mut self, leap: Leap) -> Result<(), JournalError> {
        match leap {
            Leap::Passed(unseen) => self.pass_unseen(unseen),
            Leap::Set(by_ms) => self.set_clock(by_ms)?,
        }
        Ok(())
    }

    /// Time that nobody saw is no caller's: it is as if the daemon had not run, and all bridges came back
    /// at its end.
    fn pass_unseen(&mut self, unseen: Span) {
        let bridges = self.site.bridges().iter();
        let there = bridges.filter(|(_, bridge)| bridge.connected);
        let said = |bridge: &Bridge| (bridge.can.clone(), bridge.devices.clone());
        let there = there.map(|(_, bridge)| (bridge.name.clone(), said(bridge)));
        let there: Vec<_> = there.collect();
        self.started(zones(), unseen);
        self.begin(self.now + unseen);
        for (bridge, (can, devices)) in there {
            let calls = None;
            self.stage(
                self.now,
                What::BridgeJoined {
                    bridge,
                    can,
                    devices,
                    calls,
                },
            );
        }
    }

    fn set_clock(&mut self, by_ms: i64) -> Result<(), JournalError> {
        let origin_ms = self.site.exchange().origin_ms() + by_ms;
        self.stage(self.now, What::ClockSet { origin_ms });
        self.bring_deliveries_forward()
    }

    /// What is to be sent again is due by the wall clock, and not for years where it was ahead.
    fn bring_deliveries_forward(&mut self) -> Result<(), JournalError> {
        let latest = self.site.unix_ms(self.now) + outbox::RETRY_MAX.as_millis() as i64;
        let rows = self.journal.deliveries(outbox::WAITING_MAX as usize)?;
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
