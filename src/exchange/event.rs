//! What happens inside the exchange: events for calls, and what falls due for calls and agents.

use super::dialplan::LookupResult;
use super::dialplan::Recognized;
use super::id::AgentId;
use super::id::CallId;
use super::id::LineId;
use super::id::LookupId;
use super::id::PlayId;
use super::input::Transferee;
use super::key::Key;
use super::record::TurnedAway;
use super::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// What can happen to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The call was accepted.
    Started,
    /// Keys typed ahead are to be looked at.
    TypedAhead,
    Key(Key),
    /// A key that only the driver knows; with it the entry so far passes its check, or not.
    HiddenKey {
        fits: bool,
    },
    /// The driver has lost the digits of a secret entry.
    EntryLost,
    /// The bridge is gone; wait for it this long.
    Adrift(Span),
    /// The bridge is back; `afresh` if it has forgotten what it was doing.
    Back {
        afresh: bool,
    },
    /// Whether phones can be rung for this call.
    CarrierRings(bool),
    /// It is another time of day than was believed.
    OriginMoved,
    PromptEnded(PlayId),
    LookedUp(LookupId, LookupResult),
    /// Another system knows the caller.
    CallerKnown(Recognized),
    /// The caller's own number may not be dialled.
    NumberBarred,
    FellDue(CallDeadline),
    HungUp,
    RecordingEnded {
        length: Option<Span>,
    },
    TransferDone,
    TransferFailed,
    /// An agent's phone rings for this call.
    Offered {
        agent: AgentId,
    },
    /// It was not answered.
    OfferLapsed,
    /// The agent picked up.
    Answered {
        agent: AgentId,
    },
    /// An agent has left the talk.
    AgentHungUp {
        agent: AgentId,
    },
    /// The agent has handed the call on.
    Transferred(Transferee),
    /// The agent invites another into the talk.
    Invited(Transferee),
    /// The agent takes that back.
    InvitationWithdrawn,
    /// The agent has the recording paused, or go on.
    RecordingPaused,
    RecordingResumed,
    /// The bridge cannot record.
    RecordingFailed,
    /// The one agent whom the call waited for is not at work any more.
    Released,
    /// Nobody is left who could take the call.
    Stranded(TurnedAway),
    /// It is this call back's turn to be in line.
    MayDial,
    /// The caller of this call back is on the line in another call, and may have asked for it once more.
    Engaged,
    /// A call for whose end this call back waits is over.
    AskerGone,
    /// A call back is not wanted any more.
    NotWanted,
    /// The number that was dialled has answered, or could not be reached.
    Reached,
    NotReached,
    /// Nobody is there who could dial the number, or it may not be dialled.
    CannotDial {
        /// What could is only away.
        away: bool,
    },
    /// Somebody who could and was away is there again.
    CanDial,
}

/// Something that falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Deadline {
    Call(CallId, CallDeadline),
    Agent(AgentId, AgentDeadline),
    /// The oldest call of a line may have lasted as long as it may.
    Oldest(LineId),
    /// The next call back may be due.
    Callbacks,
}

/// What falls due for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum CallDeadline {
    /// No key in time.
    Keys,
    /// The message is as long as it may be.
    Message,
    /// Time for the next announcement in the queue.
    Announce,
    /// The longest wait is over.
    MaxWait,
    /// The wait for one agent in particular is over.
    Hold,
    /// More agents may take the call from now on.
    Stage,
    /// The longest call is over.
    MaxCall,
    /// The bridge has not come back in time.
    Adrift,
    /// A call back may be tried, or has rung long enough.
    Callback,
    /// A look-up takes long, or too long.
    Lookup,
}

/// What falls due for an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum AgentDeadline {
    /// Nobody picked up.
    Ring,
    /// Wrap-up has lasted as long as it may.
    WrapUp,
    /// The breath between calls is over.
    Rest,
    /// Ready again after a missed call.
    BackOff,
}
