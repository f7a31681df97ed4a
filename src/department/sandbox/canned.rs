//! A department whose answers stand in a file: `departments/<name>.sandbox.yaml`. It keeps nothing from one request to the
//! next, so a changing operation is answered the same however often it is called.

use super::fit::{self, Given};
use super::{Asked, Said, SandboxAnswer};
use crate::department::envelope::{open_request, wrap_answer};
use crate::menu::{CannedAnswer, DepartmentId, Operation, OperationId, Program, SandboxFile};
use crate::outward::HttpAnswer;

#[derive(Debug)]
pub(super) struct Canned {
    /// Those that fix most of their path first.
    operations: Vec<(OperationId, Operation)>,
    answers: Vec<CannedAnswer>,
    /// It takes calls in UMANG's envelope alone, and answers in it.
    enveloped: bool,
}

impl Canned {
    pub(super) fn new(program: &Program, file: &SandboxFile) -> Self {
        let mut operations = operations(program, file.department);
        operations.sort_by_key(|(_, operation)| std::cmp::Reverse(fit::fixed(operation)));
        Self { operations, answers: file.answers.clone(), enveloped: file.envelope.is_some() }
    }

    pub(super) fn answer(&self, asked: &Asked<'_>) -> Said {
        if !self.enveloped {
            return self.within(asked, |_| asked.body.to_vec());
        }
        match open_request(asked.method, asked.header, asked.body) {
            Ok(own) => wrapped(self.within(asked, |operation| own.body_of(operation))),
            Err(error) => SandboxAnswer::error(400, &error.to_string()).into(),
        }
    }

    /// The first answer that fits; where none does, the department knows nothing of it.
    /// `body` is what an operation would have sent.
    fn within(&self, asked: &Asked<'_>, body: impl Fn(&Operation) -> Vec<u8>) -> Said {
        let fitting = self.operations.iter().filter_map(|(id, operation)| {
            let body = body(operation);
            let asked = Asked { body: &body, ..*asked };
            Some((*id, fit::given(operation, &asked)?))
        });
        let mut answers = fitting.filter_map(|(id, given)| {
            let answer =
                self.answers.iter().find(|answer| answer.operation == id && answer.fits(|at| given.get(at)))?;
            Some(said(answer, &given, asked))
        });
        answers.next().unwrap_or_else(Said::not_found)
    }
}

fn wrapped(said: Said) -> Said {
    let HttpAnswer { status, body } = wrap_answer(HttpAnswer { status: said.status, body: said.body });
    Said { status, content_type: Some("application/json"), body }
}

fn operations(program: &Program, department: DepartmentId) -> Vec<(OperationId, Operation)> {
    let all = (0..).map(OperationId).zip(&program.operations);
    all.filter(|(_, operation)| operation.department == department).map(|(id, op)| (id, op.clone())).collect()
}

fn said(answer: &CannedAnswer, given: &Given, asked: &Asked<'_>) -> Said {
    let Some(body) = &answer.body else { return Said { status: answer.status, content_type: None, body: Vec::new() } };
    let text = body.fill(|at| given.get(at).unwrap_or_default().to_owned(), asked.today);
    Said { status: answer.status, content_type: Some(body.syntax.content_type()), body: text.into_bytes() }
}

#[cfg(test)]
mod tests;
