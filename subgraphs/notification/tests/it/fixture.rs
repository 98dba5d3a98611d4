//! A notification service that writes its mail into a folder of its own.

use std::path::PathBuf;
use std::time::Duration;

use auth::Role;
use chrono::{DateTime, Utc};
use events::id::{CartId, OrderId, ProductId, UserId, VariantId};
use events::order::{OrderConfirmed, OrderStatusChanged, OrderTotals, OrderedLine};
use migrations::notification::Migrator;
use money::{Currency, Money};
use notification::entity::email_log;
use notification::{Config, Mail};
use sea_orm::{EntityTrait, QueryOrder};
use tempfile::TempDir;
use test_support::{Caller, TestSubgraph};

pub(crate) struct Shop {
    pub(crate) subgraph: TestSubgraph,
    folder: TempDir,
}

/// Pauses after failures, in this service.
pub(crate) const RETRY_DELAYS: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(60)];
/// How long a claim holds, in this service.
pub(crate) const LEASE: Duration = Duration::from_secs(60);

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// A service with other settings than usual.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config {
            mail: Mail::Files(folder.path().join("mail")),
            retry_delays: RETRY_DELAYS.to_vec(),
            lease: LEASE,
            ..Config::default()
        };
        change(&mut config);
        let subgraph = TestSubgraph::start::<Migrator>(|deps| {
            notification::service(deps, config).expect("good settings")
        })
        .await;
        Self { subgraph, folder }
    }

    /// The folder of outgoing mail.
    pub(crate) fn mail_folder(&self) -> PathBuf {
        self.folder.path().join("mail")
    }

    /// Everything in the folder of outgoing mail, hidden files too: name and content.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        let Ok(entries) = std::fs::read_dir(self.mail_folder()) else {
            return Vec::new();
        };
        let mut files: Vec<_> = entries
            .map(|entry| {
                let entry = entry.expect("a readable folder");
                let content = std::fs::read_to_string(entry.path()).expect("a readable file");
                (entry.file_name().to_string_lossy().into_owned(), content)
            })
            .collect();
        files.sort();
        files
    }

    /// The log, oldest first.
    pub(crate) async fn log(&self) -> Vec<email_log::Model> {
        email_log::Entity::find()
            .order_by_asc(email_log::Column::CreatedAt)
            .order_by_asc(email_log::Column::Id)
            .all(&self.subgraph.deps.db)
            .await
            .expect("the log can be read")
    }

    /// The only mail in the log.
    pub(crate) async fn email(&self) -> email_log::Model {
        let mut log = self.log().await;
        assert_eq!(log.len(), 1, "{log:#?}");
        log.remove(0)
    }

    /// Runs the sending job once.
    pub(crate) async fn send(&self) {
        self.subgraph.run_job("notification.send").await;
    }

    /// Moves the clock, a bit further than asked for.
    pub(crate) fn pass(&self, time: Duration) {
        let time = chrono::TimeDelta::from_std(time).expect("not too long");
        let bit = chrono::TimeDelta::seconds(1);
        self.subgraph.deps.clock.advance(time + bit);
    }

    /// Puts a file where the mail folder should be, so that no mail can be written.
    pub(crate) fn block_folder(&self) {
        std::fs::write(self.mail_folder(), "in the way").expect("a writable folder");
    }

    /// Takes it away again.
    pub(crate) fn unblock_folder(&self) {
        std::fs::remove_file(self.mail_folder()).expect("the file is there");
    }

    /// Brings `orders` confirmations for `user_id` into the log, QUEUED.
    pub(crate) async fn confirm(&self, orders: usize, user_id: Option<UserId>) -> Vec<OrderId> {
        let mut ids = Vec::new();
        for _ in 0..orders {
            let event = OrderConfirmed {
                user_id,
                ..confirmed(OrderId::generate())
            };
            ids.push(event.order_id);
            self.subgraph.deliver(event, 3).await;
        }
        ids
    }
}

/// Staff who may read mail.
pub(crate) fn support() -> Caller {
    Caller::Staff(UserId::from_name("support"), vec![Role::Support])
}

/// Staff who may not.
pub(crate) fn warehouse() -> Caller {
    Caller::Staff(UserId::from_name("warehouse"), vec![Role::Warehouse])
}

/// A guest's order, paid and official.
pub(crate) fn confirmed(order_id: OrderId) -> OrderConfirmed {
    OrderConfirmed {
        order_id,
        cart_id: CartId::from_name("cart"),
        number: "BZ-000001".to_owned(),
        placed_at: placed_at(),
        user_id: None,
        email: "buyer@example.com".to_owned(),
        lines: vec![OrderedLine {
            variant_id: VariantId::from_name("variant"),
            product_id: ProductId::from_name("product"),
            sku: "DEMO-0001-A".to_owned(),
            name: "Demo product".to_owned(),
            quantity: 2,
            price_at_purchase: Money::new(125_000, Currency::IDR),
        }],
        totals: OrderTotals {
            currency: Currency::IDR,
            subtotal: 250_000,
            discount: 0,
            shipping: 20_000,
            tax: 29_700,
            total: 299_700,
        },
    }
}

/// The same order on its way.
pub(crate) fn moved_to(order_id: OrderId, status: &str) -> OrderStatusChanged {
    OrderStatusChanged {
        order_id,
        number: Some("BZ-000001".to_owned()),
        email: "buyer@example.com".to_owned(),
        from: "CONFIRMED".to_owned(),
        to: status.to_owned(),
        carrier: Some("JNE".to_owned()),
        tracking_number: Some("JX123".to_owned()),
    }
}

fn placed_at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("a valid time")
}
