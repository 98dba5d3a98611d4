//! What payment does by the clock. Each job is safe to run at any time, on several replicas at once.

use std::sync::Arc;
use std::time::Duration;

use service::Job;

use crate::domain::attempts_cancel::{cancel_attempts, finish_attempts};
use crate::domain::reconcile::reconcile;
use crate::domain::refunds_run::run_refunds;
use crate::domain::webhooks_apply::apply_webhooks;
use crate::provider::demo::Demo;
use crate::state::AppState;

/// What webhooks and events lead to, in the order in which one leads to the next.
pub(crate) async fn work_through(state: AppState) -> anyhow::Result<()> {
    apply_webhooks(&state).await?;
    finish_attempts(&state).await?;
    cancel_attempts(&state).await?;
    run_refunds(&state).await?;
    Ok(())
}

/// The jobs.
pub(crate) fn jobs(state: &AppState, demo: Option<Arc<Demo>>) -> Vec<Job> {
    let mut jobs = Vec::new();
    let (every_second, every_few_seconds) = (Duration::from_secs(1), Duration::from_secs(2));
    {
        let state = state.clone();
        jobs.push(Job::new(
            "payment.apply_webhooks",
            every_second,
            move || {
                let state = state.clone();
                async move { Ok(apply_webhooks(&state).await?) }
            },
        ));
    }
    {
        let state = state.clone();
        jobs.push(Job::new(
            "payment.finish_attempts",
            every_few_seconds,
            move || {
                let state = state.clone();
                async move { Ok(finish_attempts(&state).await?) }
            },
        ));
    }
    {
        let state = state.clone();
        jobs.push(Job::new(
            "payment.cancel_attempts",
            every_few_seconds,
            move || {
                let state = state.clone();
                async move { Ok(cancel_attempts(&state).await?) }
            },
        ));
    }
    {
        let state = state.clone();
        jobs.push(Job::new(
            "payment.run_refunds",
            every_few_seconds,
            move || {
                let state = state.clone();
                async move { Ok(run_refunds(&state).await?) }
            },
        ));
    }
    {
        let state = state.clone();
        jobs.push(Job::new(
            "payment.reconcile",
            state.config.reconcile_every,
            move || {
                let state = state.clone();
                async move { Ok(reconcile(&state).await?) }
            },
        ));
    }
    if let Some(demo) = demo {
        jobs.push(Job::new("payment.demo_webhooks", every_second, move || {
            let demo = demo.clone();
            async move { Ok(demo.deliver_webhooks().await?) }
        }));
    }
    jobs
}
