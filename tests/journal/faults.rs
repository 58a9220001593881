//! What a journal does when its imaginary disk fails.

use crate::sample::cdr;
use crate::sample::entries;
use crate::sample::grow;
use crate::sample::listed;
use crate::sample::snapshot;
use crate::sample::tail;
use proptest::prelude::*;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::error::JournalError;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::memory::Faults;
use strowger::daemon::journal::memory::MemoryJournal;
use strowger::daemon::journal::rows::Rows;

fn open(disk: &Disk) -> MemoryJournal {
    MemoryJournal::open(disk).expect("a journal")
}

#[test]
fn a_torn_tail_is_dropped_whole() {
    let disk = Disk::default();
    let mut journal = open(&disk);
    grow(&mut journal, 2, &Rows::default());
    journal.append(Position(2), &entries(3..9)).expect("staged");
    disk.set_faults(Faults {
        torn_tail: true,
        ..Faults::default()
    });
    disk.crash();
    let dead = journal.commit(&Rows::default());
    assert!(matches!(dead, Err(JournalError::Io(_))), "{dead:?}");
    let mut journal = open(&disk);
    assert_eq!(tail(&mut journal, 0), listed(1..3));
    assert_eq!(grow(&mut journal, 1, &Rows::default()), Position(3));
}

#[test]
fn a_disk_that_lied_leaves_a_consistent_beginning() {
    let disk = Disk::default();
    let mut journal = open(&disk);
    grow(&mut journal, 5, &Rows::default());
    let kept = snapshot(&mut journal, "five");
    for _ in 0..3 {
        let rows = Rows {
            cdrs: vec![cdr(journal.end().0 + 1, 0)],
            ..Rows::default()
        };
        grow(&mut journal, 1, &rows);
    }
    snapshot(&mut journal, "eight");
    journal.commit(&Rows::default()).expect("pruned");
    disk.set_faults(Faults {
        lost_suffix: 4,
        ..Faults::default()
    });
    disk.crash();
    let mut journal = open(&disk);
    assert_eq!(journal.end(), Position(6));
    assert_eq!(journal.newest_snapshot(), Ok(Some(kept)));
    assert_eq!(tail(&mut journal, 0), listed(1..7));
    assert_eq!(journal.recent_cdrs(9), Ok(vec![cdr(6, 0)]));
}

#[test]
fn the_snapshot_before_stands_in_for_a_torn_one() {
    let disk = Disk::default();
    let mut journal = open(&disk);
    grow(&mut journal, 5, &Rows::default());
    let before = snapshot(&mut journal, "five");
    grow(&mut journal, 5, &Rows::default());
    snapshot(&mut journal, "ten");
    grow(&mut journal, 1, &Rows::default());
    let torn = Faults {
        torn_snapshot: true,
        ..Faults::default()
    };
    disk.set_faults(torn);
    disk.crash();
    let mut journal = open(&disk);
    assert_eq!(journal.newest_snapshot(), Ok(Some(before)));
    assert_eq!(tail(&mut journal, 5), listed(6..12));
}

#[test]
fn after_an_error_of_the_disk_the_journal_refuses_everything() {
    for at in 1..3 {
        let disk = Disk::default();
        let mut journal = open(&disk);
        grow(&mut journal, 1, &Rows::default());
        disk.set_faults(Faults {
            io_error_at: Some(at),
            ..Faults::default()
        });
        let appended = journal.append(Position(1), &entries(2..3)).map(drop);
        let committed = journal.commit(&Rows::default());
        assert_eq!(appended.is_err(), at == 1);
        assert!(matches!(committed, Err(JournalError::Io(_))));
        let again = journal.append(Position(1), &entries(2..3));
        assert!(matches!(again, Err(JournalError::Io(_))));
        drop(journal);
        assert_eq!(tail(&mut open(&disk), 0), listed(1..2));
    }
}

#[test]
fn a_full_disk_takes_nothing_until_the_ballast_goes() {
    let disk = Disk::default();
    let mut journal = open(&disk);
    let full_at = |at| Faults {
        full_at: Some(at),
        ..Faults::default()
    };
    disk.set_faults(full_at(2));
    journal.append(Position(0), &entries(1..3)).expect("staged");
    assert_eq!(journal.commit(&Rows::default()), Err(JournalError::Full));
    assert_eq!(journal.end(), Position(0));
    let still = journal.append(Position(0), &entries(1..3));
    assert_eq!(still, Err(JournalError::Full));
    assert!(!journal.restore_ballast() || journal.release_ballast());
    assert_eq!(grow(&mut journal, 2, &Rows::default()), Position(2));
    disk.set_faults(full_at(1));
    assert!(!journal.release_ballast(), "it is gone");
    assert!(!journal.restore_ballast(), "there is no room for it");
    disk.make_room();
    assert!(journal.restore_ballast());
    assert_eq!(grow(&mut journal, 1, &Rows::default()), Position(3));
}

/// What may happen to a journal.
#[derive(Clone, Debug)]
enum Act {
    Batch { entries: u64, committed: bool },
    Snapshot,
    Crash(Faults),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let batch = (1..6_u64, any::<bool>())
        .prop_map(|(entries, committed)| Act::Batch { entries, committed });
    let crash = (any::<bool>(), 0..4_usize, any::<bool>()).prop_map(
        |(torn_tail, lost_suffix, torn_snapshot)| {
            Act::Crash(Faults {
                torn_tail,
                lost_suffix,
                torn_snapshot,
                ..Faults::default()
            })
        },
    );
    proptest::collection::vec(
        prop_oneof![8 => batch, 2 => Just(Act::Snapshot), 1 => crash],
        1..80,
    )
}

proptest! {
    /// Whatever happens, a snapshot and the entries after it are those that had been committed.
    #[test]
    fn what_is_recovered_is_a_beginning_of_what_was_committed(acts in acts()) {
        let disk = Disk::default();
        let mut journal = open(&disk);
        for act in acts {
            match act {
                Act::Batch { entries: count, committed } => {
                    let end = journal.end();
                    let next = end.0 + 1;
                    journal.append(end, &entries(next..next + count)).expect("staged");
                    let rows = Rows { cdrs: vec![cdr(next, 0)], ..Rows::default() };
                    if committed {
                        journal.commit(&rows).expect("durable");
                    }
                }
                Act::Snapshot => {
                    journal.commit(&Rows::default()).expect("durable");
                    let content = journal.end().to_string();
                    snapshot(&mut journal, &content);
                }
                Act::Crash(faults) => {
                    let before = journal.end();
                    let lost = faults.lost_suffix;
                    disk.set_faults(faults);
                    disk.crash();
                    drop(journal);
                    journal = open(&disk);
                    prop_assert!(journal.end() <= before);
                    let state = journal.newest_snapshot();
                    if lost > 0 && state.is_err() {
                        // Two faults at once may be one too many; that it is said is enough.
                        return Ok(());
                    }
                    let state = state.expect("readable");
                    let from = state.map_or(0, |snapshot| {
                        assert_eq!(snapshot.content, snapshot.position.to_string().as_bytes());
                        snapshot.position.0
                    });
                    let end = journal.end().0;
                    prop_assert_eq!(tail(&mut journal, from), listed(from + 1..end + 1));
                    let cdrs = journal.recent_cdrs(usize::MAX).expect("readable");
                    prop_assert!(cdrs.iter().all(|row| row.position.0 <= end));
                }
            }
        }
    }
}
