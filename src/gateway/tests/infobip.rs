use super::{profile, told};

fn send(method: &str, rest: &str, body: &str) -> String {
    told(&profile("infobip"), method, rest, "", body)
}

#[test]
fn the_path_names_the_dialogue_and_what_happens() {
    let body = |text: &str| {
        format!(
            r#"{{"msisdn":"919810000001","imsi":null,"text":{text},"shortCode":"*120*666#","language":null,"ussdGwId":"live2"}}"#
        )
    };
    let who = "of 8a1f by 919810000001 at *120*666#";
    assert_eq!(
        send("POST", "/session/8a1f/start", &body("\"*120*666*3#\"")),
        format!("first {who}: Dialled(\"*120*666*3#\")")
    );
    assert_eq!(send("POST", "/session/8a1f/start", &body("null")), format!("first {who}: Dialled(\"*120*666#\")"));
    assert_eq!(send("POST", "/session/8a1f/start", &body("\"hello\"")), format!("first {who}: Dialled(\"*120*666#\")"));
    assert_eq!(send("POST", "/session/8a1f/response", &body("\"1\"")), format!("later {who}: Last(\"1\")"));
    assert_eq!(send("PUT", "/session/8a1f/end", r#"{"exitCode":612,"reason":"abort"}"#), "ended of 8a1f by no number");
    assert_eq!(send("GET", "/session/8a1f/status", ""), "status of 8a1f");
    assert_eq!(send("GET", "/session/8a1f/status/", ""), "status of 8a1f");
}

#[test]
fn the_short_code_may_be_missing_and_the_number_after_the_first_callback() {
    let start = r#"{"msisdn":919810000001,"text":"hello"}"#;
    assert_eq!(send("POST", "/session/8a1f/start", start), "first of 8a1f by 919810000001: Dialled(\"hello\")");
    assert_eq!(send("POST", "/session/8a1f/response", r#"{"text":"1"}"#), "later of 8a1f by no number: Last(\"1\")");
    assert_eq!(send("POST", "/session/8a1f/start", r#"{"text":"1"}"#), "missing: the field `msisdn` is missing");
    assert_eq!(send("POST", "/session/8a1f/response", "{}"), "missing: the field `text` is missing");
}

#[test]
fn verbs_and_paths_are_exact() {
    let path = "path: there is no callback of this protocol at this path";
    assert_eq!(send("POST", "/session/8a1f/end", "{}"), "method: POST is not the verb of this callback");
    assert_eq!(send("POST", "/session/8a1f", "{}"), path);
    assert_eq!(send("POST", "/session//start", "{}"), path);
    assert_eq!(send("POST", "/session/8a1f/start/now", "{}"), path);
    assert_eq!(send("POST", "/session/8a\n1f/start", "{}"), path);
    assert_eq!(send("POST", "/session/8a%0A1f/start", "{}"), path);
    assert_eq!(send("POST", "/session/8a%FF1f/start", "{}"), path);
    assert_eq!(send("POST", "/session/8a%4/start", "{}"), path);
    assert_eq!(send("POST", "/session/8a%2F1f/%73tart", "{}"), "missing: the field `msisdn` is missing");
    let long = format!("/session/{}/start", "8".repeat(500));
    assert_eq!(
        send("POST", &long, r#"{"msisdn":"919810000001"}"#),
        "too_long: the field `id` is longer than 128 bytes"
    );
}

#[test]
fn an_empty_body_is_no_probe_below_a_dialogues_path() {
    assert_eq!(send("POST", "/session/8a1f/start", ""), "missing: the field `msisdn` is missing");
    assert_eq!(send("POST", "/session/8a1f/response", " "), "missing: the field `text` is missing");
    assert_eq!(send("PUT", "/session/8a1f/end", ""), "ended of 8a1f by no number");
    assert_eq!(send("PUT", "/session/8a1f/end", "bye"), "body: the body is not a JSON object");
}
