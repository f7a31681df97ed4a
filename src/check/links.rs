//! Short links: that some message takes each, that its address is registered, and that it fits where it stands. And missed calls that
//! ask to be called back, which nobody does yet.

use super::codes;
use crate::menu::{MissedCallAction, Program, TOKEN_LETTERS};
use crate::source::Diagnostic;

pub(super) fn check(program: &Program, findings: &mut Vec<Diagnostic>) {
    unsent(program, findings);
    addresses(program, findings);
    for call in &program.missed_calls {
        if let MissedCallAction::CallBack(_) = call.action {
            let message = format!("who gives {} a missed call is noted, and nobody calls back yet", call.number);
            let remedy = "let it `send` a message or `run` a menu, until a version calls";
            findings.push(Diagnostic::warning(codes::P_CALL_BACK, call.span, message, remedy));
        }
    }
}

/// Links that no message takes.
fn unsent(program: &Program, findings: &mut Vec<Diagnostic>) {
    for (at, link) in program.short_links.iter().enumerate() {
        let takes = |action: MissedCallAction| matches!(action, MissedCallAction::Send { link: Some(id), .. } if id.index() == at);
        if !program.missed_calls.iter().any(|call| takes(call.action)) {
            let message = format!("no message takes the short link `{}`", link.name);
            let remedy = "send it where a missed call asks for it (`{send: bridge.link, link: …}`), or delete it";
            findings.push(Diagnostic::warning(codes::P_UNSENT_LINK, link.span, message, remedy));
        }
    }
}

/// A message with an address that is not registered, or with a part of one, is not delivered.
fn addresses(program: &Program, findings: &mut Vec<Diagnostic>) {
    let Some(base) = program.allowed.short_base() else {
        if let Some(first) = program.short_links.first() {
            let message =
                format!("no registered link ends in `/l/`, below which `{}` could have an address", first.name);
            let remedy = "have the address registered under which the bridge serves short links, and add it to `links`, \
                          like `https://gramsetu.example/l/`";
            findings.push(Diagnostic::error(codes::D_SHORT_LINK, first.span, message, remedy));
        }
        return;
    };
    let letters = base.len() + TOKEN_LETTERS;
    for call in &program.missed_calls {
        let MissedCallAction::Send { message, link: Some(link) } = call.action else { continue };
        let (message, link) = (program.message(message), program.short_link(link));
        if let Some(variable) = message.takes.iter().find(|variable| usize::from(variable.max) < letters) {
            let text = format!(
                "a short address of `{}` has {letters} letters, and `{}` of `{}` takes {}",
                link.name, variable.name, message.name, variable.max
            );
            let remedy = format!("have a shorter one registered than `{base}`");
            findings.push(Diagnostic::error(codes::D_SHORT_LINK, call.span, text, remedy));
        }
    }
    for link in &program.short_links {
        let targets = link.kaios.iter().chain(std::iter::once(&link.other));
        if let Some(target) = targets.into_iter().find(|target| target.starts_with(base)) {
            let message = format!("`{}` leads to `{target}`, which is itself a short address", link.name);
            let remedy = "name the address that it is to lead to in the end";
            findings.push(Diagnostic::error(codes::D_SHORT_LINK, link.span, message, remedy));
        }
    }
}
