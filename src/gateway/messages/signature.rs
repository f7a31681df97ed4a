//! Whether a request is from whom it says.
//!
//! `X-Twilio-Signature` is the base 64 of an HMAC-SHA-1, under the account's token, of the whole address with its query and then,
//! for a form, of each name with each of its values, both sorted, each value once. For any other body the address has
//! `bodySHA256`, the hash of the body in hexadecimal. Whether the address has a port depends on who signed.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use super::profile::{MessageProfile, Signed};
use super::types::{RawRequest, Unverified};
use crate::text::percent;
use crate::types::Secret;

/// The header of Twilio's signature.
pub(super) const TWILIO: &str = "x-twilio-signature";
/// The parameter of an address that holds the hash of a body.
const BODY_HASH: &str = "bodySHA256";

impl MessageProfile {
    /// Whether a request is signed by one of the keys; several are there while they are changed. `address` is where the gateway
    /// was told to call, without query: `public_url` with the path, since behind a proxy the request does not know it.
    ///
    /// What is not signed by this gateway's protocol is proved by its address alone.
    pub fn verify(&self, secrets: &[Secret], address: &str, request: &RawRequest<'_>) -> Result<(), Unverified> {
        let Some(signed) = &self.signed else { return Ok(()) };
        if secrets.is_empty() {
            return Err(Unverified::NoKey);
        }
        match signed {
            Signed::Header(name) => {
                let given = header(request, name).ok_or(Unverified::Missing)?;
                let same = |secret: &Secret| secret.reveal().as_bytes().ct_eq(given.as_bytes());
                any(secrets.iter().map(same)).then_some(()).ok_or(Unverified::Wrong)
            }
            Signed::Twilio => {
                let given = header(request, TWILIO).ok_or(Unverified::Missing)?;
                let params = body_params(request)?;
                let mut matches = Vec::new();
                for secret in secrets {
                    for address in spellings(address) {
                        let ours = twilio(secret, &with_query(&address, request.query), &params);
                        matches.push(ours.as_bytes().ct_eq(given.trim().as_bytes()));
                    }
                }
                any(matches.into_iter()).then_some(()).ok_or(Unverified::Wrong)
            }
        }
    }
}

/// Looks at all of them, whichever fits.
fn any(matches: impl Iterator<Item = Choice>) -> bool {
    matches.fold(Choice::from(0), |all, one| all | one).into()
}

fn header<'a>(request: &RawRequest<'a>, name: &str) -> Option<&'a str> {
    request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

pub(super) type Params = BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>;

/// What of the body is signed.
fn body_params(request: &RawRequest<'_>) -> Result<Params, Unverified> {
    let hash = request.query.split('&').find_map(|pair| pair.strip_prefix(BODY_HASH)?.strip_prefix('='));
    let is_form = header(request, "content-type").is_none_or(|kind| {
        kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    match hash {
        Some(hash) if !is_form || !request.body.is_empty() => {
            let ours = HEXLOWER.encode(&Sha256::digest(request.body));
            let same = bool::from(ours.as_bytes().ct_eq(hash.to_ascii_lowercase().as_bytes()));
            same.then(Params::new).ok_or(Unverified::Body)
        }
        _ if is_form => Ok(form(request.body)),
        _ if request.body.is_empty() => Ok(Params::new()),
        // Nothing of such a body would be signed.
        _ => Err(Unverified::Body),
    }
}

/// The fields of a form, decoded, each with its different values.
pub(super) fn form(body: &[u8]) -> Params {
    let mut params = Params::new();
    for pair in body.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|&byte| byte == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at(at);
        let value = percent::read_leniently(value.get(1..).unwrap_or_default()).into_owned();
        params.entry(percent::read_leniently(name).into_owned()).or_default().insert(value);
    }
    params
}

pub(super) fn twilio(secret: &Secret, address: &str, params: &Params) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.reveal().as_bytes()).expect("a key of any length");
    mac.update(address.as_bytes());
    for (name, values) in params {
        for value in values {
            mac.update(name);
            mac.update(value);
        }
    }
    BASE64.encode(&mac.finalize().into_bytes())
}

pub(super) fn with_query(address: &str, query: &str) -> String {
    if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") }
}

/// An address as it is, and with and without its port.
fn spellings(address: &str) -> [String; 3] {
    let Some((scheme, rest)) = address.split_once("://") else { return [(); 3].map(|()| address.to_owned()) };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let port = if scheme == "https" { 443 } else { 80 };
    let with = if host == authority { format!("{scheme}://{host}:{port}{path}") } else { address.to_owned() };
    [address.to_owned(), with, format!("{scheme}://{host}{path}")]
}
