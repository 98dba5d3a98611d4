//! `orderCancel`: the buyer gives up a pending order.

use events::Event;
use events::id::{OrderId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, cart_of, guest_cart};

async fn cancel(
    shop: &Shop,
    caller: &Caller,
    order_id: impl ToString,
    token: Option<&str>,
) -> Value {
    let query = "mutation($input: OrderCancelInput!) { orderCancel(input: $input) {
        order { id status cancelReason } userErrors { field code message }
    } }";
    let input = json!({ "input": { "orderId": order_id.to_string(), "orderToken": token } });
    shop.order.data(caller, query, input).await["orderCancel"].take()
}

#[tokio::test]
async fn a_buyer_cancels_a_pending_order() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let own = shop
        .buy(&Caller::Customer(user), &cart_of(user), "key-1")
        .await;
    let guests = shop.buy(&Caller::Guest, &guest_cart(), "key-2").await;

    for (caller, placed, token) in [
        (Caller::Customer(user), &own, None),
        (Caller::Guest, &guests, Some(guests.token.as_str())),
    ] {
        let known = shop.order.events().await.len();
        let payload = cancel(&shop, &caller, placed.id, token).await;
        assert_eq!(payload["userErrors"], json!([]));
        assert_eq!(payload["order"]["status"], "CANCELLED");
        assert_eq!(payload["order"]["cancelReason"], "BUYER");
        let events = shop.order.events().await;
        let [Event::OrderCancelled(cancelled)] = &events[known..] else {
            panic!("unexpected: {events:?}")
        };
        assert_eq!(
            (cancelled.reason.as_str(), cancelled.release_committed),
            ("buyer", false)
        );

        // Once more is no error and no second event.
        assert_eq!(
            cancel(&shop, &caller, placed.id, token).await["userErrors"],
            json!([])
        );
        assert_eq!(shop.published_after(known).await.len(), 1);
    }
}

#[tokio::test]
async fn a_paid_order_is_not_cancelled_by_its_buyer() {
    let shop = Shop::open().await;
    let waiting = shop.buy(&Caller::Guest, &guest_cart(), "key-1").await;
    shop.succeeded(waiting.id, events::id::PaymentId::generate())
        .await;
    let confirmed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-2").await;
    let known = shop.order.events().await.len();
    for placed in [waiting, confirmed] {
        let before = shop.detail(&placed).await;
        let payload = cancel(&shop, &Caller::Guest, placed.id, Some(&placed.token)).await;
        assert_eq!(payload["userErrors"][0]["code"], "NOT_CANCELLABLE");
        assert_eq!(payload["order"], Value::Null);
        assert_eq!(shop.detail(&placed).await, before);
    }
    assert_eq!(shop.published_after(known).await, Vec::<String>::new());
}

#[tokio::test]
async fn somebody_elses_order_does_not_exist() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let placed = shop
        .buy(&Caller::Customer(user), &cart_of(user), "key-1")
        .await;
    let stranger = Caller::Customer(UserId::generate());
    let support = Caller::Staff(UserId::generate(), vec![auth::Role::Support]);
    for (caller, id, token) in [
        (&stranger, placed.id.to_string(), None),
        (&Caller::Guest, placed.id.to_string(), Some("a guess")),
        (&Caller::Guest, placed.id.to_string(), None),
        (&support, placed.id.to_string(), None),
        (&stranger, OrderId::generate().to_string(), None),
        (&stranger, "nonsense".to_owned(), None),
    ] {
        let payload = cancel(&shop, caller, id, token).await;
        assert_eq!(payload["userErrors"][0]["code"], "ORDER_NOT_FOUND");
        assert_eq!(
            payload["userErrors"][0]["field"],
            json!(["input", "orderId"])
        );
    }
    assert_eq!(shop.status(&placed).await.0, "PENDING");
}
