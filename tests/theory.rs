//! Exact queueing theory: the formulas that the simulator is held against, checked themselves
//! against tables that were computed independently.

#[path = "theory/erlang.rs"]
mod erlang;

use erlang::erlang_a;
use erlang::erlang_a_with_lines;
use erlang::erlang_b;
use erlang::erlang_c;

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

/// Everybody leaves at the same moment; at the jump itself the middle, as the integration wants it.
fn at_once(moment: f64) -> impl Fn(f64) -> f64 {
    move |x| match x - moment {
        later if later > 1e-9 => 0.0,
        earlier if earlier < -1e-9 => 1.0,
        _ => 0.5,
    }
}

/// A law of patience by its survival function.
type Survival = Box<dyn Fn(f64) -> f64>;

#[test]
fn other_patience_agrees_with_the_table() {
    let exponential = |mean: f64| move |x: f64| (-x / mean).exp();
    // mean 120, standard deviation 120
    let sigma = std::f64::consts::LN_2.sqrt();
    let mu = 120f64.ln() - sigma * sigma / 2.0;
    let lognormal = move |x: f64| match x {
        0.0 => 1.0,
        x => 0.5 * libm::erfc((x.ln() - mu) / (sigma * std::f64::consts::SQRT_2)),
    };
    let scale = 120.0 / libm::tgamma(1.0 + 1.0 / 0.7);
    let weibull = move |x: f64| (-(x / scale).powf(0.7)).exp();
    // patience | waits, abandons, E[W], E[V], answered within 20 s
    let table: Vec<(&str, Survival, [f64; 5])> = vec![
        (
            "exponential",
            Box::new(exponential(120.0)),
            [0.25276683, 0.027053575, 3.246429, 3.5643216, 0.92237943],
        ),
        // By the closed form, which is exact here.
        (
            "deterministic",
            Box::new(at_once(120.0)),
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
            Box::new(|x| (1.0 - x / 240.0).max(0.0)),
            [0.29763297, 0.022269038, 5.0152688, 5.344569, 0.88426662],
        ),
        (
            "Erlang-2",
            Box::new(|x| (1.0 + x / 60.0) * (-x / 60.0).exp()),
            [0.3297415, 0.018844974, 6.2761459, 6.538198, 0.85813137],
        ),
        (
            "log-normal",
            Box::new(lognormal),
            [0.32678361, 0.019160405, 5.9547612, 6.1847495, 0.86497166],
        ),
        (
            "Weibull",
            Box::new(weibull),
            [0.19304143, 0.033422708, 1.6931945, 2.0044347, 0.94930349],
        ),
        (
            "hyperexponential",
            Box::new(|x| 0.5 * (-x / 30.0).exp() + 0.5 * (-x / 210.0).exp()),
            [0.20301938, 0.032358657, 1.852479, 2.1436941, 0.94953314],
        ),
        (
            "one in ten leaves at once",
            Box::new(|x| 0.9 * (-x / 120.0).exp()),
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
