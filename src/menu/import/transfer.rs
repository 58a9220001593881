//! Calls to numbers outside: what other systems do with them, and a `transfer` does not.

use super::super::diagnostic::Place;
use super::draft::Step;
use super::draft::To;
use super::tally::Tally;

/// Says where the original goes on when the other side hangs up. Here the call has left the line by then.
pub(super) fn goes_on(step: &mut Step, after: To, place: &Place, tally: &mut Tally) {
    let note = "when the other side hangs up, the original goes on; here the call ends";
    tally.approximate(place, note);
    step.cases
        .push(("the other side has hung up".to_owned(), after));
}
