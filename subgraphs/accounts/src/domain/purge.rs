use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, DbErr, EntityTrait, QueryFilter};

use crate::entity::{login_failure, refresh_token, session};

/// How long something that has expired is kept, so that whoever comes late still hears the reason.
const KEPT_FOR: TimeDelta = TimeDelta::days(7);

/// Deletes sessions and refresh tokens that expired long ago, and forgotten login failures.
pub(crate) async fn purge(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<(), DbErr> {
    let before = now - KEPT_FOR;
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::ExpiresAt.lt(before))
        .exec(db)
        .await?;
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lt(before))
        .exec(db)
        .await?;
    login_failure::Entity::delete_many()
        .filter(login_failure::Column::LastFailedAt.lt(before))
        .filter(
            Condition::any()
                .add(login_failure::Column::BlockedUntil.is_null())
                .add(login_failure::Column::BlockedUntil.lt(before)),
        )
        .exec(db)
        .await?;
    Ok(())
}
