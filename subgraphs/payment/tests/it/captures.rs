//! Money that arrives late, or twice.

use events::Event;
use test_support::wait_for;

use crate::shop::{Shop, TOTAL};

#[tokio::test]
async fn a_payment_tells_the_order_what_was_paid() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;
    let events = shop.events_of("payment.succeeded.v1").await;
    let [Event::PaymentSucceeded(event)] = events.as_slice() else {
        panic!("{events:?}")
    };
    let row = shop.row(payment).await;
    assert_eq!(
        (event.payment_id, event.order_id),
        (payment, bought.order_id)
    );
    assert_eq!(
        (event.provider.as_str(), event.amount.minor),
        ("DEMO", TOTAL)
    );
    assert_eq!(Some(&event.gateway_ref), row.gateway_ref.as_ref());
    assert_eq!(Some(event.paid_at), row.paid_at);

    let envelopes = shop.subgraph.envelopes().await;
    let envelope = envelopes.last().expect("published");
    assert_eq!(envelope.correlationid, bought.order_id.to_string());
    assert_eq!(envelope.actor.as_deref(), Some("DEMO"));
    assert_eq!(envelope.subjectversion, row.version);
    assert_eq!(
        envelope.causationid.as_deref(),
        Some(format!("paid-on-page:{payment}").as_str())
    );
}

#[tokio::test]
async fn late_money_counts_whatever_the_attempt_was_thought_to_be() {
    for (event_type, status) in [("charge.declined", "FAILED"), ("charge.expired", "EXPIRED")] {
        let shop = Shop::open().await;
        let bought = shop.order().await;
        let payment = shop.attempt(&bought, "key").await;
        shop.webhook_of_charge(payment, event_type, "first").await;
        shop.wait_for_status(payment, status).await;
        shop.webhook_of_charge(payment, "charge.paid", "late").await;
        shop.wait_for_status(payment, "PAID").await;
        assert_eq!(shop.event_types(&bought).await[2..], ["payment.succeeded"]);
        assert_eq!(shop.row(payment).await.failure_reason, None);
    }
}

#[tokio::test]
async fn late_money_of_a_cancelled_order_counts() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    shop.subgraph.deliver(shop.cancelled(&bought), 2).await;
    shop.wait_for_status(payment, "CANCELLED").await;
    shop.webhook_of_charge(payment, "charge.paid", "late").await;
    shop.wait_for_status(payment, "PAID").await;
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}

#[tokio::test]
async fn late_money_closes_the_attempt_that_is_open_beside_it() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let first = shop.attempt(&bought, "key-1").await;
    shop.webhook_of_charge(first, "charge.declined", "declined")
        .await;
    shop.wait_for_status(first, "FAILED").await;
    let second = shop.attempt(&bought, "key-2").await;

    shop.webhook_of_charge(first, "charge.paid", "late").await;
    shop.wait_for_status(first, "PAID").await;
    shop.wait_for_status(second, "CANCELLED").await;
    assert_eq!(
        shop.event_types(&bought).await,
        [
            "payment.initiated",
            "payment.failed",
            "payment.initiated",
            "payment.succeeded"
        ]
    );
}

#[tokio::test]
async fn an_order_paid_twice_counts_once_and_the_second_money_goes_back() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let first = shop.attempt(&bought, "key-1").await;
    shop.choose(first, "declined").await;
    shop.webhook_of_charge(first, "charge.declined", "declined")
        .await;
    shop.wait_for_status(first, "FAILED").await;
    let second = shop.attempt(&bought, "key-2").await;
    shop.pay(second).await;

    // The first charge's money arrives after all.
    shop.choose(first, "paid_late").await;
    shop.webhook_of_charge(first, "charge.paid", "late").await;
    shop.wait_for_status(first, "DUPLICATE_CAPTURE").await;
    wait_for("the second money is refunded", || async {
        (shop.row(first).await.refunded_minor == TOTAL).then_some(())
    })
    .await;

    assert_eq!(shop.status(first).await, "DUPLICATE_CAPTURE");
    assert_eq!(shop.status(second).await, "PAID");
    assert_eq!(
        shop.event_types(&bought).await,
        [
            "payment.initiated",
            "payment.failed",
            "payment.initiated",
            "payment.succeeded"
        ]
    );
    let [refund] = &shop.refunds(first).await[..] else {
        panic!("one refund")
    };
    assert_eq!((refund.amount_minor, refund.attempts), (TOTAL, 1));
    assert_eq!(shop.differences().await.len(), 1);
    assert_eq!(shop.ledger(first).await.len(), 4);

    // Once more changes nothing.
    shop.webhook_of_charge(first, "charge.paid", "late again")
        .await;
    wait_for("it is applied", || async {
        shop.webhooks()
            .await
            .iter()
            .all(|webhook| webhook.outcome.is_some())
            .then_some(())
    })
    .await;
    assert_eq!(shop.refunds(first).await.len(), 1);
}
