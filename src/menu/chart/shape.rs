//! What cards look like: an outline and two colours for each kind, so that they differ in grey, too.

use super::Kind;
use std::fmt::Write as _;

/// How much the tail of a `say` card hangs below it.
const TAIL: f64 = 7.0;

/// Colours of a kind: inside and outline on paper, inside and outline on a dark screen.
pub(super) fn colours(kind: Kind) -> [&'static str; 4] {
    match kind {
        Kind::Menu => ["#eaf1fe", "#2b5cc4", "#17233f", "#86a9ff"],
        Kind::Collect => ["#f4ebfd", "#7a3fb3", "#2a1b3d", "#c9a0f3"],
        Kind::Directory => ["#f9e9fb", "#8f2f9c", "#321538", "#e39bee"],
        Kind::Hours => ["#fff6d9", "#8a6800", "#322809", "#e0ba43"],
        Kind::Say => ["#f3f5f7", "#56616b", "#22272c", "#aab4be"],
        Kind::Answer => ["#e6f6ea", "#1f7a3a", "#12301b", "#70cf8c"],
        Kind::Queue => ["#ffecdf", "#bb4a0b", "#392012", "#ffa26b"],
        Kind::Callback => ["#fdeff5", "#ac2f6b", "#371826", "#f08fba"],
        Kind::Record => ["#e2f5f5", "#12706f", "#0f2d2e", "#66cacb"],
        Kind::Transfer => ["#f4ede5", "#775330", "#2d2318", "#d1a87c"],
        Kind::Lookup => ["#e8f4fb", "#1c6a94", "#122c3a", "#7cc4ea"],
        Kind::Survey => ["#f1f6dc", "#566b12", "#262d10", "#bfd26b"],
        Kind::Duty => ["#f2f2f2", "#3d3d3d", "#242424", "#bdbdbd"],
        Kind::Ticket => ["#eef0fb", "#4a4f9e", "#1e2040", "#a9aef5"],
    }
}

/// A text in one line, of which nothing acts on a terminal and everything can stand in XML.
pub(super) fn printable(text: &str) -> String {
    let acts = |c: char| c.is_control() || "\u{fffe}\u{ffff}".contains(c);
    text.replace(acts, " ")
}

/// Whether the outline is dashed.
pub(super) fn dashed(kind: Kind) -> bool {
    matches!(kind, Kind::Callback | Kind::Survey | Kind::Duty)
}

/// The outline as the data of an SVG path. All have upright sides, where lines come and go.
pub(super) fn outline(kind: Kind, x: f64, y: f64, width: f64, height: f64) -> String {
    let at = Frame {
        x,
        y,
        width,
        height,
    };
    match kind {
        Kind::Menu => at.corners(6.0, Corner::Round),
        Kind::Collect => at.one_corner(14.0, true),
        Kind::Directory => at.one_corner(9.0, true),
        Kind::Lookup => at.corners(12.0, Corner::Hollow),
        Kind::Survey => at.corners(6.0, Corner::Round),
        Kind::Hours => at.corners(12.0, Corner::Cut),
        Kind::Say => at.bubble(),
        Kind::Answer => at.one_corner(14.0, false),
        Kind::Queue | Kind::Callback => at.corners(18.0, Corner::Round),
        Kind::Record => at.corners(9.0, Corner::Hollow),
        Kind::Transfer => at.arrow(14.0),
        Kind::Duty => at.corners(0.0, Corner::Cut),
        Kind::Ticket => at.one_corner(9.0, false),
    }
}

enum Corner {
    Round,
    Cut,
    Hollow,
}

struct Frame {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Frame {
    /// Four corners alike, clockwise from the upper left.
    fn corners(&self, size: f64, corner: Corner) -> String {
        let size = size.min(self.height / 2.0);
        let (left, top) = (self.x, self.y);
        let (right, bottom) = (left + self.width, top + self.height);
        let turn = |x: f64, y: f64| match corner {
            Corner::Round => format!("A{size} {size} 0 0 1 {x} {y}"),
            Corner::Cut => format!("L{x} {y}"),
            Corner::Hollow => format!("A{size} {size} 0 0 0 {x} {y}"),
        };
        let mut path = format!("M{} {top}", left + size);
        let _ = write!(path, "H{}{}", right - size, turn(right, top + size));
        let _ = write!(path, "V{}{}", bottom - size, turn(right - size, bottom));
        let _ = write!(path, "H{}{}", left + size, turn(left, bottom - size));
        let _ = write!(path, "V{}{}Z", top + size, turn(left + size, top));
        path
    }

    /// The upper left corner cut off, like a punched card, or the upper right one folded.
    fn one_corner(&self, size: f64, left: bool) -> String {
        let size = size.min(self.height / 2.5);
        let (x, y) = (self.x, self.y);
        let (right, bottom) = (x + self.width, y + self.height);
        if left {
            let (cut_x, cut_y) = (x + size, y + size);
            return format!("M{cut_x} {y}H{right}V{bottom}H{x}V{cut_y}Z");
        }
        let (fold_x, fold_y) = (right - size, y + size);
        format!("M{x} {y}H{fold_x}L{right} {fold_y}V{bottom}H{x}ZM{fold_x} {y}V{fold_y}H{right}")
    }

    fn bubble(&self) -> String {
        const ROUND: f64 = 5.0;
        let (x, y) = (self.x, self.y);
        let (right, bottom) = (x + self.width, y + self.height);
        let (left_turn, right_turn) = (x + ROUND, right - ROUND);
        let (upper, lower) = (y + ROUND, bottom - ROUND);
        let arc = format!("A{ROUND} {ROUND} 0 0 1");
        format!(
            "M{left_turn} {y}H{right_turn}{arc} {right} {upper}V{lower}{arc} {right_turn} {bottom}\
             H{}L{} {}V{bottom}H{left_turn}{arc} {x} {lower}V{upper}{arc} {left_turn} {y}Z",
            x + 30.0,
            x + 18.0,
            bottom + TAIL,
        )
    }

    fn arrow(&self, size: f64) -> String {
        let (x, y) = (self.x, self.y);
        let (right, bottom) = (x + self.width, y + self.height);
        let size = size.min(self.height / 3.0);
        let turn = right - size;
        let (upper, lower) = (y + size, bottom - size);
        format!("M{x} {y}H{turn}L{right} {upper}V{lower}L{turn} {bottom}H{x}Z")
    }
}
