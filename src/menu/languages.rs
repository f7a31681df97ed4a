//! Languages of a program: which falls back to which, and what plain phones get.

use super::program::Language;

/// The languages in which a text of `language` is looked for, itself first: `hi`, `hi-Latn`, the first language.
pub(super) fn fallbacks(languages: &[Language], language: usize) -> impl Iterator<Item = usize> {
    let romanised = romanised(languages, language).filter(move |&other| other != language);
    let first = Some(0).filter(move |&first| first != language && Some(first) != romanised);
    std::iter::once(language).chain(romanised).chain(first)
}

/// The same language in Latin letters: `hi-Latn` for `hi`; for itself, itself.
pub(super) fn romanised(languages: &[Language], language: usize) -> Option<usize> {
    let base = base(&languages.get(language)?.code);
    languages.iter().position(|other| is_romanised(&other.code) && self::base(&other.code) == base)
}

pub(super) fn is_romanised(code: &str) -> bool {
    code.split('-').any(|part| part == "Latn")
}

fn base(code: &str) -> &str {
    code.split('-').next().unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::ids::LanguageId;

    fn languages(codes: &[&str]) -> Vec<Language> {
        let language = |code: &&str| Language {
            code: (*code).to_owned(),
            name: String::new(),
            also: Vec::new(),
            circles: Vec::new(),
            plain: LanguageId(0),
        };
        codes.iter().map(language).collect()
    }

    #[test]
    fn a_language_falls_back_to_its_latin_letters_and_then_to_the_first() {
        let all = languages(&["en", "hi", "ta", "hi-Latn"]);
        let order = |at: usize| fallbacks(&all, at).collect::<Vec<_>>();
        assert_eq!(order(0), [0]);
        assert_eq!(order(1), [1, 3, 0]);
        assert_eq!(order(2), [2, 0]);
        assert_eq!(order(3), [3, 0]);
    }
}
