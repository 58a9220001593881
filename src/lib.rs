//! Strowger: IVR call routing, simulated and run by the same exchange.
//!
//! > What you simulate is what you run. One deterministic exchange takes `(now, input)` and gives
//! > back effects and its next deadline.
//!
//! | module | holds |
//! |---|---|
//! | [`exchange`] | the core: every call, queue and agent of one site |
//! | [`menu`] | menu files into a dialplan, or diagnostics |
//! | [`measure`] | records into figures with confidence intervals |
//! | [`sim`] | a driver in virtual time: imaginary callers and agents |
//! | [`staffing`] | how many agents it takes, and what Erlang says of it |
//! | [`fit`] | recorded calls into what a scenario says of them |
//! | [`rehearse`] | one call played in virtual time: call tests, the dial pad |
//! | [`report`] | figures into text and JSON |
//! | [`daemon`] | a driver in real time: bridges, the journal, the control API |
//! | [`cli`] | the command line |
//!
//! # The run loop
//!
//! Every driver does the same: hand the exchange `now` and one input, carry out its effects, sleep
//! until its next deadline, wake it.
//!
//! ```
//! use std::path::Path;
//! use std::sync::Arc;
//! use strowger::exchange::Exchange;
//! use strowger::exchange::effect::Effect;
//! use strowger::exchange::id::LineId;
//! use strowger::exchange::input::Input;
//! use strowger::exchange::time::Tick;
//! use strowger::menu::Request;
//! use strowger::menu::compile;
//! use strowger::menu::diagnostic::Diagnostics;
//! use strowger::menu::source::Sources;
//!
//! let mut sources = Sources::default();
//! let mut problems = Diagnostics::default();
//! sources.add(Path::new("groups.toml"), "[group.desk]".to_owned());
//! sources.add(Path::new("hello.toml"), r#"
//!     format = 1
//!     [line]
//!     name = "Hello"
//!     groups = "groups.toml"
//!     timezone = "Europe/London"
//!     languages = ["en"]
//!     start = "hello"
//!     [answer.hello]
//!     question = "Is anybody there?"
//!     say = "Hello. Goodbye."
//!     then = "@hangup"
//! "#.to_owned());
//! let request = Request { lines: vec!["hello.toml".into()], ..Request::default() };
//! let plan = compile(&request, &mut sources, &mut problems)
//!     .unwrap_or_else(|| panic!("{}", problems.render(&sources, false)));
//!
//! let mut exchange = Exchange::new(Arc::new(plan), 0);
//! let mut effects = Vec::new();
//! let call = Input::CallArrived { line: LineId(0), tag: 7, caller: 0, agent: None };
//! exchange.handle(Tick(0), call, &mut effects);
//! assert!(effects.iter().any(|effect| matches!(effect, Effect::Play { .. })));
//! // Nothing is left to do until the prompt ends, but the longest call has a limit.
//! assert_eq!(exchange.next_deadline(), Some(Tick(2 * 60 * 60 * 1000)));
//! ```
//!
//! # The promise
//!
//! Same dialplan, same inputs, same ticks: same effects, byte for byte, on every platform. The
//! simulator adds: same seed, same figures, on one thread or on many.

pub mod cli;
pub mod daemon;
pub mod exchange;
pub mod fit;
pub mod measure;
pub mod menu;
pub mod rehearse;
pub mod report;
pub mod sim;
pub mod staffing;
