//! What the flags of `try` say, held against the line.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::StepId;
use crate::menu::call_test::Agents;
use crate::menu::call_test::Replies;
use crate::menu::call_test::Reply;
use crate::menu::call_test::Setting;
use crate::menu::call_test::YEARS;
use crate::menu::call_test::lookup_named;
use crate::menu::call_test::names_of;
use crate::menu::value::suggestion;
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// `2026-12-25T10:00`.
pub(super) fn moment(text: &str) -> Result<DateTime, String> {
    let moment: Option<DateTime> = text.parse().ok();
    let moment = moment.filter(|moment| YEARS.contains(&moment.year()));
    moment.ok_or_else(|| {
        let (first, last) = (YEARS.start(), YEARS.end());
        format!("write a day and a time such as 2026-12-25T10:00, from {first} to {last}")
    })
}

pub(super) fn agents(text: &str) -> Result<Agents, String> {
    Agents::named(text).ok_or_else(|| {
        let names = Agents::ALL.map(Agents::name);
        format!("write one of {}", names.join(", "))
    })
}

/// The moment that is given, or now.
pub(super) fn setting(plan: &Dialplan, at: Option<DateTime>) -> Result<Setting, String> {
    if let Some(at) = at {
        return Ok(Setting::at(at));
    }
    let zone = TimeZone::get(&plan.lines[0].timezone).map_err(|error| error.to_string())?;
    let now = Zoned::now().with_time_zone(zone).datetime();
    let now = now.with().subsec_nanosecond(0).build();
    now.map(Setting::at).map_err(|error| error.to_string())
}

pub(super) fn phone(plan: &Dialplan, name: Option<&str>) -> Result<Option<AgentId>, String> {
    let Some(name) = name else {
        return Ok(None);
    };
    let names = plan.agents.iter().map(|agent| agent.name.as_str());
    match names.clone().position(|agent| agent == name) {
        Some(place) => Ok(Some(AgentId(place as u32))),
        None => Err(unknown("--as: no agent", name, names)),
    }
}

/// The plan, with the call beginning in this language.
pub(super) fn plan(mut plan: Dialplan, language: Option<&str>) -> Result<Dialplan, String> {
    let Some(tag) = language else {
        return Ok(plan);
    };
    let tags = plan.languages.iter().map(String::as_str);
    let Some(place) = tags.clone().position(|other| other == tag) else {
        return Err(unknown("--language: no language", tag, tags));
    };
    let languages = &mut plan.lines[0].languages;
    languages.retain(|other| *other != LanguageId(place as u8));
    languages.insert(0, LanguageId(place as u8));
    Ok(plan)
}

/// The answers of look-ups, in turn where several are given for one.
pub(super) fn replies(
    plan: &Dialplan,
    flags: &[String],
) -> Result<BTreeMap<StepId, Replies>, String> {
    let mut given: BTreeMap<StepId, Vec<Reply>> = BTreeMap::new();
    for flag in flags {
        let wrong = |what: String| format!("--lookup {flag}: {what}");
        let (name, values) = flag.split_once('.').ok_or_else(|| {
            wrong("write NAME.VALUE=…, such as order-status.status=shipped".to_owned())
        })?;
        let Some(step) = lookup_named(plan, name) else {
            let steps = plan.steps.iter();
            let lookups = steps.filter(|step| lookup_named(plan, &step.name).is_some());
            let names = lookups.map(|step| step.name.as_str());
            return Err(wrong(unknown("no look-up", name, names)));
        };
        let reply = Reply::parse(values, &names_of(plan, step)).map_err(wrong)?;
        given.entry(step).or_default().push(reply);
    }
    let all = given.into_iter().map(|(step, mut replies)| {
        let replies = match replies.len() {
            1 => Replies::Always(replies.remove(0)),
            _ => Replies::InTurn(replies),
        };
        (step, replies)
    });
    Ok(all.collect())
}

fn unknown<'a>(what: &str, name: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let help = suggestion(name, names);
    let help = help.map_or(String::new(), |help| format!("; {help}"));
    format!("{what} is called \"{name}\"{help}")
}
