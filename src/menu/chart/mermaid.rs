//! The chart for Mermaid, which Markdown viewers draw.

use super::Chart;
use super::Kind;
use super::To;
use super::dot;
use super::shape;
use std::fmt::Write as _;

/// The chart as a flowchart of Mermaid.
pub fn mermaid(chart: &Chart) -> String {
    let mut lines = vec![
        "---".to_owned(),
        format!("title: {}", json(&chart.title)),
        "---".to_owned(),
        "flowchart LR".to_owned(),
    ];
    for (place, card) in chart.cards.iter().enumerate() {
        let detail = match card.detail.is_empty() {
            true => card.kind.name().to_owned(),
            false => format!("{}: {}", card.kind.name(), card.detail),
        };
        let label = format!("<b>{}</b><br/>{}", escaped(&card.name), escaped(&detail));
        let (open, close) = brackets(card.kind);
        lines.push(format!(
            "  s{place}{open}\"{label}\"{close}:::{}",
            card.kind.name()
        ));
    }
    lines.push("  begin((\" \")) --> s".to_owned() + &chart.start.to_string());
    lines
        .extend(dot::everywhere(chart).map(|text| format!("  everywhere[\"{}\"]", escaped(&text))));
    for (place, card) in chart.cards.iter().enumerate() {
        for (at, row) in card.rows.iter().enumerate() {
            let to = match row.to {
                To::Card(to) => format!("s{to}"),
                To::Repeat => format!("s{place}"),
                // An end of its own keeps the lines short.
                To::HangUp => format!("e{place}x{at}((\"hang up\"))"),
                To::Back => format!("e{place}x{at}[\"the menu before\"]"),
            };
            lines.push(format!(
                "  s{place} -- \"{}\" --> {to}",
                escaped(&dot::words(row))
            ));
        }
    }
    for kind in Kind::ALL {
        if chart.cards.iter().any(|card| card.kind == kind) {
            let [inside, edge, ..] = shape::colours(kind);
            let dashed = if shape::dashed(kind) {
                ",stroke-dasharray:5 3"
            } else {
                ""
            };
            let name = kind.name();
            lines.push(format!(
                "  classDef {name} fill:{inside},stroke:{edge},color:#1b1f24{dashed}"
            ));
        }
    }
    lines.join("\n") + "\n"
}

fn brackets(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Menu | Kind::Survey | Kind::Duty => ("[", "]"),
        Kind::Collect => ("[/", "/]"),
        Kind::Directory => ("[\\", "\\]"),
        Kind::Hours => ("{{", "}}"),
        Kind::Say | Kind::Answer => ("(", ")"),
        Kind::Queue | Kind::Callback => ("([", "])"),
        Kind::Record | Kind::Ticket => ("[(", ")]"),
        Kind::Transfer => (">", "]"),
        Kind::Lookup => ("[[", "]]"),
    }
}

/// What would end a quoted text, or be taken for HTML or Markdown, as a number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in shape::printable(text).chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | ';' | '`' | '*' | '_' | '\\' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// A text in quotes as YAML reads it, too.
fn json(text: &str) -> String {
    serde_json::Value::from(shape::printable(text)).to_string()
}
