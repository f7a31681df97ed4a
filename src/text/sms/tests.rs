//! Laws of splitting, and what texts take.

use proptest::prelude::*;

use super::alphabet::Frame;
use super::clusters::clusters;
use super::split::cuts;
use super::tables::Places;
use super::*;

const NARROW: Allowed = Allowed { national: false, ucs2: true, reference: ReferenceWidth::Eight };
const NATIONAL: Allowed = Allowed { national: true, ..NARROW };
const GSM_ONLY: Allowed = Allowed { ucs2: false, ..NARROW };

const HINDI: Alphabet = Alphabet::Gsm7 { locking: Some(National::Hindi), single: Some(National::Hindi) };

fn taken(text: &str, allowed: Allowed) -> (Alphabet, u32, u16) {
    let Size { alphabet, units, segments } = size(text, allowed).unwrap_or_else(|unfit| panic!("{text:?}: {unfit}"));
    (alphabet, units, segments)
}

fn segments(text: &str, allowed: Allowed) -> u16 {
    taken(text, allowed).2
}

fn pieces(text: &str, allowed: Allowed) -> Vec<&str> {
    split(text, allowed, 0xabcd).expect("it fits").into_iter().map(|segment| segment.text).collect()
}

#[test]
fn a_segment_is_full_at_its_limit() {
    let wide = Allowed { reference: ReferenceWidth::Sixteen, ..NARROW };
    for (letter, limits) in [
        ("x", [(160, NARROW, 1), (161, NARROW, 2), (306, NARROW, 2), (307, NARROW, 3), (304, wide, 2), (305, wide, 3)]),
        // An escape does not go in two.
        ("€", [(80, NARROW, 1), (81, NARROW, 2), (152, NARROW, 2), (153, NARROW, 3), (152, wide, 2), (153, wide, 3)]),
        ("क", [(70, NARROW, 1), (71, NARROW, 2), (134, NARROW, 2), (135, NARROW, 3), (132, wide, 2), (133, wide, 3)]),
        ("😀", [(35, NARROW, 1), (36, NARROW, 2), (66, NARROW, 2), (67, NARROW, 3), (66, wide, 2), (67, wide, 3)]),
    ] {
        for (letters, allowed, expected) in limits {
            assert_eq!(segments(&letter.repeat(letters), allowed), expected, "{letters} {letter}");
        }
    }
    assert_eq!(taken("", GSM_ONLY), (Alphabet::DEFAULT, 0, 1));
}

#[test]
fn national_tables_where_they_spare_a_segment() {
    let locking = Alphabet::Gsm7 { locking: Some(National::Hindi), single: None };
    assert_eq!(taken(&"नमस्ते".repeat(20), NATIONAL), (locking, 120, 1));
    assert_eq!(taken(&"क".repeat(155), NATIONAL), (locking, 155, 1));
    assert_eq!(taken(&"क".repeat(156), NATIONAL), (locking, 156, 2));
    assert_eq!(taken(&format!("{}।", "क".repeat(150)), NATIONAL), (HINDI, 152, 1));
    assert_eq!(taken(&format!("{}।", "क".repeat(151)), NATIONAL), (HINDI, 153, 2));
    // A single shift table alone takes less of a header than both.
    let spanish = Alphabet::Gsm7 { locking: None, single: Some(National::Spanish) };
    assert_eq!(taken(&format!("{}á", "x".repeat(100)), NATIONAL), (spanish, 102, 1));
    assert_eq!(taken(&"x".repeat(200), NATIONAL).0, Alphabet::DEFAULT, "no table is better than none");
    // Turkish has the euro sign as one septet: a segment less is a segment less.
    let turkish = Alphabet::Gsm7 { locking: Some(National::Turkish), single: None };
    assert_eq!(taken(&"€".repeat(100), NATIONAL), (turkish, 100, 1));
    let straddling = format!("{}{}", "x".repeat(152), "€".repeat(77));
    assert_eq!(segments(&straddling, NARROW), 3, "306 septets, but not in two halves");
    assert_eq!(taken(&straddling, NATIONAL), (turkish, 229, 2));
    assert_eq!(taken("₹ नमस्ते", NATIONAL), (Alphabet::Ucs2, 8, 1), "no table has the sign");
    // Two full segments, if the escape were not at their border; it is so with each language that has the danda.
    let gujarati = Alphabet::Gsm7 { locking: None, single: Some(National::Gujarati) };
    assert_eq!(taken(&format!("{0}।{0}", "x".repeat(148)), NATIONAL), (gujarati, 298, 3));
}

#[test]
fn where_national_tables_save_no_segment_every_phone_can_read_it() {
    for text in ["नमस्ते", "Está bien", "şişe", &"न".repeat(70)] {
        let tables = Allowed { ucs2: false, ..NATIONAL };
        assert_eq!(segments(text, tables), segments(text, NATIONAL), "{text}");
        assert_eq!(taken(text, NATIONAL).0, Alphabet::Ucs2, "{text}");
    }
    assert_ne!(taken(&"न".repeat(71), NATIONAL).0, Alphabet::Ucs2, "a segment less is a segment less");
}

/// What a citizen is told of a provident fund, in ten languages: two segments in UCS-2, one with national tables.
#[test]
fn a_message_in_a_language_of_india_is_one_segment_with_its_tables() {
    for (language, text) in [
        (
            National::Hindi,
            "प्रिय सदस्य, आपके खाते PYKRP00101230000 में 12/2025 तक शेष राशि Rs. 1,23,456 है। पिछला अंशदान Rs. 3,600 जमा हुआ। EPFO",
        ),
        (
            National::Gujarati,
            "પ્રિય સભ્ય, તમારા ખાતા PYKRP0010123 માં 12/2025 સુધી બેલેન્સ Rs. 1,23,456 છે. છેલ્લું યોગદાન Rs. 3,600 જમા થયું. EPFO",
        ),
        (
            National::Kannada,
            "ಪ್ರಿಯ ಸದಸ್ಯರೇ, ನಿಮ್ಮ ಖಾತೆ PYKRP0010123 ರಲ್ಲಿ 12/2025 ರವರೆಗೆ ಶಿಲ್ಕು Rs. 1,23,456. ಕೊನೆಯ ವಂತಿಗೆ Rs. 3,600 ಜಮಾ. EPFO",
        ),
        (
            National::Tamil,
            "அன்புள்ள உறுப்பினரே, உங்கள் கணக்கு PYKRP0010123 இல் 12/2025 வரை இருப்பு Rs. 1,23,456. கடைசி பங்களிப்பு Rs. 3,600. EPFO",
        ),
        (
            National::Telugu,
            "ప్రియ సభ్యుడా, మీ ఖాతా PYKRP0010123 లో 12/2025 వరకు నిల్వ Rs. 1,23,456. చివరి చందా Rs. 3,600 జమ అయింది. EPFO",
        ),
        (
            National::Bengali,
            "প্রিয় সদস্য, আপনার অ্যাকাউন্ট PYKRP0010123 এ 12/2025 পর্যন্ত জমা Rs. 1,23,456. শেষ চাঁদা Rs. 3,600 জমা হয়েছে. EPFO",
        ),
    ] {
        let own = Alphabet::Gsm7 { locking: Some(language), single: Some(language) };
        assert_eq!((taken(text, NATIONAL).0, segments(text, NATIONAL)), (own, 1), "{text}");
        assert_eq!((taken(text, NARROW).0, segments(text, NARROW)), (Alphabet::Ucs2, 2), "{text}");
    }
}

#[test]
fn the_first_character_that_does_not_fit_is_told() {
    assert_eq!(size("Rs नम", GSM_ONLY), Err(Unfit::Foreign { character: 'न', at: 3 }));
    let national_only = Allowed { national: true, ..GSM_ONLY };
    assert_eq!(size("नमस्ते ₹", national_only), Err(Unfit::Foreign { character: '₹', at: "नमस्ते ".len() }));
    assert_eq!(
        size("aकಕ", national_only),
        Err(Unfit::Foreign { character: 'क', at: 1 }),
        "no pair of tables has both and more"
    );
    assert_eq!(
        size("\u{1b}", GSM_ONLY),
        Err(Unfit::Foreign { character: '\u{1b}', at: 0 }),
        "the escape is no character"
    );
}

#[test]
fn a_message_has_at_most_255_parts() {
    assert_eq!(segments(&"x".repeat(255 * 153), NARROW), 255);
    assert_eq!(size(&"x".repeat(255 * 153 + 1), NARROW), Err(Unfit::TooLong));
    assert_eq!(size(&"क".repeat(255 * 67 + 1), NARROW), Err(Unfit::TooLong));
    assert_eq!(split(&"x".repeat(255 * 153 + 1), NARROW, 0), Err(Unfit::TooLong));
}

#[test]
fn cut_before_what_does_not_fit_whole() {
    let before = "x".repeat(152);
    assert_eq!(pieces(&format!("{before}€{before}"), NARROW), [before.as_str(), &format!("€{}", "x".repeat(151)), "x"]);
    let (before, after) = ("क".repeat(65), "र".repeat(30));
    for whole in ["😀", "क्षे", "🇮🇳", "👨\u{200d}👩\u{200d}👧", "ಕ್ಷಿ", "è\u{301}"] {
        let text = format!("{before}र{whole}{after}");
        assert_eq!(pieces(&text, NARROW), [format!("{before}र"), format!("{whole}{after}")], "{whole}");
    }
}

#[test]
fn a_letter_longer_than_a_segment_is_cut() {
    let tall = format!("क{}", "\u{301}".repeat(200));
    let pieces = pieces(&tall, NARROW);
    assert_eq!((pieces.len(), pieces.concat()), (3, tall.clone()));
    let chain = "ಕ್".repeat(60);
    assert!(self::pieces(&chain, NARROW).iter().all(|piece| piece.starts_with('ಕ')));
}

#[test]
fn segments_are_written_as_the_specification_says() {
    let long = "क".repeat(71);
    let [first, second] = &split(&long, NARROW, 0x12cc).expect("it fits")[..] else { panic!("it takes two") };
    assert_eq!((&first.octets[..8], first.length), (&[5, 0, 3, 0xcc, 2, 1, 0x09, 0x15][..], 140));
    assert_eq!((&second.octets[..6], second.length), (&[5, 0, 3, 0xcc, 2, 2][..], 14));
    let wide = Allowed { reference: ReferenceWidth::Sixteen, ..NARROW };
    let segment = &split(&long, wide, 0x12cc).expect("it fits")[1];
    assert_eq!(&segment.octets[..7], [6, 8, 4, 0x12, 0xcc, 2, 2]);
    let alone = &split("hi", NARROW, 1).expect("it fits")[0];
    assert_eq!((alone.header, alone.octets.as_slice(), alone.length), (None, &[0xe8, 0x34][..], 2));
    assert_eq!((Alphabet::DEFAULT.data_coding(), Alphabet::Ucs2.data_coding()), (0, 8));
}

/// Any pair of tables, tried one after the other.
fn cheapest_of_all(text: &str, allowed: Allowed) -> Option<u16> {
    let languages = || std::iter::once(None).chain(National::ALL.map(Some));
    let pairs = languages().flat_map(|locking| languages().map(move |single| Alphabet::Gsm7 { locking, single }));
    let alphabets = pairs.take(if allowed.national { usize::MAX } else { 1 });
    let alphabets = alphabets.chain(allowed.ucs2.then_some(Alphabet::Ucs2));
    let segments = |alphabet| {
        let units = text.chars().map(|c| match alphabet {
            Alphabet::Gsm7 { locking, single } => Places::of(c).septets(locking, single),
            Alphabet::Ucs2 => u32::try_from(c.len_utf16()).ok(),
        });
        let units: u32 = units.sum::<Option<u32>>()?;
        let frame = Frame::of(alphabet, allowed.reference);
        let segments = if units <= frame.alone { 1 } else { cuts(text, alphabet, frame.each).count() };
        u16::try_from(segments).ok()
    };
    alphabets.filter_map(segments).min()
}

fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zA-Z0-9 ,.]{1,30}",
        "[€\\[\\]{}^~|\n\r\u{c}é@]{1,8}",
        "[ğŞıçáÍõÀ∞]{1,8}",
        "[क-ह़ा-्।०-९]{1,30}",
        "[ক-হা-্০-৯]{1,30}",
        "[ಕ-ನಪ-ಹಾ-ು್\u{200d}]{1,30}",
        "[ا-ٺ ۔]{1,30}",
        "[😀👩\u{200d}🇮🇳\u{301}₹“]{1,6}",
        "\\PC{1,10}",
    ];
    prop::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

fn allowed() -> impl Strategy<Value = Allowed> {
    let reference = prop_oneof![Just(ReferenceWidth::Eight), Just(ReferenceWidth::Sixteen)];
    (any::<bool>(), any::<bool>(), reference).prop_map(|(national, ucs2, reference)| Allowed {
        national,
        ucs2,
        reference,
    })
}

/// What a phone makes of segments that come in this order.
fn received<'s>(segments: impl IntoIterator<Item = &'s Segment<'s>>) -> String {
    let parts: Vec<Part> = segments
        .into_iter()
        .map(|segment| {
            let coding = Coding::of(segment.alphabet.data_coding(), Some(segment.length.into())).expect("it is text");
            read(&segment.octets, segment.header.is_some(), coding).expect("it is whole")
        })
        .collect();
    match Parts::of(&parts).expect("they agree") {
        Some(joined) => joined.text().expect("all are there"),
        None => parts[0].text(),
    }
}

proptest! {
    #[test]
    fn what_is_split_and_read_and_joined_is_the_text(text in texts(), allowed in allowed(), reference: u16, turned: bool) {
        if let Ok(mut segments) = split(&text, allowed, reference) {
            prop_assert_eq!(segments.iter().map(|segment| segment.text).collect::<String>(), text.clone());
            if turned {
                segments.reverse();
            }
            prop_assert_eq!(received(&segments), text);
        }
    }

    #[test]
    fn segments_are_those_that_were_counted_and_fit(text in texts(), allowed in allowed(), reference: u16) {
        match (size(&text, allowed), split(&text, allowed, reference)) {
            (Ok(size), Ok(segments)) => {
                prop_assert_eq!(segments.len(), usize::from(size.segments));
                for segment in &segments {
                    prop_assert!(segment.octets.len() <= 140 && segment.alphabet == size.alphabet);
                    let octets = match segment.alphabet {
                        Alphabet::Gsm7 { .. } => (usize::from(segment.length) * 7).div_ceil(8),
                        Alphabet::Ucs2 => segment.length.into(),
                    };
                    prop_assert_eq!(segment.octets.len(), octets);
                    prop_assert_eq!(segment.header.map(|header| header.write().len()).unwrap_or_default(), segment.header.map_or(0, |_| usize::from(segment.octets[0]) + 1));
                }
            }
            (size, segments) => prop_assert_eq!(size.err(), segments.err()),
        }
    }

    #[test]
    fn no_other_alphabet_takes_fewer_segments(text in texts(), allowed in allowed()) {
        prop_assert_eq!(size(&text, allowed).ok().map(|size| size.segments), cheapest_of_all(&text, allowed));
    }

    #[test]
    fn cuts_stand_between_letters(text in texts(), allowed in allowed()) {
        if let Ok(segments) = split(&text, allowed, 0) {
            let longest = clusters(&text).map(|cluster| cluster.encode_utf16().count()).max().unwrap_or_default();
            let whole = clusters(&text).count();
            let cut: usize = segments.iter().map(|segment| clusters(segment.text).count()).sum();
            prop_assert!(longest > 60 || cut == whole);
        }
    }

    /// Where no cluster is longer than a character, counts are a division.
    #[test]
    fn plain_texts_are_counted_by_dividing(plain in "[a-z .]{0,700}", foreign in "[क-ह ]{0,300}") {
        let units = u16::try_from(plain.len()).expect("it is short");
        prop_assert_eq!(segments(&plain, NARROW), if units <= 160 { 1 } else { units.div_ceil(153) });
        let text = format!("क{foreign}");
        let units = u16::try_from(text.chars().count()).expect("it is short");
        prop_assert_eq!(segments(&text, NARROW), if units <= 70 { 1 } else { units.div_ceil(67) });
        let expected = if units <= 155 { 1 } else { units.div_ceil(149) };
        prop_assert_eq!(segments(&text, Allowed { ucs2: false, ..NATIONAL }), expected);
    }
}
