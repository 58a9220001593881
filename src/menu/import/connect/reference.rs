//! What the texts and parameters of a flow refer to: `$.External.Name`, `$.Attributes['first name']`.

use std::ops::Range;

/// What Connect calls the values of the last answer, those that it keeps, the last entry, and the caller.
pub(super) const EXTERNAL: &str = "External";
pub(super) const ATTRIBUTES: &str = "Attributes";
pub(super) const ENTRY: [&str; 1] = ["StoredCustomerInput"];
pub(super) const CALLER: [&str; 2] = ["CustomerEndpoint", "Address"];
pub(super) const LANGUAGE: [&str; 1] = ["LanguageCode"];

/// The parts of a reference, one below the other.
pub(super) type Path = Vec<String>;

/// A reference, and where it stands in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) span: Range<usize>,
    pub(super) path: Path,
}

/// All references of a text.
pub(super) fn references(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('$').map(|at| at + from) {
        let mut path = Path::new();
        let mut end = at + 1;
        while let Some((part, length)) = part(&text[end..], path.is_empty()) {
            path.push(part.to_owned());
            end += length;
        }
        if !path.is_empty() {
            let span = at..end;
            found.push(Reference { span, path });
        }
        from = end;
    }
    found
}

/// The reference that is all of a text.
pub(super) fn whole(text: &str) -> Option<Path> {
    let mut all = references(text).into_iter();
    let only = all.next()?;
    (only.span == (0..text.len())).then_some(only.path)
}

/// The name of a value that Connect keeps.
pub(super) fn attribute(path: &[String]) -> Option<String> {
    below(path, ATTRIBUTES).map(|name| name.join("."))
}

/// What stands below a first part.
pub(super) fn below<'p>(path: &'p [String], first: &str) -> Option<&'p [String]> {
    let (begin, rest) = path.split_first()?;
    (begin == first && !rest.is_empty()).then_some(rest)
}

/// `.Name` or `['a name']` at the beginning of a text, and how long it is there. A sum of money such as
/// `$.50` is no reference.
fn part(text: &str, is_first: bool) -> Option<(&str, usize)> {
    if let Some(rest) = text.strip_prefix('.') {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let is_name = length > 0 && !(is_first && rest.starts_with(|c: char| c.is_numeric()));
        return is_name.then(|| (&rest[..length], length + 1));
    }
    let quoted = text.strip_prefix('[')?;
    let quote = quoted.chars().next().filter(|c| ['\'', '"'].contains(c))?;
    let name = quoted[1..].split(quote).next()?;
    let is_closed = quoted[1 + name.len()..]
        .strip_prefix(quote)?
        .starts_with(']');
    (is_closed && !name.is_empty()).then_some((name, name.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_end_where_their_names_end() {
        let text = "Hi $.External.first-name, $.Attributes['a b']. $['x'].y é$.Lex.Slots.Pin.";
        let found = references(text);
        let written: Vec<&str> = found.iter().map(|at| &text[at.span.clone()]).collect();
        let all = [
            "$.External.first-name",
            "$.Attributes['a b']",
            "$['x'].y",
            "$.Lex.Slots.Pin",
        ];
        assert_eq!(written, all);
        assert_eq!(attribute(&found[1].path).as_deref(), Some("a b"));
        assert_eq!(found[3].path, ["Lex", "Slots", "Pin"]);
    }

    #[test]
    fn money_and_signs_are_no_references() {
        for text in [
            "It costs $.50 or $5.",
            "$",
            "$.",
            "$[x]",
            "$['']",
            "$['a",
            "${var.a}",
        ] {
            assert_eq!(references(text), [], "{text}");
        }
        assert_eq!(
            whole("$.External.a.b"),
            Some(vec!["External".into(), "a".into(), "b".into()])
        );
        assert_eq!(whole("$.External.a and more"), None);
    }
}
