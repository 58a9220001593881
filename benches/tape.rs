//! Inputs prepared for an exchange: what a crowd of callers and its agents do, taken down once.
//!
//! Played to a second exchange of the same plan they bring the same effects, and whoever plays them
//! does nothing else: what is measured is the exchange alone.

use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::PlayId;
use strowger::exchange::id::StepId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::exchange::wheel::TimerId;
use strowger::exchange::wheel::Wheel;
use strowger::sim::distribution::Distribution;
use strowger::sim::stream::Purpose;
use strowger::sim::stream::Stream;
use strowger::sim::stream::Streams;

/// The first calls come within this time.
const BEGINNING: Span = Span::minutes(3);
const PICK_UP: Span = Span::seconds(3);
const TALK: Span = Span::minutes(3);
const PATIENCE: Span = Span::minutes(4);
const LISTENS: Span = Span::seconds(4);
const MESSAGE: Span = Span::seconds(20);
/// Of so many callers at a menu, one asks for a person.
const ONE_IN_PERSON: u64 = 12;

/// What somebody is about to do.
#[derive(Clone, Copy, Debug)]
enum Errand {
    Dial,
    Press(CallId, Key),
    PromptEnds(CallId, PlayId),
    HangUp(CallId),
    MessageEnds(CallId),
    PickUp(AgentId, OfferId),
}

/// What a caller is about to do.
#[derive(Clone, Copy, Debug, Default)]
struct Caller {
    heard_until: Tick,
    prompt: Option<TimerId>,
    key: Option<TimerId>,
    /// Loses patience, has said everything, or has left the message.
    end: Option<TimerId>,
}

/// The crowd around an exchange. As many callers as there are, each calls again when a call is over.
pub(crate) struct Crowd {
    exchange: Exchange,
    effects: Vec<Effect>,
    agenda: Wheel<Errand>,
    now: Tick,
    /// By the place of the call in the exchange.
    callers: Vec<Caller>,
    ringing: Vec<Option<TimerId>>,
    /// What can be pressed at each step, on the way to answers.
    keys: Vec<Vec<Key>>,
    stream: Stream,
    tape: Vec<(Tick, Input)>,
}

impl Crowd {
    /// So many callers, who are about to call the first line; all agents are at work.
    pub(crate) fn new(plan: &Arc<Dialplan>, origin_ms: i64, callers: u64) -> Self {
        let mut crowd = Self {
            exchange: Exchange::new(plan.clone(), origin_ms),
            effects: Vec::new(),
            agenda: Wheel::new(),
            now: Tick(0),
            callers: Vec::new(),
            ringing: vec![None; plan.agents.len()],
            keys: (0..plan.steps.len())
                .map(|step| keys_at(plan, StepId(step as u32)))
                .collect(),
            stream: Streams::new(1, 0).stream(Purpose::Wants, 0),
            tape: Vec::new(),
        };
        for agent in (0..plan.agents.len()).map(|place| AgentId(place as u32)) {
            crowd.say(Input::AgentSignedIn { agent });
            crowd.say(Input::AgentReady { agent });
        }
        for _ in 0..callers {
            let at = Tick(crowd.below(BEGINNING.0));
            crowd.agenda.schedule(at, Errand::Dial);
        }
        crowd
    }

    /// Takes down what happens until there are so many inputs.
    pub(crate) fn tape(mut self, inputs: usize) -> Vec<(Tick, Input)> {
        while self.tape.len() < inputs {
            let errand_at = self.agenda.first().expect("the crowd never rests");
            match self.exchange.next_deadline() {
                Some(deadline) if deadline <= errand_at => {
                    self.now = deadline;
                    self.exchange.wake(deadline, &mut self.effects);
                    self.react();
                }
                _ => {
                    let (at, errand) = self.agenda.pop().expect("an errand is due");
                    self.now = at;
                    self.run(errand);
                }
            }
        }
        self.tape
    }

    fn run(&mut self, errand: Errand) {
        match errand {
            Errand::Dial => self.say(Input::CallArrived {
                line: LineId(0),
                tag: 0,
                caller: 0,
                agent: None,
            }),
            Errand::Press(call, key) => {
                self.caller(call).key = None;
                self.say(Input::Key { call, key });
            }
            Errand::PromptEnds(call, play) => {
                self.caller(call).prompt = None;
                self.say(Input::PromptEnded { call, play });
            }
            Errand::HangUp(call) => {
                self.caller(call).end = None;
                self.say(Input::CallerHungUp { call });
            }
            Errand::MessageEnds(call) => {
                self.caller(call).end = None;
                self.say(Input::RecordingEnded { call, length: None });
            }
            Errand::PickUp(agent, offer) => {
                self.ringing[agent.index()] = None;
                self.say(Input::AgentAnswered { agent, offer });
            }
        }
    }

    fn say(&mut self, input: Input) {
        self.tape.push((self.now, input));
        self.exchange.handle(self.now, input, &mut self.effects);
        self.react();
    }

    fn react(&mut self) {
        let mut effects = std::mem::take(&mut self.effects);
        for effect in effects.drain(..) {
            match effect {
                Effect::Answer { call, .. } => {
                    let place = call.index as usize;
                    self.callers
                        .resize(self.callers.len().max(place + 1), Caller::default());
                    self.callers[place] = Caller::default();
                }
                Effect::Play {
                    call,
                    play,
                    step,
                    prompt,
                    language,
                } => {
                    let length = self.exchange.plan().speech(prompt, language).length;
                    self.hears(call, play, length);
                    self.chooses(call, step);
                }
                Effect::Stop { call } => {
                    let now = self.now;
                    let caller = self.caller(call);
                    caller.heard_until = now;
                    let timer = caller.prompt.take();
                    self.cancel(timer);
                }
                Effect::TakeMessage { call, .. } => self.ends(call, MESSAGE, Errand::MessageEnds),
                Effect::Ring { agent, offer, .. } => {
                    let timer = self.soon(PICK_UP, Errand::PickUp(agent, offer));
                    self.ringing[agent.index()] = Some(timer);
                }
                Effect::CancelRing { agent, .. } => {
                    let timer = self.ringing[agent.index()].take();
                    self.cancel(timer);
                }
                Effect::Connect { call, .. } => self.ends(call, TALK, Errand::HangUp),
                Effect::Record(record) => self.note(&record),
                Effect::Ignored(reason) => panic!("the crowd said what cannot be: {reason:?}"),
                _ => {}
            }
        }
        self.effects = effects;
    }

    fn note(&mut self, record: &Record) {
        match *record {
            // Whatever the caller was about to do, this is another place.
            Record::Entered { call, .. } => {
                let caller = self.caller(call);
                for timer in [caller.key.take(), caller.end.take()] {
                    self.cancel(timer);
                }
            }
            Record::Queued { call, .. } => self.ends(call, PATIENCE, Errand::HangUp),
            Record::Unqueued { call, .. } => {
                let timer = self.caller(call).end.take();
                self.cancel(timer);
            }
            Record::Ended { call, .. } => {
                let Caller {
                    prompt, key, end, ..
                } = *self.caller(call);
                for timer in [prompt, key, end] {
                    self.cancel(timer);
                }
                let pause = Span(self.below(10_000));
                self.soon(pause, Errand::Dial);
            }
            _ => {}
        }
    }

    fn hears(&mut self, call: CallId, play: PlayId, length: Span) {
        let now = self.now;
        let caller = self.caller(call);
        caller.heard_until = caller.heard_until.max(now) + length;
        let (until, before) = (caller.heard_until, caller.prompt.take());
        self.cancel(before);
        let timer = self.agenda.schedule(until, Errand::PromptEnds(call, play));
        self.caller(call).prompt = Some(timer);
    }

    /// At a menu the caller presses something, whatever it says.
    fn chooses(&mut self, call: CallId, step: StepId) {
        let keys = self.keys[step.index()].len() as u64;
        if keys == 0 || self.caller(call).key.is_some() {
            return;
        }
        let zero = Key::from_char('0').filter(|_| self.below(ONE_IN_PERSON) == 0);
        let place = self.below(keys) as usize;
        let key = zero.unwrap_or(self.keys[step.index()][place]);
        let listens = Distribution::exponential(LISTENS).sample(self.stream.unit());
        let timer = self.soon(listens, Errand::Press(call, key));
        self.caller(call).key = Some(timer);
    }

    /// In this time on average, and in the place of what would have been the end.
    fn ends(&mut self, call: CallId, mean: Span, errand: impl FnOnce(CallId) -> Errand) {
        let before = self.caller(call).end.take();
        self.cancel(before);
        let span = Distribution::exponential(mean).sample(self.stream.unit());
        let timer = self.soon(span, errand(call));
        self.caller(call).end = Some(timer);
    }

    fn caller(&mut self, call: CallId) -> &mut Caller {
        &mut self.callers[call.index as usize]
    }

    fn soon(&mut self, span: Span, errand: Errand) -> TimerId {
        self.agenda.schedule(self.now + span, errand)
    }

    fn cancel(&mut self, timer: Option<TimerId>) {
        if let Some(timer) = timer {
            self.agenda.cancel(timer);
        }
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.stream.unit() * limit as f64) as u64
    }
}

/// The keys of a menu from 1 to 9.
fn keys_at(plan: &Dialplan, step: StepId) -> Vec<Key> {
    let StepKind::Menu(menu) = &plan.step(step).kind else {
        return Vec::new();
    };
    let root = plan.key_node(menu.keys);
    ('1'..='9')
        .filter_map(Key::from_char)
        .filter(|key| root.next[key.index()].is_some())
        .collect()
}
