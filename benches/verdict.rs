//! What came of a goal.

/// In words. Small sizes judge nothing.
pub(crate) fn verdict(is_judged: bool, met: bool) -> &'static str {
    match (is_judged, met) {
        (false, _) => "not judged",
        (true, true) => "met",
        (true, false) => "MISSED",
    }
}
