//! Routes, limits, headers, start and stop.

use std::io::Write as _;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, HOST, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;

use super::desk::{Desk, Knowledge};
use super::fault::Fault;
use super::pages::{
    audio, call, case, coaching, complaint, complaints, dashboard, export, judge, queue, samples, search,
    sign_in,
};
use crate::store::Place;

/// Largest form: a comment, not a file.
const BODY_BYTES: usize = 64 * 1024;

/// Where the server listens.
pub type Address = SocketAddr;

/// Serves the review page until it is told to stop; `ready` hears the address as soon as it listens.
///
/// # Errors
/// When the store cannot be opened or the address cannot be listened at.
pub fn serve(
    place: Place,
    knowledge: Knowledge,
    address: Address,
    ready: impl FnOnce(Address),
) -> anyhow::Result<()> {
    let desk = Desk::open(place, knowledge)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        ready(address);
        std::io::stdout().flush()?;
        let service = routes(desk, address).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(told_to_stop()).await?;
        Ok(())
    })
}

fn routes(desk: Desk, address: Address) -> Router {
    Router::new()
        .route("/", get(queue::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route("/language", get(sign_in::language))
        .route("/call/{call}", get(call::show))
        .route("/call/{call}/audio.wav", get(audio::play))
        .route("/call/{call}/finding/{finding}/review", post(judge::review))
        .route("/call/{call}/finding/{finding}/appeal", post(judge::appeal))
        .route("/call/{call}/finding/{finding}/decision", post(judge::decide))
        .route("/call/{call}/finding/{finding}/assignment", post(judge::assign))
        .route("/search", get(search::show))
        .route("/dashboard", get(dashboard::show))
        .route("/case", get(case::show).post(case::pack))
        .route("/export", post(export::download_findings))
        .route("/coaching", get(coaching::show))
        .route("/samples", get(samples::show).post(samples::draw))
        .route("/sample/{draw}/{call}", post(samples::judge))
        .route("/complaints", get(complaints::show).post(complaints::register))
        .route("/complaint/{complaint}", get(complaint::show))
        .route("/complaint/{complaint}/state", post(complaint::change))
        .route("/complaint/{complaint}/link", post(complaint::link))
        .route("/favicon.ico", get(|| async { axum::http::StatusCode::NO_CONTENT }))
        .route("/next", get(queue::next))
        .fallback(|| async { Fault::NotFound })
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::from_fn_with_state(address, guarded))
        .with_state(desk)
}

/// Nothing is kept by the browser or shown in somebody else's frame. A server on the loopback answers to no other name:
/// a page elsewhere may have its own name lead here.
async fn guarded(State(address): State<Address>, request: Request, next: Next) -> Response {
    if address.ip().is_loopback() && !is_own_name(&request) {
        return Fault::Forbidden("此地址不属于本服务。Not a name of this server.").into_response();
    }
    let mut response = next.run(request).await;
    let headers: [(HeaderName, &str); 4] = [
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn is_own_name(request: &Request) -> bool {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host }
    });
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

async fn told_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut ended) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = ended.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
