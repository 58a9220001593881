//! What was found, as a page for people.

use super::busyness::DAYS_MIN;
use super::busyness::INTERVALS_MIN;
use super::busyness::Spread;
use super::days::Days;
use super::findings::Calls;
use super::findings::Findings;
use super::patience;
use super::patience::HANG_UPS_MIN;
use super::record::Outcome;
use super::redial;
use super::redial::FAILED_MIN;
use super::redial::KEPT_MAX;
use super::talk::TALKS_MIN;
use super::words::plural;
use crate::measure::Figure;
use crate::report::clean;
use crate::report::number::count;
use crate::report::style::Style;
use crate::report::wrap;

/// Columns of a figure's name, of its value and of its interval.
const NAME: usize = 26;
const VALUE: usize = 8;
const INTERVAL: usize = 18;
/// The most days that are told of one by one.
const DAYS_TOLD_MAX: usize = 6;
/// When patience is compared queue by queue, in seconds.
const COMPARED_S: u32 = 60;
/// The most pieces of a hazard that are told of one by one, and queues.
const ROWS_MAX: usize = 12;

/// The page, of at most 100 columns; `todo` is what is left to the reader.
pub fn text(findings: &Findings, todo: &[String], style: Style) -> String {
    let mut page = Page {
        style,
        width: style.width.clamp(80, 100),
        text: String::new(),
    };
    page.head(findings);
    page.demand(findings);
    if let Some(calls) = &findings.calls {
        page.talk(calls);
        page.patience(calls);
        page.redial(calls);
        page.ways(calls);
    }
    page.notes(findings);
    page.left_to_you(todo);
    page.text
}

struct Page {
    style: Style,
    width: usize,
    text: String,
}

/// A figure in a row.
struct Row<'r> {
    name: &'r str,
    value: String,
    interval: String,
    of: String,
}

impl Page {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref().trim_end());
        self.text.push('\n');
    }

    fn wrapped(&mut self, first: &str, words: &str) {
        let indent = " ".repeat(first.chars().count());
        let words = clean(words, self.style.unicode);
        for (place, part) in wrap(&words, self.width - indent.len()).iter().enumerate() {
            let begin = if place == 0 { first } else { &indent };
            self.line(format!("{begin}{part}"));
        }
    }

    fn heading(&mut self, heading: &str, beside: &str) {
        self.line("");
        let gap = " ".repeat((NAME + 3).saturating_sub(heading.chars().count()).max(2));
        let heading = self.style.bold(heading);
        self.line(format!("{heading}{gap}{}", self.style.dim(beside)));
    }

    fn columns(&mut self, heading: &str) {
        let columns = format!(
            "{:>w$}   {:<INTERVAL$}  of",
            "",
            "95 % interval",
            w = VALUE - 1
        );
        self.heading(heading, &columns);
    }

    fn row(&mut self, row: &Row<'_>) {
        let name = clean(row.name, self.style.unicode);
        let name: String = name.chars().take(NAME).collect();
        let begin = format!(
            "  {name:<NAME$}{:>VALUE$}   {:<INTERVAL$}  ",
            row.value, row.interval
        );
        let indent = begin.chars().count();
        let of = wrap(&row.of, self.width - indent);
        for (place, part) in of.iter().enumerate() {
            match place {
                0 => self.line(format!("{begin}{part}")),
                _ => self.line(format!("{:indent$}{part}", "")),
            }
        }
    }

    fn head(&mut self, findings: &Findings) {
        let files = clean(&findings.files.join(", "), self.style.unicode);
        self.wrapped("", &files);
        let days = &findings.days;
        let lines: Vec<&str> = days.lines.iter().map(|line| line.line.as_str()).collect();
        let zone = match (&findings.timezone, &findings.calls) {
            (Some(zone), _) => format!(", {zone}"),
            (None, Some(_)) => ", UTC".to_owned(),
            (None, None) => String::new(),
        };
        self.wrapped(
            "",
            &format!(
                "{} of {}: {}, in intervals of {} minutes{zone}",
                plural(days.used.len() as u64, "day"),
                lines.join(", "),
                span(days),
                days.minutes()
            ),
        );
    }

    fn demand(&mut self, findings: &Findings) {
        let (days, found) = (&findings.days, &findings.busyness);
        let n = plural(days.used.len() as u64, "day");
        self.columns("HOW MANY CALL");
        self.row(&Row {
            name: match findings.has_redials_apart() {
                true => "callers a day, no redials",
                false => "calls a day",
            },
            value: shown(found.calls.mean, 0),
            interval: between(found.calls, 0, ""),
            of: n.clone(),
        });
        let times = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), short);
        self.spread(
            ("days differ by, cv", found.day),
            format!("variance {} times the mean", times(found.dispersion)),
            format!("{n}; it takes {DAYS_MIN}"),
        );
        let slots = days.calls.first().map_or(0, Vec::len);
        self.spread(
            ("intervals beyond that, cv", found.within),
            format!(
                "variance {} times the mean, {} given the day",
                times(found.dispersion_of_intervals),
                times(found.dispersion_within)
            ),
            format!(
                "{n} of {}; it takes {DAYS_MIN} of {INTERVALS_MIN}",
                plural(slots as u64, "interval")
            ),
        );
        if let Some(figure) = found.correlation {
            self.row(&Row {
                name: "  an interval and the next",
                value: shown(figure.mean, 2),
                interval: match figure.low {
                    Some(_) => between(figure, 2, ""),
                    None => "the most there is".to_owned(),
                },
                of: "their correlation".to_owned(),
            });
        }
        if found.day != Spread::TooFew {
            let words = "cv: standard deviation over mean. By chance alone calls have a variance as large as their \
                         mean.";
            self.wrapped("  ", words);
        }
    }

    fn spread(&mut self, (name, spread): (&str, Spread), of: String, needs: String) {
        let (value, interval, of) = match spread {
            Spread::Cv(figure) => (shown(figure.mean, 3), between(figure, 3, ""), of),
            Spread::Chance => ("0".to_owned(), "as by chance".to_owned(), of),
            Spread::Intervals => ("0".to_owned(), "what intervals do".to_owned(), of),
            Spread::Balanced => ("-".to_owned(), "make up for others".to_owned(), of),
            Spread::TooFew => ("-".to_owned(), "too little".to_owned(), needs),
        };
        self.row(&Row {
            name,
            value,
            interval,
            of,
        });
    }

    fn talk(&mut self, calls: &Calls) {
        self.columns("HOW LONG THEY TALK");
        let Some(all) = &calls.talk else {
            self.row(&Row {
                name: "talk",
                value: "-".to_owned(),
                interval: "too little".to_owned(),
                of: match calls.talks < TALKS_MIN {
                    true => format!(
                        "{} of at least {TALKS_MIN} that it takes",
                        plural(calls.talks, "talk")
                    ),
                    false => format!(
                        "{}, and more that were cut off: {}",
                        plural(calls.talks, "talk"),
                        count(calls.cut_off as f64, 0)
                    ),
                },
            });
            return;
        };
        let several = calls.talk_by_queue.len() > 1;
        let name = if several { "all queues, mean" } else { "mean" };
        let by_queue = calls
            .talk_by_queue
            .iter()
            .take(ROWS_MAX)
            .filter(|_| several);
        let all = std::iter::once((name.to_owned(), all));
        let by_queue = by_queue.map(|(queue, law)| (format!("{queue}, mean"), law));
        for (name, law) in all.chain(by_queue) {
            self.row(&Row {
                name: &name,
                value: format!("{} s", shown(law.mean_s.mean, 1)),
                interval: between(law.mean_s, 1, " s"),
                of: format!("{} talks", count(law.talks as f64, 0)),
            });
            self.row(&Row {
                name: &format!("  cv, {}", law.family.words()),
                value: shown(law.cv.mean, 2),
                interval: between(law.cv, 2, ""),
                of: match law.plain_cv {
                    Some(plain) => format!("NOT by this law: talks themselves have {plain:.2}"),
                    None => "the likelier law of two".to_owned(),
                },
            });
        }
    }

    fn patience(&mut self, calls: &Calls) {
        let found = &calls.patience;
        self.columns("HOW LONG THEY WAIT");
        let of = format!(
            "{} who hung up, {} who were answered first or left otherwise",
            count(found.hung_up as f64, 0),
            count((found.waits - found.hung_up) as f64, 0)
        );
        if found.pieces.is_empty() {
            self.row(&Row {
                name: "patience",
                value: "-".to_owned(),
                interval: "too little".to_owned(),
                of: format!(
                    "{} who hung up, of at least {HANG_UPS_MIN} that it takes",
                    found.hung_up
                ),
            });
            return;
        }
        let mut of = Some(of);
        for (seconds, figure) in &found.survival {
            self.row(&Row {
                name: &format!("would wait {}", time(*seconds)),
                value: format!("{} %", shown(figure.mean.map(|share| share * 100.0), 1)),
                interval: between(figure.times(100.0), 1, " %"),
                of: of.take().unwrap_or_default(),
            });
        }
        for (place, piece) in found.pieces.iter().take(ROWS_MAX).enumerate() {
            let name = match (place, found.pieces.len()) {
                (0, 1) => "give up a minute".to_owned(),
                (0, _) => "give up a minute, from 0 s".to_owned(),
                _ => format!("  from {} on", time(piece.from_s)),
            };
            self.row(&Row {
                name: &name,
                value: shown(piece.per_minute.mean, 3),
                interval: between(piece.per_minute, 3, ""),
                of: format!("{} who hung up", count(piece.hung_up as f64, 0)),
            });
        }
        let more = found.pieces.len().saturating_sub(ROWS_MAX);
        if more > 0 {
            self.wrapped("  ", &format!("and {more} more pieces, in the scenario"));
        }
        self.patience_by_queue(calls);
    }

    /// One point of each queue's survival, where there are several.
    fn patience_by_queue(&mut self, calls: &Calls) {
        let by_queue = &calls.patience_by_queue;
        let known = |found: &&patience::Found| !found.pieces.is_empty();
        if by_queue.len() < 2 || by_queue.values().filter(known).count() == 0 {
            return;
        }
        for (queue, found) in by_queue.iter().take(ROWS_MAX) {
            let at = found.survival.iter().find(|(at, _)| *at == COMPARED_S);
            let at = at.filter(|_| !found.pieces.is_empty());
            self.row(&Row {
                name: &format!("{queue}, {}", time(COMPARED_S)),
                value: at.map_or_else(
                    || "-".to_owned(),
                    |(_, share)| format!("{} %", shown(share.mean.map(|it| it * 100.0), 1)),
                ),
                interval: at.map_or_else(
                    || "too little".to_owned(),
                    |(_, share)| between(share.times(100.0), 1, " %"),
                ),
                of: format!("{} who hung up", count(found.hung_up as f64, 0)),
            });
        }
    }

    fn redial(&mut self, calls: &Calls) {
        self.columns("WHO CALLS AGAIN");
        let unknown = |why: String| Row {
            name: "redials",
            value: "-".to_owned(),
            interval: "not known".to_owned(),
            of: why,
        };
        let known = match &calls.redial {
            redial::Found::Known(known) => known,
            redial::Found::NoCallers => {
                self.row(&unknown("the records have no callers".to_owned()));
                return;
            }
            redial::Found::Disorder => {
                let why = format!(
                    "the records are in no order, and too many to put them in one: {}",
                    count(KEPT_MAX as f64, 0)
                );
                self.row(&unknown(why));
                return;
            }
            redial::Found::TooFew(failed) => {
                self.row(&unknown(format!(
                    "attempts in vain: {failed}; it takes {FAILED_MIN}"
                )));
                return;
            }
        };
        for (how, failed, share) in &known.by {
            let name = match how {
                Outcome::Blocked => "after the busy signal",
                Outcome::TurnedAway => "after being turned away",
                _ => "after hanging up",
            };
            self.row(&Row {
                name,
                value: format!("{} %", shown(share.mean.map(|share| share * 100.0), 1)),
                interval: between(share.times(100.0), 1, " %"),
                of: format!("{} attempts, within an hour", count(*failed as f64, 0)),
            });
        }
        if known.delay_s.mean.is_some() {
            self.row(&Row {
                name: "  mean time until then",
                value: format!("{} s", shown(known.delay_s.mean, 0)),
                interval: between(known.delay_s, 0, " s"),
                of: String::from("those who do"),
            });
        }
    }

    fn ways(&mut self, calls: &Calls) {
        self.heading("WHERE CALLS WENT", "");
        for (line, ways) in &calls.ways {
            let share = |calls: u64| {
                let of_100 = calls as f64 / ways.calls().max(1) as f64 * 100.0;
                format!("{of_100:.1}")
            };
            let mut queues: Vec<(&String, &u64)> = ways.queues.iter().collect();
            queues.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
            let mut parts: Vec<String> = queues
                .iter()
                .take(ROWS_MAX)
                .map(|(queue, calls)| format!("{queue} {}", share(**calls)))
                .collect();
            let blocked = ways.outcomes.get(&Outcome::Blocked).copied().unwrap_or(0);
            parts.push(format!(
                "ended before any queue {}",
                share(ways.elsewhere())
            ));
            parts.push(format!("found the line busy {}", share(blocked)));
            let calls = if ways.calls() == 1 { "call" } else { "calls" };
            let all = format!("{} {calls}", count(ways.calls() as f64, 0));
            self.wrapped(
                "  ",
                &format!("{line}, in per cent of {all}: {}", parts.join(", ")),
            );
        }
    }

    fn notes(&mut self, findings: &Findings) {
        let mut notes = Vec::new();
        let (days, found) = (&findings.days, &findings.busyness);
        if let Some(share) = found.by_weekday {
            notes.push(format!(
                "The day of the week explains {:.0} % of how days differ: fit them apart, such as with --days mon.",
                share * 100.0
            ));
        }
        if let Some((share, slope)) = found.trend {
            let way = if slope > 0.0 { "grow" } else { "shrink" };
            notes.push(format!(
                "Calls {way} by {:.1} % in 30 days, which explains {:.0} % of how days differ: fit the latest days \
                 alone, with --from.",
                slope.abs() * 100.0,
                share * 100.0
            ));
        }
        for (date, why) in days.left_out.iter().take(DAYS_TOLD_MAX) {
            notes.push(format!("{date} is left out: {why}."));
        }
        let more = days.left_out.len().saturating_sub(DAYS_TOLD_MAX);
        if more > 0 {
            notes.push(format!(
                "{} more are left out likewise.",
                plural(more as u64, "day")
            ));
        }
        if !findings.other_lines.is_empty() {
            let lines = findings.other_lines.join(", ");
            notes.push(format!(
                "Calls to other lines than those of --menu are left out: {lines}."
            ));
        }
        if let Some(calls) = &findings.calls {
            if findings.timezone.is_none() {
                notes.push(
                    "Days and intervals go by UTC: name the clock of the line by --timezone or --menu.".to_owned(),
                );
            }
            if calls.twice > 0 {
                let records = count(calls.twice as f64, 0);
                notes.push(format!(
                    "Records that were there twice, and count once: {records}."
                ));
            }
            if calls.left_out > 0 {
                let records = count(calls.left_out as f64, 0);
                notes.push(format!(
                    "Records of calls back, and of lines that are not fitted, which are left out: {records}."
                ));
            }
            if calls.patience.at_once >= HANG_UPS_MIN {
                notes.push(format!(
                    "Of those who hung up, {} did so at once. Phones ring before they are answered, so how many others \
                     found somebody free is not known: as a share of all this holds for as many people as were on duty. \
                     For others say it by `balks`, and not in the first second of `patience`.",
                    count(calls.patience.at_once as f64, 0)
                ));
            }
            if let redial::Found::Known(known) = &calls.redial
                && known.is_slow()
            {
                notes.push(
                    "Callers take so long to call again that many do so after the hour in which they are noticed: their \
                     share and the time until then are larger than what is told here."
                        .to_owned(),
                );
            }
            for line in calls.ways.keys() {
                let queues = calls.ways[line].queues.keys();
                let words = queues.filter_map(|queue| findings.talk_differs(line, queue));
                notes.extend(
                    words.map(|words| format!("{words}. The scenario has them the same all day.")),
                );
            }
            if calls.cut_off > 0 {
                let talks = count(calls.cut_off as f64, 0);
                notes.push(format!(
                    "Talks that were cut off: {talks}. They count for as long as such talks last on average, by the law."
                ));
            }
        }
        if notes.is_empty() {
            return;
        }
        self.heading("WORTH KNOWING", "");
        for note in notes {
            self.wrapped("  ", &note);
        }
    }

    fn left_to_you(&mut self, todo: &[String]) {
        if todo.is_empty() {
            return;
        }
        self.heading("LEFT TO YOU", "marked TODO in the scenario");
        for words in todo {
            self.wrapped("  - ", words);
        }
    }
}

/// The first and the last day.
fn span(days: &Days) -> String {
    match (days.used.first(), days.used.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first.to_string(),
        (None, _) => String::new(),
    }
}

fn shown(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| count(value, decimals))
}

/// How many times: two digits or three.
fn short(value: f64) -> String {
    count(value, if value < 9.95 { 1 } else { 0 })
}

fn between(figure: Figure, decimals: usize, unit: &str) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => {
            let (low, high) = (count(low, decimals), count(high, decimals));
            format!("{low} to {high}{unit}")
        }
        _ => "not of one day".to_owned(),
    }
}

/// `90 s`, `5 min`.
fn time(seconds: u32) -> String {
    match seconds >= 120 && seconds.is_multiple_of(60) {
        true => format!("{} min", seconds / 60),
        false => format!("{seconds} s"),
    }
}
