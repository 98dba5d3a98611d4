//! One migrator per service; none touches another service's tables.
//!
//! Written with sea-query, so that SQLite and PostgreSQL get the same tables from the same code.

pub mod accounts;
pub mod cart;
pub mod catalog;
pub mod inventory;
pub mod notification;
pub mod order;
pub mod payment;

use sea_orm_migration::prelude::*;

/// Brings the database of `service` to the newest version; safe to call at every start.
///
/// # Errors
/// [`DbErr`] if a migration fails, or if no service has this name.
pub async fn migrate(
    service: &str,
    db: &sea_orm_migration::sea_orm::DatabaseConnection,
) -> Result<(), DbErr> {
    match service {
        "accounts" => accounts::Migrator::up(db, None).await,
        "cart" => cart::Migrator::up(db, None).await,
        "catalog" => catalog::Migrator::up(db, None).await,
        "inventory" => inventory::Migrator::up(db, None).await,
        "notification" => notification::Migrator::up(db, None).await,
        "order" => order::Migrator::up(db, None).await,
        "payment" => payment::Migrator::up(db, None).await,
        unknown => Err(DbErr::Custom(format!(
            "no migrations for service `{unknown}`"
        ))),
    }
}
