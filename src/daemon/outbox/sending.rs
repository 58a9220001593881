//! Sends deliveries, each beside all others, and has the owner know what came of it.

use super::ATTEMPTS_MAX;
use super::Attempt;
use super::reach::Reach;
use super::secret;
use super::sign;
use crate::daemon::journal::rows::DeliveryRow;
use crate::daemon::log;
use crate::daemon::lookup::Client;
use crate::daemon::mailbox::Item;
use crate::daemon::mailbox::Mailboxes;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends what the owner wants to be sent, until it wants nothing any more.
pub(in crate::daemon) async fn run(
    mut rows: mpsc::Receiver<DeliveryRow>,
    client: Client,
    mail: Mailboxes,
) {
    let reach = Arc::new(Mutex::new(Reach::default()));
    while let Some(row) = rows.recv().await {
        let (client, mail, reach) = (client.clone(), mail.clone(), Arc::clone(&reach));
        tokio::spawn(async move {
            let sent = timeout(PATIENCE, send(&client, &row)).await;
            let failed = match sent {
                Ok(result) => result.err(),
                Err(_) => Some("there is no answer".to_owned()),
            };
            tell(&reach, &row, failed.as_deref());
            // An owner that has ended sends it again when it comes back.
            let _ = mail.put(Item::Attempted(Attempt { row, failed })).await;
        });
    }
}

/// Tells the log, if there is anything new.
fn tell(reach: &Mutex<Reach>, row: &DeliveryRow, failed: Option<&str>) {
    let mut reach = reach.lock().unwrap_or_else(PoisonError::into_inner);
    let last = row.attempts + 1 >= ATTEMPTS_MAX;
    let said = match failed {
        Some(why) => reach.failed(row.address(), (why, last), Instant::now()),
        None => reach.taken(row.address()),
    };
    if let Some(said) = said {
        log::say(said);
    }
}

async fn send(client: &Client, row: &DeliveryRow) -> Result<(), String> {
    let secret = secret(&row.secret_env)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = now.map_or(0, |since| since.as_secs());
    let signature = sign::signature(&secret, &row.id, seconds, &row.body)?;
    let request = hyper::Request::post(&row.url)
        .header(header::CONTENT_TYPE, "application/json")
        .header(
            header::USER_AGENT,
            concat!("strowger/", env!("CARGO_PKG_VERSION")),
        )
        .header("webhook-id", &row.id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature)
        .header("idempotency-key", &row.id)
        .body(Full::new(Bytes::from(row.body.clone())))
        .map_err(|error| error.to_string())?;
    let (status, _) = client.carry(request).await?;
    match status.is_success() {
        true => Ok(()),
        false => Err(format!("the answer is {status}")),
    }
}
