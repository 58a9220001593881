//! What every journal promises.

use crate::sample::cdr;
use crate::sample::delivery;
use crate::sample::entries;
use crate::sample::everywhere;
use crate::sample::grow;
use crate::sample::listed;
use crate::sample::menus;
use crate::sample::message;
use crate::sample::recording;
use crate::sample::shed;
use crate::sample::snapshot;
use crate::sample::survey;
use crate::sample::tail;
use std::collections::BTreeMap;
use strowger::daemon::journal::PRUNED_MAX;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::error::JournalError;
use strowger::daemon::journal::rows::Attempted;
use strowger::daemon::journal::rows::CdrRow;
use strowger::daemon::journal::rows::Outstanding;
use strowger::daemon::journal::rows::RecordingRow;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::rows::SealedRow;
use strowger::daemon::journal::rows::Settled;
use strowger::daemon::journal::rows::Unkept;
use strowger::daemon::journal::rows::VaultChange;

#[test]
fn entries_are_there_in_order_after_reopening() {
    everywhere(|place| {
        let mut journal = place.open();
        assert_eq!(journal.end(), Position::START);
        assert_eq!(grow(&mut *journal, 3, &Rows::default()), Position(3));
        assert_eq!(grow(&mut *journal, 2, &Rows::default()), Position(5));
        drop(journal);
        let mut journal = place.open();
        assert_eq!(journal.end(), Position(5));
        assert_eq!(tail(&mut *journal, 0), listed(1..6));
        assert_eq!(tail(&mut *journal, 3), listed(4..6));
        assert_eq!(tail(&mut *journal, 5), []);
    });
}

#[test]
fn several_appends_make_one_commit() {
    everywhere(|place| {
        let mut journal = place.open();
        let middle = journal.append(Position(0), &entries(1..3)).expect("staged");
        assert_eq!(journal.append(middle, &entries(3..4)), Ok(Position(3)));
        assert_eq!(journal.end(), Position(3));
        assert_eq!(tail(&mut *journal, 0), [], "staged is not committed");
        journal.commit(&Rows::default()).expect("durable");
        assert_eq!(tail(&mut *journal, 0), listed(1..4));
    });
}

#[test]
fn an_append_anywhere_but_at_the_end_is_a_conflict_and_drops_what_was_staged() {
    everywhere(|place| {
        let mut journal = place.open();
        grow(&mut *journal, 2, &Rows::default());
        journal.append(Position(2), &entries(3..4)).expect("staged");
        let conflict = Err(JournalError::Conflict {
            expected: Position(2),
            found: Position(3),
        });
        assert_eq!(journal.append(Position(2), &entries(3..4)), conflict);
        assert_eq!(journal.end(), Position(2));
        journal.commit(&Rows::default()).expect("nothing to do");
        assert_eq!(tail(&mut *journal, 0), listed(1..3));
        assert_eq!(grow(&mut *journal, 1, &Rows::default()), Position(3));
    });
}

#[test]
fn what_is_not_committed_is_gone_with_its_rows() {
    everywhere(|place| {
        let mut journal = place.open();
        grow(&mut *journal, 1, &Rows::default());
        journal.append(Position(1), &entries(2..9)).expect("staged");
        drop(journal);
        let mut journal = place.open();
        assert_eq!(journal.end(), Position(1));
        assert_eq!(tail(&mut *journal, 0), listed(1..2));
        assert_eq!(journal.cdr_count(), Ok(0));
    });
}

#[test]
fn rows_are_kept_with_their_entries_and_come_newest_first() {
    everywhere(|place| {
        let mut journal = place.open();
        let rows = Rows {
            cdrs: vec![cdr(1, 0), cdr(1, 1), cdr(2, 0)],
            messages: vec![message(1), message(2)],
            surveys: vec![survey(1, Some(4)), survey(2, None)],
            shed: vec![shed(2)],
            ..Rows::default()
        };
        grow(&mut *journal, 2, &rows);
        drop(journal);
        let mut journal = place.open();
        assert_eq!(journal.cdr_count(), Ok(3));
        assert_eq!(journal.recent_cdrs(2), Ok(vec![cdr(2, 0), cdr(1, 1)]));
        assert_eq!(journal.messages(9), Ok(vec![message(2), message(1)]));
        let surveys = vec![survey(2, None), survey(1, Some(4))];
        assert_eq!(journal.surveys(9), Ok(surveys));
        assert_eq!(journal.shed(9), Ok(vec![shed(2)]));
    });
}

fn unkept(bridge: &str, position: u64, counted: bool) -> Unkept {
    Unkept {
        bridge: bridge.to_owned(),
        recording: format!("clinic-{position}"),
        counted,
    }
}

#[test]
fn a_recording_that_was_not_kept_is_marked_when_the_bridge_says_so() {
    everywhere(|place| {
        let mut journal = place.open();
        let rows = Rows {
            recordings: (1..4).map(|position| recording(position, false)).collect(),
            unkept: vec![unkept("asterisk", 3, true)],
            ..Rows::default()
        };
        grow(&mut *journal, 3, &rows);
        let rows = Rows {
            // Of another bridge, and one that nobody knows: nothing changes.
            unkept: vec![
                unkept("asterisk", 1, true),
                unkept("other", 2, true),
                unkept("asterisk", 9, true),
            ],
            ..Rows::default()
        };
        grow(&mut *journal, 1, &rows);
        drop(journal);
        let mut journal = place.open();
        let kept = vec![recording(3, true), recording(2, false), recording(1, true)];
        assert_eq!(journal.recordings(9), Ok(kept));
    });
}

#[test]
fn the_record_of_a_call_counts_no_recording_that_was_not_kept() {
    everywhere(|place| {
        let mut journal = place.open();
        // The call of conversation 1 ended at 3; one of the same name came before, and one after.
        let call = |position, recordings| CdrRow {
            call: "call-1".to_owned(),
            recordings,
            ..cdr(position, 0)
        };
        let of_call = |position| RecordingRow {
            call: "call-1".to_owned(),
            ..recording(position, false)
        };
        let rows = Rows {
            cdrs: vec![call(1, 1), call(4, 2), call(6, 1)],
            recordings: vec![of_call(2), of_call(3), of_call(5)],
            // Of a call that went on: it ended later, and counts it no more.
            unkept: vec![unkept("asterisk", 5, false)],
            ..Rows::default()
        };
        grow(&mut *journal, 6, &rows);
        assert_eq!(
            journal.recent_cdrs(9),
            Ok(vec![call(6, 1), call(4, 2), call(1, 1)])
        );
        // Said again and again, as a replay does.
        for _ in 0..3 {
            let rows = Rows {
                unkept: vec![unkept("asterisk", 3, true), unkept("other", 2, true)],
                ..rows.clone()
            };
            grow(&mut *journal, 1, &rows);
        }
        drop(journal);
        let mut journal = place.open();
        let counted = vec![call(6, 1), call(4, 1), call(1, 1)];
        assert_eq!(journal.recent_cdrs(9), Ok(counted));
    });
}

#[test]
fn a_replayed_row_changes_nothing() {
    everywhere(|place| {
        let mut journal = place.open();
        let mut rows = Rows {
            cdrs: vec![cdr(1, 0)],
            ..Rows::default()
        };
        grow(&mut *journal, 1, &rows);
        rows.cdrs[0].outcome = "abandoned".to_owned();
        journal.commit(&rows).expect("durable");
        assert_eq!(journal.cdr_count(), Ok(1));
        assert_eq!(journal.recent_cdrs(9), Ok(vec![cdr(1, 0)]));
    });
}

/// The address of sample deliveries.
const OFFICE: &str = "https://office.example";

/// Of the one address that there is.
fn outstanding(waiting: u64, given_up: u64) -> Result<BTreeMap<String, Outstanding>, JournalError> {
    let left = Outstanding { waiting, given_up };
    Ok(BTreeMap::from([(OFFICE.to_owned(), left)]))
}

#[test]
fn deliveries_are_due_for_each_address() {
    everywhere(|place| {
        let mut journal = place.open();
        let mut rows: Vec<_> = (1..=4).map(|at| delivery(at, 10 * at as i64)).collect();
        rows[1].url = "https://depot.example/tickets?a".to_owned();
        rows[3].url = "https://depot.example/messages".to_owned();
        let rows = Rows {
            deliveries: rows,
            ..Rows::default()
        };
        grow(&mut *journal, 4, &rows);
        let mut due = |by_ms, each| {
            let rows = journal.deliveries_due(by_ms, each).expect("it can be read");
            rows.iter().map(|row| row.position.0).collect::<Vec<_>>()
        };
        assert_eq!(due(40, 2), [1, 2, 3, 4]);
        assert_eq!(due(40, 1), [1, 2]);
        assert_eq!(due(10, 1), [1]);
        assert_eq!(due(9, 1), [0; 0]);
    });
}

#[test]
fn deliveries_are_counted_and_given_up_for_each_address() {
    everywhere(|place| {
        let mut journal = place.open();
        let mut rows: Vec<_> = (1..=5).map(|at| delivery(at, 10)).collect();
        rows[4].url = "https://depot.example/tickets?a".to_owned();
        for row in &mut rows[1..] {
            row.given_up = true;
        }
        let rows = Rows {
            deliveries: rows,
            ..Rows::default()
        };
        grow(&mut *journal, 5, &rows);
        let mut given_up = |each| {
            let rows = journal.deliveries_given_up(each).expect("it can be read");
            rows.iter().map(|row| row.position.0).collect::<Vec<_>>()
        };
        assert_eq!(given_up(9), [2, 3, 4, 5]);
        assert_eq!(given_up(1), [2, 5]);
        let left = journal.outstanding().expect("it can be read");
        let left = left.iter().map(|(address, left)| {
            let counts = (left.waiting, left.given_up);
            (address.as_str(), counts)
        });
        let expected = [("https://depot.example", (0, 1)), (OFFICE, (1, 3))];
        assert!(left.eq(expected));
    });
}

#[test]
fn deliveries_are_due_until_they_are_taken_or_given_up() {
    everywhere(|place| {
        let mut journal = place.open();
        let rows = Rows {
            deliveries: vec![delivery(1, 20), delivery(2, 10), delivery(3, 30)],
            ..Rows::default()
        };
        grow(&mut *journal, 3, &rows);
        drop(journal);
        let mut journal = place.open();
        assert_eq!(
            journal.deliveries_due(20, 9),
            Ok(vec![delivery(2, 10), delivery(1, 20)])
        );
        assert_eq!(journal.deliveries_due(20, 1), Ok(vec![delivery(2, 10)]));
        assert_eq!(journal.outstanding(), outstanding(3, 0));
        let settled = |position, left| Settled {
            position: Position(position),
            number: 0,
            left,
        };
        let attempted = |due_ms, given_up| Attempted {
            due_ms,
            attempts: 2,
            given_up,
            why: Some("no".to_owned()),
        };
        // There is no entry to it.
        let rows = Rows {
            settled: vec![
                settled(1, None),
                settled(2, Some(attempted(40, false))),
                settled(3, Some(attempted(50, true))),
            ],
            ..Rows::default()
        };
        journal.commit(&rows).expect("durable");
        drop(journal);
        let mut journal = place.open();
        assert_eq!(journal.outstanding(), outstanding(1, 1));
        let given_up = journal.deliveries_given_up(9).expect("it can be read");
        assert_eq!(given_up.len(), 1);
        assert_eq!(
            (given_up[0].position, given_up[0].given_up),
            (Position(3), true)
        );
        assert_eq!(journal.deliveries_due(39, 9), Ok(Vec::new()));
        let due = journal.deliveries_due(99, 9).expect("it can be read");
        assert_eq!(
            (due.len(), due[0].position, due[0].attempts),
            (1, Position(2), 2)
        );
        let left = journal.deliveries(9).expect("it can be read");
        let left = left.iter().map(|row| (row.position.0, row.given_up));
        assert!(left.eq([(3, true), (2, false)]));
    });
}

#[test]
fn sealed_digits_come_and_go() {
    everywhere(|place| {
        let sealed = |call: &str, byte| SealedRow {
            call: call.to_owned(),
            sealed: vec![byte; 40],
        };
        let mut journal = place.open();
        let vault = vec![
            VaultChange::Put(sealed("b", 1)),
            VaultChange::Put(sealed("a", 2)),
            VaultChange::Put(sealed("b", 3)),
            VaultChange::Put(sealed("c", 4)),
            VaultChange::Delete {
                call: "c".to_owned(),
            },
        ];
        let rows = Rows {
            vault,
            ..Rows::default()
        };
        grow(&mut *journal, 1, &rows);
        drop(journal);
        let kept = place.open().vault();
        assert_eq!(kept, Ok(vec![sealed("a", 2), sealed("b", 3)]));
    });
}

#[test]
fn published_menus_are_there_for_ever() {
    everywhere(|place| {
        let mut journal = place.open();
        assert_eq!(journal.newest_version(), Ok(None));
        for version in 1..3 {
            let rows = Rows {
                published: Some(menus(version)),
                ..Rows::default()
            };
            grow(&mut *journal, 1, &rows);
        }
        assert_eq!(journal.newest_version(), Ok(Some(2)));
        assert_eq!(journal.published(1), Ok(Some(menus(1))));
        assert_eq!(journal.published(3), Ok(None));
        let editions = journal.editions(9).expect("they are listed");
        let listed = editions.iter().map(|edition| edition.version);
        assert_eq!(listed.collect::<Vec<_>>(), [2, 1]);
        let paths = menus(2).files.into_iter().map(|file| file.path);
        assert_eq!(editions[0].files, paths.collect::<Vec<_>>());
        assert_eq!(journal.editions(1), Ok(editions[..1].to_vec()));
    });
}

#[test]
fn the_newest_snapshot_is_found_and_entries_go_once_two_cover_them() {
    everywhere(|place| {
        let mut journal = place.open();
        assert_eq!(journal.newest_snapshot(), Ok(None));
        grow(&mut *journal, 10, &Rows::default());
        snapshot(&mut *journal, "ten");
        grow(&mut *journal, 10, &Rows::default());
        assert_eq!(tail(&mut *journal, 0).len(), 20);
        let newest = snapshot(&mut *journal, "twenty");
        grow(&mut *journal, 1, &Rows::default());
        drop(journal);
        let mut journal = place.open();
        assert_eq!(journal.newest_snapshot(), Ok(Some(newest)));
        assert_eq!(tail(&mut *journal, 10), listed(11..22));
        let missing = journal.tail(Position(9), &mut |_, _| Ok(()));
        let missing = missing.expect_err("gone").to_string();
        assert!(missing.contains("entry 10 is missing"), "{missing}");
    });
}

#[test]
fn one_commit_lets_go_of_a_bounded_number_of_entries() {
    everywhere(|place| {
        let mut journal = place.open();
        let count = 2 * PRUNED_MAX + 1;
        grow(&mut *journal, count, &Rows::default());
        snapshot(&mut *journal, "one");
        grow(&mut *journal, 1, &Rows::default());
        snapshot(&mut *journal, "two");
        let mut first_after = |commits: u64| {
            for _ in 0..commits {
                journal.commit(&Rows::default()).expect("durable");
            }
            let gone = |after: &u64| journal.tail(Position(*after), &mut |_, _| Ok(())).is_err();
            (0..=count).take_while(gone).count() as u64
        };
        assert_eq!(first_after(1), PRUNED_MAX);
        assert_eq!(first_after(1), 2 * PRUNED_MAX);
        assert_eq!(first_after(5), count);
    });
}

#[test]
fn a_snapshot_that_is_not_newer_is_passed_over() {
    everywhere(|place| {
        let mut journal = place.open();
        grow(&mut *journal, 1, &Rows::default());
        let first = snapshot(&mut *journal, "first");
        snapshot(&mut *journal, "second of the same place");
        assert_eq!(journal.newest_snapshot(), Ok(Some(first)));
        grow(&mut *journal, 1, &Rows::default());
        let next = snapshot(&mut *journal, "third");
        journal.tidy().expect("tidy");
        assert_eq!(journal.newest_snapshot(), Ok(Some(next)));
    });
}

#[test]
#[should_panic(expected = "a state that is not committed")]
fn a_snapshot_of_what_is_only_staged_is_a_bug() {
    everywhere(|place| {
        let mut journal = place.open();
        grow(&mut *journal, 1, &Rows::default());
        let mut future = snapshot(&mut *journal, "one");
        journal.append(Position(1), &entries(2..3)).expect("staged");
        future.position = Position(2);
        journal.keep_snapshot(future.as_written());
    });
}

#[test]
fn a_second_opener_is_refused_until_the_first_is_gone() {
    everywhere(|place| {
        let journal = place.open();
        let refused = place.try_open().err();
        assert!(
            matches!(refused, Some(JournalError::Locked(_))),
            "{refused:?}"
        );
        drop(journal);
        place.open();
    });
}

#[test]
fn the_reader_of_a_tail_may_end_it() {
    everywhere(|place| {
        let mut journal = place.open();
        grow(&mut *journal, 3, &Rows::default());
        let mut seen = 0;
        let error = || JournalError::Corrupt("no such call".to_owned());
        let ended = journal.tail(Position::START, &mut |position, _| {
            seen += 1;
            if position == Position(2) {
                Err(error())
            } else {
                Ok(())
            }
        });
        assert_eq!((ended, seen), (Err(error()), 2));
    });
}

#[test]
fn the_ballast_can_be_given_up_once_and_taken_again() {
    everywhere(|place| {
        let mut journal = place.open();
        assert!(journal.release_ballast());
        assert!(!journal.release_ballast());
        assert!(journal.restore_ballast());
        assert!(journal.release_ballast());
    });
}
