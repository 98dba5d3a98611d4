//! Identical queries that are under way at the same time share one call.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use foldhash::fast::RandomState;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use http::HeaderMap;

use crate::transport::{Subgraph, SubgraphRequest, TransportError};

type Call = BoxFuture<'static, Result<Bytes, TransportError>>;

/// Headers that differ between requests and change no answer.
const TRACING_HEADERS: [&str; 3] = ["x-request-id", "traceparent", "tracestate"];

/// How long others may join a call.
///
/// Whoever joins waits until its own deadline, so a call goes on as long as anybody waits for it.
/// Without an end to joining, one call that hangs would keep every later request waiting.
const JOINABLE: Duration = Duration::from_secs(1);

/// The calls to one subgraph that are under way.
#[derive(Default)]
pub(crate) struct InFlight {
    hasher: RandomState,
    calls: Mutex<Calls>,
}

#[derive(Default)]
struct Calls {
    /// Numbers calls.
    next: u64,
    by_hash: HashMap<u64, Vec<Entry>, RandomState>,
}

struct Entry {
    number: u64,
    started: Instant,
    body: Bytes,
    headers: HeaderMap,
    call: WeakShared<Call>,
}

impl InFlight {
    /// Joins the call of an equal request, or makes one. The subgraph gives up after `timeout`;
    /// how long its own answer is waited for is up to each caller.
    pub(super) async fn execute(
        self: &Arc<Self>,
        transport: &Arc<dyn Subgraph>,
        mut request: SubgraphRequest,
        timeout: Duration,
    ) -> Result<Bytes, TransportError> {
        // The first caller may have little time left; those who join it are not to suffer from that.
        request.deadline = Some(Instant::now() + timeout + JOINABLE);
        let mut hasher = self.hasher.build_hasher();
        hasher.write(&request.body);
        let hash = hasher.finish();
        let call = self.join(hash, transport, request);
        call.await
    }

    /// Lets nobody join the calls under way any more: what they are answered may be out of date.
    pub(super) fn forget(&self) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.by_hash.clear();
    }

    fn join(
        self: &Arc<Self>,
        hash: u64,
        transport: &Arc<dyn Subgraph>,
        request: SubgraphRequest,
    ) -> Shared<Call> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let number = calls.next;
        calls.next += 1;
        let entries = calls.by_hash.entry(hash).or_default();
        let found = entries
            .iter()
            .filter(|entry| entry.started.elapsed() < JOINABLE && entry.body == request.body)
            .filter(|entry| same_credentials(&entry.headers, &request.headers))
            .find_map(|entry| entry.call.upgrade());
        if let Some(call) = found {
            return call;
        }

        let (body, headers) = (request.body.clone(), request.headers.clone());
        let transport = transport.clone();
        let finished = Finished {
            of: self.clone(),
            hash,
            number,
        };
        let call: Call = Box::pin(async move {
            // A call that has ended, or that nobody waits for any more, is not joined.
            let _finished = finished;
            transport.execute(request).await
        });
        let call = call.shared();
        if let Some(weak) = call.downgrade() {
            entries.push(Entry {
                number,
                started: Instant::now(),
                body,
                headers,
                call: weak,
            });
        }
        call
    }
}

/// All headers that may change the answer are the same.
fn same_credentials(left: &HeaderMap, right: &HeaderMap) -> bool {
    let relevant = |headers: &HeaderMap| {
        headers
            .keys()
            .filter(|name| !TRACING_HEADERS.contains(&name.as_str()))
            .count()
    };
    relevant(left) == relevant(right)
        && left
            .keys()
            .filter(|name| !TRACING_HEADERS.contains(&name.as_str()))
            .all(|name| left.get_all(name).iter().eq(right.get_all(name).iter()))
}

struct Finished {
    of: Arc<InFlight>,
    hash: u64,
    number: u64,
}

impl Drop for Finished {
    fn drop(&mut self) {
        let mut calls = self.of.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entries) = calls.by_hash.get_mut(&self.hash) {
            entries.retain(|entry| entry.number != self.number);
            if entries.is_empty() {
                calls.by_hash.remove(&self.hash);
            }
        }
    }
}
