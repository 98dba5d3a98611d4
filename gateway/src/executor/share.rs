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
pub(crate) struct InFlight {
    /// How long others may join a call.
    joinable: Duration,
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

impl Default for InFlight {
    fn default() -> Self {
        Self {
            joinable: JOINABLE,
            hasher: RandomState::default(),
            calls: Mutex::default(),
        }
    }
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
        request.deadline = Some(Instant::now() + timeout + self.joinable);
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
            .filter(|entry| entry.started.elapsed() < self.joinable && entry.body == request.body)
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

#[cfg(test)]
mod tests {
    use futures_util::future::join;
    use futures_util::stream::BoxStream;
    use http::HeaderValue;
    use tokio::sync::Semaphore;

    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(5);

    /// Answers how many calls came before, once it may.
    struct Counting {
        calls: Mutex<Vec<Option<Instant>>>,
        may_answer: Semaphore,
    }

    impl Subgraph for Counting {
        fn execute(
            &self,
            request: SubgraphRequest,
        ) -> BoxFuture<'_, Result<Bytes, TransportError>> {
            let number = {
                let mut calls = self.calls.lock().unwrap();
                calls.push(request.deadline);
                calls.len() - 1
            };
            Box::pin(async move {
                let _may = self.may_answer.acquire().await.unwrap();
                Ok(number.to_string().into())
            })
        }

        fn subscribe(
            &self,
            _: SubgraphRequest,
        ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Bytes, TransportError>>, TransportError>>
        {
            Box::pin(async { Err(TransportError::Timeout) })
        }
    }

    struct Setting {
        in_flight: Arc<InFlight>,
        subgraph: Arc<Counting>,
        transport: Arc<dyn Subgraph>,
    }

    fn setting(joinable: Duration) -> Setting {
        let subgraph = Arc::new(Counting {
            calls: Mutex::default(),
            may_answer: Semaphore::new(0),
        });
        Setting {
            in_flight: Arc::new(InFlight {
                joinable,
                ..InFlight::default()
            }),
            transport: subgraph.clone(),
            subgraph,
        }
    }

    fn request(headers: &[(&'static str, &'static str)]) -> SubgraphRequest {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        SubgraphRequest {
            query: "{ a }".into(),
            body: Bytes::from_static(b"{}"),
            headers: map,
            deadline: None,
            is_repeatable: true,
            variables: None,
        }
    }

    impl Setting {
        /// An answer to a request; it has to be polled.
        fn ask(
            &self,
            headers: &[(&'static str, &'static str)],
        ) -> BoxFuture<'static, Result<Bytes, TransportError>> {
            let (in_flight, transport) = (self.in_flight.clone(), self.transport.clone());
            let request = request(headers);
            Box::pin(async move { in_flight.execute(&transport, request, TIMEOUT).await })
        }

        fn answer(&self) {
            self.subgraph.may_answer.add_permits(100);
        }

        fn calls(&self) -> usize {
            self.subgraph.calls.lock().unwrap().len()
        }
    }

    #[tokio::test]
    async fn the_end_of_the_first_caller_does_not_end_the_call() {
        let setting = setting(TIMEOUT);
        let mut first = setting.ask(&[]);
        assert!((&mut first).now_or_never().is_none());
        let second = tokio::spawn(setting.ask(&[]));
        tokio::task::yield_now().await;
        drop(first);
        setting.answer();
        assert_eq!(second.await.unwrap().unwrap(), "0");
        assert_eq!(setting.calls(), 1);
        assert!(setting.in_flight.calls.lock().unwrap().by_hash.is_empty());
    }

    #[tokio::test]
    async fn a_call_that_nobody_waits_for_is_not_joined() {
        let setting = setting(TIMEOUT);
        assert!(setting.ask(&[]).now_or_never().is_none());
        assert!(setting.in_flight.calls.lock().unwrap().by_hash.is_empty());
        setting.answer();
        assert_eq!(setting.ask(&[]).await.unwrap(), "1");
    }

    #[tokio::test]
    async fn a_short_deadline_is_not_everybodys() {
        let setting = setting(TIMEOUT);
        let started = Instant::now();
        let mut hurried = request(&[]);
        hurried.deadline = Some(started);
        let call = setting
            .in_flight
            .execute(&setting.transport, hurried, TIMEOUT);
        assert!(call.now_or_never().is_none());
        let deadline = setting.subgraph.calls.lock().unwrap()[0].unwrap();
        assert!(deadline >= started + TIMEOUT);
    }

    #[tokio::test]
    async fn a_call_that_hangs_is_not_joined_for_ever() {
        let setting = setting(Duration::ZERO);
        let mut hanging = setting.ask(&[]);
        assert!((&mut hanging).now_or_never().is_none());
        assert!(setting.ask(&[]).now_or_never().is_none());
        assert_eq!(setting.calls(), 2);
    }

    #[tokio::test]
    async fn what_began_before_a_mutation_is_not_joined_after_it() {
        let setting = setting(TIMEOUT);
        let mut before = setting.ask(&[]);
        assert!((&mut before).now_or_never().is_none());
        setting.in_flight.forget();
        let after = setting.ask(&[]);
        setting.answer();
        let (before, after) = join(before, after).await;
        assert_eq!((before.unwrap(), after.unwrap()), ("0".into(), "1".into()));
    }

    #[tokio::test]
    async fn callers_who_differ_never_share() {
        for (left, right, calls) in [
            (
                &[("authorization", "a")][..],
                &[("authorization", "a")][..],
                1,
            ),
            (&[("authorization", "a")], &[("authorization", "b")], 2),
            (&[("authorization", "a")], &[], 2),
            (&[], &[("authorization", "a")], 2),
            (&[("cookie", "a")], &[("authorization", "a")], 2),
            (&[("x", "a"), ("x", "b")], &[("x", "b"), ("x", "a")], 2),
            (&[("x", "a"), ("x", "b")], &[("x", "a")], 2),
            (&[("x", "a"), ("x", "b")], &[("x", "a"), ("x", "b")], 1),
            (
                &[("accept-language", "id")],
                &[("accept-language", "en")],
                2,
            ),
            (
                &[("x-request-id", "1"), ("traceparent", "1")],
                &[("x-request-id", "2")],
                1,
            ),
        ] {
            let setting = setting(TIMEOUT);
            let both = join(setting.ask(left), setting.ask(right));
            let mut both = Box::pin(both);
            assert!((&mut both).now_or_never().is_none());
            assert_eq!(setting.calls(), calls, "{left:?} {right:?}");
        }
    }
}
