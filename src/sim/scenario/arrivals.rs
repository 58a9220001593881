//! Arrivals, and when the run takes place: a forecast's day, or a steady state.

use super::check::Check;
use super::check::key_place;
use super::check::place_in;
use super::rate;
use super::rate::Rate;
use super::run::Run;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Name;
use crate::sim::demand::Demand;
use crate::sim::demand::LineDemand;
use crate::sim::demand::Rates;
use crate::sim::forecast::Forecast;
use crate::sim::handling::HandlingTimes;
use crate::sim::logbook::Logbook;
use crate::sim::logbook::is_whole;
use crate::sim::logbook::longest;
use jiff::civil::DateTime;

/// When a steady state begins, unless `[run] start` says otherwise: a Monday.
const STEADY_START: DateTime = DateTime::constant(2024, 1, 1, 0, 0, 0, 0);

/// Who calls when.
pub(super) struct Arrivals {
    pub(super) demand: Demand,
    pub(super) start: DateTime,
    pub(super) length: Span,
    /// None in a steady state.
    pub(super) interval: Option<Span>,
    /// What the forecast says of handling times.
    pub(super) handling: HandlingTimes,
}

impl Arrivals {
    pub(super) fn read(root: &mut Fields<'_>, run: &Run, check: &mut Check<'_>) -> Option<Self> {
        let forecast = root.text("forecast");
        let lines = root.named("demand");
        let rates = rates(root);
        if let Some(recorded) = root.text("arrivals") {
            for other in ["forecast", "demand", "forecast_rates"] {
                if let Some(place) = root.key_place(other) {
                    let message = format!("`arrivals` and `{other}` exclude each other");
                    root.bad_value(place, message, "leave one of them out");
                }
            }
            return Self::recorded(&recorded, root, run, check);
        }
        match (forecast, lines) {
            (Some(forecast), Some(_)) => {
                let message = "`forecast` and `[demand]` exclude each other";
                root.bad_value(forecast.place, message, "leave one of them out");
                None
            }
            (Some(name), None) => Self::forecast((&name, rates), root, run, check),
            (None, Some(lines)) => {
                if let Some(place) = root.key_place("forecast_rates") {
                    let message =
                        "the rate of a steady state never changes: `forecast_rates` has no effect";
                    let note = Diagnostic::info("without-effect", place, message);
                    root.push(note.help("leave it out"));
                }
                Self::steady(lines, root, run, check)
            }
            (None, None) => {
                if root.value("forecast").is_none() && root.value("demand").is_none() {
                    let help = "name a file of calls per interval: `forecast = \"forecast.csv\"`; \
                                recorded ones: `arrivals = \"calls.csv\"`; or, for a steady state, write \
                            `[demand]`";
                    root.missing("forecast", help);
                }
                None
            }
        }
    }

    fn recorded(
        name: &Name,
        root: &mut Fields<'_>,
        run: &Run,
        check: &mut Check<'_>,
    ) -> Option<Self> {
        let path = check.beside(&name.text);
        let names = &check.names;
        let given = (run.start, run.length);
        if !is_whole(given) {
            let message = "the run of recorded calls is not of whole quarters of an hour";
            let help = "let `start` and `length` be such as 08:45 and \"150m\"";
            root.bad_value(key_place(root, "run"), message, help);
            return None;
        }
        let book = Logbook::read(&path, &name.place, given, names, check.sources, check.out)?;
        let longest = longest(book.start);
        if book.length > longest {
            let place = place_in(root, "run", "length");
            let message = "the run of recorded calls does not end by midnight";
            let help = format!("from {} on it is {longest} long at most", book.start.time());
            root.bad_value(place, message, &help);
            return None;
        }
        Some(Self {
            start: book.start,
            length: book.length,
            interval: Some(book.demand.interval),
            handling: HandlingTimes::default(),
            demand: book.demand,
        })
    }

    fn forecast(
        (name, rates): (&Name, Rates),
        root: &mut Fields<'_>,
        run: &Run,
        check: &mut Check<'_>,
    ) -> Option<Self> {
        let path = check.beside(&name.text);
        let names = &check.names;
        let forecast = Forecast::read(&path, &name.place, names, check.sources, check.out)?;
        if run.length.is_some() || run.start.is_some() {
            let message = "the forecast says when the run begins and ends; \
                           `run.start` and `run.length` are not used";
            let place = key_place(root, "run");
            let note = Diagnostic::info("both-speak", place, message);
            root.push(note.help("leave both out"));
        }
        Some(Self {
            start: forecast.start,
            length: forecast.length(),
            interval: Some(forecast.interval),
            handling: forecast.handling,
            demand: Demand {
                rates,
                ..forecast.demand
            },
        })
    }

    fn steady(
        lines: Vec<(&Name, Fields<'_>)>,
        root: &mut Fields<'_>,
        run: &Run,
        check: &mut Check<'_>,
    ) -> Option<Self> {
        let rates = rate::read_all(lines, check);
        let Some(length) = run.length else {
            if run.has_length {
                return None;
            }
            let message = "a steady state needs a length";
            let help = "add `length = \"2000h\"` and `warm_up = \"auto\"` to `[run]`";
            let place = key_place(root, "demand");
            root.push(Diagnostic::error("missing-field", place, message).help(help));
            return None;
        };
        let (hours, names) = (length.as_seconds() / 3600.0, check.names);
        let demand = |rate: Rate| LineDemand {
            line: rate.line,
            stream: names.stream_of(rate.line),
            kind: rate.kind,
            calls: vec![rate.calls_per_hour * hours],
            talk_factors: None,
            recorded: None,
        };
        Some(Self {
            demand: Demand {
                interval: length,
                rates: Rates::Steps,
                lines: rates.into_iter().map(demand).collect(),
                surge: None,
            },
            start: check.assume("run.start", run.start, STEADY_START),
            length,
            interval: None,
            handling: HandlingTimes::default(),
        })
    }
}

/// Reads `forecast_rates`.
fn rates(root: &mut Fields<'_>) -> Rates {
    match root.word("forecast_rates", &["steps", "linear"]) {
        Some("linear") => Rates::Linear,
        _ => Rates::Steps,
    }
}
