//! What this service adds to orders and users, and to whom it shows it.

use events::id::{EmailId, OrderId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, moved_to, support, warehouse};

const ENTITIES: &str = "query($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Order { emails { id template error order { id } } }
    ... on User { emails { id template error } }
    ... on EmailLog { to status }
  }
}";

fn representation(typename: &str, id: impl ToString) -> Value {
    json!({ "__typename": typename, "id": id.to_string() })
}

async fn entities(shop: &Shop, caller: &Caller, representations: Vec<Value>) -> Value {
    let variables = json!({ "representations": representations });
    let mut data = shop.subgraph.data(caller, ENTITIES, variables).await;
    data["_entities"].take()
}

#[tokio::test]
async fn mail_of_orders_and_users_is_for_its_buyer_and_for_staff() {
    let shop = Shop::open().await;
    let (buyer, stranger) = (UserId::generate(), UserId::generate());
    let order_id = shop.confirm(1, Some(buyer)).await[0];
    shop.subgraph
        .deliver(moved_to(order_id, "SHIPPED"), 4)
        .await;
    shop.confirm(1, Some(stranger)).await;
    let email_id = EmailId::from_uuid(shop.log().await[0].id);
    let asked = vec![
        representation("Order", order_id),
        representation("User", buyer),
        representation("EmailLog", email_id),
    ];
    let templates = |emails: &Value| -> Vec<String> {
        let emails = emails.as_array().expect("a list");
        emails
            .iter()
            .map(|email| email["template"].as_str().expect("a name").to_owned())
            .collect()
    };

    for caller in [Caller::Customer(buyer), support()] {
        let seen = entities(&shop, &caller, asked.clone()).await;
        assert_eq!(
            templates(&seen[0]["emails"]),
            ["order_confirmation", "order_shipped"]
        );
        assert_eq!(seen[0]["emails"][0]["order"]["id"], order_id.to_string());
        assert_eq!(
            templates(&seen[1]["emails"]),
            ["order_shipped", "order_confirmation"]
        );
        assert_eq!(
            seen[2],
            json!({ "to": "buyer@example.com", "status": "QUEUED" })
        );
    }
    for caller in [Caller::Guest, Caller::Customer(stranger), warehouse()] {
        let seen = entities(&shop, &caller, asked.clone()).await;
        assert_eq!(
            seen,
            json!([{ "emails": null }, { "emails": null }, null]),
            "{caller:?}"
        );
    }
}

#[tokio::test]
async fn an_order_without_mail_tells_a_buyer_nothing() {
    let shop = Shop::open().await;
    let asked = vec![representation("Order", OrderId::generate())];
    let seen = entities(&shop, &Caller::Customer(UserId::generate()), asked.clone()).await;
    assert_eq!(seen, json!([{ "emails": null }]));
    let seen = entities(&shop, &support(), asked).await;
    assert_eq!(seen, json!([{ "emails": [] }]));
}

#[tokio::test]
async fn only_staff_see_why_mail_failed() {
    let shop = Shop::open().await;
    let buyer = UserId::generate();
    shop.confirm(1, Some(buyer)).await;
    shop.block_folder();
    shop.send().await;
    let asked = vec![representation("User", buyer)];
    let seen = entities(&shop, &support(), asked.clone()).await;
    let error = seen[0]["emails"][0]["error"].as_str().expect("a reason");
    assert!(error.contains("mail folder"), "{error}");
    let seen = entities(&shop, &Caller::Customer(buyer), asked).await;
    assert_eq!(seen[0]["emails"][0]["error"], Value::Null);
}

#[tokio::test]
async fn a_bad_reference_costs_no_other() {
    let shop = Shop::open().await;
    shop.confirm(1, None).await;
    let email_id = EmailId::from_uuid(shop.email().await.id);
    let asked = vec![
        representation("EmailLog", "nonsense"),
        representation("EmailLog", EmailId::generate()),
        representation("Order", "nonsense"),
        representation("User", UserId::generate().to_string().to_uppercase()),
        representation("EmailLog", email_id),
    ];
    let seen = entities(&shop, &support(), asked).await;
    assert_eq!(
        seen,
        json!([null, null, null, null, { "to": "buyer@example.com", "status": "QUEUED" }])
    );
}

#[tokio::test]
async fn a_user_with_much_mail_gets_the_newest() {
    let shop = Shop::open().await;
    let buyer = UserId::generate();
    shop.confirm(55, Some(buyer)).await;
    let newest = EmailId::from_uuid(shop.log().await[54].id);
    let seen = entities(&shop, &support(), vec![representation("User", buyer)]).await;
    let emails = seen[0]["emails"].as_array().expect("a list");
    assert_eq!(emails.len(), 50);
    assert_eq!(emails[0]["id"], newest.to_string());
}

#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_rows() {
    let shop = Shop::open().await;
    let (mut orders, mut users) = (Vec::new(), Vec::new());
    for _ in 0..100 {
        let buyer = UserId::generate();
        orders.push(shop.confirm(1, Some(buyer)).await[0].to_string());
        users.push(buyer.to_string());
    }
    let log = shop.log().await;
    let emails = log.iter().map(|email| EmailId::from_uuid(email.id));
    let emails: Vec<_> = emails.map(|id| id.to_string()).collect();

    for (kind, ids) in [("Order", &orders), ("User", &users), ("EmailLog", &emails)] {
        let mut counts = Vec::new();
        for rows in [5, 100] {
            let asked = ids[..rows].iter().map(|id| representation(kind, id));
            let before = shop.subgraph.statements.count();
            let seen = entities(&shop, &support(), asked.collect()).await;
            counts.push(shop.subgraph.statements.count() - before);
            let seen = seen.as_array().expect("a list");
            assert_eq!(seen.len(), rows);
            assert!(seen.iter().all(|entity| !entity.is_null()));
        }
        assert_eq!(counts, [1, 1], "{kind}");
    }
}
