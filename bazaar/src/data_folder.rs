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
        fs::create_dir_all(path)
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
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// URL of a service's database file.
    pub fn database_url(&self, service: &str) -> String {
        database_url(&self.path, service)
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
        let mut options = fs::OpenOptions::new();
        options.create(true).write(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut writer = options
            .open(&draft)
            .with_context(|| format!("cannot write {}", draft.display()))?;
        writer.write_all(auth::OpaqueToken::generate().as_str().as_bytes())?;
        writer.sync_all()?;
        fs::rename(&draft, file).with_context(|| format!("cannot write {}", file.display()))
    }
}
