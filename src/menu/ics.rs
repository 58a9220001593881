//! Holiday files (RFC 5545): whole days, once or every year.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::source::FileId;
use super::source::Sources;
use jiff::civil::Date;
use std::ops::Range;

/// The longest holiday; a longer one is a mistake in the file.
const DAYS_MAX: i32 = 366;
/// Days of one file at most.
const DATES_MAX: usize = 100_000;
/// Yearly holidays are written out up to this year.
const LAST_YEAR: i16 = 2100;

/// The closed days of a holiday file, in no order.
pub(super) fn read(file: FileId, sources: &Sources, out: &mut Diagnostics) -> Vec<Date> {
    let mut reader = Reader {
        file,
        out,
        dates: Vec::new(),
        event: None,
    };
    let lines = unfold(&sources.get(file).text);
    if lines
        .first()
        .is_none_or(|line| !line.text.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
    {
        reader.refuse(
            0..0,
            "this is not an iCalendar file",
            "it begins with BEGIN:VCALENDAR",
        );
        return Vec::new();
    }
    for line in &lines {
        reader.line(line);
    }
    if let Some(event) = reader.event.take() {
        reader.refuse(event.span, "this event never ends", "add END:VEVENT");
    }
    reader.dates
}

struct Line {
    text: String,
    span: Range<usize>,
}

/// Joins folded lines: one that begins with a blank continues the one before.
fn unfold(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end_matches(['\n', '\r']);
        let span = start..start + line.len();
        start += raw.len();
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(before)) => {
                before.text.push_str(rest);
                before.span.end = span.end;
            }
            _ if line.is_empty() => {}
            _ => lines.push(Line {
                text: line.trim_start_matches('\u{feff}').to_owned(),
                span,
            }),
        }
    }
    lines
}

struct Event {
    span: Range<usize>,
    start: Option<Date>,
    end: Option<Date>,
    yearly: bool,
    refused: bool,
}

struct Reader<'a> {
    file: FileId,
    out: &'a mut Diagnostics,
    dates: Vec<Date>,
    event: Option<Event>,
}

impl Reader<'_> {
    fn line(&mut self, line: &Line) {
        let Some((name, value)) = line.text.split_once(':') else {
            self.refuse(line.span.clone(), "this is not a property", "NAME:value");
            return;
        };
        let (name, parameters) = name.split_once(';').unwrap_or((name, ""));
        match (name.to_ascii_uppercase().as_str(), value) {
            ("BEGIN", "VEVENT") => self.begin(line),
            ("END", "VEVENT") => self.end(line),
            ("DTSTART", _) => self.date(line, parameters, value, |event| &mut event.start),
            ("DTEND", _) => self.date(line, parameters, value, |event| &mut event.end),
            ("RRULE", rule) => self.rule(line, rule),
            ("DURATION" | "RDATE" | "EXDATE", _) if self.event.is_some() => {
                let message = format!("`{name}` is not read in holiday files");
                self.refuse_event(line, &message, "use DTSTART and DTEND with VALUE=DATE");
            }
            _ => {}
        }
    }

    fn begin(&mut self, line: &Line) {
        if self.event.is_some() {
            self.refuse(
                line.span.clone(),
                "an event inside an event",
                "add END:VEVENT before",
            );
        }
        self.event = Some(Event {
            span: line.span.clone(),
            start: None,
            end: None,
            yearly: false,
            refused: false,
        });
    }

    fn end(&mut self, line: &Line) {
        let Some(event) = self.event.take() else {
            self.refuse(
                line.span.clone(),
                "no event to end here",
                "add BEGIN:VEVENT before",
            );
            return;
        };
        if event.refused {
            return;
        }
        let Some(first) = event.start else {
            self.refuse(
                event.span,
                "this event has no DTSTART",
                "DTSTART;VALUE=DATE:20261225",
            );
            return;
        };
        // DTEND is the first day that is free again (RFC 5545 §3.6.1).
        let end = event.end.or_else(|| first.tomorrow().ok()).unwrap_or(first);
        let days = first.until(end).map_or(0, |span| span.get_days());
        if !(1..=DAYS_MAX).contains(&days) {
            let message = "DTEND has to lie after DTSTART, by a year at most";
            self.refuse(
                event.span,
                message,
                "DTEND is the day after the last holiday",
            );
            return;
        }
        self.add(first, days, event.yearly);
    }

    fn add(&mut self, first: Date, days: i32, yearly: bool) {
        let last_year = if yearly { LAST_YEAR } else { first.year() };
        for year in first.year()..=last_year {
            // 29 February exists only in some years.
            let Ok(start) = Date::new(year, first.month(), first.day()) else {
                continue;
            };
            let room = DATES_MAX.saturating_sub(self.dates.len());
            let days = start
                .series(jiff::Span::new().days(1))
                .take(days as usize)
                .take(room);
            self.dates.extend(days);
        }
    }

    fn date(
        &mut self,
        line: &Line,
        parameters: &str,
        value: &str,
        field: fn(&mut Event) -> &mut Option<Date>,
    ) {
        // Outside an event it belongs to a time zone, which whole days do not need.
        if self.event.is_none() {
            return;
        }
        let whole_day = value.len() == 8
            && parameters
                .split(';')
                .all(|parameter| !parameter.starts_with("TZID"));
        let Some(date) = parse_date(value).filter(|_| whole_day) else {
            let message = format!("\"{value}\" is not a whole day");
            self.refuse_event(line, &message, "write DTSTART;VALUE=DATE:20261225");
            return;
        };
        if let Some(event) = &mut self.event {
            *field(event) = Some(date);
        }
    }

    fn rule(&mut self, line: &Line, rule: &str) {
        if self.event.is_none() {
            return;
        }
        let plain = rule.split(';').all(|part| {
            let part = part.to_ascii_uppercase();
            part == "FREQ=YEARLY" || part == "INTERVAL=1"
        });
        if !plain || !rule.to_ascii_uppercase().contains("FREQ=YEARLY") {
            let message = format!("the rule \"{rule}\" is not read");
            self.refuse_event(line, &message, "only RRULE:FREQ=YEARLY repeats a holiday");
        } else if let Some(event) = &mut self.event {
            event.yearly = true;
        }
    }

    fn refuse_event(&mut self, line: &Line, message: &str, help: &str) {
        self.refuse(line.span.clone(), message, help);
        if let Some(event) = &mut self.event {
            event.refused = true;
        }
    }

    fn refuse(&mut self, span: Range<usize>, message: &str, help: &str) {
        let place = Place {
            file: self.file,
            span,
        };
        self.out
            .push(Diagnostic::error("ics", place, message).help(help));
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let number = |range: Range<usize>| text.get(range)?.parse::<i16>().ok();
    let (year, month, day) = (number(0..4)?, number(4..6)?, number(6..8)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use std::path::Path;

    fn dates(events: &str) -> (Vec<Date>, usize) {
        let mut sources = Sources::default();
        let text = format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n");
        let file = sources.add(Path::new("h.ics"), text);
        let mut out = Diagnostics::default();
        let dates = read(file, &sources, &mut out);
        (dates, out.sorted().len())
    }

    #[test]
    fn the_end_of_an_event_is_not_part_of_it() {
        let event = "BEGIN:VEVENT\r\nDTSTART;VALUE=DA\r\n TE:20261224\r\n\
                     DTEND;VALUE=DATE:20261227\r\nEND:VEVENT\r\n";
        let days = vec![date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)];
        assert_eq!(dates(event), (days, 0));
    }

    #[test]
    fn a_yearly_holiday_comes_back() {
        let event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY\nEND:VEVENT\n";
        let (days, problems) = dates(event);
        assert_eq!(
            (days[0], days[1], problems),
            (date(2024, 2, 29), date(2028, 2, 29), 0)
        );
    }

    #[test]
    fn what_is_not_a_whole_day_is_refused() {
        for line in [
            "DTSTART:20261225T090000Z",
            "DTSTART;VALUE=DATE:20261325",
            "RRULE:FREQ=WEEKLY",
            "DURATION:P2D",
        ] {
            let (days, problems) = dates(&format!("BEGIN:VEVENT\n{line}\nEND:VEVENT\n"));
            assert!(days.is_empty() && problems == 1, "{line}");
        }
    }
}
