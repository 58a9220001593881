//! Callers whom agents hand on to another queue: they wait again, and talk again.

use crate::written::cases;
use crate::written::shop;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use strowger::exchange::id::CallId;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::RunFigures;
use strowger::sim::HAND_OVERS_MAX;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;
use strowger::sim::run;

const KEYS: &str = r#"
1 = { go = "support", label = "support" }
2 = { go = "sales", label = "sales" }
[queue.support]
group = "support"
max_wait = "30m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[queue.sales]
group = "sales"
max_wait = "30m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#;
const GROUPS: &str = "\
format = 1
[group.support]
wrap_up = { limit = \"10m\" }
[group.sales]
wrap_up = { limit = \"10m\" }
";

fn models(transfers: &str, sellers: u32) -> Vec<Model> {
    let scenario = format!(
        "menu = \"shop.toml\"\nforecast = \"forecast.csv\"\n\
         keys.main = {{ 1 = 1.0 }}\nstaff = {{ support = 100, sales = {sellers} }}\n\
         [callers]\ntalk = \"100s\"\nwrap_up = \"20s\"\nslips = 0.0\nsilent = 0.0\n\
         patience = {{ distribution = \"exponential\", mean = \"90s\" }}\n{transfers}"
    );
    let forecast = "date,start,interval_min,line,calls\n\
                    2026-11-23,09:00,60,shop,300\n\
                    2026-11-23,10:00,60,shop,300\n\
                    2026-11-23,11:00,60,shop,0\n";
    let cases = cases(&[
        ("shop.toml", &shop(KEYS)),
        ("groups.toml", GROUPS),
        ("forecast.csv", forecast),
        ("day.scenario.toml", &scenario),
    ]);
    cases.all().map(|(_, model)| model.clone()).collect()
}

fn model(transfers: &str, sellers: u32) -> Model {
    models(transfers, sellers).remove(0)
}

/// The queue and the length of every talk of each call.
fn talks(model: &Model, replication: u64) -> BTreeMap<CallId, Vec<(String, Span)>> {
    let mut talks: BTreeMap<CallId, Vec<(String, Span)>> = BTreeMap::new();
    run(model, 1, replication, &mut |now: Tick, record: &Record| {
        if let Record::TalkEnded {
            call, queue, since, ..
        } = *record
        {
            let queue = model.plan.queue(queue).name.clone();
            talks.entry(call).or_default().push((queue, now - since));
        }
    });
    talks
}

/// The queues in which calls have entered, and were answered: support, then sales.
fn queues(run: &RunFigures) -> [(u64, u64); 2] {
    [0, 1].map(|queue| {
        let tally = run.queues[queue].total.tally;
        (tally.entered, tally.answered)
    })
}

#[test]
fn who_reaches_nobody_after_a_talk_is_not_served() {
    let model = model("[transfers.support]\nshare = 0.5\nto = \"sales\"\n", 1);
    for run in replicate(&model, 1, 0..4, &|| ()) {
        let [(_, _), (entered, answered)] = queues(&run);
        let (calls, sales) = (run.total.calls, run.queues[1].total.tally);
        assert_eq!(calls.in_progress, 0, "the last hour is empty");
        assert_eq!(calls.handed_on, entered + sales.turned_away);
        assert_eq!(calls.lost_after_talk, calls.handed_on - answered);
        assert!(calls.lost_after_talk > 50, "one seller is not enough");
        assert_eq!(
            run.total.callers_served,
            calls.answered - calls.lost_after_talk
        );
        let unserved = calls.callers - run.total.callers_served;
        assert_eq!(run.total.callers_unserved, unserved);
    }
}

#[test]
fn a_share_of_the_talks_is_followed_by_another_one() {
    let model = model("[transfers.support]\nshare = 0.1\nto = \"sales\"\n", 100);
    let runs = replicate(&model, 1, 0..12, &|| ());
    let sum = |of: fn(&RunFigures) -> u64| runs.iter().map(of).sum::<u64>();
    let first = sum(|run| queues(run)[0].1);
    let second = sum(|run| queues(run)[1].0);
    // The two-sided 99 % of a binomial number of talks.
    let n = first as f64;
    let error = 2.576 * (n * 0.1 * 0.9).sqrt();
    assert!((second as f64 - 0.1 * n).abs() < error, "{second} of {n}");
    for run in &runs {
        run.total.calls.assert_balance();
        // Handed on or not, it is one call that was answered.
        assert_eq!(run.total.calls.answered, queues(run)[0].1);
        let talks = run.queues.iter().map(|queue| queue.total.tally.talks);
        let calls = run.agents.iter().map(|agent| agent.calls);
        assert_eq!(talks.sum::<u64>(), calls.sum::<u64>());
    }
}

#[test]
fn each_talk_has_its_own_length() {
    let transfers = "[transfers.support]\nshare = 0.5\nto = \"sales\"\ntalk = \"40s\"\n";
    let talks = talks(&model(transfers, 100), 0);
    let (support, sales) = ("support".to_owned(), "sales".to_owned());
    let one = vec![(support, Span::seconds(100))];
    let two = [one.clone(), vec![(sales, Span::seconds(40))]].concat();
    let count = |what: &[(String, Span)]| talks.values().filter(|talks| **talks == what).count();
    let (once, twice) = (count(&one), count(&two));
    assert_eq!(once + twice, talks.len(), "{talks:?}");
    assert!(once > 200 && twice > 200, "{once} {twice}");
}

#[test]
fn nobody_is_handed_on_without_end() {
    let transfers = "[transfers.support]\nshare = 1.0\nto = \"sales\"\n\
                     [transfers.sales]\nshare = 1.0\nto = \"support\"\n";
    let talks = talks(&model(transfers, 100), 0);
    let all = 1 + usize::from(HAND_OVERS_MAX);
    assert!(talks.len() > 500 && talks.values().all(|talks| talks.len() == all));
}

#[test]
fn the_second_wait_is_a_wait_of_its_own() {
    // Far too few, so that most hang up in their second wait, which an agent had answered before.
    let transfers = "[transfers.support]\nshare = 0.5\nto = \"sales\"\ntalk = \"10m\"\n";
    let model = model(transfers, 2);
    let mut answered: BTreeMap<CallId, Tick> = BTreeMap::new();
    let mut waits = 0;
    run(
        &model,
        1,
        0,
        &mut |now: Tick, record: &Record| match *record {
            Record::TalkEnded { call, .. } => {
                answered.insert(call, now);
            }
            Record::Unqueued { call, first, .. } if answered.contains_key(&call) => {
                assert_eq!(first, answered[&call]);
                waits += 1;
            }
            Record::Ended { call, .. } => {
                answered.remove(&call);
            }
            _ => {}
        },
    );
    assert!(waits > 100, "{waits}");
    let run = replicate(&model, 1, 0..1, &|| ()).remove(0);
    run.total.calls.assert_balance();
    let sales = run.queues[1].total.tally;
    assert!(sales.abandoned > 100, "{}", sales.abandoned);
    assert_eq!(
        run.total.calls.abandoned,
        run.queues[0].total.tally.abandoned
    );
}

#[test]
fn a_larger_share_hands_on_the_same_callers_and_more() {
    let transfers = "[transfers.support]\nshare = 0.2\nto = \"sales\"\n\
                     [[what_if]]\nname = \"more\"\nset = { \"transfers.support.share\" = 0.4 }\n";
    let models = models(transfers, 100);
    let handed = |model: &Model| -> BTreeSet<u64> {
        let (mut callers, mut handed) = (BTreeMap::new(), BTreeSet::new());
        run(model, 1, 0, &mut |_: Tick, record: &Record| match *record {
            Record::Arrived { call, caller, .. } => {
                callers.insert(call, caller);
            }
            Record::Queued { call, queue, .. } if queue.index() == 1 => {
                handed.insert(callers[&call]);
            }
            _ => {}
        });
        handed
    };
    let (few, more) = (handed(&models[0]), handed(&models[1]));
    assert!(few.len() > 60 && more.len() > 3 * few.len() / 2);
    assert!(few.is_subset(&more));
}

const WARM: &str = "[transfers.support]\nshare = 0.5\nto = \"sales\"\nwarm = true\n\
                    introduction = \"20s\"\ntalk = \"40s\"\n";

#[test]
fn an_agent_who_introduces_a_caller_stays_until_then() {
    let talks = talks(&model(WARM, 100), 0);
    let (support, sales) = ("support".to_owned(), "sales".to_owned());
    // A phone rings for 3 s, all three talk for 20 s, and the other two for 40 s more.
    let one = vec![(support.clone(), Span::seconds(100))];
    let two = vec![
        (support, Span::seconds(100 + 3 + 20)),
        (sales, Span::seconds(20 + 40)),
    ];
    let count = |what: &[(String, Span)]| talks.values().filter(|talks| **talks == what).count();
    let (once, twice) = (count(&one), count(&two));
    assert_eq!(once + twice, talks.len());
    assert!(once > 200 && twice > 200, "{once} {twice}");
}

#[test]
fn nobody_gives_up_in_company() {
    // One seller is far from enough.
    let run = replicate(&model(WARM, 1), 1, 0..1, &|| ()).remove(0);
    run.total.calls.assert_balance();
    let [support, sales] = [0, 1].map(|queue| run.queues[queue].total.tally);
    sales.assert_balance();
    assert!(sales.answered > 50 && sales.length_max > 10, "{sales:?}");
    assert_eq!((sales.abandoned, sales.timed_out), (0, 0), "{sales:?}");
    assert_eq!(run.total.calls.lost_after_talk, 0);
    // The longest of them hold the agents who wait for half an hour.
    assert!(sales.withdrawn > 0, "{sales:?}");
    assert_eq!(run.total.calls.handed_on, sales.answered);
    assert_eq!(run.total.calls.answered, support.answered);
    assert!(support.talk_ms / support.talks > 200_000, "{support:?}");
}

#[test]
fn who_finds_nobody_to_invite_serves_the_caller() {
    let run = replicate(&model(WARM, 0), 1, 0..1, &|| ()).remove(0);
    let sales = run.queues[1].total.tally;
    assert_eq!((sales.entered, sales.turned_away), (0, 0));
    let calls = run.total.calls;
    assert_eq!((calls.handed_on, calls.lost_after_talk), (0, 0));
    assert_eq!(run.total.callers_served, calls.answered);
}

/// By Little's law, whatever the order of service: enough people, so that nobody waits.
#[test]
fn agents_in_company_are_as_busy_as_their_talks_are_long() {
    let runs = replicate(&model(WARM, 100), 1, 0..40, &|| ());
    let sum = |of: fn(&RunFigures) -> u64| runs.iter().map(of).sum::<u64>() as f64;
    let calls = sum(|run| run.queues[0].total.tally.answered);
    let busy_s = |queue: usize| {
        let ms = runs.iter().map(|run| {
            let tally = run.queues[queue].total.tally;
            tally.talk_ms + tally.wrap_up_ms
        });
        ms.sum::<u64>() as f64 / 1000.0
    };
    // Half of the talks, give or take the 99 % of a binomial number.
    let error = 2.576 * (calls * 0.25).sqrt();
    for (queue, once_s, more_s) in [(0, 100.0 + 20.0, 3.0 + 20.0), (1, 0.0, 20.0 + 40.0 + 20.0)] {
        let expected = calls * (once_s + 0.5 * more_s);
        let off = (busy_s(queue) - expected).abs();
        assert!(off < error * more_s, "{off} of {expected} in queue {queue}");
    }
}
