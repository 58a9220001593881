//! Whoever watches a run: the one who measures it, or the one who tells a call's story.

use crate::exchange::Exchange;
use crate::exchange::effect::Effect;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::Collector;
use crate::measure::worth::WantTally;

/// Sees every record of a run, and the exchange before each input if it likes.
pub trait Witness {
    /// An input or a deadline is about to be handled.
    fn look(&mut self, exchange: &Exchange);

    /// Something has happened.
    fn record(&mut self, now: Tick, record: &Record);

    /// Takes all that came of one input or deadline, and leaves the list empty. Only the facts among it
    /// are for a witness.
    fn take(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        for effect in effects.drain(..) {
            if let Effect::Record(record) = effect {
                self.record(now, &record);
            }
        }
    }

    /// The run is over, in which so many callers have come, people have worked for so long in all after the
    /// ends of their shifts, and this became of those who wanted each thing.
    fn ends(&mut self, _came: u64, _overtime: Span, _wants: &[WantTally]) {}
}

/// Whoever measures needs the records alone.
impl Witness for Collector {
    #[inline]
    fn look(&mut self, _exchange: &Exchange) {}

    fn record(&mut self, now: Tick, record: &Record) {
        Self::record(self, now, record);
    }

    #[inline]
    fn take(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        Self::take(self, now, effects);
    }

    fn ends(&mut self, came: u64, overtime: Span, wants: &[WantTally]) {
        self.came(came);
        self.worked_overtime(overtime);
        self.wanted(wants);
    }
}

/// Whoever measures, and another one beside.
pub(super) struct Beside<'a, W>(pub(super) &'a mut Collector, pub(super) &'a mut W);

impl<W: Witness> Witness for Beside<'_, W> {
    fn look(&mut self, exchange: &Exchange) {
        self.1.look(exchange);
    }

    fn record(&mut self, now: Tick, record: &Record) {
        self.0.record(now, record);
        self.1.record(now, record);
    }

    fn take(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        for effect in effects.iter() {
            if let Effect::Record(record) = effect {
                self.1.record(now, record);
            }
        }
        self.0.take(now, effects);
    }

    fn ends(&mut self, came: u64, overtime: Span, wants: &[WantTally]) {
        self.0.ends(came, overtime, wants);
        self.1.ends(came, overtime, wants);
    }
}

/// Whoever only wants to hear.
impl<T: FnMut(Tick, &Record)> Witness for T {
    fn look(&mut self, _exchange: &Exchange) {}

    fn record(&mut self, now: Tick, record: &Record) {
        self(now, record);
    }
}
