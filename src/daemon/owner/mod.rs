//! The owner: a site and its journal. Takes a batch of happenings, writes them to the journal with
//! the rows that they give rise to, and only then lets anybody see what came of them.
//!
//! Everything here happens on one thread and without a clock, so that a test can crash it anywhere.
//! Whoever drives it says what time it is.
//!
//! ```text
//! owner.begin(now)          a batch begins
//! owner.report(…) …         happenings become entries and are applied in memory
//! owner.commit()            entries and rows are durable, all or nothing
//! owner.site().bridges()    now, and not before, the outboxes may be sent
//! ```

mod clock;
mod door;
mod keys;
mod lookups;
mod outbox;
mod publish;

use super::bridge::protocol::Code;
use super::bridge::protocol::Event;
use super::bridge::protocol::HEARTBEAT_MS;
use super::bridge::protocol::Hello;
use super::bridge::protocol::LineInfo;
use super::bridge::protocol::PROTOCOL;
use super::bridge::protocol::RefuseReason;
use super::bridge::protocol::Report;
use super::bridge::protocol::Welcome;
use super::entry::AgentAct;
use super::entry::Entry;
use super::entry::PATIENCE_MS_MAX;
use super::entry::What;
use super::guard::Guard;
use super::journal::Journal;
use super::journal::Position;
use super::journal::error::JournalError;
use super::journal::rows::Rows;
use super::journal::rows::SealedRow;
use super::journal::rows::ShedMinute;
use super::journal::rows::VaultChange;
use super::journal::snapshot::Snapshot;
use super::journal::snapshot::WrittenSnapshot;
use super::log;
use super::site::AgentObjection;
use super::site::Applied;
use super::site::BridgeId;
use super::site::CallbackRequest;
use super::site::CallbackView;
use super::site::DUPLICATE;
use super::site::RequestObjection;
use super::site::Site;
use super::site::Words;
use super::vault::Vault;
use crate::exchange::Switch;
use crate::exchange::effect::NotPromised;
use crate::exchange::id::CallId;
use crate::exchange::id::VariableId;
use crate::exchange::key::Digits;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use outbox::Outbox;
use std::collections::BTreeSet;

/// A snapshot is taken after this many entries, and one more for each call in progress: a large
/// state is copied less often.
pub const SNAPSHOT_ENTRIES: u64 = 200_000;
/// While the disk is full this many entries do: those that two snapshots cover make room for the next.
pub const SNAPSHOT_ENTRIES_FULL: u64 = 10_000;
/// And not sooner after the one before: under load it costs more to take one than to replay what
/// came in this time.
pub const SNAPSHOT_GAP: Span = Span::seconds(5);
/// Between the parts of the name of a secret entry.
const APART: &str = "\u{1f}";
/// Keys of one call taken in one batch; more are dropped.
pub const BATCH_KEYS_MAX: usize = 32;

/// A site, its journal, and what is known to neither.
pub struct Owner {
    site: Site,
    journal: Box<dyn Journal>,
    vault: Option<Vault>,
    guard: Guard,
    patience: Span,
    now: Tick,
    staged: Vec<String>,
    rows: Rows,
    shed_minute: ShedMinute,
    /// Calls for which another system is to be asked.
    asked: Vec<CallId>,
    outbox: Outbox,
    /// Where and when the last snapshot was taken.
    snapshot_at: (u64, Tick),
    /// The disk was full: no new calls until there is room again.
    disk_full: bool,
}

/// How something is switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SwitchOn {
    /// For how long; none: until it is switched off.
    pub span: Option<Span>,
    /// The words of a notice, by language.
    pub words: Words,
}

pub use publish::NotPublished;
pub use publish::Publication;

impl Owner {
    /// An owner of a site that was recovered, from a snapshot at this place; see [`super::recover`].
    pub(super) fn new(
        site: Site,
        snapshot: Position,
        mut journal: Box<dyn Journal>,
        vault: Option<Vault>,
        patience: Span,
    ) -> Self {
        Self {
            disk_full: !journal.restore_ballast(),
            guard: Guard::new(site.exchange().plan()),
            now: site.exchange().now(),
            snapshot_at: (snapshot.0, site.exchange().now()),
            site,
            journal,
            vault,
            patience,
            staged: Vec::new(),
            rows: Rows::default(),
            shed_minute: ShedMinute::default(),
            asked: Vec::new(),
            outbox: Outbox::default(),
        }
    }

    /// Begins a batch at this time, or at that of the last entry if it is later.
    pub fn begin(&mut self, now: Tick) {
        self.now = now.max(self.site.exchange().now());
    }

    /// The time of the batch.
    pub fn now(&self) -> Tick {
        self.now
    }

    /// When something falls due.
    pub fn next_deadline(&self) -> Option<Tick> {
        self.site.exchange().next_deadline()
    }

    /// What is remembered.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Why new calls are not taken, if so.
    pub fn disk_full(&self) -> bool {
        self.disk_full
    }

    /// The journal, to be read.
    pub fn journal(&mut self) -> &mut dyn Journal {
        &mut *self.journal
    }

    /// A bridge says hello. A connection that spoke for it before is taken for lost.
    pub fn join(&mut self, hello: &Hello) -> Result<(BridgeId, Welcome), Code> {
        if !self.site.has_place_for(&hello.bridge) {
            return Err(Code::TooManyBridges);
        }
        let known = self.site.bridges().find(&hello.bridge);
        if known.is_some_and(|id| self.site.bridges().get(id).connected) {
            self.lose(&hello.bridge);
        }
        let resumed = self.resumed_by(hello);
        self.stage(
            self.now,
            What::BridgeJoined {
                bridge: hello.bridge.clone(),
                can: hello.can.clone(),
                devices: hello.devices.clone(),
                calls: resumed.is_none().then(|| hello.calls.clone()),
            },
        );
        if let Some((id, effect)) = resumed {
            self.site.bridges_mut().carried_out(id, effect);
        }
        let id = self.site.bridges().find(&hello.bridge);
        let id = id.expect("the bridge has just joined");
        Ok((id, self.welcome(id, resumed.is_some())))
    }

    /// The bridge whose session a hello goes on with, and the last effect that it has carried out.
    fn resumed_by(&self, hello: &Hello) -> Option<(BridgeId, u64)> {
        let bridges = self.site.bridges();
        let (id, resume) = bridges.find(&hello.bridge).zip(hello.resume.as_ref())?;
        let can = bridges.can_resume(id, resume.session, resume.effect);
        can.then_some((id, resume.effect))
    }

    /// How many calls a hello would end: those of its name that it neither goes on with nor lists.
    pub(super) fn ended_by(&self, hello: &Hello) -> usize {
        let bridges = self.site.bridges();
        let known = bridges.find(&hello.bridge).map(|id| bridges.get(id));
        let Some(bridge) = known.filter(|_| self.resumed_by(hello).is_none()) else {
            return 0;
        };
        let listed: BTreeSet<&String> = hello.calls.iter().collect();
        let calls = bridge.calls().keys();
        calls.filter(|call| !listed.contains(call)).count()
    }

    fn welcome(&self, id: BridgeId, resumed: bool) -> Welcome {
        let bridge = self.site.bridges().get(id);
        let lines = self.site.exchange().plan().lines.iter();
        Welcome {
            protocol: PROTOCOL,
            session: bridge.session,
            resumed,
            received: bridge.received,
            heartbeat_ms: HEARTBEAT_MS,
            lines: lines
                .filter(|line| !line.retired)
                .map(|line| LineInfo {
                    line: line.name.clone(),
                    title: line.title.clone(),
                    numbers: line.numbers.clone(),
                })
                .collect(),
            warnings: self.site.warnings(id),
        }
    }

    /// A bridge is gone.
    pub fn lose(&mut self, bridge: &str) {
        let (bridge, patience_ms) = (bridge.to_owned(), self.patience.0);
        self.stage(
            self.now,
            What::BridgeLost {
                bridge,
                patience_ms,
            },
        );
    }

    /// A bridge reports something that happened at this time. A report that was taken before is
    /// passed over.
    pub fn report(
        &mut self,
        id: BridgeId,
        at: Tick,
        report: Report,
    ) -> Result<(), (Code, &'static str)> {
        let bridge = self.site.bridges().get(id);
        if bridge.has_received(report.seq) {
            return Ok(());
        }
        let (name, seq) = (bridge.name.clone(), report.seq);
        let applied = match report.event {
            Event::CallStarted { .. } if self.disk_full => {
                let duplicates = self.shed(id, vec![report], RefuseReason::JournalFull);
                return duplicates.first().map_or(Ok(()), |_| Err(DUPLICATE));
            }
            Event::Key { call, key } => self.key(id, at, (name, seq), call, key),
            event => self.stage(
                at,
                What::Reported {
                    bridge: name,
                    seq,
                    event,
                },
            ),
        };
        match applied.refused {
            Some((code, message)) => Err((code, message)),
            None => Ok(()),
        }
    }

    /// Takes a report that could not be read, or means nothing, for taken.
    pub fn pass(&mut self, id: BridgeId, seq: u64) {
        let bridge = self.site.bridges().get(id);
        if !bridge.has_received(seq) {
            let bridge = bridge.name.clone();
            self.stage(self.now, What::Passed { bridge, seq });
        }
    }

    /// What an agent does, or somebody for them.
    pub fn agent(&mut self, agent: &str, act: AgentAct) -> Result<(), AgentObjection> {
        let Some(id) = self.site.agent_named(agent) else {
            return Err(AgentObjection::UnknownAgent);
        };
        self.site.may_act(id, &act)?;
        let agent = agent.to_owned();
        let applied = self.stage(self.now, What::Agent { agent, act });
        if let Some(why) = applied.uninvited {
            return Err(AgentObjection::NobodyToInvite(why));
        }
        let state = self.site.exchange().agent_state(id);
        match applied.refused.and(state) {
            Some(state) => Err(AgentObjection::NotNow(state)),
            None => Ok(()),
        }
    }

    /// Switches something on a line for so long, for ever unless a span is given; none switches it off.
    /// Whether there is such a line.
    pub fn switch(&mut self, line: &str, what: Switch, on: Option<SwitchOn>) -> bool {
        if self.site.exchange().plan().line_named(line).is_none() {
            return false;
        }
        let until = on.as_ref().map_or(0, |on| match on.span {
            Some(span) => (self.now + span).0,
            None => u64::MAX,
        });
        let what = What::Switched {
            line: line.to_owned(),
            what,
            until,
            words: on.map(|on| on.words).unwrap_or_default(),
        };
        self.stage(self.now, what);
        true
    }

    /// Another program asks that somebody be called back, not before this Unix time in milliseconds.
    pub fn ask_for_callback(
        &mut self,
        mut request: CallbackRequest,
        not_before_ms: Option<i64>,
    ) -> Result<CallbackView, RequestObjection> {
        if self.disk_full {
            return Err(RequestObjection::DiskFull);
        }
        let origin_ms = self.site.exchange().origin_ms();
        let not_before = not_before_ms.map_or(0, |unix_ms| unix_ms.saturating_sub(origin_ms));
        request.not_before = not_before.max(0) as u64;
        self.site.read_request(&request)?;
        let applied = self.stage(self.now, What::CallbackAsked(request));
        match applied.promised {
            Some(Ok(call)) => {
                let view = self.site.callback(call);
                // An agent was free and the number could not be dialled, as often as it was to be.
                view.ok_or(RequestObjection::NotPromised(NotPromised::Undialable))
            }
            Some(Err(why)) => Err(RequestObjection::NotPromised(why)),
            // The line takes no calls any more.
            None => Err(RequestObjection::UnknownLine),
        }
    }

    /// A call back is not wanted any more. What it was, if its caller has not been reached.
    pub fn withdraw_callback(&mut self, name: &str) -> Option<CallbackView> {
        let call = self.site.callback_named(name)?;
        let view = self.site.callback(call);
        let call = name.to_owned();
        self.stage(self.now, What::CallbackWithdrawn { call });
        view
    }

    /// The digits of a secret entry are lost: its call is asked again.
    pub(super) fn entry_lost(&mut self, bridge: String, call: String) {
        self.stage(self.now, What::EntryLost { bridge, call });
    }

    /// The program has started. Bridges are gone since the last entry, so that nothing is counted against
    /// callers; but only from now on can they come back.
    pub(super) fn started(&mut self, zones: &str, gone: Span) {
        let what = What::Started {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            zones: zones.to_owned(),
            patience_ms: (self.patience.0 + gone.0).min(PATIENCE_MS_MAX),
        };
        self.stage(self.now, what);
    }

    /// Whether there is a key for secret digits.
    pub(super) fn has_vault(&self) -> bool {
        self.vault.is_some()
    }

    /// The digits that a vault had of a call.
    pub(super) fn unseal(&self, name: &str, sealed: &[u8]) -> Option<Digits> {
        self.vault.as_ref()?.open(name, sealed)
    }

    /// Seals the digits that a call has entered so far.
    pub(super) fn seal(
        &mut self,
        (bridge, name): (&str, &str),
        variable: VariableId,
        digits: &Digits,
    ) {
        let Some(vault) = &self.vault else { return };
        let call = vault_name(bridge, name, variable);
        match vault.seal(&call, digits) {
            Ok(sealed) => self
                .rows
                .vault
                .push(VaultChange::Put(SealedRow { call, sealed })),
            Err(error) => log::say(error),
        }
    }

    /// Forgets what the vault calls so.
    pub(super) fn unseal_no_more(&mut self, call: String) {
        self.rows.vault.push(VaultChange::Delete { call });
    }

    pub(super) fn restore_secret(&mut self, call: CallId, variable: VariableId, digits: Digits) {
        self.guard.restore(call, variable, digits);
    }

    /// Makes an entry, applies it, and lets calls that it moved on have what they typed ahead.
    fn stage(&mut self, at: Tick, what: What) -> Applied {
        let applied = self.stage_one(at, what);
        if !self.guard.is_quiet() {
            self.release_keys(at);
        }
        applied
    }

    fn stage_one(&mut self, at: Tick, what: What) -> Applied {
        let at = at.min(self.now).max(self.site.exchange().now()).0;
        let entry = Entry { at, what };
        self.staged
            .push(serde_json::to_string(&entry).expect("an entry is plain data"));
        let applied = self.site.apply(&entry);
        self.keep(applied)
    }

    /// Keeps what is to be written beside the entries.
    fn keep(&mut self, mut applied: Applied) -> Applied {
        self.asked.append(&mut applied.asked);
        self.rows.cdrs.append(&mut applied.cdrs);
        self.rows.messages.append(&mut applied.messages);
        self.rows.surveys.append(&mut applied.surveys);
        self.rows.recordings.append(&mut applied.recordings);
        self.rows.unkept.append(&mut applied.unkept);
        for mut row in applied.deliveries.drain(..) {
            self.outbox.admit(&mut row);
            self.rows.deliveries.push(row);
        }
        for row in applied.shed.drain(..) {
            self.rows.put_shed(self.shed_minute.count(row));
        }
        for (bridge, name, call) in applied.ended.drain(..) {
            let secrets = self.guard.forget(call);
            for variable in secrets.into_iter().filter(|_| self.vault.is_some()) {
                let bridge = &self.site.bridges().get(bridge).name;
                let call = vault_name(bridge, &name, variable);
                self.rows.vault.push(VaultChange::Delete { call });
            }
        }
        applied
    }

    /// Makes the batch durable, with what fell due meanwhile. Effects may leave afterwards.
    ///
    /// When the disk is full the room that was kept for that day is used, and no new calls are
    /// taken until [`Owner::look_for_room`] finds some.
    ///
    /// # Errors
    /// After any error the owner must not be used again: what is in memory is ahead of the journal.
    pub fn commit(&mut self) -> Result<(), JournalError> {
        if self.next_deadline().is_some_and(|due| due <= self.now) {
            self.stage(self.now, What::Wake);
        }
        if self.staged.is_empty() && self.rows.is_empty() {
            return Ok(());
        }
        match self.write() {
            Err(JournalError::Full) if self.journal.release_ballast() => {
                self.disk_full = true;
                self.write()?;
            }
            Err(JournalError::Full) if !self.disk_full => {
                self.disk_full = true;
                return Err(JournalError::Full);
            }
            other => other?,
        }
        self.staged.clear();
        self.rows.clear();
        Ok(())
    }

    fn write(&mut self) -> Result<(), JournalError> {
        if !self.staged.is_empty() {
            let after = self.journal.end();
            self.journal.append(after, &self.staged)?;
        }
        self.journal.commit(&self.rows)
    }

    /// Whether entries wait for a commit.
    pub fn is_staged(&self) -> bool {
        !self.staged.is_empty()
    }

    /// Takes new calls again if the disk has room.
    pub fn look_for_room(&mut self) {
        if self.disk_full && self.journal.restore_ballast() {
            self.disk_full = false;
        }
    }

    /// The state, if it is time for a snapshot of it.
    pub fn snapshot_due(&mut self) -> Option<Site> {
        let position = self.site.position();
        let calls = self.site.exchange().calls_in_progress() as u64;
        let (last, when) = self.snapshot_at;
        let (entries, gap) = match self.disk_full {
            true => (SNAPSHOT_ENTRIES_FULL, Span(0)),
            false => (SNAPSHOT_ENTRIES, SNAPSHOT_GAP),
        };
        if position < last + entries + calls || self.now < when + gap {
            return None;
        }
        self.snapshot_at = (position, self.now);
        Some(self.site.clone())
    }

    /// Has the next commit register a snapshot.
    pub fn keep_snapshot(&mut self, written: WrittenSnapshot) {
        self.journal.keep_snapshot(written);
    }

    /// A bridge has carried out its effects up to this number.
    pub fn carried_out(&mut self, id: BridgeId, effect: u64) {
        self.site.bridges_mut().carried_out(id, effect);
    }
}

/// A site as a snapshot.
pub fn snapshot_of(site: &Site) -> Snapshot {
    Snapshot {
        position: Position(site.position()),
        content: serde_json::to_vec(site).expect("a site is plain data"),
    }
}

/// What a vault calls a secret entry of a call: names of bridges and calls have no control characters,
/// so that no other entry is called so.
pub(super) fn vault_name(bridge: &str, call: &str, variable: VariableId) -> String {
    [bridge, call, &variable.0.to_string()].join(APART)
}

/// What programs up to 0.1 called it; none where they may have called an entry of another call so too.
pub(super) fn older_vault_name(bridge: &str, call: &str, variable: VariableId) -> Option<String> {
    let is_told_apart = !bridge.contains('/') && !call.contains('/');
    is_told_apart.then(|| format!("{bridge}/{call}/{}", variable.0))
}

/// Whether it was a program up to 0.1 that called a secret entry so.
pub(super) fn is_older_vault_name(name: &str) -> bool {
    !name.contains(APART)
}
