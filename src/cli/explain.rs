//! `strowger simulate --explain`: one run again, with somebody who watches one call.

use super::Exit;
use super::Format;
use super::output;
use crate::exchange::Exchange;
use crate::exchange::record::Record;
use crate::exchange::time::Tick;
use crate::report;
use crate::report::story::LongestWait;
use crate::report::story::Sentence;
use crate::report::story::Story;
use crate::sim;
use crate::sim::Witness;
use crate::sim::model::Model;
use serde_json::json;
use std::str::FromStr;

/// Whose story.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    /// The attempt of this number, from 1.
    Attempt(u64),
    /// The one that waited the longest.
    LongestWait,
}

impl FromStr for Told {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("longest-wait", _) => Ok(Self::LongestWait),
            (_, Ok(number @ 1..)) => Ok(Self::Attempt(number)),
            _ => Err("write the number of an attempt, from 1, or `longest-wait`".to_owned()),
        }
    }
}

/// What stands above a story, and how it is printed.
pub(super) struct Page {
    pub(super) scenario: String,
    pub(super) seed: u64,
    /// From 1.
    pub(super) run: u32,
    pub(super) format: Format,
}

pub(super) fn run(model: &Model, told: Told, page: &Page) -> Exit {
    let replication = u64::from(page.run - 1);
    let attempt = match told {
        Told::Attempt(attempt) => Some(attempt),
        Told::LongestWait => {
            let mut longest = LongestWait::default();
            sim::run(
                model,
                page.seed,
                replication,
                &mut |now: Tick, record: &Record| {
                    longest.record(now, record);
                },
            );
            longest.attempt()
        }
    };
    let Some(attempt) = attempt else {
        eprintln!("error: nobody waited in run {}", page.run);
        return Exit::Usage;
    };
    let mut watch = Watch(Story::new(model.plan.clone(), model.origin_ms, attempt));
    sim::run(model, page.seed, replication, &mut watch);
    watch.0.run_ends(model.frame.until);
    let attempts = watch.0.attempts();
    let Some(story) = watch.0.tell() else {
        let run = page.run;
        eprintln!("error: run {run} has {attempts} attempts, and no attempt {attempt}");
        return Exit::Usage;
    };
    output::print(&match page.format {
        Format::Human => {
            let title = format!(
                "Attempt {attempt} of run {}   {}, seed {}",
                page.run, page.scenario, page.seed
            );
            report::story::text(&title, &story, output::style())
        }
        Format::Json => format!("{:#}\n", object(page, attempt, &story)),
    });
    Exit::Fine
}

fn object(page: &Page, attempt: u64, story: &[Sentence]) -> serde_json::Value {
    let sentence =
        |one: &Sentence| json!({ "at": one.at, "words": one.words, "details": one.details });
    json!({
        "scenario": page.scenario,
        "seed": page.seed,
        "run": page.run,
        "attempt": attempt,
        "story": story.iter().map(sentence).collect::<Vec<_>>(),
    })
}

/// A witness of a run who does not measure it.
struct Watch(Story);

impl Witness for Watch {
    fn look(&mut self, exchange: &Exchange) {
        self.0.look(exchange);
    }

    fn record(&mut self, now: Tick, record: &Record) {
        self.0.record(now, record);
    }
}
