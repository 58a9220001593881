//! Exact queueing theory: the formulas that the simulator is held against, checked themselves
//! against tables that were computed independently.

#[path = "theory/mod.rs"]
mod exact;

use exact::beside::beside_a_list;
use exact::chain::Chain;
use exact::day::Day;
use exact::day::Piece;
use exact::erlang::erlang_a;
use exact::erlang::erlang_a_with_lines;
use exact::erlang::erlang_b;
use exact::erlang::erlang_c;
use exact::ivr::Ivr;
use exact::patience;
use exact::patience::Survival;
use exact::redial::Redial;
use exact::skills::Kind;
use exact::skills::Skills;

/// Tables have eight significant digits, very small values fewer.
#[track_caller]
fn close(found: f64, table: f64) {
    let error = (found - table).abs();
    assert!(error <= 2e-7 * table.abs() + 1e-9, "{found} is not {table}");
}

#[test]
fn erlang_b_agrees_with_the_table() {
    let table = [
        (1.0, 1, 0.5),
        (5.0, 10, 0.01838457),
        (10.0, 10, 0.21458234),
        (10.0, 15, 0.036496945),
        (20.0, 30, 0.0084574983),
        (25.0, 30, 0.052603172),
        (50.0, 60, 0.021668473),
        (95.0, 100, 0.048804206),
        (100.0, 100, 0.075700453),
        (100.0, 117, 0.0097900711),
        (200.0, 220, 0.011041624),
        (1000.0, 1000, 0.024811918),
        (1000.0, 1030, 0.0095600404),
    ];
    for (load, lines, lost) in table {
        close(erlang_b(load, lines), lost);
    }
}

#[test]
fn erlang_c_agrees_with_the_table() {
    let table = [
        (0.8, 1, 180.0, 20.0, 0.8, 720.0, 0.2175817, 0.8),
        (
            10.0, 13, 180.0, 20.0, 0.28527045, 17.116227, 0.79559479, 0.76923077,
        ),
        (
            10.0, 14, 180.0, 20.0, 0.17413193, 7.835937, 0.88835002, 0.71428571,
        ),
        (8.4, 12, 120.0, 20.0, 0.18388863, 6.129621, 0.89907978, 0.7),
        (
            50.0, 58, 240.0, 30.0, 0.19443182, 5.8329547, 0.92847253, 0.86206897,
        ),
        (
            95.0, 100, 300.0, 20.0, 0.50645685, 30.387411, 0.63710781, 0.95,
        ),
        (
            100.0, 112, 300.0, 20.0, 0.16750186, 4.1875466, 0.92473656, 0.89285714,
        ),
        (
            133.0, 145, 240.0, 20.0, 0.21953704, 4.3907407, 0.91923684, 0.91724138,
        ),
        (
            440.0, 450, 300.0, 20.0, 0.52754244, 15.826273, 0.72915068, 0.97777778,
        ),
    ];
    for (load, agents, aht, within, waits, asa, level, occupancy) in table {
        let found = erlang_c(load, agents, aht, within).expect("a stable queue");
        close(found.waits, waits);
        close(found.asa_s, asa);
        close(found.service_level, level);
        close(found.occupancy, occupancy);
    }
    assert!(erlang_c(10.0, 10, 180.0, 20.0).is_none());
}

#[test]
fn erlang_a_agrees_with_the_table() {
    // load, agents, AHT, patience, T | waits, abandons, E[W], E[Lq], occupancy, answered within T,
    // abandoned within T
    #[rustfmt::skip]
    let table = [
        ([95.0, 100.0, 300.0, 120.0, 20.0], [0.25276683, 0.027053575, 3.246429, 1.0280359, 0.9242991, 0.92237943, 0.022847423]),
        ([95.0, 100.0, 300.0, 300.0, 20.0], [0.31735681, 0.020165681, 6.0497044, 1.9157397, 0.9308426, 0.8637683, 0.01398238]),
        ([95.0, 95.0, 300.0, 120.0, 20.0], [0.40445988, 0.050075389, 6.0090467, 1.9028648, 0.94992461, 0.84663518, 0.040213357]),
        ([95.0, 90.0, 300.0, 120.0, 20.0], [0.56648211, 0.08180568, 9.8166816, 3.1086158, 0.96920512, 0.73738384, 0.061723586]),
        ([95.0, 80.0, 300.0, 120.0, 20.0], [0.82902247, 0.16569918, 19.883902, 6.2965688, 0.99073222, 0.4548052, 0.10603092]),
        ([10.0, 10.0, 180.0, 60.0, 20.0], [0.42341767, 0.15752687, 9.4516123, 0.52508957, 0.84247313, 0.71801019, 0.097220222]),
        ([10.0, 13.0, 180.0, 60.0, 20.0], [0.16812846, 0.049169084, 2.950145, 0.16389695, 0.7314084, 0.90896249, 0.034646072]),
        ([50.0, 50.0, 240.0, 240.0, 20.0], [0.51880832, 0.056325006, 13.518002, 2.8162503, 0.94367499, 0.69447262, 0.032481476]),
        ([102.0, 100.0, 1.0, 1.0, 0.1], [0.59171863, 0.049917976, 0.049917976, 5.0916336, 0.96908366, 0.7587773, 0.038290575]),
        ([110.0, 100.0, 1.0, 1.0, 0.1], [0.84172133, 0.099191564, 0.099191564, 10.911072, 0.99088928, 0.48735908, 0.065097887]),
        ([150.0, 100.0, 300.0, 120.0, 20.0], [0.99728127, 0.33338334, 40.006, 20.003, 0.99992499, 0.046991983, 0.15079294]),
        ([200.0, 100.0, 300.0, 120.0, 20.0], [0.99999971, 0.5, 60.0, 40.0, 0.99999999, 9.432e-05, 0.15351533]),
        ([1000.0, 1000.0, 300.0, 120.0, 20.0], [0.39260777, 0.01545401, 1.8544812, 6.1816039, 0.98454599, 0.98414056, 0.015448244]),
    ];
    for ([load, agents, aht, patience, within], row) in table {
        let left = |x: f64| (-x / patience).exp();
        let found = erlang_a(load, agents as u32, aht, within, patience, left);
        let found = [
            found.waits,
            found.abandons,
            found.wait_s,
            found.waiting,
            found.occupancy,
            found.answered_within,
            found.abandoned_within,
        ];
        for (found, table) in found.into_iter().zip(row) {
            close(found, table);
        }
    }
}

#[test]
fn erlang_a_with_lines_agrees_with_the_table() {
    #[rustfmt::skip]
    let table = [
        ([95.0, 100.0, 300.0, 120.0, 105.0], [0.022353737, 0.17150412, 0.010981907, 1.3479607, 0.91833114]),
        ([95.0, 100.0, 300.0, 120.0, 110.0], [0.0065636761, 0.23389109, 0.021802861, 2.6336297, 0.92305179]),
        ([150.0, 100.0, 300.0, 120.0, 120.0], [0.096236009, 0.89867599, 0.2371909, 31.49374, 0.99985963]),
        ([102.0, 100.0, 1.0, 1.0, 300.0], [5.3139183e-20, 0.59171863, 0.049917976, 0.049917976, 0.96908366]),
        ([200.0, 100.0, 300.0, 120.0, 100.0], [0.50481436, 0.0, 0.0, 0.0, 0.99037128]),
    ];
    for ([load, agents, aht, patience, lines], row) in table {
        let found = erlang_a_with_lines(load, agents as u32, aht, patience, lines as u32);
        close(found.blocked, row[0]);
        close(found.waits, row[1]);
        close(found.abandons, row[2]);
        close(found.wait_s, row[3]);
        close(found.occupancy, row[4]);
    }
}

#[test]
fn other_patience_agrees_with_the_table() {
    // patience | waits, abandons, E[W], E[V], answered within 20 s
    let table: Vec<(&str, Survival, [f64; 5])> = vec![
        (
            "exponential",
            patience::exponential(120.0),
            [0.25276683, 0.027053575, 3.246429, 3.5643216, 0.92237943],
        ),
        // By the closed form, which is exact here.
        (
            "deterministic",
            patience::deterministic(120.0),
            [
                0.472081771,
                0.00366576843,
                19.7470081,
                19.7580055,
                0.681482111,
            ],
        ),
        (
            "uniform",
            patience::uniform(120.0),
            [0.29763297, 0.022269038, 5.0152688, 5.344569, 0.88426662],
        ),
        (
            "Erlang-2",
            patience::erlang_2(120.0),
            [0.3297415, 0.018844974, 6.2761459, 6.538198, 0.85813137],
        ),
        (
            "log-normal",
            patience::lognormal(120.0),
            [0.32678361, 0.019160405, 5.9547612, 6.1847495, 0.86497166],
        ),
        (
            "Weibull",
            patience::weibull(120.0),
            [0.19304143, 0.033422708, 1.6931945, 2.0044347, 0.94930349],
        ),
        (
            "hyperexponential",
            patience::hyperexponential(120.0),
            [0.20301938, 0.032358657, 1.852479, 2.1436941, 0.94953314],
        ),
        (
            "one in ten leaves at once",
            patience::one_in_ten_balks(120.0),
            [0.19024541, 0.033720877, 1.7635603, 2.1190672, 0.94408034],
        ),
    ];
    for (name, left, row) in table {
        let found = erlang_a(95.0, 100, 300.0, 20.0, 120.0, left);
        let found = [
            found.waits,
            found.abandons,
            found.wait_s,
            found.offered_wait_s,
            found.answered_within,
        ];
        for (found, table) in found.into_iter().zip(row) {
            let error = (found - table).abs() / table;
            // The steep beginning of the Weibull law costs a digit.
            assert!(error < 1e-6, "{name}: {found} is not {table}");
        }
    }
}

#[test]
fn a_chain_comes_to_what_its_closed_form_says() {
    let exact = erlang_a_with_lines(10.0, 10, 180.0, 60.0, 13);
    let chain = Chain::of(0_u32, |calls| {
        let out = f64::from(calls.min(10)) / 180.0 + f64::from(calls.saturating_sub(10)) / 60.0;
        let up = (calls < 13).then_some((calls + 1, 10.0 / 180.0));
        let down = calls.checked_sub(1).map(|fewer| (fewer, out));
        up.into_iter().chain(down).collect()
    });
    close(chain.share(|calls| calls == 13), exact.blocked);
    let busy = chain.mean(|calls| f64::from(calls.min(10)));
    close(busy / 10.0, exact.occupancy);
}

/// The product form against the chain that it solves, where menus have no memory either.
#[test]
fn the_product_form_is_that_of_the_chain() {
    let ivr = Ivr {
        rate: 0.08,
        menus_s: 30.0,
        goes_on: 0.6,
        agents: 6,
        aht_s: 150.0,
        patience_s: 80.0,
        trunks: 12,
    };
    let chain = Chain::of((0_u32, 0_u32), |(menus, agents)| {
        let mut moves = Vec::new();
        if menus + agents < ivr.trunks {
            moves.push(((menus + 1, agents), ivr.rate));
        }
        if menus > 0 {
            let out = f64::from(menus) / ivr.menus_s;
            moves.push(((menus - 1, agents + 1), out * ivr.goes_on));
            moves.push(((menus - 1, agents), out * (1.0 - ivr.goes_on)));
        }
        if agents > 0 {
            moves.push(((menus, agents - 1), ivr.leaving(agents)));
        }
        moves
    });
    let exact = ivr.solve();
    close(
        chain.share(|(menus, agents)| menus + agents == ivr.trunks),
        exact.blocked,
    );
    close(
        chain.mean(|(_, agents)| f64::from(agents.saturating_sub(6))),
        exact.waiting,
    );
    close(
        chain.mean(|(_, agents)| f64::from(agents.min(6))) / 6.0,
        exact.occupancy,
    );
    let found_busy = |(menus, agents)| if agents >= 6 { f64::from(menus) } else { 0.0 };
    let menus = chain.mean(|(menus, _)| f64::from(menus));
    close(chain.mean(found_busy) / menus, exact.waits);
    // What Little's law makes of it.
    let queued = ivr.rate * ivr.goes_on * (1.0 - exact.blocked);
    close(exact.wait_s * queued, exact.waiting);
    close(exact.abandons * ivr.patience_s, exact.wait_s);
    close(exact.left_in_menu, 0.4 * (1.0 - exact.blocked));
}

#[test]
fn nobody_who_calls_again_leaves_erlang_a_with_lines() {
    let redial = Redial {
        rate: 10.0 / 180.0,
        agents: 10,
        aht_s: 180.0,
        patience_s: 60.0,
        trunks: 13,
        after_blocked: 0.0,
        after_abandoned: 0.0,
        delay_s: 300.0,
    };
    let (found, exact) = (
        redial.solve(),
        erlang_a_with_lines(10.0, 10, 180.0, 60.0, 13),
    );
    close(found.attempts, 1.0);
    close(found.blocked, exact.blocked);
    close(found.wait_s, exact.wait_s);
    close(found.occupancy, exact.occupancy);
    // Whoever calls again is another attempt, and nothing is lost: callers are answered or give up.
    let redial = Redial {
        after_blocked: 0.7,
        after_abandoned: 0.4,
        ..redial
    };
    let found = redial.solve();
    let blocked = found.attempts * found.blocked;
    let abandoned = found.attempts * (1.0 - found.blocked) * found.abandons;
    close(found.answered + 0.3 * blocked + 0.6 * abandoned, 1.0);
    close(found.attempts, 1.0 + 0.7 * blocked + 0.4 * abandoned);
    let queued = redial.rate * found.attempts * (1.0 - found.blocked);
    close(found.waiting, queued * found.wait_s);
}

#[test]
fn one_kind_of_calls_alone_is_erlang_a() {
    let usual = Kind {
        rate: 6.0 / 180.0,
        aht_s: 180.0,
        patience_s: 60.0,
        agents: 4,
    };
    let urgent = Kind {
        rate: 0.0,
        agents: 2,
        ..usual
    };
    let skills = Skills {
        usual,
        urgent,
        both: 3,
    };
    let exact = erlang_a(6.0, 7, 180.0, 20.0, 60.0, patience::exponential(60.0));
    let found = skills.solve();
    close(found.waits[0], exact.waits);
    close(found.wait_s[0], exact.wait_s);
    close(found.waiting[0], exact.waiting);
    close(found.abandons[0], exact.abandons);
    let busy = 4.0 * found.occupancy[0] + 3.0 * found.occupancy_both;
    close(busy / 7.0, exact.occupancy);
}

/// A day that never changes, once it has settled.
#[test]
fn a_long_day_is_erlang_a() {
    let piece = Piece {
        length_s: 7200.0,
        rate: 10.0 / 180.0,
        agents: 10,
    };
    let day = Day {
        aht_s: 180.0,
        patience_s: 60.0,
        balks: 0.0,
        pieces: vec![piece; 3],
        step_s: 1.0,
    };
    let exact = erlang_a(10.0, 10, 180.0, 20.0, 60.0, patience::exponential(60.0));
    let found = day.solve()[1];
    close(found.abandoned / found.came, exact.abandons);
    close(found.waits_s / found.came, exact.wait_s);
    close(found.waiting, exact.waiting);
    close(found.occupancy, exact.occupancy);
}

/// Where nobody ever waits, those who go do not change how many calls there are; they have a share of
/// them, and finish it.
#[test]
fn agents_who_go_finish_their_calls() {
    let piece = |agents| Piece {
        length_s: 3600.0,
        rate: 10.0 / 180.0,
        agents,
    };
    let day = Day {
        aht_s: 180.0,
        patience_s: 60.0,
        balks: 0.0,
        pieces: vec![piece(52), piece(39), piece(39)],
        step_s: 1.0,
    };
    let found = day.solve();
    let going = 10.0 * 13.0 / 52.0 * 180.0 / 3600.0;
    let occupancy = 10.0 / (39.0 + going);
    assert!(
        (found[1].occupancy / occupancy - 1.0).abs() < 1e-6,
        "{found:?}"
    );
    close(found[2].occupancy, 10.0 / 39.0);
}

/// Intervals that another simulator published: ContactCenters, examples MMC and MMCAb, 1000 days of
/// eight hours from an empty system, each.
#[test]
fn a_day_from_empty_is_inside_what_others_simulated() {
    let day = |patience_s| Day {
        aht_s: 120.0,
        patience_s,
        balks: 0.0,
        pieces: vec![
            Piece {
                length_s: 8.0 * 3600.0,
                rate: 4.2 / 60.0,
                agents: 12,
            },
            // until everybody is gone
            Piece {
                length_s: 3600.0,
                rate: 0.0,
                agents: 12,
            },
        ],
        step_s: 1.0,
    };
    let patient = day(f64::INFINITY).solve()[0];
    let minutes = patient.waits_s / patient.came / 60.0;
    assert!((0.097..=0.102).contains(&minutes), "{minutes}");
    assert!((patient.occupancy - 0.695).abs() < 0.005, "{patient:?}");
    let found = day(60.0).solve()[0];
    assert!((57.660..=59.558).contains(&found.abandoned), "{found:?}");
    assert!((found.occupancy - 0.675).abs() < 0.005, "{found:?}");
}

#[test]
fn a_list_for_which_nobody_has_time_changes_nothing_and_every_talk_is_somebodys() {
    let survival: Survival = patience::exponential(60.0);
    let alone = erlang_a(6.0, 10, 180.0, 20.0, 60.0, survival);
    let none = beside_a_list(6.0, (10, 10), 180.0, 60.0);
    close(none.waits, alone.waits);
    close(none.abandons, alone.abandons);
    close(none.wait_s, alone.wait_s);
    close(none.waiting, alone.waiting);
    close(none.occupancy, alone.occupancy);
    assert_eq!(none.calls_out, 0.0);
    for spare in 0..10 {
        let list = beside_a_list(6.0, (10, spare), 180.0, 60.0);
        // Talks that end: those of callers who stay, and those of calls out.
        let talks = list.occupancy * 10.0 / 180.0;
        close(6.0 / 180.0 * (1.0 - list.abandons) + list.calls_out, talks);
        assert!(list.occupancy > none.occupancy && list.waits > none.waits);
    }
}
