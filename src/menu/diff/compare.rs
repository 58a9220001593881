//! Two lists of aspects, name by name.

use super::Hears;
use super::Sides;
use super::Target;
use super::Topic;
use super::Value;
use super::What;
use super::hours;
use super::portrait::Aspect;
use super::view::View;
use crate::exchange::calendar::Calendar;
use crate::exchange::id::CalendarId;
use crate::exchange::id::StepId;

/// One thing that is not as it was.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    pub(super) topic: Topic,
    pub(super) name: String,
    pub(super) language: Option<String>,
    pub(super) was: Option<String>,
    pub(super) now: Option<String>,
    /// The steps to which it led, and leads.
    pub(super) steps: Option<(StepId, StepId)>,
    pub(super) hears: Option<Hears>,
}

impl Difference {
    pub(super) fn of(topic: Topic) -> Self {
        Self {
            topic,
            name: String::new(),
            language: None,
            was: None,
            now: None,
            steps: None,
            hears: None,
        }
    }

    pub(super) fn between(topic: Topic, was: &str, now: &str) -> Self {
        Self {
            was: Some(was.to_owned()),
            now: Some(now.to_owned()),
            ..Self::of(topic)
        }
    }

    fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }
}

/// Differences of what is plain text.
pub(super) fn texts(old: &[Aspect], new: &[Aspect]) -> Vec<Difference> {
    let text = |aspect: &Aspect| match &aspect.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    let mut found = Vec::new();
    for (old, new) in beside(old, new) {
        let name = &old.or(new).expect("one side").name;
        let (was, now) = (old.and_then(text), new.and_then(text));
        if was != now {
            let mut difference = Difference::of(Topic::Setting).named(name);
            (difference.was, difference.now) = (was, now);
            found.push(difference);
        }
    }
    found
}

/// Differences of all that a step or a line is.
pub(super) fn all(sides: &Sides<'_>, old: &[Aspect], new: &[Aspect]) -> Vec<Difference> {
    let mut found = Vec::new();
    for (old, new) in beside(old, new) {
        sides.compare(old, new, &mut found);
    }
    found
}

/// Both sides of each aspect, in the order of the new one.
fn beside<'a>(
    old: &'a [Aspect],
    new: &'a [Aspect],
) -> Vec<(Option<&'a Aspect>, Option<&'a Aspect>)> {
    let same = |one: &Aspect, other: &Aspect| one.what == other.what && one.name == other.name;
    let mut pairs: Vec<_> = new
        .iter()
        .map(|aspect| (old.iter().find(|other| same(aspect, other)), Some(aspect)))
        .collect();
    let gone = old
        .iter()
        .filter(|aspect| !new.iter().any(|other| same(aspect, other)));
    pairs.extend(gone.map(|aspect| (Some(aspect), None)));
    pairs
}

impl Sides<'_> {
    fn compare(&self, old: Option<&Aspect>, new: Option<&Aspect>, found: &mut Vec<Difference>) {
        let aspect = new.or(old).expect("one side");
        let topic = match aspect.what {
            What::Key => Topic::Key,
            What::Exit => Topic::Exit,
            What::Words => Topic::Words,
            What::Hours => Topic::Hours,
            What::Setting => Topic::Setting,
        };
        let mut difference = Difference::of(topic).named(&aspect.name);
        match (old.map(|old| &old.value), new.map(|new| &new.value)) {
            (Some(Value::To(was, by)), Some(Value::To(now, with))) => {
                if self.pairs.same_place(*was, *now) && by == with {
                    return;
                }
                if let (Target::Step(was), Target::Step(now)) = (was, now) {
                    difference.steps = Some((*was, *now));
                }
            }
            (Some(Value::Words(was)), Some(Value::Words(now))) => {
                found.extend(words(&aspect.name, was, now));
                return;
            }
            (Some(Value::Hours(was)), Some(Value::Hours(now))) => {
                found.extend(self.hours(*was, *now));
                return;
            }
            (Some(Value::Text(was)), Some(Value::Text(now))) if was == now => return,
            _ => {}
        }
        difference.was = old.map(|old| text(self.old, &old.value));
        difference.now = new.map(|new| text(self.new, &new.value));
        found.push(difference);
    }

    fn hours(&self, was: CalendarId, now: CalendarId) -> Vec<Difference> {
        let old: &Calendar = &self.old.plan.calendars[was.index()];
        let new: &Calendar = &self.new.plan.calendars[now.index()];
        let changed = hours::changes(old, new).into_iter();
        changed
            .map(|change| {
                Difference::between(Topic::Hours, &change.was, &change.now).named(&change.days)
            })
            .collect()
    }
}

/// Words of languages that both sides speak.
fn words(name: &str, was: &[(String, String)], now: &[(String, String)]) -> Vec<Difference> {
    let alone = was.len() == 1 && now.len() == 1;
    let mut found = Vec::new();
    for (tag, now) in now {
        let before = was.iter().find(|(other, _)| other == tag);
        if let Some((_, was)) = before.filter(|(_, was)| was != now) {
            let mut difference = Difference::between(Topic::Words, was, now).named(name);
            difference.language = Some(tag.clone()).filter(|_| !alone);
            found.push(difference);
        }
    }
    found
}

fn text(view: View<'_>, value: &Value) -> String {
    match value {
        Value::To(target, with) => format!("{}{with}", view.place(*target)),
        Value::Words(words) => words
            .first()
            .map_or_else(String::new, |(_, text)| text.clone()),
        Value::Hours(calendar) => view.plan.calendars[calendar.index()].name.clone(),
        Value::Text(text) => text.clone(),
    }
}
