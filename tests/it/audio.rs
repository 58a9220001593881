//! `strowger audio`: placeholders through another program, and recordings that are not as they should
//! be. The program is `cat` or `cp` here; `tests/speech.rs` lets a real one speak.

use crate::cli::run;
use crate::cli::says;
use crate::cli::strowger;
use crate::temporary::Temporary;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use strowger::menu::audio::Placeholder;
use strowger::menu::audio::wav;
use strowger::menu::codes::Block;
use strowger::menu::diagnostic::AUDIO_CODES;

const LINE: &str = r#"[line]
name      = "Desk"
timezone  = "Etc/UTC"
languages = ["en"]
start     = "main"
audio     = "audio"
[menu.main]
say     = "Welcome. {options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "opening", label = "opening times" }
[answer.opening]
question = "When are you open?"
say  = "We are always open."
then = "main"
"#;
/// Does something to recordings.
type Change<'a> = &'a dyn Fn(&Desk);

/// What `main` says, about as long as it takes.
const MAIN_MS: usize = 3900;
const OTHER_MS: usize = 2500;
const WRONG_MS: usize = 4000;

/// A line with recordings that nobody can find fault with.
struct Desk {
    folder: Temporary,
}

impl Desk {
    fn new() -> Self {
        let folder = Temporary::new(&std::env::temp_dir());
        fs::write(folder.path().join("desk.toml"), LINE).expect("a line");
        Self { folder }
    }

    fn recorded() -> Self {
        let desk = Self::new();
        desk.record("main", &tone(MAIN_MS, 4600.0));
        for (name, ms) in [
            ("opening", OTHER_MS),
            ("silence", OTHER_MS),
            ("wrong-key", WRONG_MS),
        ] {
            desk.record(name, &tone(ms, 4600.0));
        }
        desk
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("audio/en/{name}.wav"))
    }

    fn record(&self, name: &str, samples: &[i16]) {
        self.write(name, &wav::bytes(samples, 8000, ""));
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let file = self.file(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, bytes).expect("a recording");
    }

    fn placeholder(&self, name: &str, words: &str) {
        let samples = tone(OTHER_MS, 4600.0);
        let remark = Placeholder::remark(&samples, words, "a program");
        self.write(name, &wav::bytes(&samples, 8000, &remark));
    }

    /// The exit code and all that is said.
    fn says(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = strowger(args)
            .current_dir(self.folder.path())
            .output()
            .expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        (output.status.code(), said)
    }

    fn check(&self) -> (Option<i32>, String) {
        self.says(&["audio", "check", "desk.toml"])
    }

    fn build(&self, command: &str) -> (Option<i32>, String) {
        self.says(&["audio", "build", "desk.toml", "--command", command])
    }
}

fn tone(ms: usize, amplitude: f64) -> Vec<i16> {
    let sample = |at: usize| (amplitude * (at as f64 * 0.5).sin()) as i16;
    (0..ms * 8).map(sample).collect()
}

/// A recording that a speech program might have made, in a file.
fn speech(folder: &Path) -> String {
    let file = folder.join("speech.wav");
    fs::write(&file, wav::bytes(&tone(1000, 9000.0), 22_050, "")).expect("a file");
    file.display().to_string()
}

#[test]
fn good_recordings_have_nothing_to_report() {
    let desk = Desk::recorded();
    let fine = "4 recordings looked at: nothing to report\n".to_owned();
    assert_eq!(desk.check(), (Some(0), fine));
    let (_, said) = desk.says(&["check", "desk.toml"]);
    assert!(!said.contains("audio-"), "{said}");
}

#[test]
fn what_is_wrong_with_a_recording_is_said() {
    let mut stereo = wav::bytes(&tone(OTHER_MS, 4600.0), 8000, "");
    stereo[22] = 2;
    let quiet = tone(OTHER_MS, 300.0);
    let clipped = tone(OTHER_MS, 60_000.0);
    let mut late = vec![0; 8000];
    late.extend(tone(1500, 4600.0));
    let broken: [(&str, Change<'_>); 15] = [
        ("missing-audio", &|desk| {
            fs::remove_file(desk.file("opening")).expect("there");
        }),
        ("missing-audio", &|desk| {
            fs::remove_dir_all(desk.folder.path().join("audio/en")).expect("there");
            fs::create_dir_all(desk.folder.path().join("audio")).expect("a folder");
        }),
        ("audio-format", &|desk| desk.write("opening", b"ID3")),
        ("audio-format", &|desk| desk.write("opening", &stereo)),
        ("audio-format", &|desk| {
            desk.write(
                "opening",
                &wav::bytes(&tone(2 * OTHER_MS, 4600.0), 16_000, ""),
            );
        }),
        ("audio-placeholder", &|desk| {
            desk.placeholder("opening", "We are always open.");
        }),
        ("audio-placeholder", &|desk| {
            desk.placeholder("opening", "We are never open.");
        }),
        ("audio-level", &|desk| desk.record("opening", &quiet)),
        ("audio-level", &|desk| desk.record("opening", &clipped)),
        ("audio-level", &|desk| desk.record("opening", &[0; 16_000])),
        ("audio-level", &|desk| desk.record("opening", &late)),
        ("text-audio-drift", &|desk| {
            desk.record("opening", &tone(9000, 4600.0));
        }),
        ("unused-audio-file", &|desk| {
            desk.record("closing", &tone(900, 4600.0));
        }),
        ("audio-language", &|desk| {
            let other = desk.folder.path().join("audio/fr");
            fs::create_dir_all(&other).expect("a folder");
            fs::copy(desk.file("main"), other.join("main.wav")).expect("a copy");
        }),
        ("audio-shared", &|desk| {
            let line = LINE.replace("We are always open.", "We are never closed.");
            fs::write(desk.folder.path().join("shop.toml"), line).expect("a line");
        }),
    ];
    let mut story = String::new();
    for (code, change) in broken {
        let desk = Desk::recorded();
        change(&desk);
        let mut args = vec!["audio", "check", "desk.toml"];
        if code == "audio-shared" {
            args.push("shop.toml");
        }
        let (_, said) = desk.says(&args);
        assert!(said.contains(&format!("[{code}]")), "{code}:\n{said}");
        // `check` says the same of a line that names its folder.
        let (_, checked) = desk.says(&[&["check"], &args[2..]].concat());
        assert!(checked.contains(&format!("[{code}]")), "{code}:\n{checked}");
        story.push_str(&said);
        story.push('\n');
    }
    says("audio-check", story);
}

#[test]
fn a_placeholder_is_made_once_and_never_in_the_place_of_a_recording() {
    let desk = Desk::new();
    desk.record("main", &tone(MAIN_MS, 4600.0));
    let command = format!("cp {} {{file}}", speech(desk.folder.path()));
    let made = "3 placeholders made, 0 kept, 1 recording left as recorded\n".to_owned();
    assert_eq!(desk.build(&command), (Some(0), made));
    let before = fs::read(desk.file("opening")).expect("a placeholder");
    let kept = "0 placeholders made, 3 kept, 1 recording left as recorded\n".to_owned();
    assert_eq!(desk.build(&command), (Some(0), kept));
    assert_eq!(
        fs::read(desk.file("opening")).expect("a placeholder"),
        before
    );
    assert!(!desk.file("opening").with_extension("spoken.wav").exists());

    let (code, said) = desk.check();
    assert_eq!(
        (code, said.contains("3 recordings are placeholders")),
        (Some(0), true),
        "{said}"
    );
    let (code, _) = desk.says(&["audio", "check", "desk.toml", "--release"]);
    assert_eq!(code, Some(1));

    // Other words need another placeholder.
    let line = LINE.replace("We are always open.", "We are open on Mondays.");
    fs::write(desk.folder.path().join("desk.toml"), line).expect("a line");
    let (_, said) = desk.check();
    assert!(said.contains("warning[audio-placeholder]"), "{said}");
    let (_, said) = desk.build(&command);
    assert!(said.starts_with("1 placeholder made, 2 kept"), "{said}");
}

#[test]
fn a_program_may_write_to_stdout() {
    let desk = Desk::new();
    let (code, said) = desk.build(&format!("cat {}", speech(desk.folder.path())));
    assert_eq!(code, Some(0), "{said}");
    let sound = wav::read(&desk.file("main")).expect("a sound");
    assert_eq!((sound.rate, sound.channels), (8000, 1));
}

#[test]
fn a_program_that_fails_is_named() {
    let desk = Desk::new();
    let fails = |command: &str, why: &str| {
        let (code, said) = desk.build(command);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains(why), "{command}: {said}");
        assert!(!desk.file("main").exists());
    };
    fails(
        "no-such-speech-program",
        "no-such-speech-program is not installed",
    );
    fails("false", "false ended with 1");
    fails("cat", "is not a WAV file");
    fails("true {file}", "cannot be read");
    // It waits for longer than the test would.
    let slow = [
        "audio",
        "build",
        "desk.toml",
        "--command",
        "sleep 1000",
        "--timeout",
        "1ms",
    ];
    let (code, said) = desk.says(&slow);
    assert_eq!(
        (code, said.contains("took longer than 1ms")),
        (Some(3), true),
        "{said}"
    );
    let (code, said) = desk.build("speak {words}");
    assert_eq!(code, Some(2), "{said}");
    // An empty folder would be one of a line that is recorded.
    let (code, said) = desk.says(&["check", "desk.toml"]);
    assert_eq!(
        (code, said.contains("missing-audio")),
        (Some(0), false),
        "{said}"
    );
}

#[test]
fn what_a_line_allows_of_its_recordings_is_not_reported() {
    let desk = Desk::recorded();
    desk.record("opening", &tone(9000, 4600.0));
    let allowed = "# lint: allow(text-audio-drift)\n[answer.opening]";
    let line = LINE.replace("[answer.opening]", allowed);
    fs::write(desk.folder.path().join("desk.toml"), line).expect("a line");
    let (_, said) = desk.check();
    assert_eq!(said, "4 recordings looked at: nothing to report\n");
    desk.record("opening", &tone(OTHER_MS, 4600.0));
    let (_, said) = desk.check();
    assert!(said.contains("[unused-allow]"), "{said}");
}

#[test]
fn the_lines_that_ship_keep_their_recordings_apart() {
    let files = fs::read_dir("menus").expect("the lines").flatten();
    let files = files.map(|file| file.path().to_string_lossy().into_owned());
    let toml: Vec<String> = files.filter(|file| file.ends_with(".toml")).collect();
    let args: Vec<&str> = ["audio", "check"]
        .into_iter()
        .chain(toml.iter().map(String::as_str))
        .collect();
    // Groups and call tests beside them are passed over; nobody has recorded the lines.
    let (_, out, err) = run(&args);
    assert!(out.ends_with(": 4 errors\n"), "{out}{err}");
    assert_eq!(
        err.matches("error[missing-audio]: there is no folder")
            .count(),
        4,
        "{err}"
    );
}

#[test]
fn every_code_of_recordings_is_drawn() {
    let drawn = fs::read_to_string("tests/it/cli/audio-check.txt").expect("the expected output");
    for code in AUDIO_CODES.iter().map(|code| code.name) {
        assert!(drawn.contains(&format!("[{code}]")), "{code} is not drawn");
    }
}

/// The example of a page is what is reported.
#[test]
fn pages_show_what_is_reported() {
    let drawn = fs::read_to_string("tests/it/cli/audio-check.txt").expect("the expected output");
    for code in AUDIO_CODES {
        let examples = code.blocks().into_iter().filter_map(|block| match block {
            Block::Example { text, .. } => Some(text),
            Block::Heading(_) | Block::Text(_) => None,
        });
        let examples: Vec<&str> = examples.collect();
        assert!(!examples.is_empty(), "{} shows nothing", code.name);
        for example in examples {
            assert!(
                example.contains(&format!("[{}]", code.name)),
                "{}",
                code.name
            );
            assert!(
                drawn.contains(example),
                "{} shows what is not said:\n{example}",
                code.name
            );
        }
    }
}

#[test]
fn help_says_what_there_is_for_recordings() {
    crate::cli::run_says("help-audio-build", &["audio", "build", "--help"]);
    crate::cli::run_says("help-audio-check", &["audio", "check", "--help"]);
    let (code, out, _) = run(&["explain-code", "audio-level"]);
    assert_eq!((code, out.contains("too quiet")), (Some(0), true), "{out}");
}
