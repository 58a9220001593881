//! What is kept beside the log and becomes durable with the entries that it came of.

use super::Position;
use crate::daemon::url::without_query;
use serde::Deserialize;
use serde::Serialize;

/// Everything that a batch of entries gave rise to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Calls that ended.
    pub cdrs: Vec<CdrRow>,
    /// Messages that were left.
    pub messages: Vec<MessageRow>,
    /// Questions of surveys that were answered, or were not.
    pub surveys: Vec<SurveyRow>,
    /// Conversations that were recorded.
    pub recordings: Vec<RecordingRow>,
    /// Those that turned out not to have been kept.
    pub unkept: Vec<Unkept>,
    /// Secret digits that came or went, in order.
    pub vault: Vec<VaultChange>,
    /// Calls that were turned away.
    pub shed: Vec<ShedRow>,
    /// Menus that were published.
    pub published: Option<Published>,
    /// What other systems are to be told.
    pub deliveries: Vec<DeliveryRow>,
    /// What came of telling them.
    pub settled: Vec<Settled>,
}

impl Rows {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.cdrs.is_empty()
            && self.messages.is_empty()
            && self.surveys.is_empty()
            && self.recordings.is_empty()
            && self.unkept.is_empty()
            && self.vault.is_empty()
            && self.shed.is_empty()
            && self.published.is_none()
            && self.deliveries.is_empty()
            && self.settled.is_empty()
    }

    /// Has a count of calls that were turned away written down as it is now.
    pub fn put_shed(&mut self, row: ShedRow) {
        let key = |row: &ShedRow| (row.position, row.number);
        match self.shed.iter_mut().find(|known| key(known) == key(&row)) {
            Some(known) => *known = row,
            None => self.shed.push(row),
        }
    }

    /// Takes everything out and keeps the room.
    pub fn clear(&mut self) {
        self.cdrs.clear();
        self.messages.clear();
        self.surveys.clear();
        self.recordings.clear();
        self.unkept.clear();
        self.vault.clear();
        self.shed.clear();
        self.published = None;
        self.deliveries.clear();
        self.settled.clear();
    }
}

/// A call that ended. Entry and number name it, so that replaying the entry cannot double it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CdrRow {
    /// The entry that ended the call.
    pub position: Position,
    /// Which row of that entry, from 0.
    pub number: u32,
    /// The bridge's name for the call.
    pub call: String,
    /// The bridge.
    pub bridge: String,
    /// The line that was called.
    pub line: String,
    /// Who called, if the bridge said so.
    pub caller: Option<String>,
    /// The agent who answered.
    pub agent: Option<String>,
    /// The queue last waited in.
    pub queue: Option<String>,
    /// When the call came, in milliseconds since 1970 UTC.
    pub started_ms: i64,
    /// When it ended, likewise.
    pub ended_ms: i64,
    /// How long the caller waited in queues.
    pub wait_ms: i64,
    /// How long caller and agent talked.
    pub talk_ms: i64,
    /// How the call ended.
    pub outcome: String,
    /// Why, where the outcome does not say it.
    pub detail: Option<String>,
    /// The version of the menus that the call followed.
    pub menus_version: u64,
    /// What the caller has said to being recorded: `told`, `agreed`, `refused` or `unanswered`; none if
    /// nobody has asked.
    pub consent: Option<String>,
    /// How many recordings of its conversations there are.
    pub recordings: u32,
}

/// A message that a caller left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageRow {
    /// The entry that ended the message.
    pub position: Position,
    /// Which message of that entry, from 0.
    pub number: u32,
    /// The bridge's name for the call.
    pub call: String,
    /// The line that was called.
    pub line: String,
    /// Whom the message is for.
    pub mailbox: String,
    /// Who called, if the bridge said so.
    pub caller: Option<String>,
    /// Where the bridge keeps the recording.
    pub recording: Option<String>,
    /// How long the message is.
    pub length_ms: i64,
    /// When it was left, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// Something that another system is to be told, until it has taken it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryRow {
    /// The entry that it came of.
    pub position: Position,
    /// Which of that entry, from 0.
    pub number: u32,
    /// Its name for the other system, the same at every attempt.
    pub id: String,
    /// `ticket` or `message`.
    pub kind: String,
    /// Where it is sent.
    pub url: String,
    /// The environment variable with the secret by which it is signed.
    pub secret_env: String,
    /// What is sent, as JSON.
    pub body: String,
    /// When it came about, in milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// When it is sent next, likewise.
    pub due_ms: i64,
    /// How often it was sent in vain.
    pub attempts: u32,
    /// Whether it is not sent any more.
    pub given_up: bool,
    /// Why it was not taken the last time.
    pub why: Option<String>,
}

impl DeliveryRow {
    /// The system that is told, as it may be printed: without what stands behind the host.
    pub(in crate::daemon) fn address(&self) -> &str {
        without_query(&self.url)
    }

    /// How it stands after an attempt.
    pub(super) fn attempted(&mut self, attempted: &Attempted) {
        let attempted = attempted.clone();
        self.due_ms = attempted.due_ms;
        self.attempts = attempted.attempts;
        self.given_up = attempted.given_up;
        self.why = attempted.why;
    }
}

/// How many deliveries there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outstanding {
    /// Those that are to be sent still.
    pub waiting: u64,
    /// Those that are not sent any more unless somebody asks for it.
    pub given_up: u64,
}

/// What came of sending a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Its entry.
    pub position: Position,
    /// Which of that entry.
    pub number: u32,
    /// How it stands now; none: it was taken, and is gone.
    pub left: Option<Attempted>,
}

/// A delivery that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempted {
    /// When it is sent next, in milliseconds since 1970 UTC.
    pub due_ms: i64,
    /// How often it was sent in vain.
    pub attempts: u32,
    /// Whether it is not sent any more.
    pub given_up: bool,
    /// Why it was not taken.
    pub why: Option<String>,
}

/// A question of a survey that was put to a caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SurveyRow {
    /// The entry that answered it.
    pub position: Position,
    /// Which answer of that entry, from 0.
    pub number: u32,
    /// The bridge's name for the call.
    pub call: String,
    /// The line that was called.
    pub line: String,
    /// The survey step.
    pub survey: String,
    /// The question's id.
    pub question: String,
    /// The answer; none if the caller gave none.
    pub answer: Option<u8>,
    /// The agent who had talked to the caller last, if any had.
    pub agent: Option<String>,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// A conversation that was recorded, or was to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordingRow {
    /// The entry that ended it.
    pub position: Position,
    /// Which recording of that entry, from 0.
    pub number: u32,
    /// Its name, as the bridge was told it: what the file is called.
    pub recording: String,
    /// The bridge's name for the call.
    pub call: String,
    /// The bridge.
    pub bridge: String,
    /// The line that was called.
    pub line: String,
    /// Who called, if the bridge said so.
    pub caller: Option<String>,
    /// The agent.
    pub agent: String,
    /// What the caller has said to it: `told` or `agreed`.
    pub consent: String,
    /// When it began, in milliseconds since 1970 UTC.
    pub started_ms: i64,
    /// How long it is, without the pauses.
    pub length_ms: i64,
    /// How long nothing was recorded meanwhile.
    pub paused_ms: i64,
    /// Whether the bridge could not record, or keep, it.
    pub failed: bool,
}

/// A recording that a bridge has not kept, which it says when the conversation is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unkept {
    /// The bridge.
    pub bridge: String,
    /// The recording.
    pub recording: String,
    /// Whether its call has ended too, so that the record of the call counts it.
    pub counted: bool,
}

/// A change of the sealed digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VaultChange {
    /// These are now the digits of the call.
    Put(SealedRow),
    /// The call is over: its digits are overwritten.
    Delete {
        /// The bridge's name for the call.
        call: String,
    },
}

/// A call's secret digits, as [`Vault`](crate::daemon::vault::Vault) has sealed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRow {
    /// The bridge's name for the call.
    pub call: String,
    /// What only the holder of the master key can open.
    pub sealed: Vec<u8>,
}

/// Calls that were turned away before they became calls, counted together. Entry and number name the count,
/// which grows as long as its minute lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShedRow {
    /// The entry that says so of the first.
    pub position: Position,
    /// Which row of that entry, from 0.
    pub number: u32,
    /// The line that was called.
    pub line: String,
    /// Why there was no room for them.
    pub reason: String,
    /// How many.
    pub calls: u64,
    /// When the last of them came, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// The counts of calls turned away that are not over: however many calls there are, a line has one row a
/// minute for each reason.
#[derive(Debug, Default)]
pub struct ShedMinute(Vec<ShedRow>);

impl ShedMinute {
    /// Adds calls to those of the same line, reason and minute; the row that they make now.
    pub fn count(&mut self, row: ShedRow) -> ShedRow {
        let minute = |row: &ShedRow| row.at_ms.div_euclid(60_000);
        self.0.retain(|known| minute(known) == minute(&row));
        let mut known = self.0.iter_mut();
        match known.find(|known| known.line == row.line && known.reason == row.reason) {
            Some(known) => {
                known.calls += row.calls;
                known.at_ms = row.at_ms;
                known.clone()
            }
            None => {
                self.0.push(row.clone());
                row
            }
        }
    }
}

/// Menus as they were published, so that a call can be replayed years later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The version, from 1.
    pub version: u64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The version of the time-zone database that the plan was compiled with.
    pub zone_version: String,
    /// The compiled dialplan as JSON.
    pub plan: String,
    /// Its hash.
    pub plan_hash: String,
    /// The files that it was compiled from.
    pub files: Vec<PublishedFile>,
}

impl Published {
    /// The same without what they say.
    pub(super) fn edition(&self) -> EditionRow {
        EditionRow {
            version: self.version,
            at_ms: self.at_ms,
            files: self.files.iter().map(|file| file.path.clone()).collect(),
        }
    }
}

/// Menus as they were published, without what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionRow {
    /// The version, from 1.
    pub version: u64,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The paths of the files that they were compiled from.
    pub files: Vec<String>,
}

/// A file among those that menus were compiled from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedFile {
    /// Its path.
    pub path: String,
    /// The hash of its text.
    pub hash: String,
    /// Its text.
    pub text: String,
}
