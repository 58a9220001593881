//! Comparisons of strategies: the cases of the bad day under other names.

use super::PRETTY;
use super::bad_day;
use crate::measure::figure::Figure;
use crate::measure::paired::Difference;
use crate::report::compare::Comparison;
use crate::report::compare::text;
use crate::report::style::Style;

fn difference(mean: f64, half: f64, real: bool) -> Difference {
    Difference {
        figure: Figure {
            mean: Some(mean),
            low: Some(mean - half),
            high: Some(mean + half),
        },
        p: Some(if real { 0.0 } else { 1.0 }),
        real,
    }
}

/// Worse in its shares, better in its waits, and nothing that can be told apart.
fn comparison() -> Comparison {
    let mut study = bad_day::study();
    study.base.name = "fair".into();
    study.what_ifs[0].name = "longest-idle-bridge".into();
    study.what_ifs[1].name = "random".into();
    study.command = "strowger compare scenarios/overload.scenario.toml".into();
    let of_one = vec![
        ("share_error_rms", difference(24.62, 0.53, true)),
        ("share_error_max", difference(149.1, 13.5, true)),
        ("inequitable_share", difference(0.941, 0.023, true)),
        ("join_flood", difference(-0.02, 0.06, false)),
        ("asa_s", difference(-112.3, 11.0, true)),
        ("service_level", difference(-0.0001, 0.001, false)),
    ];
    let of_other = vec![("share_error_rms", Difference::default())];
    Comparison {
        study,
        differences: vec![of_one, of_other],
    }
}

#[test]
fn what_is_real_is_marked() {
    let page = text(&comparison(), PRETTY);
    snapbox::assert_data_eq!(page, snapbox::file!["strategies.txt"].raw());
}

#[test]
fn a_comparison_fits_its_page() {
    for width in [80, 100] {
        let style = Style {
            width,
            ..Style::PLAIN
        };
        let page = text(&comparison(), style);
        assert!(page.is_ascii());
        for line in page.lines().filter(|line| !line.contains("scenario")) {
            assert!(line.len() <= width, "{width}: {} {line}", line.len());
            assert!(!line.contains("*+") && !line.contains("*-"), "{line}");
        }
    }
}

#[test]
fn one_strategy_differs_from_nothing() {
    let mut one = comparison();
    one.study.what_ifs.clear();
    one.differences.clear();
    one.study.base.summary.runs = 1;
    let page = text(&one, Style::PLAIN);
    assert!(
        page.contains("1 run with the same callers, seed 1"),
        "{page}"
    );
    assert!(!page.contains("DIFFERENCES"), "{page}");
}
