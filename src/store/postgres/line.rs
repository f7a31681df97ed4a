//! Connections to the primary: one ([`Line`]), and a few that readers share ([`Lines`]).

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnection, PgRow, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::sync::Semaphore;
use tokio::time::{Instant, error::Elapsed, timeout, timeout_at};

use super::fault::Fault;
use super::notices::Notices;
use super::primary::Primary;
use super::sql;
use crate::store::{StoreError, Trouble};
use crate::sync::lock;

/// How long a connection that is not needed any more may take to end.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long a piece of work beside turns may take: shorter than the lease under which it is done.
const BESIDE: Duration = Duration::from_secs(30);

/// Whose time a statement takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// A citizen waits: what does not answer is given up soon, and the primary with it.
    Turns,
    /// Nobody waits. What is slow says nothing about the primary.
    Beside,
}

/// A statement with its parameters.
pub(super) type Statement = Query<'static, Postgres, PgArguments>;

/// One connection, made when it is needed and made anew when it broke or the primary changed.
pub(super) struct Line {
    primary: Arc<Primary>,
    pace: Pace,
    notices: Notices,
    /// With the epoch it was made in. Taken out while it is used, so that one that was left in the midst is not used again.
    open: Option<(PgConnection, u64)>,
}

impl Line {
    pub(super) fn new(primary: Arc<Primary>) -> Self {
        Self::at(primary, Pace::Turns)
    }

    fn at(primary: Arc<Primary>, pace: Pace) -> Self {
        Self { primary, pace, notices: Notices::new(), open: None }
    }

    /// Until when a piece of work that begins now may take.
    pub(super) fn deadline(&self) -> Instant {
        self.primary.deadline()
    }

    /// Runs a statement that changes nothing; again, where a connection broke, until `deadline`.
    pub(super) async fn read(
        &mut self,
        statement: impl Fn() -> Statement,
        deadline: Instant,
    ) -> Result<Vec<PgRow>, Fault> {
        loop {
            let (mut connection, epoch) = self.take(deadline).await?;
            let answer = timeout_at(self.limit(deadline), statement().fetch_all(&mut connection)).await;
            match self.settle(connection, epoch, answer) {
                Err(Fault::Doubt(reason)) if Instant::now() >= deadline => return Err(Fault::Away(reason)),
                Err(Fault::Doubt(_)) => {}
                done => return done,
            }
        }
    }

    /// Runs a statement that changes something, once. Durable, and on the standbys that must have it, when it succeeds.
    pub(super) async fn write(&mut self, statement: Statement, deadline: Instant) -> Result<Vec<PgRow>, Fault> {
        let (mut connection, epoch) = self.take(deadline).await?;
        let listened = self.notices.listen(statement.fetch_all(&mut connection));
        let answer = timeout_at(self.limit(deadline), listened).await;
        self.settle_listened(connection, epoch, answer)
    }

    /// Runs a text of several statements, which is one transaction.
    pub(super) async fn script(&mut self, text: String, deadline: Instant) -> Result<(), Fault> {
        let (mut connection, epoch) = self.take(deadline).await?;
        let listened = self.notices.listen(async {
            let script = sqlx::raw_sql(AssertSqlSafe(text));
            script.execute(&mut connection).await
        });
        let answer = timeout_at(self.limit(deadline), listened).await;
        self.settle_listened(connection, epoch, answer).map(drop)
    }

    /// Tells the server, if it listens, so that its log has no broken connection.
    pub(super) async fn close(self) {
        if let Some((connection, _)) = self.open {
            let _ = timeout(FAREWELL, connection.close()).await;
        }
    }

    /// Half of what there is, so that a second try on another host is possible.
    fn limit(&self, deadline: Instant) -> Instant {
        match self.pace {
            Pace::Turns => deadline.min(Instant::now() + self.primary.patience() / 2),
            Pace::Beside => deadline,
        }
    }

    async fn take(&mut self, deadline: Instant) -> Result<(PgConnection, u64), Fault> {
        // A statement without any time would prove nothing about the primary, yet have it looked for.
        if Instant::now() >= deadline {
            return Err(Fault::Away("it took too long".to_owned()));
        }
        let (_, now) = self.primary.here(deadline).await?;
        if let Some(open) = self.open.take().filter(|(_, epoch)| *epoch == now) {
            return Ok(open);
        }
        let (mut connection, epoch) = self.primary.connect(deadline).await?;
        if self.pace == Pace::Turns {
            // Only time rests on it. A connection that breaks at it breaks at the next statement, too.
            let _ = timeout_at(deadline, sqlx::query(sql::SESSION).execute(&mut connection)).await;
        }
        Ok((connection, epoch))
    }

    fn settle_listened<T>(
        &mut self,
        connection: PgConnection,
        epoch: u64,
        answer: Result<(Result<T, sqlx::Error>, bool), Elapsed>,
    ) -> Result<T, Fault> {
        let given = match answer {
            Ok((Ok(_), true)) => {
                Err(Fault::Doubt("a commit came with a warning: its replication was not waited for".to_owned()))
            }
            answer => self.settle(connection, epoch, answer.map(|(answer, _)| answer)),
        };
        if let Err(Fault::Doubt(why)) = &given {
            self.primary.doubt(why);
        }
        given
    }

    /// Keeps the connection, unless it is of no more use.
    fn settle<T>(
        &mut self,
        connection: PgConnection,
        epoch: u64,
        answer: Result<Result<T, sqlx::Error>, Elapsed>,
    ) -> Result<T, Fault> {
        let fault = match answer {
            Ok(Ok(given)) => {
                self.open = Some((connection, epoch));
                return Ok(given);
            }
            Ok(Err(error)) => Fault::of(&error),
            // The connection is left, and the server may still be at it.
            Err(_) if self.pace == Pace::Beside => {
                return Err(Fault::Refused(format!("it took longer than {} seconds", BESIDE.as_secs())));
            }
            Err(_) => Fault::Doubt("no answer came in time".to_owned()),
        };
        match &fault {
            Fault::Doubt(why) => self.primary.lost(epoch, why),
            _ => self.open = Some((connection, epoch)),
        }
        Err(fault)
    }
}

/// A few connections for whoever needs one.
pub(super) struct Lines {
    primary: Arc<Primary>,
    pace: Pace,
    idle: Mutex<Vec<Line>>,
    permits: Semaphore,
    /// With what is read.
    reading: Trouble,
}

impl Lines {
    pub(super) fn new(primary: Arc<Primary>, at_most: usize) -> Self {
        let (permits, reading) = (Semaphore::new(at_most), Trouble::default());
        Self { primary, pace: Pace::Turns, idle: Mutex::default(), permits, reading }
    }

    /// One, for work that nobody waits for.
    pub(super) fn beside(primary: Arc<Primary>) -> Self {
        Self { pace: Pace::Beside, ..Self::new(primary, 1) }
    }

    pub(super) fn primary(&self) -> &Arc<Primary> {
        &self.primary
    }

    /// As [`Line::read`].
    pub(super) async fn read(&self, statement: impl Fn() -> Statement) -> Result<Vec<PgRow>, StoreError> {
        self.try_read(statement).await.map_err(StoreError::from)
    }

    pub(super) async fn try_read(&self, statement: impl Fn() -> Statement) -> Result<Vec<PgRow>, Fault> {
        let given = self.read_on_one(statement).await;
        if !matches!(given, Err(Fault::Closed)) {
            self.reading.note(given.is_ok());
        }
        given
    }

    /// How long nothing could be read, if nothing can be.
    pub(super) fn failing(&self) -> Option<Duration> {
        self.reading.lasts()
    }

    async fn read_on_one(&self, statement: impl Fn() -> Statement) -> Result<Vec<PgRow>, Fault> {
        let deadline = self.deadline();
        let _permit = self.permit(deadline).await?;
        let mut line = self.line();
        let given = line.read(statement, deadline).await;
        lock(&self.idle).push(line);
        given
    }

    /// As [`Line::write`].
    pub(super) async fn write(&self, statement: Statement) -> Result<Vec<PgRow>, Fault> {
        let deadline = self.deadline();
        let _permit = self.permit(deadline).await?;
        let mut line = self.line();
        let given = line.write(statement, deadline).await;
        lock(&self.idle).push(line);
        given
    }

    /// As [`Line::script`].
    pub(super) async fn script(&self, text: String) -> Result<(), Fault> {
        let deadline = self.deadline();
        let _permit = self.permit(deadline).await?;
        let mut line = self.line();
        let given = line.script(text, deadline).await;
        lock(&self.idle).push(line);
        given
    }

    /// Closes what is not in use; what is, fails at its next step.
    pub(super) async fn close(&self) {
        self.permits.close();
        let idle = std::mem::take(&mut *lock(&self.idle));
        for line in idle {
            line.close().await;
        }
    }

    fn deadline(&self) -> Instant {
        match self.pace {
            Pace::Turns => self.primary.deadline(),
            Pace::Beside => Instant::now() + BESIDE,
        }
    }

    async fn permit(&self, deadline: Instant) -> Result<tokio::sync::SemaphorePermit<'_>, Fault> {
        match timeout_at(deadline, self.permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Fault::Closed),
            Err(_) => Err(Fault::Away("all connections were in use".to_owned())),
        }
    }

    fn line(&self) -> Line {
        lock(&self.idle).pop().unwrap_or_else(|| Line::at(Arc::clone(&self.primary), self.pace))
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}
