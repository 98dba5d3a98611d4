//! The folder that holds everything an embedded shop remembers.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use service::Secret;

/// The data folder; one process at a time may use it.
pub struct DataFolder {
    path: PathBuf,
    _lock: fs::File,
}

/// URL of a service's database file in a data folder.
pub fn database_url(data: &Path, service: &str) -> String {
    format!("sqlite://{}", data.join(format!("{service}.db")).display())
}

impl DataFolder {
    /// Opens or creates the folder and locks it.
    ///
    /// # Errors
    /// If it cannot be created, or another process uses it.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        create_private_folder(path)
            .with_context(|| format!("cannot create data folder {}", path.display()))?;
        let lock_file = path.join("lock");
        let lock = fs::File::create(&lock_file)
            .with_context(|| format!("cannot write {}", lock_file.display()))?;
        lock.try_lock().with_context(|| {
            format!(
                "data folder {} is in use by another process",
                path.display()
            )
        })?;
        // Letters to buyers, for nobody else's eyes.
        let mail = path.join("mail");
        create_private_folder(&mail)
            .with_context(|| format!("cannot create folder {}", mail.display()))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// URL of a service's database file, which exists then and is its owner's alone: it holds
    /// addresses and password hashes, and that of accounts the key that signs access tokens. SQLite
    /// gives its journals the permissions of the file.
    ///
    /// # Errors
    /// If the file cannot be made.
    pub fn database_url(&self, service: &str) -> anyhow::Result<String> {
        let file = self.path.join(format!("{service}.db"));
        make_private_file(&file).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(database_url(&self.path, service))
    }

    /// Where e-mails go.
    pub fn mail(&self) -> PathBuf {
        self.path.join("mail")
    }

    /// The shop's secret, made at the first start.
    ///
    /// # Errors
    /// If the file cannot be read or written, or is not a secret.
    pub fn secret(&self) -> anyhow::Result<Secret> {
        let file = self.path.join("secret");
        if !file.exists() {
            self.write_secret(&file)?;
        }
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let bytes = data_encoding::BASE64URL_NOPAD
            .decode(text.trim().as_bytes())
            .ok()
            .filter(|bytes| bytes.len() >= 32)
            .with_context(|| format!("{} does not hold a secret", file.display()))?;
        Ok(Secret::new(bytes))
    }

    /// Writes a new secret so that it is there whole or not at all.
    fn write_secret(&self, file: &Path) -> anyhow::Result<()> {
        let draft = self.path.join("secret.new");
        let mut writer = make_private_file(&draft)
            .with_context(|| format!("cannot write {}", draft.display()))?;
        writer.set_len(0)?;
        writer.write_all(auth::OpaqueToken::generate().as_str().as_bytes())?;
        writer.sync_all()?;
        fs::rename(&draft, file).with_context(|| format!("cannot write {}", file.display()))
    }
}

/// Creates a folder that only its owner may enter. One that exists stays as it is: it may be shared
/// on purpose.
fn create_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens or creates a file that only its owner may read, whatever the umask was when it was made.
fn make_private_file(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it exists").permissions().mode() & 0o777
    }

    #[test]
    fn what_is_in_the_folder_is_its_owners_alone() {
        let parent = tempfile::tempdir().expect("a folder");
        let path = parent.path().join("shop");
        let folder = DataFolder::open(&path).expect("opens");
        folder.database_url("accounts").expect("a file");
        folder.secret().expect("a secret");
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&folder.mail()), 0o700);
        assert_eq!(mode(&path.join("accounts.db")), 0o600);
        assert_eq!(mode(&path.join("secret")), 0o600);
    }

    #[test]
    fn databases_of_an_older_shop_are_closed_and_keep_their_contents() {
        let parent = tempfile::tempdir().expect("a folder");
        let file = parent.path().join("order.db");
        fs::write(&file, "rows").expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("set");
        let folder = DataFolder::open(parent.path()).expect("opens");
        folder.database_url("order").expect("a file");
        assert_eq!(mode(&file), 0o600);
        assert_eq!(fs::read_to_string(&file).expect("read"), "rows");
    }
}
