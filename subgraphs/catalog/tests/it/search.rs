use serde_json::{Value, json};
use test_support::{Caller, TestSubgraph};

use crate::fixture::{category, done, error_code, published, shop, slugs, variant};

const SEARCH: &str = "query($query: String!, $first: Int, $after: String, $filter: SearchFilter, $sort: SearchSort) {
    search(query: $query, first: $first, after: $after, filter: $filter, sort: $sort) {
        nodes { slug } edges { cursor } totalCount pageInfo { hasNextPage endCursor }
        facets { key label values { value label count selected } }
    }
}";

async fn search(shop: &TestSubgraph, variables: Value) -> Value {
    shop.data(&Caller::Guest, SEARCH, variables).await["search"].take()
}

async fn found(shop: &TestSubgraph, query: &str) -> Vec<String> {
    let mut result: Vec<_> = slugs(&search(shop, json!({ "query": query })).await["nodes"])
        .into_iter()
        .map(str::to_owned)
        .collect();
    result.sort();
    result
}

#[tokio::test]
async fn every_word_must_occur_somewhere() {
    let shop = shop().await;
    published(&shop, "a", json!({ "name": "Blue Teapot", "brand": "Merapi", "description": "Holds two liters", "variants": [variant("TP-100", 5)] })).await;
    published(
        &shop,
        "b",
        json!({ "name": "Red Teapot", "brand": "Bambu", "description": "100% clay_ware! Älg" }),
    )
    .await;
    done(&shop, "productCreate", json!({ "name": "Draft Teapot" })).await;
    for (query, expected) in [
        ("teapot", vec!["a", "b"]),
        ("TEAPOT blue", vec!["a"]),
        ("merapi", vec!["a"]),
        ("tp-100", vec!["a"]),
        ("liters teapot MERAPI", vec!["a"]),
        ("blue bambu", vec![]),
        ("älg", vec!["b"]),
        ("ÄLG", vec!["b"]),
        ("%", vec!["b"]),
        ("100%", vec!["b"]),
        ("_", vec!["b"]),
        ("y_w", vec!["b"]),
        ("!", vec!["b"]),
        ("t%t", vec![]),
        ("'; DROP TABLE products; --", vec![]),
        ("\\", vec![]),
        ("draft", vec![]),
        ("", vec!["a", "b"]),
        ("   ", vec!["a", "b"]),
        ("pot\nholds", vec!["a"]),
    ] {
        assert_eq!(found(&shop, query).await, expected, "{query:?}");
    }
    let response = shop
        .execute(&Caller::Guest, SEARCH, json!({ "query": "x".repeat(201) }))
        .await;
    assert_eq!(error_code(&response), "QUERY_TOO_LONG");
    let response = shop
        .execute(
            &Caller::Guest,
            SEARCH,
            json!({ "query": "", "filter": { "priceMin": "-1" } }),
        )
        .await;
    assert_eq!(error_code(&response), "BAD_USER_INPUT");
}

#[tokio::test]
async fn what_search_looks_into_follows_changes() {
    let shop = shop().await;
    let product = published(&shop, "a", json!({ "name": "Teapot" })).await;
    done(
        &shop,
        "productUpdate",
        json!({ "productId": product["id"], "name": "Kettle", "brand": "Merapi" }),
    )
    .await;
    assert_eq!(found(&shop, "teapot").await, Vec::<String>::new());
    assert_eq!(found(&shop, "kettle merapi").await, ["a"]);
    done(
        &shop,
        "variantCreate",
        json!({ "productId": product["id"], "variant": variant("ZZ-9", 5) }),
    )
    .await;
    assert_eq!(found(&shop, "zz-9").await, ["a"]);
}

#[tokio::test]
async fn the_best_match_comes_first() {
    let shop = shop().await;
    published(
        &shop,
        "description",
        json!({ "name": "Mug", "description": "Goes with a tea set" }),
    )
    .await;
    published(&shop, "middle", json!({ "name": "Instead" })).await;
    published(&shop, "word", json!({ "name": "Green Tea" })).await;
    published(&shop, "exact", json!({ "name": "Tea" })).await;
    let nodes = search(&shop, json!({ "query": "tea" })).await["nodes"].take();
    assert_eq!(slugs(&nodes), ["exact", "word", "middle", "description"]);
    let worst = json!({ "query": "tea", "sort": { "field": "RELEVANCE", "direction": "ASC" } });
    let nodes = search(&shop, worst).await["nodes"].take();
    assert_eq!(slugs(&nodes), ["description", "middle", "word", "exact"]);
}

#[tokio::test]
async fn pages_of_results_cover_everything_once_in_every_order() {
    let shop = shop().await;
    for number in 0..9_i64 {
        let name = ["Tea", "Green Tea", "Steak"][(number % 3) as usize];
        published(
            &shop,
            &format!("p{number}"),
            json!({ "name": name, "variants": [variant(&format!("S{number}"), number % 2)] }),
        )
        .await;
    }
    let mut sorts = vec![Value::Null];
    for field in [
        "RELEVANCE",
        "NAME",
        "PRICE",
        "CREATED_AT",
        "POPULARITY",
        "RATING",
    ] {
        sorts.extend(
            ["ASC", "DESC"].map(|direction| json!({ "field": field, "direction": direction })),
        );
    }
    for sort in sorts {
        let whole = search(&shop, json!({ "query": "tea", "first": 100, "sort": sort })).await;
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = search(
                &shop,
                json!({ "query": "tea", "first": 2, "after": after, "sort": sort }),
            )
            .await;
            seen.extend(slugs(&page["nodes"]).into_iter().map(str::to_owned));
            assert_eq!(page["totalCount"], 9);
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(seen, slugs(&whole["nodes"]), "{sort}");
        assert_eq!(seen.len(), 9);
    }
}

#[tokio::test]
async fn a_cursor_of_another_query_or_order_is_refused() {
    let shop = shop().await;
    for slug in ["tea-1", "tea-2"] {
        published(&shop, slug, json!({})).await;
    }
    let after =
        search(&shop, json!({ "query": "tea", "first": 1 })).await["pageInfo"]["endCursor"].clone();
    for variables in [
        json!({ "query": "te", "after": after }),
        json!({ "query": "tea", "after": after, "sort": { "field": "NAME", "direction": "ASC" } }),
        json!({ "query": "tea", "after": after, "sort": { "field": "POPULARITY", "direction": "DESC" } }),
    ] {
        let response = shop
            .execute(&Caller::Guest, SEARCH, variables.clone())
            .await;
        assert_eq!(error_code(&response), "BAD_USER_INPUT", "{variables}");
    }
    let next = search(&shop, json!({ "query": " TEA ", "after": after })).await;
    assert_eq!(
        slugs(&next["nodes"]).len(),
        1,
        "the same words are the same query"
    );
}

/// The facet's values as `(value, count, selected)`.
fn facet<'a>(result: &'a Value, key: &str) -> Vec<(&'a str, i64, bool)> {
    let facets = result["facets"].as_array().expect("a list");
    let facet = facets
        .iter()
        .find(|facet| facet["key"] == key)
        .expect("the facet");
    let values = facet["values"].as_array().expect("a list").iter();
    values
        .map(|value| {
            let count = value["count"].as_i64().expect("a number");
            (
                value["value"].as_str().expect("text"),
                count,
                value["selected"].as_bool().expect("a boolean"),
            )
        })
        .collect()
}

#[tokio::test]
async fn facets_count_what_each_choice_would_give() {
    let shop = shop().await;
    let home = category(&shop, "home", None).await;
    let kitchen = category(&shop, "kitchen", Some(&home)).await;
    let garden = category(&shop, "garden", None).await;
    for (slug, brand, category) in [
        ("tea-1", "Merapi", &kitchen),
        ("tea-2", "Merapi", &home),
        ("tea-3", "Bambu", &garden),
        ("other", "Nusa", &garden),
    ] {
        published(
            &shop,
            slug,
            json!({ "brand": brand, "categoryId": category["id"] }),
        )
        .await;
    }
    let all = search(&shop, json!({ "query": "tea" })).await;
    assert_eq!(
        facet(&all, "brand"),
        [("Merapi", 2, false), ("Bambu", 1, false)]
    );
    assert_eq!(
        facet(&all, "category"),
        [
            ("home", 2, false),
            ("garden", 1, false),
            ("kitchen", 1, false)
        ]
    );
    assert_eq!(all["facets"][0]["label"], "Category");

    // A choice narrows the other facet, not its own.
    let chosen = search(
        &shop,
        json!({ "query": "tea", "filter": { "brand": ["Bambu"] } }),
    )
    .await;
    assert_eq!(chosen["totalCount"], 1);
    assert_eq!(
        facet(&chosen, "brand"),
        [("Merapi", 2, false), ("Bambu", 1, true)]
    );
    assert_eq!(facet(&chosen, "category"), [("garden", 1, false)]);

    let chosen = search(
        &shop,
        json!({ "query": "tea", "filter": { "categorySlug": "home" } }),
    )
    .await;
    assert_eq!(slugs(&chosen["nodes"]).len(), 2);
    assert_eq!(
        facet(&chosen, "category"),
        [
            ("home", 2, true),
            ("garden", 1, false),
            ("kitchen", 1, false)
        ]
    );
    assert_eq!(facet(&chosen, "brand"), [("Merapi", 2, false)]);

    // What is chosen stays visible even if it gives nothing.
    let none = search(
        &shop,
        json!({ "query": "tea", "filter": { "brand": ["Nusa"], "categorySlug": "kitchen" } }),
    )
    .await;
    assert_eq!(none["totalCount"], 0);
    assert_eq!(
        facet(&none, "brand"),
        [("Merapi", 1, false), ("Nusa", 0, true)]
    );
    assert_eq!(facet(&none, "category"), [("kitchen", 0, true)]);
}

#[tokio::test]
async fn suggestions_complete_what_is_typed() {
    let shop = shop().await;
    category(&shop, "teaware", None).await;
    category(&shop, "garden", None).await;
    for (slug, name) in [
        ("a", "Green Teapot"),
        ("b", "Teapot"),
        ("c", "Teak Table"),
        ("d", "Steam Iron"),
    ] {
        published(&shop, slug, json!({ "name": name })).await;
    }
    done(&shop, "productCreate", json!({ "name": "Tea Draft" })).await;
    let query =
        "query($query: String!, $limit: Int) { searchSuggestions(query: $query, limit: $limit) {
        queries products { slug } categories { slug } } }";
    let suggest = |typed: &str, limit: Value| {
        let (shop, variables) = (&shop, json!({ "query": typed, "limit": limit }));
        async move { shop.data(&Caller::Guest, query, variables).await["searchSuggestions"].take() }
    };
    let suggested = suggest("Tea", Value::Null).await;
    assert_eq!(suggested["queries"], json!(["teapot", "teak"]));
    assert_eq!(
        slugs(&suggested["products"]),
        ["c", "b", "a", "d"],
        "beginnings first, then by name"
    );
    assert_eq!(slugs(&suggested["categories"]), ["teaware"]);
    assert_eq!(slugs(&suggest("tea", json!(1)).await["products"]), ["c"]);
    assert_eq!(
        suggest("green te", Value::Null).await["queries"],
        json!(["green teapot"])
    );
    for nothing in ["", "  ", "%", "xyz"] {
        assert_eq!(
            suggest(nothing, Value::Null).await,
            json!({ "queries": [], "products": [], "categories": [] }),
            "{nothing:?}"
        );
    }
    for (typed, limit, expected) in [
        ("tea", json!(0), "BAD_USER_INPUT"),
        ("tea", json!(11), "BAD_USER_INPUT"),
        (&"x".repeat(201), json!(5), "QUERY_TOO_LONG"),
    ] {
        let response = shop
            .execute(
                &Caller::Guest,
                query,
                json!({ "query": typed, "limit": limit }),
            )
            .await;
        assert_eq!(error_code(&response), expected);
    }
}
