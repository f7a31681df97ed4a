use proptest::prelude::*;

use super::Pattern;

#[test]
fn patterns_have_stars_at_their_ends() {
    assert_eq!(Pattern::read("12"), Some(Pattern::Is("12".to_owned())));
    assert_eq!(Pattern::read("12*"), Some(Pattern::Begins("12".to_owned())));
    assert_eq!(Pattern::read("*12"), Some(Pattern::Ends("12".to_owned())));
    assert_eq!(Pattern::read("*12*"), Some(Pattern::Holds("12".to_owned())));
    assert_eq!(Pattern::read("*"), Some(Pattern::Any));
    for wrong in ["", "**", "***", "1*2", "*1*2*"] {
        assert_eq!(Pattern::read(wrong), None, "{wrong}");
    }
}

proptest! {
    /// What makes an answer unreachable must be true, or a warning would lie.
    #[test]
    fn what_covers_another_fits_all_that_it_fits(one in "\\*?[ab]{0,2}\\*?", other in "\\*?[ab]{0,2}\\*?", text in "[ab]{0,4}") {
        if let (Some(one), Some(other)) = (Pattern::read(&one), Pattern::read(&other)) {
            prop_assert!(!one.covers(&other) || !other.fits(&text) || one.fits(&text));
            prop_assert!(one.covers(&one));
        }
    }
}
