//! The shipped profiles against callbacks as their gateways send them, and against anything else.

mod advanta;
mod africastalking;
mod arkesel;
mod beem;
mod bonga;
mod cellulant;
mod crossgate;
mod dmark;
mod flares;
mod hollatags;
mod hostile;
mod hubtel;
mod imimobile;
mod infobip;
mod madapi;
mod mtech;
mod nalo;
mod nsano;
mod oltranz;
mod replies;
mod restcomm;
mod safaricom;
mod truroute;
mod unshipped;
mod vodacom;

use super::{Callback, DecodeError, Profile, Received, Reply, Request, decode, encode, shipped};

fn profile(name: &str) -> Profile {
    shipped().into_iter().find(|profile| profile.name == name).expect("a shipped profile")
}

fn receive(profile: &Profile, method: &str, rest: &str, query: &str, body: &[u8]) -> Result<Received, DecodeError> {
    let here = "https://bridge.example/hooks/x/secret/ussd";
    decode(profile, &Request { method, rest, query, here, body })
}

/// What a profile makes of a callback, in one line.
fn told(profile: &Profile, method: &str, rest: &str, query: &str, body: &str) -> String {
    let received = match receive(profile, method, rest, query, body.as_bytes()) {
        Ok(received) => received,
        Err(error) => return format!("{}: {error}", error.kind()),
    };
    let number = |msisdn: Option<&crate::types::Msisdn>| {
        msisdn.map_or_else(|| "no number".to_owned(), |msisdn| msisdn.digits().to_owned())
    };
    match received.callback {
        Callback::Turn(turn) => {
            let begins = match turn.begins {
                Some(true) => "first",
                Some(false) => "later",
                None => "turn",
            };
            let sequence = turn.number.map(|number| format!(" #{number}")).unwrap_or_default();
            let code = turn.code.map(|code| format!(" at {code}")).unwrap_or_default();
            format!("{begins}{sequence} of {} by {}{code}: {:?}", turn.leg, number(turn.msisdn.as_ref()), turn.input)
        }
        Callback::Ended { leg, msisdn, why } => format!("{why} of {leg} by {}", number(msisdn.as_ref())),
        Callback::Status { leg } => format!("status of {leg}"),
        Callback::Probe => "probe".to_owned(),
    }
}

/// The bodies of a page with more to come, of a last page and of a refusal that answer this callback.
fn replied(profile: &Profile, method: &str, query: &str, body: &str) -> [String; 3] {
    let received = receive(profile, method, "", query, body.as_bytes()).expect("a callback");
    let pages = [
        Reply::Page { text: "Menu\n1. \"A&B\" | <C>", more: true },
        Reply::Page { text: "Thanks | 1\n2", more: false },
        Reply::Refusal { text: "Sorry", why: "`x` is missing" },
    ];
    pages.map(|page| String::from_utf8(encode(profile, &received.echo, page).body).expect("UTF-8"))
}

/// What acknowledges this callback.
fn acknowledged(profile: &Profile, method: &str, query: &str, body: &str) -> String {
    let received = receive(profile, method, "", query, body.as_bytes()).expect("a callback");
    String::from_utf8(encode(profile, &received.echo, Reply::Acknowledge).body).expect("UTF-8")
}

#[test]
fn shipped_profiles_are_sorted_by_name_and_fit_on_a_screen() {
    let names: Vec<_> = shipped().into_iter().map(|profile| profile.name).collect();
    assert!(names.is_sorted() && names.len() == 22, "{names:?}");
    for (path, text) in shipped::FILES {
        assert!(text.lines().count() <= 40, "{path} is longer than 40 lines");
    }
}

#[test]
fn an_empty_request_is_a_probe_with_any_verb() {
    for profile in shipped() {
        for method in ["GET", "HEAD", "POST"] {
            for rest in ["", "/"] {
                assert_eq!(told(&profile, method, rest, "", " \r\n"), "probe", "{}", profile.name);
            }
        }
    }
}

#[test]
fn another_path_is_refused_and_so_is_another_verb() {
    for profile in shipped() {
        let name = &profile.name;
        assert_eq!(
            told(&profile, "POST", "/elsewhere", "", "x"),
            "path: there is no callback of this protocol at this path",
            "{name}"
        );
        let turn = if name == "infobip" { "/session/s1/start" } else { "" };
        assert_eq!(
            told(&profile, "DELETE", turn, "a=b", "x"),
            "method: DELETE is not the verb of this callback",
            "{name}"
        );
    }
}

/// What the guide for operators says, against what the program has.
mod guide {
    use super::super::{CODES, read_profile, shipped};
    use crate::source::Files;

    const GUIDE: &str = include_str!("../../docs/gateways.md");

    #[test]
    fn the_tables_of_the_shipped_profiles_are_true() {
        for profile in shipped() {
            let units = profile.limits.units.map_or_else(|| "none".to_owned(), |units| units.to_string());
            let times = [profile.budget, profile.idle, profile.lasts].map(|time| format!(" {} s |", time.as_secs()));
            let columns = format!("| {} / {units} |{}", profile.limits.septets, times.concat());
            let rows = || GUIDE.lines().filter(|line| line.starts_with(&format!("| `{}` |", profile.name)));
            assert!(rows().any(|line| line.ends_with(&columns)), "no row of {} ends with {columns}", profile.name);
            assert!(rows().count() >= 2, "{} has no row that says how it speaks", profile.name);
            let mut paragraphs = GUIDE.lines().filter_map(|line| line.strip_prefix("**")?.split_once(".**"));
            let explained = paragraphs.any(|(names, _)| names.split(", ").any(|name| name == profile.name));
            assert!(explained, "{} has no paragraph", profile.name);
        }
        assert!(shipped().iter().all(|profile| profile.unverified.is_some()), "the guide says that none is verified");
    }

    #[test]
    fn the_example_is_a_profile() {
        let example = GUIDE.split("```yaml\n").find(|part| part.starts_with("gateway:")).expect("an example");
        let mut files = Files::default();
        let file = files.add("gateways/mobilesasa.yaml", example.split("```").next().unwrap_or_default());
        assert_eq!(read_profile(&files, file).map(|profile| profile.name), Ok("mobilesasa".to_owned()));
    }

    #[test]
    fn every_code_is_explained() {
        for (code, meaning) in CODES {
            assert!(GUIDE.contains(&format!("| {code} | {meaning} |")), "{code}");
        }
    }
}
