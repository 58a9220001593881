//! The dial pad as lines of text: the pure part of `try`.

use super::pad::Pad;
use crate::cli::terminal::Ink;
use crate::cli::terminal::Line;
use crate::cli::terminal::Size;
use crate::cli::terminal::clean;
use crate::cli::transcript;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::StepId;
use crate::menu::call_test::Setting;
use crate::menu::call_test::names_of;
use crate::rehearse::Doing;
use crate::rehearse::told;
use crate::report::style::Style;

/// The smallest terminal on which everything has its place.
const COLUMNS_MIN: usize = 60;
const ROWS_MIN: usize = 15;
/// Before what is known of the call.
const LABEL: usize = 9;

/// Draws the pad in at most as many lines as there are rows, none wider than the columns.
pub(super) fn draw(pad: &Pad, style: Style, size: Size) -> Vec<String> {
    let canvas = Canvas {
        style,
        columns: size.columns,
    };
    if size.columns < COLUMNS_MIN || size.rows < ROWS_MIN {
        let text = format!("{COLUMNS_MIN} columns and {ROWS_MIN} rows are needed");
        return vec![canvas.line(Ink::Plain, &text); size.rows.min(1)];
    }
    let mut lines = canvas.head(pad);
    let foot = canvas.foot(pad);
    let room = size.rows - lines.len() - foot.len();
    let width = Style {
        width: size.columns - 1,
        ..style
    };
    let told = told(&pad.plan, &pad.rehearsal.story);
    let rows = transcript::rows(&told, width, 0);
    lines.extend(rows[rows.len().saturating_sub(room)..].iter().cloned());
    lines.resize(size.rows - foot.len(), String::new());
    lines.extend(foot);
    lines
}

/// What is assumed: `Parcel & Pine   Mon 2026-11-23 10:00   agents: free`.
pub(super) fn heading(plan: &Dialplan, setting: &Setting) -> String {
    let line = &plan.lines[0];
    let at = setting.at.strftime("%a %Y-%m-%d %H:%M");
    let phone = setting.phone.map(|agent| &plan.agent(agent).name);
    let phone = phone.map_or(String::new(), |name| format!("   from {name}'s phone"));
    let withheld = if setting.withheld {
        "   number withheld"
    } else {
        ""
    };
    let agents = setting.agents.name();
    let title = clean(&line.title, true);
    format!("{title}   {at}   agents: {agents}{phone}{withheld}")
}

/// Steps by name.
pub(super) fn path(plan: &Dialplan, steps: &[StepId], arrow: &str) -> String {
    let names = steps.iter().map(|step| plan.step(*step).name.as_str());
    names.collect::<Vec<_>>().join(arrow)
}

#[derive(Clone, Copy)]
struct Canvas {
    style: Style,
    columns: usize,
}

impl Canvas {
    fn line(self, ink: Ink, text: &str) -> String {
        Line::new(self.style, self.columns).put(ink, text).finish()
    }

    fn rule(self) -> String {
        let dash = if self.style.unicode { "─" } else { "-" };
        self.line(Ink::Dim, &dash.repeat(self.columns))
    }

    fn head(self, pad: &Pad) -> Vec<String> {
        let heading = heading(&pad.plan, &pad.script.setting);
        let time = transcript::time(pad.rehearsal.now().0);
        let right = match pad.speed() {
            1 => time,
            speed => format!("{speed} times faster   {time}"),
        };
        let line = Line::new(self.style, self.columns);
        let from = self.columns.saturating_sub(right.chars().count() + 1);
        let line = line.put(Ink::Plain, " ").put(Ink::Bold, &heading);
        let line = if line.room() > self.columns - from {
            line.to(from).put(Ink::Plain, &right)
        } else {
            line
        };
        vec![line.finish(), self.rule()]
    }

    fn foot(self, pad: &Pad) -> Vec<String> {
        let arrow = if self.style.unicode { " › " } else { " > " };
        let path = path(&pad.plan, &pad.rehearsal.story.path(), arrow);
        let saved = pad.rehearsal.saved();
        let saved: Vec<String> = saved
            .iter()
            .map(|(name, text)| format!("{name} {text}"))
            .collect();
        let now = doing(pad);
        vec![
            self.rule(),
            self.known("now", Ink::Bold, &now),
            self.known("path", Ink::Plain, &self.ending(&path)),
            self.known("saved", Ink::Plain, &saved.join(", ")),
            self.last_but_one(pad),
            self.line(Ink::Dim, &help(pad)),
        ]
    }

    /// The end of a text that is too long, for that is where the call is.
    fn ending(self, text: &str) -> String {
        let room = self.columns - LABEL - 1;
        let all = text.chars().count();
        match all > room {
            true => {
                let mark = if self.style.unicode { "… " } else { "~ " };
                let rest: String = text.chars().skip(all - room + 2).collect();
                format!("{mark}{rest}")
            }
            false => text.to_owned(),
        }
    }

    fn known(self, label: &str, ink: Ink, text: &str) -> String {
        let line = Line::new(self.style, self.columns);
        let line = line.put(Ink::Plain, " ").left(Ink::Dim, label, LABEL - 1);
        line.put(ink, text).finish()
    }

    /// The answer that is being typed, or what is to be said about the last deed.
    fn last_but_one(self, pad: &Pad) -> String {
        match (&pad.complaint, &pad.answer) {
            (Some(complaint), None) => self.known("", Ink::Notable, complaint),
            (Some(complaint), Some(answer)) => {
                self.known("answer", Ink::Notable, &format!("{answer}_   {complaint}"))
            }
            (None, Some(answer)) => self.known("answer", Ink::Bold, &format!("{answer}_")),
            (None, None) => String::new(),
        }
    }
}

/// What the line does, and for how long.
fn doing(pad: &Pad) -> String {
    let (plan, rehearsal) = (&pad.plan, &pad.rehearsal);
    let step = &plan.step(rehearsal.step()).name;
    let left = rehearsal
        .waits_until()
        .map(|until| until.since(rehearsal.now()));
    let left = left.map_or(String::new(), |left| format!("{:.1} s ", left.as_seconds()));
    match rehearsal.doing() {
        Doing::Speaking => format!("{step}: speaks"),
        Doing::Asking | Doing::Confirming => format!("{step}: waits {left}for a key"),
        Doing::Recording => format!("{step}: records; # ends the message"),
        Doing::InLine(queue) => format!("{}: the caller waits", plan.queue(queue).name),
        Doing::Ringing(agent) => format!("{step}: rings {}", plan.agent(agent).name),
        Doing::Talking(agent) => format!("{step}: talks to {}", plan.agent(agent).name),
        Doing::LookingUp(step) => {
            let names = names_of(plan, step).join("=?,");
            let values = if names.is_empty() {
                names
            } else {
                names + "=? or "
            };
            let name = &plan.step(step).name;
            format!("{name} is asked: {values}error=404|timeout|any")
        }
        Doing::Transferring => format!("{step}: hands the call on"),
        Doing::Over => {
            let outcome = rehearsal.story.outcome().unwrap_or_default();
            format!("over: {}", outcome.replace('_', " "))
        }
    }
}

fn help(pad: &Pad) -> String {
    let keys = match (pad.answer.is_some(), pad.rehearsal.doing()) {
        (true, _) => " type the answer, Enter gives it   Esc leaves",
        (false, Doing::Over) => " r calls again   q leaves",
        (false, Doing::Talking(_)) => " h hangs up   a the agent hangs up   > faster   q leaves",
        (false, _) => {
            " 0-9 * # keys   a an agent answers   h hangs up   < > speed   r again   q leaves"
        }
    };
    keys.to_owned()
}
