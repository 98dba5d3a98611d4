//! The schema as composition sees it.

use crate::shop::Shop;

#[tokio::test]
async fn the_schema_is_what_it_was() {
    let shop = Shop::with(&[]).await;
    insta::assert_snapshot!(shop.service.service.endpoint.sdl());
}

#[tokio::test]
async fn everything_is_described() {
    let shop = Shop::with(&[]).await;
    let query = "{ __schema { types { name kind description
        fields { name description args { name description } }
        inputFields { name description }
        enumValues { name description } } } }";
    let schema = shop
        .service
        .data(&test_support::Caller::Guest, query, serde_json::json!({}))
        .await;
    let mut silent = Vec::new();
    for ty in schema["__schema"]["types"].as_array().expect("types") {
        let name = ty["name"].as_str().expect("a name");
        if name.starts_with('_') || ["String", "Int", "Boolean", "ID", "Float"].contains(&name) {
            continue;
        }
        let mut check = |what: &serde_json::Value, path: String| {
            if what["description"]
                .as_str()
                .is_none_or(|text| text.trim().is_empty())
            {
                silent.push(path);
            }
        };
        if !["Query", "Mutation", "Subscription", "DateTime"].contains(&name) {
            check(ty, name.to_owned());
        }
        for list in ["fields", "inputFields", "enumValues"] {
            for member in ty[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", member["name"].as_str().expect("a name"));
                if path.contains("._") {
                    continue;
                }
                check(member, path.clone());
                for argument in member["args"].as_array().into_iter().flatten() {
                    check(
                        argument,
                        format!("{path}({})", argument["name"].as_str().expect("a name")),
                    );
                }
            }
        }
    }
    assert!(silent.is_empty(), "without description: {silent:?}");
}
