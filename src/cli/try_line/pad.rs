//! The dial pad: a call, and the person who plays it.

use super::tape::Tape;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::call_test::Keys;
use crate::menu::call_test::Press;
use crate::menu::call_test::Replies;
use crate::menu::call_test::Reply;
use crate::menu::call_test::Script;
use crate::menu::call_test::key_with;
use crate::menu::call_test::names_of;
use crate::rehearse::Doing;
use crate::rehearse::Played;
use crate::rehearse::Rehearsal;
use crate::rehearse::What;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many times faster than in life.
const SPEEDS: [u32; 4] = [1, 4, 16, 64];
/// The longest answer that is typed, in characters.
const ANSWER_MAX: usize = 300;

/// A call in progress.
#[derive(Debug)]
pub(super) struct Pad {
    pub(super) plan: Arc<Dialplan>,
    pub(super) script: Script,
    pub(super) rehearsal: Rehearsal,
    /// The answer that is being typed, when a look-up is asked of which no flag says what it finds.
    pub(super) answer: Option<String>,
    /// What is to be said about the last deed.
    pub(super) complaint: Option<String>,
    tape: Tape,
    /// What look-ups were answered, in turn.
    given: BTreeMap<StepId, Vec<Reply>>,
    hung_up: Option<Tick>,
    agent_came: bool,
    speed: usize,
}

impl Pad {
    pub(super) fn new(plan: Arc<Dialplan>, script: Script) -> Self {
        let mut pad = Self {
            rehearsal: Rehearsal::begin(&plan, &script.setting),
            plan,
            script,
            answer: None,
            complaint: None,
            tape: Tape::default(),
            given: BTreeMap::new(),
            hung_up: None,
            agent_came: false,
            speed: 0,
        };
        pad.settles();
        pad
    }

    /// Calls again, in the same circumstances.
    pub(super) fn again(&mut self) {
        let speed = self.speed;
        *self = Self::new(self.plan.clone(), self.script.clone());
        self.speed = speed;
    }

    pub(super) fn speed(&self) -> u32 {
        SPEEDS[self.speed]
    }

    pub(super) fn faster(&mut self) {
        self.speed = (self.speed + 1).min(SPEEDS.len() - 1);
    }

    pub(super) fn slower(&mut self) {
        self.speed = self.speed.saturating_sub(1);
    }

    /// So much time has passed for the person. It stands still for the call while an answer is typed.
    pub(super) fn pass(&mut self, real: Span) {
        let end = self.rehearsal.now() + Span(real.0 * u64::from(self.speed()));
        while self.answer.is_none() {
            let Some(at) = self.rehearsal.next_change().filter(|at| *at <= end) else {
                self.rehearsal.advance(end);
                return;
            };
            self.rehearsal.advance(at);
            self.settles();
        }
    }

    /// A key of the telephone, or a capital letter on it; others are none.
    pub(super) fn press(&mut self, key: char) {
        let Some(key) = key_with(key) else {
            return;
        };
        if self.rehearsal.doing() == Doing::Over {
            self.complaint = Some("the call is over: r calls again".to_owned());
            return;
        }
        let press = Press::Key(key);
        let (turns, word) = (self.rehearsal.turns(), self.rehearsal.gives_the_word());
        self.rehearsal.press(press);
        let shown = match self.rehearsal.last_key_shown() {
            true => press,
            false => Press::Hidden,
        };
        self.tape.press(shown, turns, word);
        self.settles();
    }

    pub(super) fn hang_up(&mut self) {
        if self.rehearsal.doing() != Doing::Over {
            self.hung_up = Some(self.rehearsal.now());
            self.answer = None;
            self.rehearsal.hang_up();
        }
    }

    /// An agent answers, or ends the talk.
    pub(super) fn agent(&mut self) {
        match self.rehearsal.doing() {
            Doing::Talking(_) => {
                self.rehearsal.agent_hangs_up();
                if self.rehearsal.doing() != Doing::Over {
                    self.tape.agent_leaves();
                }
            }
            Doing::InLine(_) | Doing::Ringing(_) | Doing::Speaking => {
                self.agent_came = self.rehearsal.agent_answers();
                if !self.agent_came {
                    self.complaint = Some("no agent can take this call now".to_owned());
                }
            }
            _ => self.complaint = Some("nobody waits for an agent now".to_owned()),
        }
        self.settles();
    }

    /// Types at the answer of a look-up.
    pub(super) fn type_answer(&mut self, c: char) {
        if let Some(answer) = &mut self.answer
            && answer.chars().count() < ANSWER_MAX
            && !c.is_control()
        {
            answer.push(c);
        }
    }

    pub(super) fn erase(&mut self) {
        if let Some(answer) = &mut self.answer {
            answer.pop();
        }
    }

    /// The answer is typed.
    pub(super) fn give_answer(&mut self) {
        let Doing::LookingUp(step) = self.rehearsal.doing() else {
            return;
        };
        let typed = self.answer.clone().unwrap_or_default();
        match Reply::parse(&typed, &names_of(&self.plan, step)) {
            Ok(reply) => {
                self.answer = None;
                self.give(step, reply);
                self.settles();
            }
            Err(wrong) => self.complaint = Some(wrong),
        }
    }

    fn give(&mut self, step: StepId, reply: Reply) {
        self.complaint = None;
        self.rehearsal.reply(&reply);
        self.given.entry(step).or_default().push(reply);
    }

    /// Answers a look-up as the flags say, or has the person asked.
    fn settles(&mut self) {
        while let Doing::LookingUp(step) = self.rehearsal.doing() {
            let nth = self.given.get(&step).map_or(0, Vec::len);
            let replies = self.script.replies.get(&step);
            match replies.and_then(|replies| replies.nth(nth)).cloned() {
                Some(reply) => self.give(step, reply),
                None => {
                    self.answer.get_or_insert_default();
                    return;
                }
            }
        }
    }

    /// The call as the script of a call test.
    pub(super) fn recorded(&self) -> Script {
        let hung_up = self.hung_up.is_some() || self.rehearsal.doing() != Doing::Over;
        let keys = self.tape.keys(self.rehearsal.turns(), hung_up);
        let mut setting = self.script.setting.clone();
        if self.agent_came {
            setting.agents = crate::menu::call_test::Agents::Free;
        }
        let replies = self.given.iter().map(|(step, replies)| {
            let replies = match replies.as_slice() {
                [reply] => Replies::Always(reply.clone()),
                several => Replies::InTurn(several.to_vec()),
            };
            (*step, replies)
        });
        Script {
            setting,
            hangs_up: self.leaves(&keys),
            keys,
            replies: replies.collect(),
        }
    }

    /// Whether the script leads where the call went; whoever hung up while something was said would
    /// hear it to its end.
    pub(super) fn is_like(&self, played: &Played) -> bool {
        let (live, again) = (self.rehearsal.story.path(), played.story.path());
        match self.hung_up.is_some() || self.rehearsal.doing() != Doing::Over {
            true => again.starts_with(&live),
            false => again == live,
        }
    }

    /// When a caller leaves who would not at the end of the keys: in silence, or in a queue.
    fn leaves(&self, keys: &Keys) -> Option<Span> {
        let now = self.hung_up.unwrap_or_else(|| self.rehearsal.now());
        let over = self.hung_up.is_none() && self.rehearsal.doing() == Doing::Over;
        let lines = &self.rehearsal.story.lines;
        let waits = lines.iter().rev().find_map(|(_, what)| match what {
            What::Waits(_) => Some(true),
            What::Connected(_) | What::Entered { .. } => Some(false),
            _ => None,
        });
        let leaves = !over && (keys.is_silent() || waits == Some(true));
        leaves.then(|| Span(now.0.max(1)))
    }
}
