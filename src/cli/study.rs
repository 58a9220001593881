//! What `simulate` and `compare` have in common: how a study is put together and printed.

use super::Exit;
use super::Format;
use super::output;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::report;
use crate::report::study::Case;
use crate::report::study::GoalResult;
use crate::report::study::Precision;
use crate::report::study::Study;
use crate::sim::model::Model;
use crate::sim::precision::Reached;
use crate::sim::scaling::Scaling;
use crate::sim::scaling::TOLERANCE;
use crate::sim::study::CaseResult;
use crate::sim::study::Cases;
use crate::sim::study::has_times_of;
use crate::sim::study::load;
use std::path::Path;

/// Runs that are over, and how they came about.
pub(super) struct Ran<'a> {
    pub(super) scenario: &'a Path,
    pub(super) model: &'a Model,
    pub(super) sources: &'a Sources,
    pub(super) seed: u64,
    pub(super) base: Case,
    pub(super) what_ifs: Vec<Case>,
    pub(super) precision: Vec<Precision>,
    pub(super) notes: Vec<String>,
    pub(super) command: String,
}

impl Ran<'_> {
    /// The study, with a remark on those who still waited when a run of a case ended.
    pub(super) fn study(mut self) -> Study {
        let cases = std::iter::once(&self.base).chain(&self.what_ifs);
        self.notes.extend(report::still_waiting(cases));
        let files = self.sources.iter().filter(|source| !source.is_flag);
        let files = files.map(|file| (file.path.display().to_string(), file.hash()));
        let scenario = self.model.scenario();
        let steady = self.base.summary.steady;
        Study {
            scenario: self.scenario.display().to_string(),
            title: titles(&self.model.plan),
            span: scenario.span(steady.map(|steady| steady.warm_up)),
            seed: self.seed,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            starts: scenario.interval_starts(),
            base: self.base,
            what_ifs: self.what_ifs,
            assumptions: scenario.assumptions().to_vec(),
            files: files.collect(),
            precision: self.precision,
            notes: self.notes,
            command: self.command,
        }
    }
}

/// What the lines of a plan are called among people.
fn titles(plan: &Dialplan) -> String {
    let titles: Vec<&str> = plan.lines.iter().map(|line| line.title.as_str()).collect();
    titles.join(", ")
}

/// Reads a scenario with its what-ifs, and shows what is wrong with it. The exit code where that is an error.
pub(super) fn loaded(scenario: &Path, sources: &mut Sources) -> Result<Cases, Exit> {
    let mut problems = Diagnostics::default();
    let cases = load(scenario, None, sources, &mut problems);
    let exit = output::report(&problems.without_remarks(), sources);
    cases.ok_or(exit)
}

/// What a shell would divide or replace is put in quotes.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-=,/%:+".contains(c);
    match text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

/// A scenario and its what-ifs after their runs, here or on many machines.
pub(super) struct Simulated<'a> {
    pub(super) scenario: &'a Path,
    pub(super) cases: &'a Cases,
    pub(super) sources: &'a Sources,
    pub(super) seed: u64,
    pub(super) runs: u32,
    /// By what a forecast of attempts was scaled, line by line.
    pub(super) scaled: Vec<Scaling>,
    /// The base case first.
    pub(super) results: Vec<CaseResult>,
    /// How sure figures of the base case were to be.
    pub(super) precision: Vec<Reached>,
}

impl Simulated<'_> {
    /// The command that gives this again.
    pub(super) fn command(&self) -> String {
        let (scenario, seed, runs) = (self.scenario.display(), self.seed, self.runs);
        format!("strowger simulate {scenario} --seed {seed} --runs {runs}")
    }

    /// Prints the report.
    pub(super) fn show(self, format: Format) -> Exit {
        let (seed, scenario, command) = (self.seed, self.scenario, self.command());
        let one = self
            .results
            .first()
            .is_some_and(|base| base.summary.wants_runs());
        let mut notes = notes(&self.cases.base, &self.scaled, one);
        notes.extend(void_goals(self.cases));
        notes.extend(other_times(self.cases));
        let named = self.cases.all().zip(self.results);
        let mut named = named.map(|((name, _), result)| case(name, result));
        let base = named.next().expect("the base case");
        let what_ifs = named.collect();
        let study = Ran {
            scenario,
            model: &self.cases.base,
            sources: self.sources,
            seed,
            base,
            what_ifs,
            precision: self.precision.into_iter().map(precision).collect(),
            notes,
            command,
        }
        .study();
        output::print(&match format {
            Format::Human => report::text(&study, output::style()),
            Format::Json => format!("{:#}\n", report::json(&study)),
        });
        if study.is_reached() {
            Exit::Fine
        } else {
            Exit::GoalMissed
        }
    }
}

fn precision(reached: Reached) -> Precision {
    Precision {
        figure: reached.figure,
        wanted: reached.wanted,
        half_width: reached.half_width,
        reached: reached.reached,
        runs_needed: reached.runs_needed,
    }
}

/// The figures of one case, under its name.
pub(super) fn case(name: &str, result: CaseResult) -> Case {
    let goals = result.verdicts.into_iter().map(|verdict| GoalResult {
        subject: verdict.subject,
        metric: verdict.metric.to_owned(),
        wanted: verdict.wanted,
        goal: verdict.goal,
        value: verdict.value,
        share_of_intervals: verdict.share_of_intervals,
        met: verdict.met,
        certain: verdict.certain,
        share_of_runs: verdict.share_of_runs,
        still_waiting: verdict.still_waiting,
    });
    Case {
        name: name.to_owned(),
        goals: goals.collect(),
        differences: result.differences,
        summary: result.summary,
    }
}

/// Remarks on what-ifs whose lines do not have what goals are about.
fn void_goals(cases: &Cases) -> impl Iterator<Item = String> {
    let void = |(name, model): (&str, &Model)| {
        let about = model.scenario().void_goals.join(", ");
        let note = format!(
            "The goals of {about} are void in \"{name}\": its menu files have nothing of this name."
        );
        (!about.is_empty()).then_some(note)
    };
    cases.all().filter_map(void)
}

/// A remark on what-ifs whose service levels are of other times than those of the base case.
fn other_times(cases: &Cases) -> Option<String> {
    let what_ifs = cases.what_ifs.iter();
    let other = what_ifs.filter(|(_, model)| !has_times_of(model, &cases.base));
    let names: Vec<String> = other.map(|(name, _)| format!("\"{name}\"")).collect();
    let note = format!(
        "Service levels of {} are of other times to answer than those of the base case: their differences are left out.",
        names.join(", ")
    );
    (!names.is_empty()).then_some(note)
}

/// Remarks on a day on which the clocks change, on a forecast that was scaled, and on a single run, `one`,
/// that tells of no spread.
pub(super) fn notes(model: &Model, scaled: &[Scaling], one: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(change) = model.scenario().clock_change {
        notes.push(format!(
            "A simulated day has 24 hours, for callers, people and opening hours alike: {change}."
        ));
    }
    let lines = &model.plan.lines;
    let name = |line: LineId| (lines.len() > 1).then(|| lines[line.index()].name.as_str());
    notes.extend(scaling_notes(scaled, name));
    if one {
        notes.push("One run has no confidence intervals: use --runs.".to_owned());
    }
    notes
}

/// By what a forecast of attempts was scaled, how sure that is, and where its attempts are not met. `name` is what
/// a line is called, where there are several.
fn scaling_notes<'n>(scaled: &[Scaling], name: impl Fn(LineId) -> Option<&'n str>) -> Vec<String> {
    let percent = |part: f64| part * 100.0;
    let sure = |scaling: &Scaling| percent(scaling.half_width);
    let mut notes = Vec::new();
    if let [all] = scaled
        && name(all.line).is_none()
    {
        notes.push(format!(
            "The forecast counts attempts: scaled by {:.3} to first attempts, so that redials are \
             not counted twice. That is sure to ±{:.1} % of the forecast's attempts, which no \
             interval below holds.",
            all.factor,
            sure(all)
        ));
    } else if !scaled.is_empty() {
        let each = scaled.iter().map(|scaling| {
            let (name, factor) = (name(scaling.line).unwrap_or_default(), scaling.factor);
            format!("{name} by {factor:.3} (±{:.1} %)", sure(scaling))
        });
        notes.push(format!(
            "The forecast counts attempts: those of each line are scaled to first attempts, so that redials \
             are not counted twice: {}. In brackets stands how sure that is, as a part of the line's \
             attempts, which no interval below holds.",
            each.collect::<Vec<_>>().join(", ")
        ));
    }
    let missed = scaled.iter().filter(|scaling| !scaling.is_met());
    notes.extend(missed.map(|scaling| {
        let whose = name(scaling.line).map_or_else(String::new, |name| format!(" for {name}"));
        format!(
            "The forecast's attempts{whose} are not met within {:.0} %: the nearest that was found is {:.1} % \
             of them, ±{:.1}.",
            percent(TOLERANCE),
            percent(scaling.met),
            sure(scaling)
        )
    }));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaling(line: u16, factor: f64, met: f64) -> Scaling {
        Scaling {
            line: LineId(line),
            factor,
            met,
            half_width: 0.0047,
        }
    }

    #[test]
    fn notes_say_how_sure_a_factor_is_and_when_the_forecast_is_not_met() {
        let of_one = |met| scaling_notes(&[scaling(0, 0.6602, met)], |_| None);
        let met = of_one(1.0);
        let [scaled] = &met[..] else {
            panic!("{met:?}");
        };
        assert!(scaled.contains("scaled by 0.660") && scaled.contains("±0.5 %"));
        let missed = of_one(1.042);
        let said = "The forecast's attempts are not met within 1 %: the nearest that was found is \
                    104.2 % of them, ±0.5.";
        assert_eq!(missed, [scaled, said]);
        assert!(scaling_notes(&[], |_| None).is_empty());
    }

    #[test]
    fn of_several_lines_notes_tell_the_factor_of_each() {
        let names = ["shop", "bank"];
        let scaled = [scaling(0, 0.95, 1.0), scaling(1, 0.6602, 0.973)];
        let notes = scaling_notes(&scaled, |line| Some(names[line.index()]));
        let [factors, missed] = &notes[..] else {
            panic!("{notes:?}");
        };
        let expected = "not counted twice: shop by 0.950 (±0.5 %), bank by 0.660 (±0.5 %).";
        assert!(factors.contains(expected), "{factors}");
        let expected = "The forecast's attempts for bank are not met within 1 %: the nearest";
        assert!(missed.starts_with(expected), "{missed}");
    }
}
