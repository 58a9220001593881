//! One conversation between a bridge and its session, whatever carries it: a WebSocket, a TCP
//! connection, or an adapter in this process.

use super::protocol::FromBridge;
use super::protocol::ToBridge;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio::time::timeout;

/// Messages on the way, each way; a side that does not read stops the other.
pub const LINK_MAX: usize = 1024;
/// How long the last word of a session may take to arrive.
const LINGER: Duration = Duration::from_secs(2);

/// The bridge's end. When it is dropped, the bridge is gone.
#[derive(Debug)]
pub struct Link {
    /// What the bridge says.
    pub reports: mpsc::Sender<FromBridge>,
    /// What strowger says; ends when the session does.
    pub orders: mpsc::Receiver<ToBridge>,
}

/// The session's end.
#[derive(Debug)]
pub struct FarEnd {
    /// What the bridge says; ends when the bridge is gone.
    pub reports: mpsc::Receiver<FromBridge>,
    /// What strowger says.
    pub orders: mpsc::Sender<ToBridge>,
}

/// The two ends of a new conversation.
pub fn pair() -> (Link, FarEnd) {
    let (reports, heard) = mpsc::channel(LINK_MAX);
    let (orders, told) = mpsc::channel(LINK_MAX);
    let link = Link {
        reports,
        orders: told,
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
    reports: mpsc::Sender<FromBridge>,
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
