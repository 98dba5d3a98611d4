//! Reading payments.

use auth::Role;
use events::id::{PaymentId, UserId};
use serde_json::{Value, json};
use test_support::Caller;

use crate::shop::Shop;

const PAYMENT: &str = "query($id: ID!, $orderToken: String) {
  payment(id: $id, orderToken: $orderToken) {
    id provider status amount { amount } refundedAmount { amount } refunds { status amount { amount } } failureReason
  }
}";

const ENTITIES: &str = "query($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Order { id payments { id provider status amount { amount minorAmount currencyCode } refunds { id } } }
    ... on Payment { id status }
  }
}";

#[tokio::test]
async fn a_payment_is_seen_by_its_buyer_and_by_staff() {
    let shop = Shop::open().await;
    let (bought, payment) = shop.paid().await;
    shop.refund(payment, Some(1_000), "key").await;
    let variables = json!({ "id": payment });
    let with_token = json!({ "id": payment, "orderToken": bought.token });
    let seen = json!({
        "id": payment, "provider": "DEMO", "status": "PARTIALLY_REFUNDED", "amount": { "amount": "138750" },
        "refundedAmount": { "amount": "1000" }, "refunds": [{ "status": "SUCCEEDED", "amount": { "amount": "1000" } }],
        "failureReason": null,
    });
    let support = Caller::Staff(UserId::generate(), vec![Role::Support]);
    for (caller, variables) in [
        (Caller::Customer(bought.buyer), &variables),
        (support, &variables),
        (Caller::Guest, &with_token),
    ] {
        assert_eq!(
            shop.subgraph
                .data(&caller, PAYMENT, variables.clone())
                .await["payment"],
            seen
        );
    }
    let warehouse = Caller::Staff(UserId::generate(), vec![Role::Warehouse]);
    for caller in [
        Caller::Guest,
        Caller::Customer(UserId::generate()),
        warehouse,
    ] {
        assert_eq!(
            shop.subgraph
                .data(&caller, PAYMENT, variables.clone())
                .await["payment"],
            Value::Null
        );
    }
    for id in ["rubbish".to_owned(), PaymentId::generate().to_string()] {
        let answer = shop
            .subgraph
            .data(&shop.finance(), PAYMENT, json!({ "id": id }))
            .await;
        assert_eq!(answer["payment"], Value::Null);
    }
}

#[tokio::test]
async fn the_ways_to_pay_are_those_that_exist_here() {
    let query = "{ paymentMethods { provider name } }";
    let shop = Shop::open().await;
    let answer = shop.subgraph.data(&Caller::Guest, query, json!({})).await;
    assert_eq!(
        answer["paymentMethods"],
        json!([{ "provider": "DEMO", "name": "Demo payment" }])
    );
    let without = Shop::with(payment::Config {
        demo_enabled: false,
        ..crate::shop::config()
    })
    .await;
    let answer = without
        .subgraph
        .data(&Caller::Guest, query, json!({}))
        .await;
    assert_eq!(answer["paymentMethods"], json!([]));
}

#[tokio::test]
async fn orders_and_payments_are_resolved_by_reference() {
    let shop = Shop::open().await;
    let bought = shop.order().await;
    let first = shop.attempt(&bought, "key-1").await;
    shop.webhook_of_charge(first, "charge.declined", "declined")
        .await;
    shop.wait_for_status(first, "FAILED").await;
    let second = shop.attempt(&bought, "key-2").await;

    let representations = json!([
        { "__typename": "Order", "id": bought.order_id },
        { "__typename": "Order", "id": "ord_unknown" },
        { "__typename": "Order", "id": events::id::OrderId::generate() },
        { "__typename": "Payment", "id": second },
        { "__typename": "Payment", "id": PaymentId::generate() },
    ]);
    let answer = shop
        .subgraph
        .data(
            &Caller::Guest,
            ENTITIES,
            json!({ "representations": representations }),
        )
        .await;
    let entities = answer["_entities"].as_array().expect("a list");
    let payments = entities[0]["payments"].as_array().expect("a list");
    let listed: Vec<_> = payments
        .iter()
        .map(|payment| (&payment["id"], &payment["status"]))
        .collect();
    assert_eq!(
        listed,
        [
            (&json!(first), &json!("FAILED")),
            (&json!(second), &json!("PENDING"))
        ]
    );
    assert_eq!(entities[1]["payments"], Value::Null);
    assert_eq!(entities[2]["payments"], json!([]));
    assert_eq!(entities[3], json!({ "id": second, "status": "PENDING" }));
    assert_eq!(entities[4], Value::Null);
}

#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_orders() {
    let shop = Shop::open().await;
    let mut representations = Vec::new();
    let mut counts = Vec::new();
    for wanted in [5, 50] {
        while representations.len() < wanted {
            let bought = shop.order().await;
            shop.attempt(&bought, "key").await;
            representations.push(json!({ "__typename": "Order", "id": bought.order_id }));
        }
        // The deliveries above have woken background work; the count is of a quiet moment.
        let count = test_support::wait_for("a quiet moment", || async {
            let before = shop.subgraph.statements.count();
            let variables = json!({ "representations": representations });
            let answer = shop
                .subgraph
                .data(&Caller::Guest, ENTITIES, variables)
                .await;
            assert_eq!(answer["_entities"].as_array().map(Vec::len), Some(wanted));
            let used = shop.subgraph.statements.count() - before;
            (used <= 2).then_some(used)
        })
        .await;
        counts.push(count);
    }
    assert_eq!(counts[0], counts[1]);
}
