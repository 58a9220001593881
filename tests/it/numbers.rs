//! The line that a number leads to.

use crate::publications::Site;
use crate::publications::compiled;
use strowger::daemon::menus::Menus;

/// Menus of lines with these names and numbers.
fn menus(lines: &[(&str, String)]) -> Menus {
    let line = |(name, numbers): &(&str, String)| {
        let text = format!(
            "format = 1\n[line]\nname = \"Shop\"\ngroups = \"groups.toml\"\n\
             timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"hello\"\nnumbers = [{numbers}]\n\
             [say.hello]\nsay = \"Hello.\"\nthen = \"@hangup\"\n"
        );
        (format!("{name}.toml"), text)
    };
    let lines: Vec<(String, String)> = lines.iter().map(line).collect();
    let lines = lines.iter();
    let lines: Vec<(&str, &str)> = lines.map(|(name, text)| (&**name, &**text)).collect();
    compiled(&lines)
}

fn leads_to(site: &Site, number: &str) -> Option<String> {
    let site = site.owner.site();
    let line = site.line_of(None, Some(number));
    line.map(|line| site.exchange().plan().line(line).name.clone())
}

#[test]
fn a_number_leads_to_the_only_line_in_force_that_it_may_mean() {
    let britain = ("britain", "\"+441632960555\", \"112\"".to_owned());
    let germany = ("germany", "\"+491632960555\"".to_owned());
    let mut site = Site::of(menus(&[britain.clone(), germany]));
    let line = |name: &str| Some(name.to_owned());
    assert_eq!(leads_to(&site, "01632 960555"), None);
    assert_eq!(leads_to(&site, "0044 1632 960555"), line("britain"));
    assert_eq!(leads_to(&site, "+49 1632 960555"), line("germany"));
    assert_eq!(leads_to(&site, "112"), line("britain"));
    assert_eq!(leads_to(&site, "113"), None);
    site.owner.commit().expect("there is room");
    let published = site.owner.publish(&menus(&[britain]));
    published.expect("nothing is in the way");
    for _ in 0..2 {
        assert_eq!(leads_to(&site, "01632 960555"), line("britain"));
        assert_eq!(leads_to(&site, "+49 1632 960555"), None);
        site.crashes(true);
    }
}

/// Nobody goes through all numbers for each call: else this takes minutes.
#[test]
fn thousands_of_numbers_are_found_in_any_form() {
    let names: Vec<String> = (0..20).map(|line| format!("l{line}")).collect();
    let numbers = |line: usize| {
        let numbers = (0..1000).map(|number| format!("\"+44163{:06}\"", line * 1000 + number));
        numbers.collect::<Vec<_>>().join(",")
    };
    let lines = (0..)
        .zip(&names)
        .map(|(place, name)| (&**name, numbers(place)));
    let site = Site::of(menus(&lines.collect::<Vec<_>>()));
    for number in 0..20_000 {
        let line = leads_to(&site, &format!("0163 {number:06}"));
        assert_eq!(line, Some(names[number / 1000].clone()));
    }
}
