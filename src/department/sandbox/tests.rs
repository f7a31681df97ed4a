use std::sync::Arc;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::department::testing::ManualClock;
use crate::department::{Address, Http, HttpRequest, Transport};
use crate::menu::Method;
use crate::outward::{HttpAnswer, TransportError};
use crate::types::{Clock, Timestamp};

/// 2 December 2026, ten in the morning in India.
const TODAY: Timestamp = Timestamp(1_796_185_800_000);
const LONG: Duration = Duration::from_secs(20);

/// One sandbox, reached in-process.
struct Sand {
    sandbox: Arc<Sandbox>,
    clock: Arc<ManualClock>,
    transport: InProcess,
}

impl Sand {
    fn new() -> Self {
        let (sandbox, clock) = (Arc::new(Sandbox::default()), ManualClock::at(TODAY));
        let transport = InProcess::new(Arc::clone(&sandbox), Arc::clone(&clock) as Arc<dyn Clock>);
        Self { sandbox, clock, transport }
    }

    fn misbehaves(&self, department: &str, mischief: &str) {
        let mischief = mischief.parse().expect("it is one");
        self.sandbox.misbehave(department, mischief).expect("the department is one");
    }

    async fn get(&self, department: &str, path: &str) -> String {
        say(self.transport.send(request(department, path), LONG).await)
    }

    async fn book(&self, consumer: &str, key: Option<&str>) -> String {
        say(self.transport.send(booking(consumer, key), LONG).await)
    }
}

fn request(department: &str, path: &str) -> HttpRequest {
    HttpRequest {
        department: department.to_owned(),
        method: Method::Get,
        path: path.to_owned(),
        body: None,
        headers: Vec::new(),
        idempotency_key: None,
    }
}

fn booking(consumer: &str, key: Option<&str>) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        body: Some(("application/json", json!({ "consumer": consumer }).to_string().into_bytes())),
        idempotency_key: key.map(str::to_owned),
        ..request("lpg", "/bookings")
    }
}

fn say(answer: Result<HttpAnswer, TransportError>) -> String {
    match answer {
        Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)),
        Err(error) => error.to_string(),
    }
}

/// The consumer whose mobile number is 98123456 and these last two digits.
async fn consumer(sand: &Sand, digits: &str) -> String {
    let answer = sand.get("lpg", &format!("/consumers/by-mobile/98123456{digits}")).await;
    let json: Json = serde_json::from_str(answer.trim_start_matches("200 ")).expect("a consumer");
    json["consumer"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn epfo() {
    let sand = Sand::new();
    assert_snapshot!(sand.get("epfo", "/members/by-mobile/919812345670").await, @r#"200 {"establishment":"प्रतिष्ठान 30","mobile":"919812345670","name":"MEMBER 7390","registered_mobile":"9812345670","result":"Y","uan":"106901353890"}"#);
    assert_snapshot!(sand.get("epfo", "/members/by-mobile/919812345679").await, @r#"404 {"error":"not_found"}"#);
    assert_snapshot!(sand.get("epfo", "/members/by-mobile/254711082123").await, @r#"404 {"error":"not_found"}"#);
    assert_snapshot!(sand.get("epfo", "/members/100000000000/balance").await, @r#"404 {"error":"not_found"}"#);
}

#[tokio::test]
async fn epfo_balances_by_last_digit() {
    let sand = Sand::new();
    let mut answers = Vec::new();
    for digit in [0, 7, 8] {
        let member = sand.get("epfo", &format!("/members/by-mobile/981234567{digit}")).await;
        let member: Json = serde_json::from_str(member.trim_start_matches("200 ")).expect("a member");
        let uan = member["uan"].as_str().expect("an account");
        answers.push(sand.get("epfo", &format!("/members/{uan}/balance")).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    200 {"as_on":"2026-11-30","balance":"26158.53","last_contribution":{"amount":4033.5,"credited_on":"2026-11-12","month":"Oct 2026"},"name":"MEMBER 7390","registered_mobile":"9812345670","result":"Y","uan":"106901353890"}
    200 {"as_on":"2026-11-30","balance":"237538.83","last_contribution":{"amount":6593.0,"credited_on":"2026-11-12","month":"Oct 2026"},"name":"MEMBER 5548","registered_mobile":"9000000000","result":"Y","uan":"108035781759"}
    200 {"reason":"kyc_incomplete","registered_mobile":"9812345678","result":"N"}
    "#);
}

#[tokio::test]
async fn mandi() {
    let sand = Sand::new();
    assert_snapshot!(sand.get("mandi", "/prices?state=UP&district=lucknow&commodity=onion").await, @r#"200 {"commodity":"onion","date":"2026-12-02","district":"lucknow","prices":[{"date":"2026-12-01","market":"पुरानी मंडी","max":1998,"min":1676,"modal":1826,"variety":"Nasik"}],"state":"UP"}"#);
    assert_snapshot!(sand.get("mandi", "/prices?state=UP&district=lucknow&commodity=saffron&date=2026-11-05").await, @r#"200 {"commodity":"saffron","date":"2026-11-05","district":"lucknow","prices":[],"state":"UP"}"#);
    assert_snapshot!(sand.get("mandi", "/prices?state=UP&district=&commodity=onion").await, @r#"400 {"error":"bad_request"}"#);
    assert_snapshot!(sand.get("mandi", "/prices?state=UP&district=x&commodity=gold").await, @r#"404 {"error":"unknown_commodity"}"#);
    assert_snapshot!(sand.get("mandi", "/prices?state=UP&district=x&commodity=onion&date=5").await, @r#"400 {"error":"bad_request"}"#);
    let most = sand.get("mandi", "/prices?state=up&district=Lucknow&commodity=potato").await;
    assert_eq!(most.matches("\"market\"").count(), 20);
    assert_eq!(sand.get("mandi", "/commodities?state=UP").await.matches("\"code\"").count(), 12);
}

#[tokio::test]
async fn one_key_is_one_booking() {
    let sand = Sand::new();
    let consumer = consumer(&sand, "70").await;
    let booked = sand.book(&consumer, Some("k1")).await;
    assert_snapshot!(booked, @r#"201 {"amount":"803.00","booking":"BK365C75E9","consumer":"75000006901353890","expected_on":"2026-12-05","status":"booked"}"#);
    assert_eq!(sand.book(&consumer, Some("k1")).await, booked);
    assert_eq!(sand.get("lpg", "/bookings/by-key/k1").await, booked.replace("201 ", "200 "));
    assert_snapshot!(sand.book(&consumer, Some("k2")).await, @r#"409 {"booking":"BK365C75E9","error":"already_booked"}"#);
    assert_snapshot!(sand.get("lpg", "/bookings/by-key/k2").await, @r#"404 {"error":"not_found"}"#);
    let booked = sand.sandbox.booked().remove(&consumer);
    assert_eq!(booked, Some(Booked { bookings: 1, posts: 3, keys: 2 }));
}

#[tokio::test]
async fn bookings_close_when_they_are_delivered() {
    let sand = Sand::new();
    let consumer = consumer(&sand, "70").await;
    sand.book(&consumer, Some("k1")).await;
    sand.clock.pass(Duration::from_hours(3 * 24));
    assert!(sand.book(&consumer, Some("k2")).await.starts_with("201 "));
    assert_snapshot!(sand.get("lpg", &format!("/bookings?consumer={consumer}")).await, @r#"200 {"bookings":[{"amount":"803.00","booked_on":"2026-12-05","booking":"BK8DFE3CF3","expected_on":"2026-12-08","status":"open"},{"amount":"803.00","booked_on":"2026-12-02","booking":"BK365C75E9","expected_on":"2026-12-05","status":"delivered"}],"consumer":"75000006901353890"}"#);
}

#[tokio::test]
async fn lpg_consumers_by_last_digit() {
    let sand = Sand::new();
    let mut answers = Vec::new();
    for mobile in ["9812345670", "9812345671", "9812345678", "9812345679"] {
        answers.push(sand.get("lpg", &format!("/consumers/by-mobile/{mobile}")).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    200 {"consumer":"75000006901353890","distributor":"GAS AGENCY 47","last_booking":"2026-09-20","name":"CONSUMER 7374","open_booking":false,"price":"803.00","registered_mobile":"+919812345670"}
    200 {"consumer":"75000004206272157","distributor":"GAS AGENCY 82","last_booking":null,"name":"CONSUMER 2569","open_booking":false,"price":"852.50","registered_mobile":"+919812345671"}
    200 {"consumer":"75000005340700026","distributor":"GAS AGENCY 53","last_booking":"2026-12-01","name":"CONSUMER 3930","open_booking":true,"price":"827.75","registered_mobile":"+919812345678"}
    404 {"error":"not_found"}
    "#);
    let busy = consumer(&sand, "78").await;
    assert_snapshot!(sand.book(&busy, Some("k1")).await, @r#"409 {"booking":"BK61FE8148","error":"already_booked"}"#);
    assert_eq!(sand.sandbox.booked()[&busy].bookings, 0, "what they come with is not counted");
}

#[tokio::test]
async fn bookings_that_cannot_be() {
    let sand = Sand::new();
    let (one, two) = (consumer(&sand, "70").await, consumer(&sand, "71").await);
    assert_snapshot!(sand.book(&one, None).await, @r#"400 {"error":"no_key"}"#);
    assert_snapshot!(sand.book("75000000000000000", Some("k")).await, @r#"404 {"error":"not_found"}"#);
    assert_snapshot!(sand.book("", Some("k")).await, @r#"404 {"error":"not_found"}"#);
    sand.book(&one, Some("k")).await;
    assert_snapshot!(sand.book(&two, Some("k")).await, @r#"422 {"error":"key_reused"}"#);
    let damaged = HttpRequest { body: Some(("application/json", b"{".to_vec())), ..booking(&one, Some("k")) };
    assert_snapshot!(say(sand.transport.send(damaged, LONG).await), @r#"400 {"error":"bad_request"}"#);
    assert_snapshot!(sand.get("lpg", "/bookings/by-key/%zz").await, @r#"400 {"error":"bad_request"}"#);
}

#[tokio::test]
async fn mischief_on_virtual_time() {
    let sand = Sand::new();
    let path = "/members/by-mobile/9812345679";
    sand.misbehaves("epfo", "answers in 9s");
    assert_eq!(sand.get("epfo", path).await, r#"404 {"error":"not_found"}"#);
    assert_eq!(sand.clock.now(), TODAY.plus(Duration::from_secs(9)));
    let answer = sand.transport.send(request("epfo", path), Duration::from_secs(3)).await;
    assert_eq!(answer, Err(TransportError::Late));
    assert_eq!(sand.clock.now(), TODAY.plus(Duration::from_secs(12)));
    sand.misbehaves("epfo", "fails with 503");
    assert_eq!(sand.get("epfo", path).await, r#"503 {"error":"mischief"}"#);
    sand.misbehaves("epfo", "answers nonsense");
    assert!(sand.get("epfo", path).await.starts_with("200 <html>"));
    assert!(sand.get("mandi", "/commodities").await.starts_with("200 {"), "others are not touched");
    sand.misbehaves("epfo", "works");
    assert!(sand.get("epfo", path).await.starts_with("404 "));
    assert!(sand.sandbox.misbehave("rail", Mischief::Works).is_err());
    assert!(sand.get("rail", "/").await.contains("there is no sandbox department `rail`"));
}

#[tokio::test]
async fn work_is_done_though_its_answer_is_lost() {
    let sand = Sand::new();
    let consumer = consumer(&sand, "70").await;
    sand.misbehaves("lpg", "fails with 500");
    sand.book(&consumer, Some("k1")).await;
    assert_eq!(sand.sandbox.booked().get(&consumer), None);
    sand.misbehaves("lpg", "loses the answer");
    assert!(sand.book(&consumer, Some("k1")).await.contains("lost"));
    assert_eq!(sand.sandbox.booked()[&consumer].bookings, 1);
    sand.misbehaves("lpg", "works");
    assert!(sand.get("lpg", "/bookings/by-key/k1").await.starts_with("200 "));
}

/// The same over a socket: what `demo` serves.
#[tokio::test]
async fn over_http() {
    let sand = Sand::new();
    let consumer = consumer(&sand, "70").await;
    let app = router(Arc::clone(&sand.sandbox), Arc::clone(&sand.clock) as Arc<dyn Clock>);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let root = format!("http://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let at = |name: &str| (name.to_owned(), Address { url: format!("{root}/{name}"), headers: Vec::new() });
    let http = Http::new(["epfo", "mandi", "lpg", "sandbox"].map(at).into(), 100_000).expect("the addresses are ones");
    let get = async |department: &str, path: &str| say(http.send(request(department, path), LONG).await);
    let tell = async |department: &str, mischief: &str| {
        let body = Some(("text/plain", mischief.as_bytes().to_vec()));
        let path = format!("/{department}");
        say(http.send(HttpRequest { method: Method::Put, body, ..request("sandbox", &path) }, LONG).await)
    };

    for (department, path) in [
        ("epfo", "/members/by-mobile/9812345670"),
        ("epfo", "/members/by-mobile/9812345679"),
        ("mandi", "/prices?state=UP&district=%E0%A4%B2&commodity=wheat"),
        ("lpg", "/bookings/by-key/a%2Fb"),
    ] {
        assert_eq!(get(department, path).await, sand.get(department, path).await);
    }
    assert_eq!(get("sandbox", "/bookings").await, r#"200 {"bookings":0,"consumers":{},"posts":0}"#);
    assert_eq!(tell("lpg", "loses the answer").await, "204 ");
    let lost = http.send(booking(&consumer, Some("k1")), LONG).await;
    assert!(matches!(lost, Err(TransportError::Lost(_))), "{lost:?}");
    assert_eq!(tell("lpg", "works").await, "204 ");
    assert!(get("lpg", "/bookings/by-key/k1").await.starts_with("200 "));
    assert!(say(http.send(booking(&consumer, Some("k1")), LONG).await).starts_with("201 "));
    let counted =
        format!(r#"{{"bookings":1,"consumers":{{"{consumer}":{{"bookings":1,"keys":1,"posts":2}}}},"posts":2}}"#);
    assert_eq!(get("sandbox", "/bookings").await, format!("200 {counted}"));
    assert!(tell("lpg", "sulks").await.starts_with("400 "));
    assert!(tell("rail", "works").await.starts_with("404 "));
}

/// Of paths that mean something, and of some that do not.
const SEGMENTS: [&str; 10] =
    ["members", "by-mobile", "balance", "commodities", "prices", "consumers", "bookings", "by-key", "%", "%E0%A4"];

proptest! {
    /// The sandbox is no fortress, but no request may end it, however damaged.
    #[test]
    fn any_request_is_answered(
        segments in prop::collection::vec(prop::sample::select(SEGMENTS.to_vec()), 0..4),
        query in "(\\?[ -~]{0,20})?",
        number in "[0-9]{10,12}",
        body in prop::collection::vec(any::<u8>(), 0..60),
        key in prop::option::of("[ -~]{0,20}"),
        changes: bool,
    ) {
        let sandbox = Sandbox::default();
        for department in DEPARTMENTS {
            let path = segments.iter().fold(String::new(), |path, segment| path + "/" + segment);
            for path in [format!("{path}{query}"), format!("{path}/{number}"), format!("{path}?consumer={number}")] {
                let asked = Asked {
                    header: &|_| None,
                    method: if changes { Method::Post } else { Method::Get },
                    path: &path,
                    idempotency_key: key.as_deref(),
                    body: &body,
                    today: TODAY.day_in_india(),
                };
                let is_answered = matches!(sandbox.reply(department, &asked), Ok(Reply::Answer { .. }));
                prop_assert!(is_answered);
            }
        }
    }
}
