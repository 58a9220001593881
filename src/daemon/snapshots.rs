//! Snapshots are written beside the owner's thread, so that nobody waits for them.

use super::journal::error::JournalError;
use super::journal::snapshot::SnapshotSink;
use super::journal::snapshot::WrittenSnapshot;
use super::owner::snapshot_of;
use super::site::Site;
use std::sync::mpsc as threads;
use std::thread;

/// As the scheduler counts: the higher, the later.
const LEAST_PRIORITY: i32 = 19;

/// Writes snapshots on a thread of its own, one at a time.
pub(super) struct Snapshots {
    pub(super) sites: threads::SyncSender<Site>,
    pub(super) written: threads::Receiver<Result<WrittenSnapshot, JournalError>>,
}

impl Snapshots {
    pub(super) fn start(mut sink: Box<dyn SnapshotSink>) -> Self {
        let (sites, queue) = threads::sync_channel::<Site>(1);
        let (results, written) = threads::sync_channel(1);
        thread::spawn(move || {
            give_way();
            for site in queue {
                let snapshot = snapshot_of(&site);
                drop(site);
                if results.send(sink.write(&snapshot)).is_err() {
                    return;
                }
            }
        });
        Self { sites, written }
    }
}

/// Lets the owner's thread go first wherever both want a core: on Linux a priority set for the
/// process without a number is that of the calling thread. Where it cannot be set, snapshots are
/// written all the same.
fn give_way() {
    let _ = rustix::process::setpriority_process(None, LEAST_PRIORITY);
}
