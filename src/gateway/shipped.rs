//! The profiles that come with the program: one file each in `profiles/`.

use super::profile::Profile;
use super::read_profile::read_profile;
use crate::source::Files;

/// Their files, by path as diagnostics would show it, sorted by name.
pub(super) const FILES: [(&str, &str); 22] = [
    ("gateways/advanta.yaml", include_str!("profiles/advanta.yaml")),
    ("gateways/africastalking.yaml", include_str!("profiles/africastalking.yaml")),
    ("gateways/arkesel.yaml", include_str!("profiles/arkesel.yaml")),
    ("gateways/beem.yaml", include_str!("profiles/beem.yaml")),
    ("gateways/bonga.yaml", include_str!("profiles/bonga.yaml")),
    ("gateways/cellulant.yaml", include_str!("profiles/cellulant.yaml")),
    ("gateways/crossgate.yaml", include_str!("profiles/crossgate.yaml")),
    ("gateways/dmark.yaml", include_str!("profiles/dmark.yaml")),
    ("gateways/flares.yaml", include_str!("profiles/flares.yaml")),
    ("gateways/hollatags.yaml", include_str!("profiles/hollatags.yaml")),
    ("gateways/hubtel.yaml", include_str!("profiles/hubtel.yaml")),
    ("gateways/imimobile.yaml", include_str!("profiles/imimobile.yaml")),
    ("gateways/infobip.yaml", include_str!("profiles/infobip.yaml")),
    ("gateways/madapi.yaml", include_str!("profiles/madapi.yaml")),
    ("gateways/mtech.yaml", include_str!("profiles/mtech.yaml")),
    ("gateways/nalo.yaml", include_str!("profiles/nalo.yaml")),
    ("gateways/nsano.yaml", include_str!("profiles/nsano.yaml")),
    ("gateways/oltranz.yaml", include_str!("profiles/oltranz.yaml")),
    ("gateways/restcomm.yaml", include_str!("profiles/restcomm.yaml")),
    ("gateways/safaricom.yaml", include_str!("profiles/safaricom.yaml")),
    ("gateways/truroute.yaml", include_str!("profiles/truroute.yaml")),
    ("gateways/vodacom.yaml", include_str!("profiles/vodacom.yaml")),
];

/// Their names, for completion on a command line.
pub fn shipped_names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_prefix("gateways/")?.strip_suffix(".yaml"))
}

/// The profiles that come with the program, sorted by name.
///
/// # Panics
/// If one of their files is wrong, which a test excludes.
pub fn shipped() -> Vec<Profile> {
    let mut files = Files::default();
    let ids: Vec<_> = FILES.iter().map(|(path, text)| files.add(*path, *text)).collect();
    ids.into_iter().map(|id| read_profile(&files, id).expect("a test reads every shipped profile")).collect()
}
