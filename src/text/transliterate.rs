//! Other scripts in Latin letters, native digits as ASCII digits.

/// The text in characters of the GSM 7-bit basic table only: transliterated where a character is not in it, so that one
/// foreign name does not turn a whole page into UCS-2. Never fails; what cannot be written at all becomes `?`.
pub fn to_gsm(_text: &str) -> String {
    unimplemented!()
}

/// Decimal digits of any script (Devanagari ०, Bengali ০ …) as 0 to 9; everything else as it is.
pub fn to_ascii_digits(_text: &str) -> String {
    unimplemented!()
}
