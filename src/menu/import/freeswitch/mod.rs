//! FreeSWITCH: `<menu>` of `mod_dptools`' IVR, phrase macros, and the queues of `mod_callcenter`.

mod action;
mod callcenter;
mod include;
mod menu;
mod phrases;

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::source::FileId;
use super::super::source::Sources;
use super::super::value;
use super::Request;
use super::are_few;
use super::draft::Draft;
use super::draft::To;
use super::xml;
use include::Lost;
use menu::Menu;
use phrases::Macro;
use phrases::Phrases;
use roxmltree::Document;
use roxmltree::Node;
use std::collections::BTreeMap;

/// Actions of an extension of a dialplan that are named.
const ACTIONS_SHOWN_MAX: usize = 8;

/// What the files hold.
struct Files<'d> {
    menus: Vec<Menu<'d>>,
    phrases: Phrases,
    queues: callcenter::Queues<'d>,
    /// Extensions of a dialplan: the name, and what it does.
    extensions: Vec<(Place, String)>,
}

/// Reads menus, macros and queues out of any of the files.
pub(super) fn read(
    request: &Request,
    files: &[FileId],
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<Draft> {
    let mut draft = Draft {
        language: "en".to_owned(),
        ..Draft::default()
    };
    let included = include::with_included(files, sources, &mut draft.tally, out)?;
    let mut documents: Vec<(FileId, Document<'_>)> = Vec::new();
    for file in &included.files {
        documents.push((*file, xml::parse(*file, sources, out)?));
    }
    let mut found = Files {
        menus: Vec::new(),
        phrases: Phrases::default(),
        queues: callcenter::Queues::default(),
        extensions: Vec::new(),
    };
    for (file, document) in &documents {
        found.gather(*file, document);
    }
    let entries = found.menus.iter().map(|menu| menu.entries.len() + 1);
    if !are_few(entries.sum(), "menus and entries", files[0], out) {
        return None;
    }
    if found.menus.is_empty() && found.queues.is_empty() {
        out.push(nothing(&found, included.lost, files));
        return None;
    }
    found.twice(out);
    let start = found.start(request, out)?;
    Some(found.draft(start, draft))
}

impl<'d> Files<'d> {
    fn gather(&mut self, file: FileId, document: &'d Document<'_>) {
        for node in document.descendants().filter(|node| node.is_element()) {
            match node.tag_name().name() {
                "menu" => self.menus.push(Menu::read(file, node)),
                "macro" => self.phrases.add(Macro::read(file, node)),
                "queue"
                    if node
                        .parent_element()
                        .is_some_and(|at| at.has_tag_name("queues")) =>
                {
                    self.queues.add_queue(file, node);
                }
                "agent" if xml::attribute(node, "contact").is_some() => {
                    self.queues.add_agent(file, node);
                }
                // A dialplan is not followed: what leads to the menus, and where transfers go.
                "extension" if node.children().any(|at| at.has_tag_name("condition")) => {
                    self.extensions.push((xml::place(file, node), leads(node)));
                }
                "tier" if xml::attribute(node, "queue").is_some() => {
                    self.queues.add_tier(file, node);
                }
                _ => {}
            }
        }
    }

    /// FreeSWITCH takes the first menu of a name; whoever wrote two means something by it.
    fn twice(&self, out: &mut Diagnostics) {
        let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
        for menu in &self.menus {
            if let Some(place) = first.get(menu.name) {
                let message = format!("two menus are called \"{}\"", menu.name);
                let diagnostic = Diagnostic::error("duplicate-step", menu.place.clone(), message);
                let diagnostic = diagnostic.label("here again");
                out.push(diagnostic.related((*place).clone(), "first here"));
            } else {
                first.insert(menu.name, &menu.place);
            }
        }
    }

    /// The menu in which calls begin: the one that is asked for, or the first to which no other leads.
    fn start(&self, request: &Request, out: &mut Diagnostics) -> Option<usize> {
        let names = self.menus.iter().map(|menu| menu.name);
        if let Some(wanted) = &request.start {
            let place = names.clone().position(|name| name == wanted);
            if place.is_none() {
                let message = format!("no menu is called \"{wanted}\", which `--start` names");
                let severity = super::super::diagnostic::Severity::Error;
                let mut diagnostic = Diagnostic::new("unknown-start", severity, None, message);
                diagnostic.help = value::suggestion(wanted, names);
                out.push(diagnostic);
            }
            return place;
        }
        let led_to = |menu: &Menu<'_>| {
            let mut others = self.menus.iter().filter(|other| other.name != menu.name);
            others.any(|other| other.subs().any(|sub| sub == menu.name))
        };
        let first = self.menus.iter().position(|menu| !led_to(menu));
        Some(first.unwrap_or(0))
    }

    fn draft(&self, start: usize, mut draft: Draft) -> Draft {
        let house = menu::House::new(self, start, &mut draft);
        for menu in &self.menus {
            menu.lower(&house, &mut draft);
        }
        self.queues.lower(&house, &mut draft);
        self.phrases.unused(&mut draft);
        for (place, what) in &self.extensions {
            draft.tally.elsewhere(place, 1, what.clone());
        }
        draft.title = match self.menus.get(start) {
            Some(menu) => menu.name.to_owned(),
            None => "Queues".to_owned(),
        };
        if let To::Step(name) = house.entry() {
            draft.start = name;
        }
        draft
    }
}

/// An extension of a dialplan, in words.
fn leads(extension: Node<'_, '_>) -> String {
    let name = xml::attribute(extension, "name").unwrap_or("");
    let conditions = extension
        .descendants()
        .filter(|at| at.has_tag_name("condition"));
    let mut numbers = conditions.filter(|at| {
        xml::attribute(*at, "field").is_some_and(|field| field == "destination_number")
    });
    let number = numbers.find_map(|at| xml::attribute(at, "expression"));
    let actions = extension
        .descendants()
        .filter(|at| at.has_tag_name("action"));
    let actions = actions.map(|at| {
        let of = |name| xml::attribute(at, name).unwrap_or("");
        format!("{} {}", of("application"), of("data"))
            .trim()
            .to_owned()
    });
    let actions = actions
        .take(ACTIONS_SHOWN_MAX)
        .collect::<Vec<String>>()
        .join("; ");
    let number = number.map_or_else(String::new, |number| format!(" for {number}"));
    format!("the dialplan is not followed: its extension \"{name}\"{number} does `{actions}`")
}

/// Files that are XML, and hold neither menus nor queues.
fn nothing(found: &Files<'_>, lost: Option<Lost>, files: &[FileId]) -> Diagnostic {
    let place = Place {
        file: files.first().copied().unwrap_or(FileId(0)),
        span: 0..0,
    };
    if let Some(lost) = lost {
        let message = "this file holds no menu; it only includes others";
        return Diagnostic::error("nothing-to-import", lost.place, message)
            .label(lost.why)
            .help("name the files with the menus, for example those of ivr_menus/");
    }
    let message = match found.phrases.is_empty() {
        true => "there is no <menu> here, and no <queue>",
        false => "there are phrase macros here, and no <menu> that speaks them",
    };
    let help =
        "name the files with the menus too: `strowger import freeswitch menus.xml phrases.xml`";
    Diagnostic::error("nothing-to-import", place, message).help(help)
}
