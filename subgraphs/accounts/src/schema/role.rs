use async_graphql::Enum;

/// What somebody is to the shop; decides what they may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "auth::Role")]
pub(crate) enum Role {
    /// Buys without an account; no account has this role.
    Guest,
    /// Buys with an account.
    Customer,
    /// Sells in the shop.
    Seller,
    /// Answers customers: sees accounts, orders, payments and messages, changes orders.
    Support,
    /// Keeps the product data.
    Catalog,
    /// Keeps and ships the goods.
    Warehouse,
    /// Keeps the money.
    Finance,
    /// Runs the shop: may do everything.
    Admin,
    /// A company that sends its own operations; no account has this role.
    Partner,
}
