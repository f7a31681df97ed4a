//! Any sequence of events on the shipped program, one a line (see `Phone::line`).
#![no_main]

use gramsetu_fuzz::{PROGRAM, Phone};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut phone = Phone::new(&PROGRAM);
    phone.line(b"#");
    for line in bytes.split(|&byte| byte == b'\n') {
        phone.line(line);
    }
});
