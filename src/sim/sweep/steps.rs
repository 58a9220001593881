//! How the values of one dimension are written: `A..B`, `A..B/9`, or a list. What has a comma or `..` in itself is
//! put in quotes.

/// The most values of one dimension.
pub const STEPS_MAX: usize = 100;
/// Values from one end to the other, unless it says how many.
const STEPS: usize = 8;

const QUOTE: char = '"';

/// Values as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Steps<'t> {
    /// So many from one end to the other, both included.
    Range(&'t str, &'t str, usize),
    /// One by one.
    List(Vec<&'t str>),
}

impl<'t> Steps<'t> {
    /// None where a value or the number of values is missing or wrong.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        // A path goes up by its dots.
        let range = text
            .split_once("..")
            .filter(|(_, rest)| !text.contains(QUOTE) && !rest.starts_with(['/', '\\']));
        let Some((from, rest)) = range else {
            let list = list(text)?;
            let fine = (1..=STEPS_MAX).contains(&list.len()) && !list.contains(&"");
            return fine.then_some(Self::List(list));
        };
        let (to, count) = match rest.split_once('/') {
            Some((to, count)) => (to, count.trim().parse().ok()?),
            None => (rest, STEPS),
        };
        let (from, to) = (from.trim(), to.trim());
        let fine = (2..=STEPS_MAX).contains(&count) && !from.is_empty() && !to.is_empty();
        fine.then_some(Self::Range(from, to, count))
    }
}

/// What commas divide, but for those within quotes. None where quotes do not end, or end within a value.
fn list(text: &str) -> Option<Vec<&str>> {
    let mut is_quoted = false;
    let is_between = |c: char| {
        is_quoted ^= c == QUOTE;
        c == ',' && !is_quoted
    };
    let list: Vec<&str> = text.split(is_between).map(str::trim).collect();
    let is_whole = |value: &&str| match value.strip_prefix(QUOTE) {
        Some(rest) => rest.find(QUOTE) == rest.len().checked_sub(1),
        None => !value.contains(QUOTE),
    };
    list.iter().all(is_whole).then_some(list)
}

/// So many values from one end to the other, evenly spaced, both ends exact.
pub(super) fn spread(from: f64, to: f64, count: usize) -> impl Iterator<Item = f64> {
    let last = count - 1;
    let step = (to - from) / last as f64;
    (0..count).map(move |place| match place {
        place if place == last => to,
        place => from + step * place as f64,
    })
}
