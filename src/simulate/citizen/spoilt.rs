//! A citizen's callbacks as a misbehaving operator brings them.

use std::time::Instant;

use super::{Citizen, Cut, End, GivesUp, Last, read};
use crate::gateway::{Doing, Outbound};
use crate::simulate::Run;
use crate::simulate::client::Client;
use crate::simulate::faults::{self, Fault};
use crate::simulate::meter::{Compared, Trouble};
use crate::simulate::model::Hearing;

impl Citizen {
    /// Sends a callback, and does to it what the fault says where that can befall it. Gives back one that is to be cut off, and
    /// whether only half of it is sent.
    pub(super) async fn sends(
        &mut self,
        run: &Run,
        client: &mut Client,
        outbound: Outbound,
        fault: Option<Fault>,
        from: Instant,
    ) -> Result<Option<(Outbound, bool)>, GivesUp> {
        match fault {
            Some(Fault::Twice) => {
                self.befalls(run, Fault::Twice, "twice");
                if self.rng.bool() {
                    self.exchange(run, client, &outbound, from).await?;
                    self.exchange(run, client, &outbound, Instant::now()).await?;
                } else {
                    self.at_once(run, client, &outbound, from).await?;
                }
            }
            Some(Fault::Late) => {
                self.exchange(run, client, &outbound, from).await?;
                if let Some(before) = self.before.clone().filter(|_| self.is_open) {
                    self.befalls(run, Fault::Late, "the callback before comes once more");
                    self.exchange(run, client, &before, Instant::now()).await?;
                }
            }
            Some(Fault::Reordered) if !self.typed.is_empty() => self.reordered(run, client, &outbound, from).await?,
            Some(Fault::Cut) => {
                let half = self.rng.bool();
                let how = if half { "cut off after half of the callback" } else { "cut off before the reply" };
                self.befalls(run, Fault::Cut, how);
                return Ok(Some((outbound, half)));
            }
            Some(Fault::Stripped) => {
                self.befalls(run, Fault::Stripped, "* and # are lost");
                self.shapely(run, client, &faults::stripped(&outbound), from).await?;
            }
            Some(Fault::Case) => {
                self.befalls(run, Fault::Case, "names of fields in capitals");
                self.exchange(run, client, &faults::in_capitals(&outbound), from).await?;
            }
            _ => self.exchange(run, client, &outbound, from).await?,
        }
        Ok(None)
    }

    fn befalls(&mut self, run: &Run, fault: Fault, words: &str) {
        run.meter.fault(fault);
        self.journey.push(format!("({words})"));
    }

    /// The same callback over two connections: one is the turn, the other its repeat, and both bring the same page.
    async fn at_once(
        &mut self,
        run: &Run,
        client: &mut Client,
        outbound: &Outbound,
        from: Instant,
    ) -> Result<(), GivesUp> {
        let sent = read(run, client, outbound).ok_or(GivesUp)?;
        let at = run.world.clock().now();
        self.requests += 2;
        let mut other = client.another();
        let (first, second) = tokio::join!(client.send(outbound), other.send(outbound));
        let took = from.elapsed();
        self.compares(run, &sent, at, took, first).await?;
        self.compares(run, &sent, at, took, second).await
    }

    /// The answer after the next arrives before it.
    async fn reordered(
        &mut self,
        run: &Run,
        client: &mut Client,
        outbound: &Outbound,
        from: Instant,
    ) -> Result<(), GivesUp> {
        let answer = self.rng.u8(1..=9).to_string();
        let dialogue = self.dialogue.as_mut().ok_or(GivesUp)?;
        let Some(next) = dialogue.request(Doing::Answer(&answer)) else {
            return self.exchange(run, client, outbound, from).await;
        };
        self.befalls(run, Fault::Reordered, &format!("overtaken by the answer {answer}"));
        self.typed.push(answer);
        self.exchange(run, client, &next, from).await?;
        if self.is_open { self.exchange(run, client, outbound, Instant::now()).await } else { Ok(()) }
    }

    /// What was spoilt so that nobody knows what it says must still be answered in the protocol's own shape. The citizen gives
    /// up on it.
    async fn shapely(
        &mut self,
        run: &Run,
        client: &mut Client,
        outbound: &Outbound,
        from: Instant,
    ) -> Result<(), GivesUp> {
        self.requests += 1;
        let got = client.send(outbound).await;
        let took = from.elapsed();
        let reader = self.dialogue.as_ref().ok_or(GivesUp)?;
        match got.map(|got| reader.read(&got.to_wire())) {
            // That the bridge is sorry is all that it can say to some of this.
            Ok(Ok((text, _))) => match run.world.excuse(&text).map(Trouble::of_excuse) {
                Some(excuse) if excuse.is_turned_away() => run.meter.trouble(excuse),
                _ => run.meter.served(took, Compared::ByShape),
            },
            Ok(Err(_)) if run.trusts => {}
            Ok(Err(error)) => {
                run.meter.not_protocol(self.told("any page in the gateway's protocol".to_owned(), error.to_string()));
            }
            Err(error) => run.meter.trouble(Trouble::from(&error)),
        }
        Err(GivesUp)
    }
}

impl Cut {
    /// Cuts the connection when its time has come, sends the callback again, and walks on.
    pub(in crate::simulate) async fn go_on(self, run: &Run, client: &mut Client) -> End {
        let Self { mut citizen, outbound, half, after } = self;
        citizen.is_aside = true;
        let at = run.world.clock().now();
        if let Err(error) = client.send_and_cut(&outbound, half, run.pace.wait(after)).await {
            run.meter.trouble(Trouble::from(&error));
            return End::Over;
        }
        if !half && let Some(sent) = read(run, client, &outbound) {
            // The turn was served, whether or not anybody heard of it; unless the server was too busy.
            let foreseen =
                citizen.memory.foresee(&run.world, &sent, at, false, &mut Hearing::of(&citizen.heard, false)).await;
            citizen.doubt = Some(std::mem::replace(&mut citizen.memory, foreseen.after));
            citizen.last = Some(Last { outbound: outbound.clone(), heard: at });
        }
        match citizen.exchange(run, client, &outbound, Instant::now()).await {
            Ok(()) => citizen.walk(run, client).await,
            Err(GivesUp) => End::Over,
        }
    }
}
