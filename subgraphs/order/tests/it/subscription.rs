//! `orderStatusChanged`: the present state, then every change.

use std::time::Duration;

use events::id::{OrderId, PaymentId, UserId};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, cart_of, guest_cart};

const CHANGES: &str = "subscription OrderStatusChanged($orderId: ID!, $orderToken: String) {
  orderStatusChanged(orderId: $orderId, orderToken: $orderToken) {
    id
    status
    paymentStatus
    number
    placedAt
    lines { sku }
  }
}";

async fn next(changes: &mut BoxStream<'static, Value>) -> Value {
    let response = tokio::time::timeout(Duration::from_secs(20), changes.next())
        .await
        .expect("in time");
    response.expect("the stream goes on")["data"]["orderStatusChanged"].take()
}

fn told(order: &Value) -> (&str, &str) {
    (
        order["status"].as_str().expect("a status"),
        order["paymentStatus"].as_str().expect("a status"),
    )
}

#[tokio::test]
async fn every_change_is_told() {
    let shop = Shop::open().await;
    let placed = shop.buy(&Caller::Guest, &guest_cart(), "key-1").await;
    let variables = json!({ "orderId": placed.id, "orderToken": placed.token });
    let mut changes = shop.order.subscribe(&Caller::Guest, CHANGES, variables);

    let first = next(&mut changes).await;
    assert_eq!(told(&first), ("PENDING", "PENDING"));
    assert_eq!(first["id"], placed.id.to_string());
    assert_eq!(
        (&first["number"], &first["placedAt"]),
        (&Value::Null, &Value::Null)
    );

    let payment_id = PaymentId::generate();
    shop.initiated(placed.id, payment_id).await;
    shop.failed(placed.id, payment_id).await;
    assert_eq!(told(&next(&mut changes).await), ("PENDING", "FAILED"));
    shop.succeeded(placed.id, payment_id).await;
    assert_eq!(told(&next(&mut changes).await), ("PENDING", "PAID"));
    shop.reserved(placed.id).await;
    let confirmed = next(&mut changes).await;
    assert_eq!(told(&confirmed), ("CONFIRMED", "PAID"));
    assert!(confirmed["number"].is_string() && confirmed["placedAt"].is_string());
    assert_eq!(confirmed["lines"][0]["sku"], "DEMO-0001-A");
}

#[tokio::test]
async fn it_goes_on_after_an_end_that_may_not_be_one() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let placed = shop
        .buy(&Caller::Customer(user), &cart_of(user), "key-1")
        .await;
    let variables = json!({ "orderId": placed.id });
    let mut changes = shop
        .order
        .subscribe(&Caller::Customer(user), CHANGES, variables);
    assert_eq!(told(&next(&mut changes).await), ("PENDING", "PENDING"));

    shop.order
        .deps
        .clock
        .advance(chrono::TimeDelta::minutes(21));
    shop.run_expiry().await;
    assert_eq!(told(&next(&mut changes).await), ("EXPIRED", "PENDING"));
    shop.reserved(placed.id).await;
    shop.succeeded(placed.id, PaymentId::generate()).await;
    assert_eq!(told(&next(&mut changes).await), ("CONFIRMED", "PAID"));
}

#[tokio::test]
async fn an_order_you_may_not_see_is_an_error() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let placed = shop
        .buy(&Caller::Customer(user), &cart_of(user), "key-1")
        .await;
    for (caller, id, token) in [
        (Caller::Guest, placed.id.to_string(), None),
        (Caller::Guest, placed.id.to_string(), Some("a guess")),
        (
            Caller::Customer(UserId::generate()),
            placed.id.to_string(),
            None,
        ),
        (Caller::Guest, OrderId::generate().to_string(), None),
        (Caller::Guest, "nonsense".to_owned(), None),
    ] {
        let variables = json!({ "orderId": id, "orderToken": token });
        let mut changes = shop.order.subscribe(&caller, CHANGES, variables);
        let response = tokio::time::timeout(Duration::from_secs(20), changes.next())
            .await
            .expect("in time");
        let response = response.expect("an answer");
        assert_eq!(
            response["errors"][0]["extensions"]["code"], "ORDER_NOT_FOUND",
            "{response:#}"
        );
        let end = tokio::time::timeout(Duration::from_secs(20), changes.next())
            .await
            .expect("in time");
        assert_eq!(end, None);
    }
}
