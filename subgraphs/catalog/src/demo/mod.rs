//! Demo data: the same products with the same identifiers on every machine.

mod words;

use chrono::{DateTime, TimeDelta, Utc};
use events::Cause;
use events::catalog::ProductCreated;
use events::id::{CategoryId, ImageId, ProductId, VariantId};
use money::Currency;
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::*;
use sea_orm::{DatabaseTransaction, IntoActiveModel};

use crate::domain::property::{self, Property};
use crate::domain::status::ProductStatus;
use crate::domain::{snapshot, summary, text};
use crate::entity::{category, image, product, variant};
use crate::{CatalogError, Config};
use words::{BRANDS, CATEGORIES, QUALITIES, SHELVES};

/// How many demo products there are.
pub const PRODUCTS: u32 = 1_000;
/// Products stored in one transaction.
const BATCH: u32 = 250;
/// The price of variant `A` of the first product, in whole rupiah.
const FIRST_PRICE: i64 = 125_000;

/// A demo variant, for who gives it stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoVariant {
    /// Stock keeping unit, `DEMO-0001-A` and so on.
    pub sku: String,
    /// Identifier.
    pub variant_id: VariantId,
    /// Position in [`variants`], from 0.
    pub index: usize,
}

/// Every demo variant, product by product. The first is variant `A` of the first product.
pub fn variants() -> Vec<DemoVariant> {
    (1..=PRODUCTS)
        .flat_map(|number| (0..variant_count(number)).map(move |letter| sku(number, letter)))
        .enumerate()
        .map(|(index, sku)| DemoVariant {
            variant_id: VariantId::from_name(&sku),
            sku,
            index,
        })
        .collect()
}

/// Stores the demo products and tells the other services of them; returns how many were new. What
/// is there already stays as it is, so a start that was interrupted can be repeated.
///
/// # Errors
/// [`CatalogError::Database`], also if another process loads the same at the same time.
pub async fn load(
    db: &DatabaseConnection,
    config: &Config,
    now: DateTime<Utc>,
) -> Result<u32, CatalogError> {
    let cause = Cause::job("catalog.demo", now);
    let categories = load_categories(db).await?;
    let mut loaded = 0;
    for first in (1..=PRODUCTS).step_by(BATCH as usize) {
        let txn = outbox::begin(db).await?;
        // Batches are all or nothing, so their first product stands for them.
        if product::Entity::find_by_id(product_id(first).uuid())
            .one(&txn)
            .await?
            .is_some()
        {
            continue;
        }
        let numbers = first..(first + BATCH).min(PRODUCTS + 1);
        loaded += numbers.len() as u32;
        load_batch(&txn, numbers, &categories, config.currency, &cause).await?;
        txn.commit().await?;
    }
    Ok(loaded)
}

async fn load_categories(db: &DatabaseConnection) -> Result<Vec<category::Model>, CatalogError> {
    let txn = outbox::begin(db).await?;
    let ids = CATEGORIES.map(|(slug, ..)| CategoryId::from_name(slug).uuid());
    let mut rows = category::Entity::find()
        .filter(category::Column::Id.is_in(ids))
        .all(&txn)
        .await?;
    if rows.is_empty() {
        rows = demo_categories();
        let new = rows
            .iter()
            .cloned()
            .map(IntoActiveModel::into_active_model)
            .map(category::ActiveModel::reset_all);
        category::Entity::insert_many(new)
            .exec_without_returning(&txn)
            .await?;
        txn.commit().await?;
    }
    Ok(rows)
}

/// The tree, parents first.
fn demo_categories() -> Vec<category::Model> {
    let mut rows: Vec<category::Model> = Vec::with_capacity(CATEGORIES.len());
    for (slug, name, parent) in CATEGORIES {
        let id = CategoryId::from_name(slug).uuid();
        let parent = parent.and_then(|parent| rows.iter().find(|row| row.slug == parent));
        let row = category::Model {
            id,
            version: 1,
            name: name.to_owned(),
            name_key: text::key(name),
            slug: slug.to_owned(),
            parent_id: parent.map(|parent| parent.id),
            path: category::path_below(parent.map_or("", |parent| &parent.path), id),
            depth: parent.map_or(1, |parent| parent.depth + 1),
            created_at: created_at(0),
            updated_at: created_at(0),
        };
        rows.push(row);
    }
    rows
}

async fn load_batch(
    txn: &DatabaseTransaction,
    numbers: std::ops::Range<u32>,
    categories: &[category::Model],
    currency: Currency,
    cause: &Cause,
) -> Result<(), CatalogError> {
    let (mut products, mut variants, mut images, mut created) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in numbers {
        let (product, own_variants) = demo_product(number, currency);
        let category = categories
            .iter()
            .find(|category| Some(category.id) == product.category_id);
        created.push(ProductCreated(snapshot(&product, &own_variants, category)));
        images.extend(demo_images(&product, number));
        variants.extend(
            own_variants
                .into_iter()
                .map(|row| row.into_active_model().reset_all()),
        );
        products.push(product.into_active_model().reset_all());
    }
    product::Entity::insert_many(products)
        .exec_without_returning(txn)
        .await?;
    variant::Entity::insert_many(variants)
        .exec_without_returning(txn)
        .await?;
    image::Entity::insert_many(images)
        .exec_without_returning(txn)
        .await?;
    for event in created {
        outbox::enqueue(txn, cause, event.0.version, event).await?;
    }
    Ok(())
}

/// A product with its variants, ready to be stored.
fn demo_product(number: u32, currency: Currency) -> (product::Model, Vec<variant::Model>) {
    // What it is
    let index = (number - 1) as usize;
    let (shelf, on_shelf) = (&SHELVES[index % SHELVES.len()], index / SHELVES.len());
    let (thing, praise) = shelf.things[on_shelf % shelf.things.len()];
    let (adjective, quality) =
        QUALITIES[(on_shelf / shelf.things.len() + 3 * (index % SHELVES.len())) % QUALITIES.len()];
    let brand = BRANDS[(scatter(number) % BRANDS.len() as u64) as usize];
    let name = format!("{adjective} {thing}");
    let description = format!(
        "{quality}. This {} by {brand} {praise}.",
        thing.to_lowercase()
    );

    // Its variants
    let id = product_id(number);
    let variants: Vec<_> = (0..variant_count(number))
        .map(|letter| demo_variant(number, letter, currency))
        .collect();
    let summary = summary::summarize(
        &name,
        Some(brand),
        &description,
        &variants,
        &std::collections::HashMap::new(),
    );
    let attributes = [Property {
        name: "collection".to_owned(),
        value: format!("Bazaar {adjective}"),
    }];

    let product = product::Model {
        id: id.uuid(),
        version: 1,
        slug: slug(number),
        name_key: text::key(&name),
        name,
        description,
        brand: Some(brand.to_owned()),
        category_id: Some(CategoryId::from_name(shelf.category).uuid()),
        status: ProductStatus::Published.as_str().to_owned(),
        is_available: true,
        attributes: property::to_json(&attributes),
        currency: currency.code().to_owned(),
        variant_count: summary.variant_count,
        min_price_minor: summary.min_price_minor,
        max_price_minor: summary.max_price_minor,
        // Until inventory says otherwise.
        in_stock: false,
        search_text: summary.search_text,
        created_at: created_at(number),
        updated_at: created_at(number),
    };
    (product, variants)
}

fn demo_variant(number: u32, letter: u32, currency: Currency) -> variant::Model {
    let index = (number - 1) as usize;
    let shelf = &SHELVES[index % SHELVES.len()];
    let sku = sku(number, letter);
    let choice = shelf.choices[letter as usize];
    let options = [Property {
        name: shelf.option.to_owned(),
        value: choice.to_owned(),
    }];
    let base = if number == 1 {
        FIRST_PRICE
    } else {
        shelf.price_from + (scatter(number ^ 0x5eed) % 400) as i64 * 1_000
    };
    let price_minor = base + i64::from(letter) * 5_000;
    variant::Model {
        id: VariantId::from_name(&sku).uuid(),
        version: 1,
        product_id: product_id(number).uuid(),
        sku,
        name: choice.to_owned(),
        options: property::to_json(&options),
        price_minor,
        // Every eighth product is reduced.
        compare_at_minor: (number.is_multiple_of(8)).then_some(price_minor + price_minor / 4),
        currency: currency.code().to_owned(),
        tax_class: "standard".to_owned(),
        weight_grams: shelf.weight_grams,
        is_enabled: true,
        position: letter as i32,
        deleted_at: None,
        created_at: created_at(number),
        updated_at: created_at(number),
    }
}

/// Two pictures of each product, drawn by the catalog itself.
fn demo_images(product: &product::Model, number: u32) -> impl Iterator<Item = image::ActiveModel> {
    let slug = &product.slug;
    let pictures = [
        (slug.clone(), product.name.clone()),
        (format!("{slug}-2"), format!("{}, detail", product.name)),
    ];
    let product_id = product.id;
    pictures
        .into_iter()
        .enumerate()
        .map(move |(position, (picture, alt))| image::ActiveModel {
            id: Set(ImageId::from_name(&picture).uuid()),
            product_id: Set(product_id),
            variant_id: Set(None),
            url: Set(format!("/images/{picture}.svg")),
            alt: Set(Some(alt)),
            position: Set(position as i32),
            created_at: Set(created_at(number)),
        })
}

fn slug(number: u32) -> String {
    format!("demo-product-{number:04}")
}

fn product_id(number: u32) -> ProductId {
    ProductId::from_name(&slug(number))
}

fn sku(number: u32, letter: u32) -> String {
    let letter = char::from(b'A' + letter as u8);
    format!("DEMO-{number:04}-{letter}")
}

/// 1 to 4.
fn variant_count(number: u32) -> u32 {
    1 + (scatter(number ^ 0xc0de) % 4) as u32
}

/// Seven hours apart, so that no two products are of the same age.
fn created_at(number: u32) -> DateTime<Utc> {
    let opening = DateTime::from_timestamp(1_735_689_600, 0).expect("the first of January 2025");
    opening + TimeDelta::hours(7 * i64::from(number))
}

/// A number that looks random and is always the same (splitmix64).
fn scatter(number: u32) -> u64 {
    let mut bits = u64::from(number)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn demo_products_are_what_was_promised() {
        let (first, first_variants) = demo_product(1, Currency::IDR);
        assert_eq!(first.slug, "demo-product-0001");
        assert_eq!(first.id, ProductId::from_name("demo-product-0001").uuid());
        assert_eq!(
            (
                first_variants[0].sku.as_str(),
                first_variants[0].price_minor
            ),
            ("DEMO-0001-A", 125_000)
        );
        assert_eq!(
            first_variants[0].id,
            VariantId::from_name("DEMO-0001-A").uuid()
        );
        assert_eq!(
            demo_product(PRODUCTS, Currency::IDR).0.slug,
            "demo-product-1000"
        );

        let brands: HashSet<_> = (1..=PRODUCTS)
            .filter_map(|number| demo_product(number, Currency::IDR).0.brand)
            .collect();
        assert_eq!(brands.len(), 25);
        let counts: HashSet<_> = (1..=PRODUCTS).map(variant_count).collect();
        assert_eq!(counts, HashSet::from([1, 2, 3, 4]));
    }

    #[test]
    fn the_tree_has_twenty_categories_on_three_levels_and_products_at_the_bottom() {
        let rows = demo_categories();
        assert_eq!(rows.len(), 20);
        assert_eq!(rows.iter().map(|row| row.depth).max(), Some(3));
        assert!(
            rows.iter()
                .all(|row| (row.depth == 1) == row.parent_id.is_none()),
            "every parent is known"
        );
        let bottom: Vec<_> = rows
            .iter()
            .filter(|row| row.depth == 3)
            .map(|row| row.slug.as_str())
            .collect();
        assert_eq!(
            bottom,
            SHELVES
                .iter()
                .map(|shelf| shelf.category)
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn variants_are_numbered_and_unique() {
        let variants = variants();
        assert_eq!(variants[0].sku, "DEMO-0001-A");
        assert!(
            variants
                .iter()
                .enumerate()
                .all(|(index, variant)| variant.index == index)
        );
        assert_eq!(
            variants
                .iter()
                .map(|variant| variant.variant_id)
                .collect::<HashSet<_>>()
                .len(),
            variants.len()
        );
        assert!(
            (2_000..3_000).contains(&variants.len()),
            "{}",
            variants.len()
        );
    }

    #[test]
    fn every_product_has_a_name_of_its_own() {
        let names: HashSet<_> = (1..=PRODUCTS)
            .map(|number| demo_product(number, Currency::IDR).0.name)
            .collect();
        assert_eq!(names.len(), 1_000);
    }
}
