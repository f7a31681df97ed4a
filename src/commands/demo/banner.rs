//! What a demo says when it serves: what to try first, line by line for a shell.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

use super::{AGGREGATOR, PAYMENTS, SECRET};
use crate::menu::{Keyword, Program, SystemMessage};

/// What it speaks of.
pub(super) struct Banner<'a> {
    pub(super) hooks: SocketAddr,
    pub(super) admin: Option<SocketAddr>,
    /// The port of the sandbox departments and the aggregator.
    pub(super) sandbox: u16,
    pub(super) departments: &'a BTreeSet<String>,
    pub(super) database: &'a str,
    pub(super) folder: Option<&'a Path>,
    pub(super) program: &'a Program,
}

impl Banner<'_> {
    pub(super) fn write(&self) -> String {
        let watched = self.folder.map_or_else(
            || "These are the menus that come with the program: `--menus FOLDER` serves yours, and each save of them.".to_owned(),
            |folder| {
                let folder = folder.display();
                format!("Each save in {folder} that passes `check` is served at once; calls under way go on with what they began with.")
            },
        );
        let departments = self.departments.iter().map(|name| format!("/{name}")).collect::<Vec<_>>().join(", ");
        let admin = self.admin.map_or_else(String::new, |admin| {
            format!("\nHealth and metrics:   http://{admin}/health  http://{admin}/metrics")
        });
        let program = std::env::args().next().unwrap_or_else(|| "gramsetu".to_owned());
        let Self { hooks, sandbox, database, .. } = self;
        let (messages, payment) = (self.messages(), self.payment());
        format!(
            "gramsetu is serving its menus on http://{hooks} (this machine only), into {database}.
{watched}

Try first, in another terminal:

  {program} dial '*123#' --url http://{hooks}      a phone: type a number, press Enter
  {program} dial '*123*8*1#' --url http://{hooks}  straight to mandi prices

As an aggregator would call (Africa's Talking, first callback of a dialogue, then the answer 1):

  curl http://{hooks}/hooks/africastalking/{SECRET}/ussd \\
    -d sessionId=ATUid_1 -d 'phoneNumber=+919812345671' -d 'serviceCode=*123#' -d text=
  curl http://{hooks}/hooks/africastalking/{SECRET}/ussd \\
    -d sessionId=ATUid_1 -d 'phoneNumber=+919812345671' -d 'serviceCode=*123#' -d text=1

{messages}{payment}The sandbox departments answer at http://127.0.0.1:{sandbox}: {departments}. (Those of your own menus answer from
departments/<name>.sandbox.yaml.) Make one misbehave, and well again; the aggregator of messages, too:

  curl -X PUT http://127.0.0.1:{sandbox}/sandbox/epfo -d 'answers in 9s'
  curl -X PUT http://127.0.0.1:{sandbox}/sandbox/epfo -d 'works'
  curl -X PUT http://127.0.0.1:{sandbox}/sandbox/messages -d 'loses the answer'

(others: 'fails with 503', 'answers nonsense', 'loses the answer'. Try the last with lpg when the phone asks whether to book.
A department that failed five times in a row is left alone for ten seconds. Of messages: 'refuses', 'is busy', 'answers in 9s',
'sends no receipts'.)
{admin}
Stop with Ctrl-C.
"
        )
    }

    /// How to text, to ring, and to see what arrives.
    fn messages(&self) -> String {
        // One that wants nothing else can be typed by anybody; any other text walks the menus.
        let alone = |keyword: &&Keyword| keyword.args.iter().all(|argument| argument.optional);
        let text = self.program.keywords.iter().find(alone).map_or("hello", |keyword| &keyword.text);
        let rings = self.program.missed_calls.first().map(|call| call.number.as_str());
        let ring = rings.map_or_else(String::new, |number| {
            format!("  call {number:<30} a missed call: it rings once, and costs nothing\n")
        });
        let typed = format!("sms {text} to 123");
        let Self { hooks, .. } = self;
        let told = rings.map_or_else(String::new, |number| {
            format!(
                "  curl http://{hooks}/hooks/{AGGREGATOR}/{SECRET}/missed-call -d '{{\"from\": \"+919812345671\", \"to\": \"{number}\"}}'\n"
            )
        });
        let base = self.program.allowed.short_base().filter(|_| !self.program.short_links.is_empty());
        let link = base.map_or_else(String::new, |base| {
            format!(
                "\nA link in a message begins with {base}, and leads on from here, too (its end instead of `abcd2345`):\n\n  \
                 curl -i http://{hooks}/l/abcd2345 -A 'JioPhone KAIOS/2.5'\n"
            )
        });
        format!(
            "Messages go to a sandbox aggregator. The phone shows those that it gets; while it is in your hand, type

  {typed:<35} a text; an answer comes as SMS
{ring}
As an aggregator would tell it, and what has arrived:

  curl http://{hooks}/hooks/{AGGREGATOR}/{SECRET}/sms -d '{{\"from\": \"+919812345671\", \"to\": \"123\", \"text\": \"{text}\"}}'
{told}  curl http://{hooks}/messages/9812345671
{link}
"
        )
    }

    /// A payment system's notice, where the menus confirm any.
    fn payment(&self) -> String {
        if SystemMessage::OF_PAYMENTS.into_iter().any(|message| self.program.system_message(message).is_none()) {
            return String::new();
        }
        let Self { hooks, .. } = self;
        format!(
            "A payment system's notice of a paid bill, signed; the same again changes nothing:

  N='{{\"transaction\":\"CC016325BA6AAAIN11HM\",\"state\":\"paid\",\"amount\":45000,\"biller\":\"UP Power\",\"account\":\"1234567890\"'
  N=$N',\"mobile\":\"9812345671\",\"at\":\"2026-11-22T10:15:00+05:30\"}}' T=$(date +%s)
  curl http://{hooks}/hooks/{AGGREGATOR}/{SECRET}/payment -d \"$N\" -H \"X-Gramsetu-Timestamp: $T\" \\
    -H \"X-Gramsetu-Signature: $(printf %s.%s $T \"$N\" | openssl dgst -sha256 -hmac {PAYMENTS} -r | cut -d' ' -f1)\"

"
        )
    }
}
