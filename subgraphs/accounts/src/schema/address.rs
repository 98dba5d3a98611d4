use async_graphql::{Enum, ID, SimpleObject};
use chrono::{DateTime, Utc};
use events::id::AddressId;

use crate::domain::address_set_default::DefaultFor;
use crate::entity::address;

/// An address a user has saved.
#[derive(SimpleObject)]
pub(crate) struct Address {
    /// Identifies the address.
    id: ID,
    /// What the user calls it, for example "Home".
    label: Option<String>,
    /// Who receives the parcel.
    recipient: String,
    /// Street and number.
    line1: String,
    /// Second line.
    line2: Option<String>,
    /// City.
    city: String,
    /// Province or state.
    province: Option<String>,
    /// Postal code.
    postal_code: String,
    /// ISO 3166-1 alpha-2 country code, for example `ID`.
    country: String,
    /// Phone number for the carrier.
    phone: Option<String>,
    /// Whether parcels go here unless said otherwise; at most one address of a user.
    is_default_shipping: bool,
    /// Whether bills go here unless said otherwise; at most one address of a user.
    is_default_billing: bool,
    /// When it was saved.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

impl From<address::Model> for Address {
    fn from(row: address::Model) -> Self {
        Self {
            id: AddressId::from_uuid(row.id).to_string().into(),
            label: row.label,
            recipient: row.recipient,
            line1: row.line1,
            line2: row.line2,
            city: row.city,
            province: row.province,
            postal_code: row.postal_code,
            country: row.country_code,
            phone: row.phone,
            is_default_shipping: row.is_default_shipping,
            is_default_billing: row.is_default_billing,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What an address can be the default for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "DefaultFor")]
pub(crate) enum AddressKind {
    /// Parcels.
    Shipping,
    /// Bills.
    Billing,
}
