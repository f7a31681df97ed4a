//! Characters that nobody sees in an editor.

/// Control characters, byte order marks, line and paragraph separators, and the marks that turn the direction of a text about
/// (Unicode UAX #9), with which a label can read otherwise than it is written. The joiners of Indic scripts are none of these.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
