//! A phone on the shipped program, and what must hold of every step.

use std::time::Duration;

use gramsetu::channel::ussd::{self, KeyLabels, Layout, Pressed, lay_out, pressed, read};
use gramsetu::engine::{
    DialPath, Event, Facts, Failure, Next, Now, OtpOutcome, Outcome, Request, ScreenKind, Session, SessionId, WaitId,
    present, resumable, step,
};
use gramsetu::menu::{LanguageId, Program};
use gramsetu::phone::{Country, parse};
use gramsetu::text::fits;
use gramsetu::types::{Channel, Limits, Timestamp};

use crate::draw::{Draw, typed, wild};

/// Of the gateways with and without UCS-2.
const LIMITS: [Limits; 2] = [Limits { septets: 182, units: Some(70) }, Limits { septets: 160, units: None }];

/// One conversation.
#[derive(Debug)]
pub struct Phone<'p> {
    program: &'p Program,
    pub session: Session,
    now: Now,
    waits: Option<WaitId>,
    /// The session is known to be of this program and whole, so that its values keep what their types say.
    honest: bool,
    /// Pages fit.
    proved: bool,
}

impl<'p> Phone<'p> {
    pub fn new(program: &'p Program) -> Self {
        let at = Timestamp(1_795_000_000_000);
        let facts = Facts {
            id: SessionId(42),
            caller: parse("919812345670", Country::by_iso("IN").expect("India")).expect("a number"),
            channel: Channel::Ussd,
            entry: program.home,
            language: LanguageId(0),
            profile: Vec::new(),
            at,
        };
        let session = Session::begin(program, facts);
        Self { program, session, now: Now { at, plain: false }, waits: None, honest: true, proved: true }
    }

    /// On a program that nothing was proved about, so that its pages may not fit.
    pub fn of_any(program: &'p Program) -> Self {
        Self { proved: false, ..Self::new(program) }
    }

    /// With a session that may be damaged.
    pub fn with(program: &'p Program, session: Session) -> Self {
        let mut phone = Self { session, honest: false, ..Self::new(program) };
        phone.present();
        phone
    }

    /// Does what a line of an input says. What it begins with decides:
    ///
    /// ```text
    /// #4*1    begins with a dial path       @      dials again
    /// =…      the call under way answers    -x     it fails, in the way that x chooses
    /// ~…      it answers with any value     !      its deadline passes
    /// %       a stray answer                +7     seven minutes pass
    /// &       from here on without UCS-2    $x     what came of an OTP, as x chooses
    /// other   typed on the phone
    /// ```
    pub fn line(&mut self, line: &[u8]) {
        let (first, rest) = line.split_first().map_or((b' ', &[][..]), |(&first, rest)| (first, rest));
        let mut draw = Draw(rest);
        match first {
            b'#' => {
                let path = String::from_utf8_lossy(rest);
                let path = path.split('*').filter(|step| !step.is_empty()).map(str::to_owned).collect();
                self.event(Event::Begin(DialPath(path)));
            }
            b'@' => self.event(Event::Redial),
            b'=' => {
                let Next::Wait(_, Request::Call(call)) = self.peek() else { return };
                let answer = typed(&self.program.operation(call.operation).answer_type, &mut draw);
                self.done(Outcome::Answered(answer));
            }
            b'~' => {
                self.honest = false;
                self.done(Outcome::Answered(wild(&mut draw, 3)));
            }
            b'-' => {
                let failure = match draw.byte() % 6 {
                    0 => Failure::Down,
                    1 => Failure::Refused,
                    2 => Failure::Late,
                    3 => Failure::Unknown { receipt: "7K3P-Q2XM".to_owned() },
                    4 => Failure::Named("not_found".to_owned()),
                    _ => Failure::Named(draw.any_text(20)),
                };
                self.done(Outcome::Failed(failure));
            }
            b'$' => {
                let outcome = match draw.byte() % 6 {
                    0 => OtpOutcome::Sent,
                    1 => OtpOutcome::Unsent,
                    2 => OtpOutcome::Verified,
                    3 => OtpOutcome::Wrong { left: draw.byte() },
                    4 => OtpOutcome::Locked,
                    _ => OtpOutcome::Expired,
                };
                self.done(Outcome::Otp(outcome));
            }
            b'!' => {
                if let Some(wait) = self.waits {
                    self.event(Event::Late(wait));
                }
            }
            b'%' => self.event(Event::Done(WaitId(u32::from(draw.word())), Outcome::Failed(Failure::Down))),
            b'+' => {
                let minutes = u64::from(draw.byte()) * u64::from(draw.byte());
                self.now.at = self.now.at.plus(Duration::from_secs(60 * minutes));
            }
            b'&' => self.now.plain = true,
            _ => self.press(&String::from_utf8_lossy(line)),
        }
    }

    /// What the session waits for, as a stray event tells it: that changes nothing.
    fn peek(&self) -> Next {
        let stray = Event::Done(WaitId(u32::MAX), Outcome::Failed(Failure::Down));
        step(self.program, &mut self.session.clone(), self.now, stray).next
    }

    fn done(&mut self, outcome: Outcome) {
        if let Some(wait) = self.waits {
            self.event(Event::Done(wait, outcome));
        }
    }

    fn press(&mut self, typed: &str) {
        let screen = present(self.program, &self.session, self.now).whole();
        let words = KeyLabels::of(self.program, screen.language);
        let layout = self.lay_out(&screen);
        let page = self.session.page();
        let limits = LIMITS[usize::from(self.now.plain)];
        let view = present(self.program, &self.session, self.now);
        let read = read(typed, screen.head(), page, &words, || layout.place(page));
        assert_eq!(pressed(typed, &view, limits, page), read, "read as all pages say");
        let place = layout.place(page);
        let shown = (layout.pages[usize::from(place.page)].clone(), place);
        assert_eq!(ussd::page(&view, limits, page), shown, "drawn as among all pages");
        match read {
            Pressed::Page(page) => {
                assert!(usize::from(page) < layout.pages.len(), "a page that is not there");
                self.session.turn_to(page);
            }
            Pressed::Answer(reading) => self.event(Event::Answer(reading)),
        }
    }

    fn event(&mut self, event: Event) {
        let encoded = self.session.encode();
        let mut decoded = Session::decode(&encoded).expect("what was encoded can be decoded");
        assert_eq!(decoded, self.session);
        let taken = step(self.program, &mut self.session, self.now, event.clone());
        let again = step(self.program, &mut decoded, self.now, event);
        assert_eq!(format!("{taken:?}"), format!("{again:?}"), "the same event gives the same step");
        assert_eq!(decoded, self.session);
        self.waits = None;
        match taken.next {
            Next::Show | Next::End => {
                let screen = present(self.program, &self.session, self.now).whole();
                assert_eq!(screen.kind == ScreenKind::End, self.session.has_ended());
                self.lay_out(&screen);
            }
            Next::Wait(wait, Request::Call(call)) => {
                assert!(!self.session.has_ended());
                if self.honest {
                    assert_eq!(call.give.len(), self.program.operation(call.operation).takes.len());
                }
                self.waits = Some(wait);
            }
            Next::Wait(wait, Request::Otp(_)) => {
                assert!(!self.session.has_ended());
                self.waits = Some(wait);
            }
        }
    }

    fn present(&mut self) {
        let screen = present(self.program, &self.session, self.now).whole();
        self.lay_out(&screen);
        resumable(self.program, &self.session, self.now.at, self.now.at);
        if let Next::Wait(wait, _) = self.peek() {
            self.waits = Some(wait);
        }
    }

    fn lay_out(&self, screen: &gramsetu::engine::Screen) -> Layout {
        let limits = LIMITS[usize::from(self.now.plain)];
        let layout = lay_out(screen, limits, &KeyLabels::of(self.program, screen.language));
        assert!(!layout.pages.is_empty());
        for page in &layout.pages {
            assert!(!self.proved || fits(page, limits), "{page:?} does not fit");
        }
        layout
    }
}
