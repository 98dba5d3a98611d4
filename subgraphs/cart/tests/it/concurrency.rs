//! Many clients at once.

use std::sync::Arc;

use events::id::UserId;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, new_lines, quantities};

async fn in_parallel(
    shop: &Arc<Shop>,
    caller: &Caller,
    field: &'static str,
    inputs: Vec<Value>,
) -> Vec<Value> {
    let mut tasks = tokio::task::JoinSet::new();
    for input in inputs {
        let (shop, caller) = (shop.clone(), caller.clone());
        tasks.spawn(async move { shop.mutate(&caller, field, input).await });
    }
    tasks.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_adds_at_once_fill_the_cart_exactly() {
    let shop = Arc::new(Shop::open().await);
    let (shirt, hat) = (
        shop.sell("Shirt", 125_000).await,
        shop.sell("Hat", 50_000).await,
    );
    let cart = shop.guest_cart().await;
    let inputs = (0..50)
        .map(|index| {
            cart.input(
                json!({ "lines": new_lines(&[(if index % 2 == 0 { shirt } else { hat }, 1)]) }),
            )
        })
        .collect();
    let payloads = in_parallel(&shop, &Caller::Guest, "cartLinesAdd", inputs).await;

    let accepted = payloads
        .iter()
        .filter(|payload| payload["userErrors"] == json!([]))
        .count();
    let full = payloads
        .iter()
        .filter(|payload| payload["userErrors"][0]["code"] == "CART_CAPACITY_EXCEEDED")
        .count();
    assert_eq!((accepted, full), (10, 40));
    let view = shop.look(&cart).await;
    assert_eq!(view["totalQuantity"], 10);
    assert_eq!(
        quantities(&view)
            .iter()
            .map(|(_, quantity)| quantity)
            .sum::<i64>(),
        10
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_update_is_lost_below_the_capacity() {
    let shop = Arc::new(Shop::open().await);
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    let inputs = vec![cart.input(json!({ "lines": new_lines(&[(shirt, 1)]) })); 9];
    in_parallel(&shop, &Caller::Guest, "cartLinesAdd", inputs).await;
    assert_eq!(quantities(&shop.look(&cart).await), [(shirt, 9)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_user_who_creates_carts_at_once_has_one() {
    let shop = Arc::new(Shop::open().await);
    let user_id = UserId::generate();
    let payloads = in_parallel(
        &shop,
        &Caller::Customer(user_id),
        "cartCreate",
        vec![json!({}); 20],
    )
    .await;
    let mine = shop.my_cart(user_id).await;
    for payload in payloads {
        assert_eq!(payload["cart"]["id"], mine["id"]);
        assert_eq!(payload["cartToken"], json!(null));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_used_at_once_adds_once() {
    let shop = Arc::new(Shop::open().await);
    let shirt = shop.sell("Shirt", 125_000).await;
    let cart = shop.guest_cart().await;
    let input = cart.input(json!({ "lines": new_lines(&[(shirt, 1)]), "idempotencyKey": "one" }));
    for payload in in_parallel(&shop, &Caller::Guest, "cartLinesAdd", vec![input; 10]).await {
        assert_eq!(payload["userErrors"], json!([]));
        assert_eq!(payload["cart"]["totalQuantity"], 1);
    }
}
