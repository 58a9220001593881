//! A small site with everything that can be lost: queues, messages, secrets, an agent line.

use std::fmt::Write;
use std::path::Path;
use strowger::daemon::menus::Menus;
use strowger::daemon::recover::Opening;
use strowger::daemon::vault::SecretKey;
use strowger::daemon::vault::Vault;
use strowger::exchange::time::Span;
use strowger::menu::Request;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

pub(crate) const AGENTS: usize = 6;

/// The key that seals secrets, in hexadecimal, is this 32 times.
pub(crate) const KEY: &str = "5a";

pub(crate) const LINE: &str = include_str!("shop.toml");

/// What a daemon of this site is opened with.
pub(crate) fn opening(sealed: bool) -> Opening {
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    sources.add(Path::new("groups.toml"), groups());
    sources.add(Path::new("shop.toml"), LINE.to_owned());
    let request = Request {
        lines: vec!["shop.toml".into()],
        ..Request::default()
    };
    let plan = compile(&request, &mut sources, &mut problems);
    let plan = plan.unwrap_or_else(|| panic!("{}", problems.render(&sources, false)));
    let key = SecretKey::from_hex(&KEY.repeat(32)).expect("a key");
    Opening {
        menus: Some(Menus::new(plan, &sources)),
        vault: sealed.then(|| Vault::new(key)),
        patience: Span::seconds(60),
        wall_ms: 0,
    }
}

/// The groups file.
pub(crate) fn groups() -> String {
    let mut groups = String::from(
        "format = 1\n[group.support]\nring = \"12s\"\nmax_waiting = 12\n\
         wrap_up = { limit = \"15s\", then = \"ready\" }\n\
         [group.sales]\nring = \"8s\"\nwrap_up = { limit = \"0s\", then = \"ready\" }\n[agent]\n",
    );
    for agent in 0..AGENTS {
        let of = [r#"["support"]"#, r#"["support", "sales"]"#, r#"["sales"]"#][agent % 3];
        let _ = writeln!(
            groups,
            "a{agent} = {{ groups = {of}, device = \"P/{agent}\" }}"
        );
    }
    groups
}
