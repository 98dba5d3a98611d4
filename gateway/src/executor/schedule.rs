//! Starts each fetch as soon as the fetches it depends on have been merged.

use std::collections::VecDeque;

use federation::OperationKind;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::Execution;
use super::fetch::{Sent, send};
use crate::operation::program::FetchProgram;

impl Execution<'_> {
    /// Runs all fetches but the one that is done already.
    pub(super) async fn run_fetches(&mut self, done: Option<usize>) {
        let fetches = &self.program.fetches;
        // What follows a mutation or an event must see its effects.
        let shares = self.gateway.config.share_identical_queries
            && done.is_none()
            && fetches
                .iter()
                .all(|fetch| fetch.kind == OperationKind::Query);

        // A single fetch needs no schedule.
        if let ([fetch], None) = (fetches.as_slice(), done) {
            if let Some(prepared) = self.prepare(fetch) {
                let sent = send(self.gateway, self.deadline, shares, prepared).await;
                self.take_in(sent);
            }
            return;
        }

        let mut schedule = Schedule {
            fetches,
            open: fetches.iter().map(|fetch| fetch.depends_on.len()).collect(),
            ready: VecDeque::new(),
        };
        for (index, fetch) in fetches.iter().enumerate() {
            if fetch.depends_on.is_empty() && done != Some(index) {
                schedule.ready.push_back(index);
            }
        }
        if let Some(done) = done {
            schedule.finish(done);
        }

        let mut running = FuturesUnordered::new();
        loop {
            // Start what can start; a fetch with nothing to ask is done at once.
            while let Some(index) = schedule.ready.pop_front() {
                let Some(fetch) = fetches.get(index) else {
                    continue;
                };
                match self.prepare(fetch) {
                    Some(prepared) => {
                        let sending = send(self.gateway, self.deadline, shares, prepared);
                        running.push(async move { (index, sending.await) });
                    }
                    None => schedule.finish(index),
                }
            }

            // Take in what has arrived.
            let Some((index, sent)) = running.next().await else {
                return;
            };
            self.take_in(sent);
            schedule.finish(index);
        }
    }

    fn take_in(&mut self, sent: Sent<'_>) {
        if self.gateway.config.expose_fetch_counts {
            let name = &self.subgraph(sent.prepared.fetch).name;
            let requests = self.fetched.requests.entry(name.clone()).or_default();
            requests.0 += 1;
            requests.1 += sent.duration;
        }
        self.absorb(&sent.prepared, sent.result);
    }
}

struct Schedule<'a> {
    fetches: &'a [FetchProgram],
    /// How many fetches each one still waits for.
    open: Vec<usize>,
    ready: VecDeque<usize>,
}

impl Schedule<'_> {
    fn finish(&mut self, index: usize) {
        let Some(fetch) = self.fetches.get(index) else {
            return;
        };
        for &dependent in &fetch.dependents {
            if let Some(count) = self.open.get_mut(dependent) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.ready.push_back(dependent);
                }
            }
        }
    }
}
