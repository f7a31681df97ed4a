//! What the bridge itself says: the closed list of its texts, written in `menus/system.yaml` like any other text.

/// The bridge's own texts, in the order of [`super::Program::system`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemText {
    /// Label of the back key.
    Back,
    /// Label of the home key.
    Home,
    /// Label of the key for the next page.
    More,
    /// The service is not working; ends the dialogue.
    Sorry,
    /// Too many people at once; ends the dialogue. Asks to dial again.
    Busy,
    /// This phone asks too often; ends the dialogue.
    TooMany,
    /// The code that was dialled leads nowhere; ends the dialogue.
    UnknownCode,
    /// The dialogue had already ended or timed out; asks to dial again.
    Expired,
    /// Asked when a dropped session is dialled again.
    ResumeQuestion,
    /// Option 1 of that question.
    ResumeGoOn,
    /// Option 2 of that question.
    ResumeStartAgain,
    /// An answer that is none of the options. `{{ expected }}` is what is.
    WrongOption,
    /// After three wrong answers, instead of the line above.
    Help,
    /// Said when a list has no `none` and is empty.
    NothingFound,
    /// Beside a list with `find`.
    TypeFirstLetters,
    /// No row begins with the letters typed.
    NoneBeginWith,
    Yes,
    No,
    /// What each kind of `accept` expects, where the menu has no `wrong` of its own.
    ExpectDigits,
    ExpectDigitsBetween,
    ExpectNumber,
    ExpectAmount,
    ExpectText,
    ExpectDate,
    ExpectPhone,
    ExpectPattern,
    ExpectOneOf,
}
