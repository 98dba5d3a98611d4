//! Which warehouse serves what: by priority, split where needed, all or nothing for the order.

use events::id::{VariantId, WarehouseId};
use events::inventory::Shortage;

use super::demand::Demand;

/// What a warehouse has free of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The variant.
    pub(crate) variant_id: VariantId,
    /// The warehouse.
    pub(crate) warehouse_id: WarehouseId,
    /// Place of the warehouse in the order of priority.
    pub(crate) rank: usize,
    /// Units free there.
    pub(crate) available: i64,
}

/// Units to be taken from a warehouse.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Take {
    /// The variant.
    pub(crate) variant_id: VariantId,
    /// The warehouse.
    pub(crate) warehouse_id: WarehouseId,
    /// Units, more than zero.
    pub(crate) quantity: i64,
}

/// Spreads a demand over the offers; the takes come in (variant, warehouse) order, in which rows
/// are locked. If anything is short, everything is refused and all shortages are told.
pub(crate) fn allocate(demand: &Demand, offers: &[Offer]) -> Result<Vec<Take>, Vec<Shortage>> {
    let mut takes = Vec::new();
    let mut shortages = Vec::new();
    for (variant_id, requested) in demand.iter() {
        let mut here: Vec<&Offer> = offers
            .iter()
            .filter(|offer| offer.variant_id == variant_id && offer.available > 0)
            .collect();
        here.sort_by_key(|offer| offer.rank);
        let mut missing = requested;
        for offer in &here {
            let quantity = missing.min(offer.available);
            if quantity > 0 {
                takes.push(Take {
                    variant_id,
                    warehouse_id: offer.warehouse_id,
                    quantity,
                });
                missing -= quantity;
            }
        }
        if missing > 0 {
            let available = here.iter().map(|offer| offer.available).sum();
            shortages.push(Shortage {
                variant_id,
                requested,
                available,
            });
        }
    }
    if shortages.is_empty() {
        takes.sort();
        Ok(takes)
    } else {
        Err(shortages)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::incoming::OrderedLine;

    fn variant(n: usize) -> VariantId {
        VariantId::from_name(&n.to_string())
    }

    fn warehouse(n: usize) -> WarehouseId {
        WarehouseId::from_name(&n.to_string())
    }

    fn demand(units: &[i64]) -> Demand {
        let lines: Vec<OrderedLine> = units
            .iter()
            .enumerate()
            .map(|(n, quantity)| OrderedLine {
                variant_id: variant(n),
                quantity: *quantity,
            })
            .collect();
        Demand::of_lines(&lines).expect("valid")
    }

    fn offer(v: usize, w: usize, available: i64) -> Offer {
        Offer {
            variant_id: variant(v),
            warehouse_id: warehouse(w),
            rank: w,
            available,
        }
    }

    #[test]
    fn the_first_warehouse_serves_and_the_second_fills_up() {
        let mut takes = allocate(&demand(&[5]), &[offer(0, 1, 9), offer(0, 0, 3)]).expect("enough");
        takes.sort_by_key(|take| take.quantity);
        assert_eq!(
            takes,
            [
                Take {
                    variant_id: variant(0),
                    warehouse_id: warehouse(1),
                    quantity: 2
                },
                Take {
                    variant_id: variant(0),
                    warehouse_id: warehouse(0),
                    quantity: 3
                },
            ]
        );
    }

    #[test]
    fn one_short_variant_refuses_the_whole_order_and_all_shortages_are_told() {
        let offers = [offer(0, 0, 9), offer(1, 0, 1), offer(1, 1, 1)];
        let mut shortages = allocate(&demand(&[5, 3, 1]), &offers).expect_err("short");
        shortages.sort_by_key(|shortage| shortage.requested);
        assert_eq!(
            shortages,
            [
                Shortage {
                    variant_id: variant(2),
                    requested: 1,
                    available: 0
                },
                Shortage {
                    variant_id: variant(1),
                    requested: 3,
                    available: 2
                },
            ]
        );
    }

    proptest! {
        #[test]
        fn takes_meet_the_demand_exactly_and_no_offer_is_exceeded(
            units in prop::collection::vec(1i64..20, 1..4),
            free in prop::collection::vec(0i64..20, 12),
        ) {
            let offers: Vec<Offer> =
                free.iter().enumerate().map(|(n, available)| offer(n % 4, n / 4, *available)).collect();
            let demand = demand(&units);
            let enough = demand.iter().all(|(variant_id, wanted)| {
                offers.iter().filter(|o| o.variant_id == variant_id).map(|o| o.available).sum::<i64>() >= wanted
            });
            match allocate(&demand, &offers) {
                Err(shortages) => {
                    prop_assert!(!enough);
                    prop_assert!(shortages.iter().all(|s| s.available < s.requested));
                }
                Ok(takes) => {
                    prop_assert!(enough);
                    for (variant_id, wanted) in demand.iter() {
                        let taken: i64 = takes.iter().filter(|t| t.variant_id == variant_id).map(|t| t.quantity).sum();
                        prop_assert_eq!(taken, wanted);
                    }
                    for take in &takes {
                        let offered = offers
                            .iter()
                            .find(|o| o.variant_id == take.variant_id && o.warehouse_id == take.warehouse_id);
                        prop_assert!(offered.is_some_and(|o| o.available >= take.quantity && take.quantity > 0));
                    }
                }
            }
        }
    }
}
