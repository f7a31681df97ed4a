//! How operators misbehave, and callbacks spoilt the way they spoil them.

use crate::gateway::Outbound;

/// Something that goes wrong between the citizen and the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The same callback twice, one after the other or at once.
    Twice,
    /// The callback of the turn before comes once more.
    Late,
    /// Two answers arrive in the wrong order.
    Reordered,
    /// Half a callback, or a whole one whose reply nobody reads; the connection is cut, and the callback comes again.
    Cut,
    /// The call drops and nobody says so; the citizen dials again.
    NoEnd,
    /// A gateway that sends the last answer sends all answers so far.
    History,
    /// `*` and `#` are lost on the way.
    Stripped,
    /// The names of fields are spelt in capitals.
    Case,
}

impl Fault {
    pub const ALL: [Self; 8] =
        [Self::Twice, Self::Late, Self::Reordered, Self::Cut, Self::NoEnd, Self::History, Self::Stripped, Self::Case];

    pub fn name(self) -> &'static str {
        match self {
            Self::Twice => "twice",
            Self::Late => "late",
            Self::Reordered => "reordered",
            Self::Cut => "cut",
            Self::NoEnd => "no-end",
            Self::History => "history",
            Self::Stripped => "stripped",
            Self::Case => "case",
        }
    }

    /// Of how many turns it befalls one, where nobody says. Who is cut off waits long, with a connection open.
    pub fn usual(self) -> f64 {
        if self == Self::Cut { 0.001 } else { 0.01 }
    }
}

/// Without `*` and `#`, also where they are escaped.
pub fn stripped(outbound: &Outbound) -> Outbound {
    let strip = |text: &str| {
        let mut text = text.replace(['*', '#'], "");
        for escaped in ["%2A", "%2a", "%23"] {
            text = text.replace(escaped, "");
        }
        text
    };
    let body = strip(&String::from_utf8_lossy(&outbound.body)).into_bytes();
    Outbound { query: strip(&outbound.query), body, ..outbound.clone() }
}

/// With the names of its fields in capitals.
pub fn in_capitals(outbound: &Outbound) -> Outbound {
    let body = String::from_utf8_lossy(&outbound.body);
    let is_json = body.starts_with('{');
    let body = if is_json {
        let parsed = serde_json::from_str(&body).map(capital_keys);
        parsed.map_or_else(|_| body.into_owned(), |json| json.to_string())
    } else if body.starts_with('<') {
        capital_tags(&body)
    } else {
        capital_pairs(&body)
    };
    Outbound { query: capital_pairs(&outbound.query), body: body.into_bytes(), ..outbound.clone() }
}

fn capital_pairs(pairs: &str) -> String {
    let capital = |pair: &str| match pair.split_once('=') {
        Some((name, value)) => format!("{}={value}", name.to_ascii_uppercase()),
        None => pair.to_owned(),
    };
    pairs.split('&').map(capital).collect::<Vec<_>>().join("&")
}

fn capital_keys(json: serde_json::Value) -> serde_json::Value {
    match json {
        serde_json::Value::Object(fields) => {
            let capital = fields.into_iter().map(|(name, value)| (name.to_ascii_uppercase(), capital_keys(value)));
            serde_json::Value::Object(capital.collect())
        }
        other => other,
    }
}

/// Names of elements and attributes; texts and values, which stand between `>` and `<` or in quotes, stay as they are.
fn capital_tags(xml: &str) -> String {
    let (mut in_tag, mut quoted) = (false, false);
    let capital = |letter: char| {
        match letter {
            '<' => in_tag = true,
            '>' if !quoted => in_tag = false,
            '"' if in_tag => quoted = !quoted,
            _ => {}
        }
        if in_tag && !quoted { letter.to_ascii_uppercase() } else { letter }
    };
    xml.chars().map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(query: &str, body: &str) -> Outbound {
        Outbound { query: query.to_owned(), body: body.as_bytes().to_vec(), ..Outbound::default() }
    }

    #[test]
    fn names_are_in_capitals_and_values_stay() {
        let spelt = |query, body| in_capitals(&outbound(query, body));
        assert_eq!(spelt("a=b&cD=e%2A", ""), outbound("A=b&CD=e%2A", ""));
        assert_eq!(spelt("", "text=1*a"), outbound("", "TEXT=1*a"));
        assert_eq!(spelt("", r#"{"a":{"b":"c"}}"#), outbound("", r#"{"A":{"B":"c"}}"#));
        assert_eq!(spelt("", r#"<p><a b="c>d">e</a></p>"#), outbound("", r#"<P><A B="c>d">e</A></P>"#));
    }

    #[test]
    fn stars_and_hashes_are_lost_also_where_they_are_escaped() {
        assert_eq!(stripped(&outbound("t=%2A123%23", "*1*2#")), outbound("t=123", "12"));
    }
}
