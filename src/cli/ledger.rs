//! `strowger simulate --ledger`: one agent's day in one run.

use super::Exit;
use super::Format;
use super::explain::Page;
use super::output;
use crate::exchange::id::AgentId;
use crate::exchange::record::Record;
use crate::exchange::time::Tick;
use crate::menu::value;
use crate::report::ledger;
use crate::report::ledger::Book;
use crate::sim;
use crate::sim::model::Model;

pub(super) fn run(model: &Model, name: &str, page: &Page) -> Exit {
    let names = || model.plan.agents.iter().map(|agent| agent.name.as_str());
    let Some(place) = names().position(|known| known == name) else {
        eprintln!("error: nobody in this scenario is called \"{name}\"");
        if let Some(help) = value::suggestion(name, names()) {
            eprintln!("help: {help}");
        }
        return Exit::Usage;
    };
    let mut book = Book::new(model.plan.clone(), model.origin_ms, AgentId(place as u32));
    let replication = u64::from(page.run - 1);
    sim::run(
        model,
        page.seed,
        replication,
        &mut |now: Tick, record: &Record| {
            book.record(now, record);
        },
    );
    let day = book.close(model.frame.until);
    output::print(&match page.format {
        Format::Human => {
            let title = format!("{}, run {}, seed {}", page.scenario, page.run, page.seed);
            ledger::text(&title, &day, output::style())
        }
        Format::Json => format!("{:#}\n", ledger::json(&day)),
    });
    Exit::Fine
}
