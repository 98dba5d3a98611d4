use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, code, field};

#[tokio::test]
async fn what_is_given_changes_and_null_removes() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    let selection = "user { profile { name phone locale } }";
    for (input, expected) in [
        (
            json!({}),
            json!({ "name": "Budi", "phone": null, "locale": "id-ID" }),
        ),
        (
            json!({ "phone": " +62 812 345 " }),
            json!({ "name": "Budi", "phone": "+62 812 345", "locale": "id-ID" }),
        ),
        (
            json!({ "name": "Budi Santoso", "locale": "en-US" }),
            json!({ "name": "Budi Santoso", "phone": "+62 812 345", "locale": "en-US" }),
        ),
        (
            json!({ "name": null, "phone": "" }),
            json!({ "name": null, "phone": null, "locale": "en-US" }),
        ),
    ] {
        let payload = shop
            .mutate(&tokens.caller(), "profileUpdate", selection, input)
            .await;
        assert_eq!(
            (&payload["user"]["profile"], &payload["userErrors"]),
            (&expected, &json!([]))
        );
        let me = shop
            .subgraph
            .data(
                &tokens.caller(),
                "{ me { profile { name phone locale } } }",
                json!({}),
            )
            .await;
        assert_eq!(me["me"]["profile"], expected);
    }
}

#[tokio::test]
async fn bad_fields_are_named_and_nothing_changes() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    for (path, value) in [
        ("name", "x".repeat(101)),
        ("name", "a\u{7}b".to_owned()),
        ("phone", "call me".to_owned()),
        ("locale", "?".to_owned()),
    ] {
        let input = json!({ "name": "Changed", path: value });
        let payload = shop
            .mutate(&tokens.caller(), "profileUpdate", "user { id }", input)
            .await;
        assert_eq!(
            (code(&payload), field(&payload)),
            ("PROFILE_INVALID", &json!(["input", path]))
        );
        assert_eq!(payload["user"], Value::Null);
    }
    let me = shop
        .subgraph
        .data(&tokens.caller(), "{ me { profile { name } } }", json!({}))
        .await;
    assert_eq!(me["me"]["profile"]["name"], json!("Budi"));
    assert_eq!(
        shop.mutate_error(&Caller::Guest, "profileUpdate", json!({}))
            .await,
        "UNAUTHENTICATED"
    );
}
