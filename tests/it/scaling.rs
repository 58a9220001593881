//! A forecast that counts attempts: the simulation, redials and all, makes as many as it says.

use crate::written::LINE;
use crate::written::cases;
use strowger::sim::replicate::replicate;
use strowger::sim::scaling::PRECISION;
use strowger::sim::scaling::Scaling;
use strowger::sim::study::Cases;

const SEED: u64 = 11;
const GROUPS: &str = "format = 1\n[group.support]\n";
const FORECAST: &str = "date,start,interval_min,line,calls\n\
                        2026-11-23,09:00,60,shop,80\n\
                        2026-11-23,10:00,60,shop,80\n";

/// So many people for 160 attempts in two hours, and callers who do this.
fn load(agents: u32, callers: &str) -> Cases {
    let scenario = format!(
        "menu = \"shop.toml\"\nforecast = \"calls.csv\"\nforecast_counts = \"attempts\"\n\
         [staff]\nsupport = {agents}\n\
         [callers]\ntalk = \"5m\"\npatience = \"1m\"\n{callers}\n"
    );
    cases(&[
        ("shop.toml", LINE),
        ("groups.toml", GROUPS),
        ("calls.csv", FORECAST),
        ("day.scenario.toml", &scenario),
    ])
}

/// Attempts of an average run, of runs that the pilot runs know nothing of.
fn attempts(cases: &Cases) -> f64 {
    let runs = replicate(&cases.base, SEED, 0..1000, &|| ());
    let attempts = runs.iter().map(|run| run.total.calls.attempts);
    attempts.sum::<u64>() as f64 / runs.len() as f64
}

#[track_caller]
fn is_sure(scaling: &Scaling) {
    let is_narrow = scaling.half_width < 2.0 * PRECISION;
    assert!(scaling.is_met() && is_narrow, "{scaling:?}");
}

#[track_caller]
fn meets_the_forecast(mut cases: Cases) -> Scaling {
    let scaling = cases.scale_to_first_attempts(SEED)[0];
    is_sure(&scaling);
    let found = attempts(&cases);
    // Beyond what the factor is sure to, the chance of a thousand days.
    assert!((found / 160.0 - 1.0).abs() < 0.02, "{found} {scaling:?}");
    scaling
}

#[test]
fn attempts_are_those_of_the_forecast_where_redials_bring_more_redials() {
    let redial = "redial = { after_abandoned = 0.8, delay = \"5m\", attempts = 6 }";
    let scaling = meets_the_forecast(load(3, redial));
    assert!(scaling.factor < 0.7, "{scaling:?}");
}

#[test]
fn whoever_calls_again_only_after_being_turned_away_is_counted_too() {
    let mut nobody_comes = load(0, "redial = { after_turned_away = 0.5, delay = \"5m\" }");
    let scaling = nobody_comes.scale_to_first_attempts(SEED);
    // Everybody is turned away each time: 1 + 1/2 + 1/4 + 1/8 + 1/16 attempts, but for those that would
    // come after the end.
    let factor = scaling[0].factor;
    assert!((0.52..0.56).contains(&factor), "{factor}");
}

#[test]
fn nothing_is_scaled_where_nobody_calls_again() {
    let redials = [
        "",
        "redial = { delay = \"5m\" }",
        "redial = { after_abandoned = 0.8, attempts = 1 }",
    ];
    for redial in redials {
        assert_eq!(
            load(3, redial).scale_to_first_attempts(SEED),
            [],
            "{redial}"
        );
    }
}

/// Three lines: two whose callers wait for the same few people, one of them with few trunks, and one with enough
/// people of its own.
fn three_lines() -> Cases {
    let line = |group: &str, trunks: &str| {
        let queue = format!("group = \"{group}\"");
        LINE.replace("group = \"support\"", &queue)
            .replace("start =", &format!("{trunks}\nstart ="))
    };
    let (shop, bank, post) = (
        line("support", ""),
        line("support", "trunks = 2"),
        line("post", ""),
    );
    let forecast = "date,start,interval_min,line,calls\n2026-11-23,09:00,120,shop,90\n\
                    2026-11-23,09:00,120,bank,130\n2026-11-23,09:00,120,post,60\n";
    cases(&[
        ("shop.toml", &shop),
        ("bank.toml", &bank),
        ("post.toml", &post),
        ("groups.toml", "format = 1\n[group.support]\n[group.post]\n"),
        ("calls.csv", forecast),
        ("day.scenario.toml", THREE),
    ])
}

const THREE: &str = r#"
menu = ["shop.toml", "bank.toml", "post.toml"]
forecast = "calls.csv"
forecast_counts = "attempts"
[staff]
support = 3
post = 12
[callers]
talk = "5m"
patience = "1m"
redial = { after_blocked = 0.8, after_abandoned = 0.7, delay = "4m" }
"#;

#[test]
fn each_of_several_lines_has_a_factor_of_its_own_and_meets_its_own_forecast() {
    let mut cases = three_lines();
    let scaled = cases.scale_to_first_attempts(SEED);
    scaled.iter().for_each(is_sure);
    let [shop, bank, post] = scaled[..] else {
        panic!("{scaled:?}");
    };
    assert!(bank.factor < shop.factor - 0.1, "{scaled:?}");
    assert!(shop.factor < post.factor - 0.1, "{scaled:?}");
    let runs = replicate(&cases.base, SEED, 0..1000, &|| ());
    for (line, forecast) in [90.0, 130.0, 60.0].into_iter().enumerate() {
        let attempts = runs.iter().map(|run| run.lines[line].total.attempts);
        let found = attempts.sum::<u64>() as f64 / runs.len() as f64;
        // Beyond what the factors are sure to, the chance of a thousand days.
        let off = (found / forecast - 1.0).abs();
        assert!(off < 0.03, "{line}: {found} of {forecast}, {scaled:?}");
    }
}

#[test]
fn a_line_that_nobody_calls_has_no_factor() {
    let quiet = "date,start,interval_min,line,calls\n2026-11-23,09:00,60,shop,80\n\
                 2026-11-23,10:00,60,shop,80\n2026-11-23,09:00,60,bank,0\n2026-11-23,10:00,60,bank,0\n";
    let scenario = "menu = [\"shop.toml\", \"bank.toml\"]\nforecast = \"calls.csv\"\n\
                    forecast_counts = \"attempts\"\n[staff]\nsupport = 3\n\
                    [callers]\ntalk = \"5m\"\npatience = \"1m\"\n\
                    redial = { after_abandoned = 0.8, delay = \"5m\", attempts = 6 }\n";
    let mut both = cases(&[
        ("shop.toml", LINE),
        ("bank.toml", LINE),
        ("groups.toml", GROUPS),
        ("calls.csv", quiet),
        ("day.scenario.toml", scenario),
    ]);
    let redial = "redial = { after_abandoned = 0.8, delay = \"5m\", attempts = 6 }";
    let alone = load(3, redial).scale_to_first_attempts(SEED);
    assert_eq!(both.scale_to_first_attempts(SEED), alone);
}

#[test]
fn the_factors_are_the_same_on_any_number_of_threads() {
    let found = [1, 3].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.expect("threads");
        pool.install(|| {
            let redial = "redial = { after_turned_away = 0.5, delay = \"5m\" }";
            [load(0, redial), three_lines()].map(|mut cases| cases.scale_to_first_attempts(SEED))
        })
    });
    assert_eq!(found[0], found[1]);
}
