//! Callers who wait, in one global order: emergencies, then by arrival less the head start.
//!
//! A caller who waits for one agent in particular is in that agent's own line meanwhile, with the
//! same place.

use super::lineup::Lineup;
use super::place::Place;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::ahead::make_room;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::dialplan::Queue;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::id::QueueId;
use crate::exchange::limits::TRIED_MAX;
use crate::exchange::limits::WAITING_MAX;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;

/// What a waiting call wants.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[repr(align(64))]
pub(super) struct Ticket {
    pub(super) call: CallId,
    pub(super) queue: QueueId,
    pub(super) lane: LaneId,
    pub(super) place: Place,
    /// When this queue was joined.
    pub(super) since: Tick,
    /// Stages of the queue that are behind it; `lane` is that of the last.
    pub(super) stage: u8,
    /// The one agent it waits for, and how often that agent had left by then.
    pub(super) holds: Option<AgentId>,
    pub(super) absences: u32,
    /// Somebody has let the call ring out or refused it: see [`Waiting::tried`].
    pub(super) missed: bool,
    /// A call back, whose caller is not on the line.
    pub(super) is_callback: bool,
    /// Whether it is in line, and is not offered to anybody. Noted again after a snapshot.
    #[serde(skip)]
    pub(super) is_in_line: bool,
}

/// The call that an agent is offered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seeker {
    pub(super) call: CallId,
    pub(super) queue: QueueId,
    pub(super) lane: LaneId,
}

impl Ticket {
    /// Whose ticket this is.
    #[inline]
    pub(super) fn seeker(&self) -> Seeker {
        Seeker {
            call: self.call,
            queue: self.queue,
            lane: self.lane,
        }
    }
}

/// Agents who have let this call ring out or refused it; the last few.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Tried {
    agents: [Option<AgentId>; TRIED_MAX],
    next: u8,
}

impl Tried {
    pub(super) fn add(&mut self, agent: AgentId) {
        if !self.has(agent) {
            self.agents[usize::from(self.next) % TRIED_MAX] = Some(agent);
            self.next = self.next.wrapping_add(1);
        }
    }

    pub(super) fn has(&self, agent: AgentId) -> bool {
        self.agents.contains(&Some(agent))
    }

    pub(super) fn count(&self) -> usize {
        self.iter().count()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = AgentId> + '_ {
        self.agents.iter().flatten().copied()
    }
}

/// All waiting callers: one line for each lane, and one for each agent who is waited for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Waiting {
    lanes: Vec<Lineup>,
    held: Vec<Lineup>,
    /// How many are in line for one agent in particular.
    holding: u32,
    tickets: Vec<Option<Ticket>>,
    /// Beside the tickets, for it is looked at for the few calls that were missed.
    tried: Vec<Tried>,
    /// Callers on the line, by group.
    by_group: Vec<u32>,
    /// Calls back in line.
    callbacks: u32,
    next_sequence: u64,
}

impl Waiting {
    pub(super) fn new(plan: &Dialplan) -> Self {
        Self {
            lanes: plan.lanes.iter().map(|_| Lineup::default()).collect(),
            held: plan.agents.iter().map(|_| Lineup::default()).collect(),
            by_group: vec![0; plan.groups.len()],
            ..Self::default()
        }
    }

    /// Makes room for lanes, agents and groups that were added.
    pub(super) fn grow(&mut self, plan: &Dialplan) {
        self.lanes.resize_with(plan.lanes.len(), Lineup::default);
        self.held.resize_with(plan.agents.len(), Lineup::default);
        self.by_group.resize(plan.groups.len(), 0);
    }

    /// Notes what a snapshot does not hold.
    pub(super) fn note_again(&mut self) {
        for line in self.lanes.iter_mut().chain(&mut self.held) {
            let tickets = &mut self.tickets;
            for call in line.calls() {
                if let Some(ticket) = &mut tickets[call as usize] {
                    ticket.is_in_line = true;
                }
            }
            line.mark_callbacks(|call| tickets[call as usize].is_some_and(|one| one.is_callback));
        }
    }

    /// Whether the lines know which calls are calls back.
    pub(super) fn is_counted(&self) -> bool {
        let lanes = (0..self.lanes.len()).map(|place| LaneId(place as u16));
        let mut counted = lanes.map(|lane| {
            let callbacks = self.tickets_in(lane).filter(|ticket| ticket.is_callback);
            (
                self.lanes[lane.index()].callbacks(),
                callbacks.count() as u32,
            )
        });
        counted.all(|(known, counted)| known == counted)
    }

    /// Goes over to other ids of queues.
    pub(super) fn renumber(&mut self, moved: &Moved) {
        for place in &mut self.tickets {
            *place = place.and_then(|ticket| {
                let queue = moved.queue(ticket.queue)?;
                Some(Ticket { queue, ..ticket })
            });
        }
    }

    /// A place in the line of a queue: the one that was kept, or a new one at its end, with the head start
    /// of the caller's class.
    #[inline]
    pub(super) fn take_place(
        &mut self,
        queue: &Queue,
        (kept, head_start): (Option<Place>, Span),
        now: Tick,
    ) -> Place {
        let place = self.place_of(queue, (kept, head_start), now);
        self.next_sequence += u64::from(kept.is_none());
        place
    }

    /// The same of somebody who only asks.
    #[inline]
    pub(super) fn place_of(
        &self,
        queue: &Queue,
        (kept, head_start): (Option<Place>, Span),
        now: Tick,
    ) -> Place {
        match kept {
            Some(place) => place.moved_to(queue),
            None => Place::new(queue, now, self.next_sequence + 1).earlier(head_start),
        }
    }

    /// Asks for the memory of a call's ticket, and does not wait for it.
    #[inline]
    pub(super) fn fetch(&self, call: CallId) {
        fetch_entry(&self.tickets, call.index as usize);
    }

    /// Notes what a call wants; it does not wait yet. Inlined, so that the ticket is written where it stays.
    #[inline(always)]
    pub(super) fn issue(&mut self, ticket: Ticket) {
        let index = ticket.call.index as usize;
        if self.tickets.len() <= index {
            self.reach(index);
        }
        self.tickets[index] = Some(ticket);
    }

    #[cold]
    fn reach(&mut self, index: usize) {
        make_room(&mut self.tickets, index + 1);
        self.tickets.resize(index + 1, None);
    }

    /// What the call wants, if it has a ticket.
    pub(super) fn ticket(&self, call: CallId) -> Option<&Ticket> {
        self.tickets
            .get(call.index as usize)?
            .as_ref()
            .filter(|ticket| ticket.call == call)
    }

    /// What the call wants, to be changed.
    pub(super) fn ticket_mut(&mut self, call: CallId) -> Option<&mut Ticket> {
        self.tickets
            .get_mut(call.index as usize)?
            .as_mut()
            .filter(|ticket| ticket.call == call)
    }

    /// The ticket of the call in this place of the table of calls.
    pub(super) fn ticket_at(&self, index: u32) -> &Ticket {
        self.tickets[index as usize]
            .as_ref()
            .expect("a waiting call has a ticket")
    }

    /// An agent has let the call ring out or refused it.
    pub(super) fn missed_by(&mut self, call: CallId, agent: AgentId) {
        if let Some(ticket) = self.ticket_mut(call) {
            let again = std::mem::replace(&mut ticket.missed, true);
            let index = call.index as usize;
            if self.tried.len() <= index {
                self.tried.resize(index + 1, Tried::default());
            }
            let tried = &mut self.tried[index];
            if !again {
                *tried = Tried::default();
            }
            tried.add(agent);
        }
    }

    /// Who has let the call ring out or refused it.
    pub(super) fn tried(&self, ticket: &Ticket) -> Option<&Tried> {
        let tried = self.tried.get(ticket.call.index as usize)?;
        ticket.missed.then_some(tried)
    }

    /// Whether this agent has.
    pub(super) fn has_tried(&self, ticket: &Ticket, agent: AgentId) -> bool {
        self.tried(ticket).is_some_and(|tried| tried.has(agent))
    }

    /// The call is done with waiting.
    pub(super) fn withdraw(&mut self, call: CallId) {
        if let Some(ticket) = self.tickets.get_mut(call.index as usize) {
            *ticket = None;
        }
    }

    /// Puts a call with a ticket in line.
    pub(super) fn enter(&mut self, call: CallId, group: GroupId) {
        let ticket = self.tickets[call.index as usize].as_mut();
        let ticket = ticket.expect("a call that waits has a ticket");
        ticket.is_in_line = true;
        self.holding += u32::from(ticket.holds.is_some());
        let line = match ticket.holds {
            Some(agent) => &mut self.held[agent.index()],
            None => &mut self.lanes[ticket.lane.index()],
        };
        line.insert(ticket.place, call.index, ticket.is_callback);
        self.by_group[group.index()] += u32::from(!ticket.is_callback);
        self.callbacks += u32::from(ticket.is_callback);
    }

    /// Takes a call out of the line; false if it was not in it.
    #[inline]
    pub(super) fn leave(&mut self, call: CallId, group: GroupId) -> bool {
        let is_in_line = self.is_in_line(call);
        if is_in_line {
            self.take_out(call, group);
        }
        is_in_line
    }

    /// Not inlined: most calls are answered at once, or from out of the line.
    #[inline(never)]
    fn take_out(&mut self, call: CallId, group: GroupId) {
        let ticket = self.tickets[call.index as usize].as_mut();
        let ticket = ticket.expect("a call that waits has a ticket");
        ticket.is_in_line = false;
        self.holding -= u32::from(ticket.holds.is_some());
        let line = match ticket.holds {
            Some(agent) => &mut self.held[agent.index()],
            None => &mut self.lanes[ticket.lane.index()],
        };
        line.remove(ticket.place, call.index);
        self.by_group[group.index()] -= u32::from(!ticket.is_callback);
        self.callbacks -= u32::from(ticket.is_callback);
    }

    /// The first of those who wait for this agent in particular is in line for anybody from now on.
    pub(super) fn release_first(&mut self, agent: AgentId) -> Option<CallId> {
        let held = &mut self.held[agent.index()];
        let (place, index) = *held.first()?;
        held.remove(place, index);
        self.holding -= 1;
        let ticket = self.tickets[index as usize].as_mut()?;
        ticket.holds = None;
        self.lanes[ticket.lane.index()].insert(place, index, ticket.is_callback);
        Some(ticket.call)
    }

    /// The first of those who wait for this agent in particular.
    pub(super) fn first_held(&self, agent: AgentId) -> Option<&Ticket> {
        let (_, index) = self.held[agent.index()].first()?;
        Some(self.ticket_at(*index))
    }

    /// Whether a call is in line.
    pub(super) fn is_in_line(&self, call: CallId) -> bool {
        self.ticket(call).is_some_and(|ticket| ticket.is_in_line)
    }

    /// The first in line for one of the lanes, or for this agent in particular, whom the agent may
    /// be offered, as `may` says; none who is called back where `callers` says that only others are asked for.
    #[inline(always)]
    pub(super) fn first_for(
        &self,
        agent: AgentId,
        lanes: &[LaneId],
        (may, callers): (impl Fn(&Ticket) -> bool, impl Fn() -> bool),
    ) -> Option<&Ticket> {
        // Mostly nobody waits for this agent, and the first of the others has been missed by nobody:
        // then one ticket is looked at.
        let held = match self.holding {
            0 => None,
            _ => self.held[agent.index()].first(),
        };
        let mut least = held;
        for lane in lanes {
            if let Some(first) = self.lanes[lane.index()].first()
                && least.is_none_or(|least| first < least)
            {
                least = Some(first);
            }
        }
        let (_, index) = least?;
        let first = self.ticket_at(*index);
        if first.holds.is_some() || may(first) {
            return Some(first);
        }
        let held = held.map(|(_, index)| self.ticket_at(*index));
        self.first_of_all(lanes, held, (may, callers()))
    }

    /// The same where the first of all may not be offered.
    #[cold]
    fn first_of_all<'w>(
        &'w self,
        lanes: &[LaneId],
        held: Option<&'w Ticket>,
        (may, callers): (impl Fn(&Ticket) -> bool, bool),
    ) -> Option<&'w Ticket> {
        let first_in = |lane: &LaneId| match callers {
            true => self.callers_tickets_in(*lane).find(|ticket| may(ticket)),
            false => self.tickets_in(*lane).find(|ticket| may(ticket)),
        };
        let others = lanes.iter().filter_map(first_in).chain(held);
        others.min_by_key(|ticket| ticket.place)
    }

    /// Callers in line for a group.
    pub(super) fn in_group(&self, group: GroupId) -> u32 {
        self.by_group[group.index()]
    }

    /// All in line, calls back included.
    pub(super) fn in_line(&self) -> u32 {
        self.by_group.iter().sum::<u32>() + self.callbacks
    }

    /// Whether a group has room for one more to wait.
    pub(super) fn has_room(&self, plan: &Dialplan, group: GroupId) -> bool {
        self.in_group(group) < plan.group(group).max_waiting.unwrap_or(WAITING_MAX)
    }

    /// How many are in line before this call in its lane; none if it is not in line itself.
    pub(super) fn ahead_of(&self, call: CallId) -> Option<u32> {
        let ticket = self.ticket(call)?;
        Some(self.ahead_in(ticket.lane, ticket.place).0)
    }

    /// How many are in line for one agent in particular.
    pub(super) fn holding(&self) -> usize {
        self.holding as usize
    }

    /// How many are in line for a lane before this place, and how many of these are calls back.
    pub(super) fn ahead_in(&self, lane: LaneId, place: Place) -> (u32, u32) {
        self.lanes[lane.index()].before(place)
    }

    /// What those in line for a lane want, the first one first.
    pub(super) fn tickets_in(&self, lane: LaneId) -> impl Iterator<Item = &Ticket> + '_ {
        let calls = self.lanes[lane.index()].calls();
        calls.map(|index| self.ticket_at(index))
    }

    /// The same of those who are on the line, and not to be called back.
    pub(super) fn callers_tickets_in(&self, lane: LaneId) -> impl Iterator<Item = &Ticket> + '_ {
        let callers = self.lanes[lane.index()].callers();
        callers.map(|index| self.ticket_at(index))
    }

    /// How many are in line for a lane and on the line, not to be called back.
    pub(super) fn callers_in(&self, lane: LaneId) -> usize {
        self.lane_len(lane) - self.lanes[lane.index()].callbacks() as usize
    }

    /// How many are in line for a lane.
    pub(super) fn lane_len(&self, lane: LaneId) -> usize {
        self.lanes[lane.index()].len()
    }
}
