//! What may follow what.

use crate::entity::payment::PaymentStatus;
use crate::provider::ChargeState;

/// What a provider's word does to an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Take the money into the books: PAID, or DUPLICATE_CAPTURE if the order is paid already.
    Capture,
    /// Close the attempt with this status.
    Close(PaymentStatus),
    /// Older than what we have, or nothing new.
    Ignore,
}

/// Decides by rank, not by arrival: statuses never regress, and money that arrives late counts,
/// whatever the attempt was thought to be.
pub fn step(status: PaymentStatus, state: &ChargeState) -> Step {
    use PaymentStatus::{Cancelled, Expired, Failed};
    let is_unpaid = status.is_open() || matches!(status, Failed | Expired | Cancelled);
    match state {
        ChargeState::Paid { .. } if is_unpaid => Step::Capture,
        ChargeState::Failed { .. } if status.is_open() => Step::Close(Failed),
        ChargeState::Expired if status.is_open() => Step::Close(Expired),
        ChargeState::Cancelled if status.is_open() => Step::Close(Cancelled),
        ChargeState::Open
        | ChargeState::Paid { .. }
        | ChargeState::Failed { .. }
        | ChargeState::Expired
        | ChargeState::Cancelled => Step::Ignore,
    }
}

/// The status of a payment after one of its refunds got done or has to be done by hand. A duplicate
/// capture stays what it is: it never counted.
pub fn after_refund(
    status: PaymentStatus,
    captured: i64,
    refunded: i64,
    is_manual: bool,
) -> PaymentStatus {
    match status {
        PaymentStatus::DuplicateCapture | PaymentStatus::Chargeback => status,
        _ if refunded == captured => PaymentStatus::Refunded,
        _ if is_manual => PaymentStatus::RefundManual,
        _ => PaymentStatus::PartiallyRefunded,
    }
}

#[cfg(test)]
mod tests {
    use money::{Currency, Money};
    use sea_orm::Iterable;

    use super::*;

    fn states() -> Vec<ChargeState> {
        vec![
            ChargeState::Open,
            ChargeState::Paid {
                amount: Money::new(1, Currency::IDR),
            },
            ChargeState::Failed {
                reason: "declined".to_owned(),
            },
            ChargeState::Expired,
            ChargeState::Cancelled,
        ]
    }

    #[test]
    fn money_counts_from_every_unpaid_status_and_only_once() {
        let paid = &states()[1];
        for status in PaymentStatus::iter() {
            let expected = match status {
                PaymentStatus::Created
                | PaymentStatus::Pending
                | PaymentStatus::Authorized
                | PaymentStatus::Failed
                | PaymentStatus::Expired
                | PaymentStatus::Cancelled => Step::Capture,
                _ => Step::Ignore,
            };
            assert_eq!(step(status, paid), expected, "{status:?}");
        }
    }

    #[test]
    fn only_an_open_attempt_is_closed() {
        for status in PaymentStatus::iter().filter(|status| !status.is_open()) {
            for state in states()
                .iter()
                .filter(|state| !matches!(state, ChargeState::Paid { .. }))
            {
                assert_eq!(step(status, state), Step::Ignore, "{status:?} {state:?}");
            }
        }
        let closed: Vec<_> = states()
            .iter()
            .map(|state| step(PaymentStatus::Pending, state))
            .collect();
        assert_eq!(
            closed,
            [
                Step::Ignore,
                Step::Capture,
                Step::Close(PaymentStatus::Failed),
                Step::Close(PaymentStatus::Expired),
                Step::Close(PaymentStatus::Cancelled),
            ]
        );
    }

    #[test]
    fn a_refund_leads_to_the_status_of_what_is_left() {
        use PaymentStatus::{DuplicateCapture, Paid, PartiallyRefunded, RefundManual, Refunded};
        assert_eq!(after_refund(Paid, 100, 40, false), PartiallyRefunded);
        assert_eq!(after_refund(PartiallyRefunded, 100, 100, false), Refunded);
        assert_eq!(after_refund(Paid, 100, 40, true), RefundManual);
        assert_eq!(
            after_refund(DuplicateCapture, 100, 100, false),
            DuplicateCapture
        );
        assert_eq!(
            after_refund(DuplicateCapture, 100, 0, true),
            DuplicateCapture
        );
    }
}
