//! Connections as they come, and a word in the log where they cannot.

use super::log;
use super::seldom::Seldom;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// Until it is tried again where a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(100);

/// An address that is listened on.
#[derive(Debug)]
pub(super) struct Listener {
    socket: TcpListener,
    failed: Seldom,
}

impl Listener {
    /// Begins to listen.
    ///
    /// # Errors
    /// As of the operating system.
    pub(super) async fn bind(address: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            socket: TcpListener::bind(address).await?,
            failed: Seldom::default(),
        })
    }

    pub(super) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// The next connection.
    pub(super) async fn accept(&mut self) -> TcpStream {
        loop {
            match self.socket.accept().await {
                Ok((stream, _)) => {
                    // What is written is complete; waiting for more would only delay it.
                    drop(stream.set_nodelay(true));
                    return stream;
                }
                // It was given up before its turn came.
                Err(error) if is_gone(&error) => {}
                // No file handles left, most likely: some will be.
                Err(error) => {
                    if self.failed.is_due(Instant::now()) {
                        log::say(format_args!("no connection can be taken: {error}"));
                    }
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
    )
}

/// Has the operating system open as many files for this process as it may: the limit that most begin with is
/// that of a program which opens few.
pub(super) fn take_all_files() {
    use rustix::process::Resource;
    use rustix::process::getrlimit;
    use rustix::process::setrlimit;
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where it may not be raised, it stays as it is.
    let _ = setrlimit(Resource::Nofile, limit);
}
