//! One conversation with one bridge, seen from our side: who is there, that nothing is missing, and
//! that somebody is still there.

use super::link::FarEnd;
use super::protocol::Code;
use super::protocol::FromBridge;
use super::protocol::Hello;
use super::protocol::PROTOCOL;
use super::protocol::Refusal;
use super::protocol::SILENCE_MS_MAX;
use super::protocol::ToBridge;
use super::protocol::Welcome;
use super::wire;
use crate::daemon::mailbox::ConnectionId;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Mailboxes;
use crate::daemon::mailbox::Stopped;
use crate::daemon::token::Token;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Messages in a row that cannot be read; with the next the connection ends.
const UNREADABLE_MAX: u32 = 16;
const SILENCE: Duration = Duration::from_millis(SILENCE_MS_MAX);

/// Carries a conversation until one side ends it.
pub async fn run(far: FarEnd, id: ConnectionId, mail: Mailboxes, token: Option<Token>) {
    let mut session = Session {
        far,
        id,
        mail,
        token,
        last_seq: 0,
        unreadable: 0,
    };
    if let Err(refusal) = session.converse().await {
        // Best effort: a bridge that takes nothing is not told why.
        drop(session.far.orders.try_send(ToBridge::Error(refusal)));
    }
}

struct Session {
    far: FarEnd,
    id: ConnectionId,
    mail: Mailboxes,
    token: Option<Token>,
    last_seq: u64,
    unreadable: u32,
}

impl Session {
    async fn converse(&mut self) -> Result<(), Refusal> {
        let Some(first) = self.hear().await? else {
            return Ok(());
        };
        let hello = match first {
            FromBridge::Hello(hello) => hello,
            FromBridge::Unreadable(refusal) => {
                return Err(Refusal {
                    fatal: true,
                    ..refusal
                });
            }
            _ => return Err(wire::fatal(Code::HelloFirst, "say hello first")),
        };
        let welcome = self.join(hello).await?;
        self.last_seq = welcome.received;
        let result = self.listen().await;
        let connection = self.id;
        match self.mail.put(Item::Leave { connection }).await {
            Ok(()) => result,
            Err(Stopped) => Err(stopping()),
        }
    }

    /// The next message; none when the bridge is gone.
    async fn hear(&mut self) -> Result<Option<FromBridge>, Refusal> {
        timeout(SILENCE, self.far.reports.recv())
            .await
            .map_err(|_| {
                let message = format!("nothing was heard for {SILENCE_MS_MAX} ms: send pings");
                wire::fatal(Code::Silent, &message)
            })
    }

    async fn join(&self, hello: Hello) -> Result<Welcome, Refusal> {
        if hello.protocol != PROTOCOL {
            let message = format!("this daemon speaks version {PROTOCOL} of the protocol");
            return Err(wire::fatal(Code::WrongVersion, &message));
        }
        if let Some(token) = &self.token
            && !token.is(hello.token.as_deref().unwrap_or(""))
        {
            return Err(wire::fatal(
                Code::Unauthorized,
                "the token is missing or wrong",
            ));
        }
        let (reply, answer) = oneshot::channel();
        let item = Item::Join {
            connection: self.id,
            hello: Hello {
                token: None,
                ..hello
            },
            orders: self.far.orders.clone(),
            reply,
        };
        self.mail.put(item).await.map_err(|Stopped| stopping())?;
        answer.await.unwrap_or_else(|_| Err(stopping()))
    }

    async fn listen(&mut self) -> Result<(), Refusal> {
        while let Some(message) = self.hear().await? {
            let item = match message {
                FromBridge::Hello(_) => {
                    return Err(wire::fatal(Code::HelloFirst, "hello is said once"));
                }
                FromBridge::Ping { clock_ms } => {
                    if self
                        .far
                        .orders
                        .send(ToBridge::Pong { clock_ms })
                        .await
                        .is_err()
                    {
                        return Ok(());
                    }
                    Item::Clock {
                        connection: self.id,
                        clock_ms,
                    }
                }
                FromBridge::Ack { effect } => Item::CarriedOut {
                    connection: self.id,
                    effect,
                },
                FromBridge::Unreadable(refusal) => self.unreadable(refusal)?,
                FromBridge::Report(report) => {
                    self.unreadable = 0;
                    if report.seq <= self.last_seq {
                        continue;
                    }
                    self.follow(report.seq)?;
                    Item::Report {
                        connection: self.id,
                        report,
                        came: Instant::now(),
                    }
                }
            };
            self.mail.put(item).await.map_err(|Stopped| stopping())?;
        }
        Ok(())
    }

    fn unreadable(&mut self, mut refusal: Refusal) -> Result<Item, Refusal> {
        self.unreadable += 1;
        if refusal.fatal || self.unreadable > UNREADABLE_MAX {
            refusal.fatal = true;
            return Err(refusal);
        }
        match refusal.seq {
            Some(seq) if seq <= self.last_seq => refusal.seq = None,
            Some(seq) => self.follow(seq)?,
            None => {}
        }
        Ok(Item::Unreadable {
            connection: self.id,
            refusal,
        })
    }

    /// Reports come one after the other.
    fn follow(&mut self, seq: u64) -> Result<(), Refusal> {
        if seq != self.last_seq + 1 {
            let message = format!("report {seq} follows {}: resume", self.last_seq);
            return Err(wire::fatal(Code::SequenceGap, &message));
        }
        self.last_seq = seq;
        Ok(())
    }
}

fn stopping() -> Refusal {
    wire::fatal(Code::Stopping, "the daemon is stopping: connect again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::bridge::link;
    use crate::daemon::mailbox::mailboxes;

    #[tokio::test(start_paused = true)]
    async fn whoever_is_silent_is_told_and_left() {
        let (mut near, far) = link::pair();
        let (boxes, _mail) = mailboxes();
        tokio::spawn(run(far, ConnectionId(1), boxes, None));
        let heard = near.orders.recv().await;
        let Some(ToBridge::Error(refusal)) = heard else {
            panic!("{heard:?}");
        };
        assert_eq!((refusal.code, refusal.fatal), (Code::Silent, true));
        assert_eq!(near.orders.recv().await, None);
    }
}
