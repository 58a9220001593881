//! Calls refused at the door.

use super::Owner;
use crate::daemon::bridge::protocol::Code;
use crate::daemon::bridge::protocol::Event;
use crate::daemon::bridge::protocol::RefuseReason;
use crate::daemon::bridge::protocol::Report;
use crate::daemon::entry::What;
use crate::daemon::site::BridgeId;
use crate::daemon::site::DUPLICATE;
use crate::exchange::id::LineId;
use crate::exchange::time::Tick;
use std::collections::BTreeMap;

impl Owner {
    /// Refuses a call at the door, unless one in progress has its name: a bridge would hang up on that.
    pub fn refuse(
        &mut self,
        id: BridgeId,
        at: Tick,
        report: Report,
        reason: RefuseReason,
    ) -> Result<(), (Code, &'static str)> {
        let Event::CallStarted {
            call,
            line,
            number,
            from,
            ..
        } = report.event
        else {
            return Ok(());
        };
        let bridge = self.site.bridges().get(id);
        if bridge.has_received(report.seq) {
            return Ok(());
        }
        if self.site.bridges().call(id, &call).is_some() {
            self.pass(id, report.seq);
            return Err(DUPLICATE);
        }
        let line = self.site.line_of(line.as_deref(), number.as_deref());
        let what = What::Refused {
            bridge: bridge.name.clone(),
            seq: report.seq,
            call,
            line: line.map(|id| self.site.exchange().plan().line(id).name.clone()),
            from,
            reason,
        };
        self.stage(at, what);
        Ok(())
    }

    /// Refuses calls at the door that are counted only. The reports of those that have the name of a call in
    /// progress are given back: they count as taken.
    pub fn shed(&mut self, id: BridgeId, starts: Vec<Report>, reason: RefuseReason) -> Vec<u64> {
        let (bridges, mut duplicates) = (self.site.bridges(), Vec::new());
        let bridge = bridges.get(id);
        let plan = self.site.exchange().plan();
        let mut lines: BTreeMap<LineId, u64> = BTreeMap::new();
        let mut calls = Vec::with_capacity(starts.len());
        for Report { seq, event, .. } in starts {
            let Event::CallStarted {
                call, line, number, ..
            } = event
            else {
                continue;
            };
            if bridge.has_received(seq) {
                continue;
            }
            if bridges.call(id, &call).is_some() {
                duplicates.push(seq);
                continue;
            }
            calls.push((seq, call));
            if let Some(line) = self.site.line_of(line.as_deref(), number.as_deref()) {
                *lines.entry(line).or_default() += 1;
            }
        }
        let named = |(line, calls): (LineId, u64)| (plan.line(line).name.clone(), calls);
        let are_some = !calls.is_empty();
        let what = What::Shed {
            bridge: bridge.name.clone(),
            calls,
            lines: lines.into_iter().map(named).collect(),
            reason,
        };
        if are_some {
            self.stage(self.now, what);
        }
        for seq in &duplicates {
            self.pass(id, *seq);
        }
        duplicates
    }
}
