//! A picture of shares: for each rule a row, for each person a dot, to the right for calls beyond the
//! person's share, to the left for calls short of it. SVG, of a fixed size, the same bytes for the
//! same run.

use std::fmt::Write as _;

/// One rule's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The rule.
    pub name: String,
    /// Calls answered less calls due, for each person.
    pub errors: Vec<f64>,
}

const WIDTH: f64 = 900.0;
const LEFT: f64 = 185.0;
const RIGHT: f64 = 90.0;
const TOP: f64 = 56.0;
const ROW: f64 = 76.0;
const BOTTOM: f64 = 44.0;
/// Radius of a dot, and the room it takes beside others.
const DOT: f64 = 4.0;
const ROOM: f64 = 8.4;
/// Dots of one place that are put above and below each other; more of them overlap.
const STACK_MAX: usize = 8;
const OURS: &str = "#0b7285";
const OTHERS: &str = "#868e96";

/// The picture. The first row is ours, and drawn in colour.
pub fn svg(title: &str, rows: &[Row]) -> String {
    let height = TOP + ROW * rows.len() as f64 + BOTTOM;
    let reach = reach(rows);
    let x = |calls: f64| LEFT + (calls / reach + 1.0) / 2.0 * (WIDTH - LEFT - RIGHT);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"14\" \
         role=\"img\" aria-label=\"{label}\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"24\" font-size=\"16\" font-weight=\"bold\">{label}</text>\n\
         <text x=\"{end}\" y=\"24\" text-anchor=\"end\" fill=\"#495057\">rms, calls</text>\n",
        label = escaped(title),
        end = WIDTH - 14.0,
    );
    grid(&mut text, reach, height, x);
    for (place, row) in rows.iter().enumerate() {
        let y = TOP + ROW * (place as f64 + 0.5);
        draw(&mut text, row, y, if place == 0 { OURS } else { OTHERS }, x);
    }
    text.push_str("</svg>\n");
    text
}

/// How far the axis goes to either side: a round number of calls that holds every dot.
fn reach(rows: &[Row]) -> f64 {
    let errors = rows.iter().flat_map(|row| &row.errors);
    let most = errors.fold(1.0_f64, |most, error| most.max(error.abs()));
    (most / 5.0).ceil() * 5.0
}

fn grid(text: &mut String, reach: f64, height: f64, x: impl Fn(f64) -> f64) {
    let step = if reach > 30.0 { 10.0 } else { 5.0 };
    let steps = (reach / step) as i32;
    let (from, to) = (TOP, height - BOTTOM);
    for mark in -steps..=steps {
        let calls = match mark {
            0 => "0".to_owned(),
            mark => format!("{:+}", f64::from(mark) * step),
        };
        let colour = if mark == 0 { "#212529" } else { "#e9ecef" };
        let _ = writeln!(
            text,
            "<line x1=\"{at:.1}\" y1=\"{from}\" x2=\"{at:.1}\" y2=\"{to}\" stroke=\"{colour}\"/>\
             <text x=\"{at:.1}\" y=\"{below}\" text-anchor=\"middle\" fill=\"#495057\">{calls}</text>",
            at = x(f64::from(mark) * step),
            below = to + 18.0,
        );
    }
    let below = to + 36.0;
    let _ = writeln!(
        text,
        "<text x=\"{:.1}\" y=\"{below}\" text-anchor=\"middle\" fill=\"#495057\">\
         calls fewer or more than the share</text>",
        x(0.0)
    );
}

/// One row: dots of nearly the same place stand above and below each other.
fn draw(text: &mut String, row: &Row, y: f64, colour: &str, x: impl Fn(f64) -> f64) {
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{colour}\" font-weight=\"bold\">{}</text>",
        LEFT - 16.0,
        y + 5.0,
        escaped(&row.name)
    );
    let mut places: Vec<f64> = row.errors.iter().map(|error| x(*error)).collect();
    places.sort_by(f64::total_cmp);
    let mut placed: Vec<(f64, usize)> = Vec::new();
    for at in places {
        let near = |level: usize| {
            let mut same = placed.iter().filter(|(_, other)| *other == level);
            same.any(|(other, _)| (at - other).abs() < ROOM)
        };
        let level = (0..STACK_MAX).find(|level| !near(*level)).unwrap_or(0);
        placed.push((at, level));
        let _ = writeln!(
            text,
            "<circle cx=\"{at:.1}\" cy=\"{:.1}\" r=\"{DOT}\" fill=\"{colour}\" fill-opacity=\"0.75\"/>",
            y + offset(level)
        );
    }
    let squares: f64 = row.errors.iter().map(|error| error * error).sum();
    let rms = (squares / row.errors.len().max(1) as f64).sqrt();
    let _ = writeln!(
        text,
        "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{colour}\">{rms:.1}</text>",
        WIDTH - 14.0,
        y + 5.0
    );
}

/// In the middle, then by turns above and below it.
fn offset(level: usize) -> f64 {
    let far = level.div_ceil(2) as f64 * ROOM;
    if level % 2 == 1 { -far } else { far }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_person_is_a_dot_and_the_axis_holds_them() {
        let row = |name: &str, errors: &[f64]| Row {
            name: name.to_owned(),
            errors: errors.to_vec(),
        };
        let rows = [
            row("fair", &[0.4, -0.4, 0.0]),
            row("a <b>", &[12.0, -11.0, -1.0]),
        ];
        let text = svg("Shares", &rows);
        assert_eq!(text.matches("<circle").count(), 6);
        assert!(text.contains(">+15</text>") && !text.contains(">+20</text>"));
        assert!(text.contains("a &lt;b>") && text.contains(">0.3</text>"));
    }

    #[test]
    fn dots_of_one_place_stand_apart() {
        let offsets: Vec<f64> = (0..3).map(offset).collect();
        assert_eq!(offsets, [0.0, -ROOM, ROOM]);
    }
}
