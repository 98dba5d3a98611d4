use accounts::entity::{login_failure, refresh_token, session};
use auth::Role;
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use test_support::Caller;

use crate::fixture::{PASSWORD, Shop, error_code};

const LOGOUT_ALL: &str = "mutation { logoutAll { endedSessions userErrors { code } } }";

#[tokio::test]
async fn logout_ends_one_session_and_can_be_repeated() {
    let shop = Shop::open().await;
    let (_, here) = shop.customer("budi@bazaar.test").await;
    let there = shop.login("budi@bazaar.test", PASSWORD).await;
    for token in [here.refresh.as_str(), &here.refresh, "unknown"] {
        let payload = shop
            .mutate(
                &Caller::Guest,
                "logout",
                "",
                json!({ "refreshToken": token }),
            )
            .await;
        assert_eq!(payload["userErrors"], json!([]));
    }
    shop.assert_refused(&here.refresh, "TOKEN_INVALID").await;
    shop.refresh(&there.refresh).await;
}

#[tokio::test]
async fn logout_with_an_older_token_ends_the_session_too() {
    let shop = Shop::open().await;
    let (_, first) = shop.customer("budi@bazaar.test").await;
    let second = shop.refresh(&first.refresh).await;
    shop.mutate(
        &Caller::Guest,
        "logout",
        "",
        json!({ "refreshToken": first.refresh }),
    )
    .await;
    shop.assert_refused(&second.refresh, "TOKEN_INVALID").await;
}

#[tokio::test]
async fn logout_all_ends_the_callers_sessions_and_nobody_elses() {
    let shop = Shop::open().await;
    let (_, one) = shop.customer("budi@bazaar.test").await;
    let two = shop.login("budi@bazaar.test", PASSWORD).await;
    let (_, other) = shop.customer("siti@bazaar.test").await;

    let data = shop
        .subgraph
        .data(&one.caller(), LOGOUT_ALL, json!({}))
        .await;
    assert_eq!(
        data["logoutAll"],
        json!({ "endedSessions": 2, "userErrors": [] })
    );
    shop.assert_refused(&one.refresh, "TOKEN_INVALID").await;
    shop.assert_refused(&two.refresh, "TOKEN_INVALID").await;
    shop.refresh(&other.refresh).await;

    let response = shop
        .subgraph
        .execute(&Caller::Guest, LOGOUT_ALL, json!({}))
        .await;
    assert_eq!(error_code(&response), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_suspension_ends_all_sessions_and_is_told_as_an_ended_session() {
    let shop = Shop::open().await;
    let (_, admin) = shop.staff("admin@bazaar.test", &[Role::Admin]).await;
    let (user_id, tokens) = shop.customer("budi@bazaar.test").await;
    shop.mutate(
        &admin.caller(),
        "userSuspend",
        "user { status }",
        json!({ "userId": user_id }),
    )
    .await;
    shop.assert_refused(&tokens.refresh, "TOKEN_INVALID").await;

    // The access token has not expired, but is no good here.
    let me = shop
        .subgraph
        .execute(&tokens.caller(), "{ me { id } }", json!({}))
        .await;
    assert_eq!(error_code(&me), "UNAUTHENTICATED");
    let code = shop
        .mutate_error(
            &tokens.caller(),
            "profileUpdate",
            json!({ "name": "Nobody" }),
        )
        .await;
    assert_eq!(code, "UNAUTHENTICATED");

    shop.mutate(
        &admin.caller(),
        "userReactivate",
        "user { status }",
        json!({ "userId": user_id }),
    )
    .await;
    shop.assert_refused(&tokens.refresh, "TOKEN_INVALID").await;
    shop.login("budi@bazaar.test", PASSWORD).await;
}

#[tokio::test]
async fn what_expired_long_ago_is_purged_and_nothing_else() {
    let shop = Shop::open().await;
    shop.customer("budi@bazaar.test").await;
    shop.try_login("budi@bazaar.test", "wrong horse").await;
    let counts = async || {
        let db = &shop.subgraph.deps.db;
        (
            session::Entity::find().count(db).await.expect("counts"),
            refresh_token::Entity::find()
                .count(db)
                .await
                .expect("counts"),
            login_failure::Entity::find()
                .count(db)
                .await
                .expect("counts"),
        )
    };
    shop.subgraph.run_job("accounts.purge").await;
    assert_eq!(counts().await, (1, 1, 1));
    shop.advance(TimeDelta::days(38));
    let fresh = shop.login("budi@bazaar.test", PASSWORD).await;
    shop.subgraph.run_job("accounts.purge").await;
    assert_eq!(
        counts().await,
        (2, 1, 0),
        "the first token, not its session"
    );
    shop.advance(TimeDelta::days(60));
    shop.subgraph.run_job("accounts.purge").await;
    assert_eq!(counts().await, (1, 0, 0));
    shop.assert_refused(&fresh.refresh, "TOKEN_INVALID").await;
}
