//! What a look-up sets of a call: `set` and `classes` of `[lookup.name]`.

use super::fields::Fields;
use super::lower::Lowering;
use super::tree::Name;
use super::value;
use crate::exchange::dialplan::Recognition;
use crate::exchange::dialplan::Saved;
use crate::exchange::id::VariableId;
use crate::exchange::time::Span;
use std::ops::RangeInclusive;

/// The largest head start of a class: nobody is made to wait longer by it than so much.
pub(super) const HEAD_STARTS: RangeInclusive<Span> = Span::ZERO..=Span::minutes(60);
/// Classes of one look-up.
const CLASSES_MAX: usize = 32;

impl Lowering<'_> {
    /// Reads `set`; every value that it names is saved by the same look-up.
    pub(super) fn recognition(
        &self,
        save: &[(String, Saved)],
        fields: &mut Fields<'_>,
    ) -> Option<Recognition> {
        let classes = classes(fields);
        let Some(mut inner) = fields.inner("set") else {
            if let Some(place) = fields.key_place("classes") {
                let help = "say which saved value is the class: set = { class = \"class\" }";
                fields.bad_value(place, "without `set` there are no classes", help);
            }
            return None;
        };
        let language = inner.text("language");
        let class = inner.text("class");
        let agent = inner.text("agent");
        if class.is_some() && classes.is_empty() && fields.value("classes").is_none() {
            let help = "what each class is worth: [lookup.*.classes] with gold = \"90s\"";
            fields.missing("classes", help);
        } else if let Some(place) = fields.key_place("classes").filter(|_| class.is_none()) {
            let help = "say which saved value is the class: set = { class = \"class\" }";
            fields.bad_value(place, "no value of `set` is a class", help);
        }
        let mut variable = |name: Option<Name>| saved(name?, save, &mut inner);
        let recognition = Recognition {
            language: variable(language),
            class: variable(class),
            agent: variable(agent),
            classes,
        };
        fields.absorb(inner);
        Some(recognition)
    }
}

fn saved(name: Name, save: &[(String, Saved)], inner: &mut Fields<'_>) -> Option<VariableId> {
    let found = save.iter().find(|(other, _)| *other == name.text);
    if found.is_none() {
        let message = format!("\"{}\" is not saved here", name.text);
        let names: Vec<&str> = save.iter().map(|(name, _)| name.as_str()).collect();
        let help = value::suggestion(&name.text, names)
            .unwrap_or_else(|| "save it first: save = { lang = \"/language\" }".to_owned());
        inner.bad_value(name.place, message, &help);
    }
    found.map(|(_, saved)| saved.variable)
}

fn classes(fields: &mut Fields<'_>) -> Vec<(String, Span)> {
    let Some(mut inner) = fields.inner("classes") else {
        return Vec::new();
    };
    let mut classes = Vec::new();
    for entry in inner.entries() {
        let name = entry.key.text.as_str();
        if let Some((message, help)) = misnamed(name) {
            inner.bad_value(entry.key.place.clone(), message, help);
        }
        if let Some(head_start) = inner.duration(name, HEAD_STARTS) {
            classes.push((name.to_owned(), head_start));
        }
    }
    if classes.len() > CLASSES_MAX {
        let message = format!("`classes` has more than {CLASSES_MAX} entries");
        let help = "callers are told apart by few classes";
        inner.bad_value(inner.place(), message, help);
    }
    fields.absorb(inner);
    classes
}

/// What is wrong with the name of a class: another system says it, as a value without control characters
/// and without blanks around it.
fn misnamed(name: &str) -> Option<(String, &'static str)> {
    let as_it_is = "write the value as the other system says it: gold = \"90s\"";
    if name.trim().is_empty() {
        Some(("a class needs a name".to_owned(), as_it_is))
    } else if name.chars().any(char::is_control) {
        let message = "no caller is of a class whose name has control characters".to_owned();
        Some((message, as_it_is))
    } else if name.trim() != name {
        let message =
            format!("no caller is of the class \"{name}\": blanks around a value are left out");
        Some((message, "leave them out here, too"))
    } else if name == Recognition::NO_CLASS {
        let message = format!("\"{name}\" is what reports call those of no class");
        Some((message, "let the other system say something else"))
    } else {
        None
    }
}
