//! Expected waits, held against those that came.

use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// Sums over callers who had to wait and were answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promises {
    /// How many.
    pub waits: u64,
    /// Sum of the expected waits.
    pub expected_ms: u64,
    /// Sum of the differences, either way.
    pub error_ms: u64,
    /// Sum of expected - actual: above 0 where waits were shorter than expected.
    pub bias_ms: i64,
}

impl Promises {
    /// Counts one wait.
    #[inline]
    pub(super) fn hold(&mut self, expected: Span, actual: Span) {
        self.waits += 1;
        self.expected_ms += expected.0;
        self.error_ms += expected.0.abs_diff(actual.0);
        self.bias_ms += expected.0 as i64 - actual.0 as i64;
    }
}
