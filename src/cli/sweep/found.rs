//! From what was run to what is printed.

use super::Sweep;
use crate::cli::study::Ran;
use crate::cli::study::case;
use crate::cli::study::notes;
use crate::cli::study::quoted;
use crate::exchange::time::Tick;
use crate::menu::source::Sources;
use crate::report::study::Study;
use crate::report::sweep;
use crate::report::sweep::ramp;
use crate::sim::recovery;
use crate::sim::scaling::Scaling;
use crate::sim::study::CaseResult;
use crate::sim::study::Cases;
use crate::sim::sweep::Swept;
use crate::sim::sweep::ramp::Ramped;
use crate::sim::sweep::setting::Setting;

const MS_PER_HOUR: f64 = 3_600_000.0;

/// By what the forecast was scaled, line by line, and whether the scenario has what-ifs.
type Remarks = (Vec<Scaling>, bool);

/// A sweep.
pub(super) fn sweep(
    args: &Sweep,
    cases: &Cases,
    sources: &Sources,
    swept: Swept,
    remarks: Remarks,
) -> sweep::Sweep {
    let frame = cases.base.frame;
    let recovered = swept.points.iter().filter_map(|point| point.recovered);
    let recovered = recovered
        .map(|one| sweep::Recovered {
            after: one.after_s,
            missing_runs: one.missing_runs,
            untold_runs: one.untold_runs,
        })
        .collect();
    let axes = swept.axes.into_iter().map(|axis| sweep::Axis {
        name: axis.name,
        values: axis.values,
    });
    let axes: Vec<sweep::Axis> = axes.collect();
    let points = swept.points.into_iter().enumerate();
    let named = points.map(|(place, point)| (sweep::point_name(&axes, place), point.result));
    let mut flags = String::new();
    if let Some(axis) = axes.first().filter(|axis| axis.name == "load") {
        let loads = axis.values.iter().filter_map(|(_, load)| *load);
        let loads: Vec<String> = loads.map(|load| load.to_string()).collect();
        flags.extend([" --load ", &loads.join(",")]);
    }
    flags += &sets(args);
    if let Some(spike) = args.spike {
        flags.extend([" --spike ", &spike.to_string()]);
    }
    sweep::Sweep {
        study: study(args, cases, sources, named, (flags, remarks)),
        axes,
        knee: swept.knee,
        twice: swept.twice,
        best: swept.best,
        spike: args.spike.map(|spike| sweep::Spike {
            when: spike.to_string(),
            recovered,
            meaning: meaning(),
        }),
        hours: (frame.until.0 - frame.from.0) as f64 / MS_PER_HOUR,
    }
}

/// A ramp.
pub(super) fn ramp(
    args: &Sweep,
    cases: &Cases,
    sources: &Sources,
    ramped: Ramped,
    remarks: Remarks,
) -> ramp::Ramp {
    let loads = ramped.levels.iter().map(|level| level.load.to_string());
    let loads = loads.collect::<Vec<_>>().join(",");
    let flags = format!(" --ramp --load {loads}{}", sets(args));
    let mut study = study(
        args,
        cases,
        sources,
        [("ramp".to_owned(), ramped.result)].into_iter(),
        (flags, remarks),
    );
    if !is_staff_constant(cases) {
        let note =
            "People come and go during the ramp: both ways through a level do not meet as many.";
        study.notes.push(note.to_owned());
    }
    let minutes = |ms: u64| format!("{:.1} min", ms as f64 / 60_000.0);
    let fixed = |setting: &Setting| {
        let value = setting.labels().next().unwrap_or_default();
        format!("{} = {value}", setting.key())
    };
    ramp::Ramp {
        fixed: args.set.iter().map(fixed).collect(),
        levels: ramped.levels,
        held: (minutes(ramped.held.0), minutes(ramped.held.0 / 2)),
        gap: ramped.gap,
        study,
    }
}

/// Whether everybody is there for the whole run.
fn is_staff_constant(cases: &Cases) -> bool {
    let scenario = cases.base.scenario();
    let end = Tick(0) + scenario.length;
    scenario
        .workers
        .iter()
        .all(|worker| match &worker.shifts[..] {
            [one] => one.from == Tick(0) && one.to >= end && one.breaks.is_empty(),
            _ => false,
        })
}

fn study(
    args: &Sweep,
    cases: &Cases,
    sources: &Sources,
    named: impl Iterator<Item = (String, CaseResult)>,
    (flags, (scaled, left_out)): (String, Remarks),
) -> Study {
    let (seed, runs) = args.runs.size(cases.base.scenario());
    let mut named = named.map(|(name, result)| case(&name, result));
    let base = named.next().expect("at least one point");
    let mut notes = notes(&cases.base, &scaled, base.summary.wants_runs());
    if left_out {
        notes.push("The what-ifs of the scenario are left out.".to_owned());
    }
    Ran {
        scenario: &args.scenario,
        model: &cases.base,
        sources,
        seed,
        base,
        what_ifs: named.collect(),
        precision: Vec::new(),
        notes,
        command: format!(
            "strowger sweep {}{flags} --seed {seed} --runs {runs}",
            args.scenario.display()
        ),
    }
    .study()
}

fn sets(args: &Sweep) -> String {
    let flag = |setting: &Setting| format!(" --set {}", quoted(setting.text()));
    args.set.iter().map(flag).collect()
}

fn meaning() -> String {
    format!(
        "from the end of the spike to the first moment at which, of more than {} outcomes within the last \
         {}, at least {} % were answers within the queue's T. Outcomes are answers, hang-ups in the \
         queue later than the short abandon, waits that were too long, refusals at a queue's door, and \
         attempts that were blocked. A run with so many for no more than half of the time after the \
         spike does not tell.",
        recovery::FEW,
        recovery::WINDOW,
        recovery::ENOUGH
    )
}
