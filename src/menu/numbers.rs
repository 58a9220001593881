//! The public numbers of lines: no two lines have the same one, in whichever forms it is written.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::dialling;
use super::fields::Fields;
use super::tree::Data;
use super::tree::Name;
use super::tree::Table;
use super::tree::Value;
use crate::exchange::dialplan::Dialling;
use std::collections::BTreeMap;

/// The numbers of a line as they are written, and the rules by which its calls are told what they mean.
pub(super) struct Numbers {
    written: Vec<Name>,
    rules: Dialling,
}

/// Where a number was seen first.
struct Seen<'a> {
    line: usize,
    number: &'a Name,
    /// Whether its own line understands it like this, or another line would.
    own: bool,
}

impl Numbers {
    /// Those of a line's file; its problems are reported elsewhere.
    pub(super) fn of(tree: &Table) -> Self {
        let numbers = tree.table("line").and_then(|head| head.get("numbers"));
        let written = match numbers.map(|numbers| &numbers.data) {
            Some(Data::List(numbers)) => numbers.iter().filter_map(Value::name).collect(),
            _ => Vec::new(),
        };
        let mut root = Fields::new(tree, "a line file", tree.place.clone());
        let table = root.table("dialling").zip(root.key_place("dialling"));
        let (rules, _) = dialling::read(table, &written, &mut Diagnostics::default());
        Self { written, rules }
    }

    /// What a number may mean, and whether that is so by the rules of its own line. One without its country
    /// is understood by the rules of the other lines as well.
    fn meanings<'a>(
        &'a self,
        number: &'a Name,
        countries: &'a [&Dialling],
    ) -> impl Iterator<Item = (String, bool)> + 'a {
        let others = match self.rules.country.is_empty() {
            true => countries,
            false => &[],
        };
        let others = others
            .iter()
            .map(|rules| (rules.shown(&number.text), false));
        std::iter::once((self.rules.shown(&number.text), true)).chain(others)
    }
}

/// Reports numbers that lead to two lines.
pub(super) fn clashes(lines: &[Numbers], out: &mut Diagnostics) {
    let countries = countries(lines);
    let mut taken: BTreeMap<String, Seen<'_>> = BTreeMap::new();
    let all = lines.iter().enumerate();
    for (line, numbers, number) in
        all.flat_map(|(line, numbers)| numbers.written.iter().map(move |n| (line, numbers, n)))
    {
        let meanings: Vec<(String, bool)> = numbers.meanings(number, &countries).collect();
        let clash = meanings.iter().find_map(|(meaning, own)| {
            let seen = taken.get(meaning)?;
            // A line may write its own number in all its forms.
            let other = seen.line != line || seen.number.text == number.text;
            (other && (*own || seen.own)).then_some((meaning, seen.number))
        });
        if let Some((meaning, first)) = clash {
            out.push(clash_of(number, first, meaning));
            continue;
        }
        for (meaning, own) in meanings {
            taken.entry(meaning).or_insert(Seen { line, number, own });
        }
    }
}

/// The rules of lines that know their country, each once.
fn countries(lines: &[Numbers]) -> Vec<&Dialling> {
    let rules = lines.iter().map(|numbers| &numbers.rules);
    let known = rules.filter(|rules| !rules.country.is_empty());
    let by_name = known.map(|rules| {
        let Dialling {
            country,
            national,
            international,
            ..
        } = rules;
        ((country, national, international), rules)
    });
    let by_name: BTreeMap<_, &Dialling> = by_name.collect();
    by_name.into_values().collect()
}

fn clash_of(number: &Name, first: &Name, meaning: &str) -> Diagnostic {
    let message = format!("the number {} is taken", number.text);
    let diagnostic = Diagnostic::error("number-clash", number.place.clone(), message);
    let diagnostic = match number.text == first.text {
        true => diagnostic.label("here again"),
        false => diagnostic
            .label("here again, in another form")
            .help(format!(
                "both mean {meaning}: give each line numbers of its own"
            )),
    };
    diagnostic.related(first.place.clone(), "first here")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::source::Sources;
    use crate::menu::tree;
    use std::path::Path;

    /// What is said of lines with these numbers and rules.
    fn said(lines: &[(&str, &str)]) -> Vec<String> {
        let (mut sources, mut out) = (Sources::default(), Diagnostics::default());
        let lines = lines.iter().enumerate().map(|(place, (numbers, rules))| {
            let text = format!("[line]\nnumbers = {numbers}\n{rules}\n");
            let file = sources.add(Path::new(&format!("{place}.toml")), text);
            Numbers::of(&tree::parse(file, &sources, &mut Diagnostics::default()))
        });
        let lines: Vec<Numbers> = lines.collect();
        clashes(&lines, &mut out);
        let sorted = out.sorted();
        sorted.iter().map(|found| found.message.clone()).collect()
    }

    const BRITAIN: &str = "[dialling]\ncountry = \"+44\"\nallow = [\"+44\"]";
    const GERMANY: &str = "[dialling]\ncountry = \"+49\"\nallow = [\"+49\"]";

    #[test]
    fn one_number_in_two_forms_clashes_between_lines() {
        let taken = ["the number 01632960100 is taken"];
        for other in [
            (r#"["+441632960100"]"#, ""),
            (r#"["00441632960100"]"#, BRITAIN),
            (r#"["1632960100"]"#, BRITAIN),
        ] {
            assert_eq!(said(&[other, (r#"["01632960100"]"#, BRITAIN)]), taken);
            assert_eq!(said(&[other, (r#"["01632960100"]"#, "")]), taken);
            assert_eq!(said(&[(r#"["01632960100"]"#, ""), other]).len(), 1);
        }
    }

    #[test]
    fn a_national_number_of_another_country_is_another_number() {
        let british = (r#"["+441632960100", "01632960100"]"#, BRITAIN);
        assert!(said(&[british, (r#"["+491632960100"]"#, "")]).is_empty());
        let german = r#"["1632960100"]"#;
        assert!(said(&[british, (german, GERMANY)]).is_empty());
        // Two lines without a country: nothing says that these are one number.
        let others = [(r#"["1632960100"]"#, ""), (r#"["01632960100"]"#, "")];
        assert!(said(&others).is_empty());
        assert!(said(&[others[0], others[1], (r#"["+491"]"#, GERMANY)]).is_empty());
    }

    #[test]
    fn a_line_may_write_its_number_in_all_forms_but_none_twice() {
        let forms = r#"["+441632960100", "01632960100", "441632960100"]"#;
        assert!(said(&[(forms, "")]).is_empty());
        let twice = r#"["+441632960100", "+441632960100"]"#;
        assert_eq!(said(&[(twice, "")]).len(), 1);
    }
}
