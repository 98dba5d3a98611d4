use events::Event;
use serde_json::{Value, json};

use crate::fixture::{at, category, done, published, refused, shop, variant};

#[tokio::test]
async fn only_what_is_given_changes() {
    let shop = shop().await;
    let kitchen = category(&shop, "kitchen", None).await;
    let product = published(
        &shop,
        "tea",
        json!({ "brand": "Bambu", "description": "Good.", "categoryId": kitchen["id"],
            "attributes": [{ "name": "a", "value": "b" }], "images": [{ "url": "https://a/1" }] }),
    )
    .await;
    assert_eq!(product["version"], "2");

    let input = json!({ "productId": product["id"], "name": "Green Tea", "isAvailable": false });
    let updated = done(&shop, "productUpdate", input).await;
    assert_eq!(updated["name"], "Green Tea");
    assert_eq!(updated["isAvailable"], false);
    assert_eq!(
        updated["variants"][0]["isPublished"], false,
        "not available is not for sale"
    );
    assert_eq!(updated["version"], "3");
    for field in [
        "slug",
        "brand",
        "description",
        "category",
        "attributes",
        "images",
        "status",
    ] {
        assert_eq!(updated[field], product[field], "{field}");
    }

    let input = json!({ "productId": product["id"], "brand": null, "categoryId": null, "attributes": [], "images": [] });
    let emptied = done(&shop, "productUpdate", input).await;
    assert_eq!(emptied["brand"], Value::Null);
    assert_eq!(emptied["category"], Value::Null);
    assert_eq!(
        (&emptied["attributes"], &emptied["images"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(emptied["name"], "Green Tea");

    let Some(Event::ProductUpdated(event)) = shop.events().await.into_iter().next_back() else {
        panic!("no update")
    };
    assert_eq!(
        (event.0.version, event.0.brand, event.0.category_ids),
        (4, None, Vec::new())
    );
    assert!(!event.0.variants[0].is_published);
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    let shop = shop().await;
    let product = published(&shop, "tea", json!({})).await;
    let id = &product["id"];
    done(
        &shop,
        "productUpdate",
        json!({ "productId": id, "version": "2", "name": "One" }),
    )
    .await;
    let stale = json!({ "productId": id, "version": "2", "name": "Two" });
    assert_eq!(
        refused(&shop, "productUpdate", stale).await,
        at("STALE_VERSION", "input.version")
    );
    let stale = json!({ "productId": id, "version": 2 });
    assert_eq!(
        refused(&shop, "productUnpublish", stale).await,
        at("STALE_VERSION", "input.version")
    );
    let now = done(&shop, "productUpdate", json!({ "productId": id })).await;
    assert_eq!(
        (&now["name"], &now["status"]),
        (&json!("One"), &json!("PUBLISHED"))
    );
}

#[tokio::test]
async fn unknown_products_and_taken_slugs_are_refused() {
    let shop = shop().await;
    published(&shop, "tea", json!({})).await;
    let coffee = published(&shop, "coffee", json!({})).await;
    for id in [
        "nonsense",
        "prod_00000000000000000000000000",
        "var_00000000000000000000000000",
    ] {
        let input = json!({ "productId": id, "name": "x" });
        assert_eq!(
            refused(&shop, "productUpdate", input).await,
            at("NOT_FOUND", "input.productId"),
            "{id}"
        );
    }
    let input = json!({ "productId": coffee["id"], "slug": "tea" });
    assert_eq!(
        refused(&shop, "productUpdate", input).await,
        at("SLUG_TAKEN", "input.slug")
    );
    let events = shop.events().await.len();
    let input = json!({ "productId": coffee["id"], "name": "x", "categoryId": "cat_00000000000000000000000000" });
    assert_eq!(
        refused(&shop, "productUpdate", input).await,
        at("NOT_FOUND", "input.categoryId")
    );
    assert_eq!(
        shop.events().await.len(),
        events,
        "a refusal tells nobody anything"
    );
}

#[tokio::test]
async fn pictures_are_replaced_as_a_whole_and_may_show_a_variant() {
    let shop = shop().await;
    let product = published(
        &shop,
        "tea",
        json!({ "variants": [variant("A", 1)], "images": [{ "url": "https://a/1" }] }),
    )
    .await;
    let input = json!({ "productId": product["id"], "images": [{ "url": "https://a/3", "alt": " x " }, { "url": "https://a/2", "sku": "A" }] });
    let updated = done(&shop, "productUpdate", input).await;
    assert_eq!(
        updated["images"],
        json!([{ "url": "https://a/3", "alt": "x" }, { "url": "https://a/2", "alt": null }])
    );
}
