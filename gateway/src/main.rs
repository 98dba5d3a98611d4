//! The gateway as a program of its own: serves any supergraph.

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use gateway::{Config, Gateway};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Requests in progress may take so long to finish after a signal.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// A connection may wait so long for the head of its next request.
const PATIENCE: Duration = Duration::from_secs(75);

/// Serves a supergraph at /graphql over HTTP, SSE and WebSocket.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  gateway --supergraph supergraph.graphql --listen 127.0.0.1:4000
  gateway --supergraph supergraph.graphql --listen 0.0.0.0:8080 --config gateway.toml

Endpoints: /graphql, /graphiql/, /health/live, /health/ready
RUST_LOG sets what is logged to standard error, for example RUST_LOG=gateway=debug."
)]
struct Arguments {
    /// The supergraph SDL.
    #[arg(long, value_name = "FILE")]
    supergraph: PathBuf,
    /// The address to listen on; port 0 picks a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:4000")]
    listen: String,
    /// Settings, in TOML.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Threads that serve requests; one per core unless set.
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZero<usize>>,
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "info,gateway=info".into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();

    // What is wrong with the input is told in one message, with an exit code of its own.
    let gateway = match prepare(&arguments) {
        Ok(gateway) => gateway,
        Err(error) => {
            eprintln!("gateway: {error:#}");
            return ExitCode::from(2);
        }
    };
    match serve(&arguments, gateway) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gateway: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn prepare(arguments: &Arguments) -> anyhow::Result<Gateway> {
    let config = match &arguments.config {
        Some(path) => Config::load(path)?,
        None => Config::default(),
    };
    let path = arguments.supergraph.display();
    let supergraph = std::fs::read_to_string(&arguments.supergraph)
        .with_context(|| format!("cannot read the supergraph {path}"))?;
    Gateway::new(&supergraph, HashMap::new(), config)
        .with_context(|| format!("cannot serve {path}"))
}

/// Serves until a signal comes: one thread per core, each with a runtime and subgraph connections
/// of its own, so that a request stays on the core it came to.
fn serve(arguments: &Arguments, gateway: Gateway) -> anyhow::Result<()> {
    let gateway = Arc::new(gateway);
    let stop = CancellationToken::new();
    let threads = match arguments.threads {
        Some(threads) => threads.get(),
        None => std::thread::available_parallelism().map_or(1, NonZero::get),
    };

    let listener = TcpListener::bind(&arguments.listen)
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let mut workers = Vec::new();
    for number in 1..threads {
        let (listener, gateway, stop) = (listener.try_clone()?, gateway.clone(), stop.clone());
        let worker = std::thread::Builder::new()
            .name(format!("gateway-{number}"))
            .spawn(move || runtime()?.block_on(serve_on(listener, gateway, stop)))
            .context("cannot start a thread")?;
        workers.push(worker);
    }
    let result = runtime()?.block_on(async {
        tokio::spawn(stop_on_signal(stop.clone())?);
        say_where(address);
        serve_on(listener, gateway, stop.clone()).await
    });

    stop.cancel();
    for worker in workers {
        match worker.join() {
            Ok(result) => result?,
            Err(_) => anyhow::bail!("a thread has panicked"),
        }
    }
    result
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start a runtime")
}

#[expect(
    clippy::print_stdout,
    reason = "the one line that tells where the gateway listens"
)]
fn say_where(address: SocketAddr) {
    println!("gateway listening on http://{address}/graphql");
}

fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        stop.cancel();
    })
}

async fn serve_on(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let (stopping, router) = (stop.clone(), gateway.clone().router());
    let server = gateway::serve(listener, router, PATIENCE, stop, SHUTDOWN_GRACE);
    let end_subscriptions = async {
        stopping.cancelled().await;
        gateway.shutdown();
    };
    tokio::join!(server, end_subscriptions);
    let _ = tokio::time::timeout(SHUTDOWN_GRACE, gateway.finished()).await;
    Ok(())
}
