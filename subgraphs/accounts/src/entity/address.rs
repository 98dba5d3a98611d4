//! Saved addresses.

use events::id::{AddressId, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder};

/// One saved address.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "addresses")]
pub struct Model {
    /// The UUID of the address's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Counts changes.
    pub version: i64,
    /// When it was saved.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// Whose address.
    pub user_id: Uuid,
    /// What the user calls it.
    #[sea_orm(column_type = "Text", nullable)]
    pub label: Option<String>,
    /// Who receives the parcel.
    #[sea_orm(column_type = "Text")]
    pub recipient: String,
    /// Street and number.
    #[sea_orm(column_type = "Text")]
    pub line1: String,
    /// Second line.
    #[sea_orm(column_type = "Text", nullable)]
    pub line2: Option<String>,
    /// City.
    #[sea_orm(column_type = "Text")]
    pub city: String,
    /// Province or state.
    #[sea_orm(column_type = "Text", nullable)]
    pub province: Option<String>,
    /// Postal code.
    #[sea_orm(column_type = "Text")]
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 country code.
    #[sea_orm(column_type = "Text")]
    pub country_code: String,
    /// Phone number for the carrier.
    #[sea_orm(column_type = "Text", nullable)]
    pub phone: Option<String>,
    /// Whether parcels go here unless said otherwise; at most one of a user's.
    pub is_default_shipping: bool,
    /// Whether bills go here unless said otherwise; at most one of a user's.
    pub is_default_billing: bool,
}

/// Without anything personal.
impl std::fmt::Debug for Model {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Address")
            .field("id", &AddressId::from_uuid(self.id))
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The addresses of some users, oldest first.
pub(crate) async fn of_users(
    db: &impl ConnectionTrait,
    users: impl IntoIterator<Item = UserId>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::UserId.is_in(users.into_iter().map(UserId::uuid)))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// An address, if it is this user's.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    user: UserId,
    id: AddressId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id.uuid())
        .filter(Column::UserId.eq(user.uuid()))
        .one(db)
        .await
}

/// Takes the default of a kind (`Column::IsDefaultShipping` or `IsDefaultBilling`) away from
/// whichever address has it.
pub(crate) async fn clear_default(
    txn: &DatabaseTransaction,
    user: UserId,
    kind: Column,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(kind, Expr::value(false))
        .filter(Column::UserId.eq(user.uuid()))
        .filter(kind.eq(true))
        .exec(txn)
        .await?;
    Ok(())
}
