//! A scenario at one load or setting after another: where it breaks, and what is left of it beyond.

pub mod loads;
pub mod ramp;
pub mod setting;
pub mod spike;
mod steps;

pub use steps::STEPS_MAX;

use super::model::Model;
use super::recovery::Recovered;
use super::recovery::Recovery;
use super::replicate::replicate_watched;
use super::steady;
use super::study::CaseResult;
use super::study::Cases;
use super::study::LEVEL;
use super::study::case_of;
use super::study::run_case;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::Figure;
use crate::measure::RunFigures;
use crate::measure::confidence::Confidence;
use crate::menu::Override;
use crate::menu::source::Sources;
use loads::LOAD_MAX;
use loads::Loads;
use setting::Setting;
use spike::Spike;

/// The most points of a sweep.
pub const POINTS_MAX: usize = 400;
/// The most dimensions of a sweep: what a table can show. What has one value is none.
pub const DIMENSIONS_MAX: usize = 2;
/// The most keys that are set.
pub const SETTINGS_MAX: usize = 16;

/// Loads that differ by less of themselves are as good as the same: what is written as 0.6667 and 1.3333.
const NEARLY: f64 = 1e-3;

/// What is swept over.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Factors on the calls, if they are a dimension: the first.
    pub loads: Option<Loads>,
    /// Keys with their values; a dimension each if there are several.
    pub settings: Vec<Setting>,
    /// The part of the day that the loads are those of.
    pub spike: Option<Spike>,
}

/// One dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// `load`, or the key.
    pub name: String,
    /// The values as written, and as numbers where they are plain ones.
    pub values: Vec<(String, Option<f64>)>,
}

/// A load or a setting, and what came of it.
#[derive(Clone, Debug)]
pub struct Point {
    /// The factor on the calls.
    pub load: f64,
    /// The figures.
    pub result: CaseResult,
    /// For a sweep with a spike, how long it took to recover.
    pub recovered: Option<AllRecovered>,
}

/// How long runs took to recover from a spike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AllRecovered {
    /// From the end of the spike; a run that did not recover counts with the time to its end, so that
    /// the mean is too small where there are any. Runs that do not tell are left out.
    pub after_s: Figure,
    /// Runs that did not recover.
    pub missing_runs: usize,
    /// Runs with too few outcomes to tell.
    pub untold_runs: usize,
}

/// All points.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The loads, if there are any, and the keys; one or two of them have several values.
    pub axes: Vec<Axis>,
    /// All combinations; the last dimension changes fastest.
    pub points: Vec<Point>,
    /// Where load is the one dimension, the place of the knee: the load of the largest power. None where it
    /// still grows at the end, so that the knee lies beyond.
    pub knee: Option<usize>,
    /// The place of twice the knee's load.
    pub twice: Option<usize>,
    /// Where a setting is a dimension, the place of the largest goodput.
    pub best: Option<usize>,
}

impl Sweep {
    /// What is wrong with it, whatever the scenario is.
    pub fn check(&self) -> Result<(), String> {
        let axes = self.axes();
        let dimensions = axes.iter().filter(|axis| axis.values.len() > 1).count();
        if dimensions > DIMENSIONS_MAX {
            return Err(format!(
                "{dimensions} dimensions are more than a table can show: {DIMENSIONS_MAX} at most of \
                 `--load` and `--set` may have several values"
            ));
        }
        if self.settings.len() > SETTINGS_MAX {
            return Err(format!("{SETTINGS_MAX} keys are set at most"));
        }
        let mut keys: Vec<&str> = self.settings.iter().map(Setting::key).collect();
        keys.sort_unstable();
        if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("`{}` is set twice", pair[0]));
        }
        let points: usize = axes.iter().map(|axis| axis.values.len()).product();
        if points > POINTS_MAX {
            return Err(format!(
                "{points} points are more than {POINTS_MAX}: take fewer steps"
            ));
        }
        Ok(())
    }

    fn axes(&self) -> Vec<Axis> {
        let loads = self.loads.iter().map(|loads| load_axis(loads.values()));
        let setting = |setting: &Setting| Axis {
            name: setting.key().to_owned(),
            values: setting.labels().zip(setting.numbers()).collect(),
        };
        loads.chain(self.settings.iter().map(setting)).collect()
    }

    /// What is set, combination by combination, each with a name. The flags become sources.
    pub fn changes(&self, sources: &mut Sources) -> Vec<(String, Vec<Override>)> {
        let mut all: Vec<(String, Vec<Override>)> = Vec::new();
        for setting in &self.settings {
            let file = sources.add_flag("--set", setting.text().to_owned());
            let own: Vec<(String, Override)> =
                setting.labels().zip(setting.changes(file)).collect();
            let named = |label: &str| format!("{} = {label}", setting.key());
            all = match all.is_empty() {
                true => own
                    .into_iter()
                    .map(|(label, change)| (named(&label), vec![change]))
                    .collect(),
                false => all
                    .iter()
                    .flat_map(|before| own.iter().map(move |one| (before, one)))
                    .map(|((name, changes), (label, change))| {
                        let both = [&changes[..], std::slice::from_ref(change)].concat();
                        (format!("{name}, {}", named(label)), both)
                    })
                    .collect(),
            };
        }
        all
    }

    /// Why the spike does not fit the scenario, or one of those that the settings make of it.
    pub fn check_spike(&self, cases: &Cases) -> Result<(), String> {
        let Some(spike) = self.spike else {
            return Ok(());
        };
        let models = self.models(cases);
        models.iter().try_for_each(|model| {
            let window = spike.window(model.scenario());
            window.map(|_| ())
        })
    }

    fn models<'c>(&self, cases: &'c Cases) -> Vec<&'c Model> {
        match self.settings.is_empty() {
            true => vec![&cases.base],
            false => cases.what_ifs.iter().map(|(_, model)| model).collect(),
        }
    }

    /// Runs every point with the same callers, as far as there are more or fewer of them, and, where
    /// load is the one dimension, twice the knee. `cases` are those of [`Sweep::changes`], and fit the
    /// spike; `more` is
    /// told how many runs there will be, `done` is called after each.
    pub fn run(
        &self,
        cases: &Cases,
        (seed, runs): (u64, u32),
        more: impl Fn(u64),
        done: &(impl Fn() + Sync),
    ) -> Swept {
        let as_written = Loads::as_written();
        let loads = self.loads.as_ref().unwrap_or(&as_written).values();
        let models = self.models(cases);
        let at = |(load, model): (f64, &Model)| {
            let window = self
                .spike
                .and_then(|spike| spike.window(model.scenario()).ok());
            point(model, load, window, (seed, runs), done)
        };
        more(u64::from(runs) * (loads.len() * models.len()) as u64);
        let all = loads
            .iter()
            .flat_map(|load| models.iter().map(|model| (*load, *model)));
        let points: Vec<Point> = all.map(at).collect();
        let of_load = models.len() == 1 && self.loads.is_some();
        let mut swept = Swept {
            axes: self.axes(),
            best: if of_load { None } else { best(&points) },
            points,
            knee: None,
            twice: None,
        };
        if of_load {
            // Twice the knee may have the largest power of all: the knee is then another one, or none.
            while let Some(load) = beyond(&swept.points) {
                more(u64::from(runs) * (swept.points.len() as u64 + 1));
                swept.points.push(at((load, models[0])));
                let points = &mut swept.points;
                points.sort_by(|one, other| one.load.total_cmp(&other.load));
            }
            let loads: Vec<f64> = swept.points.iter().map(|point| point.load).collect();
            swept.axes[0] = load_axis(&loads);
            swept.knee = knee(&swept.points);
            let twice = twice_the_knee(&swept.points);
            swept.twice = twice.and_then(|load| place(&swept.points, load));
        }
        swept
    }
}

fn load_axis(loads: &[f64]) -> Axis {
    let value = |load: &f64| (format!("{load:.2}"), Some(*load));
    Axis {
        name: "load".to_owned(),
        values: loads.iter().map(value).collect(),
    }
}

fn point(
    model: &Model,
    load: f64,
    window: Option<(Tick, Tick)>,
    (seed, runs): (u64, u32),
    done: &(impl Fn() + Sync),
) -> Point {
    let Some(window) = window else {
        let mut model = model.at_load(load);
        model.settle(steady::find(&model, seed));
        return Point {
            load,
            result: run_case(&model, seed, runs, done),
            recovered: None,
        };
    };
    let model = model.with_spike(window, load);
    let watcher = || Recovery::new(&model.plan, window.1);
    let both = replicate_watched(&model, seed, 0..runs, watcher, done);
    let (figures, watchers): (Vec<RunFigures>, Vec<Recovery>) = both.into_iter().unzip();
    let until = model.frame.until;
    let after = watchers.into_iter().map(|mut watcher| watcher.after(until));
    Point {
        load,
        recovered: Some(recovered(&after.collect::<Vec<_>>(), until - window.1)),
        result: case_of(&model, &figures),
    }
}

fn recovered(after: &[Recovered], at_most: Span) -> AllRecovered {
    let confidence = Confidence::new(LEVEL, after.len());
    let seconds = |after: &Recovered| match after {
        Recovered::After(after) => Some(after.as_seconds()),
        Recovered::Not => Some(at_most.as_seconds()),
        Recovered::TooFew => None,
    };
    let mean = confidence.mean(after.iter().map(seconds));
    let count = |what| after.iter().filter(|after| **after == what).count();
    AllRecovered {
        after_s: mean.clamped(0.0, f64::INFINITY),
        missing_runs: count(Recovered::Not),
        untold_runs: count(Recovered::TooFew),
    }
}

fn place(points: &[Point], load: f64) -> Option<usize> {
    points
        .iter()
        .position(|point| (point.load - load).abs() < NEARLY * load)
}

fn goodput(point: &Point) -> f64 {
    rate(point, "callers_served")
}

fn rate(point: &Point, count: &str) -> f64 {
    let count = point.result.summary.total.mean(count);
    // What was cut off differs from load to load.
    let steady = point.result.summary.steady;
    let counted = steady.map_or(1.0, |steady| steady.counted().as_seconds());
    count.unwrap_or(0.0) / counted
}

/// The goodput times the share of callers who got what they called for: it grows with the load as long as the
/// number grows by more than the share falls. Kleinrock, *Power and deterministic rules of thumb for
/// probabilistic problems in computer communications*, ICC 1979, with that share in the place of the delay.
fn power(point: &Point) -> f64 {
    let (served, came) = (goodput(point), rate(point, "callers"));
    if came > 0.0 {
        served * served / came
    } else {
        0.0
    }
}

fn knee(points: &[Point]) -> Option<usize> {
    let knee = largest(points, power)?;
    (knee + 1 < points.len()).then_some(knee)
}

/// Twice the load of the knee, where that is one.
fn twice_the_knee(points: &[Point]) -> Option<f64> {
    let load = 2.0 * points[knee(points)?].load;
    (load <= LOAD_MAX).then_some(load)
}

/// The same as long as there is no such point.
fn beyond(points: &[Point]) -> Option<f64> {
    twice_the_knee(points).filter(|load| place(points, *load).is_none())
}

/// The first of those with the largest goodput.
fn best(points: &[Point]) -> Option<usize> {
    largest(points, goodput)
}

/// The first of those with the largest value; none where that is nothing.
fn largest(points: &[Point], value: fn(&Point) -> f64) -> Option<usize> {
    let most = points.iter().map(value).fold(0.0, f64::max);
    let place = points.iter().position(|point| value(point) >= most)?;
    (most > 0.0).then_some(place)
}
