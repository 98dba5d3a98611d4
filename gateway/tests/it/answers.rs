//! Queries over several subgraphs.

use serde_json::{Value, json};

use crate::support::{Canned, shop, shop_with};

#[tokio::test]
async fn an_answer_comes_from_three_subgraphs_in_the_clients_order() {
    let response = shop()
        .ask("{ products(first: 2) { reviews { author { name } body } inStock name id } }")
        .await;
    let review = |id: &str| json!({"author": {"name": "Author 1"}, "body": format!("Review {id}")});
    let expected = json!({"products": [
        {"reviews": [review("1-a"), review("1-b")], "inStock": true, "name": "Product 1", "id": "1"},
        {"reviews": [review("2-a"), review("2-b")], "inStock": false, "name": "Product 2", "id": "2"},
    ]});
    // As text: the order of members counts.
    assert_eq!(response["data"].to_string(), expected.to_string());
    assert_eq!(response["errors"], Value::Null);
}

#[tokio::test]
async fn many_entities_are_one_request_per_subgraph() {
    let response = shop()
        .ask("{ products(first: 50) { inStock reviews { author { name } } } }")
        .await;
    assert_eq!(response["data"]["products"].as_array().unwrap().len(), 50);
    assert_eq!(
        response["extensions"]["bazaar"]["fetches"],
        json!({"catalog": 2, "inventory": 1, "reviews": 1})
    );
}

#[tokio::test]
async fn an_entity_at_many_places_is_asked_for_once() {
    let inventory = Canned::entities(1, json!({"data": {"_entities": [{"stock": true}]}}));
    let response = shop_with("inventory", inventory)
        .ask(
            "{ a: product(id: \"1\") { stock: inStock } b: product(id: \"1\") { stock: inStock } }",
        )
        .await;
    assert_eq!(
        response["data"],
        json!({"a": {"stock": true}, "b": {"stock": true}}),
        "{response}"
    );
}

#[tokio::test]
async fn fetch_counts_are_not_shown_unless_asked_for() {
    let asker = crate::support::Shop::new().gateway(gateway::Config::default());
    assert_eq!(
        asker.ask("{ warehouses }").await,
        json!({"data": {"warehouses": ["MAIN", "EAST"]}})
    );
}

#[tokio::test]
async fn a_required_field_reaches_the_subgraph() {
    let response = shop()
        .ask("{ a: product(id: \"1\") { shippingCost } b: product(id: \"weightless\") { shippingCost } }")
        .await;
    assert_eq!(
        response["data"],
        json!({"a": {"shippingCost": 70}, "b": {"shippingCost": null}})
    );
    assert_eq!(response["errors"], Value::Null);
}

#[tokio::test]
async fn an_entity_nobody_knows_is_null() {
    let response = shop()
        .ask("{ product(id: \"missing\") { name inStock } }")
        .await;
    assert_eq!(response["data"], json!({"product": null}));
    assert_eq!(
        response["extensions"]["bazaar"]["fetches"],
        json!({"catalog": 1})
    );
}

#[tokio::test]
async fn aliases_fragments_and_merging_fields() {
    let response = shop()
        .ask(
            "query { one: product(id: \"1\") { ...A ...B kind: __typename } }
             fragment A on Product { label: name reviews { body } }
             fragment B on Product { ... on Product { label: name stock: inStock } reviews { who: author { name } } }",
        )
        .await;
    let review = |id: &str| json!({"body": format!("Review {id}"), "who": {"name": "Author 1"}});
    let expected = json!({"one": {
        "label": "Product 1",
        "reviews": [review("1-a"), review("1-b")],
        "stock": true,
        "kind": "Product",
    }});
    assert_eq!(response["data"].to_string(), expected.to_string());
}

#[tokio::test]
async fn unions_and_interfaces() {
    let response = shop()
        .ask(
            "{ feed { __typename ... on Review { author { name } product { inStock } } ... on Advert { text } }
               nodes { id ... on Review { body } ... on Node { same: id } } }",
        )
        .await;
    assert_eq!(response["errors"], Value::Null, "{response}");
    assert_eq!(
        response["data"],
        json!({
            "feed": [
                {"__typename": "Review", "author": {"name": "Author 1"}, "product": {"inStock": true}},
                {"__typename": "Advert", "text": "Buy!"},
            ],
            "nodes": [
                {"id": "r1", "body": "Review r1", "same": "r1"},
                {"id": "ad", "same": "ad"},
            ],
        })
    );
}

#[tokio::test]
async fn skip_and_include_with_variables() {
    let asker = shop();
    let query = "query ($full: Boolean!, $brief: Boolean = true) {
        product(id: \"1\") { name inStock @include(if: $full) ... @skip(if: $brief) { price reviews { body } } }
        warehouses @include(if: $full)
    }";
    let response = asker.ask_with(query, json!({"full": false})).await;
    assert_eq!(response["data"], json!({"product": {"name": "Product 1"}}));
    assert_eq!(
        response["extensions"]["bazaar"]["fetches"],
        json!({"catalog": 1})
    );

    let response = asker
        .ask_with(query, json!({"full": true, "brief": false}))
        .await;
    assert_eq!(response["data"]["product"]["inStock"], json!(true));
    assert_eq!(
        response["data"]["product"]["reviews"][0]["body"],
        json!("Review 1-a")
    );
    assert_eq!(response["data"]["warehouses"], json!(["MAIN", "EAST"]));
}

#[tokio::test]
async fn selections_that_are_skipped_as_a_whole() {
    let asker = shop();
    for (query, data) in [
        ("{ products @skip(if: true) { id } }", json!({})),
        (
            "{ product(id: \"1\") { name @skip(if: true) } }",
            json!({"product": {}}),
        ),
        (
            "{ __typename warehouses @include(if: false) }",
            json!({"__typename": "Query"}),
        ),
    ] {
        assert_eq!(asker.ask(query).await["data"], data, "{query}");
    }
}

#[tokio::test]
async fn variables_have_defaults_and_are_coerced() {
    let asker = shop();
    let query = "query ($first: Int = 1) { products(first: $first) { id } }";
    assert_eq!(
        asker.ask(query).await["data"],
        json!({"products": [{"id": "1"}]})
    );
    let response = asker
        .ask_with(query, json!({"first": 2, "unknown": 1}))
        .await;
    assert_eq!(response["data"]["products"].as_array().unwrap().len(), 2);

    // A number is a valid ID.
    let query = "query ($id: ID!) { product(id: $id) { id } }";
    let response = asker.ask_with(query, json!({"id": 1})).await;
    assert_eq!(response["data"], json!({"product": {"id": "1"}}));
}

#[tokio::test]
async fn strings_in_a_query_reach_the_subgraph_as_they_are() {
    let response = shop()
        .ask(r#"{ a: product(id: "a\"\\\n\u00e9😀") { id } b: product(id: """block "x" \ y""") { id } }"#)
        .await;
    assert_eq!(response["data"]["a"]["id"], json!("a\"\\\né😀"));
    assert_eq!(response["data"]["b"]["id"], json!("block \"x\" \\ y"));
}

#[tokio::test]
async fn introspection_is_answered_here_beside_other_fields() {
    let response = shop()
        .ask(
            "query { __schema { queryType { name } subscriptionType { name } }
               product: __type(name: \"Product\") { fields(includeDeprecated: true) { name description isDeprecated } }
               warehouses root: __typename }",
        )
        .await;
    let data = &response["data"];
    assert_eq!(data["__schema"]["queryType"]["name"], json!("Query"));
    assert_eq!(data["root"], json!("Query"));
    assert_eq!(data["warehouses"], json!(["MAIN", "EAST"]));
    let fields = data["product"]["fields"].as_array().unwrap();
    let field = |name: &str| {
        fields
            .iter()
            .find(|field| field["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(
        field("name")["description"],
        json!("The name customers see.")
    );
    assert_eq!(field("title")["isDeprecated"], json!(true));
    assert_eq!(
        response["extensions"]["bazaar"]["fetches"],
        json!({"inventory": 1})
    );
}

#[tokio::test]
async fn the_whole_schema_can_be_introspected_and_shows_no_machinery() {
    let response = shop()
        .ask("{ __schema { types { name fields { name args { name defaultValue } } } directives { name } } }")
        .await;
    let text = response["data"].to_string();
    for hidden in [
        "join__",
        "link__",
        "_Entity",
        "_service",
        "\"link\"",
        "\"inaccessible\"",
    ] {
        assert!(!text.contains(hidden), "{hidden} is visible");
    }
    assert!(text.contains("shippingCost"));
}

#[tokio::test]
async fn introspection_can_be_switched_off() {
    let config = gateway::Config {
        introspection: false,
        ..crate::support::config()
    };
    let asker = crate::support::Shop::new().gateway(config);
    let answer = asker
        .send(crate::support::post(
            r#"{"query":"{ __schema { types { name } } }"}"#,
        ))
        .await;
    assert_eq!(answer.code(), "INTROSPECTION_DISABLED");
    assert_eq!(
        asker.ask("{ __typename }").await["data"],
        json!({"__typename": "Query"})
    );
}
