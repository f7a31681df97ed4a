//! The default tables, and those that European networks asked for. TS 23.038 sections 6.2.1 and 6.2.1.1, A.2.1 to A.2.3, A.3.1 and A.3.3.

#[rustfmt::skip]
pub(super) const DEFAULT: &str = concat!(
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ␛ÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
);

#[rustfmt::skip]
pub(super) const DEFAULT_SHIFTED: &str = concat!(
    "··········\u{c}·····",
    "····^······␛····",
    "········{}·····\\",
    "············[~]·",
    "|···············",
    "················",
    "·····€··········",
    "················",
);

#[rustfmt::skip]
pub(super) const TURKISH: &str = concat!(
    "@£$¥€éùıòÇ\nĞğ\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ␛ŞşßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "İABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "çabcdefghijklmno",
    "pqrstuvwxyzäöñüà",
);

#[rustfmt::skip]
pub(super) const TURKISH_SHIFTED: &str = concat!(
    "··········\u{c}·····",
    "····^······␛····",
    "········{}·····\\",
    "············[~]·",
    "|······Ğ·İ······",
    "···Ş············",
    "···ç·€·ğ·ı······",
    "···ş············",
);

#[rustfmt::skip]
pub(super) const SPANISH_SHIFTED: &str = concat!(
    "·········ç\u{c}·····",
    "····^······␛····",
    "········{}·····\\",
    "············[~]·",
    "|Á·······Í·····Ó",
    "·····Ú··········",
    "·á···€···í·····ó",
    "·····ú··········",
);

#[rustfmt::skip]
pub(super) const PORTUGUESE: &str = concat!(
    "@£$¥êéúíóç\nÔô\rÁá",
    "Δ_ªÇÀ∞^\\€Ó|␛ÂâÊÉ",
    " !\"#º%&'()*+,-./",
    "0123456789:;<=>?",
    "ÍABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÃÕÚÜ§",
    "~abcdefghijklmno",
    "pqrstuvwxyzãõ`üà",
);

#[rustfmt::skip]
pub(super) const PORTUGUESE_SHIFTED: &str = concat!(
    "·····ê···ç\u{c}Ôô·Áá",
    "··ΦΓ^ΩΠΨΣΘ·␛···Ê",
    "········{}·····\\",
    "············[~]·",
    "|À·······Í·····Ó",
    "·····Ú·····ÃÕ···",
    "·Â···€···í·····ó",
    "·····ú·····ãõ··â",
);
