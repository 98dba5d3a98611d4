//! Which user has which role.

use auth::Role;
use events::id::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseTransaction, QueryOrder};

/// One role of one user.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_roles")]
pub struct Model {
    /// Whose role.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The role's name.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub role: String,
    /// Since when.
    pub granted_at: DateTimeUtc,
}

/// No relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// The roles of some users, in the order of [`Role`]. A role that a later release added grants
/// nothing here.
pub(crate) async fn of_users(
    db: &impl ConnectionTrait,
    users: impl IntoIterator<Item = UserId>,
) -> Result<Vec<(UserId, Role)>, DbErr> {
    let rows = Entity::find()
        .filter(Column::UserId.is_in(users.into_iter().map(UserId::uuid)))
        .order_by_asc(Column::UserId)
        .all(db)
        .await?;
    let mut roles: Vec<_> = rows
        .into_iter()
        .filter_map(|row| {
            Some((
                UserId::from_uuid(row.user_id),
                row.role.parse::<Role>().ok()?,
            ))
        })
        .collect();
    roles.sort();
    Ok(roles)
}

/// The roles of one user.
pub(crate) async fn of_user(db: &impl ConnectionTrait, user: UserId) -> Result<Vec<Role>, DbErr> {
    Ok(of_users(db, [user])
        .await?
        .into_iter()
        .map(|(_, role)| role)
        .collect())
}

/// Gives a user these roles and no others.
pub(crate) async fn replace(
    txn: &DatabaseTransaction,
    user: UserId,
    roles: &[Role],
    now: DateTimeUtc,
) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::UserId.eq(user.uuid()))
        .exec(txn)
        .await?;
    let rows = roles.iter().map(|role| ActiveModel {
        user_id: Set(user.uuid()),
        role: Set(role.as_str().to_owned()),
        granted_at: Set(now),
    });
    Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
