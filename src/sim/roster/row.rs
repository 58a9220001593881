//! One row of a roster: a person, and one shift.

use crate::exchange::id::GroupId;
use crate::menu::value;
use crate::sim::scenario::names::Names;
use crate::sim::scenario::names::is_queue;
use crate::sim::sheet::Row;
use crate::sim::sheet::Sheet;
use crate::sim::sheet::clock;
use crate::sim::sheet::minutes;
use crate::sim::skills;
use crate::sim::skills::Skills;
use crate::sim::speed::SPEEDS;
use crate::sim::speed::Speed;
use jiff::civil::Date;
use std::ops::RangeInclusive;

/// Shares of calls, where 1 is a full share.
pub const WEIGHTS: RangeInclusive<f64> = 0.01..=100.0;

/// What a row says.
pub(super) struct Entry<'s> {
    pub(super) row: &'s Row,
    pub(super) date: Date,
    pub(super) agent: &'s str,
    pub(super) traits: Traits,
    pub(super) shift: Hours,
    pub(super) breaks: Vec<Hours>,
}

/// What the rows of one person agree in.
pub(super) struct Traits {
    pub(super) groups: Vec<GroupId>,
    pub(super) skills: Option<Skills>,
    pub(super) tier: u8,
    pub(super) weight: f64,
    pub(super) speed: Speed,
}

/// From and to, in minutes after midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// All rows that are fine.
pub(super) fn read_all<'s>(sheet: &'s Sheet, names: &Names<'_>) -> Vec<Entry<'s>> {
    let rows = sheet.rows.iter();
    rows.filter_map(|row| {
        // Each cell is looked at, whatever the others are.
        let (date, agent) = (sheet.date(row), agent(sheet, row));
        let traits = traits(sheet, row, names);
        let shift = shift(sheet, row);
        let breaks = breaks(sheet, row, shift);
        Some(Entry {
            row,
            date: date?,
            agent: agent?,
            traits: traits?,
            shift: shift?,
            breaks: breaks?,
        })
    })
    .collect()
}

fn agent<'s>(sheet: &Sheet, row: &'s Row) -> Option<&'s str> {
    let name = sheet.cell(row, "agent")?;
    if name.is_empty() {
        let help = "a name of your own; rows of the same name are shifts of one person";
        sheet.wrong(row, "agent", "no name", Some(help.to_owned()));
        return None;
    }
    Some(name)
}

fn traits(sheet: &Sheet, row: &Row, names: &Names<'_>) -> Option<Traits> {
    let groups = groups(sheet, row, names);
    let (skills, tier) = (skills::read(sheet, row, names), skills::tier(sheet, row));
    let help = "a share of the calls: 0.5 is owed half as many as 1, which an empty cell means";
    let weight = match sheet.cell(row, "weight") {
        None | Some("") => Some(1.0),
        Some(text) => factor(sheet, row, text, ("weight", help), WEIGHTS),
    };
    let speed = speed(sheet, row, names);
    Some(Traits {
        groups: groups?,
        skills: skills?,
        tier: tier?,
        weight: weight?,
        speed: speed?,
    })
}

/// `support` or `support sales`, in the order of the dialplan.
fn groups(sheet: &Sheet, row: &Row, names: &Names<'_>) -> Option<Vec<GroupId>> {
    let text = sheet.cell(row, "groups")?;
    let mut groups = Vec::new();
    let mut fine = true;
    for name in text.split_whitespace() {
        let group = names.group(name);
        if group.is_none() {
            let message = format!("there is no group `{name}`");
            let help = value::suggestion(name, names.groups());
            sheet.wrong_as("unknown-group", row, "groups", message, help);
        }
        fine &= group.is_some();
        groups.extend(group);
    }
    if text.is_empty() {
        let help = "name one, or several with spaces between: `support sales`";
        sheet.wrong(row, "groups", "no group", Some(help.to_owned()));
    }
    groups.sort_unstable();
    groups.dedup();
    (fine && !groups.is_empty()).then_some(groups)
}

/// `1.1`, or with queues on which it is another one: `1.1 billing=0.8`.
fn speed(sheet: &Sheet, row: &Row, names: &Names<'_>) -> Option<Speed> {
    let help = "a factor on the handling time: 1.25 takes a quarter longer than 1, which an empty \
                cell means; `1.1 billing=0.8` has another one on the queue `billing`";
    let number = |text: &str| factor(sheet, row, text, ("speed", help), SPEEDS);
    let mut speed = Speed::default();
    let mut fine = true;
    for (place, word) in sheet
        .cell(row, "speed")
        .unwrap_or("")
        .split_whitespace()
        .enumerate()
    {
        let Some((name, factor)) = word.split_once('=') else {
            if place > 0 {
                let message = format!("`{word}` is a second speed");
                sheet.wrong(row, "speed", message, Some(help.to_owned()));
            }
            let usual = number(word).filter(|_| place == 0);
            fine &= usual.is_some();
            speed.usual = usual.unwrap_or(speed.usual);
            continue;
        };
        let queue = names.queue(name);
        if let Some((message, help)) = names.several(name, is_queue) {
            sheet.wrong_as("ambiguous-name", row, "speed", message, Some(help));
        } else if queue.is_none() {
            let message = format!("there is no queue `{name}`");
            let help = value::suggestion(name, names.queues());
            sheet.wrong_as("unknown-queue", row, "speed", message, help);
        }
        let is_second = speed.on.iter().any(|(known, _)| Some(*known) == queue);
        if is_second {
            let message = format!("a second speed on the queue `{name}`");
            sheet.wrong(row, "speed", message, None);
        }
        let own = queue.zip(number(factor)).filter(|_| !is_second);
        fine &= own.is_some();
        speed.on.extend(own);
    }
    fine.then_some(speed)
}

/// A number of a column, as it stands there.
fn factor(
    sheet: &Sheet,
    row: &Row,
    text: &str,
    (column, help): (&str, &str),
    bounds: RangeInclusive<f64>,
) -> Option<f64> {
    let found = text.parse().ok().filter(|number| bounds.contains(number));
    if found.is_none() {
        let (least, most) = (bounds.start(), bounds.end());
        let message = format!("`{text}` is not a number from {least} to {most}");
        sheet.wrong(row, column, message, Some(help.to_owned()));
    }
    found
}

fn shift(sheet: &Sheet, row: &Row) -> Option<Hours> {
    let time = |column| {
        let text = sheet.cell(row, column)?;
        let time = minutes(text);
        if time.is_none() {
            let message = format!("`{text}` is not a time such as 09:00");
            sheet.wrong(row, column, message, None);
        }
        time
    };
    let (from, to) = (time("start"), time("end"));
    let (from, to) = (from?, to?);
    if to > from {
        return Some(Hours { from, to });
    }
    let message = format!("the end has to come after the start, {}", clock(from));
    let help = "write a shift over midnight up to `24:00`; what follows, from `00:00`, belongs to \
                the roster of the next day";
    sheet.wrong(row, "end", message, Some(help.to_owned()));
    None
}

/// `10:30-10:45 13:00-13:30`. Whether they lie within the shift is not asked when there is none.
fn breaks(sheet: &Sheet, row: &Row, shift: Option<Hours>) -> Option<Vec<Hours>> {
    let text = sheet.cell(row, "breaks").unwrap_or("");
    let mut breaks: Vec<Hours> = Vec::new();
    let mut fine = true;
    for word in text.split_whitespace() {
        match a_break(word, shift, breaks.last()) {
            Ok(hours) => breaks.push(hours),
            Err(message) => {
                sheet.wrong(row, "breaks", message, None);
                fine = false;
            }
        }
    }
    fine.then_some(breaks)
}

/// A break after the one before it, or what is wrong with it.
fn a_break(word: &str, shift: Option<Hours>, before: Option<&Hours>) -> Result<Hours, String> {
    let hours = word
        .split_once('-')
        .and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
    let Some((from, to)) = hours else {
        return Err(format!("`{word}` is not a break such as 10:30-10:45"));
    };
    if to <= from {
        return Err(format!("the break `{word}` has to end after its start"));
    }
    if let Some(shift) = shift.filter(|shift| from < shift.from || to > shift.to) {
        let (from, to) = (clock(shift.from), clock(shift.to));
        return Err(format!(
            "the break `{word}` is not within the shift, {from}-{to}"
        ));
    }
    if let Some(before) = before.filter(|before| from < before.to) {
        let end = clock(before.to);
        return Err(format!(
            "the break `{word}` begins before the last one is over, at {end}"
        ));
    }
    Ok(Hours { from, to })
}
