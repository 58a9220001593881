//! A ramp: up with the load and down again, and what lies between the two ways.

use super::fixed;
use super::table::add;
use crate::measure::definitions::Unit;
use crate::measure::figure::Figure;
use crate::measure::ramp::Level;
use crate::measure::ramp::Way;
use crate::report::json::figure;
use crate::report::json::head;
use crate::report::json::number as json_number;
use crate::report::number;
use crate::report::number::count;
use crate::report::number::with_interval;
use crate::report::study::Study;
use crate::report::style::Style;
use crate::report::text::footer::again;
use crate::report::text::page::Page;
use crate::report::text::page::right;
use crate::report::text::title;
use serde_json::Value;
use serde_json::json;
use std::fmt::Write as _;

/// Columns of a line without its bar and its last column.
const BESIDE: usize = 62;
/// A gap below this is none to speak of.
const GAP: f64 = 0.02;

/// What a ramp found.
#[derive(Clone, Debug, PartialEq)]
pub struct Ramp {
    /// The scenario and how it was run; its base case is the whole ramp.
    pub study: Study,
    /// What is set in the scenario: `line.trunks = 200`.
    pub fixed: Vec<String>,
    /// In rising order of load.
    pub levels: Vec<Level>,
    /// How long each level is held, `16m`, and how much of it is measured.
    pub held: (String, String),
    /// The area between the curves of goodput up and down, in parts of that below the curve up.
    pub gap: Figure,
}

/// The page, of at most 100 columns.
pub fn text(ramp: &Ramp, style: Style) -> String {
    let (mut page, study) = (Page::new(style), &ramp.study);
    title(&mut page, study, " up and down");
    fixed(&mut page, &ramp.fixed);
    let (held, measured) = &ramp.held;
    page.heading("GOODPUT", "callers who got what they called for, an hour");
    levels(&mut page, ramp);
    page.line("");
    page.wrapped("  ", &finding(ramp, style));
    page.wrapped("  ", &service(ramp));
    page.heading("WHAT THE FIGURES MEAN", "");
    page.entry(
        "levels",
        &format!(
            "the calls of the scenario are spread evenly over the run and multiplied with the load of \
             each level, up and then down. Each is held for {held}, of which the last {measured} are \
             measured. Staff is as in the scenario."
        ),
    );
    page.entry("attempts", "a caller, redials included.");
    page.entry(
        "less",
        "goodput on the way up less goodput on the way down at the same load, run by run. What grows \
         there is what overload leaves behind: callers without hope on the lines, and everybody who calls \
         again.",
    );
    again(&mut page, study);
    page.finish()
}

fn levels(page: &mut Page, ramp: &Ramp) {
    let less = |level: &Level| {
        let lost = level.lost_per_h?;
        Some(with_interval(page.style, Unit::Count, lost).chars().count())
    };
    let longest = ramp
        .levels
        .iter()
        .filter_map(less)
        .max()
        .unwrap_or(0)
        .max("less".len());
    let width = page.style.columns().saturating_sub(BESIDE + longest).max(8);
    let head = format!(
        "  {:>5}{:>9}  {:4}  {:width$}{:>9}{:>9}{:>9}{:>9}  {}",
        "load", "offered", "", "", "goodput", "blocked", "attempts", "service", "less"
    );
    page.line(page.style.dim(&head));
    let ways = |level: &Level| [Some(level.up), level.down];
    let goodput = |way: &Way| way.goodput_per_h.mean.unwrap_or(0.0);
    let all = ramp.levels.iter().flat_map(ways).flatten();
    let most = all
        .map(|way| goodput(&way))
        .fold(f64::MIN_POSITIVE, f64::max);
    for level in &ramp.levels {
        let first = format!("  {:>5.2}{:>9}", level.load, count(level.offered_per_h, 0));
        let names = ["up", "down"].into_iter().zip(ways(level));
        for (name, way) in names.filter_map(|(name, way)| Some((name, way?))) {
            let (is_up, lost) = (name == "up", level.lost_per_h.filter(|_| name == "down"));
            let first = match is_up {
                true => first.clone(),
                false => " ".repeat(first.chars().count()),
            };
            let lost = lost.map(|lost| with_interval(page.style, Unit::Count, lost));
            page.line(format!(
                "{first}  {name:4}  {}{}{:>9}{:>9}{:>9}  {}",
                page.style.bar(goodput(&way) / most, width, is_up),
                right(&count(goodput(&way), 0), 9),
                number::short(Unit::Share, way.blocked_share.mean),
                number::short(Unit::Ratio, way.attempts_per_caller.mean),
                number::short(Unit::Share, way.service_level.mean),
                lost.unwrap_or_default(),
            ));
        }
    }
}

fn finding(ramp: &Ramp, style: Style) -> String {
    let gap = with_interval(style, Unit::Share, ramp.gap);
    let Figure { mean, low, high } = ramp.gap;
    match (mean, low, high) {
        (Some(mean), Some(low), _) if mean >= GAP && low > 0.0 => format!(
            "On the way down {gap} fewer callers get what they called for than on the way up at the same \
             loads: what overload leaves behind stays after it."
        ),
        (_, _, Some(high)) if high < GAP => format!(
            "In goodput the way down is as good as the way up: the area between the two is {gap} of that below the \
             way up."
        ),
        (None, _, _) => {
            "On the way up nobody got what they called for: the way down cannot be worse."
                .to_owned()
        }
        _ => format!(
            "The area between the way up and the way down is {gap} of that below the way up: these runs \
             do not tell whether overload leaves anything behind that stays. Try more."
        ),
    }
}

/// Where service on the way down is behind service on the way up, most of all.
fn service(ramp: &Ramp) -> String {
    let behind = |level: &&Level| {
        let lost = level.service_level_lost.unwrap_or(Figure::NONE);
        lost.mean.is_some_and(|mean| mean >= GAP) && lost.low.is_some_and(|low| low > 0.0)
    };
    let lost = |level: &Level| level.service_level_lost.and_then(|lost| lost.mean);
    let worst = ramp.levels.iter().filter(behind);
    let worst = worst.max_by(|one, other| {
        let (one, other) = (lost(one).unwrap_or(0.0), lost(other).unwrap_or(0.0));
        one.total_cmp(&other)
    });
    let short = |way: &Way| number::short(Unit::Share, way.service_level.mean);
    match worst.and_then(|level| Some((level, level.down.as_ref()?))) {
        Some((level, down)) => format!(
            "Service lags behind: at a load of {:.2} the service level is {} on the way up and {} on the \
             way down, when those whom the overload has left waiting, or calling again, are still there.",
            level.load,
            short(&level.up),
            short(down)
        ),
        None => "In service these runs show no lasting difference.".to_owned(),
    }
}

/// One object: `levels[]`, each with `load`, `offered_per_h`, `up`, `down` `lost_per_h` and
/// `service_level_lost` (these three none for the highest); `gap`; `set`, what is set in the scenario.
pub fn json(ramp: &Ramp) -> Value {
    let way = |way: Way| -> Value {
        let entry = |(name, value): (&str, Figure)| (name.to_owned(), figure(value));
        Value::Object(way.figures().into_iter().map(entry).collect())
    };
    let level = |level: &Level| {
        json!({
            "load": json_number(Some(level.load)),
            "offered_per_h": json_number(Some(level.offered_per_h)),
            "up": way(level.up),
            "down": level.down.map(way),
            "lost_per_h": level.lost_per_h.map(figure),
            "service_level_lost": level.service_level_lost.map(figure),
        })
    };
    let mut object = head(&ramp.study);
    object.insert("levels".into(), ramp.levels.iter().map(level).collect());
    object.insert("set".into(), json!(ramp.fixed));
    object.insert("held".into(), json!(ramp.held.0));
    object.insert("measured".into(), json!(ramp.held.1));
    object.insert("gap".into(), figure(ramp.gap));
    Value::Object(object)
}

/// A row for each way through each level, in the order of the run.
pub fn csv(ramp: &Ramp) -> String {
    let names = ramp.levels.first().map(|level| level.up.figures());
    let heads = names.iter().flatten();
    let heads = heads.map(|(name, _)| format!(",{name},{name}_low,{name}_high"));
    let mut text = format!("way,load,offered_per_h{}\n", heads.collect::<String>());
    let up = ramp
        .levels
        .iter()
        .map(|level| ("up", level, Some(level.up)));
    let down = ramp.levels.iter().rev();
    let down = down.map(|level| ("down", level, level.down));
    for (name, level, way) in up.chain(down) {
        let Some(way) = way else { continue };
        let _ = write!(text, "{name},{},{}", level.load, level.offered_per_h);
        way.figures()
            .iter()
            .for_each(|(_, figure)| add(&mut text, *figure));
        text.push('\n');
    }
    text
}
