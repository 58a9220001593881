//! Secret entries that a vault keeps across a crash: each call has its own back, and no other's.

use crate::publications::compiled;
use crate::storm::driver::MORNING_MS;
use crate::storm::driver::open;
use crate::storm::driver::published;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::bridge::protocol::PROTOCOL;
use strowger::daemon::bridge::protocol::Report;
use strowger::daemon::journal::Journal as _;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::rows::SealedRow;
use strowger::daemon::journal::rows::VaultChange;
use strowger::daemon::menus::Menus;
use strowger::daemon::owner::Owner;
use strowger::daemon::recover::Opening;
use strowger::daemon::recover::recover;
use strowger::daemon::vault::SecretKey;
use strowger::daemon::vault::Vault;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

const LINE: &str = r#"
format = 1
[line]
name = "Bank"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "card"
[collect.card]
say = "Your card."
digits = 4
secret = true
save = "card"
go = "bye"
give_up = "bye"
[say.bye]
say = "Goodbye."
then = "@hangup"
"#;

fn vault() -> Vault {
    vault_under("ab")
}

fn vault_under(byte: &str) -> Vault {
    Vault::new(SecretKey::from_hex(&byte.repeat(32)).expect("a key"))
}

/// The daemon, and its bridges with these names.
fn begins(disk: &Disk, menus: &Menus, bridges: &[&str]) -> Owner {
    let opening = Opening {
        menus: Some(menus.clone()),
        vault: Some(vault()),
        patience: Span::seconds(60),
        wall_ms: MORNING_MS,
    };
    let (mut owner, _) = recover(Box::new(open(disk)), opening).expect("a journal in order");
    owner.begin(Tick(0));
    for bridge in bridges {
        let hello = Hello {
            protocol: PROTOCOL,
            bridge: (*bridge).to_owned(),
            token: None,
            can: Vec::new(),
            devices: Vec::new(),
            clock_ms: 0,
            resume: None,
            calls: vec!["c".to_owned(), "1/c".to_owned()],
        };
        owner.join(&hello).expect("it is welcome");
    }
    owner
}

/// A call enters these digits.
fn enters(owner: &mut Owner, bridge: &str, call: &str, digits: &str) {
    let start = Event::CallStarted {
        call: call.to_owned(),
        line: Some("bank".to_owned()),
        number: None,
        from: None,
        device: None,
    };
    let keys = digits.chars().map(|key| Event::Key {
        call: call.to_owned(),
        key,
    });
    let id = owner.site().bridges().find(bridge).expect("the bridge");
    for (seq, event) in (1..).zip(std::iter::once(start).chain(keys)) {
        let at_ms = None;
        let report = Report { seq, at_ms, event };
        owner.report(id, Tick(0), report).expect("it is in order");
    }
    owner.commit().expect("there is room");
}

/// How many digits of its secret a call has.
fn has(owner: &Owner, bridge: &str, call: &str) -> usize {
    let bridges = owner.site().bridges();
    let id = bridges.find(bridge).expect("the bridge");
    let call = bridges.call(id, call).expect("the call");
    owner.site().exchange().secret_digits(call)
}

#[test]
fn calls_whose_names_run_together_with_their_bridges_have_their_own_secrets() {
    let menus = compiled(&[("bank.toml", LINE)]);
    let disk = published(&menus);
    let mut owner = begins(&disk, &menus, &["b", "b/1"]);
    enters(&mut owner, "b", "1/c", "11");
    enters(&mut owner, "b/1", "c", "222");
    assert_eq!(owner.journal().vault().expect("it reads").len(), 2);
    disk.crash();
    let owner = begins(&disk, &menus, &[]);
    // An entry of another length than was taken would be lost.
    assert_eq!(has(&owner, "b", "1/c"), 2);
    assert_eq!(has(&owner, "b/1", "c"), 3);
}

/// Has the vault keep entries as programs up to 0.1 did.
fn made_old(disk: &Disk, old: &str) {
    let mut journal = open(disk);
    let mut rows = Rows::default();
    for row in journal.vault().expect("it reads") {
        let digits = vault().open(&row.call, &row.sealed).expect("it opens");
        let sealed = vault().seal(old, &digits).expect("it seals");
        let call = old.to_owned();
        rows.vault.push(VaultChange::Delete { call: row.call });
        rows.vault
            .push(VaultChange::Put(SealedRow { call, sealed }));
    }
    journal.commit(&rows).expect("there is room");
}

#[test]
fn what_an_older_program_has_sealed_is_opened_unless_it_may_be_another_calls() {
    for (bridge, call, kept) in [("b", "c", 2), ("b", "1/c", 0)] {
        let menus = compiled(&[("bank.toml", LINE)]);
        let disk = published(&menus);
        let mut owner = begins(&disk, &menus, &[bridge]);
        enters(&mut owner, bridge, call, "12");
        disk.crash();
        made_old(&disk, &format!("{bridge}/{call}/0"));
        let mut owner = begins(&disk, &menus, &[]);
        assert_eq!(has(&owner, bridge, call), kept);
        let rows = owner.journal().vault().expect("it reads");
        assert!(rows.iter().all(|row| !row.call.contains("c/0")));
        assert_eq!(rows.len(), kept.min(1));
        // And once more, by its new name.
        disk.crash();
        let owner = begins(&disk, &menus, &[]);
        assert_eq!(has(&owner, bridge, call), kept);
    }
}

#[test]
fn another_key_is_noticed_where_something_was_sealed() {
    let menus = compiled(&[("bank.toml", LINE)]);
    let disk = published(&menus);
    let mut owner = begins(&disk, &menus, &["b"]);
    enters(&mut owner, "b", "c", "12");
    for (key, unopened) in [("ab", 0), ("cd", 1)] {
        disk.crash();
        let opening = Opening {
            menus: Some(menus.clone()),
            vault: Some(vault_under(key)),
            patience: Span::seconds(60),
            wall_ms: MORNING_MS,
        };
        let (_, found) = recover(Box::new(open(&disk)), opening).expect("a journal in order");
        assert_eq!(found.unopened, unopened, "{key}");
    }
}
