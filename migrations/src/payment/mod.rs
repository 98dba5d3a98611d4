//! Migrations of payment.

mod m000002_payments;
mod m000003_demo_provider;

use sea_orm_migration::prelude::*;

/// The migrations of payment, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(outbox::migration::Migration),
            Box::new(m000002_payments::Migration),
            Box::new(m000003_demo_provider::Migration),
        ]
    }
}
