//! What the clock does to orders and checkouts.

use chrono::TimeDelta;
use events::Event;
use events::id::PaymentId;
use serde_json::json;
use test_support::Caller;

use crate::shop::{Shop, create_input, guest_cart};

#[tokio::test]
async fn an_unpaid_order_expires() {
    let shop = Shop::open().await;
    let placed = shop.buy(&Caller::Guest, &guest_cart(), "key-1").await;
    let known = shop.order.events().await.len();
    shop.order.deps.clock.advance(TimeDelta::minutes(19));
    shop.run_expiry().await;
    assert_eq!(shop.status(&placed).await.0, "PENDING");

    shop.order.deps.clock.advance(TimeDelta::minutes(2));
    shop.run_expiry().await;
    shop.run_expiry().await;
    assert_eq!(shop.status(&placed).await.0, "EXPIRED");
    assert_eq!(shop.published_after(known).await, ["order.expired.v1"]);
}

#[tokio::test]
async fn an_open_payment_extends_the_order() {
    let shop = Shop::open().await;
    let placed = shop.buy(&Caller::Guest, &guest_cart(), "key-1").await;
    shop.initiated(placed.id, PaymentId::generate()).await;
    shop.order.deps.clock.advance(TimeDelta::minutes(34));
    shop.run_expiry().await;
    assert_eq!(shop.status(&placed).await.0, "PENDING");
    shop.order.deps.clock.advance(TimeDelta::minutes(2));
    shop.run_expiry().await;
    assert_eq!(shop.status(&placed).await.0, "EXPIRED");
}

#[tokio::test]
async fn a_silent_cart_loses_its_checkout() {
    let shop = Shop::impatient().await;
    let cart = guest_cart();
    shop.order_create(&Caller::Guest, create_input(&cart, "key-1"))
        .await;
    let first = shop.request_after(0).await;
    shop.order.deps.clock.advance(TimeDelta::seconds(91));
    shop.run_expiry().await;

    // Its late answer makes no order and lets the cart go.
    shop.checkout_started(first.order_id, &cart).await;
    let events = shop.order.events().await;
    let [
        Event::CheckoutRequested(_),
        Event::OrderCancelled(cancelled),
    ] = events.as_slice()
    else {
        panic!("unexpected: {events:?}");
    };
    assert_eq!(
        (cancelled.order_id, cancelled.cart_id),
        (first.order_id, cart.cart_id)
    );
    assert_eq!(cancelled.reason, "checkout_timeout");
    let query = "query($id: ID!) { order(id: $id) { id } }";
    let staff = Caller::Staff(events::id::UserId::generate(), vec![auth::Role::Admin]);
    assert!(
        shop.order
            .data(&staff, query, json!({ "id": first.order_id }))
            .await["order"]
            .is_null()
    );

    // The key makes a new attempt.
    shop.order_create(&Caller::Guest, create_input(&cart, "key-1"))
        .await;
    assert_ne!(shop.request_after(1).await.order_id, first.order_id);
    assert_eq!(shop.requests().await.len(), 2);
}

#[tokio::test]
async fn a_silent_inventory_loses_the_order() {
    let shop = Shop::impatient().await;
    let cart = guest_cart();
    shop.order_create(&Caller::Guest, create_input(&cart, "key-1"))
        .await;
    let order_id = shop.request_after(0).await.order_id;
    shop.checkout_started(order_id, &cart).await;
    let known = shop.order.events().await.len();
    shop.order.deps.clock.advance(TimeDelta::seconds(91));
    shop.run_expiry().await;
    assert_eq!(shop.published_after(known).await, ["order.cancelled.v1"]);

    // A hold that comes after all is let go on sight, once.
    shop.held(order_id).await;
    shop.held(order_id).await;
    assert_eq!(
        shop.published_after(known).await,
        ["order.cancelled.v1", "order.cancelled.v1"]
    );

    // And the buyer can try again.
    let payload = shop
        .order_create(&Caller::Guest, create_input(&cart, "key-1"))
        .await;
    assert_eq!(payload["userErrors"][0]["code"], "TRY_AGAIN");
    assert_eq!(shop.requests().await.len(), 2);
}
