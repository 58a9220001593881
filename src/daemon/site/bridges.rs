//! The bridges of a site: who is there, which calls they carry, what they have yet to do.

use super::Site;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::Capability;
use crate::daemon::bridge::protocol::Effect;
use crate::exchange::id::CallId;
use crate::menu::fnv::Fnv;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;

/// Bridges that a site remembers. One more takes the place of one that is gone.
pub const BRIDGES_MAX: usize = 64;
/// Effects kept for one bridge until it has carried them out; a bridge that is further behind must
/// say afresh what it has.
pub const OUTBOX_MAX: usize = 262_144;

/// A bridge: a place in the list of bridges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BridgeId(pub u16);

/// The bridges that are here, or were, as long as others leave them their places.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bridges {
    list: Vec<Bridge>,
    /// What each has yet to do.
    outboxes: Vec<Outbox>,
}

/// One bridge.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bridge {
    /// Its name.
    pub name: String,
    /// The entry with which the session began.
    pub session: u64,
    /// Whether it is there now.
    pub connected: bool,
    /// The entry with which it was lost last.
    #[serde(default)]
    lost: u64,
    /// What it can do.
    pub can: Vec<Capability>,
    /// How the names of the devices it can ring begin.
    pub devices: Vec<String>,
    /// All reports up to this number have been taken.
    pub received: u64,
    /// Reports beyond that have been taken too.
    ahead: BTreeSet<u64>,
    calls: BTreeMap<String, CallId>,
    /// The number of the last effect.
    pub sent: u64,
    /// A hash of every effect that it was ever given, in order: what a replay asked for can be
    /// compared with what was asked for.
    #[serde(default)]
    effects_hash: u64,
}

/// Effects that may not have been carried out yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Outbox {
    effects: VecDeque<Effect>,
}

impl Bridges {
    /// The bridge with this name.
    pub fn find(&self, name: &str) -> Option<BridgeId> {
        let place = self.list.iter().position(|bridge| bridge.name == name)?;
        Some(BridgeId(place as u16))
    }

    /// The bridge with this name, new if there was none.
    pub(in crate::daemon) fn find_or_add(&mut self, name: &str) -> BridgeId {
        self.find(name).unwrap_or_else(|| {
            self.list.push(Bridge {
                name: name.to_owned(),
                ..Bridge::default()
            });
            self.outboxes.push(Outbox::default());
            BridgeId(self.list.len() as u16 - 1)
        })
    }

    /// Gives the place of a bridge to another one, of which nothing is known yet.
    fn replace(&mut self, id: BridgeId, name: &str) {
        let place = usize::from(id.0);
        self.list[place] = Bridge {
            name: name.to_owned(),
            ..Bridge::default()
        };
        self.outboxes[place] = Outbox::default();
    }

    /// The bridge.
    pub fn get(&self, id: BridgeId) -> &Bridge {
        &self.list[usize::from(id.0)]
    }

    pub(super) fn get_mut(&mut self, id: BridgeId) -> &mut Bridge {
        &mut self.list[usize::from(id.0)]
    }

    /// All bridges.
    pub fn iter(&self) -> impl Iterator<Item = (BridgeId, &Bridge)> {
        let numbered = self.list.iter().enumerate();
        numbered.map(|(place, bridge)| (BridgeId(place as u16), bridge))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether none has ever been here.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The call that a bridge knows by this name.
    pub fn call(&self, id: BridgeId, name: &str) -> Option<CallId> {
        self.get(id).calls.get(name).copied()
    }

    /// Puts an effect into a bridge's outbox.
    pub(in crate::daemon) fn send(&mut self, id: BridgeId, act: Act) {
        let place = usize::from(id.0);
        let (bridge, outbox) = (&mut self.list[place], &mut self.outboxes[place]);
        bridge.sent += 1;
        bridge.effects_hash = Fnv::of(bridge.effects_hash, &act);
        if outbox.effects.len() == OUTBOX_MAX {
            outbox.effects.pop_front();
        }
        outbox.effects.push_back(Effect {
            effect: bridge.sent,
            act,
        });
    }

    /// A bridge has carried out its effects up to this number.
    pub fn carried_out(&mut self, id: BridgeId, effect: u64) {
        let effects = &mut self.outboxes[usize::from(id.0)].effects;
        while effects.front().is_some_and(|first| first.effect <= effect) {
            effects.pop_front();
        }
    }

    /// The effects after this number.
    pub fn effects_after(&self, id: BridgeId, effect: u64) -> impl Iterator<Item = &Effect> {
        let effects = &self.outbox(id).effects;
        let start = effects.partition_point(|known| known.effect <= effect);
        effects.range(start..)
    }

    /// Whether a bridge can go on where it left off: it is the same session, and nothing that it
    /// has not carried out was dropped.
    pub fn can_resume(&self, id: BridgeId, session: u64, effect: u64) -> bool {
        let bridge = self.get(id);
        let kept = bridge.sent - self.outstanding(id) as u64;
        bridge.session == session && effect <= bridge.sent && effect >= kept
    }

    /// Notes that a report was taken.
    pub(super) fn received(&mut self, id: BridgeId, seq: u64) {
        let bridge = self.get_mut(id);
        bridge.ahead.insert(seq);
        while bridge.ahead.remove(&(bridge.received + 1)) {
            bridge.received += 1;
        }
    }

    /// Effects that a bridge may not have carried out.
    pub fn outstanding(&self, id: BridgeId) -> usize {
        self.outbox(id).effects.len()
    }

    /// Begins a new session of a bridge: nothing is remembered but its calls.
    pub(super) fn begin(&mut self, id: BridgeId, session: u64) {
        let bridge = self.get_mut(id);
        bridge.session = session;
        bridge.received = 0;
        bridge.ahead.clear();
        bridge.sent = 0;
        self.outboxes[usize::from(id.0)] = Outbox::default();
    }

    /// All that is remembered but for effects that may have been carried out.
    pub(super) fn known(&self) -> &[Bridge] {
        &self.list
    }

    fn outbox(&self, id: BridgeId) -> &Outbox {
        &self.outboxes[usize::from(id.0)]
    }
}

impl Site {
    /// Whether a bridge of this name may come: it is known, or there is a place for it.
    pub fn has_place_for(&self, name: &str) -> bool {
        let (is_known, count) = (self.bridges.find(name).is_some(), self.bridges.len());
        is_known || count < BRIDGES_MAX || self.bridge_to_forget().is_some()
    }

    /// The bridge with this name. A new one takes the place of another where there is no other place: names
    /// may be those of machines that come and go.
    pub(super) fn admit(&mut self, name: &str) -> BridgeId {
        if self.bridges.len() >= BRIDGES_MAX
            && self.bridges.find(name).is_none()
            && let Some(place) = self.bridge_to_forget()
        {
            self.forget_dues(place, |_| true);
            self.bridges.replace(place, name);
        }
        self.bridges.find_or_add(name)
    }

    /// Of the bridges that are gone and whose calls are all over, the one that has been gone longest. One that
    /// may still report recordings is the last to be forgotten.
    fn bridge_to_forget(&self) -> Option<BridgeId> {
        let carries = |id| self.calls.iter().any(|facts| facts.bridge == id);
        let gone = self.bridges.iter().filter(|(_, bridge)| !bridge.connected);
        let free = gone.filter(|(id, _)| !carries(*id));
        let longest = free.min_by_key(|(id, bridge)| (self.has_dues(*id), bridge.lost));
        longest.map(|(id, _)| id)
    }
}

impl Bridge {
    /// Whether a report of this number was taken before.
    pub fn has_received(&self, seq: u64) -> bool {
        seq <= self.received || self.ahead.contains(&seq)
    }

    /// The calls it carries, by name.
    pub fn calls(&self) -> &BTreeMap<String, CallId> {
        &self.calls
    }

    /// A hash of every effect that it was ever given, in order.
    pub fn effects_hash(&self) -> u64 {
        self.effects_hash
    }

    /// It is gone from this entry on; whether it was there.
    pub(super) fn is_lost(&mut self, position: u64) -> bool {
        if self.connected {
            (self.connected, self.lost) = (false, position);
            return true;
        }
        false
    }

    pub(super) fn calls_mut(&mut self) -> &mut BTreeMap<String, CallId> {
        &mut self.calls
    }

    /// A call is over, or nobody's again. Another one may have the name of a call back that was never
    /// dialled.
    pub(super) fn carries_no_more(&mut self, name: &str, call: CallId) {
        if self.calls.get(name) == Some(&call) {
            self.calls.remove(name);
        }
    }

    /// Whether it can make calls back: it dials the caller and rings the agent.
    pub(super) fn calls_back(&self) -> bool {
        let wanted = [Capability::Ring, Capability::Dial];
        wanted.iter().all(|what| self.can.contains(what))
    }

    /// Whether it can ring a device.
    pub(super) fn rings(&self, device: &str) -> bool {
        self.connected && self.could_ring(device)
    }

    /// Whether it can ring a device when it is there.
    pub(super) fn could_ring(&self, device: &str) -> bool {
        self.can.contains(&Capability::Ring)
            && self.devices.iter().any(|start| device.starts_with(start))
    }
}
