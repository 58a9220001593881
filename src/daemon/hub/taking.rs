//! What each thing in the mail does to the batch.

use super::After;
use super::Connection;
use super::Hub;
use super::Phase;
use crate::daemon::bridge::protocol::Code;
use crate::daemon::bridge::protocol::Event;
use crate::daemon::bridge::protocol::HEARTBEAT_MS;
use crate::daemon::bridge::protocol::Hello;
use crate::daemon::bridge::protocol::Refusal;
use crate::daemon::bridge::protocol::RefuseReason;
use crate::daemon::bridge::protocol::Report;
use crate::daemon::bridge::protocol::ToBridge;
use crate::daemon::bridge::protocol::Welcome;
use crate::daemon::bridge::wire;
use crate::daemon::entry::AgentAct;
use crate::daemon::log;
use crate::daemon::mailbox::ConnectionId;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Room;
use crate::daemon::mailbox::Which;
use crate::daemon::owner::BATCH_KEYS_MAX;
use crate::daemon::site::AgentObjection;
use crate::daemon::site::BridgeId;
use crate::daemon::site::DUPLICATE;
use crate::daemon::wallboard::AgentView;
use crate::exchange::time::Tick;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::sync::oneshot;

/// Whoever has said something so short a time ago is there.
const SPEAKS: Duration = Duration::from_millis(HEARTBEAT_MS + 1000);

impl Hub {
    pub(super) fn take(&mut self, item: Item) {
        match item {
            Item::Join {
                connection,
                hello,
                orders,
                end,
                reply,
            } => self.join(connection, &hello, (orders, end), reply),
            Item::Leave { connection, why } => drop(self.is_gone(connection, why)),
            Item::Clock {
                connection,
                clock_ms,
            } => {
                let now = self.now();
                if let Some(connection) = self.connections.get_mut(&connection) {
                    connection.heard = Instant::now();
                    connection.set_clock(now, clock_ms);
                }
            }
            Item::CarriedOut { connection, effect } => self.carried_out(connection, effect),
            Item::Report {
                connection,
                report,
                came,
                room,
            } => {
                self.keep(connection, room);
                match report.event {
                    Event::CallStarted { .. } => self.start(connection, report, came),
                    _ => self.report(connection, report),
                }
            }
            Item::Shed { connection, late } => {
                self.keep(connection, late.room);
                self.note_wait(late.came);
                self.turn_away(connection, late.starts);
            }
            Item::Unreadable {
                connection,
                refusal,
                room,
            } => {
                self.keep(connection, room);
                self.unreadable(connection, refusal);
            }
            Item::Agent { agent, act, reply } => self.agent(agent, act, reply),
            Item::LookedUp {
                call,
                lookup,
                answer,
            } => self.owner.answered(call, lookup, answer),
            Item::Attempted(attempt) => self.owner.attempted(attempt),
            Item::SendAgain { reply } => {
                let count = self.owner.send_again();
                self.after.push(After::SentAgain(reply, count));
            }
            Item::Switch {
                line,
                what,
                on,
                reply,
            } => {
                let known = self.owner.switch(&line, what, on);
                self.after.push(After::Switched(line, reply, known));
            }
            Item::AskForCallback {
                request,
                not_before_ms,
                reply,
            } => {
                let result = self.owner.ask_for_callback(request, not_before_ms);
                self.after.push(After::Promised(reply, result));
            }
            Item::WithdrawCallback { call, reply } => {
                let withdrawn = self.owner.withdraw_callback(&call);
                self.after.push(After::Withdrawn(reply, withdrawn));
            }
            Item::Publish { which, reply } => {
                let result = match which {
                    Which::New(menus) => self.owner.publish(&menus),
                    Which::Earlier(to) => self.owner.roll_back(to),
                };
                self.after.push(After::Published(reply, result));
            }
            Item::Query { query, came } => {
                let now = Instant::now();
                self.queries_codel.note(came, now);
                let sheds = self.queries_codel.is_overloaded(now);
                if !(sheds && self.mail.sheds_question(now - came)) {
                    self.after.push(After::Query(query));
                }
            }
        }
    }

    fn keep(&mut self, id: ConnectionId, room: Room) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.keep(room);
        }
    }

    pub(super) fn now(&self) -> Tick {
        self.owner.now()
    }

    fn join(
        &mut self,
        id: ConnectionId,
        hello: &Hello,
        (orders, end): (mpsc::Sender<Vec<ToBridge>>, oneshot::Sender<Refusal>),
        reply: oneshot::Sender<Result<Welcome, Refusal>>,
    ) {
        if self.is_taken(&hello.bridge)
            && let calls @ 1.. = self.owner.ended_by(hello)
        {
            let message = format!(
                "another connection of this name has just spoken, and carries calls that this hello does not \
                 list ({calls}): give each bridge a name of its own, or say hello again in a few seconds"
            );
            return drop(reply.send(Err(wire::fatal(Code::NameTaken, &message))));
        }
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
        for id in &before {
            if let Some(connection) = self.connections.remove(id) {
                let message = "a newer connection speaks for this bridge";
                let refusal = wire::fatal(Code::Replaced, message);
                self.after.push(After::End(connection, refusal));
            }
        }
        let name = &hello.bridge;
        let calls = self.owner.site().bridges().get(bridge).calls().len();
        let (who, replaces) = ((name.as_str(), calls), !before.is_empty());
        if let Some(said) = self.comings.tell(who, replaces, Instant::now()) {
            log::say(said);
            for warning in &welcome.warnings {
                log::say(format_args!("bridge \"{name}\": {warning}"));
            }
        }
        let said = (hello, &welcome);
        let connection = Connection::new(bridge, (orders.clone(), end), said, self.now());
        self.connections.insert(id, connection);
        self.after.push(After::Welcome(reply, orders, welcome));
    }

    /// Whether somebody speaks by this name at the moment. What has crashed does not, nor for long what was cut
    /// off: a bridge says something with every heartbeat.
    fn is_taken(&self, name: &str) -> bool {
        let id = self.owner.site().bridges().find(name);
        let mut connections = self.connections.values();
        connections.any(|other| Some(other.bridge) == id && other.heard.elapsed() < SPEAKS)
    }

    /// Ends a connection: the bridge is told why when that is written down.
    pub(super) fn leave(&mut self, id: ConnectionId, refusal: Refusal) {
        if let Some(connection) = self.is_gone(id, Some(refusal.code)) {
            self.after.push(After::End(connection, refusal));
        }
    }

    /// A bridge is gone, and had this connection.
    fn is_gone(&mut self, id: ConnectionId, why: Option<Code>) -> Option<Connection> {
        let connection = self.connections.remove(&id)?;
        let bridge = self.owner.site().bridges().get(connection.bridge);
        let (name, calls) = (bridge.name.clone(), bridge.calls().len());
        let why = why.map_or(String::new(), |why| format!(" ({why})"));
        log::say(format_args!(
            "bridge \"{name}\" is gone{why}; calls that wait for it: {calls}"
        ));
        self.owner.lose(&name);
        Some(connection)
    }

    fn report(&mut self, id: ConnectionId, report: Report) {
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        let bridge = connection.bridge;
        if !matches!(report.event, Event::Key { .. } | Event::PlayDone { .. }) {
            self.take_keys_before(id, bridge, report.seq);
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
    fn take_keys_before(&mut self, id: ConnectionId, bridge: BridgeId, seq: u64) {
        if self.owner.site().bridges().get(bridge).received + 1 >= seq {
            return;
        }
        while let Some(item) = self.next_key() {
            if let Item::Report {
                connection, report, ..
            } = &item
                && *connection == id
                && report.seq > seq
            {
                self.key = Some(item);
                return;
            }
            self.take(item);
        }
    }

    /// The next of the keys that wait.
    pub(super) fn next_key(&mut self) -> Option<Item> {
        self.key.take().or_else(|| self.mail.keys.try_recv().ok())
    }

    /// A new call: taken, unless the daemon is stopping.
    fn start(&mut self, id: ConnectionId, report: Report, came: Instant) {
        self.note_wait(came);
        if *self.phase.borrow() == Phase::Running {
            self.hand_over(id, report);
        } else if let Some(connection) = self.connections.get(&id) {
            let (now, reason, seq) = (self.now(), RefuseReason::Stopping, report.seq);
            let refused = self.owner.refuse(connection.bridge, now, report, reason);
            if let Err(objection) = refused {
                self.refuse(id, objection, seq);
            }
        }
    }

    /// New calls for which there is no room.
    fn turn_away(&mut self, id: ConnectionId, starts: Vec<Report>) {
        if let Some(connection) = self.connections.get(&id) {
            let all = starts.len();
            let duplicates = self
                .owner
                .shed(connection.bridge, starts, RefuseReason::Overload);
            self.turned_away += (all - duplicates.len()) as u64;
            for seq in duplicates {
                self.refuse(id, DUPLICATE, seq);
            }
        }
    }

    /// Tells those who bring calls whether everything waits too long.
    fn note_wait(&mut self, came: Instant) {
        let now = Instant::now();
        self.calls_codel.note(came, now);
        let overloaded = self.calls_codel.is_overloaded(now);
        self.mail.overloaded.store(overloaded, Ordering::Relaxed);
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
            Item::Shed { connection, late } => {
                let mut starts = late.starts.iter();
                *connection == id && starts.any(|start| call_of(&start.event) == Some(name))
            }
            _ => false,
        };
        if let Some(place) = self.calls.iter().position(starts)
            && let Some(item) = self.calls.remove(place)
        {
            self.take(item);
        }
    }

    fn hand_over(&mut self, id: ConnectionId, report: Report) {
        let now = self.now();
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let at = report
            .at_ms
            .map_or(now, |at_ms| connection.tick_of(now, at_ms));
        let (bridge, seq) = (connection.bridge, report.seq);
        if let Err(objection) = self.owner.report(bridge, at, report) {
            self.refuse(id, objection, seq);
        }
    }

    fn carried_out(&mut self, id: ConnectionId, effect: u64) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let told = connection.told();
        if effect <= told {
            return self.owner.carried_out(connection.bridge, effect);
        }
        connection.object(Refusal {
            code: Code::BadValue,
            message: format!("effect {effect} was never sent: the last was {told}"),
            seq: None,
            fatal: false,
        });
    }

    fn unreadable(&mut self, id: ConnectionId, refusal: Refusal) {
        if let Some(connection) = self.connections.get_mut(&id) {
            if let Some(seq) = refusal.seq {
                self.owner.pass(connection.bridge, seq);
            }
            connection.object(refusal);
        }
    }

    fn refuse(&mut self, id: ConnectionId, (code, message): (Code, &str), seq: u64) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.object(Refusal {
                code,
                message: message.to_owned(),
                seq: Some(seq),
                fatal: false,
            });
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
