//! `orderCreate`: one order per key, whatever happens meanwhile.

use events::Event;
use events::cart::CheckoutStarted;
use events::id::{CartId, PaymentId, UserId};
use futures_util::future::join_all;
use order::entity::order::Entity as Orders;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Shop, cart_of, create_input, guest_cart, shortage};

fn codes(payload: &Value) -> Vec<&str> {
    payload["userErrors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| error["code"].as_str().expect("a code"))
        .collect()
}

async fn order_count(shop: &Shop) -> u64 {
    Orders::find()
        .count(&shop.order.deps.db)
        .await
        .expect("countable")
}

#[tokio::test]
async fn a_cart_becomes_a_pending_order() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let neighbors = async {
        let request = shop.request_after(0).await;
        assert_eq!(request.cart_id, cart.cart_id);
        assert_eq!(request.user_id, None);
        assert_eq!(
            request.cart_token_hash,
            Some(auth::hash_token("the cart token"))
        );
        assert_eq!(request.accepted_total, Some(crate::shop::total()));
        shop.checkout_started(request.order_id, &cart).await;
        shop.held(request.order_id).await;
        request.order_id
    };
    let mut input = create_input(&cart, "key-1");
    input["acceptedTotal"] = json!({ "minorAmount": "288600", "currencyCode": "IDR" });
    let (payload, order_id) = tokio::join!(shop.order_create(&Caller::Guest, input), neighbors);

    assert_eq!(payload["order"]["id"], order_id.to_string());
    let token = payload["orderToken"].as_str().expect("a token").to_owned();
    insta::assert_json_snapshot!(payload, {
        ".order.id" => "[id]", ".order.expiresAt" => "[time]", ".orderToken" => "[token]",
    });

    // What the others are told has the token's hash, never the token.
    let events = shop.order.events().await;
    let [Event::CheckoutRequested(_), Event::OrderCreated(created)] = events.as_slice() else {
        panic!("unexpected events: {events:?}");
    };
    assert_eq!(created.order_id, order_id);
    assert_eq!(created.order_token_hash, auth::hash_token(&token));
    assert_eq!(
        (created.totals.subtotal, created.totals.total),
        (250_000, 288_600)
    );
    assert_eq!(created.lines.len(), 1);
    let envelopes = serde_json::to_string(&shop.order.envelopes().await).expect("JSON");
    assert!(!envelopes.contains(&token));
}

#[tokio::test]
async fn the_same_key_twenty_times_at_once_makes_one_order() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let neighbors = async {
        let request = shop.request_after(0).await;
        shop.checkout_started(request.order_id, &cart).await;
        shop.held(request.order_id).await;
    };
    let buyers =
        join_all((0..20).map(|_| shop.order_create(&Caller::Guest, create_input(&cart, "key-1"))));
    let (payloads, ()) = tokio::join!(buyers, neighbors);

    let first = &payloads[0];
    assert!(first["order"]["id"].is_string(), "{first:#}");
    for payload in &payloads {
        assert_eq!(payload["order"]["id"], first["order"]["id"]);
        assert_eq!(payload["orderToken"], first["orderToken"]);
    }
    assert_eq!(shop.requests().await.len(), 1);
    assert_eq!(order_count(&shop).await, 1);

    // And much later once more.
    let again = shop
        .order_create(&Caller::Guest, create_input(&cart, "key-1"))
        .await;
    assert_eq!(again["order"]["id"], first["order"]["id"]);
    assert_eq!(shop.requests().await.len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_input_is_refused() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let caller = Caller::Customer(user);
    shop.buy(&caller, &cart_of(user), "key-1").await;
    let known = shop.order.events().await.len();

    let payload = shop
        .order_create(&caller, create_input(&cart_of(user), "key-1"))
        .await;
    assert_eq!(codes(&payload), ["IDEMPOTENCY_KEY_REUSED"]);
    assert_eq!(
        payload["userErrors"][0]["field"],
        json!(["input", "idempotencyKey"])
    );
    assert_eq!(
        (&payload["order"], &payload["orderToken"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(shop.published_after(known).await, Vec::<String>::new());
}

#[tokio::test]
async fn somebody_elses_key_is_another_key() {
    let shop = Shop::impatient().await;
    let cart = guest_cart();
    shop.order_create(&Caller::Guest, create_input(&cart, "key-1"))
        .await;
    // Knowing a cart's id and key is not enough to get at its order: the token makes the scope.
    let thief =
        json!({ "cartId": cart.cart_id, "cartToken": "a guess", "idempotencyKey": "key-1" });
    let payload = shop.order_create(&Caller::Guest, thief).await;
    assert_eq!(codes(&payload), ["TRY_AGAIN"]);
    let requests = shop.requests().await;
    assert_eq!(requests.len(), 2);
    assert_ne!(requests[0].order_id, requests[1].order_id);
    assert_ne!(requests[0].cart_token_hash, requests[1].cart_token_hash);
}

#[tokio::test]
async fn the_carts_refusal_passes_through() {
    let shop = Shop::open().await;
    let cases = [
        (
            "CART_NOT_FOUND",
            "CART_NOT_FOUND",
            json!(["input", "cartId"]),
        ),
        ("CART_EMPTY", "CART_EMPTY", json!(["input", "cartId"])),
        (
            "CART_CHANGED",
            "CART_CHANGED",
            json!(["input", "acceptedTotal"]),
        ),
        ("CART_LOCKED", "CART_LOCKED", json!(["input", "cartId"])),
        (
            "ADDRESS_REQUIRED",
            "ADDRESS_REQUIRED",
            json!(["input", "cartId"]),
        ),
        (
            "EMAIL_REQUIRED",
            "EMAIL_REQUIRED",
            json!(["input", "cartId"]),
        ),
        (
            "SHIPPING_METHOD_REQUIRED",
            "SHIPPING_METHOD_REQUIRED",
            json!(["input", "cartId"]),
        ),
        (
            "VARIANT_NOT_PURCHASABLE",
            "VARIANT_NOT_PURCHASABLE",
            json!(["input", "cartId"]),
        ),
        ("SOMETHING_NEW", "TRY_AGAIN", Value::Null),
    ];
    for (known, (told, code, field)) in cases.into_iter().enumerate() {
        let neighbors = async {
            let request = shop.request_after(known).await;
            shop.checkout_rejected(request.order_id, told).await;
        };
        let create = shop.order_create(&Caller::Guest, create_input(&guest_cart(), "key-1"));
        let (payload, ()) = tokio::join!(create, neighbors);
        assert_eq!(codes(&payload), [code]);
        assert_eq!(payload["userErrors"][0]["field"], field);
        assert_eq!(
            payload["userErrors"][0]["message"],
            format!("the cart says {told}")
        );
    }
    assert_eq!(order_count(&shop).await, 0);
}

#[tokio::test]
async fn a_rejected_key_may_be_tried_again() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let refuse = async {
        let request = shop.request_after(0).await;
        shop.checkout_rejected(request.order_id, "ADDRESS_REQUIRED")
            .await;
    };
    let (payload, ()) = tokio::join!(
        shop.order_create(&Caller::Guest, create_input(&cart, "key-1")),
        refuse
    );
    assert_eq!(codes(&payload), ["ADDRESS_REQUIRED"]);

    let placed = shop.buy(&Caller::Guest, &cart, "key-1").await;
    let requests = shop.requests().await;
    assert_eq!(requests.len(), 2);
    assert_ne!(requests[0].order_id, requests[1].order_id);
    assert_eq!(placed.id, requests[1].order_id);

    // With another input it is still reused.
    let mut input = create_input(&cart, "key-1");
    input["acceptedTotal"] = json!({ "minorAmount": "1", "currencyCode": "IDR" });
    assert_eq!(
        codes(&shop.order_create(&Caller::Guest, input).await),
        ["IDEMPOTENCY_KEY_REUSED"]
    );
}

#[tokio::test]
async fn too_little_stock_is_told_at_once() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let neighbors = async {
        let request = shop.request_after(0).await;
        shop.checkout_started(request.order_id, &cart).await;
        shop.hold_rejected(request.order_id, vec![shortage(2, 1)])
            .await;
    };
    let (payload, ()) = tokio::join!(
        shop.order_create(&Caller::Guest, create_input(&cart, "key-1")),
        neighbors
    );
    insta::assert_json_snapshot!(payload);

    let events = shop.order.events().await;
    let Some(Event::OrderCancelled(cancelled)) = events.last() else {
        panic!("unexpected: {events:?}")
    };
    assert_eq!(
        (cancelled.reason.as_str(), cancelled.release_committed),
        ("hold_rejected", false)
    );
    assert_eq!(cancelled.cart_id, cart.cart_id);

    // The buyer takes less, and the same key works.
    let placed = shop.buy(&Caller::Guest, &cart, "key-1").await;
    assert_eq!(shop.status(&placed).await.0, "PENDING");
}

#[tokio::test]
async fn without_an_answer_the_same_key_continues() {
    let shop = Shop::impatient().await;
    let cart = guest_cart();
    let input = || create_input(&cart, "key-1");
    assert_eq!(
        codes(&shop.order_create(&Caller::Guest, input()).await),
        ["TRY_AGAIN"]
    );

    // With an order but no verdict the pending order is the answer.
    let request = shop.request_after(0).await;
    shop.checkout_started(request.order_id, &cart).await;
    let payload = shop.order_create(&Caller::Guest, input()).await;
    assert_eq!(payload["order"]["id"], request.order_id.to_string());
    assert_eq!(payload["order"]["status"], "PENDING");
    assert_eq!(shop.requests().await.len(), 1);
}

#[tokio::test]
async fn an_unfinished_checkout_is_resumed() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let first = shop.buy(&Caller::Guest, &cart, "key-1").await;
    let neighbors = async {
        let request = shop.request_after(1).await;
        shop.checkout_started(request.order_id, &cart).await;
    };
    let (payload, ()) = tokio::join!(
        shop.order_create(&Caller::Guest, create_input(&cart, "key-2")),
        neighbors
    );
    assert_eq!(payload["order"]["id"], first.id.to_string());
    assert_eq!(payload["orderToken"], first.token);
    assert_eq!(order_count(&shop).await, 1);
}

#[tokio::test]
async fn a_changed_cart_gets_another_order() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let first = shop.buy(&Caller::Guest, &cart, "key-1").await;
    let known = shop.order.events().await.len();

    let changed = events::cart::CartSnapshot {
        fingerprint: "second content".to_owned(),
        ..cart
    };
    let second = shop.buy(&Caller::Guest, &changed, "key-2").await;
    assert_ne!(first.id, second.id);
    assert_eq!(
        shop.published_after(known).await,
        [
            "order.checkout_requested.v1",
            "order.cancelled.v1",
            "order.created.v1"
        ]
    );
    assert_eq!(shop.detail(&first).await["cancelReason"], "CART_CHANGED");
    assert_eq!(shop.status(&second).await.0, "PENDING");
}

#[tokio::test]
async fn an_overdue_order_is_not_resumed() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let first = shop.buy(&Caller::Guest, &cart, "key-1").await;
    shop.order
        .deps
        .clock
        .advance(chrono::TimeDelta::minutes(21));
    let second = shop.buy(&Caller::Guest, &cart, "key-2").await;
    assert_ne!(first.id, second.id);
    assert_eq!(shop.status(&first).await.0, "EXPIRED");
}

#[tokio::test]
async fn a_paid_order_is_not_replaced() {
    let shop = Shop::open().await;
    let cart = guest_cart();
    let first = shop.buy(&Caller::Guest, &cart, "key-1").await;
    shop.succeeded(first.id, PaymentId::generate()).await;

    let changed = events::cart::CartSnapshot {
        fingerprint: "second content".to_owned(),
        ..cart
    };
    let neighbors = async {
        let request = shop.request_after(1).await;
        shop.checkout_started(request.order_id, &changed).await;
    };
    let (payload, ()) = tokio::join!(
        shop.order_create(&Caller::Guest, create_input(&changed, "key-2")),
        neighbors
    );
    assert_eq!(codes(&payload), ["CART_LOCKED"]);
    shop.reserved(first.id).await;
    assert_eq!(
        shop.status(&first).await,
        ("CONFIRMED".to_owned(), "PAID".to_owned())
    );
}

#[tokio::test]
async fn nonsense_is_refused_before_anybody_is_asked() {
    let shop = Shop::open().await;
    let cart = CartId::generate();
    let cases = [
        (
            json!({ "cartId": "cart_nonsense", "idempotencyKey": "k" }),
            "CART_NOT_FOUND",
            "cartId",
        ),
        (
            json!({ "cartId": UserId::generate(), "idempotencyKey": "k" }),
            "CART_NOT_FOUND",
            "cartId",
        ),
        (
            json!({ "cartId": cart, "idempotencyKey": "  " }),
            "INPUT_INVALID",
            "idempotencyKey",
        ),
        (
            json!({ "cartId": cart, "idempotencyKey": "k".repeat(201) }),
            "INPUT_INVALID",
            "idempotencyKey",
        ),
        (
            json!({ "cartId": cart, "idempotencyKey": "a\u{7}b" }),
            "INPUT_INVALID",
            "idempotencyKey",
        ),
        (
            json!({ "cartId": cart, "idempotencyKey": "k",
                "acceptedTotal": { "minorAmount": "1.5", "currencyCode": "IDR" } }),
            "INPUT_INVALID",
            "acceptedTotal",
        ),
    ];
    for (input, code, field) in cases {
        let payload = shop.order_create(&Caller::Guest, input).await;
        assert_eq!(codes(&payload), [code]);
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]));
    }
    assert_eq!(shop.order.envelopes().await.len(), 0);

    let bad_token = Caller::Token("nonsense".to_owned());
    let response = shop
        .order
        .execute(
            &bad_token,
            crate::shop::ORDER_CREATE,
            json!({ "input": create_input(&guest_cart(), "k") }),
        )
        .await;
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn a_snapshot_that_does_not_add_up_is_parked() {
    let shop = Shop::impatient().await;
    let cart = guest_cart();
    shop.order_create(&Caller::Guest, create_input(&cart, "key-1"))
        .await;
    let order_id = shop.request_after(0).await.order_id;
    let consumer = shop.order.service.consumer.clone().expect("a consumer");

    let mut no_lines = cart.clone();
    no_lines.lines.clear();
    let mut wrong_total = cart.clone();
    wrong_total.total += 1;
    let mut wrong_subtotal = cart.clone();
    wrong_subtotal.subtotal += 1;
    wrong_subtotal.total += 1;
    let mut no_units = cart.clone();
    no_units.lines[0].quantity = 0;
    let mut overflow = cart.clone();
    overflow.lines[0].quantity = i64::MAX;
    let mut another_cart = cart.clone();
    another_cart.cart_id = CartId::generate();
    for cart in [
        no_lines,
        wrong_total,
        wrong_subtotal,
        no_units,
        overflow,
        another_cart,
    ] {
        let envelope = shop.order.envelope(CheckoutStarted { order_id, cart }, 2);
        let error = outbox::consume(&shop.order.deps.db, consumer.as_ref(), &envelope)
            .await
            .expect_err("refused");
        assert!(
            matches!(error, outbox::HandleError::Permanent(_)),
            "{error}"
        );
    }
    assert_eq!(order_count(&shop).await, 0);
}

#[tokio::test]
async fn an_answer_nobody_asked_for_waits() {
    let shop = Shop::open().await;
    let consumer = shop.order.service.consumer.clone().expect("a consumer");
    let started = CheckoutStarted {
        order_id: events::id::OrderId::generate(),
        cart: guest_cart(),
    };
    let envelope = shop.order.envelope(started, 2);
    let error = outbox::consume(&shop.order.deps.db, consumer.as_ref(), &envelope)
        .await
        .expect_err("unknown");
    assert!(matches!(error, outbox::HandleError::Retry(_)), "{error}");
}
