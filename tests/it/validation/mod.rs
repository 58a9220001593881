//! The simulator held against exact theory. `docs/validation.md` is written by these tests.

mod again;
mod day;
mod menus;
mod plain;
mod site;
mod skills;
mod system;
mod watch;

use std::time::Instant;
use system::System;

fn systems() -> Vec<System> {
    let mut all = plain::erlangs();
    all.extend(plain::patiences());
    all.extend(menus::systems());
    all.extend(again::systems());
    all.extend(skills::systems());
    all.extend(day::systems());
    all
}

#[test]
fn systems_hold() {
    for (place, system) in systems()
        .into_iter()
        .enumerate()
        .filter(|(p, _)| [2, 4, 14, 17].contains(p))
    {
        let begun = Instant::now();
        let judged = system.judge(place as u64 + 1);
        println!(
            "{} {} runs {} attempts {:.1?}",
            judged.name,
            judged.runs,
            judged.attempts,
            begun.elapsed()
        );
        println!("   {}", judged.about);
        for row in &judged.rows {
            let _ = row.unit;
            println!(
                "  {:40} {:10.5} {:10.5} {:?} w {:.4} z {:.2} p {:.3} {}",
                row.name,
                row.exact,
                row.mean(),
                row.figure.half_width(),
                row.width(),
                row.distance(),
                row.p(),
                row.is_inside()
            );
        }
    }
}
#[test]
fn only_day() {
    for system in day::systems() {
        let begun = Instant::now();
        let judged = system.judge(18);
        println!("{} {} runs {} attempts {:.1?}", judged.name, judged.runs, judged.attempts, begun.elapsed());
        for row in &judged.rows {
            println!("  {:40} {:10.5} {:10.5} {:?} w {:.4} z {:.2} p {:.3} {}", row.name, row.exact, row.mean(), row.figure.half_width(), row.width(), row.distance(), row.p(), row.is_inside());
        }
    }
}
