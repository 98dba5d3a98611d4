use accounts::demo::{self, DemoAccount};
use auth::Role;
use chrono::TimeDelta;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{PASSWORD, Shop, config, error_code};

const USERS: &str = "query($first: Int, $after: String, $filter: UserFilter) {
  users(first: $first, after: $after, filter: $filter) {
    totalCount
    nodes { email }
    edges { cursor node { email roles addresses { id } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}";

/// Adds users `<from>@bazaar.test` and following, a minute apart.
async fn add(shop: &Shop, numbers: std::ops::Range<usize>, roles: &[Role]) {
    for number in numbers {
        let deps = &shop.subgraph.deps;
        let email = format!("user{number:02}@bazaar.test");
        let account = DemoAccount {
            email: &email,
            password: PASSWORD,
            name: "User",
            roles,
        };
        demo::account(&deps.db, &config(), deps.clock.now(), account)
            .await
            .expect("an account");
        deps.clock.advance(TimeDelta::seconds(1));
    }
}

fn emails(data: &Value) -> Vec<&str> {
    let nodes = data["users"]["nodes"].as_array().expect("a list");
    nodes
        .iter()
        .map(|node| node["email"].as_str().expect("visible to staff"))
        .collect()
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_and_stay_put_under_inserts() {
    let shop = Shop::open().await;
    add(&shop, 0..5, &[Role::Customer]).await;
    let (_, support) = shop.staff("support@bazaar.test", &[Role::Support]).await;

    let first = shop
        .subgraph
        .data(&support.caller(), USERS, json!({ "first": 3 }))
        .await;
    assert_eq!(
        emails(&first),
        [
            "support@bazaar.test",
            "user04@bazaar.test",
            "user03@bazaar.test"
        ]
    );
    assert_eq!(first["users"]["totalCount"], json!(6));
    let info = &first["users"]["pageInfo"];
    assert_eq!(
        (&info["hasNextPage"], &info["hasPreviousPage"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(info["endCursor"], first["users"]["edges"][2]["cursor"]);
    assert_eq!(
        first["users"]["edges"][0]["node"]["roles"],
        json!(["SUPPORT"])
    );

    add(&shop, 7..9, &[Role::Customer]).await;
    let after = json!({ "first": 3, "after": info["endCursor"] });
    let second = shop.subgraph.data(&support.caller(), USERS, after).await;
    assert_eq!(
        emails(&second),
        [
            "user02@bazaar.test",
            "user01@bazaar.test",
            "user00@bazaar.test"
        ]
    );
    let info = &second["users"]["pageInfo"];
    assert_eq!(
        (&info["hasNextPage"], &info["hasPreviousPage"]),
        (&json!(false), &json!(true))
    );
}

#[tokio::test]
async fn filters_combine() {
    let shop = Shop::open().await;
    add(&shop, 0..2, &[Role::Customer]).await;
    add(&shop, 2..4, &[Role::Catalog, Role::Customer]).await;
    add(&shop, 4..5, &[Role::Warehouse]).await;
    let (_, admin) = shop.staff("admin@bazaar.test", &[Role::Admin]).await;
    let suspended = json!({ "userId": events::id::UserId::from_name("user00@bazaar.test") });
    shop.mutate(&admin.caller(), "userSuspend", "user { id }", suspended)
        .await;

    for (filter, expected) in [
        (
            json!({ "role": ["CATALOG", "WAREHOUSE"] }),
            vec!["user04", "user03", "user02"],
        ),
        (
            json!({ "role": ["CUSTOMER"], "status": ["ACTIVE"] }),
            vec!["user03", "user02", "user01"],
        ),
        (json!({ "status": ["SUSPENDED"] }), vec!["user00"]),
        (
            json!({ "emailPrefix": "USER0", "role": ["WAREHOUSE"] }),
            vec!["user04"],
        ),
        (json!({ "emailPrefix": "user_" }), vec![]),
        (json!({ "emailPrefix": "%" }), vec![]),
        (json!({ "emailPrefix": "u".repeat(255) }), vec![]),
        (json!({ "emailPrefix": "u".repeat(100_000) }), vec![]),
        (json!({ "emailPrefix": "user\0" }), vec![]),
        (
            json!({ "emailPrefix": "adm", "role": [], "status": [] }),
            vec!["admin"],
        ),
    ] {
        let data = shop
            .subgraph
            .data(&admin.caller(), USERS, json!({ "filter": filter }))
            .await;
        let expected: Vec<String> = expected
            .iter()
            .map(|name| format!("{name}@bazaar.test"))
            .collect();
        assert_eq!(emails(&data), expected, "{filter}");
        assert_eq!(
            data["users"]["totalCount"],
            json!(expected.len()),
            "{filter}"
        );
    }
}

#[tokio::test]
async fn the_list_is_for_staff_and_for_proper_pages() {
    let shop = Shop::open().await;
    let (_, customer) = shop.customer("budi@bazaar.test").await;
    let (_, support) = shop.staff("support@bazaar.test", &[Role::Support]).await;
    for (caller, expected) in [
        (Caller::Guest, "UNAUTHENTICATED"),
        (customer.caller(), "FORBIDDEN"),
    ] {
        let response = shop.subgraph.execute(&caller, USERS, json!({})).await;
        assert_eq!(error_code(&response), expected);
    }
    for bad in [
        json!({ "first": 0 }),
        json!({ "first": 101 }),
        json!({ "after": "x" }),
    ] {
        let response = shop.subgraph.execute(&support.caller(), USERS, bad).await;
        assert_eq!(error_code(&response), "BAD_USER_INPUT");
    }
}

// On one thread, a batch is what is asked for in one pass over the answer, however slow the machine.
#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_users() {
    let shop = Shop::open().await;
    let (_, support) = shop.staff("support@bazaar.test", &[Role::Support]).await;
    let references = "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { email roles addresses { id } } } }";
    let statements = async |users: usize| {
        let before = shop.subgraph.statements.count();
        let data = shop
            .subgraph
            .data(&support.caller(), USERS, json!({ "first": 100 }))
            .await;
        assert_eq!(emails(&data).len(), users + 1);
        let listed = shop.subgraph.statements.count();

        let representation = |number: usize| {
            let id = events::id::UserId::from_name(&format!("user{number:02}@bazaar.test"));
            json!({ "__typename": "User", "id": id })
        };
        let representations: Vec<Value> = (0..users).map(representation).collect();
        let data = shop
            .subgraph
            .data(
                &support.caller(),
                references,
                json!({ "r": representations }),
            )
            .await;
        assert!(
            data["_entities"]
                .as_array()
                .expect("a list")
                .iter()
                .all(Value::is_object)
        );
        (listed - before, shop.subgraph.statements.count() - listed)
    };
    add(&shop, 0..5, &[Role::Customer]).await;
    let few = statements(5).await;
    add(&shop, 5..50, &[Role::Customer]).await;
    assert_eq!(statements(50).await, few);
    assert_eq!(
        few,
        (6, 3),
        "the caller and their roles, users, count, roles, addresses; users, roles, addresses"
    );
}
