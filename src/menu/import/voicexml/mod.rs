//! VoiceXML 2.x, as far as it is about the keys of a telephone: menus, and forms item by item.

mod dialog;
mod form;
mod keys;
mod menu;
mod prompt;
mod unused;

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::diagnostic::Severity;
use super::super::source::FileId;
use super::super::source::Sources;
use super::super::value;
use super::Request;
use super::are_few;
use super::draft::Draft;
use super::draft::To;
use super::weave::Weave;
use super::xml;
use roxmltree::Document;
use roxmltree::Node;

/// Elements that become steps, or lead to them.
const PIECES: [&str; 9] = [
    "menu",
    "form",
    "block",
    "field",
    "record",
    "transfer",
    "subdialog",
    "noinput",
    "nomatch",
];

/// A form or a menu.
pub(super) struct Dialog<'d> {
    pub(super) file: usize,
    pub(super) id: String,
    pub(super) node: Node<'d, 'd>,
}

/// All documents while they are being read.
pub(super) struct Reading<'d> {
    files: Vec<FileId>,
    /// The names of the files, by which documents lead to each other.
    names: Vec<String>,
    dialogs: Vec<Dialog<'d>>,
    weave: Weave,
    draft: Draft,
}

/// Reads one document or several, which may lead to each other.
pub(super) fn read(
    request: &Request,
    files: &[FileId],
    sources: &Sources,
    out: &mut Diagnostics,
) -> Option<Draft> {
    let mut documents: Vec<Document<'_>> = Vec::new();
    for file in files {
        let document = xml::parse(*file, sources, out)?;
        if document.root_element().tag_name().name() != "vxml" {
            out.push(foreign(xml::place(*file, document.root_element())));
            return None;
        }
        let items = document
            .descendants()
            .filter(|node| PIECES.contains(&node.tag_name().name()));
        if !are_few(items.count(), "menus, forms and items", *file, out) {
            return None;
        }
        documents.push(document);
    }
    let mut reading = Reading {
        files: files.to_vec(),
        names: files.iter().map(|file| file_name(*file, sources)).collect(),
        dialogs: Vec::new(),
        weave: Weave::default(),
        draft: Draft {
            language: language(&documents),
            title: stem(files[0], sources),
            ..Draft::default()
        },
    };
    for (place, document) in documents.iter().enumerate() {
        reading.gather(place, document);
    }
    if reading.dialogs.is_empty() {
        let place = Place {
            file: files[0],
            span: 0..0,
        };
        let message = "there is no <menu> and no <form> here";
        out.push(Diagnostic::error("nothing-to-import", place, message));
        return None;
    }
    let start = reading.start(request, out)?;
    for place in 0..reading.dialogs.len() {
        reading.dialog(place);
    }
    let Reading {
        weave, mut draft, ..
    } = reading;
    if let To::Step(name) = weave.finish(&start, &mut draft) {
        draft.start = name;
    }
    Some(draft)
}

fn foreign(place: Place) -> Diagnostic {
    Diagnostic::error("other-language", place, "this is no VoiceXML document")
        .label("it would begin with <vxml>")
        .help("`strowger import freeswitch` reads <menu> of FreeSWITCH")
}

fn file_name(file: FileId, sources: &Sources) -> String {
    let path = &sources.get(file).path;
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn stem(file: FileId, sources: &Sources) -> String {
    let path = &sources.get(file).path;
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The language of the first document.
fn language(documents: &[Document<'_>]) -> String {
    const XML: &str = "http://www.w3.org/XML/1998/namespace";
    let tags = documents
        .iter()
        .filter_map(|at| at.root_element().attribute((XML, "lang")));
    let good =
        |tag: &&str| !tag.is_empty() && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    tags.filter(good)
        .map(str::to_owned)
        .next()
        .unwrap_or_else(|| "en".to_owned())
}

impl<'d> Reading<'d> {
    fn gather(&mut self, file: usize, document: &'d Document<'d>) {
        let children = document.root_element().children();
        for node in children.filter(Node::is_element) {
            let kind = node.tag_name().name();
            if ["menu", "form"].contains(&kind) {
                let number = self.dialogs.len();
                let id = xml::attribute(node, "id")
                    .map_or_else(|| format!("{kind}-{number}"), str::to_owned);
                self.dialogs.push(Dialog { file, id, node });
            }
        }
        self.tell_unused(file, document.root_element());
    }

    fn place(&self, file: usize, node: Node<'_, '_>) -> Place {
        xml::place(self.files[file], node)
    }

    /// The dialog in which calls begin.
    fn start(&self, request: &Request, out: &mut Diagnostics) -> Option<To> {
        let Some(wanted) = &request.start else {
            return Some(To::Step(self.key(0)));
        };
        let found = self.dialogs.iter().position(|dialog| dialog.id == *wanted);
        if found.is_none() {
            let message =
                format!("no menu and no form is called \"{wanted}\", which `--start` names");
            let names = self.dialogs.iter().map(|dialog| dialog.id.as_str());
            let mut diagnostic = Diagnostic::new("unknown-start", Severity::Error, None, message);
            diagnostic.help = value::suggestion(wanted, names);
            out.push(diagnostic);
        }
        found.map(|place| To::Step(self.key(place)))
    }

    /// The id of the first step of a dialog.
    fn key(&self, dialog: usize) -> String {
        format!("{dialog}")
    }

    /// Where `#id`, `document.vxml` or `document.vxml#id` leads; none when it is in none of the files.
    fn target(&self, file: usize, link: &str) -> Option<To> {
        let (document, id) = link.split_once('#').unwrap_or((link, ""));
        let document = document.rsplit('/').next().unwrap_or(document);
        let file = match document.is_empty() {
            true => file,
            false => self.names.iter().position(|name| name == document)?,
        };
        let mut dialogs = self.dialogs.iter();
        let found =
            dialogs.position(|dialog| dialog.file == file && (id.is_empty() || dialog.id == id));
        found.map(|place| To::Step(self.key(place)))
    }
}
