//! The text of a configuration file of Asterisk: comments, sections, and lines with a key.

use super::super::super::diagnostic::Place;
use super::super::super::source::FileId;

/// A line that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// `[name]`, `[name](base)`, `[name](!)`
    Section(Section),
    /// `key = value`, `key => value`
    Entry(String, String),
    /// `#include file`; `#tryinclude file`, which need not be there.
    Include { name: String, is_optional: bool },
    /// `#exec program`, whose output would stand here.
    Exec(String),
}

/// The head of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) name: String,
    /// Sections whose lines it has too.
    pub(super) bases: Vec<String>,
    /// It is only there for others that have its lines.
    pub(super) is_template: bool,
    /// `(+)`: it goes on with the one of its name.
    pub(super) goes_on: bool,
}

impl Section {
    /// There is no section whose lines it would have too.
    pub(super) fn lacks(&self, base: &str) -> String {
        format!(
            "[{}]({base}): there is no [{base}] above, and its lines are missing here; Asterisk refuses such a \
             file",
            self.name
        )
    }

    /// It goes on with one that is not there.
    pub(super) fn begins_nowhere(&self) -> String {
        let name = &self.name;
        format!("[{name}](+) goes on with a [{name}] that is not in these files")
    }
}

/// The items of a file, each with its place.
pub(super) fn items(file: FileId, text: &str) -> Vec<(Item, Place)> {
    let clean = without_comments(text);
    let mut items = Vec::new();
    let mut start = 0;
    for line in clean.split_inclusive('\n') {
        let words = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let from = start + line.find(words).unwrap_or(0);
        let place = Place {
            file,
            span: from..from + words.len(),
        };
        start += line.len();
        items.extend(item(words).map(|item| (item, place)));
    }
    items
}

fn item(line: &str) -> Option<Item> {
    if let Some(rest) = line.strip_prefix('[') {
        let (name, options) = rest.split_once(']').unwrap_or((rest, ""));
        let options = options.trim().strip_prefix('(').unwrap_or("");
        let options = options
            .split(')')
            .next()
            .unwrap_or("")
            .split(',')
            .map(str::trim);
        let options: Vec<&str> = options.filter(|option| !option.is_empty()).collect();
        let goes_on = options.contains(&"+");
        let bases = options
            .iter()
            .filter(|option| !["!", "+", "general"].contains(option));
        return Some(Item::Section(Section {
            name: name.trim().to_owned(),
            bases: bases.map(|base| (*base).to_owned()).collect(),
            is_template: options.contains(&"!"),
            goes_on,
        }));
    }
    if let Some(rest) = line.strip_prefix('#') {
        let (word, name) = rest.split_once([' ', '\t', '"', '<'])?;
        let name = name.trim().trim_matches(['"', '<', '>']).trim().to_owned();
        return match word.to_ascii_lowercase().as_str() {
            "include" | "tryinclude" => Some(Item::Include {
                name,
                is_optional: word.len() > "include".len(),
            }),
            "exec" => Some(Item::Exec(name)),
            _ => None,
        };
    }
    let (key, value) = line.split_once('=')?;
    let value = value.strip_prefix('>').unwrap_or(value).trim();
    Some(Item::Entry(
        key.trim().to_lowercase(),
        value.replace("\\;", ";"),
    ))
}

/// The text with spaces in the place of comments, so that every byte keeps its place: `; to the end`
/// and `;-- over several lines --;`.
fn without_comments(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let (mut depth, mut in_line, mut before) = (0_usize, false, ' ');
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let opens = rest.starts_with(";--") && !rest.starts_with(";---");
        let mut length = c.len_utf8();
        let mut keep = false;
        if c == '\n' {
            (in_line, keep) = (false, true);
        } else if in_line {
        } else if depth > 0 && rest.starts_with("--;") {
            (depth, length) = (depth - 1, 3);
        } else if opens && before != '\\' {
            (depth, length) = (depth + 1, 3);
        } else if depth == 0 && c == ';' && before != '\\' {
            in_line = true;
        } else {
            keep = depth == 0;
        }
        match keep {
            true => clean.push_str(&rest[..length]),
            false => clean.extend(std::iter::repeat_n(' ', length)),
        }
        before = c;
        rest = &rest[length..];
    }
    clean
}

/// Arguments between commas, as long as these are in no quotes and no brackets.
pub(super) fn arguments(text: &str) -> Vec<String> {
    let mut arguments = vec![String::new()];
    let (mut depth, mut quoted) = (0_i32, false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        match arguments.last_mut() {
            Some(last) if c != ',' || depth > 0 || quoted => last.push(c),
            _ => arguments.push(String::new()),
        }
    }
    let trimmed = arguments.iter().map(|argument| argument.trim().to_owned());
    trimmed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Item> {
        items(FileId(0), text)
            .into_iter()
            .map(|(item, _)| item)
            .collect()
    }

    #[test]
    fn comments_are_passed_over_and_places_kept() {
        let text =
            "[a] ; one\n;-- exten => s,1,Hangup()\n[b]\n--;\nexten => 1,1,Say(x\\;y) ;-- z --;\n";
        let entry = Item::Entry("exten".to_owned(), "1,1,Say(x;y)".to_owned());
        assert_eq!(read(text), [section("a", &[], false), entry]);
        let places = items(FileId(0), "; é\n  [x]\n");
        assert_eq!(places[0].1.span, 7..10);
        assert_eq!(read(";--- no block\n[x]\n"), [section("x", &[], false)]);
    }

    fn section(name: &str, bases: &[&str], is_template: bool) -> Item {
        Item::Section(Section {
            name: name.to_owned(),
            bases: bases.iter().map(|base| (*base).to_owned()).collect(),
            is_template,
            goes_on: false,
        })
    }

    #[test]
    fn sections_may_be_templates_and_have_some() {
        let mut read = read("[a](!)\n[b] (a, c) ; d\n[e](!,a)\n[g\n[f](+,a)");
        assert!(matches!(read.pop(), Some(Item::Section(section)) if section.goes_on));
        assert_eq!(
            read,
            [
                section("a", &[], true),
                section("b", &["a", "c"], false),
                section("e", &["a"], true),
                section("g", &[], false),
            ]
        );
    }

    #[test]
    fn arguments_stay_whole_in_brackets() {
        let parts = arguments("a, $[\"${B},c\" = \"d\"]?e,1,(f,g)");
        assert_eq!(parts, ["a", "$[\"${B},c\" = \"d\"]?e", "1", "(f,g)"]);
        assert_eq!(arguments(""), [""]);
    }
}
