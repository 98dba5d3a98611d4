//! The staff list.

use events::id::{EmailId, OrderId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, confirmed, moved_to, support};

const EMAIL_LOGS: &str = "query EmailLogs($first: Int, $after: String, $filter: EmailLogFilter) {
  emailLogs(first: $first, after: $after, filter: $filter) {
    nodes { id template to subject status attempts error createdAt sentAt }
    pageInfo { hasNextPage endCursor }
  }
}";

async fn list(shop: &Shop, variables: Value) -> Value {
    shop.subgraph.data(&support(), EMAIL_LOGS, variables).await["emailLogs"].take()
}

fn ids(page: &Value) -> Vec<String> {
    let nodes = page["nodes"].as_array().expect("a list");
    nodes
        .iter()
        .map(|node| node["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn staff_see_what_was_sent() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    shop.send().await;
    let email = shop.email().await;
    let page = list(&shop, json!({})).await;
    let time = |time: chrono::DateTime<chrono::Utc>| json!(time.to_rfc3339());
    assert_eq!(
        page["nodes"],
        json!([{
            "id": EmailId::from_uuid(email.id).to_string(),
            "template": "order_confirmation",
            "to": "buyer@example.com",
            "subject": "Order BZ-000001 is confirmed",
            "status": "SENT",
            "attempts": 1,
            "error": null,
            "createdAt": time(email.created_at),
            "sentAt": time(email.sent_at.expect("sent")),
        }])
    );
}

#[tokio::test]
async fn pages_follow_each_other_newest_first_also_when_mail_comes_in_between() {
    let shop = Shop::open().await;
    shop.confirm(7, None).await;
    let mut expected: Vec<_> = shop
        .log()
        .await
        .iter()
        .map(|email| EmailId::from_uuid(email.id).to_string())
        .collect();
    expected.reverse();

    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = list(&shop, json!({ "first": 3, "after": after })).await;
        seen.extend(ids(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
        shop.confirm(1, None).await;
    }
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let shop = Shop::open().await;
    let order_id = shop.confirm(1, None).await[0];
    shop.send().await;
    let other = events::order::OrderConfirmed {
        email: "Other@Example.com".to_owned(),
        ..confirmed(OrderId::generate())
    };
    shop.subgraph.deliver(other, 3).await;
    shop.subgraph
        .deliver(moved_to(order_id, "SHIPPED"), 4)
        .await;
    let log = shop.log().await;
    let id = |index: usize| EmailId::from_uuid(log[index].id).to_string();
    let (sent, to_other, shipped) = (id(0), id(1), id(2));

    let cases = [
        (json!({}), vec![&shipped, &to_other, &sent]),
        (json!({ "status": [] }), vec![&shipped, &to_other, &sent]),
        (json!({ "status": ["SENT"] }), vec![&sent]),
        (json!({ "status": "SENT" }), vec![&sent]),
        (
            json!({ "status": ["QUEUED", "DEAD"] }),
            vec![&shipped, &to_other],
        ),
        (json!({ "template": ["order_shipped"] }), vec![&shipped]),
        (json!({ "to": " other@EXAMPLE.com " }), vec![&to_other]),
        (json!({ "to": "nobody@example.com" }), vec![]),
        (
            json!({ "template": ["order_confirmation"], "status": ["QUEUED"] }),
            vec![&to_other],
        ),
    ];
    for (filter, expected) in cases {
        let page = list(&shop, json!({ "filter": filter })).await;
        assert_eq!(ids(&page).iter().collect::<Vec<_>>(), expected, "{filter}");
    }
}

#[tokio::test]
async fn the_count_is_of_the_whole_list_and_only_made_when_asked_for() {
    let shop = Shop::open().await;
    shop.confirm(5, None).await;
    let query = |fields: &str| format!("{{ emailLogs(first: 2) {{ {fields} }} }}");

    let before = shop.subgraph.statements.count();
    let page = shop
        .subgraph
        .data(&support(), &query("nodes { id }"), json!({}))
        .await;
    assert_eq!(ids(&page["emailLogs"]).len(), 2);
    assert_eq!(shop.subgraph.statements.count() - before, 1);

    let page = shop
        .subgraph
        .data(
            &support(),
            &query("totalCount edges { cursor node { id } }"),
            json!({}),
        )
        .await;
    assert_eq!(page["emailLogs"]["totalCount"], 5);
    assert_eq!(shop.subgraph.statements.count() - before, 3);
    let query = "{ emailLogs(filter: { status: SENT }) { totalCount } }";
    let page = shop.subgraph.data(&support(), query, json!({})).await;
    assert_eq!(page["emailLogs"]["totalCount"], 0);
}

#[tokio::test]
async fn what_makes_no_sense_is_told() {
    let shop = Shop::open().await;
    for variables in [
        json!({ "first": 0 }),
        json!({ "first": 101 }),
        json!({ "after": "nonsense" }),
        json!({ "filter": { "to": "a\nb" } }),
        json!({ "filter": { "to": "a".repeat(300) } }),
        json!({ "filter": { "template": vec!["a"; 21] } }),
    ] {
        let response = shop
            .subgraph
            .execute(&support(), EMAIL_LOGS, variables.clone())
            .await;
        let code = &response["errors"][0]["extensions"]["code"];
        assert_eq!(code, "BAD_USER_INPUT", "{variables}: {response}");
    }
}

#[tokio::test]
async fn only_staff_who_may_read_mail_see_the_list() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    for (caller, code) in [
        (Caller::Guest, "UNAUTHENTICATED"),
        (
            Caller::Customer(events::id::UserId::generate()),
            "FORBIDDEN",
        ),
        (crate::fixture::warehouse(), "FORBIDDEN"),
    ] {
        let response = shop.subgraph.execute(&caller, EMAIL_LOGS, json!({})).await;
        let error = &response["errors"][0];
        assert_eq!(error["extensions"]["code"], code, "{caller:?}: {response}");
        assert!(response["data"].is_null());
    }
}
