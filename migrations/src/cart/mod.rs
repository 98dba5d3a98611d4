//! Migrations of cart.

mod m000002_copies;
mod m000003_carts;
mod m000004_checkouts;

use sea_orm_migration::prelude::*;

/// The migrations of cart, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(outbox::migration::Migration),
            Box::new(m000002_copies::Migration),
            Box::new(m000003_carts::Migration),
            Box::new(m000004_checkouts::Migration),
        ]
    }
}
