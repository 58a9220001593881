//! What a forecast says of handling times: on average, and interval by interval.

use super::demand::Demand;
use super::demand::LineDemand;
use std::sync::Arc;

/// The column `aht_s` of a forecast, in seconds of talk and wrap-up together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HandlingTimes {
    /// The mean over all calls; none when no row says anything.
    pub mean_s: Option<f64>,
    /// The same of the callers who want one thing, by the place of the want, where rows say so.
    pub by_want: Vec<(u16, f64)>,
    /// For each list of calls of the demand, interval by interval; none where a row says nothing or has no
    /// calls.
    pub by_interval: Vec<Vec<Option<f64>>>,
}

impl HandlingTimes {
    /// The mean over the calls of those who want this.
    pub fn mean_of(&self, want: u16) -> Option<f64> {
        let mut known = self.by_want.iter();
        let found = known.find(|(known, _)| *known == want);
        found.map(|(_, aht_s)| *aht_s)
    }

    /// The least and the greatest of an interval: of callers who want this, or of those of whom it is
    /// not known. None where all are the same.
    pub fn range(&self, demand: &Demand, want: Option<u16>) -> Option<(f64, f64)> {
        let own = |line: &LineDemand| line.kind.map(|kind| kind.want) == want;
        let lines = demand.lines.iter().zip(&self.by_interval);
        let said = lines.filter(|(line, _)| own(line));
        let said = said.flat_map(|(_, said)| said).copied().flatten();
        let (least, greatest) = said.fold((f64::INFINITY, 0.0_f64), |(least, greatest), aht_s| {
            (least.min(aht_s), greatest.max(aht_s))
        });
        (least < greatest).then_some((least, greatest))
    }

    /// How the talks of one list of calls, interval by interval, compare with the usual ones, which the
    /// mean leaves beside the wrap-up. The error is the first interval in which nothing is left, and what
    /// it says.
    pub fn factors(
        &self,
        place: usize,
        (mean_s, wrap_up_s): (f64, f64),
    ) -> Result<Arc<[f64]>, (usize, f64)> {
        let said = self.by_interval.get(place).map_or(&[][..], Vec::as_slice);
        let factor = |(interval, said): (usize, &Option<f64>)| match said {
            None => Ok(1.0),
            Some(aht_s) if *aht_s <= wrap_up_s => Err((interval, *aht_s)),
            Some(aht_s) => Ok((aht_s - wrap_up_s) / (mean_s - wrap_up_s)),
        };
        said.iter().enumerate().map(factor).collect()
    }
}
