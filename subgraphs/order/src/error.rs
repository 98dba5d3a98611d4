//! Why an operation of this service refuses or fails.

use outbox::{EnqueueError, HandleError};
use sea_orm::DbErr;

use crate::domain::status::OrderStatus;

/// Why an order operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// An input value makes no sense.
    #[error("{message}")]
    InputInvalid {
        /// The field of the input.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The idempotency key was used before with another input.
    #[error("this idempotency key was used before with another input; use a new key")]
    IdempotencyKeyReused,
    /// The cart does not exist, or is somebody else's.
    #[error("no such cart")]
    CartNotFound,
    /// The cart refused the checkout.
    #[error("{message}")]
    CheckoutRejected {
        /// The cart's own code.
        code: String,
        /// The cart's own words.
        message: String,
    },
    /// There is not enough stock for everything in the cart.
    #[error("{}", describe_shortages(shortages))]
    InsufficientStock {
        /// What is short.
        shortages: Vec<ShortLine>,
    },
    /// No answer in time; the same key continues.
    #[error("the checkout takes longer than usual; try again with the same idempotency key")]
    TryAgain,
    /// The order does not exist, or the caller may not see it.
    #[error("no such order")]
    OrderNotFound,
    /// The table of transitions does not have this one, or not for this caller.
    #[error("an order cannot go from {} to {} by this request", from.as_str(), to.as_str())]
    IllegalTransition {
        /// Status of the order.
        from: OrderStatus,
        /// Status that was asked for.
        to: OrderStatus,
    },
    /// The order is past the point where its buyer can cancel it.
    #[error("the order can no longer be cancelled")]
    NotCancellable,
    /// An order is not shipped without a tracking number.
    #[error("a shipped order needs a tracking number")]
    TrackingRequired,
    /// Somebody else changed the order meanwhile.
    #[error("the order was changed meanwhile")]
    StaleVersion,
    /// A cart snapshot that does not add up; only a bug of the publisher does that.
    #[error("cart snapshot refused: {0}")]
    SnapshotInvalid(&'static str),
    /// The database refused.
    #[error("database error")]
    Database(#[from] DbErr),
}

/// A variant of which there is not enough, with its SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortLine {
    /// What is short and by how much.
    pub shortage: events::inventory::Shortage,
    /// The variant's SKU.
    pub sku: String,
}

fn describe_shortages(shortages: &[ShortLine]) -> String {
    let parts: Vec<String> = shortages
        .iter()
        .map(|ShortLine { shortage, sku }| {
            format!(
                "{sku} (requested {}, available {})",
                shortage.requested, shortage.available
            )
        })
        .collect();
    format!("not enough stock: {}", parts.join(", "))
}

impl OrderError {
    /// The stable code clients switch on.
    pub fn code(&self) -> &str {
        match self {
            Self::InputInvalid { .. } => "INPUT_INVALID",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::CartNotFound => "CART_NOT_FOUND",
            Self::CheckoutRejected { code, .. } => code,
            Self::InsufficientStock { .. } => "INSUFFICIENT_STOCK",
            Self::TryAgain => "TRY_AGAIN",
            Self::OrderNotFound => "ORDER_NOT_FOUND",
            Self::IllegalTransition { .. } => "ILLEGAL_TRANSITION",
            Self::NotCancellable => "NOT_CANCELLABLE",
            Self::TrackingRequired => "TRACKING_REQUIRED",
            Self::StaleVersion => "STALE_VERSION",
            Self::SnapshotInvalid(_) => "SNAPSHOT_INVALID",
            Self::Database(_) => "INTERNAL_SERVER_ERROR",
        }
    }
}

impl From<EnqueueError> for OrderError {
    fn from(error: EnqueueError) -> Self {
        Self::Database(error.into())
    }
}

/// An event that comes before its order, or meets a concurrent change, works a moment later; a bug
/// never does.
impl From<OrderError> for HandleError {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::OrderNotFound | OrderError::StaleVersion | OrderError::Database(_) => {
                Self::Retry(Box::new(error))
            }
            _ => Self::Permanent(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use events::id::VariantId;
    use events::inventory::Shortage;

    use super::*;

    #[test]
    fn codes_and_messages_are_stable() {
        let shortage = Shortage {
            variant_id: VariantId::from_name("DEMO-0001-A"),
            requested: 5,
            available: 2,
        };
        let errors = [
            OrderError::InputInvalid {
                field: "carrier",
                message: "carrier is too long".to_owned(),
            },
            OrderError::IdempotencyKeyReused,
            OrderError::CartNotFound,
            OrderError::CheckoutRejected {
                code: "CART_EMPTY".to_owned(),
                message: "the cart is empty".to_owned(),
            },
            OrderError::InsufficientStock {
                shortages: vec![ShortLine {
                    shortage,
                    sku: "DEMO-0001-A".to_owned(),
                }],
            },
            OrderError::TryAgain,
            OrderError::OrderNotFound,
            OrderError::IllegalTransition {
                from: OrderStatus::Pending,
                to: OrderStatus::Shipped,
            },
            OrderError::NotCancellable,
            OrderError::TrackingRequired,
            OrderError::StaleVersion,
            OrderError::SnapshotInvalid("it has no lines"),
            OrderError::Database(DbErr::Custom("SELECT secrets".to_owned())),
        ];
        let listed: Vec<String> = errors
            .iter()
            .map(|error| format!("{}: {error}", error.code()))
            .collect();
        insta::assert_snapshot!(listed.join("\n"));
    }
}
