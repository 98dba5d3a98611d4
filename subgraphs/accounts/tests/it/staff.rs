use auth::Role;
use events::id::UserId;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, code, error_code, field};

const MUTATIONS: [&str; 3] = ["roleAssign", "userSuspend", "userReactivate"];

fn input(mutation: &str, user_id: &Value) -> Value {
    match mutation {
        "roleAssign" => json!({ "userId": user_id, "roles": ["CATALOG"] }),
        _ => json!({ "userId": user_id }),
    }
}

#[tokio::test]
async fn only_administrators_change_users() {
    let shop = Shop::open().await;
    let (budi_id, budi) = shop.customer("budi@bazaar.test").await;
    let (_, support) = shop
        .staff(
            "support@bazaar.test",
            &[Role::Support, Role::Catalog, Role::Finance],
        )
        .await;
    for mutation in MUTATIONS {
        for (caller, expected) in [
            (Caller::Guest, "UNAUTHENTICATED"),
            (budi.caller(), "FORBIDDEN"),
            (support.caller(), "FORBIDDEN"),
        ] {
            let code = shop
                .mutate_error(&caller, mutation, input(mutation, &json!(budi_id)))
                .await;
            assert_eq!(code, expected, "{mutation}");
        }
    }
    let me = shop
        .subgraph
        .data(&budi.caller(), "{ me { roles status } }", json!({}))
        .await;
    assert_eq!(
        me["me"],
        json!({ "roles": ["CUSTOMER"], "status": "ACTIVE" })
    );
}

#[tokio::test]
async fn a_token_of_a_former_administrator_changes_nothing() {
    let shop = Shop::open().await;
    let (boss_id, boss) = shop.staff("boss@bazaar.test", &[Role::Admin]).await;
    let (former_id, former) = shop.staff("former@bazaar.test", &[Role::Admin]).await;
    let roles = json!({ "userId": former_id, "roles": ["SUPPORT"] });
    shop.mutate(&boss.caller(), "roleAssign", "user { id }", roles)
        .await;
    for mutation in MUTATIONS {
        let code = shop
            .mutate_error(&former.caller(), mutation, input(mutation, &json!(boss_id)))
            .await;
        assert_eq!(code, "FORBIDDEN", "{mutation}");
    }
    shop.mutate(
        &boss.caller(),
        "userSuspend",
        "user { id }",
        json!({ "userId": former_id }),
    )
    .await;
    for mutation in MUTATIONS {
        let code = shop
            .mutate_error(&former.caller(), mutation, input(mutation, &json!(boss_id)))
            .await;
        assert_eq!(code, "UNAUTHENTICATED", "{mutation}");
    }
}

#[tokio::test]
async fn a_token_outlives_neither_the_role_nor_the_account_when_it_reads() {
    let shop = Shop::open().await;
    let (boss_id, boss) = shop.staff("boss@bazaar.test", &[Role::Admin]).await;
    let (former_id, former) = shop.staff("former@bazaar.test", &[Role::Admin]).await;
    let one = "query($id: ID!) { user(id: $id) { email } }";
    let all = "{ users { nodes { email } } }";
    let reference =
        "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { email } } }";
    let execute = async |query: &str, variables: Value| {
        shop.subgraph
            .execute(&former.caller(), query, variables)
            .await
    };

    let roles = json!({ "userId": former_id, "roles": ["CUSTOMER"] });
    shop.mutate(&boss.caller(), "roleAssign", "user { id }", roles)
        .await;
    let boss_seen = execute(one, json!({ "id": boss_id })).await;
    assert_eq!(boss_seen["data"]["user"], Value::Null);
    assert_eq!(error_code(&execute(all, json!({})).await), "FORBIDDEN");
    let own = execute(one, json!({ "id": former_id })).await;
    assert_eq!(own["data"]["user"]["email"], "former@bazaar.test");

    let suspended = json!({ "userId": former_id });
    shop.mutate(&boss.caller(), "userSuspend", "user { id }", suspended)
        .await;
    for (query, variables) in [
        (one, json!({ "id": boss_id })),
        (one, json!({ "id": former_id })),
        (all, json!({})),
    ] {
        let answer = execute(query, variables).await;
        assert_eq!(error_code(&answer), "UNAUTHENTICATED", "{answer}");
    }
    let (budi_id, budi) = shop.customer("budi@bazaar.test").await;
    let suspended = json!({ "userId": budi_id });
    shop.mutate(&boss.caller(), "userSuspend", "user { id }", suspended)
        .await;
    let itself = json!({ "r": [{ "__typename": "User", "id": budi_id }] });
    let data = shop.subgraph.data(&budi.caller(), reference, itself).await;
    assert_eq!(data["_entities"][0]["email"], Value::Null);
}

#[tokio::test]
async fn roles_are_replaced_as_a_whole() {
    let shop = Shop::open().await;
    let (_, admin) = shop.staff("admin@bazaar.test", &[Role::Admin]).await;
    let (budi_id, _) = shop.customer("budi@bazaar.test").await;
    for (roles, expected) in [
        (
            json!(["WAREHOUSE", "CATALOG", "CATALOG"]),
            json!(["CATALOG", "WAREHOUSE"]),
        ),
        (json!(["SELLER"]), json!(["SELLER"])),
        (json!([]), json!(["CUSTOMER"])),
    ] {
        let input = json!({ "userId": budi_id, "roles": roles });
        let payload = shop
            .mutate(&admin.caller(), "roleAssign", "user { roles }", input)
            .await;
        assert_eq!(
            (&payload["user"]["roles"], &payload["userErrors"]),
            (&expected, &json!([]))
        );
    }
    for role in ["GUEST", "PARTNER"] {
        let input = json!({ "userId": budi_id, "roles": ["CATALOG", role] });
        let payload = shop
            .mutate(&admin.caller(), "roleAssign", "user { roles }", input)
            .await;
        assert_eq!(
            (code(&payload), field(&payload)),
            ("ROLE_NOT_ASSIGNABLE", &json!(["input", "roles"]))
        );
    }
}

#[tokio::test]
async fn administrators_cannot_shut_themselves_out() {
    let shop = Shop::open().await;
    let (admin_id, admin) = shop.staff("admin@bazaar.test", &[Role::Admin]).await;
    for mutation in MUTATIONS {
        let payload = shop
            .mutate(
                &admin.caller(),
                mutation,
                "user { id }",
                input(mutation, &json!(admin_id)),
            )
            .await;
        assert_eq!(
            (code(&payload), field(&payload)),
            ("OWN_ACCOUNT", &json!(["input", "userId"])),
            "{mutation}"
        );
    }
    let more = json!({ "userId": admin_id, "roles": ["ADMIN", "CATALOG"] });
    let payload = shop
        .mutate(&admin.caller(), "roleAssign", "user { roles }", more)
        .await;
    assert_eq!(payload["user"]["roles"], json!(["CATALOG", "ADMIN"]));
}

#[tokio::test]
async fn suspending_can_be_repeated_and_taken_back() {
    let shop = Shop::open().await;
    let (_, admin) = shop.staff("admin@bazaar.test", &[Role::Admin]).await;
    let (budi_id, _) = shop.customer("budi@bazaar.test").await;
    for (mutation, expected) in [
        ("userSuspend", "SUSPENDED"),
        ("userSuspend", "SUSPENDED"),
        ("userReactivate", "ACTIVE"),
        ("userReactivate", "ACTIVE"),
    ] {
        let payload = shop
            .mutate(
                &admin.caller(),
                mutation,
                "user { status }",
                json!({ "userId": budi_id }),
            )
            .await;
        assert_eq!(
            (&payload["user"]["status"], &payload["userErrors"]),
            (&json!(expected), &json!([]))
        );
    }
    for mutation in MUTATIONS {
        for unknown in [json!(UserId::generate()), json!("usr_x")] {
            let payload = shop
                .mutate(
                    &admin.caller(),
                    mutation,
                    "user { id }",
                    input(mutation, &unknown),
                )
                .await;
            assert_eq!(
                (code(&payload), field(&payload)),
                ("USER_NOT_FOUND", &json!(["input", "userId"]))
            );
        }
    }
}
