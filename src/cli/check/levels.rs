//! How much a kind of problem matters, where somebody wants it otherwise: `--deny`, `--warn`, `--allow`.

use crate::cli::explain_code;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Severity;
use clap::Args;
use std::collections::BTreeMap;

/// All codes of a severity at once.
const WARNINGS: &str = "warnings";
const REMARKS: &str = "remarks";

/// Levels from the command line.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Levels {
    /// Codes that are errors here, or `warnings` or `remarks` for all of these.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    deny: Vec<String>,
    /// Codes that are warnings here, or `remarks` for all of these. Errors stay errors.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    warn: Vec<String>,
    /// Codes that are not reported, or `warnings` or `remarks` for all of these. Errors are.
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = code)]
    allow: Vec<String>,
}

/// What is made of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Allow,
    Warn,
    Deny,
}

impl Levels {
    /// Refuses a code that has two levels.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        for (flag, codes) in self.by_flag() {
            for code in codes {
                match taken.insert(code, flag) {
                    Some(before) if before != flag => {
                        return Err(format!("{code} has two levels: {before} and {flag}"));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// The problems at the levels that are wanted. An error is never less: nothing that has one is
    /// ever loaded.
    pub(super) fn apply(&self, problems: Diagnostics) -> Diagnostics {
        problems.graded(|problem| {
            let own = self.of(problem.code);
            let level = own.or_else(|| match problem.severity {
                Severity::Error => None,
                Severity::Warning => self.of(WARNINGS),
                Severity::Info => self.of(REMARKS),
            });
            match (problem.severity, level) {
                (Severity::Error, _) | (_, Some(Level::Deny)) => Some(Severity::Error),
                (_, Some(Level::Warn)) => Some(Severity::Warning),
                (_, Some(Level::Allow)) => None,
                (severity, None) => Some(severity),
            }
        })
    }

    fn of(&self, code: &str) -> Option<Level> {
        let levels = [Level::Deny, Level::Warn, Level::Allow];
        let mut named = self.by_flag().into_iter().zip(levels);
        let found = named.find(|((_, codes), _)| codes.iter().any(|other| other == code));
        found.map(|(_, level)| level)
    }

    fn by_flag(&self) -> [(&'static str, &[String]); 3] {
        [
            ("--deny", &self.deny),
            ("--warn", &self.warn),
            ("--allow", &self.allow),
        ]
    }
}

/// A code, as it is written on the command line.
fn code(text: &str) -> Result<String, String> {
    if [WARNINGS, REMARKS].contains(&text) {
        return Ok(text.to_owned());
    }
    match explain_code::find(text) {
        Some(code) => Ok(code.name.to_owned()),
        None => Err(explain_code::unknown(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::diagnostic::Diagnostic;

    fn graded(levels: &Levels) -> Vec<(&'static str, Severity)> {
        let mut problems = Diagnostics::default();
        for (code, severity) in [
            ("dead-end", Severity::Error),
            ("too-deep", Severity::Warning),
            ("long-prompt", Severity::Warning),
            ("hidden-key", Severity::Info),
        ] {
            problems.push(Diagnostic::new(code, severity, None, ""));
        }
        let problems = levels.apply(problems);
        let sorted = problems.sorted().into_iter();
        sorted
            .map(|problem| (problem.code, problem.severity))
            .collect()
    }

    fn list(codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| (*code).to_owned()).collect()
    }

    #[test]
    fn a_code_has_its_own_level_before_that_of_its_kind() {
        let levels = Levels {
            deny: list(&["warnings"]),
            warn: list(&["hidden-key"]),
            allow: list(&["long-prompt", "dead-end"]),
        };
        assert_eq!(levels.check(), Ok(()));
        assert_eq!(
            graded(&levels),
            [
                ("dead-end", Severity::Error),
                ("too-deep", Severity::Error),
                ("hidden-key", Severity::Warning),
            ]
        );
    }

    #[test]
    fn remarks_may_all_be_left_out() {
        let levels = Levels {
            allow: list(&["remarks"]),
            ..Levels::default()
        };
        assert_eq!(graded(&levels).len(), 3);
    }

    #[test]
    fn two_levels_of_one_code_are_refused() {
        let levels = Levels {
            deny: list(&["too-deep"]),
            allow: list(&["too-deep"]),
            ..Levels::default()
        };
        let said = levels.check().expect_err("two levels");
        assert_eq!(said, "too-deep has two levels: --deny and --allow");
    }
}
