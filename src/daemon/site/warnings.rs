//! What there is to say about a bridge that cannot do what the menus want.

use super::BridgeId;
use super::Site;
use crate::daemon::bridge::protocol::Capability;
use crate::exchange::dialplan::StepKind;

const CANNOT_RING: &str = "hello does not say that the bridge can ring: no agent answers its callers, who go where \
     the queues lead when no agents are there";
const CANNOT_RECORD: &str = "hello does not say that the bridge can record: its callers are asked for messages, hear \
     no tone, and leave none";
const CANNOT_TRANSFER: &str = "hello does not say that the bridge can transfer: its callers who are to be handed to \
     a number outside go where transfers lead that have failed";
const CANNOT_CALL_BACK: &str = "no bridge has said in its hello that it can dial and ring: no caller is promised a \
     call back until one does";

impl Site {
    /// What there is to say about a bridge that cannot do what the menus want.
    pub fn warnings(&self, id: BridgeId) -> Vec<String> {
        let (plan, bridge) = (self.exchange.plan(), self.bridges.get(id));
        let lacks = |what| !bridge.can.contains(&what);
        let wants = |what: fn(&StepKind) -> bool| {
            let mut steps = plan.steps.iter();
            steps.any(|step| !plan.line(step.line).retired && what(&step.kind))
        };
        let has_queues = wants(|kind| matches!(kind, StepKind::Queue(_)));
        let records = wants(|kind| matches!(kind, StepKind::Record(_)));
        let transfers = wants(|kind| matches!(kind, StepKind::Transfer(_)));
        let cannot = [
            (has_queues && lacks(Capability::Ring), CANNOT_RING),
            (records && lacks(Capability::Record), CANNOT_RECORD),
            (transfers && lacks(Capability::Transfer), CANNOT_TRANSFER),
            (
                plan.promises_calls_back() && !self.exchange.can_call_back(),
                CANNOT_CALL_BACK,
            ),
        ];
        let cannot = cannot.iter().filter(|(applies, _)| *applies);
        let phones = (has_queues && !lacks(Capability::Ring)).then(|| self.rings_in_part(id));
        cannot
            .map(|(_, words)| (*words).to_owned())
            .chain(phones.flatten())
            .collect()
    }

    /// Whose phones a bridge does not ring, though it rings phones.
    fn rings_in_part(&self, id: BridgeId) -> Option<String> {
        let (plan, bridge) = (self.exchange.plan(), self.bridges.get(id));
        let agents = plan.agents.iter().filter(|agent| !agent.is_gone());
        let mut others = agents.filter(|agent| !bridge.could_ring(agent.phone()));
        let first = others.next()?;
        let more = match others.count() {
            0 => String::new(),
            1 => ", nor of another agent".to_owned(),
            more => format!(", nor of {more} other agents"),
        };
        let (name, phone) = (&first.name, first.phone());
        Some(format!(
            "`devices` of hello do not fit the phone of {name} ({phone}){more}: its callers ring there in vain where \
             another bridge fits, and where none does the agent is never ready"
        ))
    }
}
