//! The ledger for programs.

use super::Hour;
use super::Ledger;
use crate::exchange::time::Span;
use crate::report::json::number;
use serde_json::Value;
use serde_json::json;

/// One object; times in seconds, calls in calls.
pub fn json(ledger: &Ledger) -> Value {
    let seconds = |span: Span| number(Some(span.as_seconds()));
    let hour = |hour: &Hour| {
        json!({
            "from": hour.from,
            "at_work_s": seconds(hour.at_work),
            "came": hour.came,
            "due": number(Some(hour.due)),
            "took": hour.took,
            "owed": number(Some(hour.owed)),
        })
    };
    let note = |(at, words): &(String, String)| json!({ "at": at, "words": words });
    let time = ledger.time;
    json!({
        "agent": ledger.name,
        "groups": ledger.groups,
        "weight": number(Some(ledger.weight)),
        "colleagues": ledger.colleagues,
        "hours": ledger.hours.iter().map(hour).collect::<Vec<_>>(),
        "notes": ledger.notes.iter().map(note).collect::<Vec<_>>(),
        "signed_in_s": seconds(time.signed_in),
        "break_s": seconds(time.breaks),
        "not_ready_s": seconds(time.not_ready),
        "ringing_s": seconds(time.ringing),
        "dialling_s": seconds(time.dialling),
        "talk_s": seconds(time.talking),
        "wrap_up_s": seconds(time.wrap_up),
        "idle_s": seconds(time.free),
        "forgiven": number(Some(ledger.forgiven)),
        "others_per_share": number(ledger.others_per_share),
    })
}
