use accounts::entity::user;
use events::Event;
use events::accounts::UserRegistered;
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use test_support::Caller;

use crate::fixture::{PASSWORD, Shop, code, field, id};

#[tokio::test]
async fn a_new_account_is_active_stored_hashed_and_published() {
    let shop = Shop::open().await;
    let input = json!({ "email": " Siti@Bazaar.test ", "password": PASSWORD, "name": " Siti ", "locale": "en" });
    let payload = shop
        .mutate(
            &Caller::Guest,
            "accountRegister",
            "user { id email status emailVerifiedAt roles }",
            input,
        )
        .await;
    let user_id = id(&payload["user"]["id"]);
    assert_eq!(
        payload["user"],
        json!({
            "id": payload["user"]["id"], "email": "Siti@Bazaar.test", "status": "ACTIVE",
            "emailVerifiedAt": null, "roles": ["CUSTOMER"],
        })
    );

    let rows = user::Entity::find()
        .all(&shop.subgraph.deps.db)
        .await
        .expect("users");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].email_key, "siti@bazaar.test");
    assert!(
        rows[0]
            .password_hash
            .starts_with("$argon2id$v=19$m=8,t=1,p=1$"),
        "{}",
        rows[0].password_hash
    );

    let event = UserRegistered {
        user_id,
        email: "Siti@Bazaar.test".to_owned(),
        name: Some("Siti".to_owned()),
        locale: "en".to_owned(),
    };
    assert_eq!(shop.subgraph.events().await, [Event::UserRegistered(event)]);
    let envelope = &shop.subgraph.envelopes().await[0];
    assert_eq!(envelope.subject, user_id.to_string());
    assert_eq!(envelope.subjectversion, 1);
    assert_eq!(envelope.actor, Some(user_id.to_string()));
}

#[tokio::test]
async fn bad_input_is_refused_and_nothing_is_stored() {
    let shop = Shop::open().await;
    for (email, password, name, locale, expected, path) in [
        ("nobody", PASSWORD, "", "id", "EMAIL_INVALID", "email"),
        (
            &format!("{}@b.id", "x".repeat(300)),
            PASSWORD,
            "",
            "id",
            "EMAIL_INVALID",
            "email",
        ),
        (
            "a@bazaar.test",
            "short77",
            "",
            "id",
            "PASSWORD_TOO_WEAK",
            "password",
        ),
        (
            "a@bazaar.test",
            &"x".repeat(1025),
            "",
            "id",
            "PASSWORD_TOO_WEAK",
            "password",
        ),
        (
            "a@bazaar.test",
            "A@Bazaar.Test",
            "",
            "id",
            "PASSWORD_TOO_WEAK",
            "password",
        ),
        (
            "a@bazaar.test",
            "password123",
            "",
            "id",
            "PASSWORD_TOO_WEAK",
            "password",
        ),
        (
            "a@bazaar.test",
            PASSWORD,
            "a\u{0}b",
            "id",
            "PROFILE_INVALID",
            "name",
        ),
        (
            "a@bazaar.test",
            PASSWORD,
            "",
            "Indonesian",
            "PROFILE_INVALID",
            "locale",
        ),
    ] {
        let input = json!({ "email": email, "password": password, "name": name, "locale": locale });
        let payload = shop
            .mutate(&Caller::Guest, "accountRegister", "user { id }", input)
            .await;
        assert_eq!(payload["user"], json!(null));
        assert_eq!(
            (code(&payload), field(&payload)),
            (expected, &json!(["input", path])),
            "{email} {password}"
        );
    }
    let users = user::Entity::find()
        .count(&shop.subgraph.deps.db)
        .await
        .expect("counts");
    assert_eq!((users, shop.subgraph.events().await.len()), (0, 0));
}

#[tokio::test]
async fn an_address_has_one_account_whatever_its_case_and_however_many_ask() {
    let shop = Shop::open().await;
    let attempts = [
        "ani@bazaar.test",
        "ANI@bazaar.test",
        "Ani@Bazaar.Test",
        "aNi@bazaar.test",
    ]
    .map(|email| {
        let input = json!({ "email": email, "password": PASSWORD });
        shop.mutate(&Caller::Guest, "accountRegister", "user { id }", input)
    });
    let payloads = join_all(attempts).await;
    let created = payloads
        .iter()
        .filter(|payload| payload["user"].is_object())
        .count();
    assert_eq!(created, 1);
    for payload in payloads.iter().filter(|payload| payload["user"].is_null()) {
        assert_eq!(
            (code(payload), field(payload)),
            ("EMAIL_TAKEN", &json!(["input", "email"]))
        );
    }
    assert_eq!(shop.subgraph.events().await.len(), 1);
}
