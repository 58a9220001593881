//! strowger
pub mod exchange;
pub mod menu;
