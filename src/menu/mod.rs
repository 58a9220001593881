//! Menu files: text in, a dialplan or diagnostics out.
//!
//! [`compile`] reads line files and the groups files they name. All problems of all files are
//! reported at once; nothing half-valid is ever handed out.
//!
//! ```text
//! source -> tree -> (overrides) -> head, groups, calendars -> lower: steps, keys, prompts
//!        -> agents -> check over the compiled plan
//! ```

mod again;
mod agents;
pub(crate) mod allow;
mod answer;
pub mod audio;
mod calendar;
mod calendar_dates;
pub mod call_test;
mod callback;
pub mod chart;
mod check;
pub mod codes;
mod comments;
mod compile;
pub mod diagnostic;
mod dialling;
pub mod diff;
mod directory;
mod duty;
mod encoding;
mod entry;
pub mod failure;
pub mod fields;
mod file_kind;
mod files;
pub mod fix;
pub(crate) mod fnv;
pub mod graph;
mod group;
mod groups;
mod head;
mod ics;
pub mod import;
mod include;
mod key_table;
mod keypad;
mod keys;
mod lane;
mod line;
mod lookup;
mod lower;
mod names;
pub mod notice;
mod numbers;
mod overrides;
mod phrase;
mod prompt;
mod queue;
mod reasons;
mod recognition;
mod recording;
mod say;
pub mod schema;
pub mod source;
pub mod spoken;
mod step;
mod survey;
mod ticket;
pub mod tree;
pub mod unset;
pub mod value;
mod variables;

pub use call_test::check_tests;
pub use call_test::read_tests;
pub use compile::Request;
pub use compile::compile;
pub use compile::compile_chart;
pub use compile::compile_to_try;
pub use compile::compile_with_unset;
pub use file_kind::FileKind;
pub use files::check_groups;
pub use files::check_lines;
pub use groups::FULL_WEIGHT;
pub use groups::Person;
pub use groups::TIERS_MAX;
pub use names::names;
pub use overrides::Override;
pub use overrides::several_lines;
