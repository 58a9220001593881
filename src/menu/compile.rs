//! From files to a dialplan: the order of things.

use super::agents;
use super::allow;
use super::allow::Shared;
use super::audio;
use super::chart::Chart;
use super::check;
use super::diagnostic::AUDIO_CODES;
use super::diagnostic::CODES;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::diagnostic::Severity;
use super::fields::Fields;
use super::file_kind::FileKind;
use super::groups::FULL_WEIGHT;
use super::groups::Person;
use super::groups::Roster;
use super::head::Head;
use super::include;
use super::include::LineFile;
use super::lower::Trace;
use super::numbers;
use super::numbers::Numbers;
use super::overrides;
use super::overrides::Override;
use super::source::FileId;
use super::source::Sources;
use super::source::open;
use super::tree;
use super::tree::Table;
use super::unset::Unset;
use crate::exchange::dialplan::Dialplan;
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Lines of one site at most.
pub(super) const LINES_MAX: usize = 1000;
/// Languages of all lines together at most.
pub(super) const LANGUAGES_MAX: usize = 200;

/// Who answers where nobody is named.
const STAND_IN: &str = "somebody";

/// What to compile.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The line files.
    pub lines: Vec<PathBuf>,
    /// Where each is named, if that is in a file.
    pub named_at: Vec<Place>,
    /// The people, instead of the `[agent.*]` tables.
    pub people: Option<Vec<Person>>,
    /// Values instead of those in the files.
    pub overrides: Vec<Override>,
    /// The day for what depends on one; without it such checks are left out.
    pub at: Option<Date>,
}

impl Request {
    /// These lines as they are, with what depends on the day.
    pub fn today(lines: Vec<PathBuf>) -> Self {
        Self {
            lines,
            at: Some(jiff::Zoned::now().date()),
            ..Self::default()
        }
    }
}

/// Compiles lines and the groups files they name; none when there are errors.
pub fn compile(
    request: &Request,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Dialplan> {
    let compiled = compile_traced(request, sources, diagnostics);
    compiled.map(|(plan, _)| plan)
}

/// The same, with what the groups files leave unset, by group.
pub fn compile_with_unset(
    request: &Request,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<(Dialplan, Vec<Vec<Unset>>)> {
    let compiled = compile_traced(request, sources, diagnostics);
    compiled.map(|(plan, trace)| (plan, trace.unset))
}

/// One line for calls that are tried. Where its groups file names nobody, because a scenario says who is on
/// duty, somebody who may take every call stands in.
pub fn compile_to_try(
    mut request: Request,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Dialplan> {
    let plan = compile(&request, sources, diagnostics)?;
    if !plan.agents.is_empty() || plan.groups.is_empty() {
        return Some(plan);
    }
    request.people = Some(vec![Person {
        name: STAND_IN.to_owned(),
        groups: plan.groups.iter().map(|group| group.name.clone()).collect(),
        weight: FULL_WEIGHT,
        ..Person::default()
    }]);
    // What there is to say has been said.
    compile(&request, sources, &mut Diagnostics::default())
}

/// One line as a chart; none when there are errors.
pub fn compile_chart(
    line: PathBuf,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Chart> {
    let request = Request {
        lines: vec![line],
        ..Request::default()
    };
    let (plan, trace) = compile_traced(&request, sources, diagnostics)?;
    Some(Chart::new(&plan, &trace))
}

/// Compiles lines; with the plan comes where everything was written.
pub(super) fn compile_traced(
    request: &Request,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<(Dialplan, Trace)> {
    // What included files allow in vain is known only where all lines are looked at that include them.
    compile_shared(request, sources, diagnostics, &mut Shared::default())
}

/// The same, with what included files allow and these lines do not need.
pub(super) fn compile_shared(
    request: &Request,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
    shared: &mut Shared,
) -> Option<(Dialplan, Trace)> {
    let mut found = Diagnostics::default();
    let (plan, trace, files) = Site::new(request, sources, &mut found).compile();
    let good = !found.has_errors();
    let known = [CODES, AUDIO_CODES];
    let included: BTreeSet<FileId> = trace
        .included
        .iter()
        .flatten()
        .map(|one| one.file)
        .collect();
    let included: Vec<FileId> = included
        .into_iter()
        .filter(|one| !files.contains(one))
        .collect();
    let dated = request.at.is_some();
    let kept = allow::apply(&files, &included, &known, dated, sources, found);
    diagnostics.append(kept.problems);
    for unused in kept.unused {
        diagnostics.push(unused);
    }
    match good {
        true => shared.line(&included, kept.shared),
        false => shared.hole(),
    }
    good.then_some((plan, trace))
}

/// Everything while it is being compiled.
pub(super) struct Site<'a> {
    pub(super) request: &'a Request,
    pub(super) sources: &'a mut Sources,
    pub(super) out: &'a mut Diagnostics,
    pub(super) plan: Dialplan,
    pub(super) trace: Trace,
    pub(super) roster: Roster,
}

impl<'a> Site<'a> {
    fn new(request: &'a Request, sources: &'a mut Sources, out: &'a mut Diagnostics) -> Self {
        Self {
            request,
            sources,
            out,
            plan: Dialplan::default(),
            trace: Trace::default(),
            roster: Roster::default(),
        }
    }

    /// The plan, where everything was written, and the files that were read.
    fn compile(mut self) -> (Dialplan, Trace, Vec<FileId>) {
        let mut files = self.line_files();
        let mut groups = self.groups_files(&files);
        let lines = files.iter_mut();
        let lines = lines.map(|file| (file.stem.as_str(), &mut file.tree));
        let mut all = overrides::Files {
            lines: lines.collect(),
            groups: groups.iter_mut().map(|(_, tree)| tree).collect(),
        };
        overrides::apply(&self.request.overrides, &mut all, self.out);
        for (file, tree) in &groups {
            self.roster.read(
                tree,
                Place {
                    file: *file,
                    span: 0..0,
                },
                self.out,
            );
        }
        self.roster.check_agents(self.out);
        self.plan.groups.clone_from(&self.roster.groups);
        self.trace.unset.clone_from(&self.roster.unset);
        self.plan
            .pause_reasons
            .clone_from(&self.roster.pause_reasons);

        let heads: Vec<Head> = files.iter().map(|file| head(file, self.out)).collect();
        let numbers: Vec<Numbers> = files.iter().map(|file| Numbers::of(&file.tree)).collect();
        numbers::clashes(&numbers, self.out);
        for tag in heads.iter().flat_map(|head| &head.languages) {
            if !self.plan.languages.contains(tag) && self.plan.languages.len() < LANGUAGES_MAX {
                self.plan.languages.push(tag.clone());
            }
        }
        for (file, head) in files.iter().zip(heads) {
            self.line(file, head);
        }
        let people = self.request.people.as_deref();
        agents::add(&mut self.plan, &self.roster, people, self.out);
        agents::check_skills(&self.plan, &self.trace, self.out);
        check::sizes(&self.plan, self.out);
        check::words(&self.plan, &self.trace, self.out);
        check::graph(&self.plan, &self.trace, self.out);
        audio::clashes(&self.plan, &self.trace, self.out);
        let groups = groups.iter().map(|(file, _)| *file);
        let read = files.iter().map(|line| line.file).chain(groups).collect();
        (self.plan, self.trace, read)
    }

    fn line_files(&mut self) -> Vec<LineFile> {
        let mut files: Vec<LineFile> = Vec::new();
        if self.request.lines.len() > LINES_MAX {
            let message = format!("more than {LINES_MAX} lines");
            self.out
                .push(Diagnostic::new("too-large", Severity::Error, None, message));
        }
        for (nth, path) in self.request.lines.iter().take(LINES_MAX).enumerate() {
            let named_at = self.request.named_at.get(nth).cloned();
            let Some(file) = open(path, named_at, self.sources, self.out) else {
                continue;
            };
            let tree = tree::parse(file, self.sources, self.out);
            if FileKind::Line.is_missed(&tree, self.out) {
                continue;
            }
            let stem = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if files.iter().any(|other| other.stem == stem) {
                let message = format!("two lines are called \"{stem}\"");
                let place = Place { file, span: 0..0 };
                let help = "a line is called after its file: give each its own name";
                self.out
                    .push(Diagnostic::error("duplicate-line", place, message).help(help));
                continue;
            }
            let mut line = LineFile { file, stem, tree };
            let included = include::read(&mut line, self.sources, self.out);
            self.trace.included.push(included);
            files.push(line);
        }
        files
    }

    /// The groups files that the lines name, each once.
    fn groups_files(&mut self, files: &[LineFile]) -> Vec<(FileId, Table)> {
        let mut groups: Vec<(FileId, Table)> = Vec::new();
        for line in files {
            let head = line.tree.table("line");
            let Some(name) = head.and_then(|head| head.text("groups")) else {
                continue;
            };
            let path = self.sources.beside(line.file, &name.text);
            let Some(file) = open(&path, Some(name.place), self.sources, self.out) else {
                continue;
            };
            if groups.iter().all(|(other, _)| *other != file) {
                groups.push((file, tree::parse(file, self.sources, self.out)));
            }
        }
        groups
    }
}

fn head(file: &LineFile, out: &mut Diagnostics) -> Head {
    let start = Place {
        file: file.file,
        span: 0..0,
    };
    let mut root = Fields::new(&file.tree, "a line file", start.clone());
    let place = root.key_place("line").unwrap_or(start);
    match root.table("line") {
        Some(table) => Head::read(table, place, out),
        None => {
            if file.tree.get("line").is_none() {
                let message = "this file has no [line]";
                let help = "a line begins with [line]; a groups file is called groups.toml";
                out.push(Diagnostic::error("missing-field", place.clone(), message).help(help));
            }
            Head::read(&tree::EMPTY, place, &mut Diagnostics::default())
        }
    }
}
