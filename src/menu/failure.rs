//! How a look-up fails: the words of `[lookup.NAME.error]`, and of what is said of it elsewhere.

use crate::exchange::dialplan::LookupResult;
use std::ops::RangeInclusive;

/// No answer in time.
pub(crate) const TIMEOUT: &str = "timeout";
/// All other errors.
pub(crate) const ANY: &str = "any";
/// Statuses of HTTP that are errors.
pub(super) const STATUSES: RangeInclusive<i64> = 300..=599;
/// The words and the statuses, as a regular expression.
pub const FORM: &str = "^(any|timeout|[345][0-9][0-9])$";

/// The error that a word, or a status, stands for.
pub(crate) fn of(word: &str) -> Option<LookupResult> {
    match word {
        TIMEOUT => Some(LookupResult::TimedOut),
        ANY => Some(LookupResult::Failed),
        _ => {
            let status: u16 = word.parse().ok()?;
            let is_error = word.len() == 3 && STATUSES.contains(&status.into());
            is_error.then_some(LookupResult::Status(status))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use boon::Compiler;
    use boon::Schemas;
    use serde_json::json;

    #[test]
    fn the_form_is_that_of_the_words_which_are_read() {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let schema = json!({ "pattern": FORM });
        compiler.add_resource("a.json", schema).expect("a schema");
        let index = compiler.compile("a.json", &mut schemas).expect("a schema");
        let words = [
            "", "Any", "anything", "timeoutq", "timeout ", "0404", "+404", "404 ",
        ];
        let words = words.map(str::to_owned).into_iter();
        let statuses = (0..1100).map(|status| status.to_string());
        let known = [TIMEOUT, ANY].map(str::to_owned);
        for word in words.chain(statuses).chain(known) {
            let fits = schemas.validate(&word.as_str().into(), index).is_ok();
            assert_eq!(fits, of(&word).is_some(), "{word}");
        }
        assert_eq!(of("404"), Some(LookupResult::Status(404)));
        assert_eq!(of(TIMEOUT), Some(LookupResult::TimedOut));
        assert_eq!(of(ANY), Some(LookupResult::Failed));
    }
}
