//! What waits for the owner: one bounded mailbox for each class, so that what must not wait does
//! not wait behind what may.

use super::bridge::protocol::Code;
use super::bridge::protocol::Event;
use super::bridge::protocol::Hello;
use super::bridge::protocol::Refusal;
use super::bridge::protocol::Report;
use super::bridge::protocol::ToBridge;
use super::bridge::protocol::Welcome;
use super::codel;
use super::entry::AgentAct;
use super::journal::error::JournalError;
use super::journal::rows::CdrRow;
use super::journal::rows::DeliveryRow;
use super::journal::rows::EditionRow;
use super::journal::rows::MessageRow;
use super::journal::rows::Outstanding;
use super::journal::rows::RecordingRow;
use super::journal::rows::SurveyRow;
use super::lookup::Answer;
use super::menus::Menus;
use super::outbox::Attempt;
use super::owner::NotPublished;
use super::owner::Publication;
use super::owner::SwitchOn;
use super::site::AgentObjection;
use super::site::CallbackRequest;
use super::site::CallbackView;
use super::site::RequestObjection;
use super::wallboard::AgentView;
use super::wallboard::LineView;
use super::wallboard::Wallboard;
use crate::exchange::Switch;
use crate::exchange::id::CallId;
use crate::exchange::id::LookupId;
use crate::measure::worth::WorthRows;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc;
use tokio::sync::oneshot;

/// Hang-ups, agents, bridges, timers: never shed; who sends them waits for room.
pub const URGENT_MAX: usize = 4096;
/// Keys and ends of prompts of calls that were taken: never shed.
pub const KEYS_MAX: usize = 4096;
/// New calls: shed when they have waited too long.
pub const CALLS_WAITING_MAX: usize = 1024;
/// So many are taken even late, lest the owner waits for work while calls are turned away.
pub const LATE_MAX: usize = 256;
/// Questions: shed first.
pub const QUERIES_MAX: usize = 64;
/// So many are answered even late: a slow disk makes everybody wait, and nobody has to be refused for that.
pub const LATE_QUERIES_MAX: usize = 16;

/// Names one connection of one bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConnectionId(pub u64);

/// Room in the window of a connection; see [`session`](super::bridge::session).
pub type Room = OwnedSemaphorePermit;

/// Where what the journal holds is told, or why that cannot be read.
pub type Reading<T> = oneshot::Sender<Result<T, JournalError>>;

/// New calls of one connection that have waited too long.
#[derive(Debug)]
pub struct Late {
    /// Their reports.
    pub starts: Vec<Report>,
    /// When the first of them came.
    pub came: Instant,
    /// As for any report.
    pub room: Room,
}

/// Something for the owner.
#[derive(Debug)]
pub enum Item {
    /// A bridge says hello; the answer says which reports are known.
    Join {
        /// The connection.
        connection: ConnectionId,
        /// What it says.
        hello: Hello,
        /// Where to tell it things.
        orders: mpsc::Sender<Vec<ToBridge>>,
        /// Ends the session, with what it says last; also when it is dropped.
        end: oneshot::Sender<Refusal>,
        /// The welcome, or why there is none.
        reply: oneshot::Sender<Result<Welcome, Refusal>>,
    },
    /// A connection has ended.
    Leave {
        /// The connection.
        connection: ConnectionId,
        /// What was wrong; none if the bridge has hung up.
        why: Option<Code>,
    },
    /// What a bridge's clock shows now.
    Clock {
        /// The connection.
        connection: ConnectionId,
        /// The bridge's clock in milliseconds.
        clock_ms: i64,
    },
    /// A bridge has carried out its effects up to this number.
    CarriedOut {
        /// The connection.
        connection: ConnectionId,
        /// The number.
        effect: u64,
    },
    /// A bridge reports something.
    Report {
        /// The connection.
        connection: ConnectionId,
        /// The report.
        report: Report,
        /// When it came.
        came: Instant,
        /// Given back when the bridge has been sent what came of it.
        room: Room,
    },
    /// New calls to be turned away.
    Shed {
        /// The connection.
        connection: ConnectionId,
        /// The calls.
        late: Late,
    },
    /// A report that could not be read.
    Unreadable {
        /// The connection.
        connection: ConnectionId,
        /// What was wrong, with the number of the report.
        refusal: Refusal,
        /// Given back when the bridge has been told.
        room: Room,
    },
    /// An agent, or somebody for them, does something.
    Agent {
        /// The agent's name.
        agent: String,
        /// What.
        act: AgentAct,
        /// The agent afterwards, or why not.
        reply: oneshot::Sender<Result<AgentView, AgentObjection>>,
    },
    /// What came of a look-up.
    LookedUp {
        /// The call.
        call: CallId,
        /// Which of its look-ups.
        lookup: LookupId,
        /// What came of it.
        answer: Answer,
    },
    /// Something is switched on a line; none switches it off.
    Switch {
        /// The line.
        line: String,
        /// What.
        what: Switch,
        /// How.
        on: Option<SwitchOn>,
        /// The line afterwards; none if there is no such line.
        reply: oneshot::Sender<Option<LineView>>,
    },
    /// Another program asks that somebody be called back.
    AskForCallback {
        /// Whom, and for what.
        request: CallbackRequest,
        /// Not before this Unix time in milliseconds.
        not_before_ms: Option<i64>,
        /// The call back, or why there is none.
        reply: oneshot::Sender<Result<CallbackView, RequestObjection>>,
    },
    /// A call back is not wanted any more.
    WithdrawCallback {
        /// Its name.
        call: String,
        /// What it was; none if there is no such call back, or its caller was reached.
        reply: oneshot::Sender<Option<CallbackView>>,
    },
    /// Menus are to be put in force.
    Publish {
        /// Which.
        which: Which,
        /// What came of it, or why not.
        reply: oneshot::Sender<Result<Publication, NotPublished>>,
    },
    /// Another system was told something, or could not be.
    Attempted(Attempt),
    /// What was given up is to be sent again.
    SendAgain {
        /// How much that is, and how much is left.
        reply: Reading<(usize, Outstanding)>,
    },
    /// A question.
    Query {
        /// What is asked.
        query: Query,
        /// When it was asked.
        came: Instant,
    },
}

/// Which menus are to be put in force.
#[derive(Debug)]
pub enum Which {
    /// These.
    New(Box<Menus>),
    /// Those of an earlier version; the last that were others unless one is named.
    Earlier(Option<u64>),
}

impl Item {
    /// Whether it may go before new calls that came earlier: it is about calls that were taken, or
    /// about none.
    pub fn passes_starts(&self) -> bool {
        match self {
            Self::Report { report, .. } => {
                matches!(report.event, Event::Key { .. } | Event::PlayDone { .. })
            }
            Self::CarriedOut { .. } | Self::Clock { .. } => true,
            _ => false,
        }
    }
}

/// What can be asked.
#[derive(Debug)]
pub enum Query {
    /// The site now.
    Wallboard(oneshot::Sender<Box<Wallboard>>),
    /// The calls that ended last.
    RecentCalls(usize, Reading<Vec<CdrRow>>),
    /// The messages left last.
    Messages(usize, Reading<Vec<MessageRow>>),
    /// The conversations recorded last.
    Recordings(usize, Reading<Vec<RecordingRow>>),
    /// The questions of surveys that were put last.
    Surveys(usize, Reading<Vec<SurveyRow>>),
    /// What other systems have not taken yet, the newest first.
    Outbox(usize, Reading<Vec<DeliveryRow>>),
    /// The version of the menus in force, and those published last, the newest first.
    Editions(usize, Reading<(u64, Vec<EditionRow>)>),
    /// The calls back that have not reached their callers, the oldest promise first; so many at most.
    Callbacks(usize, oneshot::Sender<Vec<CallbackView>>),
    /// What answers are worth, and since when in Unix milliseconds.
    Answers(oneshot::Sender<(i64, Box<WorthRows>)>),
    /// The place in the journal and the hash of the state there.
    State(oneshot::Sender<(u64, u64)>),
}

/// The owner does not listen any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// Where things for the owner are put.
#[derive(Clone, Debug)]
pub struct Mailboxes {
    urgent: mpsc::Sender<Item>,
    keys: mpsc::Sender<Item>,
    calls: mpsc::Sender<Item>,
    queries: mpsc::Sender<Item>,
    overloaded: Arc<AtomicBool>,
}

/// Where the owner finds them.
#[derive(Debug)]
pub(super) struct Mail {
    pub(super) urgent: mpsc::Receiver<Item>,
    pub(super) keys: mpsc::Receiver<Item>,
    pub(super) calls: mpsc::Receiver<Item>,
    pub(super) queries: mpsc::Receiver<Item>,
    /// Whether new calls wait too long; for those who bring more of them.
    pub(super) overloaded: Arc<AtomicBool>,
}

impl Mail {
    /// Whether a question that has waited so long is not answered any more, for there are too many.
    pub(super) fn sheds_question(&self, waited: Duration) -> bool {
        self.queries.len() >= LATE_QUERIES_MAX && codel::is_late(waited)
    }
}

/// Empty mailboxes.
pub(super) fn mailboxes() -> (Mailboxes, Mail) {
    let (urgent, urgent_mail) = mpsc::channel(URGENT_MAX);
    let (keys, keys_mail) = mpsc::channel(KEYS_MAX);
    let (calls, calls_mail) = mpsc::channel(CALLS_WAITING_MAX);
    let (queries, queries_mail) = mpsc::channel(QUERIES_MAX);
    let overloaded = Arc::new(AtomicBool::new(false));
    let mail = Mail {
        urgent: urgent_mail,
        keys: keys_mail,
        calls: calls_mail,
        queries: queries_mail,
        overloaded: Arc::clone(&overloaded),
    };
    let boxes = Mailboxes {
        urgent,
        keys,
        calls,
        queries,
        overloaded,
    };
    (boxes, mail)
}

impl Mailboxes {
    /// Puts something where it belongs; waits while there is no room.
    ///
    /// # Errors
    /// If the owner does not listen any more.
    pub async fn put(&self, item: Item) -> Result<(), Stopped> {
        let mailbox = match &item {
            Item::Report { report, .. } => match report.event {
                Event::CallStarted { .. } => &self.calls,
                Event::Key { .. } | Event::PlayDone { .. } => &self.keys,
                _ => &self.urgent,
            },
            Item::Shed { .. } => &self.calls,
            Item::Query { .. } => &self.queries,
            _ => &self.urgent,
        };
        mailbox.send(item).await.map_err(|_| Stopped)
    }

    /// Whether a new call that came then is to be turned away.
    pub fn sheds(&self, came: Instant) -> bool {
        let waiting = self.calls.max_capacity() - self.calls.capacity();
        self.overloaded.load(Ordering::Relaxed)
            && waiting >= LATE_MAX
            && codel::is_late(came.elapsed())
    }

    /// Asks something, if there is room for questions.
    ///
    /// # Errors
    /// If there is none, or the owner does not listen any more.
    pub fn ask(&self, query: Query) -> Result<(), Stopped> {
        let came = Instant::now();
        let item = Item::Query { query, came };
        self.queries.try_send(item).map_err(|_| Stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_questions_are_refused_only_where_many_wait() {
        let (boxes, mail) = mailboxes();
        let (late, soon) = (Duration::from_secs(1), Duration::ZERO);
        for _ in 0..LATE_QUERIES_MAX {
            assert!(!mail.sheds_question(late));
            let (reply, _) = oneshot::channel();
            boxes.ask(Query::State(reply)).expect("room");
        }
        assert!(mail.sheds_question(late) && !mail.sheds_question(soon));
    }
}
