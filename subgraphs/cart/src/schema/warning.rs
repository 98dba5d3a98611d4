//! `CartWarning`.

use async_graphql::{Enum, ID, SimpleObject};

use crate::domain::{self, Warning};

/// Kind of a cart warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::WarningCode")]
pub(crate) enum CartWarningCode {
    /// The price is not what the buyer was last told.
    PriceChanged,
    /// Some are in stock, but fewer than the line has.
    NotEnoughStock,
    /// None are in stock.
    OutOfStock,
    /// The variant is no longer sold; the line must be removed before checkout.
    VariantNotPurchasable,
    /// Units did not fit into the cart when a guest's cart was merged into it.
    LineRemoved,
}

/// Something a buyer should know about a cart although nothing was refused.
#[derive(SimpleObject)]
pub(crate) struct CartWarning {
    /// Kind, to switch on.
    code: CartWarningCode,
    /// A sentence for developers; not meant for display.
    message: String,
    /// Path below the line `lineId`, for example `["unitPrice"]`; null if it is not about a line.
    field: Option<Vec<String>>,
    /// The line it is about, if the cart still has it.
    line_id: Option<ID>,
}

impl From<Warning> for CartWarning {
    fn from(warning: Warning) -> Self {
        Self {
            code: warning.code.into(),
            message: warning.message,
            field: warning.field,
            line_id: warning.line_id.map(|id| id.to_string().into()),
        }
    }
}
