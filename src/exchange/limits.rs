//! Every bound of the exchange, by name.

use super::time::Span;

/// Calls in progress at one time; further ones are refused as blocked.
pub const CALLS_MAX: usize = 1_000_000;
/// Callers waiting in one group when the group sets no `max_waiting` of its own.
pub const WAITING_MAX: u32 = 10_000;
/// Keys held for one call, typed ahead or being entered.
pub const DIGITS_MAX: usize = 32;
/// Names of a directory that are offered at one time, by the keys from 1 on.
pub const OFFERED_MAX: usize = 8;
/// Menus remembered for `@back`; the oldest is forgotten first.
pub const MENU_DEPTH_MAX: usize = 16;
/// Entries of digits that one call may keep.
pub const VARIABLES_MAX: usize = 8;
/// Values of look-ups that one call may keep beside them.
pub const VALUES_MAX: usize = 32;
/// The longest value that is kept of an answer, in bytes; a longer one counts as none.
pub const VALUE_BYTES_MAX: usize = 256;
/// An answer that takes longer is bridged by the words of the look-up.
pub const LOOKUP_SILENCE: Span = Span(600);
/// Tickets that one call may leave; at further ones it goes on as if it had left them.
pub const TICKETS_MAX: u8 = 16;
/// Steps passed without waiting for anything (hours, closed queues); more is a fault of the plan.
pub const CHAIN_MAX: usize = 64;
/// Calls back that are promised at one time; who asks for one more is told no.
pub const CALLBACKS_MAX: usize = 100_000;
/// The furthest ahead that anybody may ask to be called: a year.
pub const CALLBACK_AHEAD_MAX: Span = Span::minutes(366 * 24 * 60);
/// A rung of the overload ladder is left when the expected wait has been below this share of the one
/// at which it is entered, in percent, ...
pub const OVERLOAD_LEAVE_PERCENT: u64 = 70;
/// ... for so long.
pub const OVERLOAD_CALM: Span = Span::seconds(60);
/// Callers of whom it is remembered who took their last call; the oldest are forgotten first.
pub const KNOWN_MAX: usize = 100_000;
/// Callers who hung up in line whose place is kept for a while; the oldest are forgotten first.
pub const RETURNING_MAX: usize = 100_000;
/// Callers whose calls are counted against a line's `caller_limit`; the oldest are forgotten first.
pub const COUNTED_MAX: usize = 100_000;
/// The most calls that a `caller_limit` allows.
pub const CALLER_CALLS_MAX: usize = 100;
/// How long a caller who was transferred to an agent waits for that agent in particular.
pub const TRANSFER_WAIT: Span = Span::seconds(60);
/// Groups that an agent may be moved to at once.
pub const AGENT_GROUPS_MAX: usize = 8;
/// Agents remembered as having been tried for one call.
pub const TRIED_MAX: usize = 4;
/// The longest call when a line does not say.
pub const MAX_CALL: Span = Span::minutes(120);
/// A recording shorter than this is no message: it is neither kept nor counted.
pub const MESSAGE_MIN: Span = Span::seconds(2);
/// The share of an answer that has to be heard to count, in percent.
pub const HEARD_PERCENT: u64 = 80;
/// Expected waits are not announced below this.
pub const ANNOUNCED_WAIT_MIN: Span = Span::seconds(30);
/// Expected waits above this are announced as "more than".
pub const ANNOUNCED_WAIT_MAX: Span = Span::minutes(15);
/// Versions of menus that calls may follow at one time.
pub const VERSIONS_MAX: usize = 100;
/// Versions that are kept though nobody follows them: what they alone have comes back as it was, if it is
/// soon published again.
pub const VERSIONS_SPARE: usize = 8;
/// Lines of all versions together.
pub const LINES_MAX: usize = 20_000;
/// Queues of all versions together.
pub const QUEUES_MAX: usize = 60_000;
/// Lanes of all versions together, and kinds of agents.
pub const LANES_MAX: usize = 60_000;
/// Languages of all versions together.
pub const LANGUAGES_MAX: usize = 250;

/// Whether a recording of this length is a message.
pub fn is_message(length: Span) -> bool {
    length >= MESSAGE_MIN
}
