//! The GSM 7-bit default alphabet and its extension table. 3GPP TS 23.038 sections 6.2.1 and 6.2.1.1.
//!
//! Only how many septets a character takes, which is all that screens ask. What the codes are, other tables and septets in octets are in
//! [`super::sms`].

/// How many septets a character takes: 1 in the basic table, 2 in the extension table (an escape before it), `None` in
/// neither. The escape itself is no character.
pub fn septets_of(c: char) -> Option<u16> {
    const BEYOND_ASCII: &str = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";
    match c {
        '\0'..='\x7f' => Some(septets_of_ascii(u8::try_from(c).ok()?).into()).filter(|septets| *septets > 0),
        '€' => Some(2),
        // From here on lie the letters of most of the world.
        'Ϊ'.. => None,
        _ => BEYOND_ASCII.contains(c).then_some(1),
    }
}

/// The same of an ASCII character; 0 in neither table, and for bytes that are none.
#[inline]
pub(super) const fn septets_of_ascii(byte: u8) -> u8 {
    SEPTETS[byte as usize]
}

const SEPTETS: [u8; 256] = {
    let mut all = [0; 256];
    let mut at = b' ';
    while at <= b'~' {
        all[at as usize] = match at {
            b'[' | b'\\' | b']' | b'^' | b'{' | b'|' | b'}' | b'~' => 2,
            b'`' => 0,
            _ => 1,
        };
        at += 1;
    }
    (all[b'\n' as usize], all[b'\r' as usize], all[0x0c]) = (1, 1, 2);
    all
};

/// Whether a character is in the basic table (one septet).
pub fn is_basic(c: char) -> bool {
    septets_of(c) == Some(1)
}
