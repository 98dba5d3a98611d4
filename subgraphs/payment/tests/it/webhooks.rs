//! Webhooks at the door, and the inbox behind it.

use chrono::TimeDelta;
use money::{Currency, Money};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use test_support::wait_for;

use crate::shop::{Shop, TOTAL, webhook_body};

#[tokio::test]
async fn forged_stale_and_future_signatures_are_refused_and_nothing_is_stored() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let charge = shop.row(payment).await.gateway_ref.expect("answered");
    let body = webhook_body(
        "charge.paid",
        "evt-1",
        &charge,
        Money::new(TOTAL, Currency::IDR),
    );
    let good = shop.sign(&body, TimeDelta::zero());

    let now = shop.subgraph.deps.clock.now();
    let forged = payment::provider::demo::signature::sign(b"guessed", now, body.as_bytes());
    let stale = shop.sign(&body, TimeDelta::seconds(302));
    let future = shop.sign(&body, TimeDelta::seconds(-302));
    for signature in [
        None,
        Some(""),
        Some("rubbish"),
        Some(&forged),
        Some(&stale),
        Some(&future),
    ] {
        assert_eq!(
            shop.post_webhook(signature, body.clone()).await,
            401,
            "{signature:?}"
        );
    }
    let other_body = body.replace("138750", "1");
    assert_eq!(
        shop.post_webhook(Some(&good), other_body).await,
        401,
        "another body under a good signature"
    );
    assert!(shop.webhooks().await.is_empty());
    assert_eq!(shop.status(payment).await, "PENDING");

    assert_eq!(shop.post_webhook(Some(&good), body).await, 200);
    shop.wait_for_status(payment, "PAID").await;
}

#[tokio::test]
async fn authentic_but_unreadable_is_malformed_and_too_large_is_not_read() {
    let shop = Shop::open().await;
    let money = Money::new(1, Currency::IDR);
    for body in [
        "not json".to_owned(),
        "{}".to_owned(),
        webhook_body("charge.teleported", "evt-1", "demo_ch_1", money),
        webhook_body("charge.paid", "evt-1", "demo_ch_1", money).replace("IDR", "XXX?"),
    ] {
        let signature = shop.sign(&body, TimeDelta::zero());
        assert_eq!(
            shop.post_webhook(Some(&signature), body.clone()).await,
            400,
            "{body}"
        );
    }
    let large = "x".repeat(64 * 1024 + 1);
    let signature = shop.sign(&large, TimeDelta::zero());
    assert_eq!(shop.post_webhook(Some(&signature), large).await, 413);
    assert!(shop.webhooks().await.is_empty());
}

#[tokio::test]
async fn the_same_webhook_fifty_times_at_once_is_one_capture_and_one_event() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let statuses = futures_util::future::join_all(
        (0..50).map(|_| shop.webhook_of_charge(payment, "charge.paid", "evt")),
    )
    .await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    shop.wait_for_status(payment, "PAID").await;
    // Whatever is still running would find nothing to do.
    shop.subgraph.run_job("payment.apply_webhooks").await;

    assert_eq!(shop.webhooks().await.len(), 1);
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
    assert_eq!(shop.ledger(payment).await.len(), 2);
}

#[tokio::test]
async fn different_webhooks_saying_the_same_at_once_are_one_capture() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let posts = (0..20).map(|index| {
        let shop = &shop;
        async move {
            shop.webhook_of_charge(payment, "charge.paid", &format!("evt-{index}"))
                .await
        }
    });
    futures_util::future::join_all(posts).await;
    wait_for("all are applied", || async {
        let webhooks = shop.webhooks().await;
        (webhooks.len() == 20 && webhooks.iter().all(|webhook| webhook.outcome.is_some()))
            .then_some(())
    })
    .await;
    let captured = shop
        .webhooks()
        .await
        .iter()
        .filter(|webhook| webhook.outcome.as_deref() == Some("CAPTURED"))
        .count();
    assert_eq!(captured, 1);
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}

#[tokio::test]
async fn an_unknown_charge_is_kept_and_tried_again() {
    let shop = Shop::open().await;
    let money = Money::new(TOTAL, Currency::IDR);
    assert_eq!(
        shop.webhook("charge.paid", "evt-1", "demo_ch_unknown", money)
            .await,
        202
    );
    assert_eq!(
        shop.webhook("charge.paid", "evt-1", "demo_ch_unknown", money)
            .await,
        200,
        "a duplicate"
    );
    wait_for("the first look", || async {
        (shop.webhooks().await[0].attempts == 1).then_some(())
    })
    .await;
    let webhook = shop.webhooks().await.remove(0);
    assert_eq!((webhook.applied_at, webhook.outcome), (None, None));
    assert!(webhook.next_attempt_at > webhook.received_at);

    // Looks come further and further apart, and end after some days.
    for _ in 1..80 {
        shop.subgraph.deps.clock.advance(TimeDelta::hours(1));
        shop.subgraph.run_job("payment.apply_webhooks").await;
    }
    let webhook = shop.webhooks().await.remove(0);
    assert_eq!(
        (webhook.attempts, webhook.outcome.as_deref()),
        (80, Some("UNKNOWN_CHARGE"))
    );
}

#[tokio::test]
async fn a_store_that_is_down_asks_for_the_webhook_again() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let charge = shop.row(payment).await.gateway_ref.expect("answered");
    shop.subgraph.deps.db.clone().close().await.expect("closes");
    assert_eq!(
        shop.webhook(
            "charge.paid",
            "evt-1",
            &charge,
            Money::new(TOTAL, Currency::IDR)
        )
        .await,
        503
    );
}

#[tokio::test]
async fn a_wrong_amount_or_currency_is_listed_and_nothing_advances() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    let charge = shop.row(payment).await.gateway_ref.expect("answered");
    for (index, money) in [
        Money::new(TOTAL - 1, Currency::IDR),
        Money::new(TOTAL, Currency::USD),
        Money::new(TOTAL - 1, Currency::IDR),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(
            shop.webhook("charge.paid", &format!("evt-{index}"), &charge, money)
                .await,
            200
        );
    }
    wait_for("all are applied", || async {
        let webhooks = shop.webhooks().await;
        webhooks
            .iter()
            .all(|webhook| webhook.outcome.as_deref() == Some("DIFFERENCE"))
            .then_some(())
    })
    .await;
    assert_eq!(shop.status(payment).await, "PENDING");
    assert_eq!(shop.event_types(&bought).await, ["payment.initiated"]);
    assert!(shop.ledger(payment).await.is_empty());
    let differences = shop.differences().await;
    assert_eq!(differences.len(), 2, "each is listed once: {differences:?}");
    assert!(
        differences
            .iter()
            .all(|difference| difference.expected_minor == TOTAL)
    );
}

#[tokio::test]
async fn older_news_changes_nothing() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;
    for event_type in ["charge.declined", "charge.expired"] {
        shop.webhook_of_charge(payment, event_type, event_type)
            .await;
    }
    wait_for("all are applied", || async {
        shop.webhooks()
            .await
            .iter()
            .all(|webhook| webhook.outcome.is_some())
            .then_some(())
    })
    .await;
    assert_eq!(shop.status(payment).await, "PAID");
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}

#[tokio::test]
async fn a_webhook_that_cannot_be_applied_does_not_hold_up_the_others() {
    let shop = Shop::open().await;
    let (first, second) = (shop.order().await, shop.order().await);
    let poisoned = shop.attempt(&first, "key").await;
    let healthy = shop.attempt(&second, "key").await;
    let money = Money::new(TOTAL, Currency::IDR);
    shop.webhook("charge.paid", "evt-1", "demo_ch_unknown", money)
        .await;
    wait_for("a first look", || async {
        (shop.webhooks().await[0].attempts == 1).then_some(())
    })
    .await;
    let mut row = shop.webhooks().await.remove(0).into_active_model();
    row.gateway_ref = Set(shop.row(poisoned).await.gateway_ref.expect("opened"));
    row.event = Set("not a charge state".to_owned());
    row.update(&shop.subgraph.deps.db).await.expect("changed");
    shop.subgraph.deps.clock.advance(TimeDelta::seconds(2));

    shop.webhook_of_charge(healthy, "charge.paid", "evt-2")
        .await;
    shop.subgraph.run_job("payment.apply_webhooks").await;
    shop.wait_for_status(healthy, "PAID").await;
    let kept = shop.webhooks().await.remove(0);
    assert_eq!((kept.attempts, kept.applied_at), (2, None));
    assert_eq!(shop.status(poisoned).await, "PENDING");
}
