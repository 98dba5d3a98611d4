//! Copies of variants and stock, whatever order their events come in.

use cart::entity::{stock_copy, variant_copy};
use events::catalog::{ProductUpdated, VariantPriceChanged};
use events::id::ProductId;
use money::{Currency, Money};
use outbox::Outcome;
use sea_orm::EntityTrait;

use crate::fixture::{Shop, codes, product, sku, variant_id};

async fn copy(shop: &Shop, name: &str) -> Option<variant_copy::Model> {
    let id = variant_id(name).uuid();
    variant_copy::Entity::find_by_id(id)
        .one(&shop.subgraph.deps.db)
        .await
        .expect("readable")
}

fn price_event(name: &str, new: i64, version: i64) -> VariantPriceChanged {
    VariantPriceChanged {
        variant_id: variant_id(name),
        product_id: ProductId::from_name(name),
        sku: sku(name),
        old: Money::new(1, Currency::IDR),
        new: Money::new(new, Currency::IDR),
        version,
    }
}

#[tokio::test]
async fn older_versions_are_ignored() {
    let shop = Shop::open().await;
    shop.sell("Shirt", 100).await;
    let mut renamed = product("Shirt", 5, 500);
    renamed.name = "New shirt".to_owned();
    shop.subgraph.deliver(ProductUpdated(renamed), 5).await;
    shop.subgraph
        .deliver(ProductUpdated(product("Shirt", 3, 300)), 3)
        .await;
    shop.subgraph.deliver(price_event("Shirt", 400, 4), 4).await;
    let stored = copy(&shop, "Shirt").await.expect("known");
    assert_eq!(
        (
            stored.product_name.as_str(),
            stored.price_minor,
            stored.version
        ),
        ("New shirt", 500, 5)
    );
}

#[tokio::test]
async fn a_price_may_be_ahead_of_its_product() {
    let shop = Shop::open().await;
    shop.sell("Shirt", 100).await;
    shop.subgraph.deliver(price_event("Shirt", 700, 7), 7).await;
    let mut renamed = product("Shirt", 6, 600);
    renamed.name = "New shirt".to_owned();
    shop.subgraph.deliver(ProductUpdated(renamed), 6).await;
    let stored = copy(&shop, "Shirt").await.expect("known");
    assert_eq!(
        (
            stored.product_name.as_str(),
            stored.price_minor,
            stored.price_version
        ),
        ("New shirt", 700, 7)
    );
}

#[tokio::test]
async fn a_price_of_an_unknown_variant_waits_for_its_product() {
    let shop = Shop::open().await;
    shop.subgraph.deliver(price_event("Shirt", 700, 2), 2).await;
    assert!(!copy(&shop, "Shirt").await.expect("kept").is_published);
    shop.sell("Shirt", 100).await;
    let stored = copy(&shop, "Shirt").await.expect("known");
    assert_eq!(
        (
            stored.is_published,
            stored.price_minor,
            stored.name.as_str()
        ),
        (true, 700, "Blue")
    );
}

#[tokio::test]
async fn a_variant_that_its_product_no_longer_has_is_not_sold() {
    let shop = Shop::open().await;
    let shirt = shop.sell("Shirt", 100).await;
    let cart = shop.guest_cart().await;
    shop.add(&cart, &[(shirt, 1)]).await;
    let mut bare = product("Shirt", 2, 100);
    bare.variants.clear();
    shop.subgraph.deliver(ProductUpdated(bare), 2).await;
    assert!(!copy(&shop, "Shirt").await.expect("kept").is_published);
    assert_eq!(
        codes(&shop.look(&cart).await["warnings"]),
        ["VARIANT_NOT_PURCHASABLE"]
    );
    // An event from before does not bring it back.
    shop.subgraph
        .deliver(ProductUpdated(product("Shirt", 1, 100)), 1)
        .await;
    assert!(!copy(&shop, "Shirt").await.expect("kept").is_published);
}

#[tokio::test]
async fn stock_only_moves_forward_and_an_event_counts_once() {
    let shop = Shop::open().await;
    shop.stock("Shirt", 5, 2).await;
    shop.stock("Shirt", 9, 1).await;
    let db = &shop.subgraph.deps.db;
    let stored = stock_copy::Entity::find_by_id(variant_id("Shirt").uuid())
        .one(db)
        .await
        .expect("readable");
    assert_eq!(stored.map(|stock| stock.available), Some(5));

    let envelope = shop.subgraph.envelope(price_event("Shirt", 700, 2), 2);
    assert_eq!(
        shop.subgraph.deliver_envelope(&envelope).await,
        Outcome::Handled
    );
    assert_eq!(
        shop.subgraph.deliver_envelope(&envelope).await,
        Outcome::Duplicate
    );
}
