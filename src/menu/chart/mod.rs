//! A line as a chart: a card for each step, a row for each way out, and what holds everywhere said
//! once. [`svg()`], [`dot()`] and [`mermaid()`] only draw it.

mod dot;
mod kind;
mod layout;
mod mermaid;
mod shape;
mod svg;

pub use dot::dot;
pub use kind::Kind;
pub use mermaid::mermaid;
pub use svg::svg;

pub(super) use kind::words as via_words;

use super::graph;
use super::graph::Exit;
use super::graph::Via;
use super::lower::StepTrace;
use super::lower::Trace;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::StepId;
use serde::Serialize;

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// The name for people.
    pub title: String,
    /// The public numbers.
    pub numbers: Vec<String>,
    /// The card in which calls begin.
    pub start: usize,
    /// The steps, in the order of the file.
    pub cards: Vec<Card>,
    /// The global keys: they work in every menu that says nothing else.
    pub everywhere: Vec<Row>,
    /// Where most menus lead after the last try; only others are rows of their cards.
    pub give_up: Option<To>,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// The operator's name.
    pub name: String,
    /// What it does.
    pub kind: Kind,
    /// Who, where, how long; may be empty.
    pub detail: String,
    /// The beginning of what callers hear, in the first language; may be empty.
    pub says: String,
    /// The ways out.
    pub rows: Vec<Row>,
}

/// One way out of a step.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The key, if it is one.
    pub key: Option<String>,
    /// The label of the key, or when calls go this way.
    pub words: String,
    /// To where.
    pub to: To,
}

/// Where a row leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// A card of the chart.
    Card(usize),
    /// The menu before.
    Back,
    /// The same step again.
    Repeat,
    /// The end of the call.
    HangUp,
}

impl To {
    /// What a row that has no line says of where it leads.
    pub(super) fn word(self, chart: &Chart) -> String {
        match self {
            Self::Card(card) => chart.cards[card].name.clone(),
            Self::Back => "the menu before".to_owned(),
            Self::Repeat => "again".to_owned(),
            Self::HangUp => "hang up".to_owned(),
        }
    }
}

impl Chart {
    /// The first line of a plan as a chart.
    pub(super) fn new(plan: &Dialplan, trace: &Trace) -> Self {
        let line = &plan.lines[0];
        let steps: Vec<StepId> = (0..plan.steps.len() as u32).map(StepId).collect();
        let maker = Maker { plan, trace };
        let usual = maker.usual_give_up(&steps);
        let cards = steps.iter().map(|step| maker.card(*step, usual)).collect();
        Self {
            title: line.title.clone(),
            numbers: line.numbers.clone(),
            start: line.start.index(),
            cards,
            everywhere: maker.everywhere(&steps),
            give_up: usual.map(|target| maker.to(target)),
        }
    }
}

struct Maker<'a> {
    plan: &'a Dialplan,
    trace: &'a Trace,
}

impl Maker<'_> {
    fn to(&self, target: Target) -> To {
        match target {
            Target::Step(step) => To::Card(step.index()),
            Target::Start => To::Card(self.plan.lines[0].start.index()),
            Target::Back => To::Back,
            Target::Repeat => To::Repeat,
            Target::HangUp => To::HangUp,
        }
    }

    fn trace(&self, step: StepId) -> &StepTrace {
        &self.trace.steps[step.index()]
    }

    /// The exits that are written down; what is left out has a warning of its own.
    fn exits(&self, step: StepId) -> Vec<Exit> {
        let trace = self.trace(step);
        let written = |exit: &Exit| trace.exits.iter().any(|(via, _)| *via == exit.via);
        let exits = graph::exits(self.plan, step).into_iter();
        exits.filter(written).collect()
    }

    /// The `give_up` that several steps share: that of `[defaults]`, as a rule.
    fn usual_give_up(&self, steps: &[StepId]) -> Option<Target> {
        let mut counted: Vec<(Target, usize)> = Vec::new();
        for exit in steps.iter().flat_map(|step| self.exits(*step)) {
            if exit.via != Via::GiveUp {
                continue;
            }
            match counted.iter_mut().find(|(target, _)| *target == exit.to) {
                Some((_, count)) => *count += 1,
                None => counted.push((exit.to, 1)),
            }
        }
        let most = counted.into_iter().rev().max_by_key(|(_, count)| *count);
        most.filter(|(_, count)| *count > 1)
            .map(|(target, _)| target)
    }

    /// Keys of `[global_keys]`, each once.
    fn everywhere(&self, steps: &[StepId]) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for exit in steps.iter().flat_map(|step| graph::exits(self.plan, *step)) {
            let Some(action) = graph::action(self.plan, exit.via).filter(|key| key.global) else {
                continue;
            };
            if rows.iter().all(|row| row.key.as_ref() != Some(&action.key)) {
                rows.push(Row {
                    key: Some(action.key.clone()),
                    words: String::new(),
                    to: self.to(action.target),
                });
            }
        }
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        rows
    }

    fn card(&self, step: StepId, usual: Option<Target>) -> Card {
        let (trace, kind) = (self.trace(step), &self.plan.step(step).kind);
        let words = trace.words.as_ref().and_then(|words| words.texts.first());
        let says = words.map_or_else(String::new, |text| text.text.replace("{options}", ""));
        Card {
            name: self.plan.step(step).name.clone(),
            kind: Kind::of(kind),
            detail: kind::detail(self.plan, kind),
            says: says.split_whitespace().collect::<Vec<&str>>().join(" "),
            rows: self.rows(step, usual),
        }
    }

    /// Keys and names in the order of the file, and then the other exits, of which those to one place share a
    /// row.
    fn rows(&self, step: StepId, usual: Option<Target>) -> Vec<Row> {
        let mut rows = self.keys(step);
        rows.extend(self.names(step));
        let keys = rows.len();
        let kind = &self.plan.step(step).kind;
        let exits = self.exits(step).into_iter();
        for exit in exits.filter(|exit| !matches!(exit.via, Via::Entry(_))) {
            if exit.via == Via::GiveUp && Some(exit.to) == usual {
                continue;
            }
            let (words, to) = (kind::words(kind, exit.via), self.to(exit.to));
            match rows[keys..].iter_mut().find(|row| row.to == to) {
                Some(row) => row.words = format!("{}, {words}", row.words),
                None => rows.push(Row {
                    key: None,
                    words,
                    to,
                }),
            }
        }
        rows
    }

    /// The names of a directory, those that lead to one place in one row.
    fn names(&self, step: StepId) -> Vec<Row> {
        let StepKind::Directory(directory) = &self.plan.step(step).kind else {
            return Vec::new();
        };
        let mut places: Vec<(To, Vec<&str>)> = Vec::new();
        for entry in &directory.entries {
            let to = self.to(entry.target);
            match places.iter_mut().find(|(other, _)| *other == to) {
                Some((_, names)) => names.push(&entry.name),
                None => places.push((to, vec![&entry.name])),
            }
        }
        let row = |(to, names): (To, Vec<&str>)| Row {
            key: None,
            words: few(&names),
            to,
        };
        places.into_iter().map(row).collect()
    }

    fn keys(&self, step: StepId) -> Vec<Row> {
        let exits = graph::exits(self.plan, step);
        let keys = self.trace(step).keys.iter();
        keys.filter_map(|own| {
            let mut actions = exits
                .iter()
                .filter_map(|exit| graph::action(self.plan, exit.via));
            let action = actions.find(|action| !action.global && action.key == own.name.text)?;
            let mut words = own.spoken.clone().unwrap_or_default();
            if let Some(language) = action.language {
                let tag = &self.plan.languages[language.index()];
                words = if words.is_empty() {
                    format!("in \"{tag}\"")
                } else {
                    format!("{words} (in \"{tag}\")")
                };
            }
            Some(Row {
                key: Some(action.key.clone()),
                words,
                to: self.to(action.target),
            })
        })
        .collect()
    }
}

/// The first of many names.
fn few(names: &[&str]) -> String {
    const NAMED: usize = 3;
    match names.len().checked_sub(NAMED) {
        Some(others @ 2..) => format!("{} and {others} others", names[..NAMED].join(", ")),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::few;

    #[test]
    fn of_many_names_the_first_are_told() {
        assert_eq!(few(&["Ann"]), "Ann");
        assert_eq!(few(&["Ann", "Bob", "Cora", "Dan"]), "Ann, Bob, Cora, Dan");
        assert_eq!(
            few(&["Ann", "Bob", "Cora", "Dan", "Eve"]),
            "Ann, Bob, Cora and 2 others"
        );
    }
}
