//! What is dialled and answered.

/// One exchange: what is dialled or answered, and what the page must hold.
pub(crate) type Exchange = (&'static str, &'static str);

/// Six turns that ask no department.
pub(crate) const MARKETS: &[Exchange] = &[
    ("*123#", "Welcome. What do you need?"),
    ("8", "Farming"),
    ("1", "Your state"),
    ("uttar p", "1. Uttar Pradesh"),
    ("1", "Your district"),
    ("luck", "1. Lucknow"),
];
