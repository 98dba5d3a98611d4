//! What plans ask of the executor beyond the shop's own operations.

use std::collections::HashMap;

use gateway::Gateway;
use serde_json::{Value, json};

use crate::support::{Asker, Canned, Shop, config};

#[tokio::test]
async fn entities_whose_conditions_do_not_hold_are_not_asked_for() {
    let shop = Shop::new();
    let asker = shop.gateway(config());
    let query = r#"query ($more: Boolean!) {
        a: product(id: "1") { inStock }
        b: product(id: "7") { inStock @include(if: $more) }
    }"#;

    let response = asker.ask_with(query, json!({"more": false})).await;
    assert_eq!(response["data"], json!({"a": {"inStock": true}, "b": {}}));
    assert_eq!(shop.log.entries(), ["stock of 1"]);

    let response = asker.ask_with(query, json!({"more": true})).await;
    assert_eq!(
        response["data"],
        json!({"a": {"inStock": true}, "b": {"inStock": true}})
    );
    assert_eq!(
        response["extensions"]["bazaar"]["fetches"],
        json!({"catalog": 1, "inventory": 1})
    );
}

const ACCOUNTS: &str = r#"
    schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
    enum join__Graph { A @join__graph(name: "a", url: "http://a.invalid") B @join__graph(name: "b", url: "http://b.invalid") }
    type Query @join__type(graph: A) @join__type(graph: B) { accounts: [Account] @join__field(graph: B) }
    interface Account @join__type(graph: A, key: "id") @join__type(graph: B, key: "id", isInterfaceObject: true) {
      id: ID!
      points: Int @join__field(graph: B)
    }
    type User implements Account @join__implements(graph: A, interface: "Account") @join__type(graph: A, key: "id") {
      id: ID!
      points: Int @join__field
    }
"#;

fn accounts(types: Value) -> Asker {
    let points = Canned::json(json!({"data": {"accounts": [{"id": "1", "points": 5}]}}));
    let transports = HashMap::from([
        ("a".to_owned(), Canned::json(types)),
        ("b".to_owned(), points),
    ]);
    Asker::new(Gateway::new(ACCOUNTS, transports, config()).unwrap())
}

#[tokio::test]
async fn an_interface_object_needs_no_type_where_nothing_depends_on_it() {
    let asker = accounts(json!({"data": {"_entities": [{"__typename": "User"}]}}));
    assert_eq!(
        asker.ask("{ accounts { points } }").await["data"],
        json!({"accounts": [{"points": 5}]})
    );
    assert_eq!(
        asker
            .ask("{ accounts { __typename ... on User { points } } }")
            .await["data"],
        json!({"accounts": [{"__typename": "User", "points": 5}]})
    );
}

#[tokio::test]
async fn an_interface_object_may_take_itself_to_be_of_the_interfaces_type() {
    let told = json!({"data": {"accounts": [{"__typename": "Account"}]}});
    let transports = HashMap::from([
        ("a".to_owned(), Canned::json(json!({"data": null}))),
        ("b".to_owned(), Canned::json(told)),
    ]);
    let asker = Asker::new(Gateway::new(ACCOUNTS, transports, config()).unwrap());
    let query = "{ accounts { points @include(if: false) } }";
    let answer = asker.ask(query).await;
    assert_eq!(answer["data"], json!({"accounts": [{}]}), "{answer}");
}

#[tokio::test]
async fn an_interface_that_has_no_types_is_answered() {
    let supergraph = ACCOUNTS.split("type User").next().unwrap();
    let points = json!({"data": {"accounts": [{"id": "1", "points": 5}]}});
    let transports = HashMap::from([
        ("a".to_owned(), Canned::json(json!({"data": null}))),
        ("b".to_owned(), Canned::json(points)),
    ]);
    let asker = Asker::new(Gateway::new(supergraph, transports, config()).unwrap());
    assert_eq!(
        asker.ask("{ accounts { points id } }").await["data"],
        json!({"accounts": [{"points": 5, "id": "1"}]})
    );
}

#[tokio::test]
async fn an_interface_object_whose_type_is_not_found_out_is_null() {
    let asker = accounts(json!({"data": {"_entities": [null]}}));
    assert_eq!(
        asker.ask("{ accounts { __typename points } }").await["data"],
        json!({"accounts": [null]})
    );
}
