use async_graphql::{Context, ID, Object};
use auth::{AuthError, Scope};
use events::id::UserId;
use service::cursor::page_size;
use service::{ApiError, RequestInfo};

use crate::domain::staff;
use crate::domain::users_list::{UsersFilter, users_page};
use crate::entity::user::UserStatus;
use crate::error::AccountsError;
use crate::schema::loaders::UserById;
use crate::schema::user::User;
use crate::schema::users::{UserConnection, UserFilter};
use crate::schema::{caller, loader, state};

/// Reads.
pub(crate) struct Query;

/// What can be read.
#[Object]
impl Query {
    /// The signed-in user; null if nobody is signed in. A bad or expired access token is an error
    /// with the code `UNAUTHENTICATED`: refresh it, or log in again.
    async fn me(&self, ctx: &Context<'_>) -> Result<Option<User>, ApiError> {
        if !RequestInfo::of(ctx).principal()?.is_authenticated() {
            return Ok(None);
        }
        // A suspended user's access token is no good here, although it has not expired.
        let row = loader(ctx).load_one(UserById(caller(ctx)?)).await?;
        let row = row
            .filter(|row| row.status == UserStatus::Active)
            .ok_or(AuthError::TokenInvalid)?;
        Ok(Some(User::visible(row)))
    }

    /// A user by id: oneself, or anybody for staff with the permission `users:read`; null for
    /// everybody else.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user's id.")] id: ID,
    ) -> Result<Option<User>, ApiError> {
        let is_signed_in = RequestInfo::of(ctx).principal()?.is_authenticated();
        let Ok(id) = id.parse::<UserId>() else {
            return Ok(None);
        };
        if is_signed_in && caller(ctx)? == id {
            return self.me(ctx).await;
        }
        if !may_read_all(ctx).await? {
            return Ok(None);
        }
        let row = loader(ctx).load_one(UserById(id)).await?;
        Ok(row.map(User::visible))
    }

    /// All users, newest first, for staff with the permission `users:read`.
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many users, 1 to 100; 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
        #[graphql(desc = "Which users.")] filter: Option<UserFilter>,
    ) -> Result<UserConnection, ApiError> {
        RequestInfo::of(ctx)
            .principal()?
            .require_scope(Scope::USERS_READ)?;
        if !may_read_all(ctx).await? {
            return Err(AuthError::Forbidden {
                needs: Scope::USERS_READ.to_string(),
            }
            .into());
        }
        let size = page_size(first)?;
        let after = after
            .map(|after| state(ctx).users_cursor.decode(&after))
            .transpose()?;
        let filter = filter.map(UsersFilter::from).unwrap_or_default();

        // One more than asked for tells whether there is a next page.
        let mut rows = users_page(&state(ctx).accounts.db, &filter, after, size + 1).await?;
        let has_next_page = rows.len() as u64 > size;
        rows.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(UserConnection {
            filter,
            rows,
            has_next_page,
            has_previous_page: after.is_some(),
        })
    }

    /// The user another service refers to.
    #[graphql(entity)]
    async fn find_user_by_id(
        &self,
        ctx: &Context<'_>,
        #[graphql(key)] id: ID,
    ) -> Result<Option<User>, ApiError> {
        let Ok(id) = id.parse::<UserId>() else {
            return Ok(None);
        };
        let row = loader(ctx).load_one(UserById(id)).await?;
        Ok(row.map(|row| User::for_caller(ctx, row)))
    }
}

/// Whether the caller is staff who may read all users. The token has to say so and the tables too:
/// somebody who has just been suspended, or lost the role, sees nobody any more.
async fn may_read_all(ctx: &Context<'_>) -> Result<bool, ApiError> {
    if !RequestInfo::of(ctx)
        .principal()?
        .has_scope(Scope::USERS_READ)
    {
        return Ok(false);
    }
    let db = &state(ctx).accounts.db;
    match staff::require_scope(db, caller(ctx)?, Scope::USERS_READ).await {
        Ok(()) => Ok(true),
        Err(AccountsError::Forbidden) => Ok(false),
        Err(AccountsError::Unauthenticated) => Err(AuthError::TokenInvalid.into()),
        Err(fault) => Err(ApiError::internal(fault)),
    }
}
