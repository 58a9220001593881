//! Lines of a page, and the words for metrics.

use crate::measure::figure::Figure;
use crate::report::clean::clean;
use crate::report::style::Style;

/// A page that grows line by line.
pub(in crate::report) struct Page {
    pub(in crate::report) style: Style,
    text: String,
}

impl Page {
    pub(in crate::report) fn new(style: Style) -> Self {
        Self {
            style,
            text: String::new(),
        }
    }

    /// One line; blanks at its end are dropped.
    pub(in crate::report) fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref().trim_end());
        self.text.push('\n');
    }

    /// A heading with an explanation beside it, after an empty line.
    pub(in crate::report) fn heading(&mut self, heading: &str, beside: &str) {
        let gap = if beside.is_empty() { "" } else { "   " };
        self.line("");
        self.line(format!(
            "{}{gap}{}",
            self.style.bold(heading),
            self.style.dim(beside)
        ));
    }

    /// Words broken into lines; the first begins with `first`, the others are indented as far.
    pub(in crate::report) fn wrapped(&mut self, first: &str, words: &str) {
        let indent = " ".repeat(first.chars().count());
        let mut begin = first;
        for part in wrap(words, self.style.columns() - indent.len()) {
            self.line(format!("{begin}{part}"));
            begin = &indent;
        }
    }

    /// A subject and what is said of it; lines after the first are indented further.
    pub(in crate::report) fn entry(&mut self, subject: &str, words: &str) {
        let all = format!("{subject}: {words}");
        for (place, part) in wrap(&all, self.style.columns() - 4).iter().enumerate() {
            self.line(format!("{}{part}", if place == 0 { "  " } else { "    " }));
        }
    }

    /// What a table has no room for at this width.
    pub(in crate::report) fn left_out(&mut self, columns: &[String]) {
        if !columns.is_empty() {
            let columns = columns.join(", ");
            let words = format!("(100 columns also show: {columns})");
            for part in wrap(&words, self.style.columns() - 2) {
                self.line(self.style.dim(&format!("  {part}")));
            }
        }
    }

    pub(in crate::report) fn finish(self) -> String {
        self.text
    }
}

/// Words broken into lines of so many columns; a longer word has a line of its own.
pub fn wrap(words: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let last = lines.len() - 1;
        let used = lines[last].chars().count();
        if used > 0 && used + 1 + word.chars().count() > columns {
            lines.push(word.to_owned());
        } else {
            let gap = if used > 0 { " " } else { "" };
            lines[last] = format!("{}{gap}{word}", lines[last]);
        }
    }
    lines
}

/// Several texts beside each other as lines of cells, each wrapped to its width.
pub(super) fn side_by_side(texts: &[&str], width: usize) -> Vec<Vec<String>> {
    let cells: Vec<_> = texts.iter().map(|text| wrap(text, width)).collect();
    let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |at: usize| {
        let part = |cell: &Vec<String>| cell.get(at).cloned().unwrap_or_default();
        cells.iter().map(part).collect()
    };
    (0..lines).map(line).collect()
}

/// Text cut to so many columns and padded to them.
pub(in crate::report) fn left(text: &str, width: usize) -> String {
    let cut: String = text.chars().take(width).collect();
    format!("{cut:<width$}")
}

/// A name padded to so many columns; one that is longer is cut in its middle, for it is mostly at their
/// ends that names differ.
pub(crate) fn shortened(style: Style, name: &str, width: usize) -> String {
    // A class of callers may be called anything.
    let name = clean(name, true);
    let letters: Vec<char> = name.chars().collect();
    if letters.len() <= width || width == 0 {
        return left(&name, width);
    }
    let mark = if style.unicode { '…' } else { '~' };
    let end = &letters[letters.len() - width / 2..];
    let begin = &letters[..width - 1 - end.len()];
    begin.iter().chain([&mark]).chain(end).collect()
}

/// Text cut to so many columns and moved to their right.
pub(in crate::report) fn right(text: &str, width: usize) -> String {
    let cut: String = text.chars().take(width).collect();
    format!("{cut:>width$}")
}

/// Whether there is anything to show.
pub(super) fn is_some(figure: Figure) -> bool {
    figure.mean.is_some_and(|mean| mean > 0.0)
}

/// What a metric is called among people.
pub(in crate::report) fn words(metric: &str) -> String {
    match metric {
        "asa_s" => "average speed of answer".to_owned(),
        "aht_s" => "average handling time".to_owned(),
        "abandoned_share" => "abandoned".to_owned(),
        "wait_mean_s" => "mean wait".to_owned(),
        "wait_p50_s" => "half waited at most".to_owned(),
        "wait_p90_s" => "9 in 10 waited at most".to_owned(),
        "wait_p99_s" => "99 in 100 waited at most".to_owned(),
        "wait_max_s" => "longest wait".to_owned(),
        "queue_length_max" => "longest queue, callers".to_owned(),
        "trunk_s" => "lines held".to_owned(),
        "trunk_wasted_s" => "lines wasted".to_owned(),
        "settled" => "settled by an answer".to_owned(),
        "saved_s" => "agents' time saved".to_owned(),
        "requests" => "went to people".to_owned(),
        "wanted_satisfied_share" => "satisfied by a recording".to_owned(),
        "csat" => "CSAT".to_owned(),
        "nps" => "NPS".to_owned(),
        "callers_unserved" => "callers who got nothing".to_owned(),
        "share_error_rms" => "share error, rms of calls".to_owned(),
        "share_error_dispatcher_rms" => "share error by the dispatcher".to_owned(),
        "share_error_forgiven_rms" => "share error forgiven by catch_up".to_owned(),
        "share_error_structural_rms" => "share error beyond its choice".to_owned(),
        "share_error_max" => "share error of the worst agent".to_owned(),
        "inequitable_share" => "inequitable choices".to_owned(),
        "inequitable_forgiven_share" => "inequitable choices forgiven by catch_up".to_owned(),
        "join_flood" => "joiners' calls, of due".to_owned(),
        "longest_streak" => "longest streak, calls".to_owned(),
        "missed_offers" => "offers missed or refused".to_owned(),
        "inversions_per_1000" => "out of turn, of 1000".to_owned(),
        "expected_wait_bias_s" => "expected less actual wait".to_owned(),
        "expected_wait_error_s" => "expected wait, off by".to_owned(),
        _ => metric
            .strip_suffix("_s")
            .unwrap_or(metric)
            .replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_act_on_no_terminal_and_end_no_line() {
        let name = "\u{1b}[31mgold\nsilver";
        assert_eq!(shortened(Style::PLAIN, name, 18), " [31mgold silver  ");
    }
}
