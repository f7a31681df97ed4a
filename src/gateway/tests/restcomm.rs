use super::{acknowledged, profile, receive, replied, told};
use crate::gateway::{Reply, encode};

fn dialog(attributes: &str, inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<dialog appCntx=\"networkUnstructuredSsContext_version2\" networkId=\"0\" \
         localId=\"12\" remoteId=\"13\" {attributes}>\n  <localAddress pc=\"1\" ssn=\"8\"><ai value=\"67\"/></localAddress>\n  \
         <errComponents/>\n  {inner}\n</dialog>"
    )
}

fn first(text: &str) -> String {
    let inner = format!(
        "<processUnstructuredSSRequest_Request invokeId=\"0\" dataCodingScheme=\"15\" string=\"{text}\">\
         <msisdn nai=\"international_number\" npi=\"ISDN\" number=\"919810000111\"/></processUnstructuredSSRequest_Request>"
    );
    dialog("type=\"Begin\" mapMessagesSize=\"1\"", &inner)
}

fn answer(text: &str) -> String {
    let inner = format!("<unstructuredSSRequest_Response invokeId=\"1\" dataCodingScheme=\"15\" string=\"{text}\"/>");
    dialog("type=\"Continue\" mapMessagesSize=\"1\" userObject=\"919810000111\"", &inner)
}

fn post(body: &str) -> String {
    told(&profile("restcomm"), "POST", "", "", body)
}

#[test]
fn the_message_says_whether_it_is_the_first() {
    assert_eq!(post(&first("*166*2#")), "first of 12 by 919810000111: Dialled(\"*166*2#\")");
    assert_eq!(post(&answer("2")), "later of 12 by 919810000111: Last(\"2\")");
    assert_eq!(post(&answer("")), "later of 12 by 919810000111: Last(\"\")");
    assert_eq!(post(&answer("1 &lt; &#50;")), "later of 12 by 919810000111: Last(\"1 < 2\")");
}

#[test]
fn an_answer_that_comes_without_our_object_is_known_by_its_id() {
    let bare = answer("2").replace("userObject=\"919810000111\"", "");
    assert_eq!(post(&bare), "later of 12 by no number: Last(\"2\")");
    // A first message without the number is not believed to be one: whose it is nobody knows.
    let unknown = first("*166#").replace("number=\"919810000111\"", "");
    assert_eq!(post(&unknown), "turn of 12 by no number: Last(\"*166#\")");
}

#[test]
fn what_ended_the_dialogue_stands_in_attributes() {
    let ended = |attributes: &str| post(&dialog(&format!("type=\"Unknown\" mapMessagesSize=\"0\" {attributes}"), ""));
    assert_eq!(ended("mapUserAbortChoice=\"isUserSpecificReason\""), "aborted of 12 by no number");
    assert_eq!(ended("mapAbortProviderReason=\"InvalidPDU\""), "aborted of 12 by no number");
    assert_eq!(ended("mapRefuseReason=\"NoReasonGiven\""), "failed of 12 by no number");
    assert_eq!(ended("dialogTimedOut=\"true\" userObject=\"919810000111\""), "timed_out of 12 by 919810000111");
    assert_eq!(ended("invokeTimedOut=\"true\""), "timed_out of 12 by no number");
    let refused =
        "<errComponents><errorComponent type=\"MAPErrorMessageAbsentSubscriberSM\" errorCode=\"6\"/></errComponents>";
    assert_eq!(post(&dialog("type=\"End\"", "").replace("<errComponents/>", refused)), "failed of 12 by no number");
    assert!(ended("").starts_with("missing: "), "{}", ended(""));
    let told = acknowledged(&profile("restcomm"), "POST", "", &dialog("dialogTimedOut=\"true\"", ""));
    assert_eq!(told, "");
    // Only what is true ended it.
    let goes_on = answer("2").replace("type=\"Continue\"", "dialogTimedOut=\"false\" invokeTimedOut=\"false\"");
    assert_eq!(post(&goes_on), "later of 12 by 919810000111: Last(\"2\")");
}

#[test]
fn control_characters_and_latin_1_are_mended() {
    let latin_1: Vec<u8> =
        answer("caf\u{e9}\u{18}").chars().map(|c| u8::try_from(u32::from(c)).expect("latin-1")).collect();
    let received = receive(&profile("restcomm"), "POST", "", "", &latin_1).expect("a turn");
    let told = format!("{:?}", received.callback);
    assert!(told.contains("Last(\"caf\u{e9}\")"), "{told}");
}

#[test]
fn replies_are_attributes_in_which_line_breaks_stay() {
    let end = |text: &str| {
        format!(
            "<dialog mapMessagesSize=\"1\" prearrangedEnd=\"false\"><processUnstructuredSSRequest_Response invokeId=\"0\" \
             dataCodingScheme=\"15\" string=\"{text}\"/></dialog>"
        )
    };
    let more = "<dialog mapMessagesSize=\"1\" userObject=\"919810000111\"><unstructuredSSRequest_Request dataCodingScheme=\"15\" \
                string=\"Menu&#10;1. &quot;A&amp;B&quot; | &lt;C&gt;\"/></dialog>";
    let expected = [more.to_owned(), end("Thanks | 1&#10;2"), end("Sorry")];
    assert_eq!(replied(&profile("restcomm"), "POST", "", &first("*166#")), expected);
    assert_eq!(replied(&profile("restcomm"), "POST", "", &answer("1")), expected);
}

#[test]
fn other_letters_need_the_other_coding() {
    let page = Reply::Page { text: "गेहूं\n1", more: false };
    let body = encode(&profile("restcomm"), &[], page).body;
    let body = String::from_utf8(body).expect("UTF-8");
    assert!(body.contains("dataCodingScheme=\"72\" string=\"गेहूं&#10;1\""), "{body}");
}
