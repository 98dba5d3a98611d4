//! Who sees an order, and what of it.

use auth::Role;
use events::id::{OrderId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, cart_of, guest_cart};

const DETAIL: &str = "query OrderDetail($id: ID!, $orderToken: String) {
  order(id: $id, orderToken: $orderToken) {
    id
    number
    status
    paymentStatus
    placedAt
    subtotal { ...MoneyFields }
    discount { ...MoneyFields }
    shipping { ...MoneyFields }
    tax { ...MoneyFields }
    total { ...MoneyFields }
    lines {
      sku
      name
      quantity
      priceAtPurchase { ...MoneyFields }
      lineTotal { ...MoneyFields }
      discount { ...MoneyFields }
      tax { ...MoneyFields }
      variant { id }
    }
    user { id }
    email
    shippingAddress { recipient line1 city postalCode countryCode }
    shippingMethod
    timeline { type occurredAt }
  }
}
fragment MoneyFields on Money { amount minorAmount currencyCode }";

async fn detail(shop: &Shop, caller: &Caller, id: impl ToString, token: Option<&str>) -> Value {
    let variables = json!({ "id": id.to_string(), "orderToken": token });
    shop.order.data(caller, DETAIL, variables).await["order"].take()
}

#[tokio::test]
async fn the_whole_order() {
    let shop = Shop::open().await;
    let placed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-1").await;
    let order = detail(&shop, &Caller::Guest, placed.id, Some(&placed.token)).await;
    // Lists come when their loads are done, in any order.
    insta::with_settings!({ sort_maps => true }, {
        insta::assert_json_snapshot!(order, {
            ".id" => "[id]",
            ".number" => "[number]",
            ".placedAt" => "[time]",
            ".timeline[].occurredAt" => "[time]",
        });
    });
}

#[tokio::test]
async fn an_order_is_seen_by_its_buyer_and_by_staff() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let placed = shop
        .buy(&Caller::Customer(user), &cart_of(user), "key-1")
        .await;
    let guests = shop.buy(&Caller::Guest, &guest_cart(), "key-2").await;
    let support = Caller::Staff(UserId::generate(), vec![Role::Support]);
    let warehouse = Caller::Staff(UserId::generate(), vec![Role::Warehouse]);
    let stranger = Caller::Customer(UserId::generate());

    let seen = |order: Value| !order.is_null();
    assert!(seen(
        detail(&shop, &Caller::Customer(user), placed.id, None).await
    ));
    assert!(seen(
        detail(&shop, &Caller::Guest, placed.id, Some(&placed.token)).await
    ));
    assert!(seen(detail(&shop, &support, placed.id, None).await));
    assert!(seen(detail(&shop, &support, guests.id, None).await));

    assert!(!seen(detail(&shop, &stranger, placed.id, None).await));
    assert!(!seen(
        detail(&shop, &stranger, placed.id, Some(&guests.token)).await
    ));
    assert!(!seen(detail(&shop, &Caller::Guest, guests.id, None).await));
    assert!(!seen(
        detail(&shop, &Caller::Guest, guests.id, Some("")).await
    ));
    assert!(!seen(detail(&shop, &warehouse, placed.id, None).await));
    assert!(!seen(
        detail(&shop, &support, OrderId::generate(), None).await
    ));
    assert!(!seen(detail(&shop, &support, "nonsense", None).await));
}

#[tokio::test]
async fn references_are_resolved_for_buyer_and_staff_only() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let placed = shop
        .confirmed(&Caller::Customer(user), &cart_of(user), "key-1")
        .await;
    let number = shop.detail(&placed).await["number"].clone();
    let query = "query($representations: [_Any!]!) {
        _entities(representations: $representations) { ... on Order { id number status } }
    }";
    let variables = json!({ "representations": [
        { "__typename": "Order", "id": placed.id },
        { "__typename": "Order", "number": number },
        { "__typename": "Order", "id": OrderId::generate() },
        { "__typename": "Order", "id": "nonsense" },
        { "__typename": "Order", "number": "BZ-1999-000001" },
    ] });
    let order = json!({ "id": placed.id, "number": number, "status": "CONFIRMED" });
    for caller in [
        Caller::Customer(user),
        Caller::Staff(UserId::generate(), vec![Role::Admin]),
    ] {
        let data = shop.order.data(&caller, query, variables.clone()).await;
        assert_eq!(data["_entities"], json!([order, order, null, null, null]));
    }
    for caller in [Caller::Guest, Caller::Customer(UserId::generate())] {
        let data = shop.order.data(&caller, query, variables.clone()).await;
        assert_eq!(data["_entities"], json!([null, null, null, null, null]));
    }
}
