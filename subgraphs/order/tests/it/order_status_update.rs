//! `orderStatusUpdate`: staff moves orders along the table.

use auth::Role;
use events::Event;
use events::id::{OrderId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, guest_cart};

const UPDATE: &str = "mutation OrderStatusUpdate($input: OrderStatusUpdateInput!) {
  orderStatusUpdate(input: $input) {
    order { id status carrier trackingNumber }
    userErrors { field code message from to }
  }
}";

fn staff(role: Role) -> Caller {
    Caller::Staff(UserId::generate(), vec![role])
}

async fn update(shop: &Shop, caller: &Caller, input: Value) -> Value {
    shop.order
        .data(caller, UPDATE, json!({ "input": input }))
        .await["orderStatusUpdate"]
        .take()
}

#[tokio::test]
async fn the_warehouse_ships_an_order() {
    let shop = Shop::open().await;
    let placed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-1").await;
    let known = shop.order.events().await.len();
    let warehouse = staff(Role::Warehouse);

    let payload = update(
        &shop,
        &warehouse,
        json!({ "orderId": placed.id, "status": "PROCESSING" }),
    )
    .await;
    assert_eq!(
        (&payload["order"]["status"], &payload["userErrors"]),
        (&json!("PROCESSING"), &json!([]))
    );

    for blank in [json!(null), json!("  ")] {
        let input = json!({ "orderId": placed.id, "status": "SHIPPED", "trackingNumber": blank });
        let payload = update(&shop, &warehouse, input).await;
        assert_eq!(payload["userErrors"][0]["code"], "TRACKING_REQUIRED");
        assert_eq!(
            payload["userErrors"][0]["field"],
            json!(["input", "trackingNumber"])
        );
    }

    let input = json!({ "orderId": placed.id, "status": "SHIPPED", "trackingNumber": " JNE-42 ", "carrier": "JNE" });
    let payload = update(&shop, &warehouse, input).await;
    assert_eq!(payload["order"]["status"], "SHIPPED");
    assert_eq!(
        (
            &payload["order"]["carrier"],
            &payload["order"]["trackingNumber"]
        ),
        (&json!("JNE"), &json!("JNE-42"))
    );
    let payload = update(
        &shop,
        &warehouse,
        json!({ "orderId": placed.id, "status": "DELIVERED" }),
    )
    .await;
    assert_eq!(payload["order"]["status"], "DELIVERED");

    let moves: Vec<(String, String, Option<String>)> = shop.order.events().await[known..]
        .iter()
        .map(|event| match event {
            Event::OrderStatusChanged(e) => {
                (e.from.clone(), e.to.clone(), e.tracking_number.clone())
            }
            other => panic!("unexpected: {other:?}"),
        })
        .collect();
    let tracked = Some("JNE-42".to_owned());
    assert_eq!(
        moves,
        [
            ("CONFIRMED".to_owned(), "PROCESSING".to_owned(), None),
            (
                "PROCESSING".to_owned(),
                "SHIPPED".to_owned(),
                tracked.clone()
            ),
            ("SHIPPED".to_owned(), "DELIVERED".to_owned(), tracked),
        ]
    );
    let detail = shop.detail(&placed).await;
    let kinds: Vec<&Value> = detail["timeline"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| &entry["type"])
        .collect();
    assert_eq!(
        kinds[kinds.len() - 3..],
        [
            &json!("OrderProcessing"),
            &json!("OrderShipped"),
            &json!("OrderDelivered")
        ]
    );
}

#[tokio::test]
async fn what_the_table_does_not_have_is_refused() {
    let shop = Shop::open().await;
    let placed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-1").await;
    let known = shop.order.events().await.len();
    for (role, to) in [
        (Role::Warehouse, "SHIPPED"),
        (Role::Warehouse, "DELIVERED"),
        (Role::Warehouse, "CONFIRMED"),
        (Role::Warehouse, "CANCELLED"),
        (Role::Warehouse, "PENDING"),
        (Role::Support, "PROCESSING"),
        (Role::Support, "EXPIRED"),
        (Role::Admin, "EXPIRED"),
        (Role::Admin, "PENDING"),
    ] {
        let tracking = (to == "SHIPPED").then_some("T-1");
        let input = json!({ "orderId": placed.id, "status": to, "trackingNumber": tracking });
        let payload = update(&shop, &staff(role), input).await;
        let error = &payload["userErrors"][0];
        assert_eq!(error["code"], "ILLEGAL_TRANSITION", "{role} to {to}");
        assert_eq!(
            (&error["from"], &error["to"]),
            (&json!("CONFIRMED"), &json!(to))
        );
        assert_eq!(payload["order"], Value::Null);
    }
    assert_eq!(shop.status(&placed).await.0, "CONFIRMED");
    assert_eq!(shop.published_after(known).await, Vec::<String>::new());
}

#[tokio::test]
async fn staff_cancels_and_the_money_goes_back() {
    let shop = Shop::open().await;
    let support = staff(Role::Support);
    let placed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-1").await;
    let known = shop.order.events().await.len();
    let cancel = |order_id: OrderId| json!({ "orderId": order_id, "status": "CANCELLED" });

    let payload = update(&shop, &support, cancel(placed.id)).await;
    assert_eq!(
        (&payload["order"]["status"], &payload["userErrors"]),
        (&json!("CANCELLED"), &json!([]))
    );
    let events = shop.order.events().await;
    let [
        Event::OrderCancelled(cancelled),
        Event::RefundRequested(refund),
    ] = &events[known..]
    else {
        panic!("unexpected: {events:?}");
    };
    assert_eq!(
        (cancelled.reason.as_str(), cancelled.release_committed),
        ("staff", true)
    );
    let payment_id = refund.payment_id.expect("the captured payment");
    shop.refunded(placed.id, payment_id, 0).await;
    shop.released(placed.id, "cancelled").await;
    assert_eq!(
        shop.status(&placed).await,
        ("CANCELLED".to_owned(), "REFUNDED".to_owned())
    );

    // Whatever comes now does not bring it back.
    shop.reserved(placed.id).await;
    assert_eq!(shop.status(&placed).await.0, "CANCELLED");

    // While it is packed only an admin cancels.
    let packed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-2").await;
    update(
        &shop,
        &staff(Role::Warehouse),
        json!({ "orderId": packed.id, "status": "PROCESSING" }),
    )
    .await;
    let payload = update(&shop, &support, cancel(packed.id)).await;
    assert_eq!(payload["userErrors"][0]["code"], "ILLEGAL_TRANSITION");
    assert_eq!(
        update(&shop, &staff(Role::Admin), cancel(packed.id)).await["order"]["status"],
        "CANCELLED"
    );

    // An unpaid one: nothing to refund, and a payment under way may still win.
    let pending = shop.buy(&Caller::Guest, &guest_cart(), "key-3").await;
    let known = shop.order.events().await.len();
    assert_eq!(
        update(&shop, &support, cancel(pending.id)).await["order"]["status"],
        "CANCELLED"
    );
    let events = shop.order.events().await;
    let [Event::OrderCancelled(cancelled)] = &events[known..] else {
        panic!("unexpected: {events:?}")
    };
    assert!(!cancelled.release_committed);

    // One that is paid and about to be confirmed has to wait for that.
    let paid = shop.buy(&Caller::Guest, &guest_cart(), "key-4").await;
    shop.succeeded(paid.id, events::id::PaymentId::generate())
        .await;
    let payload = update(&shop, &support, cancel(paid.id)).await;
    assert_eq!(payload["userErrors"][0]["code"], "NOT_CANCELLABLE");
}

#[tokio::test]
async fn only_staff_moves_orders() {
    let shop = Shop::open().await;
    let placed = shop.confirmed(&Caller::Guest, &guest_cart(), "key-1").await;
    let input = json!({ "input": { "orderId": placed.id, "status": "PROCESSING" } });
    for (caller, code) in [
        (Caller::Guest, "UNAUTHENTICATED"),
        (Caller::Customer(UserId::generate()), "FORBIDDEN"),
        (staff(Role::Catalog), "FORBIDDEN"),
    ] {
        let response = shop.order.execute(&caller, UPDATE, input.clone()).await;
        assert_eq!(response["errors"][0]["extensions"]["code"], code);
    }
    assert_eq!(shop.status(&placed).await.0, "CONFIRMED");

    for id in [OrderId::generate().to_string(), "nonsense".to_owned()] {
        let payload = update(
            &shop,
            &staff(Role::Warehouse),
            json!({ "orderId": id, "status": "PROCESSING" }),
        )
        .await;
        assert_eq!(payload["userErrors"][0]["code"], "ORDER_NOT_FOUND");
    }
    for (field, value) in [
        ("carrier", "x".repeat(101)),
        ("trackingNumber", "a\nb".to_owned()),
    ] {
        let mut input =
            json!({ "orderId": placed.id, "status": "SHIPPED", "trackingNumber": "T-1" });
        input[field] = json!(value);
        let payload = update(&shop, &staff(Role::Warehouse), input).await;
        assert_eq!(payload["userErrors"][0]["code"], "INPUT_INVALID");
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]));
    }
    let early = json!({ "orderId": placed.id, "status": "PROCESSING", "carrier": "JNE" });
    assert_eq!(
        update(&shop, &staff(Role::Warehouse), early).await["userErrors"][0]["code"],
        "INPUT_INVALID"
    );
}
