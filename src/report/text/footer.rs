//! What the figures mean, what was assumed, and how to get them again.

use super::differences;
use super::fairness;
use super::page::Page;
use super::page::is_some;
use super::page::words;
use super::worth;
use crate::measure::definitions::definition;
use crate::report::study::Study;

/// Metrics that need a word, in the order of their appearance.
const EXPLAINED: &[&str] = &[
    "callers_unserved",
    "self_served",
    "blocked",
    "turned_away",
    "service_level",
    "service_level_of_entered",
    "asa_s",
    "wait_mean_s",
    "abandoned_share",
    "queue_length_max",
    "occupancy",
    "fairness",
];

pub(super) fn print(page: &mut Page, study: &Study) {
    assumptions(page, study);
    page.heading("WHAT THE FIGURES MEAN", "");
    for &name in EXPLAINED {
        let total = &study.base.summary.total;
        let shown = total.find(name).is_none_or(is_some);
        let always = name.starts_with("service_level");
        if shown || always {
            page.entry(&words(name), definition(name).sentence);
        }
    }
    differences::explain(page, study);
    worth::explain(page, study);
    fairness::explain(page, study);
    again(page, study);
}

/// How to get the figures again, and from what they came.
pub(in crate::report) fn again(page: &mut Page, study: &Study) {
    page.heading("THE SAME AGAIN", "");
    page.line(format!("  {}", study.command));
    let version = format!("strowger {}, seed {}", study.version, study.seed);
    page.line(format!("  {version}"));
    for (file, hash) in &study.files {
        page.line(format!("  {hash}  {file}"));
    }
}

fn assumptions(page: &mut Page, study: &Study) {
    if study.assumptions.is_empty() {
        return;
    }
    page.heading("ASSUMED", "");
    for (subject, what) in &study.assumptions {
        page.entry(subject, what);
    }
}
