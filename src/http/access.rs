//! Who may speak through a hook: which gateways are open, under which secrets, from which networks.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;
use subtle::{Choice, ConstantTimeEq};

use crate::gateway::Profile;
use crate::gateway::messages::MessageProfile;
use crate::types::Secret;

/// Two may live at once, so that a secret can be changed without losing a callback.
const SECRETS_AT_ONCE: usize = 2;
/// Of a key that is drawn, in characters: whoever knows a hook's path can guess as often as they like.
const SHORTEST_KEY: usize = 16;

/// A gateway that is open.
#[derive(Debug)]
pub struct Gateway {
    name: String,
    /// How it speaks USSD, if it does.
    pub(super) ussd: Option<Arc<Profile>>,
    /// How it speaks of messages and missed calls, if it does.
    pub(super) messages: Option<Arc<MessageProfile>>,
    secrets: Vec<Secret>,
    /// Networks from which it may call; empty means any.
    sources: Vec<IpNet>,
    /// What its signatures are made with, where it signs.
    pub(super) signing: Vec<Secret>,
    /// What a payment system signs its notices with; without any, none are taken.
    pub(super) payments: Vec<Secret>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    #[error("gateway `{0}` has no secret; give it one or two under `secrets`, long and random")]
    NoSecret(String),
    #[error("gateway `{0}` has more than two secrets; keep the present one and the one before it")]
    TooMany(String),
    #[error("a secret of gateway `{0}` holds a character that a path cannot; use letters, digits, `-` and `_`")]
    Characters(String),
    #[error("gateway `{0}` has more than two keys under `{1}`; keep the present one and the one before it")]
    TooManyKeys(String, &'static str),
    #[error(
        "a key of gateway `{0}` under `payments` has fewer than {SHORTEST_KEY} characters; draw one with `openssl rand -hex 32`"
    )]
    ShortKey(String),
    #[error(
        "gateway `{0}` signs, and the settings do not say with what; give it `signing`, as `docs/gateways.md` says"
    )]
    NoSigning(String),
    #[error("a key of gateway `{0}` under `signing` is empty; write what it signs with, as `docs/gateways.md` says")]
    EmptySigning(String),
    #[error("gateway `{0}` does not sign, and has `signing`; leave it out")]
    Unsigned(String),
}

impl Gateway {
    /// One that speaks USSD.
    pub fn new(profile: Arc<Profile>, secrets: Vec<Secret>, sources: Vec<IpNet>) -> Result<Self, GatewayError> {
        let gateway = Self::named(&profile.name, secrets, sources)?;
        Ok(gateway.with_ussd(profile))
    }

    /// One that speaks nothing yet.
    pub fn named(name: &str, secrets: Vec<Secret>, sources: Vec<IpNet>) -> Result<Self, GatewayError> {
        let name = || name.to_owned();
        if secrets.is_empty() {
            return Err(GatewayError::NoSecret(name()));
        }
        if secrets.len() > SECRETS_AT_ONCE {
            return Err(GatewayError::TooMany(name()));
        }
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if secrets.iter().any(|secret| secret.reveal().is_empty() || !secret.reveal().bytes().all(allowed)) {
            return Err(GatewayError::Characters(name()));
        }
        let (name, signing, payments) = (name(), Vec::new(), Vec::new());
        Ok(Self { name, ussd: None, messages: None, secrets, sources, signing, payments })
    }

    #[must_use]
    pub fn with_ussd(self, profile: Arc<Profile>) -> Self {
        Self { ussd: Some(profile), ..self }
    }

    /// `signing`: what its signatures are made with, where it signs.
    pub fn with_messages(self, profile: Arc<MessageProfile>, signing: Vec<Secret>) -> Result<Self, GatewayError> {
        let name = || self.name.clone();
        match (profile.is_signed(), signing.is_empty()) {
            (true, true) => return Err(GatewayError::NoSigning(name())),
            (false, false) => return Err(GatewayError::Unsigned(name())),
            _ => {}
        }
        if signing.len() > SECRETS_AT_ONCE {
            return Err(GatewayError::TooManyKeys(name(), "signing"));
        }
        if signing.iter().any(|key| key.reveal().is_empty()) {
            return Err(GatewayError::EmptySigning(name()));
        }
        Ok(Self { messages: Some(profile), signing, ..self })
    }

    /// Takes notices of payments that are signed with one of these keys; none at all without one.
    pub fn with_payments(self, keys: Vec<Secret>) -> Result<Self, GatewayError> {
        if keys.len() > SECRETS_AT_ONCE {
            return Err(GatewayError::TooManyKeys(self.name, "payments"));
        }
        if keys.iter().any(|key| key.reveal().chars().count() < SHORTEST_KEY) {
            return Err(GatewayError::ShortKey(self.name));
        }
        Ok(Self { payments: keys, ..self })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// In a time that does not depend on how much of a secret was guessed.
    fn knows(&self, secret: &str) -> bool {
        let compared = self.secrets.iter().map(|known| known.reveal().as_bytes().ct_eq(secret.as_bytes()));
        compared.fold(Choice::from(0), |any, equal| any | equal).into()
    }

    fn takes_from(&self, source: IpAddr) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|network| network.contains(&source))
    }
}

/// All open gateways, and the proxies whose word about a caller's address is taken.
#[derive(Debug, Default)]
pub struct Access {
    gateways: HashMap<String, Gateway>,
    trusted_proxies: Vec<IpNet>,
}

impl Access {
    pub fn new(gateways: Vec<Gateway>, trusted_proxies: Vec<IpNet>) -> Self {
        let gateways = gateways.into_iter().map(|gateway| (gateway.name.clone(), gateway)).collect();
        Self { gateways, trusted_proxies }
    }

    pub fn gateways(&self) -> impl Iterator<Item = &Gateway> {
        self.gateways.values()
    }

    /// The gateway, if its name, secret and source are right; else the gateway's name, where it is one, and which was wrong: for
    /// the meters. The caller is not told.
    pub(super) fn admit(&self, name: &str, secret: &str, source: IpAddr) -> Result<&Gateway, (&str, &'static str)> {
        let Some(gateway) = self.gateways.get(name) else { return Err(("unknown", "gateway")) };
        // Both in any case, so that the time does not tell which.
        match (gateway.knows(secret), gateway.takes_from(source)) {
            (true, true) => Ok(gateway),
            (false, _) => Err((&gateway.name, "secret")),
            (true, false) => Err((&gateway.name, "source")),
        }
    }

    /// Where a request comes from: the peer, unless it is a trusted proxy; then the last address in `X-Forwarded-For` that
    /// is not one. What stands before it anybody may have written.
    pub(super) fn source(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let trusted = |address: &IpAddr| self.trusted_proxies.iter().any(|network| network.contains(address));
        let peer = peer.to_canonical();
        if !trusted(&peer) {
            return peer;
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        let mut nearest = peer;
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Ok(address) = hop.trim().parse::<IpAddr>() else { return nearest };
            nearest = address.to_canonical();
            if !trusted(&nearest) {
                return nearest;
            }
        }
        nearest
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;
    use crate::gateway::messages::shipped_messages;
    use crate::gateway::shipped;

    fn gateway(secrets: &[&str], sources: &[&str]) -> Result<Gateway, GatewayError> {
        let profile = Arc::new(shipped().into_iter().next().expect("there are shipped profiles"));
        let secrets = secrets.iter().map(|secret| Secret::new((*secret).to_owned())).collect();
        Gateway::new(profile, secrets, sources.iter().map(|net| net.parse().expect("a network")).collect())
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn either_of_two_secrets_opens_and_nothing_else() {
        let gateway = gateway(&["old-secret", "new-secret"], &[]).expect("two secrets");
        assert!(gateway.knows("old-secret") && gateway.knows("new-secret"));
        for wrong in ["", "old-secre", "old-secret ", "OLD-SECRET", "old-secretnew-secret"] {
            assert!(!gateway.knows(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_gateway_without_a_fit_secret_is_refused() {
        assert!(matches!(gateway(&[], &[]), Err(GatewayError::NoSecret(_))));
        assert!(matches!(gateway(&["a", "b", "c"], &[]), Err(GatewayError::TooMany(_))));
        assert!(matches!(gateway(&["a/b"], &[]), Err(GatewayError::Characters(_))));
        assert!(matches!(gateway(&[""], &[]), Err(GatewayError::Characters(_))));
    }

    #[test]
    fn keys_that_anybody_guesses_are_refused() {
        let keys = |keys: &[&str]| keys.iter().map(|key| Secret::new((*key).to_owned())).collect::<Vec<_>>();
        let open = || gateway(&["s"], &[]).expect("a secret");
        let payments = |of: &[&str]| open().with_payments(keys(of)).map(drop);
        assert_eq!(payments(&[]), Ok(()));
        assert_eq!(payments(&["0123456789abcdef", "fedcba9876543210"]), Ok(()));
        for short in ["", "0123456789abcde"] {
            assert!(matches!(payments(&["0123456789abcdef", short]), Err(GatewayError::ShortKey(_))), "{short}");
        }
        let three = ["0123456789abcdef"; 3];
        assert!(matches!(payments(&three), Err(GatewayError::TooManyKeys(_, "payments"))));
        let speaks = |signs: bool, of: &[&str]| {
            let profile = shipped_messages().into_iter().find(|profile| profile.is_signed() == signs);
            open().with_messages(Arc::new(profile.expect("one is shipped")), keys(of)).map(drop)
        };
        assert_eq!(speaks(true, &["token", "former"]), Ok(()));
        assert_eq!(speaks(false, &[]), Ok(()));
        assert!(matches!(speaks(true, &[]), Err(GatewayError::NoSigning(_))));
        assert!(matches!(speaks(true, &["token", ""]), Err(GatewayError::EmptySigning(_))));
        assert!(matches!(speaks(true, &three), Err(GatewayError::TooManyKeys(_, "signing"))));
        assert!(matches!(speaks(false, &["token"]), Err(GatewayError::Unsigned(_))));
    }

    #[test]
    fn only_named_networks_are_let_in() {
        let open = gateway(&["s"], &[]).expect("a secret");
        assert!(open.takes_from(address("203.0.113.9")));
        let closed = gateway(&["s"], &["192.0.2.0/24"]).expect("a secret");
        assert!(closed.takes_from(address("192.0.2.7")) && !closed.takes_from(address("192.0.3.7")));
    }

    #[test]
    fn what_was_wrong_is_told_to_the_meters_alone() {
        let access = Access::new(vec![gateway(&["s"], &["192.0.2.0/24"]).expect("a secret")], Vec::new());
        let name = access.gateways().next().expect("one").name.clone();
        let kind =
            |name: &str, secret, source| access.admit(name, secret, address(source)).map_err(|(_, kind)| kind).err();
        assert_eq!(kind(&name, "s", "192.0.2.7"), None);
        assert_eq!(kind(&name, "t", "192.0.2.7"), Some("secret"));
        assert_eq!(kind(&name, "s", "192.0.3.7"), Some("source"));
        assert_eq!(kind("other", "s", "192.0.2.7"), Some("gateway"));
    }

    #[test]
    fn a_forwarded_address_counts_only_behind_a_trusted_proxy() {
        let access = Access::new(Vec::new(), vec!["10.0.0.0/8".parse().expect("a network")]);
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "198.51.100.1, 192.0.2.5".parse().expect("a header"));
        headers.append("x-forwarded-for", "10.1.1.1".parse().expect("a header"));
        assert_eq!(access.source(address("203.0.113.9"), &headers), address("203.0.113.9"));
        assert_eq!(access.source(address("10.0.0.1"), &headers), address("192.0.2.5"));
        assert_eq!(access.source(address("::ffff:10.0.0.1"), &headers), address("192.0.2.5"));
        assert_eq!(access.source(address("10.0.0.1"), &HeaderMap::new()), address("10.0.0.1"));
    }

    proptest! {
        /// What stands in the header never makes a peer that is not trusted anybody else.
        #[test]
        fn any_forwarded_header_is_read_or_passed_over(lines in prop::collection::vec(any_hops(), 0..4)) {
            let access = Access::new(Vec::new(), vec!["10.0.0.0/8".parse().expect("a network")]);
            let mut headers = HeaderMap::new();
            for line in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
                headers.append("x-forwarded-for", line);
            }
            prop_assert_eq!(access.source(address("203.0.113.9"), &headers), address("203.0.113.9"));
            access.source(address("10.0.0.1"), &headers);
        }
    }

    fn any_hops() -> impl Strategy<Value = Vec<u8>> {
        let hop = prop_oneof![Just("10.0.0.1".to_owned()), Just("::ffff:192.0.2.1".to_owned()), "[0-9a-f:., ]{0,20}"];
        let hops = prop::collection::vec(hop, 0..5).prop_map(|hops| hops.join(",").into_bytes());
        prop_oneof![2 => hops, 1 => prop::collection::vec(any::<u8>(), 0..40)]
    }
}
