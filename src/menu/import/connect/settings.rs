//! Actions that set something for the rest of a call: attributes, and whether it is recorded.

use super::super::recording;
use super::Flows;
use super::reference;
use super::unread::Action;
use super::values;

impl Flows<'_> {
    /// Another language from here on.
    pub(super) fn speaks(&mut self, action: &mut Action<'_>) {
        let (language, place) = (action.text("LanguageCode"), &action.place);
        if !language.is_empty() {
            let todo = format!(
                "Connect speaks \"{language}\" from {} on: set `languages`, or `language` of the keys that lead \
                 there",
                self.shown(place)
            );
            self.draft.tally.approximate(place, &todo);
            self.draft.todos.push(todo);
        }
    }

    /// Values that Connect keeps: what is known here needs no keeping.
    pub(super) fn keep(&mut self, action: &mut Action<'_>) {
        action.get("Attributes");
        action.usual("TargetContact", "Current");
        let (id, place) = (&action.id, &action.place);
        let left = values::attributes(action.value()).filter(|(name, value)| {
            let kept = [reference::ATTRIBUTES.to_owned(), (*name).to_owned()];
            let is_known = self.values.known(id, &kept).is_some();
            let is_answer = reference::whole(value).and_then(|path| self.values.known(id, &path));
            !is_known && is_answer.is_none()
        });
        let left: Vec<String> = left
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        if !left.is_empty() {
            let note = format!(
                "attributes of a contact are not kept here: {}",
                left.join(", ")
            );
            self.draft.tally.approximate(place, note);
        }
    }

    pub(super) fn record(&mut self, action: &mut Action<'_>) {
        let recorded = action.list("RecordingBehavior.RecordedParticipants");
        let menus = action.text("RecordingBehavior.IVRRecordingBehavior");
        let is_analysed = action.get("AnalyticsBehavior").is_some();
        let next = self.next(action);
        let (id, place) = (&action.id, &action.place);
        if menus == "Enabled" {
            let note = "the menus are recorded in the original, and never here";
            self.draft.tally.approximate(place, note);
        }
        if recorded.len() == 1 {
            let note = "one side of the conversation is recorded in the original; here both are";
            self.draft.tally.approximate(place, note);
        }
        if is_analysed {
            let note = "conversations are not analysed here: AnalyticsBehavior";
            self.draft.tally.approximate(place, note);
        }
        let mark = recording::mark(id, place, !recorded.is_empty(), next);
        self.weave.step(mark, "recording");
    }
}
