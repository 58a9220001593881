//! The schemas of single files: what names they take.

use super::Validator;
use super::at;
use super::parse;
use super::paths;
use super::read;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use strowger::menu::FileKind;
use strowger::menu::names;
use strowger::menu::source::Sources;
use toml::Value;

/// Faults of names, which the schema of the file itself finds wherever the reader does.
const OF_NAMES: [&str; 14] = [
    "unknown-agent",
    "unknown-calendar",
    "unknown-group",
    "unknown-language",
    "unknown-lookup",
    "unknown-placeholder",
    "unknown-queue",
    "unknown-reason",
    "unknown-step",
    "unknown-survey",
    "unknown-target",
    "unknown-timezone",
    "unknown-want",
    "unknown-want-target",
];

#[test]
fn readers_and_schemas_of_single_files_agree_on_names() {
    let (mut wrong, mut drawn) = (Vec::new(), BTreeSet::new());
    for path in [
        "tests/menus/valid/everything.toml",
        "tests/menus/groups.toml",
        "tests/calls/valid/every-field.test.toml",
        "scenarios/ordinary-day.scenario.toml",
    ] {
        let path = Path::new(path);
        let file = parse(path).expect("TOML");
        let texts = paths(&file, &[]).into_iter().filter(|place| {
            let mut file = file.clone();
            at(&mut file, place).is_str()
        });
        for place in texts {
            let mut changed = file.clone();
            *at(&mut changed, &place) = Value::from("{nothing}");
            let found = read(path, &changed);
            let mut sources = Sources::default();
            sources.add(path, toml::to_string(&changed).expect("TOML"));
            let names = names(path, &mut sources).expect("a file");
            let fits = Validator::with(FileKind::of(path), &names).accepts(&changed);
            let of_names: Vec<&str> = OF_NAMES
                .into_iter()
                .filter(|code| found.has(code))
                .collect();
            let said = match &fits {
                Err(_) if !found.has_errors() => "is read and does not fit",
                Ok(()) if !of_names.is_empty() => "fits and is not read",
                _ => {
                    drawn.extend(of_names);
                    continue;
                }
            };
            wrong.push(format!("{}: {}: {said}", path.display(), place.join(".")));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(drawn.len() > 8, "only {drawn:?} were drawn");
}

/// A file with other words in the place of some.
fn with(path: &Path, words: &str, others: &str) -> (Value, Sources) {
    let text = fs::read_to_string(path).expect("a file");
    assert!(text.contains(words), "{}: {words}", path.display());
    let text = text.replace(words, others);
    let file = text.parse::<toml::Table>().expect("TOML");
    let mut sources = Sources::default();
    sources.add(path, text);
    (Value::Table(file), sources)
}

/// Questions, cases, classes and values belong to one survey or look-up: schemas of kinds cannot know them.
#[test]
fn the_schema_of_a_file_knows_what_each_survey_and_each_look_up_has() {
    let day = Path::new("scenarios/ordinary-day.scenario.toml");
    let calls = Path::new("tests/calls/valid/every-field.test.toml");
    let solved = "solved       = {";
    let shipped = "case    = { shipped";
    let failed = "lookup.balance = { error = \"any\" }";
    for (path, words, others, is_right) in [
        (day, solved, "solvedq = {", false),
        (day, solved, "status = {", false),
        (day, shipped, "case    = { shiped", false),
        (
            day,
            shipped,
            "class = { gold = 0.1 }\ncase = { shipped",
            false,
        ),
        (
            calls,
            failed,
            "lookup.balance = { error = \"timeoutq\" }",
            false,
        ),
        (calls, failed, "lookup.balance = { error = 200 }", false),
        (
            calls,
            failed,
            "lookup.balance = { error = 404, state = \"open\" }",
            false,
        ),
        (calls, failed, "lookup.balance = { stat = \"open\" }", false),
        (
            calls,
            failed,
            "lookup.balance = [{}, { error = [404] }]",
            false,
        ),
        (calls, failed, "lookup.balance = { error = \"503\" }", true),
        (calls, failed, "lookup.balance = { error = 301 }", true),
        (
            calls,
            failed,
            "lookup.balance = { state = 2026-11-27 }",
            true,
        ),
    ] {
        let (file, mut sources) = with(path, words, others);
        let names = names(path, &mut sources).expect("a file");
        let own = Validator::with(FileKind::of(path), &names).accepts(&file);
        let found = read(path, &file);
        let what = format!("{others}: {own:?}, {:?}", found.sorted().first());
        assert_eq!(
            (own.is_ok(), !found.has_errors()),
            (is_right, is_right),
            "{what}"
        );
        let is_list = others.contains('[');
        let of_kind = Validator::new(FileKind::of(path)).accepts(&file);
        assert_eq!(of_kind.is_ok(), !is_list, "{others}: {of_kind:?}");
    }
}

/// Steps and entries whose names tell of a secret say whether they are one, in every schema.
#[test]
fn entries_that_sound_secret_say_whether_they_are() {
    let path = Path::new("tests/menus/invalid/secret-not-masked.toml");
    let validator = Validator::new(FileKind::Line);
    for (name, save, more, is_right) in [
        ("pin", "code", "", false),
        ("my-PIN", "code", "", false),
        ("spin", "code", "", true),
        ("spin", "Card_number", "", false),
        ("spin", "cards", "", true),
        ("pin", "iban", "secret = false", true),
        ("pin", "code", "secret = true", true),
    ] {
        let text = fs::read_to_string(path).expect("a file");
        let text = text.replace("\"pin\"", &format!("\"{name}\""));
        let text = text.replace("collect.pin]", &format!("collect.{name}]\n{more}"));
        let text = text.replace("\"code\"", &format!("\"{save}\""));
        let file = Value::Table(text.parse::<toml::Table>().expect("TOML"));
        let (fits, found) = (validator.accepts(&file), read(path, &file));
        assert_eq!(fits.is_ok(), is_right, "{name}, {save}, {more}: {fits:?}");
        assert_eq!(!found.has_errors(), is_right, "{name}, {save}, {more}");
    }
}

/// A forecast that says what callers want has all of them, and nobody else has calls.
#[test]
fn the_schema_of_a_scenario_knows_the_wants_of_its_file_of_calls() {
    let path = Path::new("tests/scenarios/valid/kinds.scenario.toml");
    let judge = |words: &str, others: &str| {
        let (file, mut sources) = with(path, words, others);
        let names = names(path, &mut sources).expect("a file");
        (
            Validator::with(FileKind::Scenario, &names)
                .accepts(&file)
                .is_ok(),
            Validator::new(FileKind::Scenario).accepts(&file).is_ok(),
        )
    };
    assert_eq!(judge("[wants.help]", "[wants.help]"), (true, true));
    assert_eq!(judge("[wants.help]", "[wants.helpp]"), (false, true));
    assert_eq!(
        judge("[wants.help]", "[wants.help]\nshare = 0.5"),
        (false, true)
    );
}

/// What the program prints for a file, and how it ends.
fn printed(of: &Path) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .arg("schema")
        .arg(of)
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// What a name of this kind may be, by a schema that is printed.
fn listed(schema: &Json, of: &str) -> Vec<String> {
    let names = schema["$defs"][of]["enum"].as_array();
    let names = names.expect("a list of names").iter();
    names
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn the_schema_of_a_file_lists_the_names_that_it_may_use() {
    let folder = tempdir("schema-names");
    let files = [
        (
            "shop.toml",
            "include = [\"common/more.toml\"]\n[line]\ngroups = \"groups.toml\"\nlanguages = \
             [\"en\"]\n[menu.main]\n[queue.help]\n[calendar.desk]\n",
        ),
        ("common/more.toml", "[answer.returns]\n[queue.night]\n"),
        ("groups.toml", "[group.support]\n[agent.ana]\n"),
        ("day.scenario.toml", "menu = \"shop.toml\"\n[wants.help]\n"),
        ("x.test.toml", "menu = \"shop.toml\"\n"),
        ("broken.toml", "[menu.main\n[queue.help]\n"),
    ];
    fs::create_dir_all(folder.join("common")).expect("a folder");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("a file");
    }
    let schema = |name: &str| -> Json {
        let (code, out, err) = printed(&folder.join(name));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{name}");
        serde_json::from_str(&out).expect("JSON")
    };
    let line = schema("shop.toml");
    let built_in = ["@back", "@hangup", "@repeat", "@start"];
    let steps = [&built_in[..], &["help", "main", "night", "returns"]].concat();
    assert_eq!(listed(&line, "names-of-steps"), steps);
    assert_eq!(listed(&line, "names-of-queues"), ["help", "night"]);
    assert_eq!(listed(&line, "names-of-groups"), ["support"]);
    assert_eq!(
        listed(&line, "names-of-calendars"),
        ["always", "desk", "never"]
    );
    assert!(listed(&line, "time-zones").contains(&"Europe/London".to_owned()));

    let day = schema("day.scenario.toml");
    assert_eq!(listed(&day, "names-of-answers"), ["returns"]);
    assert_eq!(
        listed(&day, "names-of-steps-that-serve"),
        ["help", "night", "returns"]
    );
    let transfers = day["properties"]["transfers"]["properties"].as_object();
    let queues: Vec<&String> = transfers.expect("queues").keys().collect();
    assert_eq!(queues, ["help", "night"]);
    assert_eq!(listed(&schema("x.test.toml"), "names-of-agents"), ["ana"]);
    assert_eq!(
        listed(&schema("groups.toml"), "names-of-groups"),
        ["support"]
    );
    // What is no TOML yet, as it is being written, has the names that can be read.
    assert!(listed(&schema("broken.toml"), "names-of-queues").contains(&"help".to_owned()));

    let (code, out, err) = printed(Path::new("nowhere.toml"));
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert!(err.starts_with("error: cannot read nowhere.toml"), "{err}");
    assert!(
        err.contains("the kinds of files are line, groups, scenario and test"),
        "{err}"
    );
    let (code, _, err) = printed(Path::new("lines"));
    assert_eq!(code, Some(3));
    assert!(
        err.contains("help: did you mean `line`? The kinds of files are line,"),
        "{err}"
    );
    let latin1 = folder.join("latin1.toml");
    fs::write(&latin1, b"[line]\nname = \"Caf\xe9\"\n").expect("a file");
    let (code, _, err) = printed(&latin1);
    assert_eq!(code, Some(3));
    assert!(
        err.contains("byte 0xE9 in line 2, column 12 (offset 18)"),
        "{err}"
    );
    assert!(
        err.contains("help: save it as UTF-8, or convert it: iconv"),
        "{err}"
    );
    fs::remove_dir_all(&folder).expect("the folder goes");
}

/// A folder of this test's own.
fn tempdir(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("strowger-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}
