//! Migrations of notification.

mod m000002_email_logs;

use sea_orm_migration::prelude::*;

/// The migrations of notification, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(outbox::migration::Migration),
            Box::new(m000002_email_logs::Migration),
        ]
    }
}
