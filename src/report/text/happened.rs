//! What happened, in plain words and bars: where a hundred attempts went.

use super::intervals;
use super::page::Page;
use super::page::is_some;
use crate::measure::definitions::Unit;
use crate::measure::row::Metrics;
use crate::measure::row::Row;
use crate::measure::summary::Summary;
use crate::report::number;
use crate::report::study::Study;

/// What an attempt may come to, in people's words: name, words, whether the caller got something. What
/// stands further to the right is a part of what is above it.
#[rustfmt::skip]
const WAYS: &[(&str, &str, bool)] = &[
    ("answered",        "answered by an agent", true),
    ("talks_cut_off",   "  of these cut off in the talk", false),
    ("lost_after_talk", "  of these lost when handed on", false),
    (SELF_SERVED,       "satisfied by a recorded answer", true),
    ("message",         "left a message", true),
    ("callback",        "was promised a call back", true),
    ("transferred_out", "handed to a number outside", true),
    ("blocked",         NO_LINE, false),
    (BY_LIMIT,          "  of these by caller_limit", false),
    ("abandoned",       "hung up while waiting", false),
    ("turned_away",     "turned away by a queue", false),
    ("left_in_menu",    "left in the menus, unserved", false),
    ("ended_by_system", "cut off by the longest call", false),
    ("in_progress",     "not over at the end", false),
];
const SELF_SERVED: &str = "self_served";
const BY_LIMIT: &str = "blocked_by_limit";
/// What is said of all who are blocked, unless some are for another reason.
const NO_LINE: &str = "blocked: no line was free";
/// From this share of the callers on it is told how many calls the line takes for self-served that were not.
const MISTAKEN_LEAST: f64 = 0.05;
/// Ways that are shown even if nobody took them: that nobody was blocked is worth knowing.
const ALWAYS: &[&str] = &["answered", "blocked", "abandoned"];
/// From this share of the answered on, cut off or lost after their talks, it is not said of callers who got
/// nothing that nobody answered.
const CUT_OFF_LEAST: f64 = 0.01;
/// Columns for the words.
const LABEL: usize = 31;

pub(super) fn print(page: &mut Page, study: &Study) {
    let total = &study.base.summary.total;
    let beside = match study.base.summary.runs {
        1 => "in the one run",
        _ => "in an average run",
    };
    page.heading("WHAT HAPPENED", beside);
    if !is_some(total.get("attempts")) {
        page.line("  Nobody called.");
        return;
    }
    let mistaken = Mistaken::of(&study.base.summary);
    sentences(page, total, mistaken);
    if let Some(worst) = worst(study) {
        page.wrapped("  ", &worst);
    }
    page.line("");
    let of = share_of(total, "attempts");
    let most = WAYS.iter().map(|(name, ..)| of(name)).fold(0.0, f64::max);
    let scale = f64::max(most, of("redials"));
    let legend = page.style.legend("served", "not served");
    let head = format!(
        "  {:LABEL$}{:>7}{:>9}   {legend}",
        "where attempts went", "of 100", "count"
    );
    page.line(page.style.dim(&head));
    for &(name, words, good) in WAYS {
        let words = match mistaken {
            Some(_) if name == SELF_SERVED => "self-served as the line sees it",
            _ if words == NO_LINE && is_some(total.get(BY_LIMIT)) => "blocked at the door",
            _ => words,
        };
        if is_some(total.get(name)) || ALWAYS.contains(&name) {
            bar(page, words, total, name, scale, good);
        }
    }
    if is_some(total.get("redials")) {
        bar(
            page,
            "  redials among all attempts",
            total,
            "redials",
            scale,
            false,
        );
    }
}

fn bar(page: &mut Page, words: &str, total: &Metrics, name: &str, scale: f64, good: bool) {
    let share = share_of(total, "attempts")(name);
    let columns = page.style.columns() - 2 - LABEL - 7 - 9 - 3;
    let drawn = page.style.bar(share / scale, columns, good);
    let mean = total.mean(name).unwrap_or(0.0);
    let count = match mean > 0.0 && mean < 9.95 {
        true => number::count(mean, 1),
        false => number::narrow(Some(mean)),
    };
    page.line(format!(
        "  {words:LABEL$}{:>7.1}{count:>9}   {drawn}",
        share * 100.0,
    ));
}

/// What a line takes for self-service, where that is much more than what it is in truth.
#[derive(Clone, Copy)]
struct Mistaken {
    seen: f64,
    truly: f64,
}

impl Mistaken {
    /// None where it is not, or where nobody knows.
    fn of(summary: &Summary) -> Option<Self> {
        let wants = &summary.worth.wants;
        if wants.is_empty() {
            return None;
        }
        let mean = |row: &Row, name: &str| row.total.mean(name).unwrap_or(0.0);
        let truly = |row: &Row| mean(row, "wanted") * mean(row, "wanted_satisfied_share");
        let found = Self {
            seen: summary.total.mean(SELF_SERVED)?,
            truly: wants.iter().map(truly).sum(),
        };
        let callers = summary.total.mean("callers")?;
        (found.seen - found.truly >= MISTAKEN_LEAST * callers).then_some(found)
    }

    fn sentence(self) -> String {
        let [seen, truly] =
            [self.seen, self.truly].map(|calls| number::short(Unit::Count, Some(calls)));
        format!(
            "The line takes {seen} calls for self-served, as most of an answer was heard; a recording \
             satisfied {truly} callers in truth (WHAT CALLERS WANTED)."
        )
    }
}

fn sentences(page: &mut Page, total: &Metrics, mistaken: Option<Mistaken>) {
    let whole = |name: &str| number::short(Unit::Count, total.mean(name));
    let people = match whole("callers").as_str() {
        "1" => "1 person".to_owned(),
        callers => format!("{callers} people"),
    };
    let called = match is_some(total.get("redials")) {
        true => format!(
            "{people} called {} times: {} attempts were redials",
            whole("attempts"),
            whole("redials")
        ),
        false => format!("{people} called, nobody twice"),
    };
    page.wrapped("  ", &(called + &blocked(total)));
    if is_some(total.get("trunk_s")) {
        page.wrapped("  ", &lines(total));
    }
    let of_callers = share_of(total, "callers");
    let [served, nothing] =
        ["callers_served", "callers_unserved"].map(|name| hundredth(of_callers(name)));
    let still = match 100_u64.saturating_sub(served + nothing) {
        0 => String::new(),
        open if is_some(total.get("callbacks_open")) => {
            format!("; {open} still on the line at the end, or to be called back")
        }
        open => format!("; {open} still on the line at the end"),
    };
    // Who is cut off in a talk, or lost when handed on, had an answer.
    let of_answered = share_of(total, "answered");
    let had = match of_answered("talks_cut_off") + of_answered("lost_after_talk") >= CUT_OFF_LEAST {
        true => "did not",
        false => "got no answer",
    };
    let seen = match mistaken {
        Some(_) => ", as far as the line can tell,",
        None => "",
    };
    let sentence = format!(
        "Of 100 callers, {served} got what they called for{seen} and {nothing} {had}, \
         however often they tried{still}."
    );
    page.wrapped("  ", &sentence);
    if let Some(mistaken) = mistaken {
        page.wrapped("  ", &mistaken.sentence());
    }
    if let Some(waiting) = waiting(total) {
        page.wrapped("  ", &waiting);
    }
    if is_some(total.get("handed_on")) {
        let sentence = format!(
            "After a talk {} callers came to another queue; {} of their attempts reached nobody there.",
            whole("handed_on"),
            whole("lost_after_talk")
        );
        page.wrapped("  ", &sentence);
    }
    if is_some(total.get("outbound_asked")) {
        let sentence = format!(
            "Another {} were to be called without having called: {} answered, {} were given up, and {} are still \
             to be reached.",
            whole("outbound_asked"),
            whole("outbound_reached"),
            whole("outbound_unreached"),
            whole("outbound_open")
        );
        page.wrapped("  ", &sentence);
    }
    if is_some(total.get("shrinkage")) {
        let lost = total.mean("shrinkage").unwrap_or(0.0) * 100.0;
        let sentence = format!(
            "Of 100 hours on the roster, {lost:.1} were lost to absences, lateness, breaks and time away."
        );
        page.wrapped("  ", &sentence);
    }
}

/// How many were not let in, and why.
fn blocked(total: &Metrics) -> String {
    let [all, limited] = ["blocked", BY_LIMIT].map(|name| total.mean(name).unwrap_or(0.0));
    let short = |calls: f64| number::short(Unit::Count, Some(calls));
    let no_line = match all > limited {
        true => format!(", and {} found no line free", short(all - limited)),
        false => "; everybody found a free line".to_owned(),
    };
    match limited > 0.0 {
        true => format!(
            "{no_line}; {} were turned off by caller_limit.",
            short(limited)
        ),
        false => format!("{no_line}."),
    }
}

/// How long calls held their lines, and how much of it for nothing.
fn lines(total: &Metrics) -> String {
    let hours = number::hours(total.mean("trunk_s"));
    let wasted = share_of(total, "trunk_s")("trunk_wasted_s") * 100.0;
    format!(
        "Calls held their lines for {hours} in all, {wasted:.1} % of it for attempts that brought nothing."
    )
}

/// What those met with who wanted a person.
fn waiting(total: &Metrics) -> Option<String> {
    let abandoned = hundredth(total.mean("abandoned_share")?);
    let asa = number::short(Unit::Seconds, Some(total.mean("asa_s")?));
    let level = hundredth(total.mean("service_level")?);
    // They joined no queue, and lower the service level all the same.
    let refused = match is_some(total.get("turned_away")) {
        true => ", those turned away included,",
        false => "",
    };
    Some(format!(
        "Of 100 calls that joined a queue, {abandoned} hung up waiting. Those answered had waited \
         {asa} on average; the service level{refused} was {level} %."
    ))
}

/// The interval in which it was worst.
fn worst(study: &Study) -> Option<String> {
    let summary = &study.base.summary;
    let place = intervals::worst(summary)?;
    let (start, at) = (study.starts.get(place)?, &summary.intervals[place]);
    let whole = |name: &str| number::short(Unit::Count, at.mean(name));
    let level = hundredth(at.mean("service_level")?);
    Some(format!(
        "Worst was the interval from {start}: of {} attempts {} were blocked, {} callers hung up \
         waiting, and the service level was {level} %.",
        whole("attempts"),
        whole("blocked"),
        whole("abandoned"),
    ))
}

fn hundredth(share: f64) -> u64 {
    (share * 100.0).round() as u64
}

/// The share of a metric in another one; 0 where there is none.
fn share_of<'a>(total: &'a Metrics, whole: &str) -> impl Fn(&str) -> f64 + use<'a> {
    let whole = total.mean(whole).unwrap_or(0.0);
    move |name| match whole > 0.0 {
        true => total.mean(name).unwrap_or(0.0) / whole,
        false => 0.0,
    }
}
