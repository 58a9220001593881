//! The body of an answer: JSON, of which a few values are kept.

use crate::exchange::limits::VALUE_BYTES_MAX;
use serde_json::Value;

/// An answer that could be read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Body(Value);

impl Body {
    /// Reads the text of a body; one without anything is an empty answer.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        if text.trim_ascii().is_empty() {
            return Some(Self(Value::Null));
        }
        serde_json::from_slice(text).ok().map(Self)
    }

    /// What is at each pointer, as text.
    pub(super) fn values(&self, pointers: &[String]) -> Vec<Option<String>> {
        let value = |pointer: &String| self.0.pointer(pointer).and_then(text);
        pointers.iter().map(value).collect()
    }
}

/// Texts, numbers and truth values as text, without what no telephone says.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    (text.len() <= VALUE_BYTES_MAX).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(body: &str, pointers: &[&str]) -> Vec<Option<String>> {
        let pointers: Vec<String> = pointers.iter().map(|text| (*text).to_owned()).collect();
        Body::read(body.as_bytes()).expect("JSON").values(&pointers)
    }

    #[test]
    fn values_are_found_by_pointer_whatever_their_kind() {
        let body = r#"{"status":"shipped","n":12.50,"paid":true,"items":[{"id":7}],"a/b":"x"}"#;
        let found = values(body, &["/status", "/n", "/paid", "/items/0/id", "/a~1b"]);
        let texts: Vec<&str> = found.iter().flatten().map(String::as_str).collect();
        assert_eq!(texts, ["shipped", "12.5", "true", "7", "x"]);
    }

    #[test]
    fn what_is_not_there_or_no_value_is_nothing() {
        let long = format!(r#"{{"long":"{}","list":[],"null":null}}"#, "x".repeat(300));
        for pointer in ["/long", "/list", "/null", "/other"] {
            assert_eq!(values(&long, &[pointer]), [None], "{pointer}");
        }
        assert_eq!(values("", &["/status"]), [None]);
        assert!(Body::read(b"<html>").is_none());
    }

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        let found = values(r#"{"name":"Ana\u001b[2J"}"#, &["/name"]);
        assert_eq!(found, [Some("Ana [2J".to_owned())]);
    }
}
