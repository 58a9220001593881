//! Steps that promise a call back.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::graph::Via;
use super::key_table;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Phrase;
use super::tree::Name;
use super::variables::CALLBACK_NUMBER;
use crate::exchange::dialplan::AsksNumber;
use crate::exchange::dialplan::Callback;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::Say;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::CalendarId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::time::Span;

pub(super) const RINGS: std::ops::RangeInclusive<Span> = Span::seconds(5)..=Span::minutes(3);
pub(super) const RETRIES: std::ops::RangeInclusive<Span> =
    Span::seconds(10)..=Span::minutes(24 * 60);
pub(super) const ATTEMPTS_MAX: i64 = 10;
pub(super) const SPARE_MAX: i64 = 10_000;
pub(super) const PER_MINUTE_MAX: i64 = 60_000;
/// What is not said.
pub(super) const RING: Span = Span::seconds(30);
pub(super) const RETRY: Span = Span::minutes(10);
pub(super) const ATTEMPTS: i64 = 3;

impl Lowering<'_> {
    /// Lowers `[callback.name]`.
    pub(super) fn callback(
        &mut self,
        name: &str,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> StepKind {
        let asks = self.asks_number(fields, trace);
        let queue = self.calling_queue(fields);
        let then = self.exit_or_dead_end(fields, Via::Then, trace);
        let calendar = self.calling_hours(fields);
        let per_minute = fields.integer("per_minute", 1..=PER_MINUTE_MAX);
        let globals = key_table::globals(fields);
        StepKind::Callback(Callback {
            say: Say {
                prompt: self.say_required(fields, name, None, trace),
                then,
                keys: self.compile_keys(fields, Vec::new(), globals),
                barge_in: self.barge_in(fields),
                when_notice: false,
                answer: None,
            },
            queue: queue.unwrap_or(StepId(0)),
            keep_place: fields.boolean("keep_place").unwrap_or(true),
            calendar,
            attempts: fields
                .integer("attempts", 1..=ATTEMPTS_MAX)
                .unwrap_or(ATTEMPTS) as u8,
            retry: fields.duration("retry", RETRIES).unwrap_or(RETRY),
            ring: fields.duration("ring", RINGS).unwrap_or(RING),
            spare_agents: fields
                .integer("spare_agents", 0..=SPARE_MAX)
                .map(|spare| spare as u16),
            by_request: self.by_request(fields),
            asks,
            gap: per_minute.map_or(Span::ZERO, |calls| Span(60_000 / calls as u64)),
            refused: self.exit(fields, Via::Refused, trace).unwrap_or(then),
        })
    }

    /// When callers may be called; hours that never come are warned of.
    fn calling_hours(&mut self, fields: &mut Fields<'_>) -> Option<CalendarId> {
        let name = fields.text("calendar")?;
        let id = self.calendar(&name)?;
        let calendar = &self.plan.calendars[id.index()];
        let days = calendar.days.iter().map(|(_, hours)| hours);
        if calendar.week.iter().chain(days).all(Vec::is_empty) {
            let message = format!("\"{}\" never opens: nobody is called back", name.text);
            let diagnostic = Diagnostic::warning("callback-outside-hours", name.place, message);
            fields.push(
                diagnostic.help("name hours in which callers may be called, or leave it out"),
            );
        }
        Some(id)
    }

    /// Whether other programs may ask for calls back by this step: to numbers that nobody has called from.
    fn by_request(&self, fields: &mut Fields<'_>) -> bool {
        let by_request = fields.boolean("by_request").unwrap_or(false);
        if by_request
            && self.dialling.is_empty()
            && let Some(place) = fields.key_place("by_request")
        {
            let message = "calls back are asked for, and nothing says which numbers may be dialled";
            let diagnostic = Diagnostic::error("missing-field", place, message);
            fields.push(diagnostic.help("say which: [dialling] with allow = [\"+44163\"]"));
        }
        by_request
    }

    /// The queue whose agents call back.
    fn calling_queue(&mut self, fields: &mut Fields<'_>) -> Option<StepId> {
        if fields.value("queue").is_none() {
            fields.missing("queue", "whose agents call back: the name of a queue step");
        }
        let name = fields.text("queue")?;
        let step = match self.target(&name)? {
            Target::Step(step) if self.queue_steps.contains(&step) => return Some(step),
            Target::Step(step) => Some(step),
            _ => None,
        };
        // A name that no step has is reported by itself.
        if step.is_none() || self.names.contains_key(&name.text) {
            let message = format!("\"{}\" is no queue", name.text);
            let diagnostic = Diagnostic::error("bad-value", name.place, message);
            fields.push(diagnostic.help("name a [queue.*] step: its agents call back"));
        }
        None
    }

    /// How the number is asked for, where the line may dial any.
    fn asks_number(
        &mut self,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Option<AsksNumber> {
        let save = self.kept_number(fields, trace);
        let confirms = fields.boolean("confirm").unwrap_or(true);
        let patience = self.usual_patience();
        let save = save.filter(|_| !self.dialling.is_empty())?;
        Some(AsksNumber {
            own: self.phrase(Phrase::CallBackOn, Some(Part::Caller)),
            typed: self.phrase(Phrase::CallBackOn, Some(Part::Digits(save))),
            which: self.phrase(Phrase::WhichNumber, None),
            wrong_key: self.phrase(Phrase::WrongKey, None),
            wrong: self.phrase(Phrase::WrongEntry, None),
            silent: self.phrase(Phrase::Silence, None),
            confirms,
            save,
            patience,
        })
    }

    /// The entry that is the number: `number = "{mobile}"`, or one of its own beside the caller's.
    fn kept_number(
        &mut self,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Option<VariableId> {
        let number = fields.text("number").filter(|at| at.text != "{caller}");
        let Some(number) = number else {
            return self.variable(CALLBACK_NUMBER);
        };
        let entry = self.entry_named(&number);
        match entry {
            Some(entry) => trace.slots.push((entry, number.place)),
            None => {
                let message = format!("\"{}\" is no number of the caller", number.text);
                let help = "leave it out, or write number = \"{caller}\", or an entry of the line: \
                            number = \"{mobile}\"";
                fields.bad_value(number.place, message, help);
            }
        }
        entry
    }

    /// The entry that a whole text names, `{mobile}`; it must not be secret, for it is said.
    pub(super) fn entry_named(&mut self, text: &Name) -> Option<VariableId> {
        let name = text.text.strip_prefix('{')?.strip_suffix('}')?;
        let entry = self.variable(name)?;
        if self.variables[entry.index()].is_value {
            return None;
        }
        self.check_secret(entry, text.place.clone());
        Some(entry)
    }
}
