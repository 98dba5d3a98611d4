//! Postal addresses in and out.

use async_graphql::{InputObject, SimpleObject};

use crate::text::is_unprintable;

/// A postal address as it was entered for an order or a cart.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
#[graphql(shareable)]
pub struct PostalAddress {
    /// Who receives the parcel.
    pub recipient: String,
    /// Street and number.
    pub line1: String,
    /// Second line.
    pub line2: Option<String>,
    /// City.
    pub city: String,
    /// Province or state.
    pub province: Option<String>,
    /// Postal code.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 country code.
    pub country_code: String,
    /// Phone number for the carrier.
    pub phone: Option<String>,
}

/// A postal address to be stored.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub struct AddressInput {
    /// Who receives the parcel, 1 to 100 characters.
    pub recipient: String,
    /// Street and number, 1 to 200 characters.
    pub line1: String,
    /// Second line, up to 200 characters.
    pub line2: Option<String>,
    /// City, 1 to 100 characters.
    pub city: String,
    /// Province or state, up to 100 characters.
    pub province: Option<String>,
    /// Postal code, 1 to 20 characters.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 country code, two letters.
    pub country_code: String,
    /// Phone number, up to 30 characters.
    pub phone: Option<String>,
}

impl AddressInput {
    /// Trims and checks the fields.
    ///
    /// # Errors
    /// The name of the first field that is not acceptable.
    pub fn parse(self) -> Result<events::PostalAddress, &'static str> {
        fn required(
            field: &'static str,
            value: String,
            max: usize,
        ) -> Result<String, &'static str> {
            let value = value.trim().to_owned();
            let fits = !value.is_empty()
                && value.chars().count() <= max
                && !value.chars().any(is_unprintable);
            if fits { Ok(value) } else { Err(field) }
        }
        fn optional(
            field: &'static str,
            value: Option<String>,
            max: usize,
        ) -> Result<Option<String>, &'static str> {
            match value {
                Some(value) if !value.trim().is_empty() => required(field, value, max).map(Some),
                _ => Ok(None),
            }
        }
        let country_code = required("countryCode", self.country_code, 2)?.to_ascii_uppercase();
        if country_code.len() != 2 || !country_code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err("countryCode");
        }
        Ok(events::PostalAddress {
            recipient: required("recipient", self.recipient, 100)?,
            line1: required("line1", self.line1, 200)?,
            line2: optional("line2", self.line2, 200)?,
            city: required("city", self.city, 100)?,
            province: optional("province", self.province, 100)?,
            postal_code: required("postalCode", self.postal_code, 20)?,
            country_code,
            phone: optional("phone", self.phone, 30)?,
        })
    }
}

impl From<events::PostalAddress> for PostalAddress {
    fn from(address: events::PostalAddress) -> Self {
        Self {
            recipient: address.recipient,
            line1: address.line1,
            line2: address.line2,
            city: address.city,
            province: address.province,
            postal_code: address.postal_code,
            country_code: address.country_code,
            phone: address.phone,
        }
    }
}
