//! Numbers outside that are dialled for calls back. The channel is called as the call is.

use super::call::Call;
use super::heard::parse_channel;
use super::output::Output;
use super::output::Purpose;
use super::request::Request;
use super::translator::CALLS_MAX;
use super::translator::Translator;
use crate::daemon::bridge::protocol::Event;

/// What stands for the number in an endpoint.
const NUMBER: &str = "{number}";
/// The longest number, in digits: more than E.164 has.
const DIGITS_MAX: usize = 20;
/// The first argument of channels that were dialled.
pub(super) const ARGUMENT: &str = "dial";

/// How a number outside is dialled: an endpoint of Asterisk's with `{number}` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside(String);

impl Outside {
    /// Reads `PJSIP/{number}@trunk`.
    ///
    /// # Errors
    /// If it is no such endpoint, in words for whoever wrote it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let good = text.matches(NUMBER).count() == 1
            && text.contains('/')
            && !text.contains(char::is_whitespace);
        match good {
            true => Ok(Self(text.to_owned())),
            false => Err(format!(
                "write an endpoint with {NUMBER} in it, such as PJSIP/{NUMBER}@trunk"
            )),
        }
    }

    /// The endpoint of a number; none for what is no number, which could lead anywhere.
    fn endpoint(&self, number: &str) -> Option<String> {
        let digits = number.strip_prefix('+').unwrap_or(number);
        let good = (1..=DIGITS_MAX).contains(&digits.len());
        let good = good && digits.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| self.0.replace(NUMBER, number))
    }
}

impl Translator {
    /// Strowger wants a number dialled. One that cannot be has failed at once.
    pub(super) fn dial(
        &mut self,
        call: String,
        (number, show): (&str, Option<&str>),
        ring_ms: u64,
        out: &mut Vec<Output>,
    ) {
        if let Some(known) = self.calls.get(&call) {
            // Asked again after what was reported was lost: it rings, or has answered.
            if !known.dialling {
                out.push(Output::Report(Event::DialAnswered { call }));
            }
            return;
        }
        let outside = self.outside.as_ref();
        let endpoint = outside.and_then(|outside| outside.endpoint(number));
        let Some(endpoint) = endpoint.filter(|_| self.calls.len() < CALLS_MAX) else {
            return out.push(Output::Report(Event::DialFailed { call }));
        };
        // Strowger hangs up when it has rung long enough; this is for the day when it is away.
        let seconds = ring_ms.div_ceil(1000).max(1) + 5;
        let mut request = Request::post(&["channels", &call])
            .with("endpoint", &endpoint)
            .with("app", &self.app)
            .with("appArgs", &format!("{ARGUMENT},{call}"))
            .with("timeout", &seconds.to_string());
        if let Some(show) = show {
            request = request.with("callerId", show);
        }
        self.calls.insert(call.clone(), Call::dialled());
        out.push(Output::Ask(request, Purpose::Dial(call)));
    }

    /// A number that was dialled answers, or a channel that nobody dialled says so.
    pub(super) fn dial_answered(&mut self, call: &str, out: &mut Vec<Output>) {
        match self.calls.get_mut(call) {
            Some(known) => {
                if std::mem::take(&mut known.dialling) {
                    let call = call.to_owned();
                    out.push(Output::Report(Event::DialAnswered { call }));
                }
            }
            // Picked up while the ringing was being stopped, or before a restart.
            None => super::output::ask(Request::delete(&["channels", call]), out),
        }
    }

    /// How a number that is being dialled stands, as far as Asterisk knows.
    pub(super) fn dial_stands(
        &mut self,
        call: &str,
        (status, body): (u16, &str),
        out: &mut Vec<Output>,
    ) {
        if status >= 400 {
            self.gone(call, out);
        } else if parse_channel(body).is_ok_and(|channel| channel.state == "Up") {
            self.dial_answered(call, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_are_dialled() {
        let outside = Outside::parse("PJSIP/{number}@trunk").expect("an endpoint");
        let dialled = outside.endpoint("+441632960001");
        assert_eq!(dialled.as_deref(), Some("PJSIP/+441632960001@trunk"));
        for number in [
            "",
            "+",
            "201@other",
            "1 2",
            "123456789012345678901",
            "anonymous",
        ] {
            assert_eq!(outside.endpoint(number), None, "{number}");
        }
    }

    #[test]
    fn an_endpoint_has_a_place_for_the_number() {
        for text in [
            "",
            "PJSIP/trunk",
            "{number}",
            "PJSIP/{number}/{number}",
            "PJSIP/{number} x",
        ] {
            assert!(Outside::parse(text).is_err(), "{text}");
        }
    }
}
