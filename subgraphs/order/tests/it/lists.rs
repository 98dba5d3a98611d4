//! Lists of orders: a user's own, and all for staff.

use auth::Role;
use events::id::UserId;
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::{Placed, Shop, cart_of, guest_cart};

const MY_ORDERS: &str = "query($representations: [_Any!]!, $first: Int, $after: String) {
  _entities(representations: $representations) { ... on User {
    id
    orders(first: $first, after: $after) {
      nodes {
        id number status paymentStatus placedAt total { amount }
        lines { id sku variant { id } } timeline { type } user { id }
      }
      edges { cursor node { id } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
    pendingOrder { id }
  } }
}";

const STAFF_ORDERS: &str = "query StaffOrders($first: Int, $after: String, $filter: OrderFilter) {
  orders(first: $first, after: $after, filter: $filter) {
    nodes { id number status paymentStatus email total { amount currencyCode } createdAt }
    pageInfo { hasNextPage endCursor }
    totalCount
  }
}";

fn admin() -> Caller {
    Caller::Staff(UserId::generate(), vec![Role::Admin])
}

fn users(ids: &[UserId]) -> Value {
    ids.iter()
        .map(|id| json!({ "__typename": "User", "id": id }))
        .collect()
}

fn ids(nodes: &Value) -> Vec<&str> {
    nodes
        .as_array()
        .expect("a list")
        .iter()
        .map(|node| node["id"].as_str().expect("an id"))
        .collect()
}

/// Orders of one user, oldest first.
async fn history(shop: &Shop, user: UserId, count: usize) -> Vec<Placed> {
    let mut placed = Vec::new();
    for index in 0..count {
        let key = format!("key-{user}-{index}");
        placed.push(
            shop.buy(&Caller::Customer(user), &cart_of(user), &key)
                .await,
        );
    }
    placed
}

#[tokio::test]
async fn a_user_pages_through_their_orders() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let mut expected: Vec<String> = history(&shop, user, 5)
        .await
        .iter()
        .map(|placed| placed.id.to_string())
        .collect();
    expected.reverse();
    shop.buy(&Caller::Guest, &guest_cart(), "a guest's").await;

    let mut seen = Vec::new();
    let mut after = Value::Null;
    for page in 0..3 {
        let variables = json!({ "representations": users(&[user]), "first": 2, "after": after });
        let data = shop
            .order
            .data(&Caller::Customer(user), MY_ORDERS, variables)
            .await;
        let orders = &data["_entities"][0]["orders"];
        seen.extend(ids(&orders["nodes"]).into_iter().map(str::to_owned));
        assert_eq!(orders["totalCount"], 5);
        assert_eq!(orders["pageInfo"]["hasNextPage"], page < 2);
        assert_eq!(orders["pageInfo"]["hasPreviousPage"], page > 0);
        let edges = orders["edges"].as_array().expect("edges");
        assert_eq!(orders["pageInfo"]["startCursor"], edges[0]["cursor"]);
        assert_eq!(
            orders["pageInfo"]["endCursor"],
            edges[edges.len() - 1]["cursor"]
        );
        assert_eq!(data["_entities"][0]["pendingOrder"]["id"], expected[0]);
        after = orders["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn other_peoples_orders_are_null() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    history(&shop, user, 1).await;
    let variables = json!({ "representations": users(&[user]) });
    for caller in [Caller::Guest, Caller::Customer(UserId::generate())] {
        let data = shop.order.data(&caller, MY_ORDERS, variables.clone()).await;
        assert_eq!(
            data["_entities"],
            json!([{ "id": user, "orders": null, "pendingOrder": null }])
        );
    }
    let data = shop.order.data(&admin(), MY_ORDERS, variables).await;
    assert_eq!(data["_entities"][0]["orders"]["totalCount"], 1);
}

#[tokio::test]
async fn bad_paging_is_told() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    for paging in [
        json!({ "first": 0 }),
        json!({ "first": 101 }),
        json!({ "after": "nonsense" }),
    ] {
        let mut variables = paging.clone();
        variables["representations"] = users(&[user]);
        let response = shop
            .order
            .execute(&Caller::Customer(user), MY_ORDERS, variables)
            .await;
        assert_eq!(
            response["errors"][0]["extensions"]["code"],
            "BAD_USER_INPUT"
        );
        let response = shop.order.execute(&admin(), STAFF_ORDERS, paging).await;
        assert_eq!(
            response["errors"][0]["extensions"]["code"],
            "BAD_USER_INPUT"
        );
    }
}

#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_orders() {
    let shop = Shop::open().await;
    let (few, many) = (UserId::generate(), UserId::generate());
    history(&shop, few, 5).await;
    history(&shop, many, 50).await;
    let others: Vec<UserId> = (0..9).map(|_| UserId::generate()).collect();
    for (index, other) in others.iter().enumerate() {
        history(&shop, *other, index % 3).await;
    }

    let mut counts = Vec::new();
    for user in [few, many] {
        let before = shop.order.statements.count();
        let variables = json!({ "representations": users(&[user]), "first": 100 });
        let data = shop
            .order
            .data(&Caller::Customer(user), MY_ORDERS, variables)
            .await;
        let nodes = data["_entities"][0]["orders"]["nodes"]
            .as_array()
            .expect("nodes")
            .clone();
        assert!(
            nodes
                .iter()
                .all(|node| node["lines"][0]["sku"] == "DEMO-0001-A")
        );
        assert_eq!(nodes.len(), if user == few { 5 } else { 50 });
        counts.push(shop.order.statements.count() - before);
    }
    // Nor on the number of users.
    let before = shop.order.statements.count();
    let everybody: Vec<UserId> = others.iter().copied().chain([few, many]).collect();
    let variables = json!({ "representations": users(&everybody), "first": 100 });
    let data = shop.order.data(&admin(), MY_ORDERS, variables).await;
    assert_eq!(data["_entities"].as_array().map(Vec::len), Some(11));
    assert_eq!(data["_entities"][2]["orders"]["totalCount"], 2);
    assert_eq!(data["_entities"][10]["orders"]["totalCount"], 50);
    counts.push(shop.order.statements.count() - before);
    assert!(counts[0] > 0);
    assert_eq!(counts[0], counts[1]);
    assert_eq!(counts[0], counts[2]);
}

#[tokio::test]
async fn staff_finds_orders() {
    let shop = Shop::open().await;
    let user = UserId::generate();
    let pending = shop
        .buy(&Caller::Customer(user), &cart_of(user), "key-1")
        .await;
    let mut cart = guest_cart();
    cart.email = "Somebody@Bazaar.test".to_owned();
    shop.order.deps.clock.advance(chrono::TimeDelta::hours(1));
    let between = shop.order.deps.clock.now();
    let confirmed = shop.confirmed(&Caller::Guest, &cart, "key-2").await;
    let number = shop.detail(&confirmed).await["number"].clone();

    let (pending, confirmed) = (pending.id.to_string(), confirmed.id.to_string());
    let both = [confirmed.as_str(), pending.as_str()];
    let cases: [(Value, &[&str]); 12] = [
        (json!(null), &both),
        (json!({}), &both),
        (json!({ "status": "PENDING" }), &both[1..]),
        (json!({ "status": ["PENDING", "CONFIRMED"] }), &both),
        (json!({ "status": [] }), &[]),
        (json!({ "paymentStatus": ["PAID"] }), &both[..1]),
        (json!({ "number": number }), &both[..1]),
        (json!({ "email": "somebody@BAZAAR.test" }), &both[..1]),
        (json!({ "email": "somebody" }), &[]),
        (json!({ "createdFrom": between }), &both[..1]),
        (json!({ "createdTo": between }), &both[1..]),
        (json!({ "status": "PENDING", "paymentStatus": "PAID" }), &[]),
    ];
    for (filter, expected) in cases {
        let data = shop
            .order
            .data(&admin(), STAFF_ORDERS, json!({ "filter": filter }))
            .await;
        assert_eq!(ids(&data["orders"]["nodes"]), expected, "{filter}");
        assert_eq!(data["orders"]["totalCount"], expected.len(), "{filter}");
    }

    let first = shop
        .order
        .data(&admin(), STAFF_ORDERS, json!({ "first": 1 }))
        .await;
    assert_eq!(ids(&first["orders"]["nodes"]), both[..1]);
    assert_eq!(first["orders"]["pageInfo"]["hasNextPage"], true);
    assert_eq!(first["orders"]["totalCount"], 2);
    let after = &first["orders"]["pageInfo"]["endCursor"];
    let second = shop
        .order
        .data(
            &admin(),
            STAFF_ORDERS,
            json!({ "first": 1, "after": after }),
        )
        .await;
    assert_eq!(ids(&second["orders"]["nodes"]), both[1..]);
    assert_eq!(second["orders"]["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn only_staff_lists_all_orders() {
    let shop = Shop::open().await;
    for (caller, code) in [
        (Caller::Guest, "UNAUTHENTICATED"),
        (Caller::Customer(UserId::generate()), "FORBIDDEN"),
        (
            Caller::Staff(UserId::generate(), vec![Role::Warehouse]),
            "FORBIDDEN",
        ),
    ] {
        let response = shop.order.execute(&caller, STAFF_ORDERS, json!({})).await;
        assert_eq!(response["errors"][0]["extensions"]["code"], code);
    }
}
