//! What answers are worth under one menu after another: what is the same goes on being counted.

use crate::publications::Site;
use crate::publications::compiled;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::menus::Menus;
use strowger::exchange::limits::VERSIONS_SPARE;
use strowger::measure::row::Row;
use strowger::measure::worth::WorthRows;

/// A line with an answer to a question; `more` comes before all other steps, so that their places move.
fn menus(more: &str, answer: &str, label: &str) -> Menus {
    let returns = match answer {
        "" => String::new(),
        words => format!(
            "[answer.returns]\nquestion = \"How do I return it?\"\nsay = \"{words}\"\nthen = \"main\"\n"
        ),
    };
    let key = match answer {
        "" => String::new(),
        _ => "1 = { go = \"returns\", label = \"returns\" }\n".to_owned(),
    };
    let line = format!(
        r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "main"
{more}
[menu.main]
say = "{{options}}"
give_up = "support"
[menu.main.keys]
{key}2 = {{ go = "support", label = "{label}" }}
3 = {{ go = "how", label = "a survey" }}
{returns}
[survey.how]
then = "@hangup"
[[survey.how.ask]]
id = "good"
say = "Was it good?"
keys = "1-5"
[queue.support]
group = "support"
max_wait = "22h"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
"#
    );
    compiled(&[("shop.toml", &line)])
}

const MORE: &str = "[say.news]\nsay = \"News.\"\nthen = \"main\"\n\
    [answer.parking]\nquestion = \"Where do I park?\"\nsay = \"In the yard.\"\nthen = \"main\"\n";

impl Site {
    /// The caller presses these keys, and hears out the answer.
    fn presses(&mut self, call: &str, keys: &str) {
        for key in keys.chars() {
            let named = call.to_owned();
            self.reports(Event::Key { call: named, key });
            if key != '1' {
                continue;
            }
            let play = self.asked(|act| match act {
                Act::Play { call: of, play, .. } if of == call => Some(*play),
                _ => None,
            });
            let call = call.to_owned();
            let play = play.expect("something is said");
            self.reports(Event::PlayDone { call, play });
        }
    }

    fn publishes(&mut self, menus: &Menus) {
        self.passes(1);
        self.owner.publish(menus).expect("nothing in the way");
    }

    fn rows(&self) -> WorthRows {
        let site = self.owner.site();
        let plan = site.exchange().plan();
        WorthRows::of_one(plan, site.worth().figures(plan))
    }

    /// What is counted of the answer, if it is in force.
    fn returns(&self) -> Option<[f64; 4]> {
        let rows = self.rows();
        let mut same = rows.answers.iter().filter(|row| row.name == "returns");
        let row = same.next()?;
        assert!(same.next().is_none(), "it is one answer");
        let names = ["played", "to_person", "left_after", "settled_probable"];
        Some(names.map(|name| row.total.mean(name).expect("a count")))
    }

    /// How often calls came to people by the key 2, by its label.
    fn requests(&self) -> Vec<(String, f64)> {
        let rows = self.rows();
        let about = |row: &Row| row.about[2].1.clone();
        let requests = rows.requests.iter();
        let requests = requests.map(|row| (about(row), row.total.mean("requests").unwrap_or(0.0)));
        requests.collect()
    }
}

#[test]
fn answers_go_on_being_counted_under_newer_menus() {
    let mut site = Site::of(menus("", "Send it back.", "a person"));
    site.calls("heard", None);
    site.presses("heard", "1");
    site.hangs_up("heard");
    // One who has heard it follows the old menus, and comes to people under the new ones.
    site.calls("stays", None);
    site.presses("stays", "1");
    assert_eq!(site.returns(), Some([2.0, 0.0, 0.0, 1.0]));
    site.publishes(&menus(MORE, "Send it back for free.", "a person"));
    assert_eq!(site.returns(), Some([2.0, 0.0, 0.0, 1.0]));
    site.presses("stays", "2");
    site.calls("new", None);
    site.presses("new", "12");
    assert_eq!(site.returns(), Some([3.0, 2.0, 0.0, 1.0]));
    assert_eq!(site.requests(), [("a person".to_owned(), 2.0)]);
    // The parking lot has no caller yet, and nothing of another answer.
    let parking = site.rows();
    let parking = parking.answers.iter().find(|row| row.name == "parking");
    assert_eq!(parking.and_then(|row| row.total.mean("played")), Some(0.0));
    // Who calls again the same day had not been helped, whatever menus there are by then.
    site.calls("heard", None);
    assert_eq!(site.returns(), Some([3.0, 2.0, 0.0, 0.0]));
    site.crashes(true);
    site.crashes(false);
    assert_eq!(site.returns(), Some([3.0, 2.0, 0.0, 0.0]));
}

#[test]
fn a_key_of_which_callers_are_told_otherwise_is_counted_anew() {
    let mut site = Site::of(menus("", "Send it back.", "a person"));
    site.calls("first", None);
    site.presses("first", "2");
    site.publishes(&menus("", "Send it back.", "complaints"));
    site.calls("second", None);
    site.presses("second", "2");
    site.calls("third", None);
    site.presses("third", "2");
    let anew = [("complaints".to_owned(), 2.0), ("a person".to_owned(), 1.0)];
    assert_eq!(site.requests(), anew);
}

#[test]
fn surveys_go_on_while_their_questions_have_the_same_answers() {
    let mut site = Site::of(menus("", "Send it back.", "a person"));
    site.calls("first", None);
    site.presses("first", "3");
    site.reports(Event::Key {
        call: "first".to_owned(),
        key: '5',
    });
    site.publishes(&menus(MORE, "Send it back.", "a person"));
    site.calls("second", None);
    site.presses("second", "3");
    site.reports(Event::Key {
        call: "second".to_owned(),
        key: '1',
    });
    let rows = site.rows();
    assert_eq!(rows.surveys.len(), 1, "it is one question");
    let total = &rows.surveys[0].total;
    assert_eq!(total.mean("responses"), Some(2.0));
    assert_eq!(total.mean("score_mean"), Some(3.0));
}

#[test]
fn what_is_in_no_version_any_more_is_forgotten_and_what_is_left_stays_small() {
    let mut site = Site::of(menus("", "Send it back.", "a person"));
    site.calls("heard", None);
    site.presses("heard", "1");
    site.hangs_up("heard");
    // It comes back while versions that have it are kept to spare.
    site.publishes(&menus("", "", "a person"));
    assert_eq!(site.returns(), None);
    site.publishes(&menus(MORE, "Send it back.", "a person"));
    assert_eq!(site.returns(), Some([1.0, 0.0, 0.0, 1.0]));
    // And it is not known any more once all of them have left the plan.
    for number in 0..VERSIONS_SPARE + 3 {
        let more = format!("[say.news-{number}]\nsay = \"News.\"\nthen = \"main\"\n");
        site.publishes(&menus(&more, "", "a person"));
    }
    site.publishes(&menus("", "Send it back.", "a person"));
    assert_eq!(site.returns(), Some([0.0; 4]));
    site.crashes(true);
    let size = |site: &Site| {
        let ledger = serde_json::to_string(site.owner.site().worth());
        ledger.expect("plain data").len()
    };
    let before = size(&site);
    for number in 0..60 {
        let more = format!("[say.news-{number}]\nsay = \"News.\"\nthen = \"main\"\n");
        site.publishes(&menus(&more, "Send it back.", "a person"));
        let call = number.to_string();
        site.calls(&call, None);
        site.presses(&call, "12");
        site.hangs_up(&call);
    }
    assert_eq!(site.returns(), Some([60.0, 60.0, 0.0, 0.0]));
    assert!(
        size(&site) < before + 3000,
        "{before} bytes have become {}",
        size(&site)
    );
}

#[test]
fn a_start_with_other_menus_and_no_calls_goes_on_by_names() {
    let mut site = Site::of(menus("", "Send it back.", "a person"));
    site.calls("heard", None);
    site.presses("heard", "1");
    site.hangs_up("heard");
    site.calls("asks", None);
    site.presses("asks", "12");
    site.hangs_up("asks");
    site.start = menus(MORE, "Send it back for free.", "a person");
    site.crashes(true);
    let versions = site.owner.site().versions();
    assert_eq!(versions.len(), 1, "the plan begins anew: {versions:?}");
    assert_eq!(site.returns(), Some([2.0, 1.0, 0.0, 1.0]));
    assert_eq!(site.requests(), [("a person".to_owned(), 1.0)]);
    site.crashes(false);
    assert_eq!(site.returns(), Some([2.0, 1.0, 0.0, 1.0]));
}
