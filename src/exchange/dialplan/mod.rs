//! The dialplan: menu files and agent groups, checked, compiled and immutable.
//!
//! Flat arenas indexed by the ids of [`super::id`]. Only the menu compiler builds one; the
//! exchange trusts every index in it.

mod check;
mod directory;
mod editions;
mod grow;
mod key_table;
mod lookup;
mod message;
mod names;
mod numbers;
mod overload;
mod people;
mod queue;
mod recognition;
mod recording;
mod renumber;
mod retry;
mod survey;
mod ticket;

pub use check::Check;
pub use check::DateForm;
pub use directory::Directory;
pub use directory::Found;
pub use directory::Listing;
pub use directory::Offered;
pub use directory::Spelling;
pub use editions::Bounds;
pub use editions::Moved;
pub use grow::Growth;
pub use key_table::KeyAction;
pub use key_table::KeyNode;
pub use lookup::Lookup;
pub use lookup::LookupResult;
pub use lookup::Method;
pub use lookup::Piece;
pub use lookup::Request;
pub use lookup::Saved;
pub use message::Message;
pub use names::OF_LINE;
pub use names::StepNames;
pub use names::with_line;
pub use numbers::Dialling;
pub use numbers::plain_number;
pub use overload::AsksNumber;
pub use overload::Callback;
pub use overload::Overload;
pub use overload::Rung;
pub use people::Agent;
pub use people::Group;
pub use people::LEVEL_MAX;
pub use people::Lane;
pub use people::LedgerPeriod;
pub use people::Profile;
pub use people::Rona;
pub use people::TIER_RANKS;
pub use people::Tiers;
pub use queue::Announce;
pub use queue::Queue;
pub use queue::Stage;
pub use queue::WaitPrompts;
pub use recognition::Known;
pub use recognition::Recognition;
pub use recognition::Recognized;
pub use recording::Recording;
pub use retry::Retry;
pub use survey::ANSWER_MAX;
pub use survey::Answered;
pub use survey::Ask;
pub use survey::Scale;
pub use survey::Survey;
pub use ticket::Ticket;
pub use ticket::Webhook;

use super::calendar::Calendar;
use super::calendar::Zone;
use super::id::{
    AgentId, CalendarId, GroupId, KeyNodeId, LanguageId, LineId, PromptId, QueueId, ReasonId,
    StepId, VariableId,
};
use super::key::Digits;
use super::key::Key;
use super::time::Span;
use serde::{Deserialize, Serialize};

/// Everything an exchange needs to know of one site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dialplan {
    /// The public numbers.
    pub lines: Vec<Line>,
    /// The steps of all lines.
    pub steps: Vec<Step>,
    /// What is said.
    pub prompts: Vec<Prompt>,
    /// Key tables of all menus, collects and queues.
    pub key_nodes: Vec<KeyNode>,
    /// What keys do.
    pub key_actions: Vec<KeyAction>,
    /// Opening hours.
    pub calendars: Vec<Calendar>,
    /// The time zone of the site (that of its first line), for ledger days.
    pub zone: Zone,
    /// The queue steps.
    pub queues: Vec<Queue>,
    /// Kinds of waiting callers.
    pub lanes: Vec<Lane>,
    /// Groups of agents.
    pub groups: Vec<Group>,
    /// Agents who may take the same calls.
    pub profiles: Vec<Profile>,
    /// The people.
    pub agents: Vec<Agent>,
    /// What breaks are for; a [`ReasonId`] is a place in this list.
    pub pause_reasons: Vec<String>,
    /// Language tags, `en`, `vi`; a [`LanguageId`] is a place in this list.
    pub languages: Vec<String>,
    /// Where newer versions of the menus begin, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newer: Vec<Bounds>,
}

/// One public number's menu file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The file's stem: what forecasts and reports call the line.
    pub name: String,
    /// The name for people, from `[line] name`.
    pub title: String,
    /// Public numbers that lead here.
    pub numbers: Vec<String>,
    /// Where a call begins.
    pub start: StepId,
    /// Lines from the carrier; none means that the file sets no limit.
    pub trunks: Option<u32>,
    /// Trunks that callers waiting for or talking to agents may not take.
    pub reserve: u32,
    /// So many calls of one caller within a time; further ones find the line busy.
    pub caller_limit: Option<(u8, Span)>,
    /// The longest call.
    pub max_call: Span,
    /// The languages, the first being the one a call begins with.
    pub languages: Vec<LanguageId>,
    /// IANA name of the time zone.
    pub timezone: String,
    /// Names of what is saved: entries, and after them values of look-ups; a [`VariableId`] is a
    /// place in this list.
    pub variables: Vec<String>,
    /// Which numbers may be dialled.
    #[serde(default, skip_serializing_if = "Dialling::is_empty")]
    pub dialling: Dialling,
    /// The same line in the earliest menus that calls still follow: trunks, callers and switches are
    /// counted there. None: this is it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<LineId>,
    /// Whether newer menus have taken its place: calls go on in it, and none begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

/// One node of a menu file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The operator's name for it.
    pub name: String,
    /// The line it belongs to.
    pub line: LineId,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum StepKind {
    /// Plays options and waits for a key.
    Menu(Menu),
    /// Plays something and goes on; a recorded answer when `answer` is set.
    Say(Say),
    /// Takes an entry of several digits.
    Collect(Collect),
    /// Takes the beginning of a name, spelled on the keypad.
    Directory(Directory),
    /// Branches on opening hours.
    Hours(Hours),
    /// Lets the caller wait for an agent.
    Queue(QueueId),
    /// Takes a message.
    Record(Message),
    /// Hands the call to a number outside.
    Transfer(Transfer),
    /// Does what an agent asks for from the own phone.
    Duty(Duty),
    /// Promises a call back.
    Callback(Callback),
    /// Asks another system.
    Lookup(Lookup),
    /// Asks how the call was.
    Survey(Survey),
    /// Hands a ticket to a back office.
    Ticket(Ticket),
}

impl StepKind {
    /// Whether it is a recorded answer, or says what a look-up has found.
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Say(say) if say.answer.is_some())
    }
}

/// Where a call goes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Target {
    /// A step of the same line.
    Step(StepId),
    /// The menu before this one.
    Back,
    /// The line's first step.
    Start,
    /// This step again.
    Repeat,
    /// The end.
    HangUp,
}

/// How long to wait for keys, and how often to forgive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    /// From the end of the prompt to the first key.
    pub first_key: Span,
    /// Between the keys of a longer entry.
    pub next_key: Span,
    /// Silences after which the step gives up; at least 1.
    pub silences: u8,
    /// Wrong entries after which the step gives up; at least 1.
    pub wrongs: u8,
}

/// A menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Menu {
    /// The options.
    pub prompt: PromptId,
    /// Said before the options again, after a wrong key.
    pub wrong: PromptId,
    /// Said before the options again, after silence.
    pub silent: PromptId,
    /// Other words on later tries.
    #[serde(default, skip_serializing_if = "Retry::is_empty")]
    pub retry: Retry,
    /// Own keys and the global keys that they leave free.
    pub keys: KeyNodeId,
    /// Waiting times and tries.
    pub patience: Patience,
    /// Whether keys are taken while the prompt plays (they are kept if not).
    pub barge_in: bool,
    /// After the last try.
    pub give_up: Target,
}

/// An announcement or a recorded answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Say {
    /// What is said.
    pub prompt: PromptId,
    /// Afterwards.
    pub then: Target,
    /// Global keys that work meanwhile.
    pub keys: KeyNodeId,
    /// Whether a key cuts it short.
    pub barge_in: bool,
    /// Whether it is passed over while no notice is set.
    #[serde(default)]
    pub when_notice: bool,
    /// Set for a recorded answer.
    pub answer: Option<Answer>,
}

impl Say {
    /// Makes the announcement an answer, unless it is one: it says what a look-up has found.
    pub(crate) fn make_result(&mut self) {
        let then = self.then;
        self.answer.get_or_insert_with(|| Answer {
            question: String::new(),
            expires_ms: None,
            expired: then,
        });
    }
}

/// What makes an announcement a recorded answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The question it answers; empty where it says what a look-up has found.
    pub question: String,
    /// First moment at which it is no longer true, as Unix time in milliseconds.
    pub expires_ms: Option<i64>,
    /// Where calls go instead once it has expired.
    pub expired: Target,
}

/// An entry of several digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collect {
    /// The request.
    pub prompt: PromptId,
    /// Said before the request again, after a wrong entry.
    pub wrong: PromptId,
    /// Said before the request again, after silence.
    pub silent: PromptId,
    /// Other words on later tries.
    #[serde(default, skip_serializing_if = "Retry::is_empty")]
    pub retry: Retry,
    /// Fewest digits.
    pub min: u8,
    /// Most digits; with this many the entry is complete at once.
    pub max: u8,
    /// Ends a shorter entry.
    pub end_key: Option<Key>,
    /// Where the digits are kept.
    pub save: VariableId,
    /// What they must satisfy.
    pub check: Check,
    /// Reads them back; 1 keeps, 2 starts again.
    pub confirm: Option<PromptId>,
    /// Kept out of everything but look-ups.
    pub secret: bool,
    /// Global keys that work meanwhile: only `*` and `#`, for digits are data here.
    pub keys: KeyNodeId,
    /// Waiting times and tries.
    pub patience: Patience,
    /// Whether keys are taken while the request plays (they are kept if not).
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub barge_in: bool,
    /// With a good entry.
    pub go: Target,
    /// After the last try.
    pub give_up: Target,
}

/// What a plan of an older program means by saying nothing.
fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde wants it")]
fn is_yes(said: &bool) -> bool {
    *said
}

/// A branch on opening hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The hours.
    pub calendar: CalendarId,
    /// Inside them.
    pub open: Target,
    /// Outside them.
    pub closed: Target,
}

/// A hand-over to a number outside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transfer {
    /// Said before.
    pub prompt: Option<PromptId>,
    /// The number, or the entry that is one as it is written, `{extension}`.
    pub to: String,
    /// The entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<VariableId>,
    /// When the hand-over fails.
    pub failed: Target,
}

impl Transfer {
    /// The number as it is dialled, by the rules of the line and the entry of the call.
    pub fn number(&self, rules: &Dialling, entry: impl FnOnce(VariableId) -> Digits) -> String {
        match self.entry {
            Some(variable) => rules.number(&entry(variable)),
            None => self.to.clone(),
        }
    }
}

/// A step that acts for the agent whose phone calls. It waits for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// What it does.
    pub act: DutyAct,
    /// When it is done.
    pub then: Target,
    /// When the agent cannot do that now.
    pub refused: Target,
    /// When the phone is no agent's.
    pub stranger: Target,
}

/// What an agent does by phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DutyAct {
    /// Comes to work.
    SignIn,
    /// Can take calls, or is done with wrap-up: once this call has ended and the phone is free.
    Ready,
    /// Takes a break.
    Pause(Option<ReasonId>),
    /// Goes home.
    SignOut,
}

/// What is said at one point, in each language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// The step, or the house phrase: what recordings are named after.
    pub name: String,
    /// The words, by [`LanguageId`]; empty where a line does not speak the language.
    pub speech: Vec<Speech>,
}

/// A prompt in one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Speech {
    /// The transcript, in pieces.
    pub parts: Vec<Part>,
    /// How long it takes to say, without the pieces that are filled in.
    pub length: Span,
}

/// A piece of a transcript.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Fixed words.
    Text(String),
    /// An entry, digit by digit.
    Digits(VariableId),
    /// The place in the queue.
    Position,
    /// The expected wait, in words.
    Wait,
    /// The notice that operators have set.
    Notice,
    /// The caller's number, digit by digit.
    Caller,
    /// A value of a look-up, in this form.
    Value(VariableId, Form),
}

/// How a value is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// Digit by digit.
    Digits,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A number.
    Number,
    /// A sum; in the currency that is kept there, unless the value names its own.
    Money(Option<VariableId>),
    /// As it is.
    Text,
}

impl Dialplan {
    /// The step with this id.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.index()]
    }

    /// The line with this id.
    pub fn line(&self, id: LineId) -> &Line {
        &self.lines[id.index()]
    }

    /// The queue with this id.
    pub fn queue(&self, id: QueueId) -> &Queue {
        &self.queues[id.index()]
    }

    /// The T of a queue's service level.
    pub fn answer_within(&self, id: QueueId) -> Span {
        let queue = self.queue(id);
        let of_group = self.group(queue.group).answer_within;
        queue.answer_within.unwrap_or(of_group)
    }

    /// The group with this id.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.index()]
    }

    /// The agent with this id.
    pub fn agent(&self, id: AgentId) -> &Agent {
        &self.agents[id.index()]
    }

    /// The key node with this id.
    pub fn key_node(&self, id: KeyNodeId) -> &KeyNode {
        &self.key_nodes[id.index()]
    }

    /// Whether any step of a line says the notice that is set.
    pub fn says_notices(&self, id: LineId) -> bool {
        let mut steps = self.steps.iter().filter(|step| step.line == id);
        steps.any(|step| matches!(&step.kind, StepKind::Say(say) if say.when_notice))
    }

    /// Whether any line in force promises calls back.
    pub fn promises_calls_back(&self) -> bool {
        let mut steps = self
            .steps
            .iter()
            .filter(|step| !self.line(step.line).retired);
        steps.any(|step| matches!(step.kind, StepKind::Callback(_)))
    }

    /// The speech of a prompt in a language.
    pub fn speech(&self, prompt: PromptId, language: LanguageId) -> &Speech {
        &self.prompts[prompt.index()].speech[language.index()]
    }
}
