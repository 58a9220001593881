//! `[costs]`: what an hour of an agent costs.

use crate::measure::worth::AGENT_HOUR_MAX;
use crate::measure::worth::CURRENCY_CHARS_MAX;
use crate::measure::worth::Costs;
use crate::menu::fields::Fields;

/// What the scenario says; without it saved time is not told in money.
pub(super) fn read(root: &mut Fields<'_>) -> Option<Costs> {
    root.value("costs")?;
    let mut fields = root.section("costs");
    fields.require(
        "agent_hour",
        "say what an hour of an agent costs: `agent_hour = 32.0`",
    );
    fields.require("currency", "name the currency: `currency = \"USD\"`");
    let agent_hour = fields.number("agent_hour", 0.0..=AGENT_HOUR_MAX);
    let currency = fields.text("currency").and_then(|name| {
        if !Costs::can_be_printed(&name.text) {
            let message = "`currency` cannot be printed beside a sum";
            let help = format!("use 1 to {CURRENCY_CHARS_MAX} characters, such as \"EUR\"");
            fields.bad_value(name.place, message, &help);
            return None;
        }
        Some(name.text)
    });
    root.absorb(fields);
    Some(Costs {
        agent_hour: agent_hour?,
        currency: currency?,
    })
}
