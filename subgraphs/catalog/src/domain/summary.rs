//! What a product's row says of its variants.

use std::collections::HashMap;

use sea_orm::prelude::Uuid;

use super::text;
use crate::entity::variant;

/// The derived columns of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) variant_count: i32,
    pub(crate) min_price_minor: i64,
    pub(crate) max_price_minor: i64,
    pub(crate) in_stock: bool,
    pub(crate) search_text: String,
}

/// Derives them. Prices and stock are those of the enabled variants; `available` is the copy of the
/// stock by variant.
pub(crate) fn summarize(
    name: &str,
    brand: Option<&str>,
    description: &str,
    variants: &[variant::Model],
    available: &HashMap<Uuid, i64>,
) -> Summary {
    let listed = || variants.iter().filter(|variant| variant.is_listed());
    Summary {
        variant_count: i32::try_from(listed().count()).unwrap_or(i32::MAX),
        min_price_minor: listed()
            .map(|variant| variant.price_minor)
            .min()
            .unwrap_or(0),
        max_price_minor: listed()
            .map(|variant| variant.price_minor)
            .max()
            .unwrap_or(0),
        in_stock: is_in_stock(variants, available),
        search_text: search_text(name, brand, description, variants),
    }
}

/// Whether any enabled variant has units to sell.
pub(crate) fn is_in_stock(variants: &[variant::Model], available: &HashMap<Uuid, i64>) -> bool {
    variants.iter().any(|variant| {
        variant.is_listed() && available.get(&variant.id).is_some_and(|units| *units > 0)
    })
}

/// Everything search looks into, one thing per line so that no match crosses from one to the next.
fn search_text(
    name: &str,
    brand: Option<&str>,
    description: &str,
    variants: &[variant::Model],
) -> String {
    let mut lines = vec![name];
    lines.extend(brand);
    lines.extend(
        variants
            .iter()
            .filter(|variant| variant.is_listed())
            .map(|variant| variant.sku.as_str()),
    );
    lines.push(description);
    text::key(&lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn variant(sku: &str, price_minor: i64, is_enabled: bool) -> variant::Model {
        variant::Model {
            id: Uuid::new_v5(&Uuid::NAMESPACE_OID, sku.as_bytes()),
            version: 1,
            product_id: Uuid::nil(),
            sku: sku.to_owned(),
            name: sku.to_owned(),
            options: "[]".to_owned(),
            price_minor,
            compare_at_minor: None,
            currency: "IDR".to_owned(),
            tax_class: "standard".to_owned(),
            weight_grams: 0,
            is_enabled,
            position: 0,
            deleted_at: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_enabled_variants_count() {
        let deleted = variant::Model {
            deleted_at: Some(DateTime::UNIX_EPOCH),
            ..variant("D", 1, true)
        };
        let variants = [
            variant("A", 300, true),
            variant("B", 200, true),
            variant("C", 5, false),
            deleted,
        ];
        let stock = HashMap::from([
            (variants[0].id, 0),
            (variants[2].id, 9),
            (variants[3].id, 9),
        ]);
        let summary = summarize("Tea Pot", Some("Acme"), "Holds TEA", &variants, &stock);
        assert_eq!(
            summary,
            Summary {
                variant_count: 2,
                min_price_minor: 200,
                max_price_minor: 300,
                in_stock: false,
                search_text: "tea pot\nacme\na\nb\nholds tea".to_owned(),
            }
        );
        let stock = HashMap::from([(variants[1].id, 1)]);
        assert!(is_in_stock(&variants, &stock));
    }

    #[test]
    fn no_variants_is_no_price_and_no_stock() {
        let summary = summarize("x", None, "", &[], &HashMap::new());
        assert_eq!(
            (
                summary.variant_count,
                summary.min_price_minor,
                summary.max_price_minor
            ),
            (0, 0, 0)
        );
        assert!(!summary.in_stock);
    }
}
