//! What is cut at a limit is said: talks at the longest call, wrap-ups at the limit of their group.

use crate::written::LINE;
use crate::written::cases;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::record::Party;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::RunFigures;
use strowger::report::story::Story;
use strowger::sim::Witness;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;
use strowger::sim::run;

fn model(max_call: &str, callers: &str) -> Model {
    let line = LINE.replace("start =", &format!("max_call = \"{max_call}\"\nstart ="));
    let groups = "format = 1\n[group.support]\nrest = \"0s\"\nwrap_up = { limit = \"60s\" }\n";
    let forecast = "date,start,interval_min,line,calls\n\
                    2026-11-23,09:00,60,line,200\n2026-11-23,10:00,60,line,0\n";
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nstaff = {{ support = 100 }}\n\
         [callers]\n{callers}\n"
    );
    let cases = cases(&[
        ("line.toml", &line),
        ("groups.toml", groups),
        ("forecast.csv", forecast),
        ("day.scenario.toml", &scenario),
    ]);
    cases.base
}

fn runs(model: &Model) -> Vec<RunFigures> {
    replicate(model, 1, 0..8, &|| ())
}

/// A story, and who has ended the talks of a run.
struct Watch(Story, Vec<Party>);

impl Witness for Watch {
    fn look(&mut self, exchange: &Exchange) {
        self.0.look(exchange);
    }

    fn record(&mut self, now: Tick, record: &Record) {
        self.0.record(now, record);
        if let Record::TalkEnded { by, .. } = *record {
            self.1.push(by);
        }
    }
}

fn assumed<'m>(model: &'m Model, name: &str) -> Option<&'m str> {
    let mut all = model.scenario().assumptions().iter();
    let found = all.find(|(known, _)| known == name)?;
    Some(&found.1)
}

#[test]
fn who_is_cut_off_in_the_talk_was_answered_and_is_not_served() {
    let talk = "talk = { distribution = \"exponential\", mean = \"4m\" }";
    let model = model("4m", talk);
    for figures in runs(&model) {
        let calls = figures.total.calls;
        let longer = calls.talks_cut_off as f64 / calls.answered as f64;
        // exp(-1), but for the three seconds in which a phone rings
        assert!((longer - 0.37).abs() < 0.1, "{longer}");
        assert_eq!(calls.ended_by_system, 0, "one attempt has one outcome");
        let served = calls.answered - calls.talks_cut_off;
        assert_eq!(figures.total.callers_served, served);
        assert_eq!(figures.total.callers_unserved, calls.callers - served);
        assert_eq!(figures.total.queues.answered_within, calls.answered);
    }
}

#[test]
fn who_is_cut_off_may_call_again() {
    let again = "redial = { unsolved = 1.0, delay = \"10s\", attempts = 3 }";
    let model = model("4m", &format!("talk = \"10m\"\n{again}"));
    for figures in runs(&model) {
        let calls = figures.total.calls;
        assert_eq!(
            (calls.attempts, calls.answered),
            (3 * calls.callers, 3 * calls.callers)
        );
        assert_eq!(calls.talks_cut_off, calls.answered);
        assert_eq!(figures.total.callers_unserved, calls.callers);
    }
}

#[test]
fn the_story_of_a_call_says_who_has_ended_the_talk() {
    for (max_call, by, words) in [
        (
            "4m",
            Party::System,
            "the exchange ends the talk: the call is at its longest length.",
        ),
        ("1h", Party::Caller, "the caller ends the talk."),
    ] {
        let model = model(max_call, "talk = \"10m\"");
        let story = Story::new(Arc::clone(&model.plan), model.origin_ms, 1);
        let mut watch = Watch(story, Vec::new());
        run(&model, 1, 0, &mut watch);
        assert!(watch.1.iter().all(|end| *end == by) && !watch.1.is_empty());
        let told = watch.0.tell().expect("a story");
        let told = told
            .iter()
            .find(|sentence| sentence.words.contains("ends the talk"));
        let told = &told.expect("the end of a talk").words;
        assert!(told.ends_with(words), "{told}");
    }
}

#[test]
fn the_usual_longest_call_is_listed() {
    assert_eq!(
        assumed(&model("2h", "talk = \"3m\""), "line line max_call"),
        Some("2h")
    );
    assert_eq!(
        assumed(&model("1h", "talk = \"3m\""), "line line max_call"),
        None
    );
}

#[test]
fn the_wrap_up_that_a_limit_leaves_is_said_and_simulated() {
    let callers = "talk = \"180s\"\nwrap_up = { distribution = \"exponential\", mean = \"120s\" }";
    let model = model("2h", callers);
    // 120 s less what is beyond 60 s: 120 (1 - exp(-1/2)).
    let said = assumed(&model, "callers.wrap_up, group support");
    assert_eq!(said, Some("cut at 1m: 47 s on average, not 120 s"));
    let (mut talks, mut wrapped) = (0, Span::ZERO);
    for figures in runs(&model) {
        talks += figures.total.queues.talks;
        wrapped = Span(wrapped.0 + figures.total.queues.wrap_up_ms);
    }
    let mean = wrapped.as_seconds() / talks as f64;
    assert!((mean - 47.2).abs() < 2.0, "{mean}");
    let long = callers.replace("120s", "10s");
    assert_eq!(
        assumed(&self::model("2h", &long), "callers.wrap_up, group support"),
        None
    );
}
