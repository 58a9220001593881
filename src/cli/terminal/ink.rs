//! One line of a fixed width, put together piece by piece; what does not fit is cut.

use super::clean;
use crate::report::style::Style;
use unicode_width::UnicodeWidthChar;
use unicode_width::UnicodeWidthStr;

/// How a piece looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Ink {
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
    Notable,
}

impl Ink {
    fn paint(self, style: Style, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Bold => style.bold(text),
            Self::Dim => style.dim(text),
            Self::Good => style.good(text),
            Self::Bad => style.bad(text),
            Self::Notable => style.notable(text),
        }
    }
}

/// A line that grows to the right.
pub(in crate::cli) struct Line {
    style: Style,
    columns: usize,
    text: String,
    used: usize,
    /// Blanks that are written when something follows.
    blanks: usize,
}

impl Line {
    pub(in crate::cli) fn new(style: Style, columns: usize) -> Self {
        Self {
            style,
            columns,
            text: String::new(),
            used: 0,
            blanks: 0,
        }
    }

    /// The columns that are still free.
    pub(in crate::cli) fn room(&self) -> usize {
        self.columns - self.used
    }

    /// Adds a text, as far as it fits.
    pub(in crate::cli) fn put(mut self, ink: Ink, text: &str) -> Self {
        let cut = cut(&clean(text, self.style.unicode), self.room());
        if !cut.trim_end().is_empty() {
            let whole = cut.trim_end();
            let trailing = cut.width() - whole.width();
            self.text.push_str(&" ".repeat(self.blanks));
            self.text.push_str(&ink.paint(self.style, whole));
            self.blanks = trailing;
        } else {
            self.blanks += cut.width();
        }
        self.used += cut.width();
        self
    }

    /// Adds a text in a column of this width, at its left.
    pub(in crate::cli) fn left(self, ink: Ink, text: &str, width: usize) -> Self {
        let to = self.used + width;
        let text = shorten(
            &clean(text, self.style.unicode),
            width.saturating_sub(1),
            self.style,
        );
        self.put(ink, &text).to(to)
    }

    /// Adds a text in a column of this width, at its right.
    pub(in crate::cli) fn right(self, ink: Ink, text: &str, width: usize) -> Self {
        // One blank at least, whatever the figure.
        let to = self.used + width.saturating_sub(text.width()).max(1);
        self.to(to).put(ink, text)
    }

    /// Goes on at this column.
    pub(in crate::cli) fn to(mut self, column: usize) -> Self {
        let blanks = column.min(self.columns).saturating_sub(self.used);
        self.blanks += blanks;
        self.used += blanks;
        self
    }

    /// The line, without blanks at its end.
    pub(in crate::cli) fn finish(self) -> String {
        self.text
    }
}

/// As much of a text as fits.
pub(in crate::cli) fn cut(text: &str, columns: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= columns
    };
    text.chars().take_while(fits).collect()
}

/// A text that shows that it was cut.
fn shorten(text: &str, columns: usize, style: Style) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mark = if style.unicode { "…" } else { "~" };
    cut(text, columns.saturating_sub(1)) + mark
}
