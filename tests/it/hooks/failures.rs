//! What fails behind a hook reaches a citizen as a page in their language.

use std::time::Duration;

use gramsetu::department::sandbox::Mischief;
use gramsetu::gateway::Profile;

use crate::phones::{Phone, profile, wire};
use crate::server::{GATEWAYS, House};
use crate::stage::{Behaves, Stage};

/// Sorry and busy, as a phone that chose Hindi hears them.
fn in_hindi(profile: &Profile) -> (&'static str, &'static str) {
    match profile.limits.units {
        Some(_) => ("माफ़ करें, यह सेवा अभी बंद है। बाद में फिर करें।", "अभी बहुत लोग लाइन पर हैं। थोड़ी देर में फिर डायल करें।"),
        None => (
            "Maaf karein, yeh seva abhi band hai. Baad mein phir karein.",
            "Abhi bahut log line par hain. Thodi der mein phir dial karein.",
        ),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_fails_is_a_page_in_the_citizens_language() {
    let stage = Stage::new().await;
    let wire = stage.wire();
    for (n, gateway) in (0..).zip(GATEWAYS) {
        let profile = profile(gateway);
        let (sorry, busy) = in_hindi(&profile);
        for (m, behaves, expected) in [
            (0, Behaves::CommitsFail, sorry),
            (1, Behaves::Fails, sorry),
            (2, Behaves::IsFull, busy),
            (3, Behaves::Panics, sorry),
        ] {
            let leg = 10 * n + m;
            let mut phone = Phone::new(&profile, &format!("+9198000004{leg:02}"), leg);
            stage.store(Behaves::Works);
            for answer in ["", "6", "2"] {
                let shown = match answer {
                    "" => phone.dial(&wire, "*123#").await,
                    answer => phone.answer(&wire, answer).await,
                };
                assert!(shown.expect("it is served").more);
            }
            stage.store(behaves);
            let shown = phone.answer(&wire, "3").await.expect("it is served");
            assert_eq!(shown.text, expected, "{gateway} {behaves:?}");
            assert!(!shown.more, "{gateway} {behaves:?}");

            // A turn that failed changed nothing: when the gateway sends it again, it is served.
            stage.store(Behaves::Works);
            let shown = phone.repeat(&wire).await;
            assert!(shown.text.contains("XX"), "the gas connection on {gateway} after {behaves:?}: {shown:?}");
        }
    }
    let metrics = stage.site.bridge.meters().page();
    for outcome in ["failed", "busy", "defect"] {
        for gateway in GATEWAYS {
            let line = format!("gramsetu_turns_total{{gateway=\"{gateway}\",channel=\"ussd\",outcome=\"{outcome}\"}}");
            assert!(metrics.contains(&line), "{line} is not in\n{metrics}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_department_that_fails_is_a_page_too() {
    let patient = "departments.epfo.breaks_after = 1000\n";
    let house = House::new(patient).await;
    let server = house.start().await;
    let wire = wire(&server);
    let mischief = [
        Mischief::FailsWith(503),
        Mischief::LosesTheAnswer,
        Mischief::AnswersNonsense,
        Mischief::AnswersIn(Duration::from_secs(20)),
        Mischief::FailsWith(404),
    ];
    for (m, mischief) in (0..).zip(mischief) {
        let expected = match mischief {
            Mischief::FailsWith(404) => "This mobile number is not linked to any PF account.",
            _ => "The PF office is not answering now. Please try again later.",
        };
        house.sandbox.misbehave("epfo", mischief.clone()).expect("it is one");
        let mut asking = tokio::task::JoinSet::new();
        for (n, gateway) in (0..).zip(GATEWAYS) {
            let (wire, mischief) = (wire.clone(), mischief.clone());
            asking.spawn(async move {
                let leg = 10 * m + n;
                let mut phone = Phone::new(&profile(gateway), &format!("+919800005{leg:02}0"), leg);
                phone.dial(&wire, "*123#").await.expect("it is served");
                let shown = phone.answer(&wire, "1").await.expect("it is served");
                assert!(shown.text.starts_with(expected) && !shown.more, "{gateway} {mischief:?}: {shown:?}");
            });
        }
        asking.join_all().await;
    }
}
