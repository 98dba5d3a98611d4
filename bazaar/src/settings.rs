//! Settings of the embedded shop: flags, then environment, then a file, then the defaults here.

use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::Context;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

/// Everything that can be set about `bazaar run`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on (`BAZAAR_HOST`).
    pub host: IpAddr,
    /// Port to listen on; 0 takes a free one (`PORT` or `BAZAAR_PORT`).
    pub port: u16,
    /// Folder for databases, e-mails and the secret (`BAZAAR_DATA`).
    pub data: PathBuf,
    /// Where browsers reach the shop; by default the address it listens on (`BAZAAR_PUBLIC_URL`).
    pub public_url: Option<String>,
    /// Whether an empty shop is filled with demo data (`BAZAAR_DEMO`).
    pub demo: bool,
    /// Whether the demo payment provider takes payments (`BAZAAR_PAYMENT_DEMO`).
    pub payment_demo: bool,
    /// Mail server, for example `smtp://localhost:1025`; without one, e-mails are written as files
    /// into `<data>/mail` (`BAZAAR_SMTP_URL`).
    pub smtp_url: Option<String>,
    /// Whether answers say how many requests each subgraph got, in `extensions.bazaar`; for
    /// development (`BAZAAR_EXPOSE_FETCH_COUNTS`).
    pub expose_fetch_counts: bool,
    /// `pretty` or `json` (`BAZAAR_LOG_FORMAT`).
    pub log_format: String,
    /// What to log, for example `info,order=debug` (`BAZAAR_LOG`).
    pub log: String,
}

/// Without the URL of the mail server, which may hold a password.
impl std::fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("data", &self.data)
            .field("public_url", &self.public_url)
            .field("demo", &self.demo)
            .field("payment_demo", &self.payment_demo)
            .field("smtp", &self.smtp_url.is_some())
            .field("expose_fetch_counts", &self.expose_fetch_counts)
            .field("log_format", &self.log_format)
            .field("log", &self.log)
            .finish()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 4000,
            data: PathBuf::from("./.bazaar"),
            public_url: None,
            demo: true,
            payment_demo: true,
            smtp_url: None,
            expose_fetch_counts: false,
            log_format: "pretty".to_owned(),
            log: telemetry::DEFAULT_FILTER.to_owned(),
        }
    }
}

impl Settings {
    /// Reads file and environment over the defaults.
    ///
    /// # Errors
    /// Names the setting that has a wrong value, or the file that cannot be read.
    pub fn load(file: Option<&PathBuf>) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            anyhow::ensure!(
                file.is_file(),
                "configuration file {} not found",
                file.display()
            );
            figment = figment.merge(Toml::file(file));
        }
        figment
            .merge(Env::raw().only(&["PORT"]))
            .merge(Env::prefixed("BAZAAR_").only(&[
                "host",
                "port",
                "data",
                "public_url",
                "demo",
                "payment_demo",
                "smtp_url",
                "log_format",
                "log",
            ]))
            .extract()
            .context("the configuration is not valid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::result_large_err, reason = "the signature of figment's jail")]
    fn environment_wins_over_file_and_file_over_defaults() {
        figment::Jail::expect_with(|jail| {
            jail.create_file("bazaar.toml", "port = 5000\ndemo = false\nlog = \"debug\"")?;
            jail.set_env("PORT", "6000");
            jail.set_env("BAZAAR_LOG", "warn");
            let settings = Settings::load(Some(&PathBuf::from("bazaar.toml"))).expect("valid");
            assert_eq!(
                (settings.port, settings.demo, settings.log.as_str()),
                (6000, false, "warn")
            );
            Ok(())
        });
    }

    #[test]
    fn the_password_of_the_mail_server_is_not_printed() {
        let settings = Settings {
            smtp_url: Some("smtps://shop:hunter2@mail.example.com".to_owned()),
            ..Settings::default()
        };
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    #[expect(clippy::result_large_err, reason = "the signature of figment's jail")]
    fn a_wrong_value_names_the_setting() {
        figment::Jail::expect_with(|jail| {
            jail.set_env("PORT", "many");
            let error = format!("{:#}", Settings::load(None).expect_err("not a port"));
            assert!(error.contains("PORT"), "{error}");
            jail.set_env("PORT", "4000");
            jail.create_file("bazaar.toml", "prot = 5000")?;
            let error = format!(
                "{:#}",
                Settings::load(Some(&PathBuf::from("bazaar.toml"))).expect_err("a typo")
            );
            assert!(error.contains("prot"), "{error}");
            Ok(())
        });
    }
}
