//! Conversations that are recorded: the bridge in which caller and agent are joined, as a live recording
//! of the name that strowger gives.

use super::output::Output;
use super::output::Purpose;
use super::output::ask;
use super::request::Request;
use super::translator::Translator;
use crate::daemon::bridge::protocol::Event;
use crate::daemon::bridge::protocol::TapeAct;

/// A recording that waits for caller and agent to be joined.
#[derive(Debug)]
pub(super) struct Tape {
    name: String,
    is_paused: bool,
}

impl Translator {
    /// Begins, pauses, resumes or ends the recording of a conversation.
    pub(super) fn record_talk(
        &mut self,
        offer: u64,
        (name, act): (String, TapeAct),
        out: &mut Vec<Output>,
    ) {
        match act {
            TapeAct::Start => {
                let tape = Tape {
                    name,
                    is_paused: false,
                };
                let Some(known) = self.offers.get_mut(&offer) else {
                    return;
                };
                known.tape = Some(tape);
                if known.is_joined {
                    self.begin_tape(offer, out);
                }
            }
            TapeAct::Pause if self.turns_early(offer, true) => {}
            TapeAct::Resume if self.turns_early(offer, false) => {}
            TapeAct::Pause => pause(name, out),
            TapeAct::Resume => ask(
                Request::delete(&["recordings", "live", &name, "pause"]),
                out,
            ),
            TapeAct::Stop => {
                let waiting = self
                    .offers
                    .get_mut(&offer)
                    .and_then(|known| known.tape.take());
                if waiting.is_none() {
                    ask(Request::post(&["recordings", "live", &name, "stop"]), out);
                }
            }
        }
    }

    /// Whether the recording has not begun yet; then it will be paused, or not, from its beginning.
    fn turns_early(&mut self, offer: u64, is_paused: bool) -> bool {
        let known = self.offers.get_mut(&offer);
        let tape = known.and_then(|known| known.tape.as_mut());
        tape.map(|tape| tape.is_paused = is_paused).is_some()
    }

    /// Caller and agent are joined: what was to be recorded of it is.
    pub(super) fn begin_tape(&mut self, offer: u64, out: &mut Vec<Output>) {
        let known = self.offers.get_mut(&offer);
        let Some(Tape { name, is_paused }) = known.and_then(|known| known.tape.take()) else {
            return;
        };
        let bridge = self.talk_of(offer);
        let request = Request::post(&["bridges", &bridge, "record"])
            .with("name", &name)
            .with("format", "wav")
            .with("ifExists", "fail");
        out.push(Output::Ask(request, Purpose::RecordTalk(name.clone())));
        if is_paused {
            pause(name, out);
        }
    }

    /// What was to be kept out of a recording would be in it: rather none at all.
    pub(super) fn could_not_pause(&self, recording: String, out: &mut Vec<Output>) {
        ask(Request::delete(&["recordings", "live", &recording]), out);
        out.push(Output::Report(Event::RecordTalkFailed { recording }));
    }
}

fn pause(name: String, out: &mut Vec<Output>) {
    let request = Request::post(&["recordings", "live", &name, "pause"]);
    out.push(Output::Ask(request, Purpose::PauseTalk(name)));
}
