//! What of a setting may be shown, on a page or in an error.

use toml::Value;

/// Whether a key's value must not be shown. Of what lies about a secret only what cannot be one is: a secret may stand a
/// level too high by mistake.
pub(super) fn is_secret(key: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or(key);
    match area(key) {
        Some(Area::Keys) => true,
        Some(Area::Gateways) => key.contains(".secrets") || !is_one_of(last, &["sources"]),
        Some(Area::Departments) => {
            let open: &[&str] = if key.contains(".envelope.") {
                &["form", "deptid", "srvid", "subsid", "subsid2", "formtrkr", "lang", "mode", "pltfrm"]
            } else {
                &["url", "at_once", "breaks_after", "mends_after", "retries"]
            };
            key.contains(".headers") || !is_one_of(last, open)
        }
        Some(Area::Routes) => {
            let open = [
                "gateway",
                "url",
                "sender",
                "headers",
                "free_text",
                "unicode",
                "national",
                "substitutes",
                "segments_per_second",
                "at_once",
                "within",
                "rank",
            ];
            key.contains(".credentials") || !is_one_of(last, &open)
        }
        None => false,
    }
}

/// Why a value does not fit, where the reader's own words might quote it.
pub(super) fn reason(key: &str) -> Option<&'static str> {
    let area = area(key).filter(|_| is_secret(key))?;
    Some(match area {
        Area::Keys => {
            "it is not shown, since it may hold a secret; `[keys]` has `hash`, a text, and `seal`, a list of \
             `{ id = 1, key = \"…\" }`, and nothing else"
        }
        Area::Gateways => {
            "it is not shown, since it may hold a secret; a gateway has `secrets`, a list of one or two texts, and may \
             have `sources`, a list of networks, `signing` and `payments`, lists of texts, and nothing else"
        }
        Area::Departments => {
            "it is not shown, since it may hold a secret; a department has `url`, a text, and may have `headers`, a table \
             of texts, `at_once`, `breaks_after`, `mends_after`, `retries`, and `envelope`, a table whose keys \
             `src/settings/defaults.toml` lists, and nothing else"
        }
        Area::Routes => {
            "it is not shown, since it may hold a secret; what a route may have is listed in `src/settings/defaults.toml`; its \
             passwords belong into `credentials`, a table of texts"
        }
    })
}

/// A value as `--print-settings` shows it.
pub(super) fn shown(key: &str, value: &Value) -> String {
    match value {
        _ if is_secret(key) => "\"…\"".to_owned(),
        Value::String(url) if key.rsplit('.').next() == Some("url") => {
            Value::String(without_credentials(url)).to_string()
        }
        // A path may have these signs in its name. What is nearly an address is refused later.
        Value::String(address) if key == "database" && (address.contains("://") || address.starts_with("postgres")) => {
            Value::String(without_credentials(address)).to_string()
        }
        value => value.to_string(),
    }
}

/// An address without user, password and query, which may hold credentials. They are refused later; until then they are
/// not shown.
pub(super) fn without_credentials(url: &str) -> String {
    let (scheme, rest) = url.find("://").and_then(|at| url.split_at_checked(at + 3)).unwrap_or(("", url));
    let (hidden, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, host)| ("…@", host));
    match rest.split_once('?') {
        Some((rest, _)) => format!("{scheme}{hidden}{rest}?…"),
        None => format!("{scheme}{hidden}{rest}"),
    }
}

/// The tables that hold secrets.
enum Area {
    Keys,
    Gateways,
    Departments,
    Routes,
}

fn area(key: &str) -> Option<Area> {
    match key.split(['.', '[']).next() {
        Some("keys") => Some(Area::Keys),
        Some("gateways") => Some(Area::Gateways),
        Some("departments") => Some(Area::Departments),
        Some("routes") => Some(Area::Routes),
        _ => None,
    }
}

/// With or without a place in a list behind it: `sources`, `sources[0]`.
fn is_one_of(last: &str, open: &[&str]) -> bool {
    let name = last.split('[').next().unwrap_or(last);
    open.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_shown_without_its_password() {
        let cases = [
            ("a@b?.db", "a@b?.db"),
            ("postgres://u:p@db1:5432,db2/state", "postgres://…@db1:5432,db2/state"),
            ("postgres://u:p/x@y@db1/state?sslmode=require&password=p", "postgres://…@db1/state?…"),
            ("postgres:u:p@db1/state", "…@db1/state"),
        ];
        for (address, as_shown) in cases {
            assert_eq!(shown("database", &Value::String(address.to_owned())), format!("\"{as_shown}\""));
        }
    }

    #[test]
    fn addresses_lose_their_credentials() {
        let cases = [
            ("https://epfo.example/v1", "https://epfo.example/v1"),
            ("http://u:p@epfo.example/v1", "http://…@epfo.example/v1"),
            ("http://u:p/x@y@epfo.example", "http://…@epfo.example"),
            ("u:p@epfo.example", "…@epfo.example"),
            ("https://epfo.example/v1?key=p", "https://epfo.example/v1?…"),
            ("https://u:p?q@epfo.example", "https://…@epfo.example"),
        ];
        for (url, shown) in cases {
            assert_eq!(without_credentials(url), shown, "{url}");
        }
    }
}
