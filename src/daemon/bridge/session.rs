//! One conversation with one bridge, seen from our side: who is there, that nothing is missing, and
//! that somebody is still there.

use super::link::FarEnd;
use super::link::Heard;
use super::protocol::Code;
use super::protocol::Event;
use super::protocol::FromBridge;
use super::protocol::Hello;
use super::protocol::PROTOCOL;
use super::protocol::Refusal;
use super::protocol::Report;
use super::protocol::SILENCE_MS_MAX;
use super::protocol::ToBridge;
use super::protocol::Welcome;
use super::strangers::End;
use super::strangers::Strangers;
use super::wire;
use crate::daemon::mailbox::ConnectionId;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Late;
use crate::daemon::mailbox::Mailboxes;
use crate::daemon::mailbox::Room;
use crate::daemon::mailbox::Stopped;
use crate::daemon::token::Token;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::sync::mpsc;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::time::timeout;

/// Messages in a row that cannot be read; with the next the connection ends.
const UNREADABLE_MAX: u32 = 16;
/// Reports of one connection that the owner may have before the bridge has been sent all that came
/// of them: whoever does not listen is not listened to.
const WINDOW: usize = 4096;
/// New calls turned away together.
const SHED_AT_ONCE: usize = 64;
/// How long room for the last word is waited for.
const LAST_WORD: Duration = Duration::from_secs(1);
const SILENCE: Duration = Duration::from_millis(SILENCE_MS_MAX);
/// How long what has come may take to be read.
const READING: Duration = Duration::from_secs(1);

/// Carries a conversation until one side ends it.
pub async fn run(
    far: FarEnd,
    id: ConnectionId,
    mail: Mailboxes,
    (token, strangers): (Option<Token>, Strangers),
) {
    let (end, ended) = oneshot::channel();
    let mut session = Session {
        end: strangers.come(end),
        ended,
        far,
        id,
        mail,
        token,
        window: Arc::new(Semaphore::new(WINDOW)),
        late: None,
        last_seq: 0,
        unreadable: 0,
    };
    if let Err(refusal) = session.converse().await {
        // A bridge that takes nothing is not told why.
        let last = session.far.orders.send(vec![ToBridge::Error(refusal)]);
        drop(timeout(LAST_WORD, last).await);
    }
}

struct Session {
    /// With these the owner ends the session: the sender is given away with hello, and before that to
    /// whoever needs the room.
    end: End,
    ended: oneshot::Receiver<Refusal>,
    far: FarEnd,
    id: ConnectionId,
    mail: Mailboxes,
    token: Option<Token>,
    window: Arc<Semaphore>,
    late: Option<Late>,
    last_seq: u64,
    unreadable: u32,
}

impl Session {
    async fn converse(&mut self) -> Result<(), Refusal> {
        let Some(first) = self.hear().await? else {
            return Ok(());
        };
        let hello = match first.message {
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
        let why = result.as_ref().err().map(|refusal| refusal.code);
        match self.mail.put(Item::Leave { connection, why }).await {
            Ok(()) => result,
            Err(Stopped) => Err(stopping()),
        }
    }

    /// The next message; none when the bridge is gone.
    async fn hear(&mut self) -> Result<Option<Heard>, Refusal> {
        self.goes_on()?;
        if let Ok(heard) = self.far.reports.try_recv() {
            return Ok(Some(heard));
        }
        tokio::select! {
            heard = recv_in_time(&mut self.far.reports) => heard.ok_or_else(|| {
                let message = format!("nothing was heard for {SILENCE_MS_MAX} ms: send pings");
                wire::fatal(Code::Silent, &message)
            }),
            refusal = last_word(&mut self.ended) => Err(refusal),
        }
    }

    /// Whether the owner has not ended the session.
    fn goes_on(&mut self) -> Result<(), Refusal> {
        match self.ended.try_recv() {
            Ok(refusal) => Err(refusal),
            Err(TryRecvError::Closed) => Err(stopping()),
            Err(TryRecvError::Empty) => Ok(()),
        }
    }

    async fn join(&mut self, hello: Hello) -> Result<Welcome, Refusal> {
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
        let Some(end) = self.end.take() else {
            return Err(last_word(&mut self.ended).await);
        };
        let (reply, answer) = oneshot::channel();
        let item = Item::Join {
            connection: self.id,
            hello: Hello {
                token: None,
                ..hello
            },
            orders: self.far.orders.clone(),
            end,
            reply,
        };
        self.mail.put(item).await.map_err(|Stopped| stopping())?;
        answer.await.unwrap_or_else(|_| Err(stopping()))
    }

    async fn listen(&mut self) -> Result<(), Refusal> {
        while let Some(heard) = self.hear_on().await? {
            if !matches!(heard.message, FromBridge::Unreadable(_)) {
                self.unreadable = 0;
            }
            let item = match heard.message {
                FromBridge::Hello(_) => {
                    return Err(wire::fatal(Code::HelloFirst, "hello is said once"));
                }
                FromBridge::Ping { clock_ms } => {
                    // Where a pong would have to wait there is enough to be heard.
                    let pong = ToBridge::Pong { clock_ms };
                    drop(self.far.orders.try_send(vec![pong]));
                    Item::Clock {
                        connection: self.id,
                        clock_ms,
                    }
                }
                FromBridge::Ack { effect } => Item::CarriedOut {
                    connection: self.id,
                    effect,
                },
                FromBridge::Unreadable(refusal) => Item::Unreadable {
                    connection: self.id,
                    refusal: self.unreadable(refusal)?,
                    room: self.room().await?,
                },
                FromBridge::Report(report) => {
                    if report.seq <= self.last_seq {
                        continue;
                    }
                    self.follow(report.seq)?;
                    let (room, came) = (self.room().await?, heard.at);
                    if matches!(report.event, Event::CallStarted { .. }) && self.mail.sheds(came) {
                        self.shed(report, came, room).await?;
                        continue;
                    }
                    Item::Report {
                        connection: self.id,
                        report,
                        came,
                        room,
                    }
                }
            };
            if !item.passes_starts() {
                self.turn_away().await?;
            }
            self.mail.put(item).await.map_err(|Stopped| stopping())?;
        }
        self.turn_away().await
    }

    /// The next message. When there is none yet, calls to be turned away wait no longer.
    async fn hear_on(&mut self) -> Result<Option<Heard>, Refusal> {
        if self.far.reports.is_empty() {
            self.turn_away().await?;
        }
        self.hear().await
    }

    /// Puts a new call with those to be turned away together.
    async fn shed(&mut self, start: Report, came: Instant, room: Room) -> Result<(), Refusal> {
        let Some(late) = &mut self.late else {
            let starts = vec![start];
            self.late = Some(Late { starts, came, room });
            return Ok(());
        };
        late.starts.push(start);
        late.room.merge(room);
        match late.starts.len() {
            SHED_AT_ONCE.. => self.turn_away().await,
            _ => Ok(()),
        }
    }

    async fn turn_away(&mut self) -> Result<(), Refusal> {
        let Some(late) = self.late.take() else {
            return Ok(());
        };
        let connection = self.id;
        let item = Item::Shed { connection, late };
        self.mail.put(item).await.map_err(|Stopped| stopping())
    }

    /// Room for one more report, when there is: not before the bridge has been sent what came of
    /// those before.
    async fn room(&mut self) -> Result<Room, Refusal> {
        tokio::select! {
            biased;
            room = Arc::clone(&self.window).acquire_owned() => {
                Ok(room.expect("the window is never closed"))
            }
            refusal = last_word(&mut self.ended) => Err(refusal),
        }
    }

    fn unreadable(&mut self, mut refusal: Refusal) -> Result<Refusal, Refusal> {
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
        Ok(refusal)
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

/// The next message, or the end of them; none after too long a silence. Where this process was stopped, the time is
/// over before anybody has read what came meanwhile.
async fn recv_in_time(reports: &mut mpsc::Receiver<Heard>) -> Option<Option<Heard>> {
    match timeout(SILENCE, reports.recv()).await {
        Ok(heard) => Some(heard),
        Err(_) => timeout(READING, reports.recv()).await.ok(),
    }
}

/// What the owner ends the session with; it need not say anything when it ends itself.
async fn last_word(ended: &mut oneshot::Receiver<Refusal>) -> Refusal {
    ended.await.unwrap_or_else(|_| stopping())
}

fn stopping() -> Refusal {
    wire::fatal(Code::Stopping, "the daemon is stopping: connect again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::daemon::bridge::link;
    use crate::daemon::bridge::link::Link;
    use crate::daemon::codel;
    use crate::daemon::mailbox::LATE_MAX;
    use crate::daemon::mailbox::Mail;
    use crate::daemon::mailbox::mailboxes;
    use std::sync::atomic::Ordering;
    use tokio::sync::oneshot::Sender;

    #[tokio::test(start_paused = true)]
    async fn whoever_is_silent_is_told_and_left() {
        let (mut near, far) = link::pair();
        let (boxes, _mail) = mailboxes();
        tokio::spawn(run(far, ConnectionId(1), boxes, Default::default()));
        let heard = near.orders.recv().await;
        let Some(ToBridge::Error(refusal)) = heard else {
            panic!("{heard:?}");
        };
        assert_eq!((refusal.code, refusal.fatal), (Code::Silent, true));
        assert_eq!(near.orders.recv().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_in_time_and_is_read_late_is_heard() {
        let (near, far) = link::pair();
        let (boxes, mut mail) = mailboxes();
        tokio::spawn(run(far, ConnectionId(1), boxes, Default::default()));
        tokio::time::sleep(SILENCE + READING / 2).await;
        let hello = r#"{"type":"hello","protocol":1,"bridge":"b","clock_ms":0}"#;
        let hello = wire::parse(hello).into();
        near.reports.send(hello).await.expect("it is heard");
        assert!(matches!(mail.urgent.recv().await, Some(Item::Join { .. })));
    }

    fn start(seq: u64) -> Report {
        let event = Event::CallStarted {
            call: format!("c{seq}"),
            line: None,
            number: None,
            from: None,
            device: None,
        };
        Report {
            seq,
            at_ms: None,
            event,
        }
    }

    /// A session whose bridge has been welcomed, and what ends it.
    async fn welcomed(far: FarEnd, near: &Link, mail: (&Mailboxes, &mut Mail)) -> Sender<Refusal> {
        tokio::spawn(run(
            far,
            ConnectionId(1),
            mail.0.clone(),
            Default::default(),
        ));
        let hello = r#"{"type":"hello","protocol":1,"bridge":"b","clock_ms":0}"#;
        let hello = wire::parse(hello).into();
        near.reports.send(hello).await.expect("it is heard");
        let Some(Item::Join { reply, end, .. }) = mail.1.urgent.recv().await else {
            panic!("no hello");
        };
        reply.send(Ok(Welcome::example())).expect("it is awaited");
        end
    }

    #[tokio::test]
    async fn the_owner_ends_it_and_the_bridge_is_told_why() {
        for refusal in [Some(wire::fatal(Code::TooSlow, "too slow")), None] {
            let (mut near, far) = link::pair();
            let (boxes, mut mail) = mailboxes();
            let end = welcomed(far, &near, (&boxes, &mut mail)).await;
            let told = refusal.clone().unwrap_or_else(stopping);
            match refusal {
                Some(refusal) => end.send(refusal).expect("it goes on"),
                None => drop(end),
            }
            assert_eq!(near.orders.recv().await, Some(ToBridge::Error(told)));
            assert_eq!(near.orders.recv().await, None);
        }
    }

    #[tokio::test]
    async fn calls_that_come_too_late_are_turned_away_together() {
        let (near, far) = link::pair();
        let (boxes, mut mail) = mailboxes();
        let _end = welcomed(far, &near, (&boxes, &mut mail)).await;
        let came = Instant::now();
        let room = Arc::new(Semaphore::new(LATE_MAX));
        for _ in 0..LATE_MAX {
            let item = Item::Report {
                connection: ConnectionId(2),
                report: start(1),
                came,
                room: Arc::clone(&room).try_acquire_owned().expect("room"),
            };
            boxes.put(item).await.expect("room");
        }
        mail.overloaded.store(true, Ordering::Relaxed);
        tokio::time::sleep(4 * codel::TARGET).await;
        for seq in 1..=SHED_AT_ONCE as u64 + 6 {
            let message = FromBridge::Report(start(seq));
            let late = Heard { message, at: came };
            near.reports.send(late).await.expect("it is heard");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        let mut shed = Vec::new();
        while shed.len() < 2 {
            match mail.calls.recv().await {
                Some(Item::Shed { late, .. }) => shed.push(late.starts.len()),
                Some(Item::Report { report, .. }) => assert_eq!(report, start(1)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(shed, [SHED_AT_ONCE, 6]);
        // Where the owner has nothing to do, nobody is turned away.
        let message = FromBridge::Report(start(71));
        let late = Heard { message, at: came };
        near.reports.send(late).await.expect("it is heard");
        let taken = mail.calls.recv().await;
        assert!(matches!(taken, Some(Item::Report { .. })), "{taken:?}");
    }
}
