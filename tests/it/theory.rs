//! Studies that stop by themselves, against exact theory.

use crate::exact::erlang::erlang_a;
use crate::exact::patience::exponential;
use crate::validation::plain::Plain;
use strowger::measure::Summary;
use strowger::sim::precision::Wanted;
use strowger::sim::precision::run_until;
use strowger::sim::study::LEVEL;

/// How often intervals hold the exact value when they decide themselves when to stop. A little less
/// often than the level: a sample that looks surer than it is stops first.
#[test]
fn studies_that_stop_when_they_are_sure_are_right_nearly_as_often_as_they_say() {
    const STUDIES: u64 = 60;
    const MOST: u32 = 400;
    let exact = erlang_a(10.0, 10, 180.0, 20.0, 60.0, exponential(60.0));
    let plain = Plain {
        warm_up_h: 3,
        hours: 3,
        ..Plain::default()
    };
    let model = plain.site().model();
    let wanted: Wanted = "abandoned_share=1pt".parse().expect("a width");
    wanted.check(&model).expect("a figure");
    let (mut held, mut runs) = (0, 0);
    for seed in 0..STUDIES {
        let ask = (std::slice::from_ref(&wanted), MOST);
        let (figures, reached) = run_until(&model, seed, ask, |_| (), &|| ());
        let summary = Summary::new(&model.plan, model.frame, &figures, LEVEL);
        let share = summary.total.get("abandoned_share");
        assert!(reached[0].reached && share.half_width() <= Some(0.01));
        held += u32::from(share.contains(exact.abandons));
        runs += figures.len();
    }
    // 57 are expected at 95 in 100; with 93 in 100 fewer than 52 would come once in 43 times.
    assert!(held >= 52, "{held} of {STUDIES}");
    let mean = runs as f64 / STUDIES as f64;
    assert!(mean > 12.0 && mean < 100.0, "{mean} runs on average");
}
