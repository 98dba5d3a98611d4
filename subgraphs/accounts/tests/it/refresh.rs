use accounts::entity::refresh_token;
use auth::Role;
use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, Tokens, code};

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_opaque_stored_hashed_and_used_once() {
    let shop = Shop::open().await;
    let (_, first) = shop.customer("budi@bazaar.test").await;
    let second = shop.refresh(&first.refresh).await;
    let third = shop.refresh(&second.refresh).await;
    for tokens in [&first, &second, &third] {
        assert_eq!(tokens.refresh.len(), 43, "256 bits in base64url");
    }
    assert!(
        first.refresh != second.refresh
            && second.refresh != third.refresh
            && first.refresh != third.refresh
    );
    assert_ne!(first.access, second.access);

    let rows = refresh_token::Entity::find()
        .all(&shop.subgraph.deps.db)
        .await
        .expect("tokens");
    assert_eq!(rows.len(), 3);
    let mut hashes = [&first, &second, &third]
        .map(|tokens| auth::hash_token(&tokens.refresh))
        .to_vec();
    let mut stored: Vec<String> = rows.into_iter().map(|row| row.token_hash).collect();
    hashes.sort();
    stored.sort();
    assert_eq!(stored, hashes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_token_ends_the_whole_session_and_no_other() {
    let shop = Shop::open().await;
    let (_, first) = shop.customer("budi@bazaar.test").await;
    let elsewhere = shop
        .login("budi@bazaar.test", crate::fixture::PASSWORD)
        .await;
    let second = shop.refresh(&first.refresh).await;
    shop.advance(TimeDelta::seconds(10));

    shop.assert_refused(&first.refresh, "TOKEN_REUSED").await;
    shop.assert_refused(&second.refresh, "TOKEN_REUSED").await;
    shop.refresh(&elsewhere.refresh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_repeated_once() {
    let shop = Shop::open().await;
    let (_, first) = shop.customer("budi@bazaar.test").await;
    let lost = shop.refresh(&first.refresh).await;
    shop.advance(TimeDelta::seconds(9));
    let again = shop.refresh(&first.refresh).await;
    assert_eq!(
        again.refresh, lost.refresh,
        "the session goes on in one line"
    );
    shop.refresh(&again.refresh).await;

    let (_, first) = shop.customer("siti@bazaar.test").await;
    shop.refresh(&first.refresh).await;
    shop.refresh(&first.refresh).await;
    shop.assert_refused(&first.refresh, "TOKEN_REUSED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_arrived_is_not_repeated() {
    let shop = Shop::open().await;
    let (_, first) = shop.customer("budi@bazaar.test").await;
    let second = shop.refresh(&first.refresh).await;
    let third = shop.refresh(&second.refresh).await;
    shop.assert_refused(&first.refresh, "TOKEN_REUSED").await;
    shop.assert_refused(&third.refresh, "TOKEN_REUSED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_refreshes_at_once_agree() {
    let shop = Shop::open().await;
    let (_, first) = shop.customer("budi@bazaar.test").await;
    let (one, other) = join(shop.refresh(&first.refresh), shop.refresh(&first.refresh)).await;
    assert_eq!(one.refresh, other.refresh);
    shop.refresh(&one.refresh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_refreshes_at_once_end_the_session() {
    let shop = Shop::open().await;
    let (_, first) = shop.customer("budi@bazaar.test").await;
    let payloads = join_all((0..8).map(|_| shop.try_refresh(&first.refresh))).await;
    let (good, refused): (Vec<&Value>, Vec<&Value>) = payloads
        .iter()
        .partition(|payload| payload["session"].is_object());
    assert_eq!(good.len(), 2, "the answer and its repetition");
    assert!(
        refused
            .iter()
            .all(|payload| code(payload) == "TOKEN_REUSED")
    );
    let successor = good[0]["session"]["refreshToken"]
        .as_str()
        .expect("a token");
    shop.assert_refused(successor, "TOKEN_REUSED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_expires_when_idle_and_at_the_latest_after_ninety_days() {
    let shop = Shop::open().await;
    let (_, idle) = shop.customer("budi@bazaar.test").await;
    shop.advance(TimeDelta::days(30));
    shop.assert_refused(&idle.refresh, "TOKEN_EXPIRED").await;

    let (_, mut busy) = shop.customer("siti@bazaar.test").await;
    for _ in 0..4 {
        shop.advance(TimeDelta::days(20));
        busy = shop.refresh(&busy.refresh).await;
    }
    shop.advance(TimeDelta::days(9));
    busy = shop.refresh(&busy.refresh).await;
    shop.advance(TimeDelta::days(1));
    shop.assert_refused(&busy.refresh, "TOKEN_EXPIRED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_refresh_token_is_refused() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    for other in [
        "",
        "x",
        &tokens.access,
        &auth::hash_token(&tokens.refresh),
        &"x".repeat(10_000),
    ] {
        shop.assert_refused(other, "TOKEN_INVALID").await;
    }
    shop.refresh(&tokens.refresh).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_no_access_token() {
    let shop = Shop::open().await;
    let (_, tokens) = shop.customer("budi@bazaar.test").await;
    let response = shop
        .subgraph
        .execute(&Caller::Token(tokens.refresh), "{ me { id } }", json!({}))
        .await;
    assert_eq!(crate::fixture::error_code(&response), "UNAUTHENTICATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_works_with_an_expired_access_token_and_brings_new_roles() {
    let shop = Shop::open().await;
    let (_, admin) = shop.staff("admin@bazaar.test", &[Role::Admin]).await;
    let (user_id, tokens) = shop.customer("budi@bazaar.test").await;
    let roles = json!({ "userId": user_id, "roles": ["WAREHOUSE", "CUSTOMER"] });
    let assigned = shop
        .mutate(&admin.caller(), "roleAssign", "user { roles }", roles)
        .await;
    assert_eq!(assigned["user"]["roles"], json!(["CUSTOMER", "WAREHOUSE"]));

    shop.advance(TimeDelta::minutes(20));
    let input = json!({ "refreshToken": tokens.refresh });
    let payload = shop
        .mutate(
            &tokens.caller(),
            "tokenRefresh",
            "session { accessToken refreshToken }",
            input,
        )
        .await;
    let access = payload["session"]["accessToken"]
        .as_str()
        .expect("a token")
        .to_owned();
    let new = Tokens {
        access,
        refresh: String::new(),
    };
    let deps = &shop.subgraph.deps;
    let principal = deps
        .verifier
        .verify(&new.access, deps.clock.now())
        .expect("a good token");
    assert!(principal.has_role(Role::Warehouse) && principal.has_scope("inventory:write"));
}
