//! Live stock.

use futures_util::StreamExt;
use serde_json::json;
use test_support::Caller;

use crate::shop::{Shop, variant};

const WATCH: &str = "subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { id stock { status available } } }";

#[tokio::test]
async fn a_subscriber_sees_the_stock_at_once_and_every_change() {
    let shop = Shop::with(&[("A", 7, 0), ("B", 3, 0)]).await;
    let mut stream = shop.service.subscribe(
        &Caller::Guest,
        WATCH,
        json!({ "ids": [variant("A"), "nonsense", variant("A")] }),
    );
    let stock = |status: &str, available: i64| {
        json!({ "data": { "stockChanged": {
            "id": variant("A"), "stock": { "status": status, "available": available },
        } } })
    };
    assert_eq!(stream.next().await.expect("the present"), stock("LOW", 7));
    // What happens to others is not told.
    shop.hear(shop.created("b", &[("B", 1)])).await;
    shop.hear(shop.created("1", &[("A", 2)])).await;
    assert_eq!(stream.next().await.expect("a change"), stock("LOW", 5));
    shop.hear(shop.created("2", &[("A", 5)])).await;
    assert_eq!(stream.next().await.expect("a change"), stock("OUT", 0));
    shop.hear(shop.cancelled("2", false)).await;
    assert_eq!(stream.next().await.expect("a change"), stock("LOW", 5));
}

#[tokio::test]
async fn a_change_made_elsewhere_is_seen_too() {
    let shop = Shop::with(&[("A", 7, 0)]).await;
    let mut stream =
        shop.service
            .subscribe(&Caller::Guest, WATCH, json!({ "ids": [variant("A")] }));
    stream.next().await.expect("the present");
    // Another process on the same database: its hints do not reach this one.
    let other = inventory::service(shop.service.deps.clone(), inventory::Config::default());
    let consumer = other.consumer.expect("consumes");
    let envelope = shop.service.envelope(shop.created("1", &[("A", 6)]), 1);
    outbox::consume(&shop.service.deps.db, consumer.as_ref(), &envelope)
        .await
        .expect("handled");
    let change = stream.next().await.expect("a change");
    assert_eq!(change["data"]["stockChanged"]["stock"]["available"], 1);
}

#[tokio::test]
async fn nothing_or_too_much_to_watch_is_refused() {
    let shop = Shop::with(&[]).await;
    let many: Vec<String> = (0..101)
        .map(|n| variant(&n.to_string()).to_string())
        .collect();
    for ids in [json!([]), json!(many)] {
        let mut stream = shop
            .service
            .subscribe(&Caller::Guest, WATCH, json!({ "ids": ids }));
        let response = stream.next().await.expect("an answer");
        assert_eq!(
            response["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{response}"
        );
    }
    let mut stream = shop
        .service
        .subscribe(&Caller::Guest, WATCH, json!({ "ids": ["nonsense"] }));
    assert!(stream.next().await.is_none(), "nothing to tell");
}
