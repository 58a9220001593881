//! The terminal: taken for a while, drawn on line by line, and harmless whatever is shown.

mod ending;
mod ink;
mod screen;

pub(in crate::cli) use crate::report::clean;
pub(in crate::cli) use ending::can_draw;
pub(in crate::cli) use ending::leaves;
pub(in crate::cli) use ending::stop_signals;
pub(in crate::cli) use ink::Ink;
pub(in crate::cli) use ink::Line;
pub(in crate::cli) use ink::cut;
pub(in crate::cli) use screen::Screen;

/// A terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Size {
    pub(in crate::cli) columns: usize,
    pub(in crate::cli) rows: usize,
}
