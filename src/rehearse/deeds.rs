//! What the caller and the people do in a rehearsal.

use super::rehearsal::Rehearsal;
use super::story::What;
use super::words;
use crate::exchange::KeyUse;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LookupId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::input::Input;
use crate::exchange::key::Key;
use crate::exchange::record::AgentState;
use crate::menu::call_test::Press;
use crate::menu::call_test::Reply;

impl Rehearsal {
    /// The caller presses a key.
    pub fn press(&mut self, press: Press) {
        let Some(call) = self.call.filter(|_| !self.over) else {
            return;
        };
        match press {
            Press::Key(key) => {
                let shown = if self.is_shown(call, key) {
                    key
                } else {
                    Key::HIDDEN
                };
                self.story.presses(self.now, shown.to_char());
                self.typed.push(key);
                self.handle(Input::Key { call, key });
            }
            Press::Hidden => {
                self.story.presses(self.now, words::MASK);
                self.press_hidden(call);
            }
        }
    }

    /// Whether the last key may be seen: it is no digit of a secret entry.
    pub fn last_key_shown(&self) -> bool {
        let keys = self
            .story
            .lines
            .iter()
            .rev()
            .find_map(|(_, what)| match what {
                What::Pressed(keys) => Some(keys),
                _ => None,
            });
        keys.is_none_or(|keys| !keys.ends_with(words::MASK))
    }

    /// Whether a key may be seen: digits that are, or may come to be, of a secret entry may not.
    fn is_shown(&self, call: CallId, key: Key) -> bool {
        match self.exchange.key_use(call, key) {
            Some(KeyUse::Secret(_)) => false,
            Some(KeyUse::Later | KeyUse::Through) => {
                !key.is_digit() || !words::has_secrets(&self.plan, self.line)
            }
            Some(KeyUse::Plain | KeyUse::Now | KeyUse::Private) | None => true,
        }
    }

    /// A digit of a secret entry that fits; it may first end what is being said.
    fn press_hidden(&mut self, call: CallId) {
        let any = Key::from_char('0').expect("0 is a key");
        if self.exchange.key_use(call, any) == Some(KeyUse::Through) {
            self.handle(Input::HiddenKey { call, fits: true });
        }
        self.handle(Input::HiddenKey { call, fits: true });
    }

    /// The caller hangs up.
    pub fn hang_up(&mut self) {
        if !self.over {
            self.story.note(self.now, What::CallerHangsUp);
            self.at_call(|call| Input::CallerHungUp { call });
        }
    }

    /// The agent ends the talk.
    pub fn agent_hangs_up(&mut self) {
        if let Some(agent) = self.talking {
            self.handle(Input::AgentHungUp { agent });
        }
    }

    /// An agent answers: the one whose phone rings, or one who comes for this call. False when nobody
    /// can.
    pub fn agent_answers(&mut self) -> bool {
        let agents = (0..self.plan.agents.len()).map(|place| AgentId(place as u32));
        for agent in agents.collect::<Vec<_>>() {
            if !self.ringing.is_empty() || self.queue.is_none() {
                break;
            }
            if self.exchange.agent_state(agent) == Some(AgentState::SignedOut) {
                self.handle(Input::AgentSignedIn { agent });
            }
            self.handle(Input::AgentReady { agent });
        }
        let Some(&(agent, offer)) = self.ringing.first() else {
            return false;
        };
        self.handle(Input::AgentAnswered { agent, offer });
        true
    }

    /// What was found may say who the caller is.
    fn recognizes(&mut self, lookup: LookupId, step: StepId) {
        let plan = self.plan.clone();
        let StepKind::Lookup(looked_up) = &plan.step(step).kind else {
            return;
        };
        let Some(set) = &looked_up.set else {
            return;
        };
        let names = &plan.line(self.line).variables;
        let value = |variable: VariableId| self.values.get(&names[variable.index()]);
        let what = set.read(&plan, self.line, |variable| {
            value(variable).map_or("", String::as_str)
        });
        if !what.is_nothing() {
            self.at_call(|call| Input::CallerKnown { call, lookup, what });
        }
    }

    /// The other system that was asked last answers. What it answers too late is not heard.
    pub fn reply(&mut self, reply: &Reply) {
        let Some((lookup, step)) = self.asked else {
            return;
        };
        let Some(result) = reply.result(&self.plan, step) else {
            return;
        };
        if result == LookupResult::TimedOut {
            // Nothing comes: the exchange notices by itself.
            self.asked = None;
            return;
        }
        if let Reply::Values(values) = reply {
            for name in crate::menu::call_test::names_of(&self.plan, step) {
                // What is not there takes the place of what was there before.
                let value = values.get(&name).cloned().unwrap_or_default();
                self.values.insert(name, value);
            }
        }
        self.asked = None;
        if result.is_found() {
            self.recognizes(lookup, step);
        }
        self.at_call(|call| Input::LookedUp {
            call,
            lookup,
            result,
        });
    }
}
