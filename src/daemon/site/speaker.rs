//! From the parts of a prompt to what a bridge says of them.

use super::Site;
use crate::daemon::bridge::protocol::Spoken;
use crate::exchange::dialplan::Form;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::plain_number;
use crate::exchange::effect::Filling;
use crate::exchange::id::CallId;
use crate::exchange::id::VariableId;
use crate::menu::spoken;
use crate::menu::spoken::Said;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Fills in what is known of a call.
pub(super) struct Speaker<'s> {
    pub(super) site: &'s Site,
    pub(super) call: CallId,
    /// The language.
    pub(super) tag: &'s str,
    /// What the exchange has filled in.
    pub(super) fills: &'s [Filling],
}

impl Speaker<'_> {
    pub(super) fn spoken(&self, part: &Part) -> Spoken {
        match part {
            Part::Text(text) => Spoken::Text(text.clone()),
            Part::Value(variable, form) => self.value(*variable, *form),
            Part::Notice => Spoken::Value(self.site.notice(self.call, self.tag).to_owned()),
            Part::Caller => Spoken::Digits(self.caller()),
            Part::Digits(variable) => {
                let digits = self.filled(|fill| match fill {
                    Filling::Digits(other, digits) if other == variable => Some(digits.to_string()),
                    _ => None,
                });
                Spoken::Digits(digits.unwrap_or_default())
            }
            Part::Position => {
                let position = self.filled(|fill| match fill {
                    Filling::Position(position) => Some(*position),
                    _ => None,
                });
                Spoken::Number(position.unwrap_or(1))
            }
            Part::Wait => {
                let minutes = self.filled(|fill| match fill {
                    Filling::Wait(minutes) => Some(*minutes),
                    _ => None,
                });
                Spoken::Minutes(minutes.unwrap_or(1))
            }
        }
    }

    fn filled<T>(&self, wanted: impl FnMut(&Filling) -> Option<T>) -> Option<T> {
        self.fills.iter().find_map(wanted)
    }

    /// The digits of the caller's number.
    fn caller(&self) -> String {
        let facts = self.site.calls().get(self.call);
        let from = facts.and_then(|facts| facts.from.as_deref());
        let mut number = plain_number(from.unwrap_or_default());
        number.retain(|sign| sign.is_ascii_digit());
        number
    }

    /// What a look-up has found, as it is said.
    fn value(&self, variable: VariableId, form: Form) -> Spoken {
        let currency = match form {
            Form::Money(Some(currency)) => self.site.saved(self.call, currency),
            _ => "",
        };
        let today = match form {
            Form::Date => self.today(),
            _ => None,
        };
        let value = self.site.saved(self.call, variable);
        match spoken::say(form, value, currency, self.tag, today) {
            Said::Digits(digits) => Spoken::Digits(digits),
            Said::Number(number) => Spoken::Number(number),
            Said::Date(date, text) => Spoken::Date {
                date: date.to_string(),
                text,
            },
            Said::Time(time, text) => Spoken::Time {
                time: time.strftime("%H:%M").to_string(),
                text,
            },
            Said::Money(amount, currency, text) => Spoken::Money {
                amount,
                currency,
                text,
            },
            Said::Text(text) => Spoken::Value(text),
        }
    }

    /// The day of the last happening, in the time zone of the call's line.
    fn today(&self) -> Option<Date> {
        let exchange = self.site.exchange();
        let line = exchange.plan().line(self.site.line_of_call(self.call));
        let zone = TimeZone::get(&line.timezone).ok()?;
        let now = Timestamp::from_millisecond(self.site.unix_ms(exchange.now())).ok()?;
        Some(now.to_zoned(zone).date())
    }
}
