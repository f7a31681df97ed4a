//! What the bridge itself says: the closed list of its texts, written in `menus/system.yaml` like any other text.

use super::types;
use super::value::{Letters, Type};

macro_rules! system_texts {
    ($($(#[$doc:meta])* $name:ident $key:literal ($($slot:literal: $ty:expr),*) $english:literal;)*) => {
        /// The bridge's own texts, in the order of [`super::Program::system`].
        ///
        /// A text may show the values that [`takes`](Self::takes) lists. In its templates they are paths whose root is
        /// `Root::Slot(SlotId(i))`, `i` being the value's place in that list; whoever renders the text supplies them in this
        /// order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum SystemText {
            $($(#[$doc])* $name,)*
        }

        impl SystemText {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its key under `system:`.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// Names and types of the values that it may show.
            pub fn takes(self) -> &'static [(&'static str, Type)] {
                match self {
                    $(Self::$name => {
                        const TAKES: &[(&str, Type)] = &[$(($slot, $ty)),*];
                        TAKES
                    })*
                }
            }

            /// What is said where `system.yaml` does not have the key.
            pub const fn default_english(self) -> &'static str {
                match self { $(Self::$name => $english,)* }
            }
        }
    };
}

/// What is expected, in words: a range of options, or the values of a `one_of`.
const EXPECTED: Type = Type::Text { max: 60, letters: Letters::Any };
const PHONE: Type = Type::Text { max: types::PHONE, letters: Letters::Digits };
const RECEIPT: Type = Type::Text { max: types::RECEIPT, letters: Letters::Latin };
const TRIES: Type = Type::Number { min: 0, max: 9 };
const COUNT: Type = Type::Number { min: 0, max: 500 };
const NUMBER: Type = Type::Number { min: -999_999_999_999_999, max: 999_999_999_999_999 };
const AMOUNT: Type = Type::Amount { max: 999_999_999_999_999 };

system_texts! {
    /// Label of the back key.
    Back "back" () "Back";
    /// Label of the home key.
    Home "home" () "Home";
    /// Label of the key for the next page.
    More "more" () "More";
    /// The service is not working; ends the dialogue.
    Sorry "sorry" () "The service is not working now. Please try again later.";
    /// Too many people at once; ends the dialogue. Asks to dial again.
    Busy "busy" () "Too many people are calling now. Please dial again in a few minutes.";
    /// This phone asks too often; ends the dialogue.
    TooMany "too_many" () "This phone has called too often. Please dial again in a few minutes.";
    /// The code that was dialled leads nowhere; ends the dialogue.
    UnknownCode "unknown_code" () "This code is not in use. Please check the number and dial again.";
    /// The dialogue had already ended or timed out; asks to dial again.
    Expired "expired" () "This took too long. Please dial again.";
    /// Asked when a dropped session is dialled again.
    ResumeQuestion "resume_question" () "You were not finished. Go on?";
    /// Option 1 of that question.
    ResumeGoOn "resume_go_on" () "Go on";
    /// Option 2 of that question.
    ResumeStartAgain "resume_start_again" () "Start again";
    /// An answer that is none of the options. `{{ expected }}` is what is.
    WrongOption "wrong_option" ("expected": EXPECTED) "Not understood. Please answer {{ expected }}.";
    /// After three wrong answers, instead of the line above.
    Help "help" () "Please type only the number of your choice, or what is asked, and send.";
    /// Said when a list has no `none` and is empty.
    NothingFound "nothing_found" () "Nothing was found.";
    /// Beside a list with `find`.
    TypeFirstLetters "type_first_letters" () "Or type the first letters";
    /// No row begins with the letters typed.
    NoneBeginWith "none_begin_with" () "No name begins with these letters.";
    /// Option 1 of an `ask` that accepts `yes_no`, and the value yes in a text.
    Yes "yes" () "Yes";
    /// Option 2 of it, and the value no.
    No "no" () "No";
    /// Words that mean 1, 2, 3 …, typed instead of the number. Never shown.
    NumberWords "number_words" () "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve";
    /// Words that stop all messages, start them again, and ask for help, with commas between. Never shown.
    StopWords "stop_words" () "stop, unsubscribe";
    StartWords "start_words" () "start, unstop";
    HelpWords "help_words" () "help, info";
    /// The option of a `show` without options: something comes next.
    Continue "continue" () "Continue";
    /// What each kind of `accept` expects, where the menu has no `wrong` of its own.
    ExpectDigits "expect_digits" ("count": COUNT) "Please type {{ count }} digits.";
    ExpectDigitsBetween "expect_digits_between" ("min": COUNT, "max": COUNT) "Please type {{ min }} to {{ max }} digits.";
    ExpectNumber "expect_number" ("min": NUMBER, "max": NUMBER) "Please type a number from {{ min }} to {{ max }}.";
    ExpectAmount "expect_amount" ("min": AMOUNT, "max": AMOUNT)
        "Please type an amount from Rs {{ min }} to Rs {{ max }}.";
    ExpectText "expect_text" ("count": COUNT) "Please type at most {{ count }} letters.";
    ExpectDate "expect_date" () "Please type day, month and year, like 05-11-2026.";
    ExpectPhone "expect_phone" () "Please type a mobile number of 10 digits.";
    ExpectPattern "expect_pattern" () "This does not look right. Please check it and type it again.";
    ExpectOneOf "expect_one_of" ("expected": EXPECTED) "Please type one of these: {{ expected }}.";
    /// What a `verify` asks, where the menu has no `prompt`. `{{ number }}` is the number that calls.
    OtpPrompt "otp_prompt" ("number": PHONE) "Enter the OTP sent to {{ number | mask }}";
    /// Option 1 of it.
    OtpAgain "otp_again" () "Send it again";
    /// After option 1: another one is on its way, or the last one still is.
    OtpUnderway "otp_underway" () "The OTP is on its way. Please wait a minute.";
    /// After a wrong one; `{{ left }}` is how many tries are left.
    OtpWrong "otp_wrong" ("left": TRIES) "That OTP is not right. Tries left: {{ left }}.";
    /// The answer of a call comes later, by SMS; ends the dialogue.
    LateReceipt "late_receipt" ("receipt": RECEIPT) "Your request {{ receipt }}. We will SMS the answer.";
    /// What a browser shows for a short link that is over, or never was. No phone gets it by USSD or SMS.
    LinkOver "link_over" () "This link is no longer good. Please give a missed call or dial again for a new one.";
}

impl SystemText {
    /// Its text id in translations: `system.back`.
    pub fn id(self) -> String {
        format!("system.{}", self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::SystemText;

    #[test]
    fn the_list_is_in_the_order_of_the_variants() {
        assert!(SystemText::ALL.iter().enumerate().all(|(at, text)| *text as usize == at));
    }
}
