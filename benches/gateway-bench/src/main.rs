//! Measures the gateway on loopback, beside another gateway and a plain reverse proxy if they are there.
//!
//! What is measured runs on one core, load and subgraphs on another. Rounds alternate, so that a
//! machine that gets slower does so for everybody. All processes end with this one.

mod cpu;
mod latency;
mod load;
mod planning;
mod processes;
mod shop;
mod subgraphs;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use serde_json::json;
use tempfile::TempDir;

use processes::{Contender, Process};
use shop::Operation;

/// Measures the gateway's CPU per request.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the benchmark.
    Run {
        /// The gateway's program.
        #[arg(long, default_value = "target/dist/gateway")]
        gateway: PathBuf,
        /// The program of Hive Router, to compare with.
        #[arg(long, env = "PEER")]
        peer: Option<PathBuf>,
        /// The program of nginx, the floor of what HTTP costs.
        #[arg(long, default_value = "nginx")]
        floor: PathBuf,
        /// How often each gateway is measured per operation.
        #[arg(long, default_value_t = 2)]
        rounds: usize,
        /// Seconds per round.
        #[arg(long, default_value_t = 4)]
        seconds: u64,
        /// Only operations whose name contains this.
        #[arg(long, default_value = "")]
        only: String,
        /// Where the figures go.
        #[arg(long, default_value = "target/bench/gateway.json")]
        json: PathBuf,
    },
    /// Measures how long plans take.
    Plan {
        /// A folder of cases.
        #[arg(default_value = "crates/federation/tests/cases")]
        cases: PathBuf,
    },
    /// Serves the subgraphs; started by `run`.
    #[command(hide = true)]
    Subgraphs,
}

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Subgraphs => subgraphs::serve().await,
        Command::Plan { cases } => planning::run(&cases),
        Command::Run {
            gateway,
            peer,
            floor,
            rounds,
            seconds,
            only,
            json,
        } => {
            let settings = Settings {
                rounds: rounds.clamp(1, 20),
                length: Duration::from_secs(seconds.clamp(1, 60)),
                only,
            };
            let programs = Programs {
                gateway: gateway
                    .canonicalize()
                    .with_context(|| format!("there is no {}", gateway.display()))?,
                peer: peer.and_then(|peer| peer.canonicalize().ok()),
                floor,
            };
            run(&programs, &settings, &json).await
        }
    }
}

struct Settings {
    rounds: usize,
    length: Duration,
    only: String,
}

/// What is measured.
struct Programs {
    gateway: PathBuf,
    peer: Option<PathBuf>,
    floor: PathBuf,
}

#[expect(clippy::print_stdout, reason = "the tables are the result")]
async fn run(programs: &Programs, settings: &Settings, json: &Path) -> anyhow::Result<()> {
    let (_subgraphs, port) = Process::subgraphs()?;
    if programs.peer.is_none() {
        println!("PEER names no program to compare with.");
    }

    // CPU, and the times of answers under full load.
    let folder = tempfile::tempdir()?;
    let mut contenders =
        programs.start(&folder, |name| format!("http://127.0.0.1:{port}/{name}"))?;
    contenders.extend(Contender::floor(&programs.floor, folder.path(), port)?);
    let cpu = cpu::run(&contenders, settings).await?;
    let mut figures = json!({ "cpu": cpu });
    drop(contenders);

    // The times of answers when there is time enough.
    if settings.only.is_empty() {
        let contenders =
            programs.start(&folder, |name| format!("http://127.0.0.1:{port}/{name}"))?;
        figures["rate"] = latency::at_a_rate(&contenders, settings).await?;
        drop(contenders);
        let contenders = programs.start(&folder, |name| {
            let millis = shop::delay(name);
            format!("http://127.0.0.1:{port}/delay/{millis}/{name}")
        })?;
        figures["chain"] = latency::chain(&contenders, settings).await?;
    }

    if let Some(folder) = json.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(json, serde_json::to_string_pretty(&figures)?)?;
    println!("Figures: {}", json.display());
    Ok(())
}

impl Programs {
    /// Starts the gateways on a supergraph of subgraphs at these addresses.
    fn start(
        &self,
        folder: &TempDir,
        address: impl Fn(&str) -> String,
    ) -> anyhow::Result<Vec<Contender>> {
        let supergraph = folder.path().join("supergraph.graphql");
        std::fs::write(&supergraph, shop::supergraph(address)?)?;
        let mut contenders = vec![Contender::ours(&self.gateway, folder.path(), &supergraph)?];
        if let Some(peer) = &self.peer {
            contenders.push(Contender::peer(peer, folder.path(), &supergraph)?);
        }
        Ok(contenders)
    }
}

/// The same answer from everybody, or there is nothing to compare; returns its size in bytes.
async fn compare(contenders: &[Contender], operation: &Operation) -> anyhow::Result<Vec<usize>> {
    let mut sizes = Vec::new();
    let mut expected = None;
    for contender in contenders {
        let (data, size) = load::answer(contender, operation).await?;
        anyhow::ensure!(
            *expected.get_or_insert_with(|| data.clone()) == data,
            "{} answers {} differently",
            contender.name,
            operation.name
        );
        sizes.push(size);
    }
    Ok(sizes)
}
