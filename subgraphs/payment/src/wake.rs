//! Background work that starts at once instead of at its job's next turn.
//!
//! Only a hurry-up: the same work also runs as a job, so nothing is lost if the process ends first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Mutex;

type Work = dyn Fn() -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync;

/// Runs one piece of work soon, once for however many calls come in until it starts.
#[derive(Clone)]
pub(crate) struct Wake(Arc<Inner>);

struct Inner {
    name: &'static str,
    is_pending: AtomicBool,
    running: Mutex<()>,
    work: Box<Work>,
}

impl Wake {
    pub(crate) fn new<F, Fut>(name: &'static str, work: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        let work = Box::new(move || work().boxed());
        Self(Arc::new(Inner {
            name,
            is_pending: AtomicBool::new(false),
            running: Mutex::new(()),
            work,
        }))
    }

    /// Starts the work on the runtime of the caller.
    pub(crate) fn now(&self) {
        if self.0.is_pending.swap(true, Ordering::AcqRel) {
            return;
        }
        let inner = self.0.clone();
        tokio::spawn(async move {
            let _running = inner.running.lock().await;
            // Before the work: a call during it may be about something it no longer looks at.
            inner.is_pending.store(false, Ordering::Release);
            if let Err(error) = (inner.work)().await {
                tracing::warn!(
                    work = inner.name,
                    error = format!("{error:#}"),
                    "work failed, its job will try again"
                );
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn calls_before_the_start_share_a_run_and_a_call_during_it_gets_another() {
        let runs = Arc::new(AtomicU32::new(0));
        let (started, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let wake = {
            let (runs, started, finish) = (runs.clone(), started.clone(), finish.clone());
            Wake::new("test", move || {
                let (runs, started, finish) = (runs.clone(), started.clone(), finish.clone());
                async move {
                    runs.fetch_add(1, Ordering::SeqCst);
                    started.notify_one();
                    finish.notified().await;
                    Ok(())
                }
            })
        };
        for _ in 0..10 {
            wake.now();
        }
        started.notified().await;
        assert_eq!(runs.load(Ordering::SeqCst), 1);

        wake.now();
        wake.now();
        finish.notify_one();
        started.notified().await;
        assert_eq!(runs.load(Ordering::SeqCst), 2);
    }
}
