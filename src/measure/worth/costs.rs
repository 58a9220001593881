//! What agents cost.

/// The most that an hour may cost, in whatever currency.
pub const AGENT_HOUR_MAX: f64 = 1e9;
/// The longest name of a currency, in characters.
pub const CURRENCY_CHARS_MAX: usize = 8;

/// By which saved time is told in money.
#[derive(Clone, Debug, PartialEq)]
pub struct Costs {
    /// An hour of an agent, all told.
    pub agent_hour: f64,
    /// The name of the currency, as it is printed: `USD`.
    pub currency: String,
}

impl Costs {
    /// Whether the name of a currency can be printed beside a sum.
    pub fn can_be_printed(currency: &str) -> bool {
        let long = currency.chars().count() > CURRENCY_CHARS_MAX;
        !currency.trim().is_empty() && !long && !currency.chars().any(char::is_control)
    }
}
