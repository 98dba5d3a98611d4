//! What an order asks for: units per variant, whatever its lines are.

use std::collections::BTreeMap;

use events::id::VariantId;
use serde::{Deserialize, Serialize};

use crate::InventoryError;
use crate::incoming::OrderedLine;

/// Units per variant, each more than zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Demand(BTreeMap<VariantId, i64>);

impl Demand {
    /// Adds up the lines of an order. Two lines of one variant are one demand: each alone might
    /// find enough stock where both together do not.
    pub(crate) fn of_lines(lines: &[OrderedLine]) -> Result<Self, InventoryError> {
        let mut units: BTreeMap<VariantId, i64> = BTreeMap::new();
        for line in lines {
            if line.quantity <= 0 {
                return Err(InventoryError::EventMalformed(
                    "an order line without units",
                ));
            }
            let sum = units.entry(line.variant_id).or_default();
            *sum = sum.saturating_add(line.quantity);
        }
        if units.is_empty() {
            return Err(InventoryError::EventMalformed("an order without lines"));
        }
        Ok(Self(units))
    }

    /// Reads what [`Demand::to_json`] wrote.
    pub(crate) fn from_json(json: &str) -> Result<Self, InventoryError> {
        serde_json::from_str(json).map_err(|error| sea_orm::DbErr::Json(error.to_string()).into())
    }

    /// For the reservation's row.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a map with text keys is JSON")
    }

    /// Variants and units, in the order of the variants.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (VariantId, i64)> {
        self.0
            .iter()
            .map(|(variant_id, units)| (*variant_id, *units))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sku: &str, quantity: i64) -> OrderedLine {
        OrderedLine {
            variant_id: VariantId::from_name(sku),
            quantity,
        }
    }

    #[test]
    fn lines_of_one_variant_add_up() {
        let demand = Demand::of_lines(&[line("A", 1), line("B", 2), line("A", 3)]).expect("valid");
        let units: BTreeMap<VariantId, i64> = demand.iter().collect();
        assert_eq!(
            units,
            BTreeMap::from([
                (VariantId::from_name("A"), 4),
                (VariantId::from_name("B"), 2)
            ])
        );
        assert_eq!(
            Demand::from_json(&demand.to_json()).expect("round trip"),
            demand
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for lines in [
            vec![],
            vec![line("A", 0)],
            vec![line("A", 2), line("B", -1)],
        ] {
            assert!(matches!(
                Demand::of_lines(&lines),
                Err(InventoryError::EventMalformed(_))
            ));
        }
        let huge = Demand::of_lines(&[line("A", i64::MAX), line("A", i64::MAX)])
            .expect("absurd, not malformed");
        assert_eq!(huge.iter().next().map(|(_, units)| units), Some(i64::MAX));
    }
}
