//! What a mutation refuses, as the client sees it.

use async_graphql::{Enum, SimpleObject};
use service::ApiError;

use crate::InventoryError;

/// Why a mutation of the inventory was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum InventoryErrorCode {
    /// There is no such variant.
    VariantUnknown,
    /// The number of units makes no sense.
    QuantityInvalid,
    /// The change would take units that are set aside for orders, or that are not there.
    AdjustmentBelowReserved,
    /// No reason was given.
    ReasonRequired,
    /// There is no such warehouse.
    WarehouseNotFound,
    /// The warehouse is closed.
    WarehouseInactive,
    /// Another warehouse has this code.
    WarehouseCodeTaken,
    /// The idempotency key was used before, for something else.
    IdempotencyKeyReused,
    /// Somebody else changed it since you looked; load it again.
    StaleVersion,
    /// A text is missing, too long, or has characters it must not have.
    InputInvalid,
}

/// Something the mutation refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(super) struct InventoryUserError {
    /// Path of the input field it is about, for example `["input", "delta"]`; null if it is not about
    /// one field.
    field: Option<Vec<String>>,
    /// What is wrong, for programs.
    code: InventoryErrorCode,
    /// What is wrong, for people.
    message: String,
}

impl InventoryUserError {
    /// The refusal behind an error; a fault of ours stays an error.
    pub(super) fn refuse(error: InventoryError) -> Result<Self, ApiError> {
        use InventoryErrorCode as Code;
        let (field, code) = match &error {
            InventoryError::VariantUnknown => (Some("variantId"), Code::VariantUnknown),
            InventoryError::QuantityInvalid(_) => (None, Code::QuantityInvalid),
            InventoryError::AdjustmentBelowReserved { .. } => {
                (Some("delta"), Code::AdjustmentBelowReserved)
            }
            InventoryError::ReasonRequired => (Some("reason"), Code::ReasonRequired),
            InventoryError::WarehouseNotFound => (Some("warehouseCode"), Code::WarehouseNotFound),
            InventoryError::WarehouseInactive => (Some("warehouseCode"), Code::WarehouseInactive),
            InventoryError::WarehouseCodeTaken => (Some("code"), Code::WarehouseCodeTaken),
            InventoryError::IdempotencyKeyReused => {
                (Some("idempotencyKey"), Code::IdempotencyKeyReused)
            }
            InventoryError::StaleVersion => (Some("version"), Code::StaleVersion),
            InventoryError::InputInvalid { field, .. } => (Some(*field), Code::InputInvalid),
            InventoryError::OrderUnknown
            | InventoryError::Contended
            | InventoryError::EventMalformed(_)
            | InventoryError::Database(_) => return Err(ApiError::internal(error)),
        };
        Ok(Self {
            field: field.map(path),
            code,
            message: error.to_string(),
        })
    }

    /// The same refusal, about another field.
    pub(super) fn about(self, field: &str) -> Self {
        Self {
            field: Some(path(field)),
            ..self
        }
    }
}

/// The path of a field of a mutation's `input`.
fn path(field: &str) -> Vec<String> {
    vec!["input".to_owned(), field.to_owned()]
}
