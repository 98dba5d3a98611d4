//! The list of users, for staff.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use service::ApiError;
use service::graphql::PageInfo;

use crate::domain::users_list::{UsersFilter, users_count};
use crate::entity::user;
use crate::schema::role::Role;
use crate::schema::state;
use crate::schema::user::{User, UserStatus};

/// Which users to list. All conditions hold; inside a list one is enough, and an empty list is no
/// condition.
#[derive(InputObject)]
pub(crate) struct UserFilter {
    /// The beginning of the e-mail address, whatever its case.
    email_prefix: Option<String>,
    /// Users with one of these statuses.
    status: Option<Vec<UserStatus>>,
    /// Users with one of these roles.
    role: Option<Vec<Role>>,
}

impl From<UserFilter> for UsersFilter {
    fn from(filter: UserFilter) -> Self {
        Self {
            email_prefix: filter.email_prefix,
            status: filter
                .status
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
            role: filter
                .role
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
        }
    }
}

/// One page of users.
pub(crate) struct UserConnection {
    pub(crate) filter: UsersFilter,
    pub(crate) rows: Vec<user::Model>,
    pub(crate) has_next_page: bool,
    pub(crate) has_previous_page: bool,
}

/// A user in a list.
#[derive(SimpleObject)]
pub(crate) struct UserEdge {
    /// Where the user stands in the list; pass it as `after` to get what follows.
    cursor: String,
    /// The user.
    node: User,
}

fn cursor_of(ctx: &Context<'_>, row: &user::Model) -> String {
    state(ctx).users_cursor.encode(&(row.created_at, row.id))
}

/// One page of a list of users.
#[Object]
impl UserConnection {
    /// The users with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<UserEdge> {
        self.rows
            .iter()
            .map(|row| UserEdge {
                cursor: cursor_of(ctx, row),
                node: User::visible(row.clone()),
            })
            .collect()
    }

    /// The users.
    async fn nodes(&self) -> Vec<User> {
        self.rows.iter().cloned().map(User::visible).collect()
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor: self.rows.first().map(|row| cursor_of(ctx, row)),
            end_cursor: self.rows.last().map(|row| cursor_of(ctx, row)),
        }
    }

    /// How many users there are in the whole list; 10001 means that there are more than 10000.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64, ApiError> {
        Ok(users_count(&state(ctx).accounts.db, &self.filter).await?)
    }
}
