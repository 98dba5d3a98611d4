//! Starts each fetch as soon as the fetches it depends on are done.

use std::collections::VecDeque;

use federation::FetchId;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::Execution;
use super::fetch::send;

impl Execution<'_> {
    /// Runs all fetches.
    pub(super) async fn run_fetches(&mut self) {
        let fetches = self.fetches();
        let mut open: Vec<usize> = fetches.iter().map(|fetch| fetch.depends_on.len()).collect();
        let mut ready: VecDeque<FetchId> = fetches
            .iter()
            .filter(|fetch| open[fetch.id.0] == 0)
            .map(|fetch| fetch.id)
            .collect();

        let mut running = FuturesUnordered::new();
        loop {
            // Start what can start; a fetch with nothing to ask is done at once.
            while let Some(id) = ready.pop_front() {
                let Some(fetch) = self.fetch(id) else {
                    continue;
                };
                match self.prepare(fetch) {
                    Some(prepared) => running.push(send(self.gateway, self.deadline, prepared)),
                    None => finish(id, fetches, &mut open, &mut ready),
                }
            }

            // Take in what has arrived.
            let Some(sent) = running.next().await else {
                return;
            };
            let subgraph = self.gateway.subgraph(sent.prepared.fetch.subgraph);
            let requests = self
                .fetched
                .requests
                .entry(subgraph.name.clone())
                .or_default();
            requests.0 += 1;
            requests.1 += sent.duration;
            self.absorb(&sent.prepared, sent.result);
            finish(sent.prepared.fetch.id, fetches, &mut open, &mut ready);
        }
    }
}

fn finish(
    id: FetchId,
    fetches: &[federation::Fetch],
    open: &mut [usize],
    ready: &mut VecDeque<FetchId>,
) {
    for fetch in fetches
        .iter()
        .filter(|fetch| fetch.depends_on.contains(&id))
    {
        let count = &mut open[fetch.id.0];
        *count = count.saturating_sub(1);
        if *count == 0 {
            ready.push_back(fetch.id);
        }
    }
}
