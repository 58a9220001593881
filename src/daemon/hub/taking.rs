//! What each thing in the mail does to the batch.

use super::After;
use super::Connection;
use super::Hub;
use super::Phase;
use crate::daemon::bridge::protocol::Code;
use crate::daemon::bridge::protocol::Event;
use crate::daemon::bridge::protocol::Hello;
use crate::daemon::bridge::protocol::Refusal;
use crate::daemon::bridge::protocol::RefuseReason;
use crate::daemon::bridge::protocol::Report;
use crate::daemon::bridge::protocol::ToBridge;
use crate::daemon::bridge::protocol::Welcome;
use crate::daemon::bridge::wire;
use crate::daemon::entry::AgentAct;
use crate::daemon::mailbox::ConnectionId;
use crate::daemon::mailbox::Item;
use crate::daemon::owner::AgentObjection;
use crate::daemon::owner::BATCH_KEYS_MAX;
use crate::daemon::site::BridgeId;
use crate::daemon::wallboard::AgentView;
use crate::exchange::time::Tick;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::sync::oneshot;

impl Hub {
    pub(super) fn take(&mut self, item: Item) {
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

    pub(super) fn now(&self) -> Tick {
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
    pub(super) fn drop_slow(&mut self, id: ConnectionId, message: &str) {
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

    pub(super) fn leave(&mut self, id: ConnectionId) {
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
    pub(super) fn take_call(&mut self, item: Item, may_shed: bool) {
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
