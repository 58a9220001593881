//! Those who call one line: what they want, and what they speak.

use super::scenario::Callers;
use super::scenario::Want;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Line;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;

/// The callers of a line, in shares that add up to 1.
#[derive(Clone, Debug)]
pub(super) struct Clientele {
    /// What the line has for them, by the places of the wants; nothing for those who press keys by shares.
    pub(super) wants: Vec<(u16, f64)>,
    pub(super) languages: Vec<(LanguageId, f64)>,
}

impl Clientele {
    pub(super) fn new(plan: &Dialplan, line: LineId, wants: &[Want], callers: &Callers) -> Self {
        let wants = (0..).zip(wants);
        let own = wants.filter(|(_, want)| want.line(plan) == line);
        Self {
            wants: own.map(|(place, want)| (place, want.share)).collect(),
            languages: languages(plan.line(line), &callers.languages),
        }
    }
}

/// Of the languages that callers speak those that the line speaks, or else its first one.
pub(super) fn languages(line: &Line, of_callers: &[(LanguageId, f64)]) -> Vec<(LanguageId, f64)> {
    let spoken = &line.languages;
    let known = of_callers.iter().copied();
    let known: Vec<_> = known
        .filter(|(language, _)| spoken.contains(language))
        .collect();
    if known.len() == of_callers.len() && !known.is_empty() {
        return known;
    }
    let all: f64 = known.iter().map(|(_, share)| share).sum();
    match all > 0.0 {
        true => {
            let shares = known.into_iter();
            shares
                .map(|(language, share)| (language, share / all))
                .collect()
        }
        false => vec![(spoken.first().copied().unwrap_or(LanguageId(0)), 1.0)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::Request;
    use crate::menu::compile;
    use crate::menu::diagnostic::Diagnostics;
    use crate::menu::source::Sources;
    use std::path::Path;
    use std::path::PathBuf;

    #[test]
    fn callers_speak_what_their_line_speaks() {
        let mut sources = Sources::default();
        let mut lines = Vec::new();
        for (name, languages) in [("a", "\"en\", \"es\", \"vi\""), ("b", "\"vi\", \"en\"")] {
            let text = format!(
                "[line]\nname = \"X\"\ngroups = \"groups.toml\"\ntimezone = \"UTC\"\n\
                 languages = [{languages}]\nstart = \"desk\"\n\
                 [transfer.desk]\nto = \"+441632960100\"\nfailed = \"@hangup\"\n"
            );
            lines.push(PathBuf::from(format!("{name}.toml")));
            sources.add(&lines[lines.len() - 1], text);
        }
        sources.add(Path::new("groups.toml"), "[group.desk]\n".to_owned());
        let request = Request {
            lines,
            ..Request::default()
        };
        let mut problems = Diagnostics::default();
        let plan = compile(&request, &mut sources, &mut problems);
        let plan = plan.unwrap_or_else(|| panic!("{}", problems.render(&sources, false)));
        let [en, es, vi] = [0, 1, 2].map(LanguageId);
        let of =
            |line: u16, callers: &[(LanguageId, f64)]| languages(plan.line(LineId(line)), callers);
        let all = [(en, 0.3), (es, 0.4), (vi, 0.3)];
        assert_eq!(of(0, &all), all);
        assert_eq!(of(1, &all), [(en, 0.5), (vi, 0.5)]);
        assert_eq!(of(1, &[(es, 1.0)]), [(vi, 1.0)]);
        assert_eq!((of(0, &[]), of(1, &[])), (vec![(en, 1.0)], vec![(vi, 1.0)]));
    }
}
