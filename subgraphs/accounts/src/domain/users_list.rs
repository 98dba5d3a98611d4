use auth::Role;
use chrono::{DateTime, Utc};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, LikeExpr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
};
use service::cursor::COUNT_CAP;

use crate::domain::{EmailAddress, email};
use crate::entity::user::{self, UserStatus};
use crate::entity::user_role;

/// Which users to list: all conditions hold, an empty list is none.
#[derive(Debug, Clone, Default)]
pub(crate) struct UsersFilter {
    pub(crate) email_prefix: Option<String>,
    pub(crate) status: Vec<UserStatus>,
    pub(crate) role: Vec<Role>,
}

/// Where a page begins: after this user.
pub(crate) type Position = (DateTime<Utc>, Uuid);

/// At most `limit` users after a position, newest first.
pub(crate) async fn users_page(
    db: &DatabaseConnection,
    filter: &UsersFilter,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<user::Model>, DbErr> {
    let mut query = matching(filter);
    if let Some((created_at, id)) = after {
        query = query.filter(
            Condition::any()
                .add(user::Column::CreatedAt.lt(created_at))
                .add(
                    Condition::all()
                        .add(user::Column::CreatedAt.eq(created_at))
                        .add(user::Column::Id.lt(id)),
                ),
        );
    }
    query
        .order_by_desc(user::Column::CreatedAt)
        .order_by_desc(user::Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// How many users there are, counted up to [`COUNT_CAP`].
pub(crate) async fn users_count(
    db: &DatabaseConnection,
    filter: &UsersFilter,
) -> Result<i64, DbErr> {
    let capped = matching(filter)
        .select_only()
        .column(user::Column::Id)
        .limit(COUNT_CAP)
        .into_query();
    let count = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from_subquery(capped, "capped")
        .to_owned();
    match db.query_one(&count).await? {
        Some(row) => row.try_get_by_index(0),
        None => Ok(0),
    }
}

fn matching(filter: &UsersFilter) -> Select<user::Entity> {
    let mut query = user::Entity::find();
    let email_prefix = filter.email_prefix.as_deref().map(EmailAddress::key_of);
    if let Some(prefix) = email_prefix {
        // Nobody's address begins so; SQLite refuses to look for patterns of such a length, and
        // PostgreSQL for U+0000.
        if prefix.len() > email::MAX_BYTES || prefix.contains('\0') {
            return query.filter(user::Column::Id.is_in(Vec::<Uuid>::new()));
        }
        let mut pattern = String::new();
        for char in prefix.chars() {
            if matches!(char, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(char);
        }
        pattern.push('%');
        query = query.filter(user::Column::EmailKey.like(LikeExpr::new(pattern).escape('\\')));
    }
    if !filter.status.is_empty() {
        query = query.filter(user::Column::Status.is_in(filter.status.iter().copied()));
    }
    if !filter.role.is_empty() {
        let having_role = user_role::Entity::find()
            .select_only()
            .column(user_role::Column::UserId)
            .filter(user_role::Column::Role.is_in(filter.role.iter().map(|role| role.as_str())))
            .into_query();
        query = query.filter(user::Column::Id.in_subquery(having_role));
    }
    query
}
