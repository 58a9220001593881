//! The names a scenario may use: those of its dialplan, and of its own wants.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::StepNames;
use crate::exchange::id::GroupId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fnv::Fnv;
use crate::menu::several_lines;
use crate::menu::tree::Name;
use crate::sim::demand::Kind;

/// Looks names up. Where several lines have a step of one name, it is meant with its line: `shop/support`.
#[derive(Clone, Copy)]
pub(crate) struct Names<'d> {
    pub(crate) dialplan: &'d Dialplan,
    steps: &'d StepNames<'d>,
    /// Whether the scenario names several lines.
    several_lines: bool,
    /// In the order of the scenario.
    wants: &'d [&'d str],
}

impl<'d> Names<'d> {
    pub(crate) fn new(dialplan: &'d Dialplan, steps: &'d StepNames<'d>) -> Self {
        Self {
            dialplan,
            steps,
            several_lines: false,
            wants: &[],
        }
    }

    /// The same with the names of a scenario's wants.
    pub(crate) fn with_wants(self, wants: &'d [&'d str]) -> Self {
        Self { wants, ..self }
    }

    /// The same for a scenario that names so many lines.
    pub(crate) fn with_lines(self, count: usize) -> Self {
        let several_lines = count > 1;
        Self {
            several_lines,
            ..self
        }
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

    /// Whether the scenario names several of them.
    pub(crate) fn has_several_lines(self) -> bool {
        self.several_lines
    }

    /// What the calls of a line are called among all random streams. Those of the first are called as they
    /// would be without the others; those of the others by their names, in whatever order they come.
    pub(crate) fn stream_of(self, line: LineId) -> u64 {
        match line {
            LineId(0) => 0,
            line => Fnv::of_bytes(self.dialplan.line(line).name.as_bytes()),
        }
    }

    /// The lines that begin in the queue with this name: a plain queue.
    pub(crate) fn lines_of_plain_queue(self, name: &str) -> Vec<LineId> {
        let queues = self.steps.meant(name, is_queue);
        let steps = queues.map(|step| (step, self.dialplan.step(step).line));
        let begins = steps.filter(|(step, line)| self.dialplan.line(*line).start == *step);
        begins.map(|(_, line)| line).collect()
    }

    pub(crate) fn group(self, name: &str) -> Option<GroupId> {
        let groups = &self.dialplan.groups;
        let place = groups.iter().position(|group| group.name == name)?;
        Some(GroupId(place as u16))
    }

    pub(crate) fn groups(self) -> impl Iterator<Item = &'d str> + Clone {
        self.dialplan.groups.iter().map(|group| group.name.as_str())
    }

    /// The queue that is called so.
    pub(crate) fn queue(self, name: &str) -> Option<QueueId> {
        let step = self.step(name, is_queue)?;
        match self.dialplan.step(step).kind {
            StepKind::Queue(queue) => Some(queue),
            _ => None,
        }
    }

    /// What a queue is called.
    pub(crate) fn of_queue(self, queue: QueueId) -> &'d str {
        self.steps.of_queue(queue)
    }

    /// What a step is called.
    pub(crate) fn of_step(self, step: StepId) -> &'d str {
        self.steps.of(step)
    }

    /// Whether any line promises calls back.
    pub(crate) fn offers_callbacks(self) -> bool {
        let mut steps = self.dialplan.steps.iter();
        steps.any(|step| matches!(step.kind, StepKind::Callback(_)))
    }

    /// The other queues of a queue's line.
    pub(crate) fn queues_beside(self, queue: QueueId) -> impl Iterator<Item = QueueId> + Clone {
        let line = move |id: QueueId| self.dialplan.step(self.dialplan.queue(id).step).line;
        let queues = (0..self.dialplan.queues.len()).map(|place| QueueId(place as u16));
        queues.filter(move |id| *id != queue && line(*id) == line(queue))
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
        self.steps.all(is_queue)
    }

    /// The step of such a kind that is called so. None where there is none, or several lines have one.
    pub(crate) fn step(self, name: &str, kind: fn(&StepKind) -> bool) -> Option<StepId> {
        let mut meant = self.steps.meant(name, kind);
        meant.next().filter(|_| meant.next().is_none())
    }

    /// Whether any step is called so.
    pub(crate) fn has_step(self, name: &str) -> bool {
        self.steps.meant(name, |_| true).next().is_some()
    }

    /// The names of the steps whose kind is wanted.
    pub(crate) fn steps(
        self,
        kind: fn(&StepKind) -> bool,
    ) -> impl Iterator<Item = &'d str> + Clone {
        self.steps.all(kind)
    }

    /// What is wrong with a name that several lines have, and what to do; none where one has it at most.
    pub(crate) fn several(
        self,
        name: &str,
        kind: fn(&StepKind) -> bool,
    ) -> Option<(String, String)> {
        let meant: Vec<StepId> = self.steps.meant(name, kind).collect();
        let [first, .., last] = meant[..] else {
            return None;
        };
        let line = |step: StepId| {
            self.dialplan
                .line(self.dialplan.step(step).line)
                .name
                .as_str()
        };
        let lines: Vec<&str> = meant.iter().map(|step| line(*step)).collect();
        let ends = [first, last].map(|step| self.steps.with_line(step));
        Some(several_lines(name, &lines, &ends))
    }

    /// The same as a diagnostic, or else this one.
    pub(crate) fn several_or(
        self,
        name: &Name,
        kind: fn(&StepKind) -> bool,
        unknown: impl FnOnce() -> Diagnostic,
    ) -> Diagnostic {
        match self.several(&name.text, kind) {
            Some((message, help)) => {
                Diagnostic::error("ambiguous-name", name.place.clone(), message).help(help)
            }
            None => unknown(),
        }
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

/// Whether a step is a queue.
pub(crate) fn is_queue(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Queue(_))
}
