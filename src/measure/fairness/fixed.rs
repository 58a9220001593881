//! Calls in fixed point: parts of a call add up without depending on the order of adding.

/// One call. The unit is 2⁻³² of a call, so that an `i64` holds two thousand million of them.
pub const ONE_CALL: i64 = 1 << 32;
/// What rounding may take away from a whole call: a millionth.
pub(super) const SLACK: i64 = ONE_CALL >> 20;

/// Calls as a number for people.
pub fn as_calls(fixed: i64) -> f64 {
    fixed as f64 / ONE_CALL as f64
}
