//! What an address says, checked.

use events::PostalAddress;
use sea_orm::ActiveValue::Set;

use crate::domain::profile::optional_text;
use crate::entity::address;
use crate::error::AccountsError;

const MAX_LABEL: usize = 50;

pub(super) fn parse_label(label: Option<&str>) -> Result<Option<String>, AccountsError> {
    optional_text(label, MAX_LABEL).map_err(|()| AccountsError::AddressInvalid { field: "label" })
}

/// Writes the address into the columns.
pub(super) fn fill(row: &mut address::ActiveModel, address: PostalAddress) {
    row.recipient = Set(address.recipient);
    row.line1 = Set(address.line1);
    row.line2 = Set(address.line2);
    row.city = Set(address.city);
    row.province = Set(address.province);
    row.postal_code = Set(address.postal_code);
    row.country_code = Set(address.country_code);
    row.phone = Set(address.phone);
}
