//! Menu files: text in, a dialplan or diagnostics out.

pub mod diagnostic;
pub mod source;
