//! The people: what each is doing and for how long.

use super::Canvas;
use super::Part;
use super::queues::INDENT;
use super::words::number;
use super::words::time;
use crate::cli::terminal::Ink;
use crate::cli::terminal::Line;
use crate::daemon::board::Taping;
use crate::daemon::wallboard::AgentView;
use crate::daemon::wallboard::Invited;
use crate::daemon::wallboard::Wallboard;
use crate::exchange::record::AgentState;
use crate::report::style::Style;
use std::cmp::Reverse;

/// The narrowest block; where two have room, people stand in two columns.
const BLOCK: usize = 58;
/// The narrowest name, and the widest.
const NAME: (usize, usize) = (14, 28);
/// The state, its time and the reason of a break.
const STATE: usize = 24;
const ANSWERED: usize = 6;
const MISSED: usize = 7;

/// States in the order in which people are shown: those first who need a look.
const STATES: &[(AgentState, &str)] = &[
    (AgentState::Ringing, "ringing"),
    (AgentState::NotReady, "not ready"),
    (AgentState::Paused, "paused"),
    (AgentState::WrapUp, "wrap-up"),
    (AgentState::Talking, "talking"),
    (AgentState::Resting, "resting"),
    (AgentState::Idle, "free"),
    (AgentState::SignedOut, "signed out"),
];

pub(super) fn part(canvas: Canvas, board: &Wallboard) -> Option<Part<'_>> {
    let mut agents: Vec<&AgentView> = board.agents.iter().collect();
    agents.sort_by_key(|agent| (!is_lost(agent), place(agent.state), Reverse(agent.since_s)));
    let blocks = (canvas.columns / BLOCK).max(1);
    let blocks = blocks.min(agents.len().div_ceil(4).max(1));
    let width = canvas.columns / blocks;
    let longest = agents.iter().map(|agent| agent.name.chars().count() + 2);
    let free = width.saturating_sub(INDENT + STATE + ANSWERED + MISSED + 1);
    let name = longest.max().unwrap_or(0).clamp(NAME.0, NAME.1).min(free);
    let lines = agents.chunks(blocks).map(|row| {
        let mut line = canvas.line();
        for (place, agent) in row.iter().enumerate() {
            line = one(line.to(place * width), canvas.style, agent, name);
        }
        line.finish()
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| Part {
        turn: 3,
        heading: heading(canvas, name, (blocks, width)),
        lines,
        more: Box::new(move |shown| rest(&agents[shown * blocks..])),
    })
}

fn heading(canvas: Canvas, name: usize, (blocks, width): (usize, usize)) -> String {
    let mut line = canvas.line().to(1).put(Ink::Bold, "AGENTS");
    for block in 0..blocks {
        line = line.to(block * width + INDENT + name);
        line = line.left(Ink::Dim, "state", STATE);
        line = line.right(Ink::Dim, "answ.", ANSWERED);
        line = line.right(Ink::Dim, "missed", MISSED);
    }
    line.finish()
}

/// Those who are not shown: how many are doing what.
fn rest(agents: &[&AgentView]) -> String {
    let of = |wanted| {
        agents
            .iter()
            .filter(move |agent| agent.state == wanted)
            .count()
    };
    let parts = STATES.iter().map(|(state, word)| (of(*state), *word));
    let parts = parts.filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!("{} more not shown: {}", agents.len(), parts.join(", "))
}

fn one(line: Line, style: Style, agent: &AgentView, name: usize) -> Line {
    let start = line.room();
    let (ink, mark) = look(agent, style);
    let used = |line: &Line| start - line.room();
    let line = line.put(Ink::Plain, " ").put(ink, mark);
    let gap = " ".repeat(INDENT - used(&line));
    let shown = if agent.name.is_empty() {
        &agent.agent
    } else {
        &agent.name
    };
    let name_ink = match agent.state {
        AgentState::SignedOut => Ink::Dim,
        _ => Ink::Bold,
    };
    let line = line.put(Ink::Plain, &gap).left(name_ink, shown, name);
    let line = line.left(ink, &state(agent), STATE);
    if agent.state == AgentState::SignedOut && agent.answered == 0 && agent.missed == 0 {
        return line;
    }
    let missed = if agent.missed > 0 {
        Ink::Notable
    } else {
        Ink::Dim
    };
    let line = line.right(Ink::Plain, &number(agent.answered), ANSWERED);
    line.right(missed, &number(agent.missed), MISSED)
}

/// `talking 02:13`, `talking 02:13 rec`, `talking 02:13 + Eva` with a colleague, `talking 02:13 + Eva?` who is
/// invited, `paused 12:40 lunch`, `free, phone gone`.
fn state(agent: &AgentView) -> String {
    let word = STATES[place(agent.state)].1;
    if agent.state == AgentState::SignedOut {
        return word.to_owned();
    }
    let after = match (&agent.reason, agent.recording) {
        _ if is_lost(agent) => " phone gone".to_owned(),
        (Some(reason), _) => format!(" {reason}"),
        (None, Some(Taping::On)) => " rec".to_owned(),
        (None, Some(Taping::Paused)) => " rec off".to_owned(),
        (None, None) => String::new(),
    };
    let company = match (&agent.with, &agent.inviting) {
        (Some(other), _) => format!(" + {other}"),
        (None, Some(Invited::Agent(whom) | Invited::Queue(whom))) => format!(" + {whom}?"),
        (None, None) => String::new(),
    };
    format!("{word} {}{after}{company}", time(agent.since_s))
}

fn place(state: AgentState) -> usize {
    let place = STATES.iter().position(|(known, _)| *known == state);
    place.unwrap_or(STATES.len() - 1)
}

/// At work, and the phone cannot be rung.
fn is_lost(agent: &AgentView) -> bool {
    !agent.reachable && agent.state != AgentState::SignedOut
}

fn look(agent: &AgentView, style: Style) -> (Ink, &'static str) {
    let (ink, marks) = match agent.state {
        _ if is_lost(agent) => (Ink::Bad, ["✗", "X"]),
        AgentState::Ringing => (Ink::Notable, ["◎", "o"]),
        AgentState::NotReady => (Ink::Notable, ["–", "-"]),
        AgentState::Paused => (Ink::Notable, ["‖", "="]),
        AgentState::WrapUp => (Ink::Plain, ["◐", "w"]),
        AgentState::Talking => (Ink::Plain, ["●", "*"]),
        AgentState::Resting | AgentState::Idle => (Ink::Good, ["○", "+"]),
        AgentState::SignedOut => (Ink::Dim, [" ", " "]),
    };
    (ink, marks[usize::from(!style.unicode)])
}
