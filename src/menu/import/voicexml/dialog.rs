//! What menus and fields share: prompts, properties, and what happens without a good key.

use super::super::super::diagnostic::Place;
use super::super::super::graph::Via;
use super::super::super::value;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value;
use super::super::spoken::Sound;
use super::super::spoken::Spoken;
use super::super::xml;
use super::Reading;
use crate::exchange::time::Span;
use roxmltree::Node;

/// How often a caller is asked, where the original asks for ever.
const TRIES: u64 = 3;
/// What VoiceXML leaves to the platform.
const TIMEOUT: Span = Span::seconds(5);
/// Elements that lead a call on.
pub(super) const WAYS: [&str; 5] = ["goto", "submit", "exit", "disconnect", "return"];

/// What is done after silence, or after a key that leads nowhere.
struct Handler {
    spoken: Spoken,
    /// Until which time it only asks again, and where it leads then.
    last: Option<(u64, To)>,
}

impl<'d> Reading<'d> {
    pub(super) fn dialog(&mut self, dialog: usize) {
        let (file, node) = (self.dialogs[dialog].file, self.dialogs[dialog].node);
        let place = self.place(file, node);
        self.draft.tally.convert(&place);
        match node.tag_name().name() {
            "menu" => self.menu(dialog, file, node),
            _ => self.form(dialog, file, node),
        }
    }

    /// What is heard of an element and what is in it.
    pub(super) fn sounds(&mut self, file: usize, node: Node<'_, '_>, sounds: &mut Vec<Sound>) {
        if node.is_text() {
            let text = node.text().unwrap_or("").trim();
            if !text.is_empty() {
                sounds.push(Sound::Text(text.to_owned()));
            }
            return;
        }
        let place = self.place(file, node);
        match node.tag_name().name() {
            "if" => self.unsaid(file, node),
            "enumerate" => sounds.push(Sound::Options),
            "break" => sounds.push(Sound::Pause),
            "value" => {
                let note = format!(
                    "<value expr=\"{}\"> is only known during the call; an ellipsis stands for it",
                    xml::attribute(node, "expr").unwrap_or("")
                );
                self.draft.tally.approximate(&place, note);
                sounds.push(Sound::Text("…".to_owned()));
            }
            "audio" => {
                // What is in it is said where the recording cannot be played: it is the transcript.
                let inner = node.descendants().filter(Node::is_text);
                let inner: String = inner.filter_map(|at| at.text()).collect();
                let file = xml::attribute(node, "src").or_else(|| xml::attribute(node, "expr"));
                match (inner.trim().is_empty(), file) {
                    (true, Some(file)) => sounds.push(Sound::File(file.to_owned())),
                    (true, None) => {}
                    (false, _) => sounds.push(Sound::Text(inner)),
                }
            }
            "prompt" if xml::attribute(node, "cond").is_some() => {
                let condition = xml::attribute(node, "cond").unwrap_or("");
                let note = format!("`{condition}` cannot be decided here: this is said always");
                self.draft.tally.approximate(&place, note);
                self.inside(file, node, sounds);
            }
            // Prompts are small; how deep a document may be is bounded by its elements.
            "prompt" | "block" | "s" | "p" | "emphasis" | "prosody" | "voice" | "sub"
            | "say-as" | "sentence" | "paragraph" | "phoneme" | "filled" | "noinput"
            | "nomatch" | "catch" => {
                self.inside(file, node, sounds);
            }
            _ => {}
        }
    }

    /// What is heard of what is in an element.
    pub(super) fn inside(&mut self, file: usize, node: Node<'_, '_>, sounds: &mut Vec<Sound>) {
        for child in node.children().take(SOUNDS_MAX) {
            if depth(child) < DEPTH_MAX {
                self.sounds(file, child, sounds);
            }
        }
    }

    /// How long a caller is waited for.
    pub(super) fn times(&self, node: Node<'_, '_>, step: Step) -> Step {
        let within = super::super::super::head::KEY_TIMES;
        let prompt = node
            .children()
            .find(|child| child.has_tag_name("prompt") || named(*child, "prompt"));
        let own = prompt
            .and_then(|prompt| xml::attribute(prompt, "timeout"))
            .and_then(time);
        let first = own.or_else(|| property(node, "timeout").and_then(time));
        let step = step.time("first_key", first.unwrap_or(TIMEOUT), within.clone());
        let step = barge_in(node, step);
        let is_long = step.kind == "collect" || step.keys.iter().any(|key| key.keys.len() > 1);
        match property(node, "interdigittimeout").and_then(time) {
            Some(next) if is_long => step.time("next_key", next, within),
            _ => step,
        }
    }

    /// Ends a step with what happens after silence and after a wrong key.
    pub(super) fn patience(&mut self, file: usize, node: Node<'_, '_>, step: Step) -> Step {
        let mut step = self.again(file, node, step);
        let silent = self.handler(file, node, "noinput");
        let wrong = self.handler(file, node, "nomatch");
        for (phrase, handler) in [("silence", &silent), ("wrong_key", &wrong)] {
            let phrase = match (phrase, step.kind) {
                ("wrong_key", "collect") => "wrong_entry",
                (phrase, _) => phrase,
            };
            let spoken = &handler.spoken;
            if !spoken.text.is_empty() && !self.draft.phrase(phrase, spoken) {
                let note = format!(
                    "here the original says \"{}\"; a line has one phrase for that",
                    spoken.text
                );
                if let Some(place) = step.place.clone() {
                    self.draft.tally.approximate(&place, &note);
                }
                step.add_todo(note);
            }
        }
        let count = |handler: &Handler| handler.last.as_ref().map_or(TRIES, |(count, _)| *count);
        let step_tries = (count(&silent), count(&wrong));
        let give_up = silent.last.as_ref().or(wrong.last.as_ref());
        let give_up = give_up.map_or(To::HangUp, |(_, to)| to.clone());
        if silent.last.is_none() {
            let todo = format!("the original asks for ever; here {TRIES} times");
            if let Some(place) = step.place.clone() {
                self.draft.tally.approximate(&place, &todo);
            }
            step.add_todo(todo);
        }
        if let (Some((_, one)), Some((_, other))) = (&silent.last, &wrong.last)
            && one != other
        {
            let todo =
                "the last wrong key leads elsewhere in the original; here where silence leads";
            if let Some(place) = step.place.clone() {
                self.draft.tally.approximate(&place, todo);
            }
            step.add_todo(todo);
        }
        step.tries(step_tries.0, step_tries.1)
            .exit(Via::GiveUp, give_up)
    }

    fn handler(&mut self, file: usize, node: Node<'_, '_>, event: &str) -> Handler {
        let mut handler = Handler {
            spoken: Spoken::default(),
            last: None,
        };
        // The handlers of an element are its own, or else those of what it is in.
        let levels = node.ancestors().take(DEPTH_MAX).map(|at| {
            let caught = at.children().filter(|child| catches(*child, event));
            caught.collect::<Vec<Node<'_, '_>>>()
        });
        let all = levels.into_iter().find(|level| !level.is_empty());
        for (number, at) in all.unwrap_or_default().into_iter().enumerate() {
            let place = self.place(file, at);
            self.draft.tally.convert(&place);
            let mut sounds = Vec::new();
            self.sounds(file, at, &mut sounds);
            let spoken = Spoken::of(&sounds);
            let count = xml::attribute(at, "count")
                .and_then(|count| count.parse().ok())
                .unwrap_or(1_u64);
            let leads = at
                .descendants()
                .find(|inner| WAYS.contains(&inner.tag_name().name()));
            if let Some(way) = leads {
                let to = self.way(file, way);
                if handler.last.is_none() {
                    let name = match event {
                        "noinput" => "silence",
                        _ => "wrong-key",
                    };
                    handler.last = Some((count, self.said_before(at, spoken, to, name)));
                }
            } else if number == 0 || handler.spoken.text.is_empty() {
                handler.spoken = spoken;
            } else if handler.spoken != spoken {
                let note = format!(
                    "time {count} is said in other words: \"{}\"; here always the first",
                    spoken.text
                );
                self.draft.tally.approximate(&place, note);
            }
        }
        handler
    }

    /// Where `<goto>` and its like lead.
    pub(super) fn way(&mut self, file: usize, node: Node<'_, '_>) -> To {
        let place = self.place(file, node);
        let kind = node.tag_name().name();
        let link = xml::attribute(node, "next");
        match (kind, link) {
            ("goto" | "submit", Some(link)) => match self.target(file, link) {
                Some(to) => to,
                None => self.outside(link, &place),
            },
            ("goto" | "submit", None) => {
                let note = "where this leads is only known during the call";
                self.draft.tally.approximate(&place, note);
                To::HangUp
            }
            ("return", _) => {
                self.draft
                    .tally
                    .approximate(&place, "there is nothing to return to here: the call ends");
                To::HangUp
            }
            _ => To::HangUp,
        }
    }

    /// A document that is not among the files.
    pub(super) fn outside(&mut self, link: &str, place: &Place) -> To {
        let note = format!("{link} is not in these files: import it together with this one");
        self.draft.tally.approximate(place, &note);
        let id = format!("outside {link}");
        let step = super::super::branch::signpost(&id, To::HangUp, To::HangUp);
        let name = link.rsplit(['/', '#']).next().unwrap_or(link);
        if self.draft.names.first_of(&id) {
            self.weave.step(step.at(place).todo(note), name);
        }
        To::Step(id)
    }
}

/// Elements inside each other in one prompt at most, and parts of one.
const DEPTH_MAX: usize = 64;
const SOUNDS_MAX: usize = 500;

fn depth(node: Node<'_, '_>) -> usize {
    node.ancestors().take(DEPTH_MAX + 1).count()
}

/// Whether an element has this name, in whatever namespace.
pub(super) fn named(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn catches(node: Node<'_, '_>, event: &str) -> bool {
    let caught = xml::attribute(node, "event").unwrap_or("");
    named(node, event) || named(node, "catch") && caught.split_whitespace().any(|at| at == event)
}

/// Whether keys cut short what an element says: as its prompts have it, or what it is in.
pub(super) fn barge_in(node: Node<'_, '_>, step: Step) -> Step {
    let prompts = node.children().filter(|child| named(*child, "prompt"));
    let own = prompts.filter_map(|prompt| xml::attribute(prompt, "bargein"));
    let own: Vec<&str> = own.collect();
    let is_off = match own.is_empty() {
        true => property(node, "bargein") == Some("false"),
        false => own.contains(&"false"),
    };
    match is_off {
        true => step.set("barge_in", Value::Flag(false)),
        false => step,
    }
}

/// A property of an element, or of what it is in.
pub(super) fn property<'d>(node: Node<'d, '_>, name: &str) -> Option<&'d str> {
    node.ancestors().take(DEPTH_MAX).find_map(|at| {
        let mut properties = at.children().filter(|child| named(*child, "property"));
        let found = properties.find(|property| xml::attribute(*property, "name") == Some(name))?;
        xml::attribute(found, "value")
    })
}

/// `5s`, `700ms`, `1.5s`
pub(super) fn time(text: &str) -> Option<Span> {
    if let Some(span) = value::duration(text) {
        return Some(span);
    }
    let seconds: f64 = text.strip_suffix('s').unwrap_or(text).parse().ok()?;
    (0.0..=3600.0)
        .contains(&seconds)
        .then_some(Span((seconds * 1000.0) as u64))
}
