//! What is dialled: `*123*4*1#`, in any of the aggregators' spellings.

use std::fmt;

/// A service code without its marks: `123`, `384*1234`. Printed as `*123#`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceCode(String);

impl ServiceCode {
    /// Reads `*123#`, `123`, `*384*1234#`, `713*4`; `None` when it is not digits between stars.
    pub fn parse(_text: &str) -> Option<Self> {
        unimplemented!()
    }

    /// `123`, `384*1234`
    pub fn bare(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*{}#", self.0)
    }
}

/// A service code and the answers dialled after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialString {
    pub code: ServiceCode,
    /// `*123*4*1#` with the code `123`: `["4", "1"]`.
    pub path: Vec<String>,
}

impl DialString {
    /// Splits what was dialled (`*123*4*1#`, `123*4*1`, `*123*4*1`) at the longest of `codes` that it begins with;
    /// without any such, the first number is the code and the rest the path.
    pub fn parse<'a>(_text: &str, _codes: impl Iterator<Item = &'a ServiceCode>) -> Option<Self> {
        unimplemented!()
    }
}
