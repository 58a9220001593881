//! A small site and short words for its records.

use crate::exchange::dialplan::Agent;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Group;
use crate::exchange::dialplan::Lane;
use crate::exchange::dialplan::Line;
use crate::exchange::dialplan::Profile;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::Step;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::GroupId;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::LaneId;
use crate::exchange::id::LineId;
use crate::exchange::id::OfferId;
use crate::exchange::id::ProfileId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::AgentState;
use crate::exchange::record::Because;
use crate::exchange::record::Blocked;
use crate::exchange::record::Decision;
use crate::exchange::record::OfferEnd;
use crate::exchange::record::Outcome;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::record::TurnedAway;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::collector::Collector;
use crate::measure::frame::Frame;
use crate::measure::run::RunFigures;
use std::collections::HashMap;
use std::collections::HashSet;

pub(crate) const SUPPORT: QueueId = QueueId(0);
pub(crate) const SECOND: QueueId = QueueId(1);
pub(crate) const ANA: AgentId = AgentId(0);
pub(crate) const BEN: AgentId = AgentId(1);
pub(crate) const CHI: AgentId = AgentId(2);

/// One line; `support` answered by the desk (Ana, Ben), `second` by the experts (Chi); 80 % in
/// 20 s, abandoned within 5 s is short.
pub(crate) fn plan() -> Dialplan {
    let desk = Group {
        name: "desk".into(),
        ..Group::default()
    };
    let experts = Group {
        name: "experts".into(),
        ..desk.clone()
    };
    Dialplan {
        lines: vec![line("video")],
        steps: vec![step("support", SUPPORT), step("second", SECOND)],
        queues: vec![queue("support", 0), queue("second", 1)],
        groups: vec![desk, experts],
        lanes: vec![lane(0), lane(1)],
        profiles: vec![profile(0), profile(1)],
        agents: vec![agent("ana", 0), agent("ben", 0), agent("chi", 1)],
        ..Dialplan::default()
    }
}

pub(crate) fn line(name: &str) -> Line {
    Line {
        name: name.into(),
        title: "Video support".into(),
        numbers: Vec::new(),
        start: StepId(0),
        trunks: Some(40),
        reserve: 0,
        caller_limit: None,
        root: None,
        retired: false,
        max_call: Span::minutes(120),
        languages: Vec::new(),
        timezone: "Asia/Ho_Chi_Minh".into(),
        variables: Vec::new(),
        dialling: Default::default(),
    }
}

fn step(name: &str, queue: QueueId) -> Step {
    Step {
        name: name.into(),
        line: LineId(0),
        kind: StepKind::Queue(queue),
    }
}

fn queue(name: &str, place: u16) -> Queue {
    Queue {
        returning: None,
        overload: None,
        name: name.into(),
        step: StepId(u32::from(place)),
        group: GroupId(place),
        lanes: Vec::new(),
        stages: Vec::new(),
        hours: None,
        max_wait: None,
        timeout: Target::HangUp,
        full: Target::HangUp,
        no_agents: Target::HangUp,
        all_paused: None,
        after: None,
        head_start: Span::ZERO,
        emergency: false,
        weight: 0,
        prefer_last: None,
        answer_within: None,
        root: None,
        greeting: None,
        announce: None,
        messages: Vec::new(),
        keys: KeyNodeId(0),
        music: String::new(),
        recording: None,
    }
}

fn lane(group: u16) -> Lane {
    Lane {
        group: GroupId(group),
        skills: Vec::new(),
        profiles: vec![ProfileId(group)],
        tier_max: None,
        ranks: vec![0; 1],
        neighbours: Vec::new(),
    }
}

fn profile(group: u16) -> Profile {
    Profile {
        groups: vec![GroupId(group)],
        tiers: vec![0],
        skills: Vec::new(),
        lanes: vec![LaneId(group)],
    }
}

pub(crate) fn agent(name: &str, profile: u16) -> Agent {
    Agent {
        name: name.into(),
        title: name.into(),
        device: String::new(),
        profile: ProfileId(profile),
        weight: 1_000_000,
    }
}

/// Two intervals of a minute.
pub(crate) const TWO_MINUTES: Frame = Frame {
    from: Tick(0),
    interval: Span::minutes(1),
    intervals: 2,
    until: Tick(120_000),
};

/// Writes records: times are seconds, calls are known by their index.
pub(crate) struct Scene {
    pub(crate) collector: Collector,
    now: Tick,
    arrived: HashMap<u32, (Tick, u64)>,
    queued: HashMap<u32, (Tick, Tick)>,
    at_work: HashSet<AgentId>,
    /// All records so far.
    pub(crate) told: Vec<(Tick, Record)>,
}

impl Scene {
    pub(crate) fn new(frame: Frame) -> Self {
        Self::of(&plan(), frame)
    }

    pub(crate) fn of(plan: &Dialplan, frame: Frame) -> Self {
        Self {
            collector: Collector::new(plan, frame),
            now: Tick(0),
            arrived: HashMap::new(),
            queued: HashMap::new(),
            at_work: HashSet::new(),
            told: Vec::new(),
        }
    }

    pub(crate) fn at(&mut self, seconds: f64) -> &mut Self {
        self.now = Tick((seconds * 1000.0) as u64);
        self
    }

    pub(crate) fn blocked(&mut self, caller: u64) -> &mut Self {
        self.blocked_for(Blocked::NoTrunk, caller)
    }

    pub(crate) fn blocked_for(&mut self, why: Blocked, caller: u64) -> &mut Self {
        self.tell(Record::Blocked {
            line: LineId(0),
            tag: 0,
            caller,
            why,
        })
    }

    pub(crate) fn arrive(&mut self, call: u32, caller: u64) -> &mut Self {
        self.arrived.insert(call, (self.now, caller));
        self.tell(Record::Arrived {
            call: id(call),
            line: LineId(0),
            tag: 0,
            caller,
        })
    }

    pub(crate) fn join(&mut self, call: u32, queue: QueueId, waiting: u32) -> &mut Self {
        self.join_to_wait(call, queue, waiting, 0)
    }

    /// The wait of a call is over; another one begins where it joins a queue again.
    pub(crate) fn queue_anew(&mut self, call: u32) -> &mut Self {
        self.queued.remove(&call);
        self
    }

    /// Joins a queue and is to expect a wait of so many seconds.
    pub(crate) fn join_to_wait(
        &mut self,
        call: u32,
        queue: QueueId,
        waiting: u32,
        expected: u64,
    ) -> &mut Self {
        let now = self.now;
        self.queued.entry(call).or_insert((now, now)).0 = now;
        self.tell(Record::Queued {
            call: id(call),
            queue,
            lane: LaneId(queue.0),
            waiting,
            expected: Span::seconds(expected),
        })
    }

    /// The agent's phone rings for a call of a lane.
    pub(crate) fn offer(&mut self, call: u32, agent: AgentId, because: Because) -> &mut Self {
        let lane = LaneId(u16::from(agent == CHI));
        self.offer_in(call, agent, lane, because)
    }

    pub(crate) fn offer_in(
        &mut self,
        call: u32,
        agent: AgentId,
        lane: LaneId,
        because: Because,
    ) -> &mut Self {
        self.tell(Record::Offered(Decision {
            offer: OfferId(0),
            call: id(call),
            queue: QueueId(lane.0),
            lane,
            agent,
            tag: 0,
            runner_up: None,
            because,
        }));
        self.agent(agent, AgentState::Ringing)
    }

    pub(crate) fn offer_ends(&mut self, call: u32, agent: AgentId, how: OfferEnd) -> &mut Self {
        self.tell(Record::OfferEnded {
            offer: OfferId(0),
            call: id(call),
            agent,
            how,
        })
    }

    /// Leaves a queue. Who answers and has not been seen before comes to work for it.
    pub(crate) fn leave(&mut self, call: u32, queue: QueueId, how: Unqueued) -> &mut Self {
        let (since, first) = self.queued[&call];
        if let Unqueued::Answered(agent) = how
            && !self.at_work.contains(&agent)
        {
            self.agent(agent, AgentState::Resting);
        }
        self.tell(Record::Unqueued {
            call: id(call),
            queue,
            since,
            first,
            how,
        })
    }

    /// A call comes and is answered at once by an agent.
    pub(crate) fn give(&mut self, call: u32, agent: AgentId, because: Because) -> &mut Self {
        let queue = QueueId(u16::from(agent == CHI));
        self.arrive(call, 1 + u64::from(call))
            .join(call, queue, 0)
            .offer(call, agent, because)
            .pick_up(call, agent, queue)
    }

    /// An agent whose phone rings answers.
    pub(crate) fn pick_up(&mut self, call: u32, agent: AgentId, queue: QueueId) -> &mut Self {
        self.offer_ends(call, agent, OfferEnd::Answered)
            .agent(agent, AgentState::Talking)
            .leave(call, queue, Unqueued::Answered(agent))
    }

    /// A talk is over, and the agent is in this state.
    pub(crate) fn hang_up(&mut self, call: u32, agent: AgentId, then: AgentState) -> &mut Self {
        let since = self.now.0 as f64 / 1000.0;
        self.part(call, agent, since)
            .end(call, Outcome::Answered)
            .agent(agent, then)
    }

    pub(crate) fn turn_away(&mut self, call: u32, queue: QueueId) -> &mut Self {
        self.tell(Record::TurnedAway {
            call: id(call),
            queue,
            why: TurnedAway::Full,
        })
    }

    pub(crate) fn part(&mut self, call: u32, agent: AgentId, since: f64) -> &mut Self {
        self.part_by(Party::Caller, call, agent, since)
    }

    pub(crate) fn part_by(
        &mut self,
        by: Party,
        call: u32,
        agent: AgentId,
        since: f64,
    ) -> &mut Self {
        self.tell(Record::TalkEnded {
            call: id(call),
            agent,
            queue: SUPPORT,
            since: Tick((since * 1000.0) as u64),
            by,
        })
    }

    pub(crate) fn agent(&mut self, agent: AgentId, state: AgentState) -> &mut Self {
        self.at_work.insert(agent);
        self.tell(Record::Agent { agent, state })
    }

    pub(crate) fn end(&mut self, call: u32, outcome: Outcome) -> &mut Self {
        let (arrived, caller) = self.arrived.remove(&call).unwrap();
        let queued = self.queued.remove(&call).is_some();
        self.tell(Record::Ended {
            call: id(call),
            line: LineId(0),
            tag: 0,
            caller,
            arrived,
            outcome,
            wanted_a_person: queued || outcome == Outcome::TransferredOut,
        })
    }

    /// Begins another run.
    pub(crate) fn forget(&mut self) {
        self.collector.reset();
        self.arrived.clear();
        self.queued.clear();
        self.at_work.clear();
    }

    pub(crate) fn finish(&mut self, seconds: f64) -> RunFigures {
        self.at(seconds);
        self.collector.finish(self.now)
    }

    pub(crate) fn tell(&mut self, record: Record) -> &mut Self {
        self.collector.record(self.now, &record);
        self.told.push((self.now, record));
        self
    }
}

pub(crate) fn id(index: u32) -> CallId {
    CallId {
        index,
        generation: 0,
    }
}
