//! A quantile function by table, as far as that gives the same milliseconds.
//!
//! The unit interval is cut into cells, in each of which a cubic runs through four points of the
//! function. How far it strays in between is measured when the table is made; where a value lies so
//! near to the border of two milliseconds that it might be rounded to the wrong one, or where the
//! function is too steep for a cubic, the table says nothing, and the function itself has to be asked.

/// Cells of a table.
const CELLS: usize = 256;
/// Where a cell's cubic is held against the function: between the points that it runs through.
const BETWEEN: [f64; 6] = [0.06, 0.2, 0.4, 0.6, 0.8, 0.94];
/// The greatest distance that was seen, times this, bounds all that were not.
const SAFETY: f64 = 4.0;
/// What a function's own rounding may come to, of its value.
const ROUNDING: f64 = 1e-11;
/// A cell whose cubic strays further than this many milliseconds is of no use.
const STRAY_MAX: f64 = 0.25;

/// A smooth quantile function, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tabulated {
    cells: Box<[Cell]>,
}

/// A cubic in the part of the cell that lies before, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cell {
    powers: [f64; 4],
    /// How far from the function it may be; infinite where it may not be used.
    stray: f64,
}

impl Tabulated {
    /// The table of a function that is smooth between 0 and 1, and may be anything at these two.
    pub(super) fn of(quantile_ms: impl Fn(f64) -> f64) -> Self {
        let cells = (0..CELLS).map(|place| {
            let at = |part: f64| quantile_ms((place as f64 + part) / CELLS as f64);
            match place {
                0 => Cell::USELESS,
                last if last == CELLS - 1 => Cell::USELESS,
                _ => Cell::through(at),
            }
        });
        Self {
            cells: cells.collect(),
        }
    }

    /// The value for a number in (0, 1) in milliseconds, rounded; none where that is not sure.
    #[inline]
    pub(super) fn rounded(&self, unit: f64) -> Option<u64> {
        let at = unit * CELLS as f64;
        // Half a cell earlier the nearest is the one that it lies in, at a border either.
        let (place, before) = nearest(at - 0.5);
        let cell = self.cells.get(place as usize)?;
        let value = cell.at(at - before).max(0.0);
        let (rounded, whole) = nearest(value);
        ((value - whole).abs() < 0.5 - cell.stray).then_some(rounded)
    }
}

/// The nearest whole number, twice; of two the even one. It must be from 0 to 2⁵¹; what is below gives
/// no small number.
///
/// Beside 2⁵² a double has no room for less than a whole: one addition rounds, in a third of the time
/// that going over to integers and back takes.
#[inline]
fn nearest(number: f64) -> (u64, f64) {
    const WHOLES: f64 = (1u64 << 52) as f64;
    let beside = number + WHOLES;
    (
        beside.to_bits().wrapping_sub(WHOLES.to_bits()),
        beside - WHOLES,
    )
}

impl Cell {
    const USELESS: Self = Self {
        powers: [0.0; 4],
        stray: f64::INFINITY,
    };

    /// The cubic through four points at equal distances (Newton's forward differences).
    fn through(at: impl Fn(f64) -> f64) -> Self {
        let points = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0].map(&at);
        let first = points[1] - points[0];
        let second = points[2] - 2.0 * points[1] + points[0];
        let third = points[3] - 3.0 * points[2] + 3.0 * points[1] - points[0];
        let mut cell = Self {
            powers: [
                points[0],
                3.0 * (first - second / 2.0 + third / 3.0),
                9.0 * (second - third) / 2.0,
                27.0 * third / 6.0,
            ],
            stray: 0.0,
        };
        let strays = BETWEEN.map(|part| (cell.at(part) - at(part)).abs());
        let stray = strays.into_iter().fold(0.0, f64::max);
        let greatest = points
            .into_iter()
            .fold(0.0, |one: f64, other| one.max(other.abs()));
        cell.stray = SAFETY * stray + ROUNDING * greatest;
        let is_number = cell.powers.iter().all(|power| power.is_finite());
        match is_number && cell.stray <= STRAY_MAX {
            true => cell,
            false => Self::USELESS,
        }
    }

    #[inline]
    fn at(&self, part: f64) -> f64 {
        let [zero, one, two, three] = self.powers;
        // Two halves that need not wait for each other (Estrin's scheme).
        (zero + part * one) + part * part * (two + part * three)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_table_says_is_what_the_function_says() {
        let function = |unit: f64| -90_000.0 * libm::log(1.0 - unit);
        let table = Tabulated::of(function);
        let (mut said, count) = (0, 300_000);
        for step in 0..count {
            let unit = (f64::from(step) + 0.5) / f64::from(count);
            if let Some(rounded) = table.rounded(unit) {
                assert_eq!(rounded, (function(unit) + 0.5) as u64, "{unit}");
                said += 1;
            }
        }
        assert!(said > count * 9 / 10, "{said} of {count}");
    }

    #[test]
    fn the_table_says_nothing_where_it_might_be_wrong() {
        // Half a millisecond everywhere: nobody knows to which side it falls.
        let table = Tabulated::of(|_| 7.5);
        assert_eq!(table.rounded(0.3), None);
        assert_eq!(Tabulated::of(|_| 7.4).rounded(0.3), Some(7));
        let steep = Tabulated::of(|unit| 1e9 * unit.powi(80));
        assert_eq!(steep.rounded(0.97), None);
        assert_eq!(Tabulated::of(|_| f64::NAN).rounded(0.3), None);
    }
}
