//! `strowger erlang`: what the formulas say, at once.

use super::Exit;
use super::Format;
use super::bounds::number;
use super::bounds::whole;
use super::output;
use crate::exchange::time::Span;
use crate::menu::value::duration;
use crate::report::formulas;
use crate::report::formulas::Formulas;
use crate::report::formulas::Lines;
use crate::report::formulas::Row;
use crate::report::formulas::Table;
use crate::sim::scenario::Bound;
use crate::sim::scenario::percent;
use crate::sim::staff::AGENTS_MAX;
use crate::staffing::asks;
use crate::staffing::erlang::Pool;
use crate::staffing::erlang::Steady;
use crate::staffing::erlang::fewest_lines;
use crate::staffing::meets;
use clap::Args;
use std::collections::BTreeSet;

/// The most calls in an interval.
const CALLS_MAX: f64 = 10_000_000.0;
/// The most lines that calls may hold on average.
const LINES_MAX: f64 = 1_000_000.0;
/// The longest time that can be given.
const LONGEST: Span = Span::seconds(86_400);
/// So many agents fewer and more than looked for are told of.
const AROUND: u32 = 3;
/// Answers within this time are counted where no goal says which.
const WITHIN: Span = Span::seconds(20);

#[derive(Debug, Args)]
pub(super) struct Erlang {
    /// How many call in an interval.
    #[arg(long, value_name = "NUMBER", value_parser = number(0.001..=CALLS_MAX))]
    calls: f64,
    /// Talk and wrap-up of a call together, on average: `4m`, `245s`.
    #[arg(long, value_name = "TIME", value_parser = time)]
    talk: Span,
    /// The interval in which so many call.
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "30m")]
    interval: Span,
    /// How long callers wait before they hang up, on average: Erlang A beside Erlang C.
    #[arg(long, value_name = "TIME", value_parser = time)]
    patience: Option<Span>,
    /// What is to be reached: `service_level >= 80% in 20s`, `asa <= 15s`, `abandoned <= 3%`, `occupancy <=
    /// 85%`; may be given several times.
    #[arg(long, value_name = "GOAL", value_parser = goal, default_value = "service_level >= 80% in 20s")]
    goal: Vec<Goal>,
    /// What comes of so many agents, instead of the fewest who meet the goals.
    #[arg(long, value_name = "NUMBER", value_parser = whole(1..=AGENTS_MAX))]
    agents: Option<u32>,
    /// Time in the menus before the queue, in which a line is held.
    #[arg(long, value_name = "TIME", value_parser = time_or_none, default_value = "0s")]
    menus: Span,
    /// The share of the calls that may find no line free.
    #[arg(long, value_name = "SHARE", value_parser = blocked, default_value = "1%")]
    blocked: f64,
    /// How to print it.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// A goal of the command line.
#[derive(Clone, Debug)]
struct Goal {
    text: String,
    bound: Bound,
}

impl Erlang {
    pub(super) fn run(&self) -> Exit {
        if let Err(why) = self.check() {
            eprintln!("error: {why}");
            return Exit::Usage;
        }
        let formulas = self.formulas();
        match self.format {
            Format::Human => output::print(&formulas::text(&formulas, output::style())),
            Format::Json => {
                let json = serde_json::to_string_pretty(&formulas::json(&formulas));
                output::print(&format!("{}\n", json.expect("plain data")));
            }
        }
        let mut asked = formulas.tables.iter().filter(|table| table.is_asked);
        match asked.all(|table| table.fewest.is_some()) {
            true => Exit::Fine,
            false => Exit::GoalMissed,
        }
    }

    /// What the parts are together.
    fn check(&self) -> Result<(), String> {
        let load = self.pool(None).load();
        if load > f64::from(AGENTS_MAX) {
            return Err(format!(
                "{} calls of {} in {} are {load:.0} erlangs: {AGENTS_MAX} at most",
                self.calls, self.talk, self.interval
            ));
        }
        let in_menus = self.calls / self.interval.as_seconds() * self.menus.as_seconds();
        if in_menus > LINES_MAX {
            return Err(format!(
                "--menus {}: {in_menus:.0} callers would be in the menus on average, {LINES_MAX} at most",
                self.menus
            ));
        }
        let pool = self.pool(self.patience);
        match self.goal.iter().find(|goal| !asks(&pool, goal.bound)) {
            Some(goal) => Err(format!(
                "--goal \"{}\": nobody hangs up unless --patience says how long callers wait",
                goal.text
            )),
            None => Ok(()),
        }
    }

    fn pool(&self, patience: Option<Span>) -> Pool {
        Pool {
            rate: self.calls / self.interval.as_seconds(),
            handling_s: self.talk.as_seconds(),
            patience_s: patience.map(Span::as_seconds),
        }
    }

    fn within(&self) -> Span {
        let mut goals = self.goal.iter();
        let of_level = goals.find_map(|goal| match goal.bound {
            Bound::ServiceLevel { within, .. } => within,
            _ => None,
        });
        of_level.unwrap_or(WITHIN)
    }

    fn formulas(&self) -> Formulas {
        let formulas = [None].into_iter().chain(self.patience.map(Some));
        Formulas {
            calls: self.calls,
            interval: self.interval,
            handling: self.talk,
            menus: self.menus,
            load: self.pool(None).load(),
            goals: self.goal.iter().map(|goal| goal.text.clone()).collect(),
            within: self.within(),
            blocked: self.blocked,
            tables: formulas.map(|patience| self.table(patience)).collect(),
        }
    }

    fn table(&self, patience: Option<Span>) -> Table {
        let pool = self.pool(patience);
        let is_asked = self.goal.iter().any(|goal| asks(&pool, goal.bound));
        let fewest = pool.fewest(AGENTS_MAX, |steady| self.is_enough(steady));
        let fewest = fewest.filter(|_| is_asked);
        let looked_at = self.agents.or(fewest);
        // Fewer than the load are told of once, if nobody hangs up: the queue grows, however many they are.
        let stable = match patience {
            None => pool.most_unstable(),
            Some(_) => 1,
        };
        let rows: BTreeSet<u32> = looked_at
            .into_iter()
            .flat_map(|agents| agents.saturating_sub(AROUND).max(stable)..=agents + AROUND)
            .chain(self.agents)
            .filter(|agents| *agents > 0)
            .collect();
        let row = |agents: u32| Row {
            agents,
            steady: pool.with(agents).map(|steady| self.steady(&steady)),
        };
        Table {
            patience,
            is_asked,
            fewest,
            lines: looked_at.and_then(|agents| self.lines(&pool, agents)),
            rows: rows.into_iter().map(row).collect(),
        }
    }

    /// The lines that calls hold who are answered by so many agents.
    fn lines(&self, pool: &Pool, agents: u32) -> Option<Lines> {
        let steady = pool.with(agents)?;
        let waiting = pool.rate * (self.menus.as_seconds() + steady.mean_wait_s());
        let load = waiting + pool.load() * (1.0 - steady.abandoned());
        Some(Lines {
            agents,
            load,
            needed: (load <= LINES_MAX).then(|| fewest_lines(load, self.blocked)),
        })
    }

    fn is_enough(&self, steady: &Steady) -> bool {
        let mut goals = self.goal.iter();
        goals.all(|goal| {
            let within = match goal.bound {
                Bound::ServiceLevel {
                    within: Some(within),
                    ..
                } => within,
                _ => WITHIN,
            };
            meets(steady, goal.bound, within)
        })
    }

    fn steady(&self, steady: &Steady) -> formulas::Steady {
        formulas::Steady {
            waits: steady.waits(),
            in_time: steady.answered_within(self.within().as_seconds()),
            asa_s: steady.asa_s(),
            abandoned: steady.abandoned(),
            occupancy: steady.occupancy(),
            is_enough: self.is_enough(steady),
        }
    }
}

fn time(text: &str) -> Result<Span, String> {
    let time = duration(text).filter(|time| (Span(1)..=LONGEST).contains(time));
    time.ok_or_else(|| format!("write a time such as 20s, 4m or 1h, {LONGEST} at most"))
}

fn time_or_none(text: &str) -> Result<Span, String> {
    match duration(text) {
        Some(Span::ZERO) => Ok(Span::ZERO),
        _ => time(text),
    }
}

fn blocked(text: &str) -> Result<f64, String> {
    let share = percent(text).filter(|share| (0.000_001..=1.0).contains(share));
    share.ok_or_else(|| "write a share from 0.0001% to 100%, such as 1%".to_owned())
}

fn goal(text: &str) -> Result<Goal, String> {
    let bound = Bound::read(text).ok_or(
        "write `service_level >= 80% in 20s`, `asa <= 15s`, `abandoned <= 3%` or `occupancy <= 85%`",
    )?;
    if matches!(bound, Bound::ServiceLevel { within: None, .. }) {
        return Err("write within which time: `service_level >= 80% in 20s`".to_owned());
    }
    let text = text.trim().to_owned();
    Ok(Goal { text, bound })
}
