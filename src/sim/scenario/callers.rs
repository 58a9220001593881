//! What all callers have in common.

use super::check::Check;
use super::languages;
use super::law;
use super::share;
use crate::exchange::id::LanguageId;
use crate::exchange::time::Span;
use crate::menu::fields::Fields;
use crate::menu::tree::Data;
use crate::sim::busyness::Busyness;
use crate::sim::busyness::Within;
use crate::sim::distribution::Distribution;

/// The most attempts one caller makes.
pub const ATTEMPTS_MAX: i64 = 100;
/// The largest coefficient of variation of the day factor.
pub const BUSYNESS_CV_MAX: f64 = 3.0;
/// The smallest one within a day: below it there is nothing to correlate.
pub const BUSYNESS_CV_MIN: f64 = 0.001;
/// Talks grow by at most so many times themselves.
pub(super) const TALK_GROWS_MAX: f64 = 10.0;

/// `[callers]`: how people behave on the telephone.
#[derive(Clone, Debug, PartialEq)]
pub struct Callers {
    /// Shares of the languages callers speak; they add up to 1, or there are none: everybody then speaks the
    /// first one of the line.
    pub languages: Vec<(LanguageId, f64)>,
    /// From the start of a menu to the key that is pressed.
    pub listens: Distribution,
    /// Probability of a wrong key, each time one is pressed.
    pub slips: f64,
    /// Share of callers who never press anything.
    pub silent: f64,
    /// Probability that a recorded answer is enough, for callers who press keys by shares.
    pub satisfied: f64,
    /// Share of satisfied callers who press the key that says so; the others hang up.
    pub confirms: f64,
    /// Share of callers who leave a message when they are asked for one.
    pub leaves_message: f64,
    /// How long a message is.
    pub message: Distribution,
    /// Talk with an agent. None when neither the scenario nor the forecast says.
    pub talk: Option<Distribution>,
    /// The agent's work afterwards; the group's limit cuts it.
    pub wrap_up: Distribution,
    /// How long a caller is willing to wait in queues.
    pub patience: Distribution,
    /// Who calls again, and when.
    pub redial: Redial,
    /// How much busier or quieter days, and the hours within them, are than forecast.
    pub busyness: Busyness,
    /// Share of callers who hang up at once when they would have to wait.
    pub balks: f64,
    /// Share of callers who hang up when they are told of a longer wait than they would put up with.
    pub leaves_when_told: f64,
    /// How talks grow with the wait before them.
    pub talk_grows: Option<TalkGrows>,
    /// Calls back, for lines that offer them.
    pub callbacks: Callbacks,
}

/// `talk_grows`: whoever has waited long has more to say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TalkGrows {
    /// By so much of the talk for each minute of the wait.
    pub per_minute: f64,
    /// By so much at most.
    pub most: f64,
}

/// What callers do with the offer to be called back.
#[derive(Clone, Debug, PartialEq)]
pub struct Callbacks {
    /// Share of callers who accept it.
    pub accepts: f64,
    /// Probability that a caller answers, each time the number is dialled.
    pub reached: f64,
    /// How long it rings until a caller answers.
    pub picks_up: Distribution,
}

/// `redial`: calling again.
#[derive(Clone, Debug, PartialEq)]
pub struct Redial {
    /// Probability after a busy signal.
    pub after_blocked: f64,
    /// Probability after hanging up while waiting.
    pub after_abandoned: f64,
    /// Probability after being turned away by a queue.
    pub after_turned_away: f64,
    /// Probability after a call that brought no answer.
    pub unsolved: f64,
    /// From the end of an attempt to the next.
    pub delay: Distribution,
    /// The same after a busy signal, ...
    pub delay_blocked: Distribution,
    /// ... and after being turned away.
    pub delay_turned_away: Distribution,
    /// Attempts of one caller at most, the first included.
    pub attempts: u32,
}

impl Callers {
    pub(super) fn read(root: &mut Fields<'_>, check: &mut Check<'_>) -> Self {
        let mut fields = root.section("callers");
        let table = &mut fields;
        let six = Distribution::lognormal(Span::seconds(6), 0.8);
        let twenty = Distribution::lognormal(Span::seconds(20), 0.6);
        let three_minutes = Distribution::lognormal(Span::seconds(180), 1.1);
        let none = Distribution::fixed(Span::ZERO);
        let callers = Self {
            languages: languages::read(table, check),
            listens: law::read_or(table, "callers.listens", six, check),
            slips: share::read_or(table, "callers.slips", 0.03, check),
            silent: share::read_or(table, "callers.silent", 0.01, check),
            satisfied: share::read_or(table, "callers.satisfied", 0.5, check),
            confirms: share::read_or(table, "callers.confirms", 0.5, check),
            leaves_message: share::read_or(table, "callers.leaves_message", 0.5, check),
            message: law::read_or(table, "callers.message", twenty, check),
            talk: law::read(table, "talk", Distribution::fixed),
            wrap_up: law::read_or(table, "callers.wrap_up", none, check),
            patience: law::read_or(table, "callers.patience", three_minutes, check),
            redial: Redial::read(table, check),
            busyness: busyness(table, check),
            balks: share::read(table, "balks").unwrap_or(0.0),
            leaves_when_told: share::read(table, "leaves_when_told").unwrap_or(0.0),
            talk_grows: TalkGrows::read(table),
            callbacks: Callbacks::read(table, check),
        };
        root.absorb(fields);
        callers
    }
}

fn busyness(callers: &mut Fields<'_>, check: &mut Check<'_>) -> Busyness {
    let Some(mut table) = callers.inner("busyness") else {
        let cv = check.assume("callers.busyness.cv", None, 0.0);
        return Busyness { cv, within: None };
    };
    let within = table.inner("within").and_then(|mut inner| {
        inner.require("cv", "add `cv = 0.2`");
        inner.require("correlation", "add `correlation = 0.7`");
        let cv = inner.number("cv", BUSYNESS_CV_MIN..=BUSYNESS_CV_MAX);
        let correlation = share::read(&mut inner, "correlation");
        table.absorb(inner);
        Some(Within {
            cv: cv?,
            correlation: correlation?,
        })
    });
    if within.is_none() && table.value("within").is_none() {
        table.require("cv", "add `cv = 0.1`");
    }
    let cv = table.number("cv", 0.0..=BUSYNESS_CV_MAX);
    callers.absorb(table);
    Busyness {
        cv: cv.unwrap_or(0.0),
        within,
    }
}

impl TalkGrows {
    fn read(callers: &mut Fields<'_>) -> Option<Self> {
        let mut table = callers.inner("talk_grows")?;
        table.require("per_minute", "add `per_minute = 0.02`");
        let per_minute = table.number("per_minute", 0.0..=TALK_GROWS_MAX);
        let most = table.number("most", 0.0..=TALK_GROWS_MAX).unwrap_or(1.0);
        callers.absorb(table);
        let per_minute = per_minute?;
        Some(Self { per_minute, most })
    }

    /// The factor on a talk after such a wait.
    pub fn factor(self, wait: Span) -> f64 {
        1.0 + (self.per_minute * wait.as_seconds() / 60.0).min(self.most)
    }
}

impl Callbacks {
    fn read(callers: &mut Fields<'_>, check: &mut Check<'_>) -> Self {
        let accepts = share::read(callers, "accepts_callback");
        let reached = share::read(callers, "reached_by_callback");
        let picks_up = law::read(callers, "picks_up", Distribution::fixed);
        let usual = Self {
            accepts: 0.5,
            reached: 0.85,
            picks_up: Distribution::lognormal(Span::seconds(8), 0.5),
        };
        if !check.names.offers_callbacks() {
            return Self {
                accepts: accepts.unwrap_or(usual.accepts),
                reached: reached.unwrap_or(usual.reached),
                picks_up: picks_up.unwrap_or(usual.picks_up),
            };
        }
        Self {
            accepts: check.assume("callers.accepts_callback", accepts, usual.accepts),
            reached: check.assume("callers.reached_by_callback", reached, usual.reached),
            picks_up: check.assume("callers.picks_up", picks_up, usual.picks_up),
        }
    }
}

impl Redial {
    /// Whether anybody ever calls again, for whatever reason.
    pub fn happens(&self) -> bool {
        // Whoever adds a reason is told of it here.
        let Self {
            after_blocked,
            after_abandoned,
            after_turned_away,
            unsolved,
            delay: _,
            delay_blocked: _,
            delay_turned_away: _,
            attempts,
        } = self;
        let likely = [after_blocked, after_abandoned, after_turned_away, unsolved];
        *attempts > 1 && likely.into_iter().any(|likely| *likely > 0.0)
    }

    fn read(callers: &mut Fields<'_>, check: &mut Check<'_>) -> Self {
        let usual = Self {
            after_blocked: 0.0,
            after_abandoned: 0.0,
            after_turned_away: 0.0,
            unsolved: 0.0,
            delay: Distribution::exponential(Span::minutes(5)),
            delay_blocked: Distribution::exponential(Span::minutes(5)),
            delay_turned_away: Distribution::exponential(Span::minutes(5)),
            attempts: 5,
        };
        let Some(mut table) = callers.inner("redial") else {
            if callers.value("redial").is_none() {
                check.note("callers.redial", "nobody calls again");
            }
            return usual;
        };
        let attempts = table.integer("attempts", 1..=ATTEMPTS_MAX);
        let attempts = attempts.map(|attempts| attempts as u32);
        // People do not call again by the clock.
        let mut law = |path: &'static str| {
            let name = path.rsplit('.').next().unwrap_or(path);
            let law = law::read(&mut table, name, Distribution::exponential);
            let said = table.value(name).map(|value| &value.data);
            if let (Some(law), Some(Data::Text(_))) = (&law, said) {
                check.note(path, law.to_string());
            }
            law
        };
        let delay = law("callers.redial.delay");
        let blocked = law("callers.redial.delay_blocked");
        let turned_away = law("callers.redial.delay_turned_away");
        let delay = check.assume("callers.redial.delay", delay, usual.delay);
        let after_turned_away = share::read(&mut table, "after_turned_away");
        let mut share = |path| share::read_or(&mut table, path, 0.0, check);
        let after_abandoned = share("callers.redial.after_abandoned");
        let (after_blocked, unsolved) = (
            share("callers.redial.after_blocked"),
            share("callers.redial.unsolved"),
        );
        if after_turned_away.is_none() && after_abandoned > 0.0 {
            check.note("callers.redial.after_turned_away", "as after_abandoned");
        }
        let redial = Self {
            after_blocked,
            after_abandoned,
            // Who is turned away is taken for somebody who gave up, unless it is said otherwise.
            after_turned_away: after_turned_away.unwrap_or(after_abandoned),
            unsolved,
            delay_blocked: blocked.unwrap_or_else(|| delay.clone()),
            delay_turned_away: turned_away.unwrap_or_else(|| delay.clone()),
            delay,
            attempts: check.assume("callers.redial.attempts", attempts, usual.attempts),
        };
        callers.absorb(table);
        redial
    }
}
