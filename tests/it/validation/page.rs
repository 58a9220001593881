//! `docs/validation.md`.

use super::books::Books;
use super::books::QueueBooks;
use super::system::Judged;
use super::system::LEVEL;
use super::system::Row;
use super::system::Unit;
use super::verdict::FAMILY;
use super::verdict::UNLIKELY;
use super::verdict::so_many_or_more;
use std::fmt::Write as _;

/// The whole page.
pub(super) fn page(systems: &[Judged], books: &[Books]) -> String {
    let mut text = head(systems);
    for (place, system) in systems.iter().enumerate() {
        text += &section(place + 1, system);
    }
    text += &little(books);
    text += &conservation(books);
    text
}

fn head(systems: &[Judged]) -> String {
    let rows = || systems.iter().flat_map(|system| &system.rows);
    let figures = rows().count();
    let inside = rows().filter(|row| row.is_inside()).count();
    let attempts: u64 = systems.iter().map(|system| system.attempts).sum();
    let least = rows().map(Row::p).fold(1.0, f64::min);
    let expected = LEVEL * figures as f64;
    let likely = so_many_or_more(figures - inside, figures, 1.0 - LEVEL);
    format!(
        "# Validation\n\n\
         <!-- Written by `SNAPSHOTS=overwrite cargo test --test it validation`. -->\n\n\
         The simulator against systems whose figures are known exactly: {} systems, {figures} figures, \
         {} simulated attempts. **{inside} of the {figures} intervals of 99 % hold the exact value**; \
         {expected:.1} are to be expected.\n\n\
         `cargo test --test it validation` does it all again, and fails when this page is not what comes \
         out of it; with `SNAPSHOTS=overwrite` it writes the page.\n\n\
         * **Exact** values are computed by `tests/theory/`, which uses nothing of the simulator: closed \
         forms, integrals, Markov chains solved numerically, Kolmogorov's equations. `tests/theory.rs` \
         holds these in turn against published tables, against each other, and against what another \
         simulator published.\n\
         * **Simulated** values are those of `strowger simulate`: the same exchange, menus, dispatcher and \
         records as in the daemon, and where the report has the figure, the report's own. The systems \
         are written as menu, groups and scenario files; phones answer at once and nobody rests or wraps \
         up, unless it is said.\n\
         * The **interval** is the t interval over independent runs, of 99 %.\n\
         * **Off by** is the simulated value less the exact one, in standard errors.\n\
         * **All together** they are judged by Holm's method: a simulator that is right about every \
         figure fails with a probability of at most {:.0} %, whatever depends on whatever. The smallest \
         p is {least:.4}, of {figures}. Beside it, the number of intervals that miss must not be less \
         likely than {UNLIKELY}; so many or more come with a probability of {likely:.2}, taking the figures \
         as independent. Those of one system come of the same runs, so misses come in company.\n\
         * It **can fail**: figures 3 % off are refused, by a test.\n\
         * **Seeds** are the numbers of the systems and were not chosen. A change that makes the same \
         seed give other figures gives other figures here.\n\n",
        systems.len(),
        thousands(attempts),
        FAMILY * 100.0,
    )
}

fn section(number: usize, system: &Judged) -> String {
    let Judged {
        name,
        about,
        runs,
        attempts,
        rows,
    } = system;
    let mut text = format!("## {number}. {name}\n\n{about}\n\n");
    let _ = writeln!(text, "{runs} runs, {} attempts.\n", thousands(*attempts));
    text +=
        "| figure | exact | simulated | 99 % interval | off by | |\n|---|--:|--:|--:|--:|---|\n";
    for row in rows {
        let (low, high) = (row.figure.low, row.figure.high);
        let value = |value| number_of(row.unit, value);
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} to {} | {:+.2} | {} |",
            row.name,
            with_unit(row.unit, row.exact),
            with_unit(row.unit, row.mean()),
            value(low.expect("several runs")),
            value(high.expect("several runs")),
            row.distance(),
            if row.is_inside() {
                "inside"
            } else {
                "**outside**"
            },
        );
    }
    text + "\n"
}

fn little(books: &[Books]) -> String {
    let mut text = "## Little's law\n\n\
        In every queue the waits of all callers add up to the number waiting, integrated over time. The \
        waits are those that reports are made of; the number waiting is counted by a witness of the \
        test, record by record. It has to hold to the millisecond, those still waiting at the end \
        included; and so has the time that agents spend in conversation. Two runs of each day that \
        ships, seed 1:\n\n\
        | scenario | queue | callers | sum of waits | number waiting, integrated | difference |\n\
        |---|---|--:|--:|--:|--:|\n"
        .to_owned();
    for Books {
        scenario,
        queues,
        talking_ms,
        calls,
    } in books
    {
        for queue in queues {
            let QueueBooks { name, tally, .. } = queue;
            text += &equal(
                scenario,
                name,
                tally.entered,
                queue.waits_ms(),
                queue.area_ms,
            );
        }
        let (agents_ms, area_ms) = *talking_ms;
        text += &equal(
            scenario,
            "*in conversation*",
            calls.answered,
            agents_ms,
            area_ms,
        );
    }
    text + "\n"
}

fn equal(scenario: &str, queue: &str, callers: u64, sum_ms: u64, area_ms: u64) -> String {
    let seconds = |ms: u64| format!("{}.{:03} s", thousands(ms / 1000), ms % 1000);
    format!(
        "| {scenario} | {queue} | {} | {} | {} | {} |\n",
        thousands(callers),
        seconds(sum_ms),
        seconds(area_ms),
        sum_ms.abs_diff(area_ms)
    )
}

fn conservation(books: &[Books]) -> String {
    let mut text = "## Nobody is lost\n\n\
        Every attempt has exactly one outcome, or is in progress at the end: exactly, in every run (the \
        simulator refuses to report anything else). The same runs:\n\n"
        .to_owned();
    let names: Vec<&str> = books.iter().map(|books| books.scenario).collect();
    let rule = "--:|".repeat(books.len());
    let _ = writeln!(text, "| attempts | {} |\n|---|{rule}", names.join(" | "));
    let mut row = |name: &str, of: &dyn Fn(&Books) -> u64| {
        let cells: Vec<String> = books.iter().map(|books| thousands(of(books))).collect();
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    };
    row("answered", &|books| books.calls.answered);
    row("self-served", &|books| {
        books.calls.self_served_confirmed + books.calls.self_served_probable
    });
    row("left in the menus", &|books| books.calls.left_in_menu);
    row("abandoned while waiting", &|books| books.calls.abandoned);
    row("blocked", &|books| books.calls.blocked);
    row("turned away", &|books| books.calls.turned_away);
    row("ended by a message", &|books| books.calls.message);
    row("promised a call back", &|books| books.calls.callback);
    row("transferred out", &|books| books.calls.transferred_out);
    row("ended by the system", &|books| books.calls.ended_by_system);
    row("in progress at the end", &|books| books.calls.in_progress);
    row("**sum**", &|books| {
        books.calls.outcomes() + books.calls.in_progress
    });
    row("**attempts**", &|books| books.calls.attempts);
    text + "\n" + &entries(books)
}

fn entries(books: &[Books]) -> String {
    let mut text = "Every entry into a queue ends in exactly one way, or waits at the end:\n\n\
        | scenario | queue | entered | answered | abandoned | left by a key | timed out | went on to \
        another | ended by the system | waiting at the end | sum |\n\
        |---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
        .to_owned();
    for (scenario, queue) in books
        .iter()
        .flat_map(|books| books.queues.iter().map(|queue| (books.scenario, queue)))
    {
        let tally = &queue.tally;
        let ways = [
            tally.answered,
            tally.abandoned,
            tally.left_by_key,
            tally.timed_out,
            tally.overflowed_out,
            tally.ended_by_system,
            tally.waiting_at_end,
        ];
        let cells: Vec<String> = ways.iter().map(|way| thousands(*way)).collect();
        let _ = writeln!(
            text,
            "| {scenario} | {} | {} | {} | {} |",
            queue.name,
            thousands(tally.entered),
            cells.join(" | "),
            thousands(ways.iter().sum()),
        );
    }
    text
}

/// 21.458 %, 17.116 s, 1.2848
fn with_unit(unit: Unit, value: f64) -> String {
    let number = number_of(unit, value);
    match unit {
        Unit::Share => format!("{number} %"),
        Unit::Seconds => format!("{number} s"),
        Unit::Number => number,
    }
}

fn number_of(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => format!("{:.3}", value * 100.0),
        Unit::Seconds => format!("{value:.3}"),
        Unit::Number => format!("{value:.4}"),
    }
}

/// 12,345
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
