//! Files of other systems, and the lines that come of them.
//!
//! `tests/import/<system>/` holds files of our own and exactly what is made of them: the line,
//! `groups.toml` and `summary.txt`. `tests/import/invalid/<system>-<name>` draws what
//! `<system>-<name>.stderr` says. `SNAPSHOTS=overwrite cargo test --test import` writes these anew.
//! Where a corpus of real files lies beside the checkout, they are imported too.

use mutations::apply;
use mutations::mutation;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use strowger::menu;
use strowger::menu::check_tests;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::diagnostic::IMPORT_CODES;
use strowger::menu::import::Fate;
use strowger::menu::import::Imported;
use strowger::menu::import::Request;
use strowger::menu::import::System;
use strowger::menu::import::import;
use strowger::menu::source::Sources;
use temporary::Temporary;

mod mutations;
#[path = "journal/temporary.rs"]
mod temporary;

/// Each folder, its system, and the files that belong together.
const CASES: &[(&str, System, &[&str])] = &[
    (
        "freeswitch",
        System::FreeSwitch,
        &["reception.xml", "phrases.xml", "callcenter.conf.xml"],
    ),
    (
        "asterisk",
        System::Asterisk,
        &["extensions.conf", "queues.conf"],
    ),
    (
        "freepbx",
        System::FreePbx,
        &["generated.conf", "queues.conf"],
    ),
    (
        "freepbx-tables",
        System::FreePbx,
        &["ivr_details.csv", "ivr_entries.csv"],
    ),
    ("freepbx-dump", System::FreePbx, &["asterisk.sql"]),
    ("asterisk-includes", System::Asterisk, &["extensions.conf"]),
    ("freeswitch-includes", System::FreeSwitch, &["ivr.conf.xml"]),
    (
        "freeswitch-leftover",
        System::FreeSwitch,
        &["bakery.xml", "callcenter.conf.xml"],
    ),
    ("twilio", System::Twilio, &["flow.json"]),
    ("twilio-requests", System::Twilio, &["clinic.json"]),
    ("twilio-leftover", System::Twilio, &["garage.json"]),
    ("voicexml", System::VoiceXml, &["bank.vxml"]),
    ("voicexml-keys", System::VoiceXml, &["claims.vxml"]),
    ("voicexml-unspoken", System::VoiceXml, &["loja.vxml"]),
    ("voicexml-words", System::VoiceXml, &["meter.vxml"]),
    ("voicexml-leftover", System::VoiceXml, &["lido.vxml"]),
    (
        "connect",
        System::Connect,
        &["main.json", "extensions.json"],
    ),
    (
        "asterisk-routines",
        System::Asterisk,
        &["extensions.conf", "queues.conf"],
    ),
    (
        "asterisk-queues",
        System::Asterisk,
        &["extensions.conf", "queues.conf"],
    ),
    (
        "asterisk-options",
        System::Asterisk,
        &["extensions.conf", "queues.conf"],
    ),
    ("connect-values", System::Connect, &["account.json"]),
    ("connect-loops", System::Connect, &["loop.json"]),
    ("connect-loose", System::Connect, &["desk.json"]),
    (
        "connect-ways",
        System::Connect,
        &["harbour.json", "rules.json"],
    ),
];

fn request(system: System, files: Vec<PathBuf>) -> Request {
    Request {
        system,
        files,
        start: None,
        timezone: None,
    }
}

fn paths(folder: &str, files: &[&str]) -> Vec<PathBuf> {
    let folder = Path::new("tests/import").join(folder);
    files.iter().map(|file| folder.join(file)).collect()
}

fn overwrites() -> bool {
    std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite")
}

/// Compares with a file, or writes it.
fn compare(path: &Path, text: &str, wrong: &mut Vec<String>) {
    let is_same = fs::read_to_string(path).is_ok_and(|before| before == text);
    // Other tests read these files meanwhile: what is the same is not written anew.
    if overwrites() && !is_same {
        fs::write(path, text).expect("a snapshot");
    } else if !is_same {
        wrong.push(format!("{} differs; now:\n{text}", path.display()));
    }
}

/// The problems that `check` finds in what was imported.
fn problems(imported: &Imported) -> (bool, String) {
    let mut sources = Sources::sealed();
    sources.add(Path::new("line.toml"), imported.line.clone());
    if let Some(groups) = &imported.groups {
        sources.add(Path::new("groups.toml"), groups.clone());
    }
    let mut found = Diagnostics::default();
    let request = menu::Request {
        lines: vec![PathBuf::from("line.toml")],
        ..menu::Request::default()
    };
    compile(&request, &mut sources, &mut found);
    (found.has_errors(), found.render(&sources, false))
}

fn summary(imported: &Imported, sources: &Sources) -> String {
    let mut text = String::new();
    let tally = &imported.tally;
    let lists = [
        ("worth knowing", tally.notes(Fate::Converted, sources)),
        ("approximated", tally.notes(Fate::Approximated, sources)),
        ("skipped", tally.notes(Fate::Skipped, sources)),
        ("elsewhere", tally.notes_elsewhere(sources)),
    ];
    for (title, notes) in lists {
        let _ = writeln!(text, "{title}");
        for note in notes {
            let name = note.file.rsplit(['/', '\\']).next().unwrap_or_default();
            let _ = writeln!(
                text,
                "  {name}:{}:{}: {}",
                note.line, note.column, note.note
            );
        }
    }
    let _ = writeln!(text, "{:?}", tally.counts());
    text
}

#[test]
fn every_system_gives_exactly_these_lines() {
    let mut wrong = Vec::new();
    for &(folder, system, files) in CASES {
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let imported = import(
            &request(system, paths(folder, files)),
            &mut sources,
            &mut found,
        );
        let imported = imported.unwrap_or_else(|| panic!("{}", found.render(&sources, false)));
        let folder = Path::new("tests/import").join(folder);
        let line = folder.join(format!("{}.toml", imported.name));
        compare(&line, &imported.line, &mut wrong);
        if let Some(groups) = &imported.groups {
            compare(&folder.join("groups.toml"), groups, &mut wrong);
        }
        let summary = summary(&imported, &sources);
        compare(&folder.join("summary.txt"), &summary, &mut wrong);
        let (has_errors, text) = problems(&imported);
        assert!(!has_errors, "{}:\n{text}", folder.display());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn calls_of_imported_lines_are_written_down_beside_them() {
    for name in ["freeswitch/reception", "freepbx/ivr-1"] {
        let path = PathBuf::from(format!("tests/import/{name}.test.toml"));
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        check_tests(&path, None, &mut sources, &mut found);
        assert!(!found.has_errors(), "{}", found.render(&sources, false));
    }
}

#[test]
fn what_cannot_be_imported_is_refused_with_its_place() {
    let mut wrong = Vec::new();
    let mut drawn = Diagnostics::default();
    let entries = fs::read_dir("tests/import/invalid").expect("a folder");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending != "stderr"));
    files.sort();
    assert!(files.len() > 10, "the files are here");
    for path in files {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let system = System::named(name.split('-').next().unwrap_or("")).expect("a system");
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let imported = import(
            &request(system, vec![path.clone()]),
            &mut sources,
            &mut found,
        );
        assert!(
            imported.is_none() && found.has_errors(),
            "{name} is imported"
        );
        let text = found.render(&sources, false);
        compare(&path.with_extension("stderr"), &text, &mut wrong);
        drawn.append(found);
    }
    // A start that is nowhere.
    for &(folder, system, files) in CASES {
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let mut request = request(system, paths(folder, files));
        request.start = Some("nowhere-at-all".to_owned());
        assert!(import(&request, &mut sources, &mut found).is_none());
        assert!(found.has("unknown-start"), "{folder}");
        drawn.append(found);
    }
    for code in IMPORT_CODES.iter().map(|code| code.name) {
        assert!(drawn.has(code), "{code} is drawn by no file");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn calls_can_begin_where_one_wants() {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let mut request = request(System::Asterisk, paths("asterisk", &["extensions.conf"]));
    request.start = Some("outgoing,_9X.".to_owned());
    request.timezone = Some("Europe/London".to_owned());
    let imported = import(&request, &mut sources, &mut found).expect("a line");
    assert!(imported.line.contains("timezone  = \"Europe/London\""));
    assert!(imported.line.contains("[transfer."), "{}", imported.line);
}

/// Real files of the field, where they lie beside the checkout: file, system, and the least share of
/// pieces that have a counterpart, in percent; none for a file that is to be refused.
const CORPUS: [(&[&str], System, Option<usize>); 14] = [
    (
        &["freeswitch/demo_ivr.xml", "freeswitch/demo-ivr.phrases.xml"],
        System::FreeSwitch,
        Some(100),
    ),
    (
        &["freeswitch/new_demo_ivr.xml"],
        System::FreeSwitch,
        Some(100),
    ),
    (
        &["freeswitch/callcenter.conf.xml"],
        System::FreeSwitch,
        Some(100),
    ),
    (&["freeswitch/ivr.conf.xml"], System::FreeSwitch, None),
    (
        &["asterisk/basic-pbx.extensions.conf"],
        System::Asterisk,
        Some(85),
    ),
    (
        &["asterisk/sample.extensions.conf"],
        System::Asterisk,
        Some(85),
    ),
    (
        &["asterisk/self-service.extensions.conf"],
        System::Asterisk,
        Some(100),
    ),
    (
        &["asterisk/definitive-guide.extensions.conf"],
        System::Asterisk,
        None,
    ),
    (&["asterisk/sample.extensions.ael"], System::Asterisk, None),
    (&["twilio-studio/ivr.json"], System::Twilio, Some(100)),
    (&["voicexml/parrot_menu.vxml"], System::VoiceXml, Some(100)),
    (&["voicexml/movies.vxml"], System::VoiceXml, Some(85)),
    (
        &[
            "amazon-connect/routing_flow.json",
            "amazon-connect/mainpatient_flow_in_open.json",
            "amazon-connect/holiday_routing_test.json",
        ],
        System::Connect,
        Some(85),
    ),
    (
        &["amazon-connect/interruptible_queue_with_callback.json"],
        System::Connect,
        Some(85),
    ),
];

#[test]
fn real_files_of_the_field_are_imported() {
    let corpus = Path::new("../shared/corpus");
    if !corpus.is_dir() {
        return;
    }
    for (files, system, least) in CORPUS {
        let paths = files.iter().map(|file| corpus.join(file)).collect();
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let imported = import(&request(system, paths), &mut sources, &mut found);
        let text = found.render(&sources, false);
        let (Some(imported), Some(least)) = (&imported, least) else {
            assert_eq!(imported.is_some(), least.is_some(), "{files:?}\n{text}");
            assert!(
                text.contains("help: "),
                "{files:?} says what to do:\n{text}"
            );
            continue;
        };
        let counts = imported.tally.counts();
        let mapped = counts.converted + counts.approximated;
        let share = mapped * 100 / (mapped + counts.skipped);
        assert!(share >= least, "{files:?}: {share} %");
        let (has_errors, text) = problems(imported);
        assert!(!has_errors, "{files:?}\n{text}");
    }
}

#[test]
fn what_lies_outside_of_the_folders_that_were_named_is_not_read() {
    let folder = Temporary::new(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let at = |name: &str| folder.path().join(name);
    for name in [
        "pbx/more",
        "others",
        "conf/autoload_configs",
        "conf/ivr_menus",
    ] {
        fs::create_dir_all(at(name)).expect("a folder");
    }
    let menu = "[main]\nexten => s,1,Background(hello)\n same => n,WaitExten(5)\n";
    let keys = "exten => 1,1,Hangup()\n";
    let main = format!("{menu}#include more/*.conf\n#include \"../others/*.conf\"\n");
    fs::write(at("pbx/extensions.conf"), main).expect("a file");
    fs::write(at("pbx/more/keys.conf"), keys).expect("a file");
    fs::write(at("others/keys.conf"), keys.replacen('1', "2", 1)).expect("a file");
    fs::write(at("others/extra.conf"), "[extra]\nexten => s,1,Hangup()\n").expect("a file");
    #[cfg(unix)]
    std::os::unix::fs::symlink(at("others/keys.conf"), at("pbx/more/z.conf")).expect("a link");
    let imported = |files: &[&str], system| {
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let files = files.iter().map(|file| at(file)).collect();
        let imported = import(&request(system, files), &mut sources, &mut found);
        let text = found.render(&sources, false);
        let imported = imported.unwrap_or_else(|| panic!("{text}"));
        let skipped = imported.tally.notes(Fate::Skipped, &sources);
        let notes: Vec<String> = skipped.into_iter().map(|note| note.note).collect();
        (imported.line, notes.join("\n"))
    };
    let (line, notes) = imported(&["pbx/extensions.conf"], System::Asterisk);
    assert!(
        line.contains("\n1 = \"@hangup\"") || line.contains("\n1   = \"@hangup\""),
        "{line}"
    );
    assert!(notes.contains("../others/*.conf lies outside"), "{notes}");
    #[cfg(unix)]
    assert!(notes.contains("z.conf lies outside"), "{notes}");
    #[cfg(unix)]
    fs::remove_file(at("pbx/more/z.conf")).expect("it is there");
    // Whoever names a file of that folder may read it.
    let both = ["pbx/extensions.conf", "others/extra.conf"];
    let (line, notes) = imported(&both, System::Asterisk);
    assert_eq!(notes, "");
    assert!(line.contains("\n2   = \"@hangup\""), "{line}");
    // The folders of a FreeSWITCH lie beside each other.
    let ivr = "<configuration><menus><X-PRE-PROCESS cmd=\"include\" data=\"../ivr_menus/*.xml\"/>\
               </menus></configuration>";
    let menu = "<menu name=\"main\" greet-long=\"say:Press 1.\"><entry action=\"menu-exit\" digits=\"1\"/>\
                </menu>";
    fs::write(at("conf/autoload_configs/ivr.conf.xml"), ivr).expect("a file");
    fs::write(at("conf/ivr_menus/main.xml"), menu).expect("a file");
    let file = "conf/autoload_configs/ivr.conf.xml";
    let (line, notes) = imported(&[file], System::FreeSwitch);
    assert!(
        line.contains("[menu.main]") && notes.is_empty(),
        "{line}{notes}"
    );
}

#[test]
fn an_extension_may_begin_with_any_letter() {
    let text = "[a]\nexten => \u{e9}cole77,1,Answer()\n same => n,Background(hello)\n \
                same => n,WaitExten(5)\nexten => 1,1,Hangup()\n";
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let path = PathBuf::from("extensions.conf");
    sources.add(&path, text.to_owned());
    let request = request(System::Asterisk, vec![path]);
    let imported = import(&request, &mut sources, &mut found).expect("a line");
    let told = format!("{imported:?}");
    assert!(told.contains("for which \u{e9} had to wait"), "{told}");
}

#[test]
fn a_counter_is_not_followed_round_by_round() {
    let text = "[a]\nexten => s,1,Set(N=0)\n same => n(ask),Read(ORDER,order,4)\n \
                same => n,Set(N=$[${N} + 1])\n same => n,GotoIf($[${N} > 3]?bye)\n \
                same => n,Goto(ask)\n same => n(bye),Playback(goodbye)\n";
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let path = PathBuf::from("extensions.conf");
    sources.add(&path, text.to_owned());
    let request = request(System::Asterisk, vec![path]);
    let imported = import(&request, &mut sources, &mut found).expect("a line");
    let steps = imported.line.matches("[collect.").count();
    assert!(steps <= 2, "{}", imported.line);
}

#[test]
fn of_actions_with_one_identifier_the_first_is_read() {
    let text = fs::read_to_string("tests/import/connect/main.json").expect("a file");
    let text = text.replace(
        "\"Identifier\": \"a-wrong\"",
        "\"Identifier\": \"a-closed\"",
    );
    let (mut sources, mut found) = (Sources::sealed(), Diagnostics::default());
    let path = PathBuf::from("main.json");
    sources.add(&path, text);
    let request = request(System::Connect, vec![path]);
    let imported = import(&request, &mut sources, &mut found).expect("a line");
    let note = "there are several actions a-closed: only the first is read";
    assert!(imported.line.contains(note), "{}", imported.line);
    assert!(!problems(&imported).0, "{}", problems(&imported).1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_file_makes_an_importer_panic_or_write_what_check_refuses(
        case in 0_usize..CASES.len(),
        which in any::<usize>(),
        changes in prop::collection::vec(mutation(), 1..5),
    ) {
        let (folder, system, files) = CASES[case];
        let paths = paths(folder, files);
        let mut sources = Sources::sealed();
        for (place, path) in paths.iter().enumerate() {
            let mut text = fs::read_to_string(path).expect("a file of this folder");
            if place == which % paths.len() {
                for change in &changes {
                    text = apply(&text, change);
                }
            }
            sources.add(path, text);
        }
        let mut found = Diagnostics::default();
        let imported = import(&request(system, paths), &mut sources, &mut found);
        prop_assert_eq!(imported.is_none(), found.has_errors());
        found.render(&sources, false);
        if let Some(imported) = imported {
            let (has_errors, text) = problems(&imported);
            prop_assert!(!has_errors, "{}\n{}", text, imported.line);
        }
    }
}
