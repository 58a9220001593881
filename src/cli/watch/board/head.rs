//! The first lines and the last: what time it is, whether calls are taken, where this comes from.

use super::Canvas;
use super::Contact;
use super::words::number;
use super::words::sum;
use super::words::time;
use crate::cli::terminal::Ink;
use crate::daemon::wallboard::Wallboard;
use crate::exchange::record::AgentState;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// From here on the date is shown.
const COLUMNS_FOR_DATE: usize = 76;

pub(super) fn draw(canvas: Canvas, board: Option<&Wallboard>, contact: &Contact) -> Vec<String> {
    let mut lines = Vec::new();
    match board {
        Some(board) => lines.push(first(canvas, board, contact)),
        None => lines.push(canvas.line().to(1).put(Ink::Bold, "strowger").finish()),
    }
    lines.extend(trouble(canvas, board, contact));
    let rule = if canvas.style.unicode { "─" } else { "-" };
    let rule = rule.repeat(canvas.columns);
    lines.push(canvas.line().put(Ink::Dim, &rule).finish());
    lines
}

/// Time, whether calls are taken, and the site in three numbers.
fn first(canvas: Canvas, board: &Wallboard, contact: &Contact) -> String {
    let stale = matches!(contact, Contact::Lost { .. });
    let ink = if stale { Ink::Dim } else { Ink::Bold };
    let when = site_time(board, canvas.columns >= COLUMNS_FOR_DATE);
    let line = canvas.line().to(1).put(ink, &when).put(ink, "   ");
    let mark = canvas.style.mark(board.accepting);
    let line = match (stale, board.accepting) {
        (true, _) => line,
        (false, true) => line.put(Ink::Good, &format!("{mark} taking calls")),
        (false, false) => line.put(Ink::Bad, &format!("{mark} NO NEW CALLS")),
    };
    let parts = counts(board, canvas.columns >= COLUMNS_FOR_DATE);
    let width = parts.iter().map(|(number, what)| number.len() + what.len());
    let width = width.sum::<usize>() + 3 * (parts.len() - 1);
    let mut line = line.put(Ink::Plain, "   ");
    let start = (canvas.columns - 1).saturating_sub(width);
    line = line.to(start);
    for (place, (number, what)) in parts.iter().enumerate() {
        let gap = if place == 0 { "" } else { "   " };
        line = line
            .put(Ink::Plain, gap)
            .put(ink, number)
            .put(Ink::Plain, what);
    }
    line.finish()
}

fn counts(board: &Wallboard, wide: bool) -> [(String, String); 3] {
    let calls = sum(board.lines.iter().map(|line| u64::from(line.in_progress)));
    let waiting = sum(board.queues.iter().map(|queue| queue.waiting as u64));
    let is_free = |state| matches!(state, AgentState::Idle | AgentState::Resting);
    let agents = || board.agents.iter();
    let free = agents().filter(|agent| is_free(agent.state) && agent.reachable);
    let here = agents().filter(|agent| agent.state != AgentState::SignedOut);
    let of_here = match wide {
        true => format!(" free of {}", here.count()),
        false => " free".to_owned(),
    };
    let call = if calls == 1 { " call" } else { " calls" };
    [
        (number(calls), call.to_owned()),
        (number(waiting), " waiting".to_owned()),
        (free.count().to_string(), of_here),
    ]
}

fn site_time(board: &Wallboard, with_date: bool) -> String {
    let local = board
        .at_ms
        .saturating_add(board.utc_offset_s.saturating_mul(1000));
    let Ok(moment) = Timestamp::from_millisecond(local) else {
        return "--:--:--".to_owned();
    };
    let format = if with_date {
        "%a %-d %b  %H:%M:%S"
    } else {
        "%H:%M:%S"
    };
    moment.to_zoned(TimeZone::UTC).strftime(format).to_string()
}

/// What somebody should see to, one line each.
fn trouble(canvas: Canvas, board: Option<&Wallboard>, contact: &Contact) -> Vec<String> {
    let mut lines = Vec::new();
    let mut say = |ink, text: &str| lines.push(canvas.line().to(1).put(ink, text).finish());
    match contact {
        Contact::Lost { why, age_s } => {
            let mark = canvas.style.mark(false);
            let age = age_s.map_or(String::new(), |age| format!("; {} old", time(age)));
            let text = format!("{mark} not connected, trying again{age} ({why})");
            say(Ink::Bad, &text);
        }
        Contact::Connecting(address) => say(Ink::Plain, &format!("connecting to {address}")),
        Contact::Once | Contact::Live(_) => {}
    }
    let Some(board) = board else { return lines };
    if let Some(trouble) = &board.trouble {
        say(Ink::Bad, trouble);
    }
    let undelivered = board.outbox.given_up;
    if undelivered > 0 {
        let them = if undelivered == 1 {
            "ticket or word of a message was"
        } else {
            "tickets and words of messages were"
        };
        say(
            Ink::Notable,
            &format!("{undelivered} {them} given up: see api/v1/outbox"),
        );
    }
    if !board.bridges.iter().any(|bridge| bridge.connected) {
        say(Ink::Notable, "no bridge is connected: no calls can come");
    }
    let gone = board.bridges.iter();
    for bridge in gone.filter(|bridge| !bridge.connected && bridge.calls > 0) {
        let calls = if bridge.calls == 1 {
            "call waits"
        } else {
            "calls wait"
        };
        let text = format!(
            "bridge {} is gone: {} {calls} for it",
            bridge.bridge, bridge.calls
        );
        say(Ink::Notable, &text);
    }
    for bridge in board.bridges.iter().filter(|bridge| bridge.cannot_ring) {
        let text = format!(
            "bridge {} cannot ring phones: no agent answers its callers",
            bridge.bridge
        );
        say(Ink::Notable, &text);
    }
    // More would leave no room for the rest.
    lines.truncate(3);
    lines
}

/// The last line of a live wallboard.
pub(super) fn foot(canvas: Canvas, board: Option<&Wallboard>, contact: &Contact) -> Option<String> {
    let version = board.map(|board| format!("menus version {}", board.menus_version));
    let address = match contact {
        Contact::Once => return None,
        Contact::Live(address) => address,
        Contact::Connecting(_) | Contact::Lost { .. } => "",
    };
    let leave = "q leaves";
    let at = canvas.columns - 1 - leave.len();
    let said = [
        Some(address.to_owned()).filter(|at| !at.is_empty()),
        version,
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let line = canvas.line().to(1).put(Ink::Dim, &said.join("   "));
    Some(line.to(at).put(Ink::Dim, leave).finish())
}
