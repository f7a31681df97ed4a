//! A JSON object as flat fields.
//!
//! Read as it streams by and not through `serde_json::Value`: that would keep the last of two equal keys without a word,
//! and all of what no profile asks for. Nesting is bounded by [`MAX_DEPTH`].

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{DecodeError, Fields, MAX_DEPTH, MAX_NAME};

/// What the message of a refusal says of a body that is none.
const OBJECT: &str = "a JSON object";

pub(super) fn read(bytes: &[u8], fields: &mut Fields<'_>) -> Result<(), DecodeError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut refused = None;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let seed = Flatten { fields, refused: &mut refused, path: String::new(), depth: 0 };
    let read = seed.deserialize(&mut json).and_then(|()| json.end());
    match (refused, read) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        (None, Err(_)) => Err(DecodeError::Body(OBJECT)),
    }
}

/// Takes one value, whose name is `path`, into `fields`. What a field is refused for is left in `refused`, since serde's
/// own errors carry words only.
struct Flatten<'f, 'w> {
    fields: &'f mut Fields<'w>,
    refused: &'f mut Option<DecodeError>,
    path: String,
    depth: usize,
}

impl Flatten<'_, '_> {
    fn keep<E: serde::de::Error>(self, value: &str, literal: bool) -> Result<(), E> {
        if self.depth == 0 {
            return Err(E::custom(OBJECT));
        }
        let Some(name) = self.fields.wants(self.path.as_bytes()) else { return Ok(()) };
        self.fields.keep(name, value.to_owned().into(), literal).map_err(|error| {
            *self.refused = Some(error);
            E::custom("refused")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Flatten<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Flatten<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(OBJECT)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.keep(value, false)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.keep(if value { "true" } else { "false" }, true)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.keep(&value.to_string(), true)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.keep(&value.to_string(), true)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.keep(&value.to_string(), true)
    }

    /// A null is a field that is there and empty: an answer of nothing, where it is the answer's field.
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.keep("", true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        if self.depth == MAX_DEPTH {
            return Err(A::Error::custom("nested too deeply"));
        }
        while let Some(key) = map.next_key::<String>()? {
            if self.path.len() + key.len() >= MAX_NAME {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
            let depth = self.depth + 1;
            map.next_value_seed(Flatten { fields: self.fields, refused: self.refused, path, depth })?;
        }
        Ok(())
    }

    /// No gateway of this family sends a list, so no profile can name what is in one.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if self.depth == 0 {
            return Err(A::Error::custom(OBJECT));
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}
