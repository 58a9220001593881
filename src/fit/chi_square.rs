//! What is beyond chance, by the chi-square law.

/// Beyond it is what chance alone makes in one of 1,000 studies: standard deviations of the normal law.
pub(super) const ONE_IN_1000: f64 = 3.09;

/// How many standard deviations a chi-square variable over its degrees of freedom lies above what is usual
/// (Wilson and Hilferty, 1931).
pub(super) fn beyond(ratio: f64, freedom: f64) -> f64 {
    let spread = 2.0 / (9.0 * freedom);
    (libm::cbrt(ratio) - (1.0 - spread)) / spread.sqrt()
}
