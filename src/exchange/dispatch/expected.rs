//! How long somebody still has to wait: from who is ahead, the agents at work, how long calls take, and
//! when more agents may take the call.

use super::Dispatch;
use super::place::Place;
use super::waiting::Ticket;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Stage;
use crate::exchange::id::CallId;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::QueueId;
use crate::exchange::scene::Scene;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// The most work ahead that is reckoned with, in thousandths of a call.
const WORK_MAX: u64 = 1_000_000_000_000;

impl Dispatch {
    /// The expected wait of a call in line, which waits for one agent in particular for `hold` at most.
    pub(in crate::exchange) fn expected_wait(
        &self,
        plan: &Dialplan,
        call: CallId,
        (now, hold): (Tick, Span),
    ) -> Option<Span> {
        let ticket = self.waiting.ticket(call)?;
        Some(self.wait_of(plan, ticket, (now.since(ticket.since), hold)))
    }

    /// The same of a ticket, after a wait.
    #[inline]
    pub(super) fn wait_of(
        &self,
        plan: &Dialplan,
        ticket: &Ticket,
        (waited, hold): (Span, Span),
    ) -> Span {
        let wait = self.wait_behind(plan, ticket.lane, ticket.place);
        match ticket.holds.is_none() && plan.queue(ticket.queue).stages.is_empty() {
            true => wait,
            false => self.until_others_may(plan, ticket, (waited, hold), wait),
        }
    }

    /// That wait, or a shorter one: until a later stage, or until anybody will do.
    #[inline(never)]
    fn until_others_may(
        &self,
        plan: &Dialplan,
        ticket: &Ticket,
        (waited, hold): (Span, Span),
        wait: Span,
    ) -> Span {
        let anybody_after = Span(hold.0.saturating_sub(waited.0));
        let wait = match ticket.holds.is_some() && self.may_have_anybody(plan, ticket) {
            true => wait.min(anybody_after),
            false => wait,
        };
        let queue = plan.queue(ticket.queue);
        match queue.language_in(ticket.lane) {
            Some(language) => {
                let later = &queue.stages[usize::from(ticket.stage)..];
                let whose = (ticket.lane, ticket.place, language);
                self.wait_by_stages(plan, later, whose, (waited, wait))
            }
            None => wait,
        }
    }

    /// Whether more agents are free for a call that waits for one in particular than others wait like it.
    fn may_have_anybody(&self, plan: &Dialplan, ticket: &Ticket) -> bool {
        let is_in_line = self.waiting.is_in_line(ticket.call);
        let others = self.waiting.holding() - usize::from(is_in_line);
        self.free_in(plan, ticket.lane) > others
    }

    /// The wait to expect at this place, or with this head start of the caller's class before the end of the
    /// line; none where somebody is free.
    pub(in crate::exchange) fn newcomer_waits(
        &self,
        scene: &Scene<'_>,
        (id, language): (QueueId, LanguageId),
        kept: (Option<Place>, Span),
    ) -> Span {
        let (plan, queue) = (scene.plan, scene.plan.queue(id));
        let (stage, lane) = self.first_stage(plan, queue, language);
        if self.somebody_free(plan, lane) {
            return Span::ZERO;
        }
        let place = self.waiting.place_of(queue, kept, scene.now);
        let wait = self.wait_behind(plan, lane, place);
        let later = &queue.stages[usize::from(stage)..];
        self.wait_by_stages(plan, later, (lane, place, language), (Span::ZERO, wait))
    }

    /// All the work that may be ahead of somebody: as if all who are in line anywhere were, with calls as long
    /// as any group's.
    pub(super) fn work_in_line(&self) -> Span {
        let handling = self.pace.iter().map(|pace| pace.handling().0).max();
        let calls = u64::from(self.waiting.in_line()) + 1;
        Span(handling.unwrap_or(0).max(1) * calls)
    }

    /// No wait in a lane is longer with [so much work](Self::work_in_line): as if nobody gave up.
    pub(super) fn longest_wait(&self, lane: LaneId, work: Span) -> Span {
        Span(work.0 / self.agents_in(lane).max(1))
    }

    /// The wait of a call which more agents may take from each of these stages on: as long as until then, or
    /// as the line is that is before it there.
    fn wait_by_stages(
        &self,
        plan: &Dialplan,
        later: &[Stage],
        (lane, place, language): (LaneId, Place, LanguageId),
        (waited, wait): (Span, Span),
    ) -> Span {
        let group = plan.lanes[lane.index()].group;
        let stages = later.iter().map(|stage| {
            let wider = stage.lanes[language.index()];
            let opens = Span(stage.after.0.saturating_sub(waited.0));
            match self.is_free_for(plan, (group, wider), place) {
                true => opens,
                false => opens.max(self.wait_once_wider(plan, wider, place)),
            }
        });
        stages.fold(wait, Span::min)
    }

    /// Whether more agents of a lane are free than callers before this place may take them.
    fn is_free_for(
        &self,
        plan: &Dialplan,
        (group, wider): (GroupId, LaneId),
        place: Place,
    ) -> bool {
        let free = self.free_in(plan, wider);
        free > 0 && free > self.rivals(plan, (group, wider), place)
    }

    /// Callers before this place who may take the agents of a lane away: all of its group, whose later stages
    /// may lead there, and of its neighbours.
    fn rivals(&self, plan: &Dialplan, (group, wider): (GroupId, LaneId), place: Place) -> usize {
        let near = &plan.lanes[wider.index()].neighbours;
        let lanes = plan.lanes.iter().enumerate();
        let lanes = lanes.map(|(place, lane)| (LaneId(place as u16), lane.group));
        let lanes = lanes.filter(|(id, of)| *of == group || near.contains(id));
        let ahead = lanes.map(|(id, _)| self.waiting.ahead_in(id, place).0 as usize);
        ahead.sum()
    }

    /// The expected wait in a lane with this place.
    pub(super) fn wait_behind(&self, plan: &Dialplan, lane: LaneId, place: Place) -> Span {
        self.wait_beside(plan, (lane, place), |_| false)
    }

    /// The same in the lane of a later stage: callers ahead whose agents all serve it have come there by then.
    #[inline(never)]
    fn wait_once_wider(&self, plan: &Dialplan, wider: LaneId, place: Place) -> Span {
        let group = plan.lanes[wider.index()].group;
        self.wait_beside(plan, (wider, place), |other| {
            let is_of_all = || self.shared(plan, wider, other) == self.agents_in(other);
            plan.lanes[other.index()].group == group && is_of_all()
        })
    }

    /// The expected wait behind callers of a lane, those of others who are in line with them, and those of
    /// its neighbours whom its agents take away. Calls back ahead never give up.
    #[inline]
    fn wait_beside(
        &self,
        plan: &Dialplan,
        (lane, place): (LaneId, Place),
        is_in_line: impl Fn(LaneId) -> bool,
    ) -> Span {
        let neighbours = plan.lanes[lane.index()].neighbours.iter().copied();
        let neighbours = neighbours.filter(|other| self.waiting.lane_len(*other) > 0);
        let (mut own, mut stay) = self.ahead_in(lane, place);
        for other in neighbours.clone().filter(|other| is_in_line(*other)) {
            let (ahead, callbacks) = self.ahead_in(other, place);
            (own, stay) = (own + ahead, stay + callbacks);
        }
        let (mut ahead_permille, mut stay_permille) = (1000 * own, 1000 * stay);
        for other in neighbours.filter(|other| !is_in_line(*other)) {
            let (ahead, callbacks) = self.ahead_in(other, place);
            if ahead > 0 {
                let work = self.as_own(plan, lane, (other, ahead));
                let taken = self.taken_away(plan, (lane, own), (other, work));
                ahead_permille += taken;
                stay_permille += taken * callbacks / ahead;
            }
        }
        if ahead_permille > 1000 * own {
            let most = self.work_most(plan, (lane, own), is_in_line);
            ahead_permille = ahead_permille.min(most);
            stay_permille = stay_permille.min(ahead_permille);
        }
        let group = plan.lanes[lane.index()].group;
        let agents = self.staff[lane.index()].present;
        self.pace[group.index()].wait_behind((ahead_permille, stay_permille), agents)
    }

    /// As how many callers of a lane, in thousandths, those of another one count: by how long their calls keep
    /// an agent, which groups learn each for themselves.
    fn as_own(&self, plan: &Dialplan, lane: LaneId, (other, ahead): (LaneId, u64)) -> u64 {
        let group = |lane: LaneId| plan.lanes[lane.index()].group;
        if group(lane) == group(other) {
            return 1000 * ahead;
        }
        let handling = |lane| self.pace[group(lane).index()].handling().0.max(1);
        (1000 * ahead * handling(other) / handling(lane)).min(WORK_MAX)
    }

    /// How much of the work ahead in another lane agents of this one do before they take its next caller, as
    /// callers of this one, in thousandths. Agents who serve both go to whoever has waited longer: either the
    /// two lines move as one, behind all of their agents, or the other one is so much longer that it keeps
    /// those agents to itself.
    fn taken_away(
        &self,
        plan: &Dialplan,
        (lane, own): (LaneId, u64),
        (other, work): (LaneId, u64),
    ) -> u64 {
        let shared = self.shared(plan, lane, other);
        let (here, there) = (self.agents_in(lane), self.agents_in(other));
        let both = (here + there).saturating_sub(shared).max(1);
        let as_one = (here * (1000 * own + work) / both).saturating_sub(1000 * own);
        match here.saturating_sub(shared) {
            0 => as_one,
            alone => as_one.min(1000 * (own + 1) * shared / alone),
        }
    }

    /// The most work ahead in a lane, in thousandths of a call, whatever waits elsewhere: agents whom no
    /// other line with callers keeps busy take those of this one one after the other.
    #[inline(never)]
    fn work_most(
        &self,
        plan: &Dialplan,
        (lane, own): (LaneId, u64),
        is_in_line: impl Fn(LaneId) -> bool,
    ) -> u64 {
        let is_busy = |other: &LaneId| {
            *other != lane && self.waiting.lane_len(*other) > 0 && !is_in_line(*other)
        };
        let profiles = plan.lanes[lane.index()].profiles.iter();
        let alone = profiles.filter(|at| !plan.profiles[at.index()].lanes.iter().any(is_busy));
        let alone: u64 = alone.map(|at| u64::from(self.present[at.index()])).sum();
        let others = self.agents_in(lane).saturating_sub(alone);
        match alone {
            0 => u64::MAX,
            alone => 1000 * own + 1000 * (own + 1) * others / alone,
        }
    }

    /// Agents at work who serve both lanes.
    fn shared(&self, plan: &Dialplan, lane: LaneId, other: LaneId) -> u64 {
        let profiles = plan.lanes[other.index()].profiles.iter();
        let shared = profiles.filter(|at| plan.profiles[at.index()].lanes.contains(&lane));
        shared.map(|at| u64::from(self.present[at.index()])).sum()
    }

    fn agents_in(&self, lane: LaneId) -> u64 {
        self.staff[lane.index()].present.into()
    }

    /// Callers in line for a lane before this place, and how many of them are calls back.
    fn ahead_in(&self, lane: LaneId, place: Place) -> (u64, u64) {
        let (ahead, callbacks) = self.waiting.ahead_in(lane, place);
        (ahead.into(), callbacks.into())
    }
}
