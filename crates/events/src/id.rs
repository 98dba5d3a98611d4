//! Public identifiers: a typed prefix and a UUIDv7, `prod_<base32>`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use data_encoding::{Encoding, Specification};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::LazyLock;
use uuid::Uuid;

/// What an [`Id`] identifies; gives the prefix of its public form.
pub trait Kind {
    /// The prefix before the underscore, for example `prod`.
    const PREFIX: &'static str;
}

/// An identifier of one kind of thing.
///
/// Inside it is a UUID (version 7, so it sorts by creation time); outside it is the kind's prefix,
/// an underscore, and the 26 characters of Crockford's base32 in lower case. Clients treat it as
/// opaque.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// The text is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {expected} identifier")]
pub struct IdError {
    /// The prefix that was expected.
    pub expected: &'static str,
}

static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut spec = Specification::new();
    spec.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
    spec.encoding()
        .expect("32 distinct symbols make an encoding")
});

impl<K: Kind> Id<K> {
    /// A new identifier, unique and later than every earlier one of this process.
    pub fn generate() -> Self {
        Self::from_uuid(Uuid::now_v7())
    }

    /// Wraps the UUID of a database row.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID as databases store it.
    pub const fn uuid(self) -> Uuid {
        self.0
    }

    /// The same identifier on every machine for the same name; for demo data and derived rows.
    pub fn from_name(name: &str) -> Self {
        let namespace = Uuid::new_v5(&Uuid::NAMESPACE_URL, K::PREFIX.as_bytes());
        Self::from_uuid(Uuid::new_v5(&namespace, name.as_bytes()))
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, BASE32.encode(self.0.as_bytes()))
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = IdError {
            expected: K::PREFIX,
        };
        let encoded = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or_else(|| error.clone())?;
        let bytes = BASE32
            .decode(encoded.as_bytes())
            .map_err(|_| error.clone())?;
        Ok(Self::from_uuid(
            Uuid::from_slice(&bytes).map_err(|_| error)?,
        ))
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<K: Kind> JsonSchema for Id<K> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("{}_id", K::PREFIX).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": format!("^{}_[0-9a-hjkmnp-tv-z]{{26}}$", K::PREFIX),
        })
    }
}

/// The kinds of things that have identifiers.
pub mod kind {
    use super::Kind;

    /// A customer or a member of staff.
    #[derive(Debug)]
    pub enum User {}
    impl Kind for User {
        const PREFIX: &'static str = "usr";
    }

    /// A saved address of a user.
    #[derive(Debug)]
    pub enum Address {}
    impl Kind for Address {
        const PREFIX: &'static str = "addr";
    }

    /// A product of the catalog.
    #[derive(Debug)]
    pub enum Product {}
    impl Kind for Product {
        const PREFIX: &'static str = "prod";
    }

    /// A product variant, the thing that has a SKU, a price and stock.
    #[derive(Debug)]
    pub enum Variant {}
    impl Kind for Variant {
        const PREFIX: &'static str = "var";
    }

    /// A category of the catalog.
    #[derive(Debug)]
    pub enum Category {}
    impl Kind for Category {
        const PREFIX: &'static str = "cat";
    }

    /// A picture of a product.
    #[derive(Debug)]
    pub enum Image {}
    impl Kind for Image {
        const PREFIX: &'static str = "img";
    }

    /// A warehouse.
    #[derive(Debug)]
    pub enum Warehouse {}
    impl Kind for Warehouse {
        const PREFIX: &'static str = "wh";
    }

    /// The stock of one variant in one warehouse.
    #[derive(Debug)]
    pub enum StockLevel {}
    impl Kind for StockLevel {
        const PREFIX: &'static str = "stk";
    }

    /// One entry of the stock history.
    #[derive(Debug)]
    pub enum StockMovement {}
    impl Kind for StockMovement {
        const PREFIX: &'static str = "mov";
    }

    /// A shopping cart.
    #[derive(Debug)]
    pub enum Cart {}
    impl Kind for Cart {
        const PREFIX: &'static str = "cart";
    }

    /// A line of a cart.
    #[derive(Debug)]
    pub enum CartLine {}
    impl Kind for CartLine {
        const PREFIX: &'static str = "line";
    }

    /// An order.
    #[derive(Debug)]
    pub enum Order {}
    impl Kind for Order {
        const PREFIX: &'static str = "ord";
    }

    /// A line of an order.
    #[derive(Debug)]
    pub enum OrderLine {}
    impl Kind for OrderLine {
        const PREFIX: &'static str = "item";
    }

    /// A payment attempt.
    #[derive(Debug)]
    pub enum Payment {}
    impl Kind for Payment {
        const PREFIX: &'static str = "pay";
    }

    /// A refund of a payment.
    #[derive(Debug)]
    pub enum Refund {}
    impl Kind for Refund {
        const PREFIX: &'static str = "rfd";
    }

    /// An outgoing e-mail.
    #[derive(Debug)]
    pub enum Email {}
    impl Kind for Email {
        const PREFIX: &'static str = "mail";
    }
}

/// Identifier (`usr_…`) of a customer or a member of staff.
pub type UserId = Id<kind::User>;
/// Identifier (`addr_…`) of a saved address of a user.
pub type AddressId = Id<kind::Address>;
/// Identifier (`prod_…`) of a product of the catalog.
pub type ProductId = Id<kind::Product>;
/// Identifier (`var_…`) of a product variant, the thing that has a SKU, a price and stock.
pub type VariantId = Id<kind::Variant>;
/// Identifier (`cat_…`) of a category of the catalog.
pub type CategoryId = Id<kind::Category>;
/// Identifier (`img_…`) of a picture of a product.
pub type ImageId = Id<kind::Image>;
/// Identifier (`wh_…`) of a warehouse.
pub type WarehouseId = Id<kind::Warehouse>;
/// Identifier (`stk_…`) of the stock of one variant in one warehouse.
pub type StockLevelId = Id<kind::StockLevel>;
/// Identifier (`mov_…`) of one entry of the stock history.
pub type StockMovementId = Id<kind::StockMovement>;
/// Identifier (`cart_…`) of a shopping cart.
pub type CartId = Id<kind::Cart>;
/// Identifier (`line_…`) of a line of a cart.
pub type CartLineId = Id<kind::CartLine>;
/// Identifier (`ord_…`) of an order.
pub type OrderId = Id<kind::Order>;
/// Identifier (`item_…`) of a line of an order.
pub type OrderLineId = Id<kind::OrderLine>;
/// Identifier (`pay_…`) of a payment attempt.
pub type PaymentId = Id<kind::Payment>;
/// Identifier (`rfd_…`) of a refund of a payment.
pub type RefundId = Id<kind::Refund>;
/// Identifier (`mail_…`) of an outgoing e-mail.
pub type EmailId = Id<kind::Email>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_form_round_trips() {
        let id = ProductId::generate();
        let text = id.to_string();
        assert!(text.starts_with("prod_"), "{text}");
        assert_eq!(text.len(), "prod_".len() + 26);
        assert_eq!(text.parse::<ProductId>(), Ok(id));
    }

    #[test]
    fn public_form_sorts_like_the_uuid() {
        let (first, second) = (OrderId::generate(), OrderId::generate());
        assert_eq!(
            first.cmp(&second),
            first.to_string().cmp(&second.to_string())
        );
    }

    #[test]
    fn another_kind_is_refused() {
        let id = ProductId::generate().to_string();
        assert!(id.parse::<OrderId>().is_err());
        for bad in [
            "",
            "prod_",
            "prod_0",
            "prod_!!!!!!!!!!!!!!!!!!!!!!!!!!",
            "prod",
        ] {
            assert!(bad.parse::<ProductId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_gives_the_same_identifier_everywhere() {
        assert_eq!(
            VariantId::from_name("DEMO-0001-A"),
            VariantId::from_name("DEMO-0001-A")
        );
        assert_ne!(
            VariantId::from_name("DEMO-0001-A").uuid(),
            ProductId::from_name("DEMO-0001-A").uuid()
        );
    }
}
