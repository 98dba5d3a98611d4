use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

use crate::fixture::{category, done, error_code, published, shop, slugs, staff, variant};

const PAGE: &str =
    "query($first: Int, $after: String, $filter: ProductFilter, $sort: ProductSort) {
    products(first: $first, after: $after, filter: $filter, sort: $sort) {
        nodes { slug } edges { cursor node { slug } } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";

async fn page(shop: &TestSubgraph, variables: Value) -> Value {
    shop.data(&Caller::Guest, PAGE, variables).await["products"].take()
}

/// Ten products with equal names, prices and ages among them, so that every order has ties.
async fn ten_products(shop: &TestSubgraph) {
    for number in 0..10_i64 {
        let input = json!({
            "name": (["Oolong", "assam", "Ceylon"][(number % 3) as usize]),
            "variants": [variant(&format!("S{number}"), 100 * (number % 4))],
        });
        published(shop, &format!("p{number}"), input).await;
        if number % 2 == 0 {
            shop.deps.clock.advance(chrono::Duration::seconds(60));
        }
    }
}

fn every_sort() -> Vec<Value> {
    let mut sorts = vec![Value::Null];
    for field in ["NAME", "PRICE", "CREATED_AT"] {
        for direction in ["ASC", "DESC"] {
            sorts.push(json!({ "field": field, "direction": direction }));
        }
    }
    sorts
}

#[tokio::test]
async fn walking_all_pages_gives_every_product_once_in_the_order_of_one_big_page() {
    let shop = shop().await;
    ten_products(&shop).await;
    for sort in every_sort() {
        let whole = page(&shop, json!({ "first": 100, "sort": sort })).await;
        let expected: Vec<_> = slugs(&whole["nodes"])
            .into_iter()
            .map(str::to_owned)
            .collect();
        assert_eq!(expected.len(), 10);
        for size in [1, 3, 10] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = page(
                    &shop,
                    json!({ "first": size, "after": after, "sort": sort }),
                )
                .await;
                let nodes = slugs(&page["nodes"]);
                assert_eq!(
                    nodes,
                    page["edges"]
                        .as_array()
                        .expect("a list")
                        .iter()
                        .map(|edge| edge["node"]["slug"].as_str().expect("a slug"))
                        .collect::<Vec<_>>()
                );
                assert_eq!(
                    page["pageInfo"]["endCursor"],
                    page["edges"][nodes.len() - 1]["cursor"]
                );
                assert_eq!(page["pageInfo"]["startCursor"], page["edges"][0]["cursor"]);
                assert_eq!(page["pageInfo"]["hasPreviousPage"], !after.is_null());
                assert_eq!(page["totalCount"], 10);
                seen.extend(nodes.into_iter().map(str::to_owned));
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
            assert_eq!(seen, expected, "{sort} by {size}");
        }
    }
}

#[tokio::test]
async fn orders_are_what_they_say() {
    let shop = shop().await;
    for (slug, name, price) in [
        ("x1", "banana", 300),
        ("x2", "Apple", 100),
        ("x3", "cherry", 200),
    ] {
        published(&shop, slug, json!({ "name": name, "variants": [variant(slug, price), variant(&format!("{slug}-more"), 999)] })).await;
        shop.deps.clock.advance(chrono::Duration::seconds(1));
    }
    for (field, expected) in [
        ("NAME", ["x2", "x1", "x3"]),
        ("PRICE", ["x2", "x3", "x1"]),
        ("CREATED_AT", ["x1", "x2", "x3"]),
    ] {
        let ascending = page(
            &shop,
            json!({ "sort": { "field": field, "direction": "ASC" } }),
        )
        .await;
        assert_eq!(slugs(&ascending["nodes"]), expected, "{field}");
        let descending = page(
            &shop,
            json!({ "sort": { "field": field, "direction": "DESC" } }),
        )
        .await;
        assert_eq!(
            slugs(&descending["nodes"]),
            expected.into_iter().rev().collect::<Vec<_>>(),
            "{field}"
        );
    }
    assert_eq!(
        slugs(&page(&shop, json!({})).await["nodes"]),
        ["x3", "x2", "x1"],
        "the newest first"
    );
}

#[tokio::test]
async fn products_that_come_between_pages_move_nothing() {
    let shop = shop().await;
    ten_products(&shop).await;
    for (round, sort) in every_sort().into_iter().enumerate() {
        let before: Vec<_> =
            slugs(&page(&shop, json!({ "first": 100, "sort": sort })).await["nodes"])
                .into_iter()
                .map(str::to_owned)
                .collect();
        let (mut seen, mut after, mut pages) = (Vec::new(), Value::Null, 0);
        loop {
            let page = page(&shop, json!({ "first": 3, "after": after, "sort": sort })).await;
            seen.extend(slugs(&page["nodes"]).into_iter().map(str::to_owned));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
            // One in front of everything, one behind, one in the middle.
            if pages < 2 {
                for (letter, name, price) in
                    [("a", "aaa", 0), ("m", "Ceylon", 100), ("z", "zzz", 5_000)]
                {
                    let slug = format!("new-{round}-{pages}-{letter}");
                    let input = json!({ "name": name, "variants": [variant(&slug, price)] });
                    published(&shop, &slug, input).await;
                }
            }
            pages += 1;
        }
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), seen.len(), "nothing twice: {sort}");
        let old: Vec<_> = seen
            .into_iter()
            .filter(|slug| before.contains(slug))
            .collect();
        assert_eq!(old, before, "nothing lost: {sort}");
    }
}

#[tokio::test]
async fn the_item_a_cursor_stands_on_may_disappear() {
    let shop = shop().await;
    for slug in ["a", "b", "c", "d"] {
        published(&shop, slug, json!({})).await;
    }
    let sort = json!({ "field": "NAME", "direction": "ASC" });
    let first = page(&shop, json!({ "first": 2, "sort": sort })).await;
    let query = "{ product(slug: \"b\") { id } }";
    let product = shop.data(&staff(), query, json!({})).await;
    done(
        &shop,
        "productUnpublish",
        json!({ "productId": product["product"]["id"] }),
    )
    .await;
    let next = page(
        &shop,
        json!({ "first": 2, "sort": sort, "after": first["pageInfo"]["endCursor"] }),
    )
    .await;
    assert_eq!(slugs(&next["nodes"]), ["c", "d"]);
}

#[tokio::test]
async fn a_cursor_works_only_where_it_comes_from() {
    let shop = shop().await;
    ten_products(&shop).await;
    let cursor = |sort: Value| {
        let shop = &shop;
        async move {
            page(shop, json!({ "first": 1, "sort": sort })).await["pageInfo"]["endCursor"].clone()
        }
    };
    for taken in every_sort().into_iter().skip(1) {
        let after = cursor(taken.clone()).await;
        for used in every_sort().into_iter().skip(1) {
            let response = shop
                .execute(
                    &Caller::Guest,
                    PAGE,
                    json!({ "after": after, "sort": used }),
                )
                .await;
            if taken == used {
                assert!(response.get("errors").is_none(), "{response:#}");
            } else {
                assert_eq!(
                    error_code(&response),
                    "BAD_USER_INPUT",
                    "{taken} used with {used}"
                );
            }
        }
    }
    let good = cursor(Value::Null).await.as_str().expect("text").to_owned();
    let forged = [
        String::new(),
        "x".to_owned(),
        format!("A{}", &good[1..]),
        good[..good.len() - 2].to_owned(),
    ];
    for bad in forged {
        let response = shop
            .execute(&Caller::Guest, PAGE, json!({ "after": bad }))
            .await;
        assert_eq!(error_code(&response), "BAD_USER_INPUT", "{bad}");
    }
    let search = "query($after: String) { search(query: \"\", sort: { field: CREATED_AT, direction: DESC }, after: $after) { totalCount } }";
    let response = shop
        .execute(&Caller::Guest, search, json!({ "after": good }))
        .await;
    assert_eq!(error_code(&response), "BAD_USER_INPUT", "another list");
}

#[tokio::test]
async fn page_sizes_are_bounded() {
    let shop = shop().await;
    for number in 0..21 {
        published(&shop, &format!("p{number}"), json!({})).await;
    }
    let twenty = page(&shop, json!({})).await;
    assert_eq!(slugs(&twenty["nodes"]).len(), 20);
    assert_eq!(twenty["pageInfo"]["hasNextPage"], true);
    for bad in [0, -1, 101] {
        let response = shop
            .execute(&Caller::Guest, PAGE, json!({ "first": bad }))
            .await;
        assert_eq!(error_code(&response), "BAD_USER_INPUT", "{bad}");
    }
}

#[tokio::test]
async fn an_empty_list_is_a_list() {
    let shop = shop().await;
    let empty = page(&shop, json!({})).await;
    assert_eq!(
        empty,
        json!({ "nodes": [], "edges": [], "totalCount": 0,
            "pageInfo": { "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null } })
    );
}

#[tokio::test]
async fn filters_narrow_together() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    let kitchen = category(&shop, "kitchen", Some(&home)).await;
    let garden = category(&shop, "garden", None).await;
    for (slug, brand, category, prices) in [
        ("wok", "Merapi", &kitchen, [100, 100]),
        ("pan", "Bambu", &kitchen, [200, 400]),
        ("sofa", "Merapi", &home, [900, 900]),
        ("rake", "Merapi", &garden, [150, 150]),
    ] {
        let variants = prices
            .iter()
            .enumerate()
            .map(|(index, price)| variant(&format!("{slug}-{index}"), *price));
        let input = json!({ "brand": brand, "categoryId": category["id"], "variants": variants.collect::<Vec<_>>() });
        published(&shop, slug, input).await;
    }
    let sort = json!({ "field": "NAME", "direction": "ASC" });
    for (filter, expected) in [
        (json!({}), vec!["pan", "rake", "sofa", "wok"]),
        (
            json!({ "categorySlug": null, "brand": null, "priceMin": null, "inStock": null }),
            vec!["pan", "rake", "sofa", "wok"],
        ),
        (
            json!({ "categorySlug": "home" }),
            vec!["pan", "sofa", "wok"],
        ),
        (json!({ "categorySlug": "kitchen" }), vec!["pan", "wok"]),
        (json!({ "categorySlug": "nowhere" }), vec![]),
        (json!({ "categorySlug": "%" }), vec![]),
        (json!({ "brand": ["Merapi"] }), vec!["rake", "sofa", "wok"]),
        (
            json!({ "brand": ["Merapi", "Bambu"] }),
            vec!["pan", "rake", "sofa", "wok"],
        ),
        (json!({ "brand": ["merapi"] }), vec![]),
        (json!({ "brand": [] }), vec!["pan", "rake", "sofa", "wok"]),
        (json!({ "priceMin": "150" }), vec!["pan", "rake", "sofa"]),
        (json!({ "priceMax": "150" }), vec!["rake", "wok"]),
        (json!({ "priceMin": "350", "priceMax": "500" }), vec!["pan"]),
        (json!({ "priceMin": 100, "priceMax": 100 }), vec!["wok"]),
        (
            json!({ "categorySlug": "home", "brand": ["Merapi"], "priceMax": "500" }),
            vec!["wok"],
        ),
        (
            json!({ "inStock": false }),
            vec!["pan", "rake", "sofa", "wok"],
        ),
        (json!({ "inStock": true }), vec![]),
        (json!({ "status": ["DRAFT"] }), vec![]),
    ] {
        let found = page(&shop, json!({ "filter": filter, "sort": sort })).await;
        assert_eq!(slugs(&found["nodes"]), expected, "{filter}");
        assert_eq!(found["totalCount"], expected.len(), "{filter}");
    }
    for bad in [
        json!({ "priceMin": "2", "priceMax": "1" }),
        json!({ "priceMin": "-1" }),
        json!({ "brand": ["a\u{0}b"] }),
        json!({ "categorySlug": "\u{0}" }),
        json!({ "brand": vec!["x"; 51] }),
    ] {
        let response = shop
            .execute(&Caller::Guest, PAGE, json!({ "filter": bad }))
            .await;
        assert_eq!(error_code(&response), "BAD_USER_INPUT", "{bad}");
    }
}

#[tokio::test]
async fn staff_filters_by_status() {
    let shop = shop().await;
    published(&shop, "tea", json!({})).await;
    done(&shop, "productCreate", json!({ "name": "draft" })).await;
    let variables = json!({ "filter": { "status": ["DRAFT", "ARCHIVED"] } });
    let found = shop.data(&staff(), PAGE, variables).await;
    assert_eq!(slugs(&found["products"]["nodes"]), ["draft"]);
}
