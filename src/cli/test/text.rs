//! What came of call tests, for people.

use super::FileRun;
use super::LineRun;
use super::Results;
use super::Run;
use crate::cli::transcript;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::StepId;
use crate::menu::source::Sources;
use crate::rehearse::Covered;
use crate::rehearse::Problem;
use crate::rehearse::Row;
use crate::rehearse::beside;
use crate::rehearse::told;
use crate::report::style::Style;
use std::fmt::Write;

/// Before what belongs to a failed call.
const INDENT: &str = "      ";
/// Before names and words in it.
const LABEL: usize = 11;

pub(super) fn print(results: &Results, sources: &Sources, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
    };
    for file in &results.files {
        page.file(file, sources);
    }
    for line in &results.lines {
        page.line(line, results);
    }
    page.sum(results);
    page.text
}

struct Page {
    text: String,
    style: Style,
}

impl Page {
    fn say(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn mark(&self, good: bool) -> String {
        let mark = self.style.mark(good);
        match good {
            true => self.style.good(mark),
            false => self.style.bad(mark),
        }
    }

    fn file(&mut self, file: &FileRun, sources: &Sources) {
        self.say(&self.style.bold(&file.file.display().to_string()));
        for call in &file.calls {
            let mark = self.mark(call.problems.is_empty());
            let name = &call.test.name;
            self.say(&format!("  {mark} {}", name.text));
            if !call.problems.is_empty() {
                let (line, _) = sources.position(name.place.file, name.place.span.start);
                self.failed(
                    call,
                    &file.tests.plan,
                    &format!("{}:{line}", file.file.display()),
                );
            }
        }
        self.say("");
    }

    fn failed(&mut self, call: &Run, plan: &Dialplan, place: &str) {
        self.labelled("test", place);
        for problem in &call.problems {
            self.problem(problem, plan);
        }
        let (pressed, left) = (call.played.story.pressed(), &call.played.left);
        let pressed = match pressed.is_empty() {
            true => "none pressed".to_owned(),
            false => format!("\"{pressed}\" pressed"),
        };
        let keys = match left.is_silent() {
            true => pressed,
            false => format!("{pressed}, \"{left}\" left over"),
        };
        self.labelled("keys", &keys);
        self.labelled("the call", "");
        let rows = told(plan, &call.played.story);
        for row in transcript::rows(&rows, self.style, INDENT.len()) {
            self.say(&row);
        }
    }

    fn labelled(&mut self, label: &str, text: &str) {
        let label = self.style.dim(&format!("{label:<LABEL$}"));
        self.say(&format!("{INDENT}{label}{text}"));
    }

    fn problem(&mut self, problem: &Problem, plan: &Dialplan) {
        let step = |id: StepId| plan.step(id).name.as_str();
        match problem {
            Problem::Path { expected, found } => self.path(expected, found, plan),
            Problem::EndsAt { expected, found } => {
                let found = found.map_or("no step", step);
                self.differs("ends at", step(*expected), found);
            }
            Problem::Outcome { expected, found } => self.differs("outcome", expected, found),
            Problem::Language { expected, found } => {
                let tag = |at: usize| plan.languages[at].as_str();
                self.differs("language", tag(expected.index()), tag(found.index()));
            }
            Problem::Recorded { expected } => {
                let whether = |is| if is { "yes" } else { "no" };
                self.differs("recorded", whether(*expected), whether(!*expected));
            }
            Problem::Unheard(words) => self.labelled("not heard", &format!("\"{words}\"")),
            Problem::Unanswered(at, nth) => {
                let name = step(*at);
                let nothing = match nth {
                    0 => "the test does not say what it answers".to_owned(),
                    1 => "the test says what it answers once, and it was asked again".to_owned(),
                    nth => {
                        format!("the test says what it answers {nth} times, and it was asked again")
                    }
                };
                self.labelled("look-up", &format!("{name}: {nothing}"));
                let help = match nth {
                    0 => format!("add: lookup.{name} = {{ … }}"),
                    _ => format!("add another table to the list of lookup.{name}"),
                };
                self.labelled("", &help);
            }
            Problem::KeysLeft(keys) => {
                let text = format!("the call was over before \"{keys}\" could be pressed");
                self.labelled("keys left", &text);
            }
        }
    }

    fn differs(&mut self, label: &str, expected: &str, found: &str) {
        self.labelled(label, &format!("{found}, and not {expected}"));
    }

    /// Both ways beside each other.
    fn path(&mut self, expected: &[StepId], found: &[StepId], plan: &Dialplan) {
        let name = |id: StepId| plan.step(id).name.as_str();
        let names = expected.iter().map(|step| name(*step).chars().count());
        let width = names.chain(["expected".len()]).max().unwrap_or_default() + 3;
        self.labelled("path", &format!("  {:<width$}found", "expected"));
        for row in beside(expected, found) {
            let text = match row {
                Row::Same(step) => {
                    let name = name(step);
                    format!("  {name:<width$}{name}")
                }
                Row::Missing(step) => self.style.bad(&format!("- {}", name(step))),
                Row::Unexpected(step) => self.style.bad(&format!("+ {:<width$}{}", "", name(step))),
            };
            self.labelled("", &text);
        }
    }

    fn line(&mut self, line: &LineRun, results: &Results) {
        let (steps, keys) = (line.coverage.steps(), line.coverage.keys());
        let mark = match results.wanted {
            Some(_) => format!("{} ", self.mark(results.is_covered(line))),
            None => String::new(),
        };
        let name = self.style.bold(&line.path.display().to_string());
        let counts = format!("{}, {}", count(&steps, "step"), count(&keys, "key"));
        let wanted = results.wanted.filter(|_| !results.is_covered(line));
        let wanted = wanted.map_or(String::new(), |wanted| {
            format!("; {wanted}% of both are asked for")
        });
        self.say(&format!("{mark}{name}: {counts}{wanted}"));
        self.missing("steps never reached", &steps);
        self.missing("keys never pressed", &keys);
    }

    fn missing(&mut self, label: &str, covered: &Covered) {
        if covered.missing.is_empty() {
            return;
        }
        let text = format!("{label}: {}", covered.missing.join(", "));
        for line in transcript::wrap(&text, self.style.width - 4) {
            self.say(&format!("    {line}"));
        }
    }

    fn sum(&mut self, results: &Results) {
        let (all, passed) = (results.calls().count(), results.passed());
        let calls = match all {
            1 => "1 call".to_owned(),
            all => format!("{all} calls"),
        };
        let mut sum = String::new();
        let _ = match all - passed {
            0 => write!(sum, "{calls}: all passed"),
            failed => write!(sum, "{calls}: {passed} passed, {failed} failed"),
        };
        self.say(&sum);
    }
}

fn count(covered: &Covered, what: &str) -> String {
    let Covered { reached, of, .. } = covered;
    let several = if *of == 1 { "" } else { "s" };
    format!("{reached} of {of} {what}{several}")
}
