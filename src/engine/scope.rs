//! What names mean at one moment: slots, the profile, what is built in, fields of records and columns of tables.

use chrono::NaiveDate;

use super::frame::Frame;
use super::seen::Seen;
use super::session::Session;
use crate::menu::{Call, LanguageId, Operand, Path, Program, Root, Slot, SlotId, TableId, Type, Value};

/// The first language, in which tables and conditions are written.
pub(super) const FIRST: LanguageId = LanguageId(0);

/// Everything that a name can stand for. Cheap to copy: a list's rows are looked at through a scope each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) program: &'a Program,
    pub(super) session: &'a Session,
    frame: Option<&'a Frame>,
    /// The row of a list that is being looked at, under the name of its slot.
    row: Option<(SlotId, Seen<'a>)>,
    /// What the bridge's own texts name; such texts know no slots.
    words: Option<&'a [Value]>,
    /// Whether names of secrets mean their values. Only what is given to a call may.
    secrets: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn new(program: &'a Program, session: &'a Session) -> Self {
        Self { program, session, frame: session.frames.last(), row: None, words: None, secrets: false }
    }

    /// The scope of what is given to a call.
    pub(super) fn with_secrets(self) -> Self {
        Self { secrets: true, ..self }
    }

    pub(super) fn with_row(self, slot: SlotId, row: Seen<'a>) -> Self {
        Self { row: Some((slot, row)), ..self }
    }

    /// The scope of one of the bridge's own texts: its names are the `words` in their order.
    pub(super) fn with_words(self, words: &'a [Value]) -> Self {
        Self { words: Some(words), ..self }
    }

    /// What a path leads to, columns of tables in `language`; `None` is "not set".
    pub(super) fn value(self, path: &Path, language: LanguageId) -> Option<Seen<'a>> {
        path.fields.iter().try_fold(self.root(path.root)?, |value, field| self.field(value, *field, language))
    }

    /// What an expression gives; columns of tables in the first language.
    pub(super) fn operand(self, operand: &'a Operand) -> Option<Seen<'a>> {
        match operand {
            Operand::Path(path) => self.value(path, FIRST),
            Operand::Literal(value) => Some(value.into()),
        }
    }

    /// The same as a value of its own.
    pub(super) fn operands(self, operands: &'a [Operand]) -> Vec<Option<Value>> {
        operands.iter().map(|operand| self.operand(operand).map(Seen::to_value)).collect()
    }

    /// The day in India when the session last moved.
    pub(super) fn today(self) -> NaiveDate {
        self.session.touched.day_in_india()
    }

    fn root(self, root: Root) -> Option<Seen<'a>> {
        match root {
            Root::Slot(slot) => self.slot(slot),
            Root::Profile(field) => self.session.profile.get(field.index())?.as_ref().map(Seen::from),
            Root::Caller => Some(Seen::Text(self.session.caller().digits())),
            Root::Language => Some(Seen::Language(self.session.language)),
            Root::Channel => Some(Seen::Text(self.session.channel.name())),
            Root::Today => Some(Seen::Date(self.today())),
            // Sessions are not assisted yet.
            Root::Operator => None,
            Root::Receipt => self.session.receipt.as_deref().map(Seen::Text),
        }
    }

    fn slot(self, slot: SlotId) -> Option<Seen<'a>> {
        if let Some(words) = self.words {
            return words.get(slot.index()).map(Seen::from);
        }
        if let Some((name, row)) = self.row
            && name == slot
        {
            return Some(row);
        }
        let frame = self.frame?;
        let value = frame.slots.get(slot.index())?.as_ref()?;
        let secret = self.program.menus.get(frame.menu.index())?.slots.get(slot.index())?.secret;
        (!secret || self.secrets).then(|| value.into())
    }

    fn field(self, value: Seen<'a>, field: u16, language: LanguageId) -> Option<Seen<'a>> {
        match value {
            Seen::Record(fields) => fields.get(usize::from(field))?.as_ref().map(Seen::from),
            Seen::Row(table, row) => self.cell(table, row, field, language),
            // Languages are rows with the fields `code` and `name`.
            Seen::Language(id) => {
                let language = self.program.languages.get(id.index())?;
                match field {
                    0 => Some(Seen::Text(&language.code)),
                    1 => Some(Seen::Text(&language.name)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn cell(self, table: TableId, row: u32, column: u16, language: LanguageId) -> Option<Seen<'a>> {
        let table = self.program.tables.get(table.index())?;
        let ty = &table.columns.get(usize::from(column))?.ty;
        if matches!(ty, Type::Text { .. }) {
            let text = table.cell(row, column)?.text(language);
            return (!text.is_empty()).then_some(Seen::Text(text));
        }
        match table.value(row, column, language)? {
            Value::Number(number) => Some(Seen::Number(number)),
            Value::Amount(paise) => Some(Seen::Amount(paise)),
            Value::Date(day) => Some(Seen::Date(day)),
            Value::YesNo(yes) => Some(Seen::YesNo(yes)),
            // Columns have no other types.
            Value::Text(_) | Value::Language(_) | Value::Row(..) | Value::Record(_) | Value::List(_) => None,
        }
    }
}

/// Whether a call is given a secret, which outlives no screen.
pub(super) fn gives_a_secret(call: &Call, slots: &[Slot]) -> bool {
    call.give.iter().any(|operand| match operand {
        Operand::Path(Path { root: Root::Slot(slot), .. }) => slots.get(slot.index()).is_none_or(|slot| slot.secret),
        _ => false,
    })
}
