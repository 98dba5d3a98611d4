//! Who may see and change which cart.

use auth::Role;
use chrono::TimeDelta;
use events::id::{CartId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, address, mutation, new_lines};

const GUEST: &Caller = &Caller::Guest;

/// Every mutation of an existing cart, with an input that would be accepted.
fn changes(id: &str, token: &Value) -> Vec<(&'static str, Value)> {
    let input = |mut more: Value| {
        more["cartId"] = json!(id);
        more["cartToken"] = token.clone();
        more
    };
    vec![
        ("cartLinesAdd", input(json!({ "lines": [] }))),
        ("cartLinesUpdate", input(json!({ "lines": [] }))),
        ("cartLinesRemove", input(json!({ "lineIds": [] }))),
        ("cartClear", input(json!({}))),
        ("cartAddressSet", input(json!({ "address": address() }))),
        ("cartShippingMethodSet", input(json!({ "code": "REGULAR" }))),
    ]
}

#[tokio::test]
async fn without_proof_a_cart_is_as_good_as_none() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart().await;
    let other = shop.guest_cart().await;
    let stranger = Caller::Customer(UserId::generate());
    let staff = Caller::Staff(UserId::generate(), vec![Role::Admin]);
    let nobodys = CartId::generate().to_string();

    for caller in [GUEST, &stranger, &staff] {
        for token in [
            json!(null),
            json!(""),
            json!(other.token),
            json!(auth::hash_token(&cart.token)),
        ] {
            let mut answers = Vec::new();
            for id in [cart.id.as_str(), nobodys.as_str(), "no such thing"] {
                assert_eq!(shop.view(caller, &json!(id), &token).await, json!(null));
                for (field, input) in changes(id, &token) {
                    answers.push((field, shop.mutate(caller, field, input).await));
                }
            }
            for (field, answer) in &answers {
                assert_eq!(
                    (&answer["cart"], &answer["userErrors"][0]["code"]),
                    (&json!(null), &json!("CART_NOT_FOUND")),
                    "{field}"
                );
            }
            // A cart of somebody else and no cart at all answer with the same bytes.
            assert_eq!(answers[..6], answers[6..12]);
        }
    }
    assert_eq!(shop.look(&cart).await["version"], "1");
}

#[tokio::test]
async fn a_cart_that_is_not_mine_costs_as_much_as_none() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart().await;
    let mut costs = Vec::new();
    for id in [cart.id.clone(), CartId::generate().to_string()] {
        let before = shop.subgraph.statements.count();
        shop.view(GUEST, &json!(id), &json!("wrong")).await;
        let input = json!({ "cartId": id, "cartToken": "wrong", "lines": [] });
        shop.mutate(GUEST, "cartLinesAdd", input).await;
        costs.push(shop.subgraph.statements.count() - before);
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn a_guest_proves_the_cart_with_its_token() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart().await;
    let stranger = Caller::Customer(UserId::generate());
    for caller in [GUEST, &stranger] {
        assert_eq!(
            shop.view(caller, &json!(cart.id), &json!(cart.token)).await["id"],
            json!(cart.id)
        );
        for (field, input) in changes(&cart.id, &json!(cart.token)) {
            shop.changed(caller, field, input).await;
        }
    }
}

#[tokio::test]
async fn a_user_has_one_cart_and_needs_no_token() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let caller = Caller::Customer(user_id);
    let payload = shop
        .mutate(
            &caller,
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 1)]) }),
        )
        .await;
    assert_eq!(payload["cartToken"], json!(null));
    let cart = &payload["cart"];
    assert_eq!(cart["email"], "somebody@bazaar.test");

    // Creating again finds it, and adds.
    let again = shop.changed(&caller, "cartCreate", json!({})).await;
    assert_eq!(again, *cart);
    let more = shop
        .changed(
            &caller,
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 2)]) }),
        )
        .await;
    assert_eq!(
        (&more["id"], &more["totalQuantity"]),
        (&cart["id"], &json!(3))
    );

    for (field, input) in changes(cart["id"].as_str().expect("an id"), &json!(null)) {
        shop.changed(&caller, field, input).await;
    }
    assert_eq!(
        shop.view(&caller, &cart["id"], &json!(null)).await,
        shop.my_cart(user_id).await
    );
}

#[tokio::test]
async fn a_user_cannot_ask_for_another_currency_than_the_lines_have() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let caller = Caller::Customer(UserId::generate());
    let empty = shop
        .changed(&caller, "cartCreate", json!({ "currencyCode": "USD" }))
        .await;
    assert_eq!(empty["currencyCode"], "USD");
    let back = shop
        .changed(
            &caller,
            "cartCreate",
            json!({ "currencyCode": "IDR", "lines": new_lines(&[(shirt, 1)]) }),
        )
        .await;
    assert_eq!(
        (&back["id"], &back["currencyCode"]),
        (&empty["id"], &json!("IDR"))
    );
    let payload = shop
        .mutate(&caller, "cartCreate", json!({ "currencyCode": "USD" }))
        .await;
    assert_eq!(payload["userErrors"][0]["code"], "CURRENCY_MISMATCH");
}

#[tokio::test]
async fn the_cart_of_a_user_is_for_the_user_and_support() {
    let shop = Shop::open().await;
    let user_id = UserId::generate();
    shop.changed(&Caller::Customer(user_id), "cartCreate", json!({}))
        .await;
    let mine = shop.my_cart(user_id).await;
    assert_eq!(mine["status"], "ACTIVE");

    let stranger = Caller::Customer(UserId::generate());
    let support = Caller::Staff(UserId::generate(), vec![Role::Support]);
    let warehouse = Caller::Staff(UserId::generate(), vec![Role::Warehouse]);
    assert_eq!(shop.cart_of_user(&support, user_id).await, mine);
    for caller in [GUEST, &stranger, &warehouse] {
        assert_eq!(shop.cart_of_user(caller, user_id).await, json!(null));
    }
}

#[tokio::test]
async fn an_expired_token_is_unauthenticated_whatever_else_is_shown() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart().await;
    let token = shop
        .subgraph
        .token(&Caller::Customer(UserId::generate()))
        .expect("a token");
    shop.subgraph.deps.clock.advance(TimeDelta::hours(1));
    let expired = Caller::Token(token);
    let variables = json!({ "input": cart.input(json!({})) });
    let response = shop
        .subgraph
        .execute(&expired, &mutation("cartClear"), variables)
        .await;
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
    let query =
        "query($id: ID!, $cartToken: String) { cart(id: $id, cartToken: $cartToken) { id } }";
    let variables = json!({ "id": cart.id, "cartToken": cart.token });
    let response = shop.subgraph.execute(&expired, query, variables).await;
    assert_eq!(
        (
            &response["data"]["cart"],
            &response["errors"][0]["extensions"]["code"]
        ),
        (&json!(null), &json!("UNAUTHENTICATED"))
    );
}
