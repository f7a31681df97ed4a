//! The sandbox as a transport, for dialogues: nothing leaves the process, and waiting happens on the clock given.

use std::sync::Arc;
use std::time::Duration;

use super::{Asked, Reply, Sandbox};
use crate::department::{HttpRequest, Transport};
use crate::outward::{HttpAnswer, TransportError};
use crate::types::{Clock, Later};

#[derive(Debug)]
pub struct InProcess {
    sandbox: Arc<Sandbox>,
    clock: Arc<dyn Clock>,
}

impl InProcess {
    pub fn new(sandbox: Arc<Sandbox>, clock: Arc<dyn Clock>) -> Self {
        Self { sandbox, clock }
    }

    async fn exchange(&self, request: HttpRequest, within: Duration) -> Result<HttpAnswer, TransportError> {
        let header =
            |name: &str| request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let reply = self.sandbox.reply(
            &request.department,
            &Asked {
                method: request.method,
                path: &request.path,
                header: &header,
                idempotency_key: request.idempotency_key.as_deref(),
                body: request.body.as_ref().map_or(&[], |(_, bytes)| bytes.as_slice()),
                today: self.clock.now().day_in_india(),
            },
        );
        match reply.map_err(|unknown| TransportError::NotSent(unknown.to_string()))? {
            Reply::Nothing => Err(TransportError::Lost("the connection was closed".to_owned())),
            Reply::Answer { after, .. } if after >= within => {
                self.clock.sleep(within).await;
                Err(TransportError::Late)
            }
            Reply::Answer { after, said } => {
                if !after.is_zero() {
                    self.clock.sleep(after).await;
                }
                Ok(HttpAnswer { status: said.status, body: said.body })
            }
        }
    }
}

impl Transport for InProcess {
    fn send(&self, request: HttpRequest, within: Duration) -> Later<'_, Result<HttpAnswer, TransportError>> {
        Box::pin(self.exchange(request, within))
    }
}
