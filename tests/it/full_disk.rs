//! A full disk: calls that are refused meanwhile use up nothing of what is kept for those in progress.

use crate::publications::compiled;
use crate::storm::driver::MORNING_MS;
use crate::storm::driver::open;
use crate::storm::driver::published;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::bridge::protocol::PROTOCOL;
use strowger::daemon::bridge::protocol::Report;
use strowger::daemon::journal::Journal as _;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::memory::Faults;
use strowger::daemon::menus::Menus;
use strowger::daemon::owner::Owner;
use strowger::daemon::owner::SNAPSHOT_ENTRIES_FULL;
use strowger::daemon::owner::snapshot_of;
use strowger::daemon::recover::Opening;
use strowger::daemon::recover::rebuild;
use strowger::daemon::recover::recover;
use strowger::daemon::site::BridgeId;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

const LINE: &str = r#"
format = 1
[line]
name = "Desk"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "bye"
[say.bye]
say = "Goodbye."
then = "@hangup"
"#;

/// Calls that come within two minutes.
const CALLS: u64 = 60_000;
const AT_ONCE: u64 = 100;

fn begins(disk: &Disk, menus: Menus) -> (Owner, BridgeId) {
    let opening = Opening {
        menus,
        vault: None,
        patience: Span::seconds(60),
        wall_ms: MORNING_MS,
    };
    let (mut owner, _) = recover(Box::new(open(disk)), opening).expect("a journal in order");
    owner.begin(Tick(0));
    let hello = Hello {
        protocol: PROTOCOL,
        bridge: "b".to_owned(),
        token: None,
        can: Vec::new(),
        devices: Vec::new(),
        clock_ms: 0,
        resume: None,
        calls: Vec::new(),
    };
    let (bridge, _) = owner.join(&hello).expect("it is welcome");
    (owner, bridge)
}

fn calls(owner: &mut Owner, bridge: BridgeId, seq: u64) {
    let event = Event::CallStarted {
        call: format!("c{seq}"),
        line: Some("desk".to_owned()),
        number: None,
        from: Some("+441632960001".to_owned()),
        device: None,
    };
    let at_ms = None;
    let report = Report { seq, at_ms, event };
    owner
        .report(bridge, owner.now(), report)
        .expect("it is in order");
}

#[test]
fn calls_refused_on_a_full_disk_are_counted_and_take_no_room_one_by_one() {
    let menus = compiled(&[("desk.toml", LINE)]);
    let disk = published(&menus);
    let (mut owner, bridge) = begins(&disk, menus);
    calls(&mut owner, bridge, 1);
    owner.commit().expect("there is room");
    disk.set_faults(Faults {
        full_at: Some(1),
        ..Faults::default()
    });
    calls(&mut owner, bridge, 2);
    owner.commit().expect("room was kept for this day");
    assert!(owner.disk_full());
    let mut snapshots = owner.journal().snapshot_sink();
    for seq in 3..CALLS + 3 {
        calls(&mut owner, bridge, seq);
        if seq % AT_ONCE == 0 {
            owner.commit().expect("room was kept for this day");
            owner.begin(Tick(seq * 2));
            if let Some(site) = owner.snapshot_due() {
                let written = snapshots.write(&snapshot_of(&site)).expect("room");
                owner.keep_snapshot(written);
            }
        }
    }
    owner.commit().expect("room was kept for this day");
    let counts = owner.journal().shed(10).expect("it reads");
    assert_eq!(counts.iter().map(|row| row.calls).sum::<u64>(), CALLS);
    assert!(counts.iter().all(|row| row.reason == "journal-full"));
    // The minutes of this while, in which one call came every two milliseconds.
    assert_eq!(counts.len(), 3);
    assert!(
        owner
            .journal()
            .recent_cdrs(10)
            .expect("it reads")
            .is_empty()
    );
    let hash = owner.site().hash();
    let end = owner.journal().end().0;
    disk.crash();
    let mut journal = open(&disk);
    let left = 3 * SNAPSHOT_ENTRIES_FULL;
    assert!(
        journal
            .tail(Position(end - left), &mut |_, _| Ok(()))
            .is_err()
    );
    let (site, _) = rebuild(&mut journal).expect("a journal in order");
    assert_eq!(site.expect("it began").hash(), hash);
}
