//! The checkout saga, told by the events of the other services.

use chrono::TimeDelta;
use events::Event;
use events::id::PaymentId;
use outbox::Outcome;
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Placed, Shop, guest_cart, shortage};

fn timeline(order: &Value) -> Vec<&str> {
    let entries = order["timeline"].as_array().expect("a list");
    entries
        .iter()
        .map(|entry| entry["type"].as_str().expect("a type"))
        .collect()
}

async fn pending(shop: &Shop) -> Placed {
    shop.buy(&Caller::Guest, &guest_cart(), "key-1").await
}

fn status(status: &str, payment_status: &str) -> (String, String) {
    (status.to_owned(), payment_status.to_owned())
}

#[tokio::test]
async fn paid_and_reserved_is_confirmed() {
    let shop = Shop::open().await;
    let placed = pending(&shop).await;
    let known = shop.order.events().await.len();
    let payment_id = PaymentId::generate();
    shop.initiated(placed.id, payment_id).await;
    shop.succeeded(placed.id, payment_id).await;
    assert_eq!(shop.status(&placed).await, status("PENDING", "PAID"));
    shop.reserved(placed.id).await;
    shop.email_sent(placed.id).await;

    let order = shop.detail(&placed).await;
    assert_eq!(
        (&order["status"], &order["paymentStatus"]),
        (&json!("CONFIRMED"), &json!("PAID"))
    );
    let number = order["number"].as_str().expect("a number");
    let year = shop.order.deps.clock.now().format("%Y").to_string();
    assert_eq!(number, format!("BZ-{year}-000001"));
    assert!(order["placedAt"].is_string());
    assert_eq!(
        timeline(&order),
        [
            "OrderCreated",
            "PaymentInitiated",
            "PaymentSucceeded",
            "InventoryReserved",
            "OrderConfirmed",
            "EmailNotificationSent"
        ]
    );
    let events = shop.order.events().await;
    let [Event::OrderConfirmed(confirmed)] = &events[known..] else {
        panic!("unexpected: {events:?}")
    };
    assert_eq!(
        (confirmed.order_id, confirmed.number.as_str()),
        (placed.id, number)
    );
    assert_eq!(
        (confirmed.lines.len(), confirmed.totals.total),
        (1, 288_600)
    );

    // The next one gets the next number.
    let next = shop.confirmed(&Caller::Guest, &guest_cart(), "key-2").await;
    assert_eq!(
        shop.detail(&next).await["number"],
        format!("BZ-{year}-000002")
    );
}

#[tokio::test]
async fn the_stock_may_be_heard_of_first() {
    let shop = Shop::open().await;
    let placed = pending(&shop).await;
    shop.reserved(placed.id).await;
    assert_eq!(shop.status(&placed).await, status("PENDING", "PENDING"));
    let payment_id = PaymentId::generate();
    shop.succeeded(placed.id, payment_id).await;
    assert_eq!(shop.status(&placed).await, status("CONFIRMED", "PAID"));
    // The attempt's beginning, heard of last, changes nothing.
    shop.initiated(placed.id, payment_id).await;
    assert_eq!(shop.status(&placed).await, status("CONFIRMED", "PAID"));
}

#[tokio::test]
async fn an_event_delivered_twice_has_one_effect() {
    let shop = Shop::open().await;
    let placed = pending(&shop).await;
    shop.reserved(placed.id).await;
    let success = shop
        .order
        .envelope(shop.success(placed.id, PaymentId::generate()), 2);
    assert_eq!(
        shop.order.deliver_envelope(&success).await,
        Outcome::Handled
    );
    let (before, known) = (shop.detail(&placed).await, shop.order.events().await.len());
    assert_eq!(
        shop.order.deliver_envelope(&success).await,
        Outcome::Duplicate
    );
    // Nor has the same news in another envelope.
    shop.succeeded(placed.id, PaymentId::generate()).await;
    shop.reserved(placed.id).await;
    shop.held(placed.id).await;
    let after = shop.detail(&placed).await;
    assert_eq!(
        (&after["number"], &after["placedAt"]),
        (&before["number"], &before["placedAt"])
    );
    assert_eq!(after["status"], "CONFIRMED");
    assert_eq!(shop.published_after(known).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_late_payment_revives_the_order() {
    let shop = Shop::open().await;
    let expired = pending(&shop).await;
    shop.order.deps.clock.advance(TimeDelta::minutes(21));
    shop.run_expiry().await;
    shop.released(expired.id, "expired").await;
    assert_eq!(shop.status(&expired).await, status("EXPIRED", "PENDING"));

    let cancelled = shop.buy(&Caller::Guest, &guest_cart(), "key-2").await;
    let query = "mutation($input: OrderCancelInput!) { orderCancel(input: $input) { userErrors { code } } }";
    let input = json!({ "input": { "orderId": cancelled.id, "orderToken": cancelled.token } });
    shop.order.data(&Caller::Guest, query, input).await;
    assert_eq!(
        shop.status(&cancelled).await,
        status("CANCELLED", "PENDING")
    );

    for placed in [expired, cancelled] {
        shop.pay(placed.id).await;
        assert_eq!(shop.status(&placed).await, status("CONFIRMED", "PAID"));
        assert_eq!(shop.detail(&placed).await["cancelReason"], Value::Null);
    }
}

#[tokio::test]
async fn a_late_payment_without_stock_goes_back() {
    let shop = Shop::open().await;
    let in_time = pending(&shop).await;
    let late = shop.buy(&Caller::Guest, &guest_cart(), "key-2").await;
    shop.order.deps.clock.advance(TimeDelta::minutes(5));
    let first_payment = PaymentId::generate();
    shop.succeeded(in_time.id, first_payment).await;
    shop.order.deps.clock.advance(TimeDelta::hours(26));
    shop.run_expiry().await;
    assert_eq!(
        shop.status(&in_time).await,
        status("PENDING", "PAID"),
        "paid orders do not expire"
    );
    assert_eq!(shop.status(&late).await.0, "EXPIRED");

    let known = shop.order.events().await.len();
    shop.commit_rejected(in_time.id).await;
    let events = shop.order.events().await;
    let [
        Event::OrderCancelled(cancelled),
        Event::RefundRequested(refund),
    ] = &events[known..]
    else {
        panic!("unexpected: {events:?}");
    };
    assert_eq!(cancelled.reason, "stock_lost_after_payment");
    assert!(!cancelled.release_committed);
    assert_eq!(
        (refund.order_id, refund.payment_id, refund.amount),
        (in_time.id, Some(first_payment), None)
    );
    shop.refunded(in_time.id, first_payment, 0).await;
    assert_eq!(shop.status(&in_time).await, status("CANCELLED", "REFUNDED"));

    // Here inventory's verdict is heard of before the payment it is about.
    let second_payment = PaymentId::generate();
    shop.commit_rejected(late.id).await;
    shop.succeeded(late.id, second_payment).await;
    assert_eq!(shop.status(&late).await, status("CANCELLED", "PAID"));
    shop.reserved(late.id).await;
    assert_eq!(
        shop.status(&late).await,
        status("CANCELLED", "PAID"),
        "refunded orders are not confirmed"
    );
    shop.refunded(late.id, second_payment, 0).await;
    assert_eq!(shop.status(&late).await, status("CANCELLED", "REFUNDED"));
    assert_eq!(shop.detail(&late).await["number"], Value::Null);
    let refunds = shop
        .order
        .events()
        .await
        .into_iter()
        .filter(|event| matches!(event, Event::RefundRequested(_)));
    assert_eq!(refunds.count(), 2);
}

#[tokio::test]
async fn a_failed_payment_may_be_followed_by_another() {
    let shop = Shop::open().await;
    let placed = pending(&shop).await;
    let (first, second) = (PaymentId::generate(), PaymentId::generate());
    // The failure overtakes the beginning.
    shop.failed(placed.id, first).await;
    shop.initiated(placed.id, first).await;
    assert_eq!(shop.status(&placed).await, status("PENDING", "FAILED"));
    shop.initiated(placed.id, second).await;
    assert_eq!(shop.status(&placed).await, status("PENDING", "PENDING"));
    shop.succeeded(placed.id, second).await;
    shop.reserved(placed.id).await;
    assert_eq!(shop.status(&placed).await, status("CONFIRMED", "PAID"));
}

#[tokio::test]
async fn the_order_expires_with_its_last_open_payment() {
    let shop = Shop::open().await;
    let placed = pending(&shop).await;
    let (first, second) = (PaymentId::generate(), PaymentId::generate());
    shop.initiated(placed.id, first).await;
    shop.initiated(placed.id, second).await;
    shop.payment_expired(placed.id, first).await;
    assert_eq!(shop.status(&placed).await.0, "PENDING");
    let known = shop.order.events().await.len();
    shop.payment_expired(placed.id, second).await;
    assert_eq!(shop.status(&placed).await.0, "EXPIRED");
    assert_eq!(shop.published_after(known).await, ["order.expired.v1"]);
}

#[tokio::test]
async fn refunds_are_copied_whatever_their_order() {
    let shop = Shop::open().await;
    let placed = pending(&shop).await;
    let payment_id = PaymentId::generate();
    // The refund overtakes everything.
    shop.refunded(placed.id, payment_id, 100_000).await;
    shop.reserved(placed.id).await;
    shop.succeeded(placed.id, payment_id).await;
    assert_eq!(
        shop.status(&placed).await,
        status("CONFIRMED", "PARTIALLY_REFUNDED")
    );
    shop.refunded(placed.id, payment_id, 0).await;
    shop.refunded(placed.id, payment_id, 50_000).await;
    assert_eq!(shop.status(&placed).await, status("CONFIRMED", "REFUNDED"));
    // The refund of a second capture is not the order's.
    let other = shop.confirmed(&Caller::Guest, &guest_cart(), "key-2").await;
    shop.refunded(other.id, PaymentId::generate(), 0).await;
    assert_eq!(shop.status(&other).await, status("CONFIRMED", "PAID"));
}

#[tokio::test]
async fn a_late_refusal_of_stock_does_not_touch_a_confirmed_order() {
    let shop = Shop::open().await;
    let placed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-1").await;
    let known = shop.order.events().await.len();
    shop.hold_rejected(placed.id, vec![shortage(2, 0)]).await;
    shop.released(placed.id, "expired").await;
    shop.commit_rejected(placed.id).await;
    shop.payment_expired(placed.id, PaymentId::generate()).await;
    shop.failed(placed.id, PaymentId::generate()).await;
    assert_eq!(shop.status(&placed).await, status("CONFIRMED", "PAID"));
    assert_eq!(shop.published_after(known).await, Vec::<String>::new());
}

#[tokio::test]
async fn versions_of_published_events_only_grow() {
    let shop = Shop::open().await;
    let placed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-1").await;
    let versions: Vec<i64> = shop
        .order
        .envelopes()
        .await
        .into_iter()
        .filter(|envelope| envelope.subject == placed.id.to_string())
        .map(|envelope| envelope.subjectversion)
        .collect();
    assert_eq!(versions.len(), 3);
    assert!(
        versions.windows(2).all(|pair| pair[0] < pair[1]),
        "{versions:?}"
    );
}

/// Finance may send the money back before the stock's answer is there. Nobody ships what is not paid,
/// and what was committed is for sale again.
#[tokio::test]
async fn an_order_refunded_before_it_was_confirmed_is_cancelled_with_its_stock() {
    let shop = Shop::open().await;
    let waiting = pending(&shop).await;
    let given_up = shop.buy(&Caller::Guest, &guest_cart(), "key-2").await;
    shop.order.deps.clock.advance(TimeDelta::minutes(21));
    shop.run_expiry().await;
    let late = shop.buy(&Caller::Guest, &guest_cart(), "key-3").await;
    let query = "mutation($input: OrderCancelInput!) { orderCancel(input: $input) { userErrors { code } } }";
    let input = json!({ "input": { "orderId": late.id, "orderToken": late.token } });
    shop.order.data(&Caller::Guest, query, input).await;

    for placed in [waiting, given_up, late] {
        let payment_id = PaymentId::generate();
        shop.succeeded(placed.id, payment_id).await;
        shop.refunded(placed.id, payment_id, 0).await;
        let known = shop.order.events().await.len();
        shop.reserved(placed.id).await;
        assert_eq!(shop.status(&placed).await, status("CANCELLED", "REFUNDED"));
        let events = shop.order.events().await;
        let [Event::OrderCancelled(cancelled)] = &events[known..] else {
            panic!("unexpected: {:?}", &events[known..])
        };
        assert!(cancelled.release_committed);
        // Inventory answers, and says the same once more; nothing else follows.
        shop.released(placed.id, "cancelled").await;
        shop.reserved(placed.id).await;
        assert_eq!(shop.status(&placed).await, status("CANCELLED", "REFUNDED"));
        assert_eq!(shop.order.events().await.len(), known + 1);
    }
}

/// The buyer bought the same cart again because the first payment seemed lost. Once it came, they are
/// not to pay a second time.
#[tokio::test]
async fn a_revived_order_takes_the_place_of_its_unpaid_successor() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let first = shop.buy(&Caller::Guest, &cart, "key-1").await;
    shop.order.deps.clock.advance(TimeDelta::minutes(21));
    shop.run_expiry().await;
    let second = shop.buy(&Caller::Guest, &cart, "key-2").await;
    assert_ne!(first.id, second.id);
    shop.initiated(second.id, PaymentId::generate()).await;

    let known = shop.order.events().await.len();
    shop.pay(first.id).await;
    assert_eq!(shop.status(&first).await, status("CONFIRMED", "PAID"));
    assert_eq!(shop.status(&second).await.0, "CANCELLED");
    assert_eq!(
        shop.published_after(known).await,
        ["order.confirmed.v1", "order.cancelled.v1"]
    );
    // Paid at that very moment, it counts as well.
    shop.pay(second.id).await;
    assert_eq!(shop.status(&second).await, status("CONFIRMED", "PAID"));

    // Another content of the same cart is another purchase.
    let cart = guest_cart();
    let third = shop.buy(&Caller::Guest, &cart, "key-3").await;
    shop.order.deps.clock.advance(TimeDelta::minutes(60));
    shop.run_expiry().await;
    let mut changed = cart.clone();
    changed.fingerprint = "other content".to_owned();
    let fourth = shop.buy(&Caller::Guest, &changed, "key-4").await;
    shop.pay(third.id).await;
    assert_eq!(shop.status(&third).await, status("CONFIRMED", "PAID"));
    assert_eq!(shop.status(&fourth).await, status("PENDING", "PENDING"));
}
