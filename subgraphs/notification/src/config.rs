//! Settings of the notification service.

use std::path::PathBuf;
use std::time::Duration;

/// How mail leaves the shop.
#[derive(Clone, PartialEq, Eq)]
pub enum Mail {
    /// Every mail becomes a file `<email id>.eml` in this folder, which is created when needed. The
    /// same mail sent twice is the same file.
    Files(PathBuf),
    /// A mail server, for example `smtp://localhost:1025` or
    /// `smtps://user:password@mail.example.com`. A mail whose sending was cut short is handed over
    /// again, with the same `Message-ID`.
    Smtp(String),
}

/// Without the URL, which may hold a password.
impl std::fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Files(folder) => formatter.debug_tuple("Files").field(folder).finish(),
            Self::Smtp(_) => formatter.write_str("Smtp(…)"),
        }
    }
}

/// Settings of the notification service.
#[derive(Debug, Clone)]
pub struct Config {
    /// How mail leaves the shop.
    pub mail: Mail,
    /// The sender, `Name <address>` or an address alone.
    pub from: String,
    /// The shop's name in texts.
    pub shop_name: String,
    /// How long to wait after each failed attempt; after the last one the mail is DEAD and waits
    /// for a person.
    pub retry_delays: Vec<Duration>,
    /// How long one attempt may take; it is given up then and counts as failed.
    pub send_timeout: Duration,
    /// How long a claim protects a mail that is being sent. Longer than `send_timeout`, or two
    /// replicas would send it at the same time.
    pub lease: Duration,
    /// How often a mail may be attempted in all; staff cannot retry beyond that.
    pub max_attempts: i32,
}

impl Default for Config {
    fn default() -> Self {
        let retry_seconds = [10, 60, 300, 1_800, 7_200];
        Self {
            mail: Mail::Files(PathBuf::from("mail")),
            from: "Bazaar <orders@bazaar.test>".to_owned(),
            shop_name: "Bazaar".to_owned(),
            retry_delays: retry_seconds.map(Duration::from_secs).to_vec(),
            send_timeout: Duration::from_secs(20),
            lease: Duration::from_secs(60),
            max_attempts: 50,
        }
    }
}

/// The service cannot start with these settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// `from` is not a mailbox.
    #[error("the sender of mail, `{from}`, is not `Name <address>`")]
    From {
        /// What it is instead.
        from: String,
    },
    /// The mail server's URL cannot be used. It may hold a password and is not repeated.
    #[error("the URL of the mail server is not smtp://… or smtps://…")]
    Smtp {
        /// Why.
        #[source]
        source: lettre::transport::smtp::Error,
    },
    /// `lease` is not longer than `send_timeout`.
    #[error("the lease of a mail must be longer than the time one attempt may take")]
    Lease,
}
