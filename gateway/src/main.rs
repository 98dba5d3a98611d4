//! The gateway as a program of its own: serves any supergraph.

use std::collections::HashMap;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use gateway::{Config, Gateway};
use tokio::signal::unix::{SignalKind, signal};

/// Requests in progress may take so long to finish after a signal.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

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
}

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

#[expect(
    clippy::print_stdout,
    reason = "the one line that tells where the gateway listens"
)]
#[tokio::main]
async fn serve(arguments: &Arguments, gateway: Gateway) -> anyhow::Result<()> {
    let gateway = Arc::new(gateway);
    let listener = tokio::net::TcpListener::bind(&arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address: SocketAddr = listener.local_addr()?;
    println!("gateway listening on http://{address}/graphql");

    let mut terminate = signal(SignalKind::terminate())?;
    let stopping = gateway.clone();
    let (stopped, stop) = tokio::sync::oneshot::channel();
    let server = axum::serve(listener, gateway.router()).with_graceful_shutdown(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        stopping.shutdown();
        let _ = stopped.send(());
    });

    // Connections that do not end by themselves are cut off after a while.
    let too_late = async {
        if stop.await.is_ok() {
            tokio::time::sleep(SHUTDOWN_GRACE).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = async { server.await } => result.context("the server failed"),
        () = too_late => Ok(()),
    }
}
