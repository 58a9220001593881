//! The ledger as one page.

use super::Ledger;
use crate::exchange::time::Span;
use crate::report::clean::clean;
use crate::report::style::Style;
use crate::report::text::page::Page;
use crate::report::text::page::right;

/// Columns of the table, and their heads in two lines.
const COLUMNS: [(&str, &str, usize); 6] = [
    ("", "hour", 7),
    ("", "at work", 10),
    ("calls of", "your kind", 12),
    ("your", "share", 9),
    ("", "you took", 11),
    ("owed to you", "at the end", 14),
];
/// Notes shown at most; a day has fewer.
const NOTES_MAX: usize = 24;

/// The page, each line ended. `title` says which run of which scenario it is.
pub fn text(title: &str, ledger: &Ledger, style: Style) -> String {
    let mut page = Page::new(style);
    page.line(format!(
        "{}   {}",
        style.bold(&clean(&ledger.name, true)),
        style.dim(title)
    ));
    let share = match ledger.weight {
        1.0 => "a full share".to_owned(),
        weight => format!("{weight} of a full share"),
    };
    let kind = match ledger.colleagues {
        1 => "nobody else takes the same calls".to_owned(),
        count => format!("one of {count} who take the same calls"),
    };
    page.line(format!("{}; {share}; {kind}", ledger.groups.join(", ")));
    page.line("");
    let heads = [
        COLUMNS.map(|column| column.0),
        COLUMNS.map(|column| column.1),
    ];
    for head in heads {
        page.line(style.dim(&row(&head.map(str::to_owned))));
    }
    for hour in &ledger.hours {
        page.line(row(&[
            hour.from.clone(),
            minutes(hour.at_work),
            hour.came.to_string(),
            format!("{:.2}", hour.due),
            hour.took.to_string(),
            signed(hour.owed),
        ]));
    }
    totals(&mut page, ledger);
    notes(&mut page, ledger);
    page.finish()
}

fn totals(page: &mut Page, ledger: &Ledger) {
    let at_work: u64 = ledger.hours.iter().map(|hour| hour.at_work.0).sum();
    let came: u64 = ledger.hours.iter().map(|hour| hour.came).sum();
    let due: f64 = ledger.hours.iter().map(|hour| hour.due).sum();
    let took: u64 = ledger.hours.iter().map(|hour| hour.took).sum();
    let total = row(&[
        "day".to_owned(),
        minutes(Span(at_work)),
        came.to_string(),
        format!("{due:.2}"),
        took.to_string(),
        signed(due - took as f64),
    ]);
    page.line(page.style.bold(&total));
    page.line("");
    let others = match ledger.shares_with_others {
        true => " Colleagues with other skills share some of your calls too: what",
        false => " What",
    };
    let share = "Your share of a call is your weight over the weights of all who were at work then and may \
                 take the same calls; who talks is at work, who is on a break is not.";
    let story = "the dispatcher went by in one choice is in the story of that call (--explain).";
    page.wrapped("  ", &format!("{share}{others} {story}"));
    if let (Some(others), true) = (ledger.others_per_share, due > 0.0) {
        let own = took as f64 / due;
        page.wrapped(
            "  ",
            &format!("For each call that was due you took {own:.2}, your colleagues {others:.2}."),
        );
    }
    if ledger.forgiven != 0.0 {
        let whose = match ledger.forgiven > 0.0 {
            true => "were owed to you and are forgiven to the others",
            false => "were owed by you and are forgiven to you",
        };
        let words = format!(
            "{:.2} calls beyond the limit of what is made up for {whose}.",
            ledger.forgiven.abs()
        );
        page.wrapped("  ", &words);
    }
}

fn notes(page: &mut Page, ledger: &Ledger) {
    let time = ledger.time;
    let times = [
        ("signed in", time.signed_in),
        ("breaks", time.breaks),
        ("not ready", time.not_ready),
        ("ringing", time.ringing),
        ("dialling", time.dialling),
        ("talking", time.talking),
        ("wrap-up", time.wrap_up),
        ("free", time.free),
    ];
    let times = times.iter().filter(|(_, span)| *span > Span::ZERO);
    let times: Vec<String> = times
        .map(|(name, span)| format!("{name} {}", minutes(*span)))
        .collect();
    page.heading("TIME", "");
    page.wrapped("  ", &times.join(", "));
    page.heading("THE DAY", "");
    for (at, words) in ledger.notes.iter().take(NOTES_MAX) {
        page.line(format!("  {at}   {words}"));
    }
    if let Some(more) = ledger
        .notes
        .len()
        .checked_sub(NOTES_MAX)
        .filter(|more| *more > 0)
    {
        page.line(format!("  and {more} more"));
    }
}

fn row(cells: &[String; 6]) -> String {
    let mut line = String::new();
    for (cell, column) in cells.iter().zip(COLUMNS) {
        line += &right(cell, column.2);
    }
    line
}

fn minutes(span: Span) -> String {
    let minutes = (span.0 + 30_000) / 60_000;
    match minutes / 60 {
        0 => format!("{minutes} min"),
        hours => format!("{hours}:{:02} h", minutes % 60),
    }
}

fn signed(calls: f64) -> String {
    let rounded = (calls * 100.0).round() / 100.0;
    match rounded == 0.0 {
        true => "0.00".to_owned(),
        false => format!("{rounded:+.2}"),
    }
}
