//! What composition and front ends rely on.

use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::Shop;

#[tokio::test]
async fn the_sdl_is_as_agreed() {
    let shop = Shop::open().await;
    insta::assert_snapshot!(shop.subgraph.service.endpoint.sdl());
}

#[tokio::test]
async fn everything_is_described() {
    let shop = Shop::open().await;
    let query = "{ __schema { types { name description
        fields { name description args { name description } }
        inputFields { name description }
        enumValues { name description } } } }";
    let data = shop.subgraph.data(&Caller::Guest, query, json!({})).await;
    let mut undescribed = Vec::new();
    for kind in data["__schema"]["types"].as_array().expect("a list") {
        let name = kind["name"].as_str().expect("a name");
        let ours =
            !name.starts_with('_') && !["Boolean", "Float", "Int", "String", "ID"].contains(&name);
        if !ours {
            continue;
        }
        check(name, kind, &mut undescribed);
        for members in ["fields", "inputFields", "enumValues"] {
            for member in kind[members].as_array().unwrap_or(&Vec::new()) {
                let member_name = member["name"].as_str().expect("a name");
                if member_name.starts_with('_') {
                    continue;
                }
                let path = format!("{name}.{member_name}");
                check(&path, member, &mut undescribed);
                for argument in member["args"].as_array().unwrap_or(&Vec::new()) {
                    check(
                        &format!("{path}({})", argument["name"]),
                        argument,
                        &mut undescribed,
                    );
                }
            }
        }
    }
    assert_eq!(undescribed, Vec::<String>::new());
}

fn check(path: &str, described: &Value, undescribed: &mut Vec<String>) {
    if described["description"]
        .as_str()
        .unwrap_or_default()
        .is_empty()
    {
        undescribed.push(path.to_owned());
    }
}
