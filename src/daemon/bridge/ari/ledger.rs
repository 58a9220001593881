//! What has been said and done, by number: the bridge's side of the protocol's promises.

use crate::daemon::bridge::protocol::Event;
use crate::daemon::bridge::protocol::Report;
use crate::daemon::bridge::protocol::Resume;
use crate::daemon::bridge::protocol::Welcome;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;

/// Reports that are kept until strowger has them; then nobody listens to Asterisk any more.
pub(super) const REPORTS_MAX: usize = 8192;

/// Reports to be sent and to be kept, effects under way and carried out.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    session: Option<u64>,
    /// Up to here reports are safe with strowger.
    saved: u64,
    /// The reports after `saved`, in order.
    kept: VecDeque<(i64, Event)>,
    /// How many of them were sent in this conversation.
    sent: usize,
    /// The last effect that came.
    taken: u64,
    /// Effects whose requests are not all answered, with how many are not.
    open: BTreeMap<u64, u32>,
}

impl Ledger {
    /// What hello says of the session, if there was one.
    pub(super) fn resume(&self) -> Option<Resume> {
        let effect = self.done();
        self.session.map(|session| Resume { session, effect })
    }

    /// The calls whose beginning is still to be reported.
    pub(super) fn beginning(&self) -> BTreeSet<&str> {
        let calls = self.kept.iter().filter_map(|(_, event)| match event {
            Event::CallStarted { call, .. } => Some(call.as_str()),
            _ => None,
        });
        calls.collect()
    }

    /// A conversation begins. If strowger has forgotten the session, both count anew, and what is
    /// kept is reported anew.
    pub(super) fn welcome(&mut self, welcome: &Welcome) {
        self.sent = 0;
        if welcome.resumed {
            self.saved(welcome.received);
            return;
        }
        self.session = Some(welcome.session);
        self.saved = 0;
        self.taken = 0;
        self.open.clear();
    }

    /// A conversation is over: what was not answered will come again.
    pub(super) fn lost(&mut self) {
        self.taken = self.done();
        self.open.clear();
        self.sent = 0;
    }

    /// Something is to be reported.
    pub(super) fn report(&mut self, at_ms: i64, event: Event) {
        self.kept.push_back((at_ms, event));
    }

    /// Whether more may be heard.
    pub(super) fn has_room(&self) -> bool {
        self.kept.len() < REPORTS_MAX
    }

    /// Whether there is a report to send.
    pub(super) fn has_next(&self) -> bool {
        self.sent < self.kept.len()
    }

    /// The next report to send.
    pub(super) fn next(&mut self) -> Option<Report> {
        let (at_ms, event) = self.kept.get(self.sent)?.clone();
        self.sent += 1;
        Some(Report {
            seq: self.saved + self.sent as u64,
            at_ms: Some(at_ms),
            event,
        })
    }

    /// Strowger has the reports up to this one.
    pub(super) fn saved(&mut self, seq: u64) {
        while self.saved < seq && self.kept.pop_front().is_some() {
            self.saved += 1;
            self.sent = self.sent.saturating_sub(1);
        }
    }

    /// What was reported under a number, if it is still kept.
    pub(super) fn reported(&self, seq: u64) -> Option<&Event> {
        let place = usize::try_from(seq.checked_sub(self.saved + 1)?).ok()?;
        self.kept.get(place).map(|(_, event)| event)
    }

    /// An effect has come; false if it has come before.
    pub(super) fn take(&mut self, effect: u64) -> bool {
        let new = effect > self.taken;
        self.taken = self.taken.max(effect);
        new
    }

    /// A request was sent for an effect.
    pub(super) fn asked(&mut self, effect: u64) {
        *self.open.entry(effect).or_default() += 1;
    }

    /// A request for an effect was answered.
    pub(super) fn answered(&mut self, effect: u64) {
        if let Some(count) = self.open.get_mut(&effect) {
            *count -= 1;
            if *count == 0 {
                self.open.remove(&effect);
            }
        }
    }

    /// Up to here effects are carried out.
    pub(super) fn done(&self) -> u64 {
        let first = self.open.first_key_value();
        first.map_or(self.taken, |(effect, _)| effect.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome(session: u64, resumed: bool, received: u64) -> Welcome {
        Welcome {
            protocol: 1,
            session,
            resumed,
            received,
            heartbeat_ms: 5000,
            lines: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn ended(call: &str) -> Event {
        let call = call.to_owned();
        Event::CallEnded { call }
    }

    fn numbers(ledger: &mut Ledger) -> Vec<u64> {
        std::iter::from_fn(|| ledger.next())
            .map(|report| report.seq)
            .collect()
    }

    #[test]
    fn reports_are_numbered_kept_and_sent_again() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.resume(), None);
        ledger.welcome(&welcome(9, false, 0));
        for (at, call) in ["a", "b", "c"].into_iter().enumerate() {
            ledger.report(at as i64, ended(call));
        }
        assert_eq!(numbers(&mut ledger), [1, 2, 3]);
        ledger.saved(1);
        assert!(!ledger.has_next());
        assert_eq!(ledger.reported(2), Some(&ended("b")));
        assert_eq!(ledger.reported(1), None);
        ledger.lost();
        let resume = Resume {
            session: 9,
            effect: 0,
        };
        assert_eq!(ledger.resume(), Some(resume));
        ledger.welcome(&welcome(9, true, 2));
        assert_eq!(numbers(&mut ledger), [3]);
    }

    #[test]
    fn a_forgotten_session_is_begun_anew() {
        let mut ledger = Ledger::default();
        ledger.welcome(&welcome(9, false, 0));
        ledger.report(0, ended("a"));
        assert_eq!(numbers(&mut ledger), [1]);
        ledger.saved(1);
        ledger.report(0, ended("b"));
        assert_eq!(numbers(&mut ledger), [2]);
        ledger.lost();
        ledger.welcome(&welcome(10, false, 0));
        assert_eq!(numbers(&mut ledger), [1]);
        let session = ledger.resume().map(|resume| resume.session);
        assert_eq!(session, Some(10));
    }

    #[test]
    fn effects_are_done_when_everything_before_is() {
        let mut ledger = Ledger::default();
        assert!(ledger.take(1));
        ledger.asked(1);
        assert!(ledger.take(2));
        ledger.asked(2);
        ledger.asked(2);
        assert!(!ledger.take(2), "again");
        assert_eq!(ledger.done(), 0);
        ledger.answered(2);
        ledger.answered(1);
        assert_eq!(ledger.done(), 1);
        ledger.lost();
        assert!(ledger.take(2), "it comes again");
        assert_eq!(ledger.done(), 2);
    }
}
