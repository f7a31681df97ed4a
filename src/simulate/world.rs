//! What every simulated citizen shares: the program, the gateway's profile, and departments of sand that answer here as those
//! of the server do.
//!
//! Sandbox departments follow from what they are asked, and from what was booked at them before. So a twin that is asked the
//! same questions in the same order gives the same answers, and the pages that follow are known to the byte.

use std::sync::Arc;
use std::time::Duration;

use crate::ambient::{SystemChance, SystemClock};
use crate::channel::ussd::{self, KeyLabels};
use crate::department::sandbox::{self, Sandbox};
use crate::department::{Budget, Departments};
use crate::engine::{CallRequest, Now, Outcome, Screen, ScreenKind};
use crate::gateway::Profile;
use crate::menu::{LanguageId, Program, SandboxFile, SystemText};
use crate::phone::ServiceCode;
use crate::types::{Chance, Clock, Timestamp};

/// Departments in this process answer at once; nothing is measured by it.
const BUDGET: Budget = Budget(Duration::from_mins(1));

/// What the bridge says where it cannot serve a turn. Whoever gets it met no wrong screen, but no service either.
const EXCUSES: [SystemText; 3] = [SystemText::Busy, SystemText::Sorry, SystemText::TooMany];

#[derive(Debug)]
pub struct World {
    pub program: Arc<Program>,
    pub profile: Arc<Profile>,
    pub codes: Vec<ServiceCode>,
    departments: Departments,
    /// The server's departments are of sand, too.
    pub(super) knows_departments: bool,
    /// Replies name the server, which is not called there what it is called here.
    pub(super) names_itself_otherwise: bool,
    clock: Arc<dyn Clock>,
    chance: SystemChance,
    /// The excuses in all languages, as this gateway gets them.
    excuses: Vec<(String, SystemText)>,
}

impl World {
    pub fn new(program: &Arc<Program>, profile: Arc<Profile>, sandboxes: &[SandboxFile]) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let sandbox = Arc::new(Sandbox::new(program, sandboxes));
        let transport = Arc::new(sandbox::InProcess::new(sandbox, Arc::clone(&clock)));
        let policies = sandbox::policies(program, sandboxes);
        let departments = Departments::new(transport, Arc::clone(&clock), Arc::new(SystemChance), policies);
        let languages = || (0..program.languages.len()).filter_map(|at| u16::try_from(at).ok()).map(LanguageId);
        let mut world = Self {
            codes: program.codes(),
            departments,
            knows_departments: true,
            names_itself_otherwise: false,
            clock,
            chance: SystemChance,
            excuses: Vec::new(),
            profile,
            program: Arc::clone(program),
        };
        world.excuses = languages()
            .flat_map(|language| EXCUSES.map(|text| (language, text)))
            .map(|(language, text)| (world.said(text, language), text))
            .collect();
        world
    }

    /// The server calls departments of its own, whose answers nobody knows here.
    #[must_use]
    pub fn with_other_departments(self) -> Self {
        Self { knows_departments: false, ..self }
    }

    /// The server may be known to the gateway by another address than the one by which it is reached here.
    #[must_use]
    pub fn with_another_address(self) -> Self {
        Self { names_itself_otherwise: self.profile.names_us(), ..self }
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(super) fn now(&self, at: Timestamp) -> Now {
        Now { at, plain: self.is_plain() }
    }

    fn is_plain(&self) -> bool {
        self.profile.limits.units.is_none()
    }

    /// The language in which a phone on this gateway reads what is chosen to be in another.
    pub(super) fn shown_in(&self, language: LanguageId) -> LanguageId {
        if self.is_plain() { self.program.language(language).plain } else { language }
    }

    pub(super) fn labels(&self, language: LanguageId) -> KeyLabels<'_> {
        KeyLabels::of(&self.program, language)
    }

    /// A text of the bridge's own as the only page of a dialogue's end.
    pub(super) fn said(&self, text: SystemText, language: LanguageId) -> String {
        let language = self.shown_in(language);
        let screen =
            Screen::bare(ScreenKind::End, self.program.system(text).of(language).literal().into_owned(), language);
        let layout = ussd::lay_out(&screen, self.profile.limits, &self.labels(language));
        layout.pages.into_iter().next().unwrap_or_default()
    }

    /// Which excuse a page is, if it is one.
    pub(super) fn excuse(&self, page: &str) -> Option<SystemText> {
        self.excuses.iter().find(|(said, _)| said == page).map(|(_, text)| *text)
    }

    /// What the departments answer to a call.
    pub(super) async fn call(&self, call: &CallRequest) -> Outcome {
        if !self.program.operation(call.operation).changes {
            return self.departments.read(&self.program, call, BUDGET).await;
        }
        let key = format!("{:032x}", self.chance.draw());
        self.departments.change(&self.program, call, &key, BUDGET).await
    }
}
