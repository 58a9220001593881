//! Amazon Connect: the actions of flows, in the flow language of 2019-10-30.

mod action;
mod answers;
mod decide;
mod input;
mod lambda;
mod message;
mod reference;
mod settings;
mod unread;
mod values;

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
use super::json;
use super::json::Places;
use super::names::kebab;
use super::weave::Weave;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use values::Values;

/// One flow.
pub(super) struct Flow {
    document: Value,
    places: Places,
    /// What others call it: the name it has, and the name of its file.
    names: Vec<String>,
    /// The places of actions in the document, by their names.
    actions: BTreeMap<String, usize>,
}

/// All flows while they are being read.
pub(super) struct Flows<'f> {
    flows: &'f [Flow],
    sources: &'f Sources,
    values: Values,
    weave: Weave,
    draft: &'f mut Draft,
    /// Kinds of actions that can fail there, and not here.
    unfailing: BTreeSet<String>,
}

/// Reads one flow or several, which may lead to each other.
pub(super) fn read(
    request: &Request,
    files: &[FileId],
    sources: &Sources,
    out: &mut Diagnostics,
) -> Option<Draft> {
    let mut flows = Vec::new();
    for file in files {
        flows.push(flow(*file, sources, out)?);
    }
    let mut draft = Draft {
        language: "en".to_owned(),
        title: flows.first()?.title(),
        ..Draft::default()
    };
    let first = first(request, &flows, out)?;
    draft.title = flows[first].title();
    let mut reading = Flows {
        flows: &flows,
        sources,
        values: Values::of(&flows),
        weave: Weave::default(),
        draft: &mut draft,
        unfailing: BTreeSet::new(),
    };
    for place in 0..flows.len() {
        reading.lower(place);
    }
    let weave = std::mem::take(&mut reading.weave);
    let start = To::Step(id(first, flows[first].start()));
    if let To::Step(name) = weave.finish(&start, &mut draft) {
        draft.start = name;
    }
    Some(draft)
}

fn flow(file: FileId, sources: &Sources, out: &mut Diagnostics) -> Option<Flow> {
    let document = json::parse(file, sources, out)?;
    if json::list(&document, "Actions").is_empty() {
        let place = Place { file, span: 0..0 };
        let message = match document.get("Actions") {
            Some(Value::Array(_)) => "this flow has nothing in it: its `Actions` are empty",
            _ => "this is no flow of Amazon Connect: it has no `Actions`",
        };
        let help = match (document.get("states"), document.get("modules")) {
            (Some(_), _) => "it looks like Twilio Studio: `strowger import twilio`",
            (_, Some(_)) => {
                "it was exported by the old editor: get it by `aws connect describe-contact-flow`"
            }
            _ => "get it by `aws connect describe-contact-flow`, and save its Content",
        };
        out.push(Diagnostic::error("nothing-to-import", place, message).help(help));
        return None;
    }
    if !are_few(json::list(&document, "Actions").len(), "actions", file, out) {
        return None;
    }
    let stem = sources.get(file).path.file_stem().unwrap_or_default();
    let metadata = document.get("Metadata").unwrap_or(&Value::Null);
    let names = [
        json::text(metadata, "name").to_owned(),
        stem.to_string_lossy().into_owned(),
    ];
    Some(Flow {
        names: names.into_iter().filter(|name| !name.is_empty()).collect(),
        places: Places::of(file, "Identifier", sources),
        actions: by_name(json::list(&document, "Actions")),
        document,
    })
}

/// The places of actions by their names; of those that share one, the first.
fn by_name(actions: &[Value]) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    for (place, action) in actions.iter().enumerate() {
        let name = json::text(action, "Identifier").to_owned();
        places.entry(name).or_insert(place);
    }
    places
}

/// The flow in which calls begin: the one that is asked for, or the first file.
fn first(request: &Request, flows: &[Flow], out: &mut Diagnostics) -> Option<usize> {
    let Some(wanted) = &request.start else {
        return Some(0);
    };
    let found = flows.iter().position(|flow| flow.is_called(wanted));
    if found.is_none() {
        let message = format!("no flow is called \"{wanted}\", which `--start` names");
        let names = flows
            .iter()
            .flat_map(|flow| &flow.names)
            .map(String::as_str);
        let mut diagnostic = Diagnostic::new("unknown-start", Severity::Error, None, message);
        diagnostic.help = value::suggestion(wanted, names);
        out.push(diagnostic);
    }
    found
}

/// An action of one of several flows.
fn id(flow: usize, action: &str) -> String {
    format!("{flow}/{action}")
}

impl Flow {
    fn title(&self) -> String {
        self.names
            .first()
            .map_or("Connect flow", String::as_str)
            .to_owned()
    }

    /// Names are written with underscores here and with spaces there.
    fn is_called(&self, name: &str) -> bool {
        let name = kebab(name, "");
        !name.is_empty() && self.names.iter().any(|other| kebab(other, "") == name)
    }

    fn actions(&self) -> &[Value] {
        json::list(&self.document, "Actions")
    }

    fn has(&self, action: &str) -> bool {
        self.action(action).is_some()
    }

    fn action(&self, name: &str) -> Option<&Value> {
        self.actions().get(*self.actions.get(name)?)
    }

    /// The action with which it begins: the first one where the one that is named is not there.
    fn start(&self) -> &str {
        let named = json::text(&self.document, "StartAction");
        let first = self.actions().first();
        match first {
            Some(first) if !self.has(named) => json::text(first, "Identifier"),
            _ => named,
        }
    }

    /// The actions to which calls come that begin at its start.
    fn reached(&self) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![self.start()];
        while let Some(name) = open.pop() {
            if let Some(action) = self.action(name)
                && reached.insert(name)
            {
                open.extend(values::ways(action));
            }
        }
        reached
    }

    /// What the editor remembers of an action.
    fn metadata(&self, action: &str) -> Option<&Value> {
        self.document
            .get("Metadata")?
            .get("ActionMetadata")?
            .get(action)
    }
}

/// The flow to which an action hands the call over, if it is one of these.
fn other_flow<'f>(flows: &'f [Flow], action: &Value) -> Option<(usize, &'f str)> {
    let parameters = action.get("Parameters").unwrap_or(&Value::Null);
    let flow = json::text(parameters, "ContactFlowId");
    let module = json::text(parameters, "FlowModuleId");
    let name = plain(if flow.is_empty() { module } else { flow });
    let place = flows.iter().position(|flow| flow.is_called(name))?;
    Some((place, flows[place].start()))
}

impl Flows<'_> {
    /// An action; one that is not there becomes a step that no flow has, and so a TODO.
    fn to(&self, flow: usize, action: &str) -> To {
        match self.flows[flow].has(action) {
            true => To::Step(id(flow, action)),
            false if action.is_empty() => To::HangUp,
            false => To::Step(format!("the action {action}")),
        }
    }
}

/// The name in an identifier: the last part of an ARN, or what a template of Terraform looks up.
pub(super) fn plain(identifier: &str) -> &str {
    if let Some((_, rest)) = identifier.split_once("[\"") {
        return rest.split('"').next().unwrap_or(rest);
    }
    identifier.rsplit(['/', ':']).next().unwrap_or(identifier)
}
