//! Segments as they come in: each two bytes (how it is coded, how many octets it has) and its octets. Read alone, with its header, and put
//! together with those before; what was read goes out again.
#![no_main]

use gramsetu::text::sms::{Allowed, Coding, Part, Parts, ReferenceWidth, Udh, read, split};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    let mut parts: Option<Parts> = None;
    while let [how, length, behind @ ..] = rest {
        let (octets, next) = behind.split_at(usize::from(*length).min(behind.len()));
        rest = next;
        if let Ok((header, taken)) = Udh::parse(octets) {
            assert!(taken <= octets.len());
            assert!(header == Udh::default() || Udh::parse(&header.write()).is_ok_and(|(again, _)| again == header));
        }
        let counted = (how & 0x10 != 0).then_some(u16::from(*length));
        let coding = match how & 3 {
            0 => Coding::Septets,
            1 => Coding::Ucs2,
            2 => Coding::Packed { septets: counted },
            _ => match Coding::of(how & 0xfc, counted) {
                Ok(coding) => coding,
                Err(_) => continue,
            },
        };
        let Ok(part) = read(octets, how & 4 != 0, coding) else { continue };
        goes_out_again(&part, how & 8 != 0);
        if !parts.as_mut().is_some_and(|known| known.add(&part).is_ok()) {
            parts = Parts::begin(&part);
        }
        if let Some(known) = &parts {
            assert_eq!(known.text().is_some(), known.missing().next().is_none());
        }
    }
});

fn goes_out_again(part: &Part, is_wide: bool) {
    let text = part.text();
    let reference = if is_wide { ReferenceWidth::Sixteen } else { ReferenceWidth::Eight };
    let segments =
        split(&text, Allowed { national: true, ucs2: true, reference }, 7).expect("a segment fits into some");
    let sent = segments.iter().map(|segment| {
        assert!(segment.octets.len() <= 140);
        let coding = Coding::of(segment.alphabet.data_coding(), Some(segment.length.into())).expect("it is text");
        read(&segment.octets, segment.header.is_some(), coding).expect("it was written so")
    });
    let sent: Vec<Part> = sent.collect();
    let joined = match Parts::of(&sent).expect("they agree") {
        Some(joined) => joined.text().expect("all are there"),
        None => sent[0].text(),
    };
    assert_eq!(joined, text);
}
