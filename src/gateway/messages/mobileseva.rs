//! What only Mobile Seva (C-DAC) does: hashes of password and request, and characters as numbers.
//!
//! As the helper of its integration document has it (MOBILE-SEVA-INTEGRATION DOCUMENT 1.8), which calls its SHA-1 "MD5".

use data_encoding::HEXLOWER;
use sha1::Sha1;
use sha2::{Digest as _, Sha512};

/// Every character as `&#2325;`, those of ASCII too.
pub(super) fn entities(text: &str) -> String {
    text.chars().flat_map(|sign| ["&#".to_owned(), u32::from(sign).to_string(), ";".to_owned()]).collect()
}

/// The other way round; `None` where it is another text. The helper in Java writes a character beyond the BMP as two halves.
pub(super) fn from_entities(text: &str) -> Option<String> {
    let numbers = text.split_terminator(';').map(|part| part.strip_prefix("&#")?.parse::<u32>().ok());
    let numbers: Vec<u32> = numbers.collect::<Option<_>>()?;
    let units = numbers.into_iter().flat_map(|number| match char::from_u32(number) {
        Some(sign) => sign.encode_utf16(&mut [0; 2]).to_vec(),
        None => vec![u16::try_from(number).unwrap_or(0xfffd)],
    });
    String::from_utf16(&units.collect::<Vec<_>>()).ok()
}

pub(super) fn password(password: &str) -> String {
    HEXLOWER.encode(&Sha1::digest(password.trim().as_bytes()))
}

/// Over the text as it is sent, entities included; each part without white space around it.
pub(super) fn key(username: &str, header: &str, text: &[u8], secure_key: &str) -> String {
    let mut hash = Sha512::new();
    hash.update(username.trim());
    hash.update(header.trim());
    hash.update(text.trim_ascii());
    hash.update(secure_key.trim());
    HEXLOWER.encode(&hash.finalize())
}
