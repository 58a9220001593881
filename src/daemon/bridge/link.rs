//! One conversation between a bridge and its session, whatever carries it: a WebSocket, a TCP
//! connection, or an adapter in this process.

use super::protocol::FromBridge;
use super::protocol::ToBridge;
use std::pin::pin;
use std::time::Duration;
use std::time::Instant;
use std::vec;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio::time::timeout;

/// Messages of a bridge on the way; a session that does not read stops it.
pub const REPORTS_MAX: usize = 4096;
/// Batches of messages to a bridge on the way: a bridge that does not read holds up what is for it.
pub const BATCHES_MAX: usize = 16;
/// Messages in one of them. Together they wake their reader once.
pub const BATCH_MAX: usize = 512;
/// How long the last word of a session may take to arrive.
const LINGER: Duration = Duration::from_secs(2);

/// Something that a bridge has said, and since when it waits for the session.
#[derive(Debug)]
pub struct Heard {
    /// What it said.
    pub message: FromBridge,
    /// When it was heard.
    pub at: Instant,
}

impl From<FromBridge> for Heard {
    fn from(message: FromBridge) -> Self {
        let at = Instant::now();
        Self { message, at }
    }
}

/// The bridge's end. When it is dropped, the bridge is gone.
#[derive(Debug)]
pub struct Link {
    /// What the bridge says.
    pub reports: mpsc::Sender<Heard>,
    /// What strowger says; ends when the session does.
    pub orders: Orders,
}

/// The session's end.
#[derive(Debug)]
pub struct FarEnd {
    /// What the bridge says; ends when the bridge is gone.
    pub reports: mpsc::Receiver<Heard>,
    /// What strowger says.
    pub orders: mpsc::Sender<Vec<ToBridge>>,
}

/// What strowger says, as it comes or one by one.
#[derive(Debug)]
pub struct Orders {
    batches: mpsc::Receiver<Vec<ToBridge>>,
    /// The rest of a batch that was begun.
    rest: vec::IntoIter<ToBridge>,
}

impl Orders {
    /// The next message; none when the session is over. Nothing is lost when this is given up.
    pub async fn recv(&mut self) -> Option<ToBridge> {
        loop {
            if let Some(order) = self.rest.next() {
                return Some(order);
            }
            self.rest = self.batches.recv().await?.into_iter();
        }
    }

    /// The next messages together.
    pub async fn recv_batch(&mut self) -> Option<Vec<ToBridge>> {
        match self.rest.len() {
            0 => self.batches.recv().await,
            _ => Some(std::mem::take(&mut self.rest).collect()),
        }
    }

    /// Whether there is nothing at the moment.
    pub fn is_empty(&self) -> bool {
        self.rest.len() == 0 && self.batches.is_empty()
    }
}

/// The two ends of a new conversation.
pub fn pair() -> (Link, FarEnd) {
    let (reports, heard) = mpsc::channel(REPORTS_MAX);
    let (orders, batches) = mpsc::channel(BATCHES_MAX);
    let rest = Vec::new().into_iter();
    let link = Link {
        reports,
        orders: Orders { batches, rest },
    };
    let far = FarEnd {
        reports: heard,
        orders,
    };
    (link, far)
}

/// Carries messages both ways until the bridge is gone, or the session is over and its last word
/// was said. `hear` ends when the bridge is gone and throws away what a session that is over does
/// not want: a connection closed on unread input takes the last word with it.
pub(super) async fn carry(
    reports: mpsc::Sender<Heard>,
    hear: impl Future<Output = ()>,
    speak: impl Future<Output = ()>,
) {
    let mut hear = pin!(hear);
    let give_up = async {
        reports.closed().await;
        sleep(LINGER).await;
    };
    tokio::select! {
        () = &mut hear => {}
        () = speak => drop(timeout(LINGER, hear).await),
        () = give_up => {}
    }
}
