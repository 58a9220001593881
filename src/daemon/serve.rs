//! The whole daemon: what listens, who owns, how it stops.

use super::api;
use super::api::App;
use super::bridge::ari;
use super::bridge::lines;
use super::bridge::link;
use super::hub::Hub;
use super::hub::Phase;
use super::journal::Journal;
use super::journal::error::JournalError;
use super::listener::Listener;
use super::listener::take_all_files;
use super::log;
use super::lookup;
use super::mailbox::mailboxes;
use super::outbox;
use super::owner::Owner;
use super::recover::Found;
use super::recover::Opening;
use super::recover::recover;
use super::signals::Stop;
use super::token::Token;
use super::wallboard::Wallboard;
use crate::measure::worth::Costs;
use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::sync::oneshot;
use tokio::sync::watch;
use tokio::time::sleep;

/// How long bridges are told, when the owner has ended, that the daemon is stopping.
const LAST_WORD: Duration = Duration::from_millis(200);

/// How a daemon is set up.
pub struct Settings {
    /// Where HTTP and WebSocket are served.
    pub listen: SocketAddr,
    /// Where bridges speak JSON lines, if anywhere.
    pub lines: Option<SocketAddr>,
    /// The Asterisk to serve, if any.
    pub ari: Option<ari::Settings>,
    /// What bridges and the API must show.
    pub token: Option<Token>,
    /// What an hour of an agent costs, if saved time is to be told in money.
    pub costs: Option<Costs>,
    /// How long calls in progress may go on after a request to stop.
    pub drain: Duration,
}

/// Why a daemon ended, or did not begin.
#[derive(Debug)]
pub enum ServeError {
    /// An address cannot be listened on.
    Listen(SocketAddr, io::Error),
    /// Listening beyond this machine without a token.
    Open(SocketAddr),
    /// The journal.
    Journal(JournalError),
    /// The operating system.
    System(io::Error),
}

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Listen(address, error) => {
                let advice = match error.kind() {
                    io::ErrorKind::AddrInUse => {
                        "end the program that listens there, or name another port"
                    }
                    io::ErrorKind::AddrNotAvailable => "name an address of this machine",
                    io::ErrorKind::PermissionDenied => "name a port of 1024 or more",
                    _ => "name another address",
                };
                write!(
                    f,
                    "cannot listen on {address} ({error}): {advice} with --listen or --lines"
                )
            }
            Self::Open(address) => write!(
                f,
                "{address} can be reached from other machines: give a --token-file, or listen on \
                 127.0.0.1"
            ),
            Self::Journal(error) => error.fmt(f),
            Self::System(error) => error.fmt(f),
        }
    }
}

/// Runs a daemon until it is asked to stop.
///
/// # Errors
/// If it cannot begin, or its journal fails.
pub fn serve(
    journal: Box<dyn Journal>,
    opening: Opening,
    settings: Settings,
    started: impl FnOnce(&Found, SocketAddr, Option<SocketAddr>),
) -> Result<(), ServeError> {
    for address in [Some(settings.listen), settings.lines]
        .into_iter()
        .flatten()
    {
        if settings.token.is_none() && !address.ip().is_loopback() {
            return Err(ServeError::Open(address));
        }
    }
    take_all_files();
    let (owner, found) = recover(journal, opening).map_err(ServeError::Journal)?;
    for what in outbox::unsigned(owner.site().exchange().plan()) {
        log::say(what);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServeError::System)?;
    runtime.block_on(run(owner, settings, |listen, lines| {
        started(&found, listen, lines);
    }))
}

async fn run(
    owner: Owner,
    settings: Settings,
    started: impl FnOnce(SocketAddr, Option<SocketAddr>),
) -> Result<(), ServeError> {
    let http = listen(settings.listen).await?;
    let lines = match settings.lines {
        Some(address) => Some(listen(address).await?),
        None => None,
    };
    let (mail, owner_mail) = mailboxes();
    let (board, watched) = watch::channel(Wallboard::default());
    let (phase, phase_seen) = watch::channel(Phase::Running);
    let (questions, asked) = mpsc::channel(lookup::QUESTIONS_MAX);
    let client = lookup::Client::trusting_the_system();
    tokio::spawn(lookup::asking::run(asked, client.clone(), mail.clone()));
    let (deliveries, sent) = mpsc::channel(outbox::AT_ONCE_MAX);
    tokio::spawn(outbox::sending::run(sent, client, mail.clone()));
    let hub = Hub::new(
        owner,
        owner_mail,
        (questions, deliveries),
        board,
        phase_seen,
    );
    let ended = own_thread(hub)?;
    let app = App::new(mail, watched, (settings.token, settings.costs));
    let local = |listener: &Listener| listener.address().map_err(ServeError::System);
    // Heard from now on: whoever reads where it listens may send one.
    let stop = Stop::new().map_err(ServeError::System)?;
    started(local(&http)?, lines.as_ref().map(local).transpose()?);
    if let Some(lines) = lines {
        tokio::spawn(take_lines(lines, app.clone()));
    }
    if let Some(asterisk) = settings.ari {
        let app = app.clone();
        tokio::spawn(ari::run(asterisk, move |far| app.dial_own(far)));
    }
    let server = api::http::serve(http, api::router(app.clone()));
    tokio::select! {
        result = failed(ended) => result,
        never = server => match never {},
        result = stopped(stop, &phase, &app, settings.drain) => result,
    }
}

async fn listen(address: SocketAddr) -> Result<Listener, ServeError> {
    let listener = Listener::bind(address).await;
    listener.map_err(|error| ServeError::Listen(address, error))
}

/// Runs the hub on a thread of its own; says when and how it ended.
fn own_thread(hub: Hub) -> Result<oneshot::Receiver<Result<(), JournalError>>, ServeError> {
    let (end, ended) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(ServeError::System)?;
    let run = move || drop(end.send(runtime.block_on(hub.run())));
    let thread = thread::Builder::new().name("owner".to_owned());
    thread.spawn(run).map_err(ServeError::System)?;
    Ok(ended)
}

/// Waits for the owner to end without having been told to.
async fn failed(ended: oneshot::Receiver<Result<(), JournalError>>) -> Result<(), ServeError> {
    match ended.await {
        // It was told to: bridges have yet to hear of it.
        Ok(Ok(())) => std::future::pending().await,
        Ok(Err(error)) => Err(ServeError::Journal(error)),
        // It has panicked, and said so.
        Err(_) => Ok(()),
    }
}

/// Takes bridges that speak lines.
async fn take_lines(mut listener: Listener, app: App) {
    loop {
        let stream = listener.accept().await;
        let (near, far) = link::pair();
        app.dial(far);
        tokio::spawn(lines::carry(stream, near));
    }
}

/// Waits for a signal, then for calls in progress as long as they may go on.
async fn stopped(
    mut stop: Stop,
    phase: &watch::Sender<Phase>,
    app: &App,
    drain: Duration,
) -> Result<(), ServeError> {
    let signal = stop.next().await;
    phase.send_replace(Phase::Draining);
    let mut board = app.board.clone();
    let in_progress =
        |board: &Wallboard| board.lines.iter().map(|line| line.in_progress).sum::<u32>();
    let calls = in_progress(&board.borrow());
    let how = match drain.as_secs() {
        0 => String::new(),
        seconds => format!(
            " once calls have ended, in {seconds} s at most (--drain), or at a second signal"
        ),
    };
    log::say(format_args!(
        "{signal}: no new calls are taken, and the daemon stops{how}; calls in progress: {calls}"
    ));
    // The one that is there may not have the last calls yet.
    board.mark_unchanged();
    let quiet = async {
        while board.changed().await.is_ok() && in_progress(&board.borrow_and_update()) > 0 {}
    };
    tokio::select! {
        () = quiet => {}
        () = sleep(drain) => {}
        // A second signal: at once.
        _ = stop.next() => {}
    }
    phase.send_replace(Phase::Stopped);
    // The owner finishes its batch; whatever comes after is written by the next process.
    sleep(LAST_WORD).await;
    log::say(match in_progress(&app.board.borrow()) {
        0 => "stopped".to_owned(),
        calls => format!("stopped; calls that go on when it is started again: {calls}"),
    });
    Ok(())
}
