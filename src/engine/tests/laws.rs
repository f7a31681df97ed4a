//! The laws of a conversation, on programs and inputs at random.

use proptest::collection::vec;
use proptest::prelude::*;

use super::any_program::{CHANGES, any_program};
use super::phone::PROGRAM;
use crate::engine::frame::Frame;
use crate::engine::session::State;
use crate::engine::verify::is_asked_at;
use crate::engine::*;
use crate::menu::{LanguageId, MenuId, Program, Value};
use crate::phone::{Country, parse};
use crate::types::{Channel, Timestamp};

/// Typed into secret screens, and nowhere else.
const SECRET: &str = "739146825";

/// Typed where a one-time password is asked for, mostly.
const OTP: &str = "582093";

/// What happens next, whatever the screen.
#[derive(Clone, Debug)]
enum Input {
    Text(String),
    Back,
    Home,
    Redial,
    /// The answer to the call under way, if there is one.
    Done(Outcome),
    Late,
    /// An answer to another call.
    Stray,
    Begin,
    /// Minutes pass.
    Pass(u16),
    Page,
}

fn any_inputs() -> impl Strategy<Value = Vec<Input>> {
    let text = prop_oneof![
        6 => (0..12_u16).prop_map(|number| number.to_string()),
        2 => prop_oneof![Just("pu"), Just("one"), Just("yes"), Just("9812345670"), Just("05112026"), Just("पुणे")]
            .prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ];
    let input = prop_oneof![
        12 => text.prop_map(Input::Text),
        2 => Just(Input::Back),
        1 => Just(Input::Home),
        1 => Just(Input::Redial),
        8 => any_outcome().prop_map(Input::Done),
        1 => Just(Input::Late),
        1 => Just(Input::Stray),
        1 => Just(Input::Begin),
        1 => (0..2000_u16).prop_map(Input::Pass),
        1 => Just(Input::Page),
    ];
    vec(input, 1..30)
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let value = prop_oneof![
        Just(Value::Text("answer".into())),
        (-5..5_i64).prop_map(Value::Number),
        (0..4_usize).prop_map(|rows| {
            let row = |i| Value::Record(vec![Some(Value::Number(i)), Some(Value::Text(format!("row {i}"))), None]);
            let list = Value::List((0..).map(row).take(rows).collect());
            Value::Record(vec![Some(list.clone()), Some(list)])
        }),
        // What the members of the fixtures look like.
        (0..4_usize).prop_map(|members| {
            let member = |i| {
                Value::Record(vec![
                    Some(Value::Text(format!("PU {i}"))),
                    Some(Value::Amount(5)),
                    Some(Value::YesNo(true)),
                ])
            };
            Value::Record(vec![Some(Value::List((0..).map(member).take(members).collect()))])
        }),
    ];
    let failure = prop_oneof![
        Just(Failure::Down),
        Just(Failure::Refused),
        Just(Failure::Late),
        Just(Failure::Unknown { receipt: "R1".into() }),
        Just(Failure::Named("wrong".into())),
    ];
    let otp = prop_oneof![
        3 => Just(OtpOutcome::Sent),
        3 => Just(OtpOutcome::Verified),
        2 => (1..9_u8).prop_map(|left| OtpOutcome::Wrong { left }),
        1 => Just(OtpOutcome::Unsent),
        1 => Just(OtpOutcome::Locked),
        1 => Just(OtpOutcome::Expired),
    ];
    prop_oneof![
        6 => value.prop_map(Outcome::Answered),
        2 => failure.prop_map(Outcome::Failed),
        4 => otp.prop_map(Outcome::Otp),
        1 => Just(Outcome::Later { receipt: "K7M2-Q".into() }),
    ]
}

/// A citizen's phone beside the session, and the time.
struct Conversation<'a> {
    program: &'a Program,
    session: Session,
    now: Now,
    next: Option<Next>,
    /// Unless a call is under way.
    screen: Option<Screen>,
}

impl<'a> Conversation<'a> {
    fn new(program: &'a Program) -> Self {
        let now = Now { at: Timestamp(1_795_000_000_000), plain: false };
        Self { program, session: Session::begin(program, facts(now.at)), now, next: None, screen: None }
    }

    /// The event that an input means here; `None` when only time passed or a page was turned.
    fn event(&mut self, input: &Input) -> Option<Event> {
        Some(match input {
            Input::Text(text) => {
                let secret = matches!(&self.screen, Some(screen) if screen.kind == ScreenKind::Value { secret: true });
                let typed = match text.as_str() {
                    _ if self.asks_for_otp() && text != "1" => OTP,
                    _ if secret && !self.asks_for_otp() => SECRET,
                    text => text,
                };
                Event::Answer(Reading::Text(typed.to_owned()))
            }
            Input::Back => Event::Answer(Reading::Back),
            Input::Home => Event::Answer(Reading::Home),
            Input::Redial => Event::Redial,
            Input::Done(outcome) => Event::Done(self.waiting()?, outcome.clone()),
            Input::Late => Event::Late(self.waiting()?),
            Input::Stray => Event::Done(WaitId(9999), Outcome::Failed(Failure::Down)),
            Input::Begin => Event::Begin(DialPath(vec!["1".into()])),
            Input::Pass(minutes) => {
                self.now.at = Timestamp(self.now.at.0 + i64::from(*minutes) * 60_000);
                return None;
            }
            Input::Page => {
                self.session.turn_to(1);
                return None;
            }
        })
    }

    fn asks_for_otp(&self) -> bool {
        self.session.position().is_some_and(|at| is_asked_at(self.program, at))
    }

    fn waiting(&self) -> Option<WaitId> {
        match &self.next {
            Some(Next::Wait(wait, _)) => Some(*wait),
            _ => None,
        }
    }

    /// Takes a step and checks what must hold of every one.
    fn step(&mut self, event: Event) -> Step {
        let mut decoded = Session::decode(&self.session.encode()).expect("what was encoded can be decoded");
        assert_eq!(decoded, self.session);
        // What was typed as a one-time password is in memory alone.
        decoded.verifying.typed = self.session.verifying.typed.clone();
        let step = step(self.program, &mut self.session, self.now, event.clone());
        let again = crate::engine::step(self.program, &mut decoded, self.now, event);
        assert_eq!(format!("{step:?}"), format!("{again:?}"), "the same event gives the same step");
        assert_eq!(decoded, self.session);

        match &step.next {
            Next::Show | Next::End => {
                let screen = present(self.program, &self.session, self.now).whole();
                assert_eq!(present(self.program, &decoded, self.now).whole(), screen);
                assert_eq!(screen.kind == ScreenKind::End, self.session.has_ended());
                assert_eq!(screen.kind == ScreenKind::End, matches!(step.next, Next::End));
                assert!(screen.options.windows(2).all(|pair| pair[0].number <= pair[1].number));
                self.has_no_secret(&format!("{screen:?}"));
                self.screen = Some(screen);
            }
            Next::Wait(..) => {
                assert!(matches!(self.session.state, State::Waiting(_)));
                self.is_parked_without_secrets();
                self.screen = None;
            }
        }
        // A call may be given a secret.
        let told =
            if let Next::Wait(_, Request::Otp(asked)) = &step.next { format!("{asked:?}") } else { String::new() };
        self.has_no_secret(&format!("{:?} {:?} {told}", step.effects, self.session));
        self.next = Some(step.next.clone());
        step
    }

    /// What is kept until a late answer comes has no secret, and gives a message whatever comes.
    fn is_parked_without_secrets(&self) {
        let Some(parked) = self.session.parked(self.program, "K7M2-Q") else { return };
        let kept = Session::decode(&parked.encode()).expect("what was encoded can be decoded");
        assert_eq!(kept, parked);
        assert!(!kept.encode().windows(SECRET.len()).any(|window| window == SECRET.as_bytes()));
        let call = late_call(self.program, &kept).expect("it waits in a call");
        assert!(call.late && matches!(&self.session.state, State::Waiting(_)));
        for outcome in [Outcome::Answered(Value::Text("answer".into())), Outcome::Failed(Failure::Down)] {
            assert!(matches!(late_message(self.program, &kept, &outcome), Some(Effect::Send { to: None, .. })));
        }
    }

    fn has_no_secret(&self, shown: &str) {
        assert!(!shown.contains(SECRET) && !shown.contains(OTP), "a secret is shown: {shown}");
        let encoded = self.session.encode();
        let holds = |secret: &str| encoded.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!holds(OTP), "a one-time password is kept");
        if !matches!(self.session.state, State::Waiting(_)) {
            assert!(!holds(SECRET), "a secret outlives its screen: {:?}", self.session.frames);
        }
    }
}

fn facts(at: Timestamp) -> Facts {
    Facts {
        id: SessionId(42),
        caller: parse("919812345670", Country::by_iso("IN").expect("India")).expect("a number"),
        channel: Channel::Ussd,
        entry: MenuId(0),
        language: LanguageId(0),
        profile: Vec::new(),
        at,
    }
}

/// Walks a program; what must hold of every step is checked by [`Conversation::step`].
fn walk(program: &Program, path: Vec<String>, inputs: &[Input]) {
    let mut phone = Conversation::new(program);
    phone.step(Event::Begin(DialPath(path)));
    for input in inputs {
        if let Some(event) = phone.event(input) {
            phone.step(event);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// Any sequence of inputs ends in a screen, an end or a wait; never a panic. The checks of each step are in
    /// `Conversation::step`: it is presented again as it was, decodes to itself and holds no secret.
    #[test]
    fn every_input_has_an_answer(program in any_program(true), path in vec("[0-9]{1,3}", 0..5), inputs in any_inputs()) {
        walk(&program, path, &inputs);
    }

    /// The same on a program without errors.
    #[test]
    fn every_input_has_an_answer_on_a_compiled_program(path in vec("[0-9]{1,3}", 0..5), inputs in any_inputs()) {
        walk(&PROGRAM, path, &inputs);
    }

    /// `back` shows the screen before, with all values as they were there, and never leads over a changing call.
    #[test]
    fn back_returns_to_the_screen_before(program in any_program(false), inputs in any_inputs()) {
        let mut phone = Conversation::new(&program);
        let mut before: Option<(Vec<Frame>, Screen)> = None;
        phone.step(Event::Begin(DialPath::default()));
        for input in inputs.iter().filter(|input| matches!(input, Input::Text(_) | Input::Done(_))) {
            let shown = match (&phone.next, &phone.screen) {
                (Some(Next::Show), Some(screen)) => Some((phone.session.frames.clone(), screen.clone())),
                _ => None,
            };
            let Some(event) = phone.event(input) else { continue };
            if shown.is_some() {
                // A question for a one-time password is passed, not gone back to.
                before = shown.filter(|_| !phone.asks_for_otp());
            }
            let place = phone.session.position();
            let step = phone.step(event);
            if let Next::Wait(_, Request::Call(call)) = &step.next {
                if call.operation == CHANGES {
                    before = None;
                    prop_assert!(phone.session.undo.is_empty());
                }
                continue;
            }
            let stayed = step.effects.iter().any(|effect| matches!(effect, Effect::Record(move_)
                if move_.from == place && matches!(move_.answer, AnswerClass::Unexpected | AnswerClass::Find)));
            let (Next::Show, Some(screen)) = (&step.next, &phone.screen) else { break };
            if stayed || !screen.back {
                before = None;
                continue;
            }
            let Some((frames, earlier)) = before.take() else { continue };
            let mut returned = phone.session.clone();
            let back = crate::engine::step(&program, &mut returned, phone.now, Event::Answer(Reading::Back));
            prop_assert_eq!(&returned.frames, &frames);
            prop_assert!(matches!(back.next, Next::Show), "back shows a screen");
            let again = present(&program, &returned, phone.now).whole();
            if again.language == earlier.language && returned.profile == Vec::new() && returned.receipt.is_none() {
                let plain = |screen: Screen| Screen { notice: None, back: false, ..screen };
                prop_assert_eq!(plain(again), plain(earlier));
            }
        }
    }

    /// A session that does not fit the program (of another version, or damaged) is answered all the same.
    #[test]
    fn a_session_of_another_program_is_answered(
        one in any_program(true),
        mut other in any_program(true),
        inputs in any_inputs(),
        later in any_inputs(),
    ) {
        other.menus.truncate(2);
        other.menus[0].screens.truncate(2);
        other.menus[1].slots.truncate(1);
        other.tables.clear();
        other.languages.truncate(1);
        other.operations.truncate(1);
        let mut phone = Conversation::new(&one);
        phone.step(Event::Begin(DialPath::default()));
        for input in &inputs {
            if let Some(event) = phone.event(input) {
                phone.step(event);
            }
        }
        let mut moved = Conversation { program: &other, ..phone };
        for input in &later {
            if let Some(event) = moved.event(input) {
                let step = step(&other, &mut moved.session, moved.now, event);
                let screen = present(&other, &moved.session, moved.now).whole();
                prop_assert!(screen.language.index() < other.languages.len());
                resumable(&other, &moved.session, moved.now.at, moved.now.at);
                moved.screen = (!matches!(step.next, Next::Wait(..))).then_some(screen);
                moved.next = Some(step.next);
            }
        }
    }

    /// A byte at random is refused, or decodes to a session that is answered.
    #[test]
    fn damaged_bytes_are_refused_or_answered(
        program in any_program(true),
        inputs in any_inputs(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut phone = Conversation::new(&program);
        phone.step(Event::Begin(DialPath::default()));
        for input in &inputs {
            if let Some(event) = phone.event(input) {
                phone.step(event);
            }
        }
        let mut bytes = phone.session.encode();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(mut session) = Session::decode(&bytes) {
            present(&program, &session, phone.now).whole();
            for input in &inputs {
                if let Some(event) = phone.event(input) {
                    step(&program, &mut session, phone.now, event);
                }
            }
        }
    }
}
