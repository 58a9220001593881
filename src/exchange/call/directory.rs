//! A call in a directory: the caller spells the beginning of a name on the keypad, and takes one of
//! the names that begin so.
//!
//! Once a single name is left it is offered while its letters still come: keys with which it goes on
//! are spelling, and any other means what it says. `#` or a pause ends a spelling; `*` leads back by
//! one: from the names on offer to another spelling, and from there wherever the line says.

use super::Call;
use super::Cx;
use super::State;
use super::keys::Asks;
use super::keys::single;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::Found;
use crate::exchange::dialplan::KeyAction;
use crate::exchange::dialplan::Offered;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Event;
use crate::exchange::key::Key;
use crate::exchange::record::KeyResult;
use crate::exchange::record::Record;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

impl Call {
    /// Asks for a name. A spelling that has led to none of those on offer goes on.
    pub(super) fn asks_name(&mut self, cx: &mut Cx<'_>, directory: &Directory) {
        if !self.keys.is_empty() {
            cx.typed_ahead(self.id);
        } else if self.entry.is_empty() {
            self.ask(cx, directory.prompt, &directory.retry);
        } else {
            self.await_key(cx, directory.patience.next_key);
        }
    }

    pub(super) fn spelling(
        &mut self,
        directory: &Directory,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::Key(key) => match self.hears_key(cx, key, directory.barge_in) {
                true => self.spelling_keys(cx, directory),
                false => Handled,
            },
            Event::TypedAhead => self.spelling_keys(cx, directory),
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                if !self.keys.is_empty() {
                    return self.spelling_keys(cx, directory);
                }
                self.await_key(cx, directory.patience.first_key);
                Handled
            }
            Event::FellDue(CallDeadline::Keys) => {
                self.key_timer = None;
                match self.entry.is_empty() {
                    true => self.silent(cx, &Asks::of_directory(directory), directory.give_up),
                    false => self.spelled(cx, directory),
                }
            }
            _ => Super,
        }
    }

    /// Takes the keys of a spelling one by one.
    fn spelling_keys(&mut self, cx: &mut Cx<'_>, directory: &Directory) -> Outcome<State> {
        self.hush(cx);
        while let Some(key) = self.keys.at(0) {
            self.keys.consume(1);
            if key == Key::POUND {
                return self.spelled(cx, directory);
            }
            if let Some(action) = self.leads_on(cx, directory, key) {
                self.pressed(cx, Some(key), KeyResult::Taken);
                self.entry.clear();
                return Transition(self.act(cx, action));
            }
            if key.is_digit() {
                self.entry.push(key);
                if directory.alone(&self.entry).is_some() {
                    return Transition(self.has_spelled(cx));
                }
            }
        }
        let patience = &directory.patience;
        let span = match self.entry.is_empty() {
            true => patience.first_key,
            false => patience.next_key,
        };
        self.await_key(cx, span);
        Handled
    }

    /// What a key does by itself. Within a spelling 0 is a digit like any other.
    fn leads_on<'p>(&self, cx: &Cx<'p>, directory: &Directory, key: Key) -> Option<&'p KeyAction> {
        if key.is_digit() && !self.entry.is_empty() {
            return None;
        }
        single(cx.scene.plan, directory.keys, key)
    }

    /// A spelling is complete: of names that can be offered, of none, or of too many.
    fn spelled(&mut self, cx: &mut Cx<'_>, directory: &Directory) -> Outcome<State> {
        let found = match self.entry.is_empty() {
            true => Found::Nothing,
            false => directory.find(&self.entry),
        };
        match found {
            Found::These(_) => Transition(self.has_spelled(cx)),
            Found::Nothing => {
                self.pressed(cx, None, KeyResult::Wrong);
                self.entry.clear();
                self.wrong(cx, &Asks::of_directory(directory), directory.give_up)
            }
            Found::TooMany => {
                self.pressed(cx, None, KeyResult::Wrong);
                if self.is_last_wrong(&directory.patience) {
                    return Transition(self.finds_nobody(cx, directory));
                }
                self.say(cx, directory.more_letters);
                Handled
            }
        }
    }

    fn has_spelled(&self, cx: &mut Cx<'_>) -> State {
        self.pressed(cx, None, KeyResult::Taken);
        State::Choosing { step: self.step }
    }

    /// Offers the names that begin as was spelled.
    pub(super) fn offers_names(&mut self, cx: &mut Cx<'_>, directory: &Directory) {
        match self.keys.is_empty() {
            true => self.reads_names(cx, directory, &self.on_offer(directory)),
            false => cx.typed_ahead(self.id),
        }
    }

    fn reads_names(&mut self, cx: &mut Cx<'_>, directory: &Directory, offered: &Offered) {
        for (entry, choose) in offered.entries().iter().zip(&directory.choose) {
            self.say(cx, directory.entries[usize::from(*entry)].said);
            self.say(cx, *choose);
        }
        self.say(cx, directory.otherwise);
    }

    fn on_offer(&self, directory: &Directory) -> Offered {
        match directory.find(&self.entry) {
            Found::These(offered) => offered,
            Found::Nothing | Found::TooMany => Offered::default(),
        }
    }

    pub(super) fn choosing(
        &mut self,
        directory: &Directory,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::Key(key) => match self.hears_key(cx, key, true) {
                true => self.choosing_keys(cx, directory),
                false => Handled,
            },
            Event::TypedAhead => self.choosing_keys(cx, directory),
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                // A 1 that may have been a digit of the name is waited with already.
                if self.key_timer.is_none() {
                    self.await_key(cx, directory.patience.first_key);
                }
                Handled
            }
            Event::FellDue(CallDeadline::Keys) => {
                self.key_timer = None;
                let offered = self.on_offer(directory);
                // Silence is taken for a yes: the name was heard and not refused.
                if let Some(entry) = offered.alone() {
                    return Transition(self.takes(cx, directory, entry));
                }
                if self.is_last_silence(cx, &directory.patience) {
                    return Transition(self.finds_nobody(cx, directory));
                }
                let silences = self.silences;
                self.say(cx, directory.retry.silent(silences, directory.silent));
                self.reads_names(cx, directory, &offered);
                Handled
            }
            _ => Super,
        }
    }

    /// Takes keys for as long as they only go on spelling the name on offer, and the one after them.
    fn choosing_keys(&mut self, cx: &mut Cx<'_>, directory: &Directory) -> Outcome<State> {
        let offered = self.on_offer(directory);
        let mut spelled = None;
        while let Some(key) = self.keys.at(0) {
            self.keys.consume(1);
            let goes_on = |entry| directory.goes_on(entry, &self.entry, key);
            if offered.alone().is_some_and(goes_on) {
                if !self.still_spells(cx, directory, key) {
                    return Transition(State::Spelling { step: self.step });
                }
                spelled = Some(key);
                continue;
            }
            let number = key.index().wrapping_sub(1);
            if let Some(entry) = offered.entries().get(number) {
                self.hush(cx);
                self.pressed(cx, Some(key), KeyResult::Taken);
                return Transition(self.takes(cx, directory, *entry));
            }
            if key == Key::STAR {
                self.hush(cx);
                self.pressed(cx, None, KeyResult::Taken);
                self.entry.clear();
                return Transition(State::Spelling { step: self.step });
            }
            if let Some(action) = single(cx.scene.plan, directory.keys, key) {
                self.hush(cx);
                self.pressed(cx, Some(key), KeyResult::Taken);
                self.entry.clear();
                return Transition(self.act(cx, action));
            }
            if key == Key::POUND {
                // The spelling is over already.
                continue;
            }
            if offered.alone().is_none() {
                return self.takes_none(cx, directory, &offered, key);
            }
            if !self.still_spells(cx, directory, key) {
                return Transition(State::Spelling { step: self.step });
            }
        }
        if self.playing.is_none() && self.key_timer.is_none() {
            self.reads_names(cx, directory, &offered);
        }
        if let Some(key) = spelled {
            self.awaits_more(cx, directory, key);
        }
        Handled
    }

    /// Adds a key to the spelling; false if it was the beginning of another word.
    fn still_spells(&mut self, cx: &mut Cx<'_>, directory: &Directory, key: Key) -> bool {
        self.entry.push(key);
        let is_alone = directory.alone(&self.entry).is_some();
        if !is_alone {
            self.hush(cx);
        }
        is_alone
    }

    /// After a key with which the only name on offer goes on: whoever is still spelling is not taken to
    /// be silent, and a 1 after which nothing comes has taken the name.
    fn awaits_more(&mut self, cx: &mut Cx<'_>, directory: &Directory, key: Key) {
        match self.playing.is_none() || key == Key::ONE {
            true => self.await_key(cx, directory.patience.next_key),
            false => cx.scene.cancel(&mut self.key_timer),
        }
    }

    /// A key that takes none of the names on offer.
    fn takes_none(
        &mut self,
        cx: &mut Cx<'_>,
        directory: &Directory,
        offered: &Offered,
        key: Key,
    ) -> Outcome<State> {
        self.hush(cx);
        self.pressed(cx, Some(key), KeyResult::Wrong);
        if self.is_last_wrong(&directory.patience) {
            return Transition(self.finds_nobody(cx, directory));
        }
        self.say(cx, directory.wrong_key);
        self.reads_names(cx, directory, offered);
        Handled
    }

    fn takes(&mut self, cx: &mut Cx<'_>, directory: &Directory, entry: u16) -> State {
        let (call, step) = (self.id, self.step);
        cx.scene.record(Record::Chosen { call, step, entry });
        self.entry.clear();
        self.go(cx, directory.entries[usize::from(entry)].target)
    }

    fn finds_nobody(&mut self, cx: &mut Cx<'_>, directory: &Directory) -> State {
        self.entry.clear();
        self.go(cx, directory.give_up)
    }
}
