//! SMS as others count and read them: the same tables, alphabets, segments and octets as three libraries for Python.

use std::io::Write as _;
use std::process::{Command, Stdio};

use fastrand::Rng;
use serde_json::{Value, json};

use gramsetu::text::sms::{Allowed, Alphabet, Coding, National, Reference, ReferenceWidth, Segment, read, size, split};

/// What the peers answer, one for each question.
fn answers(questions: &[Value]) -> Vec<Value> {
    const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers/bin/python");
    let mut command = Command::new(PYTHON);
    command.arg("tests/it/peers/sms.py").env("PYTHONUTF8", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    let missing = "./test installs what is missing: python3 -m venv target/peers && \
                   target/peers/bin/pip install --require-hashes -r tests/it/peers/requirements.txt";
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{missing}\n{error}"));
    let mut input = child.stdin.take().expect("it is piped");
    let lines = questions.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let done = child.wait_with_output().expect("the peers end");
    assert!(done.status.success(), "the peers failed; if a library is missing, {missing}");
    writing.join().expect("no panic").expect("the peers read");
    let answers = String::from_utf8(done.stdout).expect("JSON is UTF-8");
    let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), questions.len());
    answers
}

fn number(value: &Value) -> u32 {
    value.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_else(|| panic!("{value} is no number"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

fn octets(hex: &Value) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text(hex).as_bytes()).expect("hexadecimal")
}

fn identifier(language: Option<National>) -> u8 {
    language.map_or(0, National::id)
}

/// A header that names these tables.
fn tables_header(locking: u8, single: u8) -> Vec<u8> {
    vec![6, 0x24, 1, single, 0x25, 1, locking]
}

const BASIC: &str = "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// Characters of which each is a letter by itself, whatever stands beside it, and those that belong to the one before.
#[rustfmt::skip]
const SCRIPTS: [(&str, &str); 14] = [
    (BASIC, ""),
    (EXTENSION, ""),
    ("ğŞşıİçÁÍÓÚáíóúÀÂÃÕãõêÊÔô∞ªº", ""),
    ("漢字かな₹“”…😀🚜", ""),
    ("अआइकखगघचजटतदनपबमयरलवशसहॐ।०१२", "\u{902}\u{93e}\u{93f}\u{940}\u{941}\u{947}\u{94d}\u{93c}"),
    ("অআইকখগচজটতদনপবমযরলশসহ০১২", "\u{982}\u{9be}\u{9bf}\u{9c0}\u{9c7}\u{9cd}"),
    ("અઆઇકખગચજટતદનપબમયરલવશસહ૦૧૨", "\u{a82}\u{abe}\u{abf}\u{ac0}\u{ac7}\u{acd}"),
    ("ಅಆಇಕಖಗಚಜಟಡತದನಪಬಮಯರಲವಶಸಹ೦೧೨", "\u{c82}\u{cbe}\u{cbf}\u{cc1}\u{cc6}\u{ccd}"),
    ("അആഇകഖഗചജടതദനപബമയരലവശസഹ൧൨ൻർൽ", "\u{d02}\u{d3e}\u{d3f}\u{d41}\u{d46}\u{d4d}"),
    ("ଅଆଇକଖଗଚଜଟତଦନପବମଯରଲଶସହ୦୧୨", "\u{b02}\u{b3e}\u{b3f}\u{b41}\u{b47}\u{b4d}"),
    ("ਅਆਇਕਖਗਚਜਟਤਦਨਪਬਮਯਰਲਵਸਹ੦੧੨", "\u{a02}\u{a3e}\u{a3f}\u{a41}\u{a47}\u{a4d}"),
    ("அஆஇகசடதநபமயரலவஸஹ௧௨", "\u{bbe}\u{bbf}\u{bc1}\u{bc6}\u{bcd}"),
    ("అఆఇకఖగచజటతదనపబమయరలవశసహ౦౧౨€", "\u{c02}\u{c3e}\u{c3f}\u{c41}\u{c46}\u{c4d}"),
    ("اآبپتٹثجچحخدڈرزسشصطعفقکگلمنوہءیے۔۰۱،؟", ""),
];

fn any_of(rng: &mut Rng, characters: &str) -> Option<char> {
    rng.choice(characters.chars().collect::<Vec<_>>())
}

/// A text of up to three scripts; only letters where nothing may belong to what stands before it.
fn any_text(rng: &mut Rng, with_marks: bool) -> String {
    let mut text = String::new();
    // As long as one segment, a bit more, or several.
    let most = [80, 170, 600][rng.usize(..3)];
    let length = rng.usize(0..most);
    let scripts: Vec<(&str, &str)> = (0..rng.usize(1..4)).map(|_| SCRIPTS[rng.usize(..SCRIPTS.len())]).collect();
    while text.chars().count() < length {
        let (letters, marks) = scripts[rng.usize(..scripts.len())];
        for _ in 0..rng.usize(1..30) {
            text.extend(any_of(rng, letters));
            if with_marks && rng.u8(..3) == 0 {
                text.extend(any_of(rng, marks));
            }
        }
    }
    text
}

fn any_allowed(rng: &mut Rng) -> Allowed {
    let reference = if rng.bool() { ReferenceWidth::Sixteen } else { ReferenceWidth::Eight };
    Allowed { national: rng.bool(), ucs2: rng.u8(..4) > 0, reference }
}

#[test]
fn every_code_of_every_table_is_the_character_that_others_read() {
    let [answer] = &answers(&[json!({"ask": "tables"})])[..] else { panic!("one question, one answer") };
    let tables =
        ["locking", "single"].into_iter().flat_map(|kind| (0..).zip(list(&answer[kind])).map(move |of| (kind, of)));
    let mut cells = 0;
    for (kind, (language, known)) in tables {
        let known: Vec<(u32, &str)> = list(known).iter().map(|cell| (number(&cell[0]), text(&cell[1]))).collect();
        for code in (0..0x80_u8).filter(|code| *code != 0x1b) {
            let is_single = kind == "single";
            let (header, escape) =
                if is_single { (tables_header(0, language), 0x1b) } else { (tables_header(language, 0), code) };
            let said = if is_single { vec![escape, code] } else { vec![code] };
            let ours = read(&[header, said].concat(), true, Coding::Septets).expect("it is text").text();
            let theirs = known.iter().find(|(at, _)| *at == u32::from(code)).map(|(_, character)| *character);
            // A code without a character is a space, or what the other table has.
            let none = if is_single {
                read(&[code], false, Coding::Septets).expect("it is text").text()
            } else {
                " ".to_owned()
            };
            assert_eq!(ours, theirs.unwrap_or(&none), "{kind} {language} {code:02x}");
            cells += usize::from(theirs.is_some());
        }
    }
    assert!(cells > 2000, "{cells}");
}

struct Sent {
    text: String,
    allowed: Allowed,
    reference: u16,
}

impl Sent {
    fn segments(&self) -> Vec<Segment<'_>> {
        split(&self.text, self.allowed, self.reference).expect("it fits")
    }
}

#[test]
fn others_read_what_was_split_and_say_the_same_of_its_parts() {
    let mut rng = Rng::with_seed(6);
    let mut cases = Vec::new();
    while cases.len() < 500 {
        let case = Sent { text: any_text(&mut rng, true), allowed: any_allowed(&mut rng), reference: rng.u16(..) };
        if size(&case.text, case.allowed).is_ok() {
            cases.push(case);
        }
    }
    let ask = |segment: &Segment<'_>| {
        let octets = data_encoding::HEXUPPER.encode(&segment.octets);
        let coding = segment.alphabet.data_coding();
        json!({"ask": "read", "octets": octets, "length": segment.length, "coding": coding, "header": segment.header.is_some()})
    };
    let questions: Vec<Value> =
        cases.iter().flat_map(|case| case.segments().iter().map(ask).collect::<Vec<_>>()).collect();
    let mut answers = answers(&questions).into_iter();
    let (mut several, mut shifted) = (0, 0);
    for case in &cases {
        let segments = case.segments();
        for (number, segment) in (1..).zip(&segments) {
            let answer = answers.next().expect("each was asked");
            assert_eq!(text(&answer["text"]), segment.text);
            let reference = match segment.header.and_then(|header| header.concatenation).map(|part| part.reference) {
                Some(Reference::Eight(reference)) => Some(u16::from(reference)),
                Some(Reference::Sixteen(reference)) => Some(reference),
                None => None,
            };
            assert_eq!(answer["part"], json!(reference.map(|reference| (reference, segments.len(), number))));
        }
        several += usize::from(segments.len() > 1);
        shifted += usize::from(!matches!(segments[0].alphabet, Alphabet::DEFAULT | Alphabet::Ucs2));
    }
    assert!(several > 100 && shifted > 50, "{several} long, {shifted} with national tables");
}

#[test]
fn others_count_the_same() {
    let mut rng = Rng::with_seed(66);
    let any_case = |with_marks| (any_text(&mut rng, with_marks), with_marks, any_allowed(&mut rng));
    let cases: Vec<(String, bool, Allowed)> = [false, true].repeat(150).into_iter().map(any_case).collect();
    let ask = |(text, _, allowed): &(String, bool, Allowed)| json!({"ask": "size", "text": text, "national": allowed.national, "wide": allowed.reference == ReferenceWidth::Sixteen});
    let answers = answers(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut refused = 0;
    for ((text, with_marks, allowed), answer) in cases.iter().zip(answers) {
        let septets = list(&answer["septets"]);
        let ucs2 = allowed.ucs2.then(|| (number(&answer["ucs2"][0]), number(&answer["ucs2"][1])));
        let Ok(ours) = size(text, *allowed) else {
            assert!(septets.is_empty() && ucs2.is_none(), "{text:?} {allowed:?}");
            refused += 1;
            continue;
        };
        let (units, segments) = match ours.alphabet {
            Alphabet::Ucs2 => ucs2.expect("it is allowed"),
            Alphabet::Gsm7 { locking, single } => {
                let ids = [locking, single].map(|language| u32::from(identifier(language)));
                let own = septets.iter().find(|pair| [number(&pair[0]), number(&pair[1])] == ids);
                own.map(|pair| (number(&pair[2]), number(&pair[3]))).expect("the text can be written so")
            }
        };
        assert_eq!(ours.units, units, "{text:?}");
        let fewest = septets.iter().map(|pair| number(&pair[3])).chain(ucs2.map(|(_, segments)| segments)).min();
        // They cut anywhere. What is cut between letters may take more, and then another alphabet may be the cheaper one.
        if *with_marks {
            assert!(u32::from(ours.segments) >= segments && Some(segments) >= fewest, "{text:?}");
        } else {
            assert_eq!((u32::from(ours.segments), Some(segments)), (segments, fewest), "{text:?}");
        }
    }
    assert!(refused > 10, "{refused}");
}

#[test]
fn others_split_at_the_same_places() {
    let mut rng = Rng::with_seed(666);
    let cases: Vec<String> = (0..400).map(|_| any_text(&mut rng, false)).filter(|text| !text.is_empty()).collect();
    let answers = answers(&cases.iter().map(|text| json!({"ask": "split", "text": text})).collect::<Vec<_>>());
    for (text, answer) in cases.iter().zip(answers) {
        let ours = split(text, Allowed::default(), 1).expect("it fits");
        assert_eq!(json!(ours[0].alphabet == Alphabet::Ucs2), answer["ucs2"], "{text:?}");
        let parts: Vec<&str> = ours.iter().map(|segment| segment.text).collect();
        assert_eq!(json!(parts), answer["parts"], "{text:?}");
    }
}

#[test]
fn what_others_write_is_read() {
    let mut rng = Rng::with_seed(6666);
    let national = Allowed { national: true, ucs2: false, ..Allowed::default() };
    let mut cases = Vec::new();
    while cases.len() < 300 {
        let text = any_text(&mut rng, true);
        if let Ok(size) = size(&text, national)
            && let Alphabet::Gsm7 { locking, single } = size.alphabet
        {
            cases.push((text, identifier(locking), identifier(single)));
        }
    }
    let ask = |(text, locking, single): &(String, u8, u8)| json!({"ask": "write", "text": text, "locking": locking, "single": single});
    let answers = answers(&cases.iter().map(ask).collect::<Vec<_>>());
    let mut packed = 0;
    for ((text, locking, single), answer) in cases.iter().zip(answers) {
        let septets = octets(&answer["septets"]);
        let part = read(&[tables_header(*locking, *single), septets.clone()].concat(), true, Coding::Septets);
        assert_eq!(part.expect("it is text").text(), *text);
        if !answer["packed"].is_null() {
            let coding = Coding::Packed { septets: u16::try_from(septets.len()).ok() };
            assert_eq!(read(&octets(&answer["packed"]), false, coding).expect("it is text").text(), *text);
            packed += 1;
        }
    }
    assert!(packed > 20, "{packed}");
}
