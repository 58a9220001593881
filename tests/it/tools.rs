//! The tools for those who write menu files: codes explained, problems for other programs.

use crate::cli::run;
use crate::cli::run_says;
use crate::temporary::Temporary;
use snapbox::Assert;
use snapbox::Data;
use std::fs;
use std::path::Path;

const BAD: &str = "tests/menus/invalid/duplicate-key.toml";

#[test]
fn a_code_is_explained_with_an_example_and_how_to_mend_it() {
    run_says("help-explain-code", &["explain-code", "--help"]);
    run_says("explain-code", &["explain-code", "unknown-target"]);
    run_says("explain-code-files", &["explain-code", "error[ics]"]);
    let json = ["explain-code", "unknown-line", "--format", "json"];
    run_says("explain-code-json", &json);
    run_says("explain-code-list", &["explain-code"]);
}

#[test]
fn a_code_that_there_is_not_is_suggested() {
    run_says("explain-code-near", &["explain-code", "unknown-targt"]);
    run_says("explain-code-far", &["explain-code", "E0308"]);
}

#[test]
fn problems_are_given_to_code_scanning_as_sarif() {
    run_says("check-sarif", &["check", BAD, "--format", "sarif"]);
    let mendable = "tests/menus/invalid/unknown-target.toml";
    run_says("check-sarif-fix", &["check", mendable, "--format", "sarif"]);
    let fine = [
        "check",
        "menus/clinic.toml",
        "--at",
        "2026-11-23",
        "--format",
        "sarif",
    ];
    run_says("check-sarif-fine", &fine);
}

#[test]
fn problems_are_given_to_github_as_workflow_commands() {
    let bad = "tests/menus/invalid/secret-spoken.toml";
    run_says("check-github", &["check", bad, BAD, "--format", "github"]);
    let warned = "tests/menus/invalid/unreachable.toml";
    run_says(
        "check-github-warning",
        &["check", warned, "--format", "github"],
    );
}

/// The picture of the README is what the command draws.
#[test]
fn a_line_is_drawn_for_the_wall() {
    let (code, out, err) = run(&["graph", "menus/clinic.toml"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let expected = Data::read_from(Path::new("docs/clinic.svg"), None);
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(out, expected.raw());
}

#[test]
fn every_kind_of_step_is_drawn_in_every_format() {
    let file = "tests/menus/valid/everything.toml";
    for format in ["svg", "dot", "mermaid", "json"] {
        run_says(
            &format!("graph-{format}"),
            &["graph", file, "--format", format],
        );
    }
}

#[test]
fn no_text_of_a_line_acts_on_the_terminal() {
    let folder = Temporary::new(&std::env::temp_dir());
    let line = folder.path().join("line.toml");
    let evil = r#"
format = 1
[line]
name = "Red \u001b[31mline"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "main"
[menu.main]
say = "Hello \u001b[2J. {options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "@hangup", label = "x\u0007y" }
"#;
    fs::write(&line, evil).expect("written");
    fs::write(folder.path().join("groups.toml"), "[group.support]\n").expect("written");
    let line = line.to_str().expect("a path");
    for args in [
        &["graph", line, "--format", "svg"][..],
        &["graph", line, "--format", "dot"],
        &["graph", line, "--format", "mermaid"],
        &["try", line, "--keys", "1"],
    ] {
        let (code, out, err) = run(args);
        assert_eq!(code, Some(0), "{err}");
        let acts = |c: char| c.is_control() && c != '\n';
        assert!(!out.contains(acts), "{args:?}: {out:?}");
        assert!(out.contains("Red "), "{args:?}: {out}");
    }
}

#[test]
fn a_line_with_errors_is_not_drawn() {
    run_says("help-graph", &["graph", "--help"]);
    let bad = "tests/menus/invalid/unknown-timezone.toml";
    run_says("graph-wrong", &["graph", bad]);
    run_says("graph-unreadable", &["graph", "nowhere.toml"]);
}

#[test]
fn schemas_are_printed_as_they_are_shipped() {
    run_says("help-schema", &["schema", "--help"]);
    run_says("schema-unknown", &["schema", "menus"]);
    for (kind, path) in [
        ("line", "menus/menu.schema.json"),
        ("groups", "menus/groups.schema.json"),
        ("test", "menus/test.schema.json"),
        ("scenario", "scenarios/scenario.schema.json"),
    ] {
        let (code, out, err) = run(&["schema", kind]);
        assert_eq!((code, err.as_str()), (Some(0), ""));
        let shipped = fs::read_to_string(path).expect("a schema");
        assert!(out == shipped, "{path} is not what `schema {kind}` prints");
    }
}
