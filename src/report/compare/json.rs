//! The comparison for programs.

use super::Comparison;
use crate::measure::paired::Difference;
use crate::report::json::case;
use crate::report::json::differences;
use crate::report::json::head;
use crate::report::study::Case;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// One object: `strategies.<name>` with what `simulate` has for a case, `baseline`, and
/// `differences.<name>.<metric>` with mean, interval and whether it is real. Keys are in alphabetical
/// order; the same, byte for byte, for the same comparison.
pub fn json(comparison: &Comparison) -> Value {
    let study = &comparison.study;
    let strategy = |at: &Case| (at.name.clone(), Value::Object(case(study, at)));
    let strategies: Map<String, Value> = study.cases().map(strategy).collect();
    let variant =
        |(at, list): (&Case, &[(&'static str, Difference)])| (at.name.clone(), differences(list));
    let variants: Map<String, Value> = comparison.variants().map(variant).collect();
    let mut object = head(study);
    object.insert("baseline".into(), json!(study.base.name));
    object.insert("strategies".into(), Value::Object(strategies));
    object.insert("differences".into(), Value::Object(variants));
    Value::Object(object)
}
