//! What Erlang's formulas say of a pool of agents, for people and for programs.

use super::Style;
use super::json::number;
use super::number::count;
use super::number::short;
use super::text::page::Page;
use super::text::page::right;
use crate::exchange::time::Span;
use crate::measure::definitions::Unit;
use serde_json::Value;
use serde_json::json;

/// Calls to one pool, and what is to be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Formulas {
    /// Calls in each interval.
    pub calls: f64,
    /// The interval.
    pub interval: Span,
    /// Mean of talk and wrap-up.
    pub handling: Span,
    /// Time in the menus, before the queue.
    pub menus: Span,
    /// The load in erlangs.
    pub load: f64,
    /// The goals as they are written.
    pub goals: Vec<String>,
    /// The time within which answers are counted.
    pub within: Span,
    /// The share of calls that may find no line free.
    pub blocked: f64,
    /// One for each formula.
    pub tables: Vec<Table>,
}

/// What a formula says.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The mean patience of Erlang A; none of Erlang C.
    pub patience: Option<Span>,
    /// Whether any goal asks something of it: of callers who hang up Erlang C knows nothing.
    pub is_asked: bool,
    /// The fewest agents who meet all goals of which the formula knows; none where no number does.
    pub fewest: Option<u32>,
    /// The lines for the fewest, or for those that were asked for.
    pub lines: Option<Lines>,
    /// By number of agents.
    pub rows: Vec<Row>,
}

/// Lines that calls hold from the first word to the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lines {
    /// The agents who answer them.
    pub agents: u32,
    /// How many lines are held on average.
    pub load: f64,
    /// The fewest of which no more calls than wanted find none free; none where they are too many to count.
    pub needed: Option<u32>,
}

/// So many agents in steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// How many.
    pub agents: u32,
    /// What comes of the calls; none where the queue would grow without end.
    pub steady: Option<Steady>,
}

/// What comes of calls to a pool in steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// The share of calls that have to wait.
    pub waits: f64,
    /// The share that is answered in time.
    pub in_time: f64,
    /// The mean wait of the answered, in seconds.
    pub asa_s: f64,
    /// The share who hang up.
    pub abandoned: f64,
    /// The share of their time that agents work.
    pub occupancy: f64,
    /// Whether all goals are met.
    pub is_enough: bool,
}

impl Table {
    /// `Erlang C`.
    fn name(&self) -> &'static str {
        match self.patience {
            None => "Erlang C",
            Some(_) => "Erlang A",
        }
    }
}

/// The page, of at most 100 columns.
pub fn text(formulas: &Formulas, style: Style) -> String {
    let mut page = Page::new(style);
    let Formulas {
        interval, handling, ..
    } = formulas;
    let decimals = match formulas.calls {
        calls if calls.fract() == 0.0 => 0,
        ..10.0 => 3,
        _ => 1,
    };
    let calls = count(formulas.calls, decimals);
    page.line(style.bold(&format!(
        "{calls} calls in {interval}, {handling} each: {} erlangs",
        count(
            formulas.load,
            2 * usize::from(formulas.load.fract() > 0.0 && formulas.load < 999.0)
        )
    )));
    for goal in &formulas.goals {
        page.line(format!("  {goal}"));
    }
    for table in &formulas.tables {
        of_formula(&mut page, formulas, table);
    }
    lines(&mut page, formulas);
    page.line("");
    page.wrapped(
        "",
        "The formulas know of no ringing, menus, redials, skills or busy days, of no interval before this one, and of \
         no spread of talks but the exponential: `strowger staff` and `strowger simulate` do.",
    );
    page.finish()
}

/// Columns of the table, as wide as they usually are, with what stands above them.
const HEADS: [(&str, usize); 6] = [
    ("agents", 8),
    ("have to wait", 14),
    ("", 11),
    ("speed of answer", 17),
    ("hang up", 9),
    ("busy", 8),
];
/// Columns between two of them at least.
const GAP: usize = 2;

fn of_formula(page: &mut Page, formulas: &Formulas, table: &Table) {
    let how = match table.patience {
        None => "everybody waits, however long".to_owned(),
        Some(patience) => format!("callers wait for {patience} on average, then hang up"),
    };
    page.heading(&table.name().to_uppercase(), &how);
    let in_time = format!("in {}", formulas.within);
    let heads = HEADS.map(|(head, _)| match head {
        "" => in_time.clone(),
        head => head.to_owned(),
    });
    let rows: Vec<[String; 6]> = table.rows.iter().map(|row| cells(table, row)).collect();
    let widths = widths(rows.iter().chain([&heads]));
    if !rows.is_empty() {
        page.line(page.style.dim(&aligned(&heads, widths)));
    }
    for (row, cells) in table.rows.iter().zip(&rows) {
        page.line(line(page.style, table, row, (cells, widths)));
    }
    if table.fewest.is_none() {
        page.wrapped(
            "  ",
            match table.is_asked {
                true => "No number of agents meets the goals.",
                false => "It knows nobody who hangs up, and the goals ask nothing else.",
            },
        );
    }
}

/// The columns, wider where something would be cut off otherwise, or stand close to its neighbour.
fn widths<'c>(rows: impl Iterator<Item = &'c [String; 6]>) -> [usize; 6] {
    rows.fold(HEADS.map(|(_, width)| width), |mut widths, cells| {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.chars().count() + GAP);
        }
        widths
    })
}

fn aligned(cells: &[String; 6], widths: [usize; 6]) -> String {
    let cells = cells.iter().zip(widths);
    cells.map(|(cell, width)| right(cell, width)).collect()
}

/// What a row says, in its columns; of a queue that would grow without end the agents alone.
fn cells(table: &Table, row: &Row) -> [String; 6] {
    let agents = count(f64::from(row.agents), 0);
    let Some(steady) = &row.steady else {
        let mut cells = <[String; 6]>::default();
        cells[0] = agents;
        return cells;
    };
    let share = |share: f64| format!("{:.1} %", share * 100.0);
    [
        agents,
        share(steady.waits),
        share(steady.in_time),
        seconds(steady.asa_s),
        match table.patience {
            Some(_) => share(steady.abandoned),
            None => "-".to_owned(),
        },
        share(steady.occupancy),
    ]
}

fn line(
    style: Style,
    table: &Table,
    row: &Row,
    (cells, widths): (&[String; 6], [usize; 6]),
) -> String {
    let Some(steady) = &row.steady else {
        return format!(
            "{}    the queue would grow without end",
            right(&cells[0], widths[0])
        );
    };
    let line = aligned(cells, widths);
    match table.fewest == Some(row.agents) {
        true => format!("{}   the fewest", style.bold(&line)),
        false if steady.is_enough => line,
        false => style.dim(&line),
    }
}

/// With a decimal as long as it tells anything.
fn seconds(value: f64) -> String {
    match value {
        ..60.0 => format!("{value:.1} s"),
        value => short(Unit::Seconds, Some(value)),
    }
}

fn lines(page: &mut Page, formulas: &Formulas) {
    let told = formulas.tables.iter().filter_map(|table| {
        let lines = table.lines?;
        Some((table.name(), lines))
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return;
    }
    // Without what rounding leaves behind.
    let blocked = (formulas.blocked * 1e8).round() / 1e6;
    let why = format!("by Erlang B: at most {blocked} % of the calls find none free");
    page.heading("LINES", &why);
    let before = match formulas.menus {
        Span::ZERO => String::new(),
        menus => format!(", {menus} in the menus"),
    };
    let needed = |lines: &Lines| match lines.needed {
        Some(needed) => count(f64::from(needed), 0),
        None => "too many".to_owned(),
    };
    let widest = told.iter().map(|(_, lines)| needed(lines).chars().count());
    let width = widest.fold(HEADS[0].1, |width, needed| width.max(needed + GAP));
    for (name, lines) in told {
        let agents = f64::from(lines.agents);
        page.line(format!(
            "{}   {} held on average with {} {} by {name}{before}",
            right(&needed(&lines), width),
            count(lines.load, if lines.load < 1.0 { 3 } else { 1 }),
            count(agents, 0),
            if lines.agents == 1 { "agent" } else { "agents" },
        ));
    }
}

/// One object. `erlang_c` and, with a patience, `erlang_a` have the `fewest` agents (null where no number is
/// enough), `lines`, whose `needed` are null where they are too many to count, and `agents[]`, whose figures are null
/// where the queue would grow without end. `meets_goals` is null where the formula knows nothing of what the goals ask.
pub fn json(formulas: &Formulas) -> Value {
    let seconds = |span: Span| number(Some(span.as_seconds()));
    let mut object = json!({
        "calls": number(Some(formulas.calls)),
        "interval_s": seconds(formulas.interval),
        "handling_s": seconds(formulas.handling),
        "menus_s": seconds(formulas.menus),
        "load_erlangs": number(Some(formulas.load)),
        "goals": formulas.goals,
        "within_s": seconds(formulas.within),
        "blocked": number(Some(formulas.blocked)),
    });
    for table in &formulas.tables {
        let rows: Vec<Value> = table.rows.iter().map(|row| of_row(table, row)).collect();
        let lines = table.lines.map(|lines| {
            json!({ "agents": lines.agents, "held": number(Some(lines.load)), "needed": lines.needed })
        });
        let mut found = json!({ "fewest": table.fewest, "lines": lines, "agents": rows });
        if let Some(patience) = table.patience {
            found["patience_s"] = seconds(patience);
        }
        object[table.name().to_lowercase().replace(' ', "_")] = found;
    }
    object
}

fn of_row(table: &Table, row: &Row) -> Value {
    let meets_goals = row.steady.is_some_and(|steady| steady.is_enough);
    let of = |value: fn(&Steady) -> f64| number(row.steady.as_ref().map(value));
    json!({
        "agents": row.agents,
        "waits": of(|steady| steady.waits),
        "service_level": of(|steady| steady.in_time),
        "asa_s": of(|steady| steady.asa_s),
        "abandoned_share": of(|steady| steady.abandoned),
        "occupancy": of(|steady| steady.occupancy),
        "meets_goals": table.is_asked.then_some(meets_goals),
    })
}
