use events::Event;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{at, category, done, idr, mutate, refused, shop, staff, variant};

#[tokio::test]
async fn everything_that_was_given_is_kept() {
    let shop = shop().await;
    let tableware = category(&shop, "tableware", None).await;
    let input = json!({
        "name": "  Blue Teapot ", "description": "Holds tea.\nTwo liters.", "brand": "Bambu",
        "categoryId": tableware["id"], "isAvailable": true,
        "attributes": [{ "name": "material", "value": "clay" }],
        "variants": [
            { "sku": "TEA-M", "price": idr(100), "options": [{ "name": "size", "value": "M" }, { "name": "color", "value": "Blue" }],
              "compareAtPrice": idr(150), "weightGrams": 700 },
            { "sku": "TEA-L", "name": "Large", "price": idr(200), "isEnabled": false },
        ],
        "images": [{ "url": "https://cdn.example/1.jpg", "alt": "A teapot" }, { "url": "https://cdn.example/2.jpg", "sku": "TEA-L" }],
    });
    let product = done(&shop, "productCreate", input).await;
    assert_eq!(product["slug"], "blue-teapot");
    assert_eq!(product["name"], "Blue Teapot");
    assert_eq!(product["description"], "Holds tea.\nTwo liters.");
    assert_eq!(product["brand"], "Bambu");
    assert_eq!(product["status"], "DRAFT");
    assert_eq!(product["version"], "1");
    assert_eq!(product["category"]["slug"], "tableware");
    assert_eq!(
        product["attributes"],
        json!([{ "name": "material", "value": "clay" }])
    );
    assert_eq!(
        product["images"][0],
        json!({ "url": "https://cdn.example/1.jpg", "alt": "A teapot" })
    );
    assert_eq!(product["primaryImage"]["url"], "https://cdn.example/1.jpg");
    assert_eq!(
        product["priceRange"],
        json!({ "min": { "minorAmount": "100" }, "max": { "minorAmount": "100" } })
    );

    let query =
        "{ variantsBySku(skus: [\"TEA-M\", \"TEA-L\"]) { name isEnabled isPublished weightGrams
        price { amount } compareAtPrice { amount } images { url } options { name value } } }";
    assert_eq!(
        shop.data(&staff(), query, json!({})).await["variantsBySku"],
        json!([
            { "name": "M / Blue", "isEnabled": true, "isPublished": false, "weightGrams": 700,
              "price": { "amount": "100" }, "compareAtPrice": { "amount": "150" }, "images": [],
              "options": [{ "name": "size", "value": "M" }, { "name": "color", "value": "Blue" }] },
            { "name": "Large", "isEnabled": false, "isPublished": false, "weightGrams": 0,
              "price": { "amount": "200" }, "compareAtPrice": null,
              "images": [{ "url": "https://cdn.example/2.jpg" }], "options": [] },
        ])
    );

    let events = shop.events().await;
    let [Event::ProductCreated(created)] = events.as_slice() else {
        panic!("{events:?}")
    };
    let snapshot = &created.0;
    assert_eq!(
        (
            snapshot.slug.as_str(),
            snapshot.version,
            snapshot.status.as_str()
        ),
        ("blue-teapot", 1, "DRAFT")
    );
    assert_eq!(snapshot.brand.as_deref(), Some("Bambu"));
    assert_eq!(
        snapshot
            .category_ids
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [tableware["id"].as_str().expect("an id")]
    );
    let told: Vec<_> = snapshot
        .variants
        .iter()
        .map(|told| (told.sku.as_str(), told.price.minor, told.is_published))
        .collect();
    assert_eq!(told, [("TEA-M", 100, false), ("TEA-L", 200, false)]);
    let envelope = &shop.envelopes().await[0];
    assert_eq!(envelope.subjectversion, 1);
    assert_eq!(envelope.subject, product["id"].as_str().expect("an id"));
}

#[tokio::test]
async fn a_product_needs_no_more_than_a_name() {
    let shop = shop().await;
    let product = done(&shop, "productCreate", json!({ "name": "Tea" })).await;
    assert_eq!(product["slug"], "tea");
    assert_eq!(product["priceRange"], Value::Null);
    assert_eq!(product["variants"], json!([]));
    assert_eq!(product["isAvailable"], true);
}

#[tokio::test]
async fn bad_input_is_told_where_it_is_and_nothing_is_stored() {
    let shop = shop().await;
    let with_variant = |variant: Value| json!({ "name": "x", "variants": [{ "sku": "OK", "price": idr(1) }, variant] });
    let usd = json!({ "minorAmount": "100", "currencyCode": "USD" });
    let price = |minor: &str| json!({ "sku": "A", "price": { "minorAmount": minor, "currencyCode": "IDR" } });
    let cases = [
        (json!({ "name": " " }), at("INPUT_INVALID", "input.name")),
        (
            json!({ "name": "a\u{0}b" }),
            at("INPUT_INVALID", "input.name"),
        ),
        (
            json!({ "name": "x".repeat(201) }),
            at("INPUT_INVALID", "input.name"),
        ),
        (json!({ "name": "茶" }), at("INPUT_INVALID", "input.slug")),
        (
            json!({ "name": "x", "slug": "Not A Slug" }),
            at("INPUT_INVALID", "input.slug"),
        ),
        (
            json!({ "name": "x", "description": "\u{1b}[31m" }),
            at("INPUT_INVALID", "input.description"),
        ),
        (
            json!({ "name": "x", "brand": "b".repeat(101) }),
            at("INPUT_INVALID", "input.brand"),
        ),
        (
            json!({ "name": "x", "categoryId": "nonsense" }),
            at("NOT_FOUND", "input.categoryId"),
        ),
        (
            json!({ "name": "x", "categoryId": "cat_00000000000000000000000000" }),
            at("NOT_FOUND", "input.categoryId"),
        ),
        (
            json!({ "name": "x", "images": [{ "url": "http://a/b" }] }),
            at("INPUT_INVALID", "input.images.0.url"),
        ),
        (
            json!({ "name": "x", "images": [{ "url": "https://a/b", "sku": "NO" }] }),
            at("NOT_FOUND", "input.images.0.sku"),
        ),
        (
            json!({ "name": "x", "variants": vec![variant("A", 1); 101] }),
            at("LIMIT_EXCEEDED", "input.variants"),
        ),
        (
            with_variant(variant("", 1)),
            at("INPUT_INVALID", "input.variants.1.sku"),
        ),
        (
            with_variant(variant("OK", 1)),
            at("SKU_TAKEN", "input.variants.1.sku"),
        ),
        (
            with_variant(price("-1")),
            at("PRICE_NEGATIVE", "input.variants.1.price"),
        ),
        (
            with_variant(price("10.5")),
            at("PRICE_PRECISION", "input.variants.1.price"),
        ),
        (
            with_variant(price("ten")),
            at("INPUT_INVALID", "input.variants.1.price"),
        ),
        (
            with_variant(json!({ "sku": "A", "price": usd })),
            at("CURRENCY_UNSUPPORTED", "input.variants.1.price"),
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(
            refused(&shop, "productCreate", input.clone()).await,
            expected,
            "{input}"
        );
    }
    assert_eq!(
        shop.data(&staff(), "{ products { totalCount } }", json!({}))
            .await["products"]["totalCount"],
        0
    );
    assert_eq!(shop.events().await, []);
}

#[tokio::test]
async fn slugs_and_skus_are_unique_in_the_shop() {
    let shop = shop().await;
    done(
        &shop,
        "productCreate",
        json!({ "name": "Tea", "variants": [variant("TEA", 1)] }),
    )
    .await;
    assert_eq!(
        refused(&shop, "productCreate", json!({ "name": "TEA!" })).await,
        at("SLUG_TAKEN", "input.slug")
    );
    let input = json!({ "name": "Other", "variants": [variant("NEW", 1), variant("TEA", 1)] });
    assert_eq!(
        refused(&shop, "productCreate", input).await,
        at("SKU_TAKEN", "input.variants.1.sku")
    );
    let data = shop
        .data(
            &staff(),
            "{ products { totalCount } variantsBySku(skus: [\"NEW\"]) { id } }",
            json!({}),
        )
        .await;
    assert_eq!(
        data,
        json!({ "products": { "totalCount": 1 }, "variantsBySku": [] }),
        "nothing half done"
    );
    assert_eq!(shop.events().await.len(), 1);
}

#[tokio::test]
async fn a_missing_field_is_a_client_error() {
    let shop = shop().await;
    let query = "mutation { productCreate(input: {}) { product { id } } }";
    let response = shop.execute(&staff(), query, json!({})).await;
    assert_eq!(
        crate::fixture::error_code(&response),
        "GRAPHQL_VALIDATION_FAILED"
    );
    let query = "query { products(filter: { priceMin: \"ten\" }) { totalCount } }";
    let response = shop.execute(&Caller::Guest, query, json!({})).await;
    assert_eq!(crate::fixture::error_code(&response), "BAD_USER_INPUT");
    // The payload names nothing of ours.
    let payload = mutate(&shop, "productCreate", json!({ "name": "x", "slug": "-" })).await;
    assert!(!payload.to_string().contains("SELECT"));
}
