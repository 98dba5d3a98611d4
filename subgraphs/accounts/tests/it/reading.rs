use auth::Role;
use chrono::TimeDelta;
use events::id::UserId;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, error_code};

const PRIVATE: &str =
    "email roles profile { name } addresses { id } status createdAt emailVerifiedAt lastLoginAt";

#[tokio::test]
async fn me_is_null_for_guests_and_an_error_for_a_bad_token() {
    let shop = Shop::open().await;
    let (user_id, tokens) = shop.customer("budi@bazaar.test").await;
    let me = "{ me { id } }";
    assert_eq!(
        shop.subgraph.data(&Caller::Guest, me, json!({})).await,
        json!({ "me": null })
    );
    assert_eq!(
        shop.subgraph.data(&tokens.caller(), me, json!({})).await,
        json!({ "me": { "id": user_id } })
    );

    let nobody = Caller::Customer(UserId::generate());
    for caller in [Caller::Token("garbage".to_owned()), nobody] {
        let response = shop.subgraph.execute(&caller, me, json!({})).await;
        assert_eq!(
            (error_code(&response).as_str(), &response["data"]["me"]),
            ("UNAUTHENTICATED", &Value::Null)
        );
    }
    shop.advance(TimeDelta::minutes(11));
    let response = shop.subgraph.execute(&tokens.caller(), me, json!({})).await;
    assert_eq!(error_code(&response), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_user_is_found_by_themselves_and_by_staff_only() {
    let shop = Shop::open().await;
    let (budi_id, budi) = shop.customer("budi@bazaar.test").await;
    let (_, siti) = shop.customer("siti@bazaar.test").await;
    let (_, support) = shop.staff("support@bazaar.test", &[Role::Support]).await;
    let (_, warehouse) = shop
        .staff("warehouse@bazaar.test", &[Role::Warehouse])
        .await;
    let query = "query($id: ID!) { user(id: $id) { id email } }";
    let found = json!({ "user": { "id": budi_id, "email": "budi@bazaar.test" } });
    for caller in [budi.caller(), support.caller()] {
        assert_eq!(
            shop.subgraph
                .data(&caller, query, json!({ "id": budi_id }))
                .await,
            found
        );
        for unknown in [json!(UserId::generate()), json!("usr_x"), json!("")] {
            let data = shop
                .subgraph
                .data(&caller, query, json!({ "id": unknown }))
                .await;
            assert_eq!(data, json!({ "user": null }));
        }
    }
    for caller in [siti.caller(), warehouse.caller(), Caller::Guest] {
        assert_eq!(
            shop.subgraph
                .data(&caller, query, json!({ "id": budi_id }))
                .await,
            json!({ "user": null })
        );
    }
    let response = shop
        .subgraph
        .execute(
            &Caller::Token("x".to_owned()),
            query,
            json!({ "id": budi_id }),
        )
        .await;
    assert_eq!(error_code(&response), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_reference_shows_private_fields_to_the_user_and_to_staff_only() {
    let shop = Shop::open().await;
    let (budi_id, budi) = shop.customer("budi@bazaar.test").await;
    let (_, siti) = shop.customer("siti@bazaar.test").await;
    let (_, support) = shop.staff("support@bazaar.test", &[Role::Support]).await;
    let query = format!(
        "query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on User {{ id {PRIVATE} }} }} }}"
    );
    let representations = json!({ "r": [
        { "__typename": "User", "id": budi_id },
        { "__typename": "User", "id": UserId::generate() },
        { "__typename": "User", "id": "usr_garbage" },
    ] });
    for (caller, sees) in [
        (budi.caller(), true),
        (support.caller(), true),
        (siti.caller(), false),
        (Caller::Guest, false),
        (Caller::Token("bad".to_owned()), false),
    ] {
        let data = shop
            .subgraph
            .data(&caller, &query, representations.clone())
            .await;
        let entities = data["_entities"].as_array().expect("a list");
        assert_eq!(entities[1..], [Value::Null, Value::Null]);
        let user = entities[0].as_object().expect("the user");
        assert_eq!(user["id"], json!(budi_id));
        if sees {
            assert_eq!(user["email"], json!("budi@bazaar.test"));
            assert_eq!(
                (&user["roles"], &user["status"]),
                (&json!(["CUSTOMER"]), &json!("ACTIVE"))
            );
            assert_eq!(user["addresses"], json!([]));
            assert!(user["createdAt"].is_string() && user["lastLoginAt"].is_string());
        } else {
            assert!(
                user.iter()
                    .all(|(name, value)| name == "id" || value.is_null()),
                "{user:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_payload_shows_users_to_themselves_although_the_request_was_anonymous() {
    let shop = Shop::open().await;
    let input = json!({ "email": "budi@bazaar.test", "password": "correct horse" });
    let selection = format!("user {{ {PRIVATE} }}");
    let registered = shop
        .mutate(&Caller::Guest, "accountRegister", &selection, input.clone())
        .await;
    let login = shop
        .mutate(&Caller::Guest, "login", &selection, input)
        .await;
    for payload in [registered, login] {
        assert_eq!(payload["user"]["email"], json!("budi@bazaar.test"));
        assert_eq!(payload["user"]["addresses"], json!([]));
    }
}
