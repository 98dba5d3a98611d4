//! The `bazaar` command.

use std::path::PathBuf;
use std::process::ExitCode;

use bazaar::schema_commands::Judgement;
use bazaar::settings::Settings;
use bazaar::shop::{Shop, StopSignal};
use bazaar::{banner, events_commands, schema_commands};
use clap::{Parser, Subcommand};
use telemetry::Format;
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bazaar, a federated commerce backend in one binary.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  bazaar run                         the whole shop at http://127.0.0.1:4000
  PORT=8080 bazaar run --data /srv   on another port, with data elsewhere
  bazaar schema check                is the graph what the code says, and breaks nobody?
  bazaar schema diff OLD NEW         what changed, and whom it breaks
  bazaar events parked               deliveries that failed for good"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// How the commands that judge the graph end.
const EXIT_CODES: &str = "Exit codes: 0 fine, 1 breaking, stale or against the rules, 2 bad input";

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the whole shop in this process, on SQLite files.
    Run {
        /// Configuration file (TOML); environment and flags win over it.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Port to listen on; 0 takes a free one.
        #[arg(long)]
        port: Option<u16>,
        /// Folder for databases and e-mails.
        #[arg(long, value_name = "FOLDER")]
        data: Option<PathBuf>,
    },
    /// Exports, composes and checks the graph.
    #[command(subcommand)]
    Schema(SchemaCommand),
    /// Looks at events of an embedded shop.
    #[command(subcommand)]
    Events(EventsCommand),
}

#[derive(Debug, Subcommand)]
enum SchemaCommand {
    /// Prints the SDL of one subgraph.
    Export {
        /// The subgraph's name, for example `order`.
        subgraph: String,
    },
    /// Composes the supergraph and prints it, or writes all schema files with --write.
    Compose {
        /// Write `schema/subgraphs/*.graphql`, `schema/supergraph.graphql`, `schema/events/` and
        /// `schema/asyncapi.yaml`.
        #[arg(long)]
        write: bool,
        /// The schema folder.
        #[arg(long, value_name = "FOLDER", default_value = "schema")]
        folder: PathBuf,
    },
    /// Fails if the committed schema files are not what the code says, or the graph breaks clients.
    #[command(after_help = EXIT_CODES)]
    Check {
        /// The schema folder, with the graph, its baseline and the intended breaks.
        #[arg(long, value_name = "FOLDER", default_value = "schema")]
        folder: PathBuf,
        /// Folder of operations that clients send; may be given more than once.
        #[arg(
            long,
            value_name = "FOLDER",
            default_value = "frontend-contract-tests/operations"
        )]
        operations: Vec<PathBuf>,
    },
    /// Prints what changed between two graphs, and which operations that breaks.
    #[command(after_help = EXIT_CODES)]
    Diff {
        /// The graph before: supergraph SDL or plain SDL.
        old: PathBuf,
        /// The graph after.
        new: PathBuf,
        /// Folder of operations that clients send; may be given more than once.
        #[arg(long, value_name = "FOLDER")]
        operations: Vec<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Prints the committed graph as clients see it, or accepts it as the baseline with --write.
    Baseline {
        /// Write `schema/baseline.graphql`, and clear `schema/intended-breaks.toml`.
        #[arg(long)]
        write: bool,
        /// The schema folder.
        #[arg(long, value_name = "FOLDER", default_value = "schema")]
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum EventsCommand {
    /// Prints events as they are published, one JSON envelope a line.
    Tail {
        /// Folder of the shop.
        #[arg(
            long,
            value_name = "FOLDER",
            env = "BAZAAR_DATA",
            default_value = "./.bazaar"
        )]
        data: PathBuf,
        /// Begin with the oldest event that is still kept.
        #[arg(long)]
        from_start: bool,
    },
    /// Lists deliveries that failed for good.
    Parked {
        /// Folder of the shop.
        #[arg(
            long,
            value_name = "FOLDER",
            env = "BAZAAR_DATA",
            default_value = "./.bazaar"
        )]
        data: PathBuf,
    },
    /// Makes a parked delivery due again.
    Replay {
        /// The event's id, as `parked` lists it.
        event_id: Uuid,
        /// Folder of the shop.
        #[arg(
            long,
            value_name = "FOLDER",
            env = "BAZAAR_DATA",
            default_value = "./.bazaar"
        )]
        data: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run { config, port, data } => run(config, port, data).await,
        Command::Schema(command) => return judged(schema(command).await),
        Command::Events(command) => events(command).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::FAILURE
        }
    }
}

/// The exit code of a command that may judge the graph.
fn judged(judgement: anyhow::Result<Judgement>) -> ExitCode {
    match judgement {
        Ok(Judgement::Fine) => ExitCode::SUCCESS,
        Ok(Judgement::Refused) => ExitCode::from(1),
        Err(error) => {
            say(&error);
            ExitCode::from(2)
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the command's last word, also without logging"
)]
fn say(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

#[expect(clippy::print_stdout, reason = "the banner greets whoever started it")]
async fn run(
    config: Option<PathBuf>,
    port: Option<u16>,
    data: Option<PathBuf>,
) -> anyhow::Result<()> {
    let mut settings = Settings::load(config.as_ref())?;
    settings.port = port.unwrap_or(settings.port);
    settings.data = data.unwrap_or(settings.data);
    let format: Format = settings.log_format.parse()?;
    telemetry::init(&telemetry::Config {
        format,
        filter: settings.log.clone(),
    })?;
    let mut signal = StopSignal::listen()?;
    let shop = tokio::select! {
        shop = Shop::start(settings.clone()) => shop?,
        () = signal.wait() => return Ok(()),
    };
    println!("{}", banner::text(&settings, &shop.url()));
    shop.run_until(signal).await
}

#[expect(
    clippy::print_stdout,
    reason = "commands print what they were asked for"
)]
async fn schema(command: SchemaCommand) -> anyhow::Result<Judgement> {
    match command {
        SchemaCommand::Export { subgraph } => {
            let files = schema_commands::schema_files().await?;
            let path = PathBuf::from("subgraphs").join(format!("{subgraph}.graphql"));
            let sdl = files
                .get(&path)
                .ok_or_else(|| anyhow::anyhow!("no subgraph is called {subgraph}"))?;
            print!("{sdl}");
        }
        SchemaCommand::Compose {
            write: true,
            folder,
        } => schema_commands::write(&folder).await?,
        SchemaCommand::Compose { write: false, .. } => {
            print!(
                "{}",
                schema_commands::schema_files().await?[&PathBuf::from("supergraph.graphql")]
            );
        }
        SchemaCommand::Check { folder, operations } => {
            return schema_commands::check(&folder, &operations).await;
        }
        SchemaCommand::Diff {
            old,
            new,
            operations,
            json,
        } => return schema_commands::diff(&old, &new, &operations, json),
        SchemaCommand::Baseline {
            write: true,
            folder,
        } => schema_commands::write_baseline(&folder)?,
        SchemaCommand::Baseline {
            write: false,
            folder,
        } => print!("{}", schema_commands::baseline(&folder)?),
    }
    Ok(Judgement::Fine)
}

async fn events(command: EventsCommand) -> anyhow::Result<()> {
    match command {
        EventsCommand::Tail { data, from_start } => events_commands::tail(&data, from_start).await,
        EventsCommand::Parked { data } => events_commands::parked(&data).await,
        EventsCommand::Replay { event_id, data } => events_commands::replay(&data, event_id).await,
    }
}
