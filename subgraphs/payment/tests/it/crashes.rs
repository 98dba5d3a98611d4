//! The process ends, or the provider is away, at the worst moments.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use payment::entity::demo_charge;
use payment::entity::payment::PaymentStatus;
use sea_orm::{EntityTrait, PaginatorTrait};
use test_support::wait_for;

use crate::scripted;
use crate::shop::{Shop, code, config};

async fn charges(shop: &Shop) -> u64 {
    demo_charge::Entity::find()
        .count(&shop.subgraph.deps.db)
        .await
        .expect("readable")
}

#[tokio::test]
async fn stored_but_the_provider_never_heard_of_it_then_a_job_finishes_it() {
    let (shop, script, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    script.initiate_down.store(3, Ordering::SeqCst);

    assert_eq!(
        code(&shop.initiate(&bought, "key-1").await),
        "GATEWAY_UNAVAILABLE"
    );
    assert_eq!(
        script.initiate_calls.load(Ordering::SeqCst),
        3,
        "asked again before giving up"
    );
    let [attempt] = &shop.attempts(&bought).await[..] else {
        panic!("one attempt")
    };
    assert_eq!(
        (attempt.status, charges(&shop).await),
        (PaymentStatus::Created, 0)
    );
    assert!(shop.event_types(&bought).await.is_empty());

    // Not while the request may still be running.
    shop.subgraph.run_job("payment.finish_attempts").await;
    assert_eq!(shop.status(attempt.payment_id()).await, "CREATED");
    shop.subgraph.deps.clock.advance(TimeDelta::seconds(11));
    shop.subgraph.run_job("payment.finish_attempts").await;
    assert_eq!(shop.status(attempt.payment_id()).await, "PENDING");
    assert_eq!(shop.event_types(&bought).await, ["payment.initiated"]);
    assert_eq!(shop.attempt(&bought, "key-1").await, attempt.payment_id());
}

#[tokio::test]
async fn stored_but_the_provider_never_heard_of_it_then_the_buyer_tries_again() {
    let (shop, script, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    script.initiate_down.store(3, Ordering::SeqCst);
    assert_eq!(
        code(&shop.initiate(&bought, "key-1").await),
        "GATEWAY_UNAVAILABLE"
    );
    let created = shop.attempts(&bought).await[0].payment_id();

    assert_eq!(shop.attempt(&bought, "key-1").await, created);
    assert_eq!(
        (shop.attempts(&bought).await.len(), charges(&shop).await),
        (1, 1)
    );
    assert_eq!(shop.event_types(&bought).await, ["payment.initiated"]);
}

#[tokio::test]
async fn the_provider_answered_but_the_answer_was_lost() {
    let (shop, script, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    script.initiate_answer_lost.store(true, Ordering::SeqCst);
    // The request is dropped in the middle, as by a crash.
    tokio::select! {
        answer = shop.initiate(&bought, "key-1") => panic!("the answer was lost: {answer}"),
        () = script.answer_lost.notified() => {}
    }
    let created = shop.attempts(&bought).await[0].clone();
    assert_eq!(
        (created.status, charges(&shop).await),
        (PaymentStatus::Created, 1)
    );

    // The webhook may even be faster than our own note of the charge.
    let charge = demo_charge::Entity::find()
        .one(&shop.subgraph.deps.db)
        .await
        .expect("readable")
        .expect("opened");
    let status = shop
        .webhook(
            "charge.paid",
            "evt-1",
            &charge.gateway_ref,
            created.amount(),
        )
        .await;
    assert_eq!(status, 202);
    wait_for("the inbox has looked in vain", || async {
        (shop.webhooks().await[0].attempts == 1).then_some(())
    })
    .await;

    script.initiate_answer_lost.store(false, Ordering::SeqCst);
    shop.subgraph.deps.clock.advance(TimeDelta::seconds(11));
    shop.subgraph.run_job("payment.finish_attempts").await;
    assert_eq!(
        charges(&shop).await,
        1,
        "the same key found the same charge"
    );
    assert_eq!(
        shop.row(created.payment_id()).await.gateway_ref,
        Some(charge.gateway_ref)
    );
    shop.subgraph.run_job("payment.apply_webhooks").await;
    assert_eq!(shop.status(created.payment_id()).await, "PAID");
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}

#[tokio::test]
async fn the_order_is_cancelled_before_the_provider_answered() {
    let (shop, script, _) = scripted::shop(config()).await;
    let bought = shop.order().await;
    script.initiate_down.store(3, Ordering::SeqCst);
    assert_eq!(
        code(&shop.initiate(&bought, "key-1").await),
        "GATEWAY_UNAVAILABLE"
    );
    let attempt = shop.attempts(&bought).await[0].payment_id();

    shop.subgraph.deliver(shop.cancelled(&bought), 2).await;
    shop.wait_for_status(attempt, "CANCELLED").await;
    assert!(
        shop.event_types(&bought).await.is_empty(),
        "nobody ever heard of it"
    );
    let charge = demo_charge::Entity::find()
        .one(&shop.subgraph.deps.db)
        .await
        .expect("readable")
        .expect("opened");
    assert_eq!(charge.status, demo_charge::ChargeStatus::Cancelled);
}

#[tokio::test]
async fn a_provider_that_does_not_refund_is_asked_again_with_the_same_key() {
    let (shop, script, _) = scripted::shop(config()).await;
    let (_, payment) = paid(&shop).await;
    script.refund_down.store(2, Ordering::SeqCst);
    let answer = shop.refund(payment, None, "refund").await;
    assert_eq!(answer["refund"]["status"], "PENDING", "{answer}");

    wait_for("the refund succeeds", || async {
        shop.subgraph.deps.clock.advance(TimeDelta::seconds(5));
        shop.subgraph.run_job("payment.run_refunds").await;
        (shop.status(payment).await == "REFUNDED").then_some(())
    })
    .await;
    assert_eq!(script.refund_calls.load(Ordering::SeqCst), 3);
    assert_eq!(shop.refunds(payment).await[0].attempts, 3);
}

#[tokio::test]
async fn a_refund_that_nobody_does_has_to_be_done_by_hand() {
    let (shop, script, _) = scripted::shop(config()).await;
    let (bought, payment) = paid(&shop).await;
    script.refund_down.store(u32::MAX, Ordering::SeqCst);
    shop.refund(payment, Some(1_000), "refund").await;
    for _ in 0..5 {
        shop.subgraph.deps.clock.advance(TimeDelta::hours(1));
        shop.subgraph.run_job("payment.run_refunds").await;
    }
    assert_eq!(shop.status(payment).await, "REFUND_MANUAL");
    assert_eq!(
        shop.refund(payment, Some(1_000), "refund").await["refund"]["status"],
        "MANUAL"
    );
    assert_eq!(script.refund_calls.load(Ordering::SeqCst), 6);

    // A refusal is final at once; what is set aside for refunds by hand stays set aside.
    script.refund_down.store(0, Ordering::SeqCst);
    script.refund_refuses.store(true, Ordering::SeqCst);
    assert_eq!(
        shop.refund(payment, Some(2_000), "second").await["refund"]["status"],
        "MANUAL"
    );
    script.refund_refuses.store(false, Ordering::SeqCst);
    let answer = shop.refund(payment, None, "rest").await;
    assert_eq!(answer["refund"]["amount"]["amount"], "135750", "{answer}");
    assert_eq!(
        shop.status(payment).await,
        "REFUND_MANUAL",
        "3000 still have to be sent by hand"
    );
    assert_eq!(
        shop.event_types(&bought).await[2..],
        [
            "payment.refund_manual_required",
            "payment.refund_manual_required",
            "payment.refunded"
        ]
    );
}

/// A paid order at a scripted provider, which has no page.
async fn paid(shop: &Shop) -> (crate::shop::Bought, events::id::PaymentId) {
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let demo = payment::provider::demo::Demo::new(
        shop.subgraph.deps.db.clone(),
        shop.subgraph.deps.clock.clone(),
        &shop.subgraph.deps.secret,
        &config(),
    );
    demo.settle(payment, payment::provider::demo::Outcome::Paid)
        .await
        .expect("settles");
    shop.webhook_of_charge(payment, "charge.paid", "paid").await;
    shop.wait_for_status(payment, "PAID").await;
    (bought, payment)
}
