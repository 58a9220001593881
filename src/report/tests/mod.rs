//! Whole reports, compared with files beside this one. `SNAPSHOTS=overwrite cargo test` renews them.

mod bad_day;
mod strategies;

use super::json::json;
use super::style::Style;
use super::text::text;
use crate::exchange::time::Span;
use crate::measure::Steady;
use crate::measure::definitions::DEFINITIONS;
use crate::measure::figure::Figure;
use crate::measure::row::Metrics;
use crate::measure::row::Row;
use serde_json::Value;

const PRETTY: Style = Style {
    width: 100,
    colour: false,
    unicode: true,
};

#[test]
fn a_bad_day_is_understood_at_a_glance() {
    let page = text(&bad_day::study(), PRETTY);
    snapbox::assert_data_eq!(page, snapbox::file!["bad_day.txt"].raw());
}

#[test]
fn a_steady_state_has_no_intervals() {
    let page = text(&bad_day::steady(), Style::PLAIN);
    snapbox::assert_data_eq!(page, snapbox::file!["steady.txt"].raw());
}

#[test]
fn no_correlation_is_no_less_than_none() {
    let mut study = bad_day::steady();
    study.base.summary.steady = Some(Steady {
        length: Span::minutes(600),
        warm_up: Span::minutes(60),
        settled: true,
        batches: 64,
        lag_1: -0.001,
        independent: true,
    });
    let page = text(&study, PRETTY);
    assert!(page.contains("lag-1 correlation of 0.00 "), "{page}");
}

#[test]
fn what_is_not_shown_is_not_explained() {
    let mut study = bad_day::steady();
    let came = Figure {
        mean: Some(5.0),
        ..Figure::NONE
    };
    study.base.summary.worth.requests = vec![Row {
        total: Metrics(vec![("requests", came)]),
        about: vec![("by", "at once".to_owned())],
        ..Row::default()
    }];
    let page = text(&study, PRETTY).to_lowercase();
    assert!(!page.contains("went to people"), "{page}");
}

#[test]
fn the_object_for_programs_is_stable() {
    let object = json(&bad_day::short());
    let pretty = serde_json::to_string_pretty(&object).unwrap() + "\n";
    snapbox::assert_data_eq!(pretty, snapbox::file!["short_day.json"].raw());
}

#[test]
fn ascii_pages_are_ascii_and_fit() {
    for width in [40, 80, 90, 100, 200] {
        let style = Style {
            width,
            ..Style::PLAIN
        };
        let page = text(&bad_day::study(), style);
        assert!(page.is_ascii());
        // what the user wrote is never cut: commands, file names
        for line in page.lines().filter(|line| !line.contains("scenario")) {
            assert!(
                line.len() <= style.columns(),
                "{width}: {} {line}",
                line.len()
            );
        }
    }
}

#[test]
fn unicode_pages_fit() {
    for line in text(&bad_day::study(), PRETTY).lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let colourful = Style {
        colour: true,
        ..PRETTY
    };
    let mut page = text(&bad_day::study(), colourful);
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m"] {
        assert!(page.contains(code));
        page = page.replace(code, "");
    }
    let lines = |page: &str| {
        page.lines()
            .map(|line| line.trim_end().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&page), lines(&text(&bad_day::study(), PRETTY)));
}

#[test]
fn every_metric_in_the_object_has_a_definition() {
    fn check(value: &Value) {
        let Value::Object(object) = value else {
            if let Value::Array(list) = value {
                list.iter().for_each(check);
            }
            return;
        };
        for (name, inner) in object {
            let is_metric = inner.get("mean").is_some() && name != "value";
            assert!(
                !is_metric || DEFINITIONS.iter().any(|one| one.name == name),
                "{name}"
            );
            check(inner);
        }
    }
    let object = json(&bad_day::study());
    check(&object);
    let definitions = object["definitions"].as_object().unwrap();
    assert_eq!(definitions.len(), DEFINITIONS.len());
}

#[test]
fn what_ifs_have_the_shape_of_the_base() {
    let object = json(&bad_day::study());
    let what_if = object["what_ifs"][0].as_object().unwrap();
    for key in what_if.keys().filter(|key| *key != "name") {
        assert!(object.get(key).is_some(), "{key}");
    }
    for key in ["scenario", "seed", "runs", "version", "total"] {
        assert!(what_if.contains_key(key), "{key}");
    }
}

#[test]
fn a_figure_of_nothing_is_null_and_numbers_are_short() {
    let object = json(&bad_day::study());
    let second = &object["queues"]["second"]["intervals"][0];
    assert_eq!(second["asa_s"]["mean"], Value::Null);
    assert_eq!(second["entered"]["mean"], 0);
    let text = object.to_string();
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let longest = text
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter(|word| word.contains('.'))
        .map(|word| digits(word.trim_start_matches(['0', '.'])))
        .max();
    assert!(longest <= Some(9), "{longest:?}");
}
