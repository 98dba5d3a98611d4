//! Which status of a cart may follow which.

use crate::entity::cart::CartStatus;

/// Every transition there is, and what causes it.
const TRANSITIONS: &[(CartStatus, CartStatus)] = &[
    // Checked out; the order is not paid yet.
    (CartStatus::Active, CartStatus::Checkout),
    (CartStatus::Abandoned, CartStatus::Checkout),
    // Edited, or the order was cancelled or expired.
    (CartStatus::Checkout, CartStatus::Active),
    // The order is confirmed; from the others if a late payment revived it and the content is still
    // what was ordered.
    (CartStatus::Checkout, CartStatus::Converted),
    (CartStatus::Active, CartStatus::Converted),
    (CartStatus::Abandoned, CartStatus::Converted),
    // Nobody came back, or somebody did.
    (CartStatus::Active, CartStatus::Abandoned),
    (CartStatus::Abandoned, CartStatus::Active),
    (CartStatus::Abandoned, CartStatus::Expired),
    // A guest signed in.
    (CartStatus::Active, CartStatus::Merged),
];

/// Whether a cart may go from one status to the other.
pub fn may_become(from: CartStatus, to: CartStatus) -> bool {
    TRANSITIONS.contains(&(from, to))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn what_is_over_stays_over() {
        for over in [
            CartStatus::Converted,
            CartStatus::Expired,
            CartStatus::Merged,
        ] {
            assert!(
                CartStatus::iter().all(|to| !may_become(over, to)),
                "{over:?}"
            );
            assert!(!CartStatus::LIVE.contains(&over));
        }
    }

    #[test]
    fn every_status_can_be_reached_from_an_active_cart() {
        let mut reached = vec![CartStatus::Active];
        let mut next = 0;
        while let Some(&from) = reached.get(next) {
            for to in CartStatus::iter().filter(|&to| may_become(from, to)) {
                if !reached.contains(&to) {
                    reached.push(to);
                }
            }
            next += 1;
        }
        assert_eq!(reached.len(), CartStatus::iter().count());
    }

    #[test]
    fn a_cart_in_checkout_is_never_abandoned_or_merged() {
        assert!(!may_become(CartStatus::Checkout, CartStatus::Abandoned));
        assert!(!may_become(CartStatus::Checkout, CartStatus::Merged));
        assert!(may_become(CartStatus::Checkout, CartStatus::Active));
        assert!(may_become(CartStatus::Checkout, CartStatus::Converted));
    }
}
