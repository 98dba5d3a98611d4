//! A guest signs in.

use events::accounts::UserLoggedIn;
use events::id::{UserId, VariantId};
use events::payment::PaymentInitiated;
use outbox::Outcome;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{GuestCart, Shop, address, codes, new_lines, quantities, text};

fn login(user_id: UserId, cart: &GuestCart) -> UserLoggedIn {
    UserLoggedIn {
        user_id,
        cart_id: Some(cart.cart_id()),
        cart_token_hash: Some(auth::hash_token(&cart.token)),
    }
}

async fn user_cart(shop: &Shop, user_id: UserId, lines: &[(VariantId, i32)]) -> Value {
    shop.changed(
        &Caller::Customer(user_id),
        "cartCreate",
        json!({ "lines": new_lines(lines) }),
    )
    .await
}

#[tokio::test]
async fn lines_go_into_the_users_cart_and_the_guests_is_closed() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let user_id = UserId::generate();
    let mine = user_cart(&shop, user_id, &[(hat, 2)]).await;
    let guest = shop.ready_cart(&[(shirt, 1), (hat, 3)]).await;

    let envelope = shop.subgraph.envelope(login(user_id, &guest), 1);
    assert_eq!(
        shop.subgraph.deliver_envelope(&envelope).await,
        Outcome::Handled
    );
    let merged = shop.my_cart(user_id).await;
    assert_eq!(merged["id"], mine["id"]);
    assert_eq!(quantities(&merged), [(hat, 5), (shirt, 1)]);
    assert_eq!(
        (&merged["totalQuantity"], &merged["warnings"]),
        (&json!(6), &json!([]))
    );
    assert_eq!(
        (&merged["email"], &merged["shippingMethod"]["code"]),
        (&json!("somebody@bazaar.test"), &json!("REGULAR"))
    );
    assert_eq!(shop.look(&guest).await, json!(null));

    // Neither the same event nor another login merges again.
    assert_eq!(
        shop.subgraph.deliver_envelope(&envelope).await,
        Outcome::Duplicate
    );
    shop.subgraph.deliver(login(user_id, &guest), 2).await;
    assert_eq!(shop.my_cart(user_id).await["lines"], merged["lines"]);
    let payload = shop
        .mutate(
            &Caller::Guest,
            "cartLinesAdd",
            guest.input(json!({ "lines": [] })),
        )
        .await;
    assert_eq!(payload["userErrors"][0]["code"], "CART_NOT_FOUND");
}

#[tokio::test]
async fn what_does_not_fit_is_dropped_and_told_until_the_next_change() {
    let shop = Shop::open().await;
    let (shirt, hat, sock) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
        shop.sell("Sock", 5_000).await,
    );
    let user_id = UserId::generate();
    user_cart(&shop, user_id, &[(hat, 7)]).await;
    let guest = shop.guest_cart().await;
    shop.add(&guest, &[(hat, 1), (shirt, 4), (sock, 2)]).await;
    shop.subgraph.deliver(login(user_id, &guest), 1).await;

    let merged = shop.my_cart(user_id).await;
    assert_eq!(quantities(&merged), [(hat, 8), (shirt, 2)]);
    assert_eq!(codes(&merged["warnings"]), ["LINE_REMOVED", "LINE_REMOVED"]);
    assert_eq!(
        merged["warnings"][0]["message"],
        "2 of SHIRT-A did not fit into the cart and were removed"
    );
    assert_eq!(
        merged["warnings"][1]["message"],
        "2 of SOCK-A did not fit into the cart and were removed"
    );

    let input = json!({ "cartId": merged["id"], "lines": [] });
    let told = shop
        .changed(&Caller::Customer(user_id), "cartLinesAdd", input)
        .await;
    assert_eq!(told["warnings"], merged["warnings"]);
    assert_eq!(shop.my_cart(user_id).await["warnings"], json!([]));
}

#[tokio::test]
async fn without_a_cart_of_their_own_the_user_gets_the_guests() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let guest = shop.ready_cart(&[(shirt, 4)]).await;
    shop.subgraph.deliver(login(user_id, &guest), 1).await;
    let mine = shop.my_cart(user_id).await;
    assert_eq!(
        (&mine["id"], quantities(&mine)),
        (&json!(guest.id), vec![(shirt, 4)])
    );
    assert_eq!(mine["email"], "guest@example.com");
    assert_eq!(
        shop.look(&guest).await,
        json!(null),
        "the token is worth nothing any more"
    );
    // The same login once more finds nothing to take over.
    shop.subgraph.deliver(login(user_id, &guest), 2).await;
    assert_eq!(shop.my_cart(user_id).await["lines"], mine["lines"]);
}

#[tokio::test]
async fn only_a_proved_guest_cart_is_taken_over() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let guest = shop.guest_cart().await;
    shop.add(&guest, &[(shirt, 1)]).await;
    let user_id = UserId::generate();
    let victim = UserId::generate();
    let victims = user_cart(&shop, victim, &[(shirt, 2)]).await;

    let attempts = [
        UserLoggedIn {
            cart_token_hash: Some(auth::hash_token("wrong")),
            ..login(user_id, &guest)
        },
        UserLoggedIn {
            cart_token_hash: Some(String::new()),
            ..login(user_id, &guest)
        },
        UserLoggedIn {
            cart_token_hash: None,
            ..login(user_id, &guest)
        },
        UserLoggedIn {
            cart_id: None,
            ..login(user_id, &guest)
        },
        UserLoggedIn {
            cart_id: text(&victims["id"]).parse().ok(),
            ..login(user_id, &guest)
        },
    ];
    for attempt in attempts {
        shop.subgraph.deliver(attempt, 1).await;
    }
    assert_eq!(shop.my_cart(user_id).await, json!(null));
    assert_eq!(quantities(&shop.look(&guest).await), [(shirt, 1)]);
    assert_eq!(shop.my_cart(victim).await, victims);
}

#[tokio::test]
async fn a_guests_cart_that_is_being_paid_for_stays_the_guests() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let guest = shop.ready_cart(&[(shirt, 1)]).await;
    let request = guest.request();
    let order_id = request.order_id;
    shop.checkout(request).await;
    shop.subgraph.deliver(initiated(order_id), 1).await;
    let user_id = UserId::generate();
    shop.subgraph.deliver(login(user_id, &guest), 1).await;
    assert_eq!(shop.my_cart(user_id).await, json!(null));
    assert_eq!(shop.look(&guest).await["status"], "CHECKOUT");
}

pub(crate) fn initiated(order_id: events::id::OrderId) -> PaymentInitiated {
    PaymentInitiated {
        payment_id: events::id::PaymentId::generate(),
        order_id,
        provider: "DEMO".to_owned(),
        amount: money::Money::new(1, money::Currency::IDR),
        expires_at: chrono::Utc::now(),
    }
}

#[tokio::test]
async fn merging_on_request_answers_with_the_merged_cart_and_may_be_repeated() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let user_id = UserId::generate();
    let caller = Caller::Customer(user_id);
    user_cart(&shop, user_id, &[(hat, 8)]).await;
    let guest = shop.guest_cart().await;
    shop.add(&guest, &[(shirt, 3)]).await;

    let merged = shop
        .changed(&caller, "cartMerge", guest.input(json!({})))
        .await;
    assert_eq!(quantities(&merged), [(hat, 8), (shirt, 2)]);
    assert_eq!(codes(&merged["warnings"]), ["LINE_REMOVED"]);
    let again = shop
        .changed(&caller, "cartMerge", guest.input(json!({})))
        .await;
    assert_eq!(
        (&again["id"], &again["lines"]),
        (&merged["id"], &merged["lines"])
    );

    let payload = shop
        .mutate(
            &caller,
            "cartMerge",
            json!({ "cartId": guest.id, "cartToken": "wrong" }),
        )
        .await;
    assert_eq!(payload["userErrors"][0]["code"], "CART_NOT_FOUND");
    let variables = json!({ "input": guest.input(json!({})) });
    let response = shop
        .subgraph
        .execute(
            &Caller::Guest,
            &crate::fixture::mutation("cartMerge"),
            variables,
        )
        .await;
    assert_eq!(
        response["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn merging_on_request_without_a_cart_of_ones_own_may_be_repeated_too() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let caller = Caller::Customer(user_id);
    let guest = shop.guest_cart().await;
    shop.add(&guest, &[(shirt, 3)]).await;
    for _ in 0..2 {
        let merged = shop
            .changed(&caller, "cartMerge", guest.input(json!({})))
            .await;
        assert_eq!(
            (&merged["id"], quantities(&merged)),
            (&json!(guest.id), vec![(shirt, 3)])
        );
        assert_eq!(merged["email"], "somebody@bazaar.test");
    }
}

#[tokio::test]
async fn a_guests_address_does_not_replace_the_users() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let user_id = UserId::generate();
    let mine = user_cart(&shop, user_id, &[]).await;
    let mut home = address();
    home["recipient"] = json!("Budi");
    let input = json!({ "cartId": mine["id"], "address": home });
    shop.changed(&Caller::Customer(user_id), "cartAddressSet", input)
        .await;
    let guest = shop.ready_cart(&[(shirt, 1)]).await;
    shop.subgraph.deliver(login(user_id, &guest), 1).await;
    let merged = shop.my_cart(user_id).await;
    assert_eq!(
        (
            &merged["shippingAddress"]["recipient"],
            &merged["shippingMethod"]
        ),
        (&json!("Budi"), &json!(null))
    );
}
