//! What people text to the shipped menus.

use chrono::NaiveDate;
use gramsetu::channel::sms::{Heard, read};
use gramsetu::house::load;
use gramsetu::menu::Value;

/// The menu that answers, with what it takes, and the language of the answer.
#[test]
fn the_forms_that_people_know_are_understood() {
    let loaded = load::load(load::read(None).expect("the shipped menus"));
    let program = loaded.program.expect("they are right");
    let today = NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day");
    let said = |text: &str| match read(&program, text, today) {
        Heard::Keyword(found) => {
            let value = |value: &Option<Value>| match value {
                Some(Value::Text(text)) => text.clone(),
                other => format!("{other:?}"),
            };
            let mut all = vec![program.menu(program.keyword(found.keyword).run).name.clone()];
            all.extend(found.values.iter().map(value));
            all.extend(found.language.map(|id| program.language(id).code.clone()));
            all.join(" ")
        }
        other => format!("{other:?}"),
    };
    for (text, expected) in [
        ("EPFOHO UAN HIN", "epfo.by_sms None hi"),
        ("EPFOHO UAN ENG", "epfo.by_sms None en"),
        ("EPFOHO 104817602330 HIN", "epfo.by_sms 104817602330 hi"),
        ("Bal", "epfo.by_sms None"),
        ("pnr1234567890", "rail.by_sms 1234567890"),
        ("पीएनआर १२३४५६७८९०", "rail.by_sms 1234567890"),
        ("ECI ABC1234567", "voter.by_sms ABC1234567 None"),
        ("ECI ABC1234567 1", "voter.by_sms ABC1234567 1"),
        ("ECI UP/12/345/678901 0", "voter.by_sms UP/12/345/678901 0"),
        ("PDS 101", "ration.month_by_sms"),
        ("PDS102 HIN", "ration.shop_by_sms hi"),
        ("राशन", "ration.shop_by_sms"),
        ("पीडीएस 101", "ration.month_by_sms"),
        ("GVID 9123", "aadhaar.make_by_sms 9123"),
        ("rvid 1234 9123", "aadhaar.find_by_sms 12349123"),
        ("status k7m2q", "requests.by_sms K7M2Q"),
        ("STATUS", "requests.by_sms None"),
        ("स्थिति K7M2-Q HIN", "requests.by_sms K7M2-Q hi"),
        ("PAY STATUS CC016325BA6AAAIN11HM", "payments.by_sms CC016325BA6AAAIN11HM"),
        ("Pay status: fe41 5250 a1b2 c3d4 e5f6", "payments.by_sms FE415250A1B2C3D4E5F6"),
        ("बंद", "Command { command: Stop, header: None }"),
        ("Stop RLWAYS", "Command { command: Stop, header: Some(\"RLWAYS\") }"),
    ] {
        assert_eq!(said(text), expected, "{text}");
    }
    assert!(matches!(read(&program, "PNR 12345", today), Heard::WrongForm { .. }));
    // One of the two makes something, and they are one slip apart.
    assert_eq!(read(&program, "GVIDD 9123", today), Heard::Nothing);
    assert_eq!(read(&program, "RVIDD 9123", today), Heard::Nothing);
    assert_eq!(read(&program, "when is my train", today), Heard::Nothing);
    // Numbers as gateways write them.
    assert!(program.missed_call("+919718397183").is_some() && program.missed_call("09966044425").is_some());
}

/// Who pays for three segments where one would do pays for a million people.
#[test]
fn no_shipped_message_takes_more_segments_than_it_must() {
    let loaded = load::load(load::read(None).expect("the shipped menus"));
    let program = loaded.program.expect("they are right");
    for size in gramsetu::check::messages::sizes(&program) {
        let usual = size.on_routes.first().and_then(Option::as_ref).expect("UCS-2 carries everything");
        assert!(usual.segments <= 3, "{size:?}");
    }
}
