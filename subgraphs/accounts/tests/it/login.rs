use std::collections::BTreeMap;
use std::thread::available_parallelism;

use accounts::Config;
use accounts::config::Argon2Cost;
use accounts::entity::{login_failure, user};
use auth::Role;
use chrono::{DateTime, TimeDelta, Utc};
use events::Event;
use events::accounts::UserLoggedIn;
use events::id::CartId;
use futures_util::future::join_all;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{PASSWORD, Shop, code, config};

#[tokio::test(flavor = "multi_thread")]
async fn the_access_token_says_who_somebody_is_for_ten_minutes() {
    let shop = Shop::open().await;
    let (staff_id, tokens) = shop
        .staff("staff@bazaar.test", &[Role::Support, Role::Catalog])
        .await;
    let (deps, now) = (&shop.subgraph.deps, shop.subgraph.deps.clock.now());

    let principal = deps
        .verifier
        .verify(&tokens.access, now)
        .expect("a good token");
    assert_eq!(principal.user_id(), Some(staff_id.to_string().as_str()));
    assert_eq!(principal.email(), Some("staff@bazaar.test"));
    assert_eq!(
        principal.scopes().collect::<Vec<_>>(),
        [
            "catalog:write",
            "emails:read",
            "orders:read",
            "orders:write",
            "payments:read",
            "users:read"
        ]
    );
    let later = now + TimeDelta::minutes(11);
    assert_eq!(
        deps.verifier.verify(&tokens.access, later),
        Err(auth::AuthError::TokenExpired)
    );

    let payload = shop.try_login("staff@bazaar.test", PASSWORD).await;
    let expires = |field: &str| -> DateTime<Utc> {
        payload["session"][field]
            .as_str()
            .expect("a time")
            .parse()
            .expect("RFC 3339")
    };
    let lasts = |field: &str| expires(field) - deps.clock.now();
    assert!((lasts("expiresAt") - TimeDelta::minutes(10)).abs() < TimeDelta::minutes(1));
    assert!((lasts("refreshExpiresAt") - TimeDelta::days(30)).abs() < TimeDelta::minutes(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_published_with_the_guest_cart_and_the_hash_of_its_token() {
    let shop = Shop::open().await;
    let user_id = shop.register("budi@bazaar.test").await;
    let cart_id = CartId::generate();
    let of = |cart_id: Value, cart_token: Value| json!({ "email": "budi@bazaar.test", "password": PASSWORD, "cartId": cart_id, "cartToken": cart_token });
    for input in [
        of(json!(cart_id), json!("abc")),
        of(Value::Null, Value::Null),
        of(json!(cart_id), Value::Null),
        of(json!("no cart"), json!("abc")),
    ] {
        let payload = shop
            .mutate(&Caller::Guest, "login", "session { accessToken }", input)
            .await;
        assert_eq!(payload["userErrors"], json!([]));
    }

    let merge = UserLoggedIn {
        user_id,
        cart_id: Some(cart_id),
        cart_token_hash: Some(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned(),
        ),
    };
    let plain = UserLoggedIn {
        user_id,
        cart_id: None,
        cart_token_hash: None,
    };
    let events = shop.subgraph.events().await;
    assert_eq!(
        events[1..],
        [merge, plain.clone(), plain.clone(), plain].map(Event::UserLoggedIn)
    );
    let versions: Vec<i64> = shop
        .subgraph
        .envelopes()
        .await
        .iter()
        .map(|envelope| envelope.subjectversion)
        .collect();
    assert_eq!(versions, [1, 2, 3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answers() {
    let shop = Shop::open().await;
    shop.register("known@bazaar.test").await;
    for attempt in 1..=7 {
        let known = shop.try_login("known@bazaar.test", "wrong horse").await;
        let unknown = shop.try_login("unknown@bazaar.test", "wrong horse").await;
        let nonsense = shop.try_login("not an address", "wrong horse").await;
        let expected = if attempt <= 5 {
            "INVALID_CREDENTIALS"
        } else {
            "RATE_LIMITED"
        };
        for payload in [&known, &unknown, &nonsense] {
            assert_eq!(code(payload), expected, "attempt {attempt}");
            assert_eq!(
                (&payload["session"], &payload["user"]),
                (&Value::Null, &Value::Null)
            );
        }
        if attempt <= 5 {
            assert_eq!(known, unknown);
        }
    }
    let too_long = shop
        .try_login("somebody@bazaar.test", &"x".repeat(2000))
        .await;
    assert_eq!(code(&too_long), "INVALID_CREDENTIALS");

    // What is remembered does not tell what was typed.
    let rows = login_failure::Entity::find()
        .all(&shop.subgraph.deps.db)
        .await
        .expect("failures");
    assert_eq!(rows.len(), 3);
    assert!(
        rows.iter()
            .all(|row| row.account_key.len() == 64 && !row.account_key.contains('@'))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn delays_grow_and_a_right_password_after_them_forgets() {
    let mut shop = Shop::open().await;
    shop.register("budi@bazaar.test").await;
    let fail = || shop.try_login("budi@bazaar.test", "wrong horse");
    for _ in 0..5 {
        assert_eq!(code(&fail().await), "INVALID_CREDENTIALS");
    }
    let limited = shop.try_login("BUDI@bazaar.test", PASSWORD).await;
    assert_eq!(
        code(&limited),
        "RATE_LIMITED",
        "even with the right password"
    );
    assert!(
        limited["userErrors"][0]["message"]
            .as_str()
            .expect("text")
            .contains("seconds"),
        "{limited}"
    );

    // The failures are in the database: a restart does not help.
    shop.restart(config()).await;
    assert_eq!(
        code(&shop.try_login("budi@bazaar.test", PASSWORD).await),
        "RATE_LIMITED"
    );

    shop.advance(TimeDelta::seconds(31));
    assert_eq!(
        code(&shop.try_login("budi@bazaar.test", "wrong horse").await),
        "INVALID_CREDENTIALS"
    );
    shop.advance(TimeDelta::seconds(31));
    assert_eq!(
        code(&shop.try_login("budi@bazaar.test", PASSWORD).await),
        "RATE_LIMITED",
        "a minute now"
    );
    shop.advance(TimeDelta::seconds(31));
    shop.login("budi@bazaar.test", PASSWORD).await;

    for _ in 0..5 {
        assert_eq!(
            code(&shop.try_login("budi@bazaar.test", "wrong horse").await),
            "INVALID_CREDENTIALS"
        );
    }
    shop.customer("other@bazaar.test").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_guesses_gets_few_through() {
    let shop = Shop::open().await;
    shop.register("budi@bazaar.test").await;
    let payloads =
        join_all((0..30).map(|_| shop.try_login("budi@bazaar.test", "wrong horse"))).await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for payload in &payloads {
        *counts.entry(code(payload)).or_default() += 1;
    }
    let cores = available_parallelism().map_or(1, usize::from);
    let looked_at = counts["INVALID_CREDENTIALS"];
    assert!((5..5 + cores).contains(&looked_at), "{counts:?}");
    assert_eq!(counts["RATE_LIMITED"], 30 - looked_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_fields_of_one_operation_count_one_by_one() {
    let shop = Shop::open().await;
    shop.register("budi@bazaar.test").await;
    let fields: String = (0..8)
        .map(|n| {
            format!(
                "l{n}: login(input: $input) {{ session {{ accessToken }} userErrors {{ code }} }} "
            )
        })
        .collect();
    let query = format!("mutation($input: LoginInput!) {{ {fields} }}");
    let input = json!({ "input": { "email": "budi@bazaar.test", "password": "wrong horse" } });
    let data = shop.subgraph.data(&Caller::Guest, &query, input).await;
    let codes: Vec<&str> = (0..8).map(|n| code(&data[format!("l{n}")])).collect();
    assert_eq!(codes[..5], ["INVALID_CREDENTIALS"; 5]);
    assert_eq!(codes[5..], ["RATE_LIMITED"; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_shows_only_with_the_right_password() {
    let shop = Shop::open().await;
    let (_, admin) = shop.staff("admin@bazaar.test", &[Role::Admin]).await;
    let (user_id, _) = shop.customer("budi@bazaar.test").await;
    shop.mutate(
        &admin.caller(),
        "userSuspend",
        "user { status }",
        json!({ "userId": user_id }),
    )
    .await;

    assert_eq!(
        code(&shop.try_login("budi@bazaar.test", "wrong horse").await),
        "INVALID_CREDENTIALS"
    );
    let payload = shop.try_login("budi@bazaar.test", PASSWORD).await;
    assert_eq!(
        (code(&payload), &payload["session"]),
        ("ACCOUNT_SUSPENDED", &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_hashes_anew_when_the_parameters_have_changed() {
    let mut shop = Shop::open().await;
    shop.register("budi@bazaar.test").await;
    let costlier = Config {
        argon2: Argon2Cost {
            memory_kib: 16,
            iterations: 2,
            parallelism: 1,
        },
        ..config()
    };
    shop.restart(costlier).await;

    let stored = async || {
        let rows = user::Entity::find()
            .all(&shop.subgraph.deps.db)
            .await
            .expect("users");
        rows[0].password_hash.clone()
    };
    shop.try_login("budi@bazaar.test", "wrong horse").await;
    assert!(
        stored().await.starts_with("$argon2id$v=19$m=8,t=1,p=1$"),
        "a wrong password changes nothing"
    );
    join_all((0..4).map(|_| shop.login("budi@bazaar.test", PASSWORD))).await;
    let new = stored().await;
    assert!(new.starts_with("$argon2id$v=19$m=16,t=2,p=1$"), "{new}");
    shop.login("budi@bazaar.test", PASSWORD).await;
    assert_eq!(stored().await, new, "once");
}
