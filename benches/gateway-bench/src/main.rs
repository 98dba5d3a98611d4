//! Measures the gateway's CPU per request on loopback, beside another gateway if there is one.
//!
//! The gateways run on one core, load and subgraphs on another. Rounds alternate, so that a
//! machine that gets slower does so for everybody. All processes end with this one.

mod load;
mod processes;
mod shop;
mod subgraphs;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use serde_json::json;

use load::Round;
use processes::{Contender, Process};

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
        Command::Run {
            gateway,
            peer,
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
            run(gateway, peer, &settings, json).await
        }
    }
}

struct Settings {
    rounds: usize,
    length: Duration,
    only: String,
}

#[expect(clippy::print_stdout, reason = "the table is the result")]
async fn run(
    gateway: PathBuf,
    peer: Option<PathBuf>,
    settings: &Settings,
    json: PathBuf,
) -> anyhow::Result<()> {
    let gateway = gateway
        .canonicalize()
        .with_context(|| format!("there is no {}", gateway.display()))?;
    let folder = tempfile::tempdir()?;
    let (_subgraphs, port) = Process::subgraphs()?;
    let supergraph = folder.path().join("supergraph.graphql");
    let sdl = shop::supergraph(|name| format!("http://127.0.0.1:{port}/{name}"))?;
    std::fs::write(&supergraph, sdl)?;

    let mut contenders = vec![Contender::ours(&gateway, folder.path(), &supergraph)?];
    match peer.map(|peer| peer.canonicalize()) {
        Some(Ok(peer)) => contenders.push(Contender::peer(&peer, folder.path(), &supergraph)?),
        Some(Err(_)) => println!("The peer is not installed; measuring ours alone."),
        None => println!("PEER names no program to compare with; measuring ours alone."),
    }

    let mut report = Vec::new();
    println!(
        "{:<24} {:>6} {:>10} {:>9} {:>12} {:>10} {:>9} {:>9}",
        "operation", "", "bytes", "requests", "CPU µs/req", "req/s", "p50 ms", "p99 ms"
    );
    for operation in &shop::OPERATIONS {
        if !operation.name.contains(&settings.only) {
            continue;
        }
        // The same answer from everybody, or there is nothing to compare.
        let (expected, _) = load::answer(&contenders[0], operation).await?;
        let mut sizes = Vec::new();
        for contender in &contenders {
            let (data, size) = load::answer(contender, operation).await?;
            anyhow::ensure!(
                data == expected,
                "{} answers {} differently",
                contender.name,
                operation.name
            );
            sizes.push(size);
        }

        let mut measured: Vec<Vec<Round>> = contenders.iter().map(|_| Vec::new()).collect();
        for _ in 0..settings.rounds {
            for (contender, rounds) in contenders.iter().zip(&mut measured) {
                rounds.push(load::round(contender, operation, settings.length).await?);
            }
        }

        let mut cpu = Vec::new();
        for ((contender, rounds), size) in contenders.iter().zip(&measured).zip(sizes) {
            let mean =
                |of: fn(&Round) -> f64| rounds.iter().map(of).sum::<f64>() / rounds.len() as f64;
            let requests: u64 = rounds.iter().map(|round| round.requests).sum();
            let micros = mean(|round| round.cpu_micros_per_request);
            cpu.push(micros);
            println!(
                "{:<24} {:>6} {size:>10} {requests:>9} {micros:>12.1} {:>10.0} {:>9.2} {:>9.2}",
                operation.name,
                contender.name,
                mean(|round| round.requests_per_second),
                mean(|round| round.median_millis),
                mean(|round| round.p99_millis),
            );
            report.push(json!({
                "operation": operation.name,
                "gateway": contender.name,
                "bytes": size,
                "requests": requests,
                "cpuMicrosPerRequest": rounds.iter().map(|round| round.cpu_micros_per_request).collect::<Vec<_>>(),
                "requestsPerSecond": mean(|round| round.requests_per_second),
                "p50Millis": mean(|round| round.median_millis),
                "p99Millis": mean(|round| round.p99_millis),
                "peakMemoryBytes": contender.peak_memory(),
            }));
        }
        if let [ours, peer] = cpu[..] {
            println!("{:<24} CPU of the peer / ours: {:.2}", "", peer / ours);
        }
    }

    if let Some(folder) = json.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&json, serde_json::to_string_pretty(&report)?)?;
    println!("Figures: {}", json.display());
    Ok(())
}
