//! What is published about lines.

use events::Event;
use events::cart::{CartLineAdded, CartLineRemoved};
use serde_json::json;
use test_support::Caller;

use crate::fixture::{Shop, new_lines};

const GUEST: &Caller = &Caller::Guest;

#[tokio::test]
async fn what_was_added_and_removed_is_published_with_the_carts_version() {
    let shop = Shop::open().await;
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    let cart_id = cart.cart_id();
    let view = shop.add(&cart, &[(shirt, 1), (hat, 4)]).await;
    let update = json!({ "lines": [
        { "lineId": view["lines"][0]["id"], "quantity": 3 },
        { "lineId": view["lines"][1]["id"], "quantity": 1 },
    ] });
    shop.changed(GUEST, "cartLinesUpdate", cart.input(update))
        .await;
    shop.refused(
        GUEST,
        "cartLinesAdd",
        cart.input(json!({ "lines": new_lines(&[(shirt, 9)]) })),
    )
    .await;
    shop.changed(GUEST, "cartClear", cart.input(json!({})))
        .await;

    let added = |variant_id, quantity| {
        Event::from(CartLineAdded {
            cart_id,
            user_id: None,
            variant_id,
            quantity,
        })
    };
    let removed = |variant_id, quantity| {
        Event::from(CartLineRemoved {
            cart_id,
            user_id: None,
            variant_id,
            quantity,
        })
    };
    assert_eq!(
        shop.subgraph.events().await,
        [
            added(shirt, 1),
            added(hat, 4),
            added(shirt, 2),
            removed(hat, 3),
            removed(shirt, 3),
            removed(hat, 1)
        ]
    );
    let envelopes = shop.subgraph.envelopes().await;
    assert!(
        envelopes
            .iter()
            .all(|envelope| envelope.correlationid == "test-request")
    );
    let versions: Vec<i64> = envelopes
        .iter()
        .map(|envelope| envelope.subjectversion)
        .collect();
    assert_eq!(versions, [2, 2, 3, 3, 4, 4]);
}
