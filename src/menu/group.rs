//! `[group.*]`: the rules of one group of agents.

use super::fields::Fields;
use super::tree::Data;
use super::value;
use crate::exchange::ONE_CALL;
use crate::exchange::dialplan::Group;
use crate::exchange::dialplan::LedgerPeriod;
use crate::exchange::dialplan::Rona;
use crate::exchange::dialplan::Tiers;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;
use std::ops::RangeInclusive;

/// A phone that rings for no time answers by itself.
pub(super) const RINGS: RangeInclusive<Span> = Span::ZERO..=Span::minutes(5);
const HOUR: Span = Span::minutes(60);
pub(super) const RESTS: RangeInclusive<Span> = Span::ZERO..=Span::minutes(10);
pub(super) const SHORT: RangeInclusive<Span> = Span::ZERO..=Span::minutes(1);
pub(super) const WRAP_UPS: RangeInclusive<Span> = Span::ZERO..=HOUR;
pub(super) const TIER_WAITS: RangeInclusive<Span> = Span::ZERO..=HOUR;
pub(super) const ANSWER_TIMES: RangeInclusive<Span> = Span::seconds(1)..=HOUR;
pub(super) const WAITING_LIMIT: i64 = 1_000_000;
/// The most calls of lag that a group may allow.
pub(super) const CATCH_UP_MAX: i64 = 1000;
pub(super) const EXTENSIONS_MAX: i64 = 20;
/// Times of a back-off at most.
const BACK_OFF_MAX: usize = 8;
pub(super) const BACK_OFFS: RangeInclusive<Span> = Span::seconds(1)..=HOUR;

pub(super) fn read(name: &str, fields: &mut Fields<'_>) -> Group {
    let mut group = Group {
        name: name.to_owned(),
        ..Group::default()
    };
    dispatch(&mut group, fields);
    wrap_up(&mut group, fields);
    service_level(&mut group, fields);
    tiers(&mut group.tiers, fields);
    rona(&mut group.rona, fields);
    set(&mut group.ring, fields.duration("ring", RINGS));
    set(&mut group.rest, fields.duration("rest", RESTS));
    set(
        &mut group.short_abandon,
        fields.duration("short_abandon", SHORT),
    );
    set(&mut group.short_talk, fields.duration("short_talk", SHORT));
    let waiting = fields.integer("max_waiting", 0..=WAITING_LIMIT);
    group.max_waiting = waiting.map(|number| number as u32);
    group
}

/// Who gets the next call.
fn dispatch(group: &mut Group, fields: &mut Fields<'_>) {
    let names = Strategy::ALL.map(Strategy::name);
    let strategy = fields.word("strategy", &names).and_then(Strategy::named);
    set(&mut group.strategy, strategy);
    let catch_up = fields.integer("catch_up", 0..=CATCH_UP_MAX);
    set(&mut group.catch_up, catch_up.map(|calls| calls as u16));
    let ledger = fields.word("ledger", &["shift", "day", "week"]);
    let period = |word| match word {
        "shift" => LedgerPeriod::Shift,
        "week" => LedgerPeriod::Week,
        _ => LedgerPeriod::Day,
    };
    set(&mut group.ledger, ledger.map(period));
    let work = fields.number("equal_work", 0.0..=1.0);
    let permille = work.map(|share| (share * 1000.0).round() as u16);
    set(&mut group.equal_work_permille, permille);
    let tie = fields.number("tie_within", 0.0..=CATCH_UP_MAX as f64);
    let tie = tie.map(|calls| (calls * ONE_CALL as f64).round() as i64);
    set(&mut group.tie_within, tie);
    set(&mut group.rank_by_skill, fields.boolean("rank_by_skill"));
}

fn wrap_up(group: &mut Group, fields: &mut Fields<'_>) {
    let Some(mut inner) = fields.inner("wrap_up") else {
        return;
    };
    set(&mut group.wrap_up, inner.duration("limit", WRAP_UPS));
    let then = inner.word("then", &["ready", "not-ready"]);
    set(
        &mut group.wrap_up_then_ready,
        then.map(|then| then == "ready"),
    );
    let extensions = inner.integer("extensions", 0..=EXTENSIONS_MAX);
    set(
        &mut group.wrap_up_extensions,
        extensions.map(|times| times as u8),
    );
    fields.absorb(inner);
}

fn service_level(group: &mut Group, fields: &mut Fields<'_>) {
    let Some(mut inner) = fields.inner("service_level") else {
        return;
    };
    let within = inner.duration("answer_within", ANSWER_TIMES);
    set(&mut group.answer_within, within);
    let share = inner.number("target", 0.0..=1.0);
    let permille = share.map(|share| (share * 1000.0).round() as u16);
    set(&mut group.target_permille, permille);
    fields.absorb(inner);
}

fn tiers(tiers: &mut Tiers, fields: &mut Fields<'_>) {
    let Some(mut inner) = fields.inner("tiers") else {
        return;
    };
    set(&mut tiers.wait, inner.duration("wait", TIER_WAITS));
    set(&mut tiers.times_tier, inner.boolean("times_tier"));
    set(&mut tiers.skip_empty, inner.boolean("skip_empty"));
    let ignore = inner.integer("ignore_up_to", 0..=i64::from(u16::MAX));
    set(&mut tiers.ignore_up_to, ignore.map(|agents| agents as u16));
    fields.absorb(inner);
}

/// `rona = { then = "not-ready" }`, or `{ then = "ready", after = ["10s", "30s", "2m"] }`.
fn rona(rona: &mut Rona, fields: &mut Fields<'_>) {
    let Some(mut inner) = fields.inner("rona") else {
        return;
    };
    let then = inner.word("then", &["not-ready", "ready"]);
    let after = back_off(&mut inner);
    if then == Some("ready") {
        match after {
            Some(after) if !after.is_empty() => *rona = Rona::BackOff(after),
            _ if inner.value("after").is_none() => {
                inner.missing(
                    "after",
                    "after how long: `after = [\"10s\", \"30s\", \"2m\"]`",
                );
            }
            _ => {}
        }
    } else if let Some(place) = inner.key_place("after") {
        let help = "add `then = \"ready\"`, or leave `after` out";
        inner.bad_value(
            place,
            "`after` is for agents who come back by themselves",
            help,
        );
    }
    fields.absorb(inner);
}

fn back_off(fields: &mut Fields<'_>) -> Option<Vec<Span>> {
    let value = fields.value("after")?;
    let place = value.place.clone();
    let help = format!("up to {BACK_OFF_MAX} times from 1s to 1h: [\"10s\", \"30s\", \"2m\"]");
    let spans: Option<Vec<Span>> = fields
        .texts("after")?
        .iter()
        .map(|text| value::duration(&text.text))
        .collect();
    let spans = spans.filter(|spans| {
        let within = spans.iter().all(|span| BACK_OFFS.contains(span));
        within && !spans.is_empty() && spans.len() <= BACK_OFF_MAX
    });
    if spans.is_none() && matches!(value.data, Data::List(_)) {
        fields.bad_value(place, "these are not the times of a back-off", &help);
    }
    spans
}

/// Sets what a file says.
fn set<T>(setting: &mut T, said: Option<T>) {
    if let Some(said) = said {
        *setting = said;
    }
}
