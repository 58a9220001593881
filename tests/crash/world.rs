//! A daemon's owner on an imaginary disk, a bridge, agents, and somebody who pulls the plug.

use crate::chance::Chance;
use crate::phone::Phone;
use crate::site;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::memory::Faults;
use strowger::daemon::journal::memory::MemoryJournal;
use strowger::daemon::owner::Owner;
use strowger::daemon::owner::snapshot_of;
use strowger::daemon::recover::rebuild;
use strowger::daemon::recover::recover;
use strowger::daemon::site::BridgeId;
use strowger::daemon::site::Site;
use strowger::exchange::time::Tick;

/// Commits that a disk may have lied about, and one more.
const COMMITS_LOST_MAX: u64 = 5;
/// States that a journal may tell of after a crash, and some more.
const STATES_KEPT: usize = 3 * COMMITS_LOST_MAX as usize;

/// How often what has happened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) crashes: u64,
    pub(crate) before_commit: u64,
    pub(crate) in_commit: u64,
    pub(crate) after_commit: u64,
    pub(crate) torn: u64,
    pub(crate) lied: u64,
    pub(crate) full: u64,
    pub(crate) calls: u64,
    pub(crate) answered_by_agents: u64,
    pub(crate) from_snapshot: u64,
    pub(crate) secrets: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Self) {
        self.crashes += other.crashes;
        self.before_commit += other.before_commit;
        self.in_commit += other.in_commit;
        self.after_commit += other.after_commit;
        self.torn += other.torn;
        self.lied += other.lied;
        self.full += other.full;
        self.calls += other.calls;
        self.answered_by_agents += other.answered_by_agents;
        self.from_snapshot += other.from_snapshot;
        self.secrets += other.secrets;
    }
}

/// Everything.
pub(crate) struct World {
    seed: u64,
    chance: Chance,
    disk: Disk,
    owner: Option<Owner>,
    bridge: BridgeId,
    phone: Phone,
    delivered: u64,
    now: u64,
    /// The last states that were safe, by their place in the log.
    safe: BTreeMap<u64, Site>,
    pub(crate) tally: Tally,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut world = Self {
            seed,
            chance: Chance(seed),
            disk: Disk::default(),
            owner: None,
            bridge: BridgeId(0),
            phone: Phone::default(),
            delivered: 0,
            now: 1000,
            safe: BTreeMap::new(),
            tally: Tally::default(),
        };
        world.start();
        world
    }

    /// The daemon starts and the bridge comes back.
    fn start(&mut self) {
        let mut journal = MemoryJournal::open(&self.disk).expect("a disk that works");
        self.compare(&mut journal);
        let sealed = self.seed.is_multiple_of(2);
        let (owner, found) = recover(Box::new(journal), site::opening(sealed)).expect("recovered");
        self.tally.from_snapshot += u64::from(found.snapshot.is_some());
        assert!(owner.site().exchange().is_sound(), "{}", self.seed);
        assert!(owner.site().exchange().is_exclusive(), "{}", self.seed);
        self.owner = Some(owner);
        self.note_safe();
        self.check_calls();
        // Sometimes the bridge is away for so long that its calls are given up.
        self.now += if self.chance.below(20) == 0 {
            90_000
        } else {
            self.chance.below(3000)
        };
        let owner = self.owner.as_mut().expect("started");
        owner.begin(Tick(self.now));
        let forgetful = self.chance.below(6) == 0;
        let hello = self.phone.hello(self.now as i64, forgetful);
        let (bridge, welcome) = owner.join(&hello).expect("a place for the bridge");
        owner.commit().expect("a disk that works");
        self.bridge = bridge;
        self.delivered = if welcome.resumed { welcome.received } else { 0 };
        self.phone.welcomed(&welcome);
        self.note_safe();
        self.take_effects(usize::MAX);
    }

    /// What the journal tells is what was there.
    fn compare(&self, journal: &mut dyn Journal) {
        let (site, _) = rebuild(journal).expect("a journal that can be read");
        let Some(site) = site else { return };
        let known = self.safe.get(&site.position());
        let known = known.unwrap_or_else(|| panic!("{}: a state nobody saw", self.seed));
        let (found, position) = (site.hash(), site.position());
        assert_eq!(found, known.hash(), "{} at {position}", self.seed);
    }

    fn owner(&mut self) -> &mut Owner {
        self.owner.as_mut().expect("the daemon runs")
    }

    /// Copied and not hashed: one state of many is ever asked for, and a hash is dear.
    fn note_safe(&mut self) {
        let site = self.owner().site().clone();
        self.safe.insert(site.position(), site);
        if self.safe.len() > STATES_KEPT {
            self.safe.pop_first();
        }
    }

    /// Runs for a while, then crashes and starts again.
    pub(crate) fn live_and_crash(&mut self) {
        let batches = 5 + self.chance.below(40);
        for _ in 0..batches {
            self.batch();
            self.owner().commit().expect("a disk that works");
            self.after_commit();
        }
        self.crash();
        self.tally.crashes += 1;
        self.start();
    }

    fn after_commit(&mut self) {
        self.note_safe();
        if self.chance.below(25) == 0 {
            self.keep_snapshot();
        }
        let some = self.chance.below(12) as usize;
        self.take_effects(if some == 0 { 0 } else { usize::MAX });
    }

    fn keep_snapshot(&mut self) {
        let owner = self.owner();
        let snapshot = snapshot_of(owner.site());
        let mut sink = owner.journal().snapshot_sink();
        let written = sink.write(&snapshot).expect("a disk that works");
        owner.keep_snapshot(written);
    }

    /// A batch that is not committed yet.
    fn batch(&mut self) {
        self.now += match self.chance.below(10) {
            0..6 => self.chance.below(100),
            6..9 => self.chance.below(4000),
            _ => self.chance.below(30_000),
        };
        for _ in 0..self.chance.below(6) {
            let at_ms = self.now.saturating_sub(self.chance.below(300)) as i64;
            self.phone.do_something(&mut self.chance, at_ms);
        }
        let now = Tick(self.now);
        self.owner().begin(now);
        let (bridge, delivered) = (self.bridge, self.delivered);
        let reports = self
            .phone
            .kept
            .iter()
            .filter(|report| report.seq > delivered);
        for report in reports.cloned().collect::<Vec<_>>() {
            let (at, seq) = (Tick(report.at_ms.unwrap_or(0) as u64), report.seq);
            // Senseless reports are refused; they must not do harm.
            let _ = self.owner().report(bridge, at, report);
            let known = self.owner().site().bridges().get(bridge).has_received(seq);
            assert!(known, "{}: report {seq} was not taken", self.seed);
            self.delivered = seq;
        }
        self.agents();
    }

    fn agents(&mut self) {
        for _ in 0..self.chance.below(3) {
            let agent = format!("a{}", self.chance.below(site::AGENTS as u64));
            let colleague = format!("a{}", self.chance.below(site::AGENTS as u64));
            let act = match self.chance.below(24) {
                0..4 => AgentAct::SignIn,
                4..9 => AgentAct::Ready,
                9 => AgentAct::Pause {
                    reason: Some("lunch".to_owned()),
                },
                10 => AgentAct::WrapUpDone,
                11 => AgentAct::ExtendWrapUp,
                12 => AgentAct::TransferToAgent { colleague },
                13 => AgentAct::TransferToQueue {
                    queue: self.one_of_the_queues(),
                },
                14 => AgentAct::Move {
                    groups: self.some_groups(),
                },
                15..17 => AgentAct::PauseRecording,
                17..19 => AgentAct::ResumeRecording,
                19..21 => AgentAct::InviteAgent { colleague },
                21 => AgentAct::InviteFromQueue {
                    queue: self.one_of_the_queues(),
                },
                22 => AgentAct::WithdrawInvitation,
                _ => AgentAct::SignOut,
            };
            drop(self.owner().agent(&agent, act));
        }
    }

    fn one_of_the_queues(&mut self) -> String {
        let queues = self.owner().site().exchange().plan().queues.clone();
        let place = self.chance.below(queues.len() as u64) as usize;
        queues[place].name.clone()
    }

    fn some_groups(&mut self) -> Vec<String> {
        let groups = self.owner().site().exchange().plan().groups.clone();
        let wanted = groups.iter().filter(|_| self.chance.below(2) == 0);
        wanted.map(|group| group.name.clone()).collect()
    }

    /// The bridge takes the next effects, and what is safe is acknowledged.
    fn take_effects(&mut self, most: usize) {
        let owner = self.owner.as_mut().expect("the daemon runs");
        let bridges = owner.site().bridges();
        let carried = self.phone.carried();
        for effect in bridges.effects_after(self.bridge, carried).take(most) {
            self.phone.take(effect);
        }
        self.phone.acknowledged(bridges.get(self.bridge).received);
        if self.chance.below(2) == 0 {
            owner.carried_out(self.bridge, self.phone.carried());
        }
    }

    /// The plug is pulled: before, in or after a commit, and the disk may make it worse.
    fn crash(&mut self) {
        let faults = match self.chance.below(6) {
            0 => {
                self.tally.before_commit += 1;
                self.batch();
                Faults::default()
            }
            1 => {
                self.tally.in_commit += 1;
                let io_error_at = Some(1 + self.chance.below(2));
                self.disk.set_faults(Faults {
                    io_error_at,
                    ..Faults::default()
                });
                self.batch();
                if self.owner().is_staged() {
                    assert!(self.owner().commit().is_err(), "a disk that fails");
                }
                Faults::default()
            }
            2 => {
                self.tally.torn += 1;
                self.torn_commit();
                Faults {
                    torn_tail: true,
                    torn_snapshot: self.chance.below(4) == 0,
                    ..Faults::default()
                }
            }
            3 => {
                self.tally.after_commit += 1;
                self.batch();
                self.owner().commit().expect("a disk that works");
                self.note_safe();
                Faults::default()
            }
            4 => {
                self.tally.lied += 1;
                Faults {
                    lost_suffix: 1 + self.chance.below(COMMITS_LOST_MAX - 1) as usize,
                    ..Faults::default()
                }
            }
            _ => {
                self.tally.full += 1;
                self.fill_the_disk();
                Faults::default()
            }
        };
        self.secrets_now();
        let lied = faults.lost_suffix > 0;
        self.disk.set_faults(faults);
        self.owner = None;
        self.disk.crash();
        if lied {
            self.forget_what_was_lost();
        }
    }

    /// Staged in the journal, never committed.
    fn torn_commit(&mut self) {
        let owner = self.owner();
        let (journal, line) = (owner.journal(), "{\"at\":1,\"what\":\"wake\"}".to_owned());
        let after = journal.end();
        journal
            .append(after, &[line.clone(), line])
            .expect("staged");
    }

    /// A full disk: the calls in progress go on, and new ones are refused.
    fn fill_the_disk(&mut self) {
        self.disk.set_faults(Faults {
            full_at: Some(1),
            ..Faults::default()
        });
        self.batch();
        self.owner().commit().expect("room was kept for this day");
        self.note_safe();
        let was_staged = self.owner().disk_full();
        for _ in 0..5 {
            self.batch();
            self.owner().commit().expect("room was kept for this day");
            self.note_safe();
            self.take_effects(usize::MAX);
        }
        if was_staged {
            assert!(self.owner().disk_full(), "{}", self.seed);
            self.disk.make_room();
            self.owner().look_for_room();
            assert!(!self.owner().disk_full(), "{}", self.seed);
        }
    }

    fn secrets_now(&mut self) {
        let site = self.owner().site();
        let bridges = site.bridges();
        let entering = bridges
            .iter()
            .flat_map(|(_, bridge)| bridge.calls().values());
        let entering = entering.filter(|call| site.exchange().secret_digits(**call) > 0);
        self.tally.secrets += entering.count() as u64;
    }

    /// The disk had lied: what came after is as if it had never been.
    fn forget_what_was_lost(&mut self) {
        let mut journal = MemoryJournal::open(&self.disk).expect("a disk that works");
        let end = journal.end().0;
        let (site, _) = rebuild(&mut journal).expect("a journal that can be read");
        let site = site.expect("the first commits are old");
        drop(journal);
        self.disk.crash();
        self.safe.retain(|position, _| *position <= end);
        let calls = site.bridges().get(self.bridge).calls();
        let known: BTreeSet<&String> = calls.keys().collect();
        self.phone.accepted.retain(|call| known.contains(call));
    }

    /// Every accepted call is in progress or has exactly one record, never both.
    fn check_calls(&mut self) {
        let seed = self.seed;
        let rows = self.owner().journal().recent_cdrs(usize::MAX >> 1);
        let rows = rows.expect("records can be read");
        let mut records: BTreeMap<&str, u32> = BTreeMap::new();
        for row in &rows {
            *records.entry(&row.call).or_default() += 1;
        }
        let doubled = records.iter().find(|(_, count)| **count > 1);
        assert_eq!(doubled, None, "{seed}: a record is there twice");
        let bridges = self
            .owner
            .as_ref()
            .expect("the daemon runs")
            .site()
            .bridges();
        let in_progress = |call: &str| {
            bridges
                .iter()
                .any(|(_, bridge)| bridge.calls().contains_key(call))
        };
        for call in &self.phone.accepted {
            let (recorded, here) = (records.contains_key(call.as_str()), in_progress(call));
            assert!(
                recorded != here,
                "{seed}: {call}: record {recorded}, in progress {here}"
            );
        }
    }

    /// The last look.
    pub(crate) fn end(&mut self) {
        self.check_calls();
        self.tally.calls = self.phone.named;
        self.tally.answered_by_agents = self.phone.picked_up;
    }
}
