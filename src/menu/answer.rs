//! Steps that say something: announcements and recorded answers.

use super::calendar;
use super::diagnostic::Diagnostic;
use super::diagnostic::Place;
use super::fields::Fields;
use super::graph::Via;
use super::key_table;
use super::key_table::Globals;
use super::lower::KeyEntry;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Phrase;
use super::tree::Name;
use crate::exchange::dialplan::Answer;
use crate::exchange::dialplan::KeyAction;
use crate::exchange::dialplan::Menu;
use crate::exchange::dialplan::Retry;
use crate::exchange::dialplan::Say;
use crate::exchange::dialplan::Step;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::LineId;
use crate::exchange::id::StepId;

impl Lowering<'_> {
    /// Lowers `[say.name]` and `[answer.name]`.
    pub(super) fn announcement(
        &mut self,
        kind: &str,
        name: &str,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> StepKind {
        let prompt = self.say_required(fields, name, None, trace);
        let then = self.exit_or_dead_end(fields, Via::Then, trace);
        let when_notice = fields.word("when", &["notice"]).is_some();
        let globals = key_table::globals(fields);
        let answer = (kind == "answer").then(|| self.answer(name, then, fields, trace));
        let asks = kind == "answer" && Self::asks_whether_it_helped(fields);
        if let Some(place) = fields.key_place("when").filter(|_| asks) {
            let help = "make the notice a step of its own, before this answer";
            fields.bad_value(place, "an answer that is passed over cannot help", help);
        }
        StepKind::Say(Say {
            prompt,
            then: if asks {
                self.did_it_help(name, then, globals, fields)
            } else {
                then
            },
            keys: self.compile_keys(fields, Vec::new(), globals),
            barge_in: self.barge_in(fields),
            when_notice,
            answer,
        })
    }

    fn answer(
        &mut self,
        name: &str,
        then: Target,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Answer {
        if fields.value("question").is_none() {
            fields.missing(
                "question",
                "what callers ask: question = \"When are you open?\"",
            );
        }
        let question = fields.text("question");
        let valid_until = fields.date("valid_until");
        let expired = self.exit(fields, Via::Expired, trace).unwrap_or(then);
        let mut expires_ms = None;
        if let Some((last, place)) = valid_until {
            // True through that day: it ends with the first moment of the next.
            let end = last.tomorrow().ok();
            expires_ms = end.and_then(|day| calendar::midnight(&self.timezone, day));
            self.check_expiry(name, last, place, fields);
        }
        Answer {
            question: question.map_or_else(String::new, |question| question.text),
            expires_ms,
            expired,
        }
    }

    fn check_expiry(
        &self,
        name: &str,
        last: jiff::civil::Date,
        place: Place,
        fields: &mut Fields<'_>,
    ) {
        const SOON_DAYS: i32 = 45;
        let Some(today) = self.at else {
            return;
        };
        let left = today.until(last).map_or(i32::MAX, |span| span.get_days());
        let diagnostic = if left < 0 {
            let message = format!("the answer \"{name}\" was true until {last}");
            Diagnostic::warning("expired-answer", place, message)
                .label("calls skip it")
                .help("read the answer again and set a new `valid_until`")
        } else if left <= SOON_DAYS {
            let message = format!("the answer \"{name}\" is true for {left} more days");
            Diagnostic::info("answer-expires-soon", place, message)
        } else {
            return;
        };
        fields.push(diagnostic);
    }

    /// Whether the answer says where both its callers go.
    fn asks_whether_it_helped(fields: &mut Fields<'_>) -> bool {
        let (yes, no) = (fields.value("helped"), fields.value("not_helped"));
        let (asks, is_half) = (yes.or(no).is_some(), yes.is_none() || no.is_none());
        let lacks = yes.map_or("helped", |_| "not_helped");
        if asks && is_half {
            let help = "where callers go whom the answer has helped, and those whom it has not: \
                        both, or neither";
            fields.missing(lacks, help);
        }
        asks
    }

    /// Whether the answer has helped is asked by a menu of its own, which follows the answer: 1 is
    /// yes and counts as self-served, 2 is no. Whoever says neither goes on as after any answer.
    fn did_it_help(
        &mut self,
        name: &str,
        then: Target,
        globals: Globals,
        fields: &mut Fields<'_>,
    ) -> Target {
        let place = fields.key_place("helped").unwrap_or_else(|| fields.place());
        let mut trace = StepTrace::new(place.clone(), "answer");
        trace.is_part = true;
        let yes = self.exit(fields, Via::Helped, &mut trace);
        let no = self.exit(fields, Via::NotHelped, &mut trace);
        let key = |key: &str, target: Option<Target>| KeyEntry {
            action: KeyAction {
                key: key.to_owned(),
                label: String::new(),
                target: target.unwrap_or(then),
                language: None,
                self_served: key == "1",
                not_helped: key == "2",
                global: false,
            },
            name: Name {
                text: key.to_owned(),
                place: place.clone(),
            },
            labels: Vec::new(),
            label: None,
        };
        let keys = vec![key("1", yes), key("2", no)];
        let menu = Menu {
            prompt: self.phrase(Phrase::Helped, None),
            wrong: self.phrase(Phrase::WrongKey, None),
            silent: self.phrase(Phrase::Silence, None),
            retry: Retry::default(),
            keys: self.compile_keys(fields, keys, globals),
            patience: self.usual_patience(),
            barge_in: true,
            give_up: then,
        };
        let id = StepId(self.plan.steps.len() as u32);
        let name = format!("{name}.helped");
        if let Some(other) = self.names.get(&name) {
            let message = format!("two steps are called \"{name}\"");
            let diagnostic = Diagnostic::error("duplicate-step", place, message)
                .label("here the question whether this answer has helped");
            let other = self.trace.steps[other.index()].name.clone();
            let diagnostic = diagnostic.related(other, "here a step of the line");
            fields.push(diagnostic.help("give the step another name"));
        }
        self.plan.steps.push(Step {
            name,
            line: LineId(self.plan.lines.len() as u16),
            kind: StepKind::Menu(menu),
        });
        self.trace.steps.push(trace);
        Target::Step(id)
    }
}
