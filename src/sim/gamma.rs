//! The gamma distribution: its quantile, and the regularized incomplete gamma function behind it.

use super::normal;

/// Terms of the series and the continued fraction.
const TERMS_MAX: usize = 500;
const CLOSE: f64 = 1e-14;

/// The `x` below which a gamma variable of this shape and scale 1 lies with this probability,
/// 0 < `unit` < 1: Newton's method from the approximation of Wilson and Hilferty (1931), or from the
/// first term of the series near 0, inside a bracket that shrinks with each step.
pub(super) fn quantile(shape: f64, unit: f64) -> f64 {
    const STEPS_MAX: usize = 100;
    let (mut low, mut high) = (0.0, shape + 40.0 * libm::sqrt(shape) + 800.0);
    // P(x) is about x^shape / Γ(shape + 1) where x is small.
    let near_zero = libm::exp((libm::log(unit) + libm::lgamma(shape + 1.0)) / shape);
    let root = 1.0 - 1.0 / (9.0 * shape) + normal::quantile(unit) / (3.0 * libm::sqrt(shape));
    let mut x = if near_zero < 0.1 * (shape + 1.0) || root <= 0.0 {
        near_zero
    } else {
        shape * root * root * root
    };
    if x < f64::MIN_POSITIVE {
        return 0.0;
    }
    x = x.min(high);
    for _ in 0..STEPS_MAX {
        let (below, above) = shares(shape, x);
        // Of the two the smaller one is exact.
        let surplus = if below < above {
            below - unit
        } else {
            (1.0 - unit) - above
        };
        if surplus > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let density = libm::exp((shape - 1.0) * libm::log(x) - x - libm::lgamma(shape));
        let newton = x - surplus / density;
        let next = if newton > low && newton < high {
            newton
        } else {
            (low + high) / 2.0
        };
        if (next - x).abs() <= 1e-12 * x {
            return next;
        }
        x = next;
    }
    x
}

/// The shares of a gamma variable below and above `x`: by the series below `shape + 1`, by Lentz's
/// continued fraction above (Press et al., *Numerical Recipes*, §6.2).
pub(crate) fn shares(shape: f64, x: f64) -> (f64, f64) {
    let front = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 {
        let (mut term, mut sum, mut at) = (1.0 / shape, 1.0 / shape, shape);
        for _ in 0..TERMS_MAX {
            at += 1.0;
            term *= x / at;
            sum += term;
            if term < sum * CLOSE {
                break;
            }
        }
        let below = (front * sum).min(1.0);
        return (below, 1.0 - below);
    }
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for term in 1..TERMS_MAX {
        let term = term as f64;
        let a = -term * (term - shape);
        b += 2.0;
        d = 1.0 / nonzero(a * d + b, TINY);
        c = nonzero(b + a / c, TINY);
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() < CLOSE {
            break;
        }
    }
    let above = (front * fraction).min(1.0);
    (1.0 - above, above)
}

fn nonzero(value: f64, tiny: f64) -> f64 {
    if value.abs() < tiny { tiny } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_undoes_the_share() {
        for shape in [0.05, 0.3, 1.0, 2.0, 7.5, 100.0, 1e4] {
            for unit in [1e-6, 0.01, 0.2, 0.5, 0.9, 0.999, 1.0 - 1e-9] {
                let x = quantile(shape, unit);
                if x == 0.0 {
                    continue;
                }
                let (below, above) = shares(shape, x);
                let error = if unit < 0.5 {
                    (below - unit).abs() / unit
                } else {
                    (above - (1.0 - unit)).abs() / (1.0 - unit)
                };
                assert!(error < 1e-7, "shape {shape}, unit {unit}: {error}");
            }
        }
    }

    #[test]
    fn known_quantiles_are_met() {
        // A chi-squared variable of n degrees of freedom is twice a gamma variable of shape n/2.
        let table = [
            (0.5, 0.95, 3.841_458_820_694_124),
            (1.0, 0.5, 1.386_294_361_119_891),
            (2.5, 0.99, 15.086_272_469_388_99),
            (5.0, 0.05, 3.940_299_136_119_093),
            (50.0, 0.5, 99.334_129_235_988_46),
        ];
        for (shape, unit, chi_squared) in table {
            let found = 2.0 * quantile(shape, unit);
            assert!((found / chi_squared - 1.0).abs() < 1e-9, "{found}");
        }
    }
}
