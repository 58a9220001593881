//! The control API: HTTP and JSON, and the door for bridges.

pub mod agents;
mod callbacks;
mod calls;
pub(super) mod http;
pub(crate) mod lines;
pub mod menus;
mod outbox;
pub mod problem;
mod watching;

use super::bridge::link::FarEnd;
use super::bridge::session;
use super::bridge::strangers::Strangers;
use super::bridge::websocket;
use super::mailbox::ConnectionId;
use super::mailbox::Mailboxes;
use super::mailbox::Query;
use super::mailbox::Reading;
use super::token::Token;
use super::wallboard::Wallboard;
use crate::measure::worth::Costs;
use axum::Json;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::uri::Authority;
use axum::middleware;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::delete;
use axum::routing::get;
use axum::routing::post;
use axum::routing::put;
use problem::Problem;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use tokio::sync::Mutex;
use tokio::sync::Semaphore;
use tokio::sync::oneshot;
use tokio::sync::watch;

/// What every handler may touch.
#[derive(Clone, Debug)]
pub(super) struct App {
    pub(super) mail: Mailboxes,
    pub(super) board: watch::Receiver<Wallboard>,
    pub(super) token: Option<Token>,
    pub(super) costs: Option<Costs>,
    connections: Arc<AtomicU64>,
    strangers: Strangers,
    /// A seat for each who watches live.
    watchers: Arc<Semaphore>,
    /// Held by whoever puts menus in force: one at a time.
    publishing: Arc<Mutex<()>>,
}

impl App {
    pub(super) fn new(
        mail: Mailboxes,
        board: watch::Receiver<Wallboard>,
        (token, costs): (Option<Token>, Option<Costs>),
    ) -> Self {
        Self {
            mail,
            board,
            token,
            costs,
            connections: Arc::default(),
            strangers: Strangers::default(),
            watchers: Arc::new(Semaphore::new(watching::WATCHERS_MAX)),
            publishing: Arc::default(),
        }
    }

    /// Begins a session for a bridge that has come.
    pub(super) fn dial(&self, far: FarEnd) {
        self.begin_session(far, self.token.clone());
    }

    /// Begins a session for a bridge in this process: it needs no token.
    pub(super) fn dial_own(&self, far: FarEnd) {
        self.begin_session(far, None);
    }

    fn begin_session(&self, far: FarEnd, token: Option<Token>) {
        let id = ConnectionId(self.connections.fetch_add(1, Ordering::Relaxed));
        let asks = (token, self.strangers.clone());
        tokio::spawn(session::run(far, id, self.mail.clone(), asks));
    }

    /// Asks the owner something.
    async fn ask<T>(&self, query: impl FnOnce(oneshot::Sender<T>) -> Query) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        let asked = self.mail.ask(query(reply));
        asked.map_err(|_| Problem::overloaded())?;
        answer.await.map_err(|_| Problem::overloaded())
    }

    /// Asks the owner for something that the journal holds.
    async fn read<T>(&self, query: impl FnOnce(Reading<T>) -> Query) -> Result<T, Problem> {
        self.ask(query)
            .await?
            .map_err(|error| Problem::journal(&error))
    }
}

/// All addresses.
pub(super) fn router(app: App) -> Router {
    let guarded = Router::new()
        .route("/api/v1/agents", get(agents::list))
        .route("/api/v1/agents/{agent}", get(agents::show))
        .route("/api/v1/agents/{agent}/{act}", post(agents::act))
        .route("/api/v1/wallboard", get(watching::wallboard))
        .route("/api/v1/wallboard/live", get(watching::live))
        .route("/api/v1/calls/recent", get(calls::recent))
        .route(
            "/api/v1/callbacks",
            get(callbacks::list).post(callbacks::ask),
        )
        .route("/api/v1/callbacks/{call}", delete(callbacks::withdraw))
        .route("/api/v1/messages", get(calls::messages))
        .route("/api/v1/outbox", get(outbox::list))
        .route("/api/v1/outbox/again", post(outbox::again))
        .route("/api/v1/recordings", get(calls::recordings))
        .route("/api/v1/surveys", get(calls::surveys))
        .route("/api/v1/answers", get(calls::answers))
        .route("/api/v1/lines", get(lines::list))
        .route(
            "/api/v1/lines/{line}/{switch}",
            put(lines::switch_on).delete(lines::switch_off),
        )
        .route(
            "/api/v1/menus",
            get(menus::list)
                .post(menus::publish)
                .layer(DefaultBodyLimit::max(http::MENUS_BYTES_MAX)),
        )
        .route("/api/v1/menus/rollback", post(menus::roll_back))
        .route("/api/v1/state", get(calls::state))
        .route_layer(middleware::from_fn_with_state(app.clone(), check_token));
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        // A bridge shows its token in its hello.
        .route("/api/v1/bridge", get(bridge))
        .merge(guarded)
        .layer(middleware::from_fn_with_state(app.clone(), check_origin))
        .layer(DefaultBodyLimit::max(http::BODY_BYTES_MAX))
        .fallback(|| async { Problem::not_found("there is nothing at this address") })
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        .layer(middleware::map_response(problem::in_due_form))
        .with_state(app)
}

/// Whether new calls are taken.
async fn ready(State(app): State<App>) -> Response {
    let trouble = app.board.borrow().trouble.clone();
    match trouble {
        None => "ready\n".into_response(),
        Some(trouble) => (StatusCode::SERVICE_UNAVAILABLE, format!("{trouble}\n")).into_response(),
    }
}

async fn bridge(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let serve = move |socket| websocket::serve(socket, move |far| app.dial(far));
    websocket::upgrade(request, serve).map_err(Problem::bad_request)
}

/// Where a token is set, everybody shows it.
async fn check_token(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(token) = &app.token else {
        return Ok(next.run(request).await);
    };
    let shown = request.headers().get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok());
    // The name of a scheme may be written in small letters: RFC 9110, section 11.1.
    let shown = shown.and_then(|value| value.split_once(' '));
    match shown
        .is_some_and(|(scheme, shown)| scheme.eq_ignore_ascii_case("Bearer") && token.is(shown))
    {
        true => Ok(next.run(request).await),
        false => Err(Problem::unauthorized()),
    }
}

/// Without a token, a page from elsewhere in somebody's browser must not act for them.
async fn check_origin(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let headers = request.headers();
    let foreign = headers.contains_key(header::ORIGIN)
        || !headers.get_all(header::HOST).iter().all(is_of_this_machine);
    if app.token.is_none() && foreign {
        return Err(Problem::foreign_page());
    }
    Ok(next.run(request).await)
}

/// Whether a host is an address or `localhost`: any other name may be one that somebody else has
/// pointed here, and with it a page of theirs.
fn is_of_this_machine(host: &HeaderValue) -> bool {
    let host = host.as_bytes();
    let Ok(authority) = Authority::try_from(host) else {
        return false;
    };
    let name = authority.host();
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

type Answer<T> = Result<Json<T>, Problem>;
