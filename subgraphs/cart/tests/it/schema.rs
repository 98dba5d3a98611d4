//! The published schema.

use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{Shop, mutation};

#[tokio::test]
async fn the_sdl_is_as_agreed() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(shop.subgraph.service.endpoint.sdl());
}

#[tokio::test]
async fn everything_is_described() {
    let shop = Shop::open().await;
    let query = "{ __schema { types {
        name description kind
        fields(includeDeprecated: true) { name description args { name description } }
        inputFields { name description }
        enumValues(includeDeprecated: true) { name description }
    } } }";
    let data = shop.subgraph.data(&Caller::Guest, query, json!({})).await;
    let mut missing = Vec::new();
    let mut check = |path: String, item: &Value| {
        if item["description"]
            .as_str()
            .is_none_or(|text| text.trim().is_empty())
        {
            missing.push(path);
        }
    };
    for a_type in list(&data["__schema"]["types"]) {
        let name = a_type["name"].as_str().expect("a name");
        // The machinery of federation, and what GraphQL itself describes.
        if name.starts_with('_') || name == "ID" {
            continue;
        }
        check(name.to_owned(), a_type);
        for field in list(&a_type["fields"]).iter().filter(|field| {
            !field["name"]
                .as_str()
                .is_some_and(|name| name.starts_with('_'))
        }) {
            check(format!("{name}.{}", field["name"]), field);
            for argument in list(&field["args"]) {
                check(
                    format!("{name}.{}({})", field["name"], argument["name"]),
                    argument,
                );
            }
        }
        for part in list(&a_type["inputFields"])
            .iter()
            .chain(list(&a_type["enumValues"]))
        {
            check(format!("{name}.{}", part["name"]), part);
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[tokio::test]
async fn malformed_variables_are_told_and_nothing_leaks() {
    let shop = Shop::open().await;
    let cart = shop.guest_cart().await;
    let inputs = [
        cart.input(json!({ "lines": [{ "variantId": "x", "quantity": 3_000_000_000_i64 }] })),
        cart.input(json!({ "lines": [{ "variantId": "x", "quantity": "one" }] })),
        cart.input(json!({ "lines": [{ "variantId": "x" }] })),
        json!({ "lines": [] }),
    ];
    for input in inputs {
        let response = shop
            .subgraph
            .execute(
                &Caller::Guest,
                &mutation("cartLinesAdd"),
                json!({ "input": input }),
            )
            .await;
        let code = response["errors"][0]["extensions"]["code"]
            .as_str()
            .expect("a code");
        assert!(
            ["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&code),
            "{response:#}"
        );
    }
}
