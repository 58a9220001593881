//! The simulator held against exact theory, figure by figure and all together.
//!
//! `docs/validation.md` is what comes of it; `SNAPSHOTS=overwrite cargo test --test it validation` writes
//! it anew.

mod again;
mod beside;
mod books;
mod classes;
mod company;
mod day;
mod erlangs;
mod menus;
mod page;
mod patiences;
pub(crate) mod plain;
pub(crate) mod site;
mod skills;
mod system;
mod verdict;
mod watch;

use snapbox::Assert;
use snapbox::Data;
use std::path::Path;
use system::Judged;
use system::LEVEL;
use system::Row;
use system::System;

/// Figures at most, so that what can be told from wrong values with so many is told with fewer.
const FIGURES_MAX: usize = 200;

/// In the order of the page. Their places are their seeds: new ones go to the end.
fn systems() -> Vec<System> {
    let systems = [
        erlangs::systems(),
        patiences::systems(),
        menus::systems(),
        again::systems(),
        classes::systems(),
        skills::systems(),
        day::systems(),
        beside::systems(),
        company::systems(),
    ];
    systems.into_iter().flatten().collect()
}

#[test]
fn every_figure_is_held_against_its_exact_value() {
    let systems = systems().into_iter().zip(1..);
    let judged: Vec<Judged> = systems.map(|(system, seed)| system.judge(seed)).collect();
    let books = books::all();
    let text = page::page(&judged, &books);
    let rows: Vec<(&str, &Row)> = judged
        .iter()
        .flat_map(|system| system.rows.iter().map(|row| (system.name, row)))
        .collect();
    assert!(rows.len() <= FIGURES_MAX);
    for (system, row) in &rows {
        // An interval that holds everything says nothing.
        let width = row.width();
        assert!(width < 0.3, "{system}: {}: ±{width} of the value", row.name);
    }
    let p: Vec<f64> = rows.iter().map(|(_, row)| row.p()).collect();
    let refused = verdict::refused(&p).into_iter().map(|place| {
        let (system, row) = rows[place];
        format!(
            "{system}: {}: {} is not {}",
            row.name,
            row.mean(),
            row.exact
        )
    });
    let refused: Vec<String> = refused.collect();
    assert!(refused.is_empty(), "{refused:#?}");
    let missed = rows.iter().filter(|(_, row)| !row.is_inside()).count();
    let likely = verdict::so_many_or_more(missed, rows.len(), 1.0 - LEVEL);
    assert!(
        likely >= verdict::UNLIKELY,
        "{missed} of {} miss",
        rows.len()
    );
    books.iter().for_each(books::Books::balance);
    let kept = Data::read_from(Path::new("docs/validation.md"), None);
    Assert::new().action_env("SNAPSHOTS").eq(text, kept.raw());
}

/// The judge among as many figures as there are, for a simulator that is right and exact values that
/// are not.
#[test]
fn exact_values_that_are_wrong_are_refused() {
    for factor in [0.97, 1.03] {
        let mut system = patiences::systems().swap_remove(0);
        system.figures.retain(|held| held.name == "occupancy");
        system.figures[0].exact *= factor;
        let judged = system.judge(1);
        assert!(!judged.rows[0].is_inside(), "{factor}");
        let mut p = vec![0.5; FIGURES_MAX - 1];
        p.push(judged.rows[0].p());
        assert_eq!(verdict::refused(&p), [FIGURES_MAX - 1], "{factor}");
    }
}
