//! Carts.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

/// Where a cart stands; see `domain::status` for what follows what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CartStatus {
    /// Being filled.
    #[sea_orm(string_value = "ACTIVE")]
    Active,
    /// Checked out as an order that is not paid yet.
    #[sea_orm(string_value = "CHECKOUT")]
    Checkout,
    /// Its order is confirmed; never changes again.
    #[sea_orm(string_value = "CONVERTED")]
    Converted,
    /// Nobody came back for a while.
    #[sea_orm(string_value = "ABANDONED")]
    Abandoned,
    /// Nobody came back at all; never changes again.
    #[sea_orm(string_value = "EXPIRED")]
    Expired,
    /// A guest's cart whose lines went into a user's; never changes again.
    #[sea_orm(string_value = "MERGED")]
    Merged,
}

impl CartStatus {
    /// The statuses of a cart that its owner may still fill; a user has at most one such cart.
    pub const LIVE: [Self; 3] = [Self::Active, Self::Checkout, Self::Abandoned];
}

/// A cart.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "carts")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Grows with every change.
    pub version: i64,
    /// Where it stands.
    pub status: CartStatus,
    /// Its owner, none for a guest's.
    pub user_id: Option<Uuid>,
    /// SHA-256 (hex) of a guest's token, none for a user's.
    pub token_hash: Option<String>,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// The most units it may hold.
    pub capacity: i32,
    /// Units it holds: the sum over its lines.
    pub total_quantity: i32,
    /// Where messages about the order go.
    pub email: Option<String>,
    /// An `events::PostalAddress` as JSON.
    #[sea_orm(column_type = "Text", nullable)]
    pub shipping_address: Option<String>,
    /// Code of the shipping method.
    pub shipping_method: Option<String>,
    /// The order it was last checked out as, until the content changes.
    pub order_id: Option<Uuid>,
    /// Fingerprint of the content it was last checked out with, until the content changes.
    pub checkout_fingerprint: Option<String>,
    /// When it expires unless it is used.
    pub expires_at: DateTimeUtc,
    /// When it was created.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

/// No relations; lines are loaded for many carts at once.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The live cart of a user.
pub fn live_of_user(user_id: Uuid) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(user_id))
        .add(Column::Status.is_in(CartStatus::LIVE))
}

/// Finds the one cart that matches.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn find(db: &impl ConnectionTrait, which: Condition) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(which).one(db).await
}

/// Raises the version of the one cart that matches and returns it. Until the transaction ends
/// nobody else gets past this statement for the same cart, so whatever is read after it holds.
///
/// # Errors
/// [`DbErr`] if the database refuses.
pub async fn claim(
    txn: &impl ConnectionTrait,
    which: Condition,
    now: DateTimeUtc,
) -> Result<Option<Model>, DbErr> {
    let rows = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(which)
        .exec_with_returning(txn)
        .await?;
    Ok(rows.into_iter().next())
}

/// Writes back what may change of a cart that was [`claim`]ed, with its total taken from the lines
/// as they are now in the database.
///
/// # Errors
/// [`DbErr`] if the database refuses, for one because the total would be above the capacity.
pub async fn save(txn: &impl ConnectionTrait, cart: &Model) -> Result<Model, DbErr> {
    let total =
        "(SELECT COALESCE(SUM(quantity), 0) FROM cart_lines WHERE cart_lines.cart_id = carts.id)";
    let rows = Entity::update_many()
        .col_expr(Column::TotalQuantity, Expr::cust(total))
        .col_expr(Column::Status, Expr::value(cart.status))
        .col_expr(Column::UserId, Expr::value(cart.user_id))
        .col_expr(Column::TokenHash, Expr::value(cart.token_hash.clone()))
        .col_expr(Column::Currency, Expr::value(cart.currency.clone()))
        .col_expr(Column::Email, Expr::value(cart.email.clone()))
        .col_expr(
            Column::ShippingAddress,
            Expr::value(cart.shipping_address.clone()),
        )
        .col_expr(
            Column::ShippingMethod,
            Expr::value(cart.shipping_method.clone()),
        )
        .col_expr(Column::OrderId, Expr::value(cart.order_id))
        .col_expr(
            Column::CheckoutFingerprint,
            Expr::value(cart.checkout_fingerprint.clone()),
        )
        .col_expr(Column::ExpiresAt, Expr::value(cart.expires_at))
        .filter(Column::Id.eq(cart.id))
        .exec_with_returning(txn)
        .await?;
    rows.into_iter()
        .next()
        .ok_or_else(|| DbErr::RecordNotFound("the cart of this transaction".to_owned()))
}
