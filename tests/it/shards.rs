//! Studies in parts: run apart, put together, the same report.

use crate::cli::strowger;
use crate::temporary::Temporary;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// One run more than the most parts tried have each, and one part has none with 9 of 10.
const RUNS: &str = "9";
const WHAT_IF: &str = "\n[[what_if]]\nname = \"busier\"\nscale_calls = 1.5\n";

struct Study {
    directory: Temporary,
}

impl Study {
    /// The tiny scenario with a what-if and a forecast of attempts, in a place of its own.
    fn new() -> Self {
        let directory = Temporary::new(&std::env::temp_dir());
        for file in fs::read_dir("tests/it/tiny").expect("the tiny scenario") {
            let file = file.expect("a file");
            let to = directory.path().join(file.file_name());
            fs::copy(file.path(), to).expect("a copy");
        }
        let path = directory.path().join("tiny.scenario.toml");
        let text = fs::read_to_string(&path).expect("the scenario");
        let text = text.replace("\"first-attempts\"", "\"attempts\"") + WHAT_IF;
        fs::write(path, text).expect("the scenario");
        Self { directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// What a command says and how it ends.
    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let mut command = strowger(args);
        let output = command.current_dir(self.directory.path()).output();
        let output = output.expect("the program runs");
        let text = String::from_utf8(output.stdout).expect("text");
        let said = String::from_utf8(output.stderr).expect("text");
        (output.status.code(), text, said)
    }

    fn simulate(&self, more: &[&str]) -> (Option<i32>, String, String) {
        self.run(&[&["simulate", "tiny.scenario.toml", "--runs", RUNS], more].concat())
    }

    /// Runs one part and gives its file's name.
    fn part(&self, number: u32, of: u32, more: &[&str]) -> String {
        let (part, name) = (format!("{number}/{of}"), format!("part-{number}-of-{of}"));
        let shard = ["simulate", "tiny.scenario.toml", "--runs", RUNS, "--shard"];
        let mut command = strowger(&[&shard[..], &[part.as_str()], more].concat());
        let output = command.current_dir(self.directory.path()).output();
        let output = output.expect("the program runs");
        assert!(output.status.success(), "{output:?}");
        fs::write(self.path(&name), output.stdout).expect("a part");
        name
    }

    fn merge(&self, parts: &[&str]) -> (Option<i32>, String, String) {
        self.run(&[&["merge"], parts].concat())
    }

    /// That these parts are refused, and why.
    #[track_caller]
    fn refuses(&self, parts: &[&str], code: i32, why: &str) {
        let (ended, out, said) = self.merge(parts);
        assert_eq!((ended, out.as_str()), (Some(code), ""), "{said}");
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn parts_come_to_the_same_report_as_one_machine() {
    let study = Study::new();
    let whole = study.simulate(&[]);
    let json = study.simulate(&["--format", "json"]);
    let kinds = [1, 2, 7, 10].map(|of| {
        // Whatever the order.
        let parts = (1..=of).rev().map(|number| study.part(number, of, &[]));
        parts.collect::<Vec<_>>()
    });
    // Nothing is read but the parts.
    for file in ["tiny.toml", "tiny-forecast.csv", "tiny.scenario.toml"] {
        fs::remove_file(study.path(file)).expect("a file");
    }
    assert!(whole.1.contains("busier") && json.1.contains("busier"));
    for parts in kinds {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        assert_eq!(study.merge(&parts), whole, "{parts:?}");
        let parts = [&parts[..], &["--format", "json"]].concat();
        assert_eq!(study.merge(&parts), json, "{parts:?}");
    }
}

#[test]
fn wrong_parts_are_named() {
    let study = Study::new();
    let [one, two] = [1, 2].map(|number| study.part(number, 2, &[]));
    let (one, two) = (one.as_str(), two.as_str());
    let third = study.part(2, 3, &[]);
    study.refuses(&[one], 1, "shard 2 of 2 is missing");
    study.refuses(&[&third], 1, "shards 1, 3 of 3 are missing");
    study.refuses(&[one, two, one], 1, "are the same shard, 1/2");
    study.refuses(&[one, &third], 1, "one of 3 parts");
    study.refuses(&["nowhere", one], 3, "cannot read nowhere");
    study.refuses(&["nowhere", "tiny.toml"], 3, "cannot read nowhere");
    study.refuses(
        &["/dev/zero"],
        1,
        "not what `strowger simulate --shard` writes",
    );
    study.refuses(
        &["tiny.toml"],
        1,
        "not what `strowger simulate --shard` writes",
    );
    fs::rename(study.path(two), study.path("two")).expect("a name");
    let other = study.part(2, 2, &["--seed", "5"]);
    study.refuses(&[one, &other], 1, "another study");
    study.refuses(&[one, &other], 1, "the seed differs");
    let forecast = study.path("tiny-forecast.csv");
    let calls = fs::read_to_string(&forecast).expect("a forecast");
    fs::write(forecast, calls + "\n").expect("a forecast");
    let other = study.part(2, 2, &[]);
    study.refuses(&[one, &other], 1, "tiny-forecast.csv differs");
}

#[test]
fn a_part_that_was_cut_off_or_changed_is_noticed() {
    let study = Study::new();
    let part = study.part(1, 1, &[]);
    let text = fs::read_to_string(study.path(&part)).expect("a part");
    let with = |text: &str, why: &str| {
        fs::write(study.path("wrong"), text).expect("a file");
        study.refuses(&["wrong"], 1, why);
    };
    for end in [0, 1, 100, text.len() / 2, text.len() - 2] {
        let end = text.floor_char_boundary(end);
        let why = if end <= 100 {
            "not what"
        } else {
            "it ends too early"
        };
        with(&text[..end], why);
    }
    with(
        &text.replacen("\"answered\":", "\"answered\":1", 1),
        "changed",
    );
    with(
        &text.replacen("\"run\":2", "\"run\":3", 1),
        "does not follow",
    );
    with(
        &text.replacen("\"strowger_shard\":8", "\"strowger_shard\":7", 1),
        "it is of strowger",
    );
    let case = format!("\"case\":{}", u64::MAX);
    with(&text.replacen("\"case\":0", &case, 1), "does not follow");
    with(
        &text.replacen("\"run\":1", "\"run\":0", 1),
        "does not follow",
    );
    with(
        &text.replacen("\"runs\":9", "\"runs\":0", 1),
        "0 runs, not 1 to 100000",
    );
    with(
        &format!("{text}{text}"),
        "does not hold the runs of one shard",
    );
}

#[test]
fn a_file_that_has_two_names_is_found_by_both() {
    const HOURS: &str = "\n[calendar.shop]\nopen = [\"mon-sun 00:00-24:00\"]\n\
        files = [\"a.ics\", \"../here/a.ics\"]\n[hours.always]\ncalendar = \"shop\"\n\
        open = \"main\"\nclosed = \"message\"\n";
    let study = Study::new();
    fs::copy("menus/holidays/england.ics", study.path("a.ics")).expect("a calendar");
    let name = study
        .directory
        .path()
        .file_name()
        .and_then(|name| name.to_str());
    let hours = HOURS.replace("here", name.expect("a name"));
    let menu = fs::read_to_string(study.path("tiny.toml")).expect("the menu");
    let menu = menu.replace("start     = \"main\"", "start = \"always\"") + &hours;
    fs::write(study.path("tiny.toml"), menu).expect("the menu");
    let whole = study.simulate(&[]);
    let parts = [1, 2].map(|number| study.part(number, 2, &[]));
    assert_eq!(whole.0, Some(4), "{}", whole.2);
    fs::remove_file(study.path("a.ics")).expect("a calendar");
    assert_eq!(study.merge(&[&parts[0], &parts[1]]), whole);
}

#[test]
fn a_full_disk_is_no_report() {
    let study = Study::new();
    let part = study.part(1, 1, &[]);
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("a full disk");
    let mut merge = strowger(&["merge", &part]);
    let merge = merge
        .current_dir(study.directory.path())
        .stdout(full)
        .output();
    assert_eq!(merge.expect("the program runs").status.code(), Some(74));
}

/// The recipes of the documentation, as their engines would run them: what stands in front of the
/// command on the line before, too.
#[test]
fn the_recipes_make_parts_that_merge() {
    let page = fs::read_to_string("docs/CLUSTER.md").expect("the page");
    let lines: Vec<&str> = page.lines().map(str::trim).collect();
    let recipes = lines.windows(2).filter(|pair| {
        pair[1].contains("strowger simulate") && pair[1].contains("--quiet --shard")
    });
    let (mut tried, study) = (0, Study::new());
    fs::rename(
        study.path("tiny.scenario.toml"),
        study.path("day.scenario.toml"),
    )
    .expect("a name");
    let program = Path::new(env!("CARGO_BIN_EXE_strowger"));
    let place = program.parent().expect("a directory").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    for recipe in recipes {
        let before = if recipe[0].starts_with("N=") {
            recipe[0]
        } else {
            ""
        };
        let command = recipe[1].replace("--runs 10000", &format!("--runs {RUNS}"));
        // What `parallel` is given between quotes.
        let command = match command.split_once('\'') {
            Some((_, quoted)) => quoted.trim_end_matches('\'').to_owned(),
            None => command,
        };
        for number in 1..=3 {
            let script = format!("{before}\n{command}").replace("{}", &number.to_string());
            let mut shell = Command::new("sh");
            let shell = shell
                .args(["-ec", &script])
                .current_dir(study.directory.path());
            let shell = shell
                .env("PATH", format!("{place}:{path}"))
                .env("SLURM_ARRAY_TASK_ID", number.to_string())
                .env("SLURM_ARRAY_TASK_COUNT", "3")
                .env("JOB_COMPLETION_INDEX", (number - 1).to_string())
                .envs([("OF", "3"), ("of", "3")]);
            assert!(shell.status().expect("a shell").success(), "{script}");
        }
        let (code, out, said) = study.merge(&["part-1", "part-2", "part-3"]);
        assert!(code == Some(4) && out.contains("9 runs"), "{out}{said}");
        for number in 1..=3 {
            fs::remove_file(study.path(&format!("part-{number}"))).expect("a part");
        }
        tried += 1;
    }
    assert_eq!(tried, 3, "three recipes");
}
