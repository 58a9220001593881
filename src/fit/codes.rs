//! The codes of problems that only files of recorded calls can have.

use crate::menu::codes::codes;

codes! {
    /// The code of every problem that only counts of calls or call records can have.
    FIT_CODES:
    "count-row",
    "record-row",
}
