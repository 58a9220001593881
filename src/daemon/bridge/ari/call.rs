//! What one caller hears and says.

use super::output::Output;
use super::output::Purpose;
use super::output::ask;
use super::playlist::Piece;
use super::playlist::Playlist;
use super::playlist::last_of;
use super::request::Request;
use crate::daemon::bridge::protocol::Event;
use crate::daemon::site::CALLBACK_NAME;

/// A caller who says nothing for so long has left the message, in seconds.
pub(super) const SILENCE_S: u64 = 10;

/// A caller's channel.
#[derive(Debug, Default)]
pub(super) struct Call {
    playlist: Playlist,
    music: Music,
    recording: Option<String>,
    takes: u32,
    /// The bridge in which it is with agents: that of the first of them, by the ringing that was answered.
    pub(super) talk: Option<u64>,
    /// From before a restart, and nothing was asked since: what it hears is not known.
    pub(super) adopted: bool,
    /// It is rung, and has not answered.
    pub(super) dialling: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Music {
    #[default]
    Off,
    /// Once the prompts are over.
    Next,
    On,
}

impl Call {
    /// From before a restart. Whether a number that strowger dialled has answered meanwhile is to be found out.
    pub(super) fn adopted(name: &str) -> Self {
        Self {
            adopted: true,
            dialling: name.starts_with(CALLBACK_NAME),
            ..Self::default()
        }
    }

    /// Whether it has not been answered, as far as is known for certain.
    pub(super) fn rings(&self) -> bool {
        self.dialling && !self.adopted
    }

    /// One that strowger calls.
    pub(super) fn dialled() -> Self {
        Self {
            dialling: true,
            ..Self::default()
        }
    }

    /// Plays a prompt after those already playing.
    pub(super) fn play(&mut self, name: &str, pieces: Vec<Piece>, out: &mut Vec<Output>) {
        self.forget_the_past(name, pieces.first(), out);
        self.stop_music(name, out);
        if self.playlist.has_room(pieces.len()) {
            if self.playlist.push(pieces) {
                self.ask_piece(name, out);
            }
        } else if let Some(piece) = pieces.first() {
            let (call, play) = (name.to_owned(), piece.play);
            out.push(Output::Report(Event::PlayDone { call, play }));
        }
    }

    /// A playback of this call has ended.
    pub(super) fn played(
        &mut self,
        name: &str,
        playback: &str,
        failed: bool,
        out: &mut Vec<Output>,
    ) {
        match self.playlist.playing() {
            // There is no such sound: its time passes in silence, so that the caller can press a
            // key, and the call goes on.
            Some(piece) if piece.playback(name) == playback && failed => out.push(Output::Wait {
                ms: piece.length_ms,
                playback: playback.to_owned(),
            }),
            Some(piece) if piece.playback(name) == playback => self.advance(name, out),
            // The end of a stopped one arrives late: it is not the one being played.
            Some(_) => {}
            None if self.adopted => {
                if let Some((name, play)) = last_of(playback) {
                    let call = name.to_owned();
                    out.push(Output::Report(Event::PlayDone { call, play }));
                }
            }
            None => {}
        }
    }

    /// Sounds the tone and records a message under a name of its own. Gives back the one before it that
    /// was stopped and has not ended.
    pub(super) fn record(
        &mut self,
        name: &str,
        mailbox: &str,
        max_ms: u64,
        era: u64,
        out: &mut Vec<Output>,
    ) -> Option<String> {
        self.forget_the_past(name, None, out);
        self.stop_music(name, out);
        self.takes += 1;
        let recording = recording_name(mailbox, name, era, self.takes);
        let seconds = max_ms.div_ceil(1000).max(1).to_string();
        let request = Request::post(&["channels", name, "record"])
            .with("name", &recording)
            .with("format", "wav")
            .with("maxDurationSeconds", &seconds)
            .with("maxSilenceSeconds", &SILENCE_S.to_string())
            .with("ifExists", "fail")
            .with("beep", "true");
        out.push(Output::Ask(request, Purpose::Record(name.to_owned())));
        self.recording.replace(recording)
    }

    /// Whether the recording of this name is the one now made; of a call from before a restart that is
    /// not known.
    pub(super) fn records(&self, recording: &str) -> bool {
        match &self.recording {
            Some(own) => own == recording,
            None => self.adopted,
        }
    }

    /// The recording that has not ended, of a call that is over.
    pub(super) fn into_recording(self) -> Option<String> {
        self.recording
    }

    /// The recording of this call has ended.
    pub(super) fn recorded(
        &mut self,
        name: &str,
        length_ms: Option<u64>,
        recording: Option<String>,
        out: &mut Vec<Output>,
    ) {
        if self.recording.take().is_some() || self.adopted {
            out.push(Output::Report(Event::RecordingDone {
                call: name.to_owned(),
                length_ms,
                recording,
            }));
        }
    }

    fn advance(&mut self, name: &str, out: &mut Vec<Output>) {
        if let Some(piece) = self.playlist.advance()
            && piece.is_last()
        {
            out.push(Output::Report(Event::PlayDone {
                call: name.to_owned(),
                play: piece.play,
            }));
        }
        self.ask_piece(name, out);
        if self.music == Music::Next {
            self.music_next(name, out);
        }
    }

    fn ask_piece(&self, name: &str, out: &mut Vec<Output>) {
        if let Some(piece) = self.playlist.playing() {
            let playback = piece.playback(name);
            let request = Request::post(&["channels", name, "play", &playback])
                .with("media", &piece.media)
                .with("lang", &piece.language);
            out.push(Output::Ask(request, Purpose::Play(playback)));
        }
    }

    /// Stops what is playing, music and recording too.
    pub(super) fn stop(&mut self, name: &str, out: &mut Vec<Output>) {
        self.forget_the_past(name, None, out);
        if let Some(piece) = self.playlist.playing() {
            ask(Request::delete(&["playbacks", &piece.playback(name)]), out);
        }
        self.playlist.clear();
        self.stop_music(name, out);
        if let Some(recording) = &self.recording {
            // Kept until Asterisk says that it has ended: then the message is reported.
            ask(
                Request::post(&["recordings", "live", recording, "stop"]),
                out,
            );
        }
    }

    /// Plays music once the prompts are over.
    pub(super) fn music_next(&mut self, name: &str, out: &mut Vec<Output>) {
        if self.playlist.playing().is_some() {
            self.music = Music::Next;
        } else if self.music != Music::On {
            self.forget_the_past(name, None, out);
            self.music = Music::On;
            ask(Request::post(&["channels", name, "moh"]), out);
        }
    }

    fn stop_music(&mut self, name: &str, out: &mut Vec<Output>) {
        if self.music == Music::On {
            ask(Request::delete(&["channels", name, "moh"]), out);
        }
        self.music = Music::Off;
    }

    /// Something new is to be heard by a caller from before a restart: what may still be on goes,
    /// the music, and the playing before the new one if it was one piece.
    fn forget_the_past(&mut self, name: &str, next: Option<&Piece>, out: &mut Vec<Output>) {
        if !std::mem::take(&mut self.adopted) {
            return;
        }
        ask(Request::delete(&["channels", name, "moh"]), out);
        if let Some(before) = next.and_then(|piece| piece.play.checked_sub(1)) {
            let playback = format!("{before}-0-1-{name}");
            ask(Request::delete(&["playbacks", &playback]), out);
        }
    }

    /// Ends may have been missed while nobody listened.
    pub(super) fn ask_how_it_stands(&self, name: &str, out: &mut Vec<Output>) {
        if self.dialling {
            let request = Request::get(&["channels", name]);
            out.push(Output::Ask(request, Purpose::IsDialling(name.to_owned())));
        }
        if let Some(piece) = self.playlist.playing() {
            let playback = piece.playback(name);
            let request = Request::get(&["playbacks", &playback]);
            out.push(Output::Ask(request, Purpose::IsPlaying(playback)));
        }
        if let Some(recording) = &self.recording {
            let request = Request::get(&["recordings", "live", recording]);
            let purpose = Purpose::IsRecording(name.to_owned());
            out.push(Output::Ask(request, purpose));
        }
    }
}

/// A name is a file's too: nothing in it may lead elsewhere.
fn recording_name(mailbox: &str, call: &str, era: u64, take: u32) -> String {
    let safe = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let mailbox: String = mailbox.chars().map(safe).collect();
    let call: String = call.chars().map(safe).collect();
    format!("{mailbox}-{call}-{era}-{take}")
}
