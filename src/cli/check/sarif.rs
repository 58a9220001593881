//! Problems as SARIF 2.1.0 (OASIS, March 2020), which code scanning and editors read.

use crate::cli::explain_code;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::diagnostic::Severity;
use crate::menu::fix::Edit;
use crate::menu::source::Sources;
use serde_json::Value;
use serde_json::json;
use std::path::Path;

/// What relative paths are relative to: the folder in which the command runs.
const BASE: &str = "%SRCROOT%";

/// The log: one run, with the rules of what was found.
pub(super) fn log(problems: &Diagnostics, sources: &Sources) -> Value {
    let problems = problems.sorted();
    let mut codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results = problems
        .iter()
        .map(|problem| result(problem, &codes, sources));
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "strowger",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": codes.iter().map(|code| rule(code)).collect::<Value>(),
                }
            },
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": {
                BASE: { "description": { "text": "The folder in which the check was run." } }
            },
            "results": results.collect::<Value>(),
        }],
    })
}

fn rule(code: &str) -> Value {
    let Some(known) = explain_code::find(code) else {
        return json!({ "id": code });
    };
    let help = format!("strowger explain-code {code}");
    json!({
        "id": code,
        "shortDescription": { "text": known.summary() },
        "help": { "text": help, "markdown": known.page },
    })
}

fn result(problem: &Diagnostic, codes: &[&str], sources: &Sources) -> Value {
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut text = problem.message.clone();
    if let Some(help) = &problem.help {
        text = format!("{text}\nhelp: {help}");
    }
    let mut result = json!({
        "ruleId": problem.code,
        "ruleIndex": codes.iter().position(|code| *code == problem.code),
        "level": level,
        "message": { "text": text },
    });
    if let Some(place) = &problem.place {
        result["locations"] = json!([location(place, &problem.label, sources)]);
    }
    if let Some(edit) = Edit::of(problem, sources) {
        result["fixes"] = json!([fix(&edit, sources)]);
    }
    if let Some((place, label)) = &problem.related {
        result["relatedLocations"] = json!([location(place, label, sources)]);
    }
    result
}

fn fix(edit: &Edit, sources: &Sources) -> Value {
    let place = Place {
        file: edit.file,
        span: edit.span.clone(),
    };
    json!({
        "artifactChanges": [{
            "artifactLocation": artifact(&sources.get(edit.file).path),
            "replacements": [{
                "deletedRegion": region(&place, sources),
                "insertedContent": { "text": edit.text },
            }],
        }],
    })
}

fn region(place: &Place, sources: &Sources) -> Value {
    let (line, column) = sources.position_utf16(place.file, place.span.start);
    let (end_line, end_column) = sources.position_utf16(place.file, place.span.end);
    json!({
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    })
}

fn location(place: &Place, label: &str, sources: &Sources) -> Value {
    let source = sources.get(place.file);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(&source.path),
            "region": region(place, sources),
        },
    });
    if !label.is_empty() {
        location["message"] = json!({ "text": label });
    }
    location
}

fn artifact(path: &Path) -> Value {
    let uri = uri(&path.to_string_lossy());
    match path.is_absolute() {
        true => json!({ "uri": format!("file://{uri}") }),
        false => json!({ "uri": uri, "uriBaseId": BASE }),
    }
}

/// The path as a relative reference (RFC 3986): what may stand there stays, the rest is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte);
        match plain {
            true => uri.push(char::from(byte)),
            false => uri.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    uri
}

fn hex(digit: u8) -> char {
    let digit = char::from_digit(u32::from(digit), 16);
    digit.map_or('0', |digit| digit.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("menus/shop.toml"), "menus/shop.toml");
        assert_eq!(uri("../số 1:neu.toml"), "../s%E1%BB%91%201%3Aneu.toml");
        assert_eq!(uri("a\\b%.toml"), "a/b%25.toml");
    }

    #[test]
    fn a_problem_knows_its_rule_and_its_places() {
        let mut sources = Sources::default();
        let text = "a = \"📞\" # é\nb = 1\n".to_owned();
        let file = sources.add(Path::new("menus/a.toml"), text);
        let place = |span| Place { file, span };
        let mut problems = Diagnostics::default();
        let twice = Diagnostic::error("duplicate-key", place(4..10), "`a` is set twice");
        let twice = twice.label("here again").help("leave one out");
        problems.push(twice.related(place(16..17), "first here"));
        problems.push(Diagnostic::new("unreadable", Severity::Error, None, "no"));
        let log = log(&problems, &sources);
        let results = &log["runs"][0]["results"];
        assert_eq!(results[0]["ruleId"], "unreadable");
        assert_eq!(
            (&results[0]["ruleIndex"], &results[0]["locations"]),
            (&json!(1), &Value::Null)
        );
        let expected = json!({
            "ruleId": "duplicate-key",
            "ruleIndex": 0,
            "level": "error",
            "message": { "text": "`a` is set twice\nhelp: leave one out" },
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": { "uri": "menus/a.toml", "uriBaseId": "%SRCROOT%" },
                    "region": { "startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 9 },
                },
                "message": { "text": "here again" },
            }],
            "relatedLocations": [{
                "physicalLocation": {
                    "artifactLocation": { "uri": "menus/a.toml", "uriBaseId": "%SRCROOT%" },
                    "region": { "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 2 },
                },
                "message": { "text": "first here" },
            }],
        });
        assert_eq!(results[1], expected);
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
        assert_eq!(rule["id"], "duplicate-key");
        assert!(
            rule["help"]["markdown"]
                .as_str()
                .is_some_and(|page| page.contains("## Mended"))
        );
    }
}
