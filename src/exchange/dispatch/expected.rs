//! How long somebody still has to wait: from who is ahead, the agents at work, how long calls take, and
//! when more agents may take the call.

use super::Dispatch;
use super::waiting::Place;
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

    /// The wait of a call which more agents may take from each of these stages on: it ends there if more of
    /// them are free than callers wait before it, of all who may come to want the same.
    fn wait_by_stages(
        &self,
        plan: &Dialplan,
        later: &[Stage],
        (lane, place, language): (LaneId, Place, LanguageId),
        (waited, wait): (Span, Span),
    ) -> Span {
        let group = plan.lanes[lane.index()].group;
        let ends = later.iter().find(|stage| {
            let wider = stage.lanes[language.index()];
            let free = self.free_in(plan, wider);
            free > 0 && free > self.rivals(plan, (group, wider), place)
        });
        match ends {
            Some(stage) => wait.min(Span(stage.after.0.saturating_sub(waited.0))),
            None => wait,
        }
    }

    /// Callers before this place who may take the agents of a lane away: all of its group, whose later stages
    /// may lead there, and of its neighbours.
    fn rivals(&self, plan: &Dialplan, (group, wider): (GroupId, LaneId), place: Place) -> usize {
        let near = &plan.lanes[wider.index()].neighbours;
        let lanes = plan.lanes.iter().enumerate();
        let lanes = lanes.map(|(place, lane)| (LaneId(place as u16), lane.group));
        let lanes = lanes.filter(|(id, of)| *of == group || near.contains(id));
        let ahead = lanes.map(|(id, _)| self.waiting.ahead_in(id, place) as usize);
        ahead.sum()
    }

    /// The expected wait in a lane with this place. Callers ahead who wait for other agents too
    /// count in part: by the part of their agents who serve this lane. Calls back ahead never give up.
    pub(super) fn wait_behind(&self, plan: &Dialplan, lane: LaneId, place: Place) -> Span {
        let mut ahead_permille = 1000 * u64::from(self.waiting.ahead_in(lane, place));
        let mut stay_permille = 1000 * u64::from(self.waiting.callbacks_ahead_in(lane, place));
        for &other in &plan.lanes[lane.index()].neighbours {
            if self.waiting.lane_len(other) == 0 {
                continue;
            }
            let ahead = u64::from(self.waiting.ahead_in(other, place));
            let all = u64::from(self.staff[other.index()].present).max(1);
            let shared = plan.lanes[other.index()]
                .profiles
                .iter()
                .filter(|profile| plan.profiles[profile.index()].lanes.contains(&lane));
            let shared: u64 = shared.map(|at| u64::from(self.present[at.index()])).sum();
            let part = |calls: u64| 1000 * calls * shared / all;
            ahead_permille += part(ahead);
            stay_permille += part(self.waiting.callbacks_ahead_in(other, place).into());
        }
        let group = plan.lanes[lane.index()].group;
        let agents = self.staff[lane.index()].present;
        self.pace[group.index()].wait_behind((ahead_permille, stay_permille), agents)
    }
}
