//! Two gateways that know no message again, as Africa's Talking and Kannel speak: a duplicate shows. They take, refuse and lose what they
//! are asked, sometimes slowly, tell of it in every order, and write down what they did. Written from the vendors' words and not with the
//! code that speaks to them.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use fastrand::Rng;
use gramsetu::ambient::SystemClock;
use gramsetu::http::{Bounds, Shutdown, listen};
use gramsetu::text::percent;
use gramsetu::types::Clock as _;
use tokio::sync::oneshot;

use super::Seed;
use super::nodes::{Line, Told};
use crate::server::SECRET;

/// Which gateway, and so which route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Gateway {
    AfricasTalking,
    Kannel,
}

/// What becomes of a request. What is cut gets no answer; then nobody but us knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Taken,
    TakenSlowly,
    TakenAndCut,
    Cut,
    /// Not on this route.
    RefusedHere,
    RefusedForGood,
    RefusedForNow,
}

/// What a receipt says, the stronger the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    Underway,
    Failed,
    Delivered,
}

/// What happened to the one message of a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    /// Requests, by gateway.
    asked: BTreeMap<Gateway, u32>,
    /// Each time, by which gateway and with which text.
    pub(super) taken: Vec<(Gateway, String)>,
    pub(super) refused: u32,
    /// An answer was withheld.
    pub(super) is_cut: bool,
    /// The strongest receipt that a node has acknowledged.
    pub(super) told: Option<Says>,
}

#[derive(Debug, Default)]
struct Books {
    asked: usize,
    numbers: BTreeMap<String, Book>,
    /// Receipts under way.
    telling: usize,
}

#[derive(Debug)]
struct Desk {
    seed: Seed,
    line: Line,
    books: Mutex<Books>,
}

/// Both gateways, behind one address. They close with this.
#[derive(Debug)]
pub(super) struct Aggregator {
    desk: Arc<Desk>,
    pub(super) address: SocketAddr,
    shutdown: Shutdown,
}

impl Aggregator {
    /// Its receipts go out by this line.
    pub(super) async fn start(seed: Seed, line: Line) -> Self {
        let desk = Arc::new(Desk { seed, line, books: Mutex::default() });
        let router = Router::new()
            .route("/version1/messaging", post(africas_talking))
            .route("/cgi-bin/sendsms", get(kannel))
            .with_state(Arc::clone(&desk));
        let shutdown = Shutdown::default();
        let listening = listen(([127, 0, 0, 1], 0).into(), router, Bounds::default(), shutdown.clone()).await;
        Self { desk, address: listening.expect("a port").address, shutdown }
    }

    /// Requests so far.
    pub(super) fn asked(&self) -> usize {
        self.desk.books().asked
    }

    /// Whether receipts are under way.
    pub(super) fn is_telling(&self) -> bool {
        self.desk.books().telling > 0
    }

    /// By number, as it came.
    pub(super) fn numbers(&self) -> BTreeMap<String, Book> {
        self.desk.books().numbers.clone()
    }
}

impl Drop for Aggregator {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

/// `bulkSMSMode` and the like stand in a form; the answer is JSON.
async fn africas_talking(State(desk): State<Arc<Desk>>, body: String) -> Response {
    let fields = fields(&body);
    desk.asked(Gateway::AfricasTalking, &fields["to"], &fields["message"], None).await
}

/// All stands in the query, also where receipts are to go.
async fn kannel(State(desk): State<Arc<Desk>>, RawQuery(query): RawQuery) -> Response {
    let fields = fields(&query.unwrap_or_default());
    desk.asked(Gateway::Kannel, &fields["to"], &fields["text"], Some(&fields["dlr-url"])).await
}

impl Desk {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nobody panics with it")
    }

    async fn asked(self: Arc<Self>, gateway: Gateway, to: &str, text: &str, receipts: Option<&str>) -> Response {
        let (fate, mut rng) = self.decide(gateway, to, text);
        let is_taken = matches!(fate, Fate::Taken | Fate::TakenSlowly | Fate::TakenAndCut);
        let id = format!("{:016x}", rng.u64(..));
        if is_taken {
            let told = story(&mut rng).into_iter().map(|says| (says, receipt(gateway, receipts, &id, to, says)));
            let first = self.tell(to, told.collect(), rng.usize(..16));
            // Every now and then the phone has it before we have an answer.
            if rng.u8(..100) < 25 {
                let _ = first.await;
            }
        }
        if fate == Fate::TakenSlowly {
            SystemClock.sleep(Duration::from_millis(rng.u64(50..400))).await;
        }
        match fate {
            Fate::Taken | Fate::TakenSlowly => accepted(gateway, &id),
            Fate::TakenAndCut | Fate::Cut => Response::new(Body::new(CutOff)),
            Fate::RefusedHere | Fate::RefusedForGood | Fate::RefusedForNow => refused(gateway, fate),
        }
    }

    /// What becomes of it, written down before anybody hears of it.
    fn decide(&self, gateway: Gateway, to: &str, text: &str) -> (Fate, Rng) {
        let mut books = self.books();
        books.asked += 1;
        let book = books.numbers.entry(to.to_owned()).or_default();
        let asked = book.asked.entry(gateway).or_default();
        *asked += 1;
        let mut rng = self.seed.of((gateway, to, *asked));
        let fate = if *asked == 1 { fate(gateway, rng.u8(..100)) } else { Fate::Taken };
        match fate {
            Fate::Taken | Fate::TakenSlowly => book.taken.push((gateway, text.to_owned())),
            Fate::TakenAndCut => {
                book.taken.push((gateway, text.to_owned()));
                book.is_cut = true;
            }
            Fate::Cut => book.is_cut = true,
            Fate::RefusedHere | Fate::RefusedForGood | Fate::RefusedForNow => book.refused += 1,
        }
        (fate, rng)
    }

    /// Tells the nodes what became of a message, each piece until somebody has taken it. The receiver hears when it was told once, or nobody
    /// was there to hear it.
    fn tell(self: &Arc<Self>, to: &str, receipts: Vec<(Says, Told)>, turn: usize) -> oneshot::Receiver<()> {
        let (first, told_once) = oneshot::channel();
        let (desk, to) = (Arc::clone(self), to.to_owned());
        self.books().telling += 1;
        tokio::spawn(async move {
            let mut left = Vec::new();
            for (n, (says, receipt)) in receipts.into_iter().enumerate() {
                match desk.line.once(&receipt, turn + n).await {
                    Some(200) => desk.heard(&to, says),
                    _ => left.push((says, receipt)),
                }
            }
            let _ = first.send(());
            for (says, receipt) in left {
                desk.line.tell(&receipt, turn).await;
                desk.heard(&to, says);
            }
            desk.books().telling -= 1;
        });
        told_once
    }

    fn heard(&self, to: &str, says: Says) {
        if let Some(book) = self.books().numbers.get_mut(to) {
            book.told = book.told.max(Some(says));
        }
    }
}

/// `drawn` is below 100.
fn fate(gateway: Gateway, drawn: u8) -> Fate {
    match (gateway, drawn) {
        (_, 0..50) => Fate::Taken,
        (_, 50..68) => Fate::TakenSlowly,
        (_, 68..76) => Fate::TakenAndCut,
        (_, 76..79) => Fate::Cut,
        (_, 79..84) => Fate::RefusedForGood,
        (_, 84..88) => Fate::RefusedForNow,
        (Gateway::AfricasTalking, _) => Fate::RefusedHere,
        (Gateway::Kannel, _) => Fate::TakenSlowly,
    }
}

/// Which receipts come of a message, in their order.
fn story(rng: &mut Rng) -> Vec<Says> {
    let stories: [&[Says]; 7] = [
        &[],
        &[Says::Underway],
        &[Says::Delivered],
        &[Says::Underway, Says::Delivered],
        &[Says::Delivered, Says::Underway, Says::Delivered],
        &[Says::Failed, Says::Delivered],
        &[Says::Underway, Says::Failed, Says::Failed],
    ];
    stories[rng.usize(..stories.len())].to_vec()
}

fn receipt(gateway: Gateway, address: Option<&str>, id: &str, to: &str, says: Says) -> Told {
    match gateway {
        Gateway::AfricasTalking => {
            let status = match says {
                Says::Underway => "Sent",
                Says::Failed => "Failed&failureReason=UserNotSubscribed",
                Says::Delivered => "Success",
            };
            let mut body = format!("id=ATXid_{id}&networkCode=40401&phoneNumber=");
            percent::value(to, &mut body);
            Told::form(format!("/hooks/africastalking/{SECRET}/receipt"), format!("{body}&status={status}"))
        }
        Gateway::Kannel => {
            let (status, answer) = match says {
                Says::Underway => ("8", ""),
                Says::Failed => ("2", "id%3A1+stat%3AUNDELIV+err%3A027"),
                Says::Delivered => ("1", "id%3A1+stat%3ADELIVRD+err%3A000"),
            };
            let address = address.expect("it was told where").replace("%d", status).replace("%A", answer);
            let path = address.splitn(4, '/').nth(3).expect("a path").replace("%F", id);
            Told::get(format!("/{path}"))
        }
    }
}

fn accepted(gateway: Gateway, id: &str) -> Response {
    match gateway {
        Gateway::AfricasTalking => recipient(101, "Success", &format!("ATXid_{id}")),
        Gateway::Kannel => (StatusCode::ACCEPTED, "0: Accepted for delivery").into_response(),
    }
}

fn refused(gateway: Gateway, fate: Fate) -> Response {
    match (gateway, fate) {
        (Gateway::AfricasTalking, Fate::RefusedHere) => recipient(405, "InsufficientBalance", "None"),
        (Gateway::AfricasTalking, Fate::RefusedForNow) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        (Gateway::AfricasTalking, _) => recipient(403, "InvalidPhoneNumber", "None"),
        (Gateway::Kannel, Fate::RefusedForNow) => {
            (StatusCode::SERVICE_UNAVAILABLE, "Temporal failure, try again later.").into_response()
        }
        (Gateway::Kannel, _) => (StatusCode::BAD_REQUEST, "Charset or body misformed, rejected").into_response(),
    }
}

/// What Africa's Talking says of the one recipient of a message.
fn recipient(code: u16, status: &str, id: &str) -> Response {
    let recipient = serde_json::json!({ "statusCode": code, "status": status, "messageId": id, "cost": "INR 0.1700" });
    let answer = serde_json::json!({ "SMSMessageData": { "Message": "Sent to 1/1", "Recipients": [recipient] } });
    (StatusCode::CREATED, [("content-type", "application/json")], answer.to_string()).into_response()
}

/// The fields of a form or a query.
fn fields(text: &str) -> BTreeMap<String, String> {
    let read = |text: &str| percent::read(text, true).expect("it is escaped").into_owned();
    text.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (read(name), read(value))).collect()
}

/// A body that fails before its first byte, upon which the connection is closed.
#[derive(Debug)]
pub(super) struct CutOff;

impl HttpBody for CutOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, io::Error>>> {
        Poll::Ready(Some(Err(io::Error::other("the answer is withheld"))))
    }
}
