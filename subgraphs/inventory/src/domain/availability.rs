//! How much of a variant the shop can sell.

use std::collections::HashMap;

use events::id::VariantId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::entity::{stock_level, warehouse};

/// What can be sold of a variant, over all active warehouses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Availability {
    /// Units free to sell.
    pub(crate) available: i64,
    /// Sum of the low-stock thresholds.
    pub(crate) low_threshold: i64,
}

/// How full the shelf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// Enough.
    InStock,
    /// Some, but fewer than the thresholds ask for.
    Low,
    /// Nothing.
    Out,
}

impl Availability {
    /// How full the shelf is.
    pub(crate) fn shelf(self) -> Shelf {
        if self.available <= 0 {
            Shelf::Out
        } else if self.available < self.low_threshold {
            Shelf::Low
        } else {
            Shelf::InStock
        }
    }
}

/// The availability of all these variants in one statement; a variant without stock has none.
pub(crate) async fn load_availability(
    db: &impl ConnectionTrait,
    variant_ids: &[VariantId],
) -> Result<HashMap<VariantId, Availability>, DbErr> {
    let levels = stock_level::Entity::find()
        .filter(stock_level::Column::VariantId.is_in(variant_ids.iter().map(|id| id.uuid())))
        .filter(stock_level::Column::WarehouseId.in_subquery(warehouse::active_ids()))
        .all(db)
        .await?;
    let mut sums: HashMap<VariantId, Availability> = variant_ids
        .iter()
        .map(|id| (*id, Availability::default()))
        .collect();
    for level in levels {
        let sum = sums.entry(level.variant()).or_default();
        sum.available += level.available();
        sum.low_threshold += level.low_threshold;
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shelf_is_low_below_the_threshold_and_out_at_nothing() {
        let shelf = |available, low_threshold| {
            Availability {
                available,
                low_threshold,
            }
            .shelf()
        };
        assert_eq!(shelf(0, 0), Shelf::Out);
        assert_eq!(shelf(0, 5), Shelf::Out);
        assert_eq!(shelf(4, 5), Shelf::Low);
        assert_eq!(shelf(5, 5), Shelf::InStock);
        assert_eq!(shelf(1, 0), Shelf::InStock);
    }
}
