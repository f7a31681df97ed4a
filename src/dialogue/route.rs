//! The route of a stage: the sandbox aggregator as a transport, in this process and in virtual time.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::gateway::messages::{MessageProfile, OutRequest, Sent};
use crate::handset::aggregator::{Reply, SandboxAggregator};
use crate::outbox::{RouteAnswer, RouteSettings, Transport};
use crate::outward::{HttpAnswer, TransportError};
use crate::sync::lock;
use crate::text::sms::Allowed;
use crate::types::{Clock, Later};

/// More than any dialogue sends in a second: nobody is to wait in one.
const SEGMENTS_PER_SECOND: NonZeroU32 = NonZeroU32::MAX;

/// Hands messages to the aggregator, and keeps the receipts that it has yet to tell.
#[derive(Debug)]
pub(super) struct InProcessRoute {
    aggregator: SandboxAggregator,
    clock: Arc<dyn Clock>,
    receipts: Mutex<Vec<Sent>>,
}

impl InProcessRoute {
    pub(super) fn new(aggregator: SandboxAggregator, clock: Arc<dyn Clock>) -> Self {
        Self { aggregator, clock, receipts: Mutex::default() }
    }

    /// The one route of a stage. It may carry any text, so that menus can be walked by messages.
    pub(super) fn settings(profile: Arc<MessageProfile>, receipts: String) -> RouteSettings {
        RouteSettings {
            name: profile.name.clone(),
            profile,
            url: Some("http://aggregator.invalid".to_owned()),
            credentials: [("token".to_owned(), "stage".into())].into(),
            receipts: Some(receipts),
            sender: None,
            headers: Vec::new(),
            free_text: true,
            allowed: Allowed::default(),
            substitutes: true,
            segments_per_second: SEGMENTS_PER_SECOND,
            at_once: 8,
            within: Duration::from_secs(10),
        }
    }

    pub(super) fn aggregator(&self) -> &SandboxAggregator {
        &self.aggregator
    }

    /// What the hook for receipts is to be told now.
    pub(super) fn receipts(&self) -> Vec<Sent> {
        std::mem::take(&mut lock(&self.receipts))
    }

    async fn exchange(&self, request: OutRequest, within: Duration) -> Result<RouteAnswer, TransportError> {
        let address = request.url.split_once("://").map_or(request.url.as_str(), |(_, address)| address);
        let path = address.find('/').and_then(|at| address.get(at..)).unwrap_or("/");
        let Reply { after, answer, receipt } = self.aggregator.take(path, &request.headers, &request.body);
        lock(&self.receipts).extend(receipt);
        if after >= within {
            self.clock.sleep(within).await;
            return Err(TransportError::Late);
        }
        if !after.is_zero() {
            self.clock.sleep(after).await;
        }
        let answer = answer.ok_or_else(|| TransportError::Lost("the connection was closed".to_owned()))?;
        let retry_after = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        let retry_after = retry_after.map(|(_, value)| value.clone());
        Ok(RouteAnswer { answer: HttpAnswer { status: answer.status, body: answer.body }, retry_after })
    }
}

impl Transport for InProcessRoute {
    fn send(&self, request: OutRequest, within: Duration) -> Later<'_, Result<RouteAnswer, TransportError>> {
        Box::pin(self.exchange(request, within))
    }
}
