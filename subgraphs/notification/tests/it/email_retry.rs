//! Staff send failed mail again.

use events::id::EmailId;
use notification::entity::email_log::Status;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{RETRY_DELAYS, Shop, support, warehouse};

const EMAIL_RETRY: &str = "mutation EmailRetry($input: EmailRetryInput!) {
  emailRetry(input: $input) { emails { id status } userErrors { field code message } }
}";

async fn retry(shop: &Shop, ids: &[String]) -> Value {
    let variables = json!({ "input": { "ids": ids } });
    let mut data = shop.subgraph.data(&support(), EMAIL_RETRY, variables).await;
    data["emailRetry"].take()
}

async fn only_id(shop: &Shop) -> String {
    EmailId::from_uuid(shop.email().await.id).to_string()
}

/// A mail that was given up.
async fn dead_mail(shop: &Shop) -> String {
    shop.confirm(1, None).await;
    shop.block_folder();
    shop.send().await;
    for pause in RETRY_DELAYS {
        shop.pass(pause);
        shop.send().await;
    }
    assert_eq!(shop.email().await.status, Status::Dead);
    shop.unblock_folder();
    only_id(shop).await
}

#[tokio::test]
async fn dead_mail_is_sent_when_staff_say_so() {
    let shop = Shop::open().await;
    let id = dead_mail(&shop).await;
    let payload = retry(&shop, std::slice::from_ref(&id)).await;
    assert_eq!(payload["emails"], json!([{ "id": id, "status": "QUEUED" }]));
    assert_eq!(payload["userErrors"], json!([]));

    shop.send().await;
    assert_eq!(shop.email().await.status, Status::Sent);
    assert_eq!(shop.files().len(), 1);
    let last = shop.subgraph.events().await.pop().expect("events");
    assert!(matches!(last, events::Event::EmailNotificationSent(_)));
}

#[tokio::test]
async fn a_retry_that_fails_gets_a_full_round_of_retries() {
    let shop = Shop::open().await;
    let id = dead_mail(&shop).await;
    retry(&shop, &[id]).await;
    shop.block_folder();
    shop.send().await;
    let failed = shop.email().await;
    assert_eq!((failed.status, failed.failures), (Status::Failed, 1));
    assert_eq!(failed.attempts, 4, "the log counts all of them");
}

#[tokio::test]
async fn mail_that_waits_for_its_pause_can_be_sent_now() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    shop.block_folder();
    shop.send().await;
    shop.unblock_folder();
    let id = only_id(&shop).await;
    retry(&shop, &[id]).await;
    shop.send().await;
    assert_eq!(shop.email().await.status, Status::Sent);
}

#[tokio::test]
async fn each_refusal_names_its_mail_and_changes_nothing() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    let id = only_id(&shop).await;
    let unknown = EmailId::generate().to_string();
    let before = shop.email().await;
    let payload = retry(&shop, &[id.clone(), unknown, "nonsense".to_owned()]).await;
    assert_eq!(payload["emails"], json!([]));
    let errors = payload["userErrors"].as_array().expect("a list");
    let told: Vec<_> = errors
        .iter()
        .map(|error| {
            (
                error["field"].clone(),
                error["code"].as_str().expect("a code"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!(["input", "ids", "0"]), "EMAIL_NOT_RETRYABLE"),
            (json!(["input", "ids", "1"]), "EMAIL_NOT_FOUND"),
            (json!(["input", "ids", "2"]), "EMAIL_NOT_FOUND"),
        ]
    );
    assert_eq!(shop.email().await, before);

    // Sent mail is not sent again, and a second call finds nothing left to do.
    shop.send().await;
    let payload = retry(&shop, &[id]).await;
    assert_eq!(payload["userErrors"][0]["code"], "EMAIL_NOT_RETRYABLE");
    assert_eq!(shop.email().await.status, Status::Sent);
}

#[tokio::test]
async fn limits_hold() {
    let shop = Shop::with(|config| config.max_attempts = 3).await;
    let id = dead_mail(&shop).await;
    let payload = retry(&shop, &[id]).await;
    assert_eq!(payload["userErrors"][0]["code"], "RETRY_LIMIT");
    assert_eq!(shop.email().await.status, Status::Dead);

    let many = vec![EmailId::generate().to_string(); 101];
    let payload = retry(&shop, &many).await;
    let errors = payload["userErrors"].as_array().expect("a list");
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["code"], "BULK_LIMIT_EXCEEDED");
    assert_eq!(errors[0]["field"], json!(["input", "ids"]));
}

#[tokio::test]
async fn nobody_else_may_retry() {
    let shop = Shop::open().await;
    let id = dead_mail(&shop).await;
    for (caller, code) in [
        (Caller::Guest, "UNAUTHENTICATED"),
        (
            Caller::Customer(events::id::UserId::generate()),
            "FORBIDDEN",
        ),
        (warehouse(), "FORBIDDEN"),
        (Caller::Token("forged".to_owned()), "UNAUTHENTICATED"),
    ] {
        let variables = json!({ "input": { "ids": [id] } });
        let response = shop.subgraph.execute(&caller, EMAIL_RETRY, variables).await;
        let told = &response["errors"][0]["extensions"]["code"];
        assert_eq!(told, code, "{caller:?}");
    }
    assert_eq!(shop.email().await.status, Status::Dead);
}
