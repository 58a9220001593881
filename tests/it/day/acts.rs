//! One small act of a random day, and what it comes to where it happens.

use super::Chance;
use crate::ledger::Books;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::PlayId;
use strowger::exchange::id::QueueId;
use strowger::exchange::input::Groups;
use strowger::exchange::input::Input;
use strowger::exchange::input::Transferee;
use strowger::exchange::key::Key;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

/// What is done (by its place in [`DEEDS`]), to whom, with what, and after how long: numbers that
/// mean something only where the act happens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Act(pub(crate) u8, pub(crate) u8, pub(crate) u8, pub(crate) u16);

impl std::fmt::Debug for Act {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(deed, who, what, wait) = self;
        write!(formatter, "Act({deed}, {who}, {what}, {wait})")
    }
}

/// Something that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Dial,
    Press,
    HearOut,
    HangUp,
    /// At the worst moment: while the phone rings.
    HangUpRinging,
    LeaveByKey,
    Answer,
    AnswerStale,
    Decline,
    EndTalk,
    SignIn,
    Ready,
    SignOut,
    Pause,
    Extend,
    HandToQueue,
    HandToAgent,
    Move,
    LosePhone,
    FindPhone,
    LoseBridge,
    FindBridge,
    /// Hours or days pass first.
    Night,
    InviteFromQueue,
    InviteAgent,
    Withdraw,
}

/// Every deed, and how often it is drawn.
const DEEDS: [(u64, Deed); 26] = [
    (24, Deed::Dial),
    (26, Deed::Press),
    (4, Deed::HearOut),
    (4, Deed::HangUp),
    (2, Deed::HangUpRinging),
    (3, Deed::LeaveByKey),
    (15, Deed::Answer),
    (1, Deed::AnswerStale),
    (3, Deed::Decline),
    (8, Deed::EndTalk),
    (4, Deed::SignIn),
    (6, Deed::Ready),
    (1, Deed::SignOut),
    (2, Deed::Pause),
    // A plain site knows the deeds up to here.
    (2, Deed::Extend),
    (2, Deed::HandToQueue),
    (3, Deed::HandToAgent),
    (2, Deed::Move),
    (1, Deed::LosePhone),
    (2, Deed::FindPhone),
    (2, Deed::LoseBridge),
    (3, Deed::FindBridge),
    (1, Deed::Night),
    (3, Deed::InviteFromQueue),
    (3, Deed::InviteAgent),
    (1, Deed::Withdraw),
];
const PLAIN: usize = 14;

/// How often each deed is done on a day of its own kind: days on which some things happen all the
/// time and others never see more than days on which everything happens now and then.
pub(super) struct Mood([u64; DEEDS.len()]);

impl Mood {
    pub(super) fn drawn(chance: &mut Chance) -> Self {
        let mut mood = DEEDS.map(|(often, _)| often);
        for (often, (_, deed)) in mood.iter_mut().zip(DEEDS) {
            let needed = matches!(
                deed,
                Deed::Dial | Deed::Press | Deed::SignIn | Deed::Ready | Deed::Answer
            );
            *often *= match chance.below(6) {
                0 | 1 if !needed => 0,
                5 if !needed => 5,
                _ => 1,
            };
        }
        Self(mood)
    }

    pub(super) fn act(&self, chance: &mut Chance) -> Act {
        Act::of(&self.0, chance)
    }
}

/// Callers, each of whom may call again.
const CALLERS: u64 = 12;

impl Act {
    pub(crate) fn drawn(chance: &mut Chance) -> Self {
        Self::of(&DEEDS.map(|(often, _)| often), chance)
    }

    /// An act as a plain site sees it.
    pub(super) fn plain(chance: &mut Chance) -> Self {
        Self::of(&DEEDS.map(|(often, _)| often)[..PLAIN], chance)
    }

    fn of(deeds: &[u64], chance: &mut Chance) -> Self {
        let mut lot = chance.below(deeds.iter().sum());
        let drawn = deeds.iter().position(|often| {
            let hit = lot < *often;
            lot = lot.saturating_sub(*often);
            hit
        });
        let deed = drawn.expect("lots are below the sum") as u8;
        let bits = chance.next();
        Self(deed, bits as u8, (bits >> 8) as u8, (bits >> 16) as u16)
    }

    fn deed(self) -> Deed {
        DEEDS[usize::from(self.0) % DEEDS.len()].1
    }

    /// When it happens: mostly soon, and often at the very tick of a deadline, which fires first.
    pub(super) fn when(self, now: Tick, deadline: Option<Tick>) -> Tick {
        let part = u64::from(self.3 / 16);
        let span = match self.3 % 16 {
            0..6 => 0,
            6..10 => part % 1500,
            10..13 => part * 3,
            13 => part * 15,
            _ => {
                let due = deadline.unwrap_or(now).max(now);
                return if self.3 % 16 == 14 {
                    due
                } else {
                    due.min(now + Span(part))
                };
            }
        };
        let night = match self.deed() {
            Deed::Night => u64::from(self.2) * 20 * 60_000,
            _ => 0,
        };
        now + Span(span + night)
    }

    /// What it comes to: mostly something that makes sense.
    pub(super) fn input(self, books: &Books, dialled: u64) -> Input {
        let Self(_, who, what, _) = self;
        let any = AgentId(u32::from(who) * books.agents.len() as u32 / 256);
        let agent_who = |states: &[AgentState]| {
            let they: Vec<AgentId> = states
                .iter()
                .flat_map(|state| books.agents_who(*state))
                .collect();
            one_of(&they, who).unwrap_or(any)
        };
        let calls = || books.calls.keys().copied();
        let call_of = |some: Vec<CallId>| {
            let all: Vec<CallId> = calls().collect();
            one_of(&some, who).or_else(|| one_of(&all, who))
        };
        let dial = Input::CallArrived {
            line: LineId(u16::from(who == 77)),
            tag: dialled,
            caller: u64::from(what) % CALLERS,
            agent: None,
        };
        let open: Vec<(AgentId, OfferId)> = books.open_offers().collect();
        let of_call =
            |some: Vec<CallId>, input: &dyn Fn(CallId) -> Input| call_of(some).map_or(dial, input);
        let queue = Transferee::Queue(QueueId(u16::from(what % 4)));
        let colleague = AgentId(u32::from(what) * books.agents.len() as u32 / 256);
        let colleague = Transferee::Agent(colleague);
        match self.deed() {
            Deed::Dial => dial,
            Deed::Press => of_call(books.in_menu().collect(), &|call| {
                let key = char::from(b"1234567890*#"[usize::from(what) % 9]);
                let key = Key::from_char(key).expect("a key");
                Input::Key { call, key }
            }),
            Deed::HearOut => of_call(calls().collect(), &|call| {
                let play = books.calls[&call].playing.unwrap_or(PlayId(7));
                Input::PromptEnded { call, play }
            }),
            Deed::HangUp => of_call(calls().collect(), &|call| Input::CallerHungUp { call }),
            Deed::HangUpRinging => {
                of_call(books.rung().collect(), &|call| Input::CallerHungUp { call })
            }
            Deed::LeaveByKey => of_call(books.waiting().collect(), &|call| {
                let key = Key::from_char('9').expect("a key");
                Input::Key { call, key }
            }),
            Deed::Answer => match one_of(&open, who) {
                Some((agent, offer)) => Input::AgentAnswered { agent, offer },
                None => Input::AgentReady { agent: any },
            },
            Deed::AnswerStale => Input::AgentAnswered {
                agent: any,
                offer: OfferId(u64::from(what) % 20),
            },
            Deed::Decline => match one_of(&open, who) {
                Some((agent, offer)) => Input::AgentDeclined { agent, offer },
                None => Input::AgentSignedIn { agent: any },
            },
            Deed::EndTalk => Input::AgentHungUp {
                agent: agent_who(&[AgentState::Talking]),
            },
            Deed::SignIn | Deed::Night => Input::AgentSignedIn {
                agent: agent_who(&[AgentState::SignedOut]),
            },
            Deed::Ready => Input::AgentReady {
                agent: agent_who(&[AgentState::NotReady, AgentState::Paused]),
            },
            Deed::SignOut => Input::AgentSignedOut { agent: any },
            Deed::Pause => Input::AgentPaused {
                agent: any,
                reason: None,
            },
            Deed::Extend => Input::AgentExtended {
                agent: agent_who(&[AgentState::WrapUp]),
            },
            Deed::HandToQueue => Input::AgentTransferred {
                agent: agent_who(&[AgentState::Talking]),
                to: queue,
            },
            Deed::HandToAgent => Input::AgentTransferred {
                agent: agent_who(&[AgentState::Talking]),
                to: colleague,
            },
            Deed::InviteFromQueue => Input::ColleagueInvited {
                agent: agent_who(&[AgentState::Talking]),
                to: queue,
            },
            Deed::InviteAgent => Input::ColleagueInvited {
                agent: agent_who(&[AgentState::Talking]),
                to: colleague,
            },
            Deed::Withdraw => Input::InvitationWithdrawn {
                agent: agent_who(&[AgentState::Talking]),
            },
            Deed::Move => {
                let lists: [&[u16]; 3] = [&[0], &[1], &[0, 1]];
                let groups = lists[usize::from(what) % 3]
                    .iter()
                    .map(|group| GroupId(*group));
                let groups = Groups::new(groups).expect("one or two groups");
                Input::AgentMoved { agent: any, groups }
            }
            Deed::LosePhone => Input::AgentUnreachable { agent: any },
            Deed::FindPhone => Input::AgentReachable {
                agent: one_of(&books.unreachable(), who).unwrap_or(any),
            },
            Deed::LoseBridge => of_call(books.with_people().collect(), &|call| Input::CallAdrift {
                call,
                patience: Span(u64::from(what) * 200),
            }),
            Deed::FindBridge => of_call(books.adrift().collect(), &|call| Input::CallBack {
                call,
                afresh: what.is_multiple_of(2),
            }),
        }
    }
}

/// The one that lies so far down the list: mostly the same when others leave it.
fn one_of<T: Copy>(list: &[T], which: u8) -> Option<T> {
    list.get(list.len() * usize::from(which) / 256).copied()
}
