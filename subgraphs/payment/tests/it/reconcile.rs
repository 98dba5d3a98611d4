//! Webhooks that never come.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use payment::entity::demo_charge::{self, ChargeStatus};
use payment::provider::demo::Outcome;
use sea_orm::EntityTrait;

use crate::scripted;
use crate::shop::{Shop, config};

#[tokio::test]
async fn a_quiet_attempt_is_asked_about_and_a_payment_found() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    shop.choose(payment, "paid").await;

    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(
        shop.status(payment).await,
        "PENDING",
        "the webhook has two minutes to come"
    );
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(2));
    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(shop.status(payment).await, "PAID");

    // And when the webhook comes at last, nothing happens.
    shop.webhook_of_charge(payment, "charge.paid", "at last")
        .await;
    shop.subgraph.run_job("payment.apply_webhooks").await;
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}

#[tokio::test]
async fn an_attempt_over_its_time_is_closed_at_the_provider_too() {
    let (shop, script, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(14));
    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(shop.status(payment).await, "PENDING");

    // The provider is away for a moment: better late than wrong.
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(1));
    script.status_down.store(1, Ordering::SeqCst);
    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(shop.status(payment).await, "PENDING");
    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(shop.status(payment).await, "EXPIRED");
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.expired"]
    );
    let charge = demo_charge::Entity::find()
        .one(&shop.subgraph.deps.db)
        .await
        .expect("readable")
        .expect("opened");
    assert_eq!(charge.status, ChargeStatus::Expired);

    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(shop.event_types(&bought).await.len(), 2, "told once");
}

#[tokio::test]
async fn an_attempt_over_its_time_that_was_paid_is_paid() {
    let (shop, _, demo) = scripted::shop(config()).await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    demo.settle(payment, Outcome::Paid).await.expect("settles");
    shop.subgraph.deps.clock.advance(TimeDelta::minutes(20));
    shop.subgraph.run_job("payment.reconcile").await;
    assert_eq!(shop.status(payment).await, "PAID");
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}
