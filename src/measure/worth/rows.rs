//! Figures of answers, requests, look-ups, surveys and wants over all runs.

use super::answers::answer_steps;
use super::costs::Costs;
use super::lookups::lookup_steps;
use super::tally::AnswerTally;
use super::tally::LookupTally;
use super::tally::RequestTally;
use super::tally::SurveyTally;
use super::tally::WantTally;
use super::tally::Way;
use super::tally::WorthFigures;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Scale;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::StepNames;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::StepId;
use crate::exchange::key::Key;
use crate::measure::figure::Figure;
use crate::measure::figure::Part;
use crate::measure::maker::Maker;
use crate::measure::metrics::Metric;
use crate::measure::row::Metrics;
use crate::measure::row::Row;
use crate::measure::run::RunFigures;
use std::collections::BTreeSet;

/// What answers are worth, and what has none: the rows of a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorthRows {
    /// The answers, in the dialplan's order.
    pub answers: Vec<Row>,
    /// The ways to people, those of most calls first.
    pub requests: Vec<Row>,
    /// The look-ups, in the dialplan's order.
    pub lookups: Vec<Row>,
    /// The questions of surveys by queue, in the dialplan's order.
    pub surveys: Vec<Row>,
    /// What callers wanted, in the scenario's order.
    pub wants: Vec<Row>,
    /// What an hour of an agent costs, and in which currency.
    pub costs: Option<Costs>,
    /// How many runs there were.
    pub runs: usize,
}

#[rustfmt::skip]
const ANSWER: &[Metric<AnswerTally>] = &[
    ("played", |at| count(at.played)),
    ("heard_share", |at| Part::new(at.heard, at.played)),
    ("cut_off", |at| count(at.played - at.heard)),
    ("settled", |at| count(at.settled())),
    ("settled_confirmed", |at| count(at.confirmed)),
    ("settled_probable", |at| count(at.probable)),
    ("settled_share", |at| Part::new(at.settled(), at.played)),
    ("confirmed_share", |at| Part::new(at.confirmed, at.settled())),
    ("to_person", |at| count(at.to_person)),
    ("to_person_share", |at| Part::new(at.to_person, at.played)),
    ("to_another", |at| count(at.to_another)),
    ("to_another_share", |at| Part::new(at.to_another, at.played)),
    ("left_after", |at| count(at.left)),
    ("left_after_share", |at| Part::new(at.left, at.played)),
    ("came_back", |at| count(at.came_back)),
    ("came_back_share", |at| Part::new(at.came_back, at.played)),
    ("saved_s", |at| at.saved_ms.map_or(Part::NOTHING, |ms| Part::value(ms as f64 / 1000.0))),
];

#[rustfmt::skip]
const REQUEST: &[Metric<RequestTally>] = &[
    ("requests", |at| count(at.calls)),
    ("requests_after_answer", |at| count(at.after_answer)),
];

#[rustfmt::skip]
const LOOKUP: &[Metric<LookupTally>] = &[
    ("lookups", |at| count(at.asked)),
    ("lookup_found_share", |at| Part::new(at.found, at.asked)),
    ("lookup_refused", |at| count(at.refused())),
    ("lookup_timed_out", |at| count(at.timed_out)),
    ("lookup_failed", |at| count(at.failed)),
    ("lookup_slow_share", |at| Part::new(at.slow, at.asked)),
    ("lookup_mean_s", |at| Part { over: at.took_ms as f64 / 1000.0, under: at.asked as f64 }),
    ("lookup_max_s", |at| match at.asked {
        0 => Part::NOTHING,
        _ => Part::value(at.took_max_ms as f64 / 1000.0),
    }),
];

#[rustfmt::skip]
const SURVEY: &[Metric<SurveyTally>] = &[
    ("questions_put", |at| count(at.asked())),
    ("responses", |at| count(at.answered())),
    ("response_share", |at| Part::new(at.answered(), at.asked())),
    ("score_mean", |at| Part::new(at.sum(), at.answered())),
];
/// Of a scale from 1 to 5.
const CSAT: Metric<SurveyTally> = ("csat", |at| Part::new(at.between(4, 5), at.answered()));
/// Of a scale from 0 to 10.
const NPS: Metric<SurveyTally> = ("nps", |at| Part {
    over: 100.0 * (at.between(9, 10) as f64 - at.between(0, 6) as f64),
    under: at.answered() as f64,
});
/// Of the answers 1 and 2.
const YES: Metric<SurveyTally> = ("yes_share", |at| Part::new(at.answers[1], at.answered()));

#[rustfmt::skip]
const WANT: &[Metric<WantTally>] = &[
    ("wanted", |at| count(at.calls)),
    ("wanted_to_person", |at| count(at.to_person)),
    ("wanted_to_person_share", |at| Part::new(at.to_person, at.calls)),
    ("wanted_self_served_share", |at| Part::new(at.self_served, at.calls)),
    ("wanted_satisfied_share", |at| Part::new(at.satisfied, at.calls)),
];

fn count(count: u64) -> Part {
    Part::value(count as f64)
}

impl WorthRows {
    /// The rows of what happened once.
    pub fn of_one(plan: &Dialplan, worth: WorthFigures) -> Self {
        let runs = [RunFigures {
            worth,
            ..RunFigures::default()
        }];
        Self::new(plan, &Maker::of_one(&runs))
    }

    pub(in crate::measure) fn new(plan: &Dialplan, maker: &Maker<'_>) -> Self {
        let names = StepNames::new(plan);
        Self {
            answers: answers((plan, &names), maker),
            requests: requests((plan, &names), maker),
            lookups: lookups((plan, &names), maker),
            surveys: surveys((plan, &names), maker),
            wants: wants(maker),
            costs: None,
            runs: maker.runs.len(),
        }
    }

    /// The same with the scenario's names of what callers wanted, in its order.
    pub(in crate::measure) fn name_wants<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        for (row, name) in self.wants.iter_mut().zip(names) {
            name.clone_into(&mut row.name);
        }
    }

    /// The same with what saved time is worth.
    pub fn cost(&mut self, costs: &Costs) {
        for row in &mut self.answers {
            let saved = row.total.get("saved_s");
            let money = |seconds: Option<f64>| seconds.map(|at| at / 3600.0 * costs.agent_hour);
            let money = Figure {
                mean: money(saved.mean),
                low: money(saved.low),
                high: money(saved.high),
            };
            row.total.0.push(("saved_money", money));
        }
        self.costs = Some(costs.clone());
    }
}

/// A plan, and what its steps are called.
pub type Named<'p> = (&'p Dialplan, &'p StepNames<'p>);

/// The figures of one row, by its sums in each run.
fn metrics<T>(maker: &Maker<'_>, table: &[Metric<T>], of: impl Fn(&RunFigures) -> T) -> Metrics {
    let sums: Vec<T> = maker.runs.iter().map(of).collect();
    let figure = |&(name, part): &Metric<T>| (name, maker.figure(name, sums.iter().map(part)));
    Metrics(table.iter().map(figure).collect())
}

/// The steps of lines that new calls come to, each with its place among all.
fn in_force(
    plan: &Dialplan,
    steps: impl Iterator<Item = StepId>,
) -> impl Iterator<Item = (usize, StepId)> {
    let retired = |step: StepId| plan.line(plan.step(step).line).retired;
    steps.enumerate().filter(move |(_, step)| !retired(*step))
}

fn answers((plan, names): Named<'_>, maker: &Maker<'_>) -> Vec<Row> {
    let row = |(place, step): (usize, StepId)| Row {
        name: names.of(step).to_owned(),
        about: vec![("question", question(plan, step))],
        total: metrics(maker, ANSWER, |run| {
            let tally = run.worth.answers.get(place);
            tally.copied().unwrap_or_default()
        }),
        ..Row::default()
    };
    in_force(plan, answer_steps(plan)).map(row).collect()
}

/// The question that an answer answers; empty where it says what a look-up has found.
pub fn question(plan: &Dialplan, step: StepId) -> String {
    match &plan.step(step).kind {
        StepKind::Say(say) => {
            let answer = say.answer.as_ref();
            answer.map_or_else(String::new, |answer| answer.question.clone())
        }
        _ => String::new(),
    }
}

fn requests((plan, names): Named<'_>, maker: &Maker<'_>) -> Vec<Row> {
    let all = maker.runs.iter().flat_map(|run| &run.worth.requests);
    let all: BTreeSet<_> = all.map(|tally| tally.from).collect();
    let row = |from: Option<(StepId, Way)>| {
        let total = metrics(maker, REQUEST, |run| {
            let mut tallies = run.worth.requests.iter();
            let tally = tallies.find(|tally| tally.from == from);
            tally.copied().unwrap_or(RequestTally {
                from,
                calls: 0,
                after_answer: 0,
            })
        });
        let about = way((plan, names), from);
        let name: Vec<&str> = about.iter().map(|(_, text)| text.as_str()).collect();
        Row {
            name: name[..2].join(" "),
            about,
            total,
            ..Row::default()
        }
    };
    let mut rows: Vec<Row> = all.into_iter().map(row).collect();
    let calls = |row: &Row| row.total.mean("requests").unwrap_or(0.0);
    rows.sort_by(|one, other| calls(other).total_cmp(&calls(one)));
    rows
}

/// The step, how it was left, and the label of the key.
pub fn way((plan, names): Named<'_>, from: Option<(StepId, Way)>) -> Vec<(&'static str, String)> {
    let Some((step, way)) = from else {
        let mut lines = plan.lines.iter().map(|line| line.name.as_str());
        let first = lines.next().unwrap_or("");
        let line = match lines.all(|other| other == first) {
            true => first,
            false => "a line",
        };
        return vec![
            ("step", line.to_owned()),
            ("by", "at once".to_owned()),
            ("label", String::new()),
        ];
    };
    let (by, label) = match way {
        Way::Key(key) => (key.to_string(), label(plan, step, key)),
        Way::Entry => ("an entry".to_owned(), String::new()),
        Way::Name(entry) => ("a name".to_owned(), name(plan, step, entry)),
        Way::Wrong => ("wrong keys".to_owned(), String::new()),
        Way::Silence => ("silence".to_owned(), String::new()),
        Way::Onward => ("onward".to_owned(), String::new()),
    };
    vec![
        ("step", names.of(step).to_owned()),
        ("by", by),
        ("label", label),
    ]
}

/// A name of a directory.
fn name(plan: &Dialplan, step: StepId, entry: u16) -> String {
    match &plan.step(step).kind {
        StepKind::Directory(directory) => {
            let entry = directory.entries.get(usize::from(entry));
            entry.map_or_else(String::new, |entry| entry.name.clone())
        }
        _ => String::new(),
    }
}

/// What the caller is told that a key is for; empty where nothing is said.
pub(super) fn label(plan: &Dialplan, step: StepId, key: Key) -> String {
    let node = |id: KeyNodeId| plan.key_node(id);
    let root = match &plan.step(step).kind {
        StepKind::Menu(menu) => menu.keys,
        StepKind::Say(say) => say.keys,
        StepKind::Collect(collect) => collect.keys,
        _ => return String::new(),
    };
    let pressed = node(root)
        .next
        .get(key.index())
        .copied()
        .flatten()
        .map(node);
    let action = pressed.and_then(|node| plan.key_actions.get(node.action? as usize));
    action.map_or_else(String::new, |action| action.label.clone())
}

fn lookups((plan, names): Named<'_>, maker: &Maker<'_>) -> Vec<Row> {
    let row = |(place, step): (usize, StepId)| {
        let of = |run: &RunFigures| run.worth.lookups.get(place).cloned().unwrap_or_default();
        let mut total = metrics(maker, LOOKUP, of);
        let longest = maker.runs.iter().map(|run| LOOKUP[7].1(&of(run)));
        if let Some((name, figure)) = total.0.last_mut() {
            *figure = maker.mean(name, longest);
        }
        Row {
            name: names.of(step).to_owned(),
            about: vec![("statuses", statuses(maker, of))],
            total,
            ..Row::default()
        }
    };
    in_force(plan, lookup_steps(plan)).map(row).collect()
}

/// The statuses that were seen, each with how often in an average run: `404: 12.3, 503: 0.1`.
fn statuses(maker: &Maker<'_>, of: impl Fn(&RunFigures) -> LookupTally) -> String {
    let mut all = std::collections::BTreeMap::new();
    for tally in maker.runs.iter().map(of) {
        for (status, count) in tally.statuses {
            *all.entry(status).or_insert(0) += count;
        }
    }
    let runs = maker.runs.len() as f64;
    let each = all.iter().map(|(status, count): (&u16, &u64)| {
        let mean = *count as f64 / runs;
        match mean.fract() == 0.0 {
            true => format!("{status}: {mean}"),
            false => format!("{status}: {mean:.1}"),
        }
    });
    each.collect::<Vec<_>>().join(", ")
}

fn surveys((plan, names): Named<'_>, maker: &Maker<'_>) -> Vec<Row> {
    let key = |tally: &SurveyTally| (tally.step, tally.ask, tally.queue);
    let all = maker.runs.iter().flat_map(|run| &run.worth.surveys);
    let all: BTreeSet<_> = all.map(key).collect();
    let row = |(step, ask, queue)| {
        let StepKind::Survey(survey) = &plan.step(step).kind else {
            unreachable!("only surveys ask");
        };
        let of = |run: &RunFigures| {
            let mut tallies = run.worth.surveys.iter();
            let known = tallies.find(|tally| key(tally) == (step, ask, queue));
            known.copied().unwrap_or(SurveyTally {
                step,
                ask,
                queue,
                answers: <_>::default(),
                silent: 0,
            })
        };
        let asked = &survey.asks[usize::from(ask)];
        let own = of_scale(asked.scale);
        let mut total = metrics(maker, SURVEY, of);
        total.0.extend(metrics(maker, own, of).0);
        Row {
            name: format!("{} {}", names.of(step), asked.id),
            about: vec![
                ("survey", names.of(step).to_owned()),
                ("question", asked.id.clone()),
                (
                    "queue",
                    queue.map_or_else(String::new, |at| names.of_queue(at).to_owned()),
                ),
            ],
            total,
            ..Row::default()
        }
    };
    all.into_iter().map(row).collect()
}

/// What a scale has beside a mean: the measure that the field has for it.
fn of_scale(scale: Scale) -> &'static [Metric<SurveyTally>] {
    let mut answers = [0; 11];
    let mut count = 0;
    for answer in scale.answers() {
        answers[count] = answer;
        count += 1;
    }
    match &answers[..count] {
        _ if scale.is_nps() => &[NPS],
        [1, 2, 3, 4, 5] => &[CSAT],
        [1, 2] => &[YES],
        _ => &[],
    }
}

fn wants(maker: &Maker<'_>) -> Vec<Row> {
    let count = maker.runs.iter().map(|run| run.worth.wants.len()).max();
    let row = |place: usize| Row {
        name: place.to_string(),
        total: metrics(maker, WANT, |run| {
            let tally = run.worth.wants.get(place);
            tally.copied().unwrap_or_default()
        }),
        ..Row::default()
    };
    (0..count.unwrap_or(0)).map(row).collect()
}
