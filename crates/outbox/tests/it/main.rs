//! The outbox, inbox, relay and embedded broker on real SQLite files.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use clock::Clock;
use events::id::OrderId;
use events::inventory::InventoryHeld;
use events::{Cause, Envelope, Event};
use futures_util::future::BoxFuture;
use outbox::{
    Consumer, HandleError, InProcessBroker, Outcome, RetryPolicy, Transport, TransportError, begin,
    consume, enqueue, publish_pending, run_consumer, run_relay,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, PaginatorTrait,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use test_support::{TestDatabase, wait_for};
use tokio_util::sync::CancellationToken;

struct Migrator;
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(outbox::migration::Migration)]
    }
}

/// Counts effects in a table, so that they roll back with the transaction.
struct Counting {
    failures_left: AtomicU32,
    permanent: bool,
    seen: Mutex<Vec<i64>>,
}

impl Counting {
    fn new() -> Self {
        Self {
            failures_left: AtomicU32::new(0),
            permanent: false,
            seen: Mutex::default(),
        }
    }

    fn failing(times: u32) -> Self {
        Self {
            failures_left: AtomicU32::new(times),
            ..Self::new()
        }
    }
}

impl Consumer for Counting {
    fn name(&self) -> &'static str {
        "counting"
    }

    fn interests(&self) -> &'static [&'static str] {
        &["inventory.held.v1"]
    }

    fn handle<'a>(
        &'a self,
        txn: &'a DatabaseTransaction,
        _envelope: &'a Envelope,
    ) -> BoxFuture<'a, Result<(), HandleError>> {
        Box::pin(async move {
            txn.execute_unprepared("INSERT INTO effects DEFAULT VALUES")
                .await?;
            let left = self.failures_left.load(Ordering::Relaxed);
            if left > 0 {
                self.failures_left.store(left - 1, Ordering::Relaxed);
                let error = Box::<dyn std::error::Error + Send + Sync>::from("not today");
                return Err(if self.permanent {
                    HandleError::Permanent(error)
                } else {
                    HandleError::Retry(error)
                });
            }
            Ok(())
        })
    }

    fn committed(&self, envelope: &Envelope) {
        self.seen
            .lock()
            .expect("no panic under lock")
            .push(envelope.subjectversion);
    }
}

fn held() -> Event {
    InventoryHeld {
        order_id: OrderId::generate(),
        expires_at: Utc::now(),
    }
    .into()
}

fn cause() -> Cause {
    Cause::request("test", None, None, Utc::now())
}

async fn database() -> TestDatabase {
    let database = TestDatabase::create::<Migrator>().await;
    database
        .db
        .execute_unprepared("CREATE TABLE effects (id INTEGER PRIMARY KEY)")
        .await
        .expect("a table");
    database
}

async fn publish(db: &DatabaseConnection, versions: impl IntoIterator<Item = i64>) {
    let txn = begin(db).await.expect("begins");
    for version in versions {
        enqueue(&txn, &cause(), version, held())
            .await
            .expect("enqueues");
    }
    txn.commit().await.expect("commits");
}

async fn effects(db: &DatabaseConnection) -> i64 {
    let row = db
        .query_one_raw(sea_orm::Statement::from_string(
            sea_orm::DbBackend::Sqlite,
            "SELECT COUNT(*) AS n FROM effects",
        ))
        .await
        .expect("a count")
        .expect("one row");
    row.try_get("", "n").expect("a number")
}

async fn waiting(db: &DatabaseConnection) -> u64 {
    outbox::entity::delivery::Entity::find()
        .count(db)
        .await
        .expect("a count")
}

#[tokio::test]
async fn a_rolled_back_transaction_publishes_nothing() {
    let database = database().await;
    let txn = begin(&database.db).await.expect("begins");
    enqueue(&txn, &cause(), 1, held()).await.expect("enqueues");
    txn.rollback().await.expect("rolls back");

    let broker = InProcessBroker::new();
    assert_eq!(
        publish_pending(&database.db, &broker, Utc::now())
            .await
            .expect("publishes"),
        0
    );
}

#[tokio::test]
async fn events_reach_the_consumer_in_commit_order_and_once() {
    let (publisher, receiver) = (database().await, database().await);
    let consumer = Arc::new(Counting::new());
    let mut broker = InProcessBroker::new();
    let arrived = broker.add_queue("counting", consumer.interests(), receiver.db.clone());
    let shutdown = CancellationToken::new();
    let relay = tokio::spawn(run_relay(
        "test",
        publisher.db.clone(),
        Arc::new(broker),
        Clock::system(),
        shutdown.clone(),
    ));
    let worker = tokio::spawn(run_consumer(
        receiver.db.clone(),
        consumer.clone(),
        RetryPolicy::default(),
        arrived,
        shutdown.clone(),
    ));

    publish(&publisher.db, 0..150).await;
    publish(&publisher.db, 150..300).await;
    wait_for("all events handled", async || {
        (effects(&receiver.db).await == 300).then_some(())
    })
    .await;
    wait_for("an empty queue", async || {
        (waiting(&receiver.db).await == 0).then_some(())
    })
    .await;

    assert_eq!(
        *consumer.seen.lock().expect("no panic under lock"),
        (0..300).collect::<Vec<_>>()
    );
    shutdown.cancel();
    relay.await.expect("the relay stops");
    worker.await.expect("the worker stops");
}

#[tokio::test]
async fn a_second_delivery_has_no_effect() {
    let database = database().await;
    let consumer = Counting::new();
    let envelope = Envelope::wrap(&held(), 1, &cause()).expect("wraps");
    assert_eq!(
        consume(&database.db, &consumer, &envelope)
            .await
            .expect("handles"),
        Outcome::Handled
    );
    assert_eq!(
        consume(&database.db, &consumer, &envelope)
            .await
            .expect("skips"),
        Outcome::Duplicate
    );
    assert_eq!(effects(&database.db).await, 1);
}

#[tokio::test]
async fn publishing_again_after_a_crash_before_the_mark_changes_nothing() {
    let (publisher, receiver) = (database().await, database().await);
    let consumer = Arc::new(Counting::new());
    let mut broker = InProcessBroker::new();
    let arrived = broker.add_queue("counting", consumer.interests(), receiver.db.clone());
    publish(&publisher.db, 0..3).await;

    // The transport has the events, but the mark is lost.
    assert_eq!(
        publish_pending(&publisher.db, &broker, Utc::now())
            .await
            .expect("publishes"),
        3
    );
    publisher
        .db
        .execute_unprepared("UPDATE outbox SET published_at = NULL")
        .await
        .expect("unmarks");
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(run_consumer(
        receiver.db.clone(),
        consumer.clone(),
        RetryPolicy::default(),
        arrived,
        shutdown.clone(),
    ));
    wait_for("events handled", async || {
        (waiting(&receiver.db).await == 0).then_some(())
    })
    .await;
    assert_eq!(
        publish_pending(&publisher.db, &broker, Utc::now())
            .await
            .expect("publishes again"),
        3
    );
    wait_for("second copies dropped", async || {
        (waiting(&receiver.db).await == 0).then_some(())
    })
    .await;

    assert_eq!(effects(&receiver.db).await, 3);
    shutdown.cancel();
    worker.await.expect("the worker stops");
}

#[tokio::test]
async fn a_failing_handler_is_retried_and_leaves_no_half_effect() {
    let database = database().await;
    let consumer = Arc::new(Counting::failing(2));
    let mut broker = InProcessBroker::new();
    let arrived = broker.add_queue("counting", consumer.interests(), database.db.clone());
    let policy = RetryPolicy {
        delays: vec![Duration::from_millis(1); 5],
    };
    let shutdown = CancellationToken::new();
    let worker = tokio::spawn(run_consumer(
        database.db.clone(),
        consumer.clone(),
        policy,
        arrived,
        shutdown.clone(),
    ));

    broker
        .publish(&[Envelope::wrap(&held(), 1, &cause()).expect("wraps")])
        .await
        .expect("accepted");
    wait_for("handled", async || {
        (waiting(&database.db).await == 0).then_some(())
    })
    .await;

    assert_eq!(effects(&database.db).await, 1);
    shutdown.cancel();
    worker.await.expect("the worker stops");
}

#[tokio::test]
async fn a_poison_event_is_parked_others_pass_and_a_replay_works() {
    let database = database().await;
    let consumer = Arc::new(Counting::failing(2));
    let mut broker = InProcessBroker::new();
    let arrived = broker.add_queue("counting", consumer.interests(), database.db.clone());
    let shutdown = CancellationToken::new();
    // One retry only: the first event fails twice and is parked.
    let policy = RetryPolicy {
        delays: vec![Duration::from_millis(1)],
    };
    let worker = tokio::spawn(run_consumer(
        database.db.clone(),
        consumer.clone(),
        policy,
        arrived,
        shutdown.clone(),
    ));

    broker
        .publish(&[Envelope::wrap(&held(), 1, &cause()).expect("wraps")])
        .await
        .expect("accepted");
    let parked = wait_for("parked", async || {
        outbox::parked(&database.db).await.expect("a list").pop()
    })
    .await;
    assert_eq!(
        (parked.attempts, parked.last_error.as_deref()),
        (2, Some("not today"))
    );
    broker
        .publish(&[Envelope::wrap(&held(), 2, &cause()).expect("wraps")])
        .await
        .expect("accepted");
    wait_for("the next one", async || {
        (effects(&database.db).await == 1).then_some(())
    })
    .await;

    assert!(
        outbox::replay(&database.db, parked.event_id)
            .await
            .expect("replays")
    );
    assert!(
        !outbox::replay(&database.db, parked.event_id)
            .await
            .expect("only once")
    );
    wait_for("the replayed one", async || {
        (effects(&database.db).await == 2).then_some(())
    })
    .await;
    shutdown.cancel();
    worker.await.expect("the worker stops");
}

#[tokio::test]
async fn what_the_transport_does_not_confirm_stays_in_the_outbox() {
    struct Refusing;
    impl Transport for Refusing {
        fn publish<'a>(&'a self, _: &'a [Envelope]) -> BoxFuture<'a, Result<(), TransportError>> {
            Box::pin(async {
                Err(TransportError {
                    reason: "full".to_owned(),
                })
            })
        }
    }
    let database = database().await;
    publish(&database.db, 0..2).await;
    publish_pending(&database.db, &Refusing, Utc::now())
        .await
        .expect_err("refused");

    let broker = InProcessBroker::new();
    assert_eq!(
        publish_pending(&database.db, &broker, Utc::now())
            .await
            .expect("publishes"),
        2
    );
    let purged = outbox::purge_published(&database.db, Utc::now() + TimeDelta::seconds(1))
        .await
        .expect("purges");
    assert_eq!(purged, 2);
}

#[tokio::test]
async fn fifty_writers_take_turns() {
    let database = database().await;
    let mut tasks = tokio::task::JoinSet::new();
    for version in 0..50 {
        let db = database.db.clone();
        tasks.spawn(async move {
            // Reads before it writes: the case in which a deferred transaction would be refused.
            let txn = begin(&db).await.expect("begins");
            outbox::entity::outbox::Entity::find()
                .count(&txn)
                .await
                .expect("reads");
            enqueue(&txn, &cause(), version, held())
                .await
                .expect("writes");
            txn.commit().await.expect("commits");
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.expect("no writer fails");
    }
    assert_eq!(
        outbox::entity::outbox::Entity::find()
            .count(&database.db)
            .await
            .expect("a count"),
        50
    );
}
