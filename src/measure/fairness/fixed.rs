//! Calls in fixed point: parts of a call add up without depending on the order of adding.

/// One call. The unit is 2⁻³² of a call, so that an `i64` holds two thousand million of them.
pub const ONE_CALL: i64 = 1 << 32;
/// What rounding may take away from a whole call: a millionth.
pub(super) const SLACK: i64 = ONE_CALL >> 20;

/// Millionths of a call, as tags of agents of this weight count them, as calls: who is owed half a share is
/// charged twice for each.
pub(super) fn of_tag(micro_calls: i64, weight: u32) -> i64 {
    let calls = i128::from(micro_calls) * i128::from(weight) * i128::from(ONE_CALL);
    (calls / 1_000_000_000_000) as i64
}

/// Calls as a number for people, to a millionth: what is finer comes of rounding, and shares that are alike must
/// not seem to be apart by it.
pub fn as_calls(fixed: i64) -> f64 {
    (fixed as f64 / SLACK as f64).round() / (ONE_CALL / SLACK) as f64
}
