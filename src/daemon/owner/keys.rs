//! Keys: written down only if they cannot be secrets.

use super::Owner;
use crate::daemon::bridge::protocol::Code;
use crate::daemon::bridge::protocol::Event;
use crate::daemon::entry::What;
use crate::daemon::site::Applied;
use crate::daemon::site::BridgeId;
use crate::exchange::KeyUse;
use crate::exchange::dialplan::Check;
use crate::exchange::id::CallId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Key;
use crate::exchange::time::Tick;

/// Steps that keys typed ahead may end one after the other.
const THROUGH_MAX: usize = 64;

impl Owner {
    /// A key: written down only if it cannot be a secret.
    pub(super) fn key(
        &mut self,
        id: BridgeId,
        at: Tick,
        (bridge, seq): (String, u64),
        name: String,
        key: char,
    ) -> Applied {
        let call = self.site.bridges().call(id, &name);
        let (Some(call), Some(pressed)) = (call, Key::from_char(key)) else {
            let mut applied = self.stage(at, What::Passed { bridge, seq });
            applied.refused = Some(match call {
                None => (Code::UnknownCall, "there is no such call, or it has ended"),
                Some(_) => (Code::BadValue, "a key is one of 0 to 9, * and #"),
            });
            return applied;
        };
        let guarded = self.is_guarded(call);
        let usage = match self.site.exchange().key_use(call, pressed) {
            Some(KeyUse::Private) | None => Usage::Private,
            _ if self.guard.first(call).is_some() => Usage::Later,
            Some(KeyUse::Secret(collect)) => Usage::Secret((collect.save, collect.check)),
            Some(KeyUse::Later) if guarded => Usage::Later,
            Some(KeyUse::Through) if guarded => Usage::Through,
            Some(_) => Usage::Plain,
        };
        match usage {
            Usage::Plain => {
                let event = Event::Key { call: name, key };
                self.stage(at, What::Reported { bridge, seq, event })
            }
            Usage::Secret(entry) => {
                self.hide(at, (bridge, Some(seq)), (call, name), pressed, entry)
            }
            Usage::Through | Usage::Later if !self.guard.keep(call, pressed) => {
                let mut applied = self.stage(at, What::Passed { bridge, seq });
                applied.refused = Some((Code::TooManyKeys, "more keys than a call may hold"));
                applied
            }
            Usage::Through | Usage::Later => self.stage(at, What::Passed { bridge, seq }),
            Usage::Private => {
                let mut applied = self.stage(at, What::Passed { bridge, seq });
                applied.refused = Some((Code::KeyWithoutMeaning, "the key means nothing here"));
                applied
            }
        }
    }

    fn is_guarded(&self, call: CallId) -> bool {
        let facts = self.site.calls().get(call);
        facts.is_some_and(|facts| self.guard.guards(facts.line))
    }

    /// Tells the exchange that a digit of a secret has come, and seals the entry so far.
    fn hide(
        &mut self,
        at: Tick,
        (bridge, seq): (String, Option<u64>),
        (call, name): (CallId, String),
        key: Key,
        entry: (VariableId, Check),
    ) -> Applied {
        let taken = self.site.exchange().secret_digits(call);
        let (digits, fits) = self.guard.add(call, entry, taken, key);
        self.seal((&bridge, &name), entry.0, &digits);
        let call = name;
        let what = What::KeyHidden {
            bridge,
            seq,
            call,
            fits,
        };
        match seq {
            Some(_) => self.stage(at, what),
            None => self.stage_one(at, what),
        }
    }

    /// Gives keys that were typed ahead to calls that have moved on.
    pub(super) fn release_keys(&mut self, at: Tick) {
        for call in self.guard.waiting() {
            for _ in 0..THROUGH_MAX {
                if !self.release_key(at, call) {
                    break;
                }
            }
        }
    }

    /// Gives a call its first key typed ahead; false if it has none, or has no use for it yet.
    fn release_key(&mut self, at: Tick, call: CallId) -> bool {
        let (Some(key), Some(facts)) = (self.guard.first(call), self.site.calls().get(call)) else {
            return false;
        };
        let bridge = self.site.bridges().get(facts.bridge).name.clone();
        let name = facts.name.clone();
        match self.site.exchange().key_use(call, key) {
            Some(KeyUse::Plain) => {
                self.guard.release(call);
                let key = key.to_char();
                let call = name;
                self.stage_one(at, What::KeyReleased { bridge, call, key });
            }
            Some(KeyUse::Secret(collect)) => {
                let entry = (collect.save, collect.check);
                self.guard.release(call);
                self.hide(at, (bridge, None), (call, name), key, entry);
            }
            Some(KeyUse::Through) => {
                let (call, seq, fits) = (name, None, false);
                self.stage_one(
                    at,
                    What::KeyHidden {
                        bridge,
                        seq,
                        call,
                        fits,
                    },
                );
            }
            Some(KeyUse::Later) => return false,
            Some(KeyUse::Now | KeyUse::Private) | None => self.guard.release(call),
        }
        true
    }
}

/// What becomes of a key.
enum Usage {
    Plain,
    Secret((VariableId, Check)),
    Through,
    Later,
    Private,
}
