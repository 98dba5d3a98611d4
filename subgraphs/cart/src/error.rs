//! What can go wrong with a cart.

use money::MoneyError;
use sea_orm::DbErr;

/// Why a cart was not changed. All but the last two are told to the client in `userErrors`.
#[derive(Debug, thiserror::Error)]
pub enum CartError {
    /// There is no such cart, or it is not the caller's.
    #[error("there is no such cart")]
    NotFound,
    /// The cart is being paid for, or has become an order.
    #[error("{0}")]
    Locked(&'static str),
    /// More units than the cart may hold.
    #[error("a cart holds at most {max} units")]
    CapacityExceeded {
        /// The cart's capacity.
        max: i32,
        /// The input that asked for too many.
        field: Vec<String>,
    },
    /// A quantity that is no quantity.
    #[error("the quantity must be {allowed}")]
    QuantityInvalid {
        /// What would be acceptable.
        allowed: &'static str,
        /// The input with the quantity.
        field: Vec<String>,
    },
    /// No such variant.
    #[error("there is no such variant")]
    VariantNotFound {
        /// The input with the variant.
        field: Vec<String>,
    },
    /// The variant is not sold at the moment.
    #[error("{sku} is not for sale at the moment")]
    VariantNotPurchasable {
        /// Its SKU.
        sku: String,
        /// The input with the variant.
        field: Vec<String>,
    },
    /// Another currency than the cart's.
    #[error("the cart is in {cart}, not in {other}")]
    CurrencyMismatch {
        /// The cart's currency.
        cart: String,
        /// The other currency.
        other: String,
        /// The input that brought the other currency.
        field: Vec<String>,
    },
    /// No such line in this cart.
    #[error("the cart has no such line")]
    LineNotFound {
        /// The input with the line.
        field: Vec<String>,
    },
    /// The shipping method is not offered for this cart.
    #[error("there is no such shipping method for this cart")]
    ShippingMethodInvalid,
    /// A shipping method needs an address first.
    #[error("set the shipping address first")]
    AddressRequired,
    /// A field of the address is not acceptable.
    #[error("{field} is missing, too long or not well-formed")]
    AddressInvalid {
        /// The field's name in the input.
        field: &'static str,
    },
    /// Not an e-mail address.
    #[error("this is not an e-mail address")]
    EmailInvalid,
    /// The idempotency key was used for something else.
    #[error("this idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// The idempotency key is empty, too long or has control characters.
    #[error("an idempotency key has 1 to 200 printable characters")]
    IdempotencyKeyInvalid,
    /// Amounts that cannot be added up, or goods without a tax rate.
    #[error("the cart cannot be priced")]
    Pricing(#[from] PricingError),
    /// The database refused.
    #[error("the database refused")]
    Database(#[from] DbErr),
}

/// Why a cart has no total.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// No tax rate is in force.
    #[error("no tax rate is in force for {0:?}")]
    NoTaxRate(money::TaxCategory),
    /// A stored value is not what this version writes.
    #[error("the stored {0} is not readable")]
    Stored(&'static str),
}

impl From<outbox::EnqueueError> for CartError {
    fn from(error: outbox::EnqueueError) -> Self {
        Self::Database(error.into())
    }
}

impl CartError {
    /// The stable code clients switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "CART_NOT_FOUND",
            Self::Locked(_) => "CART_LOCKED",
            Self::CapacityExceeded { .. } => "CART_CAPACITY_EXCEEDED",
            Self::QuantityInvalid { .. } => "QUANTITY_INVALID",
            Self::VariantNotFound { .. } => "VARIANT_NOT_FOUND",
            Self::VariantNotPurchasable { .. } => "VARIANT_NOT_PURCHASABLE",
            Self::CurrencyMismatch { .. } => "CURRENCY_MISMATCH",
            Self::LineNotFound { .. } => "LINE_NOT_FOUND",
            Self::ShippingMethodInvalid => "SHIPPING_METHOD_INVALID",
            Self::AddressRequired => "ADDRESS_REQUIRED",
            Self::AddressInvalid { .. } => "ADDRESS_INVALID",
            Self::EmailInvalid => "EMAIL_INVALID",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::IdempotencyKeyInvalid => "IDEMPOTENCY_KEY_INVALID",
            Self::Pricing(_) | Self::Database(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    /// Path of the input that is to blame, below `input`; none if it is no single one.
    pub fn field(&self) -> Option<Vec<String>> {
        let path = |names: &[&str]| Some(names.iter().map(|&name| name.to_owned()).collect());
        match self {
            Self::NotFound | Self::Locked(_) => path(&["cartId"]),
            Self::CapacityExceeded { field, .. }
            | Self::QuantityInvalid { field, .. }
            | Self::VariantNotFound { field }
            | Self::VariantNotPurchasable { field, .. }
            | Self::CurrencyMismatch { field, .. }
            | Self::LineNotFound { field } => Some(field.clone()),
            Self::ShippingMethodInvalid => path(&["code"]),
            Self::AddressRequired => None,
            Self::AddressInvalid { field } => path(&["address", field]),
            Self::EmailInvalid => path(&["email"]),
            Self::IdempotencyKeyReused | Self::IdempotencyKeyInvalid => path(&["idempotencyKey"]),
            Self::Pricing(_) | Self::Database(_) => None,
        }
    }
}

/// The path of one field of one item of a list in the input.
pub(crate) fn item(list: &str, index: usize, field: &str) -> Vec<String> {
    vec![list.to_owned(), index.to_string(), field.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_fields_are_stable() {
        let field = || item("lines", 0, "quantity");
        let all = [
            CartError::NotFound,
            CartError::Locked("locked"),
            CartError::CapacityExceeded {
                max: 10,
                field: field(),
            },
            CartError::QuantityInvalid {
                allowed: "at least 1",
                field: field(),
            },
            CartError::VariantNotFound { field: field() },
            CartError::VariantNotPurchasable {
                sku: "SKU".to_owned(),
                field: field(),
            },
            CartError::CurrencyMismatch {
                cart: "IDR".to_owned(),
                other: "USD".to_owned(),
                field: field(),
            },
            CartError::LineNotFound { field: field() },
            CartError::ShippingMethodInvalid,
            CartError::AddressRequired,
            CartError::AddressInvalid { field: "city" },
            CartError::EmailInvalid,
            CartError::IdempotencyKeyReused,
            CartError::IdempotencyKeyInvalid,
            CartError::Pricing(PricingError::Money(MoneyError::Overflow)),
            CartError::Database(DbErr::Custom(String::new())),
        ];
        let listed: Vec<String> = all
            .iter()
            .map(|error| {
                format!(
                    "{} {} {}",
                    error.code(),
                    error.field().unwrap_or_default().join("."),
                    error
                )
            })
            .collect();
        insta::assert_snapshot!(listed.join("\n"));
    }
}
