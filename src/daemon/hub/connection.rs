//! One connection of one bridge, as the owner's thread sees it: what it has yet to be sent.

use crate::daemon::bridge::link::BATCH_MAX;
use crate::daemon::bridge::protocol::Hello;
use crate::daemon::bridge::protocol::Refusal;
use crate::daemon::bridge::protocol::ToBridge;
use crate::daemon::bridge::protocol::Welcome;
use crate::daemon::mailbox::Room;
use crate::daemon::site::Bridge;
use crate::daemon::site::BridgeId;
use crate::daemon::site::Bridges;
use crate::daemon::site::OUTBOX_MAX;
use crate::exchange::time::Tick;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::sync::oneshot;

/// A bridge that has taken nothing for this long is given up.
const LAGGING_MAX: Duration = Duration::from_secs(10);
/// Objections that wait to be sent; whoever takes none is not told of more.
const OBJECTIONS_MAX: usize = 4096;

/// A connection.
pub(super) struct Connection {
    pub(super) bridge: BridgeId,
    orders: mpsc::Sender<Vec<ToBridge>>,
    end: oneshot::Sender<Refusal>,
    /// What was wrong with its messages.
    objections: Vec<ToBridge>,
    /// The last effect told, and the last report acknowledged.
    told: u64,
    acknowledged: u64,
    /// Tick less the bridge's clock: the least that was seen is the least delayed.
    offset_ms: i64,
    /// When it said something last.
    pub(super) heard: Instant,
    /// The room of the reports that it has not been sent everything of.
    taken: Option<Room>,
    /// Since when it has been taking nothing, if so.
    lagging: Option<Instant>,
}

impl Connection {
    /// A connection of a bridge that has said hello now and is to be welcomed.
    pub(super) fn new(
        bridge: BridgeId,
        (orders, end): (mpsc::Sender<Vec<ToBridge>>, oneshot::Sender<Refusal>),
        (hello, welcome): (&Hello, &Welcome),
        now: Tick,
    ) -> Self {
        let resumed = hello.resume.as_ref().filter(|_| welcome.resumed);
        let mut connection = Self {
            bridge,
            orders,
            end,
            objections: Vec::new(),
            told: resumed.map_or(0, |resume| resume.effect),
            acknowledged: welcome.received,
            offset_ms: 0,
            heard: Instant::now(),
            taken: None,
            lagging: None,
        };
        connection.set_clock(now, hello.clock_ms);
        connection
    }

    /// Its clock shows this now.
    pub(super) fn set_clock(&mut self, now: Tick, clock_ms: i64) {
        self.offset_ms = (now.0 as i64).saturating_sub(clock_ms);
    }

    /// When something happened, by its own clock.
    pub(super) fn tick_of(&mut self, now: Tick, at_ms: i64) -> Tick {
        let least = (now.0 as i64).saturating_sub(at_ms);
        self.offset_ms = self.offset_ms.min(least);
        Tick(at_ms.saturating_add(self.offset_ms).max(0) as u64)
    }

    /// Keeps the room that a report took up until everything that came of it has been sent.
    pub(super) fn keep(&mut self, room: Room) {
        self.heard = Instant::now();
        match &mut self.taken {
            Some(taken) => taken.merge(room),
            none => *none = Some(room),
        }
    }

    /// Something was wrong with a message; it is told with the next effects.
    pub(super) fn object(&mut self, refusal: Refusal) {
        if self.objections.len() < OBJECTIONS_MAX {
            self.objections.push(ToBridge::Error(refusal));
        }
    }

    /// The last effect that it was sent.
    pub(super) fn told(&self) -> u64 {
        self.told
    }

    /// Whether it is not taking what there is for it.
    pub(super) fn is_lagging(&self) -> bool {
        self.lagging.is_some()
    }

    /// Sends what there is, as far as it is taken; false if nothing has been taken for too long.
    pub(super) fn send(&mut self, bridges: &Bridges) -> bool {
        let bridge = bridges.get(self.bridge);
        let orders = self.orders.clone();
        while self.is_behind(bridge)
            && let Ok(room) = orders.try_reserve()
        {
            let batch = self.batch(bridges);
            if batch.is_empty() {
                break;
            }
            room.send(batch);
            self.lagging = None;
        }
        if !self.is_behind(bridge) {
            self.taken = None;
            return true;
        }
        let since = self.lagging.get_or_insert_with(Instant::now);
        // Effects that were told and are not acknowledged yet may be dropped: the bridge then cannot
        // resume. Those that it does not take may not.
        since.elapsed() < LAGGING_MAX && bridge.sent - self.told < OUTBOX_MAX as u64
    }

    /// Ends the session, which says so if that is taken.
    pub(super) fn end(self, refusal: Refusal) {
        // One that has ended by itself does not hear it.
        drop(self.end.send(refusal));
    }

    fn is_behind(&self, bridge: &Bridge) -> bool {
        !self.objections.is_empty()
            || self.told < bridge.sent
            || self.acknowledged < bridge.received
    }

    /// The next of what there is.
    fn batch(&mut self, bridges: &Bridges) -> Vec<ToBridge> {
        let bridge = bridges.get(self.bridge);
        let mut batch = std::mem::take(&mut self.objections);
        for effect in bridges
            .effects_after(self.bridge, self.told)
            .take(BATCH_MAX)
        {
            // The outbox may have let go of some that were never sent.
            if effect.effect != self.told + 1 {
                return batch;
            }
            batch.push(ToBridge::Effect(effect.clone()));
            self.told = effect.effect;
        }
        if self.told == bridge.sent && self.acknowledged < bridge.received {
            self.acknowledged = bridge.received;
            let seq = bridge.received;
            batch.push(ToBridge::Ack { seq });
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::bridge::protocol::Act;
    use crate::daemon::bridge::protocol::Code;
    use crate::daemon::bridge::protocol::PROTOCOL;

    /// A bridge whose connection takes so many batches, and what it takes.
    fn connection(batches: usize) -> (Bridges, Connection, mpsc::Receiver<Vec<ToBridge>>) {
        let mut bridges = Bridges::default();
        let bridge = bridges.find_or_add("b");
        let hello = Hello {
            protocol: PROTOCOL,
            bridge: "b".to_owned(),
            token: None,
            can: Vec::new(),
            devices: Vec::new(),
            clock_ms: 0,
            resume: None,
            calls: Vec::new(),
        };
        let welcome = Welcome::example();
        let (orders, taken) = mpsc::channel(batches);
        let (end, _ended) = oneshot::channel();
        let connection = Connection::new(bridge, (orders, end), (&hello, &welcome), Tick(0));
        (bridges, connection, taken)
    }

    fn ask(bridges: &mut Bridges, connection: &Connection, effects: usize) {
        for _ in 0..effects {
            let call = "c".to_owned();
            bridges.send(connection.bridge, Act::Answer { call });
        }
    }

    #[test]
    fn what_is_not_taken_yet_is_sent_later_and_in_order() {
        let (mut bridges, mut connection, mut taken) = connection(2);
        ask(&mut bridges, &connection, 3 * BATCH_MAX);
        connection.object(Refusal {
            code: Code::BadValue,
            message: String::new(),
            seq: None,
            fatal: false,
        });
        assert!(connection.send(&bridges) && connection.is_lagging());
        let first = taken.try_recv().expect("a batch");
        assert!(matches!(first[0], ToBridge::Error(_)), "objections first");
        assert!(connection.send(&bridges));
        assert!(!connection.is_lagging() && connection.told() == bridges.get(BridgeId(0)).sent);
        let mut effects = first[1..].to_vec();
        while let Ok(batch) = taken.try_recv() {
            effects.extend(batch);
        }
        let numbers = effects.iter().map(|effect| match effect {
            ToBridge::Effect(effect) => effect.effect,
            other => panic!("{other:?}"),
        });
        assert!(numbers.eq(1..=3 * BATCH_MAX as u64));
    }

    #[test]
    fn a_bridge_that_takes_nothing_is_given_up_in_the_end() {
        let (mut bridges, mut connection, _taken) = connection(1);
        ask(&mut bridges, &connection, 2 * BATCH_MAX);
        assert!(connection.send(&bridges));
        connection.lagging = Instant::now().checked_sub(LAGGING_MAX);
        assert!(!connection.send(&bridges));
    }

    #[test]
    fn no_effect_is_left_out() {
        let (mut bridges, mut connection, _taken) = connection(2 * OUTBOX_MAX / BATCH_MAX);
        ask(&mut bridges, &connection, OUTBOX_MAX + 1);
        // The first one is gone from the outbox, and was never sent.
        assert!(!connection.send(&bridges));
        assert_eq!(connection.told(), 0);
    }
}
