//! Classes of callers in reports: as many as there are, and others in a what-if than in the base.

use crate::check::folder;
use crate::cli::strowger;
use crate::written::LINE;
use crate::written::cases;
use crate::written::shop;
use strowger::sim::replicate::replicate;

const GROUPS: &str = "format = 1\n[group.support]\n";

/// The report of a day on this line.
fn page(line: &str, day: &str) -> String {
    let files = [
        ("line.toml", line),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", day),
    ];
    let folder = folder(&files);
    let mut command = strowger(&["simulate", "day.scenario.toml", "-q"]);
    let output = command.current_dir(folder.path()).output();
    String::from_utf8(output.expect("the program runs").stdout).expect("text")
}

#[test]
fn a_what_if_may_have_other_classes_than_the_base() {
    let queue = |name: &str, more: &str| {
        format!(
            "[queue.{name}]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n{more}"
        )
    };
    let keys = "1 = { go = \"support\", label = \"a person\" }\n2 = { go = \"first\", label = \"at once\" }\n";
    let line = shop(keys) + &queue("support", "") + &queue("first", "head_start = \"90s\"\n");
    let day = "format = 1\nmenu = \"line.toml\"\n[run]\nlength = \"2h\"\nwarm_up = \"0s\"\nruns = 3\n\
        [wants.help]\nshare = 0.7\nneeds = \"support\"\n[wants.fast]\nshare = 0.3\nneeds = \"first\"\n\
        [demand]\nline = { calls_per_hour = 100 }\n[callers]\ntalk = \"3m\"\n[staff]\nsupport = 6\n\
        [[what_if]]\nname = \"alike\"\nset = { \"queue.first.head_start\" = \"0s\" }\n\
        [[what_if]]\nname = \"urgent\"\nset = { \"queue.first.emergency\" = true }\n";
    let page = page(&line, day);
    let (_, waits) = page
        .split_once("\n  mean wait by priority\n")
        .expect("classes");
    // Of base, "alike" and "urgent": those of a class that a case does not have have no figure.
    for (class, has) in [
        ("normal", [true, true, true]),
        ("90s head start", [true, false, false]),
        // Shortened: an emergency with a head start.
        ("emergency,", [false, false, true]),
    ] {
        let label = format!("    {class}");
        let mut lines = waits.lines().filter(|line| line.starts_with(&label));
        let line = lines.next().unwrap_or_else(|| panic!("{class}: {page}"));
        let shown = line.matches(" s ").count();
        assert_eq!(shown, has.iter().filter(|has| **has).count(), "{page}");
    }
}

/// Priorities differ in their first letters, and a class may be called as one of them is.
#[test]
fn lines_of_classes_are_told_apart() {
    let queue = |name: &str, head_start: &str| {
        format!(
            "[queue.{name}]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n\
             head_start = \"{head_start}\"\noverload = {{ no_queue = \"30s\" }}\n"
        )
    };
    let keys = "1 = { go = \"support\", label = \"a person\" }\n2 = { go = \"first\", label = \"at once\" }\n";
    let who = "[lookup.who]\nurl = \"https://shop.example/{caller}\"\ntimeout = \"2s\"\n\
        save = { class = \"/class\" }\nset = { class = \"class\" }\nclasses = { normal = \"0s\" }\n\
        then = \"main\"\nerror = { any = \"main\" }\n";
    let line = shop(keys).replace("start = \"main\"", "start = \"who\"")
        + &queue("support", "10s")
        + &queue("first", "90s")
        + who;
    let day = "format = 1\nmenu = \"line.toml\"\n[run]\nlength = \"2h\"\nwarm_up = \"0s\"\nruns = 3\n\
        [keys.main]\n1 = 0.5\n2 = 0.5\n[lookup.who]\nclass = { normal = 0.5 }\n\
        [demand]\nline = { calls_per_hour = 300 }\n[staff]\nsupport = 6\n\
        [callers]\ntalk = \"3m\"\npatience = { distribution = \"exponential\", mean = \"30s\" }\n";
    let page = page(&line, day);
    let of_classes = page
        .lines()
        .skip_while(|line| !line.contains(" by priority"));
    let of_classes = of_classes.take_while(|line| !line.is_empty());
    // Without the figures, which end where labels of 26 letters do.
    let labels: Vec<&str> = of_classes
        .map(|line| line[2..].get(..26).unwrap_or(&line[2..]).trim_end())
        .collect();
    let mut expected = Vec::new();
    for (by, names) in [
        ("priority", ["10s head start", "90s head start"]),
        ("class", ["no class", "normal"]),
    ] {
        for what in ["mean wait", "hung up", "turned away"] {
            expected.push(format!("{what} by {by}"));
            expected.extend(names.map(|name| format!("  {name}")));
        }
    }
    assert_eq!(labels, expected, "{page}");
}

/// Every look-up may tell dozens: all of them together are more than a byte can tell apart.
#[test]
fn hundreds_of_classes_are_told_apart() {
    let of = |lookup: usize| {
        let classes = (0..32).map(|class| format!("\"c{lookup}-{class}\" = \"1m\""));
        let classes = classes.collect::<Vec<_>>().join(", ");
        format!(
            "[lookup.who-{lookup}]\nurl = \"https://shop.example/{{caller}}\"\ntimeout = \"2s\"\n\
             save = {{ class = \"/class\" }}\nset = {{ class = \"class\" }}\nclasses = {{ {classes} }}\n\
             then = \"support\"\nerror = {{ any = \"support\" }}\n"
        )
    };
    let lookups: String = (0..10).map(of).collect();
    let line = LINE.replace("start = \"support\"", "start = \"who-9\"") + &lookups;
    let day = "menu = \"line.toml\"\n[run]\nlength = \"1h\"\nwarm_up = \"0s\"\n\
        [wants.help]\nshare = 1.0\nneeds = \"support\"\n[demand]\nline = { calls_per_hour = 100 }\n\
        [callers]\ntalk = \"3m\"\n[staff]\nsupport = 9\n[lookup.who-9]\nclass = { c9-31 = 1.0 }\n";
    let files = [
        ("line.toml", line.as_str()),
        ("groups.toml", GROUPS),
        ("day.scenario.toml", day),
    ];
    let run = replicate(&cases(&files).base, 1, 0..1, &|| ()).remove(0);
    let entered: Vec<u64> = (run.classes.iter())
        .map(|class| class.tally.entered)
        .collect();
    let (last, others) = entered.split_last().expect("there are classes");
    assert_eq!(others.len(), 320);
    assert!(
        *last > 50 && others.iter().all(|entered| *entered == 0),
        "{entered:?}"
    );
}
