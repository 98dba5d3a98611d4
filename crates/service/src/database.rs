//! Opening a service's database.

use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};

/// The database cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database of {service}")]
pub struct ConnectError {
    /// Whose database.
    pub service: String,
    /// Why.
    #[source]
    pub source: DbErr,
}

/// Connects to `sqlite://…` or `postgres://…`.
///
/// SQLite runs in WAL mode with one writer at a time: writers wait for each other (at most 30 s)
/// instead of failing, readers never wait. Every commit is on disk before it is acknowledged.
///
/// # Errors
/// [`ConnectError`] with the service's name; the URL, which may hold a password, is not repeated.
pub async fn connect(service: &str, url: &str) -> Result<DatabaseConnection, ConnectError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(8)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(30))
        });
    Database::connect(options)
        .await
        .map_err(|source| ConnectError {
            service: service.to_owned(),
            source,
        })
}
