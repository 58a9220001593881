//! What answers are worth, what went to people, other systems and surveys, of the base case.

use super::page::Page;
use super::page::is_some;
use super::page::words;
use super::places::Column;
use super::places::head;
use super::places::row;
use crate::measure::definitions::Unit;
use crate::measure::definitions::definition;
use crate::measure::row::Row;
use crate::measure::summary::Summary;
use crate::report::number;
use crate::report::study::Study;

/// Ways to people that are shown.
const WAYS_MAX: usize = 12;

#[rustfmt::skip]
const ANSWER: &[Column<'_>] = &[
    ("", "played", 7), ("to the", "end", 7), ("settled", "the call", 13), ("callers", "said so", 8),
    ("went to", "a person", 9), ("another", "answer", 8), ("came", "back", 6), ("", "left", 5),
    ("agents'", "time", 8),
];
const MONEY: usize = 8;
#[rustfmt::skip]
const WAY: &[Column<'_>] = &[("", "calls", 9), ("", "of 100", 9), ("after an", "answer", 10)];
#[rustfmt::skip]
const WANT: &[Column<'_>] = &[
    ("", "calls", 9), ("went to", "a person", 11), ("counted as", "self-served", 14),
    ("satisfied", "by a recording", 17),
];
#[rustfmt::skip]
const LOOKUP: &[Column<'_>] = &[
    ("", "asked", 9), ("", "found", 8), ("refused", "(status)", 10), ("not in", "time", 8),
    ("", "failed", 8), ("", "slow", 7), ("", "mean", 9), ("", "longest", 9),
];
#[rustfmt::skip]
const SURVEY: &[Column<'_>] = &[
    ("", "queue", 18), ("", "put", 9), ("", "answered", 10), ("", "mean", 14), ("", "", 18),
];

pub(super) fn print(page: &mut Page, study: &Study) {
    let summary = &study.base.summary;
    answers(page, summary);
    requests(page, summary);
    wants(page, summary);
    lookups(page, summary);
    surveys(page, summary);
}

/// What the figures mean that are shown.
pub(super) fn explain(page: &mut Page, study: &Study) {
    let summary = &study.base.summary;
    let worth = &summary.worth;
    let mut explain = |rows: &[Row], names: &[&str]| {
        for name in names {
            let shown = rows.iter().any(|row| row.total.mean(name).is_some());
            if shown {
                page.entry(&words(name), definition(name).sentence);
            }
        }
    };
    let played: Vec<Row> = worth.played().cloned().collect();
    explain(&played, &["settled", "came_back", "saved_s"]);
    if tells_ways(summary) {
        explain(&worth.requests, &["requests"]);
    }
    explain(&worth.wants, &["wanted_satisfied_share"]);
    explain(&worth.surveys, &["csat", "nps"]);
}

fn about<'r>(row: &'r Row, what: &str) -> &'r str {
    let found = row.about.iter().find(|(name, _)| *name == what);
    found.map_or("", |(_, text)| text.as_str())
}

fn answers(page: &mut Page, summary: &Summary) {
    if summary.worth.played().next().is_none() {
        return;
    }
    page.heading(
        "ANSWERS",
        "what each settled, what callers did next, and what it saved in an average run",
    );
    let currency = summary
        .worth
        .costs
        .as_ref()
        .map(|costs| costs.currency.as_str());
    // A column's head is known when the program is made, a currency is not.
    let table: Vec<Column<'_>> = ANSWER
        .iter()
        .copied()
        .chain(currency.map(|currency| ("in", currency, MONEY)))
        .collect();
    head(page, &table);
    for answer in summary.worth.played() {
        let total = &answer.total;
        let share = |name: &str| number::short(Unit::Share, total.mean(name));
        let mut cells = vec![
            number::short(Unit::Count, total.mean("played")),
            share("heard_share"),
            number::with_interval(page.style, Unit::Share, total.get("settled_share")),
            share("confirmed_share"),
            share("to_person_share"),
            share("to_another_share"),
            share("came_back_share"),
            share("left_after_share"),
            number::hours(total.mean("saved_s")),
        ];
        cells.extend(currency.map(|_| number::short(Unit::Money, total.mean("saved_money"))));
        row(page, &table, &answer.name, &cells, false);
    }
    page.line("");
    best(page, summary);
    worst(page, summary);
    let silent = summary.worth.answers.iter();
    let silent = silent.filter(|row| !is_some(row.total.get("played")));
    let silent: Vec<&str> = silent.map(|row| row.name.as_str()).collect();
    if !silent.is_empty() {
        page.entry("Never heard", &silent.join(", "));
    }
}

/// The name of an answer and its question.
fn title(answer: &Row) -> String {
    match about(answer, "question") {
        "" => answer.name.clone(),
        question => format!("{}, \"{question}\"", answer.name),
    }
}

fn best(page: &mut Page, summary: &Summary) {
    let saved = |row: &Row| row.total.mean("saved_s").unwrap_or(0.0);
    let Some(best) = summary.worth.best() else {
        return;
    };
    let all = summary.worth.saved_s();
    let worth = |seconds: f64| match &summary.worth.costs {
        Some(costs) => {
            let money = seconds / 3600.0 * costs.agent_hour;
            format!(", {} {}", number::count(money, 0), costs.currency)
        }
        None => String::new(),
    };
    let words = format!(
        "{}: {} of agents' time{}. All answers together save {}{}.",
        title(best),
        number::hours(Some(saved(best))),
        worth(saved(best)),
        number::hours(Some(all)),
        worth(all)
    );
    let subject = page.style.good("Saves most");
    page.entry(&subject, &words);
}

/// The answers that do not work, the worst first.
fn worst(page: &mut Page, summary: &Summary) {
    for answer in summary.worth.failing() {
        let of = |name: &str| {
            let share = answer.total.mean(name).unwrap_or(0.0);
            number::count(share * 100.0, 0)
        };
        let words = format!(
            "{}: of 100 who hear it {} are settled, {} go to a person, {} call again.",
            title(answer),
            of("settled_share"),
            of("to_person_share"),
            of("came_back_share"),
        );
        let subject = page.style.bad("Does not work");
        page.entry(&subject, &words);
    }
}

/// Whether there is something to tell of the ways by which calls came to people: a line that begins with its
/// queue has nothing.
fn tells_ways(summary: &Summary) -> bool {
    let came = |row: &Row| row.total.mean("requests") > Some(0.0);
    let requests = &summary.worth.requests;
    requests.iter().any(came) && requests.iter().any(|row| about(row, "by") != "at once")
}

fn requests(page: &mut Page, summary: &Summary) {
    if !tells_ways(summary) {
        return;
    }
    let requests = &summary.worth.requests;
    let calls = |row: &Row| row.total.mean("requests").unwrap_or(0.0);
    let all: f64 = requests.iter().map(calls).sum();
    page.heading(
        "WENT TO PEOPLE",
        "by the last key or step before: questions that no answer has settled",
    );
    let width = rest(page, WAY);
    wide_head(page, WAY, width);
    for request in requests.iter().take(WAYS_MAX) {
        let total = &request.total;
        let cells = [
            number::short(Unit::Count, total.mean("requests")),
            format!("{:.1}", calls(request) / all * 100.0),
            number::short(Unit::Count, total.mean("requests_after_answer")),
        ];
        wide_row(page, (WAY, width), &way(request), &cells);
    }
    let more = requests.len().saturating_sub(WAYS_MAX);
    if more > 0 {
        let others: f64 = requests.iter().skip(WAYS_MAX).map(calls).sum();
        let cells = [
            number::short(Unit::Count, Some(others)),
            format!("{:.1}", others / all * 100.0),
        ];
        let name = format!("other ways: {more}");
        wide_row(page, (WAY, width), &name, &cells);
    }
}

/// A way to people in words: `main, 3: help with a product`.
fn way(request: &Row) -> String {
    let (step, by) = (about(request, "step"), about(request, "by"));
    match (by, about(request, "label")) {
        ("onward", _) => format!("{step}, at its end"),
        (by, "") => format!("{step}, {by}"),
        (by, label) => format!("{step}, {by}: {label}"),
    }
}

fn wants(page: &mut Page, summary: &Summary) {
    let wants = &summary.worth.wants;
    if !wants.iter().any(|row| is_some(row.total.get("wanted"))) {
        return;
    }
    page.heading(
        "WHAT CALLERS WANTED",
        "as the scenario knows it, and no line does",
    );
    let width = rest(page, WANT);
    wide_head(page, WANT, width);
    for want in wants {
        let total = &want.total;
        let share = |name: &str| number::short(Unit::Share, total.mean(name));
        let cells = [
            number::short(Unit::Count, total.mean("wanted")),
            share("wanted_to_person_share"),
            share("wanted_self_served_share"),
            share("wanted_satisfied_share"),
        ];
        wide_row(page, (WANT, width), &want.name, &cells);
    }
    unanswered(page, summary);
}

fn unanswered(page: &mut Page, summary: &Summary) {
    let without = summary.worth.unanswered();
    let each = |row: &&Row| {
        let calls = row.total.mean("wanted_to_person");
        let calls = number::short(Unit::Count, calls);
        format!("{} ({calls} calls went to people)", row.name)
    };
    if !without.is_empty() {
        page.line("");
        let words: Vec<String> = without.iter().map(each).collect();
        page.entry("No answer to", &(words.join(", ") + "."));
    }
}

fn lookups(page: &mut Page, summary: &Summary) {
    let lookups = summary.worth.lookups.iter();
    let asked: Vec<&Row> = lookups
        .filter(|row| is_some(row.total.get("lookups")))
        .collect();
    if asked.is_empty() {
        return;
    }
    page.heading("LOOK-UPS", "how other systems answered in an average run");
    head(page, LOOKUP);
    for lookup in asked {
        let total = &lookup.total;
        let count = |name: &str| number::short(Unit::Count, total.mean(name));
        let share = |name: &str| number::short(Unit::Share, total.mean(name));
        let time = |name: &str| {
            let seconds = total.mean(name);
            seconds.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.1} s"))
        };
        let cells = [
            count("lookups"),
            share("lookup_found_share"),
            count("lookup_refused"),
            count("lookup_timed_out"),
            count("lookup_failed"),
            share("lookup_slow_share"),
            time("lookup_mean_s"),
            time("lookup_max_s"),
        ];
        row(page, LOOKUP, &lookup.name, &cells, false);
        match about(lookup, "statuses") {
            "" => {}
            statuses => {
                let words = format!("    refused with {statuses}");
                page.line(page.style.dim(&words));
            }
        }
    }
}

fn surveys(page: &mut Page, summary: &Summary) {
    if summary.worth.surveys.is_empty() {
        return;
    }
    page.heading("SURVEYS", "by the queue whose agent had the call last");
    head(page, SURVEY);
    for question in &summary.worth.surveys {
        let total = &question.total;
        let figure = |name: &str| {
            let unit = definition(name).unit;
            number::with_interval(page.style, unit, total.get(name))
        };
        let own = if total.find("csat").is_some() {
            format!("CSAT {}", figure("csat"))
        } else if total.find("nps").is_some() {
            format!("NPS {}", figure("nps"))
        } else if total.find("yes_share").is_some() {
            format!("yes {}", figure("yes_share"))
        } else {
            String::new()
        };
        let queue = match about(question, "queue") {
            "" => "no agent's",
            queue => queue,
        };
        let cells = [
            queue.to_owned(),
            number::short(Unit::Count, total.mean("questions_put")),
            number::short(Unit::Share, total.mean("response_share")),
            figure("score_mean"),
            own,
        ];
        row(page, SURVEY, &question.name, &cells, false);
    }
}

/// How wide the first column is that takes all that is left.
fn rest(page: &Page, table: &[Column<'_>]) -> usize {
    let used: usize = table.iter().map(|column| column.2).sum();
    page.style.columns() - 2 - used
}

/// A table whose first column takes all that is left.
fn wide_row(page: &mut Page, (table, width): (&[Column<'_>], usize), name: &str, cells: &[String]) {
    let mut line = super::page::shortened(page.style, name, width);
    for (column, cell) in table.iter().zip(cells) {
        line += &super::page::right(cell, column.2);
    }
    page.line(format!("  {line}"));
}

fn wide_head(page: &mut Page, table: &[Column<'_>], width: usize) {
    let upper = table.iter().map(|column| (column.0, column.2));
    let lower = table.iter().map(|column| (column.1, column.2));
    for words in [upper.collect::<Vec<_>>(), lower.collect()] {
        if words.iter().all(|(word, _)| word.is_empty()) {
            continue;
        }
        let words = words
            .iter()
            .map(|(word, width)| super::page::right(word, *width));
        let line = format!("  {}{}", " ".repeat(width), words.collect::<String>());
        page.line(page.style.dim(&line));
    }
}
