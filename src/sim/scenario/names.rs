//! The names a scenario may use: those of its dialplan, and of its own wants.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::GroupId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::sim::demand::Kind;

/// Looks names up.
#[derive(Clone, Copy)]
pub(crate) struct Names<'d> {
    pub(crate) dialplan: &'d Dialplan,
    /// In the order of the scenario.
    wants: &'d [&'d str],
}

impl<'d> Names<'d> {
    pub(crate) fn new(dialplan: &'d Dialplan) -> Self {
        let wants = &[];
        Self { dialplan, wants }
    }

    /// The same with the names of a scenario's wants.
    pub(crate) fn with_wants(self, wants: &'d [&'d str]) -> Self {
        Self { wants, ..self }
    }

    /// The callers who want what is called so.
    pub(crate) fn want(self, name: &str) -> Option<Kind> {
        let place = self.wants.iter().position(|want| *want == name)?;
        Some(Kind::new(place as u16, name))
    }

    pub(crate) fn wants(self) -> impl Iterator<Item = &'d str> + Clone {
        self.wants.iter().copied()
    }

    /// Whether callers have wants.
    pub(crate) fn has_wants(self) -> bool {
        !self.wants.is_empty()
    }

    pub(crate) fn line(self, name: &str) -> Option<LineId> {
        self.dialplan.line_named(name)
    }

    pub(crate) fn lines(self) -> impl Iterator<Item = &'d str> + Clone {
        self.dialplan.lines.iter().map(|line| line.name.as_str())
    }

    /// The line that begins in the queue with this name: a plain queue.
    pub(crate) fn line_of_plain_queue(self, name: &str) -> Option<LineId> {
        let place = self.dialplan.lines.iter().position(|line| {
            let step = self.dialplan.step(line.start);
            matches!(step.kind, StepKind::Queue(_)) && step.name == name
        })?;
        Some(LineId(place as u16))
    }

    pub(crate) fn group(self, name: &str) -> Option<GroupId> {
        let groups = &self.dialplan.groups;
        let place = groups.iter().position(|group| group.name == name)?;
        Some(GroupId(place as u16))
    }

    pub(crate) fn groups(self) -> impl Iterator<Item = &'d str> + Clone {
        self.dialplan.groups.iter().map(|group| group.name.as_str())
    }

    pub(crate) fn queue(self, name: &str) -> Option<QueueId> {
        let queues = &self.dialplan.queues;
        let place = queues.iter().position(|queue| queue.name == name)?;
        Some(QueueId(place as u16))
    }

    /// Whether any line promises calls back.
    pub(crate) fn offers_callbacks(self) -> bool {
        let mut steps = self.dialplan.steps.iter();
        steps.any(|step| matches!(step.kind, StepKind::Callback(_)))
    }

    /// The other queues of a queue's line.
    pub(crate) fn queues_beside(
        self,
        queue: QueueId,
    ) -> impl Iterator<Item = (QueueId, &'d str)> + Clone {
        let line = move |id: QueueId| self.dialplan.step(self.dialplan.queue(id).step).line;
        let queues = self.dialplan.queues.iter().enumerate();
        let queues = queues.map(|(place, queue)| (QueueId(place as u16), queue.name.as_str()));
        queues.filter(move |(id, _)| *id != queue && line(*id) == line(queue))
    }

    /// Whether any line has queues between which callers may be handed on.
    pub(crate) fn may_hand_on(self) -> bool {
        let all = 0..self.dialplan.queues.len();
        all.into_iter()
            .any(|place| self.queues_beside(QueueId(place as u16)).next().is_some())
    }

    /// The skills for which queues ask, each as often as it is asked for.
    pub(crate) fn skills(self) -> impl Iterator<Item = &'d str> + Clone {
        let asked = self.dialplan.lanes.iter().flat_map(|lane| &lane.skills);
        asked.map(|(name, _)| name.as_str())
    }

    /// Whether any queue asks its agents for skills.
    pub(crate) fn asks_for_skills(self) -> bool {
        self.skills().next().is_some()
    }

    pub(crate) fn queues(self) -> impl Iterator<Item = &'d str> + Clone {
        self.dialplan.queues.iter().map(|queue| queue.name.as_str())
    }

    pub(crate) fn step(self, name: &str) -> Option<StepId> {
        let steps = &self.dialplan.steps;
        let place = steps.iter().position(|step| step.name == name)?;
        Some(StepId(place as u32))
    }

    /// The names of the steps whose kind is wanted.
    pub(crate) fn steps(
        self,
        wanted: fn(&StepKind) -> bool,
    ) -> impl Iterator<Item = &'d str> + Clone {
        let steps = self.dialplan.steps.iter();
        steps
            .filter(move |step| wanted(&step.kind))
            .map(|step| step.name.as_str())
    }

    /// A language that some line speaks.
    pub(crate) fn language(self, tag: &str) -> Option<LanguageId> {
        let languages = &self.dialplan.languages;
        let id = LanguageId(languages.iter().position(|known| known == tag)? as u8);
        let spoken = |line: &crate::exchange::dialplan::Line| line.languages.contains(&id);
        self.dialplan.lines.iter().any(spoken).then_some(id)
    }

    pub(crate) fn languages(self) -> impl Iterator<Item = &'d str> + Clone {
        self.dialplan.languages.iter().map(String::as_str)
    }

    /// The language with which calls to the first line begin.
    pub(crate) fn first_language(self) -> (LanguageId, &'d str) {
        let first = self.dialplan.lines.first();
        let id = first.and_then(|line| line.languages.first().copied());
        let id = id.unwrap_or(LanguageId(0));
        let tag = self.dialplan.languages.get(id.index());
        (id, tag.map_or("", String::as_str))
    }
}
