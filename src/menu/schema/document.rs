//! A shape as a JSON Schema (draft 2020-12), which editors of TOML read.
//!
//! Days and times of TOML are texts there, as Taplo hands them over.

use super::ANY;
use super::DATE;
use super::Field;
use super::LANGUAGE;
use super::Names;
use super::Of;
use super::Part;
use super::Piece;
use super::Rule;
use super::Shape;
use super::Type;
use super::Usual;
use super::pattern;
use crate::exchange::time::Span;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeSet;

/// The schema of a kind of file.
///
/// With names it is one for a single file: what it refers to has to be there.
pub fn document(title: &str, shape: &'static Shape, names: &Names) -> Value {
    let mut document = Document {
        names,
        one: None,
        definitions: Map::new(),
    };
    let mut schema = document.table(shape);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = title.into();
    schema["$defs"] = Value::Object(document.definitions);
    schema
}

/// A schema that is being written.
struct Document<'n> {
    names: &'n Names,
    /// Whose table is written, in a table by names.
    one: Option<&'n str>,
    definitions: Map<String, Value>,
}

impl<'n> Document<'n> {
    fn table(&mut self, shape: &'static Shape) -> Value {
        let mut properties = Map::new();
        for field in shape.fields {
            properties.insert(field.name.to_owned(), self.property(field));
        }
        let required = shape.fields.iter().filter(|field| field.required);
        let mut table = json!({
            "description": shape.doc,
            "type": "object",
            "properties": properties,
            "required": required.map(|field| field.name).collect::<Value>(),
            "additionalProperties": false,
        });
        let rules: Vec<Value> = shape.rules.iter().flat_map(|of| self.rule(of)).collect();
        if !rules.is_empty() {
            table["allOf"] = rules.into();
        }
        table
    }

    fn rule(&self, of: &Rule) -> Vec<Value> {
        match of {
            Rule::Never(parts) => vec![never(parts)],
            Rule::Kind(field, word, others) => vec![kind(field, word, others)],
            // It is told where the table is kept.
            Rule::Named(..) => Vec::new(),
            Rule::All(field, of) => {
                let all = self.names.of(*of).into_iter();
                let all = all.map(|names| at(&[field], &json!({ "required": names })));
                all.collect()
            }
            Rule::Where(of, rules) => match self.names.of(*of) {
                Some(_) => rules.iter().flat_map(|of| self.rule(of)).collect(),
                None => Vec::new(),
            },
        }
    }

    fn property(&mut self, field: &Field) -> Value {
        let mut property = self.holds(&field.holds);
        let bounds = bounds(&field.holds).map(|(least, most)| format!("From {least} to {most}."));
        let unset = match field.usual {
            Some(Usual::Means(means)) => Some(format!("Unless set: {means}.")),
            Some(Usual::English(text)) => Some(format!("In English: {text:?}")),
            Some(usual) => {
                property["default"] = usual.value();
                None
            }
            None => None,
        };
        let sentences = [Some(field.doc.to_owned()), bounds, unset];
        let sentences: Vec<String> = sentences.into_iter().flatten().collect();
        property["description"] = sentences.join(" ").into();
        property
    }

    fn holds(&mut self, holds: &Type) -> Value {
        match holds {
            Type::Any => json!({}),
            Type::Text => json!({ "type": "string" }),
            Type::Form(pattern) => text(pattern),
            Type::Written(pieces) => text(&pattern::of(pieces)),
            Type::Name(of) => match self.names.of(*of) {
                Some(_) => self.one_of(*of),
                None => text(of.form()),
            },
            Type::Words => {
                let spoken = self.names.filled("", Of::Spoken);
                self.in_languages(&text(spoken.as_deref().unwrap_or(CLOSED)))
            }
            Type::Label => self.in_languages(&json!({ "type": "string" })),
            Type::Address => {
                let filled = self.names.filled("https?://", Of::InAddress);
                text(filled.as_deref().unwrap_or("^https?://.+$"))
            }
            Type::Sent => match self.names.filled("", Of::Sent) {
                Some(pattern) => text(&pattern),
                None => json!({ "type": "string" }),
            },
            Type::Word(words) => json!({ "enum": words }),
            Type::Integer(least, most) => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Type::Number(least, most) => {
                json!({ "type": "number", "minimum": least, "maximum": most })
            }
            Type::Boolean => json!({ "type": "boolean" }),
            Type::Duration(least, most) => text(&pattern::of(&[Piece::Time(*least, *most)])),
            Type::Date => json!({ "type": "string", "format": "date", "pattern": DATE }),
            Type::Moment => text(MOMENT),
            Type::List(of) => json!({ "type": "array", "items": self.holds(of) }),
            Type::Table(shape) if self.one.is_some() && shape.is_of_one() => self.table(shape),
            Type::Table(shape) => {
                self.define(shape);
                reference(shape.name)
            }
            Type::Map(keys, of) => self.map(keys, of),
            Type::By(of, inner) => match self.names.of(*of) {
                Some(names) => self.by(names, inner),
                None => self.map(of.form(), inner),
            },
            Type::Within(of, fields, inner) => self.within(*of, fields, inner),
            Type::Scalar => json!({ "type": ["string", "number", "boolean"] }),
            Type::Either(types) => {
                let types = types.iter().map(|one| self.holds(one));
                json!({ "anyOf": types.collect::<Value>() })
            }
        }
    }

    /// A table whose keys are of a certain form and hold the same.
    fn map(&mut self, keys: &str, of: &'static Type) -> Value {
        let mut table = map(keys, &self.holds(of));
        let rules = of.shape().map_or(&[][..], |shape| shape.rules);
        for rule in rules {
            if let Rule::Named(pieces, fields) = rule {
                let named = json!({ "required": fields });
                table["patternProperties"][pattern::of(pieces)] = named;
            }
        }
        table
    }

    /// A table of some of these, each of which may hold names of its own.
    fn by(&mut self, names: &'n BTreeSet<String>, inner: &Type) -> Value {
        let mut properties = Map::new();
        for name in names {
            let outer = self.one.replace(name);
            properties.insert(name.clone(), self.holds(inner));
            self.one = outer;
        }
        closed(properties)
    }

    /// A table with fixed fields, and with names of the thing that it is of.
    fn within(&mut self, of: Of, fields: &[Field], inner: &Type) -> Value {
        let holds = self.holds(inner);
        let known = self.one.and_then(|one| self.names.within(of, one));
        let names = known.into_iter().flatten();
        let mut properties: Map<String, Value> =
            names.map(|name| (name.clone(), holds.clone())).collect();
        for field in fields {
            properties.insert(field.name.to_owned(), self.property(field));
        }
        let mut table = closed(properties);
        if known.is_none() {
            table["additionalProperties"] = holds;
        }
        table
    }

    /// A text for callers: in each language of a line that has several.
    fn in_languages(&self, spoken: &Value) -> Value {
        let Some(languages) = self.names.of(Of::Language) else {
            return json!({ "anyOf": [spoken, map(LANGUAGE, spoken)] });
        };
        let mut apart = fixed(languages, spoken);
        apart["required"] = languages.iter().cloned().collect();
        match languages.len() {
            0 | 1 => json!({ "anyOf": [spoken, apart] }),
            _ => apart,
        }
    }

    /// One of the names of a kind.
    fn one_of(&mut self, of: Of) -> Value {
        let known = self.names.of(of).into_iter().flatten();
        let known: Value = known.cloned().collect();
        self.definitions
            .insert(of.title().to_owned(), json!({ "enum": known }));
        reference(of.title())
    }

    fn define(&mut self, shape: &'static Shape) {
        if !self.definitions.contains_key(shape.name) {
            // Held open, so that a table may hold tables of its own shape.
            self.definitions.insert(shape.name.to_owned(), Value::Null);
            let table = self.table(shape);
            self.definitions.insert(shape.name.to_owned(), table);
        }
    }
}

/// A text of a certain form.
fn text(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// A table whose keys are of a certain form and hold the same.
fn map(keys: &str, holds: &Value) -> Value {
    json!({ "type": "object", "patternProperties": { keys: holds }, "additionalProperties": false })
}

/// A table whose keys are some of these and hold the same; editors complete them.
fn fixed(names: &BTreeSet<String>, holds: &Value) -> Value {
    let properties = names.iter().map(|name| (name.clone(), holds.clone()));
    closed(properties.collect())
}

/// A table with these keys at most.
fn closed(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

impl Usual {
    /// It as a value of the field; nothing where it is said in words.
    pub fn value(self) -> Value {
        match self {
            Self::Time(time) => time.to_string().into(),
            Self::Whole(number) => number.into(),
            Self::Boolean(yes) => yes.into(),
            Self::Text(text) | Self::English(text) => text.into(),
            Self::Means(_) => Value::Null,
        }
    }
}

/// The bounds of a length of time that a field may hold.
fn bounds(holds: &Type) -> Option<(Span, Span)> {
    match holds {
        Type::Duration(least, most) => Some((*least, *most)),
        Type::Either(types) => types.iter().find_map(bounds),
        _ => None,
    }
}

/// What is said: every brace of a placeholder is closed.
const CLOSED: &str = r"^[^{]*(\{[^}]*\}[^{]*)*$";
const MOMENT: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?$";

fn never(parts: &[Part]) -> Value {
    let parts: Value = parts.iter().map(part).collect();
    json!({ "not": { "allOf": parts } })
}

fn kind(field: &str, word: &str, others: &[&str]) -> Value {
    let all: Vec<&str> = std::iter::once(field)
        .chain(others.iter().copied())
        .collect();
    json!({
        "if": at(&[field], &json!({ "const": word })),
        "then": { "required": others, "propertyNames": { "enum": all } },
    })
}

fn part(part: &Part) -> Value {
    match part {
        Part::Has(path) => at(path, &json!({})),
        Part::Lacks(path) => json!({ "not": at(path, &json!({})) }),
        Part::Is(path, word) => at(path, &json!({ "const": word })),
        Part::IsTrue(path) => at(path, &json!({ "const": true })),
        Part::Above0(path) => at(path, &json!({ "exclusiveMinimum": 0 })),
        Part::IsNumber(path) => at(path, &json!({ "type": "number" })),
        Part::IsTable(path) => at(path, &json!({ "type": "object" })),
        Part::IsWritten(path, pieces) => at(path, &text(&pattern::of(pieces))),
    }
}

/// What a table has at a path.
fn at(path: &[&str], holds: &Value) -> Value {
    let inside = |inner: Value, name: &&str| match *name {
        ANY => json!({ "type": "object", "not": { "additionalProperties": { "not": inner } } }),
        name => json!({ "properties": { name: inner }, "required": [name] }),
    };
    path.iter().rev().fold(holds.clone(), inside)
}
