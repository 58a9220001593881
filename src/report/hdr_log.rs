//! Waits by interval in the format of HdrHistogram's interval logs, which many tools read.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::time::Span;
use crate::measure::Frame;
use crate::measure::RunFigures;
use crate::measure::counts::WaitCounts;
use crate::measure::maker::queue_names;
use crate::measure::pool::histogram;
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::IntervalLogWriterBuilder;
use hdrhistogram::serialization::interval_log::IntervalLogWriterError;
use hdrhistogram::serialization::interval_log::Tag;
use std::io;
use std::io::Write;
use std::time::Duration;
use std::time::SystemTime;

/// Milliseconds of the histograms in a second of the log's own columns.
const MS_PER_S: f64 = 1000.0;

/// What is written.
#[derive(Debug)]
pub struct HdrLog<'a> {
    /// Of the queues.
    pub plan: &'a Dialplan,
    /// The intervals: those of a report, the batches of a steady state, or all in one.
    pub frame: Frame,
    /// Unix time of tick 0 in milliseconds.
    pub origin_ms: i64,
    /// The runs, whose waits are put together.
    pub runs: &'a [RunFigures],
    /// How they came about, as a comment.
    pub command: &'a str,
}

impl HdrLog<'_> {
    /// Writes for each interval the waits of all queues without a tag, and those of each queue with its
    /// name as the tag; in milliseconds, those of all runs together. Callers belong to the interval in
    /// which they joined the queue.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let runs = match self.runs.len() {
            1 => "1 run".to_owned(),
            runs => format!("{runs} runs together"),
        };
        let version = env!("CARGO_PKG_VERSION");
        let about = format!("strowger {version}: waits in milliseconds, of {runs}");
        let begin = SystemTime::UNIX_EPOCH + Duration::from_millis(self.origin_ms.max(0) as u64);
        let mut serializer = V2DeflateSerializer::new();
        let mut log = IntervalLogWriterBuilder::new()
            .add_comment(&about)
            .add_comment(self.command)
            .with_start_time(begin)
            .with_base_time(begin)
            .with_max_value_divisor(MS_PER_S)
            .begin_log_with(to, &mut serializer)?;
        let tags: Vec<String> = queue_names(self.plan)
            .iter()
            .map(|name| tag(name))
            .collect();
        for cell in 0..self.frame.intervals.max(1) {
            let (from, length) = self.interval(cell);
            let mut line = |waits: &mut dyn Iterator<Item = &WaitCounts>, tag| {
                let histogram = histogram(waits);
                let written = log.write_histogram(&histogram, from, length, tag);
                written.map_err(error)
            };
            line(&mut self.waits(cell, None), None)?;
            for (queue, tag) in tags.iter().enumerate() {
                line(&mut self.waits(cell, Some(queue)), Tag::new(tag))?;
            }
        }
        to.flush()
    }

    /// The waits of an interval in every run, of one queue or all.
    fn waits(&self, cell: usize, queue: Option<usize>) -> impl Iterator<Item = &WaitCounts> {
        let queues = self
            .runs
            .iter()
            .flat_map(|run| run.queues.iter().enumerate());
        queues
            .filter(move |(place, _)| queue.is_none_or(|queue| queue == *place))
            .filter_map(move |(_, figures)| figures.waits.get(cell))
    }

    /// When an interval begins, from tick 0, and how long it is.
    fn interval(&self, cell: usize) -> (Duration, Duration) {
        let Frame {
            from,
            interval,
            intervals,
            until,
        } = self.frame;
        let begin = from + Span(interval.0 * cell as u64);
        let end = match cell + 1 < intervals {
            true => begin + interval,
            false => until,
        };
        let ms = Duration::from_millis;
        (ms(begin.0), ms(end.0 - begin.0))
    }
}

/// A queue's name without what separates the columns of the log.
fn tag(name: &str) -> String {
    name.replace([',', ' ', '\n', '\r'], "_")
}

fn error<E: std::fmt::Debug>(error: IntervalLogWriterError<E>) -> io::Error {
    match error {
        IntervalLogWriterError::IoError(error) => error,
        IntervalLogWriterError::SerializeError(error) => io::Error::other(format!("{error:?}")),
    }
}
