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
use crate::store::StoreError;
use crate::sync::lock;

/// How long a connection that is not needed any more may take to end.
const FAREWELL: Duration = Duration::from_secs(1);

/// A statement with its parameters.
pub(super) type Statement = Query<'static, Postgres, PgArguments>;

/// One connection, made when it is needed and made anew when it broke or the primary changed.
pub(super) struct Line {
    primary: Arc<Primary>,
    notices: Notices,
    /// With the epoch it was made in. Taken out while it is used, so that one that was left in the midst is not used again.
    open: Option<(PgConnection, u64)>,
}

impl Line {
    pub(super) fn new(primary: Arc<Primary>) -> Self {
        Self { primary, notices: Notices::new(), open: None }
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
        deadline.min(Instant::now() + self.primary.patience() / 2)
    }

    async fn take(&mut self, deadline: Instant) -> Result<(PgConnection, u64), Fault> {
        let (_, now) = self.primary.here(deadline).await?;
        match self.open.take().filter(|(_, epoch)| *epoch == now) {
            Some(open) => Ok(open),
            None => self.primary.connect(deadline).await,
        }
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
    idle: Mutex<Vec<Line>>,
    permits: Semaphore,
}

impl Lines {
    pub(super) fn new(primary: Arc<Primary>, at_most: usize) -> Self {
        Self { primary, idle: Mutex::default(), permits: Semaphore::new(at_most) }
    }

    pub(super) fn primary(&self) -> &Arc<Primary> {
        &self.primary
    }

    /// As [`Line::read`].
    pub(super) async fn read(&self, statement: impl Fn() -> Statement) -> Result<Vec<PgRow>, StoreError> {
        self.try_read(statement).await.map_err(StoreError::from)
    }

    pub(super) async fn try_read(&self, statement: impl Fn() -> Statement) -> Result<Vec<PgRow>, Fault> {
        let deadline = self.primary.deadline();
        let _permit = self.permit(deadline).await?;
        let mut line = self.line();
        let given = line.read(statement, deadline).await;
        lock(&self.idle).push(line);
        given
    }

    /// As [`Line::write`].
    pub(super) async fn write(&self, statement: Statement) -> Result<Vec<PgRow>, Fault> {
        let deadline = self.primary.deadline();
        let _permit = self.permit(deadline).await?;
        let mut line = self.line();
        let given = line.write(statement, deadline).await;
        lock(&self.idle).push(line);
        given
    }

    /// As [`Line::script`].
    pub(super) async fn script(&self, text: String) -> Result<(), Fault> {
        let deadline = self.primary.deadline();
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

    async fn permit(&self, deadline: Instant) -> Result<tokio::sync::SemaphorePermit<'_>, Fault> {
        match timeout_at(deadline, self.permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Fault::Closed),
            Err(_) => Err(Fault::Away("all connections were in use".to_owned())),
        }
    }

    fn line(&self) -> Line {
        lock(&self.idle).pop().unwrap_or_else(|| Line::new(Arc::clone(&self.primary)))
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines").finish_non_exhaustive()
    }
}
