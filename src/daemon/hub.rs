//! The owner's thread: mail in, batches through the owner, effects out.

use super::bridge::protocol::Code;
use super::bridge::protocol::Event;
use super::bridge::protocol::Hello;
use super::bridge::protocol::Refusal;
use super::bridge::protocol::RefuseReason;
use super::bridge::protocol::Report;
use super::bridge::protocol::ToBridge;
use super::bridge::protocol::Welcome;
use super::bridge::wire;
use super::clock::Clock;
use super::codel::Codel;
use super::entry::AgentAct;
use super::journal::error::JournalError;
use super::mailbox::ConnectionId;
use super::mailbox::Item;
use super::mailbox::Mail;
use super::mailbox::Query;
use super::owner::AgentObjection;
use super::owner::BATCH_KEYS_MAX;
use super::owner::Owner;
use super::site::BridgeId;
use super::site::OUTBOX_MAX;
use super::snapshots::Snapshots;
use super::wallboard::AgentView;
use super::wallboard::Wallboard;
use crate::exchange::time::Tick;
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

    fn take(&mut self, item: Item) {
        match item {
            Item::Join {
                connection,
                hello,
                orders,
                reply,
            } => self.join(connection, &hello, orders, reply),
            Item::Leave { connection } => self.leave(connection),
            Item::Clock {
                connection,
                clock_ms,
            } => {
                let now = self.now();
                if let Some(connection) = self.connections.get_mut(&connection) {
                    connection.offset_ms = (now.0 as i64).saturating_sub(clock_ms);
                }
            }
            Item::CarriedOut { connection, effect } => self.carried_out(connection, effect),
            Item::Report {
                connection,
                report,
                came,
            } => self.report(connection, report, came),
            Item::Unreadable {
                connection,
                refusal,
            } => self.unreadable(connection, refusal),
            Item::Agent { agent, act, reply } => self.agent(agent, act, reply),
            Item::Query { query, came } => {
                if !self.queries_codel.sheds(came, Instant::now()) {
                    self.after.push(After::Query(query));
                }
            }
        }
    }

    fn now(&self) -> Tick {
        self.owner.now()
    }

    fn join(
        &mut self,
        id: ConnectionId,
        hello: &Hello,
        orders: mpsc::Sender<ToBridge>,
        reply: oneshot::Sender<Result<Welcome, Refusal>>,
    ) {
        let (bridge, welcome) = match self.owner.join(hello) {
            Ok(joined) => joined,
            Err(code) => {
                let refusal = wire::fatal(code, "this daemon serves no more bridges");
                return drop(reply.send(Err(refusal)));
            }
        };
        let before = self.connections.iter();
        let before = before.filter(|(_, other)| other.bridge == bridge);
        let before: Vec<ConnectionId> = before.map(|(id, _)| *id).collect();
        for id in before {
            self.end(
                id,
                Code::Replaced,
                "a newer connection speaks for this bridge",
            );
        }
        let resumed = hello.resume.as_ref().filter(|_| welcome.resumed);
        let connection = Connection {
            bridge,
            orders: orders.clone(),
            told: resumed.map_or(0, |resume| resume.effect),
            acknowledged: welcome.received,
            offset_ms: (self.now().0 as i64).saturating_sub(hello.clock_ms),
            lagging: false,
        };
        self.connections.insert(id, connection);
        self.after.push(After::Welcome(reply, orders, welcome));
    }

    /// Gives up on a bridge that is hopelessly behind; written down with the next batch.
    fn drop_slow(&mut self, id: ConnectionId, message: &str) {
        if let Some(connection) = self.connections.get(&id) {
            let orders = connection.orders.clone();
            self.leave(id);
            drop(orders.try_send(ToBridge::Error(wire::fatal(Code::TooSlow, message))));
        }
    }

    /// Ends a connection from this side.
    fn end(&mut self, id: ConnectionId, code: Code, message: &str) {
        if let Some(connection) = self.connections.remove(&id) {
            let refusal = ToBridge::Error(wire::fatal(code, message));
            self.after.push(After::Say(connection.orders, refusal));
        }
    }

    fn leave(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.remove(&id) {
            let bridges = self.owner.site().bridges();
            let name = bridges.get(connection.bridge).name.clone();
            self.owner.lose(&name);
        }
    }

    fn report(&mut self, id: ConnectionId, report: Report, came: Instant) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let bridge = connection.bridge;
        if !matches!(report.event, Event::Key { .. } | Event::PlayDone { .. }) {
            self.take_keys_before(bridge, report.seq);
        }
        if let Event::CallStarted { .. } = report.event {
            let connection = id;
            let item = Item::Report {
                connection,
                report,
                came,
            };
            return self.take_call(item, true);
        }
        if let Some(call) = call_of(&report.event)
            && self.owner.site().bridges().call(bridge, call).is_none()
        {
            self.take_start_of(id, call);
        }
        if let Event::Key { call, .. } = &report.event {
            let keys = self.keys.entry((bridge, call.clone())).or_default();
            *keys += 1;
            if *keys > BATCH_KEYS_MAX {
                self.owner.pass(bridge, report.seq);
                return self.refuse(id, (Code::TooManyKeys, "too many keys at once"), report.seq);
            }
        }
        self.hand_over(id, report);
    }

    /// What a call did before this report may still wait with the keys: a key is not to find its
    /// call ended by the hang-up after it.
    fn take_keys_before(&mut self, bridge: BridgeId, seq: u64) {
        if self.owner.site().bridges().get(bridge).received + 1 >= seq {
            return;
        }
        while let Ok(item) = self.mail.keys.try_recv() {
            self.take(item);
        }
    }

    /// A new call: taken, or refused when everything waits too long.
    fn take_call(&mut self, item: Item, may_shed: bool) {
        let Item::Report {
            connection: id,
            report,
            came,
        } = item
        else {
            return;
        };
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        let bridge = connection.bridge;
        let sheds = may_shed && self.calls_codel.sheds(came, Instant::now());
        if *self.phase.borrow() != Phase::Running {
            let now = self.now();
            self.owner
                .refuse(bridge, now, report, RefuseReason::Stopping);
        } else if sheds {
            self.shed += 1;
            let now = self.now();
            self.owner
                .refuse(bridge, now, report, RefuseReason::Overload);
        } else {
            self.hand_over(id, report);
        }
    }

    /// A report of a call that is not known may have overtaken the call's start.
    fn take_start_of(&mut self, id: ConnectionId, name: &str) {
        while let Ok(item) = self.mail.calls.try_recv() {
            self.calls.push_back(item);
        }
        let starts = |item: &Item| match item {
            Item::Report {
                connection, report, ..
            } => *connection == id && call_of(&report.event) == Some(name),
            _ => false,
        };
        if let Some(place) = self.calls.iter().position(starts)
            && let Some(item) = self.calls.remove(place)
        {
            self.take_call(item, false);
        }
    }

    fn hand_over(&mut self, id: ConnectionId, report: Report) {
        let now = self.now();
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let at = report.at_ms.map_or(now, |at_ms| {
            let least = (now.0 as i64).saturating_sub(at_ms);
            connection.offset_ms = connection.offset_ms.min(least);
            Tick(at_ms.saturating_add(connection.offset_ms).max(0) as u64)
        });
        let (bridge, seq) = (connection.bridge, report.seq);
        if let Err(objection) = self.owner.report(bridge, at, report) {
            self.refuse(id, objection, seq);
        }
    }

    fn carried_out(&mut self, id: ConnectionId, effect: u64) {
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        if effect <= connection.told {
            return self.owner.carried_out(connection.bridge, effect);
        }
        let message = format!(
            "effect {effect} was never sent: the last was {}",
            connection.told
        );
        let refusal = Refusal {
            code: Code::BadValue,
            message,
            seq: None,
            fatal: false,
        };
        let orders = connection.orders.clone();
        self.after
            .push(After::Say(orders, ToBridge::Error(refusal)));
    }

    fn unreadable(&mut self, id: ConnectionId, refusal: Refusal) {
        if let Some(connection) = self.connections.get(&id) {
            if let Some(seq) = refusal.seq {
                self.owner.pass(connection.bridge, seq);
            }
            let orders = connection.orders.clone();
            self.after
                .push(After::Say(orders, ToBridge::Error(refusal)));
        }
    }

    fn refuse(&mut self, id: ConnectionId, (code, message): (Code, &str), seq: u64) {
        if let Some(connection) = self.connections.get(&id) {
            let refusal = Refusal {
                code,
                message: message.to_owned(),
                seq: Some(seq),
                fatal: false,
            };
            let orders = connection.orders.clone();
            self.after
                .push(After::Say(orders, ToBridge::Error(refusal)));
        }
    }

    fn agent(
        &mut self,
        agent: String,
        act: AgentAct,
        reply: oneshot::Sender<Result<AgentView, AgentObjection>>,
    ) {
        let result = self.owner.agent(&agent, act);
        self.after.push(After::Agent(agent, reply, result));
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
        bridges.outstanding(connection.bridge) < OUTBOX_MAX
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

/// The call that a report is about.
fn call_of(event: &Event) -> Option<&str> {
    match event {
        Event::CallStarted { call, .. }
        | Event::Key { call, .. }
        | Event::PlayDone { call, .. }
        | Event::CallEnded { call }
        | Event::RecordingDone { call, .. }
        | Event::TransferDone { call }
        | Event::TransferFailed { call } => Some(call),
        _ => None,
    }
}
