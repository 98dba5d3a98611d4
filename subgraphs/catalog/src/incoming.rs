//! What the catalog reads of other services' events: the fields it uses, and no others.

use events::contract::Reads;
use events::id::VariantId;
use schemars::JsonSchema;
use serde::Deserialize;

/// An event the catalog is interested in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", content = "data", rename_all_fields = "camelCase")]
pub(crate) enum Incoming {
    #[serde(rename = "inventory.stock_changed.v1")]
    StockChanged(StockChanged),
}

/// The stock of a variant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StockChanged {
    pub(crate) variant_id: VariantId,
    pub(crate) total_available: i64,
    pub(crate) version: i64,
}

/// What this consumer reads.
pub fn reads() -> Reads {
    Reads::of::<Incoming>(crate::NAME, file!())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consumer::INTERESTS;

    #[test]
    fn the_contracts_with_the_publishers_hold() {
        test_support::check_contract::<Incoming>(&reads(), INTERESTS);
    }
}
