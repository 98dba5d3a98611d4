//! Work by the clock: expiry, reconciliation, retries.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

type Work = dyn Fn() -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync;

/// Something a service does again and again. It must be safe to run on several replicas at once.
#[derive(Clone)]
pub struct Job {
    /// Name for logs, for example `order.expire`.
    pub name: &'static str,
    /// Pause between runs.
    pub every: Duration,
    wake: Option<Arc<Notify>>,
    work: Arc<Work>,
}

impl Job {
    /// A job that runs `work` every `every`.
    pub fn new<F, Fut>(name: &'static str, every: Duration, work: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Self {
            name,
            every,
            wake: None,
            work: Arc::new(move || work().boxed()),
        }
    }

    /// Also runs the job as soon as `wake` says so, for work that should not wait for the clock.
    #[must_use]
    pub fn woken_by(self, wake: Arc<Notify>) -> Self {
        Self {
            wake: Some(wake),
            ..self
        }
    }

    /// Runs the job once; tests call this instead of waiting.
    ///
    /// # Errors
    /// Whatever went wrong; the next run tries again.
    pub async fn run(&self) -> anyhow::Result<()> {
        (self.work)().await
    }

    async fn woken(&self) {
        match &self.wake {
            Some(wake) => wake.notified().await,
            None => std::future::pending().await,
        }
    }
}

/// Runs jobs until `shutdown`; an error is logged and the next run tries again.
pub fn spawn_jobs(tasks: &mut JoinSet<()>, jobs: Vec<Job>, shutdown: &CancellationToken) {
    for job in jobs {
        let shutdown = shutdown.clone();
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(job.every) => {}
                    () = job.woken() => {}
                    () = shutdown.cancelled() => return,
                }
                if let Err(error) = job.run().await {
                    tracing::warn!(
                        job = job.name,
                        error = format!("{error:#}"),
                        "job failed, will run again"
                    );
                }
            }
        });
    }
}
