//! A request, taken apart.

use chrono::NaiveDate;
use serde_json::Value as Json;
use std::borrow::Cow;

use super::Asked;
use crate::menu::Method;
use crate::text::percent;

pub(super) struct Question {
    pub(super) method: Method,
    /// Unescaped.
    segments: Vec<String>,
    query: Vec<(String, String)>,
    pub(super) idempotency_key: Option<String>,
    /// Null without one.
    pub(super) body: Json,
    pub(super) today: NaiveDate,
}

impl Question {
    /// `None` when escapes or the body are damaged.
    pub(super) fn read(asked: &Asked<'_>) -> Option<Self> {
        let (path, query) = asked.path.split_once('?').unwrap_or((asked.path, ""));
        let segments = path
            .split('/')
            .skip(1)
            .map(|segment| percent::read(segment, false).map(Cow::into_owned))
            .collect::<Option<_>>()?;
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((percent::read(name, true)?.into_owned(), percent::read(value, true)?.into_owned()))
        };
        let query = query.split('&').filter(|text| !text.is_empty()).map(pair).collect::<Option<_>>()?;
        let body = if asked.body.is_empty() { Json::Null } else { serde_json::from_slice(asked.body).ok()? };
        Some(Self {
            method: asked.method,
            segments,
            query,
            idempotency_key: asked.idempotency_key.map(str::to_owned),
            body,
            today: asked.today,
        })
    }

    /// The path as segments to match on.
    pub(super) fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// A value of the query; an empty one is missing.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}
