//! One line of a plan, as callers meet it: names and transcripts in the place of ids.

use super::saved::Renamed;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Form;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::Step;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LineId;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;

/// One line.
#[derive(Clone, Copy)]
pub(super) struct View<'p> {
    pub(super) plan: &'p Dialplan,
    pub(super) id: LineId,
    /// What the other side saves under other names; none where this is the side that counts.
    renamed: Option<&'p Renamed>,
}

impl<'p> View<'p> {
    pub(super) fn new(plan: &'p Dialplan, id: LineId) -> Self {
        Self {
            plan,
            id,
            renamed: None,
        }
    }

    /// The same with the names of what is saved on the other side.
    pub(super) fn with(self, renamed: &'p Renamed) -> Self {
        let renamed = Some(renamed);
        Self { renamed, ..self }
    }

    pub(super) fn line(&self) -> &'p Line {
        self.plan.line(self.id)
    }

    pub(super) fn step(&self, id: StepId) -> &'p Step {
        self.plan.step(id)
    }

    /// The steps of the line.
    pub(super) fn steps(&self) -> impl Iterator<Item = StepId> + use<'p> {
        let (plan, line) = (self.plan, self.id);
        let ids = (0..plan.steps.len() as u32).map(StepId);
        ids.filter(move |id| plan.step(*id).line == line)
    }

    /// The tags of the line's languages.
    pub(super) fn tags(&self) -> impl Iterator<Item = &'p str> + use<'p> {
        let (plan, line) = (self.plan, self.line());
        line.languages
            .iter()
            .map(|id| plan.languages[id.index()].as_str())
    }

    /// The start of the line by its name, so that both ways of writing it are one.
    pub(super) fn plain(&self, target: Target) -> Target {
        match target {
            Target::Start => Target::Step(self.line().start),
            other => other,
        }
    }

    /// Where a target leads, in words.
    pub(super) fn place(&self, target: Target) -> String {
        match self.plain(target) {
            Target::Step(step) => self.step(step).name.clone(),
            Target::Start => unreachable!("the start has a name"),
            Target::Back => "the menu before".to_owned(),
            Target::Repeat => "the same step again".to_owned(),
            Target::HangUp => "the end of the call".to_owned(),
        }
    }

    pub(super) fn variable(&self, id: VariableId) -> &'p str {
        let renamed = self.renamed.and_then(|renamed| renamed.name(id));
        if let Some(name) = renamed {
            return name;
        }
        let name = self.line().variables.get(id.index());
        name.map_or("", String::as_str)
    }

    /// What is said in each language of the line, with its placeholders as they are written.
    pub(super) fn words(&self, prompt: PromptId) -> Vec<(String, String)> {
        let languages = self.line().languages.iter();
        languages
            .map(|language| {
                let speech = self.plan.speech(prompt, *language);
                let parts = speech.parts.iter().map(|part| self.part(part));
                let tag = self.plan.languages[language.index()].clone();
                (tag, parts.collect::<String>())
            })
            .collect()
    }

    fn part(&self, part: &Part) -> String {
        match part {
            Part::Text(text) => text.clone(),
            Part::Digits(variable) => format!("{{{}:digits}}", self.variable(*variable)),
            Part::Value(variable, form) => {
                format!("{{{}:{}}}", self.variable(*variable), form_name(*form))
            }
            Part::Position => "{position}".to_owned(),
            Part::Wait => "{wait}".to_owned(),
            Part::Notice => "{notice}".to_owned(),
            Part::Caller => "{caller}".to_owned(),
        }
    }
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::Digits => "digits",
        Form::Date => "date",
        Form::Time => "time",
        Form::Number => "number",
        Form::Money(_) => "money",
        Form::Text => "text",
    }
}
