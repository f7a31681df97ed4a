//! The GSM 7-bit default alphabet and its extension table. 3GPP TS 23.038 sections 6.2.1 and 6.2.1.1.

/// How many septets a character takes: 1 in the basic table, 2 in the extension table, `None` in neither.
pub fn septets_of(_c: char) -> Option<u16> {
    unimplemented!()
}

/// Whether a character is in the basic table (one septet).
pub fn is_basic(c: char) -> bool {
    septets_of(c) == Some(1)
}
