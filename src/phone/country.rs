//! Countries by their calling code, as far as telling a national number from an international one needs it.

/// A country whose national numbers can be read. ITU-T E.164 assigned codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2: `IN`.
    pub iso: &'static str,
    /// `91`
    pub code: &'static str,
    /// How many digits a mobile number has without country code and trunk prefix.
    pub digits: u8,
    /// First digits that a mobile number may have; empty means any.
    pub mobile_first: &'static str,
}

impl Country {
    /// The country with this ISO code, whatever the case.
    pub fn by_iso(_iso: &str) -> Option<&'static Self> {
        unimplemented!()
    }
}
