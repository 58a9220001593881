//! `<menu>`: choices by key.

use super::super::super::keys;
use super::super::draft::Step;
use super::super::xml;
use super::Reading;
use super::dialog::named;
use roxmltree::Node;

impl<'d> Reading<'d> {
    pub(super) fn menu(&mut self, dialog: usize, file: usize, node: Node<'d, 'd>) {
        let place = self.place(file, node);
        let said = self.prompts(file, node);
        let id = self.key(dialog);
        let mut step = Step::new("menu", id).at(&place).say(said);
        self.choices(file, node, "choice", &mut step);
        let step = self.times(node, step);
        let step = self.patience(file, node, step);
        let name = self.dialogs[dialog].id.clone();
        self.weave.step(step, &name);
    }

    /// `<choice>` of a menu, `<option>` of a field.
    pub(super) fn choices(&mut self, file: usize, node: Node<'d, 'd>, kind: &str, step: &mut Step) {
        let numbered = xml::attribute(node, "dtmf") == Some("true");
        let choices = node.children().filter(|child| named(*child, kind));
        // The first nine without a key of their own are given one.
        let mut implicit = (1..=9).filter(|_| numbered);
        for choice in choices {
            let place = self.place(file, choice);
            self.draft.tally.convert(&place);
            let words = choice.descendants().filter(Node::is_text);
            let words: String = words.filter_map(|at| at.text()).collect();
            let label = words.split_whitespace().collect::<Vec<&str>>().join(" ");
            let dtmf = xml::attribute(choice, "dtmf").map(|dtmf| dtmf.replace(' ', ""));
            let dtmf = dtmf.or_else(|| implicit.next().map(|number: u8| number.to_string()));
            let Some(dtmf) = dtmf.filter(|dtmf| keys::is_pattern(dtmf) && !dtmf.contains('x'))
            else {
                let note = format!("\"{label}\" is chosen by voice alone: give it a key");
                self.draft.tally.skip(&place, &note);
                step.add_todo(note);
                continue;
            };
            let to = match xml::attribute(choice, "next") {
                Some(link) => match self.target(file, link) {
                    Some(to) => to,
                    None => self.outside(link, &place),
                },
                None => {
                    let note = format!("key {dtmf}: where it leads is only known during the call");
                    self.draft.tally.approximate(&place, &note);
                    step.add_todo(note);
                    super::super::draft::To::Repeat
                }
            };
            if !step.key(&dtmf, to, "") {
                let note = format!("the key {dtmf} leads elsewhere already");
                self.draft.tally.skip(&place, note);
                continue;
            }
            let mut unlabelled = step.keys.iter_mut().filter(|key| key.label.is_empty());
            if let Some(key) = unlabelled.find(|key| key.keys == dtmf) {
                key.label = label.replace(['{', '}'], "");
            }
        }
    }
}
