//! Percent-encoding, RFC 3986 section 2.1, for whoever writes or reads addresses and forms. What may stand unescaped differs
//! by place; everything not named is escaped.

use std::borrow::Cow;

/// RFC 3986 section 2.3: characters that never have a meaning of their own.
const fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// A value: nothing of it may be read as syntax, whether in a path segment, a query or a form.
pub fn value(text: &str, out: &mut String) {
    push(text, unreserved, out);
}

/// The same of bytes that are no text.
pub fn bytes(bytes: &[u8], out: &mut String) {
    for &byte in bytes {
        push_byte(byte, unreserved(byte), out);
    }
}

/// What the author of a menu wrote in a path or query: delimiters and escapes keep their meaning (section 3.3 `pchar`, 3.4
/// `query`), but a `#` would begin a fragment, and so is escaped like a space or a Devanagari letter.
pub fn written(text: &str, out: &mut String) {
    push(text, |byte| unreserved(byte) || b"!$&'()*+,;=:@/?%".contains(&byte), out);
}

/// What stands is ASCII, and written a run at a time.
fn push(text: &str, stands: impl Fn(u8) -> bool, out: &mut String) {
    let mut rest = text;
    loop {
        let run = rest.bytes().take_while(|byte| stands(*byte)).count();
        let (run, behind) = rest.split_at(run);
        out.push_str(run);
        let mut signs = behind.chars();
        let Some(sign) = signs.next() else { return };
        for byte in sign.encode_utf8(&mut [0; 4]).bytes() {
            push_byte(byte, false, out);
        }
        rest = signs.as_str();
    }
}

fn push_byte(byte: u8, stands: bool, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if stands {
        return out.push(char::from(byte));
    }
    out.push('%');
    out.push(char::from(HEX[usize::from(byte >> 4)]));
    out.push(char::from(HEX[usize::from(byte & 0x0f)]));
}

/// The text that was escaped; `None` when an escape is cut short or the bytes are not UTF-8. `plus` reads `+` as a space,
/// as forms and queries write it.
pub fn read(text: &str, plus: bool) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| byte == b'%' || (plus && byte == b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            b'+' if plus => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// The bytes of a form's name or value as the WHATWG URL standard reads them: `+` as a space, `%41` as its byte; a percent
/// sign without two digits after it stands for itself.
pub fn read_leniently(escaped: &[u8]) -> Cow<'_, [u8]> {
    if !escaped.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(escaped);
    }
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some((&byte, behind)) = rest.split_first() {
        let escape = match behind {
            [high, low, behind @ ..] if byte == b'%' => hex(*high).zip(hex(*low)).zip(Some(behind)),
            _ => None,
        };
        let (read, behind) = match escape {
            Some(((high, low), behind)) => (high << 4 | low, behind),
            None => (if byte == b'+' { b' ' } else { byte }, behind),
        };
        bytes.push(read);
        rest = behind;
    }
    Cow::Owned(bytes)
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_written_path_keeps_its_delimiters() {
        let mut out = String::new();
        written("/a b/ç?x=%20&y=#", &mut out);
        assert_eq!(out, "/a%20b/%C3%A7?x=%20&y=%23");
    }

    #[test]
    fn a_damaged_escape_is_refused() {
        assert_eq!(read("%4", false), None);
        assert_eq!(read("%zz", false), None);
        assert_eq!(read("%ff", false), None);
        assert_eq!(read("a+b%2B", true).as_deref(), Some("a b+"));
    }

    #[test]
    fn forms_are_read_as_far_as_they_go() {
        assert_eq!(read_leniently(b"a+b%2B%4").as_ref(), b"a b+%4");
        assert_eq!(read_leniently(b"%zz%ff%").as_ref(), b"%zz\xff%");
    }

    proptest! {
        #[test]
        fn a_value_comes_back_and_holds_no_syntax(text in any::<String>()) {
            let mut out = String::new();
            value(&text, &mut out);
            prop_assert!(out.bytes().all(|byte| unreserved(byte) || byte == b'%'));
            prop_assert_eq!(read_leniently(out.as_bytes()), Cow::Borrowed(text.as_bytes()));
            prop_assert_eq!(read(&out, false), Some(Cow::Borrowed(text.as_str())));
            let mut same = String::new();
            bytes(text.as_bytes(), &mut same);
            prop_assert_eq!(same, out);
        }
    }
}
