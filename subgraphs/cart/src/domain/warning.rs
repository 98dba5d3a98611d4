//! What a buyer should know about a cart although nothing was refused.

use chrono::{DateTime, Utc};
use events::id::{CartId, CartLineId};
use sea_orm::{ActiveEnum, DeriveActiveEnum, EnumIter};
use uuid::Uuid;

use crate::entity::notice;

/// Kind of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum WarningCode {
    /// The price is not what the buyer was last told.
    #[sea_orm(string_value = "PRICE_CHANGED")]
    PriceChanged,
    /// There are some, but fewer than the line has.
    #[sea_orm(string_value = "NOT_ENOUGH_STOCK")]
    NotEnoughStock,
    /// There are none.
    #[sea_orm(string_value = "OUT_OF_STOCK")]
    OutOfStock,
    /// The variant is no longer sold.
    #[sea_orm(string_value = "VARIANT_NOT_PURCHASABLE")]
    VariantNotPurchasable,
    /// Units did not fit when carts were merged.
    #[sea_orm(string_value = "LINE_REMOVED")]
    LineRemoved,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Kind.
    pub code: WarningCode,
    /// A sentence for the developer who reads the answer.
    pub message: String,
    /// The field of the line it is about.
    pub field: Option<Vec<String>>,
    /// The line it is about, if the cart still has it.
    pub line_id: Option<CartLineId>,
}

impl Warning {
    /// A warning about a line.
    pub(crate) fn about(
        line_id: CartLineId,
        field: &str,
        code: WarningCode,
        message: String,
    ) -> Self {
        Self {
            code,
            message,
            field: Some(vec![field.to_owned()]),
            line_id: Some(line_id),
        }
    }

    /// A stored warning; none if this version does not know its code.
    pub(crate) fn stored(notice: notice::Model) -> Option<Self> {
        let code = WarningCode::try_from_value(&notice.code).ok()?;
        Some(Self {
            code,
            message: notice.message,
            field: None,
            line_id: None,
        })
    }

    /// This warning, to be stored until the buyer looks.
    pub(crate) fn into_notice(self, cart_id: CartId, now: DateTime<Utc>) -> notice::Model {
        notice::Model {
            id: Uuid::now_v7(),
            cart_id: cart_id.uuid(),
            code: self.code.to_value(),
            message: self.message,
            created_at: now,
        }
    }
}
