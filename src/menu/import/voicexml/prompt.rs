//! What is said: when a caller is asked first and again, on the way to elsewhere, and what is left out.

use super::super::super::graph::Via;
use super::super::super::head::TRIES_MAX;
use super::super::draft::Step;
use super::super::draft::To;
use super::super::draft::Value;
use super::super::spoken::Spoken;
use super::super::write::quoted;
use super::super::xml;
use super::Reading;
use super::dialog::barge_in;
use super::dialog::named;
use roxmltree::Node;

impl<'d> Reading<'d> {
    /// What the prompts of an element say when a caller is asked for the first time.
    pub(super) fn prompts(&mut self, file: usize, node: Node<'_, '_>) -> Spoken {
        self.asked(file, node, 1)
    }

    /// What callers hear who are asked again, where prompts have a `count`: each time those with the
    /// highest that is reached.
    pub(super) fn again(&mut self, file: usize, node: Node<'_, '_>, step: Step) -> Step {
        let counts: Vec<usize> = prompts(node).map(count).collect();
        let last = counts.iter().copied().max().unwrap_or(1);
        let last = last.min(TRIES_MAX as usize);
        if last < 2 {
            return step;
        }
        let mut texts = Vec::new();
        let mut files = Vec::new();
        for time in 2..=last {
            let reached = counts.iter().copied().filter(|count| *count <= time);
            let said = self.asked(file, node, reached.max().unwrap_or(1));
            texts.push(quoted(&said.text));
            files.extend(said.files);
        }
        let written = match texts.as_slice() {
            [only] => only.clone(),
            _ => format!("[{}]", texts.join(", ")),
        };
        let mut step = step.set("again", Value::Written(written));
        for file in files {
            step.add_todo(format!("transcript of {file}"));
        }
        step
    }

    /// What the prompts with this `count` say.
    fn asked(&mut self, file: usize, node: Node<'_, '_>, time: usize) -> Spoken {
        let mut sounds = Vec::new();
        for prompt in prompts(node).filter(|prompt| count(*prompt) == time) {
            self.sounds(file, prompt, &mut sounds);
        }
        match sounds.is_empty() {
            true => Spoken::text("…"),
            false => Spoken::of(&sounds),
        }
    }

    /// A step that says these words and leads on; the way itself where nothing is said. Where the same
    /// words lead to the same place, it is the same step.
    pub(super) fn said_before(
        &mut self,
        node: Node<'_, '_>,
        spoken: Spoken,
        to: To,
        name: &str,
    ) -> To {
        if spoken.text.is_empty() {
            return to;
        }
        let id = format!("\"{}\" {to:?}", spoken.text);
        let step = barge_in(node, Step::new("say", &id).say(spoken)).exit(Via::Then, to);
        self.weave.step(step, name);
        To::Step(id)
    }

    /// Tells of words that are said on a condition only.
    pub(super) fn unsaid(&mut self, file: usize, node: Node<'_, '_>) {
        let mut sounds = Vec::new();
        self.inside(file, node, &mut sounds);
        let words = Spoken::of(&sounds).text;
        if !words.is_empty() {
            let condition = xml::attribute(node, "cond").unwrap_or("");
            let note = format!("`{condition}` cannot be decided here: \"{words}\" is not said");
            let place = self.place(file, node);
            self.draft.tally.approximate(&place, note);
        }
    }
}

/// The elements of a menu or an item that say something.
fn prompts<'n>(node: Node<'n, 'n>) -> impl Iterator<Item = Node<'n, 'n>> {
    let says = |child: &Node<'_, '_>| {
        ["prompt", "audio", "enumerate"]
            .iter()
            .any(|kind| named(*child, kind))
    };
    node.children().filter(says)
}

/// From which time on a prompt is said.
fn count(prompt: Node<'_, '_>) -> usize {
    let count = xml::attribute(prompt, "count").and_then(|count| count.parse().ok());
    count.unwrap_or(1).max(1)
}
