//! The number of SQL statements does not depend on the number of rows.

use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

use crate::fixture::{category, published, shop, variant};

/// Products with two variants and two pictures each, in five categories.
async fn fill(shop: &TestSubgraph, products: usize) -> Vec<Value> {
    let root = category(shop, "root", None).await;
    let mut categories = Vec::new();
    for number in 0..5 {
        categories.push(category(shop, &format!("category-{number}"), Some(&root)).await);
    }
    let mut ids = Vec::new();
    for number in 0..products {
        let (a, b) = (format!("S{number}-A"), format!("S{number}-B"));
        let input = json!({
            "brand": format!("brand-{}", number % 7), "categoryId": categories[number % 5]["id"],
            "variants": [variant(&a, 5), variant(&b, 6)],
            "images": [{ "url": "https://a/1" }, { "url": "https://a/2", "sku": b }],
        });
        let product = published(shop, &format!("product-{number}"), input).await;
        ids.push(product["variants"][0]["id"].clone());
    }
    ids
}

const FIELDS: &str = "slug brand priceRange { min { amount } max { amount } } primaryImage { url } images { url alt }
    category { slug ancestors { slug } parent { slug } }
    variants { sku price { amount } isPublished images { url } product { slug } }";

async fn counted(shop: &TestSubgraph, query: &str, variables: Value) -> (u64, Value) {
    let before = shop.statements.count();
    let data = shop.data(&Caller::Guest, query, variables).await;
    (shop.statements.count() - before, data)
}

#[tokio::test]
async fn lists_and_references_ask_as_often_for_many_as_for_few() {
    let (few, many) = (shop().await, shop().await);
    let (few_ids, many_ids) = (fill(&few, 5).await, fill(&many, 50).await);

    let list = format!("{{ products(first: 100) {{ nodes {{ {FIELDS} }} totalCount }} }}");
    let search = format!(
        "{{ search(query: \"product\", first: 100) {{ nodes {{ {FIELDS} }} facets {{ key values {{ count }} }} totalCount }} }}"
    );
    let tree =
        "{ categories { slug children { slug children { slug } ancestors { slug } } } }".to_owned();
    for (query, field, most) in [
        (list, "products", 10),
        (search, "search", 14),
        (tree, "categories", 5),
    ] {
        let (for_few, _) = counted(&few, &query, json!({})).await;
        let (for_many, data) = counted(&many, &query, json!({})).await;
        assert_eq!(for_few, for_many, "{field}");
        assert!(for_many <= most, "{for_many} statements for {field}");
        if let Some(nodes) = data[field]["nodes"].as_array() {
            assert_eq!(nodes.len(), 50);
        }
    }

    let entities = format!(
        "query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on ProductVariant {{ sku isPublished product {{ {FIELDS} }} }} }} }}"
    );
    let representations = |ids: &[Value]| {
        let all: Vec<_> = ids
            .iter()
            .map(|id| json!({ "__typename": "ProductVariant", "id": id }))
            .collect();
        json!({ "r": all })
    };
    let (for_few, _) = counted(&few, &entities, representations(&few_ids)).await;
    let (for_many, data) = counted(&many, &entities, representations(&many_ids)).await;
    assert_eq!(for_few, for_many);
    assert_eq!(data["_entities"].as_array().expect("a list").len(), 50);
}

#[tokio::test]
async fn counting_happens_only_when_asked_for() {
    let shop = shop().await;
    fill(&shop, 3).await;
    let (alone, _) = counted(&shop, "{ products { nodes { slug } } }", json!({})).await;
    let (with_count, _) = counted(
        &shop,
        "{ products { nodes { slug } totalCount } }",
        json!({}),
    )
    .await;
    assert_eq!((alone, with_count), (1, 2));
    let (without_facets, _) = counted(
        &shop,
        "{ search(query: \"x\") { nodes { slug } } }",
        json!({}),
    )
    .await;
    assert_eq!(without_facets, 1);
}
