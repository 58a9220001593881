//! Files of other systems: the first byte says of which. Whatever is made of them, `check` takes it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::path::PathBuf;
use strowger::menu;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::import::Request;
use strowger::menu::import::System;
use strowger::menu::import::import;
use strowger::menu::source::Sources;

fuzz_target!(|text: &str| {
    let Some(first) = text.bytes().next().filter(u8::is_ascii) else {
        return;
    };
    let system = System::ALL[usize::from(first) % System::ALL.len()];
    let mut sources = Sources::sealed();
    sources.add(Path::new("file"), text[1..].to_owned());
    let request = Request {
        system,
        files: vec![PathBuf::from("file")],
        start: None,
        timezone: None,
    };
    let mut found = Diagnostics::default();
    let imported = import(&request, &mut sources, &mut found);
    found.render(&sources, false);
    let Some(imported) = imported else {
        assert!(found.has_errors());
        return;
    };
    let mut sources = Sources::sealed();
    sources.add(Path::new("line.toml"), imported.line.clone());
    if let Some(groups) = imported.groups {
        sources.add(Path::new("groups.toml"), groups);
    }
    let request = menu::Request {
        lines: vec![PathBuf::from("line.toml")],
        ..menu::Request::default()
    };
    let mut found = Diagnostics::default();
    compile(&request, &mut sources, &mut found);
    assert!(
        !found.has_errors(),
        "{}\n{}",
        found.render(&sources, false),
        imported.line
    );
});
