//! Callers who may yet come back: those of whom only a hash of the number is known.

use super::NO_ANSWER;
use crate::exchange::time::Tick;
use crate::measure::probable::RETURN_WITHIN;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Callers remembered at once; more of them count as not coming back.
const RETURNING_MAX: usize = 100_000;
/// How many there may be before it is seen which are too old.
const ROOM_MIN: usize = 1024;

/// The answers that have probably settled calls, by caller, for a day.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Returning {
    callers: BTreeMap<u64, (Tick, u32)>,
    room: usize,
}

impl Returning {
    /// An answer has probably settled a call of this caller.
    pub(super) fn put(&mut self, now: Tick, caller: u64, answer: u32) {
        if self.callers.len() >= self.room.max(ROOM_MIN) {
            let is_new = |ended: Tick| now.since(ended) <= RETURN_WITHIN;
            self.callers.retain(|_, (ended, _)| is_new(*ended));
            self.room = 2 * self.callers.len();
        }
        if self.callers.len() < RETURNING_MAX {
            self.callers.insert(caller, (now, answer));
        }
    }

    /// The answers are counted elsewhere; who has heard one that is counted no more, is forgotten.
    pub(super) fn carry(&mut self, moved: &[u32]) {
        self.callers.retain(|_, (_, answer)| {
            let new = moved.get(*answer as usize).copied();
            *answer = new.unwrap_or(NO_ANSWER);
            *answer != NO_ANSWER
        });
    }

    /// A caller calls: the answer that was not enough after all, if there is one.
    pub(super) fn take(&mut self, now: Tick, caller: u64) -> Option<u32> {
        let (ended, answer) = self.callers.remove(&caller)?;
        (now.since(ended) <= RETURN_WITHIN).then_some(answer)
    }
}
