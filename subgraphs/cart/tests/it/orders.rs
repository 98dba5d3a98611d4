//! What becomes of a cart when its order is paid, confirmed, cancelled or expired.

use events::id::{CartId, OrderId, PaymentId, UserId};
use events::order::{
    CheckoutRequested, OrderCancelled, OrderConfirmed, OrderCreated, OrderExpired, OrderTotals,
};
use events::payment::{PaymentExpired, PaymentFailed, PaymentSucceeded};
use money::{Currency, Money};
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{GuestCart, Shop, address, new_lines, quantities, text};
use crate::merge::initiated;

const GUEST: &Caller = &Caller::Guest;

const TOTALS: OrderTotals = OrderTotals {
    currency: Currency::IDR,
    subtotal: 0,
    discount: 0,
    shipping: 0,
    tax: 0,
    total: 0,
};

fn created(order_id: OrderId, cart_id: CartId) -> OrderCreated {
    OrderCreated {
        order_id,
        cart_id,
        user_id: None,
        order_token_hash: String::new(),
        email: "guest@example.com".to_owned(),
        lines: Vec::new(),
        totals: TOTALS,
        expires_at: chrono::Utc::now(),
    }
}

fn confirmed(order_id: OrderId, cart_id: CartId) -> OrderConfirmed {
    OrderConfirmed {
        order_id,
        cart_id,
        number: "1".to_owned(),
        placed_at: chrono::Utc::now(),
        user_id: None,
        email: "guest@example.com".to_owned(),
        lines: Vec::new(),
        totals: TOTALS,
    }
}

fn cancelled(order_id: OrderId, cart_id: CartId) -> OrderCancelled {
    OrderCancelled {
        order_id,
        cart_id,
        reason: "buyer".to_owned(),
        release_committed: false,
    }
}

fn failed(payment_id: PaymentId, order_id: OrderId) -> PaymentFailed {
    PaymentFailed {
        payment_id,
        order_id,
        reason: "declined".to_owned(),
        retryable: true,
    }
}

fn succeeded(payment_id: PaymentId, order_id: OrderId) -> PaymentSucceeded {
    PaymentSucceeded {
        payment_id,
        order_id,
        provider: "DEMO".to_owned(),
        amount: Money::new(1, Currency::IDR),
        gateway_ref: "ref".to_owned(),
        paid_at: chrono::Utc::now(),
    }
}

/// A cart that is checked out as an order that came to be.
async fn checked_out(shop: &Shop) -> (GuestCart, OrderId) {
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.ready_cart(&[(shirt, 1)]).await;
    let order_id = check_out(shop, &cart).await;
    shop.subgraph
        .deliver(created(order_id, cart.cart_id()), 1)
        .await;
    assert_eq!(status(shop, &cart).await, "CHECKOUT");
    (cart, order_id)
}

async fn check_out(shop: &Shop, cart: &GuestCart) -> OrderId {
    let request = cart.request();
    let order_id = request.order_id;
    assert!(matches!(
        shop.checkout(request).await,
        events::Event::CheckoutStarted(_)
    ));
    order_id
}

async fn status(shop: &Shop, cart: &GuestCart) -> Value {
    shop.look(cart).await["status"].take()
}

/// Every way to change a cart.
fn edits(cart: &GuestCart, view: &Value) -> Vec<(&'static str, Value)> {
    let line_id = &view["lines"][0]["id"];
    vec![
        ("cartLinesAdd", cart.input(json!({ "lines": [{ "variantId": view["lines"][0]["variant"]["id"], "quantity": 1 }] }))),
        ("cartLinesUpdate", cart.input(json!({ "lines": [{ "lineId": line_id, "quantity": 2 }] }))),
        ("cartLinesRemove", cart.input(json!({ "lineIds": [line_id] }))),
        ("cartClear", cart.input(json!({}))),
        ("cartAddressSet", cart.input(json!({ "address": address() }))),
        ("cartShippingMethodSet", cart.input(json!({ "code": "PICKUP" }))),
    ]
}

#[tokio::test]
async fn while_a_payment_is_open_every_edit_is_refused() {
    let shop = Shop::open().await;
    let (cart, order_id) = checked_out(&shop).await;
    shop.subgraph.deliver(initiated(order_id), 1).await;
    let view = shop.look(&cart).await;
    for (field, input) in edits(&cart, &view) {
        let error = shop.refused(GUEST, field, input).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("CART_LOCKED"), &json!(["input", "cartId"])),
            "{field}"
        );
    }
}

#[tokio::test]
async fn a_payment_that_failed_or_expired_unlocks() {
    let shop = Shop::open().await;
    let (cart, order_id) = checked_out(&shop).await;
    let (one, other) = (initiated(order_id), initiated(order_id));
    shop.subgraph.deliver(one.clone(), 1).await;
    shop.subgraph.deliver(other.clone(), 1).await;
    let clear = || cart.input(json!({ "lines": [] }));
    shop.subgraph
        .deliver(failed(one.payment_id, order_id), 2)
        .await;
    assert_eq!(
        shop.refused(GUEST, "cartLinesAdd", clear()).await["code"],
        "CART_LOCKED",
        "the other one is open"
    );
    shop.subgraph
        .deliver(
            PaymentExpired {
                payment_id: other.payment_id,
                order_id,
            },
            2,
        )
        .await;
    assert_eq!(status(&shop, &cart).await, "CHECKOUT");
    assert_eq!(
        shop.changed(GUEST, "cartLinesAdd", clear()).await["status"],
        "ACTIVE"
    );
}

#[tokio::test]
async fn the_end_of_a_payment_may_be_heard_of_before_its_beginning() {
    let shop = Shop::open().await;
    let (cart, order_id) = checked_out(&shop).await;
    let payment = initiated(order_id);
    shop.subgraph
        .deliver(failed(payment.payment_id, order_id), 2)
        .await;
    shop.subgraph.deliver(payment, 1).await;
    shop.changed(GUEST, "cartClear", cart.input(json!({})))
        .await;
}

#[tokio::test]
async fn a_paid_cart_stays_locked_until_it_is_converted() {
    let shop = Shop::open().await;
    let (cart, order_id) = checked_out(&shop).await;
    let payment = initiated(order_id);
    let payment_id = payment.payment_id;
    shop.subgraph.deliver(payment, 1).await;
    shop.subgraph
        .deliver(succeeded(payment_id, order_id), 2)
        .await;
    // A late word of failure does not undo a success.
    shop.subgraph.deliver(failed(payment_id, order_id), 3).await;
    assert_eq!(
        shop.refused(GUEST, "cartClear", cart.input(json!({})))
            .await["code"],
        "CART_LOCKED"
    );

    shop.subgraph
        .deliver(confirmed(order_id, cart.cart_id()), 2)
        .await;
    assert_eq!(status(&shop, &cart).await, "CONVERTED");
    assert_eq!(
        shop.refused(GUEST, "cartClear", cart.input(json!({})))
            .await["code"],
        "CART_LOCKED"
    );
    match shop.checkout(cart.request()).await {
        events::Event::CheckoutRejected(event) => assert_eq!(event.code, "CART_LOCKED"),
        other => panic!("not rejected: {other:?}"),
    }
}

#[tokio::test]
async fn a_user_starts_anew_after_an_order() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let caller = Caller::Customer(user_id);
    let cart = shop
        .changed(
            &caller,
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 1)]) }),
        )
        .await;
    shop.changed(
        &caller,
        "cartAddressSet",
        json!({ "cartId": cart["id"], "address": address() }),
    )
    .await;
    shop.changed(
        &caller,
        "cartShippingMethodSet",
        json!({ "cartId": cart["id"], "code": "REGULAR" }),
    )
    .await;
    let cart_id: CartId = text(&cart["id"]).parse().expect("an identifier");
    let order_id = OrderId::generate();
    let request = CheckoutRequested {
        order_id,
        cart_id,
        user_id: Some(user_id),
        cart_token_hash: None,
        accepted_total: None,
    };
    assert!(matches!(
        shop.checkout(request).await,
        events::Event::CheckoutStarted(_)
    ));
    assert_eq!(shop.my_cart(user_id).await["status"], "CHECKOUT");
    // Asking for the cart does not disturb the checkout.
    assert_eq!(
        shop.changed(&caller, "cartCreate", json!({})).await["status"],
        "CHECKOUT"
    );

    shop.subgraph.deliver(confirmed(order_id, cart_id), 2).await;
    assert_eq!(shop.my_cart(user_id).await, json!(null));
    let new = shop.changed(&caller, "cartCreate", json!({})).await;
    assert_ne!(new["id"], cart["id"]);
    assert_eq!(
        shop.view(&caller, &cart["id"], &json!(null)).await["status"],
        "CONVERTED"
    );
}

#[tokio::test]
async fn a_cancelled_or_expired_order_gives_the_cart_back() {
    let shop = Shop::open().await;
    let (cart, order_id) = checked_out(&shop).await;
    shop.subgraph.deliver(initiated(order_id), 1).await;
    shop.subgraph
        .deliver(cancelled(order_id, cart.cart_id()), 2)
        .await;
    assert_eq!(status(&shop, &cart).await, "ACTIVE");

    let second = check_out(&shop, &cart).await;
    shop.subgraph
        .deliver(created(second, cart.cart_id()), 1)
        .await;
    shop.subgraph
        .deliver(
            OrderExpired {
                order_id: second,
                cart_id: cart.cart_id(),
            },
            2,
        )
        .await;
    let view = shop.look(&cart).await;
    assert_eq!(
        (&view["status"], quantities(&view).len()),
        (&json!("ACTIVE"), 1)
    );
    shop.changed(GUEST, "cartClear", cart.input(json!({})))
        .await;
}

#[tokio::test]
async fn the_end_of_an_earlier_order_does_not_unlock_a_later_one() {
    let shop = Shop::open().await;
    let (cart, first) = checked_out(&shop).await;
    shop.changed(
        GUEST,
        "cartShippingMethodSet",
        cart.input(json!({ "code": "PICKUP" })),
    )
    .await;
    let second = check_out(&shop, &cart).await;
    // The events of the first order come late and in any order.
    shop.subgraph
        .deliver(cancelled(first, cart.cart_id()), 2)
        .await;
    assert_eq!(status(&shop, &cart).await, "CHECKOUT");
    shop.subgraph
        .deliver(created(second, cart.cart_id()), 1)
        .await;
    shop.subgraph
        .deliver(created(first, cart.cart_id()), 1)
        .await;
    shop.subgraph.deliver(initiated(second), 1).await;
    assert_eq!(
        shop.refused(GUEST, "cartClear", cart.input(json!({})))
            .await["code"],
        "CART_LOCKED"
    );
    shop.subgraph
        .deliver(confirmed(second, cart.cart_id()), 2)
        .await;
    assert_eq!(status(&shop, &cart).await, "CONVERTED");
}

#[tokio::test]
async fn a_resumed_checkout_is_locked_to_the_first_order() {
    let shop = Shop::open().await;
    let (cart, first) = checked_out(&shop).await;
    // The order resolves this to the first one; the second never comes to be.
    check_out(&shop, &cart).await;
    let payment = initiated(first);
    shop.subgraph.deliver(payment.clone(), 1).await;
    assert_eq!(
        shop.refused(GUEST, "cartClear", cart.input(json!({})))
            .await["code"],
        "CART_LOCKED"
    );
    shop.subgraph
        .deliver(failed(payment.payment_id, first), 2)
        .await;
    shop.subgraph
        .deliver(
            OrderExpired {
                order_id: first,
                cart_id: cart.cart_id(),
            },
            3,
        )
        .await;
    assert_eq!(status(&shop, &cart).await, "ACTIVE");
}

#[tokio::test]
async fn a_new_order_for_the_same_content_takes_over_from_one_that_ended_unheard() {
    let shop = Shop::open().await;
    let (cart, first) = checked_out(&shop).await;
    // The first order was cancelled, but the cart has not heard of it when it answers.
    let second = check_out(&shop, &cart).await;
    shop.subgraph
        .deliver(cancelled(first, cart.cart_id()), 2)
        .await;
    shop.subgraph
        .deliver(created(second, cart.cart_id()), 1)
        .await;
    assert_eq!(status(&shop, &cart).await, "CHECKOUT");
    shop.subgraph
        .deliver(
            OrderExpired {
                order_id: second,
                cart_id: cart.cart_id(),
            },
            2,
        )
        .await;
    assert_eq!(status(&shop, &cart).await, "ACTIVE");
}

#[tokio::test]
async fn a_late_payment_converts_the_cart_unless_it_was_changed() {
    let shop = Shop::open().await;
    let (cart, order_id) = checked_out(&shop).await;
    shop.subgraph
        .deliver(
            OrderExpired {
                order_id,
                cart_id: cart.cart_id(),
            },
            2,
        )
        .await;
    assert_eq!(status(&shop, &cart).await, "ACTIVE");
    shop.subgraph
        .deliver(confirmed(order_id, cart.cart_id()), 3)
        .await;
    assert_eq!(status(&shop, &cart).await, "CONVERTED");

    let (cart, order_id) = checked_out(&shop).await;
    shop.changed(
        GUEST,
        "cartShippingMethodSet",
        cart.input(json!({ "code": "PICKUP" })),
    )
    .await;
    shop.subgraph
        .deliver(confirmed(order_id, cart.cart_id()), 3)
        .await;
    assert_eq!(status(&shop, &cart).await, "ACTIVE");
}

#[tokio::test]
async fn events_of_unknown_orders_do_no_harm() {
    let shop = Shop::open().await;
    let (cart, _) = checked_out(&shop).await;
    let stranger = OrderId::generate();
    shop.subgraph
        .deliver(created(stranger, cart.cart_id()), 1)
        .await;
    shop.subgraph
        .deliver(cancelled(stranger, cart.cart_id()), 2)
        .await;
    shop.subgraph
        .deliver(confirmed(stranger, cart.cart_id()), 3)
        .await;
    shop.subgraph.deliver(initiated(stranger), 1).await;
    let view = shop.look(&cart).await;
    assert_eq!(view["status"], "CHECKOUT");
    for (field, input) in edits(&cart, &view).into_iter().take(1) {
        shop.changed(GUEST, field, input).await;
    }
}
