//! `callers.languages`: what callers speak, and lines that do not.

use super::check::Check;
use super::share;
use crate::exchange::dialplan::Line;
use crate::exchange::id::LanguageId;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::sim::clientele;

/// Reads the shares; none where every caller speaks the first language of the line.
pub(super) fn read(callers: &mut Fields<'_>, check: &mut Check<'_>) -> Vec<(LanguageId, f64)> {
    let Some(mut table) = callers.inner("languages") else {
        if check.names.has_several_lines() {
            check.note("callers.languages", "all the first of the line they call");
            return Vec::new();
        }
        let (first, tag) = check.names.first_language();
        check.note("callers.languages", format!("all {tag}"));
        return vec![(first, 1.0)];
    };
    let mut languages = Vec::new();
    let mut shares = Vec::new();
    for entry in table.entries() {
        let tag = &entry.key.text;
        let share = share::read(&mut table, tag);
        match check.names.language(tag) {
            Some(language) => {
                shares.push(share);
                languages.extend(share.map(|share| (language, share)));
            }
            None => {
                let message = format!("no line of this scenario speaks \"{tag}\"");
                let place = entry.key.place.clone();
                let diagnostic = Diagnostic::error("unknown-language", place, message);
                table.push(diagnostic.suggest(tag, check.names.languages()));
                shares.push(None);
            }
        }
    }
    share::add_up("the languages", &shares, table.place(), &mut table);
    callers.absorb(table);
    let place = callers.key_place("languages");
    for line in &check.names.dialplan.lines {
        let place = place.clone().unwrap_or_else(|| callers.place());
        if let Some(problem) = unspoken(line, &languages, place, check) {
            callers.push(problem);
        }
    }
    languages
}

/// What the callers of a line speak instead, which does not speak all of their languages.
fn unspoken(
    line: &Line,
    languages: &[(LanguageId, f64)],
    place: Place,
    check: &Check<'_>,
) -> Option<Diagnostic> {
    let is_spoken = |language: &LanguageId| line.languages.contains(language);
    let of_callers = languages.iter().filter(|(_, share)| *share > 0.0);
    let all = &check.names.dialplan.languages;
    let tag = |language: &LanguageId| all.get(language.index()).map_or("", String::as_str);
    let mut missing = of_callers.clone().filter(|(one, _)| !is_spoken(one));
    let (first, _) = missing.next()?;
    let missing = missing.fold(format!("\"{}\"", tag(first)), |list, (one, _)| {
        format!("{list}, \"{}\"", tag(one))
    });
    let name = &line.name;
    let instead = clientele::languages(line, languages);
    let instead = instead.iter().map(|(language, share)| {
        let percent = (share * 1000.0).round() / 10.0;
        format!("{percent} % {}", tag(language))
    });
    let instead = instead.collect::<Vec<_>>().join(", ");
    let diagnostic = match of_callers.clone().any(|(one, _)| is_spoken(one)) {
        true => {
            let message = format!(
                "the line \"{name}\" does not speak {missing}: its callers speak {instead}"
            );
            Diagnostic::info("unspoken-language", place, message)
        }
        false => {
            let message = format!(
                "the line \"{name}\" speaks none of the languages of its callers: they speak {instead}, its \
                 first one"
            );
            Diagnostic::warning("unspoken-language", place, message)
        }
    };
    let help = "callers of a line speak those of `languages` that it speaks, in the same proportions; \
                where that is not meant, simulate the line in a scenario of its own";
    Some(diagnostic.help(help))
}
