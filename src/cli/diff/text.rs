//! Changes, for people: by line and step, old words above new ones.

use crate::cli::terminal::clean;
use crate::cli::transcript::wrap;
use crate::exchange::dialplan::Dialplan;
use crate::menu::diff::Change;
use crate::menu::diff::Topic;
use crate::report::style::Style;

/// Steps that are named where a change holds in many.
const STEPS_NAMED_MAX: usize = 6;

pub(super) fn print(changes: &[Change], new: &Dialplan, style: Style) -> String {
    let mut page = Page {
        text: String::new(),
        style,
    };
    if changes.is_empty() {
        page.say(0, "nothing changes for callers");
        return page.text;
    }
    let mut heading: Option<(&Option<String>, &Option<String>)> = None;
    let mut steps: Option<&[String]> = None;
    for change in changes {
        let of = (&change.line, &change.group);
        if heading != Some(of) {
            if heading.is_some() {
                page.text.push('\n');
            }
            page.heading(change, new);
            (heading, steps) = (Some(of), None);
        }
        if steps != Some(&change.steps[..]) && !change.steps.is_empty() {
            page.steps(change);
        }
        steps = Some(&change.steps);
        page.change(change);
    }
    page.text.push('\n');
    let count = match changes.len() {
        1 => "1 change for callers".to_owned(),
        count => format!("{count} changes for callers"),
    };
    page.say(0, &count);
    page.text
}

struct Page {
    text: String,
    style: Style,
}

impl Page {
    fn say(&mut self, indent: usize, line: &str) {
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, change: &Change, new: &Dialplan) {
        let heading = match (&change.line, &change.group) {
            (Some(name), _) => {
                let line = new.lines.iter().find(|line| line.name == *name);
                match line {
                    Some(line) => format!("{name}: {}", line.title),
                    None => name.clone(),
                }
            }
            (None, Some(group)) => format!("group {group}"),
            (None, None) => String::new(),
        };
        self.say(0, &self.style.bold(&clean(&heading, true)));
    }

    fn steps(&mut self, change: &Change) {
        let names = match change.steps.len() {
            1 => change.steps[0].clone(),
            count if count > STEPS_NAMED_MAX => {
                let named = change.steps[..STEPS_NAMED_MAX].join(", ");
                format!("{named} and {} more steps", count - STEPS_NAMED_MAX)
            }
            _ => change.steps.join(", "),
        };
        let keys = match &change.press {
            Some(keys) if !keys.is_empty() => {
                let keys = clean(&keys.join(" "), true);
                self.style.dim(&format!("  (press {keys})"))
            }
            _ => String::new(),
        };
        self.say(
            2,
            &format!("{}{keys}", self.style.bold(&clean(&names, true))),
        );
    }

    fn change(&mut self, change: &Change) {
        let indent = if change.steps.is_empty() { 2 } else { 4 };
        match (change.topic, &change.was, &change.now) {
            (Topic::Words, Some(was), Some(now)) => {
                let language = change.language.as_deref();
                let language = language.map_or_else(String::new, |tag| format!(" in {tag}"));
                let title = format!("{}{language}", change.name);
                self.say(indent, &clean(&title, true));
                self.quote(indent + 2, "was  ", was, Style::bad);
                self.quote(indent + 2, "now  ", now, Style::good);
            }
            (topic, ..) => {
                let paint = match topic {
                    Topic::Added | Topic::LineAdded | Topic::Reachable => Style::good,
                    Topic::Removed | Topic::LineRemoved | Topic::Unreachable => Style::bad,
                    _ => |_: Style, text: &str| text.to_owned(),
                };
                self.lines(indent, "", &change.text, paint);
            }
        }
        if let Some(hears) = &change.hears {
            let press = hears.press.join(" ");
            let text = format!(
                "callers who press {press} now hear {} instead of {}",
                hears.now, hears.was
            );
            self.lines(indent + 2, "", &text, Style::dim);
        }
    }

    fn quote(&mut self, indent: usize, label: &str, words: &str, paint: Paint) {
        self.lines(indent, label, &format!("\"{words}\""), paint);
    }

    /// A text over as many lines as it needs, all beginning below the first.
    fn lines(&mut self, indent: usize, label: &str, text: &str, paint: Paint) {
        let inner = indent + label.len();
        let text = clean(text, true);
        for (place, line) in wrap(&text, self.style.width - inner).iter().enumerate() {
            let before = if place == 0 { label } else { "" };
            let line = paint(self.style, line);
            self.say(indent, &format!("{before:<0$}{line}", label.len()));
        }
    }
}

type Paint = fn(Style, &str) -> String;
