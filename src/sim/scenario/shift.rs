//! `[shifts.NAME]`: the shifts that people may have, of which rosters are made.

use super::check::Check;
use super::check::key_place;
use super::duty::unknown_group;
use crate::exchange::id::GroupId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::menu::schema::Field;
use crate::menu::schema::Of;
use crate::menu::schema::Shape;
use crate::menu::schema::Type;
use crate::menu::schema::field;
use crate::menu::schema::required;
use crate::sim::sheet::clock;
use crate::sim::sheet::minutes;
use crate::sim::staff::AGENTS_MAX;
use std::ops::RangeInclusive;

/// Shifts begin at most so often, and breaks too.
const EVERY: RangeInclusive<Span> = Span::minutes(5)..=Span::minutes(DAY);
const STARTS_EVERY: Span = Span::minutes(30);
const BREAKS_EVERY: Span = Span::minutes(15);
const LENGTH: RangeInclusive<Span> = Span::minutes(15)..=Span::minutes(DAY);
const BREAK: RangeInclusive<Span> = Span::minutes(5)..=Span::minutes(DAY);
const AFTER: RangeInclusive<Span> = Span::ZERO..=Span::minutes(DAY);
const DAY: u64 = 24 * 60;
/// The most breaks in a shift.
const BREAKS_MAX: usize = 8;
/// The most beginnings of shifts, and of breaks in them, of all patterns together.
const CHOICES_MAX: usize = 5_000;

/// A kind of shift that people may have. All times are minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftPattern {
    /// What it is called.
    pub name: String,
    /// The groups whose people may have it; none: all.
    pub groups: Option<Vec<GroupId>>,
    /// When it may begin, after midnight and in order.
    pub starts: Vec<u32>,
    /// From its beginning to its end.
    pub length: u32,
    /// What of it is paid.
    pub paid: u32,
    /// Its breaks, one after the other.
    pub breaks: Vec<BreakWindow>,
    /// So many people at most.
    pub most: Option<u32>,
}

/// A break, and when it may begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakWindow {
    /// How long it is.
    pub length: u32,
    /// When it may begin, after the beginning of the shift and in order.
    pub begins: Vec<u32>,
}

impl ShiftPattern {
    /// Whether people of a group may have it.
    pub fn is_for(&self, group: GroupId) -> bool {
        let groups = self.groups.as_ref();
        groups.is_none_or(|groups| groups.contains(&group))
    }

    /// How many beginnings there are to choose from, its own and those of its breaks.
    fn choices(&self) -> usize {
        let of_breaks: usize = self.breaks.iter().map(|window| window.begins.len()).sum();
        self.starts.len() * (1 + of_breaks)
    }
}

/// The shape of one.
pub(super) static SHIFT: Shape = Shape {
    name: "shift",
    doc: "A kind of shift that people may have.",
    rules: &[],
    fields: &[
        required(
            "starts",
            Type::Form("^[0-2][0-9]:[0-5][0-9](-[0-2][0-9]:[0-5][0-9])?$"),
            "When it may begin, at the earliest and at the latest: 07:00-11:00.",
        ),
        field(
            "every",
            Type::Duration(*EVERY.start(), *EVERY.end()),
            "From one beginning to the next.",
        ),
        required(
            "length",
            Type::Duration(*LENGTH.start(), *LENGTH.end()),
            "From its beginning to its end.",
        ),
        PAID,
        field(
            "breaks",
            Type::List(&Type::Table(&BREAK_WINDOW)),
            "Its breaks, in the order of time.",
        ),
        field(
            "groups",
            Type::List(&Type::Name(Of::Group)),
            "Whose people may have it.",
        ),
        field(
            "most",
            Type::Integer(1, AGENTS_MAX as i64),
            "So many people at most.",
        ),
    ],
};

const PAID: Field = field(
    "paid",
    Type::Duration(*LENGTH.start(), *LENGTH.end()),
    "What of it is paid, unless all of it is.",
);

static BREAK_WINDOW: Shape = Shape {
    name: "break_window",
    doc: "A break, and when it may begin.",
    rules: &[],
    fields: &[
        required(
            "length",
            Type::Duration(*BREAK.start(), *BREAK.end()),
            "How long it is.",
        ),
        required(
            "from",
            Type::Duration(*AFTER.start(), *AFTER.end()),
            "So long after the beginning of the shift it begins at the earliest.",
        ),
        field(
            "to",
            Type::Duration(*AFTER.start(), *AFTER.end()),
            "And at the latest.",
        ),
        field(
            "every",
            Type::Duration(*EVERY.start(), *EVERY.end()),
            "From one beginning to the next.",
        ),
    ],
};

/// Reads all of them.
pub(super) fn read(root: &mut Fields<'_>, check: &Check<'_>) -> Vec<ShiftPattern> {
    let place = key_place(root, "shifts");
    let mut list = Vec::new();
    for (name, mut table) in root.named("shifts").unwrap_or_default() {
        list.extend(pattern(&name.text, &mut table, check));
        root.absorb(table);
    }
    let choices: usize = list.iter().map(ShiftPattern::choices).sum();
    if choices > CHOICES_MAX {
        let message = format!("shifts and their breaks have {choices} beginnings to choose from");
        let help = format!("at most {CHOICES_MAX}: let them begin less often, `every = \"1h\"`");
        root.bad_value(place, message, &help);
    }
    list
}

fn pattern(name: &str, table: &mut Fields<'_>, check: &Check<'_>) -> Option<ShiftPattern> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        let help = "call it by words in one line: `[shifts.full]`";
        table.bad_value(
            table.place(),
            "the name of a shift is blank, or has control characters",
            help,
        );
    }
    table.require(
        "starts",
        "say when it may begin: `starts = \"07:00-11:00\"`",
    );
    table.require("length", "say how long it is: `length = \"8h\"`");
    let every = whole(table, "every", EVERY);
    let length = whole(table, "length", LENGTH);
    let paid = whole(table, "paid", LENGTH);
    let starts = starts(table, every.unwrap_or(in_minutes(STARTS_EVERY)), length);
    if let Some((paid, length)) = paid.zip(length).filter(|(paid, length)| paid > length) {
        let message = format!("{paid} minutes of {length} are paid");
        table.bad_value(
            key_place(table, "paid"),
            message,
            "at most the length of the shift",
        );
    }
    let breaks = breaks(table, length);
    let groups = groups(table, check);
    let most = table.integer("most", 1..=i64::from(AGENTS_MAX));
    let length = length?;
    Some(ShiftPattern {
        name: name.to_owned(),
        groups: groups?,
        starts: starts?,
        length,
        paid: paid.unwrap_or(length),
        breaks: breaks?,
        most: most.map(|most| most as u32),
    })
}

fn in_minutes(span: Span) -> u32 {
    (span.0 / 60_000) as u32
}

/// A length in whole minutes.
fn whole<'t>(table: &mut Fields<'t>, key: &'t str, bounds: RangeInclusive<Span>) -> Option<u32> {
    let span = table.duration(key, bounds)?;
    if !span.0.is_multiple_of(60_000) {
        let message = format!("`{key}` cannot be {span}");
        table.bad_value(key_place(table, key), message, "shifts go by whole minutes");
        return None;
    }
    Some(in_minutes(span))
}

/// All moments from the first to the last one.
fn every(first: u32, last: u32, step: u32) -> Vec<u32> {
    (first..=last).step_by(step as usize).collect()
}

/// `07:00-11:00`, or one time.
fn starts(table: &mut Fields<'_>, step: u32, length: Option<u32>) -> Option<Vec<u32>> {
    let text = table.text("starts")?;
    let (first, last) = text
        .text
        .split_once('-')
        .unwrap_or((&text.text, &text.text));
    let times = minutes(first).zip(minutes(last));
    let Some((first, last)) = times.filter(|(first, last)| first <= last) else {
        let message = format!("\"{}\" does not say when a shift may begin", text.text);
        let help = "write the earliest and the latest beginning, `07:00-11:00`, or one of them: shifts are of one day, and \
                    end by midnight";
        table.bad_value(text.place, message, help);
        return None;
    };
    let latest = i64::try_from(DAY).ok()? - i64::from(length?);
    if last > latest {
        let message = format!("a shift that begins at {} ends after midnight", clock(last));
        let help = format!(
            "let it begin by {}: what follows belongs to the next day",
            clock(latest)
        );
        table.bad_value(text.place, message, &help);
        return None;
    }
    Some(every(first as u32, last as u32, step))
}

/// The groups that it names, or none where it names none.
fn groups(table: &mut Fields<'_>, check: &Check<'_>) -> Option<Option<Vec<GroupId>>> {
    if table.value("groups").is_none() {
        return Some(None);
    }
    let mut groups = Vec::new();
    let mut fine = true;
    for name in table.texts("groups")? {
        let group = check.names.group(&name.text);
        if group.is_none() {
            table.push(unknown_group(&name, check.names));
        }
        fine &= group.is_some();
        groups.extend(group);
    }
    if groups.is_empty() && fine {
        let help = "name those whose people may have this shift, or leave `groups` out";
        table.bad_value(key_place(table, "groups"), "`groups` names no group", help);
    }
    fine.then_some(Some(groups))
}

fn breaks(table: &mut Fields<'_>, length: Option<u32>) -> Option<Vec<BreakWindow>> {
    let tables = table.repeated("breaks");
    if tables.len() > BREAKS_MAX {
        let message = format!("a shift of {} breaks", tables.len());
        let help = format!("at most {BREAKS_MAX}");
        table.bad_value(key_place(table, "breaks"), message, &help);
    }
    let (mut windows, mut fine) = (Vec::new(), true);
    // Where the one before is over at the latest.
    let mut over = 0;
    for mut inner in tables {
        let window = window(&mut inner);
        fine &= window.is_some();
        if let Some(window) = window {
            let place = inner.place();
            fits(&mut inner, &window, over, length, place);
            over = window.ends();
            windows.push(window);
        }
        table.absorb(inner);
    }
    fine.then_some(windows)
}

fn window(table: &mut Fields<'_>) -> Option<BreakWindow> {
    table.require("length", "say how long it is: `length = \"30m\"`");
    let help =
        "say how long after the beginning of the shift it begins: `from = \"3h\", to = \"5h\"`";
    table.require("from", help);
    let length = whole(table, "length", BREAK);
    let (from, to) = (whole(table, "from", AFTER), whole(table, "to", AFTER));
    let step = whole(table, "every", EVERY).unwrap_or(in_minutes(BREAKS_EVERY));
    let from = from?;
    let last = to.unwrap_or(from);
    if last < from {
        let message = format!("a break that begins after {from} minutes, and by {last}");
        table.bad_value(key_place(table, "to"), message, "`to` is not before `from`");
        return None;
    }
    Some(BreakWindow {
        length: length?,
        begins: every(from, last, step),
    })
}

/// Reports a break that may begin before the one before it is over, or end after the shift.
fn fits(
    table: &mut Fields<'_>,
    window: &BreakWindow,
    over: u32,
    length: Option<u32>,
    place: Place,
) {
    let first = window.begins.first().copied().unwrap_or(0);
    if first < over {
        let message = format!(
            "a break that may begin after {first} minutes, when the one before it may last until minute {over}"
        );
        table.bad_value(
            place,
            message,
            "breaks are in order, and none may overlap with another",
        );
    } else if let Some(length) = length.filter(|length| window.ends() > *length) {
        let ends = window.ends();
        let message =
            format!("a break that may last until minute {ends} of a shift of {length} minutes");
        table.bad_value(place, message, "let it begin earlier, or make it shorter");
    }
}

impl BreakWindow {
    /// When it is over at the latest, after the beginning of the shift.
    fn ends(&self) -> u32 {
        self.begins.last().copied().unwrap_or(0) + self.length
    }
}
