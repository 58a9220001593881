//! `strowger audio build` with the speech program that it calls unless told otherwise.
//!
//! It needs `espeak-ng`, and `cargo test` needs only Rust: `tests/run` installs it and calls this by its
//! name, `cargo test --test speech`.

#[path = "journal/temporary.rs"]
mod temporary;

use std::fs;
use std::path::Path;
use std::process::Command;
use strowger::menu::audio::wav;
use temporary::Temporary;

/// Runs the program; whether it ended well, and what it said.
fn strowger(args: &[&str], folder: &Path) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strowger"));
    let output = command
        .args(args)
        .current_dir(folder)
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    (output.status.success(), said)
}

/// The lines that ship, with a folder for recordings.
fn lines(folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in fs::read_dir("menus").expect("the lines").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            let inner = folder.join(&name);
            fs::create_dir(&inner).expect("a folder");
            for file in fs::read_dir(entry.path()).expect("a folder").flatten() {
                fs::copy(file.path(), inner.join(file.file_name())).expect("a copy");
            }
            continue;
        }
        let text = fs::read_to_string(entry.path()).expect("a file");
        let lines_of = text.contains("\n[line]\n") && !name.contains(".test.");
        fs::write(folder.join(&name), text).expect("a copy");
        if lines_of {
            lines.push(name);
        }
    }
    lines.sort();
    assert!(lines.len() >= 4, "{lines:?}");
    lines
}

#[test]
fn the_lines_that_ship_get_a_voice_in_every_language() {
    let folder = Temporary::new(&std::env::temp_dir());
    let folder = folder.path();
    let lines = lines(folder);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let (good, said) = strowger(&[&["audio", "build"], &lines[..]].concat(), folder);
    assert!(good, "{said}");
    assert!(said.contains(" 0 kept, 0 recordings left"), "{said}");

    // What was made can be played, is loud enough, and is known for what it is.
    let (good, said) = strowger(&[&["audio", "check"], &lines[..]].concat(), folder);
    assert!(good, "{said}");
    assert!(said.contains("recordings are placeholders"), "{said}");
    let others = said.replace("note[audio-placeholder]", "");
    assert!(
        !others.contains("note[") && !others.contains("warning["),
        "{said}"
    );
    let (good, _) = strowger(
        &[&["audio", "check", "--release"], &lines[..]].concat(),
        folder,
    );
    assert!(!good);

    // A second time there is nothing to do.
    let (good, said) = strowger(&[&["audio", "build"], &lines[..]].concat(), folder);
    assert!(good && said.starts_with("0 placeholders made"), "{said}");

    let sound = wav::read(&folder.join("audio/clinic/en/wrong-key.wav")).expect("a recording");
    assert_eq!((sound.rate, sound.channels), (8000, 1));
    assert!(sound.length_ms() > 1000, "{} ms", sound.length_ms());
}
