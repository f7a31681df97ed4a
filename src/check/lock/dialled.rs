//! What is dialled, in one form and one order.

use std::cmp::Ordering;
use std::fmt;

use crate::phone::ServiceCode;

/// A service code and the keys behind it: `*123*4*1#`. Ordered as people count, a path before those behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled(Vec<String>);

impl Dialled {
    /// Reads `*123*4*1#`, and nothing that is written otherwise.
    pub fn parse(text: &str) -> Option<Self> {
        let groups = text.strip_prefix('*')?.strip_suffix('#')?.split('*');
        let is_number = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
        let groups = groups.map(|group| is_number(group).then(|| group.to_owned()));
        groups.collect::<Option<_>>().map(Self)
    }

    pub(super) fn of(code: &ServiceCode, keys: &[u16]) -> Self {
        let code = code.bare().split('*').map(str::to_owned);
        Self(code.chain(keys.iter().map(u16::to_string)).collect())
    }

    /// Whether only the last key of the two differs: options of one screen, mostly.
    pub fn is_beside(&self, other: &Self) -> bool {
        let before = |path: &Self| path.0.split_last().map(|(_, before)| before.to_vec());
        self != other && before(self) == before(other)
    }

    /// Whether it is `other` or lies behind it.
    pub fn begins_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for Dialled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|group| write!(f, "*{group}"))?;
        f.write_str("#")
    }
}

impl Ord for Dialled {
    fn cmp(&self, other: &Self) -> Ordering {
        // 9 comes before 10; zeros in front are digits like others.
        fn counted(path: &Dialled) -> impl Iterator<Item = (usize, &str)> {
            path.0.iter().map(|group| (group.len(), group.as_str()))
        }
        counted(self).cmp(counted(other))
    }
}

impl PartialOrd for Dialled {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
