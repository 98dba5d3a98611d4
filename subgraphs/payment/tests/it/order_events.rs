//! Events of order and inventory, in order, out of order, and twice.

use events::id::PaymentId;
use events::order::{OrderConfirmed, OrderExpired, OrderTotals, RefundRequested};
use money::{Currency, Money};
use outbox::{HandleError, Outcome};
use serde_json::json;
use test_support::wait_for;

use crate::shop::{Bought, Shop, TOTAL, code};

fn refund_requested(
    bought: &Bought,
    payment: Option<PaymentId>,
    minor: Option<i64>,
    key: &str,
) -> RefundRequested {
    RefundRequested {
        order_id: bought.order_id,
        payment_id: payment,
        amount: minor.map(|minor| Money::new(minor, Currency::IDR)),
        reason: "stock lost".to_owned(),
        refund_key: key.to_owned(),
    }
}

#[tokio::test]
async fn the_copy_of_an_order_is_the_same_in_any_order_of_arrival() {
    let shop = Shop::open().await;
    let bought = shop.somebody();
    shop.subgraph.deliver(shop.held(&bought), 1).await;
    shop.subgraph.deliver(shop.created(&bought), 1).await;
    shop.attempt(&bought, "key").await;

    // A cancellation that overtakes everything stands.
    let overtaken = shop.somebody();
    shop.subgraph.deliver(shop.cancelled(&overtaken), 3).await;
    shop.subgraph.deliver(shop.created(&overtaken), 1).await;
    shop.subgraph.deliver(shop.held(&overtaken), 1).await;
    assert_eq!(
        code(&shop.initiate(&overtaken, "key").await),
        "ORDER_NOT_PAYABLE"
    );
}

#[tokio::test]
async fn an_older_status_does_not_replace_a_newer_one() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let created = shop.created(&bought);
    let confirmed = OrderConfirmed {
        order_id: bought.order_id,
        cart_id: created.cart_id,
        number: "BZR-1".to_owned(),
        placed_at: shop.subgraph.deps.clock.now(),
        user_id: created.user_id,
        email: created.email.clone(),
        lines: Vec::new(),
        totals: OrderTotals {
            ..created.totals.clone()
        },
    };
    shop.subgraph.deliver(confirmed, 5).await;
    shop.subgraph.deliver(shop.cancelled(&bought), 4).await;
    assert_eq!(
        code(&shop.initiate(&bought, "key").await),
        "PAYMENT_ALREADY_CAPTURED"
    );
}

#[tokio::test]
async fn the_open_attempt_of_an_order_that_is_over_is_closed_without_a_word() {
    let shop = Shop::open().await;
    let cancelled = shop.order().await;
    let first = shop.attempt(&cancelled, "key").await;
    shop.subgraph.deliver(shop.cancelled(&cancelled), 2).await;
    shop.wait_for_status(first, "CANCELLED").await;

    let expired = shop.order().await;
    let second = shop.attempt(&expired, "key").await;
    let event = OrderExpired {
        order_id: expired.order_id,
        cart_id: events::id::CartId::generate(),
    };
    shop.subgraph.deliver(event, 2).await;
    shop.wait_for_status(second, "CANCELLED").await;

    for bought in [&cancelled, &expired] {
        assert_eq!(shop.event_types(bought).await, ["payment.initiated"]);
        assert_eq!(
            code(&shop.initiate(bought, "new").await),
            "ORDER_NOT_PAYABLE"
        );
    }
}

#[tokio::test]
async fn a_cancelled_order_that_was_paid_at_that_moment_is_paid() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let payment = shop.attempt(&bought, "key").await;
    // The buyer has paid; the webhook is still on its way.
    shop.choose(payment, "paid").await;
    shop.subgraph.deliver(shop.cancelled(&bought), 2).await;
    shop.wait_for_status(payment, "PAID").await;
    assert_eq!(
        shop.event_types(&bought).await,
        ["payment.initiated", "payment.succeeded"]
    );
}

#[tokio::test]
async fn every_event_twice_is_every_event_once() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;
    let envelope = shop
        .subgraph
        .envelope(refund_requested(&bought, None, Some(1_000), "lost"), 7);
    assert_eq!(
        shop.subgraph.deliver_envelope(&envelope).await,
        Outcome::Handled
    );
    assert_eq!(
        shop.subgraph.deliver_envelope(&envelope).await,
        Outcome::Duplicate
    );
    // Another event with the same key is the same refund.
    shop.subgraph
        .deliver(
            refund_requested(&bought, Some(payment), Some(1_000), "lost"),
            8,
        )
        .await;
    shop.wait_for_status(payment, "PARTIALLY_REFUNDED").await;
    assert_eq!(shop.refunds(payment).await.len(), 1);
    assert_eq!(shop.row(payment).await.refunded_minor, 1_000);
}

#[tokio::test]
async fn order_gets_its_refund_of_all_that_is_left() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;
    shop.refund(payment, Some(38_750), "goodwill").await;
    shop.subgraph
        .deliver(refund_requested(&bought, None, None, "lost"), 7)
        .await;
    shop.wait_for_status(payment, "REFUNDED").await;
    let amounts: Vec<_> = shop
        .refunds(payment)
        .await
        .iter()
        .map(|refund| refund.amount_minor)
        .collect();
    assert_eq!(amounts, [38_750, 100_000]);
    assert_eq!(
        shop.event_types(&bought).await,
        [
            "payment.initiated",
            "payment.succeeded",
            "payment.refunded",
            "payment.refunded"
        ]
    );

    // All that is left of nothing is nothing.
    shop.subgraph
        .deliver(refund_requested(&bought, None, None, "again"), 8)
        .await;
    assert_eq!(shop.refunds(payment).await.len(), 2);
}

#[tokio::test]
async fn a_refund_that_breaks_a_rule_is_parked_for_an_operator() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;
    let unpaid = shop.order().await;
    for event in [
        refund_requested(&bought, None, Some(TOTAL + 1), "too much"),
        refund_requested(&unpaid, None, None, "never paid"),
        refund_requested(&unpaid, Some(payment), None, "another order's payment"),
    ] {
        let envelope = shop.subgraph.envelope(event, 7);
        let consumer = shop.subgraph.service.consumer.as_ref().expect("a consumer");
        let refused = outbox::consume(&shop.subgraph.deps.db, consumer.as_ref(), &envelope).await;
        assert!(
            matches!(refused, Err(HandleError::Permanent(_))),
            "{refused:?}"
        );
    }
    assert!(shop.refunds(payment).await.is_empty());
}

#[tokio::test]
async fn a_guest_order_belongs_to_its_token_only() {
    let shop = Shop::open().await;
    let bought = shop.somebody();
    let guest = events::order::OrderCreated {
        user_id: None,
        ..shop.created(&bought)
    };
    shop.subgraph.deliver(guest, 1).await;
    shop.subgraph.deliver(shop.held(&bought), 1).await;
    assert_eq!(
        code(&shop.initiate(&bought, "key").await),
        "ORDER_NOT_FOUND"
    );
    let input = json!({
        "orderId": bought.order_id, "orderToken": bought.token, "provider": "DEMO", "idempotencyKey": "key",
    });
    let answer = shop.initiate_as(&test_support::Caller::Guest, input).await;
    let payment: PaymentId = answer["payment"]["id"]
        .as_str()
        .expect("an id")
        .parse()
        .expect("an id");
    shop.pay(payment).await;
    wait_for("told", || async {
        (shop.event_types(&bought).await.len() == 2).then_some(())
    })
    .await;
}
