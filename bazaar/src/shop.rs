//! The embedded shop: every service and the gateway in one process, on SQLite files.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{TimeDelta, Utc};
use clock::Clock;
use gateway::Gateway;
use gateway::transport::Subgraph;
use outbox::{InProcessBroker, RetryPolicy, run_consumer, run_relay};
use sea_orm::DatabaseConnection;
use service::{Job, Service, StatementCounter, spawn_jobs};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::body_deadline::{self, body_deadline};
use crate::data_folder::DataFolder;
use crate::in_process::InProcessSubgraph;
use crate::services::{self, Databases};
use crate::settings::Settings;
use crate::{demo, schema_commands};

/// How long a stopping shop waits for requests that are still running.
const DRAIN: Duration = Duration::from_secs(10);

/// How long a client may be silent before it is disconnected.
const PATIENCE: Duration = Duration::from_secs(75);

/// How long published events, and the marks of handled ones, are kept.
const KEEP_EVENTS: TimeDelta = TimeDelta::days(7);

/// A running shop.
pub struct Shop {
    address: SocketAddr,
    clock: Clock,
    gateway: Arc<Gateway>,
    statements: BTreeMap<&'static str, StatementCounter>,
    databases: Vec<(&'static str, DatabaseConnection)>,
    shutdown: CancellationToken,
    server: JoinHandle<()>,
    background: JoinSet<()>,
    _folder: DataFolder,
}

impl Shop {
    /// Opens the data folder, brings the databases up to date, loads demo data into an empty shop,
    /// and listens.
    ///
    /// # Errors
    /// What is wrong with the settings, the folder, the databases or the address.
    pub async fn start(settings: Settings) -> anyhow::Result<Self> {
        let folder = DataFolder::open(&settings.data)?;
        let listener = TcpListener::bind((settings.host, settings.port))
            .await
            .with_context(|| format!("cannot listen on {}:{}", settings.host, settings.port))?;
        let address = listener.local_addr()?;
        let local_url = format!("http://{address}");
        let public_url = settings
            .public_url
            .clone()
            .unwrap_or_else(|| local_url.clone());

        // Databases and services.
        let mut databases = Databases::open(&folder).await?;
        let plain: Vec<_> = databases
            .iter()
            .map(|(name, db)| (name, db.clone()))
            .collect();
        let statements = databases.count_statements();
        let clock = Clock::system();
        let services = services::build(
            &databases,
            &settings,
            &folder,
            &clock,
            &public_url,
            &local_url,
        )
        .await?;

        // Events, timers.
        let shutdown = CancellationToken::new();
        let mut background = JoinSet::new();
        deliver_events(&services, &plain, &clock, &mut background, &shutdown);
        if settings.demo && demo::load(&databases, &clock).await? {
            settle(&plain).await?;
        }
        for service in &services {
            spawn_jobs(&mut background, service.jobs.clone(), &shutdown);
            spawn_jobs(&mut background, vec![purge_events(service)], &shutdown);
        }

        // HTTP.
        let gateway = Arc::new(build_gateway(&services, &settings)?);
        let mut router = gateway.clone().router();
        for service in &services {
            router = router.merge(service.routes.clone());
        }
        let router = router.layer(axum::middleware::from_fn(|request, next| {
            body_deadline(body_deadline::PATIENCE, request, next)
        }));
        let server = gateway::serve(listener, router, PATIENCE, shutdown.clone(), DRAIN);
        let server = tokio::spawn(server);

        Ok(Self {
            address,
            clock,
            gateway,
            statements,
            databases: plain,
            shutdown,
            server,
            background,
            _folder: folder,
        })
    }

    /// The base address, for example `http://127.0.0.1:4000`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The shop's clock; a test moves it.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// SQL statements of requests so far, by service; background work is not counted.
    pub fn statements(&self) -> BTreeMap<&'static str, u64> {
        self.statements
            .iter()
            .map(|(name, counter)| (*name, counter.count()))
            .collect()
    }

    /// Waits until every event has been handled, at most half a minute.
    ///
    /// # Errors
    /// If events are still on their way then, or a database cannot be read.
    pub async fn settle(&self) -> anyhow::Result<()> {
        settle(&self.databases).await
    }

    /// Runs until the process is asked to stop, then finishes running requests.
    ///
    /// # Errors
    /// If the server fails.
    pub async fn run_until(self, mut signal: StopSignal) -> anyhow::Result<()> {
        signal.wait().await;
        tracing::info!("stopping");
        self.stop().await
    }

    /// Finishes running requests, ends background work and closes the databases.
    ///
    /// # Errors
    /// If the server failed.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.gateway.shutdown();
        self.shutdown.cancel();
        self.server.await?;
        // Mutations whose clients have gone, and events on their way to clients.
        let _ = tokio::time::timeout(DRAIN, self.gateway.finished()).await;
        while self.background.join_next().await.is_some() {}
        for (_, db) in self.databases {
            db.close().await?;
        }
        Ok(())
    }
}

/// Starts a relay for every service and a worker for every consumer.
fn deliver_events(
    services: &[Service],
    databases: &[(&'static str, DatabaseConnection)],
    clock: &Clock,
    background: &mut JoinSet<()>,
    shutdown: &CancellationToken,
) {
    let database = |name: &str| {
        let found = databases.iter().find(|(database, _)| *database == name);
        found
            .map(|(_, db)| db.clone())
            .expect("every service has a database")
    };
    let mut broker = InProcessBroker::new();
    for service in services {
        let Some(consumer) = service.consumer.clone() else {
            continue;
        };
        let db = database(service.name);
        let arrived = broker.add_queue(consumer.name(), consumer.interests(), db.clone());
        background.spawn(run_consumer(
            db,
            consumer,
            RetryPolicy::default(),
            arrived,
            shutdown.clone(),
        ));
    }
    let broker = Arc::new(broker);
    for service in services {
        let relay = run_relay(
            service.name,
            database(service.name),
            broker.clone(),
            clock.clone(),
            shutdown.clone(),
        );
        background.spawn(relay);
    }
}

/// Forgets events that were handled long ago.
fn purge_events(service: &Service) -> Job {
    let db = service.db.clone();
    Job::new("events.purge", Duration::from_secs(3600), move || {
        let db = db.clone();
        async move {
            outbox::purge_published(&db, Utc::now() - KEEP_EVENTS).await?;
            Ok(())
        }
    })
}

/// Composes the graph of these very services and puts the gateway in front of them.
fn build_gateway(services: &[Service], settings: &Settings) -> anyhow::Result<Gateway> {
    let supergraph = schema_commands::compose(services)?;
    let subgraphs: HashMap<String, Arc<dyn Subgraph>> = services
        .iter()
        .map(|service| {
            let subgraph: Arc<dyn Subgraph> = Arc::new(InProcessSubgraph(service.endpoint.clone()));
            (service.name.to_owned(), subgraph)
        })
        .collect();
    let config = gateway::Config {
        expose_fetch_counts: settings.expose_fetch_counts,
        ..gateway::Config::default()
    };
    Ok(Gateway::new(&supergraph, subgraphs, config)?)
}

async fn settle(databases: &[(&'static str, DatabaseConnection)]) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(120);
    loop {
        let mut on_their_way = 0;
        for (_, db) in databases {
            on_their_way += outbox::backlog(db).await?;
        }
        if on_their_way == 0 {
            return Ok(());
        }
        anyhow::ensure!(
            tokio::time::Instant::now() < deadline,
            "{on_their_way} events are still on their way"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Ctrl-C or SIGTERM. Heard from the moment this exists, so that a shop that has just begun to
/// answer stops as well as one that has run for long.
pub struct StopSignal {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl StopSignal {
    /// Begins to listen.
    ///
    /// # Errors
    /// If the operating system refuses.
    pub fn listen() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                signals: [
                    signal(SignalKind::interrupt())?,
                    signal(SignalKind::terminate())?,
                ],
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits until the process is asked to stop.
    pub async fn wait(&mut self) {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
