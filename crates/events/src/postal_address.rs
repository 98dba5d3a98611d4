use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A postal address as it was entered; a snapshot, without identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PostalAddress {
    /// Who receives the parcel.
    pub recipient: String,
    /// Street and number.
    pub line1: String,
    /// Second line, if any.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Province or state.
    pub province: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 country code, upper case.
    #[schemars(regex(pattern = "^[A-Z]{2}$"))]
    pub country_code: String,
    /// Phone number for the carrier.
    pub phone: Option<String>,
}
