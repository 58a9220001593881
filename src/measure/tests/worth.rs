//! What answers are worth, and what has none.

use super::scene;
use super::scene::ANA;
use super::scene::CHI;
use super::scene::SECOND;
use super::scene::SUPPORT;
use super::scene::Scene;
use super::scene::TWO_MINUTES;
use super::scene::id;
use crate::exchange::dialplan::Answer;
use crate::exchange::dialplan::Ask;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Method;
use crate::exchange::dialplan::Patience;
use crate::exchange::dialplan::Request;
use crate::exchange::dialplan::Say;
use crate::exchange::dialplan::Scale;
use crate::exchange::dialplan::Step;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Survey;
use crate::exchange::dialplan::Target;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LineId;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::record::AgentState;
use crate::exchange::record::AskedBy;
use crate::exchange::record::Because;
use crate::exchange::record::CallbackEnd;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::run::RunFigures;
use crate::measure::summary::Summary;
use crate::measure::worth::AnswerTally;
use crate::measure::worth::Costs;
use crate::measure::worth::Ledger;
use crate::measure::worth::WantTally;
use crate::measure::worth::Way;

/// Of the queue [`SECOND`].
const SECOND_STEP: StepId = StepId(1);
const HOURS: StepId = StepId(2);
const PRICES: StepId = StepId(3);
const ORDER: StepId = StepId(4);
const CSAT: StepId = StepId(5);

/// The small site with two answers, a look-up and a survey of three questions.
pub(super) fn plan() -> Dialplan {
    let mut plan = scene::plan();
    let step = |name: &str, kind: StepKind| Step {
        name: name.into(),
        line: LineId(0),
        kind,
    };
    plan.steps.extend([
        step("hours", answer("When are you open?")),
        step("prices", answer("What does it cost?")),
        step("order", StepKind::Lookup(lookup())),
        step("csat", StepKind::Survey(survey())),
    ]);
    plan
}

fn answer(question: &str) -> StepKind {
    StepKind::Say(Say {
        prompt: PromptId(0),
        then: Target::HangUp,
        keys: KeyNodeId(0),
        barge_in: true,
        when_notice: false,
        answer: Some(Answer {
            question: question.into(),
            expires_ms: None,
            expired: Target::HangUp,
        }),
    })
}

fn lookup() -> Lookup {
    Lookup {
        request: Request {
            method: Method::Get,
            url: Vec::new(),
            body: Vec::new(),
            bearer_env: None,
        },
        timeout: Span::seconds(3),
        cache: None,
        slow: None,
        save: Vec::new(),
        set: None,
        branch: None,
        cases: Vec::new(),
        otherwise: Target::HangUp,
        errors: Vec::new(),
        timed_out: Target::HangUp,
        failed: Target::HangUp,
    }
}

fn survey() -> Survey {
    let ask = |id: &str, scale: Option<Scale>| Ask {
        id: id.into(),
        prompt: PromptId(0),
        scale: scale.expect("two answers or more"),
    };
    Survey {
        intro: None,
        asks: vec![
            ask("satisfaction", Scale::new(1..=5)),
            ask("recommends", Scale::new(0..=10)),
            ask("solved", Scale::new(1..=2)),
        ],
        wrong: PromptId(0),
        silent: None,
        patience: Patience {
            first_key: Span::seconds(5),
            next_key: Span::seconds(2),
            silences: 2,
            wrongs: 2,
        },
        then: Target::HangUp,
        give_up: Target::HangUp,
    }
}

impl Scene {
    fn hear(&mut self, call: u32, step: StepId, enough: bool) -> &mut Self {
        let (call, played) = (id(call), Span::seconds(5));
        self.tell(Record::Entered { call, step });
        self.tell(Record::Heard {
            call,
            step,
            played,
            enough,
        })
    }

    fn look_up(&mut self, call: u32, ms: u64, result: LookupResult) -> &mut Self {
        let (call, took) = (id(call), Span(ms));
        self.tell(Record::Entered { call, step: ORDER });
        self.tell(Record::LookedUp {
            call,
            step: ORDER,
            took,
            result,
        })
    }

    fn ask(&mut self, call: u32, ask: u8, answer: Option<u8>) -> &mut Self {
        self.tell(Record::Surveyed {
            call: id(call),
            step: CSAT,
            ask,
            answer,
            agent: None,
        })
    }

    /// Ana answers at once, talks for a minute, and is free again.
    fn talk(&mut self, call: u32, from: f64) -> &mut Self {
        self.at(from)
            .join(call, SUPPORT, 1)
            .offer(call, ANA, Because::CallerCame)
            .pick_up(call, ANA, SUPPORT)
            .at(from + 60.0)
    }
}

/// One of everything.
pub(super) fn run() -> RunFigures {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    scene.agent(ANA, AgentState::Idle);
    scene
        .at(1.0)
        .arrive(0, 1)
        .look_up(0, 700, LookupResult::Status(404))
        .hear(0, HOURS, true)
        .talk(0, 2.0)
        .part(0, ANA, 2.0)
        .ask(0, 0, Some(5))
        .ask(0, 1, Some(9))
        .ask(0, 2, Some(1))
        .end(0, Outcome::Answered)
        .agent(ANA, AgentState::Idle);
    scene.collector.wanted(&[WantTally::default()]);
    scene.finish(120.0)
}

pub(super) fn costs(agent_hour: f64) -> Costs {
    Costs {
        agent_hour,
        currency: "EUR".to_owned(),
    }
}

/// What a run comes to, which a site that follows the same records comes to as well.
fn finish(scene: &mut Scene) -> RunFigures {
    let run = scene.finish(120.0);
    let plan = plan();
    let mut ledger = Ledger::new(&plan, Tick(0));
    for (at, record) in &scene.told {
        ledger.note(*at, record);
    }
    assert_eq!(ledger.figures(&plan), run.worth);
    run
}

fn answers(scene: &mut Scene) -> [AnswerTally; 2] {
    let run = finish(scene);
    run.worth.answers.try_into().expect("two answers")
}

#[test]
fn an_answer_settles_the_call_that_ends_after_it() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    let scene = scene.at(1.0);
    scene.arrive(0, 1).hear(0, HOURS, true);
    scene.end(0, Outcome::SelfServedProbable);
    scene.arrive(1, 2).hear(1, HOURS, true);
    scene.end(1, Outcome::SelfServedConfirmed);
    scene.arrive(2, 3).hear(2, HOURS, false);
    scene.end(2, Outcome::LeftInMenu);
    scene.arrive(3, 4).hear(3, HOURS, true);
    let [hours, prices] = answers(scene);
    assert_eq!((hours.played, hours.heard, hours.open), (4, 3, 1));
    assert_eq!((hours.probable, hours.confirmed, hours.left), (1, 1, 1));
    let nothing = AnswerTally {
        saved_ms: Some(0),
        ..AnswerTally::default()
    };
    assert_eq!(prices, nothing);
}

#[test]
fn of_several_answers_the_last_of_which_enough_was_heard_settles_it() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    let scene = scene.at(1.0);
    scene.arrive(0, 1);
    scene.hear(0, HOURS, true).hear(0, PRICES, true);
    scene.end(0, Outcome::SelfServedProbable);
    scene.arrive(1, 2);
    scene.hear(1, HOURS, true).hear(1, PRICES, false);
    scene.end(1, Outcome::SelfServedProbable);
    let [hours, prices] = answers(scene);
    assert_eq!((hours.to_another, hours.probable), (1, 1));
    assert_eq!((prices.probable, prices.left), (1, 1));
}

#[test]
fn who_calls_again_within_the_day_was_not_settled_after_all() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    let scene = scene.at(1.0);
    scene.arrive(0, 1).hear(0, HOURS, true);
    scene.end(0, Outcome::SelfServedProbable);
    scene.arrive(1, 1).hear(1, PRICES, true);
    scene.end(1, Outcome::SelfServedConfirmed);
    let [hours, prices] = answers(scene);
    assert_eq!((hours.probable, hours.came_back), (0, 1));
    assert_eq!(prices.confirmed, 1);
}

#[test]
fn a_settled_call_saves_what_the_others_took_of_agents_time() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    scene.agent(ANA, AgentState::Idle);
    let scene = scene.at(1.0);
    for call in 1..4 {
        scene.arrive(call, u64::from(call)).hear(call, HOURS, true);
        scene.end(call, Outcome::SelfServedConfirmed);
    }
    scene.arrive(0, 9).hear(0, HOURS, true).talk(0, 2.0);
    scene.part(0, ANA, 2.0).end(0, Outcome::Answered);
    let [hours, _] = answers(scene);
    assert_eq!((hours.to_person, hours.confirmed), (1, 3));
    assert_eq!(hours.saved_ms, Some(3 * 60_000));
}

#[test]
fn a_call_saves_what_calls_of_its_own_line_take_and_nothing_is_said_where_there_were_none() {
    let mut plan = plan();
    plan.lines.push(scene::line("bank"));
    for step in [SECOND_STEP, PRICES] {
        plan.steps[step.index()].line = LineId(1);
    }
    let of = |second_talks: bool| {
        let mut scene = Scene::of(&plan, TWO_MINUTES);
        scene
            .agent(ANA, AgentState::Idle)
            .agent(CHI, AgentState::Idle);
        let scene = scene.at(1.0);
        for (call, answer) in [(1, HOURS), (2, PRICES)] {
            scene.arrive(call, u64::from(call)).hear(call, answer, true);
            scene.end(call, Outcome::SelfServedConfirmed);
        }
        scene.arrive(0, 9).talk(0, 2.0);
        scene.part(0, ANA, 2.0).end(0, Outcome::Answered);
        if second_talks {
            scene.arrive(3, 10).join(3, SECOND, 1);
            scene.offer(3, CHI, Because::CallerCame);
            scene.pick_up(3, CHI, SECOND).at(72.0);
            scene.tell(Record::TalkEnded {
                call: id(3),
                agent: CHI,
                queue: SECOND,
                since: Tick(62_000),
                by: Party::Caller,
            });
            scene.end(3, Outcome::Answered);
        }
        let run = scene.finish(120.0);
        let mut ledger = Ledger::new(&plan, Tick(0));
        for (at, record) in &scene.told {
            ledger.note(*at, record);
        }
        assert_eq!(ledger.figures(&plan), run.worth);
        let saved = run.worth.answers.iter().map(|answer| answer.saved_ms);
        let saved: Vec<_> = saved.collect();
        let summary = Summary::new(&plan, TWO_MINUTES, &[run], 0.95).with_costs(&costs(30.0));
        let prices = &summary.worth.answers[1].total;
        let told = ["saved_s", "saved_money"].map(|name| prices.mean(name).is_some());
        assert_eq!(told, [second_talks; 2]);
        saved
    };
    assert_eq!(of(false), [Some(60_000), None]);
    assert_eq!(of(true), [Some(60_000), Some(10_000)]);
}

#[test]
fn saved_time_is_money_by_the_costs_of_an_hour() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    scene.agent(ANA, AgentState::Idle);
    let scene = scene.at(1.0);
    scene.arrive(1, 1).hear(1, HOURS, true);
    scene.end(1, Outcome::SelfServedConfirmed);
    scene.arrive(0, 9).talk(0, 2.0);
    scene.part(0, ANA, 2.0).end(0, Outcome::Answered);
    let runs = [finish(scene)];
    let summary = Summary::new(&plan(), TWO_MINUTES, &runs, 0.95).with_costs(&costs(30.0));
    let hours = &summary.worth.answers[0];
    assert_eq!(hours.total.mean("saved_s"), Some(60.0));
    assert_eq!(hours.total.mean("saved_money"), Some(0.5));
}

#[test]
fn a_call_comes_to_people_once_by_the_last_step_before() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    let scene = scene.at(1.0);
    scene
        .arrive(0, 1)
        .hear(0, HOURS, true)
        .turn_away(0, SUPPORT);
    scene.hear(0, PRICES, true).turn_away(0, SUPPORT);
    scene.end(0, Outcome::TurnedAway);
    scene.arrive(1, 2).join(1, SUPPORT, 1).at(9.0);
    scene.leave(1, SUPPORT, Unqueued::Abandoned);
    scene.end(1, Outcome::Abandoned);
    let run = finish(scene);
    let ways = run.worth.requests.iter();
    let ways: Vec<_> = ways
        .map(|way| (way.from, way.calls, way.after_answer))
        .collect();
    assert_eq!(ways, [(None, 1, 0), (Some((HOURS, Way::Onward)), 1, 1)]);
    let answers: Vec<u64> = run.worth.answers.iter().map(|one| one.to_person).collect();
    assert_eq!(answers, [1, 1], "each was not enough");
}

#[test]
fn look_ups_and_surveys_are_counted_by_what_came_of_them() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    scene.agent(ANA, AgentState::Idle);
    let scene = scene.at(1.0);
    scene.arrive(0, 1);
    scene.look_up(0, 100, LookupResult::Found(None));
    scene.look_up(0, 700, LookupResult::Status(503));
    scene.look_up(0, 3000, LookupResult::TimedOut);
    scene.talk(0, 2.0);
    scene.part(0, ANA, 2.0).ask(0, 0, Some(4)).ask(0, 1, None);
    scene.end(0, Outcome::Answered);
    scene.arrive(1, 2).ask(1, 0, Some(3));
    scene.end(1, Outcome::LeftInMenu);
    let run = finish(scene);
    let order = &run.worth.lookups[0];
    assert_eq!((order.asked, order.found, order.timed_out), (3, 1, 1));
    assert_eq!(order.statuses, [(503, 1)]);
    assert_eq!((order.slow, order.took_max_ms), (2, 3000));
    let surveys = run.worth.surveys.iter();
    let surveys = surveys.map(|at| (at.ask, at.queue, at.asked(), at.answered(), at.sum()));
    let surveys: Vec<_> = surveys.collect();
    let support = Some(SUPPORT);
    assert_eq!(
        surveys,
        [
            (0, None, 1, 1, 3),
            (0, support, 1, 1, 4),
            (1, support, 1, 0, 0)
        ]
    );
}

#[test]
fn a_survey_after_a_call_back_is_that_of_its_queue() {
    let mut scene = Scene::of(&plan(), TWO_MINUTES);
    scene.agent(ANA, AgentState::Idle);
    let scene = scene.at(1.0);
    let callback = |what| Record::Callback {
        call: id(7),
        queue: SUPPORT,
        what,
    };
    scene.arrive(0, 1).hear(0, HOURS, true);
    scene.tell(callback(CallbackFact::Booked {
        by: AskedBy::Call(id(0)),
        caller: 1,
        expected: Span::ZERO,
        from: Tick(1000),
    }));
    scene.end(0, Outcome::Callback).at(5.0);
    scene.tell(callback(CallbackFact::InLine { lane: LaneId(0) }));
    scene.offer(7, ANA, Because::AgentFree);
    scene.offer_ends(7, ANA, OfferEnd::Answered);
    scene.agent(ANA, AgentState::Talking);
    scene.tell(callback(CallbackFact::Dialled { agent: ANA }));
    scene.tell(callback(CallbackFact::Reached {
        agent: ANA,
        booked: Tick(1000),
    }));
    scene
        .at(65.0)
        .part(7, ANA, 5.0)
        .agent(ANA, AgentState::Idle);
    scene.ask(7, 0, Some(5));
    scene.tell(callback(CallbackFact::Ended(CallbackEnd::Served)));
    let run = finish(scene);
    let survey = &run.worth.surveys[0];
    assert_eq!((survey.queue, survey.sum()), (Some(SUPPORT), 5));
    assert_eq!(run.worth.answers[0].to_person, 1);
    assert_eq!(run.worth.requests.len(), 1, "asked for once");
}
