//! Batched reads.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader;
use auth::Role;
use events::id::UserId;
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter};

use crate::entity::{address, user, user_role};

/// Loads rows for many users with one statement each.
pub(crate) struct Loader {
    pub(crate) db: DatabaseConnection,
}

/// Loads users by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct UserById(pub(crate) UserId);

/// Loads the roles of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RolesOf(pub(crate) UserId);

/// Loads the addresses of a user, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AddressesOf(pub(crate) UserId);

impl dataloader::Loader<UserById> for Loader {
    type Value = user::Model;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[UserById]) -> Result<HashMap<UserById, Self::Value>, Self::Error> {
        let users = user::Entity::find()
            .filter(user::Column::Id.is_in(keys.iter().map(|key| key.0.uuid())))
            .all(&self.db)
            .await?;
        Ok(users
            .into_iter()
            .map(|user| (UserById(user.user_id()), user))
            .collect())
    }
}

impl dataloader::Loader<RolesOf> for Loader {
    type Value = Vec<Role>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[RolesOf]) -> Result<HashMap<RolesOf, Self::Value>, Self::Error> {
        let mut roles: HashMap<RolesOf, Vec<Role>> = HashMap::new();
        for (user, role) in user_role::of_users(&self.db, keys.iter().map(|key| key.0)).await? {
            roles.entry(RolesOf(user)).or_default().push(role);
        }
        Ok(roles)
    }
}

impl dataloader::Loader<AddressesOf> for Loader {
    type Value = Vec<address::Model>;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[AddressesOf],
    ) -> Result<HashMap<AddressesOf, Self::Value>, Self::Error> {
        let mut addresses: HashMap<AddressesOf, Vec<address::Model>> = HashMap::new();
        for address in address::of_users(&self.db, keys.iter().map(|key| key.0)).await? {
            addresses
                .entry(AddressesOf(UserId::from_uuid(address.user_id)))
                .or_default()
                .push(address);
        }
        Ok(addresses)
    }
}
