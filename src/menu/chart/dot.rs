//! The chart for Graphviz.

use super::Chart;
use super::Kind;
use super::Row;
use super::To;
use super::shape;

/// The chart in the DOT language.
pub fn dot(chart: &Chart) -> String {
    let mut lines = vec![
        format!("digraph {} {{", quoted(&chart.title)),
        format!("  label={}; labelloc=t; rankdir=LR;", quoted(&title(chart))),
        "  graph [fontname=\"Helvetica\"];".to_owned(),
        "  node [style=filled, fontname=\"Helvetica\", fontsize=12];".to_owned(),
        "  edge [fontname=\"Helvetica\", fontsize=10];".to_owned(),
        "  \"@start\" [shape=point, width=0.12];".to_owned(),
    ];
    for card in &chart.cards {
        let [inside, edge, ..] = shape::colours(card.kind);
        let style = if shape::dashed(card.kind) {
            "filled,dashed"
        } else {
            "filled"
        };
        let label = match card.detail.is_empty() {
            true => format!("{}\n{}", card.name, card.kind.name()),
            false => format!("{}\n{}: {}", card.name, card.kind.name(), card.detail),
        };
        lines.push(format!(
            "  {} [label={}, shape={}, style={}, fillcolor={}, color={}];",
            quoted(&card.name),
            quoted(&label),
            form(card.kind),
            quoted(style),
            quoted(inside),
            quoted(edge)
        ));
    }
    let start = chart.cards.get(chart.start);
    lines.extend(start.map(|card| format!("  \"@start\" -> {};", quoted(&card.name))));
    let mut ends = false;
    for card in &chart.cards {
        for row in &card.rows {
            let (to, style) = match row.to {
                To::Card(to) => (chart.cards[to].name.as_str(), ""),
                To::Repeat => (card.name.as_str(), ""),
                To::HangUp => ("@hangup", ""),
                // To which menu depends on the call.
                To::Back => ("@back", ", style=dashed"),
            };
            ends |= row.to == To::HangUp;
            let label = quoted(&words(row));
            let from = quoted(&card.name);
            lines.push(format!(
                "  {from} -> {} [label={label}{style}];",
                quoted(to)
            ));
        }
    }
    if ends {
        lines.push(
            "  \"@hangup\" [label=\"hang up\", shape=doublecircle, fillcolor=white];".to_owned(),
        );
    }
    let back = chart
        .cards
        .iter()
        .flat_map(|card| &card.rows)
        .any(|row| row.to == To::Back);
    if back {
        lines.push(
            "  \"@back\" [label=\"the menu before\", shape=plaintext, style=\"\"];".to_owned(),
        );
    }
    lines.push("}".to_owned());
    lines.join("\n") + "\n"
}

/// The title, and below it what holds everywhere.
fn title(chart: &Chart) -> String {
    let mut lines = vec![chart.title.clone()];
    lines.extend(everywhere(chart));
    lines.join("\n")
}

/// What holds in every menu, in a line.
pub(super) fn everywhere(chart: &Chart) -> Option<String> {
    let key = |row: &Row| {
        let key = row.key.as_deref().unwrap_or_default();
        format!("{key}: {}", row.to.word(chart))
    };
    let mut parts: Vec<String> = chart.everywhere.iter().map(key).collect();
    let last = chart
        .give_up
        .map(|to| format!("after the last try: {}", to.word(chart)));
    parts.extend(last);
    (!parts.is_empty())
        .then(|| format!("In every menu that says nothing else: {}", parts.join(", ")))
}

/// What stands at a line.
pub(super) fn words(row: &Row) -> String {
    match &row.key {
        Some(key) if row.words.is_empty() => key.clone(),
        Some(key) => format!("{key} {}", row.words),
        None => row.words.clone(),
    }
}

fn form(kind: Kind) -> &'static str {
    match kind {
        Kind::Menu => "box",
        Kind::Collect => "parallelogram",
        Kind::Directory => "trapezium",
        Kind::Hours => "hexagon",
        Kind::Say => "note",
        Kind::Answer => "folder",
        Kind::Queue => "ellipse",
        Kind::Callback => "ellipse",
        Kind::Record => "cylinder",
        Kind::Transfer => "cds",
        Kind::Lookup => "box3d",
        Kind::Survey => "tab",
        Kind::Duty => "component",
        Kind::Ticket => "note",
    }
}

/// A quoted string: only the quote and the backslash have to be escaped; `\n` breaks a line.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    let lines: Vec<String> = text.split('\n').map(shape::printable).collect();
    format!("\"{}\"", lines.join("\\n"))
}
