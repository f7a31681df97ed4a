//! The sheet by which texts are registered (DLT): a row for each text in each language, as CSV (RFC 4180).

use crate::menu::{Letters, Message, Path, Piece, Program, RegisteredText, Root, Tag, Template, Value, Variable};
use crate::text::septets_of;

const HEAD: [&str; 12] = [
    "message",
    "language",
    "name",
    "entity",
    "header",
    "kind",
    "content type",
    "template id",
    "template",
    "variables",
    "sample values",
    "sample message",
];

/// What tells a spreadsheet that a file is UTF-8: without it many show Hindi as rubbish.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The rows of messages that name an entity; where `only_new`, of texts without an id.
pub fn sheet(program: &Program, only_new: bool) -> String {
    let mut out = format!("{BYTE_ORDER_MARK}{}", row(HEAD));
    for message in program.messages.iter().filter(|message| message.entity.is_some()) {
        for (language, registered) in program.languages.iter().zip(&message.registered) {
            let template = message.text.of(registered.language);
            let own = program.language(registered.language).code == language.code;
            if own && !(only_new && registered.template.is_some()) {
                out.push_str(&row(cells(program, message, registered, template).each_ref().map(String::as_str)));
            }
        }
    }
    out
}

fn cells(program: &Program, message: &Message, registered: &RegisteredText, template: &Template) -> [String; 12] {
    let language = &program.language(template.language).code;
    let text = registered.written();
    let samples: Vec<Option<Value>> =
        message.takes.iter().map(|variable| Some(Value::Text(sample(program, variable)))).collect();
    // One for each hole of the text, in its order: so the registry asks for them.
    let holes: Vec<&Variable> = template
        .pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Slot(Path { root: Root::Slot(slot), .. }, _) => message.takes.get(slot.index()),
            _ => None,
        })
        .collect();
    let shown = holes.iter().map(|variable| format!("{}={}", variable.name, sample(program, variable)));
    let variables = holes.iter().map(|variable| format!("{}={}", variable.name, variable.tag.name()));
    [
        message.name.clone(),
        language.clone(),
        format!("{}.{language}", message.name),
        message.entity.clone().unwrap_or_default(),
        message.header.clone(),
        message.kind.name().to_owned(),
        if text.chars().all(|c| septets_of(c).is_some()) { "text" } else { "unicode" }.to_owned(),
        registered.template.clone().unwrap_or_default(),
        text,
        variables.collect::<Vec<_>>().join("; "),
        shown.collect::<Vec<_>>().join("; "),
        message.written(program, template.language, &samples).text,
    ]
}

/// A value as somebody at the registry would expect one: by what it is called, else by how long it may be.
fn sample(program: &Program, variable: &Variable) -> String {
    let max = usize::from(variable.max);
    let first_fitting =
        |samples: &[&str]| samples.iter().find(|sample| sample.chars().count() <= max).map(ToString::to_string);
    let named = NAMED.iter().find(|(name, _)| variable.name.split('_').any(|word| word == *name));
    let sample = match (variable.tag, variable.letters) {
        // Amounts have no length of their own; numbers with one are mostly as long as they may be.
        (Tag::Numeric, _) if max >= AMOUNT.len() && AMOUNTS.contains(&variable.name.as_str()) => AMOUNT.to_owned(),
        (Tag::Numeric, _) => DIGITS.chars().take(max).collect(),
        (Tag::Alphanumeric, Letters::Any) => "लखनऊ".to_owned(),
        (Tag::Alphanumeric, _) => named
            .and_then(|(_, sample)| first_fitting(&[sample]))
            .or_else(|| first_fitting(&["Lucknow", "Delhi", "Agra", "Yes"]))
            .unwrap_or_else(|| "A1".to_owned()),
        (Tag::Url | Tag::Urlott, _) => {
            format!("{}abc", program.allowed.links.first().map_or("https://example.org/", String::as_str))
        }
        (Tag::Cbn, _) => program.allowed.numbers.first().map_or("18001234567", String::as_str).to_owned(),
        (Tag::Email, _) => "help@example.org".to_owned(),
    };
    sample.chars().take(max).collect()
}

/// Words in the names of variables, and what a value of that name looks like.
const NAMED: [(&str, &str); 10] = [
    ("date", "05-11-2026"),
    ("day", "05-11-2026"),
    ("till", "05-11-2026"),
    ("time", "10:30"),
    ("hours", "9:00-17:00"),
    ("month", "11-2026"),
    ("receipt", "K7M2-Q"),
    ("account", "XXXX1234"),
    ("transaction", "TX20261105000001"),
    ("status", "settled"),
];

/// Names of numbers that are sums of money.
const AMOUNTS: [&str; 6] = ["amount", "balance", "rupees", "added", "price", "paid"];
const AMOUNT: &str = "1250.00";
const DIGITS: &str = "123456789012345678901234567890123456789012";

fn row<const N: usize>(cells: [&str; N]) -> String {
    let cells = cells.map(|cell| {
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    });
    format!("{}\r\n", cells.join(","))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::menu::compile;
    use crate::source::{Files, render};

    #[test]
    fn the_sheet_has_a_row_for_each_registered_text() {
        let mut files = Files::default();
        files.add(
            "bridge.yaml",
            "languages: {en: English, hi: हिन्दी}\nussd: {\"*1#\": home}\nlinks: [\"https://a.example/l/\"]\n",
        );
        files.add("home.yaml", "menu: home\nscreens: {top: {end: \"1\"}}\n");
        let messages = r#"
header: EPFOHO
kind: service
messages:
  claim:
    entity: "1101000000000000001"
    takes: {status: alphanumeric 5, amount: numeric, link: url}
    texts:
      en: {template: "1107000000000000001", text: 'Your "claim", Rs {{ amount }}, is {{ status }}: {{ link }}'}
      hi: "Rs {{ amount }} का दावा: {{ status }} {{ link }}"
  other: {texts: {en: Hello, hi: नमस्ते}}
"#;
        files.add("messages/all.yaml", messages);
        let (program, findings) = compile(&files);
        let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
        let written = sheet(&program, false);
        let written = written.strip_prefix('\u{feff}').expect("a mark that it is UTF-8");
        assert_snapshot!(written.replace('\r', ""), @r#"
        message,language,name,entity,header,kind,content type,template id,template,variables,sample values,sample message
        claim,en,claim.en,1101000000000000001,EPFOHO,service,text,1107000000000000001,"Your ""claim"", Rs {#numeric#}, is {#alphanumeric#}: {#url#}",amount=numeric; status=alphanumeric; link=url,amount=1250.00; status=Delhi; link=https://a.example/l/abc,"Your ""claim"", Rs 1250.00, is Delhi: https://a.example/l/abc"
        claim,hi,claim.hi,1101000000000000001,EPFOHO,service,unicode,,Rs {#numeric#} का दावा: {#alphanumeric#} {#url#},amount=numeric; status=alphanumeric; link=url,amount=1250.00; status=Delhi; link=https://a.example/l/abc,Rs 1250.00 का दावा: Delhi https://a.example/l/abc
        "#);
        assert_eq!(sheet(&program, true).lines().count(), 2, "what has an id is registered");
    }
    #[test]
    fn samples_look_like_what_they_stand_for() {
        let mut files = Files::default();
        files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
        files.add("home.yaml", "menu: home\nscreens: {top: {end: \"1\"}}\n");
        let messages = r#"
header: GRAMST
kind: service
entity: "1101000000000000001"
messages:
  bridge.otp: {texts: {en: "OTP {{ code }}"}}
  bridge.late_failed: {texts: {en: "Your request {{ receipt }}"}}
  bridge.paid: {texts: {en: "Rs {{ amount }} paid to {{ biller }} for {{ account }} on {{ date }} at {{ time }}: {{ transaction }}"}}
  pnr: {takes: {last_day: alphanumeric 10, short: alphanumeric 2, pnr: numeric 10}, texts: {en: "{{ pnr }} {{ last_day }} {{ short }} {{ pnr }}"}}
"#;
        files.add("messages/all.yaml", messages);
        let (program, findings) = compile(&files);
        let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
        let sheet = sheet(&program, false);
        let samples: Vec<&str> = sheet.lines().skip(1).filter_map(|row| row.rsplit(',').next()).collect();
        assert_eq!(
            samples,
            [
                "Your request K7M2-Q",
                "OTP 123456",
                "Rs 1250.00 paid to Lucknow for XXXX1234 on 05-11-2026 at 10:30: TX20261105000001",
                "1234567890 05-11-2026 A1 1234567890"
            ]
        );
    }
}
