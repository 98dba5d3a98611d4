//! Requests that are repeated.

use chrono::TimeDelta;
use events::id::UserId;
use serde_json::json;
use test_support::Caller;

use crate::fixture::{Shop, new_lines};

const GUEST: &Caller = &Caller::Guest;

#[tokio::test]
async fn the_same_key_adds_once_and_answers_the_same() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    let input = cart.input(json!({ "lines": new_lines(&[(shirt, 2)]), "idempotencyKey": "key" }));
    let first = shop.changed(GUEST, "cartLinesAdd", input.clone()).await;
    let again = shop.changed(GUEST, "cartLinesAdd", input).await;
    assert_eq!((&first["totalQuantity"], &again), (&json!(2), &first));

    let other = cart.input(json!({ "lines": new_lines(&[(shirt, 3)]), "idempotencyKey": "key" }));
    let error = shop.refused(GUEST, "cartLinesAdd", other).await;
    assert_eq!(
        (&error["code"], &error["field"]),
        (
            &json!("IDEMPOTENCY_KEY_REUSED"),
            &json!(["input", "idempotencyKey"])
        )
    );
}

#[tokio::test]
async fn a_refused_request_does_not_use_up_its_key() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    let view = shop.add(&cart, &[(shirt, 10)]).await;
    let input = cart.input(json!({ "lines": new_lines(&[(shirt, 2)]), "idempotencyKey": "key" }));
    shop.refused(GUEST, "cartLinesAdd", input.clone()).await;
    let remove = cart.input(json!({ "lineIds": [view["lines"][0]["id"]] }));
    shop.changed(GUEST, "cartLinesRemove", remove).await;
    assert_eq!(
        shop.changed(GUEST, "cartLinesAdd", input).await["totalQuantity"],
        2
    );
}

#[tokio::test]
async fn keys_are_checked_and_belong_to_one_cart() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let (one, other) = (shop.guest_cart().await, shop.guest_cart().await);
    for cart in [&one, &other] {
        let input =
            cart.input(json!({ "lines": new_lines(&[(shirt, 1)]), "idempotencyKey": "key" }));
        assert_eq!(
            shop.changed(GUEST, "cartLinesAdd", input).await["totalQuantity"],
            1
        );
    }
    for key in ["", "  ", "a\nb", "x".repeat(201).as_str()] {
        let input = one.input(json!({ "lines": new_lines(&[(shirt, 1)]), "idempotencyKey": key }));
        assert_eq!(
            shop.refused(GUEST, "cartLinesAdd", input).await["code"],
            "IDEMPOTENCY_KEY_INVALID",
            "{key:?}"
        );
    }
}

#[tokio::test]
async fn a_signed_in_user_may_repeat_a_creation() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let caller = Caller::Customer(UserId::generate());
    let input = json!({ "lines": new_lines(&[(shirt, 2)]), "idempotencyKey": "key" });
    let first = shop.changed(&caller, "cartCreate", input.clone()).await;
    assert_eq!(shop.changed(&caller, "cartCreate", input).await, first);
    let unkeyed = shop
        .changed(
            &caller,
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 2)]) }),
        )
        .await;
    assert_eq!(unkeyed["totalQuantity"], 4);
}

#[tokio::test]
async fn keys_are_forgotten_after_a_day() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    let input = cart.input(json!({ "lines": new_lines(&[(shirt, 1)]), "idempotencyKey": "key" }));
    shop.changed(GUEST, "cartLinesAdd", input.clone()).await;
    shop.subgraph.deps.clock.advance(TimeDelta::hours(23));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(
        shop.changed(GUEST, "cartLinesAdd", input.clone()).await["totalQuantity"],
        1
    );
    shop.subgraph.deps.clock.advance(TimeDelta::hours(2));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(
        shop.changed(GUEST, "cartLinesAdd", input).await["totalQuantity"],
        2
    );
}
