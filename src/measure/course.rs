//! The course of one call, as its record tells it: who called, where it waited and how long, who answered, how long they
//! talked. The daemon keeps it of real calls, and so is it written of simulated ones.

use crate::exchange::dialplan::Moved;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::Party;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;

/// Why a talk was ended by nobody who talked, as records say it: the longest call is over.
pub const TOO_LONG: &str = "max-call";
/// The same: no bridge carries the call any more.
pub const ADRIFT: &str = "bridge-gone";
/// What records say of a call back for which another program has asked.
pub const BY_REQUEST: &str = "by-request";

/// What stands in the place of a number that is withheld, or that nobody knows.
const WITHHELD: [&str; 7] = [
    "",
    "anonymous",
    "private",
    "restricted",
    "unavailable",
    "unknown",
    "withheld",
];
/// What may stand before a caller.
const SCHEMES: [&str; 3] = ["sip", "sips", "tel"];

/// Whether a number is none, though the bridge has not left it out: `sip:anonymous@anonymous.invalid`,
/// `"Anonymous" <sip:anonymous@anonymous.invalid>`.
pub fn is_withheld(from: &str) -> bool {
    let address = from.split_once('<').map_or(from, |(_, address)| address);
    let address = address.trim_end_matches('>').trim();
    let is_scheme = |scheme: &str| SCHEMES.iter().any(|it| it.eq_ignore_ascii_case(scheme));
    let user = match address.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => address,
    };
    let user = user.split(['@', ';']).next().unwrap_or(user);
    WITHHELD.iter().any(|word| word.eq_ignore_ascii_case(user))
}

/// The call that a record of the exchange is about, where it changes the course of one.
pub fn call_of(record: &Record) -> Option<CallId> {
    match *record {
        Record::Queued { call, .. }
        | Record::Unqueued { call, .. }
        | Record::TalkEnded { call, .. }
        | Record::Callback {
            call,
            what: CallbackFact::Reached { .. },
            ..
        } => Some(call),
        _ => None,
    }
}

/// How a call has gone so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Course {
    /// The last queue that it was in, and not only for an agent who invited a colleague.
    pub queue: Option<QueueId>,
    /// Who answered last, of those who did not leave the caller to the one who had invited them.
    pub agent: Option<AgentId>,
    /// How long the caller has waited, in milliseconds: with no agent on the line.
    pub wait_ms: u64,
    /// Waits before an agent handed the call on.
    waited_ms: u64,
    /// How long the caller has talked, to one agent or to two at once.
    pub talk_ms: u64,
    /// The talk that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    talk: Option<Talk>,
    /// When the caller was alone again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alone: Option<Tick>,
    /// A talk was ended by nobody who talked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut_off: bool,
}

/// A talk of the caller's, with one agent or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Talk {
    since: Tick,
    /// The agent who has invited the other one, and the queue which that one is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    host: Option<(AgentId, Option<QueueId>)>,
}

impl Course {
    /// Takes in a record that is about this call.
    pub fn note(&mut self, at: Tick, record: &Record) {
        match *record {
            Record::Queued { queue, .. } if self.talk.is_none() => self.queue = Some(queue),
            Record::Unqueued {
                queue, first, how, ..
            } => {
                if self.talk.is_none() {
                    let since = self.alone.map_or(first, |alone| alone.max(first));
                    self.wait_ms = self.waited_ms + at.since(since).0;
                }
                if let Unqueued::Answered(agent) = how {
                    self.talks(at, (agent, queue));
                } else if how != Unqueued::Withdrawn {
                    self.queue = Some(queue);
                }
            }
            Record::TalkEnded {
                agent, since, by, ..
            } => {
                self.is_cut_off |= by == Party::System;
                let talk = self.talk.take();
                if let Some(Talk {
                    since,
                    host: Some((host, queue)),
                }) = talk
                {
                    if self.agent == Some(agent) {
                        (self.agent, self.queue) = (Some(host), queue);
                    }
                    self.talk = Some(Talk { since, host: None });
                    return;
                }
                let since = talk.map_or(since, |talk| talk.since);
                self.alone = Some(at);
                self.talk_ms += at.since(since).0;
                self.waited_ms = self.wait_ms;
            }
            Record::Callback {
                queue,
                what: CallbackFact::Reached { agent, .. },
                ..
            } => self.talks(at, (agent, queue)),
            _ => {}
        }
    }

    /// Goes over to other ids of queues.
    pub fn renumber(&mut self, moved: &Moved) {
        let follow = |queue: Option<QueueId>| queue.and_then(|queue| moved.queue(queue));
        self.queue = follow(self.queue);
        if let Some(Talk {
            host: Some((_, queue)),
            ..
        }) = &mut self.talk
        {
            *queue = follow(*queue);
        }
    }

    /// An agent of this queue begins to talk to the caller, alone or with the one who does already.
    fn talks(&mut self, at: Tick, (agent, queue): (AgentId, QueueId)) {
        self.talk = Some(match self.talk {
            Some(talk) => Talk {
                host: self.agent.map(|host| (host, self.queue)),
                ..talk
            },
            None => Talk {
                since: at,
                host: None,
            },
        });
        (self.queue, self.agent) = (Some(queue), Some(agent));
    }
}
