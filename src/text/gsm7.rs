//! The GSM 7-bit default alphabet and its extension table. 3GPP TS 23.038 sections 6.2.1 and 6.2.1.1.
//!
//! Only how many septets a character takes; gateways take text, so nothing here packs septets into octets.

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

#[cfg(test)]
mod tests {
    use super::*;

    /// The default alphabet in the order of its codes 0x00 to 0x7F, without 0x1B (the escape).
    const BASIC: &str = concat!(
        "@£$¥èéùìòÇ\nØø\rÅå",
        "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ",
        " !\"#¤%&'()*+,-./",
        "0123456789:;<=>?",
        "¡ABCDEFGHIJKLMNO",
        "PQRSTUVWXYZÄÖÑÜ§",
        "¿abcdefghijklmno",
        "pqrstuvwxyzäöñüà",
    );

    /// The extension table in the order of its codes: 0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C to 0x3E, 0x40, 0x65.
    const EXTENSION: &str = "\u{c}^{}\\[~]|€";

    #[test]
    fn exactly_the_characters_of_the_tables_have_septets() {
        assert_eq!(BASIC.chars().count(), 127);
        for c in char::MIN..=char::MAX {
            let expected = match c {
                c if BASIC.contains(c) => Some(1),
                c if EXTENSION.contains(c) => Some(2),
                _ => None,
            };
            assert_eq!(septets_of(c), expected, "{c:?}");
        }
    }
}
