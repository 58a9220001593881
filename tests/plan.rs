//! What menu files become: keys, lanes, prompts, hours and exits of the compiled plan.

use std::path::Path;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::dialplan::Part;
use strowger::exchange::dialplan::StepKind;
use strowger::exchange::dialplan::Target;
use strowger::exchange::id::KeyNodeId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::PromptId;
use strowger::exchange::id::StepId;
use strowger::exchange::key::Key;
use strowger::exchange::time::Span;
use strowger::menu::FULL_WEIGHT;
use strowger::menu::Override;
use strowger::menu::Person;
use strowger::menu::Request;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::graph;
use strowger::menu::graph::Via;
use strowger::menu::source::Sources;
use strowger::menu::tree;

fn build(request: &Request) -> Dialplan {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let plan = compile(request, &mut sources, &mut diagnostics);
    plan.unwrap_or_else(|| panic!("{}", diagnostics.render(&sources, false)))
}

fn everything() -> Request {
    let lines = vec![Path::new("tests/menus/valid/everything.toml").to_owned()];
    Request {
        lines,
        ..Request::default()
    }
}

fn step(plan: &Dialplan, name: &str) -> StepId {
    let place = plan
        .steps
        .iter()
        .position(|step| step.name == name)
        .expect(name);
    StepId(place as u32)
}

fn kind<'a>(plan: &'a Dialplan, name: &str) -> &'a StepKind {
    &plan.step(step(plan, name)).kind
}

/// The keys that work in a step, in the order of the keypad.
fn keys(plan: &Dialplan, root: KeyNodeId) -> String {
    let works = |c: &char| {
        let key = Key::from_char(*c).expect("a key");
        plan.key_node(root).next[key.index()].is_some()
    };
    "0123456789*#".chars().filter(works).collect()
}

fn words(plan: &Dialplan, prompt: PromptId, language: u8) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Digits(variable) => format!("<{}>", plan.lines[0].variables[variable.index()]),
        Part::Value(variable, form) => {
            let name = &plan.lines[0].variables[variable.index()];
            format!("<{name} as {form:?}>")
        }
        Part::Notice => "<notice>".to_owned(),
        Part::Caller => "<caller>".to_owned(),
        Part::Position => "<position>".to_owned(),
        Part::Wait => "<wait>".to_owned(),
    };
    plan.speech(prompt, LanguageId(language))
        .parts
        .iter()
        .map(part)
        .collect()
}

#[test]
fn global_keys_work_where_a_step_leaves_them_free() {
    let plan = build(&everything());
    let StepKind::Menu(language) = kind(&plan, "language") else {
        panic!("a menu")
    };
    let StepKind::Menu(main) = kind(&plan, "main") else {
        panic!("a menu")
    };
    let StepKind::Collect(number) = kind(&plan, "number") else {
        panic!("a collect")
    };
    let StepKind::Collect(card) = kind(&plan, "card") else {
        panic!("a collect")
    };
    let StepKind::Say(noted) = kind(&plan, "noted") else {
        panic!("a say")
    };
    assert_eq!(keys(&plan, language.keys), "12");
    assert_eq!(keys(&plan, main.keys), "012347*#");
    // Digits are data, and # ends the entry.
    assert_eq!(keys(&plan, number.keys), "*");
    assert_eq!(keys(&plan, card.keys), "*#");
    assert_eq!(keys(&plan, noted.keys), "0*#");
    assert_eq!(keys(&plan, plan.queues[0].keys), "12");
}

#[test]
fn prompts_are_spoken_from_labels_in_every_language() {
    let plan = build(&everything());
    let StepKind::Menu(main) = kind(&plan, "main") else {
        panic!("a menu")
    };
    let StepKind::Menu(language) = kind(&plan, "language") else {
        panic!("a menu")
    };
    let StepKind::Collect(number) = kind(&plan, "number") else {
        panic!("a collect")
    };
    let english = words(&plan, main.prompt, 0);
    assert!(english.starts_with("Welcome. For an order, press 1. For our hours, press 2."));
    assert!(words(&plan, main.prompt, 1).contains("Para un pedido, pulse 1."));
    assert_eq!(
        words(&plan, language.prompt, 0),
        words(&plan, language.prompt, 1)
    );
    assert_eq!(
        words(&plan, language.prompt, 0),
        "For English, press 1. Para español, pulse 2."
    );
    let confirm = number.confirm.expect("a confirmation");
    assert!(words(&plan, confirm, 0).starts_with("You entered <order>. To keep it"));
    // Its own words, and those of the house where a menu has none.
    assert_eq!(words(&plan, main.silent, 0), "Are you there?");
    assert_eq!(words(&plan, language.silent, 0), "Are you still there?");
    // 4 words at 18 words in ten seconds.
    assert_eq!(
        plan.speech(language.silent, LanguageId(0)).length,
        Span(4 * 10_000 / 18)
    );
    let announce = plan.queues[0].announce.expect("announcements");
    let wait = announce.wait.expect("the wait is announced");
    assert_eq!(words(&plan, wait.about, 0), "The wait is about <wait>.");
}

#[test]
fn lanes_follow_the_language_and_profiles_the_skills() {
    let plan = build(&everything());
    let lanes = &plan.queues[0].lanes;
    assert_eq!(lanes.len(), 2);
    let asked = |language: usize| plan.lanes[lanes[language].index()].skills.clone();
    // skills = ["{language}", "en=50"]
    assert_eq!(asked(0), [("en".to_owned(), 50)]);
    assert_eq!(asked(1), [("en".to_owned(), 50), ("es".to_owned(), 1)]);
    let served = |agent: usize| {
        plan.profiles[plan.agents[agent].profile.index()]
            .lanes
            .len()
    };
    let names: Vec<&str> = plan
        .agents
        .iter()
        .map(|agent| agent.name.as_str())
        .collect();
    assert_eq!(names, ["ana", "ben"]);
    assert_eq!((served(0), served(1)), (2, 1));
}

#[test]
fn the_simulators_people_take_the_place_of_the_agents() {
    let person = |name: &str, skills: Option<Vec<(String, u8)>>| Person {
        name: name.to_owned(),
        groups: vec!["support".to_owned()],
        skills,
        weight: FULL_WEIGHT,
        tiers: Vec::new(),
    };
    let some = Some(vec![("en".to_owned(), 49)]);
    let people = vec![person("a", None), person("b", None), person("c", some)];
    let plan = build(&Request {
        people: Some(people),
        ..everything()
    });
    assert_eq!(plan.agents.len(), 3);
    assert_eq!(plan.agents[0].profile, plan.agents[1].profile);
    let lanes = |agent: usize| {
        plan.profiles[plan.agents[agent].profile.index()]
            .lanes
            .len()
    };
    assert_eq!((lanes(0), lanes(2)), (2, 0));
}

#[test]
fn overrides_take_the_place_of_what_the_files_say() {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let text = r#"
        "group.support.max_waiting" = 0
        "queue.support.hours" = "never"
        "queue.support.closed" = "message"
        "line.trunks" = 7
        "group.billing.ring" = "20s"
    "#;
    let file = sources.add(Path::new("day.scenario.toml"), text.to_owned());
    let set = tree::parse(file, &sources, &mut diagnostics);
    let change = |entry: tree::Entry| Override {
        path: entry.key,
        value: entry.value,
    };
    let overrides = set.entries.into_iter().map(change).collect();
    let request = Request {
        overrides,
        ..everything()
    };
    let plan = compile(&request, &mut sources, &mut diagnostics);
    let plan = plan.unwrap_or_else(|| panic!("{}", diagnostics.render(&sources, false)));
    assert_eq!(plan.groups[0].max_waiting, Some(0));
    assert_eq!(plan.groups[1].ring, Span::seconds(20));
    assert_eq!(plan.lines[0].trunks, Some(7));
    let (calendar, closed) = plan.queues[0].hours.expect("hours");
    assert!(!plan.calendars[calendar.index()].is_open(1_795_435_200_000));
    assert_eq!(closed, Target::Step(step(&plan, "message")));
}

#[test]
fn an_answer_is_true_through_its_last_day_in_the_lines_zone() {
    let plan = build(&everything());
    let StepKind::Say(hours) = kind(&plan, "hours") else {
        panic!("a say")
    };
    let answer = hours.answer.as_ref().expect("an answer");
    // 2028-01-01T00:00 in New York is five hours later in UTC.
    assert_eq!(answer.expires_ms, Some(1_830_315_600_000));
    assert_eq!(answer.expired, Target::Step(step(&plan, "support")));
}

#[test]
fn calendars_know_closed_special_and_yearly_days() {
    let plan = build(&everything());
    let desk = plan
        .calendars
        .iter()
        .find(|calendar| calendar.name == "desk")
        .expect("a desk");
    let open = |text: &str| {
        let time: jiff::Timestamp = text.parse().expect(text);
        desk.is_open(time.as_millisecond())
    };
    // New York is five hours behind UTC in winter.
    assert!(open("2026-11-23T14:00:00Z") && !open("2026-11-23T17:30:00Z"));
    assert!(open("2026-11-21T06:59:00Z") && !open("2026-11-21T07:00:00Z"));
    assert!(open("2026-12-24T14:00:00Z") && !open("2026-12-25T15:00:00Z"));
    assert!(open("2026-12-31T19:30:00Z") && !open("2026-12-31T17:30:00Z"));
    // 26 and 27 November are a holiday of every year.
    assert!(!open("2026-11-28T04:00:00Z") && !open("2027-11-27T04:00:00Z"));
}

#[test]
fn the_graph_names_every_way_out() {
    let plan = build(&everything());
    let vias = |name: &str| -> Vec<Via> {
        let exits = graph::exits(&plan, step(&plan, name));
        exits
            .into_iter()
            .map(|exit| exit.via)
            .filter(|via| !matches!(via, Via::Key(_)))
            .collect()
    };
    assert_eq!(vias("main"), [Via::GiveUp]);
    assert_eq!(vias("open"), [Via::Open, Via::Closed]);
    assert_eq!(vias("hours"), [Via::Then, Via::Expired]);
    assert_eq!(vias("branch"), [Via::Failed]);
    assert_eq!(vias("ready"), [Via::Then, Via::Refused, Via::Stranger]);
    let queue = [
        Via::Closed,
        Via::Timeout,
        Via::Full,
        Via::NoAgents,
        Via::AllPaused,
        Via::After,
    ];
    assert_eq!(vias("support"), queue);
    let keys: Vec<String> = graph::exits(&plan, step(&plan, "main"))
        .into_iter()
        .filter_map(|exit| Some(graph::action(&plan, exit.via)?.key.clone()))
        .collect();
    assert_eq!(keys, ["1", "2", "3", "4", "7xx", "0", "*", "#"]);
}

#[test]
fn two_lines_share_one_groups_file_and_one_plan() {
    let lines =
        ["clinic", "video"].map(|name| Path::new("menus").join(name).with_extension("toml"));
    let plan = build(&Request {
        lines: lines.to_vec(),
        ..Request::default()
    });
    assert_eq!(plan.languages, ["en", "vi"]);
    assert_eq!(plan.lines[1].languages, [LanguageId(1), LanguageId(0)]);
    assert_eq!(plan.groups.len(), 4);
    let starts: Vec<&str> = plan
        .lines
        .iter()
        .map(|line| plan.step(line.start).name.as_str())
        .collect();
    assert_eq!(starts, ["opening-check", "choose-language"]);
}
