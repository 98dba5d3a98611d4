//! The one place where mail leaves the process.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use events::id::EmailId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{Config, ConfigError, Mail};

/// Hands messages to a folder or a mail server.
pub(crate) struct Mailer {
    way: Way,
    timeout: Duration,
}

enum Way {
    Files(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

/// A message was not handed over, or it is not known that it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// The folder cannot be written.
    #[error("the mail folder cannot be written: {0}")]
    File(#[from] std::io::Error),
    /// The mail server said no, or nothing.
    #[error("the mail server did not take it: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// It took too long.
    #[error("the mail was not taken within {} s", .0.as_secs())]
    Timeout(Duration),
}

impl SendError {
    /// Whether trying again by itself makes no sense: the mailbox does not exist. Everything else
    /// may be repaired (also a refused password), and the mail is worth another try then.
    pub(crate) fn is_permanent(&self) -> bool {
        match self {
            Self::Smtp(error) => error
                .status()
                .is_some_and(|code| matches!(u16::from(code), 550 | 551 | 553)),
            Self::File(_) | Self::Timeout(_) => false,
        }
    }
}

impl Mailer {
    /// Opens nothing yet; a mail server that is down does not keep the shop from starting.
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        if config.lease <= config.send_timeout {
            return Err(ConfigError::Lease);
        }
        let way = match &config.mail {
            Mail::Files(folder) => Way::Files(folder.clone()),
            Mail::Smtp(url) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .map_err(|source| ConfigError::Smtp { source })?;
                Way::Smtp(transport.timeout(Some(config.send_timeout)).build())
            }
        };
        Ok(Self {
            way,
            timeout: config.send_timeout,
        })
    }

    /// Hands the message over. In a folder the same mail is the same file however often it is sent;
    /// a mail server may get it twice if the first answer was lost, with the same `Message-ID`.
    pub(crate) async fn send(&self, id: EmailId, message: Message) -> Result<(), SendError> {
        let handed_over = async {
            match &self.way {
                Way::Files(folder) => {
                    let (folder, bytes) = (folder.clone(), message.formatted());
                    tokio::task::spawn_blocking(move || write_file(&folder, id, &bytes))
                        .await
                        .map_err(std::io::Error::other)??;
                }
                Way::Smtp(transport) => {
                    transport.send(message).await?;
                }
            }
            Ok(())
        };
        tokio::time::timeout(self.timeout, handed_over)
            .await
            .unwrap_or(Err(SendError::Timeout(self.timeout)))
    }
}

/// Writes aside, then renames: whoever looks into the folder sees whole mails only. Both names
/// follow from the id, so that a repeat after a crash leaves nothing behind either.
fn write_file(folder: &Path, id: EmailId, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let aside = folder.join(format!(".{id}.tmp"));
    let mut file = std::fs::File::create(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(aside, folder.join(format!("{id}.eml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_settings_are_refused_at_the_start() {
        let smtp = |url: &str| Config {
            mail: Mail::Smtp(url.to_owned()),
            ..Config::default()
        };
        for url in ["", "localhost", "http://localhost", "smtp://"] {
            assert!(
                matches!(Mailer::new(&smtp(url)), Err(ConfigError::Smtp { .. })),
                "{url:?}"
            );
        }
        for url in [
            "smtp://localhost:1025",
            "smtps://shop:secret@mail.example.com",
        ] {
            assert!(Mailer::new(&smtp(url)).is_ok(), "{url:?}");
        }
        let short = Config {
            lease: Duration::from_secs(20),
            ..Config::default()
        };
        assert!(matches!(Mailer::new(&short), Err(ConfigError::Lease)));
    }

    #[test]
    fn a_password_is_not_printed() {
        let mail = Mail::Smtp("smtps://shop:secret@mail.example.com".to_owned());
        assert!(!format!("{mail:?}").contains("secret"));
    }
}
