//! One message on its way: what is written before the first byte leaves, and what is written of the answer.
//!
//! The rule is that of the architecture's ninth promise. A message is `Sending`, durably and under this lease, before a route sees it. From
//! then on only what is definite is believed: accepted; refused, or not sent at all, after which it may be tried again; else it is in doubt, and
//! is sent again only where that can do no harm.

use std::time::Duration;

use super::routes::{Chosen, Route, Ticket};
use super::transport::RouteAnswer;
use super::work::Unplaced;
use super::{Outbox, hours, patience, record};
use crate::gateway::messages::{Again, Answer, MessageProfile, RawAnswer};
use crate::outward::TransportError;
use crate::store::{Attempts, Commit, CommitError, Message, MessageChange, SentAs, Unsent};
use crate::types::{OutMessage, Repeat, Timestamp};

/// How long after a gateway's answer was due the message may still be written: longer than any node's clock is wrong.
const FOR_ITS_COMMIT: Duration = Duration::from_secs(30);
/// How long to wait before what became of a message is written again, where the store does not take it.
const WRITE_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// How soon a message that no route carries is looked at again, by whichever node claims it then …
const ANOTHER_NODE_MAY: Duration = Duration::from_mins(1);
/// … and for how long after it was queued: as long as nodes may have different settings, since they are not restarted at once.
const WHILE_SETTINGS_CHANGE: Duration = Duration::from_mins(15);

/// What came of a message, in a word for the meters.
type Word = &'static str;

impl Outbox {
    /// Sends one message that was claimed. What fails here leaves it as it was durably written; another claim, or nobody, comes for it.
    pub(super) async fn send(&self, message: Message, unplaced: Unplaced) {
        match self.sent(&message, unplaced).await {
            Ok(word) => self.meters.message(word),
            // It took longer than the lease: somebody else has it now, and nothing was sent.
            Err(CommitError::LeaseLost) => self.meters.message("lease_lost"),
            Err(error) => {
                tracing::debug!(message = %message.id, %error, "A message could not be written, it is claimed again later");
            }
        }
    }

    async fn sent(&self, message: &Message, unplaced: Unplaced) -> Result<Word, CommitError> {
        let now = self.clock.now();
        let out = match record::open(&self.keyring, message) {
            Ok(out) => out,
            Err(error) => {
                tracing::error!(message = %message.id, %error, "A message cannot be read");
                return self.drop_it(message, Unsent::Refused, "unreadable").await;
            }
        };
        if now >= message.expires {
            return self.drop_it(message, Unsent::Expired, "expired").await;
        }
        let opens = hours::from(out.kind, now);
        if opens > now {
            return self.put_off(message, opens, "hours").await;
        }
        // Whoever has one sent again has it sent on any route, the preferred one first.
        let last = message.route.as_deref().filter(|_| message.tried() > 0);
        // What was refused goes to the next route. What may have gone out already only the same gateway knows again, by its key.
        let is_in_doubt = message.may_have_gone_out();
        let after = last.filter(|_| !is_in_doubt);
        let only = last.filter(|_| is_in_doubt && out.repeat == Repeat::Never);
        let routes = self.routes.get();
        let chosen = routes.choose(&out, after, only, now);
        drop(unplaced);
        match chosen {
            Chosen::Never(why) => {
                tracing::warn!(message = %message.id, header = %out.header, why, "No route carries a message");
                let later = now.plus(ANOTHER_NODE_MAY);
                if later < message.expires && now.since(message.at) < WHILE_SETTINGS_CHANGE {
                    self.put_off(message, later, "elsewhere").await
                } else {
                    self.drop_it(message, Unsent::Refused, why).await
                }
            }
            // Whose time would be over by then goes before those who can wait.
            Chosen::Wait { until, soonest } => {
                let due = if until < message.expires { until } else { soonest };
                self.put_off(message, due, "waits").await
            }
            Chosen::Route(route, ticket) => self.hand_over(message, &out, only.is_some(), route, ticket).await,
        }
    }

    async fn hand_over(
        &self,
        message: &Message,
        out: &OutMessage,
        may_have_gone_out: bool,
        route: &Route,
        ticket: Ticket,
    ) -> Result<Word, CommitError> {
        let settings = &route.settings;
        let is_known_again = settings.profile.takes_idempotency_key();
        let attempt = message.attempt.saturating_add(1);
        // A gateway that knows a message again must know each attempt by the same id, until an operator has it sent again. Elsewhere each
        // has its own, so that a receipt is of no other.
        let attempts =
            if is_known_again { Attempts::From(message.forgiven.saturating_add(1)) } else { Attempts::One(attempt) };
        let request = match route.write(out, &SentAs { id: message.id, attempts }.to_string()) {
            Ok(request) => request,
            Err(error) => {
                tracing::error!(message = %message.id, route = %settings.name, %error, "A message cannot be written for its route");
                return self.drop_it(message, Unsent::Refused, "unwritable").await;
            }
        };
        let until = self.clock.now().plus(settings.within + FOR_ITS_COMMIT);
        let repeat = if is_known_again { Repeat::Harmless } else { out.repeat };
        let (id, lease, name) = (message.id, message.lease, settings.name.clone());
        self.write(MessageChange::Sending { id, lease, route: name, until, repeat }).await?;
        let answer = self.transport.send(request, settings.within).await;
        let now = self.clock.now();
        let tried = message.tried().saturating_add(1);
        let again = |asked| patience::again(out.priority, tried, asked, now, message.expires, self.chance.draw());
        let (change, word) = match judged(answer, settings.profile.as_ref()) {
            Judged::Accepted { foreign } => {
                self.tell(route, route.answered());
                let foreign = foreign.map(|foreign| record::foreign(&self.keyring, &settings.profile.name, &foreign));
                self.meters.segments(&settings.name, u64::from(ticket.segments));
                (MessageChange::Accepted { id, attempt, foreign, at: now }, "accepted")
            }
            Judged::Refused { reason, again: may } => {
                // What it takes of nobody (a wrong password, no balance) somebody may mend meanwhile; others are spared the attempt.
                let is_ours = matches!(may, Again::ElsewhereOnly);
                self.tell(route, if is_ours { route.failed(now) } else { route.answered() });
                let again = match may {
                    Again::Later(asked) => again(asked),
                    Again::ElsewhereOnly => again(None),
                    Again::Never => None,
                };
                tracing::warn!(message = %id, route = %settings.name, reason, "A gateway refused a message");
                (MessageChange::Refused { id, attempt, again, reason }, "refused")
            }
            Judged::NotSent(why) => {
                self.tell(route, route.failed(now));
                tracing::warn!(message = %id, route = %settings.name, why, "A gateway cannot be reached");
                (
                    MessageChange::Refused { id, attempt, again: again(None), reason: "no_connection".to_owned() },
                    "not_sent",
                )
            }
            Judged::Unclear(reason) => {
                self.tell(route, route.failed(now));
                tracing::warn!(message = %id, route = %settings.name, reason, "Whether a gateway took a message is not known");
                let again = again(None).filter(|_| repeat == Repeat::Harmless);
                (MessageChange::Doubt { id, attempt, again }, "in_doubt")
            }
        };
        // What is refused now says nothing of the attempt before.
        let change = match change {
            MessageChange::Refused { again, .. } if may_have_gone_out => MessageChange::Doubt { id, attempt, again },
            change => change,
        };
        drop(ticket);
        self.write_surely(change, until).await;
        Ok(word)
    }

    fn tell(&self, route: &Route, state: Option<&'static str>) {
        if let Some(state) = state {
            tracing::warn!(route = %route.name(), state, "The breaker of the route `{}` is now {state}", route.name());
            self.meters.route_breaker(route.name(), state);
        }
    }

    /// Back into the queue, unsent, until then; not at all where its time would be over by then.
    async fn put_off(&self, message: &Message, due: Timestamp, word: Word) -> Result<Word, CommitError> {
        if due >= message.expires {
            return self.drop_it(message, Unsent::Expired, "expired").await;
        }
        self.write(MessageChange::Release { id: message.id, lease: message.lease, due }).await?;
        Ok(word)
    }

    async fn drop_it(&self, message: &Message, state: Unsent, reason: Word) -> Result<Word, CommitError> {
        let (id, lease) = (message.id, message.lease);
        self.write(MessageChange::Drop { id, lease, state, reason: reason.to_owned() }).await?;
        Ok(reason)
    }

    async fn write(&self, change: MessageChange) -> Result<(), CommitError> {
        self.store.commit(Commit { messages: vec![change], ..Commit::default() }).await
    }

    /// What became of a message that was sent: tried until it is written, or until the store itself takes it for doubtful.
    async fn write_surely(&self, change: MessageChange, until: Timestamp) {
        loop {
            match self.write(change.clone()).await {
                Ok(()) => return,
                Err(error) if self.clock.now() >= until => {
                    tracing::error!(%error, "What became of a message could not be written, it is in doubt now");
                    return;
                }
                Err(error) => {
                    tracing::debug!(%error, "What became of a message could not be written yet");
                    self.clock.sleep(WRITE_AGAIN_AFTER).await;
                }
            }
        }
    }
}

/// What an exchange with a gateway proves.
#[derive(Debug, PartialEq, Eq)]
enum Judged {
    Accepted {
        foreign: Option<String>,
    },
    Refused {
        reason: String,
        again: Again,
    },
    /// The gateway cannot have seen it.
    NotSent(String),
    Unclear(String),
}

fn judged(answer: Result<RouteAnswer, TransportError>, profile: &MessageProfile) -> Judged {
    match answer {
        Ok(RouteAnswer { answer, retry_after }) => {
            let raw = RawAnswer { status: answer.status, retry_after: retry_after.as_deref(), body: &answer.body };
            match profile.read_answer(&raw) {
                Answer::Accepted { foreign } => Judged::Accepted { foreign },
                Answer::Refused { reason, again } => Judged::Refused { reason, again },
                Answer::Unclear { reason } => Judged::Unclear(reason),
            }
        }
        Err(TransportError::NotSent(why)) => Judged::NotSent(why),
        Err(error @ (TransportError::Lost(_) | TransportError::Late | TransportError::TooLarge(_))) => {
            Judged::Unclear(error.to_string())
        }
    }
}
