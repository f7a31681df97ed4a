//! Callbacks that are none.

use std::net::SocketAddr;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::{SORRY, hook, refused};
use crate::phones::{Phone, profile, wire};
use crate::server::{GATEWAYS, House, get, hear, send, send_raw};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const XML: &str = "text/xml";

/// By what it is counted, how it is sent.
type Bad = (&'static str, &'static str, &'static str, &'static str, Vec<u8>);

fn bad(kind: &'static str, method: &'static str, rest: &'static str, content: &'static str, body: &str) -> Bad {
    (kind, method, rest, content, body.as_bytes().to_vec())
}

fn africastalking() -> Vec<Bad> {
    const REST: &str = "sessionId=a1&serviceCode=*123#&text=";
    let post = |kind, body: &str| bad(kind, "POST", "", FORM, body);
    vec![
        post("missing", REST),
        post("missing", "phoneNumber=%2B919812345670&text="),
        post("missing", "phoneNumber=null&sessionId=a1&text="),
        post("missing", "{\"phoneNumber\": \"+919812345670\", \"sessionId\": \"a1\", \"text\": \"\"}"),
        post("repeated", &format!("phoneNumber=%2B919812345670&phoneNumber=%2B919812345671&{REST}")),
        post("value", &format!("phoneNumber=hello&{REST}")),
        post("value", &format!("phoneNumber=%2B999999999999999999999&{REST}")),
        post("value", "phoneNumber=%2B919812345670&sessionId=%FF%FE&serviceCode=*123#&text=%C3%28"),
        ("value", "POST", "", FORM, b"phoneNumber=%2B919812345670&sessionId=a1&text=\xff\xfe".to_vec()),
        post("too_long", &format!("phoneNumber=%2B919812345670&{REST}{}", "1*".repeat(2500))),
        post("too_long", &format!("phoneNumber=%2B919812345670&text=&sessionId={}", "x".repeat(200))),
        bad("path", "POST", "/start", FORM, REST),
        bad("path", "POST", "/../../etc/passwd", FORM, REST),
        bad("path", "POST", "/%FF%FE", FORM, REST),
        bad("path", "POST", "/%zz", FORM, REST),
        bad("method", "GET", "?sessionId=a1&phoneNumber=%2B919812345670", FORM, ""),
        bad("method", "DELETE", "", FORM, REST),
        bad("method", "PUT", "/end", FORM, "sessionId=a1&status=Success"),
        post("body_too_large", &format!("{REST}{}", "x".repeat(20_000))),
    ]
}

fn flares() -> Vec<Bad> {
    let get = |kind, rest: &'static str| bad(kind, "GET", rest, "", "");
    vec![
        get("missing", "?SessionID=1&input=123"),
        get("missing", "?MSISDN=919812345670&input=123"),
        get("missing", "?SessionID=1&MSISDN=919812345670"),
        get("repeated", "?SessionID=1&transId=2&MSISDN=919812345670&input=123"),
        get("value", "?SessionID=1&MSISDN=919812345670&input=%FF%FF"),
        get("value", "?SessionID=1&MSISDN=12&input=123"),
        get("path", "/more?SessionID=1&MSISDN=919812345670&input=123"),
        bad("method", "POST", "", FORM, "SessionID=1&MSISDN=919812345670&input=123"),
    ]
}

fn hubtel() -> Vec<Bad> {
    let post = |kind, body: &str| bad(kind, "POST", "", JSON, body);
    vec![
        post("body", "{"),
        post("body", "[1, 2]"),
        post("body", "\"text\""),
        post("body", &format!("{}{}", "{\"a\":".repeat(200), "1")),
        ("body", "POST", "", JSON, b"{\"Mobile\": \"\xff\"}".to_vec()),
        post("missing", "{}"),
        post("missing", r#"{"Type": "Initiation", "SessionId": null, "Mobile": "233200585542", "Message": "*123#"}"#),
        post("value", r#"{"Type": "Dance", "SessionId": "s", "Mobile": "233200585542", "Message": "*123#"}"#),
        post(
            "value",
            r#"{"Type": "Response", "SessionId": "s", "Mobile": "233200585542", "Message": "1", "Sequence": "two"}"#,
        ),
        post(
            "repeated",
            r#"{"Type": "Response", "SessionId": "s", "SessionId": "t", "Mobile": "233200585542", "Message": "1"}"#,
        ),
    ]
}

fn imimobile() -> Vec<Bad> {
    let get = |kind, rest: &'static str| bad(kind, "GET", rest, "", "");
    vec![
        get("missing", "?msg=1"),
        get("missing", "?msisdn=919812345670"),
        get("value", "?msisdn=hello&msg=1"),
        get("repeated", "?msisdn=919812345670&msisdn=919812345671&msg=1"),
        bad("method", "PUT", "?msisdn=919812345670&msg=1", "", ""),
    ]
}

fn infobip() -> Vec<Bad> {
    let post = |kind, rest, body: &str| bad(kind, "POST", rest, JSON, body);
    vec![
        post("body", "/session/s1/start", "<xml/>"),
        post("missing", "/session/s1/start", "{}"),
        post("missing", "/session/s1/response", r#"{"msisdn": "919812345670"}"#),
        post("value", "/session/s1/start", r#"{"msisdn": true, "text": "*123#"}"#),
        post("path", "/session/s1/finish", "{\"msisdn\": \"919812345670\"}"),
        post("path", "/session/%FF/start", "{\"msisdn\": \"919812345670\"}"),
        post("path", "/session//start", "{\"msisdn\": \"919812345670\"}"),
        bad("method", "DELETE", "/session/s1/start", JSON, "{}"),
    ]
}

fn mtech() -> Vec<Bad> {
    let post = |kind, body: &str| bad(kind, "POST", "", XML, body);
    let entity = "<!DOCTYPE page [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    let page = "<mobile_number>919812345670</mobile_number><page_id>0</page_id><data>&a;</data>";
    vec![
        post("body", "<page>"),
        post("body", "no markup"),
        post("body", &format!("{entity}<page><session_id>s</session_id>{page}</page>")),
        post("body", &format!("<page><session_id>s</session_id>{page}</page>")),
        post("body", &format!("{}{}", "<a>".repeat(40), "</a>".repeat(40))),
        post("body", &format!("<page>{}</page>", "<a/>".repeat(2500))),
        post("missing", "<page><session_id>s</session_id></page>"),
        post("missing", "<page><page_id>0</page_id><mobile_number>2348000000001</mobile_number><data/></page>"),
        bad("method", "GET", "?session_id=s", XML, ""),
    ]
}

async fn refuse_all(hooks: SocketAddr, gateway: &'static str, all: Vec<Bad>) -> Vec<(&'static str, &'static str)> {
    let mut counted = Vec::new();
    for (kind, method, rest, content, body) in all {
        let headers = [("content-type", content)];
        let heard = send(hooks, method, &hook(gateway, rest), &headers, &body).await.expect("a reply");
        let text = refused(gateway, &heard);
        assert_eq!(text, SORRY, "{gateway}: {method} {rest} {}", String::from_utf8_lossy(&body));
        counted.push((gateway, kind));
    }
    counted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_refused_in_the_protocols_shape_and_counted() {
    let house = House::new("").await;
    let server = house.start().await;
    let all = [africastalking(), flares(), hubtel(), imimobile(), infobip(), mtech()];
    let mut counted = Vec::new();
    for (gateway, all) in GATEWAYS.into_iter().zip(all) {
        counted.extend(refuse_all(server.hooks, gateway, all).await);
    }
    let page = get(server.admin, "/metrics").await.expect("metrics").text();
    for (gateway, kind) in &counted {
        let times = counted.iter().filter(|other| *other == &(*gateway, *kind)).count();
        let line = format!("gramsetu_refused_callbacks_total{{gateway=\"{gateway}\",kind=\"{kind}\"}} {times}");
        assert!(page.contains(&line), "{line} is not in\n{page}");
    }
    everything_still_works(&server).await;
}

async fn everything_still_works(server: &crate::server::Server) {
    for (n, gateway) in (0..).zip(GATEWAYS) {
        let mut phone = Phone::new(&profile(gateway), &format!("+91980000010{n}"), n);
        let shown = phone.dial(&wire(server), "*123#").await.expect("it is served");
        assert!(shown.text.starts_with("Welcome."), "{gateway}: {shown:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_that_never_end_and_heads_that_are_too_large_hold_nobody_up() {
    let house = House::new("").await;
    let server = house.start().await;
    let hooks = server.hooks;
    let mut slow = JoinSet::new();
    for gateway in GATEWAYS {
        slow.spawn(async move {
            let head = format!("POST {} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n", hook(gateway, ""));
            let mut stream = TcpStream::connect(hooks).await.expect("a connection");
            let part = format!("{head}content-length: 500\r\n\r\nsessionId=a1&");
            stream.write_all(part.as_bytes()).await.expect("a part of it");
            let late = hear(stream).await.expect("the server's patience ends");
            assert_eq!(refused(gateway, &late), SORRY);
            let broken = send_raw(hooks, format!("{head}transfer-encoding: chunked\r\n\r\nzz\r\n").as_bytes()).await;
            assert_eq!(refused(gateway, &broken.expect("a reply")), SORRY);
        });
    }
    for n in [65, 5000] {
        let lines = "x-one: more\r\n".repeat(n);
        let heard = send_raw(hooks, format!("GET {} HTTP/1.1\r\n{lines}\r\n", hook("flares", "")).as_bytes()).await;
        assert_eq!(heard.expect("a reply").status, 431, "{n} header lines");
    }
    let long = format!("GET {}?x={} HTTP/1.1\r\n\r\n", hook("flares", ""), "x".repeat(100_000));
    assert!(matches!(send_raw(hooks, long.as_bytes()).await.map(|heard| heard.status), Ok(414 | 431) | Err(_)));
    for noise in ["\r\n\r\n", "HELLO\r\n\r\n", "GET / HTTP/9\r\n\r\n", "\u{16}\u{3}\u{1}"] {
        let heard = send_raw(hooks, format!("{noise}{}", "\0".repeat(64)).as_bytes()).await;
        assert!(heard.map_or(400, |heard| heard.status) == 400, "{noise:?}");
    }
    everything_still_works(&server).await;
    slow.join_all().await;
    let page = get(server.admin, "/metrics").await.expect("metrics").text();
    for gateway in GATEWAYS {
        for kind in ["body_late", "body_broken"] {
            let line = format!("gramsetu_refused_callbacks_total{{gateway=\"{gateway}\",kind=\"{kind}\"}} 1");
            assert!(page.contains(&line), "{line} is not in\n{page}");
        }
    }
}
