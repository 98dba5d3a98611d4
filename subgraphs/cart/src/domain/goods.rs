//! What is known of the variants in carts.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::entity::{stock_copy, variant_copy};

/// Variants and their stock, by variant.
#[derive(Debug, Clone, Default)]
pub(crate) struct Goods {
    variants: HashMap<Uuid, variant_copy::Model>,
    available: HashMap<Uuid, i64>,
}

impl Goods {
    /// Loads what is not there yet.
    pub(crate) async fn load(
        &mut self,
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<(), DbErr> {
        let mut missing: Vec<Uuid> = ids
            .into_iter()
            .filter(|id| !self.variants.contains_key(id))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        for variant in variant_copy::of_variants(db, missing.iter().copied()).await? {
            self.variants.insert(variant.variant_id, variant);
        }
        for stock in stock_copy::of_variants(db, missing).await? {
            self.available.insert(stock.variant_id, stock.available);
        }
        Ok(())
    }

    /// A variant.
    pub(crate) fn variant(&self, id: Uuid) -> Option<&variant_copy::Model> {
        self.variants.get(&id)
    }

    /// A variant that a line is about.
    pub(crate) fn of_line(&self, variant_id: Uuid) -> &variant_copy::Model {
        self.variants
            .get(&variant_id)
            .expect("a foreign key keeps every line's variant, and it was loaded")
    }

    /// Takes over what another has.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.variants.extend(
            other
                .variants
                .iter()
                .map(|(id, variant)| (*id, variant.clone())),
        );
        self.available.extend(&other.available);
    }

    /// Units free to sell; none if the inventory has not spoken of the variant.
    pub(crate) fn available(&self, id: Uuid) -> Option<i64> {
        self.available.get(&id).copied()
    }
}

impl variant_copy::Model {
    /// How the variant is called on its own: product and variant, unless that says it twice.
    pub(crate) fn full_name(&self) -> String {
        if self.name == self.product_name || self.name.is_empty() {
            self.product_name.clone()
        } else {
            format!("{}, {}", self.product_name, self.name)
        }
    }

    /// Whether it can be sold in this currency.
    pub(crate) fn is_purchasable_in(&self, currency: &str) -> bool {
        self.is_published && self.currency == currency
    }
}
