//! The JSON Schemas: what they accept the readers read, and what is out of shape neither does.

use boon::Compiler;
use boon::SchemaIndex;
use boon::Schemas;
use serde_json::Value as Json;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use strowger::menu::FileKind;
use strowger::menu::Request;
use strowger::menu::check_groups;
use strowger::menu::check_tests;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::names;
use strowger::menu::schema::Names;
use strowger::menu::schema::Shape;
use strowger::menu::schema::calls::CALLS;
use strowger::menu::schema::document;
use strowger::menu::schema::groups::GROUPS;
use strowger::menu::schema::line::LINE;
use strowger::menu::source::Sources;
use strowger::sim::scenario::SCENARIO;
use strowger::sim::study;
use toml::Value;

#[path = "schema/accepted.rs"]
mod accepted;
#[path = "schema/names.rs"]
mod of_names;
#[path = "schema/page.rs"]
mod page;
#[path = "schema/usual.rs"]
mod usual;

/// Codes of faults of shape, which a schema has to find.
const OF_SHAPE: [&str; 4] = ["bad-value", "missing-field", "unknown-key", "wrong-type"];

fn shape(kind: FileKind) -> &'static Shape {
    match kind {
        FileKind::Line => &LINE,
        FileKind::Groups => &GROUPS,
        FileKind::Scenario => &SCENARIO,
        FileKind::Test => &CALLS,
    }
}

/// The line and the groups that scenarios with problems name, as `tests/plans` has them.
const SHOP: [(&str, &str); 2] = [
    (
        "shop.toml",
        "line = { groups = \"groups.toml\", languages = [\"en\", \"vi\"] }\n\
         menu = { main = {}, questions = {} }\n\
         answer = { returns = {}, delivery = {} }\n\
         queue = { support = {}, sales = {} }\n",
    ),
    ("groups.toml", "group = { support = {}, sales = {} }\n"),
];

/// A compiled schema.
struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    /// Of a kind of file.
    fn new(kind: FileKind) -> Self {
        Self::with(kind, &Names::default())
    }

    /// Of one file, with the names that it may use.
    fn of(path: &Path) -> Self {
        let mut sources = Sources::default();
        for (name, text) in SHOP {
            let folder = Path::new("tests/scenarios/invalid");
            sources.add(&folder.join(name), text.to_owned());
        }
        let names = names(path, &mut sources).expect("a file");
        Self::with(FileKind::of(path), &names)
    }

    fn with(kind: FileKind, names: &Names) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let schema = document("a file", shape(kind), names);
        compiler
            .add_resource("file.json", schema)
            .expect("a schema");
        let index = compiler
            .compile("file.json", &mut schemas)
            .expect("a schema");
        Self { schemas, index }
    }

    fn accepts(&self, file: &Value) -> Result<(), String> {
        let file = json(file);
        let valid = self.schemas.validate(&file, self.index);
        valid.map_err(|error| error.to_string())
    }
}

/// As editors hand TOML to a schema: days and times are texts.
fn json(value: &Value) -> Json {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(yes) => (*yes).into(),
        Value::Datetime(at) => at.to_string().into(),
        Value::Array(list) => list.iter().map(json).collect(),
        Value::Table(table) => {
            let entries = table.iter().map(|(key, value)| (key.clone(), json(value)));
            Json::Object(entries.collect())
        }
    }
}

fn parse(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).expect("a file");
    text.parse::<toml::Table>().ok().map(Value::Table)
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    files.retain(|path| !path.to_string_lossy().ends_with(".set.toml"));
    files.sort();
    files
}

fn valid_files() -> Vec<PathBuf> {
    let folders = [
        "menus",
        "scenarios",
        "tests/menus/valid",
        "tests/scenarios/valid",
        "tests/calls/valid",
    ];
    folders.into_iter().flat_map(files).collect()
}

#[test]
fn shipped_schemas_are_those_of_the_readers() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    for (path, title, kind) in [
        (
            "menus/menu.schema.json",
            "A line of strowger",
            FileKind::Line,
        ),
        (
            "menus/groups.schema.json",
            "Groups and agents of strowger",
            FileKind::Groups,
        ),
        (
            "menus/test.schema.json",
            "Call tests of strowger",
            FileKind::Test,
        ),
        (
            "scenarios/scenario.schema.json",
            "A scenario of strowger",
            FileKind::Scenario,
        ),
    ] {
        let now = format!("{:#}\n", document(title, shape(kind), &Names::default()));
        if overwrite {
            fs::write(path, &now).expect("the schema can be written");
        }
        assert!(
            fs::read_to_string(path).unwrap_or_default() == now,
            "{path} is old"
        );
    }
}

/// What is written for code scanning, for every kind of problem, is SARIF.
#[test]
fn problems_fit_the_schema_of_sarif() {
    let text = fs::read_to_string("tests/sarif.schema.json").expect("a schema");
    let schema: Json = serde_json::from_str(&text).expect("JSON");
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler
        .add_resource("sarif.json", schema)
        .expect("a schema");
    let index = compiler.compile("sarif.json", &mut schemas);
    let index = index.expect("a schema");
    let output = Command::new(env!("CARGO_BIN_EXE_strowger"))
        .args(["check", "--format", "sarif", "--at", "2026-11-23"])
        .args(files("tests/menus/invalid"))
        .args(files("tests/calls/invalid"))
        .output()
        .expect("the program runs");
    let log: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    if let Err(error) = schemas.validate(&log, index) {
        panic!("{error}");
    }
    let results = log["runs"][0]["results"].as_array().expect("results");
    let count = |field: &str| {
        let with = results.iter().filter(|result| !result[field].is_null());
        with.count()
    };
    assert!(results.len() > 100, "{} results", results.len());
    assert!(count("fixes") > 3 && count("relatedLocations") > 3);
}

#[test]
fn good_files_fit_their_schemas() {
    for path in valid_files() {
        let file = parse(&path).expect("TOML");
        for validator in [Validator::new(FileKind::of(&path)), Validator::of(&path)] {
            if let Err(error) = validator.accepts(&file) {
                panic!("{}: {error}", path.display());
            }
        }
    }
}

#[test]
fn files_with_faults_of_shape_do_not() {
    let mut seen = 0;
    for folder in [
        "tests/menus/invalid",
        "tests/scenarios/invalid",
        "tests/calls/invalid",
    ] {
        for path in files(folder) {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let code = name.split('.').next().unwrap_or_default();
            if !OF_SHAPE.contains(&code) {
                continue;
            }
            let validator = Validator::new(FileKind::of(&path));
            let file = parse(&path).expect("TOML");
            assert!(validator.accepts(&file).is_err(), "{} fits", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} files were looked at");
}

/// What the reader finds in a file that lies where the real one does.
fn read(path: &Path, file: &Value) -> Diagnostics {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    sources.add(path, toml::to_string(file).expect("TOML"));
    match FileKind::of(path) {
        FileKind::Groups => check_groups(path, &mut sources, &mut found),
        FileKind::Test => check_tests(path, None, &mut sources, &mut found),
        FileKind::Scenario => {
            study::load(path, None, &mut sources, &mut found);
        }
        FileKind::Line => {
            let request = Request {
                lines: vec![path.to_owned()],
                ..Request::default()
            };
            compile(&request, &mut sources, &mut found);
        }
    }
    found
}

/// The file with each of its values, one after the other, replaced, taken out, or given a neighbour.
fn changes(file: &Value) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    for path in paths(file, &[]) {
        let name = path.join(".");
        let table = Value::Table(toml::Table::new());
        let list = Value::Array(Vec::new());
        for other in [
            Value::Integer(-7),
            Value::from("?!"),
            Value::Boolean(true),
            list,
            table,
        ] {
            let mut changed = file.clone();
            *at(&mut changed, &path) = other.clone();
            changes.push((format!("{name} = {other}"), changed));
        }
        let (last, parent) = path.split_last().expect("a path");
        for add in [false, true] {
            let mut changed = file.clone();
            if let Value::Table(table) = at(&mut changed, parent) {
                if add {
                    table.insert("nonsense".to_owned(), Value::Boolean(true));
                } else {
                    table.remove(last);
                }
                let what = if add { "beside" } else { "without" };
                changes.push((format!("{what} {name}"), changed));
            }
        }
    }
    changes
}

fn paths(value: &Value, path: &[String]) -> Vec<Vec<String>> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Table(table) => table
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(list) => {
            let numbered = list.iter().enumerate();
            numbered
                .map(|(place, value)| (place.to_string(), value))
                .collect()
        }
        _ => Vec::new(),
    };
    let mut paths = Vec::new();
    for (key, value) in inner {
        let path = [path, &[key]].concat();
        paths.extend(self::paths(value, &path));
        paths.push(path);
    }
    paths
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> &'v mut Value {
    path.iter().fold(value, |value, key| match value {
        Value::Array(list) => &mut list[key.parse::<usize>().expect("a place")],
        value => &mut value[key.as_str()],
    })
}

/// Faults that a schema finds wherever the reader does.
fn out_of_shape(found: &Diagnostics) -> bool {
    found.has("wrong-type") || found.has("unknown-key")
}

#[test]
fn readers_and_schemas_agree_on_what_is_out_of_shape() {
    let mut wrong = Vec::new();
    for path in [
        "tests/menus/valid/everything.toml",
        "tests/menus/groups.toml",
        "tests/calls/valid/all-fields.test.toml",
        "scenarios/ordinary-day.scenario.toml",
        "scenarios/erlang-a.scenario.toml",
        "menus/groups.toml",
    ] {
        let path = Path::new(path);
        let validator = Validator::new(FileKind::of(path));
        for (what, changed) in changes(&parse(path).expect("TOML")) {
            let found = read(path, &changed);
            let fits = validator.accepts(&changed);
            // Any key may be set, and is judged where it stands.
            if what.contains(".set.") {
                continue;
            }
            let said = match &fits {
                Err(_) if !found.has_errors() => "is read and does not fit",
                Ok(()) if out_of_shape(&found) => "fits and is not read",
                _ => continue,
            };
            wrong.push(format!("{}: {what}: {said}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
