//! A session's encoding, damaged, then walked. The first byte says how: 255 for a whole encoding behind it, else that many
//! (at most 15) changes of three bytes each, of the encoding that the lines above `---` lead to; the lines below go on.
#![no_main]

use gramsetu::engine::Session;
use gramsetu_fuzz::{Draw, PROGRAM, Phone};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((&how, rest)) = bytes.split_first() else { return };
    let mut draw = Draw(rest);
    let (encoded, after) = if how == 255 {
        (rest.to_vec(), &b"1\n=\n@\n0\n00"[..])
    } else {
        let changes: Vec<_> = (0..how % 16).map(|_| (draw.word(), draw.byte())).collect();
        let mark = draw.0.windows(5).position(|window| window == b"\n---\n");
        let (before, after) = mark.map_or((draw.0, &[][..]), |at| (&draw.0[..at], &draw.0[at + 5..]));
        let mut phone = Phone::new(&PROGRAM);
        phone.line(b"#");
        for line in before.split(|&byte| byte == b'\n') {
            phone.line(line);
        }
        let mut encoded = phone.session.encode();
        for (at, byte) in changes {
            let at = usize::from(at) % encoded.len();
            encoded[at] = byte;
        }
        (encoded, after)
    };
    let Ok(session) = Session::decode(&encoded) else { return };
    assert_eq!(Session::decode(&session.encode()).as_ref(), Ok(&session));
    // Nothing that is logged about a session may fail.
    assert!(!format!("{session:?}").is_empty());
    let mut phone = Phone::with(&PROGRAM, session);
    for line in after.split(|&byte| byte == b'\n') {
        phone.line(line);
    }
});
