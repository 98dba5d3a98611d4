//! What every operation of payment works with.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::Clock;
use sea_orm::DatabaseConnection;
use service::Changes;

use crate::config::Config;
use crate::entity::payment::ProviderName;
use crate::provider::Provider;

/// The providers that exist here.
pub type Providers = BTreeMap<ProviderName, Arc<dyn Provider>>;

/// What every operation of payment works with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The service's database.
    pub db: DatabaseConnection,
    /// The one clock.
    pub clock: Clock,
    /// Settings.
    pub config: Arc<Config>,
    /// The providers that exist here.
    pub providers: Arc<Providers>,
    /// Wakes requests that wait for an order.
    pub changes: Changes,
}

impl AppState {
    /// The provider of this name, if it exists here.
    pub fn provider(&self, name: ProviderName) -> Option<Arc<dyn Provider>> {
        self.providers.get(&name).cloned()
    }
}
