//! A cart holds ten units and not one more.

use cart::Config;
use serde_json::json;
use test_support::Caller;

use crate::fixture::{Shop, new_lines, quantities, text};

const GUEST: &Caller = &Caller::Guest;

#[tokio::test]
async fn the_eleventh_unit_is_refused() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    shop.add(&cart, &[(shirt, 6), (hat, 4)]).await;

    let error = shop
        .refused(
            GUEST,
            "cartLinesAdd",
            cart.input(json!({ "lines": new_lines(&[(hat, 1)]) })),
        )
        .await;
    assert_eq!(
        (&error["code"], &error["max"]),
        (&json!("CART_CAPACITY_EXCEEDED"), &json!(10))
    );
    assert_eq!(error["field"], json!(["input", "lines", "0", "quantity"]));
    assert!(text(&error["message"]).contains("10"), "{error}");

    let hat_line = &shop.look(&cart).await["lines"][1]["id"];
    let input = cart.input(json!({ "lines": [{ "lineId": hat_line, "quantity": 5 }] }));
    assert_eq!(
        shop.refused(GUEST, "cartLinesUpdate", input).await["code"],
        "CART_CAPACITY_EXCEEDED"
    );
}

#[tokio::test]
async fn more_lines_than_units_fit_are_refused_before_anything_is_looked_up() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    let input = cart.input(json!({ "lines": new_lines(&[(shirt, 1); 1_000]) }));
    assert_eq!(
        shop.refused(GUEST, "cartLinesAdd", input).await["code"],
        "CART_CAPACITY_EXCEEDED"
    );
}

#[tokio::test]
async fn units_may_move_between_lines_of_a_full_cart() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    let view = shop.add(&cart, &[(shirt, 6), (hat, 4)]).await;
    let (shirt_line, hat_line) = (&view["lines"][0]["id"], &view["lines"][1]["id"]);
    let input = cart.input(json!({ "lines": [{ "lineId": hat_line, "quantity": 9 }, { "lineId": shirt_line, "quantity": 1 }] }));
    assert_eq!(
        quantities(&shop.changed(GUEST, "cartLinesUpdate", input).await),
        [(shirt, 1), (hat, 9)]
    );
}

#[tokio::test]
async fn the_capacity_is_a_setting_that_a_cart_keeps() {
    let shop = Shop::open_with(Config {
        capacity: 3,
        ..Config::default()
    })
    .await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    assert_eq!(shop.add(&cart, &[(shirt, 3)]).await["capacity"], 3);
    let error = shop
        .refused(
            GUEST,
            "cartLinesAdd",
            cart.input(json!({ "lines": new_lines(&[(shirt, 1)]) })),
        )
        .await;
    assert_eq!(error["max"], 3);
}
