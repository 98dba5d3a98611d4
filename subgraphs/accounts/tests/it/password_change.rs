use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{PASSWORD, Shop, code, field};

const NEW_PASSWORD: &str = "battery staple";

async fn change(shop: &Shop, caller: &Caller, current: &str, new: &str) -> Value {
    let input = json!({ "currentPassword": current, "newPassword": new });
    shop.mutate(
        caller,
        "passwordChange",
        "session { accessToken refreshToken } user { id }",
        input,
    )
    .await
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one_and_all_sessions() {
    let shop = Shop::open().await;
    let (user_id, here) = shop.customer("budi@bazaar.test").await;
    let there = shop.login("budi@bazaar.test", PASSWORD).await;

    let payload = change(&shop, &here.caller(), PASSWORD, NEW_PASSWORD).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(payload["user"]["id"], json!(user_id));
    shop.assert_refused(&here.refresh, "TOKEN_INVALID").await;
    shop.assert_refused(&there.refresh, "TOKEN_INVALID").await;
    shop.refresh(
        payload["session"]["refreshToken"]
            .as_str()
            .expect("a token"),
    )
    .await;

    assert_eq!(
        code(&shop.try_login("budi@bazaar.test", PASSWORD).await),
        "INVALID_CREDENTIALS"
    );
    shop.login("budi@bazaar.test", NEW_PASSWORD).await;
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    let payload = change(&shop, &tokens.caller(), "wrong horse", NEW_PASSWORD).await;
    assert_eq!(
        (code(&payload), &payload["session"]),
        ("INVALID_CREDENTIALS", &Value::Null)
    );
    for weak in ["short", "password123", "BUDI@bazaar.test"] {
        let payload = change(&shop, &tokens.caller(), PASSWORD, weak).await;
        assert_eq!(
            (code(&payload), field(&payload)),
            ("PASSWORD_TOO_WEAK", &json!(["input", "newPassword"]))
        );
    }
    shop.refresh(&tokens.refresh).await;
    shop.login("budi@bazaar.test", PASSWORD).await;

    let input = json!({ "currentPassword": PASSWORD, "newPassword": NEW_PASSWORD });
    assert_eq!(
        shop.mutate_error(&Caller::Guest, "passwordChange", input)
            .await,
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn a_stolen_access_token_does_not_help_guessing() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    for _ in 0..5 {
        let payload = change(&shop, &tokens.caller(), "wrong horse", NEW_PASSWORD).await;
        assert_eq!(code(&payload), "INVALID_CREDENTIALS");
    }
    assert_eq!(
        code(&change(&shop, &tokens.caller(), PASSWORD, NEW_PASSWORD).await),
        "RATE_LIMITED"
    );
}
