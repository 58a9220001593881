//! A draft as a menu file.

use super::super::graph::Via;
use super::super::phrase::to_translate;
use super::super::source::Sources;
use super::draft::Asked;
use super::draft::Draft;
use super::draft::Key;
use super::draft::Step;
use super::draft::To;
use super::draft::Value;
use super::names::shown;
use super::spoken::Spoken;
use super::tally::Fate;
use super::tally::Note;
use std::fmt::Write as _;

/// The widest comment.
const COLUMNS: usize = 100;
/// The longest text on one line of a file; longer ones are broken at their sentences.
const TEXT_COLUMNS: usize = 88;
/// Things not carried over that are listed in the file itself; the summary has them all.
const LISTED_MAX: usize = 200;
/// The longest comment, in characters.
const COMMENT_CHARS_MAX: usize = 600;

/// The text of the line file. `origin` says what it was made of.
pub(super) fn line(draft: &Draft, origin: &str, sources: &Sources) -> String {
    let mut text = String::new();
    comment(
        &mut text,
        "",
        &format!("{}, imported from {origin}.", draft.title),
    );
    text.push_str("format = 1\n\n");
    head(&mut text, draft);
    for calendar in &draft.calendars {
        text.push('\n');
        todos(&mut text, &calendar.todos);
        let _ = writeln!(text, "[calendar.{}]", calendar.name);
        let open = calendar.open.iter().map(|hours| quoted(hours));
        let open = open.collect::<Vec<String>>().join(", ");
        let _ = writeln!(text, "open = [{open}]");
    }
    phrases(&mut text, draft);
    for at in &draft.steps {
        text.push('\n');
        step(&mut text, at, sources);
    }
    let skipped = draft.tally.notes(Fate::Skipped, sources);
    left(&mut text, &skipped, "Not carried over", "TODO: ");
    let elsewhere = draft.tally.notes_elsewhere(sources);
    left(&mut text, &elsewhere, "Not part of this line", "");
    text
}

/// The house's phrases in the words of the original, and in English what nobody has said yet in a language
/// that the house does not speak.
fn phrases(text: &mut String, draft: &Draft) {
    let calls_back = draft.steps.iter().any(|step| step.kind == "callback");
    let mut english = to_translate(&draft.language, calls_back);
    english.retain(|(name, _)| draft.phrases.iter().all(|(own, _)| own != name));
    if draft.phrases.is_empty() && english.is_empty() {
        return;
    }
    text.push('\n');
    let mut all = Spoken::default();
    for (_, spoken) in &draft.phrases {
        all = all.then(spoken.clone());
    }
    transcripts(text, &all);
    if !english.is_empty() {
        let names: Vec<&str> = english.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        let todo = format!(
            "the house has no words in \"{}\": translate {names}",
            draft.language
        );
        todos(text, &[todo]);
    }
    let _ = writeln!(text, "[phrases.{}]", draft.language);
    let own = draft.phrases.iter();
    let own = own.map(|(name, spoken)| (*name, quoted(&spoken.text)));
    let english = english.into_iter();
    let english = english.map(|(name, words)| (name, quoted(words)));
    aligned(text, &own.chain(english).collect::<Vec<(&str, String)>>());
}

fn head(text: &mut String, draft: &Draft) {
    todos(text, &draft.todos);
    if draft.timezone.is_none() {
        let todo = "the original does not say in which time zone it is: set `timezone`";
        todos(text, &[todo.to_owned()]);
    }
    if draft.numbers.is_empty() {
        let todo = "add the numbers that callers dial: numbers = [\"+441632960100\"]";
        todos(text, &[todo.to_owned()]);
    }
    text.push_str("[line]\n");
    let timezone = draft.timezone.as_deref().unwrap_or("UTC");
    let mut fields = vec![("name", quoted(&draft.title))];
    if !draft.groups.groups.is_empty() {
        fields.push(("groups", "\"groups.toml\"".to_owned()));
    }
    fields.push(("timezone", quoted(timezone)));
    fields.push(("languages", format!("[{}]", quoted(&draft.language))));
    if !draft.numbers.is_empty() {
        let numbers = draft.numbers.iter().map(|number| quoted(number));
        let numbers = numbers.collect::<Vec<String>>().join(", ");
        fields.push(("numbers", format!("[{numbers}]")));
    }
    fields.push(("start", quoted(&draft.start)));
    aligned(text, &fields);
}

fn step(text: &mut String, step: &Step, sources: &Sources) {
    if let Some(place) = &step.place {
        let (line, _) = sources.position(place.file, place.span.start);
        let path = &sources.get(place.file).path;
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        comment(text, "", &format!("{file}:{line}"));
    }
    todos(text, &step.todos);
    for (case, to) in &step.cases {
        comment(text, "TODO: ", &format!("when {case}: \"{}\"", target(to)));
    }
    if let Some(spoken) = &step.say {
        transcripts(text, spoken);
    }
    let _ = writeln!(text, "[{}.{}]", step.kind, step.name);
    let mut fields: Vec<(&str, String)> = Vec::new();
    if let Some(spoken) = &step.say {
        fields.push(("say", paragraph(&spoken.text)));
    }
    for (name, value) in &step.fields {
        fields.push((name, written(value)));
    }
    if let Some(asked) = &step.asked {
        fields.extend(request(asked));
    }
    let (of_answers, exits): (Vec<_>, Vec<_>) = step
        .exits
        .iter()
        .partition(|(via, _)| step.asked.is_some() && *via != Via::Then);
    for (via, to) in exits {
        fields.push((via.field(), quoted(&target(to))));
    }
    aligned(text, &fields);
    if let Some(asked) = &step.asked {
        answers(text, &step.name, asked, &of_answers);
    }
    if !step.keys.is_empty() {
        let _ = writeln!(text, "[{}.{}.keys]", step.kind, step.name);
        keys(text, &step.keys);
    }
}

/// What a look-up asks and keeps.
fn request(asked: &Asked) -> Vec<(&'static str, String)> {
    let table = |entries: &[(String, String)]| {
        let entries = entries.iter();
        let entries = entries.map(|(key, value)| format!("{} = {}", name(key), quoted(value)));
        format!("{{ {} }}", entries.collect::<Vec<String>>().join(", "))
    };
    let mut fields = vec![("url", quoted(&asked.url))];
    fields.extend(asked.method.map(|method| ("method", quoted(method))));
    if !asked.body.is_empty() {
        fields.push(("body", table(&asked.body)));
    }
    fields.push(("timeout", format!("\"{}\"", asked.timeout)));
    if !asked.save.is_empty() {
        fields.push(("save", table(&asked.save)));
    }
    if let Some(branch) = &asked.branch {
        fields.push(("branch", quoted(branch)));
    }
    fields
}

/// Where the answers of a look-up lead: its cases, and its errors.
fn answers(text: &mut String, step: &str, asked: &Asked, exits: &[&(Via, To)]) {
    for is_case in [true, false] {
        let mut rows: Vec<(String, String)> = Vec::new();
        for (via, to) in exits {
            let key = match via {
                Via::Case(Some(place)) => name(&asked.cases[usize::from(*place)]),
                Via::Case(None) | Via::Failed => "any".to_owned(),
                _ => "timeout".to_owned(),
            };
            if matches!(via, Via::Case(_)) == is_case {
                rows.push((key, quoted(&target(to))));
            }
        }
        if !rows.is_empty() {
            let _ = writeln!(
                text,
                "[lookup.{step}.{}]",
                if is_case { "case" } else { "error" }
            );
            let rows: Vec<(&str, String)> = rows
                .iter()
                .map(|(key, to)| (key.as_str(), to.clone()))
                .collect();
            aligned(text, &rows);
        }
    }
}

/// A key as TOML writes it.
fn name(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !key.is_empty() && key.chars().all(is_bare) {
        true => key.to_owned(),
        false => quoted(key),
    }
}

fn keys(text: &mut String, keys: &[Key]) {
    let name = |key: &Key| name(&key.keys);
    let width = keys.iter().map(|key| name(key).len()).max().unwrap_or(0);
    for key in keys {
        let to = quoted(&target(&key.to));
        let to = match key.label.is_empty() {
            true => to,
            false => format!("{{ go = {to}, label = {} }}", quoted(&key.label)),
        };
        let written = format!("{:width$} = {to}", name(key));
        if key.comment.is_empty() {
            let _ = writeln!(text, "{written}");
        } else {
            let _ = writeln!(text, "{written:<30} # {}", one_line(&key.comment));
        }
    }
}

/// What is not in the file, at its end.
fn left(text: &mut String, notes: &[Note], title: &str, mark: &str) {
    if notes.is_empty() {
        return;
    }
    let _ = write!(text, "\n# ---- {title} ----\n");
    for note in notes.iter().take(LISTED_MAX) {
        comment(
            text,
            mark,
            &format!("{}:{}: {}", file_name(&note.file), note.line, note.note),
        );
    }
    if let Some(more) = notes.len().checked_sub(LISTED_MAX).filter(|more| *more > 0) {
        comment(
            text,
            "",
            &format!("and {more} more, which the summary lists"),
        );
    }
}

/// The name of a file, without the folders in which it happens to lie.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn transcripts(text: &mut String, spoken: &Spoken) {
    if !spoken.files.is_empty() {
        let todo = format!("transcript of {}", spoken.files.join(", "));
        todos(text, &[todo]);
    }
}

/// Things to do, as comments.
pub(super) fn todos(text: &mut String, todos: &[String]) {
    for todo in todos {
        comment(text, "TODO: ", todo);
    }
}

/// A comment, broken at words; whatever is in it, it stays one.
fn comment(text: &mut String, mark: &str, words: &str) {
    let mut line = format!("# {mark}");
    let mut is_new = true;
    for word in one_line(words).split(' ') {
        if !is_new && line.chars().count() + 1 + word.chars().count() > COLUMNS {
            let _ = writeln!(text, "{line}");
            line = if mark.is_empty() { "# " } else { "#   " }.to_owned();
        } else if !is_new {
            line.push(' ');
        }
        line.push_str(word);
        is_new = false;
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// One line of plain characters, for a comment.
fn one_line(words: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let words: String = words.chars().map(plain).collect();
    let line = words.split_whitespace().collect::<Vec<&str>>().join(" ");
    shown(&line, COMMENT_CHARS_MAX)
}

/// Fields one below the other.
pub(super) fn aligned(text: &mut String, fields: &[(&str, String)]) {
    let width = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in fields {
        let _ = writeln!(text, "{name:width$} = {value}");
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Step(text) => quoted(text),
        Value::Whole(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Time(time) => format!("\"{time}\""),
        Value::Written(written) => written.clone(),
    }
}

/// How a target is written.
pub(super) fn target(to: &To) -> String {
    match to {
        To::Step(name) => name.clone(),
        To::Back => "@back".to_owned(),
        To::Start => "@start".to_owned(),
        To::Repeat => "@repeat".to_owned(),
        To::HangUp => "@hangup".to_owned(),
    }
}

/// A text in quotes, as TOML takes it: what JSON escapes, and one character more.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

/// A text in quotes, a long one broken at its words: a menu file takes line ends for spaces.
fn paragraph(text: &str) -> String {
    let one = quoted(text);
    if one.chars().count() <= TEXT_COLUMNS {
        return one;
    }
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("a line");
        let width = last.chars().count() + 1 + word.chars().count();
        match (last.is_empty(), width > TEXT_COLUMNS) {
            (true, _) => last.push_str(word),
            (false, true) => lines.push(word.to_owned()),
            (false, false) => {
                last.push(' ');
                last.push_str(word);
            }
        }
    }
    let inner = |line: &String| {
        let quoted = quoted(line);
        quoted[1..quoted.len() - 1].to_owned()
    };
    let lines = lines.iter().map(inner).collect::<Vec<String>>().join("\n");
    format!("\"\"\"\n{lines}\n\"\"\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_and_stay_the_same() {
        let sentence = "This is a \"sentence\" with a back\\new slash and é... ";
        let text = sentence.repeat(4).trim().to_owned();
        let file = format!("say = {}", paragraph(&text));
        let table: toml::Table = file.parse().expect("TOML");
        let read = table["say"].as_str().expect("a text");
        let read = read.split_whitespace().collect::<Vec<&str>>().join(" ");
        assert_eq!(read, text);
        assert!(file.lines().count() > 3, "{file}");
    }

    #[test]
    fn comments_stay_comments() {
        let mut text = String::new();
        comment(
            &mut text,
            "TODO: ",
            &format!("a\nb\r\u{0}c {}", "word ".repeat(40)),
        );
        assert!(
            text.lines()
                .all(|line| line.starts_with("# ") || line.starts_with("#  "))
        );
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS));
        let quote = quoted("a\u{7f}\"\n");
        let table: toml::Table = format!("a = {quote}").parse().expect("TOML");
        assert_eq!(table["a"].as_str(), Some("a\u{7f}\"\n"));
    }
}
