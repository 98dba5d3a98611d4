//! Buying: as a guest and signed in, with a payment that works, is declined, or is repeated.

use frontend_contract_tests::{Buyer, Front, accepted, variant_ids};
use serde_json::{Value, json};

use crate::shop::{TestShop, code};

const CHAIN: [&str; 6] = [
    "OrderCreated",
    "PaymentInitiated",
    "PaymentSucceeded",
    "InventoryReserved",
    "OrderConfirmed",
    "EmailNotificationSent",
];

fn chain_of(order: &Value) -> Vec<&str> {
    let timeline = order["timeline"].as_array().expect("a timeline");
    timeline
        .iter()
        .filter_map(|entry| entry["type"].as_str())
        .filter(|kind| CHAIN.contains(kind))
        .collect()
}

fn mailed(order: &Value) -> bool {
    chain_of(order).contains(&"EmailNotificationSent")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_buys_and_gets_a_mail() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let before = shop.stock(&variant).await;

    let buyer = Buyer::with_cart(&shop.guest, &variant, 2)
        .await
        .expect("a cart");
    let order = buyer.checkout("guest-order").await.expect("an order");
    let pending = order.detail().await.expect("visible");
    assert_eq!(
        (&pending["status"], &pending["number"]),
        (&json!("PENDING"), &Value::Null)
    );
    assert_eq!(
        pending["total"]["minorAmount"],
        json!(buyer.total),
        "order and cart agree"
    );
    assert_eq!(
        shop.stock(&variant).await,
        (before.0, before.1 + 2),
        "stock is held"
    );

    let mut watch = order.watch().await.expect("a subscription");
    let first = watch.next().await.expect("the present state");
    assert_eq!(first["data"]["orderStatusChanged"]["status"], "PENDING");
    order.pay("guest-payment", "paid").await.expect("paid");
    let confirmed = loop {
        let change = watch.next().await.expect("a change");
        assert!(change.get("errors").is_none(), "{change:#}");
        if change["data"]["orderStatusChanged"]["status"] == "CONFIRMED" {
            break change["data"]["orderStatusChanged"].clone();
        }
    };
    assert_eq!(confirmed["paymentStatus"], "PAID");
    assert!(
        confirmed["number"].is_string() && confirmed["placedAt"].is_string(),
        "{confirmed:#}"
    );

    let order = order.wait_until("the mail", mailed).await.expect("mailed");
    assert_eq!(chain_of(&order), CHAIN);
    assert_eq!(order["payments"][0]["status"], "PAID");
    assert_eq!(
        order["lines"][0]["variant"]["product"]["slug"],
        "demo-product-0001"
    );
    assert_eq!(
        shop.stock(&variant).await,
        (before.0 - 2, before.1),
        "stock is deducted"
    );
    let mails = shop.mails();
    assert_eq!(mails.len(), 1);
    let number = order["number"].as_str().expect("a number");
    assert!(
        mails[0].contains(number) && mails[0].contains("guest@bazaar.test"),
        "{}",
        mails[0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_in_customer_buys_and_finds_the_order_in_the_account() {
    let shop = TestShop::start().await;
    let customer = shop.customer().await;
    let variant = variant_ids(&customer, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let buyer = Buyer::with_cart(&customer, &variant, 1)
        .await
        .expect("a cart");
    assert_eq!(buyer.cart_token, None, "a customer's cart needs no token");
    let order = buyer.checkout("customer-order").await.expect("an order");
    order.pay("customer-payment", "paid").await.expect("paid");
    let order = order
        .wait_until("the mail", mailed)
        .await
        .expect("confirmed");

    let me = customer
        .run(Front::Spa, "MyAccount", json!({}))
        .await
        .expect("an answer");
    let newest = &me["me"]["orders"]["nodes"][0];
    assert_eq!(
        (&newest["id"], &newest["status"]),
        (&order["id"], &json!("CONFIRMED"))
    );
    assert_eq!(
        me["me"]["cart"],
        Value::Null,
        "the cart was turned into the order"
    );

    let anonymous = json!({ "id": order["id"] });
    let stranger = shop
        .guest
        .run(Front::Spa, "OrderDetail", anonymous)
        .await
        .expect("an answer");
    assert_eq!(stranger["order"], Value::Null, "nobody else sees it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_payment_leaves_the_order_payable() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let buyer = Buyer::with_cart(&shop.guest, &variant, 1)
        .await
        .expect("a cart");
    let order = buyer.checkout("declined-order").await.expect("an order");
    order
        .pay("first-attempt", "declined")
        .await
        .expect("declined");
    let declined = order
        .wait_until("the decline", |order| order["paymentStatus"] == "FAILED")
        .await
        .expect("failed");
    assert_eq!(declined["status"], "PENDING");
    assert!(shop.mails().is_empty());

    order.pay("second-attempt", "paid").await.expect("paid");
    let confirmed = order
        .wait_until("the mail", mailed)
        .await
        .expect("confirmed");
    assert_eq!(
        (&confirmed["status"], &confirmed["paymentStatus"]),
        (&json!("CONFIRMED"), &json!("PAID"))
    );
    assert_eq!(confirmed["payments"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gives_the_same_order_and_the_same_payment() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let buyer = Buyer::with_cart(&shop.guest, &variant, 1)
        .await
        .expect("a cart");

    let repeats = futures_util::future::join_all((0..10).map(|_| buyer.checkout("same-key"))).await;
    let orders: Vec<_> = repeats
        .into_iter()
        .map(|order| order.expect("an order").order_id)
        .collect();
    assert!(orders.iter().all(|id| *id == orders[0]), "{orders:?}");

    let changed = Buyer {
        total: "1".to_owned(),
        ..buyer.clone()
    };
    assert_eq!(
        code(&changed.order_create("same-key").await.expect("an answer")),
        "IDEMPOTENCY_KEY_REUSED"
    );
    assert_eq!(
        code(&changed.order_create("other-key").await.expect("an answer")),
        "CART_CHANGED"
    );

    let order = buyer.checkout("same-key").await.expect("an order");
    let resumed = buyer
        .checkout("a-new-key")
        .await
        .expect("the pending order comes back");
    assert_eq!(resumed.order_id, order.order_id);
    let first = order
        .payment_initiate("same-payment")
        .await
        .expect("an answer");
    let second = order
        .payment_initiate("same-payment")
        .await
        .expect("an answer");
    assert_eq!(
        accepted(&first).expect("ok")["payment"]["id"],
        accepted(&second).expect("ok")["payment"]["id"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_refund_a_payment_and_ship_an_order() {
    let shop = TestShop::start().await;
    let variant = variant_ids(&shop.guest, "demo-product-0001")
        .await
        .expect("variants")[0]
        .clone();
    let buyer = Buyer::with_cart(&shop.guest, &variant, 1)
        .await
        .expect("a cart");
    let order = buyer.checkout("refunded-order").await.expect("an order");
    order.pay("payment", "paid").await.expect("paid");
    let paid = order
        .wait_until("the mail", mailed)
        .await
        .expect("confirmed");

    let staff = shop.staff().await;
    for (status, carrier, tracking) in [
        ("PROCESSING", None, None),
        ("SHIPPED", Some("JNE"), Some("JNE-1")),
        ("DELIVERED", None, None),
    ] {
        let input = json!({ "orderId": order.order_id, "status": status, "trackingNumber": tracking, "carrier": carrier });
        let data = staff
            .run(Front::Staff, "OrderStatusUpdate", json!({ "input": input }))
            .await
            .expect("an answer");
        assert_eq!(
            accepted(&data["orderStatusUpdate"]).expect("allowed")["order"]["status"],
            status
        );
    }
    let filter = json!({ "first": 5, "filter": { "number": paid["number"] } });
    let list = staff
        .run(Front::Staff, "StaffOrders", filter)
        .await
        .expect("an answer");
    assert_eq!(list["orders"]["nodes"][0]["status"], "DELIVERED");

    let refund = |amount: &str, key: &str| {
        let amount = json!({ "minorAmount": amount, "currencyCode": "IDR" });
        let payment = &paid["payments"][0]["id"];
        json!({ "input": { "paymentId": payment, "amount": amount, "reason": "gift", "idempotencyKey": key } })
    };
    let document =
        frontend_contract_tests::document(Front::Staff, "PaymentRefund").expect("a document");
    let refused = staff
        .send(&document, None, refund("1000", "by-staff"))
        .await
        .expect("an answer");
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "FORBIDDEN",
        "only finance and admins refund"
    );

    let admin = shop.admin().await;
    let data = admin
        .run(Front::Staff, "PaymentRefund", refund("1000", "r1"))
        .await
        .expect("an answer");
    accepted(&data["paymentRefund"]).expect("refunded");
    order
        .wait_until("a partial refund", |order| {
            order["paymentStatus"] == "PARTIALLY_REFUNDED"
        })
        .await
        .expect("partial");
    let too_much = admin
        .run(Front::Staff, "PaymentRefund", refund(&buyer.total, "r2"))
        .await
        .expect("an answer");
    assert_eq!(code(&too_much["paymentRefund"]), "REFUND_EXCEEDS_CAPTURED");
}
