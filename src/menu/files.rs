//! Checks files without running them: lines one by one, groups files alone.

use super::allow::Shared;
use super::audio;
use super::compile::Request;
use super::compile::compile_shared;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::groups::Roster;
use super::numbers;
use super::numbers::Numbers;
use super::source::Sources;
use super::source::open;
use super::tree;
use jiff::civil::Date;
use std::path::Path;
use std::path::PathBuf;

/// Checks each line by itself, with the groups file it names, and their numbers and recordings
/// together.
pub fn check_lines(
    lines: &[PathBuf],
    at: Option<Date>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let mut numbers: Vec<Numbers> = Vec::new();
    let (mut scripts, mut shared) = (Vec::new(), Shared::default());
    for line in lines {
        let request = Request {
            lines: vec![line.clone()],
            at,
            ..Request::default()
        };
        let compiled = compile_shared(&request, sources, diagnostics, &mut shared);
        if let Some((plan, trace)) = compiled {
            scripts.extend(audio::recorded(&plan, &trace, line));
        }
        let Ok(file) = sources.read(line) else {
            continue;
        };
        // Its problems were reported by the compiler.
        let tree = tree::parse(file, sources, &mut Diagnostics::default());
        numbers.push(Numbers::of(&tree));
    }
    shared.report(diagnostics);
    numbers::clashes(&numbers, diagnostics);
    audio::check(&scripts, false, sources, diagnostics);
}

/// Checks a groups file alone.
pub fn check_groups(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) {
    let mut roster = Roster::default();
    if let Some(file) = open(path, None, sources, diagnostics) {
        let table = tree::parse(file, sources, diagnostics);
        roster.read(&table, Place { file, span: 0..0 }, diagnostics);
        roster.check_agents(diagnostics);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_different_sites_are_checked_side_by_side() {
        let mut sources = Sources::default();
        let mut lines = Vec::new();
        for (folder, number) in [
            ("a", "+441632960100"),
            ("b", "+441632960101"),
            ("c", "+441632960100"),
        ] {
            let text = format!(
                "[line]\nname = \"X\"\ngroups = \"groups.toml\"\ntimezone = \"UTC\"\n\
                 languages = [\"en\"]\nnumbers = [\"{number}\"]\nstart = \"desk\"\n\
                 [transfer.desk]\nto = \"{number}\"\nfailed = \"@hangup\"\n"
            );
            let line = Path::new(folder).join("shop.toml");
            sources.add(&line, text);
            sources.add(
                &Path::new(folder).join("groups.toml"),
                "[group.desk]\n".to_owned(),
            );
            lines.push(line);
        }
        let mut diagnostics = Diagnostics::default();
        check_lines(&lines[..2], None, &mut sources, &mut diagnostics);
        assert_eq!(diagnostics.render(&sources, false), "");
        check_lines(&lines, None, &mut sources, &mut diagnostics);
        assert!(diagnostics.has("number-clash"));
    }
}
