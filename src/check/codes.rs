//! Every code of this module with its one meaning. A code never changes its meaning once published, and is not used again
//! when its proof goes.

/// Codes and what each says, in the order in which documents list them.
pub const ALL: &[(&str, &str)] = &[
    (P_UNREACHABLE_SCREEN, "a screen cannot be reached from the start of its menu or from any entry"),
    (P_UNREACHABLE_MENU, "a menu is not reached from any entry"),
    (P_NO_END, "screens from which no `end` can be reached"),
    (P_SILENT_LOOP, "screens that lead round in a circle without asking or showing anything"),
    (P_STRAY_RETURN, "`return` in a menu that is entered or jumped to: there is nothing to return to"),
    (P_NEVER_RETURNS, "`run` of a menu that never returns: what stands after it is never reached"),
    (P_RUNS_ROUND, "menus that run each other in a circle"),
    (P_VOID_SAVE, "`save` at a screen to which a dropped session does not return"),
    (P_OPTION_IS_KEY, "an option has the number of a navigation key that works on its screen"),
    (P_SAME_NUMBER, "two options of a screen have the same number"),
    (P_ANSWER_IS_KEY, "an acceptable answer is a navigation key that works on its screen"),
    (P_ROW_IS_KEY, "a list can be so long that a row gets the number of a navigation key"),
    (P_SAME_LABEL, "two options of a screen have the same label"),
    (P_NO_OPTION, "every option of a screen may be hidden"),
    (P_LABEL_IS_NUMBER, "the label of an option is a word for another option's number"),
    (P_SECRET_IN_URL, "a secret is given to an operation that writes it into the address"),
    (P_SECRET_CACHED, "a secret is given to an operation whose answers are kept"),
    (P_SECRET_GONE, "a secret is given to a call at which it may have died already"),
    (P_SECRET_LATE, "a secret is given to a call whose answer may come later"),
    (
        P_PERSONAL,
        "personal data is shown or sent that neither a one-time password nor a department has bound to the caller's number",
    ),
    (P_REGISTERED, "an operation for the caller's registered number is given something else than `caller`"),
    (P_KEPT, "a personal value would be kept in the profile"),
    (P_SENT, "what is personal, or was answered to a secret, is sent to another number than the caller's"),
    (P_SETTLED_BY, "the answer of an operation named by `settled_by` does not fit"),
    (P_UNKNOWN, "a call that changes something does not say where `unknown` leads"),
    (P_NO_RECEIPT, "the screen after an unknown outcome does not show the receipt number"),
    (P_WITHIN, "a call may wait longer than a gateway does"),
    (P_LOCK, "the lock of dial paths, `published.lock`, cannot be read"),
    (P_PATH_MOVED, "a dial path that was published leads to another screen"),
    (P_PATH_GONE, "a dial path that was published leads nowhere any more"),
    (P_ASKS, "what a keyword or a missed call runs asks something"),
    (P_SILENT, "what a keyword or a missed call runs may send nothing"),
    (P_TWO_TEXTS, "two arguments of a keyword cannot be told apart"),
    (P_COMMAND, "a keyword is a word for STOP, START or HELP"),
    (P_NO_ANSWER, "a message is not written by which the bridge itself answers texts"),
    (P_CALL_BACK, "a missed call asks to be called back, which nobody does yet"),
    (P_UNSENT_LINK, "no message takes a short link"),
    (P_UNTOLD, "a call that changes something for a text or a missed call has no `late`"),
    (P_PROMOTIONAL, "a message that somebody waits for is promotional"),
    (P_YES_NO, "a message takes fewer characters of a yes or no than the word for it has"),
    (P_ONE_LETTER, "a keyword is a single letter"),
    (P_ONE_SLIP, "two keywords are one slip apart"),
    (D_FORM, "a text can become something else than what is registered of it"),
    (D_UNTYPED, "a registered text has a variable without a type"),
    (D_LONG, "a variable is written in more characters than the registries allow"),
    (D_SPACES, "a registered text has two spaces in a row"),
    (D_ANGLES, "a registered text has `<` or `>`"),
    (D_NO_VARIABLE, "a service message has no variable"),
    (D_NOT_ALLOWED, "a registered text has a link or number that is not registered"),
    (D_NO_TEMPLATE, "a text of a registered sender is not registered"),
    (D_SHORT_LINK, "a short link has no registered address, or one that does not fit"),
    (D_HEADER, "a header is not six letters or digits"),
    (D_ID, "an id of the registries does not have 19 digits"),
    (D_TWICE, "two texts have the same registered id"),
    (D_MIXED, "one header is used for categories that registries keep apart"),
    (L_PAGES, "a screen of more than three pages that is not a list"),
    (L_LINE, "an option or row that does not fit on a page by itself"),
    (L_LETTER, "a Latin text has a character outside GSM-7"),
    (L_VALUE, "a Latin text shows a value that may have characters outside GSM-7"),
    (L_SAID, "a text of the bridge itself takes more pages than are shown of it"),
    (L_SPELT, "a language has no romanised form for gateways that carry only GSM-7"),
    (L_STEPS, "a way through the menus has more exchanges than a gateway allows, without a `save` screen"),
    (L_SECONDS, "a way through the menus takes a slow typist longer than a gateway allows, without a `save` screen"),
    (L_CARRIED, "a message can be longer than any gateway carries"),
    (L_SEGMENTS, "a message can have more than three segments"),
];

pub const P_UNREACHABLE_SCREEN: &str = "P001";
pub const P_UNREACHABLE_MENU: &str = "P002";
pub const P_NO_END: &str = "P003";
pub const P_SILENT_LOOP: &str = "P004";
pub const P_STRAY_RETURN: &str = "P005";
pub const P_NEVER_RETURNS: &str = "P006";
pub const P_RUNS_ROUND: &str = "P007";
pub const P_VOID_SAVE: &str = "P008";
pub const P_OPTION_IS_KEY: &str = "P010";
pub const P_SAME_NUMBER: &str = "P011";
pub const P_ANSWER_IS_KEY: &str = "P012";
pub const P_ROW_IS_KEY: &str = "P013";
pub const P_SAME_LABEL: &str = "P014";
pub const P_NO_OPTION: &str = "P015";
pub const P_LABEL_IS_NUMBER: &str = "P016";
pub const P_SECRET_IN_URL: &str = "P020";
pub const P_SECRET_CACHED: &str = "P021";
pub const P_SECRET_GONE: &str = "P022";
pub const P_SECRET_LATE: &str = "P023";
pub const P_PERSONAL: &str = "P030";
pub const P_REGISTERED: &str = "P031";
pub const P_KEPT: &str = "P032";
pub const P_SENT: &str = "P033";
pub const P_SETTLED_BY: &str = "P041";
pub const P_UNKNOWN: &str = "P042";
pub const P_NO_RECEIPT: &str = "P043";
pub const P_WITHIN: &str = "P044";
pub const P_LOCK: &str = "P050";
pub const P_PATH_MOVED: &str = "P051";
pub const P_PATH_GONE: &str = "P052";
pub const P_ASKS: &str = "P060";
pub const P_SILENT: &str = "P061";
pub const P_TWO_TEXTS: &str = "P062";
pub const P_COMMAND: &str = "P063";
pub const P_NO_ANSWER: &str = "P064";
pub const P_CALL_BACK: &str = "P065";
pub const P_UNSENT_LINK: &str = "P066";
pub const P_UNTOLD: &str = "P067";
pub const P_PROMOTIONAL: &str = "P069";
pub const P_YES_NO: &str = "P070";
pub const P_ONE_LETTER: &str = "P071";
pub const P_ONE_SLIP: &str = "P072";
pub const D_FORM: &str = "D001";
pub const D_UNTYPED: &str = "D002";
pub const D_LONG: &str = "D003";
pub const D_SPACES: &str = "D004";
pub const D_ANGLES: &str = "D005";
pub const D_NO_VARIABLE: &str = "D006";
pub const D_NOT_ALLOWED: &str = "D007";
pub const D_NO_TEMPLATE: &str = "D008";
pub const D_SHORT_LINK: &str = "D009";
pub const D_HEADER: &str = "D010";
pub const D_ID: &str = "D011";
pub const D_TWICE: &str = "D012";
pub const D_MIXED: &str = "D017";
pub const L_PAGES: &str = "L001";
pub const L_LINE: &str = "L002";
pub const L_LETTER: &str = "L003";
pub const L_VALUE: &str = "L004";
pub const L_SAID: &str = "L005";
pub const L_SPELT: &str = "L006";
pub const L_STEPS: &str = "L010";
pub const L_SECONDS: &str = "L011";
pub const L_CARRIED: &str = "L016";
pub const L_SEGMENTS: &str = "L017";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_meaning() {
        let mut codes: Vec<_> = ALL.iter().map(|(code, _)| code).collect();
        let listed = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), listed);
    }
}
