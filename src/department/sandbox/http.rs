//! The sandbox over real HTTP, for `demo`: departments under `/{department}/…`, and `/sandbox/…` to tell them what to do.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{self, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, put};
use hyper::body::Frame;
use serde_json::json;

use super::{Asked, Mischief, Reply, Said, Sandbox};
use crate::menu::Method;
use crate::types::Clock;

/// The largest request, in bytes.
const LARGEST: usize = 64 * 1024;

#[derive(Clone, Debug)]
struct Shared {
    sandbox: Arc<Sandbox>,
    clock: Arc<dyn Clock>,
}

/// `/{department}/…` as the department's own paths, `PUT /sandbox/{department}` with a [`Mischief`] as text, and
/// `GET /sandbox/bookings`.
pub fn router(sandbox: Arc<Sandbox>, clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route("/sandbox/bookings", get(bookings))
        .route("/sandbox/{department}", put(misbehave))
        .route("/{department}/{*path}", any(department))
        .with_state(Shared { sandbox, clock })
}

async fn bookings(State(shared): State<Shared>) -> Response {
    let booked = shared.sandbox.booked();
    let sum = |of: fn(&super::Booked) -> u64| booked.values().map(of).sum::<u64>();
    let consumers: serde_json::Map<_, _> = booked
        .iter()
        .map(|(id, b)| (id.clone(), json!({"bookings": b.bookings, "posts": b.posts, "keys": b.keys})))
        .collect();
    let totals = json!({"bookings": sum(|b| b.bookings), "posts": sum(|b| b.posts), "consumers": consumers});
    let body = totals.to_string().into_bytes();
    response(Said { status: 200, content_type: Some("application/json"), body })
}

async fn misbehave(State(shared): State<Shared>, Path(department): Path<String>, text: String) -> Response {
    let mischief = match text.trim().parse::<Mischief>() {
        Ok(mischief) => mischief,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    match shared.sandbox.misbehave(&department, mischief) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::NOT_FOUND, error.to_string()).into_response(),
    }
}

async fn department(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let whole = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let (name, rest) = whole.trim_start_matches('/').split_once('/').unwrap_or((whole, ""));
    let Some(method) = method(&parts.method) else { return StatusCode::METHOD_NOT_ALLOWED.into_response() };
    let Ok(body) = to_bytes(body, LARGEST).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let reply = shared.sandbox.reply(
        name,
        &Asked {
            method,
            path: &format!("/{rest}"),
            header: &header,
            idempotency_key: parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()),
            body: &body,
            today: shared.clock.now().day_in_india(),
        },
    );
    match reply {
        Err(unknown) => (StatusCode::SERVICE_UNAVAILABLE, unknown.to_string()).into_response(),
        Ok(Reply::Nothing) => Response::new(Body::new(CutOff)),
        Ok(Reply::Answer { after, said }) => {
            if !after.is_zero() {
                shared.clock.sleep(after).await;
            }
            response(said)
        }
    }
}

fn response(Said { status, content_type, body }: Said) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match content_type {
        Some(content_type) => (status, [(header::CONTENT_TYPE, content_type)], body).into_response(),
        None => status.into_response(),
    }
}

fn method(method: &http::Method) -> Option<Method> {
    match *method {
        http::Method::GET => Some(Method::Get),
        http::Method::POST => Some(Method::Post),
        http::Method::PUT => Some(Method::Put),
        http::Method::PATCH => Some(Method::Patch),
        http::Method::DELETE => Some(Method::Delete),
        _ => None,
    }
}

/// A body that fails before its first byte, upon which the server closes the connection.
#[derive(Debug)]
struct CutOff;

impl HttpBody for CutOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::Error::other("the answer is lost on purpose"))))
    }
}
