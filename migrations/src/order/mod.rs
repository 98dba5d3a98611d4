//! Migrations of order.

mod m000002_orders;

use sea_orm_migration::prelude::*;

/// The migrations of order, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(outbox::migration::Migration),
            Box::new(m000002_orders::Migration),
        ]
    }
}
