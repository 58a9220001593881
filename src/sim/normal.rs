//! The quantile of the standard normal distribution.

/// The `x` below which a standard normal variable lies with this probability, 0 < `unit` < 1.
///
/// Algorithm AS 241, PPND16 (M. J. Wichura, Applied Statistics 37, 1988, 477–484): relative error
/// about 1e-16. Only additions, multiplications, one division, one square root and libm's logarithm:
/// the same bits on every platform.
pub(super) fn quantile(unit: f64) -> f64 {
    let offset = unit - 0.5;
    if offset.abs() <= 0.425 {
        let r = 0.180_625 - offset * offset;
        return offset * horner(&CENTRE.0, r) / horner(&CENTRE.1, r);
    }
    let tail = if offset < 0.0 { unit } else { 1.0 - unit };
    let r = libm::sqrt(-libm::log(tail));
    let x = if r <= 5.0 {
        horner(&MIDDLE.0, r - 1.6) / horner(&MIDDLE.1, r - 1.6)
    } else {
        horner(&FAR.0, r - 5.0) / horner(&FAR.1, r - 5.0)
    };
    if offset < 0.0 { -x } else { x }
}

/// The probability that a standard normal variable lies below `x`, kept inside (0, 1).
pub(super) fn share_below(x: f64) -> f64 {
    let share = 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    share.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON)
}

/// A polynomial, highest power first.
fn horner(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients
        .iter()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

type Ratio = ([f64; 8], [f64; 8]);

const CENTRE: Ratio = (
    [
        2.509_080_928_730_122_7e3,
        3.343_057_558_358_813e4,
        6.726_577_092_700_87e4,
        4.592_195_393_154_987e4,
        1.373_169_376_550_946e4,
        1.971_590_950_306_551_3e3,
        1.331_416_678_917_843_8e2,
        3.387_132_872_796_366_5,
    ],
    [
        5.226_495_278_852_855e3,
        2.872_908_573_572_194_3e4,
        3.930_789_580_009_271e4,
        2.121_379_430_158_659_7e4,
        5.394_196_021_424_751e3,
        6.871_870_074_920_579e2,
        4.231_333_070_160_091e1,
        1.0,
    ],
);
const MIDDLE: Ratio = (
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
);
const FAR: Ratio = (
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        1.242_660_947_388_078_4e-3,
        2.653_218_952_657_612_4e-2,
        2.965_605_718_285_048_7e-1,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_104,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        1.487_536_129_085_061_5e-2,
        1.369_298_809_227_358e-1,
        5.998_322_065_558_88e-1,
        1.0,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantile_undoes_the_distribution_function() {
        for step in 1..10_000 {
            let unit = f64::from(step) / 10_000.0;
            let back = 0.5 * libm::erfc(-quantile(unit) / std::f64::consts::SQRT_2);
            assert!((back - unit).abs() < 4e-16 + 2e-15 * unit, "{unit}");
        }
        for power in 5..16 {
            let unit = libm::pow(10.0, -f64::from(power));
            let back = 0.5 * libm::erfc(-quantile(unit) / std::f64::consts::SQRT_2);
            assert!((back / unit - 1.0).abs() < 1e-12, "{unit}");
        }
    }

    #[test]
    fn tables_agree() {
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
        assert!((quantile(0.995) - 2.575_829_303_548_900_4).abs() < 1e-15);
        assert_eq!(quantile(0.5), 0.0);
    }
}
