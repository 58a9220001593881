//! The menus of a storm: what ships and two lines more, and what takes their place.

use std::path::Path;
use std::path::PathBuf;
use strowger::daemon::menus::Menus;
use strowger::menu::Request;
use strowger::menu::compile;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;

/// A line with a secret entry that calls back, beside those that ship.
const SECRET: &str = r#"
format = 1
[line]
name = "Secret line"
groups = "groups.toml"
timezone = "Europe/London"
numbers = ["900"]
languages = ["en"]
start = "pin"
[collect.pin]
say = "Enter your number."
digits = 4
save = "pin"
secret = true
go = "main"
give_up = "@hangup"
[menu.main]
say = "{options}"
[menu.main.keys]
1 = { go = "pin", label = "another number" }
2 = { go = "reception", label = "reception" }
[queue.reception]
group = "reception"
recording = "ask"
max_wait = "2m"
timeout = "@hangup"
no_agents = "back"
full = "@hangup"
[queue.reception.keys]
5 = { go = "back", label = "a call back" }
[callback.back]
queue = "reception"
say = "We will call you."
confirm = false
attempts = 2
retry = "1m"
then = "main"
"#;

/// One that calls whoever is to be called.
const OUT: &str = r#"
format = 1
[line]
name = "Calls out"
groups = "groups.toml"
timezone = "Europe/London"
numbers = ["+441632960901"]
languages = ["en"]
start = "calls"
trunks = 3
[queue.calls]
group = "reception"
max_wait = "2m"
timeout = "@hangup"
no_agents = "@hangup"
full = "@hangup"
[callback.list]
queue = "calls"
by_request = true
say = "We will call you."
spare_agents = 0
attempts = 2
retry = "1m"
then = "@hangup"
"#;

/// Whoever goes from one edition to the next.
const CHANGES: [(&str, &str); 3] = [
    // Another skill, another group, and another person in the place of one.
    (
        "skills = { en = 100 }\n\n[agent.back-office]",
        "skills = { en = 60 }\n\n[agent.back-office]",
    ),
    (
        "groups = [\"billing\", \"technical\"]",
        "groups = [\"reception\"]",
    ),
    ("[agent.khoa]", "[agent.nora]"),
];

/// The lines that ship, one with a secret entry, and one that calls out. `root` is the folder of the package.
fn menus(root: &Path) -> Menus {
    edition(root, &["clinic.toml", "agent-line.toml", "video.toml"], &[])
}

/// These, and others that take their place: with other people; with a line less and another language
/// more.
pub(crate) fn editions(root: &Path) -> Vec<Menus> {
    let groups = std::fs::read_to_string(root.join("menus/groups.toml")).expect("it ships");
    let changed = CHANGES.iter().fold(groups, |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let french = SECRET
        .replace("[\"en\"]", "[\"fr\", \"en\"]")
        .replace(
            "say = \"Enter your number.\"",
            "say.en = \"Number.\"\nsay.fr = \"Numéro.\"",
        )
        .replace(
            "say = \"{options}\"",
            "say.en = \"{options}\"\nsay.fr = \"{options}\"",
        )
        .replace(
            "say = \"We will call you.\"",
            "say.en = \"Yes.\"\nsay.fr = \"Oui.\"",
        )
        .replace(
            "label = \"a call back\"",
            "label = { en = \"a call back\", fr = \"un rappel\" }",
        )
        .replace(
            "label = \"another number\"",
            "label = { en = \"another\", fr = \"un autre\" }",
        )
        .replace(
            "label = \"reception\"",
            "label = { en = \"reception\", fr = \"accueil\" }",
        );
    let lines = ["agent-line.toml", "clinic.toml", "video.toml"];
    vec![
        menus(root),
        edition(root, &lines, &[("groups.toml", changed)]),
        edition(root, &lines[..2], &[("secret.toml", french)]),
    ]
}

/// Lines that ship and the secret one, with some files changed.
fn edition(root: &Path, names: &[&str], changed: &[(&str, String)]) -> Menus {
    let folder = root.join("menus");
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    for (name, text) in changed {
        sources.add(&folder.join(name), text.clone());
    }
    let secret = folder.join("secret.toml");
    if !changed.iter().any(|(name, _)| *name == "secret.toml") {
        sources.add(&secret, SECRET.to_owned());
    }
    let mut lines: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    lines.push(secret);
    let out = folder.join("out.toml");
    sources.add(&out, OUT.to_owned());
    lines.push(out);
    let request = Request {
        lines,
        ..Request::default()
    };
    let plan = compile(&request, &mut sources, &mut problems)
        .unwrap_or_else(|| panic!("{}", problems.render(&sources, false)));
    Menus::new(plan, &sources)
}
