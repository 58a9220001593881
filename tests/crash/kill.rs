//! The real daemon, killed for real: `kill -9` under load, again and again on one journal.
//!
//! `STROWGER_KILLS=200 cargo test --test crash kill` kills it more often.

use crate::chance::Chance;
use crate::phone::Phone;
use crate::served::Served;
use crate::site;
use crate::temporary::Temporary;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;
use strowger::daemon::bridge::protocol::FromBridge;
use strowger::daemon::bridge::protocol::ToBridge;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::journal::sqlite::SqliteJournal;
use strowger::daemon::owner::snapshot_of;
use strowger::daemon::recover::rebuild;
use strowger::daemon::recover::replay_whole;
use strowger::daemon::site::Site;

/// Kills, unless `STROWGER_KILLS` says otherwise.
const KILLS: u64 = 60;
/// What the daemon is told; it keeps its log, so that all of it can be replayed.
const ARGS: [&str; 4] = ["shop.toml", "--secret-key-file", "key", "--keep-log"];
/// Kills between one snapshot and the next.
const SNAPSHOT_KILLS: u64 = 4;
/// Whoever has not answered by then does not answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Reports under way: enough that a kill always meets some.
const UNDER_WAY_MAX: usize = 40;

#[test]
fn a_daemon_killed_under_load_loses_nothing() {
    let kills = std::env::var("STROWGER_KILLS");
    let kills = kills.map_or(KILLS, |kills| kills.parse().expect("a number of kills"));
    let folder = Temporary::new(&std::env::temp_dir());
    fs::write(folder.path().join("shop.toml"), site::LINE).expect("a file");
    fs::write(folder.path().join("groups.toml"), site::groups()).expect("a file");
    fs::write(folder.path().join("key"), site::KEY.repeat(32)).expect("a file");
    let (mut phone, mut chance) = (Phone::default(), Chance(9));
    let mut in_progress = 0;
    for kill in 0..kills {
        let mut daemon = Served::start(folder.path(), &ARGS);
        everybody_works(&daemon);
        let mut wire = Wire::connect(&daemon, &mut phone, kill % 7 == 6);
        wire.live(
            &mut phone,
            &mut chance,
            Duration::from_millis(40 + kill % 5 * 60),
        );
        daemon.kill();
        let mut journal = Dead::open(folder.path());
        in_progress += journal.check(&phone);
        // Always more seldom, or the test would soon do nothing else.
        if kill.is_power_of_two() || kill + 1 == kills {
            journal.check_whole_log();
        }
        if kill % SNAPSHOT_KILLS == SNAPSHOT_KILLS - 1 {
            journal.keep_snapshot();
        }
    }
    let answered = phone.accepted.len();
    println!(
        "{kills} kills: {answered} calls taken, {} rings answered, {in_progress} calls in progress \
         at the kills together",
        phone.picked_up
    );
    assert!(
        answered as u64 > kills && in_progress > kills,
        "there was nothing to lose"
    );
}

/// The journal of a dead daemon, and the site that it tells of.
struct Dead {
    journal: SqliteJournal,
    site: Site,
}

impl Dead {
    fn open(folder: &Path) -> Self {
        let journal = SqliteJournal::open(&folder.join("data")).expect("a journal");
        let mut journal = journal.keeping_log();
        let (site, _) = rebuild(&mut journal).expect("a journal that can be read");
        let site = site.expect("the daemon had begun");
        Self { journal, site }
    }

    /// Whether everything is there that the phone was promised; how many calls are in progress.
    fn check(&mut self, phone: &Phone) -> u64 {
        let site = &self.site;
        assert!(site.exchange().is_sound() && site.exchange().is_exclusive());
        let bridge = site.bridges().find("phone").expect("the bridge was there");
        let bridge = site.bridges().get(bridge);
        assert!(
            bridge.received >= phone.safe(),
            "a report that was acknowledged"
        );
        assert!(bridge.sent >= phone.carried(), "an effect that had left");
        let mut records: BTreeMap<String, u32> = BTreeMap::new();
        for row in self.journal.recent_cdrs(1_000_000).expect("records") {
            *records.entry(row.call).or_default() += 1;
        }
        for call in &phone.accepted {
            let here = u32::from(bridge.calls().contains_key(call));
            let recorded = records.get(call).copied().unwrap_or(0);
            assert_eq!(
                here + recorded,
                1,
                "{call}: in progress {here}, records {recorded}"
            );
        }
        assert!(
            records.values().all(|count| *count == 1),
            "a record is there twice"
        );
        bridge.calls().len() as u64
    }

    /// Whether all that ever happened leads to where the last snapshot and what came after it do.
    fn check_whole_log(&mut self) {
        let whole = replay_whole(&mut self.journal).expect("a log that can be read");
        let whole = whole.expect("the daemon had begun");
        assert_eq!(whole.position(), self.site.position());
        assert_eq!(whole.hash(), self.site.hash());
    }

    /// As a daemon does that lives for longer: the next one and its check read on from here.
    fn keep_snapshot(&mut self) {
        let mut sink = self.journal.snapshot_sink();
        let written = sink.write(&snapshot_of(&self.site)).expect("a snapshot");
        self.journal.keep_snapshot(written);
        self.journal.commit(&Rows::default()).expect("a snapshot");
    }
}

/// Everybody works, also who has stopped: whoever leaves a ring unanswered is not ready any more.
fn everybody_works(daemon: &Served) {
    for agent in 0..site::AGENTS {
        for act in ["sign-in", "ready"] {
            let answer = daemon.ask(&format!("POST /api/v1/agents/a{agent}/{act}"), "", "");
            let done = answer.starts_with("HTTP/1.1 200");
            // One who is rung or talks is at work already.
            assert!(done || answer.contains("not-now"), "{answer}");
        }
    }
}

/// The phone's connection.
struct Wire {
    stream: TcpStream,
    heard: Vec<u8>,
    /// What came together with the welcome.
    early: Vec<ToBridge>,
    /// The last report that was put on the wire.
    written: u64,
}

impl Wire {
    fn connect(daemon: &Served, phone: &mut Phone, forgetful: bool) -> Self {
        let stream = TcpStream::connect(&daemon.lines).expect("it listens");
        let timeout = Duration::from_millis(2);
        stream.set_read_timeout(Some(timeout)).expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        let mut wire = Self {
            stream,
            heard: Vec::new(),
            early: Vec::new(),
            written: 0,
        };
        wire.say(&FromBridge::Hello(phone.hello(0, forgetful)));
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            let mut heard = wire.listen().into_iter();
            match heard.next() {
                Some(ToBridge::Welcome(welcome)) => {
                    phone.welcomed(&welcome);
                    wire.written = welcome.received;
                    wire.early = heard.collect();
                    return wire;
                }
                Some(other) => panic!("not a welcome: {other:?}"),
                None => {}
            }
        }
        panic!("no welcome");
    }

    /// Callers and agents do things for a while.
    fn live(&mut self, phone: &mut Phone, chance: &mut Chance, span: Duration) {
        let since = Instant::now();
        while since.elapsed() < span {
            while phone.kept.len() < UNDER_WAY_MAX {
                phone.do_something(chance, since.elapsed().as_millis() as i64);
            }
            let written = self.written;
            let fresh = phone.kept.iter().filter(|report| report.seq > written);
            for report in fresh.cloned().collect::<Vec<_>>() {
                self.written = report.seq;
                self.say(&FromBridge::Report(report));
            }
            let early = std::mem::take(&mut self.early);
            for message in early.into_iter().chain(self.listen()) {
                match message {
                    ToBridge::Effect(effect) => phone.take(&effect),
                    ToBridge::Ack { seq } => phone.acknowledged(seq),
                    ToBridge::Error(refusal) => assert!(!refusal.fatal, "{refusal:?}"),
                    ToBridge::Welcome(_) | ToBridge::Pong { .. } => {}
                }
            }
        }
    }

    fn say(&mut self, message: &FromBridge) {
        let text = serde_json::to_string(message).expect("plain data");
        self.stream
            .write_all(format!("{text}\n").as_bytes())
            .expect("the daemon lives");
    }

    /// What has come by now, or comes within a moment.
    fn listen(&mut self) -> Vec<ToBridge> {
        let mut piece = [0; 64 * 1024];
        match self.stream.read(&mut piece) {
            Ok(0) => panic!("the daemon has hung up"),
            Ok(count) => self.heard.extend_from_slice(&piece[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => panic!("the daemon is gone: {error}"),
        }
        let whole = self.heard.iter().rposition(|byte| *byte == b'\n');
        let rest = self.heard.split_off(whole.map_or(0, |end| end + 1));
        let lines = std::mem::replace(&mut self.heard, rest);
        let lines = lines.split(|byte| *byte == b'\n');
        lines
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).expect("a message"))
            .collect()
    }
}
