//! Keeps the copies of variants up to date.

use sea_orm::{DatabaseTransaction, DbErr};

use crate::entity::variant_copy;
use crate::incoming::{Product, VariantPriceChanged};

/// Copies a product's variants, unless newer copies are there.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub(crate) async fn product_changed(
    txn: &DatabaseTransaction,
    product: &Product,
) -> Result<(), DbErr> {
    let copies: Vec<variant_copy::Model> = product
        .variants
        .iter()
        .map(|variant| variant_copy::Model {
            variant_id: variant.variant_id.uuid(),
            product_id: product.product_id.uuid(),
            sku: variant.sku.clone(),
            name: variant.name.clone(),
            product_name: product.name.clone(),
            is_published: variant.is_published,
            tax_class: variant.tax_class.clone(),
            weight_grams: variant.weight_grams,
            version: product.version,
            price_minor: variant.price.minor,
            currency: variant.price.currency.code().to_owned(),
            price_version: product.version,
        })
        .collect();
    variant_copy::store(txn, &copies).await?;
    let present = copies.iter().map(|copy| copy.variant_id);
    variant_copy::unpublish_others(txn, product.product_id.uuid(), product.version, present).await
}

/// Copies a variant's price, unless a newer one is there. Of a variant that is not known yet the
/// price is kept until its product is heard of.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub(crate) async fn price_changed(
    txn: &DatabaseTransaction,
    change: &VariantPriceChanged,
) -> Result<(), DbErr> {
    let copy = variant_copy::Model {
        variant_id: change.variant_id.uuid(),
        product_id: change.product_id.uuid(),
        sku: change.sku.clone(),
        name: String::new(),
        product_name: String::new(),
        is_published: false,
        tax_class: "standard".to_owned(),
        weight_grams: 0,
        version: 0,
        price_minor: change.new.minor,
        currency: change.new.currency.code().to_owned(),
        price_version: change.version,
    };
    variant_copy::store_price(txn, &[copy]).await
}
