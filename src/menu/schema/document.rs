//! A shape as a JSON Schema (draft 2020-12), which editors of TOML read.
//!
//! Days and times of TOML are texts there, as Taplo hands them over.

use super::DATE;
use super::Field;
use super::Part;
use super::Rule;
use super::Shape;
use super::Type;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// The schema of a kind of file.
pub fn document(title: &str, shape: &'static Shape) -> Value {
    let mut definitions = Map::new();
    let mut schema = table(shape, &mut definitions);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = title.into();
    schema["$defs"] = Value::Object(definitions);
    schema
}

/// What an editor writes for its own use: `#:schema` needs no field.
fn table(shape: &'static Shape, definitions: &mut Map<String, Value>) -> Value {
    let properties: Map<String, Value> = shape
        .fields
        .iter()
        .map(|field| (field.name.to_owned(), property(field, definitions)))
        .collect();
    let required = shape.fields.iter().filter(|field| field.required);
    let mut table = json!({
        "description": shape.doc,
        "type": "object",
        "properties": properties,
        "required": required.map(|field| field.name).collect::<Value>(),
        "additionalProperties": false,
    });
    if !shape.rules.is_empty() {
        table["allOf"] = shape.rules.iter().map(rule).collect();
    }
    table
}

fn rule(rule: &Rule) -> Value {
    match rule {
        Rule::Never(parts) => {
            let parts: Value = parts.iter().map(part).collect();
            json!({ "not": { "allOf": parts } })
        }
        Rule::Kind(field, word, others) => {
            let all: Vec<&str> = std::iter::once(*field)
                .chain(others.iter().copied())
                .collect();
            json!({
                "if": at(&[field], &json!({ "const": word })),
                "then": { "required": others, "propertyNames": { "enum": all } },
            })
        }
    }
}

fn part(part: &Part) -> Value {
    match part {
        Part::Has(path) => at(path, &json!({})),
        Part::Lacks(path) => json!({ "not": at(path, &json!({})) }),
        Part::Is(path, word) => at(path, &json!({ "const": word })),
        Part::IsTrue(path) => at(path, &json!({ "const": true })),
        Part::Above0(path) => at(path, &json!({ "exclusiveMinimum": 0 })),
    }
}

/// What a table has at a path.
fn at(path: &[&str], holds: &Value) -> Value {
    path.iter().rev().fold(
        holds.clone(),
        |inner, name| json!({ "properties": { *name: inner }, "required": [name] }),
    )
}

fn property(field: &Field, definitions: &mut Map<String, Value>) -> Value {
    let mut property = holds(&field.holds, definitions);
    property["description"] = field.doc.into();
    property
}

fn holds(holds_type: &Type, definitions: &mut Map<String, Value>) -> Value {
    match holds_type {
        Type::Any => json!({}),
        Type::Text => json!({ "type": "string" }),
        Type::Form(pattern) => json!({ "type": "string", "pattern": pattern }),
        Type::Word(words) => json!({ "enum": words }),
        Type::Integer(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Type::Number(least, most) => {
            json!({ "type": "number", "minimum": least, "maximum": most })
        }
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Duration => json!({ "type": "string", "pattern": "^[0-9]+(ms|s|m|h)$" }),
        Type::Date => json!({ "type": "string", "format": "date", "pattern": DATE }),
        Type::Moment => json!({ "type": "string", "pattern": MOMENT }),
        Type::List(of) => json!({ "type": "array", "items": holds(of, definitions) }),
        Type::Table(shape) => {
            define(shape, definitions);
            json!({ "$ref": format!("#/$defs/{}", shape.name) })
        }
        Type::Map(names, of) => json!({
            "type": "object",
            "patternProperties": { *names: holds(of, definitions) },
            "additionalProperties": false,
        }),
        Type::Either(types) => {
            let types = types.iter().map(|one| holds(one, definitions));
            json!({ "anyOf": types.collect::<Value>() })
        }
    }
}

const MOMENT: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?$";

fn define(shape: &'static Shape, definitions: &mut Map<String, Value>) {
    if !definitions.contains_key(shape.name) {
        // Held open, so that a table may hold tables of its own shape.
        definitions.insert(shape.name.to_owned(), Value::Null);
        let table = table(shape, definitions);
        definitions.insert(shape.name.to_owned(), table);
    }
}
