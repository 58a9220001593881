//! The owner's thread: mail in, batches through the owner, effects out.

mod taking;

use crate::daemon::bridge::protocol::Refusal;
use crate::daemon::bridge::protocol::ToBridge;
use crate::daemon::bridge::protocol::Welcome;
use crate::daemon::clock::Clock;
use crate::daemon::codel::Codel;
use crate::daemon::journal::error::JournalError;
use crate::daemon::mailbox::ConnectionId;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Mail;
use crate::daemon::mailbox::Query;
use crate::daemon::owner::AgentObjection;
use crate::daemon::owner::Owner;
use crate::daemon::site::BridgeId;
use crate::daemon::site::OUTBOX_MAX;
use crate::daemon::snapshots::Snapshots;
use crate::daemon::wallboard::AgentView;
use crate::daemon::wallboard::Wallboard;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::sync::oneshot;
use tokio::sync::watch;
use tokio::time::sleep_until;

/// Things of one class taken into one batch.
const BATCH_MAX: usize = 512;
/// New calls taken into one batch.
const BATCH_CALLS_MAX: usize = 128;
/// Something is done at least this often: wallboards, a look for room on the disk.
const HOUSEKEEPING: Duration = Duration::from_millis(500);
/// How soon a bridge that was not taking its effects is tried again.
const LAGGING: Duration = Duration::from_millis(5);

/// The owner, its mail and the connections.
pub(super) struct Hub {
    owner: Owner,
    clock: Clock,
    mail: Mail,
    connections: BTreeMap<ConnectionId, Connection>,
    /// New calls that were taken out of their mailbox out of turn.
    calls: VecDeque<Item>,
    calls_codel: Codel,
    queries_codel: Codel,
    /// What is said when the batch is safe.
    after: Vec<After>,
    /// Keys of each call in this batch.
    keys: BTreeMap<(BridgeId, String), usize>,
    snapshots: Snapshots,
    board: watch::Sender<Wallboard>,
    phase: watch::Receiver<Phase>,
    kept_house: Instant,
    shed: u64,
}

/// One connection of one bridge.
struct Connection {
    bridge: BridgeId,
    orders: mpsc::Sender<ToBridge>,
    /// The last effect told, and the last report acknowledged.
    told: u64,
    acknowledged: u64,
    /// Tick less the bridge's clock: the least that was seen is the least delayed.
    offset_ms: i64,
    lagging: bool,
}

/// Where the daemon is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// New calls are taken.
    Running,
    /// New calls are refused; those in progress go on.
    Draining,
    /// The owner is to end after the present batch.
    Stopped,
}

enum After {
    Say(mpsc::Sender<ToBridge>, ToBridge),
    Welcome(
        oneshot::Sender<Result<Welcome, Refusal>>,
        mpsc::Sender<ToBridge>,
        Welcome,
    ),
    Agent(
        String,
        oneshot::Sender<Result<AgentView, AgentObjection>>,
        Result<(), AgentObjection>,
    ),
    Query(Query),
}

impl Hub {
    pub(super) fn new(
        mut owner: Owner,
        mail: Mail,
        board: watch::Sender<Wallboard>,
        phase: watch::Receiver<Phase>,
    ) -> Self {
        let exchange = owner.site().exchange();
        let clock = Clock::after(exchange.now(), exchange.origin_ms());
        Self {
            snapshots: Snapshots::start(owner.journal().snapshot_sink()),
            owner,
            clock,
            mail,
            connections: BTreeMap::new(),
            calls: VecDeque::new(),
            calls_codel: Codel::default(),
            queries_codel: Codel::default(),
            after: Vec::new(),
            keys: BTreeMap::new(),
            board,
            phase,
            kept_house: Instant::now(),
            shed: 0,
        }
    }

    /// Works until it is told to stop, or the journal fails.
    ///
    /// # Errors
    /// If the journal fails: nobody has seen anything of the last batch.
    pub(super) async fn run(mut self) -> Result<(), JournalError> {
        self.keep_house();
        while let Some(first) = self.next().await {
            let now = self.clock.now();
            self.owner.begin(now);
            if let Some(item) = first {
                self.take(item);
            }
            self.take_waiting();
            self.owner.commit()?;
            self.release();
            self.take_snapshot();
            self.owner.journal().tidy()?;
        }
        Ok(())
    }

    /// Waits for mail or for something to fall due. None: it is time to stop.
    async fn next(&mut self) -> Option<Option<Item>> {
        let now = Instant::now();
        let lagging = self.connections.values().any(|other| other.lagging);
        let mut until = now + if lagging { LAGGING } else { HOUSEKEEPING };
        if let Some(due) = self.owner.next_deadline() {
            until = until.min(self.clock.instant(due));
        }
        if !self.calls.is_empty() {
            until = now;
        }
        let Mail {
            urgent,
            keys,
            calls,
            queries,
        } = &mut self.mail;
        let first = tokio::select! {
            biased;
            item = urgent.recv() => item,
            item = keys.recv() => item,
            item = calls.recv() => {
                self.calls.extend(item);
                None
            }
            item = queries.recv() => item,
            () = sleep_until(until.into()) => None,
            _ = self.phase.changed() => None,
        };
        (*self.phase.borrow() != Phase::Stopped).then_some(first)
    }

    /// Takes what waits by now, class by class.
    fn take_waiting(&mut self) {
        for _ in 0..BATCH_MAX {
            let Ok(item) = self.mail.urgent.try_recv() else {
                break;
            };
            self.take(item);
        }
        for _ in 0..BATCH_MAX {
            let Ok(item) = self.mail.keys.try_recv() else {
                break;
            };
            self.take(item);
        }
        self.take_calls();
        while let Ok(item) = self.mail.queries.try_recv() {
            self.take(item);
        }
        self.queries_codel.is_empty_now();
        self.keys.clear();
    }

    fn take_calls(&mut self) {
        for _ in 0..BATCH_CALLS_MAX {
            let waiting = self.calls.pop_front();
            let Some(item) = waiting.or_else(|| self.mail.calls.try_recv().ok()) else {
                return self.calls_codel.is_empty_now();
            };
            self.take_call(item, true);
        }
    }

    /// The batch is safe: says what came of it, and sends the effects.
    fn release(&mut self) {
        for after in std::mem::take(&mut self.after) {
            self.say(after);
        }
        let ids: Vec<ConnectionId> = self.connections.keys().copied().collect();
        for id in ids {
            if !self.send_effects(id) {
                let slow = "the bridge does not take its effects: it must say afresh what it has";
                self.drop_slow(id, slow);
            }
        }
        if self.kept_house.elapsed() >= HOUSEKEEPING {
            self.keep_house();
        }
    }

    fn say(&mut self, after: After) {
        match after {
            // A bridge that takes nothing finds out by its effects.
            After::Say(orders, message) => drop(orders.try_send(message)),
            After::Welcome(reply, orders, welcome) => {
                drop(orders.try_send(ToBridge::Welcome(welcome.clone())));
                drop(reply.send(Ok(welcome)));
            }
            After::Agent(agent, reply, result) => {
                let view = result.map(|()| self.agent_view(&agent));
                drop(reply.send(view));
            }
            After::Query(query) => self.answer(query),
        }
    }

    fn agent_view(&self, name: &str) -> AgentView {
        let site = self.owner.site();
        let agent = site.agent_named(name).expect("the agent has just acted");
        AgentView::of(site, agent, self.now())
    }

    /// Sends a connection its effects, as far as it takes them; false if it is hopelessly behind.
    fn send_effects(&mut self, id: ConnectionId) -> bool {
        let Some(connection) = self.connections.get_mut(&id) else {
            return true;
        };
        let bridges = self.owner.site().bridges();
        let bridge = bridges.get(connection.bridge);
        connection.lagging = false;
        if bridge.sent > connection.told {
            for effect in bridges.effects_after(connection.bridge, connection.told) {
                let Ok(room) = connection.orders.try_reserve() else {
                    connection.lagging = true;
                    break;
                };
                room.send(ToBridge::Effect(effect.clone()));
                connection.told = effect.effect;
            }
        }
        if bridge.received > connection.acknowledged
            && let Ok(room) = connection.orders.try_reserve()
        {
            let seq = bridge.received;
            room.send(ToBridge::Ack { seq });
            connection.acknowledged = seq;
        }
        // Effects that were told and are not acknowledged yet may be dropped: the bridge then cannot
        // resume. Those that it does not take may not.
        bridge.sent - connection.told < OUTBOX_MAX as u64
    }

    fn answer(&mut self, query: Query) {
        match query {
            Query::Wallboard(reply) => drop(reply.send(Box::new(self.wallboard()))),
            Query::RecentCalls(limit, reply) => {
                let rows = self.owner.journal().recent_cdrs(limit);
                drop(reply.send(rows.unwrap_or_default()));
            }
            Query::Messages(limit, reply) => {
                let rows = self.owner.journal().messages(limit);
                drop(reply.send(rows.unwrap_or_default()));
            }
            Query::State(reply) => {
                let site = self.owner.site();
                let _ = reply.send((site.position(), site.hash()));
            }
        }
    }

    fn trouble(&self) -> Option<&'static str> {
        if self.owner.disk_full() {
            Some("the journal's disk is full: no new calls are taken")
        } else if *self.phase.borrow() != Phase::Running {
            Some("the daemon is stopping: no new calls are taken")
        } else {
            None
        }
    }

    fn wallboard(&self) -> Wallboard {
        Wallboard::of(self.owner.site(), self.now(), self.trouble())
    }

    fn keep_house(&mut self) {
        self.kept_house = Instant::now();
        if self.owner.disk_full() {
            self.owner.look_for_room();
            if self.owner.disk_full() {
                eprintln!("strowger: the journal's disk is full: no new calls are taken");
            } else {
                eprintln!("strowger: the journal has room again: new calls are taken");
            }
        }
        if self.shed > 0 {
            eprintln!("strowger: overload: {} new calls were refused", self.shed);
            self.shed = 0;
        }
        self.board.send_replace(self.wallboard());
    }

    fn take_snapshot(&mut self) {
        match self.snapshots.written.try_recv() {
            Ok(Ok(written)) => self.owner.keep_snapshot(written),
            Ok(Err(error)) => eprintln!("strowger: no snapshot could be written: {error}"),
            Err(_) => {}
        }
        if let Some(site) = self.owner.snapshot_due() {
            // One that is still being written will do.
            drop(self.snapshots.sites.try_send(site));
        }
    }
}
