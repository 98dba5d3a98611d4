//! Every service of the shop, built for one process.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use auth::Verifier;
use clock::Clock;
use sea_orm::DatabaseConnection;
use service::{Deps, Secret, Service, StatementCounter};

use crate::data_folder::DataFolder;
use crate::settings::Settings;

/// The services, in the order in which they are built.
pub(crate) const NAMES: [&str; 7] = [
    "accounts",
    "catalog",
    "inventory",
    "cart",
    "order",
    "payment",
    "notification",
];

/// Issuer of access tokens; what matters is that everybody agrees.
const ISSUER: &str = "https://bazaar.test";
/// Audience of access tokens.
const AUDIENCE: &str = "bazaar";

/// One database per service, migrated.
pub(crate) struct Databases(BTreeMap<&'static str, DatabaseConnection>);

impl Databases {
    /// Opens and migrates the databases of a data folder.
    pub(crate) async fn open(folder: &DataFolder) -> anyhow::Result<Self> {
        let opened = NAMES.map(async |name| open_one(name, &folder.database_url(name)?).await);
        let opened = futures_util::future::try_join_all(opened).await?;
        Ok(Self(opened.into_iter().collect()))
    }

    /// Empty databases in memory, for what needs services but no data.
    async fn in_memory() -> anyhow::Result<Self> {
        let opened = NAMES.map(async |name| open_one(name, "sqlite::memory:").await);
        let opened = futures_util::future::try_join_all(opened).await?;
        Ok(Self(opened.into_iter().collect()))
    }

    pub(crate) fn get(&self, name: &str) -> DatabaseConnection {
        self.0
            .get(name)
            .cloned()
            .expect("every service has a database")
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &DatabaseConnection)> {
        self.0.iter().map(|(name, db)| (*name, db))
    }

    /// Counts what is sent through handles taken from now on.
    pub(crate) fn count_statements(&mut self) -> BTreeMap<&'static str, StatementCounter> {
        self.0
            .iter_mut()
            .map(|(name, db)| (*name, StatementCounter::attach(db)))
            .collect()
    }
}

async fn open_one(
    name: &'static str,
    url: &str,
) -> anyhow::Result<(&'static str, DatabaseConnection)> {
    let db = service::connect(name, url).await?;
    migrations::migrate(name, &db)
        .await
        .with_context(|| format!("cannot migrate the database of {name}"))?;
    Ok((name, db))
}

/// Builds every service of the embedded shop.
pub(crate) async fn build(
    databases: &Databases,
    settings: &Settings,
    folder: &DataFolder,
    clock: &Clock,
    public_url: &str,
    local_url: &str,
) -> anyhow::Result<Vec<Service>> {
    let mail = match &settings.smtp_url {
        Some(url) => notification::Mail::Smtp(url.clone()),
        None => notification::Mail::Files(folder.mail()),
    };
    let urls = Urls {
        public: public_url.to_owned(),
        local: local_url.to_owned(),
    };
    build_with(
        databases,
        clock,
        folder.secret()?,
        &urls,
        mail,
        settings.payment_demo,
    )
    .await
}

/// Builds every service on empty databases, for their schemas.
pub(crate) async fn build_for_schema() -> anyhow::Result<Vec<Service>> {
    let databases = Databases::in_memory().await?;
    let url = "http://127.0.0.1:4000".to_owned();
    let urls = Urls {
        public: url.clone(),
        local: url,
    };
    let mail = notification::Mail::Files(std::env::temp_dir());
    build_with(
        &databases,
        &Clock::system(),
        Secret::new(vec![0; 32]),
        &urls,
        mail,
        true,
    )
    .await
}

/// How accounts are kept; the same for demo accounts and real ones.
pub(crate) fn accounts_config() -> accounts::Config {
    accounts::Config {
        issuer: ISSUER.to_owned(),
        audience: AUDIENCE.to_owned(),
        ..accounts::Config::default()
    }
}

struct Urls {
    /// Where browsers reach the shop.
    public: String,
    /// Where this process reaches itself.
    local: String,
}

async fn build_with(
    databases: &Databases,
    clock: &Clock,
    secret: Secret,
    urls: &Urls,
    mail: notification::Mail,
    payment_demo: bool,
) -> anyhow::Result<Vec<Service>> {
    // Accounts signs the tokens that everybody verifies.
    let key = accounts::signing_key(&databases.get("accounts"), clock.now()).await?;
    let verifier = Arc::new(Verifier::new(key.key_set(), ISSUER, AUDIENCE));
    let deps = |name: &str| Deps {
        db: databases.get(name),
        clock: clock.clone(),
        secret: Secret::new(secret.derive(name).to_vec()),
        verifier: verifier.clone(),
    };

    let catalog_config = catalog::Config {
        public_url: urls.public.clone(),
        ..catalog::Config::default()
    };
    let payment_config = payment::Config {
        public_url: payment::LateUrl::known(
            urls.public.parse().context("the public URL is not valid")?,
        ),
        webhook_base_url: payment::LateUrl::known(urls.local.parse()?),
        demo_enabled: payment_demo,
        ..payment::Config::default()
    };
    let notification_config = notification::Config {
        mail,
        ..notification::Config::default()
    };
    Ok(vec![
        accounts::service(deps("accounts"), accounts_config()).await?,
        catalog::service(deps("catalog"), catalog_config),
        inventory::service(deps("inventory"), inventory::Config::default()),
        cart::service(deps("cart"), cart::Config::default()),
        order::service(deps("order"), order::Config::default()),
        payment::service(deps("payment"), payment_config),
        notification::service(deps("notification"), notification_config)?,
    ])
}
