//! Two lists of aspects, name by name.

use super::Hears;
use super::Sides;
use super::Target;
use super::Topic;
use super::Value;
use super::What;
use super::hours;
use super::portrait::Aspect;
use super::turns::Transcript;
use super::turns::Turns;
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
            (Some(Value::Words(was)), Some(Value::Words(now))) if was.is_round() => {
                found.extend(round(&aspect.name, was, now));
                return;
            }
            (Some(Value::Words(was)), Some(Value::Words(now))) => {
                for times in 0..was.each().len().max(now.each().len()) {
                    let name = nth(&aspect.name, times);
                    found.extend(words(&name, was.after(times), now.after(times)));
                }
                return;
            }
            (Some(Value::Words(said)), None) | (None, Some(Value::Words(said))) => {
                for (times, transcript) in said.each().iter().enumerate() {
                    let times = if said.is_round() { 0 } else { times };
                    let name = nth(&aspect.name, times);
                    let text = Some(first(transcript));
                    let (was, now) = if new.is_none() {
                        (text, None)
                    } else {
                        (None, text)
                    };
                    found.push(Difference {
                        was,
                        now,
                        ..Difference::of(topic).named(&name)
                    });
                }
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

/// What is said after so many times.
fn nth(name: &str, times: usize) -> String {
    match times {
        0 => name.to_owned(),
        times => format!("{name}, time {}", times + 1),
    }
}

/// Texts that come round again and again: which of them are new, and which are gone.
fn round(name: &str, was: &Turns, now: &Turns) -> Vec<Difference> {
    let lacks = |turns: &Turns, text: &&Transcript| !turns.each().contains(text);
    let mut gone = was.each().iter().filter(|text| lacks(now, text));
    let mut new = now.each().iter().filter(|text| lacks(was, text));
    let mut found = Vec::new();
    loop {
        let difference = Difference::of(Topic::Words).named(name);
        match (gone.next(), new.next()) {
            (Some(was), Some(now)) => found.extend(words(name, was, now)),
            (None, None) => break,
            (was, now) => found.push(Difference {
                was: was.map(|text| first(text)),
                now: now.map(|text| first(text)),
                ..difference
            }),
        }
    }
    if found.is_empty() && was != now {
        let all = |turns: &Turns| {
            let texts = turns.each().iter().map(|text| first(text));
            texts.collect::<Vec<String>>()
        };
        let (was, now) = (all(was).join(" / "), all(now).join(" / "));
        found.push(Difference::between(Topic::Words, &was, &now).named(name));
    }
    found
}

/// A text in the first language.
fn first(transcript: &[(String, String)]) -> String {
    let first = transcript.first();
    first.map_or_else(String::new, |(_, text)| text.clone())
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
        Value::Words(words) => words.opening().unwrap_or_default().to_owned(),
        Value::Hours(calendar) => view.plan.calendars[calendar.index()].name.clone(),
        Value::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::turns::Over;
    use super::*;

    fn changed(was: &str, now: &str) -> Vec<(Option<String>, Option<String>)> {
        let turns = |texts: &str| {
            let each = texts.split_whitespace();
            let each = each.map(|text| vec![("en".to_owned(), text.to_owned())]);
            Turns::new(each.collect(), Over::First).expect("texts")
        };
        let found = round("says", &turns(was), &turns(now)).into_iter();
        found.map(|change| (change.was, change.now)).collect()
    }

    #[test]
    fn of_messages_in_turn_it_is_said_which_are_new_and_gone() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(changed("a b", "x a b"), [(None, some("x"))]);
        assert_eq!(changed("a b c", "a c"), [(some("b"), None)]);
        assert_eq!(changed("a b", "a c"), [(some("b"), some("c"))]);
        assert_eq!(changed("a b a b", "a b"), []);
        assert_eq!(changed("a b", "b a"), [(some("a / b"), some("b / a"))]);
    }
}
