//! Answers to the order's checkout requests.

use events::Event;
use events::cart::{CartSnapshot, CheckoutRejected};
use events::catalog::ProductUpdated;
use events::id::{CartId, OrderId, UserId};
use events::order::CheckoutRequested;
use money::{Currency, Money};
use serde_json::json;
use test_support::Caller;

use crate::fixture::{GuestCart, Shop, address, cost, new_lines, product, text};
use crate::merge::initiated;

const GUEST: &Caller = &Caller::Guest;

/// Asks for a checkout that must be accepted.
async fn started(shop: &Shop, request: CheckoutRequested) -> CartSnapshot {
    let order_id = request.order_id;
    match shop.checkout(request).await {
        Event::CheckoutStarted(event) => {
            assert_eq!(event.order_id, order_id);
            event.cart
        }
        other => panic!("not started: {other:?}"),
    }
}

/// Asks for a checkout that must be refused, and returns the code.
async fn rejected(shop: &Shop, request: CheckoutRequested) -> String {
    let order_id = request.order_id;
    match shop.checkout(request).await {
        Event::CheckoutRejected(CheckoutRejected {
            order_id: of,
            code,
            message,
        }) => {
            assert_eq!(of, order_id);
            assert!(!message.is_empty());
            code
        }
        other => panic!("not rejected: {other:?}"),
    }
}

#[tokio::test]
async fn a_complete_cart_is_locked_and_copied_whole() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 33_333).await,
    );
    let mut plain = product("Hat", 2, 33_333);
    plain.variants[0].name = "Hat".to_owned();
    shop.subgraph.deliver(ProductUpdated(plain), 2).await;
    let cart = shop.ready_cart(&[(shirt, 2), (hat, 3)]).await;
    let before = shop.look(&cart).await;
    let total = Money::new(cost(&before)[4], Currency::IDR);

    let snapshot = started(
        &shop,
        CheckoutRequested {
            accepted_total: Some(total),
            ..cart.request()
        },
    )
    .await;
    assert_eq!(
        cost(&before),
        [
            snapshot.subtotal,
            snapshot.discount,
            snapshot.shipping,
            snapshot.tax,
            snapshot.total
        ]
    );
    assert_eq!(
        snapshot.total,
        snapshot.subtotal - snapshot.discount + snapshot.shipping + snapshot.tax
    );
    assert_eq!(
        (snapshot.cart_id, snapshot.user_id, snapshot.email.as_str()),
        (cart.cart_id(), None, "guest@example.com")
    );
    assert_eq!(
        (
            snapshot.shipping_method.as_str(),
            snapshot.shipping_address.country_code.as_str()
        ),
        ("REGULAR", "ID")
    );
    assert_eq!(snapshot.fingerprint.len(), 64);
    let lines: Vec<_> = snapshot
        .lines
        .iter()
        .map(|line| {
            (
                line.variant_id,
                line.sku.as_str(),
                line.name.as_str(),
                line.quantity,
                line.unit_price.minor,
                line.tax,
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            (shirt, "SHIRT-A", "Shirt, Blue", 2, 125_000, 27_500),
            (hat, "HAT-A", "Hat", 3, 33_333, 11_000)
        ]
    );
    assert_eq!(shop.look(&cart).await["status"], "CHECKOUT");
}

#[tokio::test]
async fn whatever_is_missing_is_told_one_after_the_other() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    assert_eq!(rejected(&shop, cart.request()).await, "CART_EMPTY");
    shop.add(&cart, &[(shirt, 2)]).await;
    assert_eq!(rejected(&shop, cart.request()).await, "EMAIL_REQUIRED");
    // The e-mail address of a guest comes with the shipping address.
    shop.changed(
        GUEST,
        "cartAddressSet",
        cart.input(json!({ "address": address() })),
    )
    .await;
    assert_eq!(rejected(&shop, cart.request()).await, "EMAIL_REQUIRED");
    shop.changed(
        GUEST,
        "cartAddressSet",
        cart.input(json!({ "email": "guest@example.com", "address": address() })),
    )
    .await;
    assert_eq!(
        rejected(&shop, cart.request()).await,
        "SHIPPING_METHOD_REQUIRED"
    );
    shop.changed(
        GUEST,
        "cartShippingMethodSet",
        cart.input(json!({ "code": "PICKUP" })),
    )
    .await;

    let total = |minor, currency| Some(Money::new(minor, currency));
    for accepted_total in [
        total(277_499, Currency::IDR),
        total(277_500, Currency::USD),
        total(0, Currency::IDR),
    ] {
        assert_eq!(
            rejected(
                &shop,
                CheckoutRequested {
                    accepted_total,
                    ..cart.request()
                }
            )
            .await,
            "CART_CHANGED"
        );
    }
    assert_eq!(
        shop.look(&cart).await["status"],
        "ACTIVE",
        "nothing was locked"
    );

    let mut hidden = product("Shirt", 2, 125_000);
    hidden.variants[0].is_published = false;
    shop.subgraph.deliver(ProductUpdated(hidden), 2).await;
    assert_eq!(
        rejected(&shop, cart.request()).await,
        "VARIANT_NOT_PURCHASABLE"
    );
    let mut imported = product("Shirt", 3, 125_000);
    imported.variants[0].price = Money::new(999, Currency::USD);
    shop.subgraph.deliver(ProductUpdated(imported), 3).await;
    assert_eq!(
        rejected(&shop, cart.request()).await,
        "VARIANT_NOT_PURCHASABLE"
    );

    shop.reprice("Shirt", 125_000, 4).await;
    started(
        &shop,
        CheckoutRequested {
            accepted_total: total(277_500, Currency::IDR),
            ..cart.request()
        },
    )
    .await;
}

#[tokio::test]
async fn a_user_without_an_address_is_told_so() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let cart = shop
        .changed(
            &Caller::Customer(user_id),
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 1)]) }),
        )
        .await;
    let request = CheckoutRequested {
        order_id: OrderId::generate(),
        cart_id: text(&cart["id"]).parse().expect("an identifier"),
        user_id: Some(user_id),
        cart_token_hash: None,
        accepted_total: None,
    };
    assert_eq!(rejected(&shop, request).await, "ADDRESS_REQUIRED");
}

#[tokio::test]
async fn somebody_elses_cart_is_not_found() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.ready_cart(&[(shirt, 1)]).await;
    let stranger = Some(UserId::generate());
    let attempts = [
        CheckoutRequested {
            cart_token_hash: None,
            ..cart.request()
        },
        CheckoutRequested {
            cart_token_hash: Some(String::new()),
            ..cart.request()
        },
        CheckoutRequested {
            cart_token_hash: Some(auth::hash_token("wrong")),
            ..cart.request()
        },
        CheckoutRequested {
            cart_token_hash: None,
            user_id: stranger,
            ..cart.request()
        },
        CheckoutRequested {
            cart_id: CartId::generate(),
            ..cart.request()
        },
    ];
    for attempt in attempts {
        assert_eq!(rejected(&shop, attempt).await, "CART_NOT_FOUND");
    }
    assert_eq!(shop.look(&cart).await["status"], "ACTIVE");
}

#[tokio::test]
async fn a_buyer_who_signed_in_meanwhile_is_the_owner_of_the_order() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.ready_cart(&[(shirt, 1)]).await;
    let buyer = Some(UserId::generate());
    assert_eq!(
        started(
            &shop,
            CheckoutRequested {
                user_id: buyer,
                ..cart.request()
            }
        )
        .await
        .user_id,
        buyer
    );
}

#[tokio::test]
async fn a_resumed_checkout_answers_with_the_same_fingerprint() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.ready_cart(&[(shirt, 1), (hat, 1)]).await;
    let first = started(&shop, cart.request()).await;
    let second = started(&shop, cart.request()).await;
    assert_eq!(first, second);

    // The same content in another order is the same content.
    let view = shop.look(&cart).await;
    shop.changed(
        GUEST,
        "cartLinesRemove",
        cart.input(json!({ "lineIds": [view["lines"][0]["id"]] })),
    )
    .await;
    assert_eq!(
        shop.look(&cart).await["status"],
        "ACTIVE",
        "an edit ends the checkout"
    );
    shop.add(&cart, &[(shirt, 1)]).await;
    assert_eq!(
        started(&shop, cart.request()).await.fingerprint,
        first.fingerprint
    );
}

#[tokio::test]
async fn every_part_of_the_content_shows_in_the_fingerprint() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.ready_cart(&[(shirt, 1)]).await;
    let mut seen = vec![started(&shop, cart.request()).await.fingerprint];

    shop.add(&cart, &[(shirt, 1)]).await;
    seen.push(started(&shop, cart.request()).await.fingerprint);
    shop.reprice("Shirt", 126_000, 2).await;
    seen.push(started(&shop, cart.request()).await.fingerprint);
    shop.changed(
        GUEST,
        "cartShippingMethodSet",
        cart.input(json!({ "code": "EXPRESS" })),
    )
    .await;
    seen.push(started(&shop, cart.request()).await.fingerprint);
    shop.changed(
        GUEST,
        "cartAddressSet",
        cart.input(json!({ "email": "other@example.com", "address": address() })),
    )
    .await;
    seen.push(started(&shop, cart.request()).await.fingerprint);
    let mut moved = address();
    moved["city"] = json!("Bandung");
    shop.changed(
        GUEST,
        "cartAddressSet",
        cart.input(json!({ "address": moved })),
    )
    .await;
    seen.push(started(&shop, cart.request()).await.fingerprint);

    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all);
}

#[tokio::test]
async fn while_a_payment_is_open_only_the_same_content_checks_out() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.ready_cart(&[(shirt, 1)]).await;
    let request = cart.request();
    let order_id = request.order_id;
    let first = started(&shop, request).await;
    shop.subgraph.deliver(initiated(order_id), 1).await;

    assert_eq!(started(&shop, cart.request()).await, first, "resumed");
    shop.reprice("Shirt", 130_000, 2).await;
    assert_eq!(rejected(&shop, cart.request()).await, "CART_LOCKED");
    assert_eq!(shop.look(&cart).await["status"], "CHECKOUT");
}

#[tokio::test]
async fn a_request_that_is_delivered_twice_is_answered_once() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart: GuestCart = shop.ready_cart(&[(shirt, 1)]).await;
    let envelope = shop.subgraph.envelope(cart.request(), 1);
    shop.subgraph.deliver_envelope(&envelope).await;
    let answers = shop.subgraph.events().await.len();
    shop.subgraph.deliver_envelope(&envelope).await;
    assert_eq!(shop.subgraph.events().await.len(), answers);
    let answer = shop.subgraph.envelopes().await.pop().expect("an answer");
    assert_eq!(answer.causationid, Some(envelope.id.to_string()));
}

/// Shipping follows the weight, which the catalog may change without touching the cart. A buyer who
/// agreed to the new total must not be led back to an order over the old one.
#[tokio::test]
async fn another_total_is_another_content() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.ready_cart(&[(shirt, 2)]).await;
    let first = started(&shop, cart.request()).await;

    let mut heavier = product("Shirt", 2, 125_000);
    heavier.variants[0].weight_grams = 9_000;
    shop.subgraph.deliver(ProductUpdated(heavier), 2).await;
    let total = Money::new(cost(&shop.look(&cart).await)[4], Currency::IDR);
    let second = started(
        &shop,
        CheckoutRequested {
            accepted_total: Some(total),
            ..cart.request()
        },
    )
    .await;

    assert_eq!(second.total, total.minor);
    assert_ne!(second.total, first.total);
    assert_ne!(second.fingerprint, first.fingerprint);
}
