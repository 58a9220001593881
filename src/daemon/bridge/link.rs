//! One conversation between a bridge and its session, whatever carries it: a WebSocket, a TCP
//! connection, or an adapter in this process.

use super::protocol::FromBridge;
use super::protocol::ToBridge;
use tokio::sync::mpsc;

/// Messages on the way, each way; a side that does not read stops the other.
pub const LINK_MAX: usize = 1024;

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
