//! Laws of patience by their survival functions: the probability of being willing to wait longer.

/// A survival function of seconds.
pub(crate) type Survival = Box<dyn Fn(f64) -> f64>;

/// Without memory.
pub(crate) fn exponential(mean: f64) -> Survival {
    Box::new(move |x| (-x / mean).exp())
}

/// Everybody leaves at the same moment; at the jump itself the middle, as the integration wants it.
pub(crate) fn deterministic(moment: f64) -> Survival {
    Box::new(move |x| match x - moment {
        later if later > 1e-9 => 0.0,
        earlier if earlier < -1e-9 => 1.0,
        _ => 0.5,
    })
}

/// From 0 to twice the mean.
pub(crate) fn uniform(mean: f64) -> Survival {
    Box::new(move |x| (1.0 - x / (2.0 * mean)).max(0.0))
}

/// Two exponential phases of equal means.
pub(crate) fn erlang_2(mean: f64) -> Survival {
    let phase = mean / 2.0;
    Box::new(move |x| (1.0 + x / phase) * (-x / phase).exp())
}

/// With a standard deviation as large as the mean.
pub(crate) fn lognormal(mean: f64) -> Survival {
    let sigma = std::f64::consts::LN_2.sqrt();
    let mu = mean.ln() - sigma * sigma / 2.0;
    Box::new(move |x| match x {
        0.0 => 1.0,
        x => 0.5 * libm::erfc((x.ln() - mu) / (sigma * std::f64::consts::SQRT_2)),
    })
}

/// A hazard that falls: shape 0.7.
pub(crate) fn weibull(mean: f64) -> Survival {
    let scale = mean / libm::tgamma(1.0 + 1.0 / 0.7);
    Box::new(move |x| (-(x / scale).powf(0.7)).exp())
}

/// One half with a quarter of the mean, the other with seven quarters.
pub(crate) fn hyperexponential(mean: f64) -> Survival {
    let (short, long) = (mean / 4.0, mean * 1.75);
    Box::new(move |x| 0.5 * (-x / short).exp() + 0.5 * (-x / long).exp())
}

/// One in ten does not wait at all; the patience of the others has this mean.
pub(crate) fn one_in_ten_balks(mean: f64) -> Survival {
    Box::new(move |x| 0.9 * (-x / mean).exp())
}
