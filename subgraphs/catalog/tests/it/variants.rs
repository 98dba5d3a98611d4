use events::Event;
use serde_json::{Value, json};
use test_support::Caller;

use crate::fixture::{at, done, idr, published, refused, shop, staff, variant};

#[tokio::test]
async fn a_new_variant_comes_last_and_widens_the_price_range() {
    let shop = shop().await;
    let product = published(&shop, "tea", json!({ "variants": [variant("A", 500)] })).await;
    let input = json!({ "productId": product["id"], "variant": variant("B", 300) });
    let created = done(&shop, "variantCreate", input).await;
    assert_eq!(
        (&created["sku"], &created["isPublished"]),
        (&json!("B"), &json!(true))
    );

    let query = "{ product(slug: \"tea\") { version variants { sku } priceRange { min { minorAmount } max { minorAmount } } } }";
    let seen = shop.data(&Caller::Guest, query, json!({})).await;
    assert_eq!(
        seen["product"],
        json!({ "version": "3", "variants": [{ "sku": "A" }, { "sku": "B" }],
            "priceRange": { "min": { "minorAmount": "300" }, "max": { "minorAmount": "500" } } })
    );
    let Some(Event::ProductUpdated(event)) = shop.events().await.into_iter().next_back() else {
        panic!("no update")
    };
    assert_eq!(
        event
            .0
            .variants
            .iter()
            .map(|told| told.sku.as_str())
            .collect::<Vec<_>>(),
        ["A", "B"]
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_new_variant_is_told() {
    let shop = shop().await;
    let product = published(&shop, "tea", json!({ "variants": [variant("A", 500)] })).await;
    let id = &product["id"];
    for (input, expected) in [
        (
            json!({ "productId": id, "variant": variant("A", 1) }),
            at("SKU_TAKEN", "input.variant.sku"),
        ),
        (
            json!({ "productId": id, "variant": variant("B", -1) }),
            at("PRICE_NEGATIVE", "input.variant.price"),
        ),
        (
            json!({ "productId": "x", "variant": variant("B", 1) }),
            at("NOT_FOUND", "input.productId"),
        ),
        (
            json!({ "productId": "prod_00000000000000000000000000", "variant": variant("B", 1) }),
            at("NOT_FOUND", "input.productId"),
        ),
    ] {
        assert_eq!(
            refused(&shop, "variantCreate", input.clone()).await,
            expected,
            "{input}"
        );
    }
    let full: Vec<_> = (0..100)
        .map(|number| variant(&format!("F{number}"), 1))
        .collect();
    let product = published(&shop, "full", json!({ "variants": full })).await;
    let input = json!({ "productId": product["id"], "variant": variant("B", 1) });
    assert_eq!(
        refused(&shop, "variantCreate", input).await,
        at("LIMIT_EXCEEDED", "input.productId")
    );
}

#[tokio::test]
async fn a_variant_is_changed_in_part() {
    let shop = shop().await;
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 500), variant("B", 900)] }),
    )
    .await;
    let id = &product["variants"][0]["id"];
    let input = json!({ "variantId": id, "version": "1", "sku": "A2", "name": "Alpha", "weightGrams": 5,
        "options": [{ "name": "size", "value": "M" }], "compareAtPrice": idr(501), "isEnabled": false });
    let changed = done(&shop, "variantUpdate", input).await;
    assert_eq!(changed["sku"], "A2");
    assert_eq!(changed["name"], "Alpha");
    assert_eq!(changed["weightGrams"], 5);
    assert_eq!(
        changed["options"],
        json!([{ "name": "size", "value": "M" }])
    );
    assert_eq!(changed["compareAtPrice"]["minorAmount"], "501");
    assert_eq!(
        (&changed["isEnabled"], &changed["isPublished"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(changed["version"], "2");
    assert_eq!(changed["price"]["minorAmount"], "500");

    let query = "{ product(slug: \"tea\") { priceRange { min { minorAmount } } variants { sku } } search(query: \"a2\") { totalCount } }";
    let seen = shop.data(&Caller::Guest, query, json!({})).await;
    assert_eq!(
        seen["product"]["priceRange"]["min"]["minorAmount"], "900",
        "a disabled variant has no price to show"
    );
    assert_eq!(seen["product"]["variants"], json!([{ "sku": "B" }]));
    assert_eq!(seen["search"]["totalCount"], 0);

    for (input, expected) in [
        (
            json!({ "variantId": id, "version": "1" }),
            at("STALE_VERSION", "input.version"),
        ),
        (
            json!({ "variantId": id, "sku": "B" }),
            at("SKU_TAKEN", "input.sku"),
        ),
        (
            json!({ "variantId": id, "compareAtPrice": idr(500) }),
            at("INPUT_INVALID", "input.compareAtPrice"),
        ),
        (
            json!({ "variantId": id, "weightGrams": -1 }),
            at("INPUT_INVALID", "input.weightGrams"),
        ),
        (
            json!({ "variantId": "x" }),
            at("NOT_FOUND", "input.variantId"),
        ),
    ] {
        assert_eq!(
            refused(&shop, "variantUpdate", input.clone()).await,
            expected,
            "{input}"
        );
    }
    let cleared = done(
        &shop,
        "variantUpdate",
        json!({ "variantId": id, "compareAtPrice": null }),
    )
    .await;
    assert_eq!(cleared["compareAtPrice"], Value::Null);
}

#[tokio::test]
async fn the_last_enabled_variant_of_a_published_product_stays() {
    let shop = shop().await;
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 500), variant("B", 900)] }),
    )
    .await;
    let required = ("VARIANT_REQUIRED".to_owned(), None);
    let (a, b) = (&product["variants"][0]["id"], &product["variants"][1]["id"]);
    done(&shop, "variantDelete", json!({ "variantId": a })).await;
    let events = shop.events().await.len();
    assert_eq!(
        refused(&shop, "variantDelete", json!({ "variantId": b })).await,
        required
    );
    assert_eq!(
        refused(
            &shop,
            "variantUpdate",
            json!({ "variantId": b, "isEnabled": false })
        )
        .await,
        required
    );
    let seen = shop
        .data(
            &Caller::Guest,
            "{ product(slug: \"tea\") { version variants { sku } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        seen["product"],
        json!({ "version": "3", "variants": [{ "sku": "B" }] })
    );
    assert_eq!(shop.events().await.len(), events);

    done(
        &shop,
        "productUnpublish",
        json!({ "productId": product["id"] }),
    )
    .await;
    let emptied = done(&shop, "variantDelete", json!({ "variantId": b })).await;
    assert_eq!(
        (&emptied["variants"], &emptied["priceRange"]),
        (&json!([]), &Value::Null)
    );
}

#[tokio::test]
async fn a_deleted_variant_is_gone_from_the_shop_and_kept_for_orders() {
    let shop = shop().await;
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 500), variant("B", 900)] }),
    )
    .await;
    let id = &product["variants"][0]["id"];
    let left = done(&shop, "variantDelete", json!({ "variantId": id })).await;
    assert_eq!(left["variants"].as_array().expect("a list").len(), 1);
    assert_eq!(left["priceRange"]["min"]["minorAmount"], "900");

    let query = "{ variantsBySku(skus: [\"A\"]) { id } product(sku: \"A\") { id } }";
    assert_eq!(
        shop.data(&staff(), query, json!({})).await,
        json!({ "variantsBySku": [], "product": null })
    );
    let query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on ProductVariant { sku name isPublished isEnabled product { slug } } } }";
    let variables = json!({ "r": [{ "__typename": "ProductVariant", "id": id }] });
    assert_eq!(
        shop.data(&Caller::Guest, query, variables).await["_entities"],
        json!([{ "sku": "A", "name": "A", "isPublished": false, "isEnabled": false, "product": { "slug": "tea" } }])
    );
    for (mutation, input) in [
        ("variantDelete", json!({ "variantId": id })),
        (
            "variantUpdate",
            json!({ "variantId": id, "isEnabled": true }),
        ),
        (
            "variantPriceSet",
            json!({ "variantId": id, "price": idr(1) }),
        ),
    ] {
        assert_eq!(
            refused(&shop, mutation, input).await,
            at("NOT_FOUND", "input.variantId"),
            "{mutation}"
        );
    }
    let input = json!({ "productId": product["id"], "variant": variant("A", 1) });
    assert_eq!(
        refused(&shop, "variantCreate", input).await,
        at("SKU_TAKEN", "input.variant.sku")
    );
    let Some(Event::ProductUpdated(event)) = shop.events().await.into_iter().next_back() else {
        panic!("no update")
    };
    let told: Vec<_> = event
        .0
        .variants
        .iter()
        .map(|told| (told.sku.as_str(), told.is_published))
        .collect();
    assert_eq!(
        told,
        [("A", false), ("B", true)],
        "the others learn that it is not sold any more"
    );
}

#[tokio::test]
async fn a_price_is_set_and_everybody_is_told() {
    let shop = shop().await;
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 500), variant("B", 900)] }),
    )
    .await;
    let id = &product["variants"][0]["id"];
    let events = shop.events().await.len();
    let input = json!({ "variantId": id, "price": idr(1200), "compareAtPrice": idr(1500) });
    let set = done(&shop, "variantPriceSet", input.clone()).await;
    assert_eq!(
        set["price"],
        json!({ "minorAmount": "1200", "amount": "1200", "currencyCode": "IDR" })
    );
    assert_eq!(set["compareAtPrice"]["minorAmount"], "1500");
    assert_eq!(set["version"], "2");

    let told = shop.events().await.split_off(events);
    let [
        Event::ProductUpdated(updated),
        Event::VariantPriceChanged(changed),
    ] = told.as_slice()
    else {
        panic!("{told:?}")
    };
    assert_eq!(
        (updated.0.version, updated.0.variants[0].price.minor),
        (3, 1200)
    );
    assert_eq!(
        (
            changed.version,
            changed.old.minor,
            changed.new.minor,
            changed.sku.as_str()
        ),
        (3, 500, 1200, "A")
    );

    let range =
        "{ product(slug: \"tea\") { priceRange { min { minorAmount } max { minorAmount } } } }";
    let seen = shop.data(&Caller::Guest, range, json!({})).await;
    assert_eq!(
        seen["product"]["priceRange"],
        json!({ "min": { "minorAmount": "900" }, "max": { "minorAmount": "1200" } })
    );

    // The same again is no news
    assert_eq!(done(&shop, "variantPriceSet", input).await["version"], "2");
    assert_eq!(shop.events().await.len(), events + 2);

    // A comparison that is none any more goes
    let raised = done(
        &shop,
        "variantPriceSet",
        json!({ "variantId": id, "price": idr(1500) }),
    )
    .await;
    assert_eq!(raised["compareAtPrice"], Value::Null);
}

#[tokio::test]
async fn a_price_that_is_none_is_refused() {
    let shop = shop().await;
    let product = published(&shop, "tea", json!({})).await;
    let id = &product["variants"][0]["id"];
    let price =
        |minor: &str, currency: &str| json!({ "minorAmount": minor, "currencyCode": currency });
    let events = shop.events().await.len();
    for (input, expected) in [
        (
            json!({ "variantId": id, "price": price("-1", "IDR") }),
            at("PRICE_NEGATIVE", "input.price"),
        ),
        (
            json!({ "variantId": id, "price": price("1000.5", "IDR") }),
            at("PRICE_PRECISION", "input.price"),
        ),
        (
            json!({ "variantId": id, "price": price("1000", "USD") }),
            at("CURRENCY_UNSUPPORTED", "input.price"),
        ),
        (
            json!({ "variantId": id, "price": price("99999999999999999999", "IDR") }),
            at("INPUT_INVALID", "input.price"),
        ),
        (
            json!({ "variantId": id, "price": idr(2), "version": "9" }),
            at("STALE_VERSION", "input.version"),
        ),
        (
            json!({ "variantId": "nonsense", "price": idr(1) }),
            at("NOT_FOUND", "input.variantId"),
        ),
        (
            json!({ "variantId": "var_00000000000000000000000000", "price": idr(1) }),
            at("NOT_FOUND", "input.variantId"),
        ),
    ] {
        assert_eq!(
            refused(&shop, "variantPriceSet", input.clone()).await,
            expected,
            "{input}"
        );
    }
    assert_eq!(shop.events().await.len(), events);
    let query = "{ variantsBySku(skus: [\"TEA\"]) { price { minorAmount } } }";
    assert_eq!(
        shop.data(&Caller::Guest, query, json!({})).await["variantsBySku"][0]["price"]["minorAmount"],
        "1000"
    );
}
