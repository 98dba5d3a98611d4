//! What can go wrong in the inventory.

use sea_orm::DbErr;

/// Why an operation was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    /// The catalog never told us about this variant.
    #[error("there is no such variant")]
    VariantUnknown,
    /// The number of units makes no sense.
    #[error("{0}")]
    QuantityInvalid(&'static str),
    /// The change would take units that are set aside for orders, or that are not there.
    #[error("only {available} units are free to be taken out")]
    AdjustmentBelowReserved {
        /// Units that are neither sold nor set aside.
        available: i64,
    },
    /// No reason was given.
    #[error("say why the stock changes")]
    ReasonRequired,
    /// No warehouse has this code or identifier.
    #[error("there is no such warehouse")]
    WarehouseNotFound,
    /// The warehouse is closed.
    #[error("the warehouse is not active")]
    WarehouseInactive,
    /// Another warehouse has this code.
    #[error("another warehouse has this code")]
    WarehouseCodeTaken,
    /// The key was used before, for something else.
    #[error("this idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// Somebody else changed it since the caller looked.
    #[error("somebody else changed this in the meantime; load it again")]
    StaleVersion,
    /// A text is missing, too long, or has characters it must not have.
    #[error("{message}")]
    InputInvalid {
        /// Which input field.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// An event speaks of an order whose creation has not been seen yet.
    #[error("the order is not known yet")]
    OrderUnknown,
    /// Another transaction changed what this one had read; the whole of it is to be tried again.
    #[error("stock changed while it was being worked on")]
    Contended,
    /// An event says something impossible.
    #[error("malformed event: {0}")]
    EventMalformed(&'static str),
    /// The database failed.
    #[error("database error")]
    Database(#[from] DbErr),
}

impl InventoryError {
    /// Stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::VariantUnknown => "VARIANT_UNKNOWN",
            Self::QuantityInvalid(_) => "QUANTITY_INVALID",
            Self::AdjustmentBelowReserved { .. } => "ADJUSTMENT_BELOW_RESERVED",
            Self::ReasonRequired => "REASON_REQUIRED",
            Self::WarehouseNotFound => "WAREHOUSE_NOT_FOUND",
            Self::WarehouseInactive => "WAREHOUSE_INACTIVE",
            Self::WarehouseCodeTaken => "WAREHOUSE_CODE_TAKEN",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::StaleVersion => "STALE_VERSION",
            Self::InputInvalid { .. } => "INPUT_INVALID",
            Self::OrderUnknown => "ORDER_UNKNOWN",
            Self::Contended => "CONTENDED",
            Self::EventMalformed(_) => "EVENT_MALFORMED",
            Self::Database(_) => "DATABASE",
        }
    }
}

impl From<outbox::EnqueueError> for InventoryError {
    fn from(error: outbox::EnqueueError) -> Self {
        Self::Database(error.into())
    }
}

impl From<InventoryError> for outbox::HandleError {
    fn from(error: InventoryError) -> Self {
        match error {
            InventoryError::EventMalformed(_) => Self::Permanent(Box::new(error)),
            // Everything else may be different in a moment.
            _ => Self::Retry(Box::new(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable() {
        let all = [
            InventoryError::VariantUnknown,
            InventoryError::QuantityInvalid("x"),
            InventoryError::AdjustmentBelowReserved { available: 1 },
            InventoryError::ReasonRequired,
            InventoryError::WarehouseNotFound,
            InventoryError::WarehouseInactive,
            InventoryError::WarehouseCodeTaken,
            InventoryError::IdempotencyKeyReused,
            InventoryError::StaleVersion,
            InventoryError::InputInvalid {
                field: "x",
                message: String::new(),
            },
            InventoryError::OrderUnknown,
            InventoryError::Contended,
            InventoryError::EventMalformed("x"),
            InventoryError::Database(DbErr::Custom(String::new())),
        ];
        let codes: Vec<&str> = all.iter().map(InventoryError::code).collect();
        insta::assert_snapshot!(codes.join("\n"), @r"
        VARIANT_UNKNOWN
        QUANTITY_INVALID
        ADJUSTMENT_BELOW_RESERVED
        REASON_REQUIRED
        WAREHOUSE_NOT_FOUND
        WAREHOUSE_INACTIVE
        WAREHOUSE_CODE_TAKEN
        IDEMPOTENCY_KEY_REUSED
        STALE_VERSION
        INPUT_INVALID
        ORDER_UNKNOWN
        CONTENDED
        EVENT_MALFORMED
        DATABASE
        ");
    }
}
