//! The comparison for people: the strategies' figures, then how they differ from the first.

use super::Comparison;
use crate::measure::definitions::definition;
use crate::measure::figure::Figure;
use crate::measure::paired::Difference;
use crate::measure::summary::Summary;
use crate::report::study::Case;
use crate::report::style::Style;
use crate::report::text::differences::real;
use crate::report::text::footer::again;
use crate::report::text::page::Page;
use crate::report::text::page::left;
use crate::report::text::page::right;
use crate::report::text::page::shortened;
use crate::report::text::title;

/// A column: the metric, its head in two lines, and how its numbers are written.
struct Column {
    metric: &'static str,
    head: (&'static str, &'static str),
    write: Write,
}

/// How numbers are written, and which way is better.
#[derive(Clone, Copy)]
enum Write {
    /// With so many decimals; less is better.
    Number(usize),
    /// In per cent; less is better.
    Share,
    /// In per cent; more is better.
    Level,
    /// Seconds; less is better.
    Seconds,
}

const fn column(metric: &'static str, head: (&'static str, &'static str), write: Write) -> Column {
    Column {
        metric,
        head,
        write,
    }
}

const COLUMNS: [Column; 6] = [
    column(
        "share_error_rms",
        ("share error", "rms, calls"),
        Write::Number(2),
    ),
    column(
        "share_error_max",
        ("share error", "worst agent"),
        Write::Number(1),
    ),
    column(
        "inequitable_share",
        ("inequitable", "choices"),
        Write::Share,
    ),
    column("join_flood", ("flood of", "joiners"), Write::Number(2)),
    column("asa_s", ("speed of", "answer"), Write::Seconds),
    column("service_level", ("service", "level"), Write::Level),
];
const NAME: usize = 20;
const CELL: usize = 13;
/// The least share of choices that is said to be inequitable by what was forgiven.
const FORGIVEN_LEAST: f64 = 0.001;
/// Columns on a page of 80.
const NARROW: usize = 4;

/// The comparison as text of at most 100 columns, each line ended.
pub fn text(comparison: &Comparison, style: Style) -> String {
    let mut page = Page::new(style);
    let study = &comparison.study;
    title(&mut page, study, " with the same callers");
    let level = study.base.summary.level * 100.0;
    let beside = format!(
        "mean {} half of the {level:.0} % confidence interval",
        style.plus_minus()
    );
    page.heading("STRATEGIES", &beside);
    heads(&mut page);
    for case in study.cases() {
        let cell = |at: &Column| at.cell(style, figure(&case.summary, at.metric), false);
        row(&mut page, &case.name, cell);
    }
    for case in study.cases() {
        forgiven(&mut page, case);
    }
    differences(&mut page, comparison, level);
    footer(&mut page, comparison);
    page.finish()
}

/// What `catch_up` has to do with a strategy's inequitable choices, where it has.
fn forgiven(page: &mut Page, case: &Case) {
    let share = case.summary.fairness.mean("inequitable_forgiven_share");
    let Some(share) = share.filter(|share| *share >= FORGIVEN_LEAST) else {
        return;
    };
    let sentence = format!(
        "{}: {:.1} % of the choices are inequitable because no more than `catch_up` calls are made up for, \
         and the rest is forgiven. A larger `catch_up` of the groups forgives less.",
        case.name,
        share * 100.0
    );
    page.wrapped("  ", &sentence);
}

/// How the others differ from the first; nothing where there is one alone.
fn differences(page: &mut Page, comparison: &Comparison, level: f64) {
    if comparison.differences.is_empty() {
        return;
    }
    let beside = format!("run by run; * is real at {level:.0} %");
    let first = comparison.study.base.name.to_uppercase();
    page.heading(&format!("DIFFERENCES TO {first}"), &beside);
    heads(page);
    let style = page.style;
    for (case, differences) in comparison.variants() {
        let cell = |at: &Column| {
            let found = differences.iter().find(|(name, _)| *name == at.metric);
            at.difference(style, found.map(|(_, difference)| *difference))
        };
        row(page, &case.name, cell);
    }
}

fn figure(summary: &Summary, metric: &str) -> Figure {
    let fairness = summary.fairness.find(metric);
    fairness.unwrap_or_else(|| summary.total.get(metric))
}

fn shown(style: Style) -> usize {
    match style.columns() {
        100.. => COLUMNS.len(),
        _ => NARROW,
    }
}

fn heads(page: &mut Page) {
    let hidden = COLUMNS.iter().skip(shown(page.style)).map(Column::name);
    page.left_out(&hidden.collect::<Vec<_>>());
    for pick in [
        |column: &Column| column.head.0,
        |column: &Column| column.head.1,
    ] {
        let shown = COLUMNS.iter().take(shown(page.style));
        let cells: String = shown.map(|column| right(pick(column), CELL)).collect();
        let line = page.style.dim(&format!("  {}{cells}", left("", NAME)));
        page.line(line);
    }
}

fn row(page: &mut Page, name: &str, cell: impl Fn(&Column) -> String) {
    let cells: String = COLUMNS.iter().take(shown(page.style)).map(cell).collect();
    page.line(format!("  {}{cells}", shortened(page.style, name, NAME)));
}

impl Column {
    fn name(&self) -> String {
        format!("{} {}", self.head.0, self.head.1)
    }

    fn cell(&self, style: Style, figure: Figure, signed: bool) -> String {
        let decimals = match self.write {
            Write::Number(decimals) => decimals,
            Write::Share | Write::Level | Write::Seconds => 1,
        };
        // As many as there is room for: a blank before, and a place for a star.
        let text = |decimals| self.number(style, figure, signed, decimals);
        let fits = |text: &String| text.chars().count() + 1 + usize::from(signed) <= CELL;
        let longest = (0..=decimals).rev().map(text).find(fits);
        right(&longest.unwrap_or_else(|| text(0)), CELL)
    }

    fn number(&self, style: Style, figure: Figure, signed: bool, decimals: usize) -> String {
        let (scale, unit) = match self.write {
            Write::Number(_) => (1.0, ""),
            Write::Share | Write::Level => (100.0, "%"),
            Write::Seconds => (1.0, "s"),
        };
        let Some(mean) = figure.mean else {
            return "-".to_owned();
        };
        // Nothing is neither more nor less.
        let is_nothing = (mean * scale).abs() < 0.5 * 0.1_f64.powi(decimals as i32);
        let mean = if is_nothing { 0.0 } else { mean * scale };
        let mean = match signed && !is_nothing {
            true => format!("{mean:+.decimals$}{unit}"),
            false => format!("{mean:.decimals$}{unit}"),
        };
        let half = figure.half_width().map_or_else(String::new, |half| {
            format!(" {}{:.decimals$}", style.plus_minus(), half * scale)
        });
        format!("{mean}{half}")
    }

    /// A difference, with a star and a colour when it is real.
    fn difference(&self, style: Style, difference: Option<Difference>) -> String {
        let Some(difference) = difference else {
            return right("-", CELL);
        };
        let text = self.cell(style, difference.figure, true);
        // The star, or a blank instead of it, takes the place of a blank at the left.
        let text = text.strip_prefix(' ').unwrap_or(&text);
        if !difference.real {
            return format!("{text} ");
        }
        let starred = format!("{text}*");
        let more = difference.figure.mean.is_some_and(|mean| mean > 0.0);
        let better = more == matches!(self.write, Write::Level);
        match better {
            true => style.good(&starred),
            false => style.bad(&starred),
        }
    }
}

fn footer(page: &mut Page, comparison: &Comparison) {
    page.heading("WHAT THE FIGURES MEAN", "");
    let count = shown(page.style);
    for column in COLUMNS.iter().take(count) {
        page.entry(&column.name(), definition(column.metric).sentence);
    }
    let left_out: Vec<String> = COLUMNS[count..].iter().map(Column::name).collect();
    if !left_out.is_empty() {
        let words = format!(
            "{}, on a page of 100 columns and in the JSON",
            left_out.join(", ")
        );
        page.entry("not shown", &words);
    }
    if !comparison.differences.is_empty() {
        real(page, &comparison.study, "strategies and the metrics");
    }
    again(page, &comparison.study);
}
