//! How often one number may call.

use gramsetu::gateway::Profile;

use crate::phones::{Phone, profile, wire};
use crate::server::{GATEWAYS, House};

/// What a phone that chose Hindi is told on this gateway.
fn too_many(profile: &Profile) -> &'static str {
    match profile.limits.units {
        Some(_) => "इस फ़ोन से बहुत बार डायल हुआ। थोड़ी देर में फिर करें।",
        None => "Is phone se bahut baar dial hua. Thodi der mein phir karein.",
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_calls_too_often_is_told_so_in_its_language() {
    const OFTEN: u128 = 200;

    let house = House::new("limits.number_burst = 6\nlimits.number_per_second = 1\n").await;
    let server = house.start().await;
    let wire = wire(&server);
    for (n, gateway) in (0..).zip(GATEWAYS) {
        let profile = profile(gateway);
        let number = format!("+91980000020{n}");
        let mut phone = Phone::new(&profile, &number, n);
        phone.dial(&wire, "*123#").await.expect("it is served");
        phone.answer(&wire, "6").await.expect("it is served");
        phone.answer(&wire, "2").await.expect("it is served");
        let mut told = None;
        for again in 0..OFTEN {
            let mut phone = Phone::new(&profile, &number, 1000 * (n + 1) + again);
            let shown = phone.dial(&wire, "*123#").await.expect("it is served");
            if !shown.more {
                told = Some(shown.text);
                break;
            }
        }
        assert_eq!(told.as_deref(), Some(too_many(&profile)), "{gateway}");

        let mut other = Phone::new(&profile, &format!("+91980000030{n}"), 500 + n);
        let shown = other.dial(&wire, "*123#").await.expect("it is served");
        assert!(shown.text.starts_with("Welcome."), "another number on {gateway}: {shown:?}");
    }
}
