//! What an action says: a text, or a prompt that is known by its identifier.

use super::super::draft::Step;
use super::super::json;
use super::super::known::Known;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::Flow;
use super::Flows;
use super::plain;
use super::reference::Reference;
use super::reference::references;
use super::unread::Action;
use super::values::parameters;
use serde_json::Value;

/// What is heard, and the prompts that are only chosen during the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) said: Spoken,
    pub(super) chosen: Vec<String>,
}

impl From<Spoken> for Message {
    fn from(said: Spoken) -> Self {
        let chosen = Vec::new();
        Self { said, chosen }
    }
}

impl Flows<'_> {
    /// What a step says, with the names of what is known here, and an ellipsis for what is not.
    pub(super) fn hear(&mut self, step: Step, message: Message) -> Step {
        let text = message.said.text;
        let mut filled = String::new();
        let mut from = 0;
        let mut unknown = Vec::new();
        for Reference { span, path } in references(&text) {
            let known = self.values.known(&step.name, &path);
            let written = &text[span.clone()];
            filled.push_str(&text[from..span.start]);
            filled.push_str(&match known.as_ref().and_then(Known::spoken) {
                Some(known) => known,
                None => {
                    let why = match known {
                        Some(Known::Secret(_)) => "it is secret",
                        _ => "it is not known here",
                    };
                    unknown.push(format!("the original says {written} here (…): {why}"));
                    "…".to_owned()
                }
            });
            from = span.end;
        }
        filled.push_str(&text[from..]);
        let chosen = message.chosen.iter();
        unknown.extend(chosen.map(|prompt| {
            format!("the original plays the prompt that {prompt} names: it is not known here")
        }));
        let mut step = step.say(Spoken {
            text: filled,
            files: message.said.files,
        });
        for todo in unknown {
            if let Some(place) = &step.place {
                self.draft.tally.approximate(place, &todo);
            }
            step.add_todo(todo);
        }
        step
    }
}

/// What an action says.
pub(super) fn said(flow: &Flow, action: &mut Action<'_>) -> Message {
    for path in ["Text", "SSML", "PromptId", "Media"] {
        action.get(path);
    }
    of(flow, action.name(), parameters(action.value()))
}

/// What is said.
fn of(flow: &Flow, action: &str, parameters: &Value) -> Message {
    let text = json::text(parameters, "Text");
    let text = match text.is_empty() {
        true => without_tags(json::text(parameters, "SSML")),
        false => text.to_owned(),
    };
    if !text.trim().is_empty() {
        return Spoken::text(&text).into();
    }
    let prompt = json::text(parameters, "PromptId");
    let media = parameters
        .get("Media")
        .map_or("", |media| json::text(media, "Uri"));
    let name = name(flow, action).unwrap_or(if prompt.is_empty() { media } else { prompt });
    if !references(name).is_empty() {
        return Message {
            said: Spoken::text("…"),
            chosen: vec![name.to_owned()],
        };
    }
    match name.is_empty() {
        true => Spoken::text("…").into(),
        false => Spoken::of(&[Sound::File(file(name))]).into(),
    }
}

/// What is played while callers wait.
pub(super) fn played(flow: &Flow, action: &mut Action<'_>) -> Message {
    let messages = action.list("Messages").iter();
    let mut all: Option<Message> = None;
    for message in messages {
        let one = of(flow, action.name(), message);
        all = Some(match all {
            None => one,
            Some(before) if before == one => before,
            Some(before) => Message {
                said: before.said.then(one.said),
                chosen: [before.chosen, one.chosen].concat(),
            },
        });
    }
    all.unwrap_or_else(|| Spoken::text("…").into())
}

/// The name that the editor shows for a prompt.
fn name<'f>(flow: &'f Flow, action: &str) -> Option<&'f str> {
    let metadata = flow.metadata(action)?;
    let audio = json::list(metadata, "audio")
        .first()
        .map(|audio| json::text(audio, "text"));
    let name = audio.or_else(|| Some(json::text(metadata, "promptName")))?;
    let other = metadata.get("parameters").and_then(|at| at.get("PromptId"));
    let other = other.map_or("", |at| json::text(at, "displayName"));
    [name, other].into_iter().find(|name| !name.is_empty())
}

fn file(name: &str) -> String {
    match name.starts_with("arn:") || name.contains("[\"") {
        true => format!("prompt-{}", plain(name)),
        false => name.to_owned(),
    }
}

/// Speech markup without its marks.
fn without_tags(markup: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_u32;
    for c in markup.chars() {
        match c {
            '<' => depth = depth.saturating_add(1),
            '>' => {
                depth = depth.saturating_sub(1);
                text.push(' ');
            }
            c if depth == 0 => {
                // A mark that stands before a sign is no gap.
                if matches!(c, '.' | ',' | ';' | ':' | '!' | '?') {
                    text.truncate(text.trim_end().len());
                }
                text.push(c);
            }
            _ => {}
        }
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let decoded = |text: String, (entity, c): (&str, &str)| text.replace(entity, c);
    entities.into_iter().fold(text, decoded)
}
