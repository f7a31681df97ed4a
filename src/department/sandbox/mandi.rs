//! Market prices of a district: rupees per quintal, in rows whose spelling differs as it does between real markets.
//!
//! Every state and district is known. `saffron` is never traded, `onion` has one row and `potato` the most; the others have
//! from one to that many, by district.

use chrono::{Days, NaiveDate};
use serde_json::{Value as Json, json};

use super::SandboxAnswer;
use super::grain::draw;
use super::question::Question;
use crate::menu::Method;

/// The most rows of one answer.
const MOST_ROWS: u64 = 20;

struct Commodity {
    code: &'static str,
    name: &'static str,
    name_hi: &'static str,
    /// Rupees per quintal, about which prices are drawn.
    price: u64,
    varieties: [&'static str; 3],
}

const fn commodity(
    code: &'static str,
    name: &'static str,
    name_hi: &'static str,
    price: u64,
    varieties: [&'static str; 3],
) -> Commodity {
    Commodity { code, name, name_hi, price, varieties }
}

const COMMODITIES: [Commodity; 12] = [
    commodity("wheat", "Wheat", "गेहूँ", 2400, ["Dara", "Lokwan", "शरबती"]),
    commodity("paddy", "Paddy", "धान", 2200, ["Common", "Basmati", "मोटा"]),
    commodity("maize", "Maize", "मक्का", 2100, ["Yellow", "Hybrid", "देसी"]),
    commodity("bajra", "Bajra", "बाजरा", 2350, ["Hybrid", "Local", "देसी"]),
    commodity("mustard", "Mustard", "सरसों", 5600, ["Black", "Yellow", "लाही"]),
    commodity("gram", "Gram", "चना", 5400, ["Desi", "Kabuli", "काला"]),
    commodity("arhar", "Arhar (Tur)", "अरहर", 7200, ["Local", "777", "देसी"]),
    commodity("soyabean", "Soyabean", "सोयाबीन", 4500, ["Yellow", "Black", "पीला"]),
    commodity("potato", "Potato", "आलू", 1200, ["Desi", "Chandramukhi", "लाल"]),
    commodity("onion", "Onion", "प्याज", 1900, ["Nasik", "Red", "लाल"]),
    commodity("tomato", "Tomato", "टमाटर", 1600, ["Hybrid", "Local", "देसी"]),
    commodity("saffron", "Saffron", "केसर", 30_000_000, ["Mongra", "Lacha", "मोगरा"]),
];

/// Any district may have one of each.
const MARKETS: [&str; 20] = [
    "नवीन मंडी",
    "Sadar Bazaar",
    "कृषि उपज मंडी",
    "Station Road",
    "पुरानी मंडी",
    "Mandi Samiti",
    "सदर मंडी",
    "Grain Market",
    "रेलवे गंज",
    "Naya Ganj",
    "सब्जी मंडी",
    "Kisan Bazaar",
    "हाट बाज़ार",
    "Block Market",
    "तहसील मंडी",
    "Ring Road Yard",
    "गल्ला मंडी",
    "Bypass Yard",
    "किसान मंडी",
    "Canal Road",
];

pub(super) fn answer(question: &Question) -> SandboxAnswer {
    match (question.method, question.path().as_slice()) {
        (Method::Get, ["commodities"]) => SandboxAnswer::ok(json!({ "commodities": commodities() })),
        (Method::Get, ["prices"]) => prices(question),
        _ => SandboxAnswer::not_found(),
    }
}

fn commodities() -> Vec<Json> {
    let row = |c: &Commodity| json!({"code": c.code, "name": c.name, "name_hi": c.name_hi});
    COMMODITIES.iter().map(row).collect()
}

fn prices(question: &Question) -> SandboxAnswer {
    let given = (question.query("state"), question.query("district"), question.query("commodity"));
    let (Some(state), Some(district), Some(code)) = given else { return SandboxAnswer::error(400, "bad_request") };
    let date = match question.query("date").map(str::parse::<NaiveDate>) {
        None => question.today,
        Some(Ok(date)) => date,
        Some(Err(_)) => return SandboxAnswer::error(400, "bad_request"),
    };
    let Some(commodity) = COMMODITIES.iter().find(|commodity| commodity.code.eq_ignore_ascii_case(code)) else {
        return SandboxAnswer::error(404, "unknown_commodity");
    };
    let place = format!("{}/{}", state.to_lowercase(), district.to_lowercase());
    let rows = match commodity.code {
        "saffron" => 0,
        "onion" => 1,
        "potato" => MOST_ROWS,
        code => 1 + draw(&["rows", &place, code], MOST_ROWS),
    };
    let rows: Vec<_> = (0..rows).map(|at| row(commodity, &place, at, date)).collect();
    SandboxAnswer::ok(json!({
        "state": state,
        "district": district,
        "commodity": commodity.code,
        "date": date.to_string(),
        "prices": rows,
    }))
}

/// One market's row. Even rows give numbers and ISO dates, odd ones texts and days first.
fn row(commodity: &Commodity, place: &str, at: u64, date: NaiveDate) -> Json {
    let row = at.to_string();
    let any = |what: &str, below: u64| draw(&[what, place, commodity.code, &row], below);
    let market = MARKETS.iter().cycle().nth(index(draw(&["market", place], MOST_ROWS) + at));
    let variety = commodity.varieties.iter().cycle().nth(index(any("variety", 3)));
    let tenth = commodity.price / 10;
    let modal = commodity.price - tenth + any("modal", 2 * tenth);
    let (min, max) = (modal - any("min", tenth), modal + any("max", tenth));
    let day = date.checked_sub_days(Days::new(any("day", 3))).unwrap_or(date);
    let plain = at.is_multiple_of(2);
    let price = |rupees: u64| if plain { json!(rupees) } else { json!(format!("{rupees}.00")) };
    let format = if plain { "%Y-%m-%d" } else { "%d-%m-%Y" };
    json!({
        "market": market,
        "variety": variety,
        "min": price(min),
        "max": price(max),
        "modal": price(modal),
        "date": day.format(format).to_string(),
    })
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(0)
}
