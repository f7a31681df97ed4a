//! The tables of ten languages of India. TS 23.038 sections A.2.4 to A.2.13 and A.3.4 to A.3.13.
//!
//! In Kannada 0x24 is ಡ (U+0CA1): the specification prints U+0CAA, which stands at 0x3D already. In Telugu the euro sign is
//! where all others have it.

/// What the locking tables of the languages of India have in common, and Urdu: a dot stands where their letters do.
#[rustfmt::skip]
pub(super) const INDIAN: &str = concat!(
    "··········\n··\r··",
    "···········␛····",
    " !······)(··,·.·",
    "0123456789:;···?",
    "················",
    "················",
    "·abcdefghijklmno",
    "pqrstuvwxyz·····",
);

/// The same of their single shift tables.
#[rustfmt::skip]
pub(super) const INDIAN_SHIFTED: &str = concat!(
    "@£$¥¿\"¤%&'\u{c}*+␛-/",
    "<=>¡^¡_#*··␛····",
    "········{}·····\\",
    "············[~]·",
    "|ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZ·····",
    "·····€··········",
    "················",
);

/// The letters of a language, for the places that [`INDIAN`] and [`INDIAN_SHIFTED`] leave. Marks are written by their codes, and so
/// are letters that Unicode takes apart when a text is normalised.
pub(super) struct Letters {
    pub(super) locking: &'static str,
    /// Dots at its end are left out.
    pub(super) single: &'static str,
}

#[rustfmt::skip]
pub(super) const BENGALI: Letters = Letters {
    locking: concat!(
        "\u{981}\u{982}\u{983}অআইঈউঊঋঌ··এ",
        "ঐ··ওঔকখগঘঙচছজঝঞ",
        "টঠডঢণতথদধন·পফ",
        "বভমযর·ল···শষসহ\u{9bc}ঽ",
        "\u{9be}\u{9bf}\u{9c0}\u{9c1}\u{9c2}\u{9c3}\u{9c4}··\u{9c7}\u{9c8}··\u{9cb}\u{9cc}\u{9cd}",
        "ৎ\u{9d7}\u{9dc}\u{9dd}ৰৱ",
    ),
    single: "০১২৩৪৫৬৭৮৯\u{9df}ৠৡ\u{9e2}\u{9e3}৲৳৴৵৶৷৸৹৺",
};

#[rustfmt::skip]
pub(super) const GUJARATI: Letters = Letters {
    locking: concat!(
        "\u{a81}\u{a82}\u{a83}અઆઇઈઉઊઋઌઍ·એ",
        "ઐઑ·ઓઔકખગઘઙચછજઝઞ",
        "ટઠડઢણતથદધન·પફ",
        "બભમયર·લળ·વશષસહ\u{abc}ઽ",
        "\u{abe}\u{abf}\u{ac0}\u{ac1}\u{ac2}\u{ac3}\u{ac4}\u{ac5}·\u{ac7}\u{ac8}\u{ac9}·\u{acb}\u{acc}\u{acd}",
        "ૐૠૡ\u{ae2}\u{ae3}૱",
    ),
    single: "।॥૦૧૨૩૪૫૬૭૮૯",
};

#[rustfmt::skip]
pub(super) const HINDI: Letters = Letters {
    locking: concat!(
        "\u{901}\u{902}\u{903}अआइईउऊऋऌऍऎए",
        "ऐऑऒओऔकखगघङचछजझञ",
        "टठडढणतथदधनऩपफ",
        "बभमयरऱलळऴवशषसह\u{93c}ऽ",
        "\u{93e}\u{93f}\u{940}\u{941}\u{942}\u{943}\u{944}\u{945}\u{946}\u{947}\u{948}\u{949}\u{94a}\u{94b}\u{94c}\u{94d}",
        "ॐॲॻॼॾॿ",
    ),
    single: "।॥०१२३४५६७८९\u{951}\u{952}\u{953}\u{954}\u{958}\u{959}\u{95a}\u{95b}\u{95c}\u{95d}\u{95e}\u{95f}ॠॡ\u{962}\u{963}॰ॱ",
};

#[rustfmt::skip]
pub(super) const KANNADA: Letters = Letters {
    locking: concat!(
        "·\u{c82}\u{c83}ಅಆಇಈಉಊಋಌ·ಎಏ",
        "ಐ·ಒಓಔಕಖಗಘಙಚಛಜಝಞ",
        "ಟಠಡಢಣತಥದಧನ·ಪಫ",
        "ಬಭಮಯರಱಲಳ·ವಶಷಸಹ\u{cbc}ಽ",
        "\u{cbe}\u{cbf}\u{cc0}\u{cc1}\u{cc2}\u{cc3}\u{cc4}·\u{cc6}\u{cc7}\u{cc8}·\u{cca}\u{ccb}\u{ccc}\u{ccd}",
        "\u{cd5}\u{cd6}ೠೡ\u{ce2}\u{ce3}",
    ),
    single: "।॥೦೧೨೩೪೫೬೭೮೯ೞೱೲ",
};

#[rustfmt::skip]
pub(super) const MALAYALAM: Letters = Letters {
    locking: concat!(
        "·\u{d02}\u{d03}അആഇഈഉഊഋഌ·എഏ",
        "ഐ·ഒഓഔകഖഗഘങചഛജഝഞ",
        "ടഠഡഢണതഥദധന·പഫ",
        "ബഭമയരറലളഴവശഷസഹ·ഽ",
        "\u{d3e}\u{d3f}\u{d40}\u{d41}\u{d42}\u{d43}\u{d44}·\u{d46}\u{d47}\u{d48}·\u{d4a}\u{d4b}\u{d4c}\u{d4d}",
        "\u{d57}ൠൡ\u{d62}\u{d63}൹",
    ),
    single: "।॥൦൧൨൩൪൫൬൭൮൯൰൱൲൳൴൵ൺൻർൽൾൿ",
};

#[rustfmt::skip]
pub(super) const ORIYA: Letters = Letters {
    locking: concat!(
        "\u{b01}\u{b02}\u{b03}ଅଆଇଈଉଊଋଌ··ଏ",
        "ଐ··ଓଔକଖଗଘଙଚଛଜଝଞ",
        "ଟଠଡଢଣତଥଦଧନ·ପଫ",
        "ବଭମଯର·ଲଳ·ଵଶଷସହ\u{b3c}ଽ",
        "\u{b3e}\u{b3f}\u{b40}\u{b41}\u{b42}\u{b43}\u{b44}··\u{b47}\u{b48}··\u{b4b}\u{b4c}\u{b4d}",
        "\u{b56}\u{b57}ୠୡ\u{b62}\u{b63}",
    ),
    single: "।॥୦୧୨୩୪୫୬୭୮୯\u{b5c}\u{b5d}ୟ୰ୱ",
};

#[rustfmt::skip]
pub(super) const PUNJABI: Letters = Letters {
    locking: concat!(
        "\u{a01}\u{a02}\u{a03}ਅਆਇਈਉਊ····ਏ",
        "ਐ··ਓਔਕਖਗਘਙਚਛਜਝਞ",
        "ਟਠਡਢਣਤਥਦਧਨ·ਪਫ",
        "ਬਭਮਯਰ·ਲ\u{a33}·ਵ\u{a36}·ਸਹ\u{a3c}·",
        "\u{a3e}\u{a3f}\u{a40}\u{a41}\u{a42}····\u{a47}\u{a48}··\u{a4b}\u{a4c}\u{a4d}",
        "\u{a51}\u{a70}\u{a71}ੲੳੴ",
    ),
    single: "।॥੦੧੨੩੪੫੬੭੮੯\u{a59}\u{a5a}\u{a5b}ੜ\u{a5e}\u{a75}",
};

#[rustfmt::skip]
pub(super) const TAMIL: Letters = Letters {
    locking: concat!(
        "·\u{b82}ஃஅஆஇஈஉஊ···எஏ",
        "ஐ·ஒஓஔக···ஙச·ஜ·ஞ",
        "ட···ணத···நனப·",
        "··மயரறலளழவஶஷஸஹ··",
        "\u{bbe}\u{bbf}\u{bc0}\u{bc1}\u{bc2}···\u{bc6}\u{bc7}\u{bc8}·\u{bca}\u{bcb}\u{bcc}\u{bcd}",
        "ௐ\u{bd7}௰௱௲௹",
    ),
    single: "।॥௦௧௨௩௪௫௬௭௮௯௳௴௵௶௷௸௺",
};

#[rustfmt::skip]
pub(super) const TELUGU: Letters = Letters {
    locking: concat!(
        "\u{c01}\u{c02}\u{c03}అఆఇఈఉఊఋఌ·ఎఏ",
        "ఐ·ఒఓఔకఖగఘఙచఛజఝఞ",
        "టఠడఢణతథదధన·పఫ",
        "బభమయరఱలళ·వశషసహ·ఽ",
        "\u{c3e}\u{c3f}\u{c40}\u{c41}\u{c42}\u{c43}\u{c44}·\u{c46}\u{c47}\u{c48}·\u{c4a}\u{c4b}\u{c4c}\u{c4d}",
        "\u{c55}\u{c56}ౠౡ\u{c62}\u{c63}",
    ),
    single: "··౦౧౨౩౪౫౬౭౮౯ౘౙ౸౹౺౻౼౽౾౿",
};

#[rustfmt::skip]
pub(super) const URDU: Letters = Letters {
    locking: concat!(
        "اآبٻڀپڦتۂٿٹٽٺټ",
        "ثجځڄڃڅچڇحخدڌڈډڊ",
        "ڏڍذرڑړڙزږژښسش",
        "صضطظعفقکڪګگڳڱلمن",
        "ںڻڼوۄەہھءیېے\u{64d}\u{650}\u{64f}\u{657}",
        "\u{654}\u{655}\u{651}\u{653}\u{656}\u{670}",
    ),
    single: "\u{600}\u{601}۰۱۲۳۴۵۶۷۸۹،؍؎؏\u{610}\u{611}\u{612}\u{613}\u{614}؛؟ـ\u{652}\u{658}٫٬ٲٳۍ۔",
};
