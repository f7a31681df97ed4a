//! The files of a program in one piece, so that it can be kept, and compiled again for those who began with it.
//!
//! Exactly those files are in it of which the version is made: no dialogues, no sandbox files, no notes. Where it is kept is
//! the store's.

use super::files;
use crate::packed;
use crate::source::Files;

/// The version of the encoding: a change counts it up and keeps reading the older.
const ENCODING: u8 = 1;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    #[error("the files of the program are packed in form {0}, which this version of gramsetu does not read")]
    Encoding(u8),
    #[error("the files of the program are damaged: {0}")]
    Damaged(String),
    #[error("the files of the program are damaged: `{0}` does not belong among them")]
    Stray(String),
}

/// One byte of version, then postcard: a list of paths and texts, in the order of the paths.
pub fn pack(files: &Files) -> Vec<u8> {
    let parts: Vec<(&str, &str)> = files::published(files).map(|file| (file.path.as_str(), &*file.text)).collect();
    // Texts and lists always encode, and memory is all that they are written to.
    packed::pack(ENCODING, &parts, 0).unwrap_or_default()
}

/// The files that were packed, in the order of their paths.
pub fn unpack(bytes: &[u8]) -> Result<Files, BundleError> {
    let damaged = |what: &str| BundleError::Damaged(what.to_owned());
    let packed = match bytes.split_first() {
        Some((&ENCODING, packed)) => packed,
        Some((&other, _)) => return Err(BundleError::Encoding(other)),
        None => return Err(damaged("there are none")),
    };
    let (parts, rest): (Vec<(String, String)>, _) =
        postcard::take_from_bytes(packed).map_err(|error| BundleError::Damaged(error.to_string()))?;
    if !rest.is_empty() {
        return Err(damaged("something stands behind them"));
    }
    if !parts.is_sorted_by(|(before, _), (after, _)| before < after) {
        return Err(damaged("a file is there twice, or out of order"));
    }
    let mut files = Files::default();
    for (path, text) in parts {
        if !files::takes_part(&path) {
            return Err(BundleError::Stray(path));
        }
        files.add(path, text);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::menu::{compile, version};

    fn contents(files: &Files) -> Vec<(String, String)> {
        files.iter().map(|(_, file)| (file.path.clone(), file.text.to_string())).collect()
    }

    /// Paths of every kind, few enough that the same one comes twice in different sets.
    fn any_path() -> impl Strategy<Value = String> {
        let ending =
            prop::sample::select(vec![".yaml", ".hi.yaml", ".csv", ".dialogue", ".sandbox.yaml", ".md", ".yml", ""]);
        let folder = prop::sample::select(vec!["", "epfo/", "departments/", "tables/", "gateways/", "a/b/"]);
        let stem = prop::sample::select(vec!["bridge", "system", "home", "x"]);
        (folder, stem, ending).prop_map(|(folder, stem, ending)| format!("{folder}{stem}{ending}"))
    }

    proptest! {
        /// The law: what was packed is unpacked, it is what the version is made of, and packs to the same bytes.
        #[test]
        fn what_takes_part_comes_back_with_the_same_version(
            given in prop::collection::btree_map(any_path(), "\\PC{0,40}", 0..12), reversed: bool,
        ) {
            let mut files = Files::default();
            let mut given: Vec<_> = given.into_iter().collect();
            if reversed {
                given.reverse();
            }
            for (path, text) in &given {
                files.add(path.clone(), text.as_str());
            }
            let packed = pack(&files);
            let unpacked = unpack(&packed).expect("it was packed by us");
            prop_assert_eq!(version(&unpacked), version(&files));
            prop_assert_eq!(pack(&unpacked), packed);
            let mut taking_part: Vec<_> = given.into_iter().filter(|(path, _)| files::takes_part(path)).collect();
            taking_part.sort();
            prop_assert_eq!(contents(&unpacked), taking_part);
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..200), whole: bool) {
            if let Some(first) = bytes.first_mut().filter(|_| whole) {
                *first = ENCODING;
            }
            if let Ok(files) = unpack(&bytes) {
                prop_assert_eq!(version(&unpack(&pack(&files)).expect("they fit")), version(&files));
            }
        }
    }

    #[test]
    fn a_program_compiles_to_itself_again() {
        let mut files = Files::default();
        files.add("home.yaml", "menu: home\nscreens: {top: {end: Bye}}\n");
        files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
        files.add("home.dialogue", "nobody's");
        files.add("gateways/own.yaml", "gateway: own\n");
        let before = compile(&files).0.expect("they pass").version;
        let unpacked = unpack(&pack(&files)).expect("it was packed by us");
        assert_eq!(compile(&unpacked).0.expect("they pass").version, before);
        assert_eq!(unpacked.iter().count(), 3, "the profile of a gateway is published with the menus");
    }

    #[test]
    fn damage_is_told_in_words() {
        assert_eq!(
            unpack(&[]).expect_err("nothing").to_string(),
            "the files of the program are damaged: there are none"
        );
        assert!(matches!(unpack(&[9, 0]), Err(BundleError::Encoding(9))));
        let packed = |parts: &[(&str, &str)]| postcard::to_extend(parts, vec![ENCODING]).expect("it encodes");
        assert!(
            matches!(unpack(&packed(&[("a.dialogue", "")])), Err(BundleError::Stray(path)) if path == "a.dialogue")
        );
        let twice = packed(&[("a.yaml", "1"), ("a.yaml", "2")]);
        assert!(matches!(unpack(&twice), Err(BundleError::Damaged(_))), "no path is there twice");
        let longer = [packed(&[("a.yaml", "1")]), vec![0]].concat();
        assert!(matches!(unpack(&longer), Err(BundleError::Damaged(_))), "nothing is passed over");
    }
}
