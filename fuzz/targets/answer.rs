//! A department's answer: the first byte chooses the operation of the shipped program, the next two the status.
#![no_main]

use gramsetu::department::read_answer;
use gramsetu::engine::Outcome;
use gramsetu::menu::{Letters, Type, Value};
use gramsetu::outward::HttpAnswer;
use gramsetu_fuzz::{Draw, PROGRAM};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut draw = Draw(bytes);
    let operation = &PROGRAM.operations[usize::from(draw.byte()) % PROGRAM.operations.len()];
    // Most answers say that all is well.
    let status = match draw.word() {
        status @ 100..=599 => status,
        _ => 200,
    };
    let answer = HttpAnswer { status, body: draw.0.to_vec() };
    let (outcome, why) = read_answer(operation, &answer, "919812345670");
    match outcome {
        Outcome::Answered(value) => {
            assert_eq!(why, None);
            assert!((200..300).contains(&status));
            assert!(is_of(&operation.answer_type, &value), "{value:?} is not of {:?}", operation.answer_type);
        }
        Outcome::Failed(_) => assert!(why.is_none_or(|why| why.len() < 200)),
        Outcome::Otp(_) | Outcome::Later { .. } => panic!("no answer of a department means that"),
    }
});

/// Whether a value keeps what its type promises to the proofs about lengths.
fn is_of(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Text { max, letters: Letters::Latin }, Value::Text(text)) => {
            text.chars().count() <= usize::from(*max) && text.chars().all(gramsetu::text::is_basic)
        }
        // Graphemes, each of a bounded number of characters.
        (Type::Text { max, letters: Letters::Any }, Value::Text(text)) => text.chars().count() <= 8 * usize::from(*max),
        (Type::Record(fields), Value::Record(values)) => {
            let one = |(field, value): (&gramsetu::menu::Field, &Option<Value>)| {
                value.as_ref().is_none_or(|value| is_of(&field.ty, value))
            };
            fields.len() == values.len() && fields.iter().zip(values).all(one)
        }
        (Type::List { of, at_most }, Value::List(rows)) => {
            rows.len() <= usize::from(*at_most) && rows.iter().all(|row| is_of(of, row))
        }
        (Type::Row(table), Value::Row(named, row)) => {
            table == named && (*row as usize) < PROGRAM.table(*table).rows.len()
        }
        (ty, value) => ty.admits(value),
    }
}
