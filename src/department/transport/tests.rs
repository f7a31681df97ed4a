use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::{any, get};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const LONG: Duration = Duration::from_secs(20);

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    (listener, format!("http://{address}"))
}

/// A department that shows what it was sent, redirects, never answers, or answers too much.
async fn serve() -> String {
    let (listener, url) = listener().await;
    let echo = |request: Request| async move {
        let (parts, body) = request.into_parts();
        let header = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("-").to_owned();
        let body = axum::body::to_bytes(body, 1000).await.unwrap_or_default();
        let headers = ["content-type", "idempotency-key", "x-api-key"].map(header).join(" ");
        format!("{} {} {headers} {}", parts.method, parts.uri, String::from_utf8_lossy(&body))
    };
    let app = Router::new()
        .route("/v1/echo/{x}", any(echo))
        .route("/v1/redirect", get(|| async { axum::response::Redirect::to("/v1/echo/x") }))
        .route("/v1/silent", get(std::future::pending::<()>))
        .route("/v1/large", get(|| async { "x".repeat(1001) }))
        .route("/v1/just", get(|| async { "x".repeat(1000) }))
        .route("/v1/fails", get(|| async { (axum::http::StatusCode::BAD_GATEWAY, "no").into_response() }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

fn http(url: &str) -> Http {
    let headers = vec![("X-Api-Key".to_owned(), Secret::new("hush".to_owned()))];
    let address = Address { url: format!("{url}/v1"), headers };
    Http::new(vec![("lpg".to_owned(), address)], 1000).expect("the address is one")
}

fn request(path: &str) -> HttpRequest {
    HttpRequest {
        department: "lpg".to_owned(),
        method: Method::Get,
        path: path.to_owned(),
        body: None,
        headers: Vec::new(),
        idempotency_key: None,
    }
}

async fn ask(http: &Http, path: &str) -> Result<(u16, String), TransportError> {
    let answer = http.send(request(path), LONG).await?;
    Ok((answer.status, String::from_utf8_lossy(&answer.body).into_owned()))
}

#[tokio::test]
async fn everything_of_a_request_arrives() {
    let http = http(&serve().await);
    let request = HttpRequest {
        method: Method::Post,
        body: Some(("application/json", b"{}".to_vec())),
        idempotency_key: Some("key-1".to_owned()),
        ..request("/echo/a%2Fb?x=%26")
    };
    let answer = http.send(request, LONG).await.expect("it answers");
    assert_eq!(answer.status, 200);
    let seen = "POST /v1/echo/a%2Fb?x=%26 application/json key-1 hush {}";
    assert_eq!(String::from_utf8_lossy(&answer.body), seen);
}

#[tokio::test]
async fn statuses_are_answers_and_redirects_are_not_followed() {
    let http = http(&serve().await);
    assert_eq!(ask(&http, "/fails").await, Ok((502, "no".to_owned())));
    assert_eq!(ask(&http, "/redirect").await, Ok((303, String::new())));
}

#[tokio::test]
async fn answers_are_bounded() {
    let http = http(&serve().await);
    assert_eq!(ask(&http, "/just").await, Ok((200, "x".repeat(1000))));
    assert_eq!(ask(&http, "/large").await, Err(TransportError::TooLarge(1000)));
}

#[tokio::test]
async fn silence_is_late() {
    let http = http(&serve().await);
    let answer = http.send(request("/silent"), Duration::from_millis(50)).await;
    assert_eq!(answer, Err(TransportError::Late));
}

#[tokio::test]
async fn no_connection_means_not_sent() {
    let (listener, url) = listener().await;
    drop(listener);
    assert!(matches!(ask(&http(&url), "/echo/x").await, Err(TransportError::NotSent(_))));
    let elsewhere = HttpRequest { department: "epfo".to_owned(), ..request("/echo/x") };
    let answer = http(&url).send(elsewhere, LONG).await;
    assert_eq!(answer, Err(TransportError::NotSent("[departments.epfo] is missing in the settings".to_owned())));
}

/// Takes one connection, reads something, says `bytes` and closes.
async fn says(bytes: &'static [u8]) -> String {
    let (listener, url) = listener().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1000]).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    url
}

#[tokio::test]
async fn what_is_cut_off_or_no_http_is_lost() {
    let cases: [&'static [u8]; 5] = [
        b"",
        b"\x16\x03\x01 nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ];
    for bytes in cases {
        let answer = ask(&http(&says(bytes).await), "/echo/919812345670").await;
        let Err(TransportError::Lost(why)) = answer else { panic!("{bytes:?} gave {answer:?}") };
        assert!(!why.contains("919812345670"), "{why}");
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_bounded_as_well() {
    let url = says(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffff\r\n0123456789").await;
    let http = Http { largest_answer: 5, ..http(&url) };
    assert_eq!(ask(&http, "/echo/x").await, Err(TransportError::TooLarge(5)));
}

/// What is wrong with an address. An HTTPS client is not made: that takes the certificates of the machine.
fn refusal(url: &str, header: &str, value: &str) -> String {
    let headers = vec![(header.to_owned(), Secret::new(value.to_owned()))];
    Destination::new(&Address { url: url.to_owned(), headers }).err().unwrap_or_default()
}

#[test]
fn addresses_are_checked() {
    assert_eq!(refusal("https://api.example/v1/", "x-key", "a"), "");
    for url in ["", "api.example", "file:///etc/passwd", "https://me:hush@api.example", "https://api.example/?x=1"] {
        let refusal = refusal(url, "x-key", "a");
        assert!(refusal.starts_with("url: "), "{url}: {refusal}");
        assert!(!refusal.contains("hush"));
    }
    assert!(refusal("https://api.example", "x key", "a").contains("`x key` is not a header's name"));
    let refusal = refusal("https://api.example", "x-key", "hush\n");
    assert!(refusal.contains("`x-key`") && !refusal.contains("hush"), "{refusal}");
    let address = Address { url: "api.example".to_owned(), headers: Vec::new() };
    let refused = Http::new(vec![("lpg".to_owned(), address)], 1000).err().map(|error| error.to_string());
    assert!(refused.is_some_and(|text| text.contains("[departments.lpg] url: ")));
}

#[test]
fn debug_output_shows_no_secrets() {
    let http = http("http://127.0.0.1:1");
    let address = Address { url: String::new(), headers: vec![("x-key".to_owned(), Secret::new("hush".to_owned()))] };
    let answer = HttpAnswer { status: 200, body: b"hush".to_vec() };
    let shown = format!("{http:?} {address:?} {answer:?}");
    assert!(!shown.contains("hush"), "{shown}");
}
