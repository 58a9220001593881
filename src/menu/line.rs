//! One line: its names, calendars and entries, and then its steps.

use super::calendar;
use super::compile::Site;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::dialling;
use super::fields::Fields;
use super::head::Defaults;
use super::head::Head;
use super::include::LineFile;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Book;
use super::schema;
use super::step;
use super::tree::Data;
use super::tree::Entry;
use super::tree::STEP_KINDS;
use super::tree::Table;
use super::tree::Value;
use super::value;
use super::variables;
use crate::exchange::calendar::Zone;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::Step;
use crate::exchange::id::CalendarId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Steps of one line at most.
pub(super) const STEPS_MAX: usize = 20_000;
/// Calendars of one line at most.
const CALENDARS_MAX: usize = 60;

impl Site<'_> {
    /// Lowers one line into the plan.
    pub(super) fn line(&mut self, file: &LineFile, head: Head) {
        let id = LineId(self.plan.lines.len() as u16);
        let (timezone, zone) = time_zone(&head, self.out);
        if self.plan.lines.is_empty() {
            self.plan.zone = zone.clone();
        }
        let (steps, names) = step_names(&file.tree, self.plan.steps.len(), self.out);
        for (kind, entry) in &steps {
            let name = entry.key.text.clone();
            self.plan.steps.push(Step {
                name,
                line: id,
                kind: step::placeholder(),
            });
            self.trace
                .steps
                .push(StepTrace::new(entry.key.place.clone(), kind));
        }
        let place = Place {
            file: file.file,
            span: 0..0,
        };
        let mut root = Fields::new(&file.tree, "a line file", place.clone());
        root = root.shaped(Some(&schema::line::LINE));
        let calendars = self.calendars(root.table("calendar"), &zone);
        let variables = variables::of(&steps, self.out);
        let default_place = root.key_place("defaults").unwrap_or(place);
        let defaults = match root.table("defaults") {
            Some(table) => Defaults::read(table, default_place, self.out),
            None => Defaults::default(),
        };
        let book = Book::read(root.table("phrases"), &head.languages, self.out);
        lacking_phrases(&book, &head, self.out);
        let table = root.table("dialling").zip(root.key_place("dialling"));
        let (dialling, says_dialling) = dialling::read(table, &head.numbers, self.out);
        let global_keys = root.table("global_keys");
        refuse_foreign(&mut root);
        root.finish(self.out);

        let languages = language_ids(&self.plan, &head.languages);
        let mut lowering = Lowering {
            sources: self.sources,
            plan: &mut self.plan,
            out: self.out,
            trace: &mut self.trace,
            roster: &self.roster,
            people: self.request.people.as_deref(),
            names_groups: head.names_groups,
            tags: head.languages.clone(),
            languages,
            queue_steps: steps
                .iter()
                .filter(|(kind, _)| *kind == "queue")
                .filter_map(|(_, entry)| names.get(&entry.key.text).copied())
                .collect(),
            names,
            calendars,
            variables,
            defaults,
            globals: Vec::new(),
            book,
            missed: BTreeSet::new(),
            dialling,
            says_dialling,
            place: head.place.clone(),
            timezone,
            zone,
            at: self.request.at,
        };
        if let Some(table) = global_keys {
            lowering.globals = lowering.keys(table, true);
        }
        lowering.line(head, &file.stem, &steps);
    }

    fn calendars(&mut self, table: Option<&Table>, zone: &Zone) -> BTreeMap<String, CalendarId> {
        let mut calendars = BTreeMap::new();
        for entry in table
            .map_or(&[][..], |table| &table.entries)
            .iter()
            .take(CALENDARS_MAX)
        {
            let id = CalendarId(self.plan.calendars.len() as u16);
            let calendar = calendar::read(entry, zone, self.request.at, self.sources, self.out);
            self.plan.calendars.push(calendar);
            calendars.insert(entry.key.text.clone(), id);
        }
        calendars
    }
}

impl Lowering<'_> {
    fn line(&mut self, head: Head, stem: &str, steps: &[(&'static str, &Entry)]) {
        let first = self.plan.steps.len() - steps.len();
        for (place, (kind, entry)) in steps.iter().enumerate() {
            let id = StepId((first + place) as u32);
            let (kind, trace) = self.step(kind, entry, id);
            self.plan.steps[id.index()].kind = kind;
            self.trace.steps[id.index()] = trace;
        }
        self.unused_phrases();
        self.mark_results(first..self.plan.steps.len());
        let start = self.start(&head, StepId(first as u32));
        let place = head
            .start
            .as_ref()
            .map_or_else(|| head.place.clone(), |start| start.place.clone());
        self.trace.lines.push(place);
        self.trace.audio.push(head.audio);
        self.plan.lines.push(Line {
            name: stem.to_owned(),
            title: head.title,
            numbers: head.numbers.into_iter().map(|number| number.text).collect(),
            start,
            trunks: head.trunks,
            reserve: head.reserve,
            caller_limit: head.caller_limit,
            root: None,
            retired: false,
            max_call: head.max_call,
            languages: self.languages.clone(),
            timezone: head
                .timezone
                .map_or_else(|| "UTC".to_owned(), |name| name.text),
            variables: self
                .variables
                .iter()
                .map(|saved| saved.name.clone())
                .collect(),
            dialling: self.dialling.clone(),
        });
    }

    fn start(&mut self, head: &Head, first: StepId) -> StepId {
        let Some(name) = &head.start else {
            return first;
        };
        if let Some(step) = self.names.get(&name.text) {
            return *step;
        }
        let near = self.unknown_step(name, "calls cannot begin here");
        near.unwrap_or(first)
    }
}

fn time_zone(head: &Head, out: &mut Diagnostics) -> (TimeZone, Zone) {
    let utc = || {
        (
            TimeZone::UTC,
            Zone {
                offsets: vec![(0, 0)],
            },
        )
    };
    let Some(name) = &head.timezone else {
        return utc();
    };
    if let (Ok(timezone), Some(zone)) = (TimeZone::get(&name.text), calendar::zone(&name.text)) {
        return (timezone, zone);
    }
    let message = format!("there is no time zone \"{}\"", name.text);
    let diagnostic = Diagnostic::error("unknown-timezone", name.place.clone(), message)
        .label("not in the IANA database");
    let known: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .collect();
    let near = value::nearest(&name.text, known.iter().map(String::as_str));
    out.push(match near {
        Some(_) => diagnostic.suggest(&name.text, known.iter().map(String::as_str)),
        None => diagnostic.help("write it like \"Europe/London\""),
    });
    utc()
}

/// The steps in the order of the file, with their ids by name.
fn step_names<'t>(
    tree: &'t Table,
    first: usize,
    out: &mut Diagnostics,
) -> (Vec<(&'static str, &'t Entry)>, BTreeMap<String, StepId>) {
    let mut steps: Vec<(&'static str, &Entry)> = Vec::new();
    for kind in STEP_KINDS {
        if let Some(Value {
            data: Data::Table(table),
            ..
        }) = tree.get(kind)
        {
            steps.extend(table.entries.iter().map(|entry| (kind, entry)));
        }
    }
    steps.sort_by_key(|(_, entry)| {
        let place = &entry.key.place;
        (place.file, place.span.start)
    });
    if let Some((_, entry)) = steps.get(STEPS_MAX) {
        let message = format!("more than {STEPS_MAX} steps");
        out.push(Diagnostic::error(
            "too-large",
            entry.key.place.clone(),
            message,
        ));
        steps.truncate(STEPS_MAX);
    }
    let mut names = BTreeMap::new();
    let mut places: BTreeMap<&str, (&str, &Place)> = BTreeMap::new();
    for (place, (kind, entry)) in steps.iter().enumerate() {
        let key = &entry.key;
        if key.text.starts_with('@') || key.text.is_empty() {
            let message = format!("a step cannot be called \"{}\"", key.text);
            let help = "names that begin with @ are built in";
            out.push(Diagnostic::error("bad-value", key.place.clone(), message).help(help));
        }
        if let Some((other, first)) = places.get(key.text.as_str()) {
            let message = format!("two steps are called \"{}\"", key.text);
            let diagnostic = Diagnostic::error("duplicate-step", key.place.clone(), message)
                .label(format!("here a `{kind}` step"));
            out.push(diagnostic.related((*first).clone(), format!("here a `{other}` step")));
            continue;
        }
        places.insert(&key.text, (kind, &key.place));
        names.insert(key.text.clone(), StepId((first + place) as u32));
    }
    if steps.is_empty() {
        let message = "this line has no steps";
        let help = "add a step: [menu.main]";
        let place = tree.place.clone();
        out.push(Diagnostic::error("missing-field", place, message).help(help));
    }
    (steps, names)
}

fn lacking_phrases(book: &Book, head: &Head, out: &mut Diagnostics) {
    for tag in &head.languages {
        let lacking = book.lacks(tag);
        if lacking.is_empty() {
            continue;
        }
        let message = format!("the house has no phrases in \"{tag}\"");
        let help = format!("add [phrases.{tag}] with {}", lacking.join(", "));
        let diagnostic = Diagnostic::error("missing-language", head.place.clone(), message);
        out.push(diagnostic.help(help));
    }
}

/// Tables that belong to other files or later versions.
fn refuse_foreign(root: &mut Fields<'_>) {
    root.value("line");
    root.format();
    for kind in STEP_KINDS {
        root.table(kind);
    }
    root.value("include");
    for name in ["group", "agent"] {
        if let Some(place) = root.foreign(name) {
            let message = format!("[{name}.*] belongs to the groups file");
            let help = "name that file with `groups` in [line]";
            root.push(Diagnostic::error("bad-groups", place, message).help(help));
        }
    }
}

fn language_ids(plan: &Dialplan, tags: &[String]) -> Vec<LanguageId> {
    let place = |tag: &String| plan.languages.iter().position(|other| other == tag);
    tags.iter()
        .map(|tag| LanguageId(place(tag).unwrap_or(0) as u8))
        .collect()
}
