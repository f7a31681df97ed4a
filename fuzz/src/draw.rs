//! Values from bytes.

use gramsetu::menu::{LanguageId, Letters, TableId, Type, Value};
use gramsetu::types::Timestamp;

/// Characters that texts are drawn from: one and two septets, conjuncts, a surrogate pair, white space, digits of a script.
const ANY: [char; 16] =
    ['a', 'Z', '0', ' ', '\n', '€', '[', '`', 'क', 'ष', '\u{94d}', 'ि', '९', '\u{200d}', '😀', '\u{301}'];

const LATIN: [char; 8] = ['a', 'Z', '0', ' ', '/', 'é', '\n', '%'];

/// More rows than any screen shows at once.
const ROWS: usize = 30;

/// Bytes, taken from the front. Zeros when they are used up.
#[derive(Debug)]
pub struct Draw<'a>(pub &'a [u8]);

impl Draw<'_> {
    pub fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        first
    }

    pub fn word(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    fn long(&mut self) -> i64 {
        i64::from_be_bytes(std::array::from_fn(|_| self.byte()))
    }

    /// Below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::from(self.word()).checked_rem(bound).unwrap_or(0)
    }

    /// At most `most` characters.
    pub fn text(&mut self, most: usize, among: &[char]) -> String {
        let length = self.below(most + 1);
        (0..length).map(|_| among[usize::from(self.byte()) % among.len()]).collect()
    }

    pub fn any_text(&mut self, most: usize) -> String {
        self.text(most, &ANY)
    }
}

/// A value of a type, as an answer that was read may hold it.
pub fn typed(ty: &Type, draw: &mut Draw<'_>) -> Value {
    match ty {
        Type::Text { max, letters } => Value::Text(match letters {
            Letters::Latin => draw.text(usize::from(*max), &LATIN),
            Letters::Digits => draw.text(usize::from(*max), &['0', '1', '2', '9']),
            Letters::Any => draw.text(usize::from(*max), &ANY),
        }),
        Type::Number { min, max } => Value::Number(draw.long().clamp(*min, *max)),
        Type::Amount { max } => Value::Amount(draw.long().clamp(-max, *max)),
        Type::Date => Value::Date(Timestamp(i64::from(draw.word()) * 86_400_000).day_in_india()),
        Type::YesNo => Value::YesNo(draw.byte() % 2 == 1),
        Type::Language => Value::Language(LanguageId(draw.word() % 3)),
        Type::Row(table) => Value::Row(*table, u32::from(draw.word() % 40)),
        Type::Record(fields) => {
            let field = |ty: &Type, draw: &mut Draw<'_>| (draw.byte() != 0xff).then(|| typed(ty, draw));
            Value::Record(fields.iter().map(|known| field(&known.ty, draw)).collect())
        }
        Type::List { of, at_most } => {
            let rows = draw.below(usize::from(*at_most).min(ROWS) + 1);
            Value::List((0..rows).map(|_| typed(of, draw)).collect())
        }
    }
}

/// Any value at all, of no declared type.
pub fn wild(draw: &mut Draw<'_>, depth: u8) -> Value {
    let nested = |draw: &mut Draw<'_>| (0..draw.byte() % 4).map(|_| wild(draw, depth - 1)).collect::<Vec<_>>();
    match draw.byte() % if depth == 0 { 7 } else { 9 } {
        0 => Value::Text(draw.any_text(300)),
        1 => Value::Number(draw.long()),
        2 => Value::Amount(draw.long()),
        3 => Value::Date(Timestamp(draw.long()).day_in_india()),
        4 => Value::YesNo(draw.byte() % 2 == 1),
        5 => Value::Language(LanguageId(draw.word())),
        6 => Value::Row(TableId(draw.word()), u32::from(draw.word())),
        7 => Value::List(nested(draw)),
        _ => Value::Record(nested(draw).into_iter().map(Some).collect()),
    }
}
