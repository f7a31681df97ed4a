//! Short links: addresses of the bridge that stand in messages, and where they lead, phone by phone.

use std::time::Duration;

use super::program::Allowed;
use crate::source::Span;

/// Letters of what tells one short address from another, behind the address that is registered for all of them.
pub const TOKEN_LETTERS: usize = 8;

/// What a registered address ends in under which the bridge serves short links.
const SERVED_UNDER: &str = "/l/";

/// A link that has its own short address in each message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortLink {
    pub name: String,
    /// Where it leads on a phone with KaiOS, if not where it leads on others.
    pub kaios: Option<String>,
    /// Where it leads on all others.
    pub other: String,
    /// How long each of its short addresses is good.
    pub lives: Duration,
    pub span: Span,
}

/// Phones, as far as links lead elsewhere on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// A keypad phone with a browser, such as the `JioPhone`.
    KaiOs,
    Other,
}

impl Device {
    pub const fn name(self) -> &'static str {
        match self {
            Self::KaiOs => "kaios",
            Self::Other => "other",
        }
    }
}

impl ShortLink {
    /// Where it leads on such a phone.
    pub fn target(&self, device: Device) -> &str {
        match (device, &self.kaios) {
            (Device::KaiOs, Some(target)) => target,
            (Device::KaiOs | Device::Other, _) => &self.other,
        }
    }
}

impl Allowed {
    /// The registered address under which short ones are served: the first that ends in `/l/`. What is registered decides, since a
    /// message with any other address is not delivered.
    pub fn short_base(&self) -> Option<&str> {
        self.links.iter().map(String::as_str).find(|link| link.ends_with(SERVED_UNDER))
    }
}

/// Whether a browser can be sent there: `https://` or `http://`, a host, and nothing that an address must escape.
pub(super) fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    host.bytes().any(|byte| byte.is_ascii_alphanumeric()) && host.bytes().all(is_host) && rest.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host_and_needs_no_escaping() {
        for right in [
            "https://play.google.com/store/apps/details?id=in.gov.umang",
            "http://a.example",
            "https://[2001:db8::1]:8/",
        ] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "https://",
            "https:///x",
            "play.google.com/x",
            "ftp://a.example/",
            "javascript:alert(1)",
            "https://a b.example/",
        ]
        .into_iter()
        .chain([
            "https://a.example/x y",
            "https://a.example/उ",
            "https://a.example/\r\nx: y",
            "https://user@a.example/",
            "https://a.example/<x>",
        ]) {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
