//! The owner's thread: mail in, batches through the owner, effects out.

mod comings;
mod connection;
mod taking;

use crate::daemon::bridge::protocol::Code;
use crate::daemon::bridge::protocol::Refusal;
use crate::daemon::bridge::protocol::ToBridge;
use crate::daemon::bridge::protocol::Welcome;
use crate::daemon::bridge::wire;
use crate::daemon::clock::Clock;
use crate::daemon::clock::Leap;
use crate::daemon::codel::Codel;
use crate::daemon::journal::error::JournalError;
use crate::daemon::journal::rows::DeliveryRow;
use crate::daemon::journal::rows::Outstanding;
use crate::daemon::log;
use crate::daemon::lookup::Question;
use crate::daemon::mailbox::ConnectionId;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Mail;
use crate::daemon::mailbox::Query;
use crate::daemon::mailbox::Reading;
use crate::daemon::owner::NotPublished;
use crate::daemon::owner::Owner;
use crate::daemon::owner::Publication;
use crate::daemon::seldom::Seldom;
use crate::daemon::site::AgentObjection;
use crate::daemon::site::BridgeId;
use crate::daemon::site::CallbackView;
use crate::daemon::site::RequestObjection;
use crate::daemon::snapshots::Snapshots;
use crate::daemon::wallboard::AgentView;
use crate::daemon::wallboard::LineView;
use crate::daemon::wallboard::Wallboard;
use crate::exchange::id::CallId;
use crate::exchange::id::LookupId;
use crate::measure::worth::WorthRows;
use comings::Comings;
use connection::Connection;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::mpsc;
use tokio::sync::oneshot;
use tokio::sync::watch;
use tokio::time::sleep_until;

/// Things of one class taken into one batch.
const TAKEN_MAX: usize = 4096;
/// New calls taken into one batch.
const TAKEN_CALLS_MAX: usize = 1024;
/// From one batch to the next under overload.
const GATHERING: Duration = Duration::from_millis(3);
/// Something is done at least this often: wallboards, a look for room on the disk.
const HOUSEKEEPING: Duration = Duration::from_millis(500);
const DISK_FULL: &str =
    "the journal's disk is full: no new calls are taken until 32 MB are free on it";
/// How soon a bridge that was not taking its effects is tried again.
const LAGGING: Duration = Duration::from_millis(1);

/// The owner, its mail and the connections.
pub(super) struct Hub {
    owner: Owner,
    clock: Clock,
    mail: Mail,
    connections: BTreeMap<ConnectionId, Connection>,
    comings: Comings,
    /// A key whose turn had not come when it was taken out of its mailbox.
    key: Option<Item>,
    /// New calls that were taken out of their mailbox out of turn.
    calls: VecDeque<Item>,
    calls_codel: Codel,
    queries_codel: Codel,
    /// What is said when the batch is safe.
    after: Vec<After>,
    /// Keys of each call in this batch.
    keys: BTreeMap<(BridgeId, String), usize>,
    snapshots: Snapshots,
    questions: mpsc::Sender<Question>,
    deliveries: mpsc::Sender<DeliveryRow>,
    board: watch::Sender<Wallboard>,
    phase: watch::Receiver<Phase>,
    kept_house: Instant,
    /// Whether it was said last that the disk is full.
    told_full: bool,
    /// When the last batch began.
    began: Instant,
    /// New calls refused since that was last said.
    turned_away: u64,
    /// Look-ups of which nothing could be asked.
    unasked: Vec<(CallId, LookupId)>,
    /// That something cannot be read.
    unread: Seldom,
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
    End(Connection, Refusal),
    Welcome(
        oneshot::Sender<Result<Welcome, Refusal>>,
        mpsc::Sender<Vec<ToBridge>>,
        Welcome,
    ),
    Agent(
        String,
        oneshot::Sender<Result<AgentView, AgentObjection>>,
        Result<(), AgentObjection>,
    ),
    Published(
        oneshot::Sender<Result<Publication, NotPublished>>,
        Result<Publication, NotPublished>,
    ),
    Switched(String, oneshot::Sender<Option<LineView>>, bool),
    Promised(
        oneshot::Sender<Result<CallbackView, RequestObjection>>,
        Result<CallbackView, RequestObjection>,
    ),
    Withdrawn(oneshot::Sender<Option<CallbackView>>, Option<CallbackView>),
    SentAgain(Reading<(usize, Outstanding)>, Result<usize, JournalError>),
    Query(Query),
}

impl Hub {
    pub(super) fn new(
        mut owner: Owner,
        mail: Mail,
        (questions, deliveries): (mpsc::Sender<Question>, mpsc::Sender<DeliveryRow>),
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
            comings: Comings::default(),
            key: None,
            calls: VecDeque::new(),
            calls_codel: Codel::default(),
            queries_codel: Codel::default(),
            after: Vec::new(),
            keys: BTreeMap::new(),
            questions,
            deliveries,
            board,
            phase,
            kept_house: Instant::now(),
            told_full: false,
            began: Instant::now(),
            turned_away: 0,
            unasked: Vec::new(),
            unread: Seldom::default(),
        }
    }

    /// Works until it is told to stop, or the journal fails.
    ///
    /// # Errors
    /// If the journal fails: nobody has seen anything of the last batch.
    pub(super) async fn run(mut self) -> Result<(), JournalError> {
        self.keep_house();
        self.ask();
        while let Some(first) = self.next().await {
            self.gather().await;
            let now = self.clock.now();
            self.owner.begin(now);
            if let Some(leap) = self.clock.leap() {
                self.follow(leap)?;
            }
            for name in std::mem::take(&mut self.unasked) {
                self.owner.cannot_ask(name);
            }
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

    /// The wall clock was set: time goes on from where it is now.
    fn follow(&mut self, leap: Leap) -> Result<(), JournalError> {
        log::say(leap);
        self.owner.leap(leap)?;
        let origin_ms = self.owner.site().exchange().origin_ms();
        self.clock = Clock::after(self.owner.now(), origin_ms);
        Ok(())
    }

    /// Waits for mail or for something to fall due. None: it is time to stop.
    async fn next(&mut self) -> Option<Option<Item>> {
        let now = Instant::now();
        let lagging = self.connections.values().any(Connection::is_lagging);
        let mut until = now + if lagging { LAGGING } else { HOUSEKEEPING };
        if let Some(due) = self.owner.next_deadline() {
            until = until.min(self.clock.instant(due));
        }
        if !self.calls.is_empty() || !self.unasked.is_empty() {
            until = now;
        }
        let Mail {
            urgent,
            keys,
            calls,
            queries,
            ..
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

    /// Under overload, gives a batch time to grow: what a batch costs, however small, is then paid
    /// less often, and more calls are carried.
    async fn gather(&mut self) {
        if self.calls_codel.is_overloaded(Instant::now()) {
            sleep_until((self.began + GATHERING).into()).await;
        }
        self.began = Instant::now();
    }

    /// Takes what waits by now, class by class.
    fn take_waiting(&mut self) {
        for _ in 0..TAKEN_MAX {
            let Ok(item) = self.mail.urgent.try_recv() else {
                break;
            };
            self.take(item);
        }
        for _ in 0..TAKEN_MAX {
            let Some(item) = self.next_key() else {
                break;
            };
            self.take(item);
        }
        self.take_calls();
        if let Some(item) = self.key.take() {
            self.take(item);
        }
        while let Ok(item) = self.mail.queries.try_recv() {
            self.take(item);
        }
        self.keys.clear();
    }

    fn take_calls(&mut self) {
        for _ in 0..TAKEN_CALLS_MAX {
            let waiting = self.calls.pop_front();
            let Some(item) = waiting.or_else(|| self.mail.calls.try_recv().ok()) else {
                return;
            };
            self.take(item);
        }
    }

    /// The batch is safe: says what came of it, and sends the effects.
    fn release(&mut self) {
        self.ask();
        self.deliver();
        for after in std::mem::take(&mut self.after) {
            self.say(after);
        }
        let bridges = self.owner.site().bridges();
        let mut slow = Vec::new();
        for (id, connection) in &mut self.connections {
            if !connection.send(bridges) {
                slow.push(*id);
            }
        }
        for id in slow {
            let message = "the bridge does not take what it is sent: connect again";
            self.leave(id, wire::fatal(Code::TooSlow, message));
        }
        if self.kept_house.elapsed() >= HOUSEKEEPING {
            self.keep_house();
        }
    }

    /// Has other systems asked what calls want to know. What cannot be asked fails with the next batch.
    fn ask(&mut self) {
        for question in self.owner.questions() {
            let unasked = match question {
                Ok(question) => {
                    let name = (question.call, question.lookup);
                    self.questions.try_send(question).err().map(|_| name)
                }
                Err(name) => Some(name),
            };
            self.unasked.extend(unasked);
        }
    }

    /// Has other systems told what is due; what cannot be read now is due again soon.
    fn deliver(&mut self) {
        match self.owner.due() {
            // There is room for as many as are given at one time.
            Ok(rows) => rows
                .into_iter()
                .for_each(|row| drop(self.deliveries.try_send(row))),
            Err(error) => log::say(format_args!("nothing can be sent: {error}")),
        }
    }

    fn say(&mut self, after: After) {
        match after {
            After::End(connection, refusal) => connection.end(refusal),
            After::Welcome(reply, orders, welcome) => {
                drop(orders.try_send(vec![ToBridge::Welcome(welcome.clone())]));
                drop(reply.send(Ok(welcome)));
            }
            After::Agent(agent, reply, result) => {
                let view = result.map(|()| self.agent_view(&agent));
                drop(reply.send(view));
            }
            After::Switched(line, reply, known) => {
                let board = self.wallboard();
                let view = board.lines.into_iter().find(|view| view.line == line);
                drop(reply.send(view.filter(|_| known)));
            }
            After::Promised(reply, result) => drop(reply.send(result)),
            After::Withdrawn(reply, withdrawn) => drop(reply.send(withdrawn)),
            After::Published(reply, result) => {
                if let Ok(publication) = &result
                    && publication.changed
                {
                    let Publication { version, calls, .. } = publication;
                    log::say(format_args!(
                        "menus version {version} in force; {calls} calls go on with theirs"
                    ));
                    if !publication.gone_lines.is_empty() {
                        let gone: Vec<&str> =
                            publication.gone_lines.iter().map(String::as_str).collect();
                        log::say(format_args!(
                            "no more calls are taken for {}",
                            gone.join(", ")
                        ));
                    }
                    if !publication.moved_back.is_empty() {
                        let back: Vec<&str> =
                            publication.moved_back.iter().map(String::as_str).collect();
                        log::say(format_args!(
                            "in the groups of the files again, where they had been moved to others: {}",
                            back.join(", ")
                        ));
                    }
                }
                drop(reply.send(result));
            }
            After::SentAgain(reply, count) => {
                let left = self.owner.outstanding();
                self.tell(reply, count.map(|count| (count, left)));
            }
            After::Query(query) => self.answer(query),
        }
    }

    fn agent_view(&self, name: &str) -> AgentView {
        let site = self.owner.site();
        let agent = site.agent_named(name).expect("the agent has just acted");
        AgentView::of(site, agent, self.now())
    }

    fn answer(&mut self, query: Query) {
        match query {
            Query::Wallboard(reply) => drop(reply.send(Box::new(self.wallboard()))),
            Query::RecentCalls(limit, reply) => {
                let rows = self.owner.journal().recent_cdrs(limit);
                self.tell(reply, rows);
            }
            Query::Callbacks(limit, reply) => {
                drop(reply.send(self.owner.site().callbacks(limit)));
            }
            Query::Messages(limit, reply) => {
                let rows = self.owner.journal().messages(limit);
                self.tell(reply, rows);
            }
            Query::Recordings(limit, reply) => {
                let rows = self.owner.journal().recordings(limit);
                self.tell(reply, rows);
            }
            Query::Surveys(limit, reply) => {
                let rows = self.owner.journal().surveys(limit);
                self.tell(reply, rows);
            }
            Query::Outbox(limit, reply) => {
                let rows = self.owner.journal().deliveries(limit);
                self.tell(reply, rows);
            }
            Query::Editions(limit, reply) => {
                let rows = self.owner.journal().editions(limit);
                let in_force = self.owner.site().version();
                self.tell(reply, rows.map(|rows| (in_force, rows)));
            }
            Query::Answers(reply) => {
                let site = self.owner.site();
                let (plan, worth) = (site.exchange().plan(), site.worth());
                let rows = WorthRows::of_one(plan, worth.figures(plan));
                drop(reply.send((site.unix_ms(worth.since()), Box::new(rows))));
            }
            Query::State(reply) => {
                let site = self.owner.site();
                let _ = reply.send((site.position(), site.hash()));
            }
        }
    }

    /// Tells what the journal holds. Where it cannot be read, the operator hears of it too.
    fn tell<T>(&mut self, reply: Reading<T>, read: Result<T, JournalError>) {
        if let Err(error) = &read
            && self.unread.is_due(Instant::now())
        {
            log::say(error);
        }
        drop(reply.send(read));
    }

    fn trouble(&self) -> Option<&'static str> {
        if self.owner.disk_full() {
            Some(DISK_FULL)
        } else if *self.phase.borrow() != Phase::Running {
            Some("the daemon is stopping: no new calls are taken")
        } else {
            None
        }
    }

    fn wallboard(&self) -> Wallboard {
        Wallboard {
            outbox: self.owner.outstanding(),
            ..Wallboard::of(self.owner.site(), self.now(), self.trouble())
        }
    }

    fn keep_house(&mut self) {
        self.kept_house = Instant::now();
        self.owner.look_for_due();
        if self.owner.disk_full() {
            self.owner.look_for_room();
        }
        let full = self.owner.disk_full();
        match (std::mem::replace(&mut self.told_full, full), full) {
            (false, true) => log::say(DISK_FULL),
            (true, false) => log::say("the journal has room again: new calls are taken"),
            _ => {}
        }
        if self.turned_away > 0 {
            let calls = std::mem::take(&mut self.turned_away);
            log::say(format_args!("overload: {calls} new calls were refused"));
        }
        self.board.send_replace(self.wallboard());
    }

    fn take_snapshot(&mut self) {
        match self.snapshots.written.try_recv() {
            Ok(Ok(written)) => self.owner.keep_snapshot(written),
            // There was too little room for one beside the calls in progress.
            Ok(Err(JournalError::Full)) if self.owner.disk_full() => {}
            // The journal itself may be well: its next commit says so.
            Ok(Err(JournalError::Io(what))) => {
                log::say(format_args!("no snapshot could be written: {what}"));
            }
            Ok(Err(error)) => log::say(format_args!("no snapshot could be written: {error}")),
            Err(_) => {}
        }
        if let Some(site) = self.owner.snapshot_due() {
            // One that is still being written will do.
            drop(self.snapshots.sites.try_send(site));
        }
    }
}
