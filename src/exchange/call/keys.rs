//! Keys into actions: longest match, typing ahead, entries of several digits.

use super::Call;
use super::Cx;
use super::State;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::KeyAction;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Patience;
use crate::exchange::dialplan::Retry;
use crate::exchange::dialplan::Target;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Ignored;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::PromptId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::record::KeyResult;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Transition;

/// What the keys so far mean to a key table.
enum Match<'p> {
    /// The first keys do this.
    Action(&'p KeyAction, usize),
    /// Another key could follow.
    Prefix,
    /// Nothing starts like this.
    Nothing,
}

/// Longest match. Without `more` to come, a key that starts a longer entry stands for itself.
fn look_up<'p>(plan: &'p Dialplan, root: KeyNodeId, keys: &Digits, more: bool) -> Match<'p> {
    let mut node = plan.key_node(root);
    let mut found = None;
    for (place, key) in keys.iter().enumerate() {
        let Some(next) = node.next[key.index()] else {
            return found.map_or(Match::Nothing, |(action, used)| Match::Action(action, used));
        };
        node = plan.key_node(next);
        if let Some(action) = node.action {
            found = Some((&plan.key_actions[action as usize], place + 1));
        }
    }
    match found {
        _ if more && !node.is_leaf() => Match::Prefix,
        Some((action, used)) => Match::Action(action, used),
        None => Match::Nothing,
    }
}

/// The action of one key by itself.
pub(super) fn single(plan: &Dialplan, root: KeyNodeId, key: Key) -> Option<&KeyAction> {
    let next = plan.key_node(root).next[key.index()]?;
    let action = plan.key_node(next).action?;
    Some(&plan.key_actions[action as usize])
}

/// Whether a key after these would be used by the table itself: as part of an entry, or as a wrong
/// one. If not, the keys before it are an entry of their own.
pub(super) fn would_use(plan: &Dialplan, root: KeyNodeId, keys: &Digits, key: Key) -> bool {
    let mut all = *keys;
    if !all.push(key) {
        return true;
    }
    match look_up(plan, root, &all, true) {
        Match::Action(_, used) => used == all.len(),
        Match::Prefix | Match::Nothing => true,
    }
}

/// What a step asks, and how often.
pub(super) struct Asks<'p> {
    pub(super) patience: &'p Patience,
    pub(super) prompt: PromptId,
    pub(super) wrong: PromptId,
    pub(super) silent: PromptId,
    pub(super) retry: &'p Retry,
}

impl<'p> Asks<'p> {
    fn of_menu(menu: &'p Menu) -> Self {
        Self {
            patience: &menu.patience,
            prompt: menu.prompt,
            wrong: menu.wrong,
            silent: menu.silent,
            retry: &menu.retry,
        }
    }

    fn of_collect(collect: &'p Collect) -> Self {
        Self {
            patience: &collect.patience,
            prompt: collect.prompt,
            wrong: collect.wrong,
            silent: collect.silent,
            retry: &collect.retry,
        }
    }

    pub(super) fn of_directory(directory: &'p Directory) -> Self {
        Self {
            patience: &directory.patience,
            prompt: directory.prompt,
            wrong: directory.wrong,
            silent: directory.silent,
            retry: &directory.retry,
        }
    }
}

impl Call {
    /// Takes a key into the buffer. False if there is no room.
    pub(super) fn take_key(&mut self, key: Key) -> bool {
        if self.trailing.take() == Some(key) && self.keys.is_empty() {
            return true;
        }
        self.keys.push(key)
    }

    /// Takes a key into the buffer, and whether the keys in it are for now: not while words are said
    /// that no key cuts short.
    #[inline]
    pub(super) fn hears_key(&mut self, cx: &mut Cx<'_>, key: Key, barge_in: bool) -> bool {
        if !self.take_key(key) {
            cx.emit(Effect::Ignored(Ignored::TooManyKeys(self.id)));
            return false;
        }
        let deaf = self.playing.is_some() && !barge_in;
        !deaf && !self.keys.is_empty()
    }

    /// Waits for the first key, or the next one.
    pub(super) fn await_key(&mut self, cx: &mut Cx<'_>, span: Span) {
        cx.scene.cancel(&mut self.key_timer);
        self.key_wait = span;
        let deadline = Deadline::Call(self.id, CallDeadline::Keys);
        self.key_timer = Some(cx.scene.in_time(span, deadline));
    }

    /// Looks at the keys of a menu; `more` may still come.
    pub(super) fn menu_keys(&mut self, cx: &mut Cx<'_>, menu: &Menu, more: bool) -> Outcome<State> {
        self.hush(cx);
        match look_up(cx.scene.plan, menu.keys, &self.keys, more) {
            Match::Action(action, used) => {
                let key = self.keys.at(used - 1);
                self.keys.consume(used);
                self.pressed(cx, key, KeyResult::Taken);
                Transition(self.act(cx, action))
            }
            Match::Prefix => {
                self.await_key(cx, menu.patience.next_key);
                Handled
            }
            Match::Nothing => {
                let key = self.keys.at(0);
                self.pressed(cx, key, KeyResult::Wrong);
                self.wrong(cx, &Asks::of_menu(menu), menu.give_up)
            }
        }
    }

    /// The waiting time of a menu is over.
    pub(super) fn menu_silence(&mut self, cx: &mut Cx<'_>, menu: &Menu) -> Outcome<State> {
        self.key_timer = None;
        if self.keys.is_empty() {
            return self.silent(cx, &Asks::of_menu(menu), menu.give_up);
        }
        self.menu_keys(cx, menu, false)
    }

    /// Takes the keys of an entry one by one.
    pub(super) fn collect_keys(&mut self, cx: &mut Cx<'_>, collect: &Collect) -> Outcome<State> {
        self.hush(cx);
        while let Some(key) = self.keys.at(0) {
            self.keys.consume(1);
            if collect.end_key == Some(key) {
                return self.collected(cx, collect);
            }
            if let Some(action) = single(cx.scene.plan, collect.keys, key) {
                self.pressed(cx, Some(key), KeyResult::Taken);
                self.entry.clear();
                return Transition(self.act(cx, action));
            }
            if key.is_digit() {
                self.entry.push(key);
            }
            if self.entry.len() == usize::from(collect.max) {
                self.swallow_next(collect.end_key);
                return self.collected(cx, collect);
            }
        }
        let span = if self.entry.is_empty() {
            collect.patience.first_key
        } else {
            collect.patience.next_key
        };
        self.await_key(cx, span);
        Handled
    }

    /// Takes a digit that only the driver knows; `fits` says whether the entry so far passes its
    /// check.
    pub(super) fn collect_hidden(
        &mut self,
        cx: &mut Cx<'_>,
        collect: &Collect,
        fits: bool,
    ) -> Outcome<State> {
        self.hush(cx);
        self.trailing = None;
        self.entry.push(Key::HIDDEN);
        self.hidden_fits = fits;
        if self.entry.len() == usize::from(collect.max) {
            self.swallow_next(collect.end_key);
            return self.collected(cx, collect);
        }
        self.await_key(cx, collect.patience.next_key);
        Handled
    }

    /// Whether the entry passes its check, or the driver says that it does.
    fn entry_fits(&self, collect: &Collect) -> bool {
        if self.entry.has_hidden() {
            self.hidden_fits
        } else {
            collect.check.accepts(&self.entry)
        }
    }

    /// The entry is full; who presses the end key all the same means nothing by it. Typed ahead, it
    /// is here already.
    fn swallow_next(&mut self, end_key: Option<Key>) {
        if end_key.is_some() && self.keys.at(0) == end_key {
            self.keys.consume(1);
        } else {
            self.trailing = end_key;
        }
    }

    /// The waiting time of an entry is over: it is complete, too short, or never began.
    pub(super) fn collect_silence(&mut self, cx: &mut Cx<'_>, collect: &Collect) -> Outcome<State> {
        self.key_timer = None;
        if self.entry.is_empty() {
            return self.silent(cx, &Asks::of_collect(collect), collect.give_up);
        }
        self.collected(cx, collect)
    }

    /// An entry is complete: kept, read back, or refused.
    fn collected(&mut self, cx: &mut Cx<'_>, collect: &Collect) -> Outcome<State> {
        let fits = self.entry.len() >= usize::from(collect.min) && self.entry_fits(collect);
        if !fits {
            self.pressed(cx, None, KeyResult::Wrong);
            self.entry.clear();
            return self.wrong(cx, &Asks::of_collect(collect), collect.give_up);
        }
        self.pressed(cx, None, KeyResult::Taken);
        self.saved.set(collect.save, self.entry);
        self.entry.clear();
        if collect.confirm.is_some() {
            return Transition(State::Confirming { step: self.step });
        }
        Transition(self.go(cx, collect.go))
    }

    /// The caller takes an entry back: once more, or the end of patience.
    pub(super) fn take_back(&mut self, cx: &mut Cx<'_>, collect: &Collect) -> State {
        self.saved.set(collect.save, Digits::EMPTY);
        self.wrongs += 1;
        if self.wrongs >= collect.patience.wrongs {
            self.keys.clear();
            return self.go(cx, collect.give_up);
        }
        State::Collecting { step: self.step }
    }

    /// Counts a wrong entry; true if it was one too many.
    #[inline]
    pub(super) fn is_last_wrong(&mut self, patience: &Patience) -> bool {
        // What was typed ahead was meant for another menu.
        self.keys.clear();
        self.wrongs += 1;
        self.wrongs >= patience.wrongs
    }

    /// Counts a silence; true if it was one too many.
    #[inline]
    pub(super) fn is_last_silence(&mut self, cx: &mut Cx<'_>, patience: &Patience) -> bool {
        self.pressed(cx, None, KeyResult::Silence);
        self.silences += 1;
        self.silences >= patience.silences
    }

    /// A wrong entry: the prompts again, or the end of patience.
    pub(super) fn wrong(
        &mut self,
        cx: &mut Cx<'_>,
        asks: &Asks<'_>,
        give_up: Target,
    ) -> Outcome<State> {
        if self.is_last_wrong(asks.patience) {
            return Transition(self.go(cx, give_up));
        }
        self.again(cx, asks, asks.retry.wrong(self.wrongs, asks.wrong));
        Handled
    }

    /// Silence: the prompts again, or the end of patience.
    pub(super) fn silent(
        &mut self,
        cx: &mut Cx<'_>,
        asks: &Asks<'_>,
        give_up: Target,
    ) -> Outcome<State> {
        if self.is_last_silence(cx, asks.patience) {
            return Transition(self.go(cx, give_up));
        }
        self.again(cx, asks, asks.retry.silent(self.silences, asks.silent));
        Handled
    }

    fn again(&mut self, cx: &mut Cx<'_>, asks: &Asks<'_>, why: PromptId) {
        self.say(cx, why);
        self.say(cx, asks.retry.again(self.asked_before(), asks.prompt));
    }

    /// Asks for an entry: for the first time, or because the caller has taken one back.
    pub(super) fn ask(&mut self, cx: &mut Cx<'_>, prompt: PromptId, retry: &Retry) {
        self.say(cx, retry.again(self.asked_before(), prompt));
    }

    /// How often the step has asked in vain.
    fn asked_before(&self) -> u8 {
        self.silences.saturating_add(self.wrongs)
    }

    pub(super) fn pressed(&self, cx: &mut Cx<'_>, key: Option<Key>, result: KeyResult) {
        cx.scene.record(Record::Pressed {
            call: self.id,
            step: self.step,
            key,
            result,
        });
    }
}
