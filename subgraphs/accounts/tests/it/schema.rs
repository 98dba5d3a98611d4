use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::Shop;

#[tokio::test]
async fn the_sdl_is_what_it_was() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(shop.subgraph.service.endpoint.sdl());
}

#[tokio::test]
async fn everything_is_described() {
    let shop = Shop::open().await;
    let query = "{ __schema { types { kind name description
        fields { name description args { name description } }
        inputFields { name description }
        enumValues { name description } } } }";
    let data = shop.subgraph.data(&Caller::Guest, query, json!({})).await;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut silent = Vec::new();
    let mut check = |place: String, thing: &Value| {
        if thing["description"].as_str().unwrap_or_default().is_empty() {
            silent.push(place);
        }
    };
    // Not ours: GraphQL's own, and federation's.
    let is_foreign = |name: &str| name.starts_with('_') || name == "ID";
    for found in list(&data["__schema"]["types"]) {
        let name = found["name"].as_str().expect("types have names");
        if is_foreign(name) {
            continue;
        }
        check(name.to_owned(), &found);
        for kind in ["fields", "inputFields", "enumValues"] {
            for member in list(&found[kind]) {
                let member_name = member["name"].as_str().expect("members have names");
                if is_foreign(member_name) {
                    continue;
                }
                check(format!("{name}.{member_name}"), &member);
                for argument in list(&member["args"]) {
                    check(
                        format!("{name}.{member_name}({})", argument["name"]),
                        &argument,
                    );
                }
            }
        }
    }
    assert!(silent.is_empty(), "without a description: {silent:#?}");
}
