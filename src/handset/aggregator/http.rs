//! The aggregator over real HTTP, for `demo`: beside the departments, and what has arrived also where phones look for it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{self, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use hyper::body::Frame;
use serde_json::json;

use super::{Mischief, SandboxAggregator};
use crate::gateway::WireReply;
use crate::gateway::messages::{Hook, Sent};
use crate::handset::WireError;
use crate::handset::wire;
use crate::phone;

/// The largest request, in bytes.
const LARGEST: usize = 64 * 1024;
/// How long a phone waits for a message before it asks again: no longer, since who stops the demo waits as well.
const POLLS_FOR: Duration = Duration::from_secs(3);
/// A phone has a message a moment after it was sent.
const DELIVERED_AFTER: Duration = Duration::from_millis(500);
/// A receipt that was not heard is told again, so often and after so long.
const TELLS: u32 = 5;
const TELLS_AGAIN_AFTER: Duration = Duration::from_secs(2);

#[derive(Clone, Debug)]
struct Shared {
    aggregator: Arc<SandboxAggregator>,
    /// By which receipts go out.
    client: reqwest::Client,
}

/// `POST /messages` takes a message, `PUT /sandbox/messages` a [`Mischief`] as text; beside it what [`arrivals`] has.
pub fn router(aggregator: Arc<SandboxAggregator>) -> Result<Router, WireError> {
    let client = wire::client("http://127.0.0.1")?;
    let shared = Shared { aggregator: Arc::clone(&aggregator), client };
    let own = Router::new().route("/messages", post(take)).route("/sandbox/messages", put(misbehave));
    Ok(own.with_state(shared).merge(arrivals(aggregator)))
}

/// `GET /messages/{number}` gives at once what has arrived for a phone and is kept; with `?after=N` what came after the message of
/// that number, once there is any or a few seconds are over. `GET /messages` counts.
pub fn arrivals(aggregator: Arc<SandboxAggregator>) -> Router {
    Router::new().route("/messages", get(counts)).route("/messages/{number}", get(arrived)).with_state(aggregator)
}

async fn misbehave(State(shared): State<Shared>, text: String) -> Response {
    match text.trim().parse::<Mischief>() {
        Ok(mischief) => {
            shared.aggregator.misbehave(mischief);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    }
}

async fn take(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers: Vec<_> = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let reply = shared.aggregator.take(path, &headers, &body);
    if let Some(receipt) = reply.receipt {
        tokio::spawn(tell(shared.clone(), receipt));
    }
    let Some(answer) = reply.answer else { return Response::new(Body::new(CutOff)) };
    if !reply.after.is_zero() {
        shared.aggregator.clock.sleep(reply.after).await;
    }
    response(answer)
}

/// Tells the bridge what became of a message, again where it is not heard.
async fn tell(shared: Shared, receipt: Sent) {
    let Shared { aggregator, client } = shared;
    aggregator.clock.sleep(DELIVERED_AFTER).await;
    for _ in 0..TELLS {
        let heard = wire::exchange(&client, receipt.clone()).await;
        if heard.is_ok_and(|reply| aggregator.carrier.is_content(Hook::Receipt, &reply)) {
            return aggregator.receipt_was_heard();
        }
        aggregator.clock.sleep(TELLS_AGAIN_AFTER).await;
    }
    tracing::warn!("The sandbox aggregator could not tell what became of a message");
}

async fn counts(State(aggregator): State<Arc<SandboxAggregator>>) -> Response {
    let counts = serde_json::to_value(aggregator.counts()).unwrap_or_default();
    said(StatusCode::OK, &counts)
}

async fn arrived(
    State(aggregator): State<Arc<SandboxAggregator>>,
    Path(number): Path<String>,
    request: Request,
) -> Response {
    let Ok(phone) = phone::parse(&number, phone::home()) else {
        return (StatusCode::BAD_REQUEST, "write a telephone number behind the slash\n").into_response();
    };
    let query = request.uri().query().unwrap_or_default();
    let after = query.split('&').find_map(|pair| pair.strip_prefix("after=")).map(str::parse::<u64>);
    let after = match after {
        Some(Ok(after)) => after,
        Some(Err(_)) => return (StatusCode::BAD_REQUEST, "`after` is the number of a message\n").into_response(),
        None => 0,
    };
    if request.uri().query().is_some() {
        aggregator.wait(&phone, after, POLLS_FOR).await;
    }
    // Before the messages: one that comes between the two is given twice rather than never.
    let last = aggregator.last();
    let messages = aggregator.arrived(&phone, after);
    let last = messages.last().map_or(last, |message| message.number.max(last));
    said(StatusCode::OK, &json!({ "last": last, "messages": messages }))
}

fn said(status: StatusCode, json: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], format!("{json}\n")).into_response()
}

fn response(WireReply { status, headers, body }: WireReply) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(name), http::HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
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
