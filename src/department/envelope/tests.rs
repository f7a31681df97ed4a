use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::department::build;
use crate::department::testing::{call, filled, get, program, value};
use crate::menu::{Filled, Format, Value};

const TRACKER: &str = "UW-aB20210501120000";

fn pds() -> Envelope {
    Envelope {
        deptid: "12".to_owned(),
        srvid: "345".to_owned(),
        tenantid: "t".to_owned(),
        tkn: "zq-token".into(),
        ..Envelope::default()
    }
}

fn post(members: &[(&str, &str)]) -> Operation {
    let members = members.iter().map(|(name, text)| ((*name).to_owned(), JsonBody::Text(filled(text, &["a", "b"]))));
    let body = Body::Json(JsonBody::Object(members.collect()));
    Operation { method: Method::Post, body, ..get("/onorcApi/ws1/card", &["a", "b"], Vec::new()) }
}

fn wrapped(operation: Operation, give: Vec<Option<Value>>) -> HttpRequest {
    assert_eq!(Envelope::suits(&operation), Ok(()));
    pds().wrap(build(&program(vec![operation]), &call(give), Some("key-1")).expect("the path is fixed"), TRACKER)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn whole(request: &HttpRequest) -> String {
    let headers: Vec<_> = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let headers = headers.join("\n");
    let (kind, body) = request.body.as_ref().expect("a wrapped request has a body");
    let fields = text(body).replace("\",\"", "\",\n \"");
    format!("{:?} {}\n{headers}\n{kind}\n\n{fields}", request.method, request.path)
}

#[test]
fn a_whole_request_in_its_envelope() {
    let operation = post(&[("card", "{a}"), ("amount", "{b}")]);
    let request = wrapped(operation, vec![value("12\"34"), Some(Value::Amount(85_250))]);
    assert_snapshot!(whole(&request));
    assert!(!format!("{request:?} {:?}", pds()).contains("zq-"));
}

#[test]
fn what_is_shared_is_the_operation_s_own_and_nothing_is_enough() {
    let near = wrapped(post(&[("lat", "{a}"), ("lon", "{b}")]), vec![value("26.8"), value("80.9")]);
    let body = text(&near.body.expect("a body").1);
    assert!(
        body.ends_with(r#","deptid":"12","lat":"26.8","lon":"80.9"}"#) && body.matches("\"lat\"").count() == 1,
        "{body}"
    );
    let bare = Operation { body: Body::None, ..post(&[]) };
    for nothing in [bare, post(&[]), post(&[("a", "{a}")])] {
        let body = wrapped(nothing, vec![None, None]).body.expect("a body").1;
        let body: Map<String, Json> = serde_json::from_slice(&body).expect("it is an object");
        assert_eq!(body.len(), FIELDS.len());
    }
}

#[test]
fn operations_that_do_not_fit_are_told_why() {
    let unfit = |operation: Operation| Envelope::suits(&operation).expect_err("it does not fit").to_string();
    let asked = get("/card?number={a}", &["a"], Vec::new());
    let form = Operation { body: Body::Form(vec![("a".to_owned(), Filled::default())]), ..post(&[]) };
    let said = [
        unfit(asked),
        unfit(form),
        unfit(Operation { answers: Format::Xml, ..post(&[]) }),
        unfit(post(&[("card", "{a}"), ("srvid", "{b}")])),
    ];
    assert_snapshot!(said.join("\n"), @r"
    it takes `post` only
    what is sent is a map under `json`
    answers are JSON
    `srvid` is a field of the envelope itself
    ");
}

/// Status, what operations see, and whether it is no answer.
fn opened(status: u16, body: &str) -> String {
    let Opened { answer, failed } = Envelope::open(HttpAnswer { status, body: body.as_bytes().to_vec() });
    format!("{} {}{}", answer.status, text(&answer.body), if failed { " failed" } else { "" })
}

#[test]
fn an_answer_is_its_payload() {
    assert_eq!(opened(200, r#"{"rs":"S","rc":"200","rd":"Success","pd":{"card":"1"}}"#), r#"200 {"card":"1"}"#);
    assert_eq!(opened(200, r#"{"rs":"S","rc":"API0065","pd":[]}"#), "200 []");
    assert_eq!(opened(200, r#"{"pd":{"card":"1"}}"#), r#"200 {"card":"1"}"#);
}

#[test]
fn a_failure_keeps_what_names_it_and_is_no_answer() {
    let failure = r#"{"rs":"F","rc":"SLF0005","rd":"Authentication failed. Please try again","pd":null}"#;
    assert_eq!(opened(200, failure), format!("200 {failure} failed"));
    assert_eq!(opened(200, r#"{"rs":"F","rc":"X","pd":{"why":"none"}}"#), r#"200 {"why":"none"} failed"#);
    assert_eq!(opened(200, r#"{"rs":"F","rc":404,"pd":{"error":"none"}}"#), r#"404 {"error":"none"}"#);
    assert_eq!(opened(200, r#"{"rc":"503"}"#), r#"503 {"rc":"503"}"#);
    assert_eq!(opened(200, r#"{"rs":"S","rc":"200"}"#), r#"200 {"rs":"S","rc":"200"} failed"#);
    assert_eq!(opened(200, "<html>"), "200 <html> failed");
    assert_eq!(opened(403, r#"{"message":"Forbidden"}"#), r#"403 {"message":"Forbidden"}"#);
    assert_eq!(opened(504, r#"{"rs":"S","rc":"200","pd":{}}"#), "504 {}");
}

#[test]
fn trackers_have_their_shape() {
    // 2021-05-01 12:00:00 UTC.
    assert_eq!(tracker(Timestamp(1_619_870_400_000), 26), TRACKER);
    assert_eq!(tracker(Timestamp(1_619_870_400_000), 27), "UW-bB20210501120000");
}

/// A request as a stand-in gets it.
fn arrives(request: &HttpRequest) -> Result<String, OpenError> {
    let header = |name: &str| request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    let body = request.body.as_ref().map_or(&[][..], |(_, bytes)| bytes);
    open_request(request.method, header, body).map(|own| own.json())
}

#[test]
fn a_stand_in_is_strict() {
    let good = || wrapped(post(&[("card", "{a}")]), vec![value("1"), None]);
    assert_eq!(arrives(&good()).as_deref(), Ok(r#"{"card":"1","lac":"","lang":"en","lat":"","lon":""}"#));
    assert_eq!(arrives(&HttpRequest { method: Method::Put, ..good() }), Err(OpenError::Method));
    assert_eq!(arrives(&HttpRequest { body: None, ..good() }), Err(OpenError::Body));
    for header in IDS.into_iter().chain([TENANT]) {
        let mut request = good();
        request.headers.retain(|(name, _)| *name != header);
        assert_eq!(arrives(&request), Err(OpenError::Header(header)));
    }
    for field in FIELDS.into_iter().filter(|field| !SHARED.contains(field)) {
        let mut request = good();
        let mut body: Map<String, Json> = serde_json::from_slice(&request.body.expect("a body").1).expect("JSON");
        body.remove(field);
        request.body = Some(("application/json", Json::Object(body).to_string().into_bytes()));
        assert_eq!(arrives(&request), Err(OpenError::Field(field)));
    }
    let unnamed = Envelope { srvid: String::new(), ..pds() };
    let request = build(&program(vec![post(&[])]), &call(Vec::new()), None).expect("the path is fixed");
    assert_eq!(arrives(&unnamed.wrap(request.clone(), TRACKER)), Err(OpenError::Empty("srvid")));
    assert_eq!(arrives(&pds().wrap(request.clone(), "UW-20210501")), Err(OpenError::Tracker));
    let mut other = pds().wrap(request, TRACKER);
    other.headers.iter_mut().for_each(|(_, value)| *value = "9".to_owned());
    assert_eq!(arrives(&other), Err(OpenError::Differs("deptid")));
}

proptest! {
    /// What a stand-in says is what operations see, whatever its status but those that no service gives.
    #[test]
    fn an_answer_comes_out_as_it_went_in(status in prop_oneof![200..300_u16, 400..600_u16], payload in "\\PC{0,20}") {
        let body = Json::from(payload).to_string().into_bytes();
        let answer = HttpAnswer { status, body };
        prop_assert_eq!(Envelope::open(wrap_answer(answer.clone())), Opened { answer, failed: false });
    }

    #[test]
    fn any_value_arrives(typed in any::<String>()) {
        let own = arrives(&wrapped(post(&[("card", "{a}")]), vec![value(&typed), None])).expect("it is in its envelope");
        let own: Json = serde_json::from_str(&own).expect("JSON");
        prop_assert_eq!(own.get("card").and_then(Json::as_str), Some(typed.as_str()));
    }

    #[test]
    fn any_bytes_are_opened(status in any::<u16>(), body in proptest::collection::vec(any::<u8>(), 0..200), text in "[{}\":,a-z0-9]{0,40}") {
        let _ = Envelope::open(HttpAnswer { status, body: body.clone() });
        let _ = Envelope::open(HttpAnswer { status, body: format!("{{\"rs\":{text},\"pd\":{text}}}").into_bytes() });
        let _ = open_request(Method::Post, |_| Some("1"), &body);
    }
}
