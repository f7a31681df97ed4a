//! What is dialled: `*123*4*1#`, in any of the aggregators' spellings.

use std::fmt;

/// A service code without its marks: `123`, `384*1234`. Printed as `*123#`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceCode(String);

impl ServiceCode {
    /// Reads `*123#`, `123`, `*384*1234#`, `713*4`; `None` when it is not digits between stars.
    pub fn parse(text: &str) -> Option<Self> {
        let bare = between_marks(text);
        bare.split('*').all(is_number).then(|| Self(bare.to_owned()))
    }

    /// `123`, `384*1234`
    pub fn bare(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*{}#", self.0)
    }
}

/// A service code and the answers dialled after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialString {
    pub code: ServiceCode,
    /// `*123*4*1#` with the code `123`: `["4", "1"]`.
    pub path: Vec<String>,
}

impl DialString {
    /// Splits what was dialled (`*123*4*1#`, `123*4*1`, `*123*4*1`) at the longest of `codes` that it begins with;
    /// without any such, the first number is the code and the rest the path. Stars that stand doubled or at the end are
    /// slips of the finger and mean nothing. `None` when it is not digits between stars.
    pub fn parse<'a>(text: &str, codes: impl Iterator<Item = &'a ServiceCode>) -> Option<Self> {
        let groups: Vec<_> = between_marks(text).split('*').filter(|group| !group.is_empty()).collect();
        if groups.is_empty() || !groups.iter().all(|group| is_number(group)) {
            return None;
        }
        let length_of = |code: &ServiceCode| {
            let mut dialled = groups.iter();
            let length = code.bare().split('*').count();
            code.bare().split('*').all(|number| dialled.next() == Some(&number)).then_some(length)
        };
        let length = codes.filter_map(length_of).max().unwrap_or(1);
        let (code, path) = groups.split_at_checked(length)?;
        Some(Self { code: ServiceCode(code.join("*")), path: path.iter().map(|&step| step.to_owned()).collect() })
    }
}

/// What stands between the first star and the hash, either of which gateways may leave out.
fn between_marks(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix('*').unwrap_or(text);
    text.strip_suffix('#').unwrap_or(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(text: &str) -> ServiceCode {
        ServiceCode::parse(text).expect("a service code")
    }

    fn dial(text: &str, codes: &[&str]) -> Option<(String, String)> {
        let codes: Vec<_> = codes.iter().map(|text| code(text)).collect();
        let dialled = DialString::parse(text, codes.iter())?;
        Some((dialled.code.bare().to_owned(), dialled.path.join(" ")))
    }

    fn split(code: &str, path: &str) -> (String, String) {
        (code.to_owned(), path.to_owned())
    }

    #[test]
    fn service_codes_have_one_form() {
        for (text, bare) in
            [("*123#", "123"), ("123", "123"), (" *123 ", "123"), ("*384*1234#", "384*1234"), ("713*4", "713*4")]
        {
            assert_eq!(code(text).bare(), bare);
            assert_eq!(code(text).to_string(), format!("*{bare}#"));
        }
        for text in ["", "*#", "**123#", "*123*#", "*12a#", "*123##", "#123", "*12 3#", "*१२३#"] {
            assert_eq!(ServiceCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_dialled_is_split_at_the_code() {
        for text in ["*123*4*1#", "123*4*1", "*123*4*1", "123*4*1#", "*123**4*1*#"] {
            assert_eq!(dial(text, &["123"]), Some(split("123", "4 1")), "{text}");
        }
        assert_eq!(dial("*123#", &["123"]), Some(split("123", "")));
    }

    #[test]
    fn the_longest_code_counts() {
        let codes = ["713", "713*4", "713*40"];
        assert_eq!(dial("*713*4*3*5#", &codes), Some(split("713*4", "3 5")));
        assert_eq!(dial("*713*5#", &codes), Some(split("713", "5")));
        assert_eq!(dial("*713*40#", &codes), Some(split("713*40", "")));
        assert_eq!(dial("*7134#", &codes), Some(split("7134", "")), "a number is not split");
        assert_eq!(dial("*99*1#", &codes), Some(split("99", "1")), "of no known code, the first number");
    }

    #[test]
    fn what_is_not_dialled_is_refused() {
        for text in ["", "*", "#", "*#", "hello", "*123*a#", "*123#4", "*12#*3#", "*123*१#"] {
            assert_eq!(dial(text, &["123"]), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_dialled_or_refused(text in any::<String>()) {
            let _ = dial(&text, &["123"]);
            let _ = ServiceCode::parse(&text);
        }

        #[test]
        fn all_spellings_are_the_same(code in "[0-9]{1,4}(\\*[0-9]{1,4})?", path in prop::collection::vec("[0-9]{1,5}", 0..5)) {
            let steps: Vec<_> = std::iter::once(code.as_str()).chain(path.iter().map(String::as_str)).collect();
            let dialled = format!("*{}", steps.join("*"));
            let expected = Some(split(&code, &path.join(" ")));
            for text in [format!("{dialled}#"), dialled.clone(), dialled[1..].to_owned(), format!("{}#", &dialled[1..])] {
                prop_assert_eq!(dial(&text, &[&code]), expected.clone());
            }
        }

        #[test]
        fn a_printed_code_reads_back(text in "\\*?[0-9*]{1,12}#?") {
            if let Some(code) = ServiceCode::parse(&text) {
                prop_assert_eq!(ServiceCode::parse(&code.to_string()), Some(code));
            }
        }
    }
}
