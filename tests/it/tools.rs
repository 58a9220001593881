//! The tools for those who write menu files: codes explained, problems for other programs.

use crate::cli::run_says;

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
