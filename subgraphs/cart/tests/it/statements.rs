//! The number of statements does not depend on the number of rows.

use auth::Role;
use cart::Config;
use events::id::UserId;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{CART, Shop, new_lines};

async fn counted<T>(shop: &Shop, work: impl Future<Output = T>) -> (T, u64) {
    let before = shop.subgraph.statements.count();
    let answer = work.await;
    (answer, shop.subgraph.statements.count() - before)
}

#[tokio::test]
async fn a_cart_costs_the_same_with_one_line_and_with_fifty() {
    let shop = Shop::open_with(Config {
        capacity: 100,
        ..Config::default()
    })
    .await;
    let mut lines = Vec::new();
    for index in 0..50 {
        lines.push((shop.sell(&format!("Product {index}"), 1_000).await, 1));
    }
    let (small, large) = (
        shop.ready_cart(&lines[..1]).await,
        shop.ready_cart(&lines).await,
    );
    let (view, of_small) = counted(&shop, shop.look(&small)).await;
    assert_eq!(view["totalQuantity"], 1);
    let (view, of_large) = counted(&shop, shop.look(&large)).await;
    assert_eq!(view["totalQuantity"], 50);
    assert_eq!(of_small, of_large);
    assert!(of_large <= 5, "{of_large} statements");

    // A change writes all lines at once.
    let (_, of_small) = counted(&shop, shop.add(&small, &lines[..1])).await;
    let (_, of_large) = counted(&shop, shop.add(&large, &lines[..1])).await;
    assert_eq!(of_small, of_large);
}

#[tokio::test]
async fn fifty_users_cost_as_much_as_five() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 125_000).await;
    let mut users = Vec::new();
    for _ in 0..50 {
        let user_id = UserId::generate();
        shop.changed(
            &Caller::Customer(user_id),
            "cartCreate",
            json!({ "lines": new_lines(&[(shirt, 1)]) }),
        )
        .await;
        users.push(json!({ "__typename": "User", "id": user_id.to_string() }));
    }
    let support = Caller::Staff(UserId::generate(), vec![Role::Support]);
    let query = format!(
        "query($users: [_Any!]!) {{ _entities(representations: $users) {{ ... on User {{ id cart {{ ...CartFields }} }} }} }} {CART}"
    );
    let ask = |users: &[Value]| {
        shop.subgraph
            .data(&support, &query, json!({ "users": users }))
    };
    let (_, of_five) = counted(&shop, ask(&users[..5])).await;
    let (data, of_fifty) = counted(&shop, ask(&users)).await;
    let entities = data["_entities"].as_array().expect("a list");
    assert!(
        entities
            .iter()
            .all(|user| user["cart"]["totalQuantity"] == 1)
    );
    assert_eq!(of_five, of_fifty);
}

#[tokio::test]
async fn carts_referred_to_are_loaded_together_and_only_for_their_owner() {
    let shop = Shop::open().await;
    let user_id = UserId::generate();
    let mine = shop
        .changed(&Caller::Customer(user_id), "cartCreate", json!({}))
        .await;
    let guests = shop.guest_cart().await;
    let query = "query($carts: [_Any!]!) { _entities(representations: $carts) { ... on Cart { id status } } }";
    let cart = |id: &Value| json!({ "__typename": "Cart", "id": id });
    let carts = json!([
        cart(&mine["id"]),
        cart(&json!(guests.id)),
        cart(&json!("no such thing"))
    ]);
    let data = shop
        .subgraph
        .data(&Caller::Customer(user_id), query, json!({ "carts": carts }))
        .await;
    assert_eq!(
        data["_entities"],
        json!([{ "id": mine["id"], "status": "ACTIVE" }, null, null])
    );
    let data = shop
        .subgraph
        .data(&Caller::Guest, query, json!({ "carts": carts }))
        .await;
    assert_eq!(data["_entities"], json!([null, null, null]));
}
