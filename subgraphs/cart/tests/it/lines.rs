//! Adding, changing, removing lines.

use events::catalog::ProductUpdated;
use events::id::{CartLineId, UserId, VariantId};
use money::{Currency, Money};
use serde_json::json;
use test_support::Caller;

use crate::fixture::{Shop, cost, new_lines, product, quantities, text};

const GUEST: &Caller = &Caller::Guest;

#[tokio::test]
async fn a_new_cart_is_empty_and_costs_nothing() {
    let shop = Shop::open().await;
    let payload = shop.mutate(GUEST, "cartCreate", json!({})).await;
    let cart = &payload["cart"];
    assert_eq!(text(&payload["cartToken"]).len(), 43);
    assert_eq!(
        (
            &cart["currencyCode"],
            &cart["capacity"],
            &cart["totalQuantity"],
            &cart["status"]
        ),
        (&json!("IDR"), &json!(10), &json!(0), &json!("ACTIVE"))
    );
    assert_eq!(cost(cart), [0; 5]);
    assert_eq!(cart["lines"], json!([]));
}

#[tokio::test]
async fn a_cart_may_be_created_with_lines() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 33_333).await,
    );
    let payload = shop
        .mutate(
            GUEST,
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 2), (hat, 3)]) }),
        )
        .await;
    let cart = &payload["cart"];
    assert_eq!(quantities(cart), [(shirt, 2), (hat, 3)]);
    assert_eq!(cart["totalQuantity"], 5);
    assert_eq!(cart["lines"][1]["unitPrice"]["amount"], "33333");
    assert_eq!(
        cart["lines"][1]["lineTotal"],
        json!({ "amount": "99999", "minorAmount": "99999", "currencyCode": "IDR" })
    );
    assert_eq!(cost(cart), [349_999, 0, 0, 27_500 + 11_000, 388_499]);
}

#[tokio::test]
async fn a_refused_creation_leaves_no_cart() {
    let shop = Shop::open().await;
    let input = json!({ "lines": new_lines(&[(VariantId::generate(), 1)]) });
    let payload = shop.mutate(GUEST, "cartCreate", input.clone()).await;
    assert_eq!(
        (&payload["cart"], &payload["cartToken"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(payload["userErrors"][0]["code"], "VARIANT_NOT_FOUND");

    let user_id = UserId::generate();
    shop.mutate(&Caller::Customer(user_id), "cartCreate", input)
        .await;
    assert_eq!(shop.my_cart(user_id).await, json!(null));
}

#[tokio::test]
async fn adding_a_variant_again_raises_its_line() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    let first = shop.add(&cart, &[(shirt, 1), (hat, 1)]).await;
    let second = shop.add(&cart, &[(shirt, 2)]).await;
    assert_eq!(quantities(&second), [(shirt, 3), (hat, 1)]);
    assert_eq!(second["lines"][0]["id"], first["lines"][0]["id"]);
    let both_times = shop.add(&cart, &[(hat, 1), (hat, 1)]).await;
    assert_eq!(quantities(&both_times), [(shirt, 3), (hat, 3)]);
    assert_eq!(shop.look(&cart).await["totalQuantity"], 6);
}

#[tokio::test]
async fn quantities_are_set_and_zero_removes() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    let view = shop.add(&cart, &[(shirt, 1), (hat, 4)]).await;
    let (shirt_line, hat_line) = (&view["lines"][0]["id"], &view["lines"][1]["id"]);

    let update = cart.input(json!({ "lines": [{ "lineId": shirt_line, "quantity": 9 }, { "lineId": hat_line, "quantity": 1 }] }));
    let view = shop.changed(GUEST, "cartLinesUpdate", update).await;
    assert_eq!(quantities(&view), [(shirt, 9), (hat, 1)]);

    let update = cart.input(json!({ "lines": [{ "lineId": shirt_line, "quantity": 0 }] }));
    for _ in 0..2 {
        let view = shop.changed(GUEST, "cartLinesUpdate", update.clone()).await;
        assert_eq!(
            (quantities(&view), &view["totalQuantity"]),
            (vec![(hat, 1)], &json!(1))
        );
    }
}

#[tokio::test]
async fn removing_and_clearing_may_be_repeated() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    let view = shop.add(&cart, &[(shirt, 1), (hat, 4)]).await;
    let remove = cart.input(json!({ "lineIds": [view["lines"][0]["id"]] }));
    for _ in 0..2 {
        let view = shop.changed(GUEST, "cartLinesRemove", remove.clone()).await;
        assert_eq!(quantities(&view), [(hat, 4)]);
    }
    for _ in 0..2 {
        let view = shop
            .changed(GUEST, "cartClear", cart.input(json!({})))
            .await;
        assert_eq!(
            (&view["lines"], &view["totalQuantity"]),
            (&json!([]), &json!(0))
        );
    }
}

#[tokio::test]
async fn bad_lines_are_refused_and_nothing_is_changed() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let mut hidden = product("Hidden", 1, 10_000);
    hidden.variants[0].is_published = false;
    shop.subgraph.deliver(ProductUpdated(hidden), 1).await;
    let mut imported = product("Imported", 1, 999);
    imported.variants[0].price = Money::new(999, Currency::USD);
    shop.subgraph.deliver(ProductUpdated(imported), 1).await;
    let (hidden, imported) = (
        VariantId::from_name("Hidden"),
        VariantId::from_name("Imported"),
    );
    let cart = shop.guest_cart().await;
    let view = shop.add(&cart, &[(shirt, 2)]).await;

    let adds = [
        ((shirt, 0), "QUANTITY_INVALID", "quantity"),
        ((shirt, -1), "QUANTITY_INVALID", "quantity"),
        ((shirt, i32::MIN), "QUANTITY_INVALID", "quantity"),
        ((shirt, 9), "CART_CAPACITY_EXCEEDED", "quantity"),
        ((shirt, 11), "CART_CAPACITY_EXCEEDED", "quantity"),
        ((shirt, i32::MAX), "CART_CAPACITY_EXCEEDED", "quantity"),
        ((VariantId::generate(), 1), "VARIANT_NOT_FOUND", "variantId"),
        ((hidden, 1), "VARIANT_NOT_PURCHASABLE", "variantId"),
        ((imported, 1), "CURRENCY_MISMATCH", "variantId"),
    ];
    for (line, code, field) in adds {
        // The good line before the bad one is not added either.
        let input = cart.input(json!({ "lines": new_lines(&[(shirt, 1), line]) }));
        let error = shop.refused(GUEST, "cartLinesAdd", input).await;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!(code), &json!(["input", "lines", "1", field])),
            "{line:?}"
        );
    }
    let input = cart.input(json!({ "lines": [{ "variantId": "no such thing", "quantity": 1 }] }));
    assert_eq!(
        shop.refused(GUEST, "cartLinesAdd", input).await["code"],
        "VARIANT_NOT_FOUND"
    );

    let line_id = &view["lines"][0]["id"];
    let foreign = CartLineId::generate().to_string();
    let updates = [
        (line_id.clone(), -1, "QUANTITY_INVALID"),
        (line_id.clone(), 11, "CART_CAPACITY_EXCEEDED"),
        (json!(foreign), 1, "LINE_NOT_FOUND"),
        (json!("no such thing"), 1, "LINE_NOT_FOUND"),
    ];
    for (line_id, quantity, code) in updates {
        let input = cart.input(json!({ "lines": [{ "lineId": line_id, "quantity": quantity }] }));
        assert_eq!(
            shop.refused(GUEST, "cartLinesUpdate", input).await["code"],
            code
        );
    }
    let input = cart.input(json!({ "lineIds": [line_id, "no such thing"] }));
    assert_eq!(
        shop.refused(GUEST, "cartLinesRemove", input).await["code"],
        "LINE_NOT_FOUND"
    );
}

#[tokio::test]
async fn a_cart_in_dollars_takes_what_is_sold_in_dollars() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let mut imported = product("Imported", 1, 0);
    imported.variants[0].price = Money::new(1_050, Currency::USD);
    shop.subgraph.deliver(ProductUpdated(imported), 1).await;
    let imported = VariantId::from_name("Imported");

    let input = json!({ "currencyCode": "USD", "lines": new_lines(&[(imported, 2)]) });
    let payload = shop.mutate(GUEST, "cartCreate", input).await;
    assert_eq!(
        payload["cart"]["cost"]["total"],
        json!({ "amount": "23.31", "minorAmount": "2331", "currencyCode": "USD" })
    );
    let input = json!({ "currencyCode": "USD", "lines": new_lines(&[(shirt, 1)]) });
    let payload = shop.mutate(GUEST, "cartCreate", input).await;
    assert_eq!(payload["userErrors"][0]["code"], "CURRENCY_MISMATCH");
}
