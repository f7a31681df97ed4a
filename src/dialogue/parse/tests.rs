//! Lines, read and written.

use proptest::prelude::*;

use super::*;

#[test]
fn a_file_holds_dialogues_with_titles() {
    let text =
        "A member asks\n\ndial *123# from +919812345670\n< Welcome\n> 1\nend\n---\nAnother\nredial\nwait 2m\nhang up\n";
    let dialogues = parse(text).expect("it reads");
    assert_eq!(dialogues.len(), 2);
    assert_eq!(dialogues[0].title, "A member asks");
    assert_eq!(dialogues[0].lines[0].number, 3);
    assert_eq!(dialogues[0].lines[2].action, Action::Answer("1".to_owned()));
    let second: Vec<_> = dialogues[1].lines.iter().map(|line| line.action.clone()).collect();
    assert_eq!(second, [Action::Redial, Action::Wait(Duration::from_mins(2)), Action::HangUp]);
}

#[test]
fn an_answer_may_be_empty_and_a_department_do_anything() {
    let dialogues = parse("Title\n>\ndepartment lpg loses the answer\n").expect("it reads");
    assert_eq!(dialogues[0].lines[0].action, Action::Answer(String::new()));
    let does = "loses the answer".to_owned();
    assert_eq!(dialogues[0].lines[1].action, Action::Department { name: "lpg".to_owned(), does });
}

#[test]
fn what_is_not_understood_is_named_with_its_line() {
    for (text, number) in [("T\n\npress 1\n", 3), ("T\nwait long\n", 2), ("T\ndial\n", 2), ("T\ndepartment epfo\n", 2)]
    {
        assert_eq!(parse(text).expect_err(text).number, number);
    }
}

#[test]
fn messages_calls_and_payments_are_written_as_they_are_said() {
    let caller = || Some("+919812345670".to_owned());
    for (line, expected) in [
        (
            "sms PNR 1234567890 to 139",
            Action::Sms { text: "PNR 1234567890".to_owned(), to: "139".to_owned(), from: None },
        ),
        (
            "sms I go to school to 139 from +919812345670",
            Action::Sms { text: "I go to school".to_owned(), to: "139".to_owned(), from: caller() },
        ),
        ("sms: Your OTP is {otp}", Action::Message("Your OTP is {otp}".to_owned())),
        ("sms:", Action::Message(String::new())),
        ("no sms", Action::NoMessage),
        (
            "missed call to 9718397183 from +919812345670",
            Action::MissedCall { to: "9718397183".to_owned(), from: caller() },
        ),
        ("aggregator is busy", Action::Aggregator("is busy".to_owned())),
        ("aggregator takes registered texts", Action::FreeText(false)),
        ("aggregator takes any text", Action::FreeText(true)),
    ] {
        assert_eq!(action(line).as_ref(), Ok(&expected), "{line}");
        assert_eq!(expected.to_string(), line);
    }
}

#[test]
fn a_line_about_messages_that_is_not_whole_says_what_it_lacks() {
    for (line, says) in [
        ("sms PNR 1234567890", "where it goes"),
        ("sms  to 139", "where it goes"),
        ("sms PNR to  from 1", "where it goes"),
        ("missed call", "the number that rings"),
        ("missed bus to 139", "the number that rings"),
        ("no call", "`no sms`"),
        ("aggregator", "what it does"),
        ("payment due", "`paid`, `failed` or `reversed`"),
    ] {
        assert!(action(line).is_err_and(|why| why.contains(says)), "{line}");
    }
}

/// Lines as they are written, with slips, among lines of anything.
fn any_line() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "dial",
        "redial",
        ">",
        "<",
        "wait",
        "hang",
        "up",
        "language",
        "gateway",
        "department",
        "end",
        "---",
        "from",
        "*123#",
        "40s",
        "99999999999999999999d",
        "7m",
        "s",
        "hi",
        "epfo",
        "answers in 9s",
        "sms",
        "sms:",
        "PNR 1234567890",
        "{otp}",
        "to",
        "139",
        "no",
        "missed",
        "call",
        "withheld",
        "payment",
        "paid",
        "450.00",
        "0.7",
        "for",
        "as",
        "CC016325BA6AAAIN11HM",
        "aggregator",
        "takes any text",
        "loses the answer",
        "",
    ]);
    let words = |most| prop::collection::vec(word.clone(), 0..most).prop_map(|words| words.join(" "));
    // Whole ones, with whatever may stand in their places.
    let sms = (words(4), words(2), words(2)).prop_map(|(text, to, from)| format!("sms {text} to {to} from {from}"));
    let call = (words(2), words(2)).prop_map(|(to, from)| format!("missed call to {to} from {from}"));
    let state = prop::sample::select(vec!["paid", "failed", "reversed"]);
    let payment =
        (state, 0..1_000_000_u32, words(4), words(3), words(2)).prop_map(|(state, paise, biller, account, id)| {
            format!("payment {state} {}.{:02} to {biller} for {account} as {id}", paise / 100, paise % 100)
        });
    prop_oneof![3 => words(11), 1 => sms, 1 => call, 1 => payment, 1 => any::<String>()]
}

proptest! {
    #[test]
    fn anything_is_read_or_refused_with_its_line(lines in prop::collection::vec(any_line(), 0..12)) {
        let text = lines.join("\n");
        match parse(&text) {
            Ok(dialogues) => prop_assert!(dialogues.iter().all(|dialogue| !dialogue.title.is_empty())),
            Err(error) => prop_assert!((1..=text.lines().count()).contains(&error.number)),
        }
    }

    #[test]
    fn what_is_written_is_read_back(line in any_line()) {
        if let Ok(read) = action(line.trim_end()) {
            prop_assert_eq!(action(&read.to_string()), Ok(read));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&String::from_utf8_lossy(&bytes));
    }
}
