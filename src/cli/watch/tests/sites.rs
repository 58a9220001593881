//! Sites to look at.

use crate::daemon::wallboard::AgentView;
use crate::daemon::wallboard::BridgeView;
use crate::daemon::wallboard::LineView;
use crate::daemon::wallboard::QueueView;
use crate::daemon::wallboard::Wallboard;
use crate::exchange::record::AgentState;

/// 2026-11-27 20:14:09 in Hanoi.
const EVENING_MS: i64 = 1_795_785_249_000;

/// Nobody is there and nothing has happened.
pub(super) fn empty() -> Wallboard {
    Wallboard {
        at_ms: EVENING_MS,
        utc_offset_s: 7 * 3600,
        accepting: true,
        menus_version: 1,
        lines: vec![line("clinic", "Riverside Clinic", (0, 0, 0), &[])],
        queues: vec![queue("reception", "clinic", (0, 0), (0, 0, 0), None)],
        agents: vec![
            agent("Front desk", AgentState::SignedOut, 0, (0, 0)),
            agent("Back office", AgentState::SignedOut, 0, (0, 0)),
        ],
        ..Wallboard::default()
    }
}

/// An evening on which everybody phones at once.
pub(super) fn busy() -> Wallboard {
    let outcomes = [
        ("answered", 1343),
        ("self_served_confirmed", 1204),
        ("self_served_probable", 1031),
        ("abandoned", 963),
        ("turned_away", 14),
        ("message", 3),
    ];
    let clinic = [("answered", 41), ("message", 12), ("left_in_menu", 2)];
    Wallboard {
        at_ms: EVENING_MS,
        utc_offset_s: 7 * 3600,
        accepting: true,
        menus_version: 3,
        bridges: vec![bridge("pbx-1", true, 61)],
        lines: vec![
            line("clinic", "Riverside Clinic", (4, 59, 0), &clinic),
            line("video", "Sao Băng Video", (57, 4903, 319), &outcomes),
            line("shop", "Parcel & Pine", (0, 12, 0), &[("answered", 12)]),
        ],
        queues: vec![
            queue("reception", "clinic", (1, 7), (41, 2, 0), Some((9.2, 0.93))),
            queue(
                "technical",
                "video",
                (23, 252),
                (1012, 803, 14),
                Some((141.0, 0.31)),
            ),
            queue(
                "billing",
                "video",
                (4, 48),
                (331, 160, 0),
                Some((36.4, 0.74)),
            ),
            queue("support", "shop", (0, 0), (12, 0, 0), Some((3.0, 1.0))),
            queue("returns", "shop", (0, 0), (0, 0, 0), None),
        ],
        agents: people(),
        ..Wallboard::default()
    }
}

/// The same, and callers are to be called back.
pub(super) fn promising() -> Wallboard {
    let mut site = busy();
    for (place, callbacks, oldest_callback_s) in [(1, 1207, 5312), (3, 2, 48)] {
        let queue = &mut site.queues[place];
        (queue.callbacks, queue.oldest_callback_s) = (callbacks, oldest_callback_s);
    }
    site
}

fn people() -> Vec<AgentView> {
    let mut lunch = agent("Võ Bảo Ngọc", AgentState::Paused, 760, (31, 0));
    lunch.reason = Some("lunch".to_owned());
    let mut gone = agent("Đặng Anh Khoa", AgentState::Idle, 95, (22, 3));
    gone.reachable = false;
    vec![
        agent("Front desk", AgentState::Talking, 133, (41, 0)),
        agent("Back office", AgentState::SignedOut, 40_000, (0, 0)),
        agent("Nguyễn Thùy Linh", AgentState::Talking, 412, (58, 1)),
        agent("Trần Quang Minh", AgentState::WrapUp, 22, (61, 0)),
        agent("Phạm Phương Thảo", AgentState::Ringing, 4, (70, 2)),
        agent("Lê Gia Huy", AgentState::NotReady, 65, (44, 9)),
        lunch,
        gone,
        agent("Ana Ruiz", AgentState::Idle, 1804, (12, 0)),
        agent("Ben Okafor", AgentState::Resting, 3, (17, 0)),
        agent("Chloe Martin", AgentState::SignedOut, 3600, (9, 0)),
    ]
}

/// The disk is full and a bridge has gone.
pub(super) fn trouble() -> Wallboard {
    Wallboard {
        accepting: false,
        trouble: Some("the journal's disk is full: no new calls are taken".to_owned()),
        bridges: vec![bridge("pbx-1", false, 12), bridge("pbx-2", true, 49)],
        ..busy()
    }
}

/// Names that want to act on the terminal, and figures that nobody has.
pub(super) fn hostile() -> Wallboard {
    let evil = "\x1b[2J\u{9b}31m\u{202e}evil\r\n\x07名前名前名前名前名前名前名前名前".to_owned();
    let mut site = trouble();
    site.trouble = Some(evil.repeat(20));
    site.at_ms = i64::MAX;
    site.utc_offset_s = i64::MAX;
    site.bridges[0].bridge.clone_from(&evil);
    for queue in &mut site.queues {
        queue.queue.clone_from(&evil);
        queue.line.clone_from(&evil);
        queue.waiting = usize::MAX / 8;
        queue.longest_wait_s = u64::MAX;
        queue.callbacks = usize::MAX / 8;
        queue.oldest_callback_s = u64::MAX;
        queue.answered = u64::MAX;
        queue.asa_s = Some(f64::MAX);
        queue.service_level = Some(f64::NAN);
        queue.goal = f64::INFINITY;
    }
    for agent in &mut site.agents {
        agent.name.clone_from(&evil);
        agent.reason = Some(evil.clone());
        agent.since_s = u64::MAX;
        agent.answered = u64::MAX;
    }
    for line in &mut site.lines {
        line.title.clone_from(&evil);
        line.attempts = u64::MAX;
        line.in_progress = u32::MAX / 4;
        line.outcomes.insert(evil.clone(), u64::MAX / 4);
    }
    site
}

fn bridge(name: &str, connected: bool, calls: usize) -> BridgeView {
    BridgeView {
        bridge: name.to_owned(),
        connected,
        calls,
        cannot_ring: false,
    }
}

fn line(name: &str, title: &str, counts: (u32, u64, u64), outcomes: &[(&str, u64)]) -> LineView {
    let (in_progress, attempts, blocked) = counts;
    let outcomes = outcomes.iter();
    LineView {
        languages: Vec::new(),
        says_notices: true,
        notice: std::collections::BTreeMap::new(),
        closed: false,
        notice_until_ms: None,
        closed_until_ms: None,
        line: name.to_owned(),
        title: title.to_owned(),
        in_progress,
        attempts,
        blocked,
        outcomes: outcomes
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect(),
    }
}

fn queue(
    name: &str,
    line: &str,
    (waiting, longest_wait_s): (usize, u64),
    (answered, abandoned, lost): (u64, u64, u64),
    served: Option<(f64, f64)>,
) -> QueueView {
    QueueView {
        line: line.to_owned(),
        queue: name.to_owned(),
        group: name.to_owned(),
        waiting,
        longest_wait_s,
        callbacks: 0,
        oldest_callback_s: 0,
        entered: answered + abandoned + waiting as u64,
        answered,
        abandoned,
        left_by_key: 0,
        withdrawn: 0,
        lost,
        turned_away: 0,
        asa_s: served.map(|(asa, _)| asa),
        service_level: served.map(|(_, level)| level),
        goal: 0.8,
        goal_within_s: 30,
    }
}

fn agent(name: &str, state: AgentState, since_s: u64, (answered, missed): (u64, u64)) -> AgentView {
    AgentView {
        agent: name.to_lowercase(),
        name: name.to_owned(),
        groups: vec!["support".to_owned()],
        state,
        reason: None,
        recording: None,
        inviting: None,
        with: None,
        then: None,
        then_groups: Vec::new(),
        reachable: true,
        out_of_reach: None,
        since_s,
        answered,
        missed,
    }
}
