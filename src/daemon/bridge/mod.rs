//! Bridges: whatever owns the audio, and how it speaks to us.

mod act;
pub mod ari;
pub mod lines;
pub mod link;
pub mod protocol;
pub mod schema;
pub mod session;
pub mod strangers;
pub mod websocket;
pub mod wire;
