//! From Asterisk's words to the bridge protocol's, and back: no clock, no socket, no waiting.
//!
//! A call is called as its channel is; the channel of an agent who is rung, the bridge and every
//! playback have ids made of ours. So an event can be understood, and an effect carried out, with
//! hardly any memory, also after a restart.

use super::call::Call;
use super::dialled;
use super::dialled::Outside;
use super::heard::Channel;
use super::heard::Heard;
use super::heard::parse_channel;
use super::output::Output;
use super::output::Purpose;
use super::output::ask;
use super::playlist::Sounds;
use super::request::Request;
use super::tape::Tape;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::Event;
use crate::daemon::bridge::protocol::NAME_BYTES_MAX;
use crate::daemon::bridge::protocol::RefuseReason;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;

/// How the names of devices begin that Asterisk rings.
pub(super) const DEVICES: [&str; 1] = ["PJSIP/"];
/// Calls at once; more are given the busy signal.
pub(super) const CALLS_MAX: usize = 1000;
/// Recordings that calls have left and whose ends are waited for; the oldest are forgotten first.
const UNENDED_MAX: usize = 1024;
/// How long a device rings at most, in seconds; the groups file says less.
pub(super) const RING_S_MAX: u32 = 120;

/// Every call and every ringing in this Asterisk.
#[derive(Debug)]
pub(super) struct Translator {
    pub(super) app: String,
    sounds: Sounds,
    /// How numbers outside are dialled, if they can be.
    pub(super) outside: Option<Outside>,
    /// Tells the recordings of one run of the program from those of another.
    era: u64,
    pub(super) calls: BTreeMap<String, Call>,
    pub(super) offers: BTreeMap<u64, Offer>,
    /// Recordings of messages that had not ended when their calls went on or were over, each with the call.
    unended: VecDeque<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Offer {
    call: String,
    leg: Leg,
    /// In the bridge of the call.
    pub(super) is_joined: bool,
    /// The recording that begins as soon as caller and agent are joined.
    pub(super) tape: Option<Tape>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leg {
    Ringing,
    /// To be joined as soon as it is up: strowger takes it for answered.
    Expected,
    Up,
}

impl Translator {
    /// Without calls. `app` is the Stasis application, `era` the time of the start.
    pub(super) fn new(app: &str, (sounds, outside): (Sounds, Option<Outside>), era: u64) -> Self {
        Self {
            app: app.to_owned(),
            sounds,
            outside,
            era,
            calls: BTreeMap::new(),
            offers: BTreeMap::new(),
            unended: VecDeque::new(),
        }
    }

    /// The calls in progress.
    pub(super) fn calls(&self) -> Vec<String> {
        self.calls.keys().cloned().collect()
    }

    /// Asterisk has said something other than a response.
    pub(super) fn heard(&mut self, heard: Heard, out: &mut Vec<Output>) {
        match heard {
            Heard::Arrived { channel, args } => {
                let for_agent = args.first().is_some_and(|first| first == "agent");
                if args.first().is_some_and(|first| first == dialled::ARGUMENT) {
                    self.dial_answered(&channel.id, out);
                } else if for_agent || self.offer_of(&channel.id).is_some() {
                    self.agent_arrived(&channel, out);
                } else {
                    self.caller_arrived(channel, &args, out);
                }
            }
            Heard::Gone { channel } => self.gone(&channel, out),
            Heard::Digit { channel, digit } => {
                let is_key = digit.is_ascii_digit() || "*#".contains(digit);
                if is_key && self.calls.contains_key(&channel) {
                    let (call, key) = (channel, digit);
                    out.push(Output::Report(Event::Key { call, key }));
                }
            }
            Heard::Played { playback, failed } => self.played(&playback, failed, out),
            Heard::TalkNotRecorded { recording } => {
                out.push(Output::Report(Event::RecordTalkFailed { recording }));
            }
            Heard::Recorded {
                recording,
                channel,
                length_s,
                failed,
            } => {
                let name = recording.clone();
                let kept = (!failed).then_some(recording);
                // Asterisk counts whole seconds: below two it is not known whether it is a message.
                let length_ms = (failed || length_s > 1).then(|| length_s.saturating_mul(1000));
                let call = self.calls.get_mut(&channel);
                if let Some(call) = call.filter(|call| call.records(&name)) {
                    call.recorded(&channel, length_ms, kept, out);
                } else if let Some(call) = self.left(&name) {
                    out.push(Output::Report(Event::RecordingDone {
                        call,
                        length_ms,
                        recording: kept,
                    }));
                }
            }
            Heard::Response { .. } | Heard::Replaced | Heard::Other => {}
        }
    }

    /// Strowger wants something done. What was done before is not done again.
    pub(super) fn told(&mut self, act: Act, out: &mut Vec<Output>) {
        match act {
            Act::Answer { call } => {
                if self.calls.contains_key(&call) {
                    ask(Request::post(&["channels", &call, "answer"]), out);
                }
            }
            Act::Refuse { call, reason } => self.refuse(&call, reason, out),
            Act::Play {
                call,
                play,
                line,
                prompt,
                language,
                parts,
                length_ms,
            } => {
                let sounds = &self.sounds;
                let pieces = sounds.pieces(play, &prompt, (&line, &language), &parts, length_ms);
                if let Some(known) = self.calls.get_mut(&call) {
                    known.play(&call, pieces, out);
                }
            }
            Act::Stop { call } => {
                if let Some(known) = self.calls.get_mut(&call) {
                    known.stop(&call, out);
                }
            }
            Act::Music { call, .. } => {
                if let Some(known) = self.calls.get_mut(&call) {
                    known.music_next(&call, out);
                }
            }
            Act::Record {
                call,
                mailbox,
                max_ms,
            } => {
                if let Some(known) = self.calls.get_mut(&call)
                    && let Some(before) = known.record(&call, &mailbox, max_ms, self.era, out)
                {
                    self.leave(before, call);
                }
            }
            // Not announced, so not asked for.
            Act::Transfer { call, .. } => out.push(Output::Report(Event::TransferFailed { call })),
            Act::Dial {
                call,
                number,
                show,
                ring_ms,
            } => self.dial(call, (&number, show.as_deref()), ring_ms, out),
            Act::Ring {
                call,
                offer,
                device,
                from,
                ..
            } => self.ring(call, offer, &device, from.as_deref(), out),
            Act::CancelRing { offer } | Act::Disconnect { offer, .. } => self.part(offer, out),
            Act::Connect { call, offer } => self.connect(&call, offer, out),
            Act::RecordTalk {
                offer,
                recording,
                act,
                ..
            } => self.record_talk(offer, (recording, act), out),
            Act::HangUp { call } => {
                if self.forget(&call, out) {
                    ask(Request::delete(&["channels", &call]), out);
                }
            }
        }
    }

    /// Asterisk has answered a request.
    pub(super) fn answered(
        &mut self,
        purpose: Purpose,
        status: u16,
        body: &str,
        out: &mut Vec<Output>,
    ) {
        let failed = status >= 400;
        match purpose {
            Purpose::Play(playback) if failed => self.played(&playback, true, out),
            Purpose::IsPlaying(playback) if failed => self.played(&playback, false, out),
            Purpose::Record(call) | Purpose::IsRecording(call) if failed => {
                if let Some(known) = self.calls.get_mut(&call) {
                    known.recorded(&call, Some(0), None, out);
                }
            }
            Purpose::RecordTalk(recording) if failed => {
                out.push(Output::Report(Event::RecordTalkFailed { recording }));
            }
            // One that is over already keeps nothing more.
            Purpose::PauseTalk(recording) if failed && status != 404 => {
                self.could_not_pause(recording, out);
            }
            Purpose::Dial(call) if failed => self.gone(&call, out),
            Purpose::IsDialling(call) => self.dial_stands(&call, (status, body), out),
            Purpose::Ring(offer) | Purpose::AgentLeg(offer) if failed => {
                self.gone(&self.agent_channel(offer), out);
            }
            Purpose::AgentLeg(offer) => {
                if parse_channel(body).is_ok_and(|channel| channel.state == "Up") {
                    self.agent_up(offer, out);
                } else if let Some(known) = self.offers.get_mut(&offer)
                    && known.leg == Leg::Up
                {
                    known.leg = Leg::Ringing;
                }
            }
            _ => {}
        }
    }

    /// The time of a [`Output::Wait`] is over.
    pub(super) fn waited(&mut self, playback: &str, out: &mut Vec<Output>) {
        self.played(playback, false, out);
    }

    /// The connection to Asterisk is new: these are the application's channels. What was missed is
    /// made up for. Channels from before a restart are adopted, or, if nobody could know of them,
    /// hung up.
    pub(super) fn resync(&mut self, listed: &[String], adopt: bool, out: &mut Vec<Output>) {
        let there: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
        // One that rings is not listed yet.
        let lost = |(name, call): (&String, &Call)| {
            (!call.dialling && !there.contains(name.as_str())).then(|| name.clone())
        };
        let lost: Vec<String> = self.calls.iter().filter_map(lost).collect();
        for call in lost {
            self.gone(&call, out);
        }
        for channel in listed {
            if let Some(offer) = self.offer_of(channel) {
                self.offers.entry(offer).or_insert(Offer {
                    call: String::new(),
                    leg: Leg::Up,
                    is_joined: false,
                    tape: None,
                });
            } else if !self.calls.contains_key(channel) {
                self.adopt(channel, adopt, out);
            }
        }
        for offer in self.offers.keys() {
            let request = Request::get(&["channels", &self.agent_channel(*offer)]);
            out.push(Output::Ask(request, Purpose::AgentLeg(*offer)));
        }
        for (name, call) in &self.calls {
            call.ask_how_it_stands(name, out);
        }
    }

    /// Strowger does not know what was reported: nobody would ever hang it up.
    pub(super) fn refused(&mut self, event: &Event, out: &mut Vec<Output>) {
        let call = match event {
            Event::Key { call, .. }
            | Event::PlayDone { call, .. }
            | Event::RecordingDone { call, .. } => call,
            Event::AgentAnswered { offer } => return self.part(*offer, out),
            _ => return,
        };
        if self.forget(call, out) {
            ask(Request::delete(&["channels", call]), out);
        }
    }

    fn adopt(&mut self, channel: &str, adopt: bool, out: &mut Vec<Output>) {
        if adopt && self.calls.len() < CALLS_MAX && channel.len() <= NAME_BYTES_MAX {
            self.calls
                .insert(channel.to_owned(), Call::adopted(channel));
        } else {
            ask(Request::delete(&["channels", channel]), out);
        }
    }

    fn caller_arrived(&mut self, channel: Channel, args: &[String], out: &mut Vec<Output>) {
        if self.calls.contains_key(&channel.id) {
            return;
        }
        if self.calls.len() >= CALLS_MAX {
            let request = Request::delete(&["channels", &channel.id]);
            return ask(request.with("reason", "congestion"), out);
        }
        self.calls.insert(channel.id.clone(), Call::default());
        out.push(Output::Report(call_started(channel, args)));
    }

    fn agent_arrived(&mut self, channel: &Channel, out: &mut Vec<Output>) {
        match self.offer_of(&channel.id) {
            Some(offer) if self.offers.contains_key(&offer) => self.agent_up(offer, out),
            // Picked up while the ringing was being stopped.
            _ => ask(Request::delete(&["channels", &channel.id]), out),
        }
    }

    fn agent_up(&mut self, offer: u64, out: &mut Vec<Output>) {
        let Some(known) = self.offers.get_mut(&offer) else {
            return;
        };
        match std::mem::replace(&mut known.leg, Leg::Up) {
            Leg::Ringing => out.push(Output::Report(Event::AgentAnswered { offer })),
            Leg::Expected => {
                let call = known.call.clone();
                self.join(&call, offer, out);
            }
            Leg::Up => {}
        }
    }

    pub(super) fn gone(&mut self, channel: &str, out: &mut Vec<Output>) {
        let rang = self.calls.get(channel).is_some_and(Call::rings);
        if let Some(offer) = self.offer_of(channel) {
            self.agent_gone(offer, out);
        } else if rang && self.forget(channel, out) {
            let call = channel.to_owned();
            out.push(Output::Report(Event::DialFailed { call }));
        } else if self.forget(channel, out) {
            let call = channel.to_owned();
            out.push(Output::Report(Event::CallEnded { call }));
        }
    }

    fn agent_gone(&mut self, offer: u64, out: &mut Vec<Output>) {
        let Some(known) = self.offers.remove(&offer) else {
            return;
        };
        if known.is_joined && self.calls.contains_key(&known.call) {
            self.leaves_talk(&known.call, offer, out);
        }
        out.push(Output::Report(match known.leg {
            Leg::Ringing => Event::AgentDeclined { offer },
            Leg::Expected | Leg::Up => Event::AgentHungUp { offer },
        }));
    }

    /// A call is over. The legs of agents are ours to hang up: Asterisk leaves them alone.
    fn forget(&mut self, call: &str, out: &mut Vec<Output>) -> bool {
        let removed = self.calls.remove(call);
        let known = removed.is_some();
        let talk = removed.as_ref().and_then(|call| call.talk);
        if let Some(recording) = removed.and_then(Call::into_recording) {
            self.leave(recording, call.to_owned());
        }
        let offers = self.offers.iter().filter(|(_, offer)| offer.call == call);
        let offers: Vec<u64> = offers.map(|(offer, _)| *offer).collect();
        for offer in offers.into_iter().filter(|_| known) {
            self.offers.remove(&offer);
            let agent = self.agent_channel(offer);
            ask(Request::delete(&["channels", &agent]), out);
        }
        if let Some(talk) = talk {
            ask(Request::delete(&["bridges", &self.bridge(talk)]), out);
        }
        known
    }

    /// A call goes on, or is over, before Asterisk says that its recording has ended.
    fn leave(&mut self, recording: String, call: String) {
        self.unended.truncate(UNENDED_MAX - 1);
        self.unended.push_front((recording, call));
    }

    /// The call that had left the message of this recording.
    fn left(&mut self, recording: &str) -> Option<String> {
        let mut unended = self.unended.iter();
        let place = unended.position(|(other, _)| other == recording)?;
        let (_, call) = self.unended.remove(place)?;
        Some(call)
    }

    /// An agent is not in the bridge of a call any more: it stays for another agent only.
    fn leaves_talk(&mut self, call: &str, offer: u64, out: &mut Vec<Output>) {
        let mut others = self.offers.values();
        if others.any(|other| other.is_joined && other.call == call) {
            return;
        }
        let talk = self.calls.get_mut(call).and_then(|call| call.talk.take());
        let bridge = self.bridge(talk.unwrap_or(offer));
        ask(Request::delete(&["bridges", &bridge]), out);
    }

    /// Ends an agent's leg, and the bridge if there is one and nobody else in it. Its end is not reported.
    fn part(&mut self, offer: u64, out: &mut Vec<Output>) {
        let known = self.offers.remove(&offer);
        ask(
            Request::delete(&["channels", &self.agent_channel(offer)]),
            out,
        );
        match known {
            Some(known) if known.leg != Leg::Up => {}
            Some(known) => self.leaves_talk(&known.call, offer, out),
            None => self.leaves_talk("", offer, out),
        }
    }

    fn refuse(&mut self, call: &str, reason: RefuseReason, out: &mut Vec<Output>) {
        let reason = match reason {
            RefuseReason::Busy => "busy",
            _ => "congestion",
        };
        if self.forget(call, out) {
            let request = Request::delete(&["channels", call]);
            ask(request.with("reason", reason), out);
        }
    }

    fn played(&mut self, playback: &str, failed: bool, out: &mut Vec<Output>) {
        if let Some(name) = playback.splitn(4, '-').nth(3)
            && let Some(call) = self.calls.get_mut(name)
        {
            call.played(name, playback, failed, out);
        }
    }

    fn ring(
        &mut self,
        call: String,
        offer: u64,
        device: &str,
        from: Option<&str>,
        out: &mut Vec<Output>,
    ) {
        if self.offers.contains_key(&offer) {
            return;
        }
        let mut request = Request::post(&["channels", &self.agent_channel(offer)])
            .with("endpoint", device)
            .with("app", &self.app)
            .with("appArgs", &format!("agent,{offer}"))
            .with("timeout", &RING_S_MAX.to_string());
        if let Some(from) = from {
            request = request.with("callerId", from);
        }
        self.offers.insert(
            offer,
            Offer {
                call,
                leg: Leg::Ringing,
                is_joined: false,
                tape: None,
            },
        );
        out.push(Output::Ask(request, Purpose::Ring(offer)));
    }

    /// Joins caller and agent; one who is not there yet, as soon as that is so.
    fn connect(&mut self, call: &str, offer: u64, out: &mut Vec<Output>) {
        if !self.calls.contains_key(call) {
            return;
        }
        match self.offers.get_mut(&offer) {
            Some(known) if known.leg == Leg::Up => self.join(call, offer, out),
            Some(known) => known.leg = Leg::Expected,
            None => {}
        }
    }

    fn join(&mut self, call: &str, offer: u64, out: &mut Vec<Output>) {
        let Some(known) = self.calls.get_mut(call) else {
            return;
        };
        known.stop(call, out);
        let talk = *known.talk.get_or_insert(offer);
        if let Some(known) = self.offers.get_mut(&offer) {
            // One from before a restart has forgotten whose it is.
            call.clone_into(&mut known.call);
            known.is_joined = true;
        }
        let (bridge, agent) = (self.bridge(talk), self.agent_channel(offer));
        if talk != offer {
            let request = Request::post(&["bridges", &bridge, "addChannel"]);
            ask(request.with("channel", &agent), out);
            return self.begin_tape(offer, out);
        }
        let both = format!("{call},{agent}");
        ask(
            Request::post(&["bridges", &bridge]).with("type", "mixing"),
            out,
        );
        ask(
            Request::post(&["bridges", &bridge, "addChannel"]).with("channel", &both),
            out,
        );
        self.begin_tape(offer, out);
    }

    fn agent_channel(&self, offer: u64) -> String {
        format!("{}-offer-{offer}", self.app)
    }

    pub(super) fn bridge(&self, offer: u64) -> String {
        format!("{}-talk-{offer}", self.app)
    }

    /// The bridge that an agent is in.
    pub(super) fn talk_of(&self, offer: u64) -> String {
        let known = self.offers.get(&offer);
        let call = known.and_then(|known| self.calls.get(&known.call));
        self.bridge(call.and_then(|call| call.talk).unwrap_or(offer))
    }

    fn offer_of(&self, channel: &str) -> Option<u64> {
        let rest = channel.strip_prefix(&self.app)?;
        rest.strip_prefix("-offer-")?.parse().ok()
    }
}

/// `Stasis(app,call,<number>)` names the number that was dialled, `Stasis(app,line,<line>)` the
/// line; without either the extension is the number.
fn call_started(channel: Channel, args: &[String]) -> Event {
    let named = |kind: &str| match args {
        [first, value, ..] if first == kind && !value.is_empty() => Some(value.clone()),
        _ => None,
    };
    let line = named("line");
    let number = match line {
        Some(_) => None,
        None => Some(named("call").unwrap_or(channel.dialplan.exten)),
    };
    let from = Some(channel.caller.number)
        .filter(|number| !number.is_empty() && number.len() <= NAME_BYTES_MAX);
    let device = channel.name.rsplit_once('-').map(|(device, _)| device);
    let device = device.filter(|device| DEVICES.iter().any(|start| device.starts_with(start)));
    Event::CallStarted {
        call: channel.id,
        line,
        number,
        from,
        device: device.map(str::to_owned),
    }
}
