//! The message profiles that come with the program: one file each in `profiles/messages/`.

use super::profile::MessageProfile;
use super::read_profile::read_message_profile;
use crate::source::Files;

/// Their files, by path as diagnostics would show it, sorted by name.
pub(super) const FILES: [(&str, &str); 8] = [
    ("gateways/messages/africastalking.yaml", include_str!("../profiles/messages/africastalking.yaml")),
    ("gateways/messages/exotel.yaml", include_str!("../profiles/messages/exotel.yaml")),
    ("gateways/messages/kannel.yaml", include_str!("../profiles/messages/kannel.yaml")),
    ("gateways/messages/knowlarity.yaml", include_str!("../profiles/messages/knowlarity.yaml")),
    ("gateways/messages/mobileseva.yaml", include_str!("../profiles/messages/mobileseva.yaml")),
    ("gateways/messages/myoperator.yaml", include_str!("../profiles/messages/myoperator.yaml")),
    ("gateways/messages/sandbox.yaml", include_str!("../profiles/messages/sandbox.yaml")),
    ("gateways/messages/twilio.yaml", include_str!("../profiles/messages/twilio.yaml")),
];

/// Their names, for completion on a command line.
pub fn shipped_messages_names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_prefix("gateways/messages/")?.strip_suffix(".yaml"))
}

/// The message profiles that come with the program, sorted by name.
///
/// # Panics
/// If one of their files is wrong, which a test excludes.
pub fn shipped_messages() -> Vec<MessageProfile> {
    let mut files = Files::default();
    let ids: Vec<_> = FILES.iter().map(|(path, text)| files.add(*path, *text)).collect();
    ids.into_iter().map(|id| read_message_profile(&files, id).expect("a test reads every shipped profile")).collect()
}
