//! Queues: where calls wait for agents, and what callers hear meanwhile.

use super::Overload;
use super::Recording;
use super::Target;
use crate::exchange::id::CalendarId;
use crate::exchange::id::GroupId;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::PromptId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// A queue step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// The step's name.
    pub name: String,
    /// The step.
    pub step: StepId,
    /// Who answers.
    pub group: GroupId,
    /// The lane of each language of the dialplan, by [`LanguageId`].
    pub lanes: Vec<LaneId>,
    /// What is asked for after a while, in the order of time: each time of more agents.
    pub stages: Vec<Stage>,
    /// Opening hours, and where calls go outside them.
    pub hours: Option<(CalendarId, Target)>,
    /// The longest wait.
    pub max_wait: Option<Span>,
    /// When it is over.
    pub timeout: Target,
    /// When there is no room to wait.
    pub full: Target,
    /// When nobody signed in could take the call.
    pub no_agents: Target,
    /// When everybody who could is on a break; none means: wait.
    pub all_paused: Option<Target>,
    /// When the agent hangs up first; none means the end.
    pub after: Option<Target>,
    /// Priority: the caller counts as having come this much earlier.
    pub head_start: Span,
    /// Strict precedence over everybody who is not an emergency.
    pub emergency: bool,
    /// Strict precedence over lighter queues (Asterisk's queue weight); 0 unless set.
    pub weight: u16,
    /// For how long the place of a caller who hangs up in line is kept; none: not at all.
    pub returning: Option<Span>,
    /// What happens when the wait to expect is long.
    pub overload: Option<Overload>,
    /// How long a caller waits for the agent of the last call; none: not at all.
    pub prefer_last: Option<Span>,
    /// Said once when the wait begins.
    pub greeting: Option<PromptId>,
    /// Said while waiting.
    pub announce: Option<Announce>,
    /// Said with these, one each time, the first again after the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<PromptId>,
    /// Keys that work while waiting.
    pub keys: KeyNodeId,
    /// Music file.
    pub music: String,
    /// Whether conversations are recorded; none: they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
    /// The T of its service level, where a goal has one of its own; none: the group's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_within: Option<Span>,
    /// The same queue in the earliest menus that calls still follow; none: this is it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<QueueId>,
}

impl Queue {
    /// The lane of a stage: 0 before any, then those of the list.
    pub fn lane_at(&self, stage: u8, language: LanguageId) -> LaneId {
        let lanes = match stage {
            0 => &self.lanes,
            later => &self.stages[usize::from(later) - 1].lanes,
        };
        lanes[language.index()]
    }

    /// A language whose callers wait in this lane at some stage; none if nobody's do.
    pub fn language_in(&self, lane: LaneId) -> Option<LanguageId> {
        let stages = self.stages.iter().map(|stage| &stage.lanes);
        let mut lists = std::iter::once(&self.lanes).chain(stages);
        let place = lists.find_map(|lanes| lanes.iter().position(|other| *other == lane))?;
        Some(LanguageId(place as u8))
    }

    /// The lane of the last stage: of all agents who may ever take the call.
    pub fn last_lane(&self, language: LanguageId) -> LaneId {
        self.lane_at(self.stages.len() as u8, language)
    }
}

/// What a queue asks for once a caller has waited for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// From the start of the wait.
    pub after: Span,
    /// The lane of each language of the dialplan, by [`LanguageId`]; its agents are at least those
    /// of the stage before.
    pub lanes: Vec<LaneId>,
}

/// Announcements to waiting callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announce {
    /// From the start of the wait to the first.
    pub first: Span,
    /// From each to the next.
    pub every: Span,
    /// "You are number {position}."
    pub position: Option<PromptId>,
    /// "The wait is about {wait}."
    pub wait: Option<WaitPrompts>,
    /// The keys of the queue.
    pub options: Option<PromptId>,
}

/// How an expected wait is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitPrompts {
    /// "about {wait}".
    pub about: PromptId,
    /// "more than {wait}".
    pub more_than: PromptId,
}
