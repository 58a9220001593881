//! How a report may look: width, colour, characters.

/// What the terminal can show. The caller looks at the terminal, `NO_COLOR` and the locale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns; between 80 and 100 are used.
    pub width: usize,
    /// Whether to colour.
    pub colour: bool,
    /// Whether marks and bars may be other than ASCII.
    pub unicode: bool,
}

impl Style {
    /// For files, pipes and tests.
    pub const PLAIN: Self = Self {
        width: 100,
        colour: false,
        unicode: false,
    };

    /// The columns that are used.
    pub(super) fn columns(self) -> usize {
        self.width.clamp(80, 100)
    }

    /// Bright, for what is looked for.
    pub fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// Faint, for what is looked at last.
    pub fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// As it should be.
    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Not as it should be.
    pub fn bad(self, text: &str) -> String {
        self.paint("31", text)
    }

    /// Worth a look.
    pub fn notable(self, text: &str) -> String {
        self.paint("33", text)
    }

    /// Good or bad, as it is.
    pub(super) fn judged(self, good: bool, text: &str) -> String {
        if good {
            self.good(text)
        } else {
            self.bad(text)
        }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// A goal that was met, or missed.
    pub fn mark(self, met: bool) -> &'static str {
        match (self.unicode, met) {
            (true, true) => "✓",
            (true, false) => "✗",
            (false, true) => "ok",
            (false, false) => "NO",
        }
    }

    /// Columns of a mark.
    pub(super) fn mark_width(self) -> usize {
        if self.unicode { 1 } else { 2 }
    }

    /// Before the width of an interval.
    pub(super) fn plus_minus(self) -> &'static str {
        if self.unicode { "±" } else { "+-" }
    }

    /// Before the lower end of an interval without an upper one.
    pub(super) fn at_least(self) -> &'static str {
        if self.unicode { "≥" } else { ">=" }
    }

    /// What the two kinds of bars mean.
    pub(super) fn legend(self, good: &str, bad: &str) -> String {
        format!("{} {good}   {} {bad}", self.fill(true), self.fill(false))
    }

    fn fill(self, good: bool) -> &'static str {
        match (self.unicode, good) {
            (true, true) => "█",
            (true, false) => "▒",
            (false, true) => "#",
            (false, false) => "-",
        }
    }

    /// A bar for a share of `width` columns, padded to them. Anything above nothing shows.
    pub(super) fn bar(self, share: f64, width: usize, good: bool) -> String {
        let share = share.clamp(0.0, 1.0);
        let mut full = (share * width as f64).round() as usize;
        if full == 0 && share > 0.0 {
            full = width.min(1);
        }
        let bar = self.judged(good, &self.fill(good).repeat(full));
        format!("{bar}{}", " ".repeat(width - full))
    }
}
