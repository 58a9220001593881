//! One exchange, one call, and the bridge between them.

use super::story::Hearing;
use super::story::Story;
use super::words;
use crate::exchange::Exchange;
use crate::exchange::Switch;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Filling;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::LookupId;
use crate::exchange::id::OfferId;
use crate::exchange::id::PlayId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::input::Input;
use crate::exchange::key::Key;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::exchange::wheel::TimerId;
use crate::exchange::wheel::Wheel;
use crate::menu::call_test::Agents;
use crate::menu::call_test::Setting;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// The bridge's name for the call, and the caller's.
const CALLER: u64 = 1;

/// What the line does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Something is being said.
    Speaking,
    /// It waits for a key.
    Asking,
    /// It waits for a key, and silence is an answer.
    Confirming,
    /// It records what the caller says.
    Recording,
    /// The caller waits in a queue.
    InLine(QueueId),
    /// An agent's phone rings.
    Ringing(AgentId),
    /// The caller talks to an agent.
    Talking(AgentId),
    /// Another system has been asked.
    LookingUp(StepId),
    /// The call is being handed to a number outside.
    Transferring,
    /// The call is over.
    Over,
}

/// Something that will happen by itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Errand {
    PromptEnds(PlayId),
    PickUp(AgentId, OfferId),
    TransferEnds,
}

/// One call to one line.
#[derive(Debug)]
pub struct Rehearsal {
    pub(super) plan: Arc<Dialplan>,
    pub(super) exchange: Exchange,
    pub(super) setting: Setting,
    pub(super) zone: TimeZone,
    pub(super) line: LineId,
    pub(super) now: Tick,
    pub(super) agenda: Wheel<Errand>,
    pub(super) effects: Vec<Effect>,
    /// What has happened.
    pub story: Story,
    pub(super) call: Option<CallId>,
    /// The step that the call is at.
    pub(super) step: StepId,
    pub(super) playing: VecDeque<(PlayId, Span)>,
    pub(super) prompt_timer: Option<TimerId>,
    pub(super) filled: Vec<Filling>,
    pub(super) asked: Option<(LookupId, StepId)>,
    pub(super) values: BTreeMap<String, String>,
    /// The language of the last prompt.
    pub(super) spoken: LanguageId,
    pub(super) recording: bool,
    pub(super) queue: Option<QueueId>,
    pub(super) ringing: Vec<(AgentId, OfferId)>,
    pub(super) talking: Option<AgentId>,
    pub(super) over: bool,
    /// Keys that nothing has come of yet.
    pub(super) typed: Vec<Key>,
    /// How often the caller was given the word.
    pub(super) turns: u32,
    pub(super) heard_since: bool,
}

impl Rehearsal {
    /// Dials a line: the first of the plan.
    pub fn begin(plan: &Arc<Dialplan>, setting: &Setting) -> Self {
        let line = LineId(0);
        let plan = match setting.agents {
            Agents::Full => Arc::new(without_room(plan)),
            _ => plan.clone(),
        };
        let zone = TimeZone::get(&plan.line(line).timezone).unwrap_or(TimeZone::UTC);
        let at = setting.at.to_zoned(zone.clone());
        let origin = at.map_or(0, |at| at.timestamp().as_millisecond());
        let first = plan.line(line).languages[0];
        let mut rehearsal = Self {
            exchange: Exchange::new(plan.clone(), origin),
            step: plan.line(line).start,
            plan,
            setting: setting.clone(),
            zone,
            line,
            now: Tick(0),
            agenda: Wheel::new(),
            effects: Vec::new(),
            story: Story::default(),
            call: None,
            playing: VecDeque::new(),
            prompt_timer: None,
            filled: Vec::new(),
            asked: None,
            values: BTreeMap::new(),
            spoken: first,
            recording: false,
            queue: None,
            ringing: Vec::new(),
            talking: None,
            over: false,
            typed: Vec::new(),
            turns: 0,
            heard_since: false,
        };
        rehearsal.agents_come();
        if setting.notice.is_some() {
            rehearsal.handle(Input::Switched {
                line,
                what: Switch::Notice,
                until: Tick(u64::MAX),
            });
        }
        rehearsal.handle(Input::CallArrived {
            line,
            tag: CALLER,
            caller: if setting.withheld { 0 } else { CALLER },
            agent: setting.phone,
        });
        rehearsal
    }

    fn agents_come(&mut self) {
        let agents = (0..self.plan.agents.len()).map(|place| AgentId(place as u32));
        for agent in agents.collect::<Vec<_>>() {
            let signs_in = self.setting.agents != Agents::Nobody;
            let then = match self.setting.agents {
                Agents::Free => Some(Input::AgentReady { agent }),
                Agents::Paused => Some(Input::AgentPaused {
                    agent,
                    reason: None,
                }),
                Agents::Busy | Agents::Full | Agents::Nobody => None,
            };
            let first = signs_in.then_some(Input::AgentSignedIn { agent });
            for input in first.into_iter().chain(then) {
                self.handle(input);
            }
        }
    }

    /// Since the beginning.
    pub fn now(&self) -> Tick {
        self.now
    }

    /// What the line does.
    pub fn doing(&self) -> Doing {
        if self.over {
            return Doing::Over;
        }
        if let Some((_, step)) = self.asked {
            return Doing::LookingUp(step);
        }
        if let Some(agent) = self.talking {
            return Doing::Talking(agent);
        }
        if let Some((agent, _)) = self.ringing.first() {
            return Doing::Ringing(*agent);
        }
        match (&self.plan.step(self.step).kind, self.queue) {
            _ if self.recording => Doing::Recording,
            _ if !self.playing.is_empty() => Doing::Speaking,
            (_, Some(queue)) => Doing::InLine(queue),
            (
                StepKind::Menu(_)
                | StepKind::Collect(_)
                | StepKind::Directory(_)
                | StepKind::Survey(_),
                None,
            ) => Doing::Asking,
            (StepKind::Callback(callback), None) if callback.asks.is_some() => Doing::Confirming,
            (StepKind::Callback(_) | StepKind::Queue(_), None)
                if self.plan.recording_behind(self.step).is_some() =>
            {
                Doing::Confirming
            }
            (StepKind::Transfer(_), None) => Doing::Transferring,
            _ => Doing::Speaking,
        }
    }

    /// Whether the line waits for what the caller does.
    pub fn gives_the_word(&self) -> bool {
        match self.doing() {
            Doing::Asking | Doing::Confirming | Doing::Recording => true,
            Doing::InLine(queue) => {
                let keys = self.plan.queue(queue).keys;
                !self.plan.key_node(keys).is_leaf()
            }
            _ => false,
        }
    }

    /// How often the caller was given the word so far.
    pub fn turns(&self) -> u32 {
        self.turns
    }

    /// The step that the call is at.
    pub fn step(&self) -> StepId {
        self.step
    }

    /// The language that is spoken, or was spoken last.
    pub fn language(&self) -> LanguageId {
        let spoken = self.call.and_then(|call| self.exchange.language_of(call));
        spoken.unwrap_or(self.spoken)
    }

    /// Until when the line waits for a key, or for another system.
    pub fn waits_until(&self) -> Option<Tick> {
        let waits = matches!(
            self.doing(),
            Doing::Asking | Doing::Confirming | Doing::LookingUp(_)
        );
        self.exchange.next_deadline().filter(|_| waits)
    }

    /// What the call has saved so far, by name: entries, those of secrets masked, and what look-ups
    /// have found.
    pub fn saved(&self) -> Vec<(String, String)> {
        let names = self.plan.line(self.line).variables.iter().enumerate();
        let saved = names.map(|(place, name)| {
            let variable = VariableId(place as u8);
            let entry = self.call.map(|call| self.exchange.saved(call, variable));
            let digits = entry.unwrap_or_default();
            let text = match digits.is_empty() {
                true => self.values.get(name).cloned().unwrap_or_default(),
                false => words::masked(&self.plan, self.line, variable, &digits),
            };
            (name.clone(), text)
        });
        saved.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// When something happens next by itself; none once the call is over.
    pub fn next_change(&mut self) -> Option<Tick> {
        if self.over {
            return None;
        }
        let deadline = self.exchange.next_deadline();
        deadline.into_iter().chain(self.agenda.first()).min()
    }

    /// Lets time pass, with all that happens by itself.
    pub fn advance(&mut self, to: Tick) {
        while let Some(at) = self.next_change().filter(|at| *at <= to) {
            self.now = self.now.max(at);
            if self.exchange.next_deadline().is_some_and(|due| due <= at) {
                self.exchange.wake(self.now, &mut self.effects);
                self.react();
            } else if let Some((_, errand)) = self.agenda.pop_due(at) {
                self.run(errand);
            }
        }
        self.now = self.now.max(to);
    }

    fn run(&mut self, errand: Errand) {
        match errand {
            Errand::PromptEnds(play) => {
                self.prompt_timer = None;
                self.playing.pop_front();
                self.story.hears(play, Hearing::Whole);
                self.next_prompt();
                self.at_call(|call| Input::PromptEnded { call, play });
            }
            Errand::PickUp(agent, offer) => {
                if self.ringing.contains(&(agent, offer)) {
                    self.handle(Input::AgentAnswered { agent, offer });
                }
            }
            Errand::TransferEnds => {
                let fails = self.setting.transfer_fails;
                self.at_call(|call| match fails {
                    true => Input::TransferFailed { call },
                    false => Input::TransferDone { call },
                });
            }
        }
    }

    pub(super) fn at_call(&mut self, input: impl FnOnce(CallId) -> Input) {
        if let Some(call) = self.call {
            self.handle(input(call));
        }
    }

    pub(super) fn handle(&mut self, input: Input) {
        self.exchange.handle(self.now, input, &mut self.effects);
        self.react();
    }

    /// Carries out what the exchange asks for.
    pub(super) fn react(&mut self) {
        for effect in std::mem::take(&mut self.effects) {
            if self.is_ours(&effect) {
                self.carry_out(effect);
            }
        }
        if self.gives_the_word() && std::mem::take(&mut self.heard_since) {
            self.turns += 1;
        }
    }
}

/// The same plan in which callers wait only for who is free.
fn without_room(plan: &Dialplan) -> Dialplan {
    let mut plan = plan.clone();
    for group in &mut plan.groups {
        group.max_waiting = Some(0);
    }
    plan
}
