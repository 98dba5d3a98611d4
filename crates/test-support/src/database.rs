use sea_orm::DatabaseConnection;
use sea_orm_migration::MigratorTrait;
use tempfile::TempDir;

/// A migrated SQLite database in a temporary folder that goes with this value.
pub struct TestDatabase {
    /// The connection.
    pub db: DatabaseConnection,
    /// The URL, for a second connection.
    pub url: String,
    _folder: TempDir,
}

impl TestDatabase {
    /// Creates the database and runs all migrations of `M`.
    pub async fn create<M: MigratorTrait>() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/test.db", folder.path().display());
        let db = service::connect("test", &url)
            .await
            .expect("a new database opens");
        M::up(&db, None)
            .await
            .expect("migrations run on an empty database");
        Self {
            db,
            url,
            _folder: folder,
        }
    }
}
