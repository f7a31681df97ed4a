//! The sheet by which texts are registered (DLT): a row for each text in each language, as CSV (RFC 4180).

use crate::menu::{Letters, Message, Program, RegisteredText, Tag, Template, Value, Variable};
use crate::text::septets_of;
use crate::types::MessageKind;

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

/// The rows of messages that name an entity; where `only_new`, of texts without an id.
pub fn sheet(program: &Program, only_new: bool) -> String {
    let mut out = row(HEAD);
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
    let shown = message.takes.iter().map(|variable| format!("{}={}", variable.name, sample(program, variable)));
    let kind = match message.kind {
        MessageKind::Transactional => "transactional",
        MessageKind::Service => "service",
        MessageKind::Promotional => "promotional",
        MessageKind::Government => "government",
    };
    let variables = message.takes.iter().map(|variable| format!("{}={}", variable.name, variable.tag.name()));
    [
        message.name.clone(),
        language.clone(),
        format!("{}.{language}", message.name),
        message.entity.clone().unwrap_or_default(),
        message.header.clone(),
        kind.to_owned(),
        if text.chars().all(|c| septets_of(c).is_some()) { "text" } else { "unicode" }.to_owned(),
        registered.template.clone().unwrap_or_default(),
        text,
        variables.collect::<Vec<_>>().join("; "),
        shown.collect::<Vec<_>>().join("; "),
        message.written(program, template.language, &samples).text,
    ]
}

/// A value as somebody at the registry would expect one.
fn sample(program: &Program, variable: &Variable) -> String {
    let sample = match (variable.tag, variable.letters) {
        (Tag::Numeric, _) => "12345".to_owned(),
        (Tag::Alphanumeric, Letters::Any) => "लखनऊ".to_owned(),
        (Tag::Alphanumeric, _) => "Lucknow".to_owned(),
        (Tag::Url | Tag::Urlott, _) => {
            format!("{}abc", program.allowed.links.first().map_or("https://example.org/", String::as_str))
        }
        (Tag::Cbn, _) => program.allowed.numbers.first().map_or("18001234567", String::as_str).to_owned(),
        (Tag::Email, _) => "help@example.org".to_owned(),
    };
    sample.chars().take(usize::from(variable.max)).collect()
}

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
        assert_snapshot!(sheet(&program, false).replace('\r', ""), @r#"
        message,language,name,entity,header,kind,content type,template id,template,variables,sample values,sample message
        claim,en,claim.en,1101000000000000001,EPFOHO,service,text,1107000000000000001,"Your ""claim"", Rs {#numeric#}, is {#alphanumeric#}: {#url#}",status=alphanumeric; amount=numeric; link=url,status=Luckn; amount=12345; link=https://a.example/l/abc,"Your ""claim"", Rs 12345, is Luckn: https://a.example/l/abc"
        claim,hi,claim.hi,1101000000000000001,EPFOHO,service,unicode,,Rs {#numeric#} का दावा: {#alphanumeric#} {#url#},status=alphanumeric; amount=numeric; link=url,status=Luckn; amount=12345; link=https://a.example/l/abc,Rs 12345 का दावा: Luckn https://a.example/l/abc
        "#);
        assert_eq!(sheet(&program, true).lines().count(), 2, "what has an id is registered");
    }
}
