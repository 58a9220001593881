//! Calls that are refused at the door: they never reach the exchange.

use super::BridgeId;
use super::Site;
use super::calls::Attempt;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::RefuseReason;
use crate::daemon::journal::Position;
use crate::daemon::journal::rows::ShedRow;
use crate::exchange::id::LineId;
use crate::exchange::time::Tick;
use std::collections::BTreeMap;

impl Site {
    /// Gives the busy signal to one call, which leaves a record with these details.
    pub(super) fn refuse(
        &mut self,
        at: Tick,
        attempt: &Attempt,
        line: Option<&str>,
        (reason, detail): (RefuseReason, &str),
    ) {
        let call = attempt.name.clone();
        self.bridges
            .send(attempt.bridge, Act::Refuse { call, reason });
        self.blocked(at, attempt, line.unwrap_or(""), detail);
    }

    /// Notes an attempt that nobody had room for, and why.
    pub(super) fn blocked(&mut self, at: Tick, attempt: &Attempt, line: &str, detail: &str) {
        if let Some(line) = self.exchange.plan().line_named(line) {
            self.count_blocked(at, line, 1);
        }
        let mut row = self.row(at, attempt.bridge, &attempt.name, line, "blocked");
        row.caller = attempt.from.clone();
        row.detail = Some(detail.to_owned());
        self.work.outcome.cdrs.push(row);
    }

    /// Gives the busy signal to calls that came while there were too many, or while the disk was full. They
    /// are counted, not recorded one by one: a flood would fill the disk with them.
    pub(super) fn shed(
        &mut self,
        at: Tick,
        bridge: BridgeId,
        (calls, reason): (&[(u64, String)], RefuseReason),
        lines: &BTreeMap<String, u64>,
    ) {
        for (seq, call) in calls {
            self.bridges.received(bridge, *seq);
            let call = call.clone();
            self.bridges.send(bridge, Act::Refuse { call, reason });
        }
        for (number, (line, calls)) in (0..).zip(lines) {
            if let Some(line) = self.exchange.plan().line_named(line) {
                self.count_blocked(at, line, *calls);
            }
            self.work.outcome.shed.push(ShedRow {
                position: Position(self.position),
                number,
                line: line.clone(),
                reason: reason.name().to_owned(),
                calls: *calls,
                at_ms: self.unix_ms(at),
            });
        }
    }

    fn count_blocked(&mut self, at: Tick, line: LineId, calls: u64) {
        let unix_ms = self.unix_ms(at);
        let plan = self.exchange.plan();
        self.board.count_blocked(plan, unix_ms, line, calls);
    }
}
