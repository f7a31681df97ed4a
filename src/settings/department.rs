//! Where departments are, how they are called, and the envelope of those that stand behind a platform.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::masks;
use crate::types::Secret;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    pub url: String,
    #[serde(default)]
    pub headers: BTreeMap<String, Secret>,
    pub at_once: Option<usize>,
    pub breaks_after: Option<u32>,
    /// Seconds.
    pub mends_after: Option<u64>,
    pub retries: Option<u32>,
    pub envelope: Option<Envelope>,
}

/// How a department is addressed that stands behind a platform which wraps requests and answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    pub form: EnvelopeForm,
    #[serde(deserialize_with = "plain")]
    pub deptid: String,
    #[serde(deserialize_with = "plain")]
    pub srvid: String,
    #[serde(default, deserialize_with = "some_plain")]
    pub subsid: Option<String>,
    #[serde(default, deserialize_with = "some_plain")]
    pub subsid2: Option<String>,
    #[serde(default, deserialize_with = "some_plain")]
    pub formtrkr: Option<String>,
    #[serde(default, deserialize_with = "some_plain")]
    pub tenantid: Option<String>,
    pub tkn: Option<Secret>,
    pub usrid: Option<Secret>,
    pub did: Option<Secret>,
    pub lang: Option<String>,
    pub mode: Option<String>,
    pub pltfrm: Option<String>,
    #[serde(default, deserialize_with = "some_plain")]
    pub usag: Option<String>,
    #[serde(default, deserialize_with = "some_plain")]
    pub lac: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvelopeForm {
    Umang,
}

/// A text, or a number as its text: ids are often digits alone.
fn plain<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Secret::deserialize(deserializer).map(|text| text.reveal().to_owned())
}

fn some_plain<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    plain(deserializer).map(Some)
}

/// Without what an address may hold besides.
impl fmt::Debug for Department {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = masks::without_credentials(&self.url);
        f.debug_struct("Department").field("url", &url).field("headers", &self.headers).finish_non_exhaustive()
    }
}
