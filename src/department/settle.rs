//! The answer of an operation that settles, as the answer of the operation it settles.

use crate::menu::{Type, Value};

/// Gives a record the shape of another record type: fields of the same name keep their values, others are not set. Lists
/// are converted row by row; a value of any other type stays as it is. That both declare such a field alike is proved
/// before anything is served.
pub(super) fn by_names(value: Value, from: &Type, to: &Type) -> Value {
    match (value, from, to) {
        (Value::Record(mut values), Type::Record(from), Type::Record(to)) => {
            let field = |wanted: &crate::menu::Field| {
                let at = from.iter().position(|field| field.name == wanted.name)?;
                let value = values.get_mut(at)?.take()?;
                Some(by_names(value, &from.get(at)?.ty, &wanted.ty))
            };
            Value::Record(to.iter().map(field).collect())
        }
        (Value::List(rows), Type::List { of: from, .. }, Type::List { of: to, .. }) => {
            Value::List(rows.into_iter().map(|row| by_names(row, from, to)).collect())
        }
        (value, _, _) => value,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::menu::Field;

    fn record(names: &[&str]) -> Type {
        let field = |name: &&str| Field { name: (*name).to_owned(), ty: Type::YesNo, personal: false };
        Type::Record(Arc::new(names.iter().map(field).collect()))
    }

    #[test]
    fn fields_are_found_by_name_in_rows_too() {
        let of = |ty: Type| Type::List { of: Arc::new(ty), at_most: 9 };
        let row = Value::Record(vec![Some(Value::Number(1)), Some(Value::Number(2)), None]);
        let settled =
            by_names(Value::List(vec![row]), &of(record(&["a", "b", "c"])), &of(record(&["c", "b", "missing"])));
        assert_eq!(settled, Value::List(vec![Value::Record(vec![None, Some(Value::Number(2)), None])]));
    }
}
