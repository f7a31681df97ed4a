//! What the bridge itself sends: the closed list of its messages, written in `menus/messages/bridge.yaml` like any other.

use super::message::{Tag, Variable};
use super::value::Letters;

macro_rules! system_messages {
    ($($(#[$doc:meta])* $name:ident $key:literal ($($slot:literal: $tag:ident $max:literal),*);)*) => {
        /// The bridge's own messages. Those that a program does not use need not be written.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SystemMessage {
            $($(#[$doc])* $name,)*
        }

        impl SystemMessage {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The message's name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => concat!("bridge.", $key),)* }
            }

            /// The values that it takes, in this order; nobody writes them down.
            pub fn takes(self) -> Vec<Variable> {
                match self { $(Self::$name => vec![$(taken($slot, Tag::$tag, $max)),*],)* }
            }
        }
    };
}

fn taken(name: &str, tag: Tag, max: u16) -> Variable {
    let letters = Letters::Latin;
    Variable { name: name.to_owned(), tag, max, letters, span: None }
}

system_messages! {
    /// The one-time password of a `verify`.
    Otp "otp" ("code": Numeric 6);
    /// Who sent STOP gets no more messages.
    Stopped "stopped" ();
    /// Who sent START gets them again.
    Started "started" ();
    /// What HELP is answered.
    Help "help" ();
    /// What no keyword understands is answered.
    Unknown "unknown" ();
    /// How to go on by dialling, where menus cannot be walked by SMS.
    GoOn "go_on" ();
    /// The link that a missed call asks for.
    Link "link" ("link": Url 40);
    /// What was asked for by message or missed call cannot be had now.
    Sorry "sorry" ();
    /// What was asked for by message or missed call is answered later.
    LateReceipt "late_receipt" ("receipt": Alphanumeric 12);
    /// A late answer did not come.
    LateFailed "late_failed" ("receipt": Alphanumeric 12);
    /// A bill is paid.
    Paid "paid" ("amount": Numeric 15, "biller": Alphanumeric 40, "account": Alphanumeric 12, "transaction": Alphanumeric 40,
        "date": Alphanumeric 10, "time": Alphanumeric 5);
    /// A bill could not be paid.
    PayFailed "pay_failed" ("amount": Numeric 15, "biller": Alphanumeric 40, "account": Alphanumeric 12,
        "transaction": Alphanumeric 40, "date": Alphanumeric 10, "time": Alphanumeric 5);
    /// The money of a bill is given back.
    Reversed "reversed" ("amount": Numeric 15, "biller": Alphanumeric 40, "account": Alphanumeric 12,
        "transaction": Alphanumeric 40, "date": Alphanumeric 10, "time": Alphanumeric 5);
}

impl SystemMessage {
    /// What the names of all of them begin with.
    pub(super) const PREFIX: &str = "bridge.";

    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|message| message.name() == name)
    }
}
