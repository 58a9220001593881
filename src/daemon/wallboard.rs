//! What a wallboard is shown: the board with names, as JSON.

use super::board::Board;
use super::board::LineTally;
use super::board::QueueTally;
use super::board::Taping;
use super::bridge::protocol::Capability;
use super::journal::rows::Outstanding;
use super::site::Site;
use crate::exchange::Switch;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::input::Transferee;
use crate::exchange::record::AgentState;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// A site at one moment. Counts are those of the day so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wallboard {
    /// Unix time in milliseconds.
    pub at_ms: i64,
    /// How far the site's clocks are ahead of UTC, in seconds.
    #[serde(default)]
    pub utc_offset_s: i64,
    /// Whether new calls are taken; if not, why.
    pub accepting: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The version of the menus in force.
    pub menus_version: u64,
    /// What other systems have not taken yet.
    #[serde(default)]
    pub outbox: Outstanding,
    /// Whoever carries calls.
    pub bridges: Vec<BridgeView>,
    /// The lines.
    pub lines: Vec<LineView>,
    /// The queues.
    pub queues: Vec<QueueView>,
    /// The people.
    pub agents: Vec<AgentView>,
}

/// One bridge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BridgeView {
    /// Its name.
    pub bridge: String,
    /// Whether it is there.
    pub connected: bool,
    /// Calls it carries.
    pub calls: usize,
    /// Whether it is there and has not said that it can ring phones: nobody answers its callers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cannot_ring: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LineView {
    /// The stem of its file.
    pub line: String,
    /// The name for people.
    pub title: String,
    /// The languages that it speaks.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Calls in progress.
    pub in_progress: u32,
    /// Attempts.
    pub attempts: u64,
    /// Attempts that found no line free, or were shed at the door.
    pub blocked: u64,
    /// Attempts that have ended, by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Whether any of its steps says notices.
    #[serde(default)]
    pub says_notices: bool,
    /// The notice that is set, by language.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notice: BTreeMap<String, String>,
    /// Whether operators have closed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Until when the notice is set, in Unix milliseconds, unless for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice_until_ms: Option<i64>,
    /// Until when it is closed, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_until_ms: Option<i64>,
}

/// One queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueView {
    /// The line it belongs to.
    pub line: String,
    /// Its name.
    pub queue: String,
    /// Who answers.
    pub group: String,
    /// Callers in it, those whose agent's phone rings included.
    pub waiting: usize,
    /// How long the first of them has been in it, in seconds.
    pub longest_wait_s: u64,
    /// Calls back promised whose callers were not reached yet.
    #[serde(default)]
    pub callbacks: usize,
    /// How long ago the first of them was promised, in seconds.
    #[serde(default)]
    pub oldest_callback_s: u64,
    /// Callers who joined.
    pub entered: u64,
    /// Answered.
    pub answered: u64,
    /// Hung up waiting.
    pub abandoned: u64,
    /// Left the line by a key.
    #[serde(default)]
    pub left_by_key: u64,
    /// Entries for colleagues whom agents had invited, and whom nobody has answered: neither lost nor answered.
    #[serde(default)]
    pub withdrawn: u64,
    /// Could not join, waited too long, or went on to another queue.
    pub lost: u64,
    /// Of the lost, those who could not join.
    #[serde(default)]
    pub turned_away: u64,
    /// Mean wait of the answered in seconds.
    pub asa_s: Option<f64>,
    /// The share answered in time, of all offered.
    pub service_level: Option<f64>,
    /// The share to reach.
    pub goal: f64,
    /// In how many seconds.
    pub goal_within_s: u64,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgentView {
    /// The name in the groups file.
    pub agent: String,
    /// The name for people.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// The state.
    pub state: AgentState,
    /// Why the agent is on a break.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the conversation is recorded, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Taping>,
    /// Whom the agent has invited into the talk, while nobody has answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inviting: Option<Invited>,
    /// The other agent who talks to the same caller: by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// What comes after the present call, as was asked for: `paused` or `signed-out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<AgentState>,
    /// The groups after the present call, if there is a move to come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then_groups: Vec<String>,
    /// Whether the phone can be rung.
    pub reachable: bool,
    /// Why not: `no-bridge`, `reported` or `calling`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_reach: Option<String>,
    /// For how long, in seconds.
    pub since_s: u64,
    /// Calls answered.
    pub answered: u64,
    /// Calls that rang in vain or were refused.
    pub missed: u64,
}

/// Whom an agent has invited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Invited {
    /// Whoever answers this queue.
    Queue(String),
    /// This agent.
    Agent(String),
}

impl Wallboard {
    /// The site as it is now.
    pub fn of(site: &Site, now: Tick, trouble: Option<&str>) -> Self {
        let (plan, board) = (site.exchange().plan(), &*site.board(now));
        let at_ms = site.unix_ms(now);
        Self {
            at_ms,
            utc_offset_s: (plan.zone.local(at_ms) - at_ms) / 1000,
            accepting: trouble.is_none(),
            trouble: trouble.map(str::to_owned),
            menus_version: site.version(),
            outbox: Outstanding::default(),
            bridges: site
                .bridges()
                .iter()
                .map(|(_, bridge)| BridgeView {
                    bridge: bridge.name.clone(),
                    connected: bridge.connected,
                    calls: bridge.calls().len(),
                    cannot_ring: bridge.connected && !bridge.can.contains(&Capability::Ring),
                })
                .collect(),
            lines: lines_shown(plan, board)
                .map(|id| {
                    let tally = &board.lines[plan.line_root(id).index()];
                    line_view(site, id, tally, now)
                })
                .collect(),
            queues: queues_shown(plan, board)
                .map(|id| {
                    let tally = &board.queues[plan.queue_root(id).index()];
                    queue_view(site, id, tally, now)
                })
                .collect(),
            agents: AgentView::all(site, now),
        }
    }
}

/// The lines of the newest menus, and those before in which there are still calls.
fn lines_shown<'p>(plan: &'p Dialplan, board: &'p Board) -> impl Iterator<Item = LineId> + 'p {
    let all = (0..plan.lines.len()).map(|place| LineId(place as u16));
    all.filter(|id| {
        let line = plan.line(*id);
        let is_left = line.root.is_none() && plan.line_named(&line.name).is_none();
        !line.retired || (is_left && board.lines[id.index()].in_progress > 0)
    })
}

/// The queues of the newest menus, and those before in which callers still wait or whose calls back are
/// to be made.
fn queues_shown<'p>(plan: &'p Dialplan, board: &'p Board) -> impl Iterator<Item = QueueId> + 'p {
    let all = || (0..plan.queues.len()).map(|place| QueueId(place as u16));
    let line_of = |id: QueueId| plan.line(plan.step(plan.queue(id).step).line);
    all().filter(move |id| {
        let is_newest = |id: QueueId| !line_of(id).retired;
        let tally = &board.queues[id.index()];
        let waits = || tally.waiting() > 0 || tally.promised() > 0;
        let has_newer =
            || all().any(|other| plan.queue(other).root == Some(*id) && is_newest(other));
        is_newest(*id) || (plan.queue(*id).root.is_none() && waits() && !has_newer())
    })
}

fn line_view(site: &Site, id: LineId, tally: &LineTally, now: Tick) -> LineView {
    let outcomes = tally.outcomes.iter();
    let line = site.exchange().plan().line(id);
    let closed = site.exchange().switched_until(id, Switch::Closure);
    let notice = site.exchange().switched_until(id, Switch::Notice);
    let passes = |until: Tick| until > now && until != Tick(u64::MAX);
    LineView {
        line: line.name.clone(),
        title: line.title.clone(),
        languages: line
            .languages
            .iter()
            .map(|id| site.exchange().plan().languages[id.index()].clone())
            .collect(),
        says_notices: site.exchange().plan().says_notices(id),
        notice: site.notice_on(id, now).cloned().unwrap_or_default(),
        closed: now < closed,
        notice_until_ms: passes(notice).then(|| site.unix_ms(notice)),
        closed_until_ms: passes(closed).then(|| site.unix_ms(closed)),
        in_progress: tally.in_progress,
        attempts: tally.attempts,
        blocked: tally.blocked,
        outcomes: outcomes
            .map(|(outcome, count)| (outcome.name().to_owned(), *count))
            .collect(),
    }
}

fn queue_view(site: &Site, id: QueueId, tally: &QueueTally, now: Tick) -> QueueView {
    let plan = site.exchange().plan();
    let queue = plan.queue(id);
    let group = plan.group(queue.group);
    let asa = |answered| tally.answered_wait_ms as f64 / 1000.0 / answered as f64;
    QueueView {
        line: plan.line(plan.step(queue.step).line).name.clone(),
        queue: queue.name.clone(),
        group: group.name.clone(),
        waiting: tally.waiting(),
        longest_wait_s: tally.longest_wait(now).0 / 1000,
        callbacks: tally.promised(),
        oldest_callback_s: tally.oldest_promise(now).0 / 1000,
        entered: tally.entered,
        answered: tally.answered,
        abandoned: tally.abandoned,
        left_by_key: tally.left_by_key,
        withdrawn: tally.withdrawn,
        lost: tally.lost(),
        turned_away: tally.turned_away,
        asa_s: (tally.answered > 0).then(|| asa(tally.answered)),
        service_level: tally.service_level(),
        goal: f64::from(group.target_permille) / 1000.0,
        goal_within_s: group.answer_within.0 / 1000,
    }
}

impl AgentView {
    /// All agents as they are now.
    pub fn all(site: &Site, now: Tick) -> Vec<Self> {
        let agents = site.exchange().plan().agents.iter().enumerate();
        let here = agents.filter(|(_, agent)| !agent.is_gone());
        let board = site.board(now);
        here.map(|(place, _)| Self::on(&board, site, AgentId(place as u32), now))
            .collect()
    }

    /// An agent as it is now.
    pub fn of(site: &Site, agent: AgentId, now: Tick) -> Self {
        Self::on(&site.board(now), site, agent, now)
    }

    fn on(board: &Board, site: &Site, agent: AgentId, now: Tick) -> Self {
        let plan = site.exchange().plan();
        let (person, tally) = (plan.agent(agent), &board.agents[agent.index()]);
        let groups = plan.profiles[person.profile.index()].groups.iter();
        let reason = tally
            .reason
            .map(|reason| &plan.pause_reasons[reason.index()]);
        Self {
            agent: person.name.clone(),
            name: person.title.clone(),
            groups: groups
                .map(|group| plan.group(*group).name.clone())
                .collect(),
            state: tally.state,
            reason: reason.cloned(),
            recording: tally.recording,
            inviting: site.exchange().invitation_of(agent).map(|to| match to {
                Transferee::Queue(queue) => Invited::Queue(plan.queue(queue).name.clone()),
                Transferee::Agent(agent) => Invited::Agent(plan.agent(agent).name.clone()),
            }),
            with: (site.exchange().talks_beside(agent)).map(|agent| plan.agent(agent).name.clone()),
            then: site.exchange().agent_goes_on_to(agent),
            then_groups: site
                .exchange()
                .agent_moves_to(agent)
                .into_iter()
                .flat_map(|groups| groups.iter().collect::<Vec<_>>())
                .map(|group| plan.group(group).name.clone())
                .collect(),
            reachable: site.exchange().is_reachable(agent),
            out_of_reach: site.out_of_reach(agent).map(|why| why.name().to_owned()),
            since_s: now.since(tally.since).0 / 1000,
            answered: tally.answered,
            missed: tally.missed,
        }
    }
}
