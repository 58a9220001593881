//! A full disk: calls that are refused meanwhile use up nothing of what is kept for those in progress.

use crate::publications::Site;
use crate::storm::driver::open;
use strowger::daemon::journal::Journal as _;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::memory::Faults;
use strowger::daemon::owner::SNAPSHOT_ENTRIES_FULL;
use strowger::daemon::owner::snapshot_of;
use strowger::daemon::recover::rebuild;

/// Calls that come within two minutes.
const CALLS: u64 = 60_000;
const A_SECOND: u64 = CALLS / 120;

#[test]
fn calls_refused_on_a_full_disk_are_counted_and_take_no_room_one_by_one() {
    let mut site = Site::new();
    site.calls("1", None);
    site.owner.commit().expect("there is room");
    site.disk.set_faults(Faults {
        full_at: Some(1),
        ..Faults::default()
    });
    site.calls("2", None);
    site.owner.commit().expect("room was kept for this day");
    assert!(site.owner.disk_full());
    let mut snapshots = site.owner.journal().snapshot_sink();
    for call in 1..=CALLS {
        site.calls(&format!("r{call}"), None);
        if call % A_SECOND == 0 {
            site.passes(1);
            if let Some(due) = site.owner.snapshot_due() {
                let written = snapshots.write(&snapshot_of(&due)).expect("room");
                site.owner.keep_snapshot(written);
            }
        }
    }
    site.owner.commit().expect("room was kept for this day");
    let journal = site.owner.journal();
    let counts = journal.shed(10).expect("it reads");
    assert_eq!(counts.iter().map(|row| row.calls).sum::<u64>(), CALLS);
    assert!(counts.iter().all(|row| row.reason == "journal-full"));
    // A row for each minute.
    assert_eq!(counts.len(), 2);
    assert!(journal.recent_cdrs(10).expect("it reads").is_empty());
    let end = journal.end().0;
    let hash = site.owner.site().hash();
    site.disk.crash();
    let mut journal = open(&site.disk);
    let left = Position(end - 3 * SNAPSHOT_ENTRIES_FULL);
    assert!(journal.tail(left, &mut |_, _| Ok(())).is_err());
    let (rebuilt, _) = rebuild(&mut journal).expect("a journal in order");
    assert_eq!(rebuilt.expect("it began").hash(), hash);
}
