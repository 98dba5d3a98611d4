use events::Event;
use serde_json::json;
use test_support::Caller;

use crate::fixture::{at, done, published, refused, shop, variant};

fn illegal() -> (String, Option<String>) {
    ("ILLEGAL_TRANSITION".to_owned(), None)
}

#[tokio::test]
async fn a_product_goes_through_its_life_and_everybody_is_told() {
    let shop = shop().await;
    let product = done(
        &shop,
        "productCreate",
        json!({ "name": "Tea", "variants": [variant("TEA", 1)] }),
    )
    .await;
    let input = json!({ "productId": product["id"] });

    assert_eq!(
        refused(&shop, "productUnpublish", input.clone()).await,
        illegal()
    );
    let product = done(&shop, "productPublish", input.clone()).await;
    assert_eq!(product["status"], "PUBLISHED");
    assert_eq!(product["variants"][0]["isPublished"], true);
    assert_eq!(
        refused(&shop, "productArchive", input.clone()).await,
        illegal()
    );
    assert_eq!(
        done(&shop, "productUnpublish", input.clone()).await["status"],
        "UNPUBLISHED"
    );
    assert_eq!(
        done(&shop, "productPublish", input.clone()).await["status"],
        "PUBLISHED"
    );
    assert_eq!(
        done(&shop, "productUnpublish", input.clone()).await["status"],
        "UNPUBLISHED"
    );
    assert_eq!(
        done(&shop, "productArchive", input.clone()).await["status"],
        "ARCHIVED"
    );

    let told: Vec<_> = shop
        .events()
        .await
        .into_iter()
        .map(|event| match event {
            Event::ProductCreated(event) => (
                event.0.status,
                event.0.version,
                event.0.variants[0].is_published,
            ),
            Event::ProductUpdated(event) => (
                event.0.status,
                event.0.version,
                event.0.variants[0].is_published,
            ),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        ("DRAFT", 1, false),
        ("PUBLISHED", 2, true),
        ("UNPUBLISHED", 3, false),
        ("PUBLISHED", 4, true),
        ("UNPUBLISHED", 5, false),
        ("ARCHIVED", 6, false),
    ];
    assert_eq!(
        told,
        expected.map(|(status, version, sold)| (status.to_owned(), version, sold))
    );
}

#[tokio::test]
async fn an_archived_product_does_not_change_any_more() {
    let shop = shop().await;
    let product = done(
        &shop,
        "productCreate",
        json!({ "name": "Tea", "variants": [variant("TEA", 1)] }),
    )
    .await;
    let (id, variant_id) = (&product["id"], &product["variants"][0]["id"]);
    done(&shop, "productArchive", json!({ "productId": id })).await;
    let events = shop.events().await.len();

    let archived = ("PRODUCT_ARCHIVED".to_owned(), None);
    for (mutation, input) in [
        ("productUpdate", json!({ "productId": id, "name": "x" })),
        ("productPublish", json!({ "productId": id })),
        ("productUnpublish", json!({ "productId": id })),
        (
            "variantCreate",
            json!({ "productId": id, "variant": variant("NEW", 1) }),
        ),
        (
            "variantUpdate",
            json!({ "variantId": variant_id, "name": "x" }),
        ),
        ("variantDelete", json!({ "variantId": variant_id })),
    ] {
        assert_eq!(
            refused(&shop, mutation, input).await,
            archived,
            "{mutation}"
        );
    }
    assert_eq!(shop.events().await.len(), events);
    assert_eq!(
        refused(&shop, "productCreate", json!({ "name": "Tea" })).await,
        at("SLUG_TAKEN", "input.slug")
    );
}

#[tokio::test]
async fn to_ask_for_the_present_status_changes_nothing() {
    let shop = shop().await;
    let product = published(&shop, "tea", json!({})).await;
    let events = shop.events().await.len();
    let again = done(
        &shop,
        "productPublish",
        json!({ "productId": product["id"] }),
    )
    .await;
    assert_eq!(
        (&again["status"], &again["version"]),
        (&json!("PUBLISHED"), &product["version"])
    );

    let draft = done(&shop, "productCreate", json!({ "name": "Draft" })).await;
    let archive = json!({ "productId": draft["id"] });
    let archived = done(&shop, "productArchive", archive.clone()).await;
    assert_eq!(
        done(&shop, "productArchive", archive).await["version"],
        archived["version"]
    );
    assert_eq!(
        shop.events().await.len(),
        events + 2,
        "created and archived once"
    );
}

#[tokio::test]
async fn a_product_without_an_enabled_variant_is_not_published() {
    let shop = shop().await;
    let mut off = variant("OFF", 1);
    off["isEnabled"] = json!(false);
    for variants in [json!([]), json!([off])] {
        let name = format!("p{}", variants.as_array().expect("a list").len());
        let product = done(
            &shop,
            "productCreate",
            json!({ "name": name, "variants": variants }),
        )
        .await;
        let verdict = refused(
            &shop,
            "productPublish",
            json!({ "productId": product["id"] }),
        )
        .await;
        assert_eq!(verdict, ("VARIANT_REQUIRED".to_owned(), None));
    }
    assert_eq!(
        shop.data(&Caller::Guest, "{ products { totalCount } }", json!({}))
            .await["products"]["totalCount"],
        0
    );
}
