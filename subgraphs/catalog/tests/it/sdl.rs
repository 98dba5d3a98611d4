use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::shop;

#[tokio::test]
async fn the_schema_is_what_it_was() {
    let shop = shop().await;
    insta::assert_snapshot!(shop.service.endpoint.sdl());
}

#[tokio::test]
async fn keys_are_those_the_others_rely_on() {
    let sdl = shop().await.service.endpoint.sdl().to_owned();
    for (object, keys) in [
        ("Product", ["id", "slug"]),
        ("ProductVariant", ["id", "sku"]),
        ("Category", ["id", "slug"]),
    ] {
        let head = sdl
            .lines()
            .find(|line| line.starts_with(&format!("type {object} ")))
            .expect("the type");
        for key in keys {
            assert!(head.contains(&format!("@key(fields: \"{key}\")")), "{head}");
        }
    }
}

#[tokio::test]
async fn everything_is_described() {
    let query = "{ __schema { types { name description
        fields(includeDeprecated: true) { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    let data = shop().await.data(&Caller::Guest, query, json!({})).await;
    let mut bare = Vec::new();
    let mut check = |path: String, thing: &Value| {
        if thing["description"].as_str().is_none_or(str::is_empty) {
            bare.push(path);
        }
    };
    for kind in data["__schema"]["types"].as_array().expect("a list") {
        let name = kind["name"].as_str().expect("a name");
        // GraphQL's and federation's own
        if name.starts_with('_')
            || matches!(
                name,
                "Boolean" | "Float" | "ID" | "Int" | "String" | "Query" | "Mutation"
            )
        {
            continue;
        }
        check(name.to_owned(), kind);
    }
    for kind in data["__schema"]["types"].as_array().expect("a list") {
        let name = kind["name"].as_str().expect("a name");
        if name.starts_with('_') {
            continue;
        }
        for list in ["fields", "inputFields", "enumValues"] {
            for member in kind[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", member["name"].as_str().expect("a name"));
                if path.contains("._") {
                    continue;
                }
                for argument in member["args"].as_array().into_iter().flatten() {
                    check(format!("{path}({})", argument["name"]), argument);
                }
                check(path, member);
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}
