//! The states of a call that is with the menus: a key is waited for, an entry taken, an answer or an
//! announcement heard, a message left. What directories, look-ups and surveys do stands by itself.

use super::Call;
use super::Cx;
use super::State;
use super::data::Standing;
use super::keys::single;
use super::state::End;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Message;
use crate::exchange::dialplan::Say;
use crate::exchange::dialplan::Transfer;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Ignored;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::key::Key;
use crate::exchange::limits::is_message;
use crate::exchange::record::KeyResult;
use crate::exchange::time::Span;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

impl Call {
    pub(super) fn in_menu(
        &mut self,
        menu: &Menu,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::Key(key) => match self.hears_key(cx, key, menu.barge_in) {
                true => self.menu_keys(cx, menu, true),
                false => Handled,
            },
            Event::TypedAhead => self.menu_keys(cx, menu, true),
            // A key that is for a later step: what was typed before it stands for itself.
            Event::HiddenKey { .. } if !self.keys.is_empty() => self.menu_keys(cx, menu, false),
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                if !self.keys.is_empty() {
                    return self.menu_keys(cx, menu, true);
                }
                self.await_key(cx, menu.patience.first_key);
                Handled
            }
            Event::FellDue(CallDeadline::Keys) => self.menu_silence(cx, menu),
            _ => Super,
        }
    }

    pub(super) fn collecting(
        &mut self,
        collect: &Collect,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::Key(key) => match self.hears_key(cx, key, collect.barge_in) {
                true => self.collect_keys(cx, collect),
                false => Handled,
            },
            Event::TypedAhead => self.collect_keys(cx, collect),
            Event::HiddenKey { fits } => self.collect_hidden(cx, collect, fits),
            Event::EntryLost => {
                self.hush(cx);
                self.entry.clear();
                self.keys.clear();
                Transition(State::Collecting { step: self.step })
            }
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                if !self.keys.is_empty() {
                    return self.collect_keys(cx, collect);
                }
                self.await_key(cx, collect.patience.first_key);
                Handled
            }
            Event::FellDue(CallDeadline::Keys) => self.collect_silence(cx, collect),
            _ => Super,
        }
    }

    pub(super) fn confirming(
        &mut self,
        collect: &Collect,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::Key(key) => {
                self.take_key(key);
                if self.keys.is_empty() {
                    Handled
                } else {
                    self.confirm(collect, cx)
                }
            }
            Event::TypedAhead => self.confirm(collect, cx),
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                self.await_key(cx, collect.patience.first_key);
                Handled
            }
            // Silence is taken for a yes: the entry was heard and not taken back.
            Event::FellDue(CallDeadline::Keys) => {
                self.key_timer = None;
                Transition(self.go(cx, collect.go))
            }
            _ => Super,
        }
    }

    /// 1 keeps the entry; any other key takes it back.
    fn confirm(&mut self, collect: &Collect, cx: &mut Cx<'_>) -> Outcome<State> {
        self.hush(cx);
        let key = self.keys.at(0);
        self.keys.consume(1);
        if key == Some(Key::ONE) {
            self.pressed(cx, key, KeyResult::Taken);
            return Transition(self.go(cx, collect.go));
        }
        self.pressed(cx, key, KeyResult::Wrong);
        Transition(self.take_back(cx, collect))
    }

    pub(super) fn speaking(&mut self, say: &Say, event: &Event, cx: &mut Cx<'_>) -> Outcome<State> {
        match *event {
            Event::Key(key) => {
                if let Some(action) = single(cx.scene.plan, say.keys, key) {
                    self.pressed(cx, Some(key), KeyResult::Taken);
                    return Transition(self.act(cx, action));
                }
                if !self.take_key(key) {
                    cx.emit(Effect::Ignored(Ignored::TooManyKeys(self.id)));
                }
                if say.barge_in && !self.keys.is_empty() {
                    return Transition(self.go(cx, say.then));
                }
                Handled
            }
            Event::HiddenKey { .. } if say.barge_in => Transition(self.go(cx, say.then)),
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                if say.answer.is_some() {
                    self.heard_answer(cx, say.prompt);
                }
                Transition(self.go(cx, say.then))
            }
            _ => Super,
        }
    }

    pub(super) fn leaving_message(
        &mut self,
        message: &Message,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                self.recording_since = Some(cx.scene.now);
                let (call, step, max) = (self.id, self.step, message.max);
                cx.emit(Effect::TakeMessage { call, step, max });
                let deadline = Deadline::Call(call, CallDeadline::Message);
                self.key_timer = Some(cx.scene.in_time(max, deadline));
                Handled
            }
            Event::Key(Key::POUND) | Event::FellDue(CallDeadline::Message)
                if self.recording_since.is_some() =>
            {
                cx.emit(Effect::Stop { call: self.id });
                self.message_taken(cx, None);
                Transition(self.go(cx, message.then))
            }
            Event::RecordingEnded { length } if self.recording_since.is_some() => {
                self.message_taken(cx, length);
                Transition(self.go(cx, message.then))
            }
            _ => Super,
        }
    }

    /// A recording is over, of this length or of the time that it ran.
    pub(super) fn message_taken(&mut self, cx: &mut Cx<'_>, length: Option<Span>) {
        let Some(since) = self.recording_since.take() else {
            return;
        };
        cx.scene.cancel(&mut self.key_timer);
        if is_message(length.unwrap_or(cx.scene.now - since)) {
            self.standing = Standing::LeftMessage;
        }
    }

    pub(super) fn transferring(
        &mut self,
        transfer: &Transfer,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                cx.emit(Effect::Transfer {
                    call: self.id,
                    step: self.step,
                });
                Handled
            }
            Event::TransferDone if self.playing.is_none() => {
                (self.standing, self.wanted_a_person) = (Standing::Transferred, true);
                Transition(State::Ended { by: End::Caller })
            }
            Event::TransferFailed if self.playing.is_none() => {
                Transition(self.go(cx, transfer.failed))
            }
            _ => Super,
        }
    }

    /// True of every menu step: a prompt before the last one playing may end unnoticed.
    pub(super) fn with_the_menus(&self, event: &Event) -> Outcome<State> {
        match *event {
            Event::PromptEnded(play) if self.may_have_ended(play) => Handled,
            _ => Super,
        }
    }
}
