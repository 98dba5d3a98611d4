//! Migrations of inventory.

mod m000002_stock;
mod m000003_reservations;
mod m000004_append_only_history;

use sea_orm_migration::prelude::*;

/// The migrations of inventory, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(outbox::migration::Migration),
            Box::new(m000002_stock::Migration),
            Box::new(m000003_reservations::Migration),
            Box::new(m000004_append_only_history::Migration),
        ]
    }
}
