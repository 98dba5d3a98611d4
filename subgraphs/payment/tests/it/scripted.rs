//! A provider that misbehaves on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::http::HeaderMap;
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use money::Money;
use payment::config::Config;
use payment::entity::payment::ProviderName;
use payment::provider::demo::Demo;
use payment::provider::{
    AmountRefused, ChargeState, Initiate, Initiated, Provider, ProviderError, ProviderEvent,
    Refund, RefundError, WebhookError,
};
use payment::state::Providers;
use service::{Deps, Service};
use tokio::sync::Notify;

use crate::shop::Shop;

/// What it does wrong. Counts go down with every misbehavior.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) initiate_calls: AtomicU32,
    pub(crate) refund_calls: AtomicU32,
    /// That many calls of `initiate` get no answer and do nothing.
    pub(crate) initiate_down: AtomicU32,
    /// `initiate` refuses for good.
    pub(crate) initiate_rejects: AtomicBool,
    /// `initiate` opens the charge, and the answer never comes.
    pub(crate) initiate_answer_lost: AtomicBool,
    /// Told when an answer was lost.
    pub(crate) answer_lost: Notify,
    /// That many calls of `refund` get no answer and do nothing.
    pub(crate) refund_down: AtomicU32,
    /// `refund` refuses for good.
    pub(crate) refund_refuses: AtomicBool,
    /// That many calls of `fetch_status` get no answer.
    pub(crate) status_down: AtomicU32,
}

struct Scripted {
    demo: Arc<Demo>,
    script: Arc<Script>,
}

fn takes_one(count: &AtomicU32) -> bool {
    count
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        })
        .is_ok()
}

fn down() -> ProviderError {
    ProviderError::Unavailable {
        reason: "down".to_owned(),
    }
}

impl Provider for Scripted {
    fn accepts(&self, amount: Money) -> Result<(), AmountRefused> {
        self.demo.accepts(amount)
    }

    fn initiate<'a>(
        &'a self,
        request: &'a Initiate,
    ) -> BoxFuture<'a, Result<Initiated, ProviderError>> {
        async move {
            self.script.initiate_calls.fetch_add(1, Ordering::SeqCst);
            if takes_one(&self.script.initiate_down) {
                return Err(down());
            }
            if self.script.initiate_rejects.load(Ordering::SeqCst) {
                return Err(ProviderError::Rejected {
                    code: "do_not_honor".to_owned(),
                });
            }
            let answer = self.demo.initiate(request).await;
            if self.script.initiate_answer_lost.load(Ordering::SeqCst) {
                self.script.answer_lost.notify_one();
                std::future::pending::<()>().await;
            }
            answer
        }
        .boxed()
    }

    fn fetch_status<'a>(
        &'a self,
        gateway_ref: &'a str,
    ) -> BoxFuture<'a, Result<ChargeState, ProviderError>> {
        async move {
            if takes_one(&self.script.status_down) {
                return Err(down());
            }
            self.demo.fetch_status(gateway_ref).await
        }
        .boxed()
    }

    fn cancel<'a>(
        &'a self,
        gateway_ref: &'a str,
    ) -> BoxFuture<'a, Result<ChargeState, ProviderError>> {
        self.demo.cancel(gateway_ref)
    }

    fn refund<'a>(&'a self, request: &'a Refund) -> BoxFuture<'a, Result<(), RefundError>> {
        async move {
            self.script.refund_calls.fetch_add(1, Ordering::SeqCst);
            if takes_one(&self.script.refund_down) {
                return Err(RefundError::Unavailable {
                    reason: "down".to_owned(),
                });
            }
            if self.script.refund_refuses.load(Ordering::SeqCst) {
                return Err(RefundError::Refused {
                    code: "no_refunds".to_owned(),
                });
            }
            self.demo.refund(request).await
        }
        .boxed()
    }

    fn verify_webhook(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<ProviderEvent, WebhookError> {
        self.demo.verify_webhook(headers, body, now)
    }
}

/// A shop whose providers `DEMO` and `STRIPE` both follow the script.
pub(crate) async fn shop(config: Config) -> (Shop, Arc<Script>, Arc<Demo>) {
    let script = Arc::new(Script::default());
    let mut books = None;
    let shop = Shop::build(config, |deps: Deps, config: Config| -> Service {
        let demo = Arc::new(Demo::new(
            deps.db.clone(),
            deps.clock.clone(),
            &deps.secret,
            &config,
        ));
        books = Some(demo.clone());
        let mut providers = Providers::new();
        for name in [ProviderName::Demo, ProviderName::Stripe] {
            providers.insert(
                name,
                Arc::new(Scripted {
                    demo: demo.clone(),
                    script: script.clone(),
                }),
            );
        }
        payment::service_with_providers(deps, config, providers)
    })
    .await;
    (shop, script, books.expect("the service was built"))
}
