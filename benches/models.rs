//! The models that benches run, as texts of scenarios and lines that no file has.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::Collector;
use strowger::measure::Frame;
use strowger::measure::run::Sums;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim;
use strowger::sim::model::Model;
use strowger::sim::study;

/// Calls in an hour for a hundred agents: 95 Erlangs.
const CALLS_PER_HOUR: f64 = 1140.0;
/// Types of calls, and groups of agents.
const TYPES: usize = 5;
/// Agents of each group.
const AGENTS: usize = 20;

/// Runs of one model, one after the other with one collector.
pub(crate) struct Days {
    model: Model,
    collector: Collector,
    next: u64,
}

impl Days {
    pub(crate) fn of(model: Model) -> Self {
        Self {
            collector: Collector::new(&model.plan, model.frame),
            model,
            next: 0,
        }
    }

    /// So many more runs, each of whose sums is looked at. Gives the calls of all.
    pub(crate) fn live(&mut self, count: u64, mut look: impl FnMut(&Sums)) -> u64 {
        let mut calls = 0;
        for _ in 0..count {
            self.collector.reset();
            sim::run(&self.model, 1, self.next, &mut self.collector);
            self.next += 1;
            let figures = black_box(self.collector.finish(self.model.frame.until));
            look(&figures.total);
            calls += figures.total.calls.attempts;
        }
        calls
    }
}

const GROUPS: &str = "format = 1\n[group.all]\nring = \"0s\"\nrest = \"0s\"\nrank_by_skill = true\n\
                      wrap_up = { limit = \"0s\", then = \"ready\" }\n\
                      service_level = { answer_within = \"20s\", target = 0.8 }\n\
                      [agent.a]\ngroups = [\"all\"]\n";

const EXITS: &str =
    "max_wait = \"8h\"\ntimeout = \"@hangup\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n";

/// A plain queue.
fn line() -> String {
    format!(
        "format = 1\n[line]\nname = \"L\"\ngroups = \"bench.groups.toml\"\ntimezone = \"UTC\"\n\
         languages = [\"en\"]\nstart = \"q\"\nmax_call = \"12h\"\n[queue.q]\ngroup = \"all\"\n{EXITS}"
    )
}

const CALLERS: &str = "[agents]\nanswers = \"0s\"\n[callers]\nlanguages = { en = 1.0 }\n\
                       talk = { distribution = \"exponential\", mean = \"300s\" }\nwrap_up = \"0s\"\n";
const PATIENCE: &str = "patience = { distribution = \"exponential\", mean = \"120s\" }\n";

/// Erlang A at 0.95 of the agents, counted from the start by such intervals.
pub(crate) fn erlang_a(agents: u32, hours: u64, interval: Span) -> Model {
    let calls = CALLS_PER_HOUR * f64::from(agents) / 100.0;
    let scenario = format!(
        "format = 1\nmenu = \"l.toml\"\n[run]\nruns = 1\nseed = 1\nlength = \"{hours}h\"\nwarm_up = \
         \"0s\"\n[demand]\nl = {{ calls_per_hour = {calls} }}\n[staff]\nall = {agents}\n{CALLERS}{PATIENCE}"
    );
    let mut model = load(&scenario, &[("l.toml", &line())]);
    let length = Span::minutes(60 * hours);
    model.frame = Frame {
        from: Tick(0),
        interval,
        intervals: length.0.div_ceil(interval.0) as usize,
        until: Tick(0) + length,
    };
    model
}

/// A day of the five types, behind a menu; a call prefers its own group.
pub(crate) fn skills() -> Model {
    let mut line = "format = 1\n[line]\nname = \"L\"\ngroups = \"bench.groups.toml\"\ntimezone = \"UTC\"\n\
         languages = [\"en\"]\nstart = \"main\"\nmax_call = \"12h\"\n[menu.main]\nsay = \"{options}\"\n\
         give_up = \"@hangup\"\n[menu.main.keys]\n"
        .to_owned();
    let mut wants = String::new();
    let mut forecast = "date,start,interval_min,line,calls\n".to_owned();
    let mut roster = "date,agent,groups,skills,start,end,breaks\n".to_owned();
    for hour in 0..24 {
        let _ = writeln!(forecast, "2026-11-23,{hour:02}:00,60,l,1140");
    }
    for kind in 0..TYPES {
        let key = kind + 1;
        let _ = writeln!(line, "{key} = {{ go = \"q{kind}\", label = \"{kind}\" }}");
        let _ = writeln!(wants, "[wants.w{kind}]\nshare = 0.2\nneeds = \"q{kind}\"");
        for agent in 0..AGENTS {
            let other = (kind + TYPES - 1) % TYPES;
            let skills = format!("s{kind}=100 s{other}=50");
            let _ = writeln!(
                roster,
                "2026-11-23,g{kind}-{agent},all,{skills},00:00,24:00,"
            );
        }
    }
    for kind in 0..TYPES {
        let _ = writeln!(
            line,
            "[queue.q{kind}]\ngroup = \"all\"\nskills = [\"s{kind}=1\"]\n{EXITS}"
        );
    }
    let scenario = format!(
        "format = 1\nmenu = \"l.toml\"\nforecast = \"forecast.csv\"\nroster = \"roster.csv\"\n\
         forecast_counts = \"first-attempts\"\n[run]\nruns = 1\nseed = 1\n{wants}{CALLERS}{PATIENCE}\
         listens = \"0s\"\nslips = 0.0\nsilent = 0.0\n"
    );
    let files = [
        ("l.toml", line.as_str()),
        ("forecast.csv", &forecast),
        ("roster.csv", &roster),
    ];
    load(&scenario, &files)
}

/// The shipped shop on a busy Monday morning.
pub(crate) fn shop() -> Model {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("menus");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("the shop is here");
    let scenario = "format = 1\nmenu = \"shop.toml\"\nforecast = \"forecast.csv\"\nstaff = \"staff.csv\"\n\
         forecast_counts = \"first-attempts\"\n[run]\nruns = 1\nseed = 1\n\
         [wants.tracking]\nshare = 0.4\nanswered_by = \"tracking\"\nsatisfied = 0.85\nelse = \"support\"\n\
         [wants.returns]\nshare = 0.2\nanswered_by = \"returns\"\nsatisfied = 0.7\nelse = \"support\"\n\
         [wants.delivery]\nshare = 0.1\nanswered_by = \"delivery\"\nsatisfied = 0.75\nelse = \"support\"\n\
         [wants.help]\nshare = 0.3\nneeds = \"support\"\n\
         [callers]\ntalk = { distribution = \"lognormal\", mean = \"250s\", cv = 1.0 }\n\
         wrap_up = { distribution = \"lognormal\", mean = \"30s\", cv = 0.6 }\n\
         patience = { distribution = \"lognormal\", mean = \"180s\", cv = 1.1 }\n\
         redial = { after_blocked = 0.7, after_abandoned = 0.5, unsolved = 0.2, delay = \"5m\", attempts = 4 }\n";
    let mut forecast = "date,start,interval_min,line,calls\n".to_owned();
    let mut staff = "date,start,interval_min,group,agents\n".to_owned();
    for hour in 9..13 {
        let _ = writeln!(forecast, "2026-11-23,{hour:02}:00,60,shop,480");
        let _ = writeln!(staff, "2026-11-23,{hour:02}:00,60,support,20");
    }
    let (shop, groups) = (read("shop.toml"), read("groups.toml"));
    let files = [
        ("shop.toml", shop.as_str()),
        ("groups.toml", &groups),
        ("forecast.csv", &forecast),
        ("staff.csv", &staff),
    ];
    load(scenario, &files)
}

/// So many callers at a time who listen to an answer of ten minutes, for an hour.
pub(crate) fn listening(callers: u64) -> Model {
    let words = "word ".repeat(1500);
    let line = format!(
        "format = 1\n[line]\nname = \"L\"\ngroups = \"bench.groups.toml\"\ntimezone = \"UTC\"\n\
         languages = [\"en\"]\nstart = \"long\"\nmax_call = \"12h\"\n[answer.long]\nquestion = \"?\"\n\
         say = \"{words}\"\nthen = \"q\"\n[queue.q]\ngroup = \"all\"\n{EXITS}"
    );
    let calls = callers * 6;
    let scenario = format!(
        "format = 1\nmenu = \"l.toml\"\n[run]\nruns = 1\nseed = 1\nlength = \"1h\"\nwarm_up = \"0s\"\n\
         [demand]\nl = {{ calls_per_hour = {calls}.0 }}\n[staff]\nall = 1\n\
         [wants.w]\nshare = 1.0\nanswered_by = \"long\"\nsatisfied = 1.0\nelse = \"q\"\n{CALLERS}{PATIENCE}\
         confirms = 0.0\n"
    );
    load(&scenario, &[("l.toml", &line)])
}

/// So many callers in line for one agent, who are told every half minute where they stand, and for how long.
pub(crate) fn told(callers: u64) -> Model {
    let line =
        line() + "announce = { position = true, wait = true, first = \"30s\", every = \"30s\" }\n";
    let calls = callers * 6;
    let scenario = format!(
        "format = 1\nmenu = \"l.toml\"\n[run]\nruns = 1\nseed = 1\nlength = \"1h\"\nwarm_up = \"0s\"\n\
         [demand]\nl = {{ calls_per_hour = {calls}.0 }}\n[staff]\nall = 1\n{CALLERS}patience = \"10m\"\n"
    );
    load(&scenario, &[("l.toml", &line)])
}

fn load(scenario: &str, files: &[(&str, &str)]) -> Model {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    sources.add(Path::new("bench.scenario.toml"), scenario.to_owned());
    sources.add(Path::new("bench.groups.toml"), GROUPS.to_owned());
    for (name, text) in files {
        sources.add(Path::new(name), (*text).to_owned());
    }
    let path = Path::new("bench.scenario.toml");
    let Some(cases) = study::load(path, None, &mut sources, &mut problems) else {
        panic!("{}", problems.render(&sources, false));
    };
    cases.base
}
