//! Carts nobody comes back to.

use cart::Config;
use chrono::TimeDelta;
use events::id::UserId;
use serde_json::json;
use test_support::Caller;

use crate::fixture::{Shop, new_lines, quantities};

#[tokio::test]
async fn a_cart_is_abandoned_then_expires() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    shop.add(&cart, &[(shirt, 1)]).await;
    let clock = &shop.subgraph.deps.clock;

    clock.advance(TimeDelta::days(6));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.look(&cart).await["status"], "ACTIVE");
    clock.advance(TimeDelta::days(1));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.look(&cart).await["status"], "ABANDONED");
    clock.advance(TimeDelta::days(22));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.look(&cart).await["status"], "ABANDONED");
    clock.advance(TimeDelta::days(1));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.look(&cart).await, json!(null));
    let payload = shop
        .mutate(&Caller::Guest, "cartClear", cart.input(json!({})))
        .await;
    assert_eq!(payload["userErrors"][0]["code"], "CART_NOT_FOUND");
}

#[tokio::test]
async fn who_comes_back_finds_the_cart_and_has_all_the_time_again() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let caller = Caller::Customer(user_id);
    let first = shop
        .changed(
            &caller,
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 1)]) }),
        )
        .await;
    let clock = &shop.subgraph.deps.clock;
    clock.advance(TimeDelta::days(29));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.my_cart(user_id).await["status"], "ABANDONED");

    let again = shop
        .changed(
            &caller,
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 1)]) }),
        )
        .await;
    assert_eq!(
        (&again["id"], &again["status"]),
        (&first["id"], &json!("ACTIVE"))
    );
    assert_eq!(quantities(&again), [(shirt, 2)]);
    clock.advance(TimeDelta::days(29));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.my_cart(user_id).await["id"], first["id"]);
    clock.advance(TimeDelta::days(2));
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.my_cart(user_id).await, json!(null));
    let new = shop.changed(&caller, "cartCreate", json!({})).await;
    assert_ne!(new["id"], first["id"]);
}

#[tokio::test]
async fn a_cart_in_checkout_is_left_alone() {
    let config = Config {
        abandon_after: TimeDelta::zero(),
        expire_after: TimeDelta::zero(),
        ..Config::default()
    };
    let shop = Shop::open_with(config).await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.ready_cart(&[(shirt, 1)]).await;
    shop.checkout(cart.request()).await;
    shop.subgraph.run_job("cart.expire").await;
    assert_eq!(shop.look(&cart).await["status"], "CHECKOUT");
}
