//! A storm: bytes become whatever can happen to a site, on a real owner with a journal in memory.
//!
//! After every step the exchange's books are in order; after every storm the journal rebuilds the
//! very same state. A fuzz target and a random test of the main suite share this file.

#[path = "editions.rs"]
mod editions;

pub(crate) use editions::editions;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Capability;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::bridge::protocol::PROTOCOL;
use strowger::daemon::bridge::protocol::RefuseReason;
use strowger::daemon::bridge::protocol::Report;
use strowger::daemon::bridge::protocol::Resume;
use strowger::daemon::clock::Leap;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::entry::Entry;
use strowger::daemon::entry::What;
use strowger::daemon::journal::Journal;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::memory::Disk;
use strowger::daemon::journal::memory::MemoryJournal;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::menus::Menus;
use strowger::daemon::owner::Owner;
use strowger::daemon::recover::Opening;
use strowger::daemon::recover::rebuild;
use strowger::daemon::recover::recover;
use strowger::daemon::site::BridgeId;
use strowger::daemon::site::CallbackRequest;
use strowger::exchange::limits::VERSIONS_SPARE;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

/// A Monday morning: 2026-11-23 09:30 UTC.
pub(crate) const MORNING_MS: i64 = 1_795_426_200_000;
/// Steps of one storm.
const STEPS_MAX: usize = 400;
/// How far time moves, in milliseconds.
const STRIDES: [u64; 16] = [
    0, 40, 200, 700, 700, 1_500, 1_500, 3_000, 3_000, 5_000, 5_000, 9_000, 14_000, 61_000, 610_000,
    5_000_000,
];
const BRIDGES: [&str; 3] = ["north", "south", "east"];
const CALLS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const KEYS: &[u8] = b"00000111222233456789*#x";
const REASONS: [Option<&str>; 4] = [None, Some("lunch"), Some("break"), Some("golf")];

/// A disk with a journal in which these menus were published on a Monday morning.
pub(crate) fn published(menus: &Menus) -> Disk {
    let disk = Disk::default();
    let mut journal = open(&disk);
    let entry = Entry {
        at: 0,
        what: What::Published {
            version: 1,
            origin_ms: MORNING_MS,
            plan_hash: menus.hash().to_owned(),
            live: false,
        },
    };
    let line = serde_json::to_string(&entry).expect("an entry is plain data");
    journal
        .append(Position::START, &[line])
        .expect("there is room");
    let rows = Rows {
        published: Some(menus.publish(1, MORNING_MS)),
        ..Rows::default()
    };
    journal.commit(&rows).expect("there is room");
    drop(journal);
    disk.crash();
    disk
}

/// A journal on a disk.
pub(crate) fn open(disk: &Disk) -> MemoryJournal {
    MemoryJournal::open(disk).expect("a disk that nobody has")
}

/// Lives through a storm.
///
/// # Panics
/// If anything is not as it should be.
pub(crate) fn weather(editions: &[Menus], bytes: &[u8]) {
    let mut storm = Storm::new(editions);
    let mut bytes = Bytes(bytes);
    for _ in 0..STEPS_MAX {
        let Some(kind) = bytes.next() else { break };
        storm.step(kind, &mut bytes);
        let exchange = storm.owner.site().exchange();
        assert!(exchange.is_exclusive(), "an agent has two calls");
        assert!(exchange.is_sound(), "the dispatcher's books are wrong");
    }
    storm.crash(true);
}

/// What is left of the input.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// The next byte, 0 at the end.
    fn byte(&mut self) -> u8 {
        self.next().unwrap_or(0)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::from(self.byte()) % from.len()]
    }

    fn text(&mut self, from: &[&str]) -> String {
        self.pick(from).to_owned()
    }
}

struct Storm<'a> {
    /// The first of them is what the daemon starts with.
    editions: &'a [Menus],
    disk: Disk,
    owner: Owner,
    now: Tick,
}

impl<'a> Storm<'a> {
    fn new(editions: &'a [Menus]) -> Self {
        let disk = published(&editions[0]);
        let now = Tick(0);
        let owner = owner(&disk, &editions[0], now);
        let mut storm = Self {
            editions,
            disk,
            owner,
            now,
        };
        storm.join(0, None, Vec::new());
        for agent in ["front-desk", "back-office", "thao"] {
            drop(storm.owner.agent(agent, AgentAct::SignIn));
            drop(storm.owner.agent(agent, AgentAct::Ready));
        }
        // The first bridge is known from now on, whatever crashes.
        storm.commit();
        storm
    }

    fn step(&mut self, kind: u8, bytes: &mut Bytes<'_>) {
        match kind % 32 {
            0..=4 => {
                self.commit();
                self.now = Tick(self.now.0 + bytes.pick(&STRIDES));
                self.owner.begin(self.now);
            }
            5..=7 => self.agent(bytes),
            8 => self.come_and_go(bytes),
            9 => {
                let bridge = self.bridge(bytes);
                let told = self.owner.site().bridges().get(bridge).sent;
                let effect = told.saturating_sub(u64::from(bytes.byte() % 8));
                self.owner.carried_out(bridge, effect);
            }
            10 => self.misfortune(bytes),
            event => {
                let (bridge, report) = self.report(event, bytes);
                let at = self.when(bytes);
                // An objection is an answer like any other.
                let _ = self.owner.report(bridge, at, report);
            }
        }
    }

    fn misfortune(&mut self, bytes: &mut Bytes<'_>) {
        match bytes.byte() % 8 {
            0 => self.crash(bytes.byte().is_multiple_of(2)),
            1 => {
                let bridge = self.bridge(bytes);
                let seq = self.seq(bridge, bytes.byte());
                self.owner.pass(bridge, seq);
            }
            2 => {
                let (bridge, report) = self.report(11, bytes);
                let at = self.when(bytes);
                let _ = (self.owner).refuse(bridge, at, report, RefuseReason::Stopping);
            }
            3 => {
                let (bridge, report) = self.report(11, bytes);
                (self.owner).shed(bridge, vec![report], RefuseReason::Overload);
            }
            4 => {
                let place = usize::from(bytes.byte());
                // At times so many that those which nobody follows leave the plan.
                let times = [1, VERSIONS_SPARE + 3][usize::from(bytes.byte() % 2)];
                for edition in (place..).take(times) {
                    self.commit();
                    let edition = &self.editions[edition % self.editions.len()];
                    // What is in the way is an answer like any other.
                    drop(self.owner.publish(edition));
                }
            }
            5 => drop(self.owner.roll_back(None)),
            6 => {
                let hours = i64::from(bytes.byte()) - 100;
                if let Some(leap) = Leap::of(hours * 3_600_000 * i64::from(bytes.byte())) {
                    self.commit();
                    self.owner.leap(leap).expect("a journal that can be read");
                    self.now = self.owner.now();
                }
            }
            _ => self.ask(bytes),
        }
    }

    /// Another program asks for a call, or takes one back.
    fn ask(&mut self, bytes: &mut Bytes<'_>) {
        let calls = self.owner.site().callbacks(8);
        let nth = usize::from(bytes.byte());
        if let Some(call) = calls.get(nth % 12) {
            self.owner.withdraw_callback(&call.call);
            return;
        }
        let request = CallbackRequest {
            line: "out".to_owned(),
            step: "list".to_owned(),
            number: format!("+44163296000{}", nth % 10),
            language: None,
            not_before: 0,
        };
        let ahead = self.now.0 + u64::from(bytes.byte()) * 4_000;
        // What is in the way is an answer like any other.
        drop(
            self.owner
                .ask_for_callback(request, Some(MORNING_MS + ahead as i64)),
        );
    }

    fn commit(&mut self) {
        self.owner.commit().expect("there is room");
    }

    /// Ends the process and begins the next; the state is the same, down to its hash.
    fn crash(&mut self, in_order: bool) {
        if in_order {
            self.commit();
        }
        let staged = self.owner.is_staged();
        let before = self.owner.site().hash();
        self.disk.crash();
        let (site, _) = rebuild(&mut open(&self.disk)).expect("a journal in order");
        let site = site.expect("menus were published");
        assert!(staged || site.hash() == before, "another state came back");
        self.disk.crash();
        self.owner = owner(&self.disk, &self.editions[0], self.now);
        self.owner.begin(self.now);
    }

    fn agent(&mut self, bytes: &mut Bytes<'_>) {
        let plan = self.owner.site().exchange().plan().clone();
        let place = usize::from(bytes.byte()) % plan.agents.len();
        let reason = bytes.pick(&REASONS).map(str::to_owned);
        let other = usize::from(bytes.byte());
        let colleague = plan.agents[other % plan.agents.len()].name.clone();
        let groups = vec![plan.groups[other % plan.groups.len()].name.clone()];
        let queue = plan.queues[other % plan.queues.len()].name.clone();
        let act = match bytes.byte() % 17 {
            0 => AgentAct::SignIn,
            1..=4 => AgentAct::Ready,
            5 => AgentAct::Pause { reason },
            6 => AgentAct::WrapUpDone,
            7 => AgentAct::ExtendWrapUp,
            8 => AgentAct::TransferToAgent { colleague },
            9 => AgentAct::TransferToQueue { queue },
            10 => AgentAct::Move { groups },
            11 => AgentAct::PauseRecording,
            12 => AgentAct::ResumeRecording,
            14 => AgentAct::InviteAgent { colleague },
            15 => AgentAct::InviteFromQueue { queue },
            16 => AgentAct::WithdrawInvitation,
            _ => AgentAct::SignOut,
        };
        drop(self.owner.agent(&plan.agents[place].name, act));
    }

    fn come_and_go(&mut self, bytes: &mut Bytes<'_>) {
        let place = usize::from(bytes.byte()) % BRIDGES.len();
        let known = self.owner.site().bridges().find(BRIDGES[place]);
        match (bytes.byte() % 4, known) {
            (0, Some(_)) => self.owner.lose(BRIDGES[place]),
            (1, Some(id)) => {
                let bridge = self.owner.site().bridges().get(id);
                let session = bridge.session;
                let effect = bridge.sent.saturating_sub(u64::from(bytes.byte() % 4));
                self.join(place, Some(Resume { session, effect }), Vec::new());
            }
            _ => {
                let mask = bytes.byte();
                let listed = CALLS.iter().enumerate();
                let listed = listed.filter(|(place, _)| mask >> place & 1 == 1);
                let listed = listed.map(|(_, name)| (*name).to_owned());
                self.join(place, None, listed.collect());
            }
        }
    }

    fn join(&mut self, place: usize, resume: Option<Resume>, calls: Vec<String>) {
        let can = [
            Capability::Ring,
            Capability::Dial,
            Capability::Record,
            Capability::RecordTalk,
            Capability::Transfer,
            Capability::Music,
        ];
        let hello = Hello {
            protocol: PROTOCOL,
            bridge: BRIDGES[place].to_owned(),
            token: None,
            // The third can do nothing, the second rings a few.
            can: can[..[5, 2, 0][place]].to_vec(),
            devices: vec![["PJSIP/", "PJSIP/30", ""][place].to_owned()],
            clock_ms: 0,
            resume,
            calls,
        };
        self.owner.join(&hello).expect("there is room for three");
    }

    /// A bridge that has been here, mostly the first.
    fn bridge(&self, bytes: &mut Bytes<'_>) -> BridgeId {
        let place = usize::from(bytes.byte() % 12).saturating_sub(9);
        let bridges = self.owner.site().bridges();
        let known = bridges.find(BRIDGES[place]);
        known.unwrap_or(BridgeId(0))
    }

    /// Mostly the number that is next.
    fn seq(&self, bridge: BridgeId, byte: u8) -> u64 {
        let next = self.owner.site().bridges().get(bridge).received + 1;
        match byte {
            255 => u64::MAX,
            254 => 0,
            240..254 => next + u64::from(byte - 239),
            _ => next,
        }
    }

    /// Mostly now.
    fn when(&self, bytes: &mut Bytes<'_>) -> Tick {
        match bytes.byte() {
            255 => Tick(u64::MAX),
            byte @ 200.. => Tick(self.now.0.saturating_sub(u64::from(byte) * 50)),
            _ => self.now,
        }
    }

    fn report(&self, kind: u8, bytes: &mut Bytes<'_>) -> (BridgeId, Report) {
        let bridge = self.bridge(bytes);
        let event = self.event(kind, bridge, bytes);
        let seq = self.seq(bridge, bytes.byte());
        let at_ms = None;
        (bridge, Report { seq, at_ms, event })
    }

    fn event(&self, kind: u8, bridge: BridgeId, bytes: &mut Bytes<'_>) -> Event {
        if let 11..=14 = kind {
            return self.start(bytes);
        }
        let call = self.call(bridge, bytes.byte());
        match kind {
            15..=20 => {
                let key = char::from(bytes.pick(KEYS));
                Event::Key { call, key }
            }
            21..=23 => {
                let play = self.play(bridge, &call, bytes.byte());
                Event::PlayDone { call, play }
            }
            24..=27 => Event::AgentAnswered {
                offer: self.offer(bridge, bytes.byte()),
            },
            28 => Event::CallEnded { call },
            29 => Event::AgentHungUp {
                offer: self.offer(bridge, bytes.byte()),
            },
            30 => Event::AgentDeclined {
                offer: self.offer(bridge, bytes.byte()),
            },
            _ => self.rare(call, bytes),
        }
    }

    fn start(&self, bytes: &mut Bytes<'_>) -> Event {
        let lines = [
            "clinic",
            "clinic",
            "secret",
            "video",
            "agent-line",
            "nowhere",
        ];
        let phones = [None, Some("PJSIP/211"), Some("PJSIP/303"), Some("SIP/1")];
        Event::CallStarted {
            call: bytes.text(&CALLS),
            line: Some(bytes.text(&lines)),
            number: None,
            from: Some(bytes.text(&["", "100", "200"])),
            device: bytes.pick(&phones).map(str::to_owned),
        }
    }

    /// Mostly a call in progress.
    fn call(&self, bridge: BridgeId, byte: u8) -> String {
        let calls = self.owner.site().bridges().get(bridge).calls();
        let known = calls.keys().nth(usize::from(byte) % calls.len().max(1));
        match (byte, known) {
            (250.., _) | (_, None) => CALLS[usize::from(byte) % CALLS.len()].to_owned(),
            (_, Some(name)) => name.clone(),
        }
    }

    fn rare(&self, call: String, bytes: &mut Bytes<'_>) -> Event {
        match bytes.byte() % 6 {
            4 => Event::DialAnswered { call },
            5 => Event::DialFailed { call },
            0 => Event::RecordingDone {
                call,
                length_ms: Some(u64::from(bytes.byte()) << 20),
                recording: None,
            },
            1 => Event::TransferDone { call },
            2 => Event::TransferFailed { call },
            3 => Event::RecordTalkFailed {
                recording: self.tape(),
            },
            _ => Event::DeviceState {
                device: bytes.text(&["PJSIP/211", "PJSIP/303", "SIP/1"]),
                reachable: bytes.byte().is_multiple_of(2),
            },
        }
    }

    /// The recording that some bridge was asked for last.
    fn tape(&self) -> String {
        let bridges = self.owner.site().bridges();
        let effects = bridges
            .iter()
            .flat_map(|(id, _)| bridges.effects_after(id, 0));
        let tapes = effects.filter_map(|effect| match &effect.act {
            Act::RecordTalk { recording, .. } => Some(recording.clone()),
            _ => None,
        });
        tapes.last().unwrap_or_else(|| "none".to_owned())
    }

    /// Mostly the last playing of the call.
    fn play(&self, bridge: BridgeId, name: &str, byte: u8) -> u32 {
        let effects = self.owner.site().bridges().effects_after(bridge, 0);
        let plays = effects.filter_map(|effect| match &effect.act {
            Act::Play { call, play, .. } if call == name => Some(*play),
            _ => None,
        });
        match byte {
            250.. => u32::from(byte),
            _ => plays.last().unwrap_or(0),
        }
    }

    /// Mostly a ringing of the last few.
    fn offer(&self, bridge: BridgeId, byte: u8) -> u64 {
        let effects = self.owner.site().bridges().effects_after(bridge, 0);
        let offers = effects.filter_map(|effect| match &effect.act {
            Act::Ring { offer, .. } => Some(*offer),
            _ => None,
        });
        let offers: Vec<u64> = offers.collect();
        let back = usize::from(byte) % 4;
        match (byte, offers.len().checked_sub(1 + back)) {
            (250.., _) | (_, None) => u64::from(byte),
            (_, Some(place)) => offers[place],
        }
    }
}

fn owner(disk: &Disk, menus: &Menus, now: Tick) -> Owner {
    let opening = Opening {
        menus: Some(menus.clone()),
        vault: None,
        patience: Span::seconds(60),
        wall_ms: MORNING_MS + now.0 as i64,
    };
    let recovered = recover(Box::new(open(disk)), opening);
    recovered.expect("a journal in order").0
}
