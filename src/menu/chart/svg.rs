//! The chart as a picture to put on the wall: SVG, on paper and on a dark screen.

use super::Card;
use super::Chart;
use super::Kind;
use super::Row;
use super::To;
use super::layout::Layout;
use super::layout::Piece;
use super::layout::Point;
use super::layout::Size;
use super::layout::forward;
use super::layout::layout;
use super::shape;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthChar;

const MARGIN: f64 = 32.0;
/// Room for the arrow at which calls begin.
const BEGIN: f64 = 40.0;
/// Above the cards: the title, the numbers, and what holds everywhere.
const HEAD: f64 = 96.0;
/// Below them: what the outlines mean.
const FOOT: f64 = 64.0;
const PAD: f64 = 14.0;
const ROW: f64 = 22.0;
const CARD_WIDTH_LEAST: f64 = 150.0;
const CARD_WIDTH_MOST: f64 = 310.0;
const TITLE: f64 = 24.0;
const NAME: f64 = 15.0;
const SMALL: f64 = 12.0;
/// From the top of a card to its name, on which lines come in.
const ENTRY: f64 = 33.0;

/// The chart as a document.
pub fn svg(chart: &Chart) -> String {
    let target = |row: &Row| match row.to {
        To::Card(to) => Some(to),
        To::Back | To::Repeat | To::HangUp => None,
    };
    let rows: Vec<Vec<Option<usize>>> = chart
        .cards
        .iter()
        .map(|card| card.rows.iter().map(target).collect())
        .collect();
    let lines = forward(&rows, chart.start);
    let cards = || chart.cards.iter().zip(&lines);
    let sizes: Vec<Size> = cards()
        .map(|(card, lines)| size(card, lines, chart))
        .collect();
    let layout = layout(&sizes, chart.start);
    let mut drawing = Drawing {
        chart,
        lines: &lines,
        sizes: &sizes,
        layout: &layout,
        out: String::new(),
    };
    drawing.document();
    drawing.out
}

/// A card that only leads on has no row for it.
fn only_leads_on(card: &Card, lines: &[bool]) -> bool {
    let on = |row: &Row| row.key.is_none() && row.words == "then";
    lines == [true] && on(&card.rows[0])
}

fn size(card: &Card, lines: &[bool], chart: &Chart) -> Size {
    let (head, leads_on) = (head_height(card), only_leads_on(card, lines));
    let row = |(place, (row, line)): (usize, (&Row, &bool))| {
        let port = match leads_on {
            true => ENTRY,
            false => head + ROW * (place as f64 + 0.5),
        };
        match row.to {
            To::Card(to) if *line => (port, Some(to)),
            To::Card(_) | To::Back | To::Repeat | To::HangUp => (port, None),
        }
    };
    let rows = || card.rows.iter().zip(lines);
    let widths = rows().map(|(row, line)| row_width(row, *line, chart));
    let texts = [
        text_width(&card.name, NAME, true),
        text_width(&card.detail, SMALL, false),
        text_width(&card.says, SMALL, false).min(190.0),
    ];
    let widest = widths.chain(texts).fold(0.0, f64::max) + 2.0 * PAD;
    let below = match leads_on || card.rows.is_empty() {
        true => 0.0,
        false => ROW * card.rows.len() as f64 + 6.0,
    };
    Size {
        width: widest.clamp(CARD_WIDTH_LEAST, CARD_WIDTH_MOST).ceil(),
        height: head + below,
        entry: ENTRY,
        rows: rows().enumerate().map(row).collect(),
    }
}

fn head_height(card: &Card) -> f64 {
    let line = |text: &str| if text.is_empty() { 0.0 } else { 17.0 };
    48.0 + line(&card.detail) + line(&card.says)
}

fn row_width(row: &Row, line: bool, chart: &Chart) -> f64 {
    let key = row.key.as_ref().map_or(0.0, |key| key_width(key) + 8.0);
    let leads = match line {
        true => 0.0,
        false => text_width(&row.to.word(chart), SMALL, false) + 30.0,
    };
    key + text_width(&row_words(row, line, chart), SMALL, false) + leads
}

/// What a row says; of a key without a label, where it leads.
fn row_words(row: &Row, line: bool, chart: &Chart) -> String {
    match row.words.is_empty() && line {
        true => row.to.word(chart),
        false => row.words.clone(),
    }
}

fn key_width(key: &str) -> f64 {
    (text_width(key, SMALL, true) + 10.0).max(18.0)
}

/// How wide a text is, from the widths of Helvetica and its kin.
fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 0.28,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '-' | '"' => 0.35,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.86,
        c if c.is_uppercase() => 0.7,
        c => 0.56 * c.width().unwrap_or(1) as f64,
    };
    let ems: f64 = text.chars().map(em).sum();
    ems * size * if bold { 1.06 } else { 1.0 }
}

/// The text, or as much of it as fits.
fn cut(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size, false) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if text_width(&kept, size, false) > width - size {
            kept.pop();
            break;
        }
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

/// A name, without so much of its middle that it fits: names mostly differ at their ends.
fn cut_name(name: &str, width: f64) -> String {
    let letters: Vec<char> = name.chars().collect();
    let without = |kept: usize| -> String {
        let (begin, end) = (kept.div_ceil(2), letters.len() - kept / 2);
        letters[..begin]
            .iter()
            .chain(&['…'])
            .chain(&letters[end..])
            .collect()
    };
    let fits = |text: &String| text_width(text, NAME, true) <= width;
    let whole = std::iter::once(name.to_owned());
    let mut shorter = whole.chain((0..letters.len()).rev().map(without));
    shorter.find(fits).unwrap_or_default()
}

/// As XML has it.
fn escaped(text: &str) -> String {
    let text = shape::printable(text);
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

struct Drawing<'a> {
    chart: &'a Chart,
    /// For each row of each card: whether a line leaves it.
    lines: &'a [Vec<bool>],
    sizes: &'a [Size],
    layout: &'a Layout,
    out: String,
}

impl Drawing<'_> {
    fn line(&mut self, text: impl AsRef<str>) {
        self.out.push_str(text.as_ref());
        self.out.push('\n');
    }

    fn text(&mut self, at: Point, class: &str, text: &str) {
        let (x, y, text) = (at.x, at.y, escaped(text));
        self.line(format!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
        ));
    }

    fn document(&mut self) {
        let title = text_width(&self.chart.title, TITLE, true) + 2.0 * MARGIN;
        let width = (self.layout.width + 2.0 * MARGIN + BEGIN)
            .max(title)
            .max(760.0);
        let height = self.layout.height + HEAD + FOOT + 2.0 * MARGIN;
        let title = escaped(&self.chart.title);
        self.line(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\" aria-label=\"{title}\">"
        ));
        self.line(format!("<title>{title}</title>"));
        self.style();
        self.line(format!(
            "<rect class=\"page\" width=\"{width:.0}\" height=\"{height:.0}\"/>"
        ));
        self.head();
        let (x, y) = (MARGIN + BEGIN, MARGIN + HEAD);
        self.line(format!("<g transform=\"translate({x} {y})\">"));
        self.begin();
        for piece in &self.layout.pieces {
            self.piece(piece);
        }
        for card in 0..self.chart.cards.len() {
            self.card(card);
        }
        self.line("</g>");
        self.foot(height - MARGIN - 12.0);
        self.line("</svg>");
    }

    fn style(&mut self) {
        self.line("<style>");
        self.line("text { font-family: Helvetica, Arial, 'Liberation Sans', sans-serif; }");
        self.line(format!(
            ".title {{ font-size: {TITLE}px; font-weight: bold; }}"
        ));
        self.line(".name { font-size: 15px; font-weight: bold; }");
        self.line(".kind { font-size: 9.5px; letter-spacing: 1px; font-weight: bold; }");
        self.line(".row, .detail, .says, .note { font-size: 12px; }");
        self.line(".says { font-style: italic; }");
        self.line(".key { font-size: 12px; font-weight: bold; text-anchor: middle; }");
        self.line(".end { text-anchor: end; }");
        self.line("path, .cap { stroke-width: 1.5; }");
        self.line(".line { fill: none; stroke-width: 1.6; }");
        self.line(".dashed { stroke-dasharray: 5 3; }");
        self.colours(0, "#ffffff", "#1b1f24", "#59636e");
        self.line("@media screen and (prefers-color-scheme: dark) {");
        self.colours(2, "#0f1216", "#e8ebee", "#a4adb7");
        self.line("}");
        self.line("</style>");
    }

    fn colours(&mut self, at: usize, page: &str, ink: &str, faint: &str) {
        self.line(format!(".page, .cap {{ fill: {page}; }}"));
        self.line(format!("text, .full {{ fill: {ink}; }}"));
        self.line(format!(".detail, .says, .faint {{ fill: {faint}; }}"));
        self.line(format!(".begin {{ stroke: {ink}; fill: none; }}"));
        for kind in self.kinds() {
            let (name, colours) = (kind.name(), shape::colours(kind));
            let (inside, edge) = (colours[at], colours[at + 1]);
            self.line(format!(".{name} {{ fill: {inside}; stroke: {edge}; }}"));
            self.line(format!(".to-{name} {{ stroke: {edge}; }}"));
            self.line(format!(".of-{name} {{ fill: {edge}; }}"));
        }
    }

    /// The kinds that there are.
    fn kinds(&self) -> Vec<Kind> {
        let there = |kind: &Kind| self.chart.cards.iter().any(|card| card.kind == *kind);
        Kind::ALL.into_iter().filter(there).collect()
    }

    fn head(&mut self) {
        let title = self.chart.title.clone();
        self.text(
            Point {
                x: MARGIN,
                y: MARGIN + 22.0,
            },
            "title",
            &title,
        );
        let numbers = self.chart.numbers.join(", ");
        self.text(
            Point {
                x: MARGIN,
                y: MARGIN + 44.0,
            },
            "note faint",
            &numbers,
        );
        let y = MARGIN + 68.0;
        let mut x = MARGIN;
        if !self.chart.everywhere.is_empty() {
            self.text(
                Point { x, y },
                "note",
                "In every menu that says nothing else:",
            );
            x += text_width("In every menu that says nothing else:", SMALL, false) + 10.0;
        }
        for row in &self.chart.everywhere {
            let key = row.key.as_deref().unwrap_or_default();
            self.key(Point { x, y: y - 4.0 }, key, "cap begin");
            x += key_width(key) + 6.0;
            let word = row.to.word(self.chart);
            self.text(Point { x, y }, "note", &word);
            x += text_width(&word, SMALL, false) + 18.0;
        }
        if let Some(to) = self.chart.give_up {
            let words = format!("After the last try: {}", to.word(self.chart));
            self.text(Point { x, y }, "note", &words);
        }
    }

    fn begin(&mut self) {
        let Some(corner) = self.layout.corners.get(self.chart.start) else {
            return;
        };
        let (x, y) = (corner.x - BEGIN + 8.0, corner.y + ENTRY);
        self.line(format!(
            "<circle class=\"full\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"
        ));
        let end = corner.x;
        self.line(format!(
            "<path class=\"begin\" d=\"M{x:.1} {y:.1}H{:.1}\"/>",
            end - 7.0
        ));
        self.arrow_head(Point { x: end, y }, "full");
    }

    fn arrow_head(&mut self, tip: Point, class: &str) {
        let (x, y) = (tip.x, tip.y);
        let (back, upper, lower) = (x - 8.0, y - 4.0, y + 4.0);
        self.line(format!(
            "<polygon class=\"{class}\" points=\"{x:.1},{y:.1} {back:.1},{upper:.1} {back:.1},{lower:.1}\"/>"
        ));
    }

    fn piece(&mut self, piece: &Piece) {
        let kind = self.chart.cards[piece.target].kind.name();
        let (from, to) = (piece.from, piece.to);
        let end = if piece.last { to.x - 6.0 } else { to.x };
        let bend = ((end - from.x) * 0.55).max(20.0);
        self.line(format!(
            "<path class=\"line to-{kind}\" d=\"M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {end:.1} {:.1}\"/>",
            from.x, from.y, from.x + bend, from.y, end - bend, to.y, to.y
        ));
        if piece.last {
            self.arrow_head(to, &format!("of-{kind}"));
        }
    }

    fn card(&mut self, place: usize) {
        let card = &self.chart.cards[place];
        let (corner, width) = (self.layout.corners[place], self.layout.widths[place]);
        let height = self.sizes[place].height;
        let (kind, left) = (card.kind.name(), corner.x + PAD);
        let dashed = if shape::dashed(card.kind) {
            " dashed"
        } else {
            ""
        };
        let outline = shape::outline(card.kind, corner.x, corner.y, width, height);
        self.line("<g>");
        if !card.says.is_empty() {
            self.line(format!("<title>{}</title>", escaped(&card.says)));
        }
        self.line(format!("<path class=\"{kind}{dashed}\" d=\"{outline}\"/>"));
        let word = kind.to_uppercase();
        let class = format!("kind of-{kind}");
        self.text(
            Point {
                x: left,
                y: corner.y + 17.0,
            },
            &class,
            &word,
        );
        self.text(
            Point {
                x: left,
                y: corner.y + 36.0,
            },
            "name",
            &cut_name(&card.name, width - 2.0 * PAD),
        );
        let mut y = corner.y + 53.0;
        let room = width - 2.0 * PAD;
        if !card.detail.is_empty() {
            self.text(
                Point { x: left, y },
                "detail",
                &cut(&card.detail, SMALL, room),
            );
            y += 17.0;
        }
        if !card.says.is_empty() {
            self.text(Point { x: left, y }, "says", &cut(&card.says, SMALL, room));
        }
        if !only_leads_on(card, &self.lines[place]) {
            for (at, row) in card.rows.iter().enumerate() {
                let y = corner.y + head_height(card) + ROW * (at as f64 + 0.5);
                let line = self.lines[place][at];
                self.row(
                    row,
                    Point { x: left, y },
                    corner.x + width - PAD,
                    line,
                    kind,
                );
            }
        }
        self.line("</g>");
    }

    fn row(&mut self, row: &Row, at: Point, right: f64, line: bool, kind: &str) {
        let mut x = at.x;
        if let Some(key) = &row.key {
            self.key(at, key, &format!("cap to-{kind}"));
            x += key_width(key) + 8.0;
        }
        let leads = match row.to {
            _ if line => String::new(),
            To::HangUp => format!("■ {}", row.to.word(self.chart)),
            to => format!("← {}", to.word(self.chart)),
        };
        let y = at.y + 4.0;
        let taken = if line {
            0.0
        } else {
            text_width(&leads, SMALL, false) + 10.0
        };
        let words = row_words(row, line, self.chart);
        let words = cut(&words, SMALL, right - x - taken);
        self.text(Point { x, y }, "row", &words);
        if !leads.is_empty() {
            self.text(Point { x: right, y }, "row faint end", &leads);
        }
    }

    fn key(&mut self, at: Point, key: &str, class: &str) {
        let (width, y) = (key_width(key), at.y - 9.0);
        let mut cap = String::new();
        let _ = write!(
            cap,
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"18\" rx=\"4\"/>",
            at.x
        );
        self.line(cap);
        let middle = Point {
            x: at.x + width / 2.0,
            y: at.y + 4.0,
        };
        self.text(middle, "key", key);
    }

    fn foot(&mut self, y: f64) {
        let mut x = MARGIN;
        for kind in self.kinds() {
            let name = kind.name();
            let dashed = if shape::dashed(kind) { " dashed" } else { "" };
            let outline = shape::outline(kind, x, y - 16.0, 34.0, 22.0);
            self.line(format!("<path class=\"{name}{dashed}\" d=\"{outline}\"/>"));
            self.text(Point { x: x + 42.0, y }, "note", name);
            x += 42.0 + text_width(name, SMALL, false) + 20.0;
        }
        for words in ["←  goes on there", "■  the call ends"] {
            self.text(Point { x, y }, "note faint", words);
            x += text_width(words, SMALL, false) + 20.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_lose_their_middle() {
        let long = |end: &str| format!("technical-support-for-enterprise-customers-{end}");
        let (north, south) = (
            cut_name(&long("north"), 250.0),
            cut_name(&long("south"), 250.0),
        );
        assert!(
            north.starts_with("technical-") && north.ends_with("-north"),
            "{north}"
        );
        assert_ne!(north, south);
        assert!(text_width(&north, NAME, true) <= 250.0);
        assert_eq!(cut_name("support", 250.0), "support");
    }
}
