//! What agents do in the scripts.

use super::Problem;
use super::Stage;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::QueueId;
use strowger::exchange::id::ReasonId;
use strowger::exchange::input::Groups;
use strowger::exchange::input::Input;
use strowger::exchange::input::Transferee;

impl Stage {
    pub(super) fn agent_inputs(&self, name: &str, deed: &[&str]) -> Result<Vec<Input>, Problem> {
        let agent = self.agent(name)?;
        let offer = || self.offers.get(agent.index()).copied().flatten();
        let offer = || offer().ok_or_else(|| format!("nothing rings at {name}"));
        Ok(match *deed {
            ["signs", "in"] => vec![Input::AgentSignedIn { agent }],
            ["starts"] => vec![Input::AgentSignedIn { agent }, Input::AgentReady { agent }],
            ["is", "ready"] => vec![Input::AgentReady { agent }],
            ["pauses"] => vec![Input::AgentPaused {
                agent,
                reason: None,
            }],
            ["pauses", "for", reason] => {
                let mut reasons = self.plan.pause_reasons.iter();
                let place = reasons.position(|known| known == reason);
                let reason = Some(ReasonId(place.unwrap_or(99) as u8));
                vec![Input::AgentPaused { agent, reason }]
            }
            ["signs", "out"] => vec![Input::AgentSignedOut { agent }],
            ["cannot", "be", "rung"] => vec![Input::AgentUnreachable { agent }],
            ["can", "be", "rung"] => vec![Input::AgentReachable { agent }],
            ["hangs", "up"] => vec![Input::AgentHungUp { agent }],
            ["moves", "to", ref names @ ..] => {
                let group = |name: &&str| {
                    let place = self
                        .plan
                        .groups
                        .iter()
                        .position(|group| group.name == *name);
                    GroupId(place.unwrap_or(99) as u16)
                };
                let groups = Groups::new(names.iter().map(group)).ok_or("one to eight groups")?;
                vec![Input::AgentMoved { agent, groups }]
            }
            ["pauses", "the", "recording"] => vec![Input::RecordingPaused { agent }],
            ["resumes", "the", "recording"] => vec![Input::RecordingResumed { agent }],
            ["needs", "more", "time"] => vec![Input::AgentExtended { agent }],
            ["hands", "on", "to", whom] => {
                let to = self.transferee(whom)?;
                vec![Input::AgentTransferred { agent, to }]
            }
            ["invites", whom] => {
                let to = self.transferee(whom)?;
                vec![Input::ColleagueInvited { agent, to }]
            }
            ["withdraws", "the", "invitation"] => vec![Input::InvitationWithdrawn { agent }],
            ["declines"] => vec![Input::AgentDeclined {
                agent,
                offer: offer()?,
            }],
            ["answers"] => vec![Input::AgentAnswered {
                agent,
                offer: offer()?,
            }],
            ["answers", "offer", number] => vec![Input::AgentAnswered {
                agent,
                offer: OfferId(number.parse().map_err(|_| "a number")?),
            }],
            _ => return Err(format!("what does {name} do?")),
        })
    }

    /// A queue or an agent.
    fn transferee(&self, whom: &str) -> Result<Transferee, Problem> {
        let mut queues = self.plan.queues.iter();
        let queue = queues.position(|queue| queue.name == whom);
        Ok(match queue {
            Some(place) => Transferee::Queue(QueueId(place as u16)),
            None if whom == "nowhere" => Transferee::Queue(QueueId(99)),
            None => Transferee::Agent(self.agent(whom)?),
        })
    }
}
