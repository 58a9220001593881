//! `strowger closure` and `strowger notice` against a real daemon.

use crate::cli::run;
use crate::daemon::Daemon;
use crate::served::Served;
use crate::temporary::Temporary;
use std::fs;

const LINE: &str = "format = 1\n[line]\nname = \"North\"\ngroups = \"groups.toml\"\n\
    timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"hello\"\n\
    [say.hello]\nsay = \"Hello.\"\nthen = \"@hangup\"\n";

#[test]
fn lines_whose_names_mean_something_in_addresses_are_switched() {
    let folder = Temporary::new(&std::env::temp_dir());
    let names = ["north desk", "büro", "a#b?c%20", "x&y=1+2"];
    let files = names.map(|name| format!("{name}.toml"));
    for file in &files {
        fs::write(folder.path().join(file), LINE).expect("a file");
    }
    let groups = "[group.support]\n[agent.ana]\ngroups = [\"support\"]\n";
    fs::write(folder.path().join("groups.toml"), groups).expect("a file");
    let daemon = Served::start(folder.path(), &files.each_ref().map(String::as_str));
    let (code, out, err) = run(&["closure", "set", "--address", &daemon.http]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    for name in names {
        assert!(
            out.contains(&format!("{name}: closed, no notice\n")),
            "{out}"
        );
        let args = [
            "closure",
            "clear",
            "--line",
            name,
            "--address",
            &daemon.http,
        ];
        let (code, out, _) = run(&args);
        assert_eq!(code, Some(0), "{name}");
        assert_eq!(out, format!("{name}: open by its hours, no notice\n"));
    }
}

#[test]
fn a_closure_is_no_worse_for_a_notice_that_nobody_hears() {
    let daemon = Daemon::start();
    let switch = |args: &[&str]| run(&[args, &["--address", daemon.http()]].concat());
    let (code, _, err) = switch(&["notice", "set", "We are moving."]);
    assert_eq!(code, Some(1), "the line says no notices");
    assert!(err.contains("no caller hears the notice"), "{err}");
    for act in ["set", "clear"] {
        let (code, out, err) = switch(&["closure", act]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    }
    let (code, _, err) = switch(&["notice", "clear"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
}
