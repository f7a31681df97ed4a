use super::{profile, told};

const WHO: &str = "sessionId=ATUid_0f3c2a9be7d14f60a1b2c3d4e5f60718&serviceCode=*384*1234%23&networkCode=63902";

fn turn(rest: &str) -> String {
    told(&profile("africastalking"), "POST", "", "", &format!("{WHO}&{rest}"))
}

fn event(rest: &str) -> String {
    told(&profile("africastalking"), "POST", "/end", "", &format!("{WHO}&{rest}"))
}

const LEG: &str = "ATUid_0f3c2a9be7d14f60a1b2c3d4e5f60718";

#[test]
fn the_history_is_empty_at_first_and_grows() {
    let told = |history: &str| format!("turn of {LEG} by 254711000111 at *384*1234#: History({history:?})");
    assert_eq!(turn("phoneNumber=%2B254711000111&text="), told(""));
    assert_eq!(turn("phoneNumber=%2B254711000111&text=1"), told("1"));
    assert_eq!(turn("phoneNumber=%2B254711000111&text=1*Nai+ro*%E0%A4%95"), told("1*Nai ro*क"));
}

#[test]
fn a_plus_that_became_a_space_is_a_plus() {
    let there = format!("turn of {LEG} by 254711000111 at *384*1234#: History(\"\")");
    for number in ["+254711000111", "254711000111", "0711000111", "711000111", "%20254711000111"] {
        assert_eq!(turn(&format!("phoneNumber={number}&text=")), there, "{number}");
    }
}

#[test]
fn names_count_whatever_their_case() {
    let body = "SESSIONID=s1&PhoneNumber=254711000111&TEXT=2";
    assert_eq!(told(&profile("africastalking"), "post", "", "", body), "turn of s1 by 254711000111: History(\"2\")");
}

#[test]
fn events_end_the_dialogue_and_are_never_refused_for_their_status() {
    let with = "phoneNumber=%2B254711000111&durationInMillis=8200&hopsCount=3&input=1*2&lastAppResponse=CON+x&status=";
    assert_eq!(event(&format!("{with}Success")), format!("ended of {LEG} by 254711000111"));
    assert_eq!(event(&format!("{with}Incomplete")), format!("aborted of {LEG} by 254711000111"));
    assert_eq!(event(&format!("{with}Failed&errorMessage=timeout")), format!("failed of {LEG} by 254711000111"));
    assert_eq!(event(&format!("{with}Wondrous")), format!("ended of {LEG} by 254711000111"));
    assert_eq!(event("phoneNumber=withheld"), format!("ended of {LEG} by no number"));
    // The same address may be given for both.
    assert_eq!(turn(&format!("{with}Success")), format!("ended of {LEG} by 254711000111"));
}

#[test]
fn what_is_missing_repeated_or_wrong_is_named() {
    assert_eq!(turn("phoneNumber=254711000111"), "missing: the field `text` is missing");
    assert_eq!(turn("phoneNumber=null&text="), "missing: the field `phonenumber` is missing");
    assert_eq!(turn("phoneNumber=12&text="), "value: the field `phonenumber` does not hold a telephone number");
    let twice = "phoneNumber=254711000111&text=1&text";
    assert_eq!(turn(&format!("{twice}=2")), "repeated: the field `text` comes more than once with different values");
    assert!(turn(&format!("{twice}=1")).ends_with("History(\"1\")"));
    assert_eq!(turn("phoneNumber=254711000111&text=%ff%fe"), "value: the field `text` does not hold UTF-8 text");
    let long = format!("phoneNumber=254711000111&text={}", "1*".repeat(3000));
    assert_eq!(turn(&long), "too_long: the field `text` is longer than 4096 bytes");
    // What nobody reads may be what it likes.
    assert!(turn("phoneNumber=254711000111&text=&x=%ff&networkCode=63907").ends_with("History(\"\")"));
}
