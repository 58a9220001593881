//! A bridge as it should be: it numbers what it reports and keeps it until it is safe, carries out
//! each effect once, and remembers what it was told under each number.

use crate::chance::Chance;
use crate::site::AGENTS;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Capability;
use strowger::daemon::bridge::protocol::Effect;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::bridge::protocol::Hello;
use strowger::daemon::bridge::protocol::Report;
use strowger::daemon::bridge::protocol::Resume;
use strowger::daemon::bridge::protocol::TapeAct;
use strowger::daemon::bridge::protocol::Welcome;

/// A call as its telephone knows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leg {
    pub(crate) answered: bool,
    pub(crate) playing: Vec<u32>,
    pub(crate) recording: bool,
}

/// The bridge.
#[derive(Debug, Default)]
pub(crate) struct Phone {
    session: Option<u64>,
    last_seq: u64,
    carried: u64,
    pub(crate) kept: VecDeque<Report>,
    pub(crate) legs: BTreeMap<String, Leg>,
    pub(crate) ringing: BTreeMap<u64, String>,
    pub(crate) talking: BTreeMap<u64, String>,
    told: BTreeMap<(u64, u64), Effect>,
    /// Conversations that are recorded, and whether they are now.
    tapes: BTreeMap<String, bool>,
    /// The names of all that ever were.
    taped: BTreeSet<String>,
    /// Calls that were answered, ever.
    pub(crate) accepted: Vec<String>,
    /// Calls that were begun, and rings that were answered.
    pub(crate) named: u64,
    pub(crate) picked_up: u64,
}

impl Phone {
    /// What it says when it comes; `forgetful` has only its calls.
    pub(crate) fn hello(&self, clock_ms: i64, forgetful: bool) -> Hello {
        let resume = self.session.filter(|_| !forgetful).map(|session| Resume {
            session,
            effect: self.carried,
        });
        Hello {
            protocol: 1,
            bridge: "phone".to_owned(),
            token: None,
            can: vec![
                Capability::Ring,
                Capability::Record,
                Capability::RecordTalk,
                Capability::Music,
            ],
            devices: vec!["P/".to_owned()],
            clock_ms,
            resume,
            calls: self.legs.keys().cloned().collect(),
        }
    }

    pub(crate) fn welcomed(&mut self, welcome: &Welcome) {
        if welcome.resumed {
            while self
                .kept
                .front()
                .is_some_and(|first| first.seq <= welcome.received)
            {
                self.kept.pop_front();
            }
            return;
        }
        self.session = Some(welcome.session);
        (self.last_seq, self.carried) = (0, 0);
        self.kept.clear();
        self.ringing.clear();
        self.tapes.clear();
        for leg in self.legs.values_mut() {
            (leg.playing, leg.recording) = (Vec::new(), false);
        }
    }

    pub(crate) fn report(&mut self, at_ms: i64, event: Event) {
        self.last_seq += 1;
        self.kept.push_back(Report {
            seq: self.last_seq,
            at_ms: Some(at_ms),
            event,
        });
    }

    /// Something that callers or agents' phones do.
    pub(crate) fn do_something(&mut self, chance: &mut Chance, at_ms: i64) {
        let calls: Vec<String> = self.legs.keys().cloned().collect();
        let call = chance.one_of(&calls);
        let ringing: Vec<u64> = self.ringing.keys().copied().collect();
        let talking: Vec<u64> = self.talking.keys().copied().collect();
        let event = match (chance.below(100), call) {
            (0..20, _) | (_, None) => {
                self.named += 1;
                let call = format!("c{}", self.named);
                self.legs.entry(call.clone()).or_default();
                Event::CallStarted {
                    call,
                    line: Some("shop".to_owned()),
                    number: None,
                    from: Some(format!("+44{}", self.named % 50)),
                    device: None,
                }
            }
            (20..60, Some(call)) => {
                let key = char::from(b"1233345678900*#"[chance.below(15) as usize]);
                Event::Key { call, key }
            }
            (60..72, Some(call)) => match self.legs[&call].playing.last().copied() {
                Some(play) => {
                    if let Some(leg) = self.legs.get_mut(&call) {
                        leg.playing.clear();
                    }
                    Event::PlayDone { call, play }
                }
                None => Event::PlayDone { call, play: 1 },
            },
            (72..78, Some(call)) => {
                self.legs.remove(&call);
                Event::CallEnded { call }
            }
            (78..82, Some(call)) => Event::RecordingDone {
                call,
                length_ms: Some(4000),
                recording: Some("somewhere".to_owned()),
            },
            (82..93, _) => match chance.one_of(&ringing) {
                Some(offer) => {
                    self.picked_up += 1;
                    Event::AgentAnswered { offer }
                }
                None => Event::AgentAnswered { offer: 3 },
            },
            (93..94, _) => match chance.one_of(&ringing) {
                Some(offer) => Event::AgentDeclined { offer },
                None => Event::AgentDeclined { offer: 5 },
            },
            (94..99, _) => match chance.one_of(&talking) {
                Some(offer) => Event::AgentHungUp { offer },
                None => Event::AgentHungUp { offer: 1 },
            },
            _ => Event::DeviceState {
                device: format!("P/{}", chance.below(AGENTS as u64)),
                reachable: chance.below(3) > 0,
            },
        };
        self.report(at_ms, event);
    }

    /// The last report that is known to be safe.
    pub(crate) fn safe(&self) -> u64 {
        self.kept
            .front()
            .map_or(self.last_seq, |first| first.seq - 1)
    }

    /// Reports up to this number are safe.
    pub(crate) fn acknowledged(&mut self, seq: u64) {
        while self.kept.front().is_some_and(|first| first.seq <= seq) {
            self.kept.pop_front();
        }
    }

    pub(crate) fn carried(&self) -> u64 {
        self.carried
    }

    /// Takes an effect. One that comes again is the same as before and is not carried out again.
    pub(crate) fn take(&mut self, effect: &Effect) {
        let session = self.session.expect("a welcome comes first");
        let known = self.told.entry((session, effect.effect));
        let known = known.or_insert_with(|| effect.clone());
        assert_eq!(known, effect, "one number, two effects");
        if effect.effect <= self.carried {
            return;
        }
        assert_eq!(effect.effect, self.carried + 1, "an effect was left out");
        self.carried = effect.effect;
        self.carry_out(&effect.act);
    }

    fn carry_out(&mut self, act: &Act) {
        match act {
            Act::Answer { call } => {
                self.leg(call).answered = true;
                self.accepted.push(call.clone());
            }
            Act::Refuse { call, .. } | Act::HangUp { call } => {
                self.legs.remove(call);
            }
            Act::Play { call, play, .. } => self.leg(call).playing.push(*play),
            Act::Stop { call } => {
                let leg = self.leg(call);
                (leg.playing, leg.recording) = (Vec::new(), false);
            }
            Act::Record { call, .. } => self.leg(call).recording = true,
            Act::Ring { call, offer, .. } => {
                self.ringing.insert(*offer, call.clone());
            }
            Act::CancelRing { offer } => {
                self.ringing.remove(offer);
            }
            Act::Connect { call, offer } => {
                self.ringing.remove(offer);
                self.talking.insert(*offer, call.clone());
            }
            Act::Disconnect { offer, .. } => {
                self.talking.remove(offer);
            }
            Act::RecordTalk { recording, act, .. } => self.turn_tape(recording, *act),
            Act::Music { .. } | Act::Transfer { .. } | Act::Dial { .. } => {}
        }
    }

    /// No name is used twice, and what is paused or goes on was begun before.
    fn turn_tape(&mut self, name: &str, act: TapeAct) {
        let (was, is) = match act {
            TapeAct::Start => {
                assert!(self.taped.insert(name.to_owned()), "{name} begins twice");
                (None, Some(true))
            }
            TapeAct::Pause => (Some(true), Some(false)),
            TapeAct::Resume => (Some(false), Some(true)),
            TapeAct::Stop => {
                self.tapes.remove(name);
                return;
            }
        };
        assert_eq!(self.tapes.get(name).copied(), was, "{act:?} of {name}");
        self.tapes.extend(is.map(|runs| (name.to_owned(), runs)));
    }

    /// The leg of a call; a call that has hung up may still be told things.
    fn leg(&mut self, call: &str) -> &mut Leg {
        self.legs.entry(call.to_owned()).or_default()
    }
}
