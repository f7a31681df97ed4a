//! Something that fails again and again is said once, then once a minute, and once more when it works again: a log in which
//! each of a thousand citizens has a line hides the one that matters.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::sync::lock;

/// How often what goes on failing is said.
const EVERY: Duration = Duration::from_mins(1);

/// Whether something works, and whether anybody needs to be told.
#[derive(Debug, Default)]
pub struct Trouble(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    since: Option<Instant>,
    times: u64,
    said: Option<Instant>,
    /// Of the trouble that lasts.
    is_told: bool,
}

/// How long it has lasted, and how often it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasting {
    pub since: Duration,
    pub times: u64,
}

impl Trouble {
    /// It failed: what there is to be said, where something is.
    pub fn failed(&self) -> Option<Lasting> {
        self.failed_at(Instant::now())
    }

    /// It worked: how long it had not, where that was said.
    pub fn worked(&self) -> Option<Lasting> {
        self.worked_at(Instant::now())
    }

    /// Notes how it went, where whoever looks at [`Trouble::lasts`] tells it.
    pub(super) fn note(&self, worked: bool) {
        _ = if worked { self.worked() } else { self.failed() };
    }

    /// How long it has been failing, if it is.
    pub fn lasts(&self) -> Option<Duration> {
        lock(&self.0).since.map(|since| since.elapsed())
    }

    fn failed_at(&self, now: Instant) -> Option<Lasting> {
        let mut state = lock(&self.0);
        let since = *state.since.get_or_insert(now);
        state.times += 1;
        if state.said.is_some_and(|said| now.duration_since(said) < EVERY) {
            return None;
        }
        (state.said, state.is_told) = (Some(now), true);
        Some(Lasting { since: now.duration_since(since), times: state.times })
    }

    fn worked_at(&self, now: Instant) -> Option<Lasting> {
        let mut state = lock(&self.0);
        let lasted = state.since.map(|since| Lasting { since: now.duration_since(since), times: state.times });
        let is_told = state.is_told;
        *state = State { said: state.said, ..State::default() };
        lasted.filter(|_| is_told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_at_first_then_once_a_minute_and_when_it_is_over() {
        let (trouble, begin) = (Trouble::default(), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        let lasting = |seconds, times| Some(Lasting { since: Duration::from_secs(seconds), times });
        assert_eq!(trouble.worked_at(at(0)), None);
        assert_eq!(trouble.failed_at(at(1)), lasting(0, 1));
        assert_eq!(trouble.failed_at(at(2)), None);
        assert_eq!(trouble.failed_at(at(60)), None);
        assert_eq!(trouble.failed_at(at(61)), lasting(60, 4));
        assert_eq!(trouble.worked_at(at(70)), lasting(69, 4));
        assert_eq!((trouble.worked_at(at(71)), trouble.lasts()), (None, None));
    }

    #[test]
    fn what_comes_and_goes_is_not_said_each_time() {
        let (trouble, begin) = (Trouble::default(), Instant::now());
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert!(trouble.failed_at(at(0)).is_some() && trouble.worked_at(at(1)).is_some());
        for second in 2..59 {
            assert_eq!(trouble.failed_at(at(second)), None);
            assert_eq!(trouble.worked_at(at(second)), None);
        }
        assert!(trouble.failed_at(at(60)).is_some());
        assert!(trouble.lasts().is_some());
    }
}
