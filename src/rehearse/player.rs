//! A caller who keeps to a script.
//!
//! The caller does the next thing of the script each time the line waits for the caller: for a key, at
//! the tone, in a queue that has keys. Whoever has used up all keys hangs up when asked for more;
//! whoever never had any stays silent until the line lets them go.

use super::rehearsal::Doing;
use super::rehearsal::Rehearsal;
use super::story::Story;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LanguageId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::menu::call_test::Group;
use crate::menu::call_test::Keys;
use crate::menu::call_test::Press;
use crate::menu::call_test::Script;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long the caller speaks after the tone.
const MESSAGE: Span = Span::seconds(10);
/// How long caller and agent talk.
const TALK: Span = Span::seconds(60);
/// Every call ends at its longest length, long before so many things have happened.
const MOVES_MAX: u32 = 10_000_000;

/// A call that was played to its end.
#[derive(Clone, Debug)]
pub struct Played {
    /// What has happened.
    pub story: Story,
    /// The language that was spoken at the end.
    pub language: LanguageId,
    /// The keys that were not pressed.
    pub left: Keys,
    /// The look-up of which the script does not say what it finds, and how often it had been asked
    /// before: the call was broken off there.
    pub unanswered: Option<(StepId, usize)>,
}

/// Plays a call to the line of a plan.
pub fn play(plan: &Arc<Dialplan>, script: &Script) -> Played {
    let mut player = Player {
        rehearsal: Rehearsal::begin(plan, &script.setting),
        script,
        left: script.keys.clone(),
        turns: 0,
        asked: BTreeMap::new(),
        unanswered: None,
    };
    player.left.groups.reverse();
    for _ in 0..MOVES_MAX {
        if !player.goes_on() {
            break;
        }
    }
    assert_eq!(player.rehearsal.doing(), Doing::Over, "a call ends");
    player.left.groups.reverse();
    Played {
        language: player.rehearsal.language(),
        story: player.rehearsal.story,
        left: player.left,
        unanswered: player.unanswered,
    }
}

struct Player<'s> {
    rehearsal: Rehearsal,
    script: &'s Script,
    /// The last group comes first.
    left: Keys,
    /// The times that the caller was given the word, and has taken it.
    turns: u32,
    asked: BTreeMap<StepId, usize>,
    unanswered: Option<(StepId, usize)>,
}

impl Player<'_> {
    /// The next thing that happens; false when it is over.
    fn goes_on(&mut self) -> bool {
        match self.rehearsal.doing() {
            Doing::Over => return false,
            Doing::LookingUp(step) => self.is_asked(step),
            Doing::Talking(_) => self.talks(),
            _ if self.rehearsal.gives_the_word() && self.rehearsal.turns() > self.turns => {
                self.turns = self.rehearsal.turns();
                self.takes_the_word();
            }
            _ => match self.rehearsal.next_change() {
                Some(at) => self.waits_until(at),
                None => self.rehearsal.hang_up(),
            },
        }
        true
    }

    /// Lets time pass, unless the caller hangs up before.
    fn waits_until(&mut self, at: Tick) {
        let leaves = self.script.hangs_up.map(|span| Tick(0) + span);
        match leaves.filter(|leaves| *leaves <= at) {
            Some(leaves) => {
                self.rehearsal.advance(leaves);
                self.rehearsal.hang_up();
            }
            None => self.rehearsal.advance(at),
        }
    }

    fn waits(&mut self, span: Span) {
        self.waits_until(self.rehearsal.now() + span);
    }

    fn is_asked(&mut self, step: StepId) {
        let asked = self.asked.entry(step).or_default();
        let nth = *asked;
        *asked += 1;
        let replies = self.script.replies.get(&step);
        match replies.and_then(|replies| replies.nth(nth)) {
            Some(reply) => self.rehearsal.reply(reply),
            None => {
                self.unanswered = Some((step, nth));
                self.rehearsal.hang_up();
            }
        }
    }

    fn talks(&mut self) {
        self.waits(TALK);
        if let Doing::Talking(_) = self.rehearsal.doing() {
            match self.left.is_silent() {
                true => self.rehearsal.hang_up(),
                // The keys that are left are for what comes after the talk.
                false => self.rehearsal.agent_hangs_up(),
            }
        }
    }

    fn takes_the_word(&mut self) {
        let doing = self.rehearsal.doing();
        if doing == Doing::Recording {
            self.waits(MESSAGE);
            if self.rehearsal.doing() != Doing::Recording {
                return;
            }
        }
        match (self.left.groups.pop(), doing) {
            (Some(Group::Presses(presses)), _) => self.press(presses),
            (Some(Group::Silence), _) => {}
            (None, Doing::Recording) => self.rehearsal.hang_up(),
            (None, Doing::Asking) if !self.script.keys.is_silent() => self.rehearsal.hang_up(),
            (None, _) => {}
        }
    }

    fn press(&mut self, presses: Vec<Press>) {
        for (place, press) in presses.iter().enumerate() {
            if self.rehearsal.doing() == Doing::Over {
                let rest = presses[place..].to_vec();
                self.left.groups.push(Group::Presses(rest));
                return;
            }
            self.rehearsal.press(*press);
        }
    }
}
